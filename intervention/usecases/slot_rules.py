"""Refuses a time that a rule of school, hours or road forbids, with what would work instead.

What somebody else has reserved is the database's to refuse (`reservations.reserve`); this module looks at the rest,
with the very engine that proposes slots, so that a proposal and its booking cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from intervention.domain import masks
from intervention.domain.arrangement import arranged
from intervention.domain.composition import BookEncounter
from intervention.domain.errors import SlotRefused
from intervention.domain.permissions import Actor
from intervention.domain.school_time import local_date
from intervention.domain.slot_search import explain
from intervention.domain.slots import SOFT_RULES, Refusal, Rule
from intervention.domain.spans import Span, tick_of
from intervention.queries.catalogue import Catalogue, catalogue
from intervention.queries.slot_problem import SlotAsk, problem_of
from intervention.usecases.work import Work

RESERVED = frozenset({Rule.PARTICIPANT_BUSY, Rule.ROOM_TAKEN, Rule.FACILITATOR_TAKEN, Rule.KIT_TAKEN})
ROAD = frozenset({Rule.NO_ROAD, Rule.TOO_SHORT_FOR_ROAD, Rule.LUNCH, Rule.MAX_BUILDINGS})


def require_possible(
    work: Work, board: Catalogue, ask: BookEncounter, span: Span, *, ignoring: UUID | None = None
) -> None:
    """Raise SlotRefused unless every rule agrees; soft rules knowingly set aside (`accepting`) do not count.

    Called with the encounter's own reservations already released.
    """
    found = _refusals_of(work, board, ask, span, ignoring=ignoring)
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


def obstacle(  # noqa: PLR0913 - keyword-only after the span
    work: Work,
    actor: Actor,
    ask: BookEncounter,
    span: Span,
    *,
    ignoring: UUID | None = None,
    aside: frozenset[UUID] = frozenset(),
) -> str | None:
    """The code of the first rule or reservation against this ask, those it knowingly sets aside left out."""
    board = catalogue(work.session, actor.organization_id)
    try:
        found = _refusals_of(work, board, ask, span, ignoring=ignoring, aside=aside)
    except SlotRefused as refused:
        return str(refused.facts["code"])
    standing = (r.rule for r in found if not (r.rule in SOFT_RULES and r.rule.value in ask.accepting))
    return next((rule.value for rule in standing), None)


def _refusals_of(  # noqa: PLR0913 - keyword-only after the span
    work: Work,
    board: Catalogue,
    ask: BookEncounter,
    span: Span,
    *,
    ignoring: UUID | None = None,
    aside: frozenset[UUID] = frozenset(),
) -> tuple[Refusal, ...]:
    """Every rule against this ask at this time; ticks are relative to the search's own window."""
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
        aside=aside,
    )
    problem, gone = problem_of(work.session, board, looked, [arranged(ask.kind, ask.sites)], work.now())
    start = tick_of(span.starts_at) - problem.origin
    _require_nobody_away(ask, gone, masks.run(start, start + problem.duration))
    return explain(problem, start, 0)


def _require_nobody_away(ask: BookEncounter, gone: Mapping[UUID, int], ticks: int) -> None:
    people = [ask.host_id] + [p.person_id for p in ask.composition.participants() if p.person_id is not None]
    people += [site.facilitator_id for site in ask.sites if site.facilitator_id is not None]
    away = next((person for person in people if gone.get(person, 0) & ticks), None)
    if away is not None:
        raise SlotRefused(code=Rule.PARTICIPANT_BUSY.value, codes=(Rule.PARTICIPANT_BUSY.value,), subject_id=away)
