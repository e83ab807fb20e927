"""Encounters as plain facts, in three statements whatever their number. What is shown of them is `privacy.view_of`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from intervention.domain.encounters import ParticipantRole
from intervention.domain.privacy import EncounterFacts, PersonFacts, PupilFacts, SiteFacts
from intervention.records.encounters import Cancellation, Encounter, EncounterSite, Participation
from intervention.records.people import ClassGroup, Guest, NeedGroup, Person, Pupil
from intervention.records.schools import Building, Kit, Room


def facts_where(session: Session, *conditions: ColumnElement[bool], limit: int = 5000) -> list[EncounterFacts]:
    """Complete facts of the encounters that meet `conditions` (on `Encounter`), by start then id."""
    host = aliased(Person)
    rows = session.execute(
        select(Encounter, host.given_name, host.family_name, NeedGroup.name, Cancellation.cause)
        .join(host, host.id == Encounter.host_id)
        .outerjoin(NeedGroup, NeedGroup.id == Encounter.need_group_id)
        .outerjoin(Cancellation, (Cancellation.encounter_id == Encounter.id) & Cancellation.undone_at.is_(None))
        .where(*conditions)
        .order_by(Encounter.starts_at, Encounter.id)
        .limit(limit)
    ).all()
    sites = _sites(session, [row[0].id for row in rows])
    return [
        _facts(
            encounter, PersonFacts(encounter.host_id, f"{given} {family}", ParticipantRole.HOST), group, cause, sites
        )
        for encounter, given, family, group, cause in rows
    ]


def facts_of(session: Session, encounter_id: UUID) -> EncounterFacts | None:
    return next(iter(facts_where(session, Encounter.id == encounter_id)), None)


def _facts(
    encounter: Encounter, host: PersonFacts, group: str | None, cause: Any, sites: dict[UUID, list[SiteFacts]]
) -> EncounterFacts:
    return EncounterFacts(
        id=encounter.id,
        uid=encounter.uid,
        organization_id=encounter.organization_id,
        starts_at=encounter.starts_at,
        ends_at=encounter.ends_at,
        on_date=encounter.on_date,
        zone=encounter.zone,
        status=encounter.status,
        confidentiality=encounter.confidentiality,
        axis=encounter.axis,
        kind=encounter.kind,
        discipline=encounter.discipline,
        modality=encounter.modality,
        host=host,
        group=group or "",
        objective=encounter.objective or "",
        sites=tuple(sites[encounter.id]),
        cause=cause,
        version=encounter.version,
        revision=encounter.revision,
        changed_at=encounter.changed_at,
    )


def _sites(session: Session, encounter_ids: Sequence[UUID]) -> dict[UUID, list[SiteFacts]]:
    facilitator = aliased(Person)
    rows = session.execute(
        select(EncounterSite, Building, Room, Kit.name, facilitator.given_name, facilitator.family_name, Encounter.zone)
        .join(Encounter, Encounter.id == EncounterSite.encounter_id)
        .outerjoin(Building, Building.id == EncounterSite.building_id)
        .outerjoin(Room, Room.id == EncounterSite.room_id)
        .outerjoin(Kit, Kit.id == EncounterSite.kit_id)
        .outerjoin(facilitator, facilitator.id == EncounterSite.facilitator_id)
        .where(EncounterSite.encounter_id.in_(encounter_ids))
        .order_by(EncounterSite.encounter_id, EncounterSite.position)
    ).all()
    people = _people(session, encounter_ids)
    found: dict[UUID, list[SiteFacts]] = defaultdict(list)
    for site, building, room, kit, given, family, zone in rows:
        adults, pupils, groups = people[site.id]
        found[site.encounter_id].append(
            SiteFacts(
                id=site.id,
                place=site.place,
                has_host=site.has_host,
                zone=(building.zone if building is not None else None) or zone,
                building_id=site.building_id,
                building=building.short_name if building is not None else "",
                municipality=building.municipality if building is not None else "",
                phone=(room.phone if room is not None else None)
                or (building.phone if building is not None else None)
                or "",
                room_id=site.room_id,
                room=room.name if room is not None else "",
                kit=kit or "",
                facilitator=PersonFacts(site.facilitator_id, f"{given} {family}", ParticipantRole.FACILITATOR)
                if site.facilitator_id
                else None,
                pupils=tuple(pupils),
                groups=tuple(groups),
                adults=tuple(adults),
            )
        )
    return found


_People = tuple[list[PersonFacts], list[PupilFacts], list[str]]


def _people(session: Session, encounter_ids: Sequence[UUID]) -> dict[UUID, _People]:
    klass, own_class = aliased(ClassGroup), aliased(ClassGroup)
    rows = session.execute(
        select(Participation, Person, Pupil, own_class.name, klass.name, Guest.name)
        .outerjoin(Person, Person.id == Participation.person_id)
        .outerjoin(Pupil, Pupil.id == Participation.pupil_id)
        .outerjoin(own_class, own_class.id == Pupil.class_group_id)
        .outerjoin(klass, klass.id == Participation.class_group_id)
        .outerjoin(Guest, Guest.id == Participation.guest_id)
        .where(Participation.encounter_id.in_(encounter_ids), Participation.role != ParticipantRole.HOST)
        .order_by(Participation.id)
    )
    found: dict[UUID, _People] = defaultdict(lambda: ([], [], []))
    for participation, person, pupil, class_name, group, guest in rows:
        adults, pupils, groups = found[participation.site_id]
        if person is not None:
            adults.append(PersonFacts(person.id, person.full_name, participation.role))
        elif pupil is not None:
            pupils.append(PupilFacts(pupil.id, pupil.code, pupil.given_name, pupil.family_name, class_name or ""))
        elif group is not None:
            groups.append(group)
        elif guest is not None:
            adults.append(PersonFacts(participation.guest_id, guest, participation.role))
    return found
