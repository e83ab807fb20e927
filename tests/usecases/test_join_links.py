"""Issuing, renewing and revoking links: it works, then each refusal, then the stranger."""

import re

import pytest
from sqlalchemy import select

from intervention.domain.encounters import CancellationCause
from intervention.domain.errors import DoorClosed, InvalidInput, NotAllowed, NotFound, WrongState
from intervention.domain.people import Role
from intervention.records.access_log import AccessLogEntry
from intervention.records.join_links import JoinLink
from intervention.records.vault import Keyring
from intervention.usecases.cancelling import CancelEncounter, RestoreEncounter, cancel, restore
from intervention.usecases.changing import ChangeEncounter, change
from intervention.usecases.join_links import IssueLink, issue_link, reissue, revoke
from intervention.usecases.work import Work
from tests.builders import a_board, a_building, a_person, a_professional, actor
from tests.door_world import KEYS, STARTS_AT, a_link, claimed, doors_of, later, minutes_before, participation_of
from tests.usecases.booking_world import at


def live_links(work: Work) -> list[JoinLink]:
    return list(work.session.scalars(select(JoinLink).where(JoinLink.revoked_at.is_(None))))


def test_it_works(work: Work) -> None:
    here = doors_of(work)

    issued = issue_link(work, here.mireille, KEYS, IssueLink(here.encounter_id, here.parent_id))

    assert re.fullmatch(r"s1_[A-Za-z0-9_-]{43}", issued.token)
    [link] = live_links(work)
    assert (link.id, link.participation_id, link.opened_at) == (issued.link_id, here.parent_id, None)
    assert link.token_hmac == KEYS.mac("join-link", issued.token)
    assert issued.token not in repr(issued)


def test_no_row_holds_the_token(work: Work) -> None:
    here = doors_of(work)

    token = a_link(work, here)

    stored = [*vars(live_links(work)[0]).values(), *(e.facts for e in work.session.scalars(select(AccessLogEntry)))]
    assert token[3:20] not in repr(stored)


def test_issuing_and_revoking_are_written_down(work: Work) -> None:
    here = doors_of(work)

    issued = issue_link(work, here.mireille, KEYS, IssueLink(here.encounter_id, here.parent_id))
    again = reissue(work, here.mireille, KEYS, issued.link_id)
    revoke(work, here.mireille, again.link_id)
    revoke(work, here.mireille, again.link_id)

    trail = work.session.scalars(select(AccessLogEntry).order_by(AccessLogEntry.seq)).all()
    assert [(e.verb, e.object_id, e.actor_id, e.facts) for e in trail] == [
        ("link_issued", here.encounter_id, here.mireille.person_id, {"link_id": str(issued.link_id)}),
        (
            "link_reissued",
            here.encounter_id,
            here.mireille.person_id,
            {"link_id": str(again.link_id), "replaces": str(issued.link_id)},
        ),
        ("link_revoked", here.encounter_id, here.mireille.person_id, {"link_id": str(again.link_id)}),
    ]


def test_a_second_link_for_the_same_person_is_refused(work: Work) -> None:
    here = doors_of(work)
    a_link(work, here)

    with pytest.raises(WrongState) as refused:
        a_link(work, here)

    assert refused.value.facts == {"because": "link_exists"}


def test_a_renewed_link_kills_the_old_one(work: Work) -> None:
    here = doors_of(work)
    old = issue_link(work, here.mireille, KEYS, IssueLink(here.encounter_id, here.parent_id))

    new = reissue(work, here.mireille, KEYS, old.link_id)

    minutes_before(work, 5)
    with pytest.raises(DoorClosed):
        claimed(work, old.token)
    assert claimed(work, new.token).encounter_id == here.encounter_id
    assert [link.id for link in live_links(work)] == [new.link_id]


def test_a_revoked_link_can_be_renewed_once(work: Work) -> None:
    here = doors_of(work)
    old = issue_link(work, here.mireille, KEYS, IssueLink(here.encounter_id, here.parent_id))
    revoke(work, here.mireille, old.link_id)

    reissue(work, here.mireille, KEYS, old.link_id)

    with pytest.raises(WrongState):
        reissue(work, here.mireille, KEYS, old.link_id)


def test_a_moved_encounter_moves_its_window(work: Work) -> None:
    here = doors_of(work)
    token = a_link(work, here)
    version = here.encounter(work).version
    change(work, here.mireille, ChangeEncounter(here.encounter_id, version, starts_at=at("2026-11-25 13:30")))

    minutes_before(work, 5)
    with pytest.raises(DoorClosed):
        claimed(work, token)
    later(work, hours=27)

    assert claimed(work, token).encounter_id == here.encounter_id


def test_a_cancelled_encounter_opens_nothing_until_it_is_restored(work: Work) -> None:
    here = doors_of(work)
    token = a_link(work, here)
    ask = CancelEncounter(here.encounter_id, here.encounter(work).version, CancellationCause.CLOSURE, None)
    cancelled = cancel(work, here.mireille, ask)
    minutes_before(work, 5)
    with pytest.raises(DoorClosed):
        claimed(work, token)

    restore(work, here.mireille, RestoreEncounter(here.encounter_id, cancelled.version))

    assert claimed(work, token).encounter_id == here.encounter_id


def test_pupils_and_the_host_get_no_link(work: Work) -> None:
    here = doors_of(work)
    pupil = participation_of(work, here.encounter_id, pupil_id=here.world.leo.id)
    host = participation_of(work, here.encounter_id, person_id=here.world.mireille.id)

    for participation in (pupil, host):
        with pytest.raises(InvalidInput) as refused:
            a_link(work, here, participation)
        assert refused.value.fields == {"participation_id": "no_link_for_role"}


def test_no_link_for_an_encounter_that_is_over(work: Work) -> None:
    here = doors_of(work)
    minutes_before(work, -60)

    with pytest.raises(WrongState) as refused:
        a_link(work, here)

    assert refused.value.facts == {"because": "encounter_over"}


def test_a_participation_of_another_encounter_is_not_found(work: Work) -> None:
    here = doors_of(work)

    with pytest.raises(NotFound):
        issue_link(work, here.mireille, KEYS, IssueLink(here.encounter_id, here.world.leo.id))


def test_a_facilitator_sees_the_encounter_but_issues_nothing(work: Work) -> None:
    here = doors_of(work)

    with pytest.raises(NotAllowed):
        issue_link(work, actor(work.session, here.world.joseph), KEYS, IssueLink(here.encounter_id, here.parent_id))


def test_the_coordinator_may_issue(work: Work) -> None:
    here = doors_of(work)

    issue_link(work, actor(work.session, here.world.omar), KEYS, IssueLink(here.encounter_id, here.parent_id))

    assert len(live_links(work)) == 1


def test_a_stranger_from_another_board_finds_nothing(work: Work) -> None:
    here = doors_of(work)
    issued = issue_link(work, here.mireille, KEYS, IssueLink(here.encounter_id, here.parent_id))
    other = a_board(work.session, "autre")
    stranger = actor(work.session, a_person(work.session, other, "Éloi", Role.ADMINISTRATOR))
    colleague = actor(
        work.session, a_professional(work.session, other, "Edmée", a_building(work.session, other, "Ailleurs"))
    )

    for who in (stranger, colleague):
        with pytest.raises(NotFound):
            issue_link(work, who, KEYS, IssueLink(here.encounter_id, here.interpreter_id))
        with pytest.raises(NotFound):
            reissue(work, who, KEYS, issued.link_id)
        with pytest.raises(NotFound):
            revoke(work, who, issued.link_id)
    assert [link.id for link in live_links(work)] == [issued.link_id]


def test_an_unknown_link_is_not_found(work: Work) -> None:
    here = doors_of(work)

    with pytest.raises(NotFound):
        revoke(work, here.mireille, here.encounter_id)


def test_a_token_of_another_installation_opens_nothing(work: Work) -> None:
    here = doors_of(work)
    issued = issue_link(
        work,
        here.mireille,
        Keyring("another installation's secret, as long"),
        IssueLink(here.encounter_id, here.parent_id),
    )
    minutes_before(work, 5)

    with pytest.raises(DoorClosed):
        claimed(work, issued.token)
    assert here.encounter(work).starts_at == STARTS_AT
