"""Series: listed, read, shown before they are planned or changed, planned, changed from a date on or as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

from flask import url_for

from intervention.api.operations import Answer, Call, Made
from intervention.api.paging import Paged, cursor_of, listed
from intervention.api.series_inputs import ChangeDates, PlanDates
from intervention.api.series_outputs import changes_told, line_told, plan_told, series_told
from intervention.domain.errors import InvalidInput
from intervention.domain.permissions import Action
from intervention.domain.series_change import NewTime, Reach
from intervention.queries.series import series_for, series_list, series_page
from intervention.usecases.series import create, require_version
from intervention.usecases.series_change import change_series
from intervention.usecases.series_change_ask import ChangeSeries
from intervention.usecases.series_change_sheet import preview_change
from intervention.usecases.series_sheet import PlanSeries, preview

# Fields of a rule, as the body has them.
RULE = ("first_on", "last_on", "at", "period", "count", "every", "goal", "days")


def list_series(call: Call) -> Answer:
    """Those that one may change."""
    query: Paged = call.query
    page = query.page
    rows = series_list(call.work.session, call.actor, page.limit, page.after)
    return Answer(listed(rows, query.limit, line_told, lambda row: cursor_of(row.series_id)))


def read_series(call: Call) -> Answer:
    return _told(call, Made(call.id))


def show_plan(call: Call) -> Answer | None:
    """What a dry run answers; None for a request that plans."""
    if not call.body.dry_run:
        return None
    with _fields_of_the_rule():
        return Answer(plan_told(preview(call.work, call.actor, _planned(call))))


def plan_series(call: Call) -> Made:
    with _fields_of_the_rule():
        return Made(create(call.work, call.actor, _planned(call)).series_id)


def show_planned(call: Call, made: Made) -> Answer:
    return replace(_told(call, made), location=url_for("api.read_series", series_id=made.id))


def change(call: Call) -> Answer:
    """What is done is what would be shown: both are asked of the same sheet, in this transaction."""
    body: ChangeDates = call.body
    series = series_for(call.work.session, call.actor, call.id, Action.CHANGE_ENCOUNTER)
    require_version(series, call.version)
    ask = _asked(call)
    with _named({"weekdays": "days", "room": "sites", "facilitator": "sites"}):
        sheet = preview_change(call.work, call.actor, ask)
        dates = changes_told(sheet)
        if body.dry_run:
            told = {"dry_run": True, "id": call.id, "version": series.version, "changed": [], "skipped": []}
            return Answer(told | {"dates": dates}, version=series.version)
        done = change_series(call.work, call.actor, ask)
    told = {"dry_run": False, "id": done.series_id, "version": done.version}
    told |= {"changed": list(done.changed), "skipped": list(done.skipped), "dates": dates}
    return Answer(told, version=done.version)


def _told(call: Call, made: Made) -> Answer:
    page = series_page(call.work.session, call.actor, made.id)
    return Answer(series_told(page), version=page.version)


def _planned(call: Call) -> PlanSeries:
    body: PlanDates = call.body
    return PlanSeries(
        host_id=body.host_id or call.actor.person_id,
        kind=body.kind,
        discipline=body.discipline,
        minutes=body.minutes,
        sites=tuple(site.asked() for site in body.sites),
        rule=body.rule.asked(),
        decisions=body.decisions.asked(),
        building_id=body.building_id,
        objective=body.objective,
        need_group_id=body.need_group_id,
        is_strict=body.is_strict,
        accepting=body.accepting,
    )


def _asked(call: Call) -> ChangeSeries:
    body: ChangeDates = call.body
    if (body.reach is Reach.FOLLOWING) != (body.from_on is not None):
        raise InvalidInput({"from_on": "required" if body.from_on is None else "out_of_range"})
    return ChangeSeries(
        series_id=call.id,
        version=call.version,
        from_on=body.from_on,
        time=NewTime(tuple(sorted(set(body.days))), body.at, body.period),
        minutes=body.minutes,
        host_to=(body.host.place, body.host.building_id) if body.host else None,
        rooms={site.building_id: site.room_id for site in body.sites if "room_id" in site.model_fields_set},
        facilitators={
            site.building_id: site.facilitator_id for site in body.sites if "facilitator_id" in site.model_fields_set
        },
        joining=tuple(each.asked() for each in body.joining),
        leaving=frozenset(body.leaving),
        with_exceptions=body.with_exceptions,
        decisions=body.decisions.asked(),
        skipping=frozenset(body.skipped),
        reason=body.reason or None,
        accepting=body.accepting,
    )


def _fields_of_the_rule() -> AbstractContextManager[None]:
    return _named({name: f"rule.{name}" for name in RULE} | {"weekdays": "rule.days", "dates": "decisions"})


@contextmanager
def _named(names: dict[str, str]) -> Iterator[None]:
    """Refusals under the names that fields have in the body."""
    try:
        yield
    except InvalidInput as refusal:
        raise InvalidInput({names.get(name, name): code for name, code in refusal.fields.items()}) from None
