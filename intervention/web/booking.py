"""A new séance: what is asked on one side, the slots that work on the other, one click to book."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlencode
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from intervention.domain.encounters import KIND_RULES, EncounterKind, Modality, PlaceKind
from intervention.domain.errors import InvalidInput, NotAllowed, NotFound, SlotRefused, SlotTaken
from intervention.domain.people import Discipline, Role
from intervention.domain.permissions import Action, Actor
from intervention.domain.school_time import local_date
from intervention.domain.slots import FixKind
from intervention.queries import booking_form
from intervention.queries.booking_form import Candidate, Sheet
from intervention.queries.catalogue import Catalogue, catalogue
from intervention.queries.encounters import encounter_for
from intervention.queries.slot_problem import SlotAsk
from intervention.rendering import times, wording
from intervention.rendering.i18n import _, ngettext
from intervention.usecases import idempotency
from intervention.usecases.booking import withdraw
from intervention.usecases.finding import (
    BookOffer,
    Found,
    Offer,
    OfferedFix,
    RefusedDay,
    book_offer,
    find_slots,
)
from intervention.usecases.work import Work
from intervention.web import notices
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
        form.check()
        offer = _taken(form, ask)
        with open_work() as work:
            answer = idempotency.once(
                work, actor, form.value("key"), form.value("slot"), lambda: _booked(work, actor, offer)
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
    actor = current_actor()
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
    return redirect(
        url_for(
            "booking.new",
            genre=encounter.kind.value,
            personne=encounter.host_id,
            qui=people,
            duree=encounter.span.minutes,
            discipline=encounter.discipline.value,
            modalite=encounter.modality.value,
            du=max(encounter.on_date + timedelta(days=7), today),
        ),
        303,
    )


def _booked(work: Work, actor: Actor, offer: BookOffer) -> dict[str, str]:
    return {"encounter_id": str(book_offer(work, actor, offer).encounter_id)}


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
        results=_results(actor, found, form) if found and ask else None,
        refusal=refusal,
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
        named = {"people": "qui", "minutes": "duree", "modality": "modalite", "days": "semaines"}
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
    if building is None or starts_at is None or starts_at.tzinfo is None:
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
    )


# What the slots side shows.


@dataclass(frozen=True, slots=True)
class OfferLine:
    """A slot as a button: what it sends, when, how, where, why."""

    slot: str
    offer: Offer
    where: str
    rooms: str


@dataclass(frozen=True, slots=True)
class FixLine:
    slot: str
    kind: FixKind
    what: str
    offer: Offer


@dataclass(frozen=True, slots=True)
class DayLines:
    on_date: date
    cycle_day: int | None
    lines: tuple[OfferLine, ...]
    rule: str | None
    subject: str
    refused_at: datetime | None
    fix: FixLine | None


@dataclass(frozen=True, slots=True)
class Results:
    best: tuple[OfferLine, ...]
    days: tuple[DayLines, ...]
    total: int
    zone: str


def _results(actor: Actor, found: Found, form: Form) -> Results:
    board = catalogue(reading(), actor.organization_id)
    names = _names(board)
    lines = [_line(board, names, offer) for offer in found.offers]
    by_day = _by_day(lines, found.zone)
    days = tuple(
        DayLines(
            day.on_date,
            day.cycle_day,
            tuple(by_day.get(day.on_date, ())),
            day.refusal.rule.value if day.refusal else None,
            _obstacle(names, day.refusal, found.zone) if day.refusal else "",
            day.refusal.starts_at if day.refusal else None,
            _fix_line(names, day.refusal.fix) if day.refusal and day.refusal.fix else None,
        )
        for day in found.days
        if day.on_date.isoweekday() < 6 or day.count
    )
    return Results(tuple(_nearest(lines, form.value("debut"), found.zone)[:BEST]), days, found.total, found.zone)


def _obstacle(names: Mapping[UUID, str], refusal: RefusedDay, zone: str) -> str:
    """What may be told of what stands in the way: a place, when a room is taken, which road is too long."""
    if refusal.taken is not None:
        return _(
            "%(what)s, de %(start)s à %(end)s",
            what=names.get(refusal.taken.resource_id, ""),
            start=times.time_of(refusal.taken.starts_at, zone),
            end=times.time_of(refusal.taken.ends_at, zone),
        )
    if refusal.road is not None:
        return _(
            "%(needed)s de route entre %(start)s et %(end)s, %(free)s de libre",
            needed=times.lasting(refusal.road.needed_minutes),
            start=names.get(refusal.road.start_id, ""),
            end=names.get(refusal.road.end_id, ""),
            free=times.lasting(refusal.road.free_minutes),
        )
    return names.get(refusal.subject_id, "") if refusal.subject_id else ""


def _by_day(lines: list[OfferLine], zone: str) -> dict[date, list[OfferLine]]:
    """The best dozen of each day, in the order of the clock; the best way to hold it when a time has several."""
    found: dict[date, dict[datetime, OfferLine]] = defaultdict(dict)
    for line in lines:
        of_day = found[local_date(line.offer.starts_at, zone)]
        if len(of_day) < A_DAY:
            of_day.setdefault(line.offer.starts_at, line)
    return {day: [of_day[at] for at in sorted(of_day)] for day, of_day in found.items()}


def _nearest(lines: list[OfferLine], started: str, zone: str) -> list[OfferLine]:
    """The best first; when a place of the agenda was pressed, the nearest to it."""
    try:
        at = datetime.fromisoformat(started).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        return lines
    return sorted(lines, key=lambda each: abs(each.offer.starts_at - at))


def _line(board: Catalogue, names: Mapping[UUID, str], offer: Offer) -> OfferLine:
    return OfferLine(
        _slot_of(offer),
        offer,
        _where(board, offer),
        ", ".join(names.get(site.room_id, "") for site in offer.sites if site.room_id is not None),
    )


def _where(board: Catalogue, offer: Offer) -> str:
    """The school that she is at, or holds it by video from; nothing when she stays at her base."""
    host = offer.host_site
    info = board.buildings.get(host.building_id) if host.building_id else None
    if info is None or (offer.modality is Modality.REMOTE and host.place is PlaceKind.HOME_BASE):
        return ""
    return _("depuis %(place)s", place=info.name) if offer.modality is Modality.REMOTE else info.name


def _fix_line(names: Mapping[UUID, str], fix: OfferedFix) -> FixLine:
    what = names.get(fix.resource_id, "") if fix.resource_id else ""
    extra = {"minutes": str(fix.offer.minutes)} if fix.kind is FixKind.SHORTER else {}
    if fix.kind is FixKind.WITHOUT:
        extra["without"] = str(fix.resource_id)
    return FixLine(_slot_of(fix.offer, **extra), fix.kind, what, fix.offer)


def _slot_of(offer: Offer, **more: str) -> str:
    if offer.host_site.building_id is None:
        raise NotFound
    return urlencode({"start": offer.starts_at.isoformat(), "at": str(offer.host_site.building_id), **more})


def _names(board: Catalogue) -> dict[UUID, str]:
    """Buildings and rooms only: a person in the way stays unnamed."""
    names = {building.id: building.name for building in board.buildings.values()}
    for building in board.buildings.values():
        names |= {room.id: room.name for room in building.rooms}
    return names
