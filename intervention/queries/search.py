"""Finds people, buildings and pupils by what somebody remembers of them, within what the actor may open.

Names are compared without accents or case, at the beginning of any word: « leve » finds Sylvie Lévesque. The scoped
names are compared in Python, since the two databases do not fold accents alike; a board's are a few thousand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.people import Role
from intervention.domain.permissions import Action, Actor, Subject, permits
from intervention.queries.scope import visible_pupils
from intervention.records.people import Membership, Person, Pupil
from intervention.records.schools import Building


@dataclass(frozen=True, slots=True)
class Match:
    """`title` is what was looked for; `detail` tells two of the same name apart. A pupil's match holds a name."""

    id: UUID
    title: str
    detail: str
    roles: tuple[Role, ...] = ()


def people(session: Session, actor: Actor, text: str, most: int) -> list[Match]:
    """Colleagues of the board, with their roles there."""
    if not permits(actor, Action.SEE_BUSY, Subject(actor.organization_id)):
        return []
    rows = session.execute(
        select(Person.id, Person.given_name, Person.family_name, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organization_id == actor.organization_id, Person.disabled_at.is_(None))
        .order_by(Person.family_name, Person.given_name, Membership.role)
    )
    found: dict[UUID, Match] = {}
    for person_id, given, family, role in rows:
        before = found.get(person_id)
        roles = (*before.roles, role) if before and role not in before.roles else before.roles if before else (role,)
        found[person_id] = Match(person_id, f"{given} {family}", "", roles)
    return _best(found.values(), text, most)


def buildings(session: Session, actor: Actor, text: str, most: int) -> list[Match]:
    """Buildings the actor may open, by name or municipality."""
    rows = session.execute(
        select(Building.id, Building.name, Building.municipality)
        .where(Building.organization_id == actor.organization_id, Building.is_active)
        .order_by(Building.name)
    )
    visible = (
        Match(building_id, name, municipality)
        for building_id, name, municipality in rows
        if permits(actor, Action.SEE_BUILDING, Subject(actor.organization_id, buildings=frozenset({building_id})))
    )
    return _best(visible, text, most)


def pupils(session: Session, actor: Actor, text: str, most: int) -> list[Match]:
    """Pupils the actor may open, by code or name."""
    rows = session.execute(
        select(Pupil.id, Pupil.code, Pupil.given_name, Pupil.family_name, Building.short_name)
        .join(Building, Building.id == Pupil.building_id)
        .where(visible_pupils(actor), Pupil.archived_on.is_(None))
        .order_by(Pupil.code)
    )
    matches = (Match(i, f"{code} · {given} {family}", place) for i, code, given, family, place in rows)
    return _best(matches, text, most)


def _best(matches: Iterable[Match], text: str, most: int) -> list[Match]:
    """Those in which every word asked for begins a word, in the order given."""
    if not _words(text):
        return []
    found = []
    for match in matches:
        if begins_a_word(f"{match.title} {match.detail}", text):
            found.append(match)
            if len(found) == most:
                break
    return found


def begins_a_word(named: str, text: str) -> bool:
    """Whether every word asked for begins a word of `named`."""
    words = _words(named)
    return all(any(word.startswith(each) for word in words) for each in _words(text))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c)))
