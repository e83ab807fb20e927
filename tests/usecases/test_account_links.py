"""Links by which a person chooses a password, and the founding of a board; then each refusal, then the stranger."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from intervention.domain.accounts import BoardFacts, Particulars
from intervention.domain.clock import FixedClock
from intervention.domain.errors import DoorClosed, InvalidInput, NotAllowed, NotFound
from intervention.domain.people import Role
from intervention.queries.accounts import candidate
from intervention.records.access_log import AccessLogEntry
from intervention.records.accounts import AccountLink, WebSession
from intervention.records.people import Membership, Organization, Person
from intervention.records.vault import Keyring
from intervention.usecases import accounts, passwords
from intervention.usecases.account_links import (
    ChoosePassword,
    IssuedLink,
    choose_password,
    issue_link,
    issue_link_as_operator,
)
from intervention.usecases.accounts import OpenSession
from intervention.usecases.founding import FoundBoard, found_board
from intervention.usecases.work import Work
from tests.builders import WEEK, a_board, a_building, a_person, actor
from tests.databases import MONDAY

KEYS = Keyring("a key of tests, long enough everywhere")
GOOD = "trois bernaches au large"
FOUNDING = FoundBoard(
    BoardFacts("Centre de services scolaire des Neiges", "CSS des Neiges", "999000", "America/Toronto"),
    Particulars("Aline", "Roy-Tremblay", " Aline@Example.org "),
)


def choose(work: Work, link: IssuedLink, wanted: str = GOOD, again: str = GOOD) -> None:
    choose_password(work, KEYS, ChoosePassword(link.token, wanted, again))


def verbs(work: Work) -> list[str]:
    return list(work.session.scalars(select(AccessLogEntry.verb).order_by(AccessLogEntry.seq)))


def test_a_board_is_founded_and_its_administrator_chooses_a_password(work: Work) -> None:
    link = found_board(work, KEYS, FOUNDING)
    choose(work, link)

    board = work.session.scalars(select(Organization)).one()
    assert (board.name, board.short_name, board.zone) == (
        "Centre de services scolaire des Neiges", "CSS des Neiges", "America/Toronto",
    )  # fmt: skip
    found = candidate(work.session, "aline@example.org", WEEK)
    assert found is not None
    assert (found.person_id, found.organization_id) == (link.person_id, board.id)
    assert passwords.matches(found.password_hash, GOOD)
    assert work.session.scalars(select(Membership.role)).all() == [Role.ADMINISTRATOR]
    assert verbs(work) == ["board_founded", "account_link_issued", "password_chosen"]


def test_the_token_is_not_stored(work: Work) -> None:
    link = found_board(work, KEYS, FOUNDING)

    stored = work.session.scalars(select(AccountLink)).one()

    assert stored.token_hash == KEYS.mac("account-link", link.token)
    assert stored.expires_at - stored.issued_at == timedelta(hours=72)
    assert link.token not in repr(link)
    assert link.address("https://i.example") == f"https://i.example/mot-de-passe#{link.token}"


def test_every_fault_of_a_founding_is_named_at_once(work: Work) -> None:
    a_board(work.session, "999000")
    taken = a_person(work.session, a_board(work.session, "autre"), "Anouk", Role.TEACHER)
    bad = FoundBoard(
        BoardFacts(" ", "x" * 41, "999000", "America/Montreal", "de"), Particulars("Aline", "", taken.email)
    )

    with pytest.raises(InvalidInput) as refused:
        found_board(work, KEYS, bad)

    assert refused.value.fields == {
        "name": "required",
        "short_name": "too_long",
        "code": "code_taken",
        "zone": "not_a_choice",
        "locale": "not_a_choice",
        "administrator_family_name": "required",
        "administrator_email": "email_taken",
    }
    assert work.session.scalar(select(func.count()).select_from(Person)) == 1


@pytest.mark.parametrize(("email", "fault"), [(None, "required"), ("aline", "not_an_email"), ("a" * 255, "too_long")])
def test_the_first_administrator_has_an_email(work: Work, email: str | None, fault: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        found_board(work, KEYS, FoundBoard(FOUNDING.board, Particulars("Aline", "Roy", email)))

    assert refused.value.fields == {"administrator_email": fault}


def test_a_chosen_password_ends_every_session(work: Work) -> None:
    anouk = a_person(work.session, a_board(work.session), "Anouk", Role.TEACHER)
    accounts.open_session(work, OpenSession(anouk.id, anouk.organization_id, "Test", 12))

    choose(work, issue_link_as_operator(work, KEYS, f" {str(anouk.email).upper()} "))

    assert work.session.scalars(select(WebSession)).all() == []


def test_unknown_used_revoked_and_expired_links_are_one_answer(work: Work, clock: FixedClock) -> None:
    board = a_board(work.session)
    administrator = actor(work.session, a_person(work.session, board, "Aline", Role.ADMINISTRATOR))
    anouk = a_person(work.session, board, "Anouk", Role.TEACHER)
    luc = a_person(work.session, board, "Luc", Role.COORDINATOR)
    used = issue_link(work, administrator, KEYS, anouk.id)
    choose(work, used)
    revoked = issue_link(work, administrator, KEYS, anouk.id)
    expired = issue_link(work, administrator, KEYS, anouk.id)
    clock.at = MONDAY + timedelta(hours=72)
    disabled = issue_link(work, administrator, KEYS, luc.id)
    luc.disabled_at = MONDAY
    work.session.flush()

    for link in (used, revoked, expired, disabled, IssuedLink(anouk.id, MONDAY, "p1_" + "x" * 43)):
        with pytest.raises(DoorClosed) as refused:
            choose(work, link, "another phrase of words", "another phrase of words")
        assert refused.value.facts == {}
    clock.at = MONDAY + timedelta(hours=71)

    assert passwords.matches(anouk.password_hash, GOOD)
    choose(work, expired, "another phrase of words", "another phrase of words")


def test_a_bad_password_is_refused_and_the_link_stays_good(work: Work) -> None:
    link = found_board(work, KEYS, FOUNDING)

    for wanted, again, fields in (
        ("court", "court", {"wanted": "password_short"}),
        ("motdepasse123", "motdepasse123", {"wanted": "password_common"}),
        (GOOD, GOOD + " ", {"again": "passwords_differ"}),
    ):
        with pytest.raises(InvalidInput) as refused:
            choose(work, link, wanted, again)
        assert refused.value.fields == fields

    choose(work, link)


def test_a_link_is_for_somebody_with_an_email_and_an_open_account(work: Work) -> None:
    board = a_board(work.session)
    administrator = actor(work.session, a_person(work.session, board, "Aline", Role.ADMINISTRATOR))
    anouk = a_person(work.session, board, "Anouk", Role.TEACHER)
    email, anouk.email = anouk.email, None

    with pytest.raises(InvalidInput) as refused:
        issue_link(work, administrator, KEYS, anouk.id)
    assert refused.value.fields == {"email": "required"}

    anouk.email, anouk.disabled_at = email, MONDAY
    work.session.flush()
    with pytest.raises(InvalidInput) as refused:
        issue_link(work, administrator, KEYS, anouk.id)
    assert refused.value.fields == {"email": "account_disabled"}
    with pytest.raises(NotFound):
        issue_link_as_operator(work, KEYS, str(email))


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_only_an_administrator_issues_links(work: Work, role: Role) -> None:
    board = a_board(work.session)
    building = a_building(work.session, board, "Rivière")
    somebody = actor(work.session, a_person(work.session, board, "Anouk", role, building=building))

    with pytest.raises(NotAllowed):
        issue_link(work, somebody, KEYS, somebody.person_id)


def test_a_stranger_from_another_board_finds_nobody(work: Work) -> None:
    anouk = a_person(work.session, a_board(work.session), "Anouk", Role.TEACHER)
    elsewhere = a_board(work.session, "autre")
    stranger = actor(work.session, a_person(work.session, elsewhere, "Aline", Role.ADMINISTRATOR))

    with pytest.raises(NotFound):
        issue_link(work, stranger, KEYS, anouk.id)


def test_a_board_where_she_works_too_does_not_let_her_in(work: Work) -> None:
    """Whoever hands out a password takes the account: only the home board may."""
    anouk = a_person(work.session, a_board(work.session), "Anouk", Role.TEACHER)
    elsewhere = a_board(work.session, "autre")
    work.session.add(Membership(organization_id=elsewhere.id, person_id=anouk.id, role=Role.COORDINATOR))
    neighbour = actor(work.session, a_person(work.session, elsewhere, "Aline", Role.ADMINISTRATOR))

    with pytest.raises(NotAllowed) as refused:
        issue_link(work, neighbour, KEYS, anouk.id)

    assert refused.value.facts == {"because": "not_home_board"}
