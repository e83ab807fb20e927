"""The sheet of a change to a series: every date in its reach, before anything is written.

Each date keeps what it has of its own (its room, its facilitator) and takes what changes; it is judged by the rules of
every search with the séances that would move no longer where they are. What does not work stays as it is, unless a
person says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from intervention.domain.arrangement import Located, arranged
from intervention.domain.composition import check
from intervention.domain.errors import InvalidInput, NotFound, WrongState
from intervention.domain.permissions import Action, Actor
from intervention.domain.recurrence import PlainDay, Recurrence, time_on
from intervention.domain.school_time import local_date
from intervention.domain.series import Line, Moment, wall_time
from intervention.domain.series_change import (
    NO_SUCH_DAY,
    Rearrangement,
    Standing,
    rearranged,
    rule_after,
    shifted,
)
from intervention.domain.spans import Span
from intervention.queries.booking_references import check_references
from intervention.queries.catalogue import Catalogue, catalogue
from intervention.queries.series import series_for
from intervention.queries.series_calendar import Anchor, anchor_of, plain_days
from intervention.queries.series_reach import Reached, reached
from intervention.queries.slot_problem import locate
from intervention.records.series import Series
from intervention.usecases.series_change_ask import ChangeLine, ChangeSeries, ChangeSheet
from intervention.usecases.series_change_judging import judged_lines
from intervention.usecases.series_judge import timed
from intervention.usecases.series_plan import asked_again
from intervention.usecases.series_sheet import PlanSeries
from intervention.usecases.work import Work

A_TURN = timedelta(days=60)  # the longest that the days of one turn of the cycle lie apart
MAX_REASON = 200


class Intent(NamedTuple):
    """A series as it was and as it is to be, before any date is looked at."""

    before: PlanSeries
    how: Rearrangement
    plan: PlanSeries


def preview_change(work: Work, actor: Actor, ask: ChangeSeries) -> ChangeSheet:
    """Every date in reach, judged. Writes nothing.

    Raises NotFound, NotAllowed, WrongState when the series has ended, InvalidInput (the time, the people, the places,
    nothing to change).
    """
    series = series_for(work.session, actor, ask.series_id, Action.CHANGE_ENCOUNTER)
    dates = reached(work.session, series, first_reached(work, series, ask), work.now())
    return sheet_of(work, actor, series, ask, intent_of(work, actor, series, ask), dates)


def first_reached(work: Work, series: Series, ask: ChangeSeries) -> date:
    """Today at the earliest: what is past stays. Raises InvalidInput for a date outside the series."""
    if series.ended_at is not None:
        raise WrongState(status="ended")
    today = local_date(work.now(), series.zone)
    if ask.from_on is not None and not series.first_on <= ask.from_on <= series.last_on:
        raise InvalidInput({"from_on": "out_of_range"})
    return max(ask.from_on or today, today)


def intent_of(work: Work, actor: Actor, series: Series, ask: ChangeSeries) -> Intent:
    """Raises InvalidInput naming every fault, NotFound for somebody or something out of scope."""
    board = catalogue(work.session, actor.organization_id)
    before = asked_again(series)
    joining = tuple(Located(who, locate(board, actor, who)) for who in ask.joining)
    how = Rearrangement(ask.host_to, ask.rooms, ask.facilitators, joining, ask.leaving)
    plan = _plan(series, before, ask, how, board)
    check_references(work.session, actor, board, plan.on(_any_line(work), series.zone))
    return Intent(before, how, plan)


def sheet_of(  # noqa: PLR0913, PLR0917 - a series, what is asked of it, and its dates
    work: Work, actor: Actor, series: Series, ask: ChangeSeries, intent: Intent, dates: Sequence[Reached]
) -> ChangeSheet:
    """The sheet of these dates. The caller has authorised."""
    if not dates:
        raise InvalidInput({"from_on": "no_dates"})
    before, how, plan = intent
    board = catalogue(work.session, actor.organization_id)
    anchor = anchor_of(board, plan.host_id, plan.sites, plan.building_id)
    named = [each.row.on_date for each in dates]
    days = plain_days(board, anchor, min(named) - A_TURN, max(named) + A_TURN)
    lines = [_line(each, before.rule, plan, ask, days, anchor) for each in dates]
    if any(each.line is not None for each in lines):
        lines = judged_lines(work, ask, board, anchor, lines, how, plan, days)
    was, now = ({site.building_id for site in sites if site.building_id} for sites in (before.sites, plan.sites))
    return ChangeSheet(
        series,
        replace(plan, rule=_bounded(plan.rule, before.rule, lines, days)),
        tuple(lines),
        anchor,
        arranged(plan.kind, plan.sites),
        tuple(sorted(now - was)),
        tuple(sorted(was - now)),
        plan.rule != before.rule,
    )


def _plan(series: Series, before: PlanSeries, ask: ChangeSeries, how: Rearrangement, board: Catalogue) -> PlanSeries:
    """The series as it is to be. Raises InvalidInput naming every fault."""
    rule, faults = rule_after(before.rule, ask.time)
    host = board.professionals.get(before.host_id)
    if host is None:
        raise NotFound
    present = {p.subject_id for site in before.sites for p in site.participants}
    if not ask.leaving <= present:
        raise NotFound
    sites = rearranged(before.sites, how, host.home)
    if not {*how.rooms, *how.facilitators} <= {site.building_id for site in sites}:
        faults["sites"] = "unknown_site"
    if present & {who.subject_id for who in ask.joining}:
        faults["people"] = "participant_twice"
    if ask.reason is not None and len(ask.reason) > MAX_REASON:
        faults["reason"] = "too_long"
    after = replace(before, rule=rule, sites=sites, minutes=ask.minutes or series.minutes)
    faults = check(after.composition) | faults
    if not faults and (after.rule, after.sites, after.minutes) == (before.rule, before.sites, before.minutes):
        faults["change"] = "nothing_to_change"
    if faults:
        raise InvalidInput(faults)
    return replace(after, accepting=before.accepting | ask.accepting)


def _any_line(work: Work) -> Line:
    """References do not depend on the date."""
    return Line(date.min, None, Span.lasting(work.now(), timedelta(minutes=5)))


def _line(  # noqa: PLR0913, PLR0917 - a date and what is asked of it
    each: Reached, old: Recurrence, plan: PlanSeries, ask: ChangeSeries, days: Mapping[date, PlainDay], anchor: Anchor
) -> ChangeLine:
    """The date at its new moment, not judged yet."""
    on_date = each.row.on_date
    rule_on = shifted(old.pattern, plan.rule.pattern, on_date, days)
    made = ChangeLine(each, rule_on or on_date)
    takes_exceptions = ask.with_exceptions or ask.moves_people
    is_touched = each.standing is Standing.TO_COME or (each.standing is Standing.EXCEPTION and takes_exceptions)
    if not is_touched or each.encounter is None:
        return made
    moves = plan.rule != old and (each.standing is Standing.TO_COME or ask.with_exceptions)
    span = each.encounter.span
    moment: Moment | None = Moment(local_date(span.starts_at, anchor.zone), wall_time(span, anchor.zone))
    if moves:
        at = time_on(plan.rule, days.get(rule_on)) if rule_on else None
        moment = Moment(rule_on, at) if rule_on and at else None
    chosen = ask.decisions.moved.get(on_date)
    line = Line(
        on_date,
        chosen or moment,
        is_left_out=on_date in ask.skipping or ask.decisions.leaves_out(on_date),
        is_moved=chosen is not None or (each.standing is Standing.EXCEPTION and not moves),
        wanted_on=rule_on if moves else moment.on_date if moment else None,
        cycle_day=days[rule_on].cycle_day if rule_on is not None and rule_on in days else None,
    )
    if moves and rule_on is None and chosen is None:
        return replace(made, line=line.refused(NO_SUCH_DAY))
    minutes = span.minutes if ask.minutes is None else plan.minutes
    return replace(made, line=timed(line, line.moment, minutes, anchor.zone))


def _bounded(
    rule: Recurrence, before: Recurrence, lines: Sequence[ChangeLine], days: Mapping[date, PlainDay]
) -> Recurrence:
    """The rule over the dates in reach alone, so that it names those and no other."""
    named = [each.rule_on for each in lines]
    held = sum(on_date in days and days[on_date].has_class for on_date in set(named))
    last_on = max(named) if rule.pattern != before.pattern else max(rule.last_on, *named)
    return replace(rule, first_on=min(named), last_on=last_on, count=rule.count and max(held, 1))
