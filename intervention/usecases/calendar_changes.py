"""Writes the layers of a year as an edit made them, keeps what they replaced, and puts it back when asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from intervention.domain.calendar_layers import Mark
from intervention.domain.days import CalendarAct, Portion
from intervention.domain.errors import NotFound, WrongState
from intervention.domain.events import CalendarEdited
from intervention.domain.ids import new_id
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.queries.catalogue import touch_catalogue
from intervention.queries.school_calendars import Layers
from intervention.records.base import Base
from intervention.records.calendars import CalendarChange, CycleRotation, DayMark, SchoolDay, SchoolYear
from intervention.usecases import audit
from intervention.usecases.giving_back import GivenBack
from intervention.usecases.kept_rows import Kept, all_there, kept, put_back, value_of
from intervention.usecases.redating import UNTOUCHED, note_people, seances_of
from intervention.usecases.redating_undo import take_back
from intervention.usecases.school_days import lay_school_days
from intervention.usecases.work import Work

UNDOABLE_FOR = timedelta(hours=24)
_RECORDS: dict[str, type[Base]] = {"day_mark": DayMark, "cycle_rotation": CycleRotation}
_MarkKey = tuple[UUID, str, Any, Portion]


def record_change(  # noqa: PLR0913 - an edit, and what it did
    work: Work,
    actor: Actor,
    year: SchoolYear,
    subject: Subject,
    layers: tuple[Layers, Layers],
    *,
    label: str,
    days: int,
    redated: Mapping[str, Any],
    is_new: bool = False,
) -> UUID:
    """Bring the rows from the first layers to the second; one change, one fact, one line of the trail."""
    before, after = layers
    held: dict[str, Any] = {"school_year": None if is_new else kept(year), "redating": dict(redated)}
    _write_year(year, label, after)
    held["school_year_after"] = kept(year)
    held["day_mark"] = _write_marks(work.session, year, before, after)
    held["cycle_rotation"] = _write_rotations(work.session, year, before, after)
    change = CalendarChange(
        id=new_id(), organization_id=year.organization_id, kind=CalendarAct.EDITED, actor_id=actor.person_id,
        done_at=work.now(), before=held,
        summary={
            "year_id": str(year.id), "days": days, "buildings": sorted(map(str, subject.buildings)),
            "school_id": str(subject.school_id) if subject.school_id else None,
            "moved": len(redated["moved"]), "called_off": len(redated["entries"]), "to_decide": redated["to_decide"],
        },
    )  # fmt: skip
    work.session.add(change)
    touch_catalogue(work.session, year.organization_id)
    work.note(CalendarEdited(year.organization_id, change.id))
    note_people(work, year.organization_id, change.id, seances_of(redated))
    facts = {"change_id": change.id, "days": days}
    audit.record(
        work, "calendar_edited", "school_year", year.id, year.organization_id, actor_id=actor.person_id, facts=facts
    )
    return change.id


def undo_change(work: Work, actor: Actor, change_id: UUID) -> GivenBack:
    """Put back the very rows that an edit replaced, lay the days again, and bring the séances back where they were.

    Gives the séances that went back and those that somebody touched since. Raises NotFound, NotAllowed, and WrongState
    when it is undone already, older than a day, or edited over since.
    """
    change = change_for(work.session, actor, change_id, locked=True)
    require(actor, Action.EDIT_CALENDARS, subject_of_change(change))
    year = work.session.get(SchoolYear, UUID(change.summary["year_id"]), with_for_update=True)
    if year is None or not can_be_undone(change, work) or not _stands(work.session, change, year):
        raise WrongState
    _put_back(work.session, change, year)
    given = take_back(work, actor, change.before.get("redating", UNTOUCHED))
    change.summary = change.summary | {"refused": {str(each): why.value for each, why in given.refused.items()}}
    note_people(work, change.organization_id, change.id, given.restored)
    change.undone_at, change.undone_by_id = work.now(), actor.person_id
    touch_catalogue(work.session, change.organization_id)
    work.note(CalendarEdited(change.organization_id, change.id))
    audit.record(
        work, "calendar_restored", "school_year", UUID(change.summary["year_id"]), change.organization_id,
        actor_id=actor.person_id, facts={"change_id": change.id},
    )  # fmt: skip
    return given


def change_for(session: Session, actor: Actor, change_id: UUID, *, locked: bool = False) -> CalendarChange:
    """An edit of a year of the actor's board."""
    change = session.get(CalendarChange, change_id, with_for_update=locked or None)
    if change is None or change.organization_id != actor.organization_id or change.kind is not CalendarAct.EDITED:
        raise NotFound
    return change


def subject_of_change(change: CalendarChange) -> Subject:
    school = change.summary["school_id"]
    return Subject(
        change.organization_id,
        buildings=frozenset(UUID(each) for each in change.summary["buildings"]),
        school_id=UUID(school) if school else None,
    )


def can_be_undone(change: CalendarChange, work: Work) -> bool:
    return change.undone_at is None and work.now() - change.done_at <= UNDOABLE_FOR


def _stands(session: Session, change: CalendarChange, year: SchoolYear) -> bool:
    """Whether nobody edited over it: what it added is there, and the year is as it left it."""
    added_is_there = all(all_there(session, _RECORDS[name], change.before[name]["added"]) for name in _RECORDS)
    return added_is_there and kept(year) == change.before["school_year_after"] and not _is_taken(session, change, year)


def _is_taken(session: Session, change: CalendarChange, year: SchoolYear) -> bool:
    """Whether a later edit said something where rows would come back."""
    ours = {name: set(change.before[name]["added"]) for name in _RECORDS}
    for record, name, columns in (
        (DayMark, "day_mark", ("target_id", "level", "on_date", "portion")),
        (CycleRotation, "cycle_rotation", ("building_id", "level")),
    ):
        gone = {tuple(row[column] for column in columns) for row in change.before[name]["removed"]}
        rows = session.scalars(select(record).where(record.school_year_id == year.id)) if gone else ()
        for row in rows:
            here = kept(row)
            if here["id"] not in ours[name] and tuple(here[column] for column in columns) in gone:
                return True
    return False


def _put_back(session: Session, change: CalendarChange, year: SchoolYear) -> None:
    for name, record in _RECORDS.items():
        ids = [UUID(each) for each in change.before[name]["added"]]
        session.execute(delete(record).where(record.__table__.c["id"].in_(ids)))
        put_back(session, record, change.before[name]["removed"])
    was = change.before["school_year"]
    if was is None:
        bounds = SchoolDay.on_date.between(year.staff_from, year.staff_until)
        session.execute(delete(SchoolDay).where(SchoolDay.organization_id == year.organization_id, bounds))
        session.delete(year)
        session.flush()
        return
    first, last = year.staff_from, year.staff_until
    for name, value in was.items():
        setattr(year, name, value_of(SchoolYear, name, value))
    session.flush()
    session.refresh(year)  # codes come back as members
    outside = (SchoolDay.on_date < year.staff_from) | (SchoolDay.on_date > year.staff_until)
    within = SchoolDay.on_date.between(first, last)
    session.execute(delete(SchoolDay).where(SchoolDay.organization_id == year.organization_id, within, outside))
    lay_school_days(session, year)


def _write_year(year: SchoolYear, label: str, after: Layers) -> None:
    frame, usual = after.frame, after.usual
    year.label, year.staff_from, year.staff_until = label, frame.staff_from, frame.staff_until
    year.starts_on, year.ends_on = frame.pupils_from, frame.pupils_until
    year.cycle_length, year.reflow = usual.length, usual.reflow


def _write_marks(session: Session, year: SchoolYear, before: Layers, after: Layers) -> dict[str, list[Any]]:
    old, new = _marks_of(before), _marks_of(after)
    if old == new:
        return {"removed": [], "added": []}
    rows = session.scalars(select(DayMark).where(DayMark.school_year_id == year.id)).all()
    removed = [row for row in rows if new.get(key := _key_of(row)) != old[key]]
    held = [kept(row) for row in removed]
    _remove(session, DayMark, held)
    added = [
        DayMark(
            id=new_id(), organization_id=year.organization_id, school_year_id=year.id, layer=mark.layer,
            target_id=target, level=level, on_date=mark.on_date, portion=mark.portion, day_type=mark.day_type,
            label=mark.label, rank=mark.rank,
        )
        for (target, level, _, _), mark in new.items()
        if old.get((target, level, mark.on_date, mark.portion)) != mark
    ]  # fmt: skip
    session.add_all(added)
    session.flush()
    return {"removed": held, "added": [str(row.id) for row in added]}


def _write_rotations(session: Session, year: SchoolYear, before: Layers, after: Layers) -> dict[str, list[Any]]:
    old, new = dict(before.rotations), dict(after.rotations)
    rows = session.scalars(select(CycleRotation).where(CycleRotation.school_year_id == year.id)).all()
    held = [kept(row) for row in rows if new.get(key := (row.building_id, row.level)) != old[key]]
    _remove(session, CycleRotation, held)
    added = [
        CycleRotation(
            id=new_id(), organization_id=year.organization_id, school_year_id=year.id, building_id=building,
            level=level, length=turn.length, reflow=turn.reflow, first_day=turn.first,
        )
        for (building, level), turn in new.items()
        if old.get((building, level)) != turn
    ]  # fmt: skip
    session.add_all(added)
    session.flush()
    return {"removed": held, "added": [str(row.id) for row in added]}


def _remove(session: Session, record: type[Base], rows: list[Kept]) -> None:
    ids = [UUID(each["id"]) for each in rows]
    if ids:
        session.execute(delete(record).where(record.__table__.c["id"].in_(ids)))


def _marks_of(layers: Layers) -> dict[_MarkKey, Mark]:
    return {(target, level, mark.on_date, mark.portion): mark for target, level, mark in layers.marks}


def _key_of(row: DayMark) -> _MarkKey:
    return row.target_id, row.level, row.on_date, row.portion
