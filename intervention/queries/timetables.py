"""The bulk timetable: loaded for an act (loading is authorising), and its lines as their reader may know them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from intervention.domain.arrangement import Located
from intervention.domain.composition import AskParticipant
from intervention.domain.encounters import EncounterKind, Modality, ParticipantRole
from intervention.domain.errors import NotFound
from intervention.domain.people import Discipline
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.timetable import Cell
from intervention.queries.catalogue import Catalogue
from intervention.queries.scope import is_followed_still
from intervention.records.calendars import SchoolYear
from intervention.records.people import ClassGroup, FollowUp, NeedGroup, NeedGroupMember, Pupil
from intervention.records.timetables import Timetable, TimetableLine, TimetableSlot


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line sits; with its series it is published."""

    id: UUID
    cell: Cell
    series_id: UUID | None


@dataclass(frozen=True, slots=True)
class LineShown:
    """`label` is a pupil's code, a group's or a class's name; empty for whoever may not know it (`is_hidden`)."""

    id: UUID
    label: str
    where: tuple[str, ...]
    kind: EncounterKind
    discipline: Discipline
    minutes: int
    times: int
    every: int
    modality: Modality | None
    building_id: UUID | None
    need_group_id: UUID | None
    is_confidential: bool
    is_hidden: bool
    people: tuple[Located, ...]
    places: tuple[Place, ...]

    @property
    def missing(self) -> int:
        """How many times a cycle it still has no place."""
        return max(self.times - len(self.places), 0)

    @property
    def is_published(self) -> bool:
        return any(place.series_id for place in self.places)


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody to add: what the form sends, and what it shows."""

    value: str
    label: str
    note: str


def timetable_for(session: Session, actor: Actor, timetable_id: UUID, *, lock: bool = False) -> Timetable:
    """Where the actor books for its professional. Raises NotFound, NotAllowed."""
    statement = select(Timetable).where(
        Timetable.id == timetable_id, Timetable.organization_id == actor.organization_id
    )
    if lock:
        statement = statement.with_for_update()
    found = session.scalars(statement.execution_options(populate_existing=lock)).one_or_none()
    if found is None:
        raise NotFound
    require(actor, Action.BOOK, Subject(found.organization_id, owner_id=found.person_id))
    return found


def timetable_of(session: Session, actor: Actor, person_id: UUID, year_id: UUID) -> Timetable | None:
    """That of a professional for a year, where there is one. Raises NotAllowed."""
    require(actor, Action.BOOK, Subject(actor.organization_id, owner_id=person_id))
    return session.scalars(
        select(Timetable).where(
            Timetable.organization_id == actor.organization_id,
            Timetable.person_id == person_id,
            Timetable.school_year_id == year_id,
        )
    ).one_or_none()


def years_ahead(session: Session, actor: Actor) -> list[SchoolYear]:
    """The years that are not over, the nearest first."""
    return list(
        session.scalars(
            select(SchoolYear)
            .where(SchoolYear.organization_id == actor.organization_id, _goes_on(actor))
            .order_by(SchoolYear.starts_on)
        )
    )


def _goes_on(actor: Actor) -> ColumnElement[bool]:
    return SchoolYear.ends_on > (actor.today or date.min)


def lines_of(session: Session, actor: Actor, board: Catalogue, timetable: Timetable) -> tuple[LineShown, ...]:
    """Every line, by school and label, with its places. A confidential one is hidden from all but its professional."""
    places: dict[UUID, list[Place]] = defaultdict(list)
    slots = session.scalars(
        select(TimetableSlot)
        .join(TimetableLine, TimetableLine.id == TimetableSlot.line_id)
        .where(TimetableLine.timetable_id == timetable.id)
        .order_by(TimetableSlot.id)
    )
    for slot in slots:
        places[slot.line_id].append(Place(slot.id, cell_of(slot), slot.series_id))
    members = _members(session, timetable)
    rows = session.execute(
        select(TimetableLine, Pupil.code, NeedGroup.name, ClassGroup.name)
        .outerjoin(Pupil, Pupil.id == TimetableLine.pupil_id)
        .outerjoin(NeedGroup, NeedGroup.id == TimetableLine.need_group_id)
        .outerjoin(ClassGroup, ClassGroup.id == TimetableLine.class_group_id)
        .where(TimetableLine.timetable_id == timetable.id)
    )
    is_hers = actor.person_id == timetable.person_id
    found = [
        _shown(board, line, code or group or group_name or "", members, tuple(places[line.id]), is_hers=is_hers)
        for line, code, group, group_name in rows
    ]
    return tuple(sorted(found, key=lambda line: (line.is_hidden, line.where, line.label, line.id)))


def cell_of(slot: TimetableSlot) -> Cell:
    by_week = slot.weekday is not None
    return Cell((slot.weekday if by_week else slot.cycle_day) or 0, slot.starts_local, by_week, slot.turn)


def _members(session: Session, timetable: Timetable) -> dict[UUID, list[UUID]]:
    rows = session.execute(
        select(NeedGroupMember.need_group_id, NeedGroupMember.pupil_id)
        .join(TimetableLine, TimetableLine.need_group_id == NeedGroupMember.need_group_id)
        .join(Pupil, Pupil.id == NeedGroupMember.pupil_id)
        .where(TimetableLine.timetable_id == timetable.id, Pupil.archived_on.is_(None))
        .order_by(Pupil.code)
    )
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for group, pupil in rows:
        found[group].append(pupil)
    return found


def _shown(  # noqa: PLR0913 - a line and what is known of it
    board: Catalogue,
    line: TimetableLine,
    label: str,
    members: dict[UUID, list[UUID]],
    places: tuple[Place, ...],
    *,
    is_hers: bool,
) -> LineShown:
    hidden = line.is_confidential and not is_hers
    people = tuple(_people(board, line, members))
    at = dict.fromkeys(who.building_id for who in people if who.building_id is not None)
    where = tuple(board.buildings[each].name for each in at if each in board.buildings)
    return LineShown(
        line.id,
        "" if hidden else label,
        () if hidden else where,
        line.kind,
        line.discipline,
        line.minutes,
        line.times,
        line.every,
        line.modality,
        line.building_id,
        line.need_group_id,
        line.is_confidential,
        hidden,
        people,
        places,
    )


def _people(board: Catalogue, line: TimetableLine, members: dict[UUID, list[UUID]]) -> list[Located]:
    if line.class_group_id is not None:
        group = board.classes.get(line.class_group_id)
        who = AskParticipant(ParticipantRole.CLASS_GROUP, class_group_id=line.class_group_id)
        return [Located(who, group.building)] if group is not None else []
    pupils = [line.pupil_id] if line.pupil_id is not None else members.get(line.need_group_id or UUID(int=0), [])
    return [
        Located(AskParticipant(ParticipantRole.PUPIL, pupil_id=pupil), board.pupils[pupil].building)
        for pupil in pupils
        if pupil in board.pupils
    ]


def followed(session: Session, actor: Actor, person_id: UUID) -> list[FollowUp]:
    """The follow-ups of a professional that go on, one per pupil; confidential ones for herself alone."""
    rows = session.scalars(
        select(FollowUp)
        .join(Pupil, Pupil.id == FollowUp.pupil_id)
        .where(FollowUp.person_id == person_id, FollowUp.organization_id == actor.organization_id)
        .where(is_followed_still(actor), Pupil.archived_on.is_(None))
        .order_by(Pupil.code, FollowUp.id)
    )
    is_hers = actor.person_id == person_id
    found = {each.pupil_id: each for each in rows if is_hers or not each.is_confidential}
    return list(found.values())


def groups_of(session: Session, actor: Actor, person_id: UUID) -> dict[UUID, tuple[NeedGroup, frozenset[UUID]]]:
    """A professional's groups with their pupils who have not left."""
    rows = session.execute(
        select(NeedGroup, NeedGroupMember.pupil_id)
        .join(NeedGroupMember, NeedGroupMember.need_group_id == NeedGroup.id)
        .join(Pupil, Pupil.id == NeedGroupMember.pupil_id)
        .where(NeedGroup.person_id == person_id, NeedGroup.organization_id == actor.organization_id)
        .where(Pupil.archived_on.is_(None))
        .order_by(NeedGroup.name)
    )
    found: dict[UUID, tuple[NeedGroup, set[UUID]]] = {}
    for group, pupil in rows:
        found.setdefault(group.id, (group, set()))[1].add(pupil)
    return {each: (group, frozenset(pupils)) for each, (group, pupils) in found.items()}


def choices(session: Session, actor: Actor, board: Catalogue, person_id: UUID) -> list[Choice]:
    """Whom a line may be for: her groups, her pupils, the board's classes."""

    def place(building: UUID) -> str:
        return board.buildings[building].name if building in board.buildings else ""

    groups = [
        Choice(f"group:{each}", group.name, "") for each, (group, _) in groups_of(session, actor, person_id).items()
    ]
    ids = [each.pupil_id for each in followed(session, actor, person_id)]
    pupils = session.execute(
        select(Pupil.id, Pupil.code, Pupil.building_id).where(Pupil.id.in_(ids)).order_by(Pupil.code)
    )
    classes = session.execute(
        select(ClassGroup.id, ClassGroup.name, ClassGroup.building_id)
        .where(ClassGroup.organization_id == actor.organization_id, ClassGroup.is_active)
        .order_by(ClassGroup.name)
    )
    return [
        *groups,
        *(Choice(f"pupil:{each}", code, place(at)) for each, code, at in pupils),
        *(Choice(f"class:{each}", name, place(at)) for each, name, at in classes),
    ]
