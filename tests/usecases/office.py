"""The small world with its administrator, and everybody else of the board who may not act as she does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.errors import InvalidInput
from intervention.domain.people import Role
from intervention.domain.permissions import Actor
from intervention.records.access_log import AccessLogEntry
from intervention.records.people import Organization
from tests.builders import a_board, a_building, a_person, a_professional, actor
from tests.usecases.booking_world import World, a_world


@dataclass(frozen=True)
class Office:
    world: World
    session: Session
    ines: Actor

    @property
    def version(self) -> int:
        return self.session.scalars(select(Organization.version).where(Organization.id == self.world.board.id)).one()

    @property
    def trail(self) -> list[str]:
        return list(self.session.scalars(select(AccessLogEntry.verb).order_by(AccessLogEntry.seq)))

    def holding(self, *roles: Role) -> Iterator[Actor]:
        for role in roles:
            yield actor(self.session, self._person(role))

    def _person(self, role: Role):
        if role is Role.PROFESSIONAL:
            return a_professional(self.session, self.world.board, "Solange", self.world.base)
        local = role in {Role.TEACHER, Role.PRINCIPAL, Role.SECRETARY, Role.FACILITATOR}
        return a_person(self.session, self.world.board, role.value, role, building=self.world.pointe if local else None)

    def stranger(self, role: Role = Role.ADMINISTRATOR) -> Actor:
        board = a_board(self.session, "voisine")
        if role is Role.PROFESSIONAL:
            there = a_building(self.session, board, "Ailleurs")
            return actor(self.session, a_professional(self.session, board, "Berthe", there))
        return actor(self.session, a_person(self.session, board, "Colette", role))


def an_office(session: Session) -> Office:
    world = a_world(session)
    return Office(world, session, actor(session, a_person(session, world.board, "Inès", Role.ADMINISTRATOR)))


def faults(act: Callable[[], object]) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refusal:
        act()
    return refusal.value.fields


OTHERS = tuple(role for role in Role if role is not Role.ADMINISTRATOR)
