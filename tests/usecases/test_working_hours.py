"""Hours set and searched within, absences laid over séances; each refusal; the stranger and the other board."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from intervention.domain.absences import AbsenceFacts
from intervention.domain.accounts import Particulars
from intervention.domain.composition import AskParticipant
from intervention.domain.encounters import EncounterKind, Modality, ParticipantRole
from intervention.domain.errors import NotAllowed, NotFound
from intervention.domain.people import Discipline, Role
from intervention.domain.permissions import Actor
from intervention.domain.working_hours import FIRST_HOURS, Hours, Opening
from intervention.queries.agenda import AgendaOf, agenda, subject_of
from intervention.queries.slot_problem import SlotAsk
from intervention.queries.working_hours import hours_page
from intervention.records.access_log import AccessLogEntry
from intervention.records.calendars import Availability, BusyTime
from intervention.records.database import Database
from intervention.records.people import Membership, Organization
from intervention.usecases.absences import add_absence, edit_absence, put_back_absence, remove_absence
from intervention.usecases.booking import book
from intervention.usecases.finding import find_slots
from intervention.usecases.people import GrantRole, add_person, grant_role
from intervention.usecases.professionals import ProfessionalFacts, set_professional
from intervention.usecases.work import Work
from intervention.usecases.working_hours import set_hours
from tests.builders import WEEK, a_board, a_person, actor
from tests.usecases import two_boards
from tests.usecases.booking_world import World, at, remote
from tests.usecases.office import Office, an_office, faults
from tests.usecases.two_boards import acting

TUESDAY = date(2026, 11, 24)
AFTERNOON = Hours((Opening(2, time(13), time(15)),))
AWAY = AbsenceFacts(TUESDAY, TUESDAY, label="formation")


@pytest.fixture
def office(work: Work) -> Office:
    return an_office(work.session)


@pytest.fixture
def mireille(office: Office) -> Actor:
    return actor(office.session, office.world.mireille)


def starts(work: Work, who: Actor, world: World) -> list[str]:
    """The wall times offered to Mireille and Léo that Tuesday."""
    leo = AskParticipant(ParticipantRole.PUPIL, pupil_id=world.leo.id)
    ask = SlotAsk(world.mireille.id, EncounterKind.INDIVIDUAL, 45, (leo,), TUESDAY, days=1, wanted=Modality.REMOTE)
    offers = find_slots(work, who, ask, limit=200).offers
    return sorted(offer.starts_at.astimezone(at("2026-11-24 12:00").tzinfo).strftime("%H:%M") for offer in offers)


def test_slots_are_searched_within_her_hours(work: Work, office: Office, mireille: Actor) -> None:
    before = office.version
    assert min(starts(work, mireille, office.world)) < "13:00"

    set_hours(work, mireille, mireille.person_id, AFTERNOON)

    found = starts(work, mireille, office.world)
    assert found
    assert "13:00" <= min(found) <= max(found) <= "14:15"
    assert office.version > before
    assert office.trail[-1] == "hours_set"
    assert hours_page(work.session, mireille, mireille.person_id, work.now()).hours == AFTERNOON


def test_another_week_takes_its_place_on_its_day(work: Work, office: Office, mireille: Actor) -> None:
    later = Hours(FIRST_HOURS.week, TUESDAY, AFTERNOON.week)

    set_hours(work, mireille, mireille.person_id, later)

    assert min(starts(work, mireille, office.world)) >= "13:00"
    assert hours_page(work.session, mireille, mireille.person_id, work.now()).hours == later
    assert hours_page(work.session, mireille, mireille.person_id, work.now() + timedelta(days=1)).hours == AFTERNOON


def test_coordinators_and_administrators_set_anybody_s_hours(work: Work, office: Office) -> None:
    for who in (office.ines, actor(office.session, office.world.omar)):
        set_hours(work, who, office.world.joseph.id, AFTERNOON)

    assert hours_page(work.session, office.ines, office.world.joseph.id, work.now()).building == "Anse-aux-Lièvres"


def test_hours_are_refused_with_every_fault(work: Work, office: Office, mireille: Actor) -> None:
    wrong = Hours((Opening(1, time(9), time(12)), Opening(1, time(11), time(11))), WEEK, ())

    assert faults(lambda: set_hours(work, mireille, mireille.person_id, wrong)) == {
        "starts-now-1-1": "opening_overlaps", "ends-now-1-1": "ends_before_start", "later_from": "not_to_come",
    }  # fmt: skip


def test_a_new_professional_has_a_first_week_and_keeps_her_own(work: Work, office: Office) -> None:
    louise = add_person(work, office.ines, Particulars("Louise", "Gallant"), GrantRole(Role.PROFESSIONAL))
    paul = add_person(work, office.ines, Particulars("Paul", "Gallant"), GrantRole(Role.COORDINATOR))
    set_professional(work, office.ines, louise, ProfessionalFacts(office.world.base.id, Discipline.PSYCHOLOGY))

    assert hours_page(work.session, office.ines, louise, work.now()).hours == FIRST_HOURS
    assert hours_page(work.session, office.ines, paul, work.now()).hours == Hours()
    set_hours(work, office.ines, paul, AFTERNOON)
    grant_role(work, office.ines, paul, GrantRole(Role.PROFESSIONAL))
    assert hours_page(work.session, office.ines, paul, work.now()).hours == AFTERNOON


def test_no_slot_is_offered_during_an_absence_and_what_is_booked_is_named(
    work: Work, office: Office, mireille: Actor
) -> None:
    booked = book(work, mireille, remote(office.world, at("2026-11-24 09:00"))).encounter_id

    absence = add_absence(work, mireille, mireille.person_id, AWAY)

    assert starts(work, mireille, office.world) == []
    [line] = hours_page(work.session, mireille, mireille.person_id, work.now()).absences
    assert (line.id, line.facts, line.hidden) == (absence, AWAY, 0)
    assert [(clash.view.id, clash.may_change) for clash in line.clashes] == [(booked, True)]
    hours = AbsenceFacts(TUESDAY, TUESDAY, time(13), time(16))
    was = edit_absence(work, mireille, absence, hours)
    assert max(starts(work, mireille, office.world)) <= "12:15"
    assert hours_page(work.session, mireille, mireille.person_id, work.now()).absences[0].clashes == ()
    put_back_absence(work, mireille, was)
    put_back_absence(work, mireille, remove_absence(work, mireille, absence))
    [line] = hours_page(work.session, mireille, mireille.person_id, work.now()).absences
    assert (line.id, line.facts) == (absence, AWAY)
    remove_absence(work, mireille, absence)
    assert work.session.scalars(select(BusyTime)).all() == []
    assert len(starts(work, mireille, office.world)) > 0
    assert "formation" not in str([row.facts for row in work.session.scalars(select(AccessLogEntry))])


def test_who_reads_what_of_an_absence(work: Work, office: Office, mireille: Actor) -> None:
    """A coordinator sees no reason, and counts the strict séance that she does not open."""
    strict = remote(office.world, at("2026-11-24 09:00"))
    book(work, mireille, replace(strict, is_strict=True))
    absence = add_absence(work, mireille, mireille.person_id, AWAY)
    omar = actor(office.session, office.world.omar)

    [theirs] = hours_page(work.session, omar, mireille.person_id, work.now()).absences
    [read] = hours_page(work.session, office.ines, mireille.person_id, work.now()).absences
    [mine] = hours_page(work.session, mireille, mireille.person_id, work.now()).absences
    edit_absence(work, omar, absence, AbsenceFacts(TUESDAY, WEEK + timedelta(days=3), label="lu"))

    assert (theirs.facts.label, theirs.clashes, theirs.hidden) == (None, (), 1)
    assert (read.facts.label, read.clashes, read.hidden) == ("formation", (), 1)
    assert (mine.facts.label, len(mine.clashes), mine.hidden) == ("formation", 1, 0)
    assert work.session.scalars(select(BusyTime.label)).all() == ["formation"]
    unread = add_absence(work, omar, mireille.person_id, AWAY)
    assert work.session.get_one(BusyTime, unread).label is None


def test_absences_are_refused(work: Work, office: Office, mireille: Actor) -> None:
    yesterday = WEEK - timedelta(days=1)

    for facts, fields in (
        (AbsenceFacts(TUESDAY, yesterday), {"ends_on": "ends_before_it_starts"}),
        (AbsenceFacts(yesterday, yesterday), {"ends_on": "in_the_past"}),
        (AbsenceFacts(date(2027, 3, 14), date(2027, 3, 14), time(2), time(3)), {"from_local": "time_skipped"}),
    ):
        assert faults(lambda facts=facts: add_absence(work, mireille, mireille.person_id, facts)) == fields
    assert work.session.scalars(select(BusyTime)).all() == []


def every_act(work: Work, office: Office, who: Actor) -> list[Callable[[], object]]:
    person = office.world.mireille.id
    absence = add_absence(work, office.ines, person, AWAY)
    was = edit_absence(work, office.ines, absence, AWAY)
    return [
        lambda: hours_page(work.session, who, person, work.now()),
        lambda: set_hours(work, who, person, AFTERNOON),
        lambda: add_absence(work, who, person, AWAY),
        lambda: edit_absence(work, who, absence, AWAY),
        lambda: remove_absence(work, who, absence),
        lambda: put_back_absence(work, who, was),
    ]


def test_others_of_the_board_may_not(work: Work, office: Office) -> None:
    for who in office.holding(*(role for role in Role if role not in {Role.ADMINISTRATOR, Role.COORDINATOR})):
        for act in every_act(work, office, who):
            with pytest.raises(NotAllowed) as refused:
                act()
            assert refused.value.facts == {"because": "not_edit_hours"}
        if not who.roles & {Role.PROFESSIONAL, Role.FACILITATOR}:
            with pytest.raises(NotAllowed):
                set_hours(work, who, who.person_id, AFTERNOON)


def test_a_stranger_finds_nobody(work: Work, office: Office) -> None:
    for act in every_act(work, office, office.stranger()):
        with pytest.raises(NotFound):
            act()


def test_an_interval_of_another_calendar_is_not_an_absence_of_ours(work: Work, office: Office, mireille: Actor) -> None:
    row = work.session.get_one(BusyTime, add_absence(work, mireille, mireille.person_id, AWAY))
    row.source = "elsewhere"

    assert hours_page(work.session, mireille, mireille.person_id, work.now()).absences == ()
    with pytest.raises(NotFound):
        remove_absence(work, mireille, row.id)


def test_only_her_home_board_keeps_the_hours_of_somebody_shared(fresh_database: Database) -> None:
    worlds = two_boards.committed(fresh_database)
    first, second = worlds.first.board.id, worlds.second.board.id
    with acting(fresh_database, worlds.second.bruno.id, second) as (work, bruno):
        with pytest.raises(NotAllowed) as refused:
            set_hours(work, bruno, worlds.mireille, AFTERNOON)
        assert refused.value.facts == {"because": "not_home_board"}
    with acting(fresh_database, worlds.mireille, second) as (work, mireille), pytest.raises(NotAllowed):
        add_absence(work, mireille, worlds.mireille, AWAY)

    with acting(fresh_database, worlds.mireille, first) as (work, mireille):
        add_absence(work, mireille, worlds.mireille, AWAY)
        before = version_of(work, second)
        set_hours(work, mireille, worlds.mireille, AFTERNOON)
        assert version_of(work, second) > before

    with acting(fresh_database, worlds.second.bruno.id, second, read_only=True) as (work, bruno):
        subject = subject_of(work.session, bruno, AgendaOf.PERSON, worlds.mireille)
        day = agenda(work.session, bruno, subject, TUESDAY, 1).days[0]
    assert [away.label for away in day.away] == [""]


def version_of(work: Work, board: object) -> int:
    return work.session.scalars(select(Organization.version).where(Organization.id == board)).one()


def test_a_role_in_the_other_board_lays_no_hours(work: Work, office: Office) -> None:
    board = a_board(work.session, "voisine")
    colette = actor(work.session, a_person(work.session, board, "Colette", Role.ADMINISTRATOR))
    work.session.add(Membership(organization_id=board.id, person_id=office.world.omar.id, role=Role.COORDINATOR))
    work.session.flush()
    rows = len(work.session.scalars(select(Availability)).all())

    grant_role(work, colette, office.world.omar.id, GrantRole(Role.PROFESSIONAL))

    assert len(work.session.scalars(select(Availability)).all()) == rows
