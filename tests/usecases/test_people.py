"""People added, edited, given roles and settings, disabled and enabled; then each refusal, then the stranger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.accounts import Particulars
from intervention.domain.clock import FixedClock
from intervention.domain.errors import DoorClosed, FeedGone, InvalidInput, NotAllowed, NotFound, WrongState
from intervention.domain.feeds import FeedDetail, FeedScope
from intervention.domain.people import Discipline, Role
from intervention.domain.permissions import Actor
from intervention.queries.actors import actor_of
from intervention.queries.feeds import subscription
from intervention.queries.hosted import hosted_by
from intervention.queries.people import person_page
from intervention.queries.people_list import PeopleAsk, people_list
from intervention.records.access_log import AccessLogEntry
from intervention.records.accounts import ApiToken, WebSession
from intervention.records.people import Membership, Organization, Person
from intervention.records.schools import Building
from intervention.records.vault import Keyring
from intervention.usecases import accounts
from intervention.usecases.account_links import ChoosePassword, choose_password, issue_link
from intervention.usecases.accounts import OpenSession
from intervention.usecases.api_tokens import CreateToken, create_token_as_operator
from intervention.usecases.booking import book
from intervention.usecases.feeds import CreateFeed, create_feed
from intervention.usecases.people import GrantRole, add_person, edit_person, end_role, grant_role
from intervention.usecases.people_access import disable_person, enable_person
from intervention.usecases.professionals import ProfessionalFacts, set_facilitator, set_professional
from intervention.usecases.work import Work
from tests.builders import WEEK, a_board, a_building, a_person, a_professional, actor, school_of
from tests.databases import MONDAY
from tests.usecases.booking_world import a_world, at, remote

KEYS = Keyring("a key of tests, long enough everywhere")
LOUISE = Particulars("Louise", "Gallant", "Louise@Example.org ", "418 555-0101")
PROFESSIONAL = GrantRole(Role.PROFESSIONAL)


@pytest.fixture
def board(session: Session) -> Organization:
    return a_board(session)


@pytest.fixture
def building(session: Session, board: Organization) -> Building:
    return a_building(session, board, "Rivière")


@pytest.fixture
def aline(session: Session, board: Organization) -> Actor:
    return actor(session, a_person(session, board, "Aline", Role.ADMINISTRATOR))


@pytest.fixture
def neighbour(session: Session) -> Actor:
    return actor(session, a_person(session, a_board(session, "autre"), "Rose", Role.ADMINISTRATOR))


def version_of(session: Session, board: Organization) -> int:
    return session.scalars(select(Organization.version).where(Organization.id == board.id)).one()


def verbs(session: Session) -> list[str]:
    return list(session.scalars(select(AccessLogEntry.verb).order_by(AccessLogEntry.seq)))


def test_a_person_is_added_edited_and_set(work: Work, board: Organization, building: Building, aline: Actor) -> None:
    before = version_of(work.session, board)

    louise = add_person(work, aline, LOUISE, PROFESSIONAL)
    edit_person(work, aline, louise, replace(LOUISE, family_name="Gallant-Roy", locale="en"))
    facts = ProfessionalFacts(
        building.id,
        Discipline.PSYCHOLOGY,
        (Discipline.GUIDANCE, Discipline.PSYCHOLOGY),
        28 * 60,
        2,
        60,
        time(11),
        time(13),
    )
    set_professional(work, aline, louise, facts)
    set_professional(work, aline, louise, replace(facts, max_buildings_per_day=1))
    grant_role(work, aline, louise, GrantRole(Role.FACILITATOR, school_id=school_of(work.session, building).id))
    set_facilitator(work, aline, louise, building.id, is_trained=True)

    page = person_page(work.session, aline, louise)
    assert (page.name, page.email, page.phone, page.locale) == (
        "Louise Gallant-Roy", "louise@example.org", "418 555-0101", "en",
    )  # fmt: skip
    assert [(each.role, each.place) for each in page.roles] == [
        (Role.FACILITATOR, "École Rivière"),
        (Role.PROFESSIONAL, None),
    ]
    assert page.professional is not None
    assert (page.professional.discipline, page.professional.other_disciplines) == (
        Discipline.PSYCHOLOGY, (Discipline.GUIDANCE,),
    )  # fmt: skip
    assert (page.professional.weekly_minutes, page.professional.max_buildings_per_day) == (28 * 60, 1)
    assert (page.facilitates_at, page.is_trained) == (building.id, True)
    assert version_of(work.session, board) > before
    assert verbs(work.session) == [
        "person_added", "person_edited", "professional_set", "professional_set", "role_granted", "facilitator_set",
    ]  # fmt: skip


def test_the_trail_names_nobody(work: Work, aline: Actor) -> None:
    louise = add_person(work, aline, LOUISE, PROFESSIONAL)
    edit_person(work, aline, louise, replace(LOUISE, email="autre@example.org"))

    said = str([(row.verb, row.facts) for row in work.session.scalars(select(AccessLogEntry))])

    assert not {"Louise", "Gallant", "louise@example.org", "autre@example.org"} & set(said.replace("'", " ").split())


def test_faults_are_named_at_once(work: Work, aline: Actor) -> None:
    taken = a_person(work.session, a_board(work.session, "autre"), "Anouk", Role.TEACHER)

    with pytest.raises(InvalidInput) as refused:
        add_person(work, aline, Particulars(" ", "x" * 81, taken.email, "4" * 41, "de"), GrantRole(Role.TEACHER))

    assert refused.value.fields == {
        "given_name": "required",
        "family_name": "too_long",
        "email": "email_taken",
        "phone": "too_long",
        "locale": "not_a_choice",
        "place": "required",
    }


def test_an_email_is_one_person_s_on_this_board_or_another(work: Work, board: Organization, aline: Actor) -> None:
    here = a_person(work.session, board, "Anouk", Role.COORDINATOR)
    there = a_person(work.session, a_board(work.session, "autre"), "Rose", Role.COORDINATOR)
    louise = add_person(work, aline, LOUISE, PROFESSIONAL)

    answers = []
    for taken in (here, there):
        with pytest.raises(InvalidInput) as refused:
            edit_person(work, aline, louise, replace(LOUISE, email=str(taken.email).upper()))
        answers.append(refused.value.fields)

    assert answers == [{"email": "email_taken"}, {"email": "email_taken"}]
    edit_person(work, aline, louise, LOUISE)


def test_who_signs_in_keeps_an_email(work: Work, aline: Actor) -> None:
    louise = add_person(work, aline, LOUISE, PROFESSIONAL)
    edit_person(work, aline, louise, replace(LOUISE, email=None))
    edit_person(work, aline, louise, LOUISE)
    work.session.get_one(Person, louise).password_hash = "x"

    with pytest.raises(InvalidInput) as refused:
        edit_person(work, aline, louise, replace(LOUISE, email=" "))

    assert refused.value.fields == {"email": "required"}


def test_a_role_has_a_place_of_the_board_where_it_is_local(
    work: Work, building: Building, aline: Actor, neighbour: Actor
) -> None:
    louise = add_person(work, aline, LOUISE, PROFESSIONAL)
    foreign = a_building(work.session, work.session.get_one(Organization, neighbour.organization_id), "Lande")

    for grant, fields in (
        (GrantRole(Role.PRINCIPAL), {"place": "required"}),
        (GrantRole(Role.COORDINATOR, building_id=building.id), {"place": "place_not_wanted"}),
        (GrantRole(Role.TEACHER, building_id=foreign.id), {"place": "unknown"}),
        (GrantRole(Role.TEACHER, school_id=school_of(work.session, foreign).id), {"place": "unknown"}),
        (
            GrantRole(Role.COORDINATOR, starts_on=date(2026, 12, 2), ends_on=date(2026, 12, 1)),
            {"ends_on": "ends_before_it_starts"},
        ),
        (PROFESSIONAL, {"role": "role_held"}),
    ):
        with pytest.raises(InvalidInput) as refused:
            grant_role(work, aline, louise, grant)
        assert refused.value.fields == fields


def test_a_role_counts_from_its_first_day_to_its_last(work: Work, board: Organization, aline: Actor) -> None:
    days = GrantRole(Role.COORDINATOR, starts_on=WEEK + timedelta(days=1), ends_on=WEEK + timedelta(days=2))
    louise = add_person(work, aline, LOUISE, days)

    found = [actor_of(work.session, louise, board.id, WEEK + timedelta(days=day)) is not None for day in range(4)]

    assert found == [False, True, True, False]


def test_the_last_administrator_stays(work: Work, board: Organization, aline: Actor) -> None:
    [role] = person_page(work.session, aline, aline.person_id).roles
    add_person(work, aline, replace(LOUISE, email=None), GrantRole(Role.ADMINISTRATOR))
    add_person(
        work, aline, replace(LOUISE, email="l@example.org"), GrantRole(Role.ADMINISTRATOR, ends_on=date(2027, 1, 1))
    )

    with pytest.raises(WrongState) as refused:
        end_role(work, aline, aline.person_id, role.id)
    assert refused.value.facts == {"because": "last_administrator"}

    add_person(work, aline, LOUISE, GrantRole(Role.ADMINISTRATOR))
    end_role(work, aline, aline.person_id, role.id)
    assert actor_of(work.session, aline.person_id, board.id, WEEK) is None


def test_an_administrator_is_disabled_only_when_another_stays(work: Work, board: Organization, aline: Actor) -> None:
    """Who acts may hold a role that ends: then the other is the last one."""
    louise = add_person(work, aline, LOUISE, GrantRole(Role.ADMINISTRATOR))
    mine = work.session.scalars(select(Membership).where(Membership.person_id == aline.person_id)).one()
    mine.ends_on = WEEK
    work.session.flush()

    with pytest.raises(WrongState) as refused:
        disable_person(work, aline, louise)

    assert refused.value.facts == {"because": "last_administrator"}


def test_everything_ends_with_the_account_and_comes_back_when_undone(
    work: Work, board: Organization, aline: Actor, clock: FixedClock
) -> None:
    luc = a_person(work.session, board, "Luc", Role.PROFESSIONAL)
    accounts.open_session(work, OpenSession(luc.id, board.id, "Test", 12))
    create_token_as_operator(work, str(luc.email), CreateToken("essai", 30))
    ask = CreateFeed(FeedScope.PERSON, luc.id, FeedDetail.BUSY)
    feed = create_feed(work, actor(work.session, luc), ask)
    link = issue_link(work, aline, KEYS, luc.id)

    disable_person(work, aline, luc.id)
    disable_person(work, aline, luc.id)

    assert actor_of(work.session, luc.id, board.id, WEEK) is None
    assert work.session.scalars(select(WebSession)).all() == []
    work.session.expire_all()
    assert work.session.scalars(select(ApiToken.revoked_at)).all() == [MONDAY]
    with pytest.raises(FeedGone):
        subscription(work.session, feed.token, WEEK)
    with pytest.raises(DoorClosed):
        choose_password(work, KEYS, ChoosePassword(link.token, "trois bernaches au large", "trois bernaches au large"))

    clock.at = MONDAY + timedelta(minutes=10)
    enable_person(work, aline, luc.id)
    work.session.expire_all()
    assert work.session.scalars(select(ApiToken.revoked_at)).all() == [None]
    assert subscription(work.session, feed.token, WEEK).feed_id == feed.feed_id
    assert verbs(work.session)[-2:] == ["person_disabled", "person_enabled"]


def test_what_ended_long_ago_does_not_come_back(
    work: Work, board: Organization, aline: Actor, clock: FixedClock
) -> None:
    luc = a_person(work.session, board, "Luc", Role.PROFESSIONAL)
    feed = create_feed(work, actor(work.session, luc), CreateFeed(FeedScope.PERSON, luc.id, FeedDetail.BUSY))
    disable_person(work, aline, luc.id)

    clock.at = MONDAY + timedelta(minutes=11)
    enable_person(work, aline, luc.id)

    assert actor_of(work.session, luc.id, board.id, WEEK) is not None
    work.session.expire_all()
    with pytest.raises(FeedGone):
        subscription(work.session, feed.token, WEEK)


def test_nobody_disables_themselves(work: Work, aline: Actor) -> None:
    add_person(work, aline, LOUISE, GrantRole(Role.ADMINISTRATOR))

    with pytest.raises(WrongState) as refused:
        disable_person(work, aline, aline.person_id)

    assert refused.value.facts == {"because": "oneself"}


def test_who_hosts_what_is_to_come_is_not_disabled(work: Work, clock: FixedClock) -> None:
    world = a_world(work.session)
    aline = actor(work.session, a_person(work.session, world.board, "Aline", Role.ADMINISTRATOR))
    book(work, actor(work.session, world.mireille), remote(world, at("2026-11-24 09:00")))

    with pytest.raises(WrongState) as refused:
        disable_person(work, aline, world.mireille.id)
    assert refused.value.facts == {"because": "hosts_encounters", "count": 1}

    clock.at = MONDAY + timedelta(days=60)
    disable_person(work, aline, world.mireille.id)


def test_settings_are_refused_out_of_bounds(
    work: Work, board: Organization, building: Building, aline: Actor, neighbour: Actor
) -> None:
    louise = add_person(work, aline, LOUISE, PROFESSIONAL)
    foreign = a_building(work.session, work.session.get_one(Organization, neighbour.organization_id), "Lande")
    good = ProfessionalFacts(building.id, Discipline.PSYCHOLOGY)

    for facts, fields in (
        (replace(good, home_building_id=foreign.id), {"home_building_id": "unknown"}),
        (replace(good, weekly_minutes=59, max_buildings_per_day=0, lunch_minutes=121), {
            "weekly_minutes": "out_of_range", "max_buildings_per_day": "out_of_range", "lunch_minutes": "out_of_range",
        }),
        (replace(good, lunch_until_local=time(11, 45)), {"lunch_until_local": "lunch_does_not_fit"}),
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            set_professional(work, aline, louise, facts)
        assert refused.value.fields == fields
    with pytest.raises(WrongState) as state:
        set_facilitator(work, aline, louise, building.id, is_trained=True)
    assert state.value.facts == {"because": "no_role_facilitator"}
    with pytest.raises(WrongState):
        set_professional(work, aline, aline.person_id, good)


def names(work: Work, aline: Actor, ask: PeopleAsk) -> list[str]:
    return [line.name for line in people_list(work.session, aline, ask).lines]


def test_the_list_is_searched_filtered_and_paged(
    work: Work, board: Organization, building: Building, aline: Actor, neighbour: Actor
) -> None:
    school = school_of(work.session, building).id
    for given, family, grant in (
        ("Sylvie", "Lévesque", GrantRole(Role.SECRETARY, school_id=school)),
        ("Luc", "Arsenault", GrantRole(Role.PRINCIPAL, school_id=school)),
        ("Anne", "Arsenault", PROFESSIONAL),
    ):
        add_person(work, aline, Particulars(given, family), grant)

    everybody = names(work, aline, PeopleAsk())
    first = people_list(work.session, aline, PeopleAsk(), most=2)
    second = people_list(work.session, aline, PeopleAsk(after=first.next_after), most=2)

    assert everybody == ["Arsenault, Anne", "Arsenault, Luc", "Essai, Aline", "Lévesque, Sylvie"]
    assert [line.name for line in (*first.lines, *second.lines)] == everybody
    assert second.next_after is None
    assert names(work, aline, PeopleAsk("leve")) == ["Lévesque, Sylvie"]
    assert names(work, aline, PeopleAsk(role=Role.PROFESSIONAL)) == ["Arsenault, Anne"]
    assert names(work, aline, PeopleAsk(school_id=school)) == ["Arsenault, Luc", "Lévesque, Sylvie"]
    assert names(work, aline, PeopleAsk(after=neighbour.person_id)) == everybody


ACTS: list[Callable[[Work, Actor, UUID, UUID], object]] = [
    lambda work, who, _person, _place: add_person(work, who, LOUISE, PROFESSIONAL),
    lambda work, who, person, _place: edit_person(work, who, person, LOUISE),
    lambda work, who, person, _place: grant_role(work, who, person, GrantRole(Role.COORDINATOR)),
    lambda work, who, person, _place: end_role(work, who, person, a_role(work, person)),
    lambda work, who, person, place: set_professional(work, who, person, ProfessionalFacts(place, Discipline.GUIDANCE)),
    lambda work, who, person, place: set_facilitator(work, who, person, place, is_trained=False),
    lambda work, who, person, _place: disable_person(work, who, person),
    lambda work, who, person, _place: enable_person(work, who, person),
    lambda work, who, person, _place: person_page(work.session, who, person),
    lambda work, who, _person, _place: people_list(work.session, who, PeopleAsk()),
]


def a_role(work: Work, person_id: UUID) -> UUID:
    return work.session.scalars(select(Membership.id).where(Membership.person_id == person_id)).one()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_everybody_else_is_refused(work: Work, board: Organization, building: Building, role: Role) -> None:
    luc = a_professional(work.session, board, "Luc", building)
    somebody = actor(work.session, a_person(work.session, board, "Anouk", role, building=building))

    for act in ACTS:
        with pytest.raises(NotAllowed) as refused:
            act(work, somebody, luc.id, building.id)
        assert refused.value.facts == {"because": "not_edit_people"}


def test_a_stranger_from_another_board_finds_nobody(
    work: Work, board: Organization, building: Building, neighbour: Actor
) -> None:
    luc = a_professional(work.session, board, "Luc", building)

    for act in ACTS[1:-1]:
        with pytest.raises(NotFound):
            act(work, neighbour, luc.id, building.id)
    assert names(work, neighbour, PeopleAsk()) == ["Essai, Rose"]


def test_a_shared_person_s_account_is_their_home_board_s(
    work: Work, board: Organization, building: Building, neighbour: Actor
) -> None:
    luc = a_professional(work.session, board, "Luc", building)
    theirs = work.session.get_one(Organization, neighbour.organization_id)
    work.session.add(Membership(organization_id=theirs.id, person_id=luc.id, role=Role.PROFESSIONAL))
    work.session.flush()

    for act in (ACTS[1], ACTS[4], ACTS[5], ACTS[6], ACTS[7]):
        with pytest.raises(NotAllowed) as refused:
            act(work, neighbour, luc.id, building.id)
        assert refused.value.facts == {"because": "not_home_board"}
    grant_role(work, neighbour, luc.id, GrantRole(Role.COORDINATOR))
    assert not person_page(work.session, neighbour, luc.id).is_at_home
    with pytest.raises(NotFound):
        end_role(
            work, neighbour, luc.id,
            work.session.scalars(select(Membership.id).where(Membership.organization_id == board.id)).one(),
        )  # fmt: skip


def test_what_somebody_hosts_is_told_to_who_would_disable_them(work: Work) -> None:
    world = a_world(work.session)
    aline = actor(work.session, a_person(work.session, world.board, "Aline", Role.ADMINISTRATOR))
    mireille = actor(work.session, world.mireille)
    asks = [remote(world, at(f"2026-11-{day} 09:00")) for day in (24, 25, 26)]
    open_one, strict, over = (
        book(work, mireille, each).encounter_id for each in (asks[0], replace(asks[1], is_strict=True), asks[2])
    )

    found = hosted_by(work.session, aline, world.mireille.id, work.now())
    assert ([each.view.id for each in found.lines], found.more, found.hidden) == ([open_one, over], 0, 1)
    assert strict not in {each.view.id for each in found.lines}
    short = hosted_by(work.session, aline, world.mireille.id, work.now(), most=1)
    assert ([each.view.id for each in short.lines], short.more, short.hidden) == ([open_one], 1, 1)
    later = hosted_by(work.session, aline, world.mireille.id, at("2026-11-26 12:00"))
    assert (later.lines, later.more, later.hidden) == ((), 0, 0)
    for other in (mireille, actor(work.session, world.omar)):
        with pytest.raises(NotAllowed):
            hosted_by(work.session, other, world.mireille.id, work.now())


def test_the_neighbour_reads_nothing_of_it(work: Work, neighbour: Actor) -> None:
    world = a_world(work.session)
    with pytest.raises(NotFound):
        hosted_by(work.session, neighbour, world.mireille.id, work.now())
