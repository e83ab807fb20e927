"""A board's catalogue as a change would make it says what the catalogue says once the change is made."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from intervention.domain.days import ClosureScope, DayType, Layer, Portion
from intervention.domain.people import Level
from intervention.domain.school_time import WEEK_TICKS, day_range
from intervention.queries.calendar_as import catalogue_as
from intervention.queries.catalogue import Catalogue, catalogue, touch_catalogue
from intervention.queries.school_calendars import layers_of
from intervention.queries.series_reflow import Relaid
from intervention.records.calendars import Closure, DayMark
from intervention.records.schools import ProtectedTime
from intervention.usecases.school_days import proposed, write_days
from intervention.usecases.work import Work
from tests.builders import a_class
from tests.databases import MONDAY
from tests.usecases.closing_world import TUESDAY, Closing, a_closing_world

FIRST, WEEKS = day_range(TUESDAY, "America/Toronto")[0] // WEEK_TICKS - 1, 8


def _masks(board: Catalogue, closing: Closing, group: object) -> list[object]:
    found: list[object] = [board.protected_mask(group, FIRST, WEEKS)]  # type: ignore[arg-type]
    for building in (closing.world.base, closing.world.anse, closing.world.pointe):
        found += [board.days_mask(building.id, FIRST, WEEKS), board.open_mask(building.id, FIRST, WEEKS)]
        found += [board.class_mask(building.id, level, FIRST, WEEKS) for level in (Level.PRIMARY, Level.SECONDARY)]
    return [*found, board.availability_mask(closing.world.mireille.id, "America/Toronto", FIRST, WEEKS)]


def _said(closing: Closing, what: str) -> object:
    world, year = closing.world, closing.year
    if what == "a level of its own":
        return DayMark(
            organization_id=world.board.id, school_year_id=year.id, layer=Layer.LEVEL, target_id=world.anse.id,
            level=Level.PRIMARY, on_date=TUESDAY + timedelta(days=1), day_type=DayType.PEDAGOGICAL,
        )  # fmt: skip
    scope, target = (
        (ClosureScope.ORGANIZATION, world.board.id) if what == "the board" else (ClosureScope.BUILDING, world.anse.id)
    )
    return Closure(
        organization_id=world.board.id, scope=scope, target_id=target, on_date=date(2026, 11, 25),
        portion=Portion.AFTERNOON if what == "an afternoon" else Portion.WHOLE, day_type=DayType.CLOSURE,
        declared_by_id=world.omar.id, declared_at=MONDAY,
    )  # fmt: skip


@pytest.mark.parametrize("what", ["one school", "the board", "an afternoon", "a level of its own"])
def test_it_foresees_what_is_read_afterwards(work: Work, what: str) -> None:
    session = work.session
    closing = a_closing_world(session)
    group = a_class(session, closing.world.anse).id
    session.add(
        ProtectedTime(
            organization_id=closing.world.board.id, class_group_id=group, cycle_day=2, starts_local=time(9, 0),
            ends_local=time(10, 0), label="Lecture",
        )
    )  # fmt: skip
    touch_catalogue(session, closing.world.board.id)
    before = catalogue(session, closing.world.board.id)
    as_it_was = _masks(before, closing, group)
    session.add(_said(closing, what))
    session.flush()
    changes = proposed(session, closing.year, layers_of(session, closing.year))
    foreseen = catalogue_as(before, [Relaid(c.building_id, c.level, c.before, c.after) for c in changes])
    told = _masks(foreseen, closing, group)
    assert _masks(before, closing, group) == as_it_was
    write_days(session, closing.year, changes)
    assert told == _masks(catalogue(session, closing.world.board.id), closing, group)
    assert told != as_it_was
