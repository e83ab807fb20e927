"""What a line in hand could be: every half hour of the grid over the year, as the sheet would judge it."""

from __future__ import annotations

from datetime import time

import pytest

from intervention.domain.errors import NotFound
from intervention.domain.ids import new_id
from intervention.domain.timetable import Cell
from intervention.usecases.booking import book
from intervention.usecases.timetable_cells import InHand, columns_of, in_turn, nearest_start, take_in_hand
from intervention.usecases.timetables import Wishes, edit_line
from intervention.usecases.work import Work
from tests.usecases.booking_world import at, remote
from tests.usecases.timetable_world import Planned, acting, planned


def in_hand(work: Work, here: Planned, *, by_week: bool = False, **more: object) -> InHand:
    columns = columns_of(here.year.cycle_length, by_week=by_week)
    return take_in_hand(
        work, here.mireille, here.timetable, here.leo.id, by_week=by_week, columns=columns, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_every_cell_says_what_the_sheet_would_say(work: Work) -> None:
    """Tried one by one, each place holds the dates that its cell announced."""
    here = planned(work)
    here.place(work, here.maude, 2, "08:55")
    book(work, here.mireille, remote(here.world, at("2026-12-08 13:00")))
    edit_line(work, here.mireille, here.timetable.id, here.timetable.version, here.leo.id, Wishes(45, 9))
    found = in_hand(work, here).possible

    for row in (time(8), time(8, 30), time(9), time(10), time(10, 30), time(13)):
        one = found[2, row]
        with work.session.begin_nested() as tried:
            placed = here.place(work, here.leo, 2, one.cell.at.isoformat("minutes"))
            assert (len(here.judged(work).judged[placed].held), one.total) == (one.held, 6)
            tried.rollback()


def test_a_cell_tells_why_it_holds_no_more(work: Work) -> None:
    here = planned(work)
    here.place(work, here.maude, 2, "08:55")

    found = in_hand(work, here).possible

    assert (found[2, time(9)].held, found[2, time(9)].rule) == (0, "participant_busy")
    assert (found[2, time(12)].held, found[2, time(12)].rule) == (0, "outside_bells")
    assert found[3, time(8, 30)].is_free
    assert found[3, time(8)].cell == Cell(3, time(8, 10))  # the bell, not the half hour


def test_the_best_cells_hold_most_dates(work: Work) -> None:
    here = planned(work)

    best = in_hand(work, here).best

    assert len(best) == 6
    assert all(each.is_free for each in best)
    assert best[0].cell.day == 1


def test_columns_of_the_week_leave_out_days_without_class(work: Work) -> None:
    here = planned(work)

    found = in_hand(work, here, by_week=True).possible

    assert {day for day, _ in found} == {1, 2, 3, 4, 5}
    assert found[2, time(8, 30)].is_free


def test_a_place_that_is_moved_is_not_in_its_own_way(work: Work) -> None:
    here = planned(work)
    placed = here.place(work, here.leo, 2, "08:55")

    assert in_hand(work, here).possible[2, time(9)].held == 0
    moving = in_hand(work, here, moving=placed)
    assert moving.possible[2, time(9)].is_free
    assert len(moving.sheet.judged[placed].held) == 6


def test_what_is_dropped_on_a_half_hour_begins_where_most_dates_hold(work: Work) -> None:
    here = planned(work)

    found = nearest_start(work, here.mireille, here.timetable, here.leo.id, Cell(4, time(8)))

    assert found == Cell(4, time(8, 10))


def test_a_line_of_nowhere_is_not_found(work: Work) -> None:
    here = planned(work)
    here.leo.is_confidential = True
    work.session.flush()

    for who, line in ((here.mireille, new_id()), (acting(work, here.world.omar), here.leo.id)):
        with pytest.raises(NotFound):
            take_in_hand(work, who, here.timetable, line, by_week=False, columns=(1,))


def one_in_two(work: Work, here: Planned) -> None:
    for line in (here.leo, here.maude):
        edit_line(work, here.mireille, here.timetable.id, here.timetable.version, line.id, Wishes(45, 2, every=2))


@pytest.mark.parametrize("by_week", [False, True])
def test_one_in_two_takes_the_cycles_that_the_other_leaves(work: Work, *, by_week: bool) -> None:
    """Two pupils share a half hour, each in one cycle (or week) of two; a third time there would not hold."""
    here = planned(work)
    one_in_two(work, here)
    first = in_turn(work, here.mireille, here.timetable, here.maude.id, Cell(2, time(8, 55), by_week))
    here.place(work, here.maude, 2, "08:55", by_week=by_week, turn=first.turn)

    second = in_turn(work, here.mireille, here.timetable, here.leo.id, Cell(2, time(8, 55), by_week))
    placed = here.place(work, here.leo, 2, "08:55", by_week=by_week, turn=second.turn)
    judged = here.judged(work).judged

    assert {first.turn, second.turn} == {1, 2}
    assert not any(each.conflicts for each in judged.values())
    assert judged[placed].held
    found = in_hand(work, here, by_week=by_week).possible[2, time(8, 30)]
    assert found.cell.at != time(8, 55) or not found.is_free


def test_cells_of_one_in_two_say_what_the_sheet_would_say(work: Work) -> None:
    here = planned(work)
    one_in_two(work, here)
    here.place(work, here.maude, 2, "08:55", turn=1)

    for row in (time(8), time(8, 30), time(9), time(13)):
        one = in_hand(work, here).possible[2, row]
        with work.session.begin_nested() as tried:
            placed = here.place(work, here.leo, 2, one.cell.at.isoformat("minutes"), turn=one.cell.turn)
            assert (len(here.judged(work).judged[placed].held), one.total) == (one.held, 3)
            tried.rollback()


def test_a_place_that_says_its_turn_keeps_it(work: Work) -> None:
    here = planned(work)
    one_in_two(work, here)

    wanted = Cell(2, time(8, 55), turn=2)
    assert in_turn(work, here.mireille, here.timetable, here.leo.id, wanted) == wanted
