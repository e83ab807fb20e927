"""When somebody works: a week of openings, and another week from a date on. Wall times of her home building."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from itertools import pairwise

from intervention.domain.school_time import is_planned
from intervention.domain.seen import Facts
from intervention.domain.spans import TICK

WEEKDAYS = range(1, 8)
MOST_A_DAY = 3
_DAY = timedelta(days=1)
_GRID = TICK.seconds // 60


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """`weekday` from 1, Monday, to 7. Half-open: two openings of a day may touch."""

    weekday: int
    starts_local: time
    ends_local: time


@dataclass(frozen=True, slots=True)
class DatedOpening:
    """As it is stored: both days included, None for no limit."""

    opening: Opening
    valid_from: date | None = None
    valid_until: date | None = None


Week = tuple[Opening, ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """The week in force, and the one that takes its place on `later_from`."""

    week: Week = ()
    later_from: date | None = None
    later: Week = ()

    @property
    def shown(self) -> Facts:
        """Day by day of either week, each named as the first field of its openings."""
        weeks = (("now", self.week), ("later", self.later))
        days = {
            f"starts-{name}-{weekday}-0": [(o.starts_local, o.ends_local) for o in week if o.weekday == weekday]
            for name, week in weeks
            for weekday in WEEKDAYS
        }
        return {"later_from": self.later_from, **days}


FIRST_HOURS = Hours(tuple(Opening(weekday, time(8), time(16)) for weekday in range(1, 6)))


def hours_on(rows: Sequence[DatedOpening], today: date) -> Hours:
    """What the rows say as of `today`: the next day on which anything begins or ends opens the later week."""
    lasting = [row for row in rows if row.valid_until is None or row.valid_until >= today]
    turns = [row.valid_from for row in lasting if row.valid_from is not None and row.valid_from > today]
    turns += [row.valid_until + _DAY for row in lasting if row.valid_until is not None]
    turn = min(turns, default=None)
    return Hours(_week_on(rows, today), turn, _week_on(rows, turn) if turn else ())


def rewritten(rows: Sequence[DatedOpening], hours: Hours, today: date) -> list[DatedOpening]:
    """Every row once these are the hours. What was in force before the present week began stays as it was."""
    over = [row for row in rows if row.valid_until is not None and row.valid_until < today]
    present = [row for row in rows if row not in over and (row.valid_from or today) <= today]
    begun = [row.valid_from for row in present if row.valid_from] + [
        row.valid_until + _DAY for row in over if row.valid_until
    ]
    since = max(begun, default=None)
    if since is not None:
        over += [replace(row, valid_until=since - _DAY) for row in present if (row.valid_from or date.min) < since]
    until = hours.later_from - _DAY if hours.later_from else None
    return [
        *over,
        *(DatedOpening(each, since, until) for each in hours.week),
        *(DatedOpening(each, hours.later_from) for each in hours.later),
    ]


def hours_faults(hours: Hours, today: date) -> dict[str, str]:
    """Field → fault code; a field is `starts-<week>-<weekday>-<n>` or `ends-…`, its week `now` or `later`."""
    faults = _week_faults("now", hours.week)
    if hours.later_from is None:
        return faults | ({"later_from": "required"} if hours.later else {})
    if not is_planned(hours.later_from):
        faults["later_from"] = "not_a_date"
    elif hours.later_from <= today:
        faults["later_from"] = "not_to_come"
    return faults | _week_faults("later", hours.later)


def _week_on(rows: Iterable[DatedOpening], on: date) -> Week:
    found = {row.opening for row in rows if (row.valid_from or on) <= on <= (row.valid_until or on)}
    return tuple(sorted(found))


def _week_faults(name: str, week: Week) -> dict[str, str]:
    days: dict[int, list[Opening]] = defaultdict(list)
    for each in week:
        days[each.weekday].append(each)
    faults: dict[str, str] = {}
    for weekday, openings in days.items():
        for field, code in _day_faults(openings).items():
            kind, _, place = field.partition("-")
            faults[f"{kind}-{name}-{weekday}-{place}"] = code
    return faults


def _day_faults(openings: list[Opening]) -> dict[str, str]:
    """In the order given; one that begins before another ends is named at its start."""
    faults = {f"starts-{MOST_A_DAY}": "too_many"} if len(openings) > MOST_A_DAY else {}
    for n, each in enumerate(openings):
        for kind, at in (("starts", each.starts_local), ("ends", each.ends_local)):
            if at.minute % _GRID:
                faults[f"{kind}-{n}"] = "not_on_grid"
        if each.ends_local <= each.starts_local:
            faults[f"ends-{n}"] = "ends_before_start"
    in_order = sorted(range(len(openings)), key=lambda n: (openings[n].starts_local, openings[n].ends_local))
    for before, after in pairwise(in_order):
        if openings[after].starts_local < openings[before].ends_local:
            faults.setdefault(f"starts-{after}", "opening_overlaps")
    return faults
