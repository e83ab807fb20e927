"""Buildings, schools, kits, vehicles and roads written by hand: it works, each refusal, the others, the stranger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from uuid import uuid4

import pytest

from intervention.domain.errors import NotAllowed, NotFound
from intervention.domain.legal_time import ATLANTIC
from intervention.domain.people import Level, ResourceKind
from intervention.domain.permissions import Actor
from intervention.domain.places import NewBuilding, SchoolFacts
from intervention.domain.travel import Quality
from intervention.queries.catalogue import catalogue
from intervention.queries.places import (
    building_choices,
    declared_roads,
    equipment,
    equipment_line,
    school_entries,
    school_entry,
)
from intervention.queries.roads import road_book
from intervention.queries.schools import building_page
from intervention.records.schools import Building, School
from intervention.usecases.booking import book
from intervention.usecases.declared_roads import DeclareRoad, declare_road, withdraw_road
from intervention.usecases.equipment import EquipmentFacts, add_equipment, edit_equipment
from intervention.usecases.places import add_building, add_school, edit_school
from intervention.usecases.work import Work
from tests.builders import actor, school_of
from tests.usecases.booking_world import at, remote
from tests.usecases.office import OTHERS, Office, an_office, faults

KIT = ResourceKind.KIT
ISLAND = NewBuilding(
    "900001", "Pavillon de l’Étang-Bleu", "Les Îles-de-la-Madeleine", postal_code="g4t1a1", lat=47.38, lon=-61.87
)


@pytest.fixture
def office(work: Work) -> Office:
    return an_office(work.session)


def test_a_building_awaits_the_zone_that_the_law_gives(work: Work, office: Office) -> None:
    before = office.version

    building_id = add_building(work, office.ines, ISLAND)

    page = building_page(work.session, office.ines, building_id)
    assert (page.line.zone, page.line.proposal.zone) == (None, ATLANTIC)
    assert (page.postal_code, page.short_name) == ("G4T 1A1", "Pavillon de l’Étang-Bleu")
    assert (office.version > before, office.trail) == (True, ["building_added"])
    assert building_id in dict(building_choices(work.session, office.ines))


def test_a_building_without_coordinates_breaks_no_search(work: Work, office: Office) -> None:
    building_id = add_building(work, office.ines, replace(ISLAND, lat=None, lon=None))

    board = catalogue(work.session, office.world.board.id)

    assert board.needs[True][building_id, office.world.anse.id] is None
    assert book(work, actor(work.session, office.world.mireille), remote(office.world, at("2026-11-24 10:30")))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (replace(ISLAND, code="", name=" ", municipality=""), {"code", "name", "municipality"}),
        (replace(ISLAND, code="é"), {"code"}),
        (replace(ISLAND, code="x" * 33), {"code"}),
        (replace(ISLAND, name="x" * 161, short_name="x" * 41, municipality="x" * 121),
         {"name", "short_name", "municipality"}),
        (replace(ISLAND, postal_code="90210"), {"postal_code"}),
        (replace(ISLAND, closes_local=time(7)), {"closes_local"}),
        (replace(ISLAND, lat=None), {"lat"}),
        (replace(ISLAND, lon=None), {"lon"}),
        (replace(ISLAND, lat=-61.87, lon=47.38), {"lat"}),
        (replace(ISLAND, lat=48.85, lon=2.35), {"lat"}),
    ],
)  # fmt: skip
def test_a_buildings_faults_are_named(work: Work, office: Office, facts: NewBuilding, expected: set[str]) -> None:
    assert set(faults(lambda: add_building(work, office.ines, facts))) == expected


def test_a_code_stands_for_one_building_and_one_school(work: Work, office: Office) -> None:
    add_building(work, office.ines, ISLAND)
    assert faults(lambda: add_building(work, office.ines, ISLAND)) == {"code": "code_taken"}
    known = work.session.query(School).first()
    asked = SchoolFacts(known.code, "Autre", {office.world.anse.id: ()})
    assert faults(lambda: add_school(work, office.ines, asked)) == {"code": "code_taken"}


def test_a_school_teaches_where_it_is_said(work: Work, office: Office) -> None:
    anse, pointe = office.world.anse.id, office.world.pointe.id
    levels = (Level.PRIMARY, Level.SECONDARY)

    school_id = add_school(work, office.ines, SchoolFacts("900", "École des Deux-Rives", {anse: levels, pointe: ()}))
    edit_school(work, office.ines, school_id, SchoolFacts("901", "École des Rives", {anse: levels[:1]}))

    entry = school_entry(work.session, office.ines, school_id)
    assert (entry.code, entry.name, entry.placements) == ("901", "École des Rives", {anse: (Level.PRIMARY,)})
    assert len(school_entries(work.session, office.ines)) == 4
    edit_school(work, office.ines, school_id, SchoolFacts("901", "École des Rives", {}, is_active=False))
    assert not school_entry(work.session, office.ines, school_id).is_active


def test_a_schools_faults_are_named(work: Work, office: Office) -> None:
    anse = office.world.anse.id
    theirs = work.session.get_one(Building, anse)
    neighbour = office.stranger()
    abroad = add_building(work, neighbour, ISLAND)
    assert theirs.organization_id != neighbour.organization_id

    for wrong, expected in (
        (SchoolFacts("", "", {anse: ()}), {"code": "required", "name": "required"}),
        (SchoolFacts("900", "École", {}), {"buildings": "required"}),
        (SchoolFacts("900", "École", {abroad: ()}), {"buildings": "unknown"}),
        (SchoolFacts("900", "École", {uuid4(): ()}), {"buildings": "unknown"}),
    ):
        assert faults(lambda ask=wrong: add_school(work, office.ines, ask)) == expected


def test_a_school_with_pupils_stays_where_they_are(work: Work, office: Office) -> None:
    school = school_of(work.session, office.world.anse)
    gone = SchoolFacts(school.code, school.name, {office.world.pointe.id: ()})

    assert faults(lambda: edit_school(work, office.ines, school.id, gone)) == {"buildings": "school_in_use"}
    closed = replace(gone, placements={office.world.anse.id: ()}, is_active=False)
    assert faults(lambda: edit_school(work, office.ines, school.id, closed)) == {"is_active": "school_in_use"}


@pytest.mark.parametrize("kind", [ResourceKind.KIT, ResourceKind.VEHICLE])
def test_equipment_is_added_and_edited(work: Work, office: Office, kind: ResourceKind) -> None:
    one = add_equipment(work, office.ines, kind, EquipmentFacts("Bleue"))
    edit_equipment(work, office.ines, kind, one, EquipmentFacts("Verte", office.world.anse.id, is_active=False))

    line = equipment_line(work.session, office.ines, kind, one)
    assert (line.name, line.building, line.is_active) == ("Verte", "Anse-aux-Lièvres", False)
    assert [each.id for each in equipment(work.session, office.ines)] == [one]
    add_equipment(work, office.ines, kind, EquipmentFacts("Bleue"))
    for wrong, expected in (
        (EquipmentFacts(" "), {"name": "required"}),
        (EquipmentFacts("x" * 61), {"name": "too_long"}),
        (EquipmentFacts("Bleue"), {"name": "equipment_name_taken"}),
        (EquipmentFacts("Rouge", uuid4()), {"building": "unknown"}),
    ):
        assert faults(lambda ask=wrong: add_equipment(work, office.ines, kind, ask)) == expected
        assert faults(lambda ask=wrong: edit_equipment(work, office.ines, kind, one, ask)) == expected


def test_a_kit_that_encounters_count_on_stays(work: Work, office: Office) -> None:
    kit = add_equipment(work, office.ines, KIT, EquipmentFacts("Bleue", office.world.anse.id))
    ask = remote(office.world, at("2026-11-24 10:30"))
    sites = (*ask.sites[:-1], replace(ask.sites[-1], kit_id=kit))
    book(work, actor(work.session, office.world.mireille), replace(ask, sites=sites))

    for wrong, field in (
        (EquipmentFacts("Bleue", office.world.anse.id, is_active=False), "is_active"),
        (EquipmentFacts("Bleue", office.world.pointe.id), "building"),
    ):
        refused = faults(lambda to=wrong: edit_equipment(work, office.ines, KIT, kit, to))
        assert refused == {field: "used_to_come"}
    edit_equipment(work, office.ines, KIT, kit, EquipmentFacts("Azur", office.world.anse.id))


def test_a_declared_road_takes_the_place_of_the_estimate(work: Work, office: Office) -> None:
    anse, pointe = office.world.anse.id, office.world.pointe.id
    ours, on = office.world.board.id, date(2026, 7, 6)
    guess = road_book(work.session, {ours}, [anse, pointe]).need(anse, pointe, on)
    ask = DeclareRoad(anse, pointe, 95, 120_000, "chauffeuse, octobre")

    declare_road(work, office.ines, ask)

    said = road_book(work.session, {ours}, [anse, pointe])
    for pair in ((anse, pointe), (pointe, anse)):
        need = said.need(*pair, on)
        assert (need.minutes, need.metres, need.quality) == (95, 120_000, Quality.KNOWN)
    assert {line.is_odd for line in declared_roads(work.session, office.ines)} == {True}
    declare_road(work, office.ines, replace(ask, minutes=guess.minutes, metres=guess.metres, both_ways=False))
    oddities = {(line.from_id, line.is_odd) for line in declared_roads(work.session, office.ines)}
    assert oddities == {(anse, False), (pointe, True)}
    for line in declared_roads(work.session, office.ines):
        withdraw_road(work, office.ines, line.id)
    assert road_book(work.session, {ours}, [anse, pointe]).need(anse, pointe, on) == guess
    assert office.trail == ["road_declared"] * 2 + ["road_withdrawn"] * 2


def test_a_roads_faults_are_named(work: Work, office: Office) -> None:
    ask = DeclareRoad(office.world.anse.id, office.world.pointe.id, 30, 20_000, "moi")
    for wrong, expected in (
        (replace(ask, to_building_id=ask.from_building_id), {"to_building": "same_building"}),
        (replace(ask, from_building_id=uuid4()), {"from_building": "unknown"}),
        (replace(ask, minutes=0, metres=-1), {"minutes": "out_of_range", "km": "out_of_range"}),
        (replace(ask, minutes=1441, source=" "), {"minutes": "out_of_range", "source": "required"}),
        (replace(ask, source="x" * 161), {"source": "too_long"}),
    ):
        assert faults(lambda to=wrong: declare_road(work, office.ines, to)) == expected


Act = Callable[[Work, Actor, Office], object]
BOARD_WIDE: dict[str, Act] = {
    "building": lambda work, who, office: add_building(work, who, ISLAND),
    "school": lambda work, who, office: add_school(work, who, SchoolFacts("900", "É", {office.world.anse.id: ()})),
    "kit": lambda work, who, office: add_equipment(work, who, KIT, EquipmentFacts("Bleue")),
    "road": lambda work, who, office: declare_road(
        work, who, DeclareRoad(office.world.anse.id, office.world.pointe.id, 30, 20_000, "moi")
    ),
    "lists": lambda work, who, office: (equipment(work.session, who), declared_roads(work.session, who)),
    "schools": lambda work, who, office: school_entries(work.session, who),
    "choices": lambda work, who, office: building_choices(work.session, who),
}


@pytest.mark.parametrize("act", BOARD_WIDE.values(), ids=BOARD_WIDE)
def test_only_administrators(work: Work, office: Office, act: Act) -> None:
    for other in office.holding(*OTHERS):
        with pytest.raises(NotAllowed) as refusal:
            act(work, other, office)
        assert refusal.value.facts == {"because": "not_edit_schools"}


def test_the_stranger_finds_nothing(work: Work, office: Office) -> None:
    stranger, anse = office.stranger(), office.world.anse.id
    school = school_of(work.session, office.world.anse)
    kit = add_equipment(work, office.ines, KIT, EquipmentFacts("Bleue"))
    declare_road(work, office.ines, DeclareRoad(anse, office.world.pointe.id, 30, 20_000, "moi"))
    road = declared_roads(work.session, office.ines)[0].id

    for act in (
        lambda: edit_school(work, stranger, school.id, SchoolFacts("1", "É", {})),
        lambda: edit_equipment(work, stranger, KIT, kit, EquipmentFacts("Verte")),
        lambda: withdraw_road(work, stranger, road),
        lambda: school_entry(work.session, stranger, school.id),
        lambda: equipment_line(work.session, stranger, KIT, kit),
        lambda: edit_school(work, office.ines, uuid4(), SchoolFacts("1", "É", {})),
        lambda: edit_equipment(work, office.ines, KIT, uuid4(), EquipmentFacts("Verte")),
        lambda: withdraw_road(work, office.ines, uuid4()),
    ):
        with pytest.raises(NotFound):
            act()
    assert declared_roads(work.session, stranger) == equipment(work.session, stranger) == ()
    assert faults(
        lambda: declare_road(work, stranger, DeclareRoad(anse, office.world.pointe.id, 30, 20_000, "moi"))
    ) == {"from_building": "unknown", "to_building": "unknown"}
