"""Says the fictitious school year in layers: what all buildings share is the board's, the rest each building's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from intervention.domain.cycle import Reflow
from intervention.domain.days import DayType, Holiday, Layer
from intervention.records.calendars import CycleRotation, DayMark, SchoolYear, Sector, SectorBuilding
from intervention.records.schools import Building
from intervention.usecases.demo_world import board
from intervention.usecases.demo_world.calendar import USUAL_CYCLE, YearDay, YearPlan, label_of, school_year
from intervention.usecases.demo_world.sheet import Sheet

KEEPS_PRINTED = 9  # the cycle of a secondary school, whose timetable of optional courses is printed for the year
CONDITIONAL = "Journée conditionnelle F"


def lay_school_year(sheet: Sheet, today: date) -> dict[str, list[YearDay]]:
    """The layers of every building; gives back, by building key, the dated days that they must give."""
    cycles = {place: school.cycle for school in board.INSTITUTIONS for place, _ in school.teaches}
    years = {
        place.key: school_year(today, YearPlan(cycles[place.key], rank, late_break=place.road is not None))
        for rank, place in enumerate(board.PLACES)
    }
    lay_layers(sheet, label_of(today), years)
    for place, length in cycles.items():
        if length != USUAL_CYCLE:
            sheet.add(
                CycleRotation, place, school_year_id=sheet.id_of(SchoolYear, label_of(today)),
                building_id=sheet.id_of(Building, place), length=length,
                reflow=Reflow.KEEP if length == KEEPS_PRINTED else Reflow.SLIDE,
            )  # fmt: skip
    lay_sectors(sheet)
    return years


def lay_layers(sheet: Sheet, label: str, years: Mapping[str, list[YearDay]]) -> None:
    days = [day for year in years.values() for day in year]
    classes = [day.on_date for day in days if day.day_type is DayType.CLASS]
    sheet.add(
        SchoolYear, label, label=label, starts_on=min(classes), ends_on=max(classes), cycle_length=USUAL_CYCLE,
        staff_from=min(day.on_date for day in days), staff_until=max(day.on_date for day in days),
    )  # fmt: skip
    by_place = {key: {day.on_date: day for day in year} for key, year in years.items()}
    for on_date in sorted({day.on_date for day in days}):
        said = {key: by_date.get(on_date) or YearDay(on_date, DayType.SUMMER) for key, by_date in by_place.items()}
        first, *others = said.values()
        if all((each.day_type, each.label) == (first.day_type, first.label) for each in others):
            _mark(sheet, label, None, first)
        else:
            for key, day in said.items():
                _mark(sheet, label, key, day)


def lay_sectors(sheet: Sheet) -> None:
    for name, places in board.SECTORS:
        sector_id = sheet.add(Sector, name, name=name)
        for place in places:
            building_id = sheet.id_of(Building, place)
            sheet.add(SectorBuilding, name, place, sector_id=sector_id, building_id=building_id)


def _mark(sheet: Sheet, year: str, place: str | None, day: YearDay) -> None:
    """A class day is what a date is when nobody says anything."""
    if day.day_type is DayType.CLASS:
        return
    label = day.label
    rank = int(label.removeprefix(CONDITIONAL)) if label and label.startswith(CONDITIONAL) else None
    layer = Layer.HOLIDAYS if label in set(Holiday) else Layer.BUILDING if place else Layer.ORGANIZATION
    sheet.add(
        DayMark, place or "board", day.on_date, school_year_id=sheet.id_of(SchoolYear, year), layer=layer,
        target_id=sheet.id_of(Building, place) if place else sheet.organization_id, on_date=day.on_date,
        day_type=day.day_type, label=label, rank=rank,
    )  # fmt: skip
