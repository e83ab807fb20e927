"""Lays the dated days of a board from its layers, and says what that changes before anybody writes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from intervention.domain.calendar_layers import Frame
from intervention.domain.school_calendar import DatedDay, days_of, is_same
from intervention.queries.catalogue import touch_catalogue
from intervention.queries.school_calendars import Layers, StrandKey, frame_of, layers_of
from intervention.records.calendars import SchoolDay, SchoolYear


@dataclass(frozen=True, slots=True)
class DayChange:
    """One dated day before and after; None where there is no such day."""

    building_id: UUID
    level: str
    before: DatedDay | None
    after: DatedDay | None

    @property
    def is_lived(self) -> bool:
        """Whether anybody would notice: the type of the day or its number changes."""
        return not is_same(self.before, self.after)


def proposed(session: Session, year: SchoolYear, layers: Layers, only: Iterable[UUID] | None = None) -> list[DayChange]:
    """What laying these layers would change in the rows that are there, in order of building, level and date."""
    strands = layers.strands(only)
    buildings = {building for building, _ in strands}
    present = present_days(session, year, buildings, layers.frame)
    # Most schools are told what their board is told, and have the same days.
    dated = {strand: {day.on_date: day for day in days_of(strand)} for strand in set(strands.values())}
    changes = []
    for key in sorted(strands.keys() | present.keys()):
        before = present.get(key, {})
        after = dated[strands[key]] if key in strands else {}
        changes += [
            DayChange(*key, before.get(on_date), after.get(on_date))
            for on_date in sorted(before.keys() | after.keys())
            if before.get(on_date) != after.get(on_date)
        ]
    return changes


def present_days(
    session: Session, year: SchoolYear, buildings: Iterable[UUID], frame: Frame | None = None
) -> Mapping[StrandKey, dict[Any, DatedDay]]:
    """The rows of a year as they are, by strand and date; within `frame` too, when its bounds are to become these."""
    frame = frame or frame_of(year)
    first, last = min(year.staff_from, frame.staff_from), max(year.staff_until, frame.staff_until)
    found: dict[StrandKey, dict[Any, DatedDay]] = defaultdict(dict)
    day = SchoolDay
    rows = session.execute(
        select(
            day.building_id, day.level, day.on_date, day.day_type, day.afternoon, day.cycle_day, day.cycle_number,
            day.printed_day, day.layer, day.label, day.rank,
        ).where(
            day.organization_id == year.organization_id,
            day.building_id.in_(list(buildings)),
            day.on_date.between(first, last),
        )
    )  # fmt: skip
    for building, level, *values in rows:
        found[building, level][values[0]] = DatedDay(*values)
    return found


def write_days(session: Session, year: SchoolYear, changes: Iterable[DayChange]) -> None:
    """Make the rows what the changes say they become; every search sees it from here on."""
    changes = list(changes)
    gone: dict[StrandKey, list[Any]] = defaultdict(list)
    for each in changes:
        if each.before is not None:
            gone[each.building_id, each.level].append(each.before.on_date)
    for (building, level), dates in gone.items():
        session.execute(
            delete(SchoolDay).where(
                SchoolDay.building_id == building, SchoolDay.level == level, SchoolDay.on_date.in_(dates)
            )
        )
    rows = [_row(year, each, each.after) for each in changes if each.after is not None]
    if rows:
        session.execute(insert(SchoolDay), rows)
    if changes:
        touch_catalogue(session, year.organization_id)


def lay_school_days(session: Session, year: SchoolYear, only: Iterable[UUID] | None = None) -> list[DayChange]:
    """Bring the dated days of these buildings (all without `only`) to what their layers say; gives what changed."""
    changes = proposed(session, year, layers_of(session, year), only)
    write_days(session, year, changes)
    return changes


def _row(year: SchoolYear, change: DayChange, day: DatedDay) -> dict[str, object]:
    return {
        "building_id": change.building_id,
        "level": change.level,
        "organization_id": year.organization_id,
        "on_date": day.on_date,
        "day_type": day.day_type,
        "afternoon": day.afternoon,
        "cycle_day": day.cycle_day,
        "cycle_number": day.cycle_number,
        "printed_day": day.printed_day,
        "layer": day.layer,
        "label": day.label,
        "rank": day.rank,
    }
