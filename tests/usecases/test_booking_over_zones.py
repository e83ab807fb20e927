"""Booking across legal times: the days of those who take part do not begin together."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from intervention.domain.clock import FixedClock
from intervention.domain.composition import AskParticipant, AskSite, BookEncounter
from intervention.domain.encounters import EncounterKind, ParticipantRole, PlaceKind
from intervention.records.encounters import Encounter
from intervention.usecases.booking import book
from intervention.usecases.work import Work
from tests import cast


@pytest.mark.parametrize("day", range(23, 28))
@pytest.mark.parametrize(("host", "home", "other", "their_home"), [
    ("samuel", "brisant", "benoit", "brumes"),
    ("benoit", "brumes", "samuel", "brisant"),
])  # fmt: skip
def test_a_meeting_of_two_zones_is_booked_on_any_day_of_the_week(  # noqa: PLR0917 - two people and a day
    demo_session: Session, clock: FixedClock, day: int, host: str, home: str, other: str, their_home: str
) -> None:
    colleague = AskParticipant(ParticipantRole.PROFESSIONAL, person_id=cast.person(other))
    ask = BookEncounter(
        cast.person(host), EncounterKind.MENTORING, "psychoeducation",
        datetime(2026, 11, day, 14, 0, tzinfo=ZoneInfo("America/Halifax")), 45, "America/Halifax",
        (
            AskSite(cast.building(home), PlaceKind.HOME_BASE, has_host=True),
            AskSite(cast.building(their_home), PlaceKind.HOME_BASE, participants=(colleague,)),
        ),
    )  # fmt: skip
    actor = cast.actor(demo_session, cast.person(host))
    booked = book(Work(demo_session, clock), actor, ask)
    assert demo_session.get_one(Encounter, booked.encounter_id).starts_local.hour == 14
