"""A new séance: what is asked on one side, the slots that work on the other, one click to book."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlencode
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from intervention.domain.encounters import KIND_RULES, EncounterKind, Modality
from intervention.domain.errors import InvalidInput, NotAllowed, SlotRefused, SlotTaken
from intervention.domain.people import Discipline, Role
from intervention.domain.permissions import Action, Actor
from intervention.domain.school_time import is_planned, local_date
from intervention.domain.slots import SOFT_RULES
from intervention.queries import booking_form
from intervention.queries.booking_form import Candidate, Sheet
from intervention.queries.encounters import encounter_for
from intervention.queries.slot_problem import SlotAsk
from intervention.rendering import times, wording
from intervention.rendering.i18n import _, ngettext
from intervention.usecases import idempotency
from intervention.usecases.booking import withdraw
from intervention.usecases.finding import Found, find_slots
from intervention.usecases.make_ups import link
from intervention.usecases.taking_offers import BookOffer, book_offer
from intervention.usecases.work import Work
from intervention.web import notices
from intervention.web.booking_results import results_of
from intervention.web.gate import current_actor
from intervention.web.parse import Form, id_or_none
from intervention.web.series_forms import Repeat
from intervention.web.stage import open_work, reading, stage

pages = Blueprint("booking", __name__)
Page = str | tuple[str, int] | Response

WEEKS = (1, 2, 4, 8)
BOOKERS = frozenset({Role.PROFESSIONAL, Role.COORDINATOR, Role.ADMINISTRATOR})
BEST = 3
SHOWN = 400  # enough for every day of eight weeks to show its own
A_DAY = 12


@dataclass(frozen=True, slots=True)
class Ask:
    """The left side of the sheet, read: the search, and what booking adds to it."""

    slots: SlotAsk
    discipline: Discipline
    objective: str
    is_strict: bool
    values: tuple[str, ...]


@pages.get("/seances/nouvelle")
def new() -> Page:
    """Without anybody chosen yet: the ask alone. `debut` (a wall time) comes from an empty place of the agenda."""
    form = Form(_with_defaults(request.args))
    return _sheet_page(form)


@pages.post("/seances")
def book() -> Page:
    """Take the slot whose button was pressed. Sent twice, it books once."""
    form = Form(request.form)
    actor = current_actor()
    try:
        ask = _read(form, actor)
        made_up = form.maybe_id("reprise")
        form.check()
        offer = _taken(form, ask)
        with open_work() as work:
            answer = idempotency.once(
                work, actor, form.value("key"), form.value("slot"), lambda: _booked(work, actor, offer, made_up)
            )
    except InvalidInput as refusal:
        return _sheet_page(form.refused(refusal), status=422)
    except (SlotTaken, SlotRefused) as refusal:
        return _sheet_page(form, status=409, refusal=refusal)
    encounter_id = UUID(answer["encounter_id"])
    notices.say("encounter_booked", undo=url_for("booking.withdrawal", encounter_id=encounter_id))
    return redirect(url_for("encounters.show", encounter_id=encounter_id), 303)


@pages.post("/seances/<uuid:encounter_id>/retrait")
def withdrawal(encounter_id: UUID) -> Page:
    with open_work() as work:
        withdraw(work, current_actor(), encounter_id)
    notices.say("encounter_withdrawn")
    return redirect(url_for("booking.new"), 303)


@pages.get("/seances/<uuid:encounter_id>/encore")
def again(encounter_id: UUID) -> Page:
    """The same people, length and discipline, from a week after the last time (from today if that is past)."""
    return redirect(asked_again(current_actor(), encounter_id), 303)


def asked_again(actor: Actor, encounter_id: UUID, reprise: UUID | None = None) -> str:
    """The address of the sheet filled with what an encounter was."""
    encounter = encounter_for(reading(), actor, encounter_id, Action.SEE_ENCOUNTER)
    today = local_date(stage().clock.now(), actor.zone)
    people = [
        f"{kind}:{subject}"
        for each in encounter.participations
        if each.person_id != encounter.host_id
        for kind, subject in (
            ("pupil", each.pupil_id), ("class", each.class_group_id),
            ("guest", each.guest_id), ("person", each.person_id),
        )
        if subject is not None
    ]  # fmt: skip
    return url_for(
        "booking.new",
        genre=encounter.kind.value,
        personne=encounter.host_id,
        qui=people,
        duree=encounter.span.minutes,
        discipline=encounter.discipline.value,
        modalite=encounter.modality.value,
        du=max(encounter.on_date + timedelta(days=7), today),
        reprise=reprise,
    )


def _booked(work: Work, actor: Actor, offer: BookOffer, made_up: UUID | None) -> dict[str, str]:
    """Books it, and says what it makes up for when it comes from the pool."""
    booked = book_offer(work, actor, offer)
    if made_up is not None:
        link(work, actor, made_up, booked.encounter_id)
    return {"encounter_id": str(booked.encounter_id)}


def _with_defaults(args: MultiDict[str, str]) -> MultiDict[str, str]:
    """The sheet as it opens: an individual follow-up, from today, over two weeks."""
    data = MultiDict(args.items(multi=True))
    kind = data.get("genre", "")
    if kind not in set(EncounterKind):
        kind = data["genre"] = EncounterKind.INDIVIDUAL.value
    rules = KIND_RULES[EncounterKind(kind)]
    started = data.get("debut", "")
    today = local_date(stage().clock.now(), current_actor().zone)
    data.setdefault("duree", str(rules.default_minutes))
    data.setdefault("du", started[:10] or str(today))
    data.setdefault("semaines", "2")
    data.setdefault("modalite", "")
    data.setdefault("repeter", "")
    return data


def _sheet_page(form: Form, status: int = 200, refusal: SlotTaken | SlotRefused | None = None) -> Page:
    actor = current_actor()
    kind = form.choice("genre", EncounterKind, default=EncounterKind.INDIVIDUAL)
    host_id = form.maybe_id("personne") or booking_form.first_host(reading(), actor)
    if host_id is None or not (form.maybe_id("personne") or actor.roles & BOOKERS):
        raise NotAllowed(because="not_book")
    sheet = booking_form.sheet(reading(), actor, host_id, kind)
    found, ask = _search(form, actor, sheet)
    if form.faults and status == 200:
        status = 422
    made = render_template(
        "booking/new.html",
        form=form,
        sheet=sheet,
        kind=kind,
        rules=KIND_RULES[kind],
        found=found,
        ask=ask,
        results=results_of(actor, found, sheet, ask.slots.minutes, form.value("debut")) if found and ask else None,
        refusal=refusal,
        longer=_longer(form) if found and not found.total else None,
        key=uuid4().hex,
        kinds=list(EncounterKind),
        any_chosen=_any_chosen,
        durations=[(minutes, times.lasting(minutes)) for minutes in KIND_RULES[kind].allowed_minutes],
        modalities=[("", _("au mieux")), *((each.value, wording.word(each)) for each in Modality)],
        weeks_choices=[(n, ngettext("une semaine", "%(n)s semaines", n)) for n in WEEKS],
        repeats=[(each.value, wording.word(each), None) for each in Repeat],
        discipline_choices=[(each.value, wording.word(each)) for each in sheet.disciplines],
    )
    return made if status == 200 else (made, status)


def _longer(form: Form) -> str | None:
    """The same search over as many weeks as there can be, where it was over fewer."""
    if form.value("semaines") == str(WEEKS[-1]):
        return None
    asked = {name: form.values(name) for name in form.data if name not in {"csrf", "key", "slot", "accepting"}}
    return f"{url_for('booking.new')}?{urlencode({**asked, 'semaines': WEEKS[-1]}, doseq=True)}"


def _any_chosen(candidates: Iterable[Candidate], chosen: list[str]) -> bool:
    return any(each.value in chosen for each in candidates)


def _search(form: Form, actor: Actor, sheet: Sheet) -> tuple[Found | None, Ask | None]:
    """The slots for the form as it is, or nothing while nobody is chosen or something is wrong."""
    if not form.values("qui"):
        return None, None
    try:
        ask = _read(form, actor, sheet)
        form.check()
        work = Work(reading(), stage().clock)
        return find_slots(work, actor, ask.slots, limit=SHOWN), ask
    except InvalidInput as refusal:
        named = {"people": "qui", "minutes": "duree", "modality": "modalite", "days": "semaines", "first_on": "du"}
        form.refused(InvalidInput({named.get(name, name): code for name, code in refusal.fields.items()}))
        return None, None


def _read(form: Form, actor: Actor, sheet: Sheet | None = None) -> Ask:
    kind = form.choice("genre", EncounterKind)
    host_id = form.maybe_id("personne") or booking_form.first_host(reading(), actor)
    if host_id is None:
        raise NotAllowed(because="not_book")
    sheet = sheet or booking_form.sheet(reading(), actor, host_id, kind)
    values = tuple(v for v in form.values("qui")[:60] if id_or_none(v.partition(":")[2]) is not None)
    first_on = form.day("du") if form.value("du") else local_date(stage().clock.now(), actor.zone)
    modality = form.value("modalite")
    slots = SlotAsk(
        host_id=host_id,
        kind=kind,
        minutes=form.whole("duree", least=5, most=240),
        people=booking_form.participants(reading(), actor, values, kind),
        first_on=first_on if "du" not in form.faults else date(2000, 1, 1),
        days=7 * form.whole("semaines", least=1, most=8),
        wanted=Modality(modality) if modality in set(Modality) else None,
    )
    discipline = form.choice("discipline", Discipline, default=sheet.disciplines[0])
    objective = form.text("objectif", required=False)
    return Ask(slots, discipline, objective, form.flag("confidentielle"), values)


def _taken(form: Form, ask: Ask) -> BookOffer:
    """What the pressed button said: a start, a building, and for a fix what it changes."""
    said = {name: values[0] for name, values in parse_qs(form.value("slot")).items()}
    building = id_or_none(said.get("at", ""))
    try:
        starts_at = datetime.fromisoformat(said.get("start", ""))
    except ValueError:
        starts_at = None
    if building is None or starts_at is None or starts_at.tzinfo is None or not is_planned(starts_at):
        raise InvalidInput({"slot": "not_a_choice"})
    slots = replace(ask.slots, wanted=None)
    if said.get("minutes", "").isdecimal():
        slots = replace(slots, minutes=int(said["minutes"]))
    without = id_or_none(said.get("without", ""))
    if without is not None:
        slots = replace(slots, people=tuple(p for p in slots.people if p.subject_id != without))
    return BookOffer(
        slots,
        ask.discipline.value,
        starts_at,
        building,
        ask.objective or None,
        booking_form.need_group_of(ask.values),
        ask.is_strict,
        frozenset({said.get("accept", "")}) & {rule.value for rule in SOFT_RULES},
    )
