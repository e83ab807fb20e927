"""Two people edit one thing at once: the second is told what the first changed, and undoes nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any
from uuid import UUID

import pytest

from intervention.domain.absences import AbsenceFacts
from intervention.domain.accounts import Particulars
from intervention.domain.bells import Bell
from intervention.domain.clock import FixedClock
from intervention.domain.days import BellKind
from intervention.domain.errors import Stale
from intervention.domain.people import Discipline, GuestRelation, Level, ResourceKind, Role
from intervention.domain.permissions import Actor
from intervention.domain.places import SchoolFacts
from intervention.domain.pupils import Enrolment
from intervention.domain.seen import Facts, seen
from intervention.domain.working_hours import Hours, Opening
from intervention.queries.classes import class_page
from intervention.queries.guests import guest
from intervention.queries.need_groups import need_group
from intervention.queries.people import person_page
from intervention.queries.places import equipment_line, school_entry
from intervention.queries.pupil_roll import kept_pupil
from intervention.queries.schools import building_page
from intervention.queries.sectors import sector_line
from intervention.queries.working_hours import absence_line, hours_page
from intervention.records.database import Database
from intervention.records.people import FollowUp
from intervention.usecases import (
    absences,
    classes,
    equipment,
    guests,
    need_groups,
    people,
    places,
    professionals,
    schools,
    sectors,
    working_hours,
)
from intervention.usecases import pupils as roll
from intervention.usecases.work import Work, open_work
from tests.builders import (
    a_board,
    a_building,
    a_class,
    a_facilitator,
    a_person,
    a_professional,
    a_pupil,
    a_room,
    actor,
    school_of,
)
from tests.databases import MONDAY


@dataclass(frozen=True)
class Edit:
    """How one thing is read and edited; `first` and `second` are what two people make of it."""

    shown: Callable[[], Facts]
    act: Callable[[Any, str], object]
    first: Any
    second: Any
    changed: tuple[str, ...]


def a_person_s(work: Work, ines: Actor, her: Actor) -> dict[str, Edit]:
    session, who = work.session, Particulars("Mireille", "Roy", "m@example.org")
    facts = professionals.ProfessionalFacts(her_home(work, ines, her), Discipline.SPEECH_THERAPY)
    week = Hours((Opening(1, time(8), time(12)),))
    away = AbsenceFacts(date(2026, 12, 1), date(2026, 12, 1), label="congrès")
    absence_id = absences.add_absence(work, ines, her.person_id, away)
    return {
        "person": Edit(
            lambda: person_page(session, ines, her.person_id).shown,
            lambda to, known: people.edit_person(work, ines, her.person_id, to, known),
            who, replace(who, phone="418 555-0100"), ("email", "family_name"),
        ),
        "professional": Edit(
            lambda: person_page(session, ines, her.person_id).professional_shown,
            lambda to, known: professionals.set_professional(work, ines, her.person_id, to, known),
            replace(facts, weekly_minutes=600), replace(facts, lunch_minutes=30), ("weekly_minutes",),
        ),
        "hours": Edit(
            lambda: hours_page(session, ines, her.person_id, work.now()).hours.shown,
            lambda to, known: working_hours.set_hours(work, ines, her.person_id, to, known),
            week, Hours(), tuple(f"starts-now-{day}-0" for day in range(1, 6)),
        ),
        "absence": Edit(
            lambda: absence_line(session, ines, absence_id)[1].shown,
            lambda to, known: absences.edit_absence(work, ines, absence_id, to, known),
            replace(away, ends_on=date(2026, 12, 2)), replace(away, label="maladie"), ("ends_on",),
        ),
    }  # fmt: skip


def her_home(work: Work, ines: Actor, her: Actor) -> UUID:
    found = person_page(work.session, ines, her.person_id).professional
    assert found is not None
    return found.home_building_id


@pytest.fixture
def edits(work: Work) -> dict[str, Edit]:
    session = work.session
    board = a_board(session)
    home, there = a_building(session, board, "Rivière"), a_building(session, board, "Anse")
    ines = actor(session, a_person(session, board, "Inès", Role.ADMINISTRATOR))
    her = actor(session, a_professional(session, board, "Mireille", home))
    helper = a_facilitator(session, board, "Luc", home)
    room, group = a_room(session, home), a_class(session, home)
    pupil, other = a_pupil(session, home, "E-1", group), a_pupil(session, home, "E-2")
    for each in (pupil, other):
        session.add(
            FollowUp(
                organization_id=board.id, person_id=her.person_id, pupil_id=each.id,
                discipline=Discipline.SPEECH_THERAPY,
            )
        )  # fmt: skip
    session.flush()
    kit_id = equipment.add_equipment(work, ines, ResourceKind.KIT, equipment.EquipmentFacts("Bleue", home.id))
    group_id = need_groups.make_need_group(work, her, "Langage 2", Discipline.SPEECH_THERAPY, [pupil.id])
    sector_id = sectors.add_sector(work, ines, sectors.SectorFacts("Nord", frozenset({home.id})))
    parent = guests.GuestFacts("Camille Essai", GuestRelation.PARENT, phone="418 555-0101", pupil_id=pupil.id)
    guest_id = guests.add_guest(work, ines, parent)
    school = school_entry(session, ines, school_of(session, home).id)
    school_facts = SchoolFacts(school.code, school.name, school.placements, school.is_active)
    page = building_page(session, ines, home.id)
    building = schools.EditBuilding(
        home.id, page.short_name, None, None, None, page.opens, page.closes, None, is_active=True
    )
    room_facts = schools.RoomFacts(room.name, 4, is_closed=True, has_headset=False)
    class_facts = classes.ClassFacts(group.school_id, group.name, group.level)
    kept = kept_pupil(session, ines, pupil.id)
    bell = Bell(BellKind.PERIOD, "Période 1", time(8), time(9))
    return a_person_s(work, ines, her) | {
        "facilitator": Edit(
            lambda: person_page(session, ines, helper.id).facilitator_shown,
            lambda to, known: professionals.set_facilitator(
                work, ines, helper.id, to, is_trained=True, known=known
            ),
            there.id, home.id, ("facilitator_building_id",),
        ),
        "building": Edit(
            lambda: building_page(session, ines, home.id).shown,
            lambda to, known: schools.edit_building(work, ines, to, known),
            replace(building, phone="418 555-0102"), replace(building, opens_local=time(7)), ("phone",),
        ),
        "room": Edit(
            lambda: next(r for r in building_page(session, ines, home.id).rooms if r.id == room.id).shown,
            lambda to, known: schools.edit_room(work, ines, room.id, to, known),
            replace(room_facts, capacity=9), replace(room_facts, name="Serre"), ("capacity",),
        ),
        "bells": Edit(
            lambda: building_page(session, ines, home.id).bells_shown(Level.SECONDARY, None),
            lambda to, known: schools.set_bells(work, ines, home.id, Level.SECONDARY, to, known=known),
            (bell,), (replace(bell, label="Période A"),), ("bells",),
        ),
        "school": Edit(
            lambda: school_entry(session, ines, school.id).shown,
            lambda to, known: places.edit_school(work, ines, school.id, to, known),
            replace(school_facts, placements={**school.placements, there.id: (Level.PRIMARY,)}),
            replace(school_facts, name="École du Cap"), ("buildings",),
        ),
        "kit": Edit(
            lambda: equipment_line(session, ines, ResourceKind.KIT, kit_id).shown,
            lambda to, known: equipment.edit_equipment(work, ines, ResourceKind.KIT, kit_id, to, known),
            equipment.EquipmentFacts("Bleue"), equipment.EquipmentFacts("Verte", home.id), ("building",),
        ),
        "class": Edit(
            lambda: class_page(session, ines, group.id, work.now()).shown,
            lambda to, known: classes.edit_class(work, ines, group.id, to, known),
            replace(class_facts, level=Level.SECONDARY), replace(class_facts, name="4B"), ("level",),
        ),
        "pupil": Edit(
            lambda: kept_pupil(session, ines, pupil.id).shown,
            lambda to, known: roll.edit_pupil(work, ines, pupil.id, to, known),
            replace(kept.facts, grade="5e année"), replace(kept.facts, code="E-9"), ("grade",),
        ),
        "place of a pupil": Edit(
            lambda: kept_pupil(session, ines, pupil.id).place_shown,
            lambda to, known: roll.move_pupil(work, ines, pupil.id, to, known),
            replace(kept.enrolment, class_group_id=None), kept.enrolment, ("class_group",),
        ),
        "need group": Edit(
            lambda: need_group(session, her, group_id).shown,
            lambda to, known: need_groups.edit_need_group(work, her, group_id, to[0], to[1], known),
            ("Langage 2", [pupil.id, other.id]), ("Langage 3", [pupil.id]), ("pupils",),
        ),
        "sector": Edit(
            lambda: sector_line(session, ines, sector_id).shown,
            lambda to, known: sectors.edit_sector(work, ines, sector_id, to, known),
            sectors.SectorFacts("Nord", frozenset({home.id, there.id})),
            sectors.SectorFacts("Large", frozenset({home.id})), ("buildings",),
        ),
        "guest": Edit(
            lambda: guest(session, ines, guest_id).shown,
            lambda to, known: guests.edit_guest(work, ines, guest_id, to, known),
            replace(parent, phone="418 555-0199"), replace(parent, locale="en"), ("phone",),
        ),
    }  # fmt: skip


EDITS = (
    "person", "professional", "facilitator", "hours", "absence", "building", "room", "bells", "school", "kit", "class",
    "pupil", "place of a pupil", "need group", "sector", "guest",
)  # fmt: skip


def test_every_edit_is_tried(edits: dict[str, Edit]) -> None:
    assert sorted(edits) == sorted(EDITS)


@pytest.mark.parametrize("name", EDITS)
def test_the_second_is_told_what_the_first_changed(edits: dict[str, Edit], name: str) -> None:
    edit = edits[name]
    known = seen(edit.shown())

    edit.act(edit.first, known)
    standing = edit.shown()
    with pytest.raises(Stale) as refused:
        edit.act(edit.second, known)

    assert (refused.value.facts["known"], refused.value.facts["version"]) == (known, seen(standing))
    assert refused.value.facts["changed"] == edit.changed
    assert edit.shown() == standing
    edit.act(edit.second, seen(standing))
    assert edit.shown() != standing


def test_facts_and_place_of_a_pupil_are_one_reading_for_an_edit_of_both(work: Work) -> None:
    board = a_board(work.session)
    pupil = a_pupil(work.session, a_building(work.session, board, "Rivière"), "E-1")
    ines = actor(work.session, a_person(work.session, board, "Inès", Role.ADMINISTRATOR))
    kept = kept_pupil(work.session, ines, pupil.id)
    known = seen(kept.all_shown)
    roll.require_pupil_seen(work, ines, pupil.id, known)
    roll.move_pupil(work, ines, pupil.id, Enrolment(kept.enrolment.school_id, kept.enrolment.building_id))
    roll.archive_pupil(work, ines, pupil.id)

    with pytest.raises(Stale) as refused:
        roll.require_pupil_seen(work, ines, pupil.id, known)

    assert refused.value.facts["changed"] == ("archive",)


def test_of_two_at_the_same_instant_one_is_told(fresh_database: Database) -> None:
    clock, ready = FixedClock(MONDAY), threading.Barrier(2)
    with open_work(fresh_database, clock) as work:
        board = a_board(work.session)
        ines = actor(work.session, a_person(work.session, board, "Inès", Role.ADMINISTRATOR))
        building = a_building(work.session, board, "Rivière")
        room_id, building_id = a_room(work.session, building).id, building.id
    with fresh_database.session(read_only=True) as session:
        known = seen(next(r for r in building_page(session, ines, building_id).rooms if r.id == room_id).shown)
    outcomes: list[str] = []

    def edit(capacity: int) -> None:
        facts = schools.RoomFacts("local 12", capacity, is_closed=True, has_headset=False)
        ready.wait(10)
        try:
            with open_work(fresh_database, clock) as work:
                schools.edit_room(work, ines, room_id, facts, known)
            outcomes.append("saved")
        except Stale as refused:
            outcomes.append(f"{refused.facts['changed']}")

    writers = [threading.Thread(target=edit, args=(capacity,)) for capacity in (7, 8)]
    for each in writers:
        each.start()
    for each in writers:
        each.join(20)

    assert sorted(outcomes) == ["('capacity',)", "saved"]
