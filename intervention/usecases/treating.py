"""Does to séances what a closure asks, all of them in one write: freed together, arranged anew, checked, taken again.

One after the other would not do: on the way, somebody would still be expected at a school where she no longer goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from intervention.domain.closures import Because, Remainder, Treatment
from intervention.domain.encounters import (
    KIND_RULES,
    ActKind,
    Axis,
    CancellationCause,
    Modality,
)
from intervention.domain.errors import InvalidInput, SlotRefused
from intervention.domain.events import EncounterChanged
from intervention.domain.permissions import Actor
from intervention.domain.series import MakeUpState
from intervention.domain.slots import SOFT_RULES
from intervention.records.encounters import Encounter
from intervention.records.series import MakeUp
from intervention.usecases import roads
from intervention.usecases.booking import people_of, record_act, resources_of, take
from intervention.usecases.cancelling import call_off
from intervention.usecases.changing import as_ask, move_host, settle_modality, touch
from intervention.usecases.reservations import expire_holds, lock_resources, release
from intervention.usecases.shapes import links_of, shape_of
from intervention.usecases.slot_rules import obstacle
from intervention.usecases.work import Work

REARRANGED = frozenset({Treatment.REMOTE, Treatment.WITHOUT})
EVERY_SOFT_RULE = frozenset(rule.value for rule in SOFT_RULES)


@dataclass(frozen=True, slots=True)
class Task:
    """What to do with one séance. What was not chosen by hand gives way when it turns out not to work."""

    encounter: Encounter
    treatment: Treatment
    because: Because
    remainder: Remainder | None
    closure_id: UUID
    is_chosen: bool


def treat(work: Work, actor: Actor, tasks: Sequence[Task], reason: str | None) -> list[dict[str, Any]]:
    """Gives what was there before, séance by séance, for `giving_back`.

    Raises InvalidInput naming, by their id, the séances that cannot be arranged as chosen.
    """
    tasks = [task for task in tasks if task.treatment is not Treatment.KEEP]
    encounters = [task.encounter for task in tasks]
    links = links_of(work.session, (task.encounter for task in tasks if task.treatment in REARRANGED))
    before = {each.id: shape_of(each) | {"links": links.get(each.id, [])} for each in encounters}
    organizations = lock_resources(work.session, {r for each in encounters for r in resources_of(each)})
    expire_holds(work.session, organizations, work.now())
    days = road_days(work, encounters)
    roads.clear(work.session, days)
    for each in encounters:
        release(work.session, each.id)
    done = _settled(work, actor, tasks)
    for task in done:
        if task.treatment in REARRANGED:
            take(work, task.encounter, organizations)
            _tell(work, actor, task, before[task.encounter.id], reason)
        else:
            _call_off(work, actor, task, reason)
    _lay(work, days, done)
    return [
        {
            "encounter": str(task.encounter.id),
            "closure": str(task.closure_id),
            "treatment": task.treatment.value,
            "version": task.encounter.version,
            "shape": before[task.encounter.id],
        }
        for task in done
    ]


def road_days(work: Work, encounters: Iterable[Encounter]) -> list[roads.RoadDay]:
    found = [day for each in encounters for day in roads.road_days_of(work.session, people_of(as_ask(each)), each.span)]
    return list(dict.fromkeys(found))


def _settled(work: Work, actor: Actor, tasks: Sequence[Task]) -> list[Task]:
    """Every séance in its new shape, those that cannot be as proposed cancelled instead.

    None is still where it was while another is checked; the road, laid at the end, has the last word.
    """
    aside = frozenset(task.encounter.id for task in tasks)
    wrong = {}
    done = []
    for task in tasks:
        if task.treatment in REARRANGED:
            code = _against(work, actor, task, aside)
            if code is not None and task.is_chosen:
                wrong[str(task.encounter.id)] = "treatment_refused"
            elif code is not None:
                task = replace(task, treatment=_otherwise(task.encounter))  # noqa: PLW2901 - the task as it is done
        done.append(task)
    if wrong:
        raise InvalidInput(wrong)
    for task in done:
        if task.treatment in REARRANGED:
            rearrange(work, task)
    return done


def _against(work: Work, actor: Actor, task: Task, aside: frozenset[UUID]) -> str | None:
    if task.remainder is None:
        return "no_remainder"
    ask = replace(as_ask(task.encounter), sites=task.remainder.sites, accepting=EVERY_SOFT_RULE)
    return obstacle(work, actor, ask, task.encounter.span, ignoring=task.encounter.id, aside=aside)


def _otherwise(encounter: Encounter) -> Treatment:
    for_pupils = KIND_RULES[encounter.kind].axis is Axis.PUPIL_SERVICE
    return Treatment.MAKE_UP if for_pupils else Treatment.CANCEL


def rearrange(work: Work, task: Task) -> None:
    """Move the host where she may be, and take the closed sites away with whoever was to be there."""
    encounter, remainder = task.encounter, task.remainder
    assert remainder is not None  # noqa: S101 - checked by `_against`
    leaving = [encounter.sites[n] for n in sorted(remainder.leaving)]
    if remainder.host_to is not None:
        move_host(encounter, *remainder.host_to)
        work.session.flush()
    gone = [site for site in leaving if not site.has_host and site in encounter.sites]
    ids = {site.id for site in gone}
    for participation in [p for p in encounter.participations if p.site_id in ids]:
        encounter.participations.remove(participation)
    work.session.flush()
    for site in gone:
        encounter.sites.remove(site)
    settle_modality(encounter)
    work.session.flush()


def _tell(work: Work, actor: Actor, task: Task, before: dict[str, Any], reason: str | None) -> None:
    encounter = task.encounter
    touch(work, encounter)
    kind = ActKind.MODALITY_CHANGED if task.treatment is Treatment.REMOTE else ActKind.SITE_LEFT
    changes: dict[str, object] = {"closure": str(task.closure_id)}
    if Modality(before["modality"]) is not encounter.modality:
        changes["modality"] = {"from": before["modality"], "to": encounter.modality.value}
    record_act(work, actor, encounter.id, kind, reason=reason, changes=changes)
    work.note(EncounterChanged(encounter.organization_id, encounter.id, encounter.revision))


def _call_off(work: Work, actor: Actor, task: Task, reason: str | None) -> None:
    call_off(work, actor, task.encounter, CancellationCause.CLOSURE, reason)
    if task.treatment is Treatment.MAKE_UP:
        owe(work, actor, task.encounter)


def owe(work: Work, actor: Actor, encounter: Encounter) -> MakeUp:
    """Put a séance that was not given in the pool."""
    made = MakeUp(
        organization_id=encounter.organization_id,
        encounter_id=encounter.id,
        state=MakeUpState.OWED,
        since_at=work.now(),
        decided_by_id=actor.person_id,
        decided_at=work.now(),
    )
    work.session.add(made)
    work.session.flush()
    return made


def _lay(work: Work, days: Iterable[roads.RoadDay], done: Sequence[Task]) -> None:
    for day in days:
        try:
            roads.lay(work.session, [day])
        except SlotRefused as refused:
            chosen = [t for t in done if t.is_chosen and day.person_id in people_of(as_ask(t.encounter))]
            if not chosen:
                raise
            raise InvalidInput({str(t.encounter.id): "treatment_refused" for t in chosen}) from refused
