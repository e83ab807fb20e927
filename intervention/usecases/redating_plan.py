"""What a change of calendar would do to every séance to come: those that follow their day of the cycle, those that
cannot, and those whose day has no class any more. Nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from intervention.domain.errors import InvalidInput
from intervention.domain.permissions import Actor
from intervention.domain.redating import Decided, Fate, Fated, Landing, landed
from intervention.domain.school_time import exact_instant, local_date
from intervention.domain.series import Moment
from intervention.domain.series_reflow import Became
from intervention.domain.slots import SOFT_RULES
from intervention.domain.spans import Span
from intervention.queries.calendar_as import catalogue_as
from intervention.queries.catalogue import catalogue
from intervention.queries.series_reflow import Relaid, TouchedDate, touched
from intervention.queries.standing import Standing, standing
from intervention.records.series import Series
from intervention.usecases.calendar_impact import impact_of
from intervention.usecases.landing import Move, judged
from intervention.usecases.school_days import DayChange
from intervention.usecases.work import Work

SOFT = frozenset(rule.value for rule in SOFT_RULES)


@dataclass(frozen=True, slots=True)
class Redating:
    """`lines` by start; `dates` are those of series that the calendar itself moves, whatever anybody accepts."""

    lines: tuple[Fated, ...] = ()
    seances: Mapping[UUID, Standing] = field(default_factory=dict)
    dates: tuple[TouchedDate, ...] = ()


def redating_of(
    work: Work, actor: Actor, changes: Sequence[DayChange], decided: Decided | None = None, but: Collection[UUID] = ()
) -> Redating:
    """For whoever may make these changes, before they are written; `but` are séances that something else settles.

    With `decided`, those that stay stand in the way of the others.
    """
    if not changes:
        return Redating()
    relaid = [Relaid(each.building_id, each.level, each.before, each.after) for each in changes]
    dates = touched(work.session, actor, relaid, local_date(work.now(), actor.zone), of_everybody=True)
    lost = impact_of(work.session, actor.organization_id, changes, work.now()).lost
    wanted = {each.encounter_id for each in dates if each.encounter_id} | lost.keys()
    seances = standing(work.session, actor.organization_id, wanted - set(but), work.now())
    moves = _moves(work, dates, seances, decided)
    moving = {own: move for own, move in moves.items() if move.span != move.seance.span}
    fates = _fates(dates, seances, moves, lost)
    still = {own: _line(seances[own], fate) for own, fate in fates.items() if own not in moving}
    going = moving if decided is None else {own: move for own, move in moving.items() if decided.accepts(_freely(move))}
    leaving = {own: seances[own] for own, line in still.items() if _goes(decided, line)}
    board = catalogue_as(catalogue(work.session, actor.organization_id), relaid)
    landings = judged(work, board, going, leaving)
    lines = (
        still.get(own) or (_landed(moving[own].seance, landings[own]) if own in landings else _freely(moving[own]))
        for own in fates
    )
    return Redating(tuple(lines), seances, tuple(dates))


def _line(seance: Standing, fate: Fate) -> Fated:
    return Fated(seance.id, fate, seance.span.starts_at, None, seance.series_id)


def _freely(move: Move) -> Fated:
    """A séance that would be elsewhere, while nothing is known against it."""
    return _landed(move.seance, Landing(move.span))


def _landed(seance: Standing, landing: Landing) -> Fated:
    return landed(seance.id, seance.span.starts_at, landing, seance.series_id)


def _goes(decided: Decided | None, line: Fated) -> bool:
    return line.is_proposed if decided is None else decided.accepts(line)


def _sliding(dates: Sequence[TouchedDate]) -> set[UUID]:
    """Series that go on, a date later or sooner: the few that fall off their end would be in the way of the others."""
    became = Counter((each.series_id, each.change.became) for each in dates)
    return {
        own for own, what in became if what is Became.MOVES and became[own, Became.VANISHES] < became[own, Became.MOVES]
    }


def _is_nowhere(each: TouchedDate) -> bool:
    """Its number is lost, or falls on a day that has no such period or hour."""
    return each.change.became in {Became.VANISHES, Became.MOVES}


def _fates(
    dates: Sequence[TouchedDate], seances: Mapping[UUID, Standing], moves: Mapping[UUID, Move], lost: Collection[UUID]
) -> dict[UUID, Fate]:
    """Of each séance that has a line, by start: what becomes of it, were it not to move."""
    found = dict.fromkeys(seances, Fate.NO_SCHOOL)
    sliding = _sliding(dates)
    for each in dates:
        own = each.encounter_id
        if own is not None and own in seances and own not in moves and _is_nowhere(each):
            gives_way = own in lost or each.series_id in sliding
            found[own] = Fate.VANISHES if gives_way else Fate.UNNUMBERED
    for own, move in moves.items():
        if move.span == move.seance.span and own not in lost:
            del found[own]  # held already where its day of the cycle falls: nothing to follow
    return found


def _moves(
    work: Work, dates: Sequence[TouchedDate], seances: Mapping[UUID, Standing], decided: Decided | None
) -> dict[UUID, Move]:
    wanted = {each.series_id for each in dates}
    rows = work.session.execute(select(Series.id, Series.zone, Series.plan).where(Series.id.in_(wanted)))
    of_series = {own: (zone, frozenset(plan["accepting"])) for own, zone, plan in rows}
    spans: dict[tuple[Moment, int, str], Span | None] = {}  # many séances land at the same hour of the same day
    found = {}
    for each in dates:
        seance = seances.get(each.encounter_id) if each.encounter_id else None
        if seance is not None and each.change.became is Became.MOVES and each.change.moment is not None:
            zone, accepting = of_series[each.series_id]
            key = (each.change.moment, seance.shape.minutes, zone)
            if key not in spans:
                spans[key] = _span(*key)
            span = spans[key]
            by_hand = decided is not None and seance.id in decided.accepted
            if span is not None:
                found[seance.id] = Move(seance, span, accepting | (SOFT if by_hand else frozenset()))
    return found


def _span(moment: Moment, minutes: int, zone: str) -> Span | None:
    try:
        starts_at = exact_instant(moment.on_date, moment.at, zone)
    except InvalidInput:
        return None
    return Span.lasting(starts_at, timedelta(minutes=minutes))
