"""Closures: listed, shown before they are declared, declared, lifted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from intervention.api import outputs as out
from intervention.api import shapes
from intervention.api.operations import Answer, Call
from intervention.api.scalars import Day, Id, Input, Text
from intervention.domain.closures import Because, Treatment
from intervention.domain.days import ClosureScope, DayType, Portion
from intervention.domain.school_time import local_date
from intervention.queries import closures as read
from intervention.usecases.closure_plan import MAX_LABEL, DeclareClosure
from intervention.usecases.closures import Preview, declare, preview
from intervention.usecases.lifting import lift

MOST_TREATMENTS = 1000


class ChosenTreatment(Input):
    encounter_id: Id
    treatment: Treatment


class Close(Input):
    """`day_type`: closure, suspension, or class for a conditional day that becomes a class day. With `dry_run`, the
    answer says what would be done and nothing is; `treatments` replace what the rule proposes, séance by séance."""

    dry_run: bool = False
    scope: ClosureScope
    target_id: Id
    day_type: DayType
    first_on: Day
    last_on: Day | None = None
    portion: Portion = Portion.WHOLE
    label: Annotated[Text, Field(max_length=MAX_LABEL)] | None = None
    treatments: Annotated[tuple[ChosenTreatment, ...], Field(max_length=MOST_TREATMENTS)] = ()


class ClosureLine(TypedDict):
    id: UUID
    scope: ClosureScope
    place: Annotated[str, Field(description="Empty for the whole board.")]
    on_date: date
    portion: Portion
    day_type: DayType
    label: str
    declared_by: str
    declared_at: datetime
    lifted_at: datetime | None


class Closures(TypedDict):
    items: list[ClosureLine]


class Treated(TypedDict):
    encounter: out.Encounter
    treatment: Treatment
    because: Because
    choices: list[Treatment]


class Closing(TypedDict):
    """`change_id` is null for a dry run, and when all of it was declared already. `confidential` séances are treated
    by rule: that they exist is all that this reader learns."""

    dry_run: bool
    change_id: UUID | None
    closure_ids: list[UUID]
    dates: list[date]
    already_declared: list[date]
    school_days_changed: int
    confidential: int
    lines: list[Treated]


class Lifted(TypedDict):
    restored: int
    refused: Annotated[int, Field(description="Séances that somebody changed since, or whose people are taken.")]


def list_closures(call: Call) -> Answer:
    now = call.work.now()
    rows = read.closures(call.work.session, call.actor, now, local_date(now, call.actor.zone))
    return Answer({"items": [_line(row) for row in rows]})


def close(call: Call) -> Answer:
    """What is done is what was shown: both are asked of the same plan, in this transaction."""
    body: Close = call.body
    ask = DeclareClosure(
        body.scope, body.target_id, body.day_type, body.first_on, body.last_on, body.portion, body.label or None,
        {each.encounter_id: each.treatment for each in body.treatments},
    )  # fmt: skip
    shown = _shown(preview(call.work, call.actor, ask))
    if body.dry_run:
        return Answer(shown)
    done = declare(call.work, call.actor, ask)
    return Answer(shown | {"dry_run": False, "change_id": done.change_id, "closure_ids": list(done.closure_ids)})


def lift_closure(call: Call) -> Answer:
    given = lift(call.work, call.actor, call.id)
    return Answer({"restored": len(given.restored), "refused": len(given.refused)})


def _shown(seen: Preview) -> dict[str, Any]:
    return {
        "dry_run": True,
        "change_id": None,
        "closure_ids": [],
        "dates": list(seen.dates),
        "already_declared": list(seen.repeated),
        "school_days_changed": sum(change.is_lived for change in seen.changes),
        "confidential": seen.confidential,
        "lines": [
            {
                "encounter": shapes.encounter(line.view),
                "treatment": line.treatment,
                "because": line.because,
                "choices": list(line.choices),
            }
            for line in seen.lines
        ],
    }


def _line(row: read.ClosureRow) -> ClosureLine:
    return {
        "id": row.id,
        "scope": row.scope,
        "place": row.place,
        "on_date": row.on_date,
        "portion": row.portion,
        "day_type": row.day_type,
        "label": row.label,
        "declared_by": row.by,
        "declared_at": row.declared_at,
        "lifted_at": row.lifted_at,
    }
