"""Sectors: named, edited, removed; each refusal; the others and the stranger."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from intervention.domain.days import ClosureScope, DayType
from intervention.domain.errors import InvalidInput, NotAllowed, NotFound
from intervention.domain.people import Role
from intervention.queries.sectors import sector_lines
from intervention.records.calendars import Closure, Sector
from intervention.usecases.sectors import SectorFacts, add_sector, edit_sector, remove_sector
from intervention.usecases.work import Work
from tests.builders import WEEK, a_board, a_person, actor
from tests.usecases.calendar_world import Office, an_office


def facts(office: Office, name: str = "Côte") -> SectorFacts:
    return SectorFacts(name, frozenset({office.world.anse.id, office.world.pointe.id}))


def close(work: Work, office: Office, sector_id: UUID) -> Closure:
    closure = Closure(
        organization_id=office.world.board.id, scope=ClosureScope.SECTOR, target_id=sector_id, on_date=WEEK,
        day_type=DayType.CLOSURE, declared_by_id=office.ines.person_id, declared_at=work.now(),
    )  # fmt: skip
    work.session.add(closure)
    work.session.flush()
    return closure


def test_a_sector_is_named_edited_and_removed(work: Work) -> None:
    office = an_office(work)
    sector_id = add_sector(work, office.ines, facts(office, " Côte "))
    edit_sector(work, office.ines, sector_id, SectorFacts("Large", frozenset({office.world.anse.id})))

    line = sector_lines(work.session, office.ines)[0]
    assert (line.name, [building for building, _ in line.buildings]) == ("Large", [office.world.anse.id])

    remove_sector(work, office.ines, sector_id)
    assert sector_lines(work.session, office.ines) == ()


def test_what_cannot_be_is_refused(work: Work) -> None:
    office = an_office(work)
    add_sector(work, office.ines, facts(office))
    for bad, fault in (
        (facts(office), {"name": "sector_taken"}),
        (facts(office, " "), {"name": "required"}),
        (facts(office, "x" * 61), {"name": "too_long"}),
        (SectorFacts("Large", frozenset()), {"buildings": "required"}),
        (SectorFacts("Large", frozenset({uuid4()})), {"buildings": "unknown"}),
    ):
        with pytest.raises(InvalidInput) as refused:
            add_sector(work, office.ines, bad)
        assert refused.value.fields == fault
    assert len(work.session.scalars(select(Sector)).all()) == 1


def test_a_sector_that_a_closure_names_keeps_its_buildings(work: Work) -> None:
    office = an_office(work)
    sector_id = add_sector(work, office.ines, facts(office))
    closure = close(work, office, sector_id)

    edit_sector(work, office.ines, sector_id, facts(office, "Autre nom"))
    with pytest.raises(InvalidInput):
        edit_sector(work, office.ines, sector_id, SectorFacts("Côte", frozenset({office.world.anse.id})))
    with pytest.raises(InvalidInput):
        remove_sector(work, office.ines, sector_id)

    closure.lifted_at = work.now()
    work.session.flush()
    remove_sector(work, office.ines, sector_id)


def test_sectors_are_for_administrators_of_the_board(work: Work) -> None:
    office = an_office(work)
    sector_id = add_sector(work, office.ines, facts(office))
    other = a_board(work.session, "autre")
    stranger = actor(work.session, a_person(work.session, other, "Étienne", Role.ADMINISTRATOR))

    with pytest.raises(NotAllowed):
        add_sector(work, office.luc, facts(office, "Large"))
    with pytest.raises(NotFound):
        remove_sector(work, stranger, sector_id)
    with pytest.raises(NotFound):
        edit_sector(work, stranger, sector_id, facts(office))
    assert sector_lines(work.session, stranger) == ()
