"""Signing in and out, one's own sessions, password and preferences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, update

from intervention.domain.accounts import LOCALES
from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.ids import new_secret
from intervention.domain.permissions import Actor
from intervention.queries.accounts import hash_of
from intervention.queries.actors import actor_of
from intervention.records.accounts import WebSession
from intervention.records.people import Person
from intervention.usecases import passwords
from intervention.usecases.work import Work

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A person whose credential was checked, in this board, from this kind of browser."""

    person_id: UUID
    organization_id: UUID
    client: str
    hours: int


@dataclass(frozen=True, slots=True)
class ChangePassword:
    session_id: UUID
    current: str
    wanted: str
    again: str


def open_session(work: Work, ask: OpenSession) -> str:
    """Begin a sign-in; gives the token for the cookie, known to nobody else. Raises NotFound without any role."""
    now = work.now()
    if actor_of(work.session, ask.person_id, ask.organization_id, now.date()) is None:
        raise NotFound
    token = new_secret()
    work.session.add(
        WebSession(
            token_hash=hash_of(token),
            person_id=ask.person_id,
            organization_id=ask.organization_id,
            csrf_secret=new_secret(24),
            created_at=now,
            last_seen_at=now,
            expires_at=now + timedelta(hours=ask.hours),
            client=ask.client,
        )
    )
    work.session.execute(delete(WebSession).where(WebSession.expires_at < now))
    work.session.flush()
    return token


def enter_board(work: Work, actor: Actor, session_id: UUID, organization_id: UUID) -> None:
    """Go on in another board where the person holds a role; NotFound for any other. What was open stays signed in."""
    if actor_of(work.session, actor.person_id, organization_id, work.now().date()) is None:
        raise NotFound
    own = (WebSession.id == session_id, WebSession.person_id == actor.person_id)
    work.session.execute(update(WebSession).where(*own).values(organization_id=organization_id))


def rehash(work: Work, person_id: UUID, password: str) -> None:
    """Store a password that was just proven, hashed with today's parameters."""
    work.session.get_one(Person, person_id).password_hash = passwords.hashed(password)


def touch(work: Work, session_id: UUID) -> None:
    work.session.execute(update(WebSession).where(WebSession.id == session_id).values(last_seen_at=work.now()))


def sign_out(work: Work, actor: Actor, session_id: UUID) -> None:
    work.session.execute(delete(WebSession).where(WebSession.id == session_id, WebSession.person_id == actor.person_id))


def close_session(work: Work, actor: Actor, session_id: UUID) -> None:
    """End one of one's own sessions; NotFound for anybody else's."""
    found = work.session.get(WebSession, session_id)
    if found is None or found.person_id != actor.person_id:
        raise NotFound
    work.session.delete(found)


def close_other_sessions(work: Work, actor: Actor, session_id: UUID) -> None:
    work.session.execute(delete(WebSession).where(WebSession.person_id == actor.person_id, WebSession.id != session_id))


def change_password(work: Work, actor: Actor, ask: ChangePassword) -> None:
    """Replace one's own password and end every other session; InvalidInput names the field at fault."""
    person = work.session.get_one(Person, actor.person_id)
    faults = _password_faults(ask, person.password_hash)
    if faults:
        raise InvalidInput(faults)
    person.password_hash = passwords.hashed(ask.wanted)
    close_other_sessions(work, actor, ask.session_id)


def _password_faults(ask: ChangePassword, stored: str | None) -> dict[str, str]:
    faults = {}
    if not passwords.matches(stored, ask.current):
        faults["current"] = "password_wrong"
    return faults | passwords.faults_of(ask.wanted, ask.again)


def set_language(work: Work, actor: Actor, language: str) -> None:
    if language not in LOCALES:
        raise InvalidInput({"language": "not_a_choice"})
    work.session.get_one(Person, actor.person_id).locale = language


def set_theme(work: Work, actor: Actor, theme: str) -> None:
    if theme not in THEMES:
        raise InvalidInput({"theme": "not_a_choice"})
    work.session.get_one(Person, actor.person_id).theme = theme
