"""How SQLite means to answer the question that every list asks: what may this person see of it?"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select, text

from intervention.queries.scope import visible_encounters
from intervention.records.database import Database
from intervention.records.encounters import Encounter
from tests import cast


def test_taking_part_is_one_look_in_an_index_for_each_row(world_file: Path) -> None:
    """Walking all of a person's encounters for each row of a list took 51 s beside 10,000 séances."""
    database = Database(f"sqlite:///{world_file}")
    with database.session(read_only=True) as session:
        statement = select(Encounter.id).where(visible_encounters(cast.mireille(session)))
        sql = statement.compile(session.connection(), compile_kwargs={"literal_binds": True})
        plan = " ".join(row.detail for row in session.execute(text(f"EXPLAIN QUERY PLAN {sql}")))
    database.dispose()
    assert "(person_id=? AND encounter_id=?)" in plan
    assert "(facilitator_id=? AND encounter_id=?)" in plan
