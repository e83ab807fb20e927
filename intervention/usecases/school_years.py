"""Opens a school year: its bounds, its usual cycle, the legal holidays, and last year's words on the same weekdays."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.calendar_edits import Copied, copied
from intervention.domain.calendar_layers import Frame, YearCount, count
from intervention.domain.cycle import Rotation
from intervention.domain.days import Holiday, Layer
from intervention.domain.encounters import CancellationCause
from intervention.domain.ids import new_id
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.redating import Decided
from intervention.domain.school_calendar import days_of
from intervention.queries.school_calendars import Layers, layers_of
from intervention.records.calendars import SchoolYear
from intervention.usecases.calendar_changes import record_change
from intervention.usecases.calendar_edits import check_year, with_holidays, year_for
from intervention.usecases.redating import accept
from intervention.usecases.redating_plan import redating_of
from intervention.usecases.school_days import proposed, write_days
from intervention.usecases.work import Work


@dataclass(frozen=True, slots=True)
class CreateYear:
    """`like_id`: the year whose words and cycles are said again; None begins with the legal holidays alone."""

    label: str
    frame: Frame
    usual: Rotation
    like_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class YearPreview:
    """What a new year would hold before anybody opens it. `least`, `most`: half days of classes over the buildings."""

    holidays: Mapping[date, Holiday]
    kept: tuple[Copied, ...]
    dropped: tuple[Copied, ...]
    least: YearCount
    most: YearCount
    names: Mapping[UUID, str] = field(default_factory=dict)


def preview_year(work: Work, actor: Actor, ask: CreateYear) -> YearPreview:
    """Nothing is written. Raises InvalidInput, NotAllowed, NotFound."""
    _check(work.session, actor, ask)
    year = _year(actor, ask)
    layers, told = _layers(work.session, actor, ask, year)
    counts = [count(days_of(strand)) for strand in layers.strands().values()] or [YearCount(0, 0)]
    holidays = {mark.on_date: Holiday(mark.label or "") for _, _, mark in layers.marks if mark.layer is Layer.HOLIDAYS}
    return YearPreview(
        holidays=dict(sorted(holidays.items())),
        kept=tuple(each for each in told if each.dropped is None),
        dropped=tuple(each for each in told if each.dropped is not None),
        least=min(counts, key=lambda each: each.class_halves),
        most=max(counts, key=lambda each: each.calendar_halves),
    )


def create_year(work: Work, actor: Actor, ask: CreateYear) -> UUID:
    """Open the year and lay its days; gives the year. It may be undone for a day, like any edit."""
    _check(work.session, actor, ask)
    year = _year(actor, ask)
    work.session.add(year)
    work.session.flush()
    empty = layers_of(work.session, year)
    layers, _ = _layers(work.session, actor, ask, year)
    changes = proposed(work.session, year, layers)
    plan = redating_of(work, actor, changes)
    everything = Decided(shown=frozenset(line.encounter_id for line in plan.lines))  # and nothing of it accepted
    write_days(work.session, year, changes)
    redated = accept(work, actor, plan, everything, CancellationCause.SCHOOL_EVENT)
    record_change(
        work, actor, year, Subject(actor.organization_id), (empty, layers), label=year.label, days=len(changes),
        redated=redated, is_new=True,
    )  # fmt: skip
    return year.id


def latest_year(session: Session, actor: Actor) -> SchoolYear | None:
    """The board's last year: the one that a new year most likely follows."""
    return session.scalars(
        select(SchoolYear)
        .where(SchoolYear.organization_id == actor.organization_id)
        .order_by(SchoolYear.staff_from.desc())
        .limit(1)
    ).first()


def _check(session: Session, actor: Actor, ask: CreateYear) -> None:
    require(actor, Action.EDIT_CALENDARS, Subject(actor.organization_id))
    check_year(session, actor, ask.label, ask.frame, ask.usual)


def _year(actor: Actor, ask: CreateYear) -> SchoolYear:
    frame = ask.frame
    return SchoolYear(
        id=new_id(), organization_id=actor.organization_id, label=ask.label.strip(), staff_from=frame.staff_from,
        starts_on=frame.pupils_from, ends_on=frame.pupils_until, staff_until=frame.staff_until,
        cycle_length=ask.usual.length, reflow=ask.usual.reflow,
    )  # fmt: skip


def _layers(session: Session, actor: Actor, ask: CreateYear, year: SchoolYear) -> tuple[Layers, list[Copied]]:
    """The layers of the year that is to be, and what became of each word of the year before."""
    layers = with_holidays(layers_of(session, year))
    if ask.like_id is None:
        return layers, []
    like = layers_of(session, year_for(session, actor, ask.like_id))
    holidays: Collection[date] = {mark.on_date for _, _, mark in layers.marks}
    told = copied(like.marks, like.frame, ask.frame, holidays)
    words = tuple((each.target_id, each.level, each.mark) for each in told if each.dropped is None)
    return replace(layers, marks=layers.marks + words, rotations=like.rotations), told
