"""Judges many séances where each would land, together: those that cannot go stay, and may stand in another's way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from intervention.domain.redating import Landing
from intervention.domain.slot_rules import Key
from intervention.domain.spans import Span, tick_of
from intervention.queries.catalogue import Catalogue
from intervention.queries.landing_ground import Ground, Lot
from intervention.queries.standing import Shape, Standing
from intervention.usecases.work import Work

_DAY = 288


class Move(NamedTuple):
    """A séance and where it would be; `accepting` are codes of soft rules that somebody set aside for it before."""

    seance: Standing
    span: Span
    accepting: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Judge:
    ground: Ground
    moves: Mapping[UUID, Move]
    now: datetime
    refused: dict[UUID, list[Key]] = field(default_factory=dict)
    landed: dict[tuple[int, Shape], dict[UUID, Move]] = field(default_factory=lambda: defaultdict(dict))  # by day

    def judge(self) -> None:
        self.ground.lift((move.seance, move.seance.span) for move in self.moves.values())
        for alike in self._alike():
            self._try(alike)
        returning = list(self.refused)
        while returning:
            returning += self._stay(self.moves[returning.pop()])

    def _alike(self) -> list[list[Move]]:
        """Those that differ by their time alone, judged in one go."""
        numbers: dict[object, int] = {}
        of_shape: dict[Shape, int] = {}
        found: dict[object, list[Move]] = defaultdict(list)
        for move in sorted(self.moves.values(), key=lambda move: (move.span.starts_at, move.span.ends_at)):
            shape = move.seance.shape
            if shape not in of_shape:
                of_shape[shape] = numbers.setdefault(shape.composition, len(numbers))
            found[of_shape[shape], move.accepting].append(move)
        return list(found.values())

    def _try(self, alike: Sequence[Move]) -> list[UUID]:
        """Put those that can be where they land; gives the others."""
        found = self.ground.refusing([(move.seance, move.span) for move in alike], self.now)
        wrong, right = [], []
        for move in alike:
            own = move.seance.id
            keys = [key for key in found.get(own, ()) if key[0].value not in move.accepting]
            if keys:
                self.refused[own] = keys
                wrong.append(own)
            else:
                right.append((move.seance, move.span))
                self.landed[_day(move.span), move.seance.shape][own] = move
        self.ground.put(right)
        return wrong

    def _stay(self, back: Move) -> list[UUID]:
        """Put one back where it stands, and ask again those that landed there; gives those that cannot any more."""
        day = _day(back.seance.span)
        met: list[Move] = []
        for shape in self.ground.sharing(back.seance.shape):
            met += self.landed.pop((day, shape), {}).values()
        met.sort(key=lambda move: (move.span.starts_at, move.span.ends_at, move.seance.id))
        self.ground.lift((move.seance, move.span) for move in met)
        self.ground.put([(back.seance, back.seance.span)])
        return [own for move in met for own in self._try([move])]


def judged(
    work: Work, board: Catalogue, moves: Mapping[UUID, Move], leaving: Mapping[UUID, Standing]
) -> dict[UUID, Landing]:
    """Where each would land and what is against it. `leaving` are called off meanwhile: they are in nobody's way."""
    if not moves:
        return {}
    lots: list[Lot] = [(move.seance, move.span) for move in moves.values()]
    lots += [(each, each.span) for each in leaving.values()]
    ground = Ground(work.session, board, lots)
    ground.lift((each, each.span) for each in leaving.values())
    judge = _Judge(ground, moves, work.now())
    judge.judge()
    free: dict[int, Landing] = {}  # by span: many land together
    found = {}
    for own, move in moves.items():
        keys = judge.refused.get(own)
        landing = _landing(move, keys) if keys else free.get(id(move.span))
        found[own] = landing or free.setdefault(id(move.span), Landing(move.span))
    return found


def _landing(move: Move, keys: list[Key]) -> Landing:
    return Landing(move.span, tuple(dict.fromkeys(rule.value for rule, _ in keys)), keys[0][1])


def _day(span: Span) -> int:
    return tick_of(span.starts_at) // _DAY
