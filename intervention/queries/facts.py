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


def facts_where(
    session: Session, *conditions: ColumnElement[bool], limit: int = 5000, skip: int = 0, latest: bool = False
) -> list[EncounterFacts]:
    """Complete facts of the encounters that meet `conditions` (on `Encounter`), by start then id.

    The first `limit` after `skip`, counted from the first one, or from the `latest` backwards.
    """
    host = aliased(Person)
    order = (Encounter.starts_at, Encounter.id)
    rows = session.execute(
        select(Encounter, host.given_name, host.family_name, NeedGroup.name, Cancellation.cause)
        .join(host, host.id == Encounter.host_id)
        .outerjoin(NeedGroup, NeedGroup.id == Encounter.need_group_id)
        .outerjoin(Cancellation, (Cancellation.encounter_id == Encounter.id) & Cancellation.undone_at.is_(None))
        .where(*conditions)
        .order_by(*(column.desc() for column in order) if latest else order)
        .limit(limit)
        .offset(skip)
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
        select(
            EncounterSite.id, EncounterSite.encounter_id, EncounterSite.place, EncounterSite.has_host,
            EncounterSite.building_id, Building.zone, Building.short_name, Building.municipality, Building.phone,
            EncounterSite.room_id, Room.name, Room.phone, Kit.name,
            EncounterSite.facilitator_id, facilitator.given_name, facilitator.family_name, Encounter.zone,
        )
        .join(Encounter, Encounter.id == EncounterSite.encounter_id)
        .outerjoin(Building, Building.id == EncounterSite.building_id)
        .outerjoin(Room, Room.id == EncounterSite.room_id)
        .outerjoin(Kit, Kit.id == EncounterSite.kit_id)
        .outerjoin(facilitator, facilitator.id == EncounterSite.facilitator_id)
        .where(EncounterSite.encounter_id.in_(encounter_ids))
        .order_by(EncounterSite.encounter_id, EncounterSite.position)
    ).all()  # fmt: skip
    people = _people(session, encounter_ids)
    found: dict[UUID, list[SiteFacts]] = defaultdict(list)
    for (
        site_id, encounter_id, place, has_host, building_id, local_zone, building, municipality, phone,
        room_id, room, room_phone, kit, facilitator_id, given, family, zone,
    ) in rows:  # fmt: skip
        adults, pupils, groups = people[site_id]
        found[encounter_id].append(
            SiteFacts(
                id=site_id,
                place=place,
                has_host=has_host,
                zone=local_zone or zone,
                building_id=building_id,
                building=building or "",
                municipality=municipality or "",
                phone=room_phone or phone or "",
                room_id=room_id,
                room=room or "",
                kit=kit or "",
                facilitator=PersonFacts(facilitator_id, f"{given} {family}", ParticipantRole.FACILITATOR)
                if facilitator_id
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
        select(
            Participation.site_id, Participation.role, Person.id, Person.given_name, Person.family_name,
            Pupil.id, Pupil.code, Pupil.given_name, Pupil.family_name, own_class.name,
            klass.name, Participation.guest_id, Guest.name,
        )
        .outerjoin(Person, Person.id == Participation.person_id)
        .outerjoin(Pupil, Pupil.id == Participation.pupil_id)
        .outerjoin(own_class, own_class.id == Pupil.class_group_id)
        .outerjoin(klass, klass.id == Participation.class_group_id)
        .outerjoin(Guest, Guest.id == Participation.guest_id)
        .where(Participation.encounter_id.in_(encounter_ids), Participation.role != ParticipantRole.HOST)
        .order_by(Participation.id)
    )  # fmt: skip
    found: dict[UUID, _People] = defaultdict(lambda: ([], [], []))
    for (
        site_id,
        role,
        person_id,
        given,
        family,
        pupil_id,
        code,
        first,
        last,
        class_name,
        group,
        guest_id,
        guest,
    ) in rows:
        adults, pupils, groups = found[site_id]
        if person_id is not None:
            adults.append(PersonFacts(person_id, f"{given} {family}", role))
        elif pupil_id is not None:
            pupils.append(PupilFacts(pupil_id, code, first, last, class_name or ""))
        elif group is not None:
            groups.append(group)
        elif guest is not None:
            adults.append(PersonFacts(guest_id, guest, role))
    return found
