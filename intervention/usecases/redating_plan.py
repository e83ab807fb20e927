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
    seances = standing(work.session, wanted - set(but), work.now())
    lines = {own: _line(each, Fate.NO_SCHOOL) for own, each in seances.items()}
    moves = _moves(work, dates, seances, decided)
    sliding = _sliding(dates)
    for each in dates:
        if each.encounter_id in seances and each.encounter_id not in moves and _is_nowhere(each):
            gives_way = each.encounter_id in lost or each.series_id in sliding
            fate = Fate.VANISHES if gives_way else Fate.UNNUMBERED
            lines[each.encounter_id] = _line(seances[each.encounter_id], fate)
    for own, move in moves.items():
        lines[own] = landed(own, move.seance.span.starts_at, Landing(move.span), move.seance.series_id)
    _drop_those_that_stay(lines, moves, lost)
    going = {own: move for own, move in moves.items() if own in lines and _goes(decided, lines[own])}
    leaving = {own: seances[own] for own, line in lines.items() if own not in moves and _goes(decided, line)}
    board = catalogue_as(catalogue(work.session, actor.organization_id), relaid)
    for own, landing in judged(work, board, going, leaving).items():
        lines[own] = landed(own, seances[own].span.starts_at, landing, seances[own].series_id)
    return Redating(tuple(lines.values()), seances, tuple(dates))


def _line(seance: Standing, fate: Fate) -> Fated:
    return Fated(seance.id, fate, seance.span.starts_at, None, seance.series_id)


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


def _drop_those_that_stay(lines: dict[UUID, Fated], moves: Mapping[UUID, Move], lost: Collection[UUID]) -> None:
    """A séance that is held already where its day of the cycle falls has nothing to follow."""
    for own, move in moves.items():
        if move.span == move.seance.span:
            del lines[own]
            if own in lost:
                lines[own] = _line(move.seance, Fate.NO_SCHOOL)


def _moves(
    work: Work, dates: Sequence[TouchedDate], seances: Mapping[UUID, Standing], decided: Decided | None
) -> dict[UUID, Move]:
    wanted = {each.series_id for each in dates}
    rows = work.session.execute(select(Series.id, Series.zone, Series.plan).where(Series.id.in_(wanted)))
    of_series = {own: (zone, frozenset(plan["accepting"])) for own, zone, plan in rows}
    found = {}
    for each in dates:
        seance = seances.get(each.encounter_id) if each.encounter_id else None
        if seance is not None and each.change.became is Became.MOVES and each.change.moment is not None:
            zone, accepting = of_series[each.series_id]
            span = _span(each.change.moment, seance, zone)
            by_hand = decided is not None and seance.id in decided.accepted
            if span is not None:
                found[seance.id] = Move(seance, span, accepting | (SOFT if by_hand else frozenset()))
    return found


def _span(moment: Moment, seance: Standing, zone: str) -> Span | None:
    try:
        starts_at = exact_instant(moment.on_date, moment.at, zone)
    except InvalidInput:
        return None
    return Span.lasting(starts_at, timedelta(minutes=seance.ask.minutes))
