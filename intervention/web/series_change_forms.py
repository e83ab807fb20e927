"""Reads the form that changes a series: only what differs from the series as it is becomes part of the ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from uuid import UUID

from intervention.domain.composition import AskParticipant
from intervention.domain.encounters import PlaceKind
from intervention.domain.errors import InvalidInput
from intervention.domain.recurrence import OnCycleDays, OnWeekdays, Recurrence
from intervention.domain.series import Decisions, Moment
from intervention.domain.series_change import NewTime, Reach
from intervention.domain.slots import SOFT_RULES
from intervention.queries.series import SeriesPage
from intervention.queries.series_form import SeriesForm
from intervention.usecases.series_change_ask import ChangeSeries
from intervention.web.parse import Form, id_or_none
from intervention.web.series_forms import date_of, moment_of, numbers

ANY = "libre"
FIELD_OF = {
    "days": "jours",
    "weekdays": "jours",
    "at": "heure",
    "period": "periode",
    "minutes": "duree",
    "people": "arrive",
    "sites": "lieu",
    "room": "lieu",
    "facilitator": "lieu",
    "from_on": "du",
    "dates": "tenir",
    "reason": "raison",
}


def asked(form: Form, page: SeriesPage, offered: SeriesForm, joining: tuple[AskParticipant, ...]) -> ChangeSeries:
    """Faults of the fields are left in the form."""
    accepted, moved, skipping = _decided(form)
    return ChangeSeries(
        series_id=page.series_id,
        version=form.whole("version", least=1, most=10**9),
        from_on=form.day("du") if form.value("portee") == Reach.FOLLOWING else None,
        time=_time(form, page.rule, page.starts_local),
        minutes=_minutes(form, page.minutes),
        host_to=_host_to(form, offered),
        rooms=_chosen(form, "local", {site.building_id: site.room_id for site in offered.sites}),
        facilitators=_chosen(form, "aide", {site.building_id: site.facilitator_id for site in offered.sites}),
        joining=joining,
        leaving=frozenset(filter(None, map(id_or_none, form.values("part")))),
        with_exceptions=form.flag("exceptions"),
        decisions=Decisions(accepted, moved),
        skipping=skipping,
        reason=form.text("raison", required=False) or None,
        accepting=frozenset(form.values("accepting")) & {rule.value for rule in SOFT_RULES},
    )


def _time(form: Form, rule: Recurrence, starts_local: time) -> NewTime:
    days = numbers(form, "jours")
    match rule.pattern:
        case OnWeekdays(weekdays=present) | OnCycleDays(days=present) if days and days != tuple(sorted(present)):
            pass
        case _:
            days = ()
    if form.value("periode"):
        period = form.whole("periode", least=1, most=24)
        return NewTime(days, period=period if period != rule.period else None)
    if not form.value("heure"):
        return NewTime(days)
    at = form.wall_time("heure")
    is_as_before = rule.period is None and at == (rule.at or starts_local)
    return NewTime(days, at=None if is_as_before else at)


def _minutes(form: Form, present: int) -> int | None:
    if not form.value("duree"):
        return None
    minutes = form.whole("duree", least=5, most=240)
    return minutes if minutes != present else None


def _host_to(form: Form, offered: SeriesForm) -> tuple[PlaceKind, UUID | None] | None:
    if not form.value("lieu"):
        return None
    wanted = next(((kind, at) for kind, at, _ in offered.host_places if f"{kind}:{at}" == form.value("lieu")), None)
    if wanted is None:
        form.fail("lieu", "not_a_choice")
    return wanted if wanted != offered.host_place else None


def _chosen(form: Form, name: str, present: Mapping[UUID, UUID | None]) -> dict[UUID, UUID | None]:
    found: dict[UUID, UUID | None] = {}
    for building, now in present.items():
        raw = form.value(f"{name}-{building}")
        if raw == ANY and now is not None:
            found[building] = None
        elif raw and raw != ANY and id_or_none(raw) != now:
            found[building] = id_or_none(raw)
    return found


def _decided(form: Form) -> tuple[frozenset[date] | None, dict[date, Moment], frozenset[date]]:
    """None accepted for a form that shows no dates yet: all that work."""
    if not form.flag("decide"):
        return None, {}, frozenset()
    accepted = {date_of(each) for each in form.values("tenir")}
    moved, skipping = {}, set()
    for each in filter(None, form.values("sort")):
        on_date, _, moment = each.partition(">")
        if moment == "passer":
            skipping.add(date_of(on_date))
        else:
            moved[date_of(on_date)] = moment_of(moment)
    if skipping & accepted:
        raise InvalidInput({"tenir": "not_a_choice"})
    return frozenset(accepted | moved.keys()), moved, frozenset(skipping)
