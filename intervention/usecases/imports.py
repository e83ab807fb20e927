"""Brings official school data into a board: shows what would change, and applies it when asked, all or nothing."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from intervention.domain.errors import NotFound
from intervention.domain.ids import new_id
from intervention.domain.people import Level
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.road_components import propose_component
from intervention.domain.school_data import (
    BuildingFacts,
    Incoming,
    PlacementFacts,
    RosterFile,
    SchoolFacts,
)
from intervention.domain.school_import import BUILDING, SCHOOL, Difference, Existing, ImportPlan, plan_import
from intervention.domain.school_lines import read_rows
from intervention.queries.catalogue import touch_catalogue
from intervention.records.base import Base
from intervention.records.people import Organization
from intervention.records.schools import Building, School, SchoolBuilding
from intervention.usecases import audit
from intervention.usecases.work import Work

SHORT_NAME = 40


@dataclass(frozen=True, slots=True)
class ImportSchools:
    """`board`: the official code of the board in the file, when it is not the organization's own code."""

    file: RosterFile
    board: str | None = None
    is_applied: bool = False


def import_schools(work: Work, actor: Actor, ask: ImportSchools) -> ImportPlan:
    """What the file changes in the actor's board. Raises NotAllowed; a bad file is a plan with `refused` lines."""
    require(actor, Action.EDIT_SCHOOLS, Subject(actor.organization_id))
    return _import(work, work.session.get_one(Organization, actor.organization_id), ask, actor.person_id)


def import_schools_as_operator(work: Work, organization_code: str, ask: ImportSchools) -> ImportPlan:
    """The same from the machine's own terminal, whose operator holds the database anyway. Raises NotFound."""
    board = work.session.scalar(select(Organization).where(Organization.code == organization_code))
    if board is None:
        raise NotFound
    return _import(work, board, ask, None)


def _import(work: Work, board: Organization, ask: ImportSchools, actor_id: UUID | None) -> ImportPlan:
    official = ask.board or board.code
    incoming = read_rows(ask.file, official)
    stored = _Stored(work.session, board.id)
    plan = plan_import(stored.places, incoming, official)
    if not ask.is_applied or plan.refused or plan.changes_nothing:
        return plan
    stored.add(plan.added, incoming)
    stored.change(plan.changed, incoming.source)
    touch_catalogue(work.session, board.id)
    counts = {"added": len(plan.added), "changed": len(plan.changed), "vanished": len(plan.vanished)}
    audit.record(work, "schools_imported", "organization", board.id, board.id, actor_id=actor_id, facts=counts)
    return plan


class _Stored:
    """One board's places as stored, with the ids behind their official codes."""

    def __init__(self, session: Session, organization_id: UUID) -> None:
        self.session = session
        self.organization_id = organization_id
        self.buildings: dict[str, UUID] = {}
        self.schools: dict[str, UUID] = {}
        self.places = self._load()

    def _load(self) -> Existing:
        ours = self.organization_id
        buildings, zones = {}, {}
        for b in self.session.execute(select(Building.__table__).where(Building.organization_id == ours)):
            self.buildings[b.code] = b.id
            buildings[b.code] = BuildingFacts(
                b.name, b.municipality, b.municipality_code, b.address, b.postal_code,
                _rounded(b.lat), _rounded(b.lon), b.proposed_zone,
            )  # fmt: skip
            if b.zone:
                zones[b.code] = b.zone
        schools = {}
        for s in self.session.execute(
            select(School.id, School.code, School.name).where(School.organization_id == ours)
        ):
            self.schools[s.code] = s.id
            schools[s.code] = SchoolFacts(s.name)
        placements = {
            (p.school, p.building): PlacementFacts(_levels(p.levels))
            for p in self.session.execute(
                select(School.code.label("school"), Building.code.label("building"), SchoolBuilding.levels)
                .join(School, School.id == SchoolBuilding.school_id)
                .join(Building, Building.id == SchoolBuilding.building_id)
                .where(School.organization_id == ours)
            )
        }
        return Existing(buildings, schools, placements, zones)

    def add(self, added: tuple[Difference, ...], incoming: Incoming) -> None:
        """A new building has no `zone` before somebody confirms the proposed one."""
        for record, rows in (
            (Building, [self._new_building(code, incoming) for code in _codes(added, BUILDING)]),
            (School, [self._new_school(code, incoming) for code in _codes(added, SCHOOL)]),
            (SchoolBuilding, [self._new_placement(pair, incoming) for pair in _pairs(added)]),
        ):
            if rows:
                self.session.execute(insert(record), rows)

    def change(self, changed: tuple[Difference, ...], source: str) -> None:
        """Writes the fields that differ and no other: what a person added stays."""
        rows: dict[type[Base], list[dict[str, object]]] = {Building: [], School: [], SchoolBuilding: []}
        for each in changed:
            values: dict[str, object] = {change.name: change.new for change in each.changes}
            if isinstance(each.key, tuple):
                school, building = each.key
                key = {"school_id": self.schools[school], "building_id": self.buildings[building]}
                rows[SchoolBuilding].append(key | {"levels": _written(values["levels"])})
            elif each.kind == BUILDING:
                rows[Building].append({"id": self.buildings[each.key], **values, "source": source})
            else:
                rows[School].append({"id": self.schools[each.key], **values})
        for record, found in rows.items():
            if found:
                # Rows that set the same columns go to the database together, if they follow each other.
                self.session.execute(update(record), sorted(found, key=sorted))

    def _new_building(self, code: str, incoming: Incoming) -> dict[str, object]:
        facts = incoming.buildings[code].facts
        self.buildings[code] = new_id()
        component = None
        if facts.lat is not None and facts.lon is not None:
            component = propose_component(facts.lat, facts.lon, facts.municipality)
        return asdict(facts) | {
            "id": self.buildings[code],
            "organization_id": self.organization_id,
            "code": code,
            "short_name": short_name(facts.name),
            "source": incoming.source,
            "road_component": component,
        }

    def _new_school(self, code: str, incoming: Incoming) -> dict[str, object]:
        self.schools[code] = new_id()
        facts = incoming.schools[code].facts
        return {"id": self.schools[code], "organization_id": self.organization_id, "code": code, "name": facts.name}

    def _new_placement(self, pair: tuple[str, str], incoming: Incoming) -> dict[str, object]:
        school, building = pair
        levels = _written(incoming.placements[pair].facts.levels)
        return {"school_id": self.schools[school], "building_id": self.buildings[building], "levels": levels}


def short_name(name: str) -> str:
    """The name, or as many of its first words as columns of an agenda can hold."""
    return name if len(name) <= SHORT_NAME else textwrap.shorten(name, SHORT_NAME, placeholder="…")


def _codes(differences: Iterable[Difference], kind: str) -> Iterator[str]:
    return (each.key for each in differences if each.kind == kind and isinstance(each.key, str))


def _pairs(differences: Iterable[Difference]) -> Iterator[tuple[str, str]]:
    return (each.key for each in differences if isinstance(each.key, tuple))


def _levels(written: str) -> tuple[Level, ...]:
    return tuple(level for level in Level if level in written.split(","))


def _written(levels: object) -> str:
    return ",".join(levels) if isinstance(levels, tuple) else ""


def _rounded(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, 6)
