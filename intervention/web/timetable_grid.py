"""What the grid of a timetable shows: rows and columns, a card for each place, and what is in their way. No words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from uuid import UUID

from intervention.domain.timetable import Cell, Conflict, Possible, bin_of, half_hours
from intervention.queries.timetables import LineShown, Place
from intervention.usecases.timetable_cells import InHand
from intervention.usecases.timetable_sheet import Judged, Sheet

Key = tuple[int, time]


@dataclass(frozen=True, slots=True)
class Card:
    """A place on the grid. `judged` is None once it is published."""

    place: Place
    line: LineShown
    judged: Judged | None
    met_by: tuple[Judged, ...]
    is_in_hand: bool

    @property
    def has_conflict(self) -> bool:
        return self.judged is not None and bool(self.judged.fault or self.judged.conflicts)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is in the way of a place: each conflict, with the place of this timetable that it meets if it does."""

    card: Card
    conflicts: tuple[tuple[Conflict, Card | None], ...]


@dataclass(frozen=True, slots=True)
class GridShown:
    columns: tuple[int, ...]
    rows: tuple[time, ...]
    cards: Mapping[Key, Sequence[Card]]
    minutes: Mapping[int, int]  # of each column, in the fuller of two cycles
    elsewhere: tuple[Card, ...]  # placed by the week on a grid of the cycle, or the other way
    troubles: tuple[Trouble, ...]
    hand: InHand | None

    def possible(self, column: int, row: time) -> Possible | None:
        return self.hand.possible.get((column, row)) if self.hand else None

    @property
    def published(self) -> int:
        return sum(card.judged is None for cards in self.cards.values() for card in cards) + sum(
            card.judged is None for card in self.elsewhere
        )

    @property
    def unpublished(self) -> int:
        return sum(len(cards) for cards in self.cards.values()) + len(self.elsewhere) - self.published


def lay_out(sheet: Sheet, columns: tuple[int, ...], *, by_week: bool, hand: InHand | None) -> GridShown:
    """The cards of one kind of column; the others are named beside the grid."""
    every = {place.id: _card(sheet, line, place, hand) for line in sheet.lines for place in line.places}
    here: dict[Key, list[Card]] = defaultdict(list)
    load: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    elsewhere = []
    for card in sorted(every.values(), key=lambda each: each.place.cell):
        cell = card.place.cell
        if cell.by_week == by_week and cell.day in columns:
            here[cell.day, bin_of(cell.at)].append(card)
            load[cell.day][cell.turn] += card.line.minutes
        else:
            elsewhere.append(card)
    starts = [card.place.cell.at for card in every.values()] + [row for _, row in (hand.possible if hand else ())]
    troubles = tuple(_trouble(card, every) for card in every.values() if card.has_conflict)
    minutes = {day: always + max(first, second) for day, (always, first, second) in load.items()}
    return GridShown(columns, half_hours(starts), here, minutes, tuple(elsewhere), troubles, hand)


def cell_value(cell: Cell) -> str:
    """A place as a form sends it: `j3-08:40`, `s2-13:00`, `j3-08:40-2` for the second of two cycles."""
    return f"{'s' if cell.by_week else 'j'}{cell.day}-{cell.at:%H:%M}{f'-{cell.turn}' if cell.turn else ''}"


def cell_of(value: str) -> Cell | None:
    """What `cell_value` gave."""
    day, _, rest = value.partition("-")
    at, _, turn = rest.partition("-")
    if turn not in {"", "1", "2"}:
        return None
    if day[:1] not in {"j", "s"} or not day[1:].isascii() or not day[1:].isdigit() or len(day) > 3:
        return None
    hour, _, minute = at.partition(":")
    if not (hour.isascii() and minute.isascii() and hour.isdigit() and minute.isdigit()) or len(at) > 5:
        return None
    if int(hour) > 23 or int(minute) > 59:
        return None
    return Cell(int(day[1:]), time(int(hour), int(minute)), day[0] == "s", int(turn or 0))


def _card(sheet: Sheet, line: LineShown, place: Place, hand: InHand | None) -> Card:
    moving: UUID | None = hand.moving.id if hand and hand.moving else None
    judged = sheet.judged.get(place.id) if place.series_id is None else None
    if judged is None and place.series_id is None:
        judged = Judged(place, line.id)
    return Card(place, line, judged, sheet.met_by(place.id), place.id == moving)


def _trouble(card: Card, every: Mapping[UUID, Card]) -> Trouble:
    conflicts = card.judged.conflicts if card.judged else ()
    return Trouble(card, tuple((each, every.get(each.met) if each.met else None) for each in conflicts))
