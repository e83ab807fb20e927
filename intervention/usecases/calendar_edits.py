"""Edits of a school year's layers: previewed whole, then applied with the dated days laid again, undone for a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.calendar_edits import MAX_STROKES, Stroke, Voice, paint
from intervention.domain.calendar_layers import Frame, Mark
from intervention.domain.cycle import Rotation
from intervention.domain.days import EVERY_LEVEL, PUPILS_PRESENT, DayType, Layer, Portion
from intervention.domain.encounters import CancellationCause
from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.people import Level
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.privacy import EncounterFacts
from intervention.domain.redating import BY_THE_RULE, Decided
from intervention.queries.school_calendars import Layers, layers_of
from intervention.records.calendars import SchoolYear
from intervention.records.schools import Building, School, SchoolBuilding
from intervention.usecases.calendar_changes import record_change
from intervention.usecases.calendar_impact import impact_of, readable
from intervention.usecases.legal_holidays import legal_holidays
from intervention.usecases.redating import accept
from intervention.usecases.redating_plan import redating_of
from intervention.usecases.redating_sheet import RedatingSheet, sheet_of
from intervention.usecases.school_days import DayChange, proposed, write_days
from intervention.usecases.work import Work

MAX_YEAR_LABEL = 20


@dataclass(frozen=True, slots=True)
class PaintDays:
    """Ranges of dates given a type, or taken back, in one layer."""

    year_id: UUID
    voice: Voice
    strokes: tuple[Stroke, ...]


@dataclass(frozen=True, slots=True)
class EditYear:
    """Bounds of a year, its name, and the cycle of every building that has none of its own."""

    year_id: UUID
    label: str
    frame: Frame
    usual: Rotation


@dataclass(frozen=True, slots=True)
class SetRotation:
    """The cycle of a building, or of one level of it; None for that of the board."""

    year_id: UUID
    building_id: UUID
    level: str
    rotation: Rotation | None


Edit = PaintDays | EditYear | SetRotation


@dataclass(frozen=True, slots=True)
class Preview:
    """What an edit would change: dated days as people live them, and séances to come in the reader's words."""

    days: tuple[DayChange, ...]
    sheet: RedatingSheet
    gained: tuple[EncounterFacts, ...]
    legal: tuple[date, ...] = ()  # legal holidays on which the board would give class all the same


@dataclass(frozen=True, slots=True)
class _Planned:
    year: SchoolYear
    label: str
    subject: Subject
    before: Layers
    after: Layers


def preview_edit(
    work: Work,
    actor: Actor,
    edit: Edit,
    decided: Decided = BY_THE_RULE,
    page: int = 1,
) -> Preview:
    """A page of what it touches, as far as it was decided. Nothing is written. Raises InvalidInput, NotAllowed,
    NotFound."""
    planned = _planned(work.session, actor, edit)
    changes = proposed(work.session, planned.year, planned.after)
    impact = impact_of(work.session, actor.organization_id, changes, work.now())
    return Preview(
        tuple(each for each in changes if each.is_lived),
        sheet_of(work, actor, redating_of(work, actor, changes, decided), decided, page),
        tuple(readable(work.session, actor, impact.gained)),
        tuple(sorted(_holidays(planned.before) - _holidays(planned.after))),
    )


def apply_edit(work: Work, actor: Actor, edit: Edit, decided: Decided = BY_THE_RULE) -> UUID:
    """Write the layers, lay the days, and do to the séances what was accepted; gives the change, undone for a day.

    A séance whose line was not accepted stays where it is, to be decided. Raises InvalidInput, NotAllowed, NotFound,
    and SlotTaken or SlotRefused when somebody else was quicker: then nothing is written.
    """
    planned = _planned(work.session, actor, edit, locked=True)
    changes = proposed(work.session, planned.year, planned.after)
    plan = redating_of(work, actor, changes, decided)
    write_days(work.session, planned.year, changes)
    redated = accept(work, actor, plan, decided, CancellationCause.SCHOOL_EVENT)
    return record_change(
        work, actor, planned.year, planned.subject, (planned.before, planned.after), label=planned.label,
        days=sum(each.is_lived for each in changes), redated=redated,
    )  # fmt: skip


def year_for(session: Session, actor: Actor, year_id: UUID, *, locked: bool = False) -> SchoolYear:
    """A year of the actor's board. `locked`: two edits of one year are made one after the other."""
    year = session.get(SchoolYear, year_id, with_for_update=locked or None)
    if year is None or year.organization_id != actor.organization_id:
        raise NotFound
    return year


def _planned(session: Session, actor: Actor, edit: Edit, *, locked: bool = False) -> _Planned:
    year = year_for(session, actor, edit.year_id, locked=locked)
    match edit:
        case PaintDays():
            subject = subject_of(session, actor, edit.voice)
            require(actor, Action.EDIT_CALENDARS, subject)
            before = layers_of(session, year)
            return _Planned(year, year.label, subject, before, _painted(before, edit))
        case EditYear():
            subject = Subject(year.organization_id)
            require(actor, Action.EDIT_CALENDARS, subject)
            check_year(session, actor, edit.label, edit.frame, edit.usual, but=year.id)
            before = layers_of(session, year)
            after = replace(before, frame=edit.frame, usual=edit.usual)
            return _Planned(year, edit.label.strip(), subject, before, with_holidays(after))
        case SetRotation():
            layer = Layer.LEVEL if edit.level != EVERY_LEVEL else Layer.BUILDING
            subject = subject_of(session, actor, Voice(layer, edit.building_id, edit.level))
            require(actor, Action.EDIT_CALENDARS, subject)
            before = layers_of(session, year)
            return _Planned(year, year.label, subject, before, _turned(before, edit))


def subject_of(session: Session, actor: Actor, voice: Voice) -> Subject:
    """What speaking with a voice is about. Raises NotFound for a place of another board, InvalidInput for no voice."""
    ours, target = actor.organization_id, voice.target_id
    match voice.layer:
        case Layer.ORGANIZATION if target == ours and voice.level == EVERY_LEVEL:
            return Subject(ours)
        case Layer.SCHOOL if voice.level == EVERY_LEVEL:
            _of_board(session.get(School, target), ours)
            rows = select(SchoolBuilding.building_id).where(SchoolBuilding.school_id == target)
            return Subject(ours, buildings=frozenset(session.scalars(rows)), school_id=target)
        case Layer.BUILDING if voice.level == EVERY_LEVEL:
            _of_board(session.get(Building, target), ours)
            return Subject(ours, buildings=frozenset({target}))
        case Layer.LEVEL if voice.level in set(Level):
            _of_board(session.get(Building, target), ours)
            return Subject(ours, buildings=frozenset({target}))
        case _:
            raise InvalidInput({"layer": "not_a_choice"})


def check_year(  # noqa: PLR0913 - a year, and which it is
    session: Session, actor: Actor, label: str, frame: Frame, usual: Rotation, *, but: UUID | None = None
) -> None:
    """Raises InvalidInput naming each field: bounds out of order, a cycle that cannot be, a year that overlaps."""
    faults = frame.faults() | {f"cycle_{name}": code for name, code in usual.faults().items()}
    if not label.strip():
        faults["label"] = "required"
    elif len(label.strip()) > MAX_YEAR_LABEL:
        faults["label"] = "too_long"
    others = session.scalars(select(SchoolYear).where(SchoolYear.organization_id == actor.organization_id)).all()
    for other in others:
        if other.id != but and other.label == label.strip():
            faults["label"] = "label_taken"
        if other.id != but and other.staff_from <= frame.staff_until and other.staff_until >= frame.staff_from:
            faults.setdefault("staff_from", "years_overlap")
    if faults:
        raise InvalidInput(faults)


def with_holidays(layers: Layers) -> Layers:
    """The layers with every legal holiday of their bounds said by the board, where it says nothing there already."""
    board = layers.organization_id
    said = {mark.on_date for target, _, mark in layers.marks if target == board}
    missing = tuple(
        (board, EVERY_LEVEL, Mark(Layer.HOLIDAYS, on_date, DayType.HOLIDAY, label=holiday.value))
        for on_date, holiday in legal_holidays(layers.frame.staff_from, layers.frame.staff_until).items()
        if on_date not in said
    )
    return replace(layers, marks=layers.marks + missing)


def _painted(layers: Layers, edit: PaintDays) -> Layers:
    voice = edit.voice
    holidays = _holidays(layers)
    _check_strokes(layers.frame, edit, holidays)
    own: dict[tuple[date, Portion], Mark] = {}
    others = []
    for target, level, mark in layers.marks:
        if (target, level, mark.layer) == (voice.target_id, voice.level, voice.layer):
            own[mark.on_date, mark.portion] = mark
        else:
            others.append((target, level, mark))
    painted: Mapping[tuple[date, Portion], Mark] = paint(own, voice.layer, edit.strokes, holidays)
    mine = [(voice.target_id, voice.level, mark) for mark in painted.values()]
    if voice.layer is not Layer.ORGANIZATION:
        return replace(layers, marks=(*others, *mine))
    # The law and the board speak in one same place: what the board says takes it, and what it takes back gives it back.
    spoken = {on_date for on_date, _ in painted}
    others = [each for each in others if each[2].layer is not Layer.HOLIDAYS or each[2].on_date not in spoken]
    after = replace(layers, marks=(*others, *mine))
    return with_holidays(after) if any(stroke.day_type is None for stroke in edit.strokes) else after


def _holidays(layers: Layers) -> set[date]:
    return {mark.on_date for _, _, mark in layers.marks if mark.layer is Layer.HOLIDAYS}


def _check_strokes(frame: Frame, edit: PaintDays, holidays: set[date]) -> None:
    if not edit.strokes:
        raise InvalidInput({"first": "required"})
    if len(edit.strokes) > MAX_STROKES:
        raise InvalidInput({"strokes": "too_many"})
    for n, stroke in enumerate(edit.strokes):
        faults = stroke.faults(frame)
        if not faults and not stroke.dates(holidays):
            faults = {"first": "nothing_to_mark"}
        if not faults and edit.voice.layer is Layer.ORGANIZATION and _is_against_the_law(stroke, holidays):
            faults = {"first": "legal_holiday"}
        if faults:
            raise InvalidInput(faults, stroke=n)


def _is_against_the_law(stroke: Stroke, holidays: set[date]) -> bool:
    """On one legal holiday the board says class, for the whole day and knowingly, or nothing at all."""
    is_one = stroke.first == stroke.last and stroke.first in holidays
    return is_one and not (stroke.day_type in PUPILS_PRESENT and stroke.portion is Portion.WHOLE)


def _turned(layers: Layers, edit: SetRotation) -> Layers:
    if edit.rotation is not None and (faults := edit.rotation.faults()):
        raise InvalidInput({f"cycle_{name}": code for name, code in faults.items()})
    rotations = dict(layers.rotations)
    rotations.pop((edit.building_id, edit.level), None)
    if edit.rotation is not None:
        rotations[edit.building_id, edit.level] = edit.rotation
    return replace(layers, rotations=rotations)


def _of_board(found: School | Building | None, organization_id: UUID) -> None:
    if found is None or found.organization_id != organization_id:
        raise NotFound
