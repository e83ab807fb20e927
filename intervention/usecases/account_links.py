"""One-time links by which a person chooses a password: nobody else ever knows it, and nothing is mailed.

Unknown, expired, used and revoked links are one answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from intervention.domain.errors import DoorClosed, InvalidInput, NotFound
from intervention.domain.ids import new_secret
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.queries.people import person_of_board
from intervention.records.accounts import AccountLink, WebSession
from intervention.records.people import Person
from intervention.records.vault import Keyring
from intervention.usecases import audit, passwords
from intervention.usecases.work import Work

LIFE = timedelta(hours=72)
PATH = "/mot-de-passe"  # the page that a link opens
PREFIX = "p1_"  # tells it from the link of a séance
PURPOSE = "account-link"


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """`token` is known here and nowhere else."""

    person_id: UUID
    expires_at: datetime
    token: str = field(repr=False)

    def address(self, base_url: str) -> str:
        """The token is in the fragment: no server, log or proxy on the way is sent it."""
        return f"{base_url}{PATH}#{self.token}"


@dataclass(frozen=True, slots=True)
class ChoosePassword:
    token: str = field(repr=False)
    wanted: str = field(repr=False)
    again: str = field(repr=False)


def issue_link(work: Work, actor: Actor, keys: Keyring, person_id: UUID) -> IssuedLink:
    """A link to hand over; older ones of the person open nothing more.

    Raises NotFound, NotAllowed (a colleague of another board is let in by that board), InvalidInput (no e-mail to
    sign in with, or the account is disabled).
    """
    require(actor, Action.EDIT_PEOPLE, Subject(actor.organization_id))
    person = person_of_board(work.session, actor, person_id, at_home=True)
    if person.disabled_at is not None or person.email is None:
        raise InvalidInput({"email": "required" if person.email is None else "account_disabled"})
    return make_link(work, keys, person, actor_id=actor.person_id)


def issue_link_as_operator(work: Work, keys: Keyring, email: str) -> IssuedLink:
    """The same for whoever runs the installation. Raises NotFound when no enabled person has that e-mail."""
    person = work.session.scalar(
        select(Person).where(Person.email == email.strip().lower(), Person.disabled_at.is_(None))
    )
    if person is None:
        raise NotFound
    return make_link(work, keys, person, actor_id=None)


def make_link(work: Work, keys: Keyring, person: Person, *, actor_id: UUID | None) -> IssuedLink:
    revoke_links(work, person.id)
    token = PREFIX + new_secret()
    link = AccountLink(
        token_hash=keys.mac(PURPOSE, token), person_id=person.id, issued_at=work.now(), expires_at=work.now() + LIFE
    )
    work.session.add(link)
    work.session.flush()
    audit.record(work, "account_link_issued", "person", person.id, person.organization_id, actor_id=actor_id)
    return IssuedLink(person.id, link.expires_at, token)


def revoke_links(work: Work, person_id: UUID) -> None:
    """What was not used yet opens nothing from now on."""
    waiting = (AccountLink.person_id == person_id, AccountLink.used_at.is_(None), AccountLink.revoked_at.is_(None))
    work.session.execute(update(AccountLink).where(*waiting).values(revoked_at=work.now()))


def choose_password(work: Work, keys: Keyring, ask: ChoosePassword) -> None:
    """Spend the link. Every session of the person ends: whoever knew the old password is out.

    Raises DoorClosed, InvalidInput (the link stays good).
    """
    link, person = _opened(work, keys, ask.token)
    faults = passwords.faults_of(ask.wanted, ask.again)
    if faults:
        raise InvalidInput(faults)
    person.password_hash = passwords.hashed(ask.wanted)
    link.used_at = work.now()
    revoke_links(work, person.id)
    work.session.execute(delete(WebSession).where(WebSession.person_id == person.id))
    audit.record(work, "password_chosen", "person", person.id, person.organization_id, actor_id=person.id)


def _opened(work: Work, keys: Keyring, token: str) -> tuple[AccountLink, Person]:
    row = work.session.execute(
        select(AccountLink, Person)
        .join(Person, Person.id == AccountLink.person_id)
        .where(
            AccountLink.token_hash == keys.mac(PURPOSE, token),
            AccountLink.used_at.is_(None),
            AccountLink.revoked_at.is_(None),
            AccountLink.expires_at > work.now(),
            Person.disabled_at.is_(None),
        )
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise DoorClosed
    return row.AccountLink, row.Person
