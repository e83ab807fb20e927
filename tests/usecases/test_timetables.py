"""A timetable is made of a caseload; its lines are changed, placed and taken off, each by whoever may book."""

from __future__ import annotations

from datetime import date, time

import pytest
from sqlalchemy import func, select

from intervention.domain.encounters import EncounterKind, Modality
from intervention.domain.errors import InvalidInput, NotAllowed, NotFound, Stale, WrongState
from intervention.domain.ids import new_id
from intervention.domain.people import Discipline, Role
from intervention.domain.timetable import Cell, TimetableStatus
from intervention.queries.catalogue import catalogue
from intervention.queries.timetables import choices, lines_of, timetable_for
from intervention.records.people import FollowUp, NeedGroup, NeedGroupMember
from intervention.records.timetables import Timetable, TimetableLine, TimetableSlot
from intervention.usecases.timetable_publishing import publish
from intervention.usecases.timetables import Who, Wishes, add_line, edit_line, make, place, remove_line, unplace
from intervention.usecases.work import Work
from tests.builders import a_board, a_building, a_class, a_person, a_professional, a_pupil, actor
from tests.usecases.office import faults
from tests.usecases.timetable_world import a_year, acting, planned

JOUR_2 = Cell(2, time(8, 55))


def a_group(work: Work, world: object, name: str = "Langage 2") -> NeedGroup:
    group = NeedGroup(
        organization_id=world.board.id, person_id=world.mireille.id, name=name,  # type: ignore[attr-defined]
        discipline=Discipline.SPEECH_THERAPY,
    )  # fmt: skip
    work.session.add(group)
    work.session.flush()
    for pupil in (world.leo, world.maude):  # type: ignore[attr-defined]
        work.session.add(NeedGroupMember(need_group_id=group.id, pupil_id=pupil.id))
    work.session.flush()
    return group


def test_it_begins_with_the_caseload(work: Work) -> None:
    here = planned(work)

    lines = lines_of(work.session, here.mireille, catalogue(work.session, here.world.board.id), here.timetable)

    assert [(line.label, line.where, line.kind, line.minutes, line.times, line.missing) for line in lines] == [
        ("E-101", ("Anse-aux-Lièvres",), EncounterKind.INDIVIDUAL, 45, 1, 1),
        ("E-202", ("Pointe-Bise",), EncounterKind.INDIVIDUAL, 45, 1, 1),
    ]
    assert (here.timetable.status, here.timetable.version) == (TimetableStatus.DRAFT, 1)


def test_pupils_of_a_group_are_one_line(work: Work) -> None:
    here = planned(work)
    a_group(work, here.world)
    year = a_year(work, here.world.board, "2027-2028", date(2027, 8, 30), date(2028, 6, 23))

    other = work.session.get_one(Timetable, make(work, here.mireille, here.world.mireille.id, year.id))

    lines = lines_of(work.session, here.mireille, catalogue(work.session, here.world.board.id), other)
    assert [(line.label, line.kind) for line in lines] == [("Langage 2", EncounterKind.SMALL_GROUP)]
    assert lines[0].where == ("Anse-aux-Lièvres", "Pointe-Bise")


def test_making_it_again_gives_the_same(work: Work) -> None:
    here = planned(work)

    assert make(work, here.mireille, here.world.mireille.id, here.year.id) == here.timetable.id
    assert work.session.scalar(select(func.count()).select_from(TimetableLine)) == 2


def test_a_year_that_is_over_has_none(work: Work) -> None:
    here = planned(work)
    year = a_year(work, here.world.board, "2024-2025", date(2024, 8, 30), date(2025, 6, 23))

    with pytest.raises(InvalidInput) as refusal:
        make(work, here.mireille, here.world.mireille.id, year.id)

    assert refusal.value.fields == {"year": "year_is_over"}


def test_a_coordinator_makes_it_for_a_professional(work: Work) -> None:
    here = planned(work)
    nadia = a_professional(work.session, here.world.board, "Nadia", here.world.base)

    made = make(work, acting(work, here.world.omar), nadia.id, here.year.id)

    assert work.session.get_one(Timetable, made).person_id == nadia.id


def test_a_confidential_line_is_its_professionals_alone(work: Work) -> None:
    here = planned(work)
    secret = a_pupil(work.session, here.world.anse, "E-303")
    work.session.add(
        FollowUp(
            organization_id=here.world.board.id, person_id=here.world.mireille.id, pupil_id=secret.id,
            discipline=Discipline.SPEECH_THERAPY, is_confidential=True,
        )
    )  # fmt: skip
    work.session.flush()
    omar = acting(work, here.world.omar)
    board = catalogue(work.session, here.world.board.id)
    assert f"pupil:{secret.id}" not in {
        each.value for each in choices(work.session, omar, board, here.mireille.person_id)
    }
    with pytest.raises(InvalidInput):
        add_line(work, omar, here.timetable.id, 1, Who("pupil", secret.id), Wishes(45))

    line_id = add_line(work, here.mireille, here.timetable.id, 1, Who("pupil", secret.id), Wishes(45))
    (hidden,) = [line for line in lines_of(work.session, omar, board, here.timetable) if line.is_hidden]

    assert (hidden.label, hidden.where, hidden.is_confidential) == ("", (), True)
    with pytest.raises(NotFound):
        place(work, omar, here.timetable.id, 2, line_id, JOUR_2)
    with pytest.raises(NotFound):
        remove_line(work, omar, here.timetable.id, 2, line_id)


def test_a_class_is_added_with_wishes_and_changed(work: Work) -> None:
    here = planned(work)
    group = a_class(work.session, here.world.anse)

    line_id = add_line(work, here.mireille, here.timetable.id, 1, Who("class", group.id), Wishes(60, 2))
    edit_line(work, here.mireille, here.timetable.id, 2, line_id, Wishes(45, 3, Modality.IN_PERSON, here.world.anse.id))

    line = work.session.get_one(TimetableLine, line_id)
    assert (line.kind, line.minutes, line.times) == (EncounterKind.WHOLE_GROUP, 45, 3)
    assert (line.modality, line.building_id) == (Modality.IN_PERSON, here.world.anse.id)
    assert here.timetable.version == 3


@pytest.mark.parametrize(
    ("wishes", "fields"),
    [
        (Wishes(47), {"minutes": "duration_not_allowed"}),
        (Wishes(45, 0), {"times": "out_of_range"}),
        (Wishes(45, 11), {"times": "out_of_range"}),
        (Wishes(45, building_id=new_id()), {"building": "unknown"}),
    ],
)
def test_wishes_that_cannot_be_are_refused(work: Work, wishes: Wishes, fields: dict[str, str]) -> None:
    here = planned(work)

    with pytest.raises(InvalidInput) as refusal:
        edit_line(work, here.mireille, here.timetable.id, 1, here.leo.id, wishes)

    assert refusal.value.fields == fields
    assert (here.leo.minutes, here.leo.times, here.timetable.version) == (45, 1, 1)


@pytest.mark.parametrize("pool", ["pupil", "group", "class", "kit"])
def test_nobody_unknown_is_added(work: Work, pool: str) -> None:
    here = planned(work)

    with pytest.raises(InvalidInput) as refusal:
        add_line(work, here.mireille, here.timetable.id, 1, Who(pool, new_id()), Wishes(45))

    assert refusal.value.fields["who"] == "unknown"


def test_a_pupil_whom_she_does_not_follow_is_unknown(work: Work) -> None:
    here = planned(work)
    other = a_pupil(work.session, here.world.anse, "E-404")

    with pytest.raises(InvalidInput):
        add_line(work, here.mireille, here.timetable.id, 1, Who("pupil", other.id), Wishes(45))


def test_a_line_is_placed_moved_and_taken_off(work: Work) -> None:
    here = planned(work)

    first = place(work, here.mireille, here.timetable.id, 1, here.leo.id, JOUR_2)
    second = place(work, here.mireille, here.timetable.id, 2, here.leo.id, Cell(2, time(9), by_week=True), moving=first)

    slot = work.session.scalars(select(TimetableSlot)).one()
    assert (slot.id, slot.cycle_day, slot.weekday, slot.starts_local) == (second, None, 2, time(9))
    unplace(work, here.mireille, here.timetable.id, 3, second)
    assert work.session.scalars(select(TimetableSlot)).all() == []
    assert here.timetable.version == 4


def test_a_line_has_no_more_places_than_times(work: Work) -> None:
    here = planned(work)
    place(work, here.mireille, here.timetable.id, 1, here.leo.id, JOUR_2)

    with pytest.raises(InvalidInput) as refusal:
        place(work, here.mireille, here.timetable.id, 2, here.leo.id, Cell(3, time(9)))
    assert refusal.value.fields == {"line": "every_time_placed"}

    edit_line(work, here.mireille, here.timetable.id, 2, here.leo.id, Wishes(45, 2))
    place(work, here.mireille, here.timetable.id, 3, here.leo.id, Cell(3, time(9)))
    with pytest.raises(InvalidInput) as refusal:
        edit_line(work, here.mireille, here.timetable.id, 4, here.leo.id, Wishes(45, 1))
    assert refusal.value.fields == {"times": "fewer_than_placed"}


@pytest.mark.parametrize(
    ("cell", "fields"),
    [
        (Cell(6, time(9)), {"day": "out_of_range"}),
        (Cell(0, time(9)), {"day": "out_of_range"}),
        (Cell(6, time(9), by_week=True), {"day": "out_of_range"}),
        (Cell(1, time(9, 3)), {"at": "not_on_the_grid"}),
    ],
)
def test_a_place_off_the_grid_is_refused(work: Work, cell: Cell, fields: dict[str, str]) -> None:
    here = planned(work)

    with pytest.raises(InvalidInput) as refusal:
        place(work, here.mireille, here.timetable.id, 1, here.leo.id, cell)

    assert refusal.value.fields == fields


def test_an_edit_made_on_an_older_page_is_refused(work: Work) -> None:
    here = planned(work)
    place(work, here.mireille, here.timetable.id, 1, here.leo.id, JOUR_2)

    with pytest.raises(Stale):
        place(work, here.mireille, here.timetable.id, 1, here.maude.id, JOUR_2)
    with pytest.raises(Stale):
        remove_line(work, here.mireille, here.timetable.id, 1, here.leo.id)


def test_a_line_goes_with_its_places(work: Work) -> None:
    here = planned(work)
    place(work, here.mireille, here.timetable.id, 1, here.leo.id, JOUR_2)

    remove_line(work, here.mireille, here.timetable.id, 2, here.leo.id)

    assert [line.pupil_id for line in work.session.scalars(select(TimetableLine))] == [here.world.maude.id]
    assert work.session.scalars(select(TimetableSlot)).all() == []


def test_what_is_published_is_edited_as_a_series(work: Work) -> None:
    here = planned(work)
    placed = place(work, here.mireille, here.timetable.id, 1, here.leo.id, JOUR_2)
    publish(work, here.mireille, here.timetable.id, 2)

    for act in (
        lambda: unplace(work, here.mireille, here.timetable.id, 3, placed),
        lambda: place(work, here.mireille, here.timetable.id, 3, here.leo.id, Cell(3, time(9)), moving=placed),
        lambda: edit_line(work, here.mireille, here.timetable.id, 3, here.leo.id, Wishes(30)),
        lambda: remove_line(work, here.mireille, here.timetable.id, 3, here.leo.id),
    ):
        with pytest.raises(WrongState):
            act()


@pytest.mark.parametrize("role", [Role.TEACHER, Role.PRINCIPAL, Role.SECRETARY, Role.PROFESSIONAL])
def test_whoever_does_not_book_for_her_is_refused(work: Work, role: Role) -> None:
    here = planned(work)
    building = None if role is Role.PROFESSIONAL else here.world.anse
    other = acting(work, a_person(work.session, here.world.board, "Autre", role, building=building))

    with pytest.raises(NotAllowed):
        make(work, other, here.world.mireille.id, here.year.id)
    with pytest.raises(NotAllowed):
        place(work, other, here.timetable.id, 1, here.leo.id, JOUR_2)
    with pytest.raises(NotAllowed):
        timetable_for(work.session, other, here.timetable.id)


def test_another_board_finds_nothing(work: Work) -> None:
    here = planned(work)
    board = a_board(work.session, "voisine")
    base = a_building(work.session, board, "Ailleurs")
    stranger = actor(work.session, a_professional(work.session, board, "Élise", base))

    for act in (
        lambda: place(work, stranger, here.timetable.id, 1, here.leo.id, JOUR_2),
        lambda: publish(work, stranger, here.timetable.id, 1),
        lambda: make(work, stranger, stranger.person_id, here.year.id),
    ):
        with pytest.raises(NotFound):
            act()


def test_rhythm_and_places_go_together(work: Work) -> None:
    here = planned(work)
    assert faults(lambda: here.place(work, here.leo, 2, "08:55", turn=1)) == {"day": "not_a_choice"}
    edit_line(work, here.mireille, here.timetable.id, 1, here.leo.id, Wishes(45, every=2))
    assert faults(lambda: here.place(work, here.leo, 2, "08:55")) == {"day": "not_a_choice"}

    here.place(work, here.leo, 2, "08:55", turn=2)

    again = lambda every: edit_line(  # noqa: E731 - the same act thrice
        work, here.mireille, here.timetable.id, here.timetable.version, here.leo.id, Wishes(45, every=every)
    )
    assert faults(lambda: again(1)) == {"every": "placed_already"}
    assert faults(lambda: again(3))["every"] == "out_of_range"
    again(2)
