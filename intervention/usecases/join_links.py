"""Issues, renews and revokes confidential links. The clear token exists in one answer and is never stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from intervention.domain import doors
from intervention.domain.encounters import EncounterStatus
from intervention.domain.errors import InvalidInput, NotFound, WrongState
from intervention.domain.ids import new_id, new_secret
from intervention.domain.permissions import Action, Actor
from intervention.queries.encounters import encounter_for
from intervention.records.encounters import Encounter, Participation
from intervention.records.join_links import JoinLink
from intervention.records.vault import Keyring
from intervention.usecases import audit, video_rooms
from intervention.usecases.work import Work

PREFIX = "s1_"  # lets secret scanners and our own log filter recognise a token
PURPOSE = "join-link"


@dataclass(frozen=True, slots=True)
class IssueLink:
    encounter_id: UUID
    participation_id: UUID


@dataclass(frozen=True, slots=True)
class Issued:
    """The only time a token is seen: `s1_` and 43 characters, 256 bits."""

    link_id: UUID
    token: str = field(repr=False)


def issue_link(work: Work, actor: Actor, keys: Keyring, ask: IssueLink) -> Issued:
    """A link for one participation of one occurrence.

    Raises InvalidInput for somebody who gets no link (a pupil, a class, the host), WrongState when there is a live one
    already or the encounter is over.
    """
    encounter = encounter_for(work.session, actor, ask.encounter_id, Action.ISSUE_LINK, lock=True)
    participation = _participation(encounter, ask.participation_id)
    if _live_link(work, participation.id) is not None:
        raise WrongState(because="link_exists")
    issued = _issue(work, actor, keys, encounter, participation.id)
    _record(work, actor, encounter, "link_issued", issued.link_id)
    return issued


def reissue(work: Work, actor: Actor, keys: Keyring, link_id: UUID) -> Issued:
    """Revoke a link and give the same person another. Raises WrongState for one that was replaced already."""
    link, encounter = _link(work, actor, link_id)
    if link.revoked_at is None:
        _revoke(work, actor, link, encounter)
    elif _live_link(work, link.participation_id) is not None:
        raise WrongState(because="link_exists")
    issued = _issue(work, actor, keys, encounter, link.participation_id)
    _record(work, actor, encounter, "link_reissued", issued.link_id, replaces=link.id)
    return issued


def revoke(work: Work, actor: Actor, link_id: UUID) -> None:
    """Close a link for ever, whoever is behind it. Twice is once."""
    link, encounter = _link(work, actor, link_id)
    if link.revoked_at is None:
        _revoke(work, actor, link, encounter)
        _record(work, actor, encounter, "link_revoked", link.id)


def revoke_of(work: Work, actor: Actor, encounter: Encounter, participation_id: UUID) -> None:
    """Close the link of somebody who takes part no more. The encounter is the caller's, authorised and locked."""
    link = _live_link(work, participation_id)
    if link is not None:
        _revoke(work, actor, link, encounter)
        _record(work, actor, encounter, "link_revoked", link.id)


def _participation(encounter: Encounter, participation_id: UUID) -> Participation:
    found = next((p for p in encounter.participations if p.id == participation_id), None)
    if found is None:
        raise NotFound
    if found.role in doors.ROLES_WITHOUT_LINK or found.person_id == encounter.host_id:
        raise InvalidInput({"participation_id": "no_link_for_role"})
    return found


def _live_link(work: Work, participation_id: UUID) -> JoinLink | None:
    return work.session.scalar(
        select(JoinLink).where(JoinLink.participation_id == participation_id, JoinLink.revoked_at.is_(None))
    )


def _link(work: Work, actor: Actor, link_id: UUID) -> tuple[JoinLink, Encounter]:
    found = work.session.get(JoinLink, link_id)
    if found is None:
        raise NotFound
    encounter = encounter_for(work.session, actor, found.encounter_id, Action.ISSUE_LINK, lock=True)
    work.session.refresh(found)
    return found, encounter


def _issue(work: Work, actor: Actor, keys: Keyring, encounter: Encounter, participation_id: UUID) -> Issued:
    is_to_come = encounter.status in doors.OPEN_STATUSES | {EncounterStatus.HELD}
    if not is_to_come or doors.window_of(encounter.span).ends_at <= work.now():
        raise WrongState(because="encounter_over")
    token = PREFIX + new_secret()
    link = JoinLink(
        id=new_id(),
        organization_id=encounter.organization_id,
        encounter_id=encounter.id,
        participation_id=participation_id,
        token_hmac=keys.mac(PURPOSE, token),
        issued_by_id=actor.person_id,
        issued_at=work.now(),
    )
    work.session.add(link)
    work.session.flush()
    return Issued(link.id, token)


def _revoke(work: Work, actor: Actor, link: JoinLink, encounter: Encounter) -> None:
    link.revoked_at = work.now()
    link.revoked_by_id = actor.person_id
    work.session.flush()
    video_rooms.retire_if_entered(work, encounter, link.id)


def _record(work: Work, actor: Actor, encounter: Encounter, verb: str, link_id: UUID, **facts: object) -> None:
    audit.record(
        work,
        verb,
        "encounter",
        encounter.id,
        encounter.organization_id,
        actor_id=actor.person_id,
        facts={"link_id": link_id, **facts},
    )
