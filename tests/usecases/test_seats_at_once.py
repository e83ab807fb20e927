"""Several devices and the host at one door at the same moment: one holder, one whole trail, nobody left waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sqlalchemy import func, select

from intervention.domain.clock import FixedClock
from intervention.domain.doors import SeatState
from intervention.domain.errors import DomainError
from intervention.records.database import Database
from intervention.records.join_links import JoinGrant, JoinLink, Seat, SeatDevice, VideoRoom
from intervention.usecases import entering, join_links, lobby
from intervention.usecases.audit import verify_chain
from intervention.usecases.work import Work, open_work
from tests.databases import MONDAY
from tests.door_world import KEYS, Doors, a_link, a_video_account, admitted, claimed, doors_of, minutes_before
from tests.usecases.test_entering import OTHER, ROOM


def at_once(database: Database, clock: FixedClock, acts: list[Callable[[Work], object]]) -> list[str]:
    """Run each act in its own transaction and thread; gives the codes of what was refused."""
    ready = threading.Barrier(len(acts))
    refused: list[str] = []

    def run(act: Callable[[Work], object]) -> None:
        ready.wait()
        try:
            with open_work(database, clock) as work:
                act(work)
        except DomainError as refusal:
            refused.append(refusal.code)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return refused


def prepared(database: Database, clock: FixedClock) -> tuple[Doors, str]:
    with open_work(database, clock) as work:
        work.session.expire_on_commit = False
        here = doors_of(work)
        a_video_account(work, here)
        token = a_link(work, here)
        minutes_before(work, 5)
    return here, token


def test_devices_at_once_make_one_holder(fresh_database: Database) -> None:
    clock = FixedClock(MONDAY)
    _, token = prepared(fresh_database, clock)

    refused = at_once(fresh_database, clock, [lambda work: claimed(work, token)] * 6)

    with fresh_database.session(read_only=True) as session:
        holders = session.scalar(select(func.count()).where(SeatDevice.is_holder))
        assert (refused, holders) == ([], 1)
        assert session.scalars(select(Seat.state)).all() == [SeatState.CONTESTED]
        assert verify_chain(session).broken_at is None


def test_claims_and_a_revocation_at_once_end_with_a_dead_link(fresh_database: Database) -> None:
    clock = FixedClock(MONDAY)
    here, token = prepared(fresh_database, clock)
    with fresh_database.session(read_only=True) as session:
        link_id = session.scalars(select(JoinLink.id)).one()

    acts: list[Callable[[Work], object]] = [lambda work: claimed(work, token)] * 4
    acts.append(lambda work: join_links.revoke(work, here.mireille, link_id))
    acts.append(lambda work: lobby.attend(work, here.mireille, here.encounter_id))
    refused = at_once(fresh_database, clock, acts)

    assert set(refused) <= {"door_closed"}
    assert at_once(fresh_database, clock, [lambda work: claimed(work, token)]) == ["door_closed"]


def test_a_ticket_spent_by_many_opens_once(fresh_database: Database) -> None:
    clock = FixedClock(MONDAY)
    with open_work(fresh_database, clock) as work:
        work.session.expire_on_commit = False
        here = doors_of(work)
        a_video_account(work, here)
        seat = admitted(work, here)
        host = entering.ask_as_staff(work, here.mireille, KEYS, here.encounter_id)
        passage = entering.ask_as_guest(work, KEYS, seat.cookie)

    acts: list[Callable[[Work], object]] = [lambda work: entering.redeem(work, KEYS, passage, ROOM)] * 5
    acts.append(lambda work: entering.redeem(work, KEYS, host, OTHER))
    refused = at_once(fresh_database, clock, acts)

    assert refused == ["door_closed"] * 4
    with fresh_database.session(read_only=True) as session:
        assert session.scalar(select(func.count()).where(JoinGrant.used_at.is_not(None))) == 2
        assert session.scalar(select(func.count()).select_from(VideoRoom)) == 1
