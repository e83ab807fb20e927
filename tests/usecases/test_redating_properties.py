"""Whatever is declared or edited, and in whatever order it is undone from the last: every row is as it was."""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from intervention.domain.calendar_edits import Stroke
from intervention.domain.closures import Treatment
from intervention.domain.cycle import Reflow, Rotation
from intervention.domain.days import ClosureScope, DayType, Portion
from intervention.domain.errors import InvalidInput
from intervention.domain.recurrence import OnCycleDays, OnWeekdays, Recurrence
from intervention.domain.redating import Decided
from intervention.records.calendars import Sector, SectorBuilding
from intervention.records.series import MakeUp
from intervention.usecases.booking import book
from intervention.usecases.calendar_changes import undo_change
from intervention.usecases.calendar_edits import Edit, PaintDays, SetRotation, apply_edit, preview_edit
from intervention.usecases.closures import declare, preview
from intervention.usecases.lifting import undo
from intervention.usecases.reservations import rebuild_bits
from intervention.usecases.school_days import lay_school_days
from intervention.usecases.series import create
from intervention.usecases.work import Work
from tests.builders import actor
from tests.usecases.booking_world import World, at, in_person, pupil_site, remote, two_schools
from tests.usecases.calendar_world import an_office, rows
from tests.usecases.closing_world import TUESDAY, a_closing_world, advice, school_id, three_pupils
from tests.usecases.test_redating_by_closures import everything
from tests.usecases.test_series import weekly

FEW = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
UNTIL = date(2026, 12, 11)


def four_series(work: Work, world: World, numbers: tuple[int, ...]) -> None:
    """By video on two numbers of the cycle and on Wednesdays, on the road on another number."""
    mireille = actor(work.session, world.mireille)
    visit = (pupil_site(world.leo, world.room_anse, None, has_host=True),)
    first = TUESDAY + timedelta(days=1)
    for n, number in enumerate(numbers):
        rule = Recurrence(OnCycleDays((number,)), first, UNTIL, at=time(13 + n, 0))
        create(work, mireille, weekly(world, rule))
    create(work, mireille, weekly(world, Recurrence(OnWeekdays((3,)), first, UNTIL, at=time(9, 0))))
    road = Recurrence(OnCycleDays((numbers[0] + 1,)), first, UNTIL, at=time(10, 30))
    create(work, mireille, weekly(world, road, sites=visit))


_closures = st.tuples(
    st.sampled_from(ClosureScope), st.sampled_from([DayType.CLOSURE, DayType.SUSPENSION]), st.sampled_from(Portion),
    st.integers(0, 7), st.integers(0, 2), st.sampled_from(Reflow), st.randoms(use_true_random=False),
)  # fmt: skip


@FEW
@given(_closures)
def test_any_closure_undone_restores_the_exact_rows(work: Work, asked: tuple) -> None:  # type: ignore[type-arg]
    scope, day_type, portion, after, lasting, reflow, rng = asked
    with work.session.begin_nested() as trial:
        closing = a_closing_world(work.session)
        world = closing.world
        closing.year.reflow = reflow
        lay_school_days(work.session, closing.year)
        sector = Sector(organization_id=world.board.id, name="Est")
        work.session.add(sector)
        work.session.flush()
        work.session.add_all(SectorBuilding(sector_id=sector.id, building_id=b.id) for b in (world.anse, world.base))
        targets = {
            ClosureScope.BUILDING: world.anse.id, ClosureScope.SECTOR: sector.id,
            ClosureScope.SCHOOL: school_id(work.session, closing), ClosureScope.ORGANIZATION: world.board.id,
        }  # fmt: skip
        mireille, omar = actor(work.session, world.mireille), actor(work.session, world.omar)
        for each in (
            advice(closing, "08:15"),
            in_person(world, at("2026-11-24 10:30")),
            three_pupils(closing, "13:00"),
        ):
            book(work, mireille, each)
        four_series(work, world, (1, 4))
        before = everything(work)
        first = TUESDAY + timedelta(days=after)
        closure = closing.closure(
            day_type, portion=portion, scope=scope, target_id=targets[scope], first_on=first,
            last_on=first + timedelta(days=lasting),
        )  # fmt: skip
        try:
            seen = preview(work, omar, closure)
        except InvalidInput:  # a weekend
            seen = None
        if seen is not None:
            chosen = {line.view.id: rng.choice(line.choices) for line in seen.lines if rng.random() < 0.3}
            easy = {own: how for own, how in chosen.items() if how not in {Treatment.REMOTE, Treatment.WITHOUT}}
            told = frozenset(line.view.id for line in seen.sheet.lines)
            kept = frozenset(own for own in sorted(told) if rng.random() < 0.7)
            again = closing.closure(
                day_type, portion=portion, scope=scope, target_id=targets[scope], first_on=first,
                last_on=first + timedelta(days=lasting), treatments=easy, decided=Decided(told, kept),
            )  # fmt: skip
            done = declare(work, omar, again)
            assert rebuild_bits(work.session) == 0
            assert done.change_id is not None
            assert dict(undo(work, omar, done.change_id).refused) == {}
            assert everything(work) == before
            assert rebuild_bits(work.session) == 0
            assert work.session.scalars(select(MakeUp)).all() == []
        trial.rollback()


_TYPES = (DayType.PEDAGOGICAL, DayType.HOLIDAY, DayType.CONDITIONAL, None)
_edits = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 12), st.integers(0, 3), st.sampled_from(_TYPES), st.sampled_from(Portion),
        st.one_of(st.none(), st.integers(3, 12)), st.randoms(use_true_random=False),
    ),
    min_size=1, max_size=3,
)  # fmt: skip


@FEW
@given(_edits)
def test_any_edits_undone_bring_every_seance_back(work: Work, asked: list[tuple]) -> None:  # type: ignore[type-arg]
    with work.session.begin_nested() as trial:
        office = an_office(work)
        world = office.world
        mireille = actor(work.session, world.mireille)
        book(work, mireille, two_schools(world, at("2026-11-26 10:30")))
        book(work, mireille, remote(world, at("2026-11-27 13:30")))
        four_series(work, world, (3, 7))
        done: list[tuple[object, UUID]] = []
        for n, after, lasting, day_type, portion, length, rng in asked:
            voice = (office.board, office.anse, office.board)[n]
            first = TUESDAY + timedelta(days=after + 1)
            stroke = Stroke(first, first + timedelta(days=lasting), day_type, portion)
            edit: Edit = PaintDays(office.year_id, voice, (stroke,))
            if length is not None:
                edit = SetRotation(office.year_id, world.anse.id, "", Rotation(length, Reflow.KEEP))
            try:
                shown = preview_edit(work, office.ines, edit)
            except InvalidInput:  # nothing but a weekend
                continue
            told = frozenset(line.view.id for line in shown.sheet.lines)
            accepted = frozenset(own for own in sorted(told) if rng.random() < 0.7)
            before = [everything(work), rows(work)]
            done.append((before, apply_edit(work, office.ines, edit, Decided(told, accepted))))
            assert rebuild_bits(work.session) == 0
        for before, change_id in reversed(done):
            assert dict(undo_change(work, office.ines, change_id).refused) == {}
            assert [everything(work), rows(work)] == before
            assert rebuild_bits(work.session) == 0
        trial.rollback()
