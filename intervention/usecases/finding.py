"""Finds slots for an ask: each offer is ready to book, each refused day says why and what would help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from intervention.domain.arrangement import Arrangement
from intervention.domain.composition import AskSite, BookEncounter
from intervention.domain.encounters import KIND_RULES, Modality
from intervention.domain.errors import InvalidInput, NotFound, SlotRefused
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.school_time import local_date
from intervention.domain.slot_rules import RuleBook
from intervention.domain.slot_search import search
from intervention.domain.slots import DaySummary, FixKind, Given, Reason, Refusal, Rule, Slot
from intervention.domain.spans import instant_of, tick_of
from intervention.queries.catalogue import catalogue
from intervention.queries.slot_problem import MAX_DAYS, Loaded, SlotAsk, load
from intervention.usecases.booking import Booked, book
from intervention.usecases.work import Work


@dataclass(frozen=True, slots=True)
class Offer:
    """A slot, with the sites that `BookEncounter` takes. Road in minutes."""

    starts_at: datetime
    minutes: int
    modality: Modality
    sites: tuple[AskSite, ...]
    extra_road_minutes: int
    reasons: tuple[Reason, ...]
    score: int

    @property
    def host_site(self) -> AskSite:
        return next(site for site in self.sites if site.has_host)


@dataclass(frozen=True, slots=True)
class OfferedFix:
    """A change proved to work: what it is, and the offer that it makes."""

    kind: FixKind
    resource_id: UUID | None
    offer: Offer


@dataclass(frozen=True, slots=True)
class TakenThing:
    """The one room or kit that would do is taken at that time."""

    resource_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class ShortRoadTold:
    """The leg that leaves no time, in minutes: from a building to another, and what is free for it."""

    start_id: UUID
    end_id: UUID
    needed_minutes: int
    free_minutes: int


@dataclass(frozen=True, slots=True)
class RefusedDay:
    """Why a day has no slot. `subject_id` is a resource or building of the ask, never whose encounter is in the way."""

    rule: Rule
    subject_id: UUID | None
    starts_at: datetime
    fix: OfferedFix | None
    taken: TakenThing | None = None
    road: ShortRoadTold | None = None


@dataclass(frozen=True, slots=True)
class FoundDay:
    on_date: date
    count: int
    cycle_day: int | None
    refusal: RefusedDay | None


@dataclass(frozen=True, slots=True)
class Found:
    """Offers, the best first; every day of the window; the zone that days and times are told in."""

    offers: tuple[Offer, ...]
    total: int
    days: tuple[FoundDay, ...]
    zone: str


def find_slots(work: Work, actor: Actor, ask: SlotAsk, *, limit: int = 50) -> Found:
    """Search for whoever may book in the host's agenda. At most three statements, whatever is asked.

    Raises NotAllowed, NotFound (somebody out of scope), InvalidInput (duration, number of days, no such modality).
    """
    require(actor, Action.BOOK, Subject(actor.organization_id, owner_id=ask.host_id))
    faults = _faults(ask)
    if faults:
        raise InvalidInput(faults)
    loaded = load(work.session, actor, ask, work.now())
    result = search(loaded.problem, limit=limit)
    zone = loaded.board.professionals[ask.host_id].zone
    return Found(
        tuple(_offer(loaded, slot, ask.minutes) for slot in result.slots),
        result.total,
        tuple(_day(loaded, summary, ask, zone, is_own=actor.person_id == ask.host_id) for summary in result.days),
        zone,
    )


def _faults(ask: SlotAsk) -> dict[str, str]:
    faults = {}
    rules = KIND_RULES[ask.kind]
    if ask.minutes not in rules.allowed_minutes:
        faults["minutes"] = "duration_not_allowed"
    if not 1 <= ask.days <= MAX_DAYS:
        faults["days"] = "out_of_range"
    if not ask.people:
        faults["people"] = "too_few_people"
    elif len(ask.people) > rules.max_people:
        faults["people"] = "too_many_people"
    elif len({p.subject_id for p in ask.people}) < len(ask.people):
        faults["people"] = "participant_twice"
    return faults


def _offer(loaded: Loaded, slot: Slot, minutes: int) -> Offer:
    way = loaded.arrangements[slot.option]
    return Offer(
        instant_of(loaded.problem.origin + slot.start),
        minutes,
        way.modality,
        sites_given(way, slot.given),
        slot.extra_road * 5,
        slot.reasons,
        slot.score,
    )


def sites_given(way: Arrangement, given: Sequence[Given]) -> tuple[AskSite, ...]:
    """The sites of an arrangement with the room, facilitator and kit that each gets."""
    return tuple(
        replace(
            site,
            room_id=site.room_id or has.room_id,
            facilitator_id=site.facilitator_id or has.facilitator_id,
            kit_id=site.kit_id or has.kit_id,
        )
        for site, has in zip(way.sites, given, strict=True)
    )


def _day(loaded: Loaded, summary: DaySummary, ask: SlotAsk, zone: str, *, is_own: bool) -> FoundDay:
    on_date = local_date(instant_of(loaded.problem.origin + summary.starts), zone)
    home = loaded.board.professionals[ask.host_id].home
    refusal = _refused(loaded, summary.refusal) if summary.refusal is not None else None
    if refusal is not None and refusal.road is not None:
        ends = {refusal.road.start_id, refusal.road.end_id}
        # Where she comes from may be where a confidential séance is: the rule is told, the place is hers.
        if not is_own or not ends <= loaded.board.buildings.keys():
            refusal = replace(refusal, road=None)
    return FoundDay(on_date, summary.count, loaded.board.cycle_day(home, on_date), refusal)


def _refused(loaded: Loaded, refusal: Refusal) -> RefusedDay:
    fix = refusal.fix
    offered = None
    if fix is not None:
        way = loaded.arrangements[fix.option]
        sites = sites_given(way, fix.given)
        if fix.kind is FixKind.WITHOUT:
            sites = tuple(
                replace(s, participants=tuple(p for p in s.participants if p.resource_id != fix.resource_id))
                for s in sites
            )
        starts_at = instant_of(loaded.problem.origin + fix.start)
        offered = OfferedFix(
            fix.kind, fix.resource_id, Offer(starts_at, fix.duration * 5, way.modality, sites, 0, (), 0)
        )
    origin, taken, road = loaded.problem.origin, refusal.taken, refusal.road
    return RefusedDay(
        refusal.rule,
        refusal.subject_id,
        instant_of(origin + refusal.start),
        offered,
        TakenThing(taken.resource_id, instant_of(origin + taken.starts), instant_of(origin + taken.ends))
        if taken
        else None,
        ShortRoadTold(road.start_id, road.end_id, road.needed * 5, road.free * 5) if road else None,
    )


@dataclass(frozen=True, slots=True)
class BookOffer:
    """An offer taken: the search it came from, its start, and the building where the professional will be."""

    ask: SlotAsk
    discipline: str
    starts_at: datetime
    host_building_id: UUID
    objective: str | None = None
    need_group_id: UUID | None = None
    is_strict: bool = False


def book_offer(work: Work, actor: Actor, taken: BookOffer) -> Booked:
    """Book an offer as it stands now: rooms and facilitators are given anew, by the rules that proposed it.

    Raises what `find_slots` and `book` raise; SlotRefused carries `codes` when the start no longer works.
    """
    ask = taken.ask
    require(actor, Action.BOOK, Subject(actor.organization_id, owner_id=ask.host_id))
    faults = _faults(ask)
    if faults:
        raise InvalidInput(faults)
    host = catalogue(work.session, actor.organization_id).professionals.get(ask.host_id)
    if host is None:
        raise NotFound
    on_date = local_date(taken.starts_at, host.zone)
    loaded = load(
        work.session, actor, replace(ask, first_on=on_date, days=1, at_building=taken.host_building_id), work.now()
    )
    start = tick_of(taken.starts_at) - loaded.problem.origin
    book_of_rules = RuleBook(loaded.problem)
    rules = book_of_rules.option(0)
    if not 0 <= start < loaded.problem.length or not rules.allowed >> start & 1:
        refusing = rules.refusing(start) if 0 <= start < loaded.problem.length else [(Rule.TOO_SOON, None)]
        codes = tuple(dict.fromkeys(rule.value for rule, _ in refusing)) or (Rule.TOO_SOON.value,)
        raise SlotRefused(code=codes[0], codes=codes, subject_id=refusing[0][1] if refusing else None)
    sites = sites_given(loaded.arrangements[0], book_of_rules.given(0, start))
    return book(
        work,
        actor,
        BookEncounter(
            host_id=ask.host_id,
            kind=ask.kind,
            discipline=taken.discipline,
            starts_at=taken.starts_at,
            minutes=ask.minutes,
            zone=host.zone,
            sites=sites,
            objective=taken.objective,
            need_group_id=taken.need_group_id,
            is_strict=taken.is_strict,
        ),
    )
