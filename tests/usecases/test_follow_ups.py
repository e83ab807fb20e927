"""Who follows which pupil: assigned, ended; what the end closes; each refusal; the stranger."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from intervention.domain.encounters import EncounterKind
from intervention.domain.errors import NotAllowed, NotFound
from intervention.domain.people import Discipline, Role
from intervention.queries.booking_form import sheet
from intervention.queries.follow_ups import follow_ups, followers
from intervention.queries.scope import visible_pupils
from intervention.records.access_log import AccessLogEntry
from intervention.records.people import FollowUp, Pupil
from intervention.usecases.booking import book
from intervention.usecases.follow_ups import AssignPupil, assign_pupil, end_follow_up
from intervention.usecases.pupils import archive_pupil
from intervention.usecases.work import Work
from tests.builders import a_professional, actor
from tests.usecases.booking_world import at, remote
from tests.usecases.office import Office, an_office, faults

TODAY = date(2026, 11, 23)
BEFORE = TODAY - timedelta(days=1)


@pytest.fixture
def office(work: Work) -> Office:
    return an_office(work.session)


@pytest.fixture
def ask(office: Office) -> AssignPupil:
    solange = a_professional(office.session, office.world.board, "Solange", office.world.base)
    return AssignPupil(office.world.leo.id, solange.id, Discipline.SPEECH_THERAPY, TODAY)


def sees(work: Work, who) -> bool:
    return bool(work.session.scalars(select(Pupil.id).where(visible_pupils(who))).all())


def test_who_is_assigned_may_open_the_pupil_and_book(work: Work, office: Office, ask: AssignPupil) -> None:
    omar = actor(work.session, office.world.omar)
    person = office.session.get_one(type(office.world.mireille), ask.person_id)
    assert not sees(work, actor(work.session, person))

    assign_pupil(work, omar, ask)

    solange = actor(work.session, person)
    assert sees(work, solange)
    pools = dict(sheet(work.session, solange, solange.person_id, EncounterKind.INDIVIDUAL).pools)
    assert [c.value for pool in pools.values() for c in pool if c.value.startswith("pupil:")] == [
        f"pupil:{office.world.leo.id}"
    ]
    assert office.trail == ["pupil_assigned"]


def test_what_has_ended_opens_nothing_and_begins_again(work: Work, office: Office, ask: AssignPupil) -> None:
    earlier = replace(ask, starts_on=BEFORE - timedelta(days=30))
    follow_up_id = assign_pupil(work, office.ines, earlier)
    person = office.session.get_one(type(office.world.mireille), ask.person_id)

    assert end_follow_up(work, office.ines, follow_up_id, BEFORE) == 0

    assert not sees(work, actor(work.session, person))
    assert assign_pupil(work, office.ines, ask) == follow_up_id
    assert sees(work, actor(work.session, person))
    row = work.session.get_one(FollowUp, follow_up_id)
    assert (row.starts_on, row.ends_on) == (TODAY, None)


def test_a_booking_after_the_end_is_refused(work: Work, office: Office) -> None:
    row = work.session.scalars(select(FollowUp).where(FollowUp.pupil_id == office.world.leo.id)).one()
    end_follow_up(work, office.ines, row.id, BEFORE)

    with pytest.raises(NotFound):
        book(work, actor(work.session, office.world.mireille), remote(office.world, at("2026-11-24 10:30")))


def test_an_end_tells_the_encounters_after_it(work: Work, office: Office) -> None:
    book(work, actor(work.session, office.world.mireille), remote(office.world, at("2026-11-24 10:30")))
    row = work.session.scalars(select(FollowUp).where(FollowUp.pupil_id == office.world.leo.id)).one()

    assert end_follow_up(work, office.ines, row.id, date(2026, 11, 24)) == 0
    assert end_follow_up(work, office.ines, row.id, TODAY) == 1


def test_faults_are_named(work: Work, office: Office, ask: AssignPupil) -> None:
    for changed, expected in (
        (replace(ask, ends_on=BEFORE), {"ends_on": "ends_before_start"}),
        (replace(ask, discipline=Discipline.PSYCHOLOGY), {"discipline": "not_her_discipline"}),
        (replace(ask, person_id=office.world.omar.id), {"person": "unknown"}),
        (replace(ask, person_id=office.world.mireille.id), {"person": "followed_already"}),
    ):
        assert faults(lambda wrong=changed: assign_pupil(work, office.ines, wrong)) == expected
    follow_up_id = assign_pupil(work, office.ines, ask)
    assert faults(lambda: end_follow_up(work, office.ines, follow_up_id, BEFORE)) == {"ends_on": "ends_before_start"}
    archive_pupil(work, office.ines, office.world.maude.id)
    gone = replace(ask, pupil_id=office.world.maude.id)
    assert faults(lambda: assign_pupil(work, office.ines, gone)) == {"person": "pupil_archived"}


def test_a_confidential_mandate_is_its_holders_alone(work: Work, office: Office, ask: AssignPupil) -> None:
    omar = actor(work.session, office.world.omar)
    follow_up_id = assign_pupil(work, omar, replace(ask, is_confidential=True))
    solange = actor(work.session, office.session.get_one(type(office.world.mireille), ask.person_id))

    leo = office.world.leo.id
    assert follow_up_id not in {line.id for line in follow_ups(work.session, omar, leo, TODAY)}
    assert [line.id for line in follow_ups(work.session, solange, leo, TODAY) if line.is_confidential] == [follow_up_id]
    entry = work.session.scalars(select(AccessLogEntry)).one()
    assert entry.facts == {}
    with pytest.raises(NotFound):
        end_follow_up(work, omar, follow_up_id, TODAY)
    end_follow_up(work, solange, follow_up_id, TODAY)


def test_only_coordination_assigns(work: Work, office: Office, ask: AssignPupil) -> None:
    others = [role for role in Role if role not in {Role.ADMINISTRATOR, Role.COORDINATOR}]
    for other in office.holding(*others):
        with pytest.raises(NotAllowed) as refusal:
            assign_pupil(work, other, ask)
        assert refusal.value.facts == {"because": "not_assign_pupils"}
        with pytest.raises(NotAllowed):
            followers(work.session, other)
    assert ask.person_id in {each.id for each in followers(work.session, office.ines)}


def test_the_stranger_finds_nothing(work: Work, office: Office, ask: AssignPupil) -> None:
    row = work.session.scalars(select(FollowUp).where(FollowUp.pupil_id == office.world.leo.id)).one()
    stranger = office.stranger(Role.COORDINATOR)

    for act in (
        lambda: assign_pupil(work, stranger, ask),
        lambda: end_follow_up(work, stranger, row.id, TODAY),
        lambda: follow_ups(work.session, stranger, office.world.leo.id, TODAY),
    ):
        with pytest.raises(NotFound):
            act()
