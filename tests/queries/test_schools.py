"""The administrators' list of schools, in a fixed number of statements."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from intervention.domain.errors import NotAllowed, NotFound
from intervention.domain.legal_time import ATLANTIC_STANDARD, EASTERN, ZoneProposal, ZoneReason
from intervention.domain.people import Level, Role
from intervention.domain.permissions import Actor
from intervention.queries.schools import SchoolHere, building_page, school_list
from intervention.records.people import Organization
from intervention.records.schools import School, SchoolBuilding
from tests.builders import a_board, a_building, a_person, a_room, actor


def an_administrator(session: Session, board: Organization) -> Actor:
    return actor(session, a_person(session, board, "Inès", Role.ADMINISTRATOR))


def test_school_list_tells_what_each_building_has_and_lacks(session: Session) -> None:
    board = a_board(session)
    anse = a_building(session, board, "Anse")
    quai = a_building(session, board, "Quai", lat=50.698, lon=-59.323, zone=None, bells=())
    a_room(session, anse)
    a_room(session, anse, "bibliothèque", is_closed=False)
    a_room(session, anse, "grenier", is_active=False)
    adults = School(organization_id=board.id, code="A", name="Centre des adultes")
    session.add(adults)
    session.flush()
    session.add(SchoolBuilding(school_id=adults.id, building_id=quai.id, levels=""))
    a_building(session, a_board(session, "voisine"), "Ailleurs")

    first, second = school_list(session, an_administrator(session, board))

    assert (first.name, first.zone, first.rooms, first.closed_rooms, first.bell_levels) == (
        "Anse",
        EASTERN,
        2,
        1,
        (Level.PRIMARY,),
    )
    assert (second.name, second.zone, second.rooms, second.bell_levels, second.levels) == (
        "Quai",
        None,
        0,
        (),
        (Level.PRIMARY,),
    )
    assert second.proposal == ZoneProposal(ATLANTIC_STANDARD, ZoneReason.LOWER_NORTH_SHORE, is_certain=True)
    assert second.schools == (SchoolHere("Centre des adultes", ()), SchoolHere("École Quai", (Level.PRIMARY,)))


def test_building_page_proposes_a_road_network_and_knows_the_board_s(session: Session) -> None:
    board = a_board(session)
    quai = a_building(session, board, "Quai", lat=50.698, lon=-59.323)
    a_building(session, board, "Île", road_component="anticosti")
    room = a_room(session, quai)

    page = building_page(session, an_administrator(session, board), quai.id)

    assert (page.road_component, page.proposed_component) == (None, "tete-a-la-baleine")
    assert page.networks == ("anticosti", "tete-a-la-baleine")
    assert [each.id for each in page.rooms] == [room.id]
    assert [len(page.bells[Level.PRIMARY]), page.levels] == [5, (Level.PRIMARY,)]


@pytest.mark.parametrize("count", [1, 3])
def test_school_list_costs_four_statements(session: Session, count: int) -> None:
    board = a_board(session)
    for n in range(count):
        a_room(session, a_building(session, board, f"Anse {n}"))
    ines = an_administrator(session, board)
    session.expunge_all()
    seen: list[str] = []
    engine = session.get_bind().engine

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        school_list(session, ines)
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert len(seen) == 4


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_the_others_of_the_board_are_refused(session: Session, role: Role) -> None:
    board = a_board(session)
    anse = a_building(session, board, "Anse")
    other = actor(session, a_person(session, board, role.value, role, building=anse))

    with pytest.raises(NotAllowed):
        school_list(session, other)
    with pytest.raises(NotAllowed):
        building_page(session, other, anse.id)


def test_the_stranger_finds_no_building(session: Session) -> None:
    anse = a_building(session, a_board(session), "Anse")
    stranger = an_administrator(session, a_board(session, "voisine"))

    for building_id in (anse.id, uuid4()):
        with pytest.raises(NotFound):
            building_page(session, stranger, building_id)
    assert school_list(session, stranger) == ()
