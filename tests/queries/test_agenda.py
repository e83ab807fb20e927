"""An agenda tells each reader what they may know, in a fixed number of statements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
from sqlalchemy import event

from intervention.domain.days import DayType, Layer
from intervention.domain.encounters import EncounterKind
from intervention.domain.errors import NotAllowed, NotFound
from intervention.domain.people import Role
from intervention.domain.privacy import Audience
from intervention.queries.agenda import AgendaOf, agenda, subject_of
from intervention.queries.today import school_date, shut_buildings
from intervention.records.calendars import SchoolDay
from intervention.usecases.booking import book
from intervention.usecases.work import Work
from tests.builders import a_board, a_person, a_professional, actor
from tests.usecases.booking_world import a_world, at, in_person, remote

MONDAY = date(2026, 11, 23)


def test_own_week_has_encounters_roads_hours_and_bells(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    book(work, mireille, in_person(world, at("2026-11-24 10:30")))
    work.session.get_one(SchoolDay, (world.base.id, "", date(2026, 11, 26))).day_type = DayType.PEDAGOGICAL
    subject = subject_of(work.session, mireille, AgendaOf.PERSON, world.mireille.id)

    view = agenda(work.session, mireille, subject, MONDAY, 5)

    assert [len(day.entries) for day in view.days] == [0, 1, 0, 0, 0]
    tuesday = view.days[1]
    assert tuesday.entries[0].audience is Audience.HOST
    assert [(r.origin, r.destination) for r in tuesday.roads] == [
        ("Havre-Clair", "Anse-aux-Lièvres"),
        ("Anse-aux-Lièvres", "Havre-Clair"),
    ]
    assert tuesday.hours == ((time(8), time(16)),)
    assert view.days[3].day_type is DayType.PEDAGOGICAL
    assert [bell.starts_local for bell in view.bells][:2] == [time(8, 10), time(10, 10)]
    assert view.may_book


def test_colleague_reads_a_taken_time_and_no_road(work: Work) -> None:
    world = a_world(work.session)
    book(work, actor(work.session, world.mireille), in_person(world, at("2026-11-24 10:30")))
    solange = actor(work.session, a_professional(work.session, world.board, "Solange", world.base))

    view = agenda(
        work.session, solange, subject_of(work.session, solange, AgendaOf.PERSON, world.mireille.id), MONDAY, 5
    )

    (entry,) = view.days[1].entries
    assert entry.is_busy_only
    assert (entry.kind, entry.sites, entry.host) == (None, (), None)
    assert view.days[1].roads == ()
    assert not view.may_book


def test_confidential_mandate_is_a_taken_time_at_the_school(work: Work) -> None:
    world = a_world(work.session)
    book(work, actor(work.session, world.mireille), remote(world, at("2026-11-24 09:00")))
    book(work, actor(work.session, world.mireille), replace(remote(world, at("2026-11-25 09:00")), is_strict=True))
    luc = actor(work.session, a_person(work.session, world.board, "Luc", Role.PRINCIPAL, building=world.anse))

    view = agenda(work.session, luc, subject_of(work.session, luc, AgendaOf.BUILDING, world.anse.id), MONDAY, 5)

    assert [e.kind for day in view.days for e in day.entries] == [EncounterKind.INDIVIDUAL, None]


@pytest.mark.parametrize("count", [1, 3])
def test_week_costs_a_fixed_number_of_statements(work: Work, count: int) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    for hour in ("09:00", "10:30", "13:00")[:count]:
        book(work, mireille, remote(world, at(f"2026-11-24 {hour}")))
    subject = subject_of(work.session, mireille, AgendaOf.PERSON, world.mireille.id)
    work.session.expunge_all()
    seen: list[str] = []
    engine = work.session.get_bind().engine

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        agenda(work.session, mireille, subject, MONDAY, 5)
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert len(seen) == 8


def test_teacher_of_another_school_may_not_see_a_building(work: Work) -> None:
    world = a_world(work.session)
    anouk = actor(work.session, a_person(work.session, world.board, "Anouk", Role.TEACHER, building=world.pointe))

    with pytest.raises(NotAllowed):
        subject_of(work.session, anouk, AgendaOf.BUILDING, world.anse.id)


def test_stranger_from_another_board_finds_nobody(work: Work) -> None:
    world = a_world(work.session)
    stranger = actor(work.session, a_person(work.session, a_board(work.session, "voisin"), "Bruno", Role.COORDINATOR))

    for of, subject_id in (
        (AgendaOf.PERSON, world.mireille.id),
        (AgendaOf.BUILDING, world.anse.id),
        (AgendaOf.ROOM, world.room_anse.id),
    ):
        with pytest.raises(NotFound):
            subject_of(work.session, stranger, of, subject_id)


def test_a_level_of_its_own_says_nothing_of_the_building_and_halves_are_told(work: Work) -> None:
    world, on = a_world(work.session), date(2026, 11, 24)
    work.session.get_one(SchoolDay, (world.anse.id, "", on)).afternoon = DayType.CLOSURE
    work.session.add(
        SchoolDay(
            building_id=world.anse.id, level="primary", on_date=on, organization_id=world.board.id,
            day_type=DayType.EXAM, cycle_day=0, layer=Layer.LEVEL,
        )
    )  # fmt: skip
    work.session.flush()
    omar = actor(work.session, world.omar)

    day = agenda(work.session, omar, subject_of(work.session, omar, AgendaOf.BUILDING, world.anse.id), on, 1).days[0]
    shut = shut_buildings(work.session, world.board.id, on)
    there = school_date(work.session, world.board.id, world.anse.id, on)

    assert (day.day_type, day.afternoon) == (DayType.CLASS, DayType.CLOSURE)
    assert [(each.building, each.day_type, each.afternoon) for each in shut] == [
        ("Anse-aux-Lièvres", DayType.CLASS, DayType.CLOSURE)
    ]
    assert there is not None
    assert there.has_staff
