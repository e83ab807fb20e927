"""Lays down the adults of a board with their roles and working hours, its classes and its pupils."""

from __future__ import annotations

from datetime import time
from random import Random
from uuid import UUID

from intervention.domain.people import Level, ResourceKind, Role
from intervention.records.calendars import Availability
from intervention.records.people import (
    ClassGroup,
    Facilitator,
    Membership,
    Person,
    Professional,
    Pupil,
)
from intervention.records.schools import Building, ProtectedTime, School
from intervention.usecases.demo_world import board, pupils
from intervention.usecases.demo_world.bells import protected
from intervention.usecases.demo_world.people import (
    CLASSROOMS,
    SPECIALISTS,
    STAFF,
    WHOLE_WEEK,
    Classroom,
    Named,
    RollEntry,
    Specialist,
    StaffMember,
    class_ranks,
    mailbox,
    roll,
)
from intervention.usecases.demo_world.sheet import Sheet

Hours = tuple[time, time]
OFFICE_HOURS: Hours = (time(8), time(16))
ROAD_HOURS: Hours = (time(7), time(17))
SCHOOL_HOURS: Hours = (time(7, 45), time(16))
_SHIFTS = {place.key: place.bell_shift for place in board.PLACES}


def lay_staff(sheet: Sheet, password_hash: str | None) -> None:
    for specialist in SPECIALISTS:
        lay_specialist(sheet, specialist, password_hash)
    laid: set[str] = set()
    for member in STAFF:
        lay_member(sheet, member, password_hash, is_new=member.key not in laid)
        laid.add(member.key)


def lay_person(sheet: Sheet, key: str, who: Named, password_hash: str | None, domain: str = board.MAIL_DOMAIN) -> UUID:
    return sheet.add_scarce(
        Person, ResourceKind.PERSON, key, given_name=who.given, family_name=who.family,
        email=mailbox(who.given, who.family, domain), locale=who.locale, password_hash=password_hash,
    )  # fmt: skip


def lay_role(sheet: Sheet, key: str, role: Role, school: str | None = None, place: str | None = None) -> None:
    sheet.add(
        Membership, key, role, school, place, person_id=sheet.id_of(Person, key), role=role,
        school_id=sheet.id_of(School, school) if school else None,
        building_id=sheet.id_of(Building, place) if place else None,
    )  # fmt: skip


def lay_hours(sheet: Sheet, key: str, weekdays: tuple[int, ...], hours: Hours) -> None:
    for weekday in weekdays:
        sheet.add(
            Availability, key, weekday, person_id=sheet.id_of(Person, key), weekday=weekday,
            starts_local=hours[0], ends_local=hours[1],
        )  # fmt: skip


def lay_specialist(sheet: Sheet, who: Specialist, password_hash: str | None) -> None:
    """On her road days she leaves early and comes back late; the other days make up for it."""
    person_id = lay_person(sheet, who.key, who, password_hash)
    lay_role(sheet, who.key, Role.PROFESSIONAL)
    sheet.add(
        Professional, who.key, person_id=person_id, home_building_id=sheet.id_of(Building, who.home),
        discipline=who.discipline, other_disciplines=[str(d) for d in who.other_disciplines],
        weekly_minutes=who.weekly_hours * 60, max_buildings_per_day=who.max_buildings,
        lunch_minutes=who.lunch_minutes,
    )  # fmt: skip
    lay_hours(sheet, who.key, tuple(d for d in who.weekdays if d not in who.road_days), OFFICE_HOURS)
    lay_hours(sheet, who.key, who.road_days, ROAD_HOURS)


def lay_member(sheet: Sheet, member: StaffMember, password_hash: str | None, *, is_new: bool) -> None:
    if is_new:
        person_id = lay_person(sheet, member.key, member, password_hash)
        part_time = member.role is Role.FACILITATOR and not member.is_trained
        lay_hours(sheet, member.key, (1, 2, 3) if part_time else WHOLE_WEEK, SCHOOL_HOURS)
        if member.role is Role.FACILITATOR and member.place:
            sheet.add(
                Facilitator, member.key, person_id=person_id, building_id=sheet.id_of(Building, member.place),
                is_trained=member.is_trained,
            )  # fmt: skip
    lay_role(sheet, member.key, member.role, member.school, member.place)


def lay_classes(sheet: Sheet, rng: Random, autumn: int, password_hash: str | None) -> dict[str, str]:
    """Classes with their teachers, protected times and pupils; gives back each pupil's family name by code.

    `autumn` is the year in which the school year begins.
    """
    everyone = roll()
    names = pupils.names(rng, len(everyone))
    for room in CLASSROOMS:
        lay_class(sheet, room, class_ranks()[room.key], password_hash)
    rooms = {room.key: room for room in CLASSROOMS}
    for entry, name in zip(everyone, names, strict=True):
        lay_pupil(sheet, rooms[entry.room_key], entry, name, autumn)
    return {entry.code: family for entry, (_, family) in zip(everyone, names, strict=True)}


def lay_class(sheet: Sheet, room: Classroom, rank: int, password_hash: str | None) -> None:
    teacher_id = lay_person(sheet, room.key, room, password_hash)
    lay_role(sheet, room.key, Role.TEACHER, room.school, room.place)
    lay_hours(sheet, room.key, WHOLE_WEEK, SCHOOL_HOURS)
    group_id = sheet.add_scarce(
        ClassGroup, ResourceKind.CLASS_GROUP, room.key, school_id=sheet.id_of(School, room.school),
        building_id=sheet.id_of(Building, room.place), name=room.name, level=room.level, teacher_id=teacher_id,
    )  # fmt: skip
    for weekday, starts, ends, label in protected(room.level, _SHIFTS[room.place], rank):
        sheet.add(
            ProtectedTime, room.key, weekday, starts, class_group_id=group_id, weekday=weekday, starts_local=starts,
            ends_local=ends, label=label,
        )  # fmt: skip


def lay_pupil(sheet: Sheet, room: Classroom, entry: RollEntry, name: tuple[str, str], autumn: int) -> None:
    grade = room.grades[entry.seat * len(room.grades) // room.size]
    sheet.add_scarce(
        Pupil, ResourceKind.PUPIL, entry.code, school_id=sheet.id_of(School, room.school),
        building_id=sheet.id_of(Building, room.place), class_group_id=sheet.id_of(ClassGroup, room.key),
        code=entry.code, given_name=name[0], family_name=name[1], level=room.level, grade=grade,
        born_month=born_month(grade, entry.seat, autumn) if room.level is Level.SECONDARY else None,
    )  # fmt: skip


def born_month(grade: str, seat: int, autumn: int) -> str:
    """A pupil of 1re secondaire is 12 on 30 September."""
    month = seat % 12 + 1
    return f"{autumn - 11 - int(grade[0]) - (month >= 10)}-{month:02}"
