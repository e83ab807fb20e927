"""What a board's slots depend on that changes rarely: places, bells, school days, working hours, roads.

Loaded whole once per `organization.version`, kept in the process, and turned into masks week by week as asked.
Every writer of these tables must grow the version (`touch_catalogue`), or searches here would not see the change.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import URL, Select, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from intervention.domain.days import EVERY_LEVEL, PUPILS_PRESENT, STAFF_PRESENT, BellDay, BellKind, DayType
from intervention.domain.people import Level, Role
from intervention.domain.road_estimate import Band
from intervention.domain.school_time import WEEK_TICKS, WallSpan, dates_between, day_range, mask, wall_ranges
from intervention.queries.roads import RoadNeeds, travel_times
from intervention.queries.shared_people import Shared, boards_sharing, shared_with_others
from intervention.records.calendars import Availability, SchoolDay
from intervention.records.isolation import beyond
from intervention.records.people import (
    ClassGroup,
    Facilitator,
    FollowUp,
    Guest,
    Membership,
    Organization,
    Professional,
    Pupil,
)
from intervention.records.schools import BellPeriod, Building, Kit, ProtectedTime, Room, SchoolBuilding


@dataclass(frozen=True, slots=True)
class RoomInfo:
    id: UUID
    name: str
    capacity: int
    is_closed: bool
    has_headset: bool


@dataclass(frozen=True, slots=True)
class BuildingInfo:
    id: UUID
    name: str
    zone: str | None
    opens: time
    closes: time
    rooms: tuple[RoomInfo, ...]
    facilitators: tuple[UUID, ...]
    kits: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ProfessionalInfo:
    home: UUID
    zone: str
    max_buildings: int
    lunch_minutes: int
    lunch: WallSpan


@dataclass(frozen=True, slots=True)
class PupilInfo:
    building: UUID
    level: Level
    class_group: UUID | None


@dataclass(frozen=True, slots=True)
class ClassInfo:
    building: UUID
    level: Level
    teacher: UUID | None


Bells = dict[BellKind, list[WallSpan]]


class DayInfo(NamedTuple):
    """A dated day: the types of its morning and afternoon, its number in the cycle, and which turn it is."""

    morning: DayType
    afternoon: DayType
    cycle_day: int | None
    cycle_number: int | None


NO_DAY = DayInfo(DayType.SUMMER, DayType.SUMMER, None, None)  # a date without a row: nobody is there
NOON = time(12, 0)


@dataclass(slots=True)
class Catalogue:
    """A board at one version. Read-only but for its caches of masks."""

    organization_id: UUID
    version: int
    zone: str
    buildings: dict[UUID, BuildingInfo] = field(default_factory=dict)
    days: dict[tuple[UUID, str], dict[date, DayInfo]] = field(default_factory=dict)  # by building and level
    bells: dict[tuple[UUID, Level], Bells] = field(default_factory=dict)
    other_bells: dict[tuple[UUID, Level, BellDay], Bells] = field(default_factory=dict)  # days that ring otherwise
    availabilities: dict[UUID, list[tuple[int, WallSpan, date | None, date | None]]] = field(default_factory=dict)
    professionals: dict[UUID, ProfessionalInfo] = field(default_factory=dict)
    pupils: dict[UUID, PupilInfo] = field(default_factory=dict)
    classes: dict[UUID, ClassInfo] = field(default_factory=dict)
    protected: dict[UUID, list[tuple[int | None, int | None, WallSpan]]] = field(default_factory=dict)
    members: dict[UUID, UUID | None] = field(
        default_factory=dict
    )  # everybody with a role, and the building they work at
    shared: Shared = field(default_factory=Shared)  # `buildings` holds its bases too, where only an office is
    followers: dict[UUID, list[tuple[UUID, date | None]]] = field(default_factory=dict)
    guests: set[UUID] = field(default_factory=set)
    travelling_kits: frozenset[UUID] = frozenset()
    needs: dict[bool, RoadNeeds] = field(default_factory=dict)
    _masks: dict[tuple[object, ...], int] = field(default_factory=dict)
    _windows: dict[tuple[object, ...], int] = field(default_factory=dict)

    def level_of(self, building: UUID) -> Level | None:
        """A level that has bells there, the primary one first."""
        levels = [
            level for level in (Level.PRIMARY, Level.SECONDARY, Level.PRESCHOOL) if (building, level) in self.bells
        ]
        return levels[0] if levels else None

    def noon(self, building: UUID) -> time:
        """Where a half day of the building is cut."""
        usual = self.level_of(building)
        return _noon(self.bells[building, usual] if usual is not None else {})

    def periods(self, building: UUID, level: Level, on_date: date) -> tuple[time, ...]:
        """When the class periods of a date begin by its bells, whatever half of it is a class day."""
        bells = self._bells(building, level, self.day(building, on_date, level))
        return tuple(starts for starts, _ in bells.get(BellKind.PERIOD, []))

    def days_mask(self, building: UUID, week: int, weeks: int) -> int:
        """Whole local days on which pupils are there."""
        return self._window(("days", building), week, weeks)

    def bell_starts(self, building: UUID, level: Level, week: int, weeks: int) -> int:
        """The ticks at which a class period begins."""
        periods = self.class_mask(building, level, week, weeks)
        return periods & ~(periods << 1)

    def class_mask(self, building: UUID, level: Level, week: int, weeks: int) -> int:
        """Class periods of a level, on the days that pupils are there."""
        return self._window(("class", building, level), week, weeks)

    def open_mask(self, building: UUID, week: int, weeks: int) -> int:
        """Opening hours, on the days that staff are there."""
        return self._window(("open", building), week, weeks)

    def protected_mask(self, group: UUID, week: int, weeks: int) -> int:
        return self._window(("protected", group), week, weeks)

    def availability_mask(self, person: UUID, zone: str, week: int, weeks: int) -> int:
        return self._window(("available", person, zone), week, weeks)

    def _window(self, key: tuple[object, ...], week: int, weeks: int) -> int:
        """Kept whole too: a search is followed by others over the same weeks."""
        full = (*key, week, weeks)
        found = self._windows.get(full)
        if found is None:
            found = 0
            for n in range(weeks):
                found |= self._week(key, week + n) << (n * WEEK_TICKS)
            if len(self._windows) >= _MOST_WINDOWS:
                self._windows.clear()
            self._windows[full] = found
        return found

    def _week(self, key: tuple[object, ...], week: int) -> int:
        full = (*key, week)
        found = self._masks.get(full)
        if found is None:
            if len(self._masks) >= _MOST_MASKS:
                self._masks.clear()
            found = self._masks[full] = self._make(key, week * WEEK_TICKS)
        return found

    def _make(self, key: tuple[object, ...], origin: int) -> int:
        zone = self._zone(key)
        ranges: list[tuple[int, int]] = []
        for on_date in dates_between(origin, WEEK_TICKS, zone):
            if key[0] == "days":
                if not PUPILS_PRESENT.isdisjoint(self.day(cast("UUID", key[1]), on_date)[:2]):
                    ranges.append(day_range(on_date, zone))
            else:
                ranges += wall_ranges(on_date, self._spans(key, on_date), zone)
        return mask(ranges, origin, WEEK_TICKS)

    def _zone(self, key: tuple[object, ...]) -> str:
        match key:
            case ("available", _, str(zone)):
                return zone
            case ("protected", UUID() as group):
                building = self.classes[group].building
            case (_, UUID() as building, *_):
                pass
            case _:
                raise ValueError(key)
        return self.buildings[building].zone or self.zone

    def _spans(self, key: tuple[object, ...], on_date: date) -> list[WallSpan]:
        match key:
            case ("class", UUID() as building, Level() as level):
                day = self.day(building, on_date, level)
                bells = self._bells(building, level, day)
                return _halves(bells.get(BellKind.PERIOD, []), day, PUPILS_PRESENT, _noon(bells))
            case ("open", UUID() as building):
                info = self.buildings[building]
                hours = [(info.opens, info.closes)]
                return _halves(hours, self.day(building, on_date), STAFF_PRESENT, self.noon(building))
            case ("protected", UUID() as group):
                at = self.classes[group]
                turn = self.day(at.building, on_date, at.level).cycle_day
                return [
                    span
                    for weekday, cycle_day, span in self.protected.get(group, [])
                    if weekday == on_date.isoweekday() or (cycle_day is not None and cycle_day == turn)
                ]
            case ("available", UUID() as person, _):
                return [
                    span
                    for weekday, span, since, until in self.availabilities.get(person, [])
                    if weekday == on_date.isoweekday() and (since or on_date) <= on_date <= (until or on_date)
                ]
            case _:
                raise ValueError(key)

    def _bells(self, building: UUID, level: Level, day: DayInfo) -> Bells:
        """The bells of exams or of half days where the level has its own, else the usual ones."""
        morning, afternoon = (half in PUPILS_PRESENT for half in day[:2])
        kinds = [BellDay.HALF] if morning != afternoon else []
        kinds += [BellDay.EXAM] if DayType.EXAM in day[:2] else []
        own = [self.other_bells[key] for kind in kinds if (key := (building, level, kind)) in self.other_bells]
        return own[0] if own else self.bells.get((building, level), {})

    def day(self, building: UUID, on_date: date, level: str = EVERY_LEVEL) -> DayInfo:
        """What a date is there, for a level where it differs from its building."""
        strand = self.days.get((building, level)) or self.days.get((building, EVERY_LEVEL), {})
        return strand.get(on_date, NO_DAY)

    def cycle_day(self, building: UUID, on_date: date) -> int | None:
        return self.day(building, on_date).cycle_day


def _noon(bells: Bells) -> time:
    """Where a half day is cut: at the lunch bell."""
    return min((starts for starts, _ in bells.get(BellKind.LUNCH, [])), default=NOON)


def _halves(spans: list[WallSpan], day: DayInfo, present: frozenset[DayType], noon: time) -> list[WallSpan]:
    """The parts of `spans` that fall in a half of the day whose type is one of `present`."""
    if day.morning in present and day.afternoon in present:
        return spans
    if day.morning in present:
        return [(starts, min(ends, noon)) for starts, ends in spans if starts < noon]
    if day.afternoon in present:
        return [(max(starts, noon), ends) for starts, ends in spans if ends > noon]
    return []


_VERSION = select(Organization.__table__.c.version).where(Organization.__table__.c.id == bindparam("organization"))
_MOST_BOARDS, _MOST_MASKS = 32, 20_000  # a mask of a week is some 300 bytes
_MOST_WINDOWS = 1_000
_kept: dict[tuple[URL, UUID], Catalogue] = {}
_guard = threading.Lock()


def catalogue(session: Session, organization_id: UUID, version: int | None = None) -> Catalogue:
    """The board's catalogue at `version` (read when not given); from the process's memory when it is still true."""
    if version is None:
        session.flush()
        version = session.execute(_VERSION, {"organization": organization_id}).scalar() or 0
    key = (session.get_bind().engine.url, organization_id)
    kept = _kept.get(key)
    if kept is not None and kept.version == version and not session.new and not session.dirty:
        return kept
    loaded = _load(session, organization_id, version)
    with _guard:
        if key not in _kept and len(_kept) >= _MOST_BOARDS:
            _kept.pop(next(iter(_kept)))
        _kept[key] = loaded
    return loaded


def touch_catalogue(session: Session, organization_id: UUID) -> None:
    """Every search from here on sees the board's new places, days and hours, in the boards that share somebody too."""
    with beyond(session):
        boards = sorted({organization_id, *boards_sharing(session, organization_id)})
        if len(boards) > 1:  # two boards that touch each other wait their turn, always in one order
            session.execute(
                select(Organization.id).where(Organization.id.in_(boards)).order_by(Organization.id).with_for_update()
            )
        session.execute(
            update(Organization).where(Organization.id.in_(boards)).values(version=Organization.version + 1)
        )


def _load(session: Session, organization_id: UUID, version: int) -> Catalogue:
    board = session.get_one(Organization, organization_id)
    made = Catalogue(organization_id, version, board.zone, shared=shared_with_others(session, organization_id))
    _load_places(session, made)
    _load_days(session, made)
    _load_people(session, made)
    buildings = {*made.buildings, *made.shared.buildings}
    with beyond(session):
        times = travel_times(session, {organization_id, *made.shared.boards}, buildings, Band.HIGH)
    for winter, month in ((True, 1), (False, 6)):
        made.needs[winter] = RoadNeeds(times, buildings, month)
    return made


def _load_places(session: Session, made: Catalogue) -> None:
    ours = made.organization_id
    rooms: dict[UUID, list[RoomInfo]] = defaultdict(list)
    for r in session.scalars(select(Room).where(Room.organization_id == ours, Room.is_active).order_by(Room.name)):
        rooms[r.building_id].append(RoomInfo(r.id, r.name, r.capacity, r.is_closed, r.has_headset))
    kits: dict[UUID | None, list[UUID]] = defaultdict(list)
    for kit_id, at in session.execute(
        select(Kit.id, Kit.building_id).where(Kit.organization_id == ours, Kit.is_active)
    ):
        kits[at].append(kit_id)
    made.travelling_kits = frozenset(kits[None])
    facilitators: dict[UUID, list[UUID]] = defaultdict(list)
    for person, at in session.execute(
        select(Facilitator.person_id, Facilitator.building_id)
        .join(Building, Building.id == Facilitator.building_id)
        .where(Building.organization_id == ours)
        .order_by(Facilitator.person_id)
    ):
        facilitators[at].append(person)
    here = and_(Building.organization_id == ours, Building.is_active)
    with beyond(session):
        buildings = session.execute(
            select(Building.id, Building.short_name, Building.zone, Building.opens_local, Building.closes_local).where(
                or_(here, Building.id.in_(made.shared.bases))
            )
        ).all()
    for b in buildings:
        made.buildings[b.id] = BuildingInfo(
            b.id, b.short_name, b.zone, b.opens_local, b.closes_local,
            tuple(rooms[b.id]), tuple(facilitators[b.id]), tuple(kits[b.id]),
        )  # fmt: skip


def _load_days(session: Session, made: Catalogue) -> None:
    ours = made.organization_id
    with beyond(session):
        rows = session.execute(
            select(
                SchoolDay.building_id, SchoolDay.level, SchoolDay.on_date, SchoolDay.day_type, SchoolDay.afternoon,
                SchoolDay.cycle_day, SchoolDay.cycle_number,
            ).where(or_(SchoolDay.organization_id == ours, SchoolDay.building_id.in_(made.shared.bases)))
        ).all()  # fmt: skip
    for building, level, on_date, day_type, afternoon, cycle_day, cycle_number in rows:
        strand = made.days.get((building, level))
        if strand is None:
            strand = made.days[building, level] = {}
        strand[on_date] = DayInfo(day_type, afternoon or day_type, cycle_day, cycle_number)
    for bell in session.scalars(
        select(BellPeriod).where(BellPeriod.organization_id == ours).order_by(BellPeriod.starts_local)
    ):
        if bell.day_type is None:
            kinds = made.bells.setdefault((bell.building_id, bell.level), {})
        else:
            kinds = made.other_bells.setdefault((bell.building_id, bell.level, bell.day_type), {})
        kinds.setdefault(bell.kind, []).append((bell.starts_local, bell.ends_local))
    for p in session.scalars(select(ProtectedTime).where(ProtectedTime.organization_id == ours)):
        made.protected.setdefault(p.class_group_id, []).append((p.weekday, p.cycle_day, (p.starts_local, p.ends_local)))


def _professionals(organization_id: UUID) -> Select[*tuple[Any, ...]]:
    """Those based here, and those of another board who are professionals here too."""
    of_ours = select(Membership.person_id).where(
        Membership.organization_id == organization_id, Membership.role == Role.PROFESSIONAL
    )
    return (
        select(
            *(Professional.person_id, Professional.home_building_id, Professional.max_buildings_per_day),
            *(Professional.lunch_minutes, Professional.lunch_from_local, Professional.lunch_until_local),
        )
        .join(Building, Building.id == Professional.home_building_id)
        .where(or_(Building.organization_id == organization_id, Professional.person_id.in_(of_ours)))
    )


def _load_people(session: Session, made: Catalogue) -> None:
    ours = made.organization_id
    with beyond(session):
        hours = session.execute(
            select(
                Availability.person_id, Availability.weekday, Availability.starts_local, Availability.ends_local,
                Availability.valid_from, Availability.valid_until,
            ).where(or_(Availability.organization_id == ours, Availability.person_id.in_(made.shared.people)))
        ).all()  # fmt: skip
        professionals = session.execute(_professionals(ours)).all()
    for person, weekday, starts, ends, since, until in hours:
        made.availabilities.setdefault(person, []).append((weekday, (starts, ends), since, until))
    for p in professionals:
        home = made.buildings.get(p.home_building_id)
        made.professionals[p.person_id] = ProfessionalInfo(
            p.home_building_id,
            (home.zone if home else None) or made.zone,
            p.max_buildings_per_day,
            p.lunch_minutes,
            (p.lunch_from_local, p.lunch_until_local),
        )
    for u in session.execute(
        select(Pupil.id, Pupil.building_id, Pupil.level, Pupil.class_group_id).where(
            Pupil.organization_id == ours, Pupil.archived_on.is_(None)
        )
    ):
        made.pupils[u.id] = PupilInfo(u.building_id, u.level, u.class_group_id)
    for f in session.execute(
        select(FollowUp.pupil_id, FollowUp.person_id, FollowUp.ends_on).where(FollowUp.organization_id == ours)
    ):
        made.followers.setdefault(f.pupil_id, []).append((f.person_id, f.ends_on))
    made.guests = set(session.scalars(select(Guest.id).where(Guest.organization_id == ours)))
    for m in session.execute(
        select(Membership.person_id, Membership.building_id, SchoolBuilding.building_id)
        .outerjoin(SchoolBuilding, SchoolBuilding.school_id == Membership.school_id)
        .where(Membership.organization_id == ours)
        .order_by(Membership.person_id, SchoolBuilding.building_id)
    ):
        made.members[m[0]] = made.members.get(m[0]) or m[1] or m[2]
    for person, info in made.professionals.items():
        made.members[person] = info.home
    for g in session.execute(
        select(ClassGroup.id, ClassGroup.building_id, ClassGroup.level, ClassGroup.teacher_id).where(
            ClassGroup.organization_id == ours, ClassGroup.is_active
        )
    ):
        made.classes[g.id] = ClassInfo(g.building_id, g.level, g.teacher_id)
        if g.teacher_id is not None:
            made.members[g.teacher_id] = g.building_id
