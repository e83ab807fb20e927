"""The rule of a closed day, case by case, and what is left of a séance."""

from __future__ import annotations

from datetime import time
from uuid import UUID

import pytest

from intervention.domain.closures import (
    Because,
    Remainder,
    Touched,
    Treatment,
    choices,
    closed_type,
    halves_of,
    leaves,
    propose,
    without_closed,
)
from intervention.domain.composition import AskParticipant, AskSite, Composition
from intervention.domain.days import DayType
from intervention.domain.encounters import Axis, EncounterKind, ParticipantRole, PlaceKind

BASE, CAP, ANSE, HOST = (UUID(int=n) for n in range(1, 5))
CLOSED, SUSPENDED = {CAP: DayType.CLOSURE}, {CAP: DayType.SUSPENSION}
GOING_ON = Remainder(frozenset({0}), None, ())
MOVING = Remainder(frozenset({0}), (PlaceKind.HOME_BASE, BASE), ())


def pupils(building: UUID, *numbers: int, has_host: bool = False) -> AskSite:
    people = tuple(AskParticipant(ParticipantRole.PUPIL, pupil_id=UUID(int=n)) for n in numbers)
    return AskSite(building, has_host=has_host, participants=people)


def adults(building: UUID, role: ParticipantRole, number: int) -> AskSite:
    return AskSite(building, participants=(AskParticipant(role, person_id=UUID(int=number)),))


OFFICE = AskSite(BASE, place=PlaceKind.HOME_BASE, has_host=True)


def ask(kind: EncounterKind, *sites: AskSite) -> Composition:
    return Composition(kind, HOST, 45, sites)


def touched(axis: Axis, remainder: Remainder | None, *, ready: bool = True, hit: bool = True) -> Touched:
    return Touched(axis, has_begun=False, is_hit=hit, remainder=remainder, is_ready=ready)


@pytest.mark.parametrize(
    ("case", "treatment", "because"),
    [
        (touched(Axis.CONCERTATION, GOING_ON, hit=False), Treatment.KEEP, Because.STAFF_WORK),
        (touched(Axis.PUPIL_SERVICE, MOVING), Treatment.REMOTE, Because.HOST_MOVES),
        (touched(Axis.PUPIL_SERVICE, GOING_ON), Treatment.WITHOUT, Because.OTHERS_OPEN),
        (touched(Axis.PUPIL_SERVICE, MOVING, ready=False), Treatment.MAKE_UP, Because.OTHERS_CANNOT),
        (touched(Axis.PUPIL_SERVICE, None), Treatment.MAKE_UP, Because.PUPILS_AWAY),
        (touched(Axis.CONCERTATION, None), Treatment.CANCEL, Because.NOBODY_LEFT),
        (touched(Axis.ADVISORY, GOING_ON, ready=False), Treatment.CANCEL, Because.NOBODY_LEFT),
    ],
)
def test_the_rule(case: Touched, treatment: Treatment, because: Because) -> None:
    assert propose(case) == (treatment, because)
    assert treatment in choices(case)


def test_what_has_begun_is_kept_and_not_rearranged() -> None:
    case = Touched(Axis.PUPIL_SERVICE, has_begun=True, is_hit=True, remainder=MOVING, is_ready=True)
    assert propose(case) == (Treatment.KEEP, Because.BEGUN)
    assert choices(case) == (Treatment.KEEP, Treatment.MAKE_UP, Treatment.CANCEL)


def test_a_suspension_sends_pupils_home_and_a_closure_everybody() -> None:
    teacher = adults(CAP, ParticipantRole.TEACHER, 30)
    assert leaves(pupils(CAP, 10), SUSPENDED)
    assert not leaves(teacher, SUSPENDED)
    assert leaves(teacher, CLOSED)
    assert not leaves(pupils(ANSE, 10), CLOSED)


def test_pupils_of_the_open_school_are_kept() -> None:
    group = ask(EncounterKind.SMALL_GROUP, OFFICE, pupils(CAP, 10), pupils(ANSE, 11, 12))
    left = without_closed(group, SUSPENDED, BASE)
    assert left == Remainder(frozenset({1}), None, (OFFICE, pupils(ANSE, 11, 12)))


def test_one_pupil_is_no_small_group() -> None:
    group = ask(EncounterKind.SMALL_GROUP, OFFICE, pupils(CAP, 10), pupils(ANSE, 11))
    assert without_closed(group, CLOSED, BASE) is None


def test_the_host_goes_to_her_base_or_home_when_it_is_closed_too() -> None:
    group = ask(EncounterKind.SMALL_GROUP, pupils(CAP, 10, has_host=True), pupils(ANSE, 11, 12))
    left = without_closed(group, CLOSED, BASE)
    assert left is not None
    assert left.host_to == (PlaceKind.HOME_BASE, BASE)
    assert left.sites == (OFFICE, pupils(ANSE, 11, 12))
    left = without_closed(group, CLOSED | {BASE: DayType.CLOSURE}, BASE)
    assert left is not None
    assert left.sites[0] == AskSite(None, place=PlaceKind.OUTSIDE, has_host=True)


def test_the_host_joins_those_who_are_at_her_base() -> None:
    group = ask(EncounterKind.SMALL_GROUP, pupils(CAP, 10, has_host=True), pupils(BASE, 11, 12))
    left = without_closed(group, CLOSED, BASE)
    assert left is not None
    assert left.sites == (pupils(BASE, 11, 12, has_host=True),)


def test_a_visit_to_a_closed_school_leaves_nothing() -> None:
    assert without_closed(ask(EncounterKind.INDIVIDUAL, pupils(CAP, 10, has_host=True)), CLOSED, BASE) is None


@pytest.mark.parametrize(
    ("starts", "ends", "closed"),
    [
        (time(9), time(10), None),
        (time(11), time(12, 30), DayType.SUSPENSION),
        (time(12), time(13), DayType.SUSPENSION),
        (time(11), time(12), None),
    ],
)
def test_only_the_half_that_closed_counts(starts: time, ends: time, closed: DayType | None) -> None:
    types = (DayType.CLASS, DayType.SUSPENSION)
    assert closed_type(types, halves_of(starts, ends, time(12))) is closed


def test_the_graver_of_two_halves_holds() -> None:
    assert closed_type((DayType.SUSPENSION, DayType.CLOSURE), (True, True)) is DayType.CLOSURE
    assert closed_type((DayType.SUSPENSION, DayType.CLOSURE), (True, False)) is DayType.SUSPENSION
