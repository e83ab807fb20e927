"""Lays down the places of a board: buildings, schools, bells, rooms, kits, vehicles and roads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from intervention.domain.people import ResourceKind
from intervention.records.people import Organization, Person
from intervention.records.schools import BellPeriod, Building, Kit, Road, Room, School, SchoolBuilding, Vehicle
from intervention.usecases.demo_world import board
from intervention.usecases.demo_world.bells import bells
from intervention.usecases.demo_world.sheet import Sheet

SOURCE = "Démonstration : lieu inventé"
ROAD_SOURCE = "Déclaré par celles et ceux qui prennent la route"


def lay_board(sheet: Sheet, name: str, short_name: str, leading: Sequence[str] = ()) -> None:
    """`leading` are the keys of those whom the sign-in page offers, one per role."""
    people = [str(sheet.id_of(Person, key)) for key in leading]
    sheet.add(
        Organization, id=sheet.organization_id, code=sheet.code, name=name, short_name=short_name,
        zone=board.EASTERN, is_demo=True, settings={"demo_people": people} if people else {},
    )  # fmt: skip


def lay_places(sheet: Sheet) -> None:
    for rank, place in enumerate(board.PLACES):
        lay_building(sheet, place, rank)
    for institution in board.INSTITUTIONS:
        lay_school(sheet, institution)
    for rank, local in enumerate(board.LOCALS):
        lay_room(sheet, local, rank)
    for name, home in board.KITS:
        stays = sheet.id_of(Building, home) if home else None
        sheet.add_scarce(Kit, ResourceKind.KIT, name, name=name, building_id=stays)
    for name, home in board.VEHICLES:
        sheet.add_scarce(Vehicle, ResourceKind.VEHICLE, name, name=name, building_id=sheet.id_of(Building, home))
    for origin, destination, minutes, metres in board.ROADS:
        lay_road(sheet, origin, destination, minutes, metres)
        lay_road(sheet, destination, origin, minutes, metres)


def lay_building(sheet: Sheet, place: board.Place, rank: int) -> None:
    building_id = sheet.add(
        Building, place.key, code=f"CR-{rank + 1:03}", name=place.name, short_name=place.short_name,
        municipality=place.municipality, address=place.address, phone=f"418 555-{100 + rank:04}",
        lat=place.lat, lon=place.lon, zone=place.zone, road_component=place.road,
        opens_local=time(7), closes_local=time(17, 30), source=SOURCE,
    )  # fmt: skip
    for level in place.levels:
        for starts, ends, kind, label in bells(level, place.bell_shift):
            sheet.add(
                BellPeriod, place.key, level, starts, building_id=building_id, level=level, kind=kind, label=label,
                starts_local=starts, ends_local=ends,
            )  # fmt: skip


def lay_school(sheet: Sheet, institution: board.Institution) -> None:
    school_id = sheet.add(School, institution.key, code=institution.key, name=institution.name)
    for place, levels in institution.teaches:
        sheet.add(
            SchoolBuilding, institution.key, place, school_id=school_id, building_id=sheet.id_of(Building, place),
            levels=",".join(levels),
        )  # fmt: skip


def lay_room(sheet: Sheet, local: board.Local, rank: int) -> None:
    sheet.add_scarce(
        Room, ResourceKind.ROOM, local.place, local.name, building_id=sheet.id_of(Building, local.place),
        name=local.name, capacity=local.capacity, is_closed=local.closed, has_headset=local.headset,
        equipment=local.equipment, bandwidth_note=local.bandwidth, phone=f"418 555-01{rank:02}, poste 2{rank:02}",
    )  # fmt: skip


def lay_road(sheet: Sheet, origin: str, destination: str, minutes: int, metres: int) -> None:
    sheet.add(
        Road, origin, destination, from_building_id=sheet.id_of(Building, origin),
        to_building_id=sheet.id_of(Building, destination), minutes=minutes, metres=metres,
        mode="road", quality="declared", source=ROAD_SOURCE,
    )  # fmt: skip
