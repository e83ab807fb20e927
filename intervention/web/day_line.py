"""A day as a line: what is over, what is now or next, what comes after with its roads. Views in, values out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from intervention.domain.doors import OPENS_BEFORE
from intervention.domain.encounters import KIND_RULES, Modality
from intervention.domain.permissions import Actor
from intervention.domain.privacy import Audience, EncounterFacts, PupilFacts, SiteFacts
from intervention.queries.agenda import AgendaDay, Away, Road

TAKES_PART = frozenset({Audience.HOST, Audience.CIRCLE, Audience.FACILITATOR})


class When(StrEnum):
    NOW = "now"
    NEXT = "next"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class SiteState:
    """A place at the other end and what it still lacks: `room`, `facilitator`."""

    site: SiteFacts
    lacks: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        return not self.lacks


@dataclass(frozen=True, slots=True)
class Step:
    """`kind`: encounter, road or away."""

    kind: str
    what: EncounterFacts | Road | Away
    when: When
    sites: tuple[SiteState, ...] = ()
    fetch: tuple[PupilFacts, ...] = ()  # for the facilitator: whom to fetch
    has_room: bool = False  # a video room that this reader may enter


@dataclass(frozen=True, slots=True)
class DayLine:
    past: tuple[EncounterFacts, ...]
    ahead: tuple[Step, ...]

    @property
    def is_over(self) -> bool:
        return not any(step.kind == "encounter" for step in self.ahead)

    @property
    def is_empty(self) -> bool:
        return not self.past and not self.ahead


@dataclass(frozen=True, slots=True)
class RoomDay:
    """One room's day; `name` is empty where no room is told, `in_class` where classes stay in their own."""

    name: str
    in_class: bool
    entries: tuple[tuple[EncounterFacts, SiteFacts | None], ...]


def line_of(day: AgendaDay, actor: Actor, now: datetime) -> DayLine:
    """The first séance that is not over is now, once its door is open, or next."""
    past = tuple(entry for entry in day.entries if entry.ends_at <= now)
    ahead: list[Step] = []
    is_first = True
    for entry in day.entries:
        if entry.ends_at > now:
            is_now = is_first and entry.starts_at - OPENS_BEFORE <= now
            ahead.append(_step(entry, actor, When.NOW if is_now else When.NEXT if is_first else When.LATER))
            is_first = False
    ahead += [Step("road", road, When.LATER) for road in day.roads if road.ends_at > now]
    ahead += [Step("away", away, When.LATER) for away in day.away if away.ends_at > now]
    return DayLine(past, tuple(sorted(ahead, key=lambda step: (step.what.starts_at, step.what.ends_at))))


def rooms_of(entries: tuple[EncounterFacts, ...], building_id: UUID) -> list[RoomDay]:
    """A building's day by room, in the order of names; what has no room comes last."""
    found: dict[tuple[str, bool], list[tuple[EncounterFacts, SiteFacts | None]]] = defaultdict(list)
    for entry in entries:
        here = [site for site in entry.sites if site.building_id == building_id]
        for site in here:
            found[site.room, bool(site.groups) and not site.room].append((entry, site))
        if not here:
            found["", False].append((entry, None))
    ordered = sorted(found.items(), key=lambda item: (not item[0][0], item[0]))
    return [RoomDay(name, in_class, tuple(rows)) for (name, in_class), rows in ordered]


def site_states(view: EncounterFacts) -> tuple[SiteState, ...]:
    """The places where somebody is expected and the host is not."""
    needs_facilitator = view.kind is not None and KIND_RULES[view.kind].needs_facilitator
    states = []
    for site in view.sites:
        if site.has_host:
            continue
        # A class is in its own classroom, which nobody books.
        lacks = ["room"] if site.pupils and not site.room else []
        if needs_facilitator and site.pupils and site.facilitator is None:
            lacks.append("facilitator")
        states.append(SiteState(site, tuple(lacks)))
    return tuple(states)


def _step(entry: EncounterFacts, actor: Actor, when: When) -> Step:
    mine = next((s for s in entry.sites if s.facilitator and s.facilitator.id == actor.person_id), None)
    return Step(
        "encounter",
        entry,
        when,
        # A facilitator answers for one place; the others are not hers to read through.
        sites=tuple(state for state in site_states(entry) if mine is None or state.site.id == mine.id),
        fetch=mine.pupils if mine else (),
        has_room=entry.audience in TAKES_PART and entry.modality in {Modality.REMOTE, Modality.HYBRID},
    )
