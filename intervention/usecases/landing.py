"""Judges many séances where each would land, together: those that cannot go stay, and may stand in another's way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from intervention.domain.redating import Landing
from intervention.domain.slot_rules import Key
from intervention.domain.spans import Span, tick_of
from intervention.queries.catalogue import Catalogue
from intervention.queries.landing_ground import Ground
from intervention.queries.standing import Standing
from intervention.usecases.work import Work

_DAY = 288


@dataclass(frozen=True, slots=True)
class Move:
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
    landed: dict[int, set[UUID]] = field(default_factory=lambda: defaultdict(set))

    def judge(self) -> None:
        self.ground.lift({each: (move.seance, move.seance.span) for each, move in self.moves.items()})
        for alike in self._alike():
            self._try(alike)
        returning = list(self.refused)
        while returning:
            returning += self._stay(self.moves[returning.pop()])

    def _alike(self) -> list[list[Move]]:
        """Those that differ by their time alone, judged in one go."""
        found: dict[object, list[Move]] = defaultdict(list)
        for move in sorted(self.moves.values(), key=lambda move: move.span):
            ask = move.seance.ask
            found[ask.host_id, ask.kind, ask.minutes, ask.sites, move.accepting].append(move)
        return list(found.values())

    def _try(self, alike: list[Move]) -> list[UUID]:
        """Put those that can be where they land; gives the others."""
        spans = {move.seance.id: move.span for move in alike}
        found = self.ground.refusing([move.seance for move in alike], spans, self.now)
        wrong = []
        for move in alike:
            own = move.seance.id
            keys = [key for key in found[own] if key[0].value not in move.accepting]
            if keys:
                self.refused[own] = keys
                wrong.append(own)
            else:
                self.ground.put(move.seance, move.span)
                self.landed[_day(move.span)].add(own)
        return wrong

    def _stay(self, back: Move) -> list[UUID]:
        """Put one back where it stands, and ask again those that landed there; gives those that cannot any more."""
        there = self.landed[_day(back.seance.span)]
        needed = back.seance.ask.composition.resources()
        met = [self.moves[e] for e in there if needed & self.moves[e].seance.ask.composition.resources()]
        self.ground.lift({move.seance.id: (move.seance, move.span) for move in met})
        there -= {move.seance.id for move in met}
        self.ground.put(back.seance, back.seance.span)
        return [own for move in met for own in self._try([move])]


def judged(
    work: Work, board: Catalogue, moves: Mapping[UUID, Move], leaving: Mapping[UUID, Standing]
) -> dict[UUID, Landing]:
    """Where each would land and what is against it. `leaving` are called off meanwhile: they are in nobody's way."""
    if not moves:
        return {}
    seances = [*(move.seance for move in moves.values()), *leaving.values()]
    spans = [move.span for move in moves.values()] + [each.span for each in seances]
    ground = Ground(work.session, board, seances, spans)
    ground.lift({own: (each, each.span) for own, each in leaving.items()})
    judge = _Judge(ground, moves, work.now())
    judge.judge()
    return {own: _landing(move, judge.refused.get(own, [])) for own, move in moves.items()}


def _landing(move: Move, keys: list[Key]) -> Landing:
    rules = tuple(dict.fromkeys(rule.value for rule, _ in keys))
    return Landing(move.span, rules, keys[0][1] if keys else None)


def _day(span: Span) -> int:
    return tick_of(span.starts_at) // _DAY
