"""Refuses a time that a rule of school, hours or road forbids, with what would work instead.

What somebody else has reserved is the database's to refuse (`reservations.reserve`); this module looks at the rest,
with the very engine that proposes slots, so that a proposal and its booking cannot disagree.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from intervention.domain.arrangement import arranged
from intervention.domain.composition import BookEncounter
from intervention.domain.errors import SlotRefused
from intervention.domain.permissions import Actor
from intervention.domain.school_time import local_date
from intervention.domain.slot_search import explain
from intervention.domain.slots import SOFT_RULES, Refusal, Rule
from intervention.domain.spans import Span, tick_of
from intervention.queries.catalogue import catalogue
from intervention.queries.slot_problem import SlotAsk, problem_of
from intervention.records.calendars import BusyTime
from intervention.usecases.work import Work

RESERVED = frozenset({Rule.PARTICIPANT_BUSY, Rule.ROOM_TAKEN, Rule.FACILITATOR_TAKEN, Rule.KIT_TAKEN})
ROAD = frozenset({Rule.NO_ROAD, Rule.TOO_SHORT_FOR_ROAD, Rule.LUNCH, Rule.MAX_BUILDINGS})


def require_possible(work: Work, actor: Actor, ask: BookEncounter, span: Span, *, ignoring: UUID | None = None) -> None:
    """Raise SlotRefused unless every rule agrees; soft rules knowingly set aside (`accepting`) do not count.

    Called with the encounter's own reservations already released.
    """
    _require_nobody_away(work, ask, span)
    found = refusals_of(work, actor, ask, span, ignoring=ignoring)
    # On top of another encounter the road means nothing: the reservation is what refuses.
    silent = RESERVED | ROAD if any(refusal.rule is Rule.PARTICIPANT_BUSY for refusal in found) else RESERVED
    refusals = [
        refusal
        for refusal in found
        if refusal.rule not in silent and not (refusal.rule in SOFT_RULES and refusal.rule.value in ask.accepting)
    ]
    if refusals:
        raise SlotRefused(
            code=refusals[0].rule.value,
            codes=tuple(dict.fromkeys(refusal.rule.value for refusal in refusals)),
            is_soft=all(refusal.rule in SOFT_RULES for refusal in refusals),
            subject_id=refusals[0].subject_id,
        )


def refusals_of(
    work: Work, actor: Actor, ask: BookEncounter, span: Span, *, ignoring: UUID | None = None
) -> tuple[Refusal, ...]:
    """Every rule against this ask at this time; ticks are relative to the search's own window."""
    board = catalogue(work.session, actor.organization_id)
    host = board.professionals.get(ask.host_id)
    if host is None:
        raise SlotRefused(code="not_a_professional")
    looked = SlotAsk(
        host_id=ask.host_id,
        kind=ask.kind,
        minutes=ask.minutes,
        people=tuple(ask.composition.participants()),
        first_on=local_date(span.starts_at, host.zone),
        days=1,
        as_given=True,
        ignoring=frozenset({ignoring} if ignoring else ()),
    )
    problem = problem_of(work.session, board, looked, [arranged(ask.kind, ask.sites)], work.now())
    return explain(problem, tick_of(span.starts_at) - problem.origin, 0)


def _require_nobody_away(work: Work, ask: BookEncounter, span: Span) -> None:
    people = [ask.host_id] + [p.person_id for p in ask.composition.participants() if p.person_id is not None]
    people += [site.facilitator_id for site in ask.sites if site.facilitator_id is not None]
    away = work.session.scalar(
        select(BusyTime.person_id)
        .where(BusyTime.person_id.in_(people), BusyTime.starts_at < span.ends_at, BusyTime.ends_at > span.starts_at)
        .limit(1)
    )
    if away is not None:
        raise SlotRefused(code=Rule.PARTICIPANT_BUSY.value, codes=(Rule.PARTICIPANT_BUSY.value,), subject_id=away)
