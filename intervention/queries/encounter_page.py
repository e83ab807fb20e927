"""Everything that the page of one encounter shows, in the words of who opens it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from intervention.domain.encounters import KIND_RULES, ActKind, EncounterStatus
from intervention.domain.errors import NotFound
from intervention.domain.permissions import Action, Actor, Subject
from intervention.domain.privacy import Audience, EncounterFacts, audience_of, view_for, view_of
from intervention.domain.spans import tick_of
from intervention.queries.encounters import encounter_for, subject_of
from intervention.queries.facts import facts_of
from intervention.records.encounters import Consent, Encounter, EncounterAct
from intervention.records.people import Facilitator, Person, Professional
from intervention.records.reservations import MAX_TICKS, Reservation
from intervention.records.schools import Building, Kit, Room

READS_HISTORY = frozenset({Audience.HOST, Audience.COORDINATION, Audience.SCHOOL_DESK})
SHOWN_AUDIENCES = (
    Audience.CIRCLE,
    Audience.FACILITATOR,
    Audience.SCHOOL_DESK,
    Audience.COORDINATION,
    Audience.COLLEAGUE,
    Audience.FEED_NEUTRAL,
    Audience.GUEST,
)


@dataclass(frozen=True, slots=True)
class ActLine:
    kind: ActKind
    done_at: datetime
    by: str
    reason: str
    moved_from: datetime | None
    moved_to: datetime | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A room, kit or facilitator that a site could have. `is_free` at the encounter's time, its own included."""

    id: UUID
    name: str
    note: str
    is_free: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SiteChoices:
    rooms: tuple[Choice, ...] = ()
    kits: tuple[Choice, ...] = ()
    facilitators: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class ConsentLine:
    pupil_id: UUID
    is_given: bool
    covers_remote: bool


@dataclass(frozen=True, slots=True)
class EncounterPage:
    """`view` is in the reader's words; `subject` feeds `can()`; `previews` is what others would read."""

    view: EncounterFacts
    subject: Subject
    needs_consent: bool
    history: tuple[ActLine, ...]
    choices: dict[UUID, SiteChoices]
    consents: dict[UUID, ConsentLine]
    previews: tuple[tuple[Audience, EncounterFacts], ...]
    home: tuple[UUID, str] | None  # the host's home base, where she can always be
    series_id: UUID | None  # for whoever may change it


def encounter_page(session: Session, actor: Actor, encounter_id: UUID, today: date) -> EncounterPage:
    """Raises NotFound when the encounter is not for this actor's eyes."""
    encounter = encounter_for(session, actor, encounter_id, Action.SEE_ENCOUNTER)
    facts = facts_of(session, encounter.id)
    if facts is None:
        raise NotFound
    audience = audience_of(actor, facts)
    is_host = audience is Audience.HOST
    return EncounterPage(
        view=view_for(actor, facts),
        subject=subject_of(encounter),
        needs_consent=KIND_RULES[encounter.kind].needs_consent,
        history=_history(session, encounter) if audience in READS_HISTORY else (),
        choices=_choices(session, encounter, facts) if audience in {Audience.HOST, Audience.COORDINATION} else {},
        consents=_consents(session, encounter, facts, today) if is_host else {},
        previews=tuple((each, view_of(facts, each)) for each in SHOWN_AUDIENCES) if is_host else (),
        home=_home(session, encounter.host_id),
        series_id=encounter.series_id if audience in {Audience.HOST, Audience.COORDINATION} else None,
    )


def _home(session: Session, host_id: UUID) -> tuple[UUID, str] | None:
    row = session.execute(
        select(Building.id, Building.short_name)
        .join(Professional, Professional.home_building_id == Building.id)
        .where(Professional.person_id == host_id)
    ).first()
    return (row.id, row.short_name) if row else None


def _history(session: Session, encounter: Encounter) -> tuple[ActLine, ...]:
    rows = session.execute(
        select(EncounterAct, Person.given_name, Person.family_name)
        .join(Person, Person.id == EncounterAct.actor_id)
        .where(EncounterAct.encounter_id == encounter.id)
        .order_by(EncounterAct.done_at.desc(), EncounterAct.id.desc())
    )
    return tuple(
        ActLine(
            act.kind,
            act.done_at,
            f"{given} {family}",
            act.reason or "",
            _instant(act.changes, "from"),
            _instant(act.changes, "to"),
        )
        for act, given, family in rows
    )


def _instant(changes: dict[str, Any], end: str) -> datetime | None:
    moved = changes.get("starts_at")
    return datetime.fromisoformat(moved[end]) if moved else None


def _choices(session: Session, encounter: Encounter, facts: EncounterFacts) -> dict[UUID, SiteChoices]:
    if encounter.status is EncounterStatus.COMPLETED:
        return {}
    buildings = [site.building_id for site in facts.sites if site.building_id is not None]
    rooms = session.scalars(
        select(Room).where(Room.building_id.in_(buildings), Room.is_active).order_by(Room.name)
    ).all()
    kits = session.scalars(
        select(Kit)
        .where(Kit.organization_id == encounter.organization_id, Kit.is_active)
        .where(or_(Kit.building_id.in_(buildings), Kit.building_id.is_(None)))
        .order_by(Kit.name)
    ).all()
    helpers = session.execute(
        select(Facilitator.building_id, Person)
        .join(Person, Person.id == Facilitator.person_id)
        .where(Facilitator.building_id.in_(buildings))
        .order_by(Person.family_name)
    ).all()
    ids = [r.id for r in rooms] + [k.id for k in kits] + [person.id for _, person in helpers]
    taken = _taken(session, encounter, ids)
    made = {}
    for site in encounter.sites:
        at = site.building_id
        made[site.id] = SiteChoices(
            tuple(
                Choice(r.id, r.name, _about(r), r.id not in taken, r.id == site.room_id)
                for r in rooms
                if r.building_id == at
            ),
            tuple(
                Choice(k.id, k.name, "", k.id not in taken, k.id == site.kit_id)
                for k in kits
                if k.building_id in (at, None) and at is not None
            ),
            tuple(
                Choice(p.id, p.full_name, "", p.id not in taken, p.id == site.facilitator_id)
                for b, p in helpers
                if b == at and p.id != encounter.host_id
            ),
        )
    return made


def _about(room: Room) -> str:
    """Codes of what matters of a room; the page words them."""
    return " ".join(
        code
        for code, holds in (("closed", room.is_closed), ("open", not room.is_closed), ("headset", room.has_headset))
        if holds
    )


def _taken(session: Session, encounter: Encounter, ids: list[UUID]) -> set[UUID]:
    starts, ends = tick_of(encounter.starts_at), tick_of(encounter.ends_at)
    return set(
        session.scalars(
            select(Reservation.resource_id).where(
                Reservation.resource_id.in_(ids),
                Reservation.starts_tick < ends,
                Reservation.starts_tick > starts - MAX_TICKS,
                Reservation.ends_tick > starts,
                or_(Reservation.encounter_id.is_(None), Reservation.encounter_id != encounter.id),
            )
        )
    )


def _consents(session: Session, encounter: Encounter, facts: EncounterFacts, today: date) -> dict[UUID, ConsentLine]:
    rows = session.scalars(
        select(Consent).where(
            Consent.pupil_id.in_([pupil.id for pupil in facts.pupils]),
            Consent.discipline == encounter.discipline,
            Consent.withdrawn_on.is_(None),
            or_(Consent.expires_on.is_(None), Consent.expires_on >= today),
        )
    ).all()
    return {
        pupil.id: ConsentLine(
            pupil.id,
            any(c.pupil_id == pupil.id for c in rows),
            any(c.pupil_id == pupil.id and c.covers_remote for c in rows),
        )
        for pupil in facts.pupils
    }
