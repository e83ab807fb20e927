"""Facts are complete, and cost the same number of statements for one encounter or three."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from intervention.domain.encounters import ParticipantRole
from intervention.queries.facts import facts_of, facts_where
from intervention.records.encounters import Encounter
from intervention.usecases.booking import book
from intervention.usecases.work import Work
from tests.builders import actor
from tests.usecases.booking_world import a_world, at, remote, two_schools


def test_facts_hold_every_site_and_everybody(work: Work) -> None:
    world = a_world(work.session)
    booked = book(work, actor(work.session, world.mireille), two_schools(world, at("2026-11-24 10:30")))

    facts = facts_of(work.session, booked.encounter_id)

    assert facts is not None
    assert facts.host is not None
    assert facts.host.name == "Mireille Essai"
    anse, pointe = facts.sites
    assert (anse.building, anse.room, anse.has_host, [p.code for p in anse.pupils]) == (
        "Anse-aux-Lièvres", "local 12", True, ["E-101"],
    )  # fmt: skip
    assert pointe.facilitator is not None
    assert (pointe.facilitator.name, pointe.facilitator.role) == ("Rose Essai", ParticipantRole.FACILITATOR)
    assert [p.label for p in pointe.pupils] == ["Zéphirine Quatorzemains-E-202"]


@pytest.mark.parametrize("count", [1, 3])
def test_facts_cost_three_statements(work: Work, count: int) -> None:
    world = a_world(work.session)
    for hour in ("09:00", "10:30", "13:00")[:count]:
        book(work, actor(work.session, world.mireille), remote(world, at(f"2026-11-24 {hour}")))
    work.session.expunge_all()
    seen: list[str] = []
    engine = work.session.get_bind().engine

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        found = facts_where(work.session, Encounter.organization_id == world.board.id)
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert len(found) == count
    assert len(seen) == 3
