"""A board founded by the command and filled by hand, page by page, books a séance; school days are laid for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from intervention.domain.accounts import BoardFacts, Particulars
from intervention.domain.bells import Bell
from intervention.domain.composition import AskParticipant
from intervention.domain.days import BellKind
from intervention.domain.encounters import EncounterKind, Modality, ParticipantRole
from intervention.domain.people import Discipline, Level, Role
from intervention.domain.permissions import Actor
from intervention.domain.places import NewBuilding, SchoolFacts
from intervention.domain.pupils import Enrolment, PupilFacts
from intervention.domain.working_hours import Hours, Opening
from intervention.queries.actors import actor_of
from intervention.queries.slot_problem import SlotAsk
from intervention.records.calendars import SchoolYear
from intervention.records.encounters import Encounter
from intervention.records.people import Person
from intervention.records.vault import Keyring
from intervention.usecases.classes import ClassFacts, add_class
from intervention.usecases.finding import find_slots
from intervention.usecases.follow_ups import AssignPupil, assign_pupil
from intervention.usecases.founding import FoundBoard, found_board
from intervention.usecases.people import GrantRole, add_person
from intervention.usecases.places import add_building, add_school
from intervention.usecases.professionals import ProfessionalFacts, set_facilitator, set_professional
from intervention.usecases.pupils import add_pupil
from intervention.usecases.school_days import lay_school_days
from intervention.usecases.schools import RoomFacts, add_room, confirm_zone, set_bells
from intervention.usecases.taking_offers import BookOffer, book_offer
from intervention.usecases.work import Work
from intervention.usecases.working_hours import set_hours
from tests.builders import WEEK

EASTERN = "America/Toronto"
THERAPY = Discipline.SPEECH_THERAPY
MORNINGS = Hours(tuple(Opening(weekday, time(8), time(12)) for weekday in range(1, 6)))


@dataclass
class Places:
    office: UUID
    school_building: UUID
    school: UUID
    room: UUID


def founded(work: Work) -> Actor:
    found_board(
        work,
        Keyring("a key of tests, long enough everywhere"),
        FoundBoard(
            BoardFacts("Centre de services scolaire des Neiges", "CSS des Neiges", "999000", EASTERN),
            Particulars("Aline", "Roy", "aline@neiges.example"),
        ),
    )
    return acting(work, work.session.scalars(select(Person).where(Person.email == "aline@neiges.example")).one())


def acting(work: Work, person: Person) -> Actor:
    found = actor_of(work.session, person.id, person.organization_id, WEEK)
    assert found is not None
    return found


def placed(work: Work, aline: Actor) -> Places:
    office = add_building(work, aline, NewBuilding("900", "Siège social", "Havre-Clair", lat=50.2, lon=-66.4))
    there = add_building(work, aline, NewBuilding("901", "École des Neiges", "Lac-Blanc", lat=50.22, lon=-66.3))
    for building in (office, there):
        confirm_zone(work, aline, building, EASTERN)
    school = add_school(work, aline, SchoolFacts("901001", "École des Neiges", {there: (Level.PRIMARY,)}))
    room = add_room(work, aline, there, RoomFacts("local 4", 4, is_closed=True, has_headset=True))
    bells = (
        Bell(BellKind.PERIOD, "Période 1", time(8, 30), time(9, 30)),
        Bell(BellKind.PERIOD, "Période 2", time(9, 30), time(10, 30)),
        Bell(BellKind.PERIOD, "Période 3", time(13), time(14)),
    )
    set_bells(work, aline, there, Level.PRIMARY, bells)
    return Places(office, there, school, room)


def enrolled(work: Work, aline: Actor, at: Places) -> UUID:
    group = add_class(work, aline, at.school_building, ClassFacts(at.school, "3A", Level.PRIMARY))
    facts = PupilFacts("N-1", "Zoé", "Hautetour", Level.PRIMARY)
    return add_pupil(work, aline, facts, Enrolment(at.school, at.school_building, group))


def staffed(work: Work, aline: Actor, at: Places) -> Person:
    """A professional with her hours, and the adult beside the pupil."""
    mireille = add_person(work, aline, Particulars("Mireille", "Gallant"), GrantRole(Role.PROFESSIONAL))
    set_professional(work, aline, mireille, ProfessionalFacts(at.office, THERAPY))
    set_hours(work, aline, mireille, MORNINGS)
    grant = GrantRole(Role.FACILITATOR, building_id=at.school_building)
    joseph = add_person(work, aline, Particulars("Joseph", "Blais"), grant)
    set_facilitator(work, aline, joseph, at.school_building, is_trained=True)
    return work.session.get_one(Person, mireille)


def lay_year(work: Work, aline: Actor) -> None:
    year = SchoolYear(
        organization_id=aline.organization_id, label="2026-2027", starts_on=date(2026, 8, 31),
        ends_on=date(2027, 6, 23), staff_from=date(2026, 8, 24), staff_until=date(2027, 6, 30),
    )  # fmt: skip
    work.session.add(year)
    work.session.flush()
    assert lay_school_days(work.session, year)


@pytest.mark.parametrize("modality", [Modality.REMOTE, Modality.IN_PERSON])
def test_a_board_filled_by_hand_books_a_seance(work: Work, modality: Modality) -> None:
    aline = founded(work)
    places = placed(work, aline)
    pupil = enrolled(work, aline, places)
    mireille = staffed(work, aline, places)
    assign_pupil(work, aline, AssignPupil(pupil, mireille.id, THERAPY, WEEK))
    who = acting(work, mireille)
    ask = SlotAsk(
        mireille.id, EncounterKind.INDIVIDUAL, 45, (AskParticipant(ParticipantRole.PUPIL, pupil_id=pupil),), WEEK,
        days=7, wanted=modality,
    )  # fmt: skip
    assert find_slots(work, who, ask).offers == ()
    lay_year(work, aline)

    offers = find_slots(work, who, ask).offers
    assert offers
    first = min(offers, key=lambda offer: offer.starts_at)
    booked = book_offer(work, who, BookOffer(ask, THERAPY, first.starts_at, first.host_site.building_id))

    walls = {offer.starts_at.astimezone(ZoneInfo(EASTERN)).time() for offer in offers}
    assert min(walls) >= time(8, 30)
    assert max(walls) <= time(11, 15)
    encounter = work.session.get_one(Encounter, booked.encounter_id)
    assert (encounter.organization_id, encounter.host_id) == (aline.organization_id, mireille.id)
    [there] = [site for site in encounter.sites if site.building_id == places.school_building]
    assert there.room_id == places.room
