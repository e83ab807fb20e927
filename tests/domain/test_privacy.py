"""Each audience reads what it may, and something that could leak is there to be hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from intervention.domain.encounters import (
    Axis,
    Confidentiality,
    EncounterKind,
    EncounterStatus,
    Modality,
    ParticipantRole,
    PlaceKind,
)
from intervention.domain.ids import new_id
from intervention.domain.people import Discipline, Role
from intervention.domain.permissions import Actor, Mandate
from intervention.domain.privacy import (
    Audience,
    EncounterFacts,
    PersonFacts,
    PupilFacts,
    SiteFacts,
    audience_of,
    view_for,
    view_of,
)

BOARD, HOST, TEACHER, HELPER, BUILDING = (new_id() for _ in range(5))

FACTS = EncounterFacts(
    id=new_id(),
    uid=new_id(),
    organization_id=BOARD,
    starts_at=datetime(2026, 11, 24, 14, tzinfo=UTC),
    ends_at=datetime(2026, 11, 24, 14, 45, tzinfo=UTC),
    on_date=date(2026, 11, 24),
    zone="America/Toronto",
    status=EncounterStatus.PLANNED,
    confidentiality=Confidentiality.RESTRICTED,
    axis=Axis.PUPIL_SERVICE,
    kind=EncounterKind.INDIVIDUAL,
    discipline=Discipline.PSYCHOLOGY,
    modality=Modality.REMOTE,
    host=PersonFacts(HOST, "Mireille Hôtesse", ParticipantRole.HOST),
    objective="Objectif-secret",
    sites=(
        SiteFacts(
            id=new_id(),
            place=PlaceKind.BUILDING,
            has_host=False,
            zone="America/Toronto",
            building_id=BUILDING,
            building="Anse",
            room="local 12",
            facilitator=PersonFacts(HELPER, "Joseph Aidant", ParticipantRole.FACILITATOR),
            pupils=(PupilFacts(new_id(), "E-214", "Zéphirine", "Quatorzemains", "3A"),),
            adults=(PersonFacts(TEACHER, "Anouk Titulaire", ParticipantRole.TEACHER),),
        ),
    ),
)

NAME, CODE, GIVEN, KIND, DISCIPLINE, OBJECTIVE, PLACE = (
    "Quatorzemains", "E-214", "Zéphirine", "individual", "psychology", "Objectif-secret", "local 12",
)  # fmt: skip
EVERYTHING = {NAME, CODE, GIVEN, KIND, DISCIPLINE, OBJECTIVE, PLACE}

READS = {
    Audience.HOST: EVERYTHING,
    Audience.CIRCLE: EVERYTHING,
    Audience.FACILITATOR: {GIVEN, PLACE},
    Audience.SCHOOL_DESK: {CODE, KIND, DISCIPLINE, PLACE},
    Audience.COORDINATION: {CODE, KIND, DISCIPLINE, PLACE},
    Audience.COLLEAGUE: set(),
    Audience.FEED_TEAM: {KIND, PLACE},
    Audience.FEED_NEUTRAL: {PLACE},
    Audience.FEED_BUSY: set(),
    Audience.GUEST: set(),
}


@pytest.mark.parametrize("audience", Audience)
def test_audience_reads_exactly_this(audience: Audience) -> None:
    shown = repr(view_of(FACTS, audience))

    assert {word for word in EVERYTHING if word in shown} == READS[audience]


@pytest.mark.parametrize("audience", [a for a in Audience if a not in {"host", "circle", "facilitator"}])
def test_confidential_mandate_shows_nothing_outside_its_circle(audience: Audience) -> None:
    view = view_of(replace(FACTS, confidentiality=Confidentiality.STRICT), audience)

    assert not any(word in repr(view) for word in EVERYTHING)
    assert view.is_busy_only


def someone(person: UUID, *mandates: Mandate, board: UUID = BOARD) -> Actor:
    return Actor(person, board, mandates)


@pytest.mark.parametrize(
    ("actor", "audience"),
    [
        (someone(HOST), Audience.HOST),
        (someone(TEACHER), Audience.CIRCLE),
        (someone(HELPER), Audience.FACILITATOR),
        (someone(new_id(), Mandate(Role.PRINCIPAL, None, frozenset({BUILDING}))), Audience.SCHOOL_DESK),
        (someone(new_id(), Mandate(Role.PRINCIPAL, None, frozenset({new_id()}))), Audience.COLLEAGUE),
        (someone(new_id(), Mandate(Role.COORDINATOR)), Audience.COORDINATION),
        (someone(new_id(), Mandate(Role.COORDINATOR), board=new_id()), Audience.COLLEAGUE),
        (someone(new_id(), Mandate(Role.PROFESSIONAL)), Audience.COLLEAGUE),
    ],
)
def test_reader_is_of_one_audience(actor: Actor, audience: Audience) -> None:
    assert audience_of(actor, FACTS) is audience


def test_who_is_there_for_one_school_reads_its_pupils_only() -> None:
    elsewhere, beside = new_id(), new_id()
    away = replace(
        FACTS.sites[0], id=new_id(), building_id=elsewhere, building="Baie", groups=("3B",),
        facilitator=PersonFacts(beside, "Nora Voisine", ParticipantRole.FACILITATOR),
        pupils=(PupilFacts(new_id(), "E-301", "Anatole", "Centauloup", "3B"),), adults=(),
    )  # fmt: skip
    both = replace(FACTS, sites=(*FACTS.sites, away))
    leads = Mandate(Role.PRINCIPAL, None, frozenset({BUILDING}))
    principal, also_coordinates = someone(new_id(), leads), someone(new_id(), leads, Mandate(Role.COORDINATOR))

    codes = {
        who: [bool(site.pupils) for site in view_for(actor, both).sites]
        for who, actor in {
            "host": someone(HOST), "beside E-214": someone(HELPER), "beside E-301": someone(beside),
            "principal": principal, "and coordinates": also_coordinates,
        }.items()
    }  # fmt: skip

    assert codes == {
        "host": [True, True], "beside E-214": [True, False], "beside E-301": [False, True],
        "principal": [True, False], "and coordinates": [True, True],
    }  # fmt: skip
    assert view_for(principal, both).sites[1].groups == ()
    assert view_for(principal, both).sites[1].building == "Baie"
