"""The small world of bookings in a school year of its own: what a closure needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.composition import AskParticipant, AskSite, BookEncounter
from intervention.domain.days import ClosureScope, DayType, Layer
from intervention.domain.encounters import EncounterKind, ParticipantRole
from intervention.domain.people import Discipline, Role
from intervention.records.calendars import DayMark, SchoolDay, SchoolYear
from intervention.records.encounters import Encounter, EncounterSite, Participation
from intervention.records.people import FollowUp, Person, Pupil
from intervention.records.reservations import Leg, Reservation, ReservationBits
from intervention.usecases.closure_plan import DeclareClosure
from intervention.usecases.school_days import lay_school_days
from tests.builders import a_person, a_pupil, school_of
from tests.usecases.booking_world import World, a_world, at, in_person, office, pupil_site, remote

TUESDAY = date(2026, 11, 24)
CONDITIONAL = date(2026, 12, 4)


@dataclass
class Closing:
    world: World
    year: SchoolYear
    luc: Person  # principal at Anse-aux-Lièvres
    other: Pupil  # a second pupil at Pointe-Bise
    anouk: Person  # teacher at Anse-aux-Lièvres

    def closure(self, day_type: DayType = DayType.CLOSURE, **more: object) -> DeclareClosure:
        """Anse-aux-Lièvres closed on the Tuesday."""
        values: dict[str, object] = {
            "scope": ClosureScope.BUILDING, "target_id": self.world.anse.id, "first_on": TUESDAY, "label": "Tempête",
        }  # fmt: skip
        return DeclareClosure(**(values | {"day_type": day_type} | more))  # type: ignore[arg-type]


def a_closing_world(session: Session) -> Closing:
    world = a_world(session)
    other = a_pupil(session, world.pointe, "E-203")
    session.add(
        FollowUp(
            organization_id=world.board.id, person_id=world.mireille.id, pupil_id=other.id,
            discipline=Discipline.SPEECH_THERAPY,
        )
    )  # fmt: skip
    luc = a_person(session, world.board, "Luc", Role.PRINCIPAL, building=world.anse)
    anouk = a_person(session, world.board, "Anouk", Role.TEACHER, building=world.anse)
    year = SchoolYear(
        organization_id=world.board.id, label="2026-2027", starts_on=date(2026, 8, 27), ends_on=date(2027, 6, 23),
        staff_from=date(2026, 8, 24), staff_until=date(2027, 6, 25), cycle_length=5,
    )  # fmt: skip
    session.add(year)
    session.flush()
    for rank, on_date in enumerate((CONDITIONAL, date(2027, 1, 29)), 1):
        session.add(
            DayMark(
                organization_id=world.board.id, school_year_id=year.id, layer=Layer.ORGANIZATION,
                target_id=world.board.id, on_date=on_date, day_type=DayType.CONDITIONAL, rank=rank,
            )
        )  # fmt: skip
    session.flush()
    lay_school_days(session, year)
    return Closing(world, year, luc, other, anouk)


def three_pupils(closing: Closing, starts_at: str, *, host_at: str = "anse") -> BookEncounter:
    """Léo at Anse-aux-Lièvres, Maude and another at Pointe-Bise; Mireille beside Léo, or in her office."""
    world = closing.world
    pointe = AskSite(
        world.pointe.id, room_id=world.room_pointe.id, facilitator_id=world.rose.id,
        participants=tuple(AskParticipant(ParticipantRole.PUPIL, pupil_id=p.id) for p in (world.maude, closing.other)),
    )  # fmt: skip
    sites = (
        (pupil_site(world.leo, world.room_anse, None, has_host=True), pointe)
        if host_at == "anse"
        else (office(world), pupil_site(world.leo, world.room_anse, world.joseph), pointe)
    )
    return BookEncounter(
        world.mireille.id, EncounterKind.SMALL_GROUP, Discipline.SPEECH_THERAPY, at(f"2026-11-24 {starts_at}"), 45,
        "America/Toronto", sites,
    )  # fmt: skip


def advice(closing: Closing, starts_at: str) -> BookEncounter:
    """Mireille advises Anouk, teacher at Anse-aux-Lièvres, by video."""
    world = closing.world
    teacher = AskSite(
        world.anse.id, participants=(AskParticipant(ParticipantRole.TEACHER, person_id=closing.anouk.id),)
    )
    return BookEncounter(
        world.mireille.id, EncounterKind.ADVISORY, Discipline.SPEECH_THERAPY, at(f"2026-11-24 {starts_at}"), 30,
        "America/Toronto", (office(world), teacher),
    )  # fmt: skip


def school_id(session: Session, closing: Closing) -> UUID:
    return school_of(session, closing.world.anse).id


def rows(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Everything that a closure may change, without what only grows (versions, instants) and the ids of what is
    written anew (a reservation, a leg)."""
    session.flush()
    ignored = {"version", "revision", "changed_at"}
    found = {}
    for record in (SchoolDay, Encounter, EncounterSite, Participation, Reservation, ReservationBits, Leg):
        skipped = ignored | ({"id", "leg_id"} if record in {Reservation, Leg} else set())
        columns = [c for c in record.__table__.columns if c.name not in skipped]
        values = [tuple(row) for row in session.execute(select(*columns))]
        if record is ReservationBits:
            values = [row for row in values if any(row[2])]
        found[record.__tablename__] = sorted(values, key=repr)
    return found


__all__ = ["at", "in_person", "remote"]
