"""The laws of the door: its window, its table of transitions, its guards."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from intervention.domain import doors
from intervention.domain.doors import Identity, InTheRoom, KnownBy, SeatAct, SeatState
from intervention.domain.encounters import EncounterStatus
from intervention.domain.errors import WrongState
from intervention.domain.spans import Span

STARTS = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
SPAN = Span.lasting(STARTS, timedelta(minutes=45))
KNOWN = Identity(KnownBy.SIGHT, frozenset({InTheRoom.NOBODY}))


@pytest.mark.parametrize(
    ("minutes", "is_open"),
    [(-11, False), (-10, True), (0, True), (45, True), (59, True), (60, False), (600, False)],
)
def test_the_window_is_ten_minutes_before_to_fifteen_after(minutes: int, is_open: bool) -> None:
    now = STARTS + timedelta(minutes=minutes)

    assert doors.opens(SPAN, EncounterStatus.PLANNED, ended_at=None, now=now) is is_open


def test_the_first_and_last_instants_are_half_open() -> None:
    window = doors.window_of(SPAN)

    assert doors.is_open(window, window.starts_at)
    assert not doors.is_open(window, window.starts_at - timedelta(microseconds=1))
    assert doors.is_open(window, window.ends_at - timedelta(microseconds=1))
    assert not doors.is_open(window, window.ends_at)


@pytest.mark.parametrize("status", list(EncounterStatus))
def test_only_what_is_to_come_or_going_on_opens(status: EncounterStatus) -> None:
    opens = doors.opens(SPAN, status, ended_at=None, now=STARTS)

    assert opens is (status in {EncounterStatus.PLANNED, EncounterStatus.IN_PROGRESS})


def test_an_ended_lobby_is_closed_within_its_window() -> None:
    assert not doors.opens(SPAN, EncounterStatus.IN_PROGRESS, ended_at=STARTS, now=STARTS)


W, C, A, R, L = SeatState.WAITING, SeatState.CONTESTED, SeatState.ADMITTED, SeatState.REFUSED, SeatState.LEFT


@pytest.mark.parametrize(
    ("act", "outcomes"),
    [
        (SeatAct.RETURN, {W: W, C: C, A: A, R: R, L: W}),
        (SeatAct.SECOND_DEVICE, {W: C, C: C, A: C, R: None, L: C}),
        (SeatAct.ADMIT, {W: A, C: None, A: None, R: None, L: None}),
        (SeatAct.REFUSE, {W: R, C: R, A: R, R: None, L: None}),
        (SeatAct.KEEP, {W: None, C: W, A: None, R: None, L: None}),
        (SeatAct.TRANSFER, {W: None, C: W, A: None, R: None, L: None}),
        (SeatAct.LEAVE, {W: L, C: L, A: L, R: None, L: None}),
        (SeatAct.RECALL, {W: None, C: None, A: None, R: W, L: None}),
    ],
)
def test_every_act_from_every_state(act: SeatAct, outcomes: dict[SeatState, SeatState | None]) -> None:
    assert set(outcomes) == set(SeatState)
    for state, outcome in outcomes.items():
        if outcome is None:
            with pytest.raises(WrongState):
                doors.after(state, act)
        else:
            assert doors.after(state, act) is outcome


def test_nothing_but_an_act_of_the_host_leads_to_admission() -> None:
    ways_in = {act for act, states in doors.TRANSITIONS.items() for a, b in states.items() if b is A and a is not A}

    assert ways_in == {SeatAct.ADMIT}


def test_admission_asks_for_everything_at_once() -> None:
    window = doors.window_of(SPAN)
    whole = {"window": window, "host_seen_at": STARTS, "now": STARTS + timedelta(seconds=30)}

    assert doors.why_not_admit(W, KNOWN, **whole) is None
    assert doors.why_not_admit(C, KNOWN, **whole) == "seat_contested"
    assert doors.why_not_admit(A, KNOWN, **whole) == "seat_admitted"
    assert doors.why_not_admit(W, None, **whole) == "identity_missing"
    assert doors.why_not_admit(W, replace(KNOWN, in_the_room=frozenset()), **whole) == "identity_missing"
    assert doors.why_not_admit(W, KNOWN, **whole | {"host_seen_at": None}) == "host_absent"
    stale = STARTS - timedelta(minutes=2)
    assert doors.why_not_admit(W, KNOWN, **whole | {"host_seen_at": stale}) == "host_absent"
    assert doors.why_not_admit(W, KNOWN, **whole | {"now": window.ends_at}) == "window_closed"


def test_nobody_beside_somebody_is_a_contradiction() -> None:
    both = Identity(KnownBy.PHONE, frozenset({InTheRoom.NOBODY, InTheRoom.PARENT}))

    assert both.faults() == {"in_the_room": "contradiction"}


def test_a_grant_lives_two_minutes_and_never_past_the_window() -> None:
    window = doors.window_of(SPAN)

    assert doors.grant_ends_at(STARTS, window) == STARTS + timedelta(seconds=120)
    near = window.ends_at - timedelta(seconds=20)
    assert doors.grant_ends_at(near, window) == window.ends_at
