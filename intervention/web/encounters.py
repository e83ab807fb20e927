"""The page of one séance, and the acts on it: move, change modality, room or facilitator, cancel, undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.encounters import CancellationCause, EncounterStatus, PlaceKind
from intervention.domain.errors import InvalidInput, SlotRefused, SlotTaken, Stale
from intervention.domain.privacy import Audience
from intervention.domain.school_time import local_date
from intervention.domain.slots import SOFT_RULES
from intervention.queries.encounter_page import ActLine, EncounterPage, encounter_page
from intervention.queries.join_links import panel
from intervention.queries.make_ups import make_up_of
from intervention.rendering import wording
from intervention.rendering.i18n import _
from intervention.usecases.booking import Booked
from intervention.usecases.cancelling import CancelEncounter, RestoreEncounter, cancel, restore
from intervention.usecases.changing import ChangeEncounter, SiteChange, change
from intervention.web import notices
from intervention.web.gate import current_actor
from intervention.web.locale import safe_way
from intervention.web.parse import Form, id_or_none
from intervention.web.stage import open_work, reading, stage

pages = Blueprint("encounters", __name__)
Page = str | tuple[str, int] | Response


@dataclass(frozen=True, slots=True)
class HostPlace:
    """A place where the professional could hold this occurrence."""

    value: str
    label: str
    hint: str
    is_present: bool


MAX_VERSION = 1_000_000


@pages.get("/seances/<uuid:encounter_id>")
def show(encounter_id: UUID) -> Page:
    return _page(encounter_id, Form.blank())


@pages.get("/seances/<uuid:encounter_id>/deplacement")
def move(encounter_id: UUID) -> Page:
    page = _load(encounter_id)
    wall = page.view.starts_at.astimezone(ZoneInfo(page.view.zone))
    form = Form.blank(day=wall.date(), time=f"{wall:%H:%M}", version=page.view.version)
    return render_template("encounters/move.html", page=page, form=form, refusal=None, taken=[], changed=[])


@pages.post("/seances/<uuid:encounter_id>/deplacement")
def move_post(encounter_id: UUID) -> Page:
    """Sent by the form (`day`, `time`) or by a drag in the agenda (`starts_at`, a wall time, and `suite`, its page)."""
    page = _load(encounter_id)
    form = Form(_split_wall(request.form).copy())
    version = form.whole("version", least=0, most=MAX_VERSION)
    starts_at = form.instant("day", "time", page.view.zone)
    reason = form.text("reason", required=False)
    try:
        form.check()
        ask = ChangeEncounter(
            encounter_id, version, starts_at=starts_at, reason=reason or None, accepting=_accepting(form)
        )
        with open_work() as work:
            change(work, current_actor(), ask)
    except InvalidInput as refusal:
        named = {"time" if name == "starts_at" else name: code for name, code in refusal.fields.items()}
        form.refused(InvalidInput(named))
        return render_template("encounters/move.html", page=page, form=form, refusal=None, taken=[], changed=[]), 422
    except (SlotTaken, SlotRefused, Stale) as refusal:
        if isinstance(refusal, Stale):
            form.data["version"] = str(refusal.facts["version"])  # what changed is told: the next press is knowing
        told = {"taken": taken_names(page, refusal), "changed": changed_since(page, refusal)}
        return render_template("encounters/move.html", page=page, form=form, refusal=refusal, **told), 409
    notices.say("encounter_moved", undo=_undo_of_move(page))
    return redirect(safe_way(form.value("suite"), url_for("encounters.show", encounter_id=encounter_id)), 303)


@pages.post("/seances/<uuid:encounter_id>/retour/<int:day>/<int:minute>")
def move_back(encounter_id: UUID, day: int, minute: int) -> Page:
    """Undo a move: back to the wall time it had, checked like any other move."""
    page = _load(encounter_id)
    year, month, date = day // 10000, day // 100 % 100, day % 100
    wall = {"day": f"{year:04}-{month:02}-{date:02}", "time": f"{minute // 60:02}:{minute % 60:02}"}
    form = Form.blank(**wall)
    starts_at = form.instant("day", "time", page.view.zone)
    form.check()
    return _act(encounter_id, "encounter_moved", lambda work: change(
        work, current_actor(), ChangeEncounter(
            encounter_id,
            page.view.version,
            starts_at=starts_at,
            accepting=frozenset(rule.value for rule in SOFT_RULES),
        )
    ))  # fmt: skip


@pages.post("/seances/<uuid:encounter_id>/modalite")
def modality(encounter_id: UUID) -> Page:
    """Send the professional to a building that takes part, or back to her home base."""
    form = Form(request.form)
    version = form.whole("version", least=0, most=MAX_VERSION)
    place, _, building = form.value("place").partition(":")
    building_id = id_or_none(building)
    if place not in {PlaceKind.BUILDING, PlaceKind.HOME_BASE} or building_id is None:
        form.fail("place", "not_a_choice")
    reason = form.text("reason", required=False)
    return _change(
        encounter_id,
        form,
        "modality_changed",
        lambda: ChangeEncounter(
            encounter_id,
            version,
            host_place=(PlaceKind(place), building_id),
            reason=reason or None,
            accepting=_accepting(form),
        ),
    )


@pages.post("/seances/<uuid:encounter_id>/lieux/<uuid:site_id>")
def site(encounter_id: UUID, site_id: UUID) -> Page:
    """Give a site another room, kit or facilitator; an empty choice takes it away."""
    form = Form(request.form)
    version = form.whole("version", least=0, most=MAX_VERSION)
    sets = frozenset(name for name in ("room_id", "kit_id", "facilitator_id") if name in form.data)
    wanted = SiteChange(sets, form.maybe_id("room_id"), form.maybe_id("kit_id"), form.maybe_id("facilitator_id"))
    return _change(
        encounter_id,
        form,
        "site_changed",
        lambda: ChangeEncounter(encounter_id, version, sites={site_id: wanted}, accepting=_accepting(form)),
    )


@pages.post("/seances/<uuid:encounter_id>/annulation")
def cancellation(encounter_id: UUID) -> Page:
    form = Form(request.form)
    version = form.whole("version", least=0, most=MAX_VERSION)
    cause = form.choice("cause", CancellationCause)
    note = form.text("note", required=False)
    try:
        form.check()
    except InvalidInput:
        return _page(encounter_id, form, 422)
    ask = CancelEncounter(encounter_id, version, cause, note or None)
    undo = url_for("encounters.restoration", encounter_id=encounter_id)
    return _act(encounter_id, "encounter_cancelled", lambda work: cancel(work, current_actor(), ask), undo=undo)


@pages.post("/seances/<uuid:encounter_id>/retablissement")
def restoration(encounter_id: UUID) -> Page:
    page = _load(encounter_id)
    ask = RestoreEncounter(encounter_id, page.view.version)
    return _act(encounter_id, "encounter_restored", lambda work: restore(work, current_actor(), ask))


def _accepting(form: Form) -> frozenset[str]:
    """The soft rules that the person knowingly sets aside, after having been told."""
    return frozenset(form.values("accepting")) & {rule.value for rule in SOFT_RULES}


def _change(encounter_id: UUID, form: Form, said: str, ask: Callable[[], ChangeEncounter]) -> Page:
    try:
        form.check()
    except InvalidInput:
        return _page(encounter_id, form, 422)
    return _act(encounter_id, said, lambda work: change(work, current_actor(), ask()), form=form)


def _act(
    encounter_id: UUID, said: str, act: Callable[[Any], Booked], *, undo: str | None = None, form: Form | None = None
) -> Page:
    """Do it and go back to the page; a refusal is told there, above what stayed as it was."""
    try:
        with open_work() as work:
            act(work)
    except InvalidInput as refusal:
        return _page(encounter_id, (form or Form.blank()).refused(refusal), 422)
    except (SlotTaken, SlotRefused, Stale) as refusal:
        return _page(encounter_id, form or Form.blank(), 409, refusal)
    notices.say(said, undo=undo)
    return redirect(url_for("encounters.show", encounter_id=encounter_id), 303)


def _load(encounter_id: UUID) -> EncounterPage:
    actor = current_actor()
    return encounter_page(reading(), actor, encounter_id, local_date(stage().clock.now(), actor.zone))


def _page(encounter_id: UUID, form: Form, status: int = 200, refusal: Exception | None = None) -> Page:
    page = _load(encounter_id)
    is_past = page.view.starts_at <= stage().clock.now()
    may_change = page.view.status in {EncounterStatus.PLANNED, EncounterStatus.HELD} and not is_past
    made = render_template(
        "encounters/show.html",
        page=page,
        form=form,
        refusal=refusal,
        taken=taken_names(page, refusal),
        changed=changed_since(page, refusal),
        cause_choices=[(cause.value, wording.word(cause)) for cause in CancellationCause],
        host_places=host_places(page),
        can_open_pupils=page.view.audience in {Audience.HOST, Audience.SCHOOL_DESK, Audience.COORDINATION},
        may_change=may_change,
        is_past=is_past,
        make_up=make_up_of(reading(), current_actor(), encounter_id),
        links=panel(reading(), current_actor(), encounter_id, stage().clock.now()),
    )
    return made if status == 200 else (made, status)


def host_places(page: EncounterPage) -> list[HostPlace]:
    """Her home base, and every building that takes part."""
    present = next((site for site in page.view.sites if site.has_host), None)
    found = []
    if page.home is not None:
        home, name = page.home
        is_present = present is not None and present.building_id == home
        found.append(HostPlace(f"home_base:{home}", _("au point d’attache"), name, is_present))
    for site in page.view.sites:
        if site.building_id is not None and (page.home is None or site.building_id != page.home[0]):
            is_present = present is not None and present.building_id == site.building_id
            found.append(HostPlace(f"building:{site.building_id}", site.building, _("sur place"), is_present))
    return found


def taken_names(page: EncounterPage, refusal: Exception | None) -> list[str]:
    """What is taken, among what this reader sees of this séance: whose other séance it is stays untold."""
    if not isinstance(refusal, SlotTaken):
        return []
    names: dict[UUID, str] = {}
    for site in page.view.sites:
        names |= {person.id: person.name for person in (*site.adults, site.facilitator) if person is not None}
        names |= {pupil.id: pupil.code or pupil.given_name for pupil in site.pupils}
    for choices in page.choices.values():
        names |= {each.id: each.name for each in (*choices.rooms, *choices.kits, *choices.facilitators)}
    if page.view.host is not None:
        names[page.view.host.id] = page.view.host.name
    taken: tuple[UUID, ...] = refusal.facts.get("resource_ids", ())  # type: ignore[assignment]
    return [names[each] for each in taken if names.get(each)]


def changed_since(page: EncounterPage, refusal: Exception | None) -> list[ActLine]:
    """What others did since the version that a stale form knew, for who may read the history; the last act first.

    One edit is one version, and may be several acts of the same instant.
    """
    if not isinstance(refusal, Stale):
        return []
    edits = max(int(str(refusal.facts["version"])) - int(str(refusal.facts["known"])), 0)
    moments = sorted({line.done_at for line in page.history}, reverse=True)[:edits]
    return [line for line in page.history if line.done_at in moments]


def _undo_of_move(page: EncounterPage) -> str:
    wall = page.view.starts_at.astimezone(ZoneInfo(page.view.zone))
    return url_for(
        "encounters.move_back",
        encounter_id=page.view.id,
        day=int(f"{wall:%Y%m%d}"),
        minute=wall.hour * 60 + wall.minute,
    )


def _split_wall(data: Any) -> Any:
    """A drag sends one wall time, the form two fields."""
    wall = data.get("starts_at", "")
    if not wall or "day" in data:
        return data
    split = data.copy()
    split["day"], _, split["time"] = wall.partition("T")
    return split
