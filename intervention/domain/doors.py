"""When a confidential link opens, and what may happen to the seat behind it.

Knows instants, codes and laws; nothing of tokens, cookies, pages or providers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from intervention.domain.encounters import EncounterStatus, ParticipantRole
from intervention.domain.errors import WrongState
from intervention.domain.spans import Span

OPENS_BEFORE = timedelta(minutes=10)
GRACE = timedelta(minutes=15)
HOST_PRESENCE = timedelta(minutes=2)  # a host whose page has been silent longer is not there
GRANT_SECONDS = 120  # a provider's entry that outlives this could be handed to somebody else

OPEN_STATUSES = frozenset({EncounterStatus.PLANNED, EncounterStatus.IN_PROGRESS})
# A pupil never handles a link (the adult beside her signs in), and the host opens the room from her own pages.
ROLES_WITHOUT_LINK = frozenset({ParticipantRole.HOST, ParticipantRole.PUPIL, ParticipantRole.CLASS_GROUP})


class SeatState(StrEnum):
    WAITING = "waiting"  # in the lobby, on one device
    CONTESTED = "contested"  # a second device used the same link
    ADMITTED = "admitted"
    REFUSED = "refused"
    LEFT = "left"


class SeatAct(StrEnum):
    RETURN = "return"  # the same device uses the link again
    SECOND_DEVICE = "second_device"
    ADMIT = "admit"
    REFUSE = "refuse"
    KEEP = "keep"  # contested: the first device stays, the others are dismissed
    TRANSFER = "transfer"  # contested: another device takes the seat
    LEAVE = "leave"
    RECALL = "recall"  # a refusal taken back


_S = SeatState

# A contest always ends in WAITING, even for somebody who was already admitted: who is behind the device that stays is
# exactly what is in doubt, so the host says again how they are known.
TRANSITIONS: dict[SeatAct, dict[SeatState, SeatState]] = {
    SeatAct.RETURN: {
        _S.WAITING: _S.WAITING,
        _S.CONTESTED: _S.CONTESTED,
        _S.ADMITTED: _S.ADMITTED,
        _S.LEFT: _S.WAITING,
        _S.REFUSED: _S.REFUSED,
    },
    SeatAct.SECOND_DEVICE: {
        _S.WAITING: _S.CONTESTED,
        _S.CONTESTED: _S.CONTESTED,
        _S.ADMITTED: _S.CONTESTED,
        _S.LEFT: _S.CONTESTED,
    },
    SeatAct.ADMIT: {_S.WAITING: _S.ADMITTED},
    SeatAct.REFUSE: {_S.WAITING: _S.REFUSED, _S.CONTESTED: _S.REFUSED, _S.ADMITTED: _S.REFUSED},
    SeatAct.KEEP: {_S.CONTESTED: _S.WAITING},
    SeatAct.TRANSFER: {_S.CONTESTED: _S.WAITING},
    SeatAct.LEAVE: {_S.WAITING: _S.LEFT, _S.CONTESTED: _S.LEFT, _S.ADMITTED: _S.LEFT},
    SeatAct.RECALL: {_S.REFUSED: _S.WAITING},
}


def after(state: SeatState, act: SeatAct) -> SeatState:
    """The state that `act` leads to. Raises WrongState where the act does not exist."""
    found = TRANSITIONS[act].get(state)
    if found is None:
        raise WrongState(because=f"seat_{state.value}")
    return found


class KnownBy(StrEnum):
    """How the host knows that the person is who she expects (NIST SP 800-63B: a mailed link proves nobody)."""

    SIGHT = "sight"
    CODE_WORD = "code_word"
    ADULT = "adult"  # an adult the host knows is beside them
    PHONE = "phone"


class InTheRoom(StrEnum):
    """Who else is within hearing at the other end (ASHA, telepractice: third parties are the usual breach)."""

    NOBODY = "nobody"
    PARENT = "parent"
    FACILITATOR = "facilitator"
    INTERPRETER = "interpreter"
    OTHER_PUPILS = "other_pupils"
    OTHER_ADULTS = "other_adults"


@dataclass(frozen=True, slots=True)
class Identity:
    """What the host attests at admission. Codes only: free words would end in an audit trail that is never erased."""

    known_by: KnownBy
    in_the_room: frozenset[InTheRoom]

    def faults(self) -> dict[str, str]:
        """Field → fault code; « nobody » beside somebody is a contradiction, an empty answer is no attestation."""
        if not self.in_the_room:
            return {"in_the_room": "required"}
        if InTheRoom.NOBODY in self.in_the_room and len(self.in_the_room) > 1:
            return {"in_the_room": "contradiction"}
        return {}


def window_of(span: Span) -> Span:
    """From ten minutes before the encounter to fifteen after; outside, its links say nothing."""
    return Span(span.starts_at - OPENS_BEFORE, span.ends_at + GRACE)


def is_open(window: Span, now: datetime) -> bool:
    return window.starts_at <= now < window.ends_at


def opens(span: Span, status: EncounterStatus, *, ended_at: datetime | None, now: datetime) -> bool:
    """Whether the encounter's door answers at all: in its window, neither cancelled nor finished."""
    return status in OPEN_STATUSES and ended_at is None and is_open(window_of(span), now)


def host_is_present(seen_at: datetime | None, now: datetime) -> bool:
    return seen_at is not None and now - seen_at <= HOST_PRESENCE


def why_not_admit(
    state: SeatState, identity: Identity | None, *, window: Span, host_seen_at: datetime | None, now: datetime
) -> str | None:
    """The code of the first guard that forbids admission; None when all hold."""
    if not is_open(window, now):
        return "window_closed"
    if not host_is_present(host_seen_at, now):
        return "host_absent"
    if state not in TRANSITIONS[SeatAct.ADMIT]:
        return f"seat_{state.value}"
    if identity is None or identity.faults():
        return "identity_missing"
    return None


class GuestStage(StrEnum):
    """All that a guest is told."""

    HOST_ABSENT = "host_absent"
    WAITING = "waiting"
    CHECKING = "checking"  # two devices: the host looks into it
    ADMITTED = "admitted"  # and the room is not open yet
    READY = "ready"
    REFUSED = "refused"
    LEFT = "left"


def stage_of(state: SeatState, *, holds_seat: bool, is_host_present: bool, is_room_open: bool) -> GuestStage:
    """What a device in the lobby may know of its own seat, and nothing of anybody else."""
    if state is SeatState.REFUSED:
        return GuestStage.REFUSED
    if state is SeatState.CONTESTED or not holds_seat:
        return GuestStage.CHECKING
    if state is SeatState.ADMITTED:
        return GuestStage.READY if is_room_open else GuestStage.ADMITTED
    if state is SeatState.LEFT:
        return GuestStage.LEFT
    return GuestStage.WAITING if is_host_present else GuestStage.HOST_ABSENT


def grant_ends_at(now: datetime, window: Span) -> datetime:
    """When a grant issued now dies: seconds later, and never after the window."""
    return min(now + timedelta(seconds=GRANT_SECONDS), window.ends_at)
