"""What an import would change: official places compared with the stored ones. Nothing is ever deleted.

A place that the file no longer names is reported: a closed school still has its past séances, and a file may simply be
that of another year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TypeVar

from intervention.domain.school_data import (
    BuildingFacts,
    Facts,
    Fault,
    Incoming,
    PlacementFacts,
    Read,
    SchoolFacts,
)

BUILDING, SCHOOL, PLACEMENT = "building", "school", "placement"


@dataclass(frozen=True, slots=True)
class Existing:
    """What is stored of one board, under the same keys as `Incoming`; `confirmed_zones` by building code."""

    buildings: Mapping[str, BuildingFacts] = field(default_factory=dict)
    schools: Mapping[str, SchoolFacts] = field(default_factory=dict)
    placements: Mapping[tuple[str, str], PlacementFacts] = field(default_factory=dict)
    confirmed_zones: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldChange:
    name: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class Difference:
    """`key` is a code, or (school code, building code). `line` is 0 for what the file does not name."""

    kind: str
    key: str | tuple[str, str]
    name: str
    line: int = 0
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class ZoneQuestion:
    """A building whose legal time a person must confirm, or look at again when `confirmed` is another."""

    building_code: str
    name: str
    proposed: str
    because: str
    is_certain: bool
    confirmed: str | None


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """`refused` is not empty when the file has any fault: then nothing else is in the plan."""

    added: tuple[Difference, ...] = ()
    changed: tuple[Difference, ...] = ()
    vanished: tuple[Difference, ...] = ()
    unchanged: int = 0
    refused: tuple[Fault, ...] = ()
    zones: tuple[ZoneQuestion, ...] = ()
    buildings: int = 0
    youth_buildings: int = 0
    schools: int = 0
    rows_of_others: int = 0
    rows_not_teaching: int = 0

    @property
    def changes_nothing(self) -> bool:
        return not (self.added or self.changed)


def plan_import(existing: Existing, incoming: Incoming, board: str) -> ImportPlan:
    """The difference that applying `incoming` would make to `existing`; a file with one bad line makes none."""
    others = sum(count for code, count in incoming.rows_by_board.items() if code != board)
    if incoming.faults:
        return ImportPlan(refused=tuple(incoming.faults), rows_of_others=others)
    diff = _Diff()
    diff.compare(BUILDING, existing.buildings, incoming.buildings)
    if incoming.has_schools:
        diff.compare(SCHOOL, existing.schools, incoming.schools)
        diff.compare(PLACEMENT, existing.placements, incoming.placements)
    return ImportPlan(
        added=tuple(diff.added),
        changed=tuple(diff.changed),
        vanished=tuple(diff.vanished),
        unchanged=diff.unchanged,
        zones=_zone_questions(existing, incoming),
        buildings=len(incoming.buildings),
        youth_buildings=len(incoming.youth_buildings),
        schools=len(incoming.schools),
        rows_of_others=others,
        rows_not_teaching=incoming.rows_not_teaching,
    )


Key = TypeVar("Key", str, tuple[str, str])


class _Diff:
    def __init__(self) -> None:
        self.added: list[Difference] = []
        self.changed: list[Difference] = []
        self.vanished: list[Difference] = []
        self.unchanged = 0

    def compare(self, kind: str, existing: Mapping[Key, Facts], incoming: Mapping[Key, Read[Facts]]) -> None:
        for key, read in incoming.items():
            known = existing.get(key)
            if known is None:
                self.added.append(Difference(kind, key, _name(read.facts), read.line))
            elif changes := _changes(known, read.facts):
                self.changed.append(Difference(kind, key, _name(read.facts), read.line, changes))
            else:
                self.unchanged += 1
        gone = sorted(existing.keys() - incoming.keys())  # a database gives them in any order
        self.vanished += [Difference(kind, key, _name(existing[key])) for key in gone]


def _changes(old: Facts, new: Facts) -> tuple[FieldChange, ...]:
    """None in the file says nothing, so it changes nothing."""
    pairs = ((f.name, getattr(old, f.name), getattr(new, f.name)) for f in fields(new))
    return tuple(
        FieldChange(name, was, becomes) for name, was, becomes in pairs if becomes is not None and was != becomes
    )


def _name(facts: BuildingFacts | SchoolFacts | PlacementFacts) -> str:
    return getattr(facts, "name", "")


def _zone_questions(existing: Existing, incoming: Incoming) -> tuple[ZoneQuestion, ...]:
    questions = []
    for code, read in incoming.buildings.items():
        proposal, confirmed = incoming.zones[code], existing.confirmed_zones.get(code)
        if confirmed != proposal.zone:
            questions.append(
                ZoneQuestion(code, read.facts.name, proposal.zone, proposal.because, proposal.is_certain, confirmed)
            )
    return tuple(questions)
