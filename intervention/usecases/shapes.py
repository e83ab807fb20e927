"""The shape of an encounter: its state, sites and people as ids and codes, to be put back exactly as they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.encounters import EncounterStatus, Modality
from intervention.records.encounters import Encounter, EncounterSite, Participation
from intervention.records.join_links import JoinLink

_SITE = ("id", "position", "place", "building_id", "room_id", "kit_id", "facilitator_id", "has_host")
_PERSON = ("id", "site_id", "role", "person_id", "pupil_id", "class_group_id", "guest_id", "is_required")


def shape_of(encounter: Encounter) -> dict[str, Any]:
    return {
        "status": encounter.status.value,
        "modality": encounter.modality.value,
        "sites": [_plain(site, _SITE) for site in encounter.sites],
        "people": [_plain(each, _PERSON) for each in sorted(encounter.participations, key=lambda p: p.id)],
    }


def links_of(session: Session, encounters: Iterable[Encounter]) -> dict[UUID, list[dict[str, Any]]]:
    """The live links of each encounter, which go with the people who leave it. Of a token, its keyed hash only."""
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    ids = [each.id for each in encounters]
    for link in session.scalars(select(JoinLink).where(JoinLink.encounter_id.in_(ids), JoinLink.revoked_at.is_(None))):
        found[link.encounter_id].append(
            {
                "id": str(link.id),
                "participation_id": str(link.participation_id),
                "token_hmac": link.token_hmac.hex(),
                "issued_by_id": str(link.issued_by_id),
                "issued_at": link.issued_at.isoformat(),
                "opened_at": link.opened_at and link.opened_at.isoformat(),
            }
        )
    return found


def put_shape(session: Session, encounter: Encounter, shape: dict[str, Any]) -> None:
    """Give the encounter that shape, row by row: the same ids, those that went come back."""
    sites = {site.id: site for site in encounter.sites}
    wanted = [_values(each, EncounterSite, _SITE) for each in shape["sites"]]
    for values in wanted:
        site = sites.get(values["id"])
        if site is None:
            encounter.sites.append(EncounterSite(**values))
        else:
            _set(site, values)
    session.flush()
    people = {each.id: each for each in encounter.participations}
    kept = [_values(each, Participation, _PERSON) for each in shape["people"]]
    for values in kept:
        person = people.pop(values["id"], None)
        if person is None:
            encounter.participations.append(Participation(**values))
        else:
            _set(person, values)
    for person in people.values():
        encounter.participations.remove(person)
    session.flush()
    ids = {values["id"] for values in wanted}
    for site in [site for site in encounter.sites if site.id not in ids]:
        encounter.sites.remove(site)
    encounter.status, encounter.modality = EncounterStatus(shape["status"]), Modality(shape["modality"])
    session.flush()
    _put_links(session, encounter, shape.get("links", ()))
    session.refresh(encounter, ["sites", "participations"])  # in the order of their positions again


def _put_links(session: Session, encounter: Encounter, links: Iterable[dict[str, Any]]) -> None:
    """The link that somebody holds opens their door again, once they take part again."""
    for said in links:
        if session.get(JoinLink, UUID(said["id"]), populate_existing=True) is None:
            session.add(
                JoinLink(
                    id=UUID(said["id"]),
                    organization_id=encounter.organization_id,
                    encounter_id=encounter.id,
                    participation_id=UUID(said["participation_id"]),
                    token_hmac=bytes.fromhex(said["token_hmac"]),
                    issued_by_id=UUID(said["issued_by_id"]),
                    issued_at=datetime.fromisoformat(said["issued_at"]),
                    opened_at=datetime.fromisoformat(said["opened_at"]) if said["opened_at"] else None,
                )
            )
    session.flush()


def _plain(row: EncounterSite | Participation, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _said(getattr(row, name)) for name in names}


def _said(value: object) -> object:
    return value if value is None or isinstance(value, bool | int) else str(value)


def _values(said: dict[str, Any], of: type[EncounterSite | Participation], names: tuple[str, ...]) -> dict[str, Any]:
    """The values of a row, each in the type of its column."""
    columns = of.__table__.columns
    found = {}
    for name in names:
        value = said[name]
        if isinstance(value, str):
            column = columns[name].type
            value = column.members(value) if hasattr(column, "members") else UUID(value)
        found[name] = value
    return found


def _set(row: EncounterSite | Participation, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
