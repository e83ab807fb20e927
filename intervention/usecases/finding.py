"""Finds slots for an ask: each offer is ready to book, each refused day says why and what would help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from intervention.domain.arrangement import Arrangement
from intervention.domain.composition import AskSite
from intervention.domain.encounters import KIND_RULES, Modality
from intervention.domain.errors import InvalidInput
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.school_time import local_date
from intervention.domain.slot_search import search
from intervention.domain.slots import DaySummary, Fix, FixKind, Given, Reason, Refusal, Rule, Slot
from intervention.domain.spans import instant_of
from intervention.queries.slot_problem import MAX_DAYS, Loaded, SlotAsk, load
from intervention.usecases.booking import MAX_AHEAD
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
    """A change proved to work: what it is, the offer that it makes, the soft rule that it knowingly sets aside."""

    kind: FixKind
    resource_id: UUID | None
    offer: Offer
    accepting: Rule | None = None


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
class MetEncounter:
    """An encounter of the host that is in the way, and that the reader may see."""

    encounter_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class RefusedDay:
    """Why a day has no slot, and the changes that would give it one, the cheapest first.

    `subject_id` is a resource or building of the ask, never whose encounter is in the way.
    """

    rule: Rule
    subject_id: UUID | None
    starts_at: datetime
    fixes: tuple[OfferedFix, ...] = ()
    taken: TakenThing | None = None
    road: ShortRoadTold | None = None
    met: tuple[MetEncounter, ...] = ()


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

    Raises NotAllowed, NotFound (somebody out of scope), InvalidInput (duration, days, no such modality).
    """
    require(actor, Action.BOOK, Subject(actor.organization_id, owner_id=ask.host_id))
    faults = faults_of(ask) | _faults_of_window(ask, work.now().date())
    if faults:
        raise InvalidInput(faults)
    loaded = load(work.session, actor, ask, work.now())
    result = search(loaded.problem, limit=limit)
    zone = loaded.board.professionals[ask.host_id].zone
    sites = _Sites(loaded)
    return Found(
        tuple(_offer(sites, slot, ask.minutes) for slot in result.slots),
        result.total,
        tuple(_day(sites, summary, ask, zone, is_own=actor.person_id == ask.host_id) for summary in result.days),
        zone,
    )


def faults_of(ask: SlotAsk) -> dict[str, str]:
    """What can never be searched for, by field."""
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


def _faults_of_window(ask: SlotAsk, today: date) -> dict[str, str]:
    """Days that have all gone by, or that nobody may book yet. A day of grace: it is not today everywhere."""
    if (today - ask.first_on).days > max(ask.days, 1):
        return {"first_on": "in_the_past"}
    return {"first_on": "too_far_ahead"} if ask.first_on - today > MAX_AHEAD else {}


class _Sites:
    """The sites of offers. Many differ by their moment only, and then share their sites."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self._made: dict[tuple[int, tuple[Given, ...]], tuple[AskSite, ...]] = {}

    def of(self, found: Slot | Fix) -> tuple[AskSite, ...]:
        key = found.option, found.given
        if key not in self._made:
            self._made[key] = sites_given(self.loaded.arrangements[found.option], found.given)
        return self._made[key]


def _offer(sites: _Sites, slot: Slot, minutes: int) -> Offer:
    loaded = sites.loaded
    return Offer(
        instant_of(loaded.problem.origin + slot.start),
        minutes,
        loaded.arrangements[slot.option].modality,
        sites.of(slot),
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


def _day(sites: _Sites, summary: DaySummary, ask: SlotAsk, zone: str, *, is_own: bool) -> FoundDay:
    loaded = sites.loaded
    on_date = local_date(instant_of(loaded.problem.origin + summary.starts), zone)
    home = loaded.board.professionals[ask.host_id].home
    refusal = _refused(sites, summary.refusal) if summary.refusal is not None else None
    if refusal is not None and refusal.road is not None:
        ends = {refusal.road.start_id, refusal.road.end_id}
        # Where she comes from may be where a confidential séance is: the rule is told, the place is hers.
        if not is_own or not ends <= loaded.board.buildings.keys():
            refusal = replace(refusal, road=None)
    return FoundDay(on_date, summary.count, loaded.board.cycle_day(home, on_date), refusal)


def _refused(sites: _Sites, refusal: Refusal) -> RefusedDay:
    origin, taken, road = sites.loaded.problem.origin, refusal.taken, refusal.road
    return RefusedDay(
        refusal.rule,
        refusal.subject_id,
        instant_of(origin + refusal.start),
        tuple(_offered(sites, fix) for fix in refusal.fixes),
        TakenThing(taken.resource_id, instant_of(origin + taken.starts), instant_of(origin + taken.ends))
        if taken
        else None,
        ShortRoadTold(road.start_id, road.end_id, road.needed * 5, road.free * 5) if road else None,
        tuple(
            MetEncounter(stop.encounter_id, instant_of(origin + stop.starts), instant_of(origin + stop.ends))
            for stop in refusal.met
            if stop.encounter_id is not None
        ),
    )


def _offered(sites: _Sites, fix: Fix) -> OfferedFix:
    modality, given = sites.loaded.arrangements[fix.option].modality, sites.of(fix)
    if fix.kind is FixKind.WITHOUT:
        given = tuple(
            replace(s, participants=tuple(p for p in s.participants if p.resource_id != fix.resource_id)) for s in given
        )
    starts_at = instant_of(sites.loaded.problem.origin + fix.start)
    offer = Offer(starts_at, fix.duration * 5, modality, given, 0, (), 0)
    return OfferedFix(fix.kind, fix.resource_id, offer, fix.accepting)
