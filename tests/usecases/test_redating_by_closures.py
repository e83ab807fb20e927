"""A closed day of a school that slides its cycle moves the séances of the days after it; lifted, they come back."""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from intervention.domain.closures import Treatment
from intervention.domain.cycle import Reflow
from intervention.domain.days import ClosureScope, DayType
from intervention.domain.encounters import EncounterStatus
from intervention.domain.recurrence import OnCycleDays, OnWeekdays, Recurrence
from intervention.domain.redating import Decided, Fate
from intervention.records.calendars import Closure, SchoolDay
from intervention.records.encounters import Encounter
from intervention.records.series import SeriesDate
from intervention.usecases.closures import declare, preview
from intervention.usecases.lifting import lift, undo
from intervention.usecases.reservations import rebuild_bits
from intervention.usecases.school_days import lay_school_days
from intervention.usecases.series import create
from intervention.usecases.work import Work
from tests.builders import actor
from tests.usecases.closing_world import CONDITIONAL, TUESDAY, Closing, a_closing_world, rows
from tests.usecases.test_series import weekly

LAST = date(2026, 12, 22)


def planned(work: Work, closing: Closing, day: int | None = None) -> list[UUID]:
    """Léo at 9:00 on the number that the Tuesday has, or each Tuesday."""
    pattern = OnCycleDays((day,)) if day else OnWeekdays((2,))
    rule = Recurrence(pattern, TUESDAY, LAST, at=time(9, 0))
    return list(create(work, actor(work.session, closing.world.mireille), weekly(closing.world, rule)).encounters)


def number_of(work: Work, closing: Closing) -> int:
    found = work.session.get_one(SchoolDay, (closing.world.anse.id, "", TUESDAY)).cycle_day
    assert found is not None
    return found


def everything(work: Work) -> list[object]:
    kept = sorted(tuple(row) for row in work.session.execute(select(*SeriesDate.__table__.columns)))
    return [rows(work.session), repr(kept)]


def dates(work: Work, ids: list[UUID]) -> list[date]:
    work.session.expire_all()
    return [work.session.get_one(Encounter, each).on_date for each in ids]


def test_the_seances_of_a_cycle_that_slides_follow_it_and_are_not_treated(work: Work) -> None:
    closing = a_closing_world(work.session)
    omar = actor(work.session, closing.world.omar)
    seances = planned(work, closing, number_of(work, closing))
    before, was = everything(work), dates(work, seances)

    seen = preview(work, omar, closing.closure())
    done = declare(work, omar, closing.closure())

    assert seen.lines == ()
    assert {line.fated.fate for line in seen.sheet.lines} == {Fate.MOVES}
    assert (done.moved, done.counts[Treatment.MAKE_UP]) == (len(seances), 0)
    assert dates(work, seances)[0] == TUESDAY + timedelta(days=1)
    assert all(new > old for new, old in zip(dates(work, seances), was, strict=True))
    assert done.change_id is not None
    assert rebuild_bits(work.session) == 0

    assert dict(undo(work, omar, done.change_id).refused) == {}

    assert everything(work) == before
    assert rebuild_bits(work.session) == 0


def test_a_cycle_that_keeps_its_numbers_owes_the_lost_one(work: Work) -> None:
    closing = a_closing_world(work.session)
    closing.year.reflow = Reflow.KEEP
    lay_school_days(work.session, closing.year)
    seances = planned(work, closing, number_of(work, closing))
    was = dates(work, seances)

    done = declare(work, actor(work.session, closing.world.omar), closing.closure())

    assert done.counts[Treatment.MAKE_UP] == 1
    assert dates(work, seances) == was
    assert work.session.get_one(Encounter, seances[0]).status is EncounterStatus.CANCELLED


def test_a_line_that_is_not_accepted_is_treated_by_the_closure_on_its_day_and_waits_elsewhere(work: Work) -> None:
    closing = a_closing_world(work.session)
    omar = actor(work.session, closing.world.omar)
    seances = planned(work, closing, number_of(work, closing))
    was = dates(work, seances)

    done = declare(work, omar, closing.closure(decided=Decided(frozenset(seances), frozenset(seances[2:]))))

    assert done.counts[Treatment.MAKE_UP] == 1
    assert done.moved == len(seances) - 2
    assert dates(work, seances)[:2] == was[:2]
    assert dates(work, seances)[2] > was[2]


def test_a_conditional_day_that_becomes_a_class_day_brings_the_cycle_forward_and_back(work: Work) -> None:
    closing = a_closing_world(work.session)
    omar = actor(work.session, closing.world.omar)
    seances = planned(work, closing, number_of(work, closing))
    before, was = everything(work), dates(work, seances)

    reopening = closing.closure(DayType.CLASS, first_on=CONDITIONAL)
    seen = preview(work, omar, reopening)
    done = declare(work, omar, reopening)

    later = [each for each in was if each > CONDITIONAL]
    assert [line.view.on_date for line in seen.sheet.lines] == later
    assert done.moved == len(later)
    assert all(new < old for new, old in zip(dates(work, seances)[-len(later) :], later, strict=True))
    assert done.change_id is not None
    undo(work, omar, done.change_id)
    assert everything(work) == before


@pytest.mark.parametrize("first", [0, 1])
def test_a_storm_of_two_days_lifted_one_day_after_the_other_gives_all_back(work: Work, first: int) -> None:
    closing = a_closing_world(work.session)
    omar = actor(work.session, closing.world.omar)
    seances = planned(work, closing, number_of(work, closing))
    before, was = everything(work), dates(work, seances)
    declare(work, omar, closing.closure(last_on=TUESDAY + timedelta(days=1)))
    assert dates(work, seances)[0] == TUESDAY + timedelta(days=2)
    closures = work.session.scalars(select(Closure).order_by(Closure.on_date)).all()

    lift(work, omar, closures[first].id)
    assert dates(work, seances)[0] == TUESDAY + timedelta(days=first)
    lift(work, omar, closures[1 - first].id)

    assert dates(work, seances) == was
    assert everything(work) == before


def test_a_school_closed_again_by_its_board_is_not_given_back_too_soon(work: Work) -> None:
    closing = a_closing_world(work.session)
    omar = actor(work.session, closing.world.omar)
    seances = planned(work, closing, number_of(work, closing))
    before = everything(work)
    school = declare(work, omar, closing.closure())
    followed = dates(work, seances)
    whole = closing.closure(scope=ClosureScope.ORGANIZATION, target_id=closing.world.board.id)
    everywhere = declare(work, omar, whole)

    lift(work, omar, school.closure_ids[0])
    assert dates(work, seances) == followed
    lift(work, omar, everywhere.closure_ids[0])

    assert everything(work) == before
