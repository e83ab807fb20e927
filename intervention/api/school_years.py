"""The dated days of a building, and edits of the layers that they are laid from: shown first, then applied."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from intervention.api.operations import Answer, Call
from intervention.api.redated import MOST_LINES, RedatedLine, decided_in, redated
from intervention.api.scalars import Day, Id, Input, Query, Text
from intervention.domain.calendar_edits import MAX_LABEL, MAX_RANK, MAX_STROKES, Stroke, Voice
from intervention.domain.days import EVERY_LEVEL, DayType, Layer, Portion
from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.people import Level
from intervention.domain.redating import Fate
from intervention.domain.school_calendar import DatedDay
from intervention.queries.school_years import YearLine, year_grid, year_lines, year_near
from intervention.usecases.calendar_edits import PaintDays, apply_edit, preview_edit
from intervention.usecases.school_days import DayChange


class SchoolDay(TypedDict):
    """`afternoon` differs from `morning` on a day in halves. `cycle_day` 0 is open and outside the cycle."""

    on_date: date
    morning: DayType
    afternoon: DayType
    cycle_day: int | None
    cycle_number: int | None
    printed_day: Annotated[int | None, Field(description="What the calendar said before anything unplanned.")]
    layer: Annotated[Layer, Field(description="Who decided.")]
    label: str | None
    rank: int | None


class SchoolYear(TypedDict):
    id: UUID
    label: str
    building_id: UUID
    level: Level | None
    pupils_from: date
    pupils_until: date
    class_days: Annotated[float, Field(description="Halves count for a half; the law asks 180 at least.")]
    calendar_days: Annotated[float, Field(description="The law asks 200 at most.")]
    days: list[SchoolDay]


class ChangedDay(TypedDict):
    building_id: UUID
    level: Level | None
    before: SchoolDay | None
    after: SchoolDay | None


class CalendarEdit(TypedDict):
    """`change_id` is null in a dry run. `lost`, `gained`: encounters to come that one may know of; they stay."""

    change_id: UUID | None
    days: list[ChangedDay]
    lost: list[UUID]
    gained: list[UUID]
    lines: list[RedatedLine]
    confidential: int


class YearQuery(Query):
    """The year around `on`, or around today; the days of one level where it differs from its building."""

    on: Day | None = None
    level: Level | None = None


class MarkRange(Input):
    """Both dates included; weekends and legal holidays are left out of a range. `day_type` null takes marks back."""

    first: Day
    last: Day
    day_type: DayType | None
    portion: Portion = Portion.WHOLE
    label: Annotated[Text, Field(max_length=MAX_LABEL)] | None = None
    rank: Annotated[int, Field(ge=1, le=MAX_RANK)] | None = None


class MarkDays(Input):
    """Marks of one layer: of the board, of the school `school_id`, of the building, or of one `level` of it. Séances
    follow the rule that a dry run shows; `following` and `staying` say otherwise, séance by séance."""

    layer: Layer
    school_id: Id | None = None
    level: Level | None = None
    marks: Annotated[tuple[MarkRange, ...], Field(min_length=1, max_length=MAX_STROKES)]
    dry_run: bool = True
    following: Annotated[tuple[Id, ...], Field(max_length=MOST_LINES)] = ()
    staying: Annotated[tuple[Id, ...], Field(max_length=MOST_LINES)] = ()


def read_year(call: Call) -> Answer:
    query: YearQuery = call.query
    line = _year(call, query.on or call.work.now().date())
    grid = year_grid(call.work.session, call.actor, line.id, call.id, query.level or EVERY_LEVEL)
    body: SchoolYear = {
        "id": line.id,
        "label": line.label,
        "building_id": call.id,
        "level": query.level,
        "pupils_from": line.frame.pupils_from,
        "pupils_until": line.frame.pupils_until,
        "class_days": grid.counted.class_halves / 2,
        "calendar_days": grid.counted.calendar_halves / 2,
        "days": [_day(day) for day in grid.days.values()],
    }
    return Answer(body)


def mark_days(call: Call) -> Answer:
    body: MarkDays = call.body
    line = _year(call, body.marks[0].first)
    strokes = tuple(Stroke(m.first, m.last, m.day_type, m.portion, m.label or None, m.rank) for m in body.marks)
    edit = PaintDays(line.id, _voice(call, body), strokes)
    shown = preview_edit(call.work, call.actor, edit)
    told: CalendarEdit = {
        "change_id": None if body.dry_run else apply_edit(call.work, call.actor, edit, decided_in(body)),
        "days": [_changed(each) for each in shown.days],
        "lost": [line.view.id for line in shown.sheet.lines if line.fated.fate is Fate.NO_SCHOOL],
        "gained": [view.id for view in shown.gained],
        "lines": [redated(line.fated) for line in shown.sheet.lines],
        "confidential": shown.sheet.confidential,
    }
    return Answer(told)


def _year(call: Call, on_date: date) -> YearLine:
    """The building is looked at by whoever asks for its year."""
    found = year_near(year_lines(call.work.session, call.actor), on_date)
    if found is None:
        raise NotFound
    return found


def _voice(call: Call, body: MarkDays) -> Voice:
    match body.layer:
        case Layer.ORGANIZATION:
            return Voice(Layer.ORGANIZATION, call.actor.organization_id)
        case Layer.SCHOOL if body.school_id is not None:
            return Voice(Layer.SCHOOL, body.school_id)
        case Layer.SCHOOL:
            raise InvalidInput({"school_id": "required"})
        case Layer.LEVEL if body.level is None:
            raise InvalidInput({"level": "required"})
        case _:
            return Voice(body.layer, call.id, body.level or EVERY_LEVEL)


def _changed(each: DayChange) -> ChangedDay:
    return {
        "building_id": each.building_id,
        "level": Level(each.level) if each.level else None,
        "before": _day(each.before) if each.before else None,
        "after": _day(each.after) if each.after else None,
    }


def _day(day: DatedDay) -> SchoolDay:
    morning, afternoon = day.types
    return {
        "on_date": day.on_date,
        "morning": morning,
        "afternoon": afternoon,
        "cycle_day": day.cycle_day,
        "cycle_number": day.cycle_number,
        "printed_day": day.printed_day,
        "layer": day.layer,
        "label": day.label,
        "rank": day.rank,
    }
