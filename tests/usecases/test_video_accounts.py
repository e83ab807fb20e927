"""Video accounts: what goes in, what a page may show of it, and who may."""

import pytest
from sqlalchemy import select

from intervention.domain.errors import InvalidInput, NotAllowed, NotFound
from intervention.domain.people import Role
from intervention.domain.permissions import Actor
from intervention.records.access_log import AccessLogEntry
from intervention.records.join_links import VideoAccount
from intervention.records.people import Organization
from intervention.usecases.video_accounts import AddVideoAccount, add, enable
from intervention.usecases.work import Work
from tests.builders import a_board, a_person, actor
from tests.door_world import JITSI_FIELDS, KEYS

SECRET = "0123456789abcdef-secret-9f2a"
ASK = AddVideoAccount(
    "jitsi",
    " Visio du centre ",
    JITSI_FIELDS,
    {"address": "https://visio.csse.example ", "app_id": "csse", "secret": SECRET, "unknown": "dropped"},
)


def administrator(work: Work, board: Organization) -> Actor:
    return actor(work.session, a_person(work.session, board, "Ginette", Role.ADMINISTRATOR))


def test_it_works(work: Work) -> None:
    board = a_board(work.session)

    account_id = add(work, administrator(work, board), KEYS, ASK)

    stored = work.session.get_one(VideoAccount, account_id)
    assert (stored.provider, stored.label, stored.is_enabled) == ("jitsi", "Visio du centre", True)
    assert stored.hints == {"address": "https://visio.csse.example", "app_id": "csse", "secret": "•••• 9f2a"}
    assert KEYS.open("video-account", stored.secrets) == {
        "address": "https://visio.csse.example", "app_id": "csse", "secret": SECRET,
    }  # fmt: skip
    entry = work.session.scalars(select(AccessLogEntry)).one()
    assert (entry.verb, entry.object_id, entry.facts) == ("video_account_added", account_id, {"provider": "jitsi"})
    assert SECRET not in repr(ASK)


def test_four_signs_of_a_short_secret_are_too_much_of_it(work: Work) -> None:
    ask = AddVideoAccount("jitsi", "Visio", JITSI_FIELDS, {"secret": "fifteen-letters"})

    account_id = add(work, administrator(work, a_board(work.session)), KEYS, ask)

    assert work.session.get_one(VideoAccount, account_id).hints == {"secret": "••••"}


def test_an_account_has_a_name(work: Work) -> None:
    with pytest.raises(InvalidInput) as refused:
        add(work, administrator(work, a_board(work.session)), KEYS, AddVideoAccount("jitsi", "  ", JITSI_FIELDS, {}))

    assert refused.value.fields == {"label": "required"}


def test_disabling_and_enabling_are_written_down_once(work: Work) -> None:
    admin = administrator(work, a_board(work.session))
    account_id = add(work, admin, KEYS, ASK)

    for is_enabled in (False, False, True):
        enable(work, admin, account_id, is_enabled=is_enabled)

    verbs = work.session.scalars(select(AccessLogEntry.verb).order_by(AccessLogEntry.seq)).all()
    assert verbs == ["video_account_added", "video_account_disabled", "video_account_enabled"]


def test_only_an_administrator_configures_video(work: Work) -> None:
    board = a_board(work.session)
    account_id = add(work, administrator(work, board), KEYS, ASK)

    for role in set(Role) - {Role.ADMINISTRATOR}:
        who = actor(work.session, a_person(work.session, board, role.value, role))
        with pytest.raises(NotAllowed):
            add(work, who, KEYS, ASK)
        with pytest.raises(NotAllowed):
            enable(work, who, account_id, is_enabled=False)


def test_a_stranger_from_another_board_finds_no_account(work: Work) -> None:
    account_id = add(work, administrator(work, a_board(work.session)), KEYS, ASK)
    stranger = administrator(work, a_board(work.session, "autre"))

    with pytest.raises(NotFound):
        enable(work, stranger, account_id, is_enabled=False)

    assert work.session.get_one(VideoAccount, account_id).is_enabled
