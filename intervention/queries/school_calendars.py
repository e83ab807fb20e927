"""What every layer says of every building of a board, for one school year: a few statements, whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.calendar_layers import Frame, Mark
from intervention.domain.cycle import Rotation
from intervention.domain.days import EVERY_LEVEL, ClosureScope, Layer
from intervention.domain.errors import NotFound
from intervention.domain.school_calendar import Strand
from intervention.records.calendars import (
    Closure,
    CycleRotation,
    DayMark,
    SchoolYear,
    Sector,
    SectorBuilding,
)
from intervention.records.schools import Building, School, SchoolBuilding

StrandKey = tuple[UUID, str]  # building, level or EVERY_LEVEL


@dataclass(frozen=True, slots=True)
class Teaching:
    """A school in a building, and the levels it teaches there."""

    school_id: UUID
    building_id: UUID
    levels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Layers:
    """A board's year as its layers give it, before anything is laid."""

    organization_id: UUID
    frame: Frame
    usual: Rotation
    buildings: tuple[UUID, ...]
    teachings: tuple[Teaching, ...]
    sectors: Mapping[UUID, frozenset[UUID]]
    marks: tuple[tuple[UUID, str, Mark], ...]  # target, level, mark
    rotations: Mapping[StrandKey, Rotation]
    closures: tuple[tuple[ClosureScope, UUID, Mark], ...]

    def strands(self, only: Iterable[UUID] | None = None) -> dict[StrandKey, Strand]:
        """The strand of each building, and of each level of it that has a word of its own."""
        wanted = set(self.buildings if only is None else only)
        by_target: dict[StrandKey, list[Mark]] = defaultdict(list)
        for target, level, mark in self.marks:
            by_target[target, level].append(mark)
        events = self._events()
        found = {}
        for building in self.buildings:
            if building in wanted:
                for level in (EVERY_LEVEL, *sorted(self._levels(building, by_target))):
                    found[building, level] = self._strand(building, level, by_target, events[building])
        return found

    def _strand(
        self, building: UUID, level: str, by_target: Mapping[StrandKey, list[Mark]], events: list[Mark]
    ) -> Strand:
        speak = [self.organization_id, *self._schools(building, level), building]
        marks = [mark for target in speak for mark in by_target.get((target, EVERY_LEVEL), ())]
        if level != EVERY_LEVEL:
            marks += by_target.get((building, level), ())
        rotation = self.rotations.get((building, level)) or self.rotations.get((building, EVERY_LEVEL)) or self.usual
        return Strand(self.frame, rotation, tuple(marks), tuple(events))

    def _schools(self, building: UUID, level: str) -> list[UUID]:
        """Whose words hold there: the one school of a building, or the schools that teach the level."""
        there = [t for t in self.teachings if t.building_id == building]
        if len(there) == 1:
            return [there[0].school_id]
        return [t.school_id for t in there if level in t.levels]

    def _levels(self, building: UUID, by_target: Mapping[StrandKey, list[Mark]]) -> set[str]:
        own = {level for at, level in (*by_target, *self.rotations) if at == building and level != EVERY_LEVEL}
        there = [t for t in self.teachings if t.building_id == building]
        if len(there) > 1:
            own |= {level for t in there if (t.school_id, EVERY_LEVEL) in by_target for level in t.levels}
        return own

    def _events(self) -> dict[UUID, list[Mark]]:
        found: dict[UUID, list[Mark]] = defaultdict(list)
        for scope, target, mark in self.closures:
            for building in self.reached(scope, target):
                found[building].append(mark)
        return found

    def reached(self, scope: ClosureScope, target: UUID) -> frozenset[UUID]:
        """The buildings that a closure of this scope closes."""
        match scope:
            case ClosureScope.ORGANIZATION:
                return frozenset(self.buildings) if target == self.organization_id else frozenset()
            case ClosureScope.SECTOR:
                return self.sectors.get(target, frozenset()) & frozenset(self.buildings)
            case ClosureScope.SCHOOL:
                return frozenset(t.building_id for t in self.teachings if t.school_id == target)
            case ClosureScope.BUILDING:
                return frozenset({target}) & frozenset(self.buildings)


def frame_of(year: SchoolYear) -> Frame:
    return Frame(year.staff_from, year.starts_on, year.ends_on, year.staff_until)


def year_of(session: Session, organization_id: UUID, on_date: date) -> SchoolYear:
    """The board's school year around a date: the one it is in, else the next, else the last. NotFound without any."""
    years = session.scalars(
        select(SchoolYear).where(SchoolYear.organization_id == organization_id).order_by(SchoolYear.staff_from)
    ).all()
    if not years:
        raise NotFound
    return next((year for year in years if on_date <= year.staff_until), years[-1])


def layers_of(session: Session, year: SchoolYear) -> Layers:
    """Everything said of a year. Closures that were lifted say nothing any more."""
    ours = year.organization_id
    of_year = DayMark.school_year_id == year.id
    sectors: dict[UUID, set[UUID]] = defaultdict(set)
    for sector, building in session.execute(
        select(SectorBuilding.sector_id, SectorBuilding.building_id).join(Sector).where(Sector.organization_id == ours)
    ):
        sectors[sector].add(building)
    buildings = session.scalars(
        select(Building.id).where(Building.organization_id == ours, Building.is_active).order_by(Building.id)
    ).all()
    return Layers(
        organization_id=ours,
        frame=frame_of(year),
        usual=Rotation(year.cycle_length, year.reflow),
        buildings=tuple(buildings),
        teachings=_teachings(session, ours),
        sectors={sector: frozenset(members) for sector, members in sectors.items()},
        marks=tuple((m.target_id, m.level, _mark(m)) for m in session.scalars(select(DayMark).where(of_year))),
        rotations={
            (r.building_id, r.level): Rotation(r.length, r.reflow, r.first_day)
            for r in session.scalars(select(CycleRotation).where(CycleRotation.school_year_id == year.id))
        },
        closures=_closures(session, year),
    )


def _teachings(session: Session, organization_id: UUID) -> tuple[Teaching, ...]:
    rows = session.execute(
        select(SchoolBuilding.school_id, SchoolBuilding.building_id, SchoolBuilding.levels)
        .join(School, School.id == SchoolBuilding.school_id)
        .where(School.organization_id == organization_id)
        .order_by(School.code)
    )
    return tuple(Teaching(school, at, frozenset(filter(None, levels.split(",")))) for school, at, levels in rows)


def _mark(row: DayMark) -> Mark:
    return Mark(row.layer, row.on_date, row.day_type, row.portion, row.label, row.rank)


def _closures(session: Session, year: SchoolYear) -> tuple[tuple[ClosureScope, UUID, Mark], ...]:
    rows = session.scalars(
        select(Closure)
        .where(
            Closure.organization_id == year.organization_id,
            Closure.lifted_at.is_(None),
            Closure.on_date.between(year.staff_from, year.staff_until),
        )
        .order_by(Closure.declared_at, Closure.id)
    )
    return tuple(
        (row.scope, row.target_id, Mark(Layer.EVENT, row.on_date, row.day_type, row.portion, row.label)) for row in rows
    )
