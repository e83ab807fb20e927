"""A second, tiny board: whoever belongs to it is the stranger of every test and must see nothing of the first."""

from __future__ import annotations

from datetime import date, time

from intervention.domain.people import Discipline, Level, ResourceKind, Role
from intervention.records.people import Person, Professional, Pupil
from intervention.records.schools import Building, School
from intervention.usecases.demo_world import board
from intervention.usecases.demo_world.calendar import YearPlan, label_of, school_year
from intervention.usecases.demo_world.people import WHOLE_WEEK, StaffMember
from intervention.usecases.demo_world.places import lay_board, lay_building, lay_room, lay_school
from intervention.usecases.demo_world.school_years import lay_layers
from intervention.usecases.demo_world.sheet import Sheet
from intervention.usecases.demo_world.staff import lay_hours, lay_person, lay_role

DOMAIN = "haute-lande.example"
STRANGER = StaffMember("etrangere", "Viviane", "Hautebruyère", Role.PROFESSIONAL)
HER_ADMINISTRATOR = StaffMember("administratrice", "Colette", "Basselande", Role.ADMINISTRATOR)


def lay_neighbour(today: date, password_hash: str | None) -> Sheet:
    sheet = Sheet(board.NEIGHBOUR_CODE)
    lay_board(sheet, board.NEIGHBOUR_NAME, board.NEIGHBOUR_SHORT_NAME)
    place = board.NEIGHBOUR_PLACE
    lay_building(sheet, place, rank=50)
    lay_school(sheet, board.Institution("grande-lande", place.name, ((place.key, place.levels),)))
    lay_room(sheet, board.Local(place.key, "local 1"), rank=50)
    lay_layers(sheet, label_of(today), {place.key: school_year(today, YearPlan())})
    lay_person(sheet, "etrangere", STRANGER, password_hash, DOMAIN)
    lay_role(sheet, "etrangere", Role.PROFESSIONAL)
    lay_hours(sheet, "etrangere", WHOLE_WEEK, (time(8), time(16)))
    sheet.add(
        Professional, "etrangere", person_id=sheet.id_of(Person, "etrangere"),
        home_building_id=sheet.id_of(Building, place.key), discipline=Discipline.SPEECH_THERAPY,
    )  # fmt: skip
    lay_person(sheet, "administratrice", HER_ADMINISTRATOR, password_hash, DOMAIN)
    lay_role(sheet, "administratrice", Role.ADMINISTRATOR)
    sheet.add_scarce(
        Pupil, ResourceKind.PUPIL, "L-101", school_id=sheet.id_of(School, "grande-lande"),
        building_id=sheet.id_of(Building, place.key), code="L-101", given_name="Ludivine",
        family_name="Follehirondelle", level=Level.PRIMARY,
    )  # fmt: skip
    return sheet
