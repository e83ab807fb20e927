"""Ids come back as they went in, and where reading makes them, one that is read again is the same object."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.records.people import Organization
from intervention.records.schools import Building
from tests.builders import a_board, a_building

COLUMNS = Building.__table__.c


def test_an_id_is_read_as_it_was_written(session: Session) -> None:
    board = a_board(session)
    building = a_building(session, board, "Anse")
    asked = select(COLUMNS.id, COLUMNS.organization_id).where(COLUMNS.id == building.id)

    first, again = session.execute(asked).one(), session.execute(asked).one()

    assert first == again == (building.id, board.id)
    assert first.id is again.id or session.get_bind().dialect.name != "sqlite"


def test_an_id_that_is_not_there_is_none(session: Session) -> None:
    """Both engines give NULL for it, of which a memory of ids must not make one."""
    board = a_board(session)
    asked = select(Organization.id, Building.id).outerjoin(Building, Building.organization_id == Organization.id)

    assert session.execute(asked.where(Organization.id == board.id)).one() == (board.id, None)
