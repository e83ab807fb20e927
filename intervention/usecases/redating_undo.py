"""Undoes what a change of calendar did to séances, the days being back as they were: each to where it stood, unless
somebody touched it since or took its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from intervention.domain.closures import NotGivenBack
from intervention.domain.encounters import CancellationCause
from intervention.domain.permissions import Actor
from intervention.domain.redating import Decided, Fate
from intervention.domain.spans import Span
from intervention.queries.catalogue import catalogue
from intervention.queries.standing import standing
from intervention.records.calendars import CalendarChange
from intervention.usecases.changing import CHANGEABLE
from intervention.usecases.closed_days import days_on
from intervention.usecases.giving_back import GivenBack, give_back
from intervention.usecases.landing import Move, judged
from intervention.usecases.redating import UNTOUCHED, accept, days_digest, locked, redate
from intervention.usecases.redating_plan import SOFT, redating_of
from intervention.usecases.school_days import DayChange
from intervention.usecases.series_dates import put_back_dates, rows_of
from intervention.usecases.work import Work


def take_back(work: Work, actor: Actor, kept: Mapping[str, Any]) -> GivenBack:
    """Gives what went back, and why each of the others did not."""
    refused: dict[UUID, NotGivenBack] = {}
    going = _going(work, kept["moved"], refused)
    board = catalogue(work.session, actor.organization_id)
    seances = standing(work.session, actor.organization_id, going, work.now())
    moves = {own: Move(each, going[own], SOFT) for own, each in seances.items()}
    spans = {}
    for own, landing in judged(work, board, moves, {}).items():
        if landing.rules:
            refused[own] = NotGivenBack.NOT_FREE
        else:
            spans[own] = landing.span
    redate(work, actor, locked(work, spans), spans)
    entries = kept["entries"]
    called_off = locked(work, [UUID(each["encounter"]) for each in entries])
    given = give_back(work, actor, entries, days_on(work, actor, sorted({each.on_date for each in called_off})))
    refused |= given.refused
    put_back_dates(work.session, kept["dates"], {str(each) for each in refused})
    return GivenBack((*spans, *given.restored), refused)


def follow_back(
    work: Work,
    actor: Actor,
    changes: Sequence[CalendarChange],
    days: Sequence[DayChange],
    lay: Callable[[], None],
) -> GivenBack:
    """Bring séances back with the days that a lifted closure gives back. `lay` writes them.

    Where days go back exactly as one change had brought them, so do its séances. Else (one day of several, a closure
    under another) they follow their cycle by the rule, and what undoing the rest needs is kept up to date.
    """
    digest = days_digest(days, is_inverse=True)
    exact = next((each for each in changes if _redating(each).get("days") == digest and not _is_back(each)), None)
    if exact is not None:
        lay()
        given = take_back(work, actor, _redating(exact))
        exact.before = exact.before | {"redating": _redating(exact) | {"is_back": True}}
        return given
    plan = redating_of(work, actor, days)
    plan = replace(plan, lines=tuple(line for line in plan.lines if line.fate in {Fate.MOVES, Fate.CLASHES}))
    lay()
    done = accept(work, actor, plan, Decided(), CancellationCause.CLOSURE)
    there = {each["encounter"]: each["to"] for each in done["moved"]}
    for change in changes:
        _keep_up(work, change, there)
    refused = {UUID(own): NotGivenBack.NOT_FREE for own in done["to_decide"]}
    return GivenBack(tuple(UUID(own) for own in there), refused)


def _redating(change: CalendarChange) -> dict[str, Any]:
    found: dict[str, Any] = change.before.get("redating", UNTOUCHED)
    return found


def _is_back(change: CalendarChange) -> bool:
    return bool(_redating(change).get("is_back"))


def _keep_up(work: Work, change: CalendarChange, there: Mapping[str, list[str]]) -> None:
    """What a change moved is now where the calendar wants it, and nobody else touched it."""
    kept = _redating(change)
    moved = [each | {"to": there.get(each["encounter"], each["to"])} for each in kept["moved"]]
    if moved != kept["moved"]:
        dates = kept["dates"] | {"after": rows_of(work.session, kept["dates"]["after"])}
        change.before = change.before | {"redating": kept | {"moved": moved, "dates": dates}}


def _going(work: Work, entries: list[dict[str, Any]], refused: dict[UUID, NotGivenBack]) -> dict[UUID, Span]:
    """Those that are still where they were brought, and where each was."""
    there = {each.id: each for each in locked(work, [UUID(entry["encounter"]) for entry in entries])}
    found = {}
    for entry in entries:
        encounter = there.get(UUID(entry["encounter"]))
        was, left = (Span(*(datetime.fromisoformat(at) for at in entry[end])) for end in ("from", "to"))
        if encounter is None:
            continue
        if encounter.span != left or encounter.status not in CHANGEABLE:
            refused[encounter.id] = NotGivenBack.TOUCHED
        elif was.starts_at <= work.now() or encounter.starts_at <= work.now():
            refused[encounter.id] = NotGivenBack.PAST
        else:
            found[encounter.id] = was
    return found
