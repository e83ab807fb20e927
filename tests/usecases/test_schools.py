"""What administrators decide of buildings: it works, each refusal, the others of the board, the stranger."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from intervention.domain.bells import Bell
from intervention.domain.days import BellKind
from intervention.domain.errors import InvalidInput, NotAllowed, NotFound
from intervention.domain.legal_time import ATLANTIC, EASTERN
from intervention.domain.people import Level, ResourceKind, Role
from intervention.domain.permissions import Actor
from intervention.records.access_log import AccessLogEntry
from intervention.records.people import Organization, Resource
from intervention.records.schools import BellPeriod, Room
from intervention.usecases.booking import book
from intervention.usecases.schools import (
    EditBuilding,
    RoomFacts,
    add_room,
    confirm_zone,
    confirm_zones,
    edit_building,
    edit_room,
    set_bells,
    withdraw_zone,
)
from intervention.usecases.work import Work
from tests.builders import a_board, a_building, a_person, actor
from tests.usecases.booking_world import World, a_world, at, remote

ROOM = RoomFacts("local 7", 3, is_closed=True, has_headset=True, equipment="caméra")
MORNING = (
    Bell(BellKind.PERIOD, "Période 1", time(8, 15), time(9, 15)),
    Bell(BellKind.RECESS, "Récréation", time(9, 15), time(9, 30)),
)


@dataclass(frozen=True)
class Office:
    world: World
    ines: Actor
    version: Callable[[], int]


@pytest.fixture
def office(work: Work) -> Office:
    world = a_world(work.session)
    ines = actor(work.session, a_person(work.session, world.board, "Inès", Role.ADMINISTRATOR))

    def version() -> int:
        return work.session.scalars(select(Organization.version).where(Organization.id == world.board.id)).one()

    return Office(world, ines, version)


def an_edit(building_id: UUID, **more: object) -> EditBuilding:
    ask = EditBuilding(
        building_id, "Anse", "12, rue du Quai", "g4r1a1", "418 555-0101", time(7), time(16, 30), "anticosti",
        is_active=True,
    )  # fmt: skip
    return replace(ask, **more)  # type: ignore[arg-type]


def verbs(work: Work) -> list[str]:
    return list(work.session.scalars(select(AccessLogEntry.verb).order_by(AccessLogEntry.seq)))


def test_confirm_zone_works(work: Work, office: Office) -> None:
    anse, before = office.world.anse, office.version()
    anse.zone = None

    confirm_zone(work, office.ines, anse.id, ATLANTIC)

    assert (anse.zone, office.version()) == (ATLANTIC, before + 1)
    entry = work.session.scalars(select(AccessLogEntry)).one()
    assert (entry.verb, entry.object_id, entry.actor_id) == ("zone_confirmed", anse.id, office.ines.person_id)
    assert entry.facts == {"zone": ATLANTIC, "before": None}


def test_confirm_zone_again_writes_nothing(work: Work, office: Office) -> None:
    before = office.version()

    confirm_zone(work, office.ines, office.world.anse.id, EASTERN)

    assert (office.version(), verbs(work)) == (before, [])


@pytest.mark.parametrize("zone", ["", "UTC", "America/Montreal", "../etc/localtime"])
def test_confirm_zone_knows_the_three_of_the_law(work: Work, office: Office, zone: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        confirm_zone(work, office.ines, office.world.anse.id, zone)

    assert refusal.value.fields == {"zone": "not_a_choice"}


def test_a_zone_in_use_does_not_change(work: Work, office: Office) -> None:
    book(work, actor(work.session, office.world.mireille), remote(office.world, at("2026-11-24 10:30")))

    for act in (
        lambda: confirm_zone(work, office.ines, office.world.anse.id, ATLANTIC),
        lambda: withdraw_zone(work, office.ines, office.world.anse.id),
    ):
        with pytest.raises(InvalidInput) as refusal:
            act()
        assert refusal.value.fields == {"zone": "zone_in_use"}
    assert office.world.anse.zone == EASTERN


def test_confirm_zones_confirms_what_was_shown_and_leaves_the_rest(work: Work, office: Office) -> None:
    anse, pointe = office.world.anse, office.world.pointe
    anse.zone = None

    count = confirm_zones(work, office.ines, {anse.id: EASTERN, pointe.id: ATLANTIC})

    assert (count, anse.zone, pointe.zone) == (1, EASTERN, EASTERN)


def test_withdraw_zone_works(work: Work, office: Office) -> None:
    withdraw_zone(work, office.ines, office.world.pointe.id)

    assert (office.world.pointe.zone, verbs(work)) == (None, ["zone_withdrawn"])


def test_edit_building_works(work: Work, office: Office) -> None:
    anse = office.world.anse

    edit_building(work, office.ines, an_edit(anse.id))

    assert (anse.short_name, anse.postal_code, anse.opens_local, anse.closes_local, anse.road_component) == (
        "Anse",
        "G4R 1A1",
        time(7),
        time(16, 30),
        "anticosti",
    )
    assert verbs(work) == ["building_edited"]


def test_edit_building_names_every_fault(work: Work, office: Office) -> None:
    with pytest.raises(InvalidInput) as refusal:
        edit_building(
            work,
            office.ines,
            an_edit(office.world.anse.id, short_name=" ", postal_code="90210", closes_local=time(7)),
        )

    assert refusal.value.fields == {
        "short_name": "required",
        "postal_code": "bad_postal_code",
        "closes_local": "ends_before_start",
    }
    assert (office.world.anse.opens_local, verbs(work)) == (time(7, 30), [])


def test_a_building_and_a_room_in_use_stay_in_service(work: Work, office: Office) -> None:
    book(work, actor(work.session, office.world.mireille), remote(office.world, at("2026-11-24 10:30")))
    room = office.world.room_anse
    facts = RoomFacts(room.name, room.capacity, is_closed=True, has_headset=False, is_active=False)

    for act in (
        lambda: edit_building(work, office.ines, an_edit(office.world.anse.id, is_active=False)),
        lambda: edit_room(work, office.ines, room.id, facts),
    ):
        with pytest.raises(InvalidInput) as refusal:
            act()
        assert refusal.value.fields == {"is_active": "place_in_use"}
    edit_building(work, office.ines, an_edit(office.world.pointe.id, is_active=False))
    assert not office.world.pointe.is_active


def test_add_room_makes_a_resource(work: Work, office: Office) -> None:
    room_id = add_room(work, office.ines, office.world.anse.id, ROOM)

    room = work.session.get_one(Room, room_id)
    assert (room.name, room.capacity, room.has_headset, room.building_id) == ("local 7", 3, True, office.world.anse.id)
    assert work.session.get_one(Resource, room_id).kind is ResourceKind.ROOM


def test_edit_room_works(work: Work, office: Office) -> None:
    room = office.world.room_anse

    edit_room(work, office.ines, room.id, replace(ROOM, is_closed=False, is_active=False))

    assert (room.name, room.is_closed, room.is_active, verbs(work)) == ("local 7", False, False, ["room_edited"])


@pytest.mark.parametrize(
    ("facts", "faults"),
    [
        (replace(ROOM, name=" "), {"name": "required"}),
        (replace(ROOM, capacity=0), {"capacity": "out_of_range"}),
        (replace(ROOM, capacity=10_000), {"capacity": "out_of_range"}),
    ],
)
def test_a_room_has_a_name_and_places(work: Work, office: Office, facts: RoomFacts, faults: dict[str, str]) -> None:
    for act in (
        lambda: add_room(work, office.ines, office.world.anse.id, facts),
        lambda: edit_room(work, office.ines, office.world.room_anse.id, facts),
    ):
        with pytest.raises(InvalidInput) as refusal:
            act()
        assert refusal.value.fields == faults


def test_two_rooms_of_a_building_have_two_names(work: Work, office: Office) -> None:
    taken = replace(ROOM, name=office.world.room_anse.name)

    with pytest.raises(InvalidInput) as refusal:
        add_room(work, office.ines, office.world.anse.id, taken)
    edit_room(work, office.ines, office.world.room_anse.id, taken)

    assert refusal.value.fields == {"name": "name_taken"}


def test_set_bells_replaces_those_of_the_level_and_no_other(work: Work, office: Office) -> None:
    set_bells(work, office.ines, office.world.anse.id, Level.PRESCHOOL, MORNING)
    set_bells(work, office.ines, office.world.anse.id, Level.PRIMARY, MORNING[:1])

    found = work.session.execute(
        select(BellPeriod.level, BellPeriod.label)
        .where(BellPeriod.building_id == office.world.anse.id)
        .order_by(BellPeriod.level, BellPeriod.starts_local)
    ).all()
    assert [tuple(row) for row in found] == [
        (Level.PRESCHOOL, "Période 1"),
        (Level.PRESCHOOL, "Récréation"),
        (Level.PRIMARY, "Période 1"),
    ]


def test_set_bells_refuses_an_overlap_and_keeps_the_old_ones(work: Work, office: Office) -> None:
    overlapping = (MORNING[0], replace(MORNING[1], starts_local=time(9)))

    with pytest.raises(InvalidInput) as refusal:
        set_bells(work, office.ines, office.world.anse.id, Level.PRIMARY, overlapping)

    assert refusal.value.fields == {"starts-1": "bell_overlaps"}
    kept = select(BellPeriod).where(BellPeriod.building_id == office.world.anse.id)
    assert len(work.session.scalars(kept).all()) == 5


Act = Callable[[Work, Actor, World], object]
ACTS: dict[str, Act] = {
    "confirm_zone": lambda work, who, world: confirm_zone(work, who, world.anse.id, EASTERN),
    "confirm_zones": lambda work, who, world: confirm_zones(work, who, {world.anse.id: EASTERN}),
    "withdraw_zone": lambda work, who, world: withdraw_zone(work, who, world.anse.id),
    "edit_building": lambda work, who, world: edit_building(work, who, an_edit(world.anse.id)),
    "add_room": lambda work, who, world: add_room(work, who, world.anse.id, ROOM),
    "edit_room": lambda work, who, world: edit_room(work, who, world.room_anse.id, ROOM),
    "set_bells": lambda work, who, world: set_bells(work, who, world.anse.id, Level.PRIMARY, MORNING),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_the_others_of_the_board_are_refused_with_a_reason(work: Work, office: Office, act: Act) -> None:
    for role in Role:
        if role is Role.ADMINISTRATOR:
            continue
        other = actor(
            work.session, a_person(work.session, office.world.board, role.value, role, building=office.world.anse)
        )
        with pytest.raises(NotAllowed) as refusal:
            act(work, other, office.world)
        assert refusal.value.facts == {"because": "not_edit_schools"}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_the_stranger_finds_nothing(work: Work, office: Office, act: Act) -> None:
    neighbour = a_board(work.session, "voisine")
    stranger = actor(work.session, a_person(work.session, neighbour, "Colette", Role.ADMINISTRATOR))

    with pytest.raises(NotFound):
        act(work, stranger, office.world)


def test_unknown_places_are_not_found(work: Work, office: Office) -> None:
    for act in (
        lambda: confirm_zone(work, office.ines, uuid4(), EASTERN),
        lambda: add_room(work, office.ines, uuid4(), ROOM),
        lambda: edit_room(work, office.ines, uuid4(), ROOM),
        lambda: set_bells(
            work, office.ines, a_building(work.session, a_board(work.session, "autre"), "Loin").id, Level.PRIMARY, ()
        ),
    ):
        with pytest.raises(NotFound):
            act()
