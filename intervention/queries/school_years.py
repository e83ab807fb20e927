"""School years as people read them: which there are, and one year at one building or level, day by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.calendar_edits import Voice
from intervention.domain.calendar_layers import Frame, Mark, YearCount, count, words_on
from intervention.domain.cycle import Rotation
from intervention.domain.days import EVERY_LEVEL, Layer
from intervention.domain.errors import NotFound
from intervention.domain.people import Level
from intervention.domain.permissions import Action, Actor, Subject, permits, require
from intervention.domain.school_calendar import DatedDay, Strand
from intervention.queries.school_calendars import Layers, frame_of, layers_of
from intervention.records.calendars import SchoolDay, SchoolYear
from intervention.records.schools import Building, School, SchoolBuilding


@dataclass(frozen=True, slots=True)
class YearLine:
    id: UUID
    label: str
    frame: Frame
    usual: Rotation


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A building whose calendar the reader may see; its schools with what each teaches there."""

    id: UUID
    name: str
    schools: tuple[tuple[UUID, str], ...]
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class NamedVoice:
    voice: Voice
    name: str


@dataclass(frozen=True, slots=True)
class YearGrid:
    """A year at one building, or at one level of it. `days` are the dated rows; `strand` says who decided what."""

    year: YearLine
    place: PlaceLine
    level: str
    own_levels: tuple[Level, ...]  # levels whose days differ from the building's
    days: Mapping[date, DatedDay]
    counted: YearCount
    strand: Strand
    own_rotation: Rotation | None
    voices: tuple[NamedVoice, ...]
    may_edit_year: bool

    @property
    def is_renumbered(self) -> bool:
        return any(day.cycle_day != day.printed_day for day in self.days.values() if day.printed_day is not None)

    def words(self, on_date: date) -> list[Mark]:
        """What each layer says of a date, the one that decides last."""
        return words_on(self.strand.frame, on_date, (*self.strand.marks, *self.strand.events))


def year_lines(session: Session, actor: Actor) -> tuple[YearLine, ...]:
    """The board's years, the latest first. Whoever sees a building of the board sees them."""
    require(actor, Action.SEE_BUSY, Subject(actor.organization_id))
    rows = session.scalars(
        select(SchoolYear)
        .where(SchoolYear.organization_id == actor.organization_id)
        .order_by(SchoolYear.staff_from.desc())
    )
    return tuple(_line(row) for row in rows)


def years_to_follow(session: Session, actor: Actor) -> tuple[YearLine, ...]:
    """The same for who may open a year after them. Raises NotAllowed."""
    require(actor, Action.EDIT_CALENDARS, Subject(actor.organization_id))
    return year_lines(session, actor)


def place_lines(session: Session, actor: Actor) -> tuple[PlaceLine, ...]:
    """The buildings whose calendar the actor sees, by name."""
    taught: dict[UUID, list[tuple[UUID, str, str]]] = {}
    for school_id, at, name, levels in session.execute(
        select(School.id, SchoolBuilding.building_id, School.name, SchoolBuilding.levels)
        .join(SchoolBuilding, SchoolBuilding.school_id == School.id)
        .where(School.organization_id == actor.organization_id)
        .order_by(School.name)
    ):
        taught.setdefault(at, []).append((school_id, name, levels))
    rows = session.execute(
        select(Building.id, Building.short_name)
        .where(Building.organization_id == actor.organization_id, Building.is_active)
        .order_by(Building.short_name)
    )
    return tuple(
        _place(building_id, name, taught.get(building_id, []))
        for building_id, name in rows
        if permits(actor, Action.SEE_BUILDING, Subject(actor.organization_id, buildings=frozenset({building_id})))
    )


def year_grid(session: Session, actor: Actor, year_id: UUID, building_id: UUID, level: str = EVERY_LEVEL) -> YearGrid:
    """Raises NotFound for a year, building or level that is not there, NotAllowed out of the actor's buildings."""
    year, building = session.get(SchoolYear, year_id), session.get(Building, building_id)
    if year is None or building is None or year.organization_id != building.organization_id:
        raise NotFound
    require(actor, Action.SEE_BUILDING, Subject(building.organization_id, buildings=frozenset({building_id})))
    place = next((each for each in place_lines(session, actor) if each.id == building_id), None)
    layers = layers_of(session, year)
    strands = layers.strands([building_id])
    if place is None or (level != EVERY_LEVEL and level not in set(Level)):
        raise NotFound
    laid = level if (building_id, level) in strands else EVERY_LEVEL
    days = _days(session, year, building_id, laid)
    return YearGrid(
        year=_line(year),
        place=place,
        level=level,
        own_levels=tuple(each for each in Level if (building_id, each) in strands),
        days=days,
        counted=count(days.values()),
        strand=strands[building_id, laid],
        own_rotation=layers.rotations.get((building_id, level)),
        voices=_voices(actor, layers, place),
        may_edit_year=bool(permits(actor, Action.EDIT_CALENDARS, Subject(actor.organization_id))),
    )


def year_near(lines: tuple[YearLine, ...], on_date: date) -> YearLine | None:
    """The year a date is in, else the next, else the last."""
    by_date = sorted(lines, key=lambda each: each.frame.staff_from)
    return next((each for each in by_date if on_date <= each.frame.staff_until), by_date[-1] if by_date else None)


def _days(session: Session, year: SchoolYear, building_id: UUID, level: str) -> dict[date, DatedDay]:
    rows = session.scalars(
        select(SchoolDay)
        .where(
            SchoolDay.building_id == building_id, SchoolDay.level == level,
            SchoolDay.on_date.between(year.staff_from, year.staff_until),
        )
        .order_by(SchoolDay.on_date)
    )  # fmt: skip
    return {
        row.on_date: DatedDay(
            row.on_date, row.day_type, row.afternoon, row.cycle_day, row.cycle_number, row.printed_day, row.layer,
            row.label, row.rank,
        )
        for row in rows
    }  # fmt: skip


def _voices(actor: Actor, layers: Layers, place: PlaceLine) -> tuple[NamedVoice, ...]:
    """Whose word the actor may give there, the widest first."""
    ours = layers.organization_id
    here = frozenset({place.id})
    of_school = {
        school: frozenset(each.building_id for each in layers.teachings if each.school_id == school)
        for school, _ in place.schools
    }
    offered = [(NamedVoice(Voice(Layer.ORGANIZATION, ours), ""), Subject(ours))]
    offered += [
        (NamedVoice(Voice(Layer.SCHOOL, school), name), Subject(ours, buildings=of_school[school], school_id=school))
        for school, name in place.schools
    ]
    offered.append((NamedVoice(Voice(Layer.BUILDING, place.id), place.name), Subject(ours, buildings=here)))
    offered += [
        (NamedVoice(Voice(Layer.LEVEL, place.id, level), place.name), Subject(ours, buildings=here))
        for level in place.levels
    ]
    return tuple(voice for voice, subject in offered if permits(actor, Action.EDIT_CALENDARS, subject))


def _line(row: SchoolYear) -> YearLine:
    return YearLine(row.id, row.label, frame_of(row), Rotation(row.cycle_length, row.reflow))


def _place(building_id: UUID, name: str, taught: list[tuple[UUID, str, str]]) -> PlaceLine:
    levels = {level for _, _, text in taught for level in text.split(",")}
    return PlaceLine(
        building_id, name, tuple((school, title) for school, title, _ in taught),
        tuple(level for level in Level if level in levels),
    )  # fmt: skip
