"""« Les cases possibles »: what each half hour of the grid would hold of a line over the year, and why no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from uuid import UUID

from intervention.domain.errors import NotFound
from intervention.domain.permissions import Actor
from intervention.domain.recurrence import SCHOOL_WEEK, PlainDay
from intervention.domain.school_time import tick_at
from intervention.domain.slot_rules import OptionRules, RuleBook
from intervention.domain.timetable import Cell, Possible, bin_of, half_hours, starts_in, turn_of_cycle, turn_of_week
from intervention.queries.timetables import LineShown, Place
from intervention.records.timetables import Timetable, TimetableLine
from intervention.usecases.timetable_sheet import Grid, Sheet, Way
from intervention.usecases.work import Work

Key = tuple[int, time]  # a column and a row


@dataclass(frozen=True, slots=True)
class InHand:
    """The grid beside a line that is being placed. `possible` is by column and row; empty where it cannot be held."""

    sheet: Sheet
    line: LineShown
    moving: Place | None
    possible: Mapping[Key, Possible]
    fault: str | None = None

    @property
    def best(self) -> tuple[Possible, ...]:
        """The places that miss fewest dates, the earliest in the cycle first."""
        some = [each for each in self.possible.values() if each.held]
        return tuple(sorted(some, key=lambda each: (each.total - each.held, each.cell))[:6])


def take_in_hand(  # noqa: PLR0913 - keyword-only after the line
    work: Work,
    actor: Actor,
    timetable: Timetable,
    line_id: UUID,
    *,
    moving: UUID | None = None,
    by_week: bool,
    columns: Sequence[int],
) -> InHand:
    """Judge the grid, and every half hour for one line beside all the others. Raises NotFound. Writes nothing."""
    grid = Grid(work, actor, timetable)
    line = next((each for each in grid.lines if each.id == line_id and not each.is_hidden), None)
    if line is None:
        raise NotFound
    moved = next((place for place in line.places if place.id == moving and place.series_id is None), None)
    sheet = grid.judged(without={moved.id} if moved else ())
    way = grid.ways.get(line.id)
    found: dict[Key, Possible] = {}
    if way is not None and grid.bounds is not None:
        found = _Cells(grid, way, line).of(columns, by_week=by_week)
    if moved is not None and grid.bounds is not None:
        judged = {**sheet.judged, moved.id: grid.judged_place(moved, line)}
        sheet = Sheet(sheet.lines, judged, sheet.bounds)
    return InHand(sheet, line, moved, found, grid.faults.get(line.id))


def nearest_start(work: Work, actor: Actor, timetable: Timetable, line_id: UUID, wanted: Cell) -> Cell:
    """Where a line that is dropped on a half hour begins: the start that holds most dates."""
    columns = (wanted.day,)
    hand = take_in_hand(work, actor, timetable, line_id, by_week=wanted.by_week, columns=columns)
    found = hand.possible.get((wanted.day, bin_of(wanted.at)))
    return found.cell if found is not None else wanted


def in_turn(work: Work, actor: Actor, timetable: Timetable, line_id: UUID, wanted: Cell) -> Cell:
    """The same start, in those cycles of two that hold most dates where the line takes one in two."""
    kept = work.session.get(TimetableLine, line_id)
    if kept is None or kept.every == 1 or wanted.turn:
        return wanted
    grid = Grid(work, actor, timetable)
    line = next((each for each in grid.lines if each.id == line_id and not each.is_hidden), None)
    way = grid.ways.get(line_id)
    if line is None or way is None or grid.bounds is None:
        return replace(wanted, turn=1)
    grid.judged()
    return _Cells(grid, way, line).turned(wanted)


class _Cells:
    """Every rule of one line over the whole year, looked up date by date."""

    def __init__(self, grid: Grid, way: Way, line: LineShown) -> None:
        self.days, self.zone = grid.days(way.anchor), way.anchor.zone
        self.turns = (0,) if line.every == 1 else (1, 2)
        self.origin = grid.year.origin
        problem = grid.year.problem(way.arrangement, line.minutes)
        rules: OptionRules = RuleBook(problem).option(0)
        size = -(-problem.length // 8) + 1
        # Bytes: a bit of a mask of a year is looked up at once, where shifting the mask would copy it.
        self.allowed = _bytes(rules.allowed, size)
        self.by_rule = [(rule.value, _bytes(mask, size)) for (rule, _), mask in rules.allowed_by.items()]

    def of(self, columns: Sequence[int], *, by_week: bool) -> dict[Key, Possible]:
        dates = _dates_by_day(self.days, by_week=by_week)
        bells = {at for day in self.days.values() for at in day.periods}
        return {
            (column, row): self._best(
                [Cell(column, at, by_week, turn) for turn in self.turns for at in starts_in(row, bells)],
                dates.get(column, {}),
            )
            for row in half_hours(bells)
            for column in columns
        }

    def turned(self, wanted: Cell) -> Cell:
        dates = _dates_by_day(self.days, by_week=wanted.by_week).get(wanted.day, {})
        return self._best([replace(wanted, turn=turn) for turn in self.turns], dates).cell

    def _best(self, cells: Sequence[Cell], dates: Mapping[int, list[date]]) -> Possible:
        """The cell that misses fewest of its dates, the first of several; one that has no date is the last resort."""
        tried = [(cell, [self._tick(on_date, cell.at) for on_date in dates.get(cell.turn, ())]) for cell in cells]
        counts = [sum(_has(self.allowed, tick) for tick in ticks) for _, ticks in tried]
        best = min(range(len(tried)), key=lambda n: (not tried[n][1], len(tried[n][1]) - counts[n], -counts[n]))
        cell, ticks = tried[best]
        rule = self._reason(ticks) if counts[best] < len(ticks) else None
        return Possible(cell, counts[best], len(ticks), rule)

    def _reason(self, ticks: Sequence[int]) -> str | None:
        """The most final rule of the most dates that are refused."""
        refused = (tick for tick in ticks if not _has(self.allowed, tick))
        told = Counter(next((rule for rule, mask in self.by_rule if not _has(mask, tick)), None) for tick in refused)
        return told.most_common(1)[0][0] if told else None

    def _tick(self, on_date: date, at: time) -> int:
        return tick_at(on_date, at, self.zone) - self.origin


def columns_of(timetable_length: int, *, by_week: bool) -> tuple[int, ...]:
    """The days of the grid: those of the cycle, or those of the school week."""
    return SCHOOL_WEEK if by_week else tuple(range(1, timetable_length + 1))


def _dates_by_day(days: Mapping[date, PlainDay], *, by_week: bool) -> dict[int, dict[int, list[date]]]:
    """The class days of each column, by turn: all of them under 0."""
    found: dict[int, dict[int, list[date]]] = {}
    for column, turn, on_date in _dated(days, by_week=by_week):
        of_column = found.setdefault(column, {})
        for each in (0, turn):
            of_column.setdefault(each, []).append(on_date)
    return found


def _dated(days: Mapping[date, PlainDay], *, by_week: bool) -> Iterator[tuple[int, int, date]]:
    for on_date, day in days.items():
        if by_week and day.has_class:
            yield on_date.isoweekday(), turn_of_week(on_date), on_date
        elif not by_week and day.cycle_day is not None and day.cycle_number is not None and day.has_class:
            yield day.cycle_day, turn_of_cycle(day.cycle_number), on_date


def _bytes(mask: int, size: int) -> bytes:
    """The bits of a mask that is cut to the window; a rule's mask may be the complement of one."""
    return (mask & (1 << 8 * size) - 1).to_bytes(size, "little")


def _has(mask: bytes, tick: int) -> int:
    return mask[tick >> 3] >> (tick & 7) & 1
