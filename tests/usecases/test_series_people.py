"""Somebody joins or leaves a series from a date on: their places, their link, the schools that come and go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from uuid import UUID

import pytest
from sqlalchemy import select

from intervention.domain.arrangement import Located
from intervention.domain.composition import AskParticipant
from intervention.domain.encounters import ActKind, EncounterKind, Modality, ParticipantRole, PlaceKind
from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.people import Discipline, Role
from intervention.domain.series import DateState
from intervention.domain.series_change import NewTime, Rearrangement, SeriesActKind, rearranged
from intervention.queries.series import dates_of
from intervention.queries.series_form import consents_missing
from intervention.records.calendars import BusyTime
from intervention.records.encounters import Consent, Encounter, EncounterAct
from intervention.records.join_links import JoinLink
from intervention.records.people import FollowUp, Pupil
from intervention.records.reservations import Leg, Reservation
from intervention.records.series import Series, SeriesAct
from intervention.records.vault import Keyring
from intervention.usecases.changing import ChangeEncounter, change
from intervention.usecases.join_links import IssueLink, issue_link
from intervention.usecases.reservations import rebuild_bits
from intervention.usecases.series import Planned, create
from intervention.usecases.series_change import change_series
from intervention.usecases.series_change_ask import ChangeSeries
from intervention.usecases.series_change_sheet import preview_change
from intervention.usecases.work import Work
from tests.builders import a_person, a_pupil, actor
from tests.usecases.booking_world import World, a_world, at, office, pupil_site, two_schools
from tests.usecases.test_series import DATES, TUESDAYS, weekly

LATE = replace(TUESDAYS, at=time(10, 30))
KEYS = Keyring("a key of tests, long enough everywhere")


def pupil(each: Pupil) -> AskParticipant:
    return AskParticipant(ParticipantRole.PUPIL, pupil_id=each.id)


def followed(work: Work, world: World, each: Pupil) -> Pupil:
    work.session.add(
        FollowUp(
            organization_id=world.board.id,
            person_id=world.mireille.id,
            pupil_id=each.id,
            discipline=Discipline.SPEECH_THERAPY,
        )
    )
    work.session.flush()
    return each


def a_group(work: Work, world: World) -> tuple[Planned, Pupil]:
    """Léo and Iris of Anse-aux-Lièvres, by video, rooms and facilitators left open."""
    iris = followed(work, world, a_pupil(work.session, world.anse, "E-303"))
    site = pupil_site(world.leo, world.room_anse, None)
    site = replace(site, room_id=None, participants=(pupil(world.leo), pupil(iris)))
    ask = weekly(world, LATE, kind=EncounterKind.SMALL_GROUP, sites=(office(world), site))
    return create(work, actor(work.session, world.mireille), ask), iris


def encounters(work: Work, series_id: UUID) -> list[Encounter]:
    return [work.session.get_one(Encounter, row.encounter_id) for row in dates_of(work.session, series_id)]


def reserved(work: Work, resource: UUID) -> int:
    return len(work.session.scalars(select(Reservation).where(Reservation.resource_id == resource)).all())


def test_a_pupil_of_a_new_school_joins_with_a_room_and_a_facilitator_on_every_date(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    planned, _ = a_group(work, world)
    ask = ChangeSeries(planned.series_id, 1, from_on=DATES[2], joining=(pupil(world.maude),))

    assert preview_change(work, mireille, ask).new_sites == (world.pointe.id,)
    done = change_series(work, mireille, ask)

    assert [reserved(work, each) for each in (world.maude.id, world.room_pointe.id, world.rose.id)] == [3, 3, 3]
    for each in encounters(work, done.series_id):
        (site,) = [site for site in each.sites if site.building_id == world.pointe.id]
        assert (site.room_id, site.facilitator_id, each.modality) == (
            world.room_pointe.id, world.rose.id, Modality.REMOTE,
        )  # fmt: skip
    assert {len(e.sites) for e in encounters(work, planned.series_id)} == {2}
    assert {d.state for d in dates_of(work.session, done.series_id)} == {DateState.BOOKED}
    acts = work.session.scalars(select(EncounterAct.kind).where(EncounterAct.kind != ActKind.BOOKED)).all()
    assert acts == [ActKind.PEOPLE_CHANGED] * 3
    kinds = work.session.scalars(select(SeriesAct.kind).where(SeriesAct.series_id == done.series_id)).all()
    assert kinds == [SeriesActKind.PEOPLE_CHANGED]
    assert rebuild_bits(work.session) == 0


def test_dates_where_the_newcomer_is_not_free_or_the_school_has_no_facilitator_are_told(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    planned, _ = a_group(work, world)
    solange = a_person(work.session, world.board, "Solange", Role.TEACHER, building=world.pointe)
    sheet = preview_change(work, mireille, ChangeSeries(planned.series_id, 1, joining=(pupil(world.maude),)))
    assert [line.rules for line in sheet.judged] == [()] * 5
    for who, day in ((world.rose.id, "2026-12-01"), (solange.id, "2026-12-15")):
        work.session.add(
            BusyTime(
                person_id=who, organization_id=world.board.id, starts_at=at(f"{day} 08:00"), ends_at=at(f"{day} 16:00")
            )
        )
    work.session.flush()

    sheet = preview_change(
        work,
        mireille,
        ChangeSeries(
            planned.series_id,
            1,
            joining=(pupil(world.maude), AskParticipant(ParticipantRole.TEACHER, person_id=solange.id)),
        ),
    )

    assert [line.rules for line in sheet.judged] == [
        (), ("facilitator_taken",), (), ("participant_busy",), (),
    ]  # fmt: skip


def test_who_leaves_gives_back_places_and_loses_their_link_and_their_school_goes(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    planned, iris = a_group(work, world)
    sylvie = a_person(work.session, world.board, "Sylvie", Role.TEACHER, building=world.pointe)
    joined = change_series(
        work,
        mireille,
        ChangeSeries(
            planned.series_id,
            1,
            joining=(
                pupil(world.maude),
                AskParticipant(ParticipantRole.TEACHER, person_id=sylvie.id, is_required=False),
            ),
        ),
    )
    last = encounters(work, joined.series_id)[-1]
    (seat,) = [p for p in last.participations if p.person_id == sylvie.id]
    link = issue_link(work, mireille, KEYS, IssueLink(last.id, seat.id))

    done = change_series(
        work,
        mireille,
        ChangeSeries(joined.series_id, joined.version, leaving=frozenset({world.maude.id, sylvie.id})),
    )

    assert work.session.get(JoinLink, link.link_id) is None
    assert [reserved(work, each) for each in (world.maude.id, world.room_pointe.id, world.rose.id)] == [0, 0, 0]
    assert {site.building_id for e in encounters(work, done.series_id) for site in e.sites} == {
        world.base.id, world.anse.id,
    }  # fmt: skip
    assert reserved(work, iris.id) == 5
    assert work.session.get_one(Series, done.series_id).version == 3
    assert rebuild_bits(work.session) == 0


def test_joining_and_leaving_again_restores_the_same_reservations(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    planned, _ = a_group(work, world)

    def facts() -> set[tuple[UUID, UUID | None, int, int]]:
        rows = work.session.scalars(select(Reservation))
        return {(r.resource_id, r.encounter_id, r.starts_tick, r.ends_tick) for r in rows}

    before = facts()
    joined = change_series(work, mireille, ChangeSeries(planned.series_id, 1, joining=(pupil(world.maude),)))
    assert len(facts()) == len(before) + 3 * 5
    change_series(work, mireille, ChangeSeries(joined.series_id, 2, leaving=frozenset({world.maude.id})))

    assert facts() == before


def test_a_date_moved_alone_gains_who_joins_and_stays_where_it_is(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    planned, _ = a_group(work, world)
    change(work, mireille, ChangeEncounter(planned.encounters[1], 1, starts_at=at("2026-12-02 10:30")))

    change_series(work, mireille, ChangeSeries(planned.series_id, 1, joining=(pupil(world.maude),)))

    moved = work.session.get_one(Encounter, planned.encounters[1])
    assert (moved.on_date, reserved(work, world.maude.id)) == (date(2026, 12, 2), 5)
    assert dates_of(work.session, planned.series_id)[1].state is DateState.MOVED


def test_when_those_she_visits_leave_she_stays_at_her_base(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    both = two_schools(world, at("2026-11-24 10:30"))
    iris = followed(work, world, a_pupil(work.session, world.pointe, "E-303"))
    sites = (both.sites[0], replace(both.sites[1], participants=(*both.sites[1].participants, pupil(iris))))
    planned = create(work, mireille, weekly(world, LATE, kind=both.kind, sites=sites))
    assert work.session.scalars(select(Leg)).all()

    done = change_series(work, mireille, ChangeSeries(planned.series_id, 1, leaving=frozenset({world.leo.id})))

    assert {e.modality for e in encounters(work, done.series_id)} == {Modality.REMOTE}
    assert work.session.scalars(select(Leg)).all() == []
    assert rebuild_bits(work.session) == 0


def test_too_few_too_many_twice_and_strangers_are_refused(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    planned, iris = a_group(work, world)
    unknown = a_pupil(work.session, world.pointe, "E-404")
    ask = ChangeSeries(planned.series_id, 1)

    for each, code in (
        (replace(ask, leaving=frozenset({iris.id})), "too_few_people"),
        (replace(ask, joining=(pupil(iris),)), "participant_twice"),
    ):
        with pytest.raises(InvalidInput) as refused:
            change_series(work, mireille, each)
        assert refused.value.fields == {"people": code}
    for each in (replace(ask, joining=(pupil(unknown),)), replace(ask, leaving=frozenset({world.maude.id}))):
        with pytest.raises(NotFound):
            change_series(work, mireille, each)


def test_the_professional_is_told_whose_consent_is_missing_or_ends_and_nobody_else(work: Work) -> None:
    world = a_world(work.session)
    planned, iris = a_group(work, world)
    for who, remote, until in ((world.leo, True, date(2026, 12, 10)), (iris, False, None)):
        work.session.add(
            Consent(
                organization_id=world.board.id, pupil_id=who.id, discipline=Discipline.SPEECH_THERAPY,
                covers_remote=remote, given_by="parent", given_on=date(2026, 9, 1), expires_on=until,
            )
        )  # fmt: skip
    work.session.flush()
    mireille, omar = actor(work.session, world.mireille), actor(work.session, world.omar)
    ask = ChangeSeries(planned.series_id, 1, joining=(pupil(world.maude),))
    plan = preview_change(work, mireille, ask).plan
    told = consents_missing(
        work.session, mireille, planned.series_id, plan.sites, date(2026, 11, 23), plan.rule.last_on
    )

    assert [(each.label.split()[0], each.until, each.is_given) for each in told] == [
        ("E-101", date(2026, 12, 10), True),
        ("E-303", None, True),
        ("E-202", None, False),
    ]
    assert consents_missing(work.session, omar, planned.series_id, plan.sites, date(2026, 11, 23), DATES[-1]) == []


def test_the_time_may_change_with_the_people(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    planned, _ = a_group(work, world)

    done = change_series(
        work,
        mireille,
        ChangeSeries(planned.series_id, 1, joining=(pupil(world.maude),), time=NewTime(at=time(9, 0))),
    )

    assert {(e.starts_local, len(e.sites)) for e in encounters(work, done.series_id)} == {(time(9), 3)}


def test_a_host_who_goes_to_a_school_is_there_with_its_pupils_and_no_facilitator(work: Work) -> None:
    world = a_world(work.session)
    site = pupil_site(world.leo, world.room_anse, world.joseph)
    went = rearranged((office(world), site), Rearrangement(host_to=(PlaceKind.BUILDING, world.anse.id)), world.base.id)
    guest = Located(AskParticipant(ParticipantRole.PARENT, guest_id=world.omar.id), None)
    came = rearranged((office(world), site), Rearrangement(joining=(guest,)), world.base.id)

    assert went == (replace(site, has_host=True, facilitator_id=None),)
    assert [each.place for each in came] == [PlaceKind.HOME_BASE, PlaceKind.BUILDING, PlaceKind.OUTSIDE]
