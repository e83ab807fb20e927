"""The lines of a change of calendar in the reader's words: what is proposed, what stands in the way, what waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from intervention.domain.errors import NotFound
from intervention.domain.permissions import Action, Actor, permits
from intervention.domain.privacy import EncounterFacts, view_for
from intervention.domain.redating import BY_THE_RULE, Decided, Fate, Fated
from intervention.domain.spans import tick_of
from intervention.queries.facts import facts_where
from intervention.queries.scope import visible_encounters
from intervention.records.calendars import CalendarChange
from intervention.records.encounters import Encounter
from intervention.records.reservations import MAX_TICKS, Reservation
from intervention.usecases.calendar_impact import readable, without_class
from intervention.usecases.redating_plan import Redating
from intervention.usecases.work import Work

SHOWN = 200
REMEMBERED = timedelta(days=400)  # a school year, and what was planned before it


@dataclass(frozen=True, slots=True)
class SheetLine:
    """`met` is the séance in the way, where the reader may know of it; `who` names who or what is taken, likewise."""

    view: EncounterFacts
    fated: Fated
    is_ticked: bool
    who: str = ""
    met: EncounterFacts | None = None


@dataclass(frozen=True, slots=True)
class RedatingSheet:
    """One of its `pages`, `seen` lines in all. `confidential` counts those that the rule moves and whose existence is
    not the reader's to know; where it leaves them, nothing is said. `carried` is what was said on the other pages
    against what is proposed."""

    lines: tuple[SheetLine, ...] = ()
    counts: Mapping[Fate, int] | None = None
    confidential: int = 0
    seen: int = 0
    page: int = 1
    carried: Decided = field(default_factory=Decided)

    @property
    def total(self) -> int:
        return self.seen + self.confidential

    @property
    def pages(self) -> int:
        return max(-(-self.seen // SHOWN), 1)


def sheet_of(
    work: Work,
    actor: Actor,
    plan: Redating,
    decided: Decided = BY_THE_RULE,
    page: int = 1,
) -> RedatingSheet:
    """A page of the lines, ticked as `decided` has it; one past the last is the last."""
    shapes = {each.shape for each in plan.seances.values()}
    seeable = {shape for shape in shapes if permits(actor, Action.SEE_ENCOUNTER, shape.subject)}
    seen = [line for line in plan.lines if plan.seances[line.encounter_id].shape in seeable]
    told = {line.encounter_id for line in seen}
    page = min(max(page, 1), max(-(-len(seen) // SHOWN), 1))
    shown = _in_order(seen)[(page - 1) * SHOWN : page * SHOWN]
    views = {view.id: view for view in readable(work.session, actor, [line.encounter_id for line in shown])}
    met = _met(work, actor, shown)
    lines = tuple(_line(views[each.encounter_id], each, met, decided) for each in shown if each.encounter_id in views)
    hidden = [line for line in plan.lines if line.encounter_id not in told and line.is_proposed]
    counts = Counter(line.fate for line in [*seen, *hidden])
    named = {fate: counts[fate] for fate in Fate if counts[fate]}
    return RedatingSheet(lines, named, len(hidden), len(seen), page, _carried(seen, shown, decided))


def _carried(seen: Collection[Fated], shown: Collection[Fated], decided: Decided) -> Decided:
    elsewhere = decided.shown - {line.encounter_id for line in shown}
    against = [
        line.encounter_id
        for line in seen
        if line.encounter_id in elsewhere and (line.encounter_id in decided.accepted) is not line.is_proposed
    ]
    return Decided(frozenset(against), decided.accepted & frozenset(against))


def waiting(work: Work, actor: Actor, changes: Sequence[CalendarChange]) -> tuple[tuple[EncounterFacts, Fate], ...]:
    """The séances that these changes left to decide and that nobody has settled since, by start.

    One that lost its day waits while it stands on a half day without class, whatever its hour; one that did not follow
    its cycle waits while it is where it was.
    """
    said: dict[UUID, tuple[Fate, datetime]] = {}
    for change in changes:
        if change.undone_at is None:
            kept = change.summary.get("to_decide", {})
            said |= {UUID(own): (Fate(fate), datetime.fromisoformat(at)) for own, (fate, at) in kept.items()}
    dayless = [own for own, (fate, _) in said.items() if fate is Fate.NO_SCHOOL]
    still = without_class(work.session, actor.organization_id, dayless, work.now())
    views = [view for view in readable(work.session, actor, said) if view.starts_at > work.now()]
    return tuple(
        (view, said[view.id][0])
        for view in views
        if (view.id in still if said[view.id][0] is Fate.NO_SCHOOL else view.starts_at == said[view.id][1])
    )


def _in_order(lines: Collection[Fated]) -> list[Fated]:
    """What asks for a person first, then series by series."""
    urgency = [Fate.CLASHES, Fate.NO_SCHOOL, Fate.UNNUMBERED, Fate.VANISHES, Fate.MOVES]
    return sorted(lines, key=lambda line: (urgency.index(line.fate), str(line.series_id or ""), line.starts_at))


def _line(view: EncounterFacts, fated: Fated, met: Mapping[UUID, EncounterFacts], decided: Decided) -> SheetLine:
    subject = fated.landing.subject_id if fated.landing and fated.landing.rules else None
    who = _name_in(view, subject) if subject else ""
    return SheetLine(view, fated, decided.accepts(fated), who, met.get(fated.encounter_id))


def _name_in(view: EncounterFacts, subject: UUID) -> str:
    """The name of a resource or building as the reader's own view of the séance gives it; "" where it does not."""
    people = [view.host, *(site.facilitator for site in view.sites), *(a for site in view.sites for a in site.adults)]
    names: dict[UUID, str] = {each.id: each.name for each in people if each is not None}
    names |= {each.id: each.code for site in view.sites for each in site.pupils}
    names |= {site.building_id: site.building for site in view.sites if site.building_id}
    return names.get(subject, "")


def _met(work: Work, actor: Actor, lines: Sequence[Fated]) -> dict[UUID, EncounterFacts]:
    """The séance in the way of each, of those that the actor may see: two questions, whatever their number."""
    sought = {line.encounter_id: line.landing for line in lines if line.fate is Fate.CLASHES and line.landing}
    asked = [
        (Reservation.resource_id == at.subject_id)
        & (Reservation.starts_tick < tick_of(at.span.ends_at))
        & (Reservation.starts_tick > tick_of(at.span.starts_at) - MAX_TICKS)
        & (Reservation.ends_tick > tick_of(at.span.starts_at))
        for at in sought.values()
    ]
    if not asked:
        return {}
    taken = work.session.execute(
        select(Reservation.resource_id, Reservation.starts_tick, Reservation.ends_tick, Reservation.encounter_id).where(
            or_(*asked), Reservation.encounter_id.is_not(None)
        )
    ).all()
    ids = [encounter for *_, encounter in taken]
    seen = {
        facts.id: view_for(actor, facts)
        for facts in facts_where(work.session, Encounter.id.in_(ids), visible_encounters(actor))
    }
    return {
        own: seen[encounter]
        for own, at in sought.items()
        for resource, starts, ends, encounter in taken
        if resource == at.subject_id
        and encounter in seen
        and encounter != own
        and starts < tick_of(at.span.ends_at)
        and ends > tick_of(at.span.starts_at)
    }


def pending(work: Work, actor: Actor) -> tuple[tuple[EncounterFacts, Fate], ...]:
    """What waits for a decision after any change of calendar of the board, of the séances that the actor may see."""
    changes = work.session.scalars(
        select(CalendarChange)
        .where(
            CalendarChange.organization_id == actor.organization_id,
            CalendarChange.undone_at.is_(None),
            CalendarChange.done_at >= work.now() - REMEMBERED,
        )
        .order_by(CalendarChange.done_at)
    )
    return waiting(work, actor, list(changes))


def waiting_after(work: Work, actor: Actor, change_id: UUID) -> tuple[tuple[EncounterFacts, Fate], ...]:
    """What one change left to decide, of the séances that the actor may see."""
    change = work.session.get(CalendarChange, change_id)
    if change is None or change.organization_id != actor.organization_id:
        raise NotFound
    return waiting(work, actor, [change])
