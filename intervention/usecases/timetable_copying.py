"""Last year's timetable laid into this year's: whoever is still there, at the same places; the others with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from intervention.domain.encounters import KIND_RULES, EncounterKind
from intervention.domain.errors import NotFound
from intervention.domain.permissions import Actor
from intervention.domain.timetable import MAX_LINES, NotCarried, TimetableStatus
from intervention.queries.catalogue import catalogue
from intervention.queries.timetables import followed, groups_of, lines_of, timetable_for
from intervention.records.calendars import SchoolYear
from intervention.records.timetables import Timetable, TimetableLine
from intervention.usecases.timetables import editable, slot_at
from intervention.usecases.work import Work

SUBJECT = ("pupil_id", "need_group_id", "class_group_id")


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A line of last year that is not in this year's timetable."""

    label: str
    kind: EncounterKind
    reason: NotCarried


@dataclass(frozen=True, slots=True)
class Carried:
    """How much of last year came along: lines, and the places that they keep."""

    lines: int
    places: int


def last_year(work: Work, timetable: Timetable) -> Timetable | None:
    """The latest timetable before this one that the same professional published."""
    year = work.session.get_one(SchoolYear, timetable.school_year_id)
    return work.session.scalars(
        select(Timetable)
        .join(SchoolYear, SchoolYear.id == Timetable.school_year_id)
        .where(
            Timetable.organization_id == timetable.organization_id,
            Timetable.person_id == timetable.person_id,
            Timetable.status == TimetableStatus.PUBLISHED,
            SchoolYear.starts_on < year.starts_on,
        )
        .order_by(SchoolYear.starts_on.desc())
        .limit(1)
    ).one_or_none()


def copy_last_year(work: Work, actor: Actor, timetable_id: UUID, version: int) -> Carried:
    """Lines that nobody has placed yet take last year's wishes and places; the others are left as they are.

    A place on a day that the new cycle does not have waits. Raises Stale, NotFound without a timetable last year.
    """
    timetable = editable(work, actor, timetable_id, version)
    before = last_year(work, timetable)
    if before is None:
        raise NotFound
    reasons = _reasons(work, actor, before)
    length = work.session.get_one(SchoolYear, timetable.school_year_id).cycle_length
    present = {_subject(line): line for line in _records(work, timetable)}
    board = catalogue(work.session, actor.organization_id)
    shown, old = (
        {line.id: line for line in lines_of(work.session, actor, board, each)} for each in (timetable, before)
    )
    lines = places = 0
    for line in _records(work, before):
        kept = present.get(_subject(line))
        if old[line.id].is_hidden or reasons[line.id] is not NotCarried.LEFT_OUT:
            continue
        if (kept is not None and shown[kept.id].places) or (kept is None and len(present) >= MAX_LINES):
            continue
        kept = _laid(work, timetable, line, kept)
        present[_subject(line)] = kept
        cells = [place.cell for place in old[line.id].places if place.cell.by_week or place.cell.day <= length]
        work.session.add_all(slot_at(kept.id, cell) for cell in cells)
        lines, places = lines + 1, places + len(cells)
    timetable.version += 1
    work.session.flush()
    return Carried(lines, places)


def left_behind(work: Work, actor: Actor, timetable_id: UUID) -> tuple[LeftBehind, ...]:
    """The lines of last year that this year's timetable does not have, each with why."""
    timetable = timetable_for(work.session, actor, timetable_id)
    before = last_year(work, timetable)
    if before is None:
        return ()
    present = {_subject(line) for line in _records(work, timetable)}
    reasons = _reasons(work, actor, before)
    subjects = {line.id: _subject(line) for line in _records(work, before)}
    board = catalogue(work.session, actor.organization_id)
    return tuple(
        LeftBehind(line.label, line.kind, reasons[line.id])
        for line in lines_of(work.session, actor, board, before)
        if not line.is_hidden and subjects[line.id] not in present
    )


def _laid(work: Work, timetable: Timetable, line: TimetableLine, kept: TimetableLine | None) -> TimetableLine:
    if kept is None:
        kept = TimetableLine(timetable_id=timetable.id, kind=line.kind, discipline=line.discipline)
        for name in SUBJECT:
            setattr(kept, name, getattr(line, name))
        kept.is_confidential = line.is_confidential
        work.session.add(kept)
    for name in ("minutes", "times", "every", "modality", "building_id"):
        setattr(kept, name, getattr(line, name))
    work.session.flush()
    return kept


def _records(work: Work, timetable: Timetable) -> list[TimetableLine]:
    return list(
        work.session.scalars(
            select(TimetableLine).where(TimetableLine.timetable_id == timetable.id).order_by(TimetableLine.id)
        )
    )


def _subject(line: TimetableLine) -> UUID | None:
    return line.pupil_id or line.need_group_id or line.class_group_id


def _reasons(work: Work, actor: Actor, before: Timetable) -> Mapping[UUID, NotCarried]:
    board = catalogue(work.session, actor.organization_id)
    pupils = {each.pupil_id for each in followed(work.session, actor, before.person_id)}
    groups = groups_of(work.session, actor, before.person_id)
    found = {}
    for line in _records(work, before):
        reason = NotCarried.LEFT_OUT
        if line.pupil_id is not None and line.pupil_id not in board.pupils:
            reason = NotCarried.GONE
        elif line.pupil_id is not None and line.pupil_id not in pupils:
            reason = NotCarried.NOT_FOLLOWED
        elif line.need_group_id is not None:
            members = groups[line.need_group_id][1] & pupils if line.need_group_id in groups else frozenset()
            if len(members) < KIND_RULES[EncounterKind.SMALL_GROUP].min_people:
                reason = NotCarried.EMPTY_GROUP
        elif line.class_group_id is not None and line.class_group_id not in board.classes:
            reason = NotCarried.CLOSED_CLASS
        found[line.id] = reason
    return found
