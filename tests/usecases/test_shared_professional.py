"""A professional of two boards: each books her, neither twice, and neither learns what she does for the other."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from intervention.domain.composition import AskParticipant
from intervention.domain.encounters import EncounterKind, EncounterStatus, Modality, ParticipantRole
from intervention.domain.errors import DomainError, NotFound, SlotRefused, SlotTaken
from intervention.queries.agenda import AgendaOf, agenda, subject_of
from intervention.queries.slot_problem import SlotAsk
from intervention.queries.today import board_day
from intervention.queries.travel_ledger import own_travel
from intervention.records.database import Database
from intervention.records.encounters import Encounter
from intervention.records.reservations import Leg, Reservation
from intervention.usecases.booking import book
from intervention.usecases.finding import find_slots
from tests.databases import MONDAY
from tests.usecases import two_boards
from tests.usecases.booking_world import at, in_person, remote
from tests.usecases.test_no_double_booking import overlaps, together
from tests.usecases.two_boards import TwoBoards, acting, visit

TUESDAY = date(2026, 11, 24)


@pytest.fixture
def worlds(fresh_database: Database) -> TwoBoards:
    return two_boards.committed(fresh_database)


def for_first(database: Database, worlds: TwoBoards, when: str, *, by_road: bool = True) -> UUID:
    with acting(database, worlds.mireille, worlds.first.board.id) as (work, mireille):
        ask = (in_person if by_road else remote)(worlds.first, at(when))
        return book(work, mireille, ask).encounter_id


def for_second(database: Database, worlds: TwoBoards, when: str) -> UUID:
    with acting(database, worlds.second.bruno.id, worlds.second.board.id) as (work, bruno):
        return book(work, bruno, visit(worlds, at(when))).encounter_id


def looking(worlds: TwoBoards, wanted: Modality | None = None) -> SlotAsk:
    noe = AskParticipant(ParticipantRole.PUPIL, pupil_id=worlds.second.noe.id)
    return SlotAsk(worlds.mireille, EncounterKind.INDIVIDUAL, 45, (noe,), TUESDAY, days=1, wanted=wanted)


def test_the_second_board_finds_her_where_she_is_free_and_books_her(
    fresh_database: Database, worlds: TwoBoards
) -> None:
    for_first(fresh_database, worlds, "2026-11-24 09:00", by_road=False)

    with acting(fresh_database, worlds.second.bruno.id, worlds.second.board.id, read_only=True) as (work, bruno):
        found = find_slots(work, bruno, looking(worlds, Modality.REMOTE), limit=200)
    starts = {offer.starts_at for offer in found.offers}
    taken = {at("2026-11-24 08:30"), at("2026-11-24 09:00"), at("2026-11-24 09:30")}

    assert starts
    assert not starts & taken
    booked = for_second(fresh_database, worlds, "2026-11-24 13:15")
    with fresh_database.session(read_only=True) as session:
        assert session.get_one(Encounter, booked).organization_id == worlds.second.board.id


def test_a_stranger_to_the_second_board_is_not_found_there(fresh_database: Database, worlds: TwoBoards) -> None:
    with acting(fresh_database, worlds.second.bruno.id, worlds.second.board.id, read_only=True) as (work, bruno):
        ask = dataclasses.replace(looking(worlds), host_id=worlds.first.omar.id)
        with pytest.raises(NotFound):
            find_slots(work, bruno, ask)


def test_parallel_writers_of_two_boards_book_her_once(fresh_database: Database, worlds: TwoBoards) -> None:
    won: list[int] = []

    def ask(number: int) -> None:
        try:
            if number % 2:
                for_first(fresh_database, worlds, "2026-11-24 09:00", by_road=False)
            else:
                for_second(fresh_database, worlds, "2026-11-24 09:25")
            won.append(number)
        except (SlotTaken, SlotRefused):
            pass

    together(6, ask)

    assert len(won) == 1
    assert overlaps(fresh_database) == 0


def test_roads_between_two_boards_are_computed_and_hers_on_both_sides(
    fresh_database: Database, worlds: TwoBoards
) -> None:
    for_first(fresh_database, worlds, "2026-11-24 09:25")
    for_second(fresh_database, worlds, "2026-11-24 13:15")

    with fresh_database.session(read_only=True) as session:
        legs = session.scalars(select(Leg).order_by(Leg.starts_at)).all()
        way = [(leg.from_building_id, leg.to_building_id) for leg in legs]
        told = [(leg.organization_id, leg.quality) for leg in legs]
        held = set(session.scalars(select(Reservation.organization_id).where(Reservation.leg_id.is_not(None))))
    base, anse, baie = worlds.first.base.id, worlds.first.anse.id, worlds.second.baie.id
    assert way == [(base, anse), (anse, baie), (baie, base)]
    boards = worlds.first.board.id, worlds.second.board.id, worlds.second.board.id
    assert told == [(board, "estimated") for board in boards]
    assert held == {worlds.first.board.id}  # her time is her own board's to keep


def test_road_from_the_other_board_refuses_without_a_word_of_it(fresh_database: Database, worlds: TwoBoards) -> None:
    secret = for_first(fresh_database, worlds, "2026-11-24 09:25")

    with pytest.raises(SlotRefused) as refused:
        for_second(fresh_database, worlds, "2026-11-24 10:25")
    with acting(fresh_database, worlds.second.bruno.id, worlds.second.board.id, read_only=True) as (work, bruno):
        found = find_slots(work, bruno, looking(worlds, Modality.IN_PERSON), limit=200)

    assert refused.value.facts["code"] == "too_short_for_road"
    assert tells_nothing(refused.value, worlds, secret)
    assert at("2026-11-24 10:25") not in {offer.starts_at for offer in found.offers}
    assert all(day.refusal is None or day.refusal.road is None for day in found.days)


def test_taken_time_names_her_and_nothing_else(fresh_database: Database, worlds: TwoBoards) -> None:
    secret = for_first(fresh_database, worlds, "2026-11-24 13:15", by_road=False)

    with pytest.raises((SlotTaken, SlotRefused)) as refused:
        for_second(fresh_database, worlds, "2026-11-24 13:15")

    assert tells_nothing(refused.value, worlds, secret)


def tells_nothing(refusal: DomainError, worlds: TwoBoards, secret: UUID) -> bool:
    first = worlds.first
    names = {str(each.id) for each in (first.anse, first.leo, first.room_anse, first.joseph, first.board)}
    return not any(name in repr(refusal.facts) for name in names | {str(secret)})


def test_agenda_of_the_other_board_is_one_neutral_block(fresh_database: Database, worlds: TwoBoards) -> None:
    for_first(fresh_database, worlds, "2026-11-24 09:25")
    ours = for_second(fresh_database, worlds, "2026-11-24 13:15")

    with acting(fresh_database, worlds.second.bruno.id, worlds.second.board.id, read_only=True) as (work, bruno):
        subject = subject_of(work.session, bruno, AgendaOf.PERSON, worlds.mireille)
        day = agenda(work.session, bruno, subject, TUESDAY, 1).days[0]
        sent = board_day(work.session, bruno, MONDAY, MONDAY + timedelta(days=2), MONDAY).roads

    assert [entry.id for entry in day.entries] == [ours]
    assert [away.label for away in day.away] == ["", ""]  # the road there with the séance, then the road between boards
    assert day.away[0].starts_at < at("2026-11-24 09:25")
    assert day.away[0].ends_at >= at("2026-11-24 10:10")
    assert [(road.origin, road.destination) for road in day.roads] == [("Baie-du-Large", "Havre-Clair")]
    assert [(road.origin, road.destination) for road in sent] == [("Baie-du-Large", "Havre-Clair")]


def test_her_own_day_is_whole_in_either_board(fresh_database: Database, worlds: TwoBoards) -> None:
    both = [
        for_first(fresh_database, worlds, "2026-11-24 09:25"),
        for_second(fresh_database, worlds, "2026-11-24 13:15"),
    ]

    for board in (worlds.first.board.id, worlds.second.board.id):
        with acting(fresh_database, worlds.mireille, board, read_only=True) as (work, mireille):
            subject = subject_of(work.session, mireille, AgendaOf.PERSON, worlds.mireille)
            day = agenda(work.session, mireille, subject, TUESDAY, 1).days[0]
        assert [entry.id for entry in day.entries] == both
        assert [entry.organization_id for entry in day.entries] == [worlds.first.board.id, worlds.second.board.id]
        assert len(day.roads) == 3
        assert not day.away


def test_each_board_counts_its_own_travel(fresh_database: Database, worlds: TwoBoards) -> None:
    for_first(fresh_database, worlds, "2026-11-24 09:25")
    for_second(fresh_database, worlds, "2026-11-25 13:15")
    with fresh_database.session() as session:
        session.execute(update(Encounter).values(status=EncounterStatus.COMPLETED))

    metres = {}
    for board in (worlds.first.board.id, worlds.second.board.id):
        with acting(fresh_database, worlds.mireille, board, read_only=True) as (work, mireille):
            report = own_travel(work.session, mireille, worlds.mireille, [date(2026, 11, 23)])
            metres[board] = report.total.driven.metres

    assert min(metres.values()) > 0
    assert metres[worlds.first.board.id] != metres[worlds.second.board.id]


def test_lapsed_proposal_of_the_other_board_gives_her_back(fresh_database: Database, worlds: TwoBoards) -> None:
    with acting(fresh_database, worlds.mireille, worlds.first.board.id) as (work, mireille):
        held = book(
            work, mireille, dataclasses.replace(remote(worlds.first, at("2026-11-24 13:15")), hold_minutes=60)
        ).encounter_id
    with fresh_database.session() as session:
        session.execute(update(Reservation).values(expires_at=MONDAY - timedelta(minutes=1)))

    for_second(fresh_database, worlds, "2026-11-24 13:15")

    with fresh_database.session(read_only=True) as session:
        assert session.get_one(Encounter, held).status is EncounterStatus.CANCELLED
