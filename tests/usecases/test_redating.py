"""A change of calendar takes the séances of its cycle along: shown line by line, accepted or not, undone to the row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from intervention.domain.closures import NotGivenBack
from intervention.domain.days import DayType, Portion
from intervention.domain.encounters import ActKind, CancellationCause, EncounterStatus
from intervention.domain.errors import NotAllowed
from intervention.domain.people import Role
from intervention.domain.recurrence import OnCycleDays, OnWeekdays, Recurrence
from intervention.domain.redating import Decided, Fate
from intervention.domain.series import DateState, MakeUpState, SkipReason
from intervention.records.calendars import CalendarChange
from intervention.records.encounters import Cancellation, Encounter
from intervention.records.outbox import OutboxMessage
from intervention.records.series import MakeUp, SeriesDate
from intervention.usecases.booking import book
from intervention.usecases.calendar_changes import undo_change
from intervention.usecases.calendar_edits import Preview, apply_edit, preview_edit
from intervention.usecases.calendar_pages import change_page
from intervention.usecases.changing import ChangeEncounter, change
from intervention.usecases.reservations import rebuild_bits
from intervention.usecases.series import create
from intervention.usecases.work import Work
from tests.builders import a_person, actor
from tests.usecases.booking_world import at, pupil_site, remote
from tests.usecases.calendar_world import Office, an_office, painting
from tests.usecases.calendar_world import rows as calendar_rows
from tests.usecases.closing_world import rows as seance_rows
from tests.usecases.test_series import weekly

PED = "2026-11-27"  # Jour 4 of the seventh turn
FIRST, LAST = date(2026, 11, 24), date(2027, 1, 15)
OF_MINE = (4,)
DATES = [
    (date(2026, 11, 27), date(2026, 11, 30)),
    (date(2026, 12, 11), date(2026, 12, 14)),
    (date(2026, 12, 29), date(2026, 12, 30)),
    (date(2027, 1, 14), date(2027, 1, 15)),
]


def planned(work: Work, office: Office, rule: Recurrence | None = None) -> dict[date, UUID]:
    """Léo at 9:00 on each Jour 4; the séances by date."""
    rule = rule or Recurrence(OnCycleDays(OF_MINE), FIRST, LAST, at=time(9, 0))
    made = create(work, actor(work.session, office.world.mireille), weekly(office.world, rule))
    found = work.session.execute(select(Encounter.on_date, Encounter.id).where(Encounter.id.in_(made.encounters)))
    return {row.on_date: row.id for row in found}


def everything(work: Work) -> list[object]:
    dates = sorted(tuple(row) for row in work.session.execute(select(*SeriesDate.__table__.columns)))
    calendar = {
        name: [row[1:] if name != "school_day" else row for row in rows] for name, rows in calendar_rows(work).items()
    }
    return [seance_rows(work.session), {name: sorted(rows, key=repr) for name, rows in calendar.items()}, repr(dates)]


def fates(shown: Preview) -> list[tuple[date, Fate, date | None]]:
    return sorted(
        (line.view.on_date, line.fated.fate, line.fated.landing.span.starts_at.date() if line.fated.landing else None)
        for line in shown.sheet.lines
    )


def on(work: Work, ids: Iterable[UUID]) -> list[date]:
    work.session.expire_all()
    return sorted(work.session.get_one(Encounter, each).on_date for each in ids)


def test_a_lost_day_moves_the_cycle_and_its_seances_in_one_write_and_back(work: Work) -> None:
    office = an_office(work)
    seances = planned(work, office)
    edit = painting(office, office.board, PED)
    before = everything(work)

    shown = preview_edit(work, office.ines, edit)

    assert everything(work) == before
    assert fates(shown) == [(was, Fate.MOVES, becomes) for was, becomes in DATES]
    change_id = apply_edit(work, office.ines, edit)

    assert on(work, seances.values()) == [becomes for _, becomes in DATES]
    assert sorted(work.session.scalars(select(SeriesDate.on_date))) == [becomes for _, becomes in DATES]
    moved = work.session.get_one(Encounter, seances[DATES[0][0]])
    assert moved.acts[-1].kind is ActKind.MOVED
    assert (moved.starts_local, moved.version) == (time(9, 0), 2)
    facts = [m for m in work.session.scalars(select(OutboxMessage)) if m.kind == "DatesChanged"]
    assert {m.payload["person_id"] for m in facts} == {str(office.world.mireille.id), str(office.world.joseph.id)}
    assert len(facts) == 2
    assert rebuild_bits(work.session) == 0

    given = undo_change(work, office.ines, change_id)

    assert dict(given.refused) == {}
    assert everything(work) == before
    assert rebuild_bits(work.session) == 0


def test_a_line_that_nobody_accepts_stays_to_decide_and_one_that_clashes_is_not_proposed(work: Work) -> None:
    office = an_office(work)
    seances = planned(work, office)
    first, second, *others = sorted(seances)
    landing = DATES[0][1]
    other = book(work, actor(work.session, office.world.mireille), remote(office.world, at(f"{landing} 09:15")))
    edit = painting(office, office.board, PED)

    shown = preview_edit(work, office.ines, edit)

    (clash,) = [line for line in shown.sheet.lines if line.fated.fate is Fate.CLASHES]
    assert (clash.view.on_date, clash.fated.is_possible) == (first, False)
    assert clash.met is not None
    assert clash.met.id == other.encounter_id
    assert clash.who == "Mireille Essai"
    told = {line.view.id for line in shown.sheet.lines}
    accepted = {seances[first], *(seances[each] for each in others)}

    change_id = apply_edit(work, office.ines, edit, Decided(frozenset(told), frozenset(accepted)))

    assert work.session.get_one(Encounter, seances[first], populate_existing=True).on_date == first
    assert work.session.get_one(Encounter, seances[second], populate_existing=True).on_date == second
    page = change_page(work, office.ines, change_id)
    assert {view.id: fate for view, fate in page.to_decide} == {
        seances[first]: Fate.CLASHES, seances[second]: Fate.MOVES
    }  # fmt: skip
    states = {row.encounter_id: row.state for row in work.session.scalars(select(SeriesDate))}
    assert states[seances[first]] is DateState.MOVED
    assert states[seances[others[0]]] is DateState.BOOKED
    assert landing in set(work.session.scalars(select(SeriesDate.on_date)))


def test_one_that_cannot_follow_stands_in_the_way_of_the_next(work: Work) -> None:
    office = an_office(work)
    first = planned(work, office)
    other = planned(work, office, Recurrence(OnCycleDays((5,)), FIRST, LAST, at=time(9, 0)))
    last = max(other)
    follower = max(each for each in first if each < last)
    edit = painting(office, office.board, PED)
    told = preview_edit(work, office.ines, edit)
    stays = frozenset({other[last]})
    everything_else = frozenset(line.view.id for line in told.sheet.lines) - stays
    apply_edit(work, office.ines, edit, Decided(everything_else | stays, everything_else))

    assert work.session.get_one(Encounter, first[follower], populate_existing=True).on_date == follower
    assert rebuild_bits(work.session) == 0


def test_a_number_that_falls_out_of_the_series_is_called_off_where_somebody_says_so_and_owed(work: Work) -> None:
    office = an_office(work)
    rule = Recurrence(OnCycleDays(OF_MINE), FIRST, date(2026, 12, 18), at=time(9, 0))
    seances = planned(work, office, rule)
    last = max(seances)
    edit = painting(office, office.board, PED, (date.fromisoformat(PED) + timedelta(days=7)).isoformat())
    before = everything(work)
    shown = preview_edit(work, office.ines, edit)
    (gone,) = [line for line in shown.sheet.lines if line.fated.fate is Fate.UNNUMBERED]
    assert (gone.view.id, gone.fated.is_proposed) == (seances[last], False)
    told = frozenset(line.view.id for line in shown.sheet.lines)

    change_id = apply_edit(work, office.ines, edit, Decided(told, told))

    cancelled = work.session.get_one(Encounter, seances[last], populate_existing=True)
    assert cancelled.status is EncounterStatus.CANCELLED
    assert work.session.scalars(select(Cancellation.cause)).all() == [CancellationCause.SCHOOL_EVENT]
    assert work.session.scalars(select(MakeUp.state)).all() == [MakeUpState.OWED]
    row = work.session.scalars(select(SeriesDate).where(SeriesDate.encounter_id == seances[last])).one()
    assert (row.state, row.reason) == (DateState.SKIPPED, SkipReason.NO_CLASS)

    undo_change(work, office.ines, change_id)

    assert everything(work) == before


def test_a_weekly_seance_and_a_single_one_wait_for_a_decision_until_they_leave_the_day(work: Work) -> None:
    office = an_office(work)
    mireille = actor(work.session, office.world.mireille)
    fridays = Recurrence(OnWeekdays((5,)), FIRST, LAST, at=time(9, 0))
    weekly_one = planned(work, office, fridays)[date.fromisoformat(PED)]
    single = book(work, mireille, remote(office.world, at(f"{PED} 10:30"))).encounter_id

    change_id = apply_edit(work, office.ines, painting(office, office.anse, PED))

    page = change_page(work, office.ines, change_id)
    assert [(view.id, fate) for view, fate in page.to_decide] == [
        (weekly_one, Fate.NO_SCHOOL), (single, Fate.NO_SCHOOL)
    ]  # fmt: skip
    # Another hour of the same day without class settles nothing; another day does.
    sooner = ChangeEncounter(single, 1, at(f"{PED} 13:00"), accepting=frozenset({"closed_day", "outside_bells"}))
    change(work, mireille, sooner)
    assert [view.id for view, _ in change_page(work, office.ines, change_id).to_decide] == [weekly_one, single]
    change(work, mireille, ChangeEncounter(single, 2, at("2026-11-30 10:30")))
    assert [view.id for view, _ in change_page(work, office.ines, change_id).to_decide] == [weekly_one]


def test_a_seance_over_noon_loses_its_afternoon(work: Work) -> None:
    office = an_office(work)
    ask = replace(remote(office.world, at(f"{PED} 11:30")), accepting=frozenset({"outside_bells", "lunch"}))
    over_noon = book(work, actor(work.session, office.world.mireille), ask).encounter_id

    shown = preview_edit(work, office.ines, painting(office, office.anse, PED, portion=Portion.AFTERNOON))

    assert [line.view.id for line in shown.sheet.lines] == [over_noon]


def test_an_undoing_leaves_what_somebody_touched_and_says_so(work: Work) -> None:
    office = an_office(work)
    seances = planned(work, office)
    first, second, third, *_ = sorted(seances)
    mireille = actor(work.session, office.world.mireille)
    change_id = apply_edit(work, office.ines, painting(office, office.board, PED))
    touched = work.session.get_one(Encounter, seances[first], populate_existing=True)
    change(work, mireille, ChangeEncounter(touched.id, 2, touched.starts_at + timedelta(minutes=15)))
    book(work, mireille, remote(office.world, at(f"{third} 09:00")))

    given = undo_change(work, office.ines, change_id)

    assert dict(given.refused) == {
        seances[first]: NotGivenBack.TOUCHED, seances[third]: NotGivenBack.NOT_FREE
    }  # fmt: skip
    assert work.session.get_one(Encounter, seances[second], populate_existing=True).on_date == second
    kept = work.session.get_one(CalendarChange, change_id, populate_existing=True).summary["refused"]
    assert kept == {str(seances[first]): "touched", str(seances[third]): "not_free"}
    assert {view.id for view, _ in change_page(work, office.ines, change_id).refused} == {
        seances[first], seances[third]
    }  # fmt: skip
    assert rebuild_bits(work.session) == 0


def test_the_road_follows_its_seance(work: Work) -> None:
    office = an_office(work)
    rule = Recurrence(OnCycleDays(OF_MINE), FIRST, LAST, at=time(10, 30))
    visit = weekly(
        office.world, rule, sites=(pupil_site(office.world.leo, office.world.room_anse, None, has_host=True),)
    )
    create(work, actor(work.session, office.world.mireille), visit)
    before = everything(work)

    change_id = apply_edit(work, office.ines, painting(office, office.board, PED))
    assert everything(work) != before
    undo_change(work, office.ines, change_id)

    assert everything(work) == before
    assert rebuild_bits(work.session) == 0


def test_a_neighbouring_principal_learns_nothing_of_a_confidential_seance_but_that_the_rule_holds(work: Work) -> None:
    office = an_office(work)
    rule = Recurrence(OnCycleDays(OF_MINE), FIRST, LAST, at=time(9, 0))
    made = create(work, actor(work.session, office.world.mireille), weekly(office.world, rule, is_strict=True))
    edit = painting(office, office.anse, PED)

    shown = preview_edit(work, office.luc, edit)

    assert shown.sheet.lines == ()
    assert shown.sheet.confidential == len(made.encounters)
    apply_edit(work, office.luc, edit)
    assert on(work, made.encounters) == [becomes for _, becomes in DATES]


def test_who_may_not_edit_calendars_moves_nothing(work: Work) -> None:
    office = an_office(work)
    planned(work, office)
    someone = actor(work.session, a_person(work.session, office.world.board, "Zoé", Role.COORDINATOR))
    before = everything(work)

    with pytest.raises(NotAllowed):
        apply_edit(work, someone, painting(office, office.board, PED, day_type=DayType.HOLIDAY))
    assert everything(work) == before
