"""The bulk timetable of September: made from a caseload, its lines changed, each put on the grid or taken off it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from intervention.domain.encounters import KIND_RULES, EncounterKind, Modality
from intervention.domain.errors import InvalidInput, NotFound, Stale, WrongState
from intervention.domain.ids import new_id
from intervention.domain.people import Discipline
from intervention.domain.permissions import Actor
from intervention.domain.timetable import EVERY_OTHER, MAX_LINES, MAX_TIMES, Cell
from intervention.queries.catalogue import catalogue
from intervention.queries.timetables import followed, groups_of, timetable_for, timetable_of
from intervention.records.calendars import SchoolYear
from intervention.records.people import Professional
from intervention.records.timetables import Timetable, TimetableLine, TimetableSlot
from intervention.usecases.work import Work

KIND_OF: Final = {
    "pupil": EncounterKind.INDIVIDUAL,
    "group": EncounterKind.SMALL_GROUP,
    "class": EncounterKind.WHOLE_GROUP,
}


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a line is for: `pupil`, `group` or `class`, and its id."""

    pool: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Wishes:
    """How long, how often in a cycle and in which cycles (1: every one, 2: one in two); the modality and the school
    where she goes, where these are wished for."""

    minutes: int
    times: int = 1
    modality: Modality | None = None
    building_id: UUID | None = None
    every: int = 1


def make(work: Work, actor: Actor, person_id: UUID, year_id: UUID) -> UUID:
    """The timetable of a professional for a year, with a line for each group and each pupil of her caseload.

    The one that exists is given back. Raises NotAllowed, NotFound, InvalidInput when the year is over.
    """
    kept = timetable_of(work.session, actor, person_id, year_id)
    if kept is not None:
        return kept.id
    year = work.session.get(SchoolYear, year_id)
    her = work.session.get(Professional, person_id)
    board = catalogue(work.session, actor.organization_id)
    if year is None or year.organization_id != actor.organization_id or her is None or person_id not in board.members:
        raise NotFound
    if actor.today is not None and year.ends_on <= actor.today:
        raise InvalidInput({"year": "year_is_over"})
    made = Timetable(
        organization_id=actor.organization_id,
        person_id=person_id,
        school_year_id=year_id,
        created_by_id=actor.person_id,
        created_at=work.now(),
    )
    work.session.add(made)
    work.session.flush()
    work.session.add_all(_caseload_lines(work, actor, made))
    work.session.flush()
    return made.id


def add_line(  # noqa: PLR0913, PLR0917 - a line in its parts
    work: Work, actor: Actor, timetable_id: UUID, version: int, who: Who, wishes: Wishes
) -> UUID:
    """Raises Stale, InvalidInput (somebody whom she does not follow, a duration her kind does not have)."""
    timetable = editable(work, actor, timetable_id, version)
    count = work.session.scalar(
        select(func.count()).select_from(TimetableLine).where(TimetableLine.timetable_id == timetable.id)
    )
    kind = KIND_OF.get(who.pool)
    faults = _faults(work, actor, kind, wishes)
    found = _line_for(work, actor, timetable, who) if kind is not None else None
    if found is None:
        faults["who"] = "unknown"
    elif (count or 0) >= MAX_LINES:
        faults["who"] = "too_many"
    if faults or found is None:
        raise InvalidInput(faults)
    _wish(found, wishes)
    work.session.add(found)
    return _changed(work, timetable, found.id)


def edit_line(  # noqa: PLR0913, PLR0917 - a line in its parts
    work: Work, actor: Actor, timetable_id: UUID, version: int, line_id: UUID, wishes: Wishes
) -> None:
    """Raises Stale, WrongState once one of its places is published, InvalidInput."""
    timetable = editable(work, actor, timetable_id, version)
    line, slots = line_for(work, actor, timetable, line_id)
    _require_unpublished(slots)
    faults = _faults(work, actor, line.kind, wishes)
    if wishes.times < len(slots):
        faults.setdefault("times", "fewer_than_placed")
    if slots and wishes.every != line.every:
        faults.setdefault("every", "placed_already")
    if faults:
        raise InvalidInput(faults)
    _wish(line, wishes)
    _changed(work, timetable, line.id)


def remove_line(work: Work, actor: Actor, timetable_id: UUID, version: int, line_id: UUID) -> None:
    """With its places. Raises Stale, WrongState once one of them is published."""
    timetable = editable(work, actor, timetable_id, version)
    line, slots = line_for(work, actor, timetable, line_id)
    _require_unpublished(slots)
    for slot in slots:
        work.session.delete(slot)
    work.session.flush()
    work.session.delete(line)
    _changed(work, timetable, line_id)


def place(  # noqa: PLR0913, PLR0917 - a line and where it goes
    work: Work, actor: Actor, timetable_id: UUID, version: int, line_id: UUID, cell: Cell, *, moving: UUID | None = None
) -> UUID:
    """Put a line on the grid, or move one of its places; the later of two in conflict is the one that is told.

    A conflict does not refuse it: it is shown, and its dates would be left out. Raises Stale, WrongState (published),
    InvalidInput (no such day, every one of its times has a place).
    """
    timetable = editable(work, actor, timetable_id, version)
    line, slots = line_for(work, actor, timetable, line_id)
    cell.require_sound(work.session.get_one(SchoolYear, timetable.school_year_id).cycle_length)
    if bool(cell.turn) != (line.every > 1):
        raise InvalidInput({"day": "not_a_choice"})
    if moving is not None:
        moved = next((slot for slot in slots if slot.id == moving), None)
        if moved is None:
            raise NotFound
        _require_unpublished([moved])
        work.session.delete(moved)
    elif len(slots) >= line.times:
        raise InvalidInput({"line": "every_time_placed"})
    slot = slot_at(line.id, cell)
    work.session.add(slot)
    return _changed(work, timetable, slot.id)


def unplace(work: Work, actor: Actor, timetable_id: UUID, version: int, place_id: UUID) -> None:
    """Take a place off the grid; its line waits again. Raises Stale, NotFound, WrongState (published)."""
    timetable = editable(work, actor, timetable_id, version)
    slot = work.session.get(TimetableSlot, place_id)
    if slot is None:
        raise NotFound
    line_for(work, actor, timetable, slot.line_id)
    _require_unpublished([slot])
    work.session.delete(slot)
    _changed(work, timetable, place_id)


def editable(work: Work, actor: Actor, timetable_id: UUID, version: int) -> Timetable:
    """The timetable, locked. Raises Stale for an edit made on an older page."""
    timetable = timetable_for(work.session, actor, timetable_id, lock=True)
    if timetable.version != version:
        raise Stale(version=timetable.version)
    return timetable


def line_for(
    work: Work, actor: Actor, timetable: Timetable, line_id: UUID
) -> tuple[TimetableLine, list[TimetableSlot]]:
    """A line and its places; a confidential one is no line for anybody but its professional."""
    line = work.session.get(TimetableLine, line_id)
    if line is None or line.timetable_id != timetable.id:
        raise NotFound
    if line.is_confidential and actor.person_id != timetable.person_id:
        raise NotFound
    slots = work.session.scalars(select(TimetableSlot).where(TimetableSlot.line_id == line.id))
    return line, list(slots)


def slot_at(line_id: UUID, cell: Cell) -> TimetableSlot:
    """A line at a place, not written yet."""
    weekday, cycle_day = (cell.day, None) if cell.by_week else (None, cell.day)
    return TimetableSlot(
        id=new_id(), line_id=line_id, cycle_day=cycle_day, weekday=weekday, starts_local=cell.at, turn=cell.turn
    )


def _caseload_lines(work: Work, actor: Actor, timetable: Timetable) -> Iterable[TimetableLine]:
    """A line per group, and one per pupil who is in none of them for that discipline."""
    groups = groups_of(work.session, actor, timetable.person_id)
    together = {(pupil, group.discipline) for group, pupils in groups.values() for pupil in pupils}
    for group, _pupils in groups.values():
        yield _line(timetable, EncounterKind.SMALL_GROUP, group.discipline, need_group_id=group.id)
    for each in followed(work.session, actor, timetable.person_id):
        if (each.pupil_id, each.discipline) not in together:
            made = _line(timetable, EncounterKind.INDIVIDUAL, each.discipline, pupil_id=each.pupil_id)
            made.is_confidential = each.is_confidential
            yield made


def _line_for(work: Work, actor: Actor, timetable: Timetable, who: Who) -> TimetableLine | None:
    """A line for somebody of her caseload or a class of the board; None for anybody else."""
    if who.pool == "group":
        found = groups_of(work.session, actor, timetable.person_id).get(who.id)
        return _line(timetable, KIND_OF["group"], found[0].discipline, need_group_id=who.id) if found else None
    if who.pool == "class":
        her = work.session.get_one(Professional, timetable.person_id)
        known = who.id in catalogue(work.session, actor.organization_id).classes
        return _line(timetable, KIND_OF["class"], her.discipline, class_group_id=who.id) if known else None
    follow_up = next((f for f in followed(work.session, actor, timetable.person_id) if f.pupil_id == who.id), None)
    if follow_up is None:
        return None
    line = _line(timetable, KIND_OF["pupil"], follow_up.discipline, pupil_id=who.id)
    line.is_confidential = follow_up.is_confidential
    return line


def _line(timetable: Timetable, kind: EncounterKind, discipline: Discipline, **subject: UUID) -> TimetableLine:
    return TimetableLine(
        id=new_id(),
        timetable_id=timetable.id,
        kind=kind,
        discipline=discipline,
        minutes=KIND_RULES[kind].default_minutes,
        times=1,
        every=1,
        **subject,
    )


def _faults(work: Work, actor: Actor, kind: EncounterKind | None, wishes: Wishes) -> dict[str, str]:
    faults = {}
    if kind is not None and wishes.minutes not in KIND_RULES[kind].allowed_minutes:
        faults["minutes"] = "duration_not_allowed"
    if not 1 <= wishes.times <= MAX_TIMES:
        faults["times"] = "out_of_range"
    if not 1 <= wishes.every <= EVERY_OTHER:
        faults["every"] = "out_of_range"
    known = catalogue(work.session, actor.organization_id).buildings
    if wishes.building_id is not None and wishes.building_id not in known:
        faults["building"] = "unknown"
    return faults


def _wish(line: TimetableLine, wishes: Wishes) -> None:
    line.minutes, line.times, line.every = wishes.minutes, wishes.times, wishes.every
    line.modality, line.building_id = wishes.modality, wishes.building_id


def _require_unpublished(slots: Iterable[TimetableSlot]) -> None:
    if any(slot.series_id is not None for slot in slots):
        raise WrongState(status="published")


def _changed(work: Work, timetable: Timetable, changed: UUID) -> UUID:
    timetable.version += 1
    work.session.flush()
    return changed
