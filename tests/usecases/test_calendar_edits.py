"""Edits of a year's layers: what they do, what they would do to séances, each refusal, and undoing them."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from intervention.domain.calendar_edits import MAX_STROKES, PLANNED_TYPES, Stroke, Voice
from intervention.domain.calendar_layers import Frame
from intervention.domain.clock import FixedClock
from intervention.domain.cycle import Reflow, Rotation
from intervention.domain.days import DayType, Layer, Portion
from intervention.domain.encounters import EncounterStatus
from intervention.domain.errors import InvalidInput, NotAllowed, NotFound, WrongState
from intervention.domain.people import Role
from intervention.domain.permissions import Actor
from intervention.domain.redating import Fate
from intervention.records.calendars import CalendarChange, DayMark
from intervention.records.encounters import Encounter
from intervention.usecases.booking import book
from intervention.usecases.calendar_changes import undo_change
from intervention.usecases.calendar_edits import Edit, EditYear, PaintDays, SetRotation, apply_edit, preview_edit
from intervention.usecases.work import Work
from tests.builders import a_board, a_building, a_person, actor
from tests.usecases.booking_world import at, remote
from tests.usecases.calendar_world import FRAME, USUAL, an_office, day_of, painting, rows, school_voice

PED = "2026-11-27"
THANKSGIVING = date(2026, 10, 12)


def test_painting_a_range_lays_every_building_again(work: Work) -> None:
    office = an_office(work)
    before = day_of(work, office.world.pointe.id, "2026-11-30")
    was = before.cycle_day if before else None

    apply_edit(work, office.ines, painting(office, office.board, "2026-11-26", PED, label="Journées pédagogiques"))

    for building in (office.world.anse, office.world.pointe):
        day = day_of(work, building.id, PED)
        assert day is not None
        assert (day.day_type, day.layer, day.label) == (
            DayType.PEDAGOGICAL, Layer.ORGANIZATION, "Journées pédagogiques"
        )  # fmt: skip
    after = day_of(work, office.world.pointe.id, "2026-11-30")
    assert after is not None
    assert was is not None
    assert after.cycle_day == (was - 3) % 10 + 1


def test_a_later_layer_overrides_and_takes_its_word_back(work: Work) -> None:
    office = an_office(work)
    apply_edit(work, office.ines, painting(office, office.board, PED))
    apply_edit(work, office.luc, painting(office, office.anse, PED, day_type=DayType.CLASS))

    day, elsewhere = day_of(work, office.world.anse.id, PED), day_of(work, office.world.pointe.id, PED)
    assert day is not None
    assert elsewhere is not None
    assert (day.day_type, day.layer) == (DayType.CLASS, Layer.BUILDING)
    assert elsewhere.day_type is DayType.PEDAGOGICAL

    apply_edit(work, office.luc, painting(office, office.anse, PED, day_type=None))

    day = day_of(work, office.world.anse.id, PED)
    assert day is not None
    assert (day.day_type, day.layer) == (DayType.PEDAGOGICAL, Layer.ORGANIZATION)


def test_half_a_day_of_one_level_differs_from_its_building(work: Work) -> None:
    office = an_office(work)
    level = Voice(Layer.LEVEL, office.world.anse.id, "primary")

    apply_edit(work, office.luc, painting(office, level, PED, portion=Portion.AFTERNOON))

    day, building = day_of(work, office.world.anse.id, PED, "primary"), day_of(work, office.world.anse.id, PED)
    assert day is not None
    assert building is not None
    assert (day.day_type, day.afternoon, day.layer) == (DayType.CLASS, DayType.PEDAGOGICAL, Layer.LEVEL)
    assert (building.day_type, building.afternoon) == (DayType.CLASS, None)


def test_a_preview_says_which_seances_lose_their_day_and_writes_nothing(work: Work) -> None:
    office = an_office(work)
    lost = book(work, actor(work.session, office.world.mireille), remote(office.world, at(f"{PED} 09:00"))).encounter_id
    before = rows(work)

    shown = preview_edit(work, office.ines, painting(office, office.board, PED))

    assert [(line.view.id, line.fated.fate) for line in shown.sheet.lines] == [(lost, Fate.NO_SCHOOL)]
    assert shown.gained == ()
    assert {change.building_id for change in shown.days} == {
        office.world.base.id, office.world.anse.id, office.world.pointe.id
    }  # fmt: skip
    assert rows(work) == before


@pytest.mark.parametrize(("portion", "count"), [(Portion.MORNING, 1), (Portion.AFTERNOON, 0)])
def test_half_a_day_without_classes_touches_its_half(work: Work, portion: Portion, count: int) -> None:
    office = an_office(work)
    book(work, actor(work.session, office.world.mireille), remote(office.world, at(f"{PED} 10:30")))

    shown = preview_edit(work, office.ines, painting(office, office.anse, PED, portion=portion))

    assert shown.sheet.total == count


def test_a_level_that_keeps_its_classes_keeps_its_seances(work: Work) -> None:
    office = an_office(work)
    book(work, actor(work.session, office.world.mireille), remote(office.world, at(f"{PED} 09:00")))
    level = Voice(Layer.LEVEL, office.world.anse.id, "primary")
    apply_edit(work, office.ines, painting(office, level, PED, day_type=DayType.CLASS))

    shown = preview_edit(work, office.ines, painting(office, office.anse, PED))

    assert shown.sheet.total == 0


def test_seances_are_left_where_they_are_and_kept_in_the_change(work: Work) -> None:
    office = an_office(work)
    encounter_id = book(
        work, actor(work.session, office.world.mireille), remote(office.world, at(f"{PED} 09:00"))
    ).encounter_id

    change_id = apply_edit(work, office.ines, painting(office, office.board, PED))

    encounter = work.session.get_one(Encounter, encounter_id)
    assert (encounter.status, encounter.on_date) == (EncounterStatus.PLANNED, date(2026, 11, 27))
    assert work.session.get_one(CalendarChange, change_id).summary["to_decide"].keys() == {str(encounter_id)}


def test_a_principal_previews_no_confidential_seance(work: Work) -> None:
    office = an_office(work)
    encounter_id = book(
        work, actor(work.session, office.world.mireille), remote(office.world, at(f"{PED} 09:00"))
    ).encounter_id
    work.session.get_one(Encounter, encounter_id).confidentiality = "strict"  # type: ignore[assignment]
    work.session.flush()
    work.session.expire_all()

    assert preview_edit(work, office.luc, painting(office, office.anse, PED)).sheet.total == 0


def test_bounds_and_cycle_are_edited(work: Work) -> None:
    office = an_office(work)
    longer = Frame(FRAME.staff_from, FRAME.pupils_from, date(2027, 6, 23), date(2027, 7, 2))

    apply_edit(work, office.ines, EditYear(office.year_id, "An 2026", longer, Rotation(5)))

    last, canada = (day_of(work, office.world.anse.id, on) for on in ("2027-06-23", "2027-07-01"))
    assert last is not None
    assert last.day_type is DayType.CLASS
    assert canada is not None
    assert (canada.day_type, canada.label) == (DayType.HOLIDAY, "canada")
    sixth = day_of(work, office.world.anse.id, "2026-09-04")
    assert sixth is not None
    assert sixth.cycle_day == 1


def test_a_building_turns_by_a_cycle_of_its_own(work: Work) -> None:
    office = an_office(work)

    apply_edit(work, office.luc, SetRotation(office.year_id, office.world.anse.id, "", Rotation(4, first=3)))

    anse, pointe = (day_of(work, each.id, "2026-08-31") for each in (office.world.anse, office.world.pointe))
    assert anse is not None
    assert pointe is not None
    assert (anse.cycle_day, pointe.cycle_day) == (4, 2)


def refused(work: Work, by: Actor, edit: Edit) -> dict[str, str]:
    office_rows = rows(work)
    with pytest.raises(InvalidInput) as refusal:
        apply_edit(work, by, edit)
    assert rows(work) == office_rows
    return refusal.value.fields


def test_the_board_gives_class_on_a_legal_holiday_knowingly_and_takes_it_back(work: Work) -> None:
    office = an_office(work)
    before, on = rows(work), THANKSGIVING.isoformat()
    edit = painting(office, office.board, on, day_type=DayType.CLASS)

    shown = preview_edit(work, office.ines, edit)
    change_id = apply_edit(work, office.ines, edit)

    assert shown.legal == (THANKSGIVING,)
    day = day_of(work, office.world.anse.id, on)
    assert day is not None
    assert (day.day_type, day.layer) == (DayType.CLASS, Layer.ORGANIZATION)
    apply_edit(work, office.ines, painting(office, office.board, on, day_type=None))
    day = day_of(work, office.world.anse.id, on)
    assert day is not None
    assert (day.day_type, day.layer, day.label) == (DayType.HOLIDAY, Layer.HOLIDAYS, "thanksgiving")

    again = apply_edit(work, office.ines, edit)
    undo_change(work, office.ines, again)
    with pytest.raises(WrongState):
        undo_change(work, office.ines, change_id)  # taken back since, by another word
    assert rows(work)["school_day"] == before["school_day"]


def test_what_cannot_be_is_refused_whole(work: Work) -> None:
    office = an_office(work)
    fine = Stroke(date(2026, 9, 14), date(2026, 9, 14), DayType.PEDAGOGICAL)
    closed = Stroke(date(2026, 9, 15), date(2026, 9, 15), DayType.CLOSURE)
    weekend = Stroke(date(2026, 9, 12), date(2026, 9, 13), DayType.PEDAGOGICAL)
    thanksgiving = Stroke(THANKSGIVING, THANKSGIVING, DayType.PEDAGOGICAL)
    half = Stroke(THANKSGIVING, THANKSGIVING, DayType.CLASS, Portion.MORNING)
    board = office.board
    for strokes, fields in (
        ((), {"first": "required"}),
        ((fine,) * (MAX_STROKES + 1), {"strokes": "too_many"}),
        ((fine, closed), {"day_type": "never_planned"}),
        ((weekend,), {"first": "nothing_to_mark"}),
        ((thanksgiving,), {"first": "legal_holiday"}),
        ((half,), {"first": "legal_holiday"}),
    ):
        assert refused(work, office.ines, PaintDays(office.year_id, board, strokes)) == fields
    for layer in (Layer.YEAR, Layer.HOLIDAYS, Layer.EVENT):
        voice = Voice(layer, office.world.board.id)
        assert refused(work, office.ines, PaintDays(office.year_id, voice, (fine,))) == {"layer": "not_a_choice"}
    wrong_level = Voice(Layer.LEVEL, office.world.anse.id, "x")
    assert refused(work, office.ines, PaintDays(office.year_id, wrong_level, (fine,))) == {"layer": "not_a_choice"}
    turn = SetRotation(office.year_id, office.world.anse.id, "", Rotation(21))
    assert refused(work, office.ines, turn) == {"cycle_length": "out_of_range"}
    backwards = Frame(FRAME.staff_from, FRAME.pupils_until, FRAME.pupils_from, FRAME.staff_until)
    assert "pupils_until" in refused(work, office.ines, EditYear(office.year_id, "x", backwards, USUAL))


def test_a_principal_edits_her_own_school_and_nothing_else(work: Work) -> None:
    office = an_office(work)
    apply_edit(work, office.luc, painting(office, school_voice(work, office), PED))
    before = rows(work)

    for edit in (
        painting(office, office.board, PED),
        painting(office, Voice(Layer.BUILDING, office.world.pointe.id), PED),
        EditYear(office.year_id, "x", FRAME, USUAL),
        SetRotation(office.year_id, office.world.pointe.id, "", Rotation(5)),
    ):
        with pytest.raises(NotAllowed):
            apply_edit(work, office.luc, edit)
        with pytest.raises(NotAllowed):
            preview_edit(work, office.luc, edit)
    for person in (office.world.omar, office.world.mireille, office.world.joseph):
        with pytest.raises(NotAllowed):
            apply_edit(work, actor(work.session, person), painting(office, office.anse, PED))

    assert rows(work) == before


def test_nothing_of_another_board_is_there(work: Work) -> None:
    office = an_office(work)
    change_id = apply_edit(work, office.ines, painting(office, office.board, PED))
    other = a_board(work.session, "autre")
    theirs = a_building(work.session, other, "Ailleurs")
    stranger = actor(work.session, a_person(work.session, other, "Étienne", Role.ADMINISTRATOR))

    with pytest.raises(NotFound):
        apply_edit(work, stranger, painting(office, office.board, PED))
    with pytest.raises(NotFound):
        undo_change(work, stranger, change_id)
    for voice in (
        Voice(Layer.BUILDING, theirs.id),
        Voice(Layer.SCHOOL, uuid4()),
        Voice(Layer.LEVEL, theirs.id, "primary"),
    ):
        with pytest.raises(NotFound):
            apply_edit(work, office.ines, painting(office, voice, PED))


def test_undoing_is_possible_for_a_day_and_once(work: Work) -> None:
    office = an_office(work)
    before = rows(work)
    change_id = apply_edit(work, office.ines, painting(office, office.board, PED))
    late = Work(work.session, FixedClock(work.now() + timedelta(hours=24, minutes=1)))

    with pytest.raises(WrongState):
        undo_change(late, office.ines, change_id)
    with pytest.raises(NotAllowed):
        undo_change(work, office.luc, change_id)
    undo_change(work, office.ines, change_id)

    assert rows(work) == before
    with pytest.raises(WrongState):
        undo_change(work, office.ines, change_id)


def test_what_was_edited_over_is_undone_latest_first(work: Work) -> None:
    office = an_office(work)
    first = apply_edit(work, office.ines, painting(office, office.board, PED))
    back = apply_edit(work, office.ines, painting(office, office.board, PED, day_type=None))
    again = apply_edit(work, office.ines, painting(office, office.board, PED, day_type=DayType.EXAM))

    for each in (first, back):
        with pytest.raises(WrongState):
            undo_change(work, office.ines, each)
    for each in (again, back, first):
        undo_change(work, office.ines, each)

    board_says = select(DayMark).where(DayMark.layer == Layer.ORGANIZATION)
    assert work.session.scalars(board_says).all() == []


_days = st.integers(0, (FRAME.staff_until - FRAME.staff_from).days)
_strokes = st.builds(
    lambda n, more, kind, portion: Stroke(
        FRAME.staff_from + timedelta(n), min(FRAME.staff_from + timedelta(n + more), FRAME.staff_until), kind, portion
    ),
    _days, st.integers(0, 20), st.sampled_from([*PLANNED_TYPES, None]), st.sampled_from(Portion),
)  # fmt: skip
_edits = st.one_of(
    st.tuples(st.just("paint"), st.integers(0, 3), st.lists(_strokes, min_size=1, max_size=3)),
    st.tuples(st.just("turn"), st.integers(0, 1), st.integers(1, 20)),
    st.tuples(st.just("bounds"), st.integers(0, 40), st.integers(1, 20)),
)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(_edits, min_size=1, max_size=4))
def test_any_edits_undone_restore_the_exact_rows(work: Work, asked: list[tuple[str, int, object]]) -> None:
    with work.session.begin_nested() as trial:
        office = an_office(work)
        voices = (
            office.board, office.anse, school_voice(work, office),
            Voice(Layer.LEVEL, office.world.anse.id, "primary"),
        )  # fmt: skip
        done = [(rows(work), None)]
        for kind, n, more in asked:
            edit: Edit
            if kind == "paint":
                edit = PaintDays(office.year_id, voices[n], tuple(more))  # type: ignore[arg-type]
            elif kind == "turn":
                edit = SetRotation(office.year_id, (office.world.anse, office.world.pointe)[n].id, "", Rotation(more))  # type: ignore[arg-type]
            else:
                until = FRAME.pupils_until - timedelta(n)
                frame = Frame(FRAME.staff_from, FRAME.pupils_from, until, until + timedelta(3))
                edit = EditYear(office.year_id, "2026-2027", frame, Rotation(more, Reflow.KEEP))  # type: ignore[arg-type]
            try:
                with work.session.begin_nested():
                    done.append((rows(work), apply_edit(work, office.ines, edit)))  # type: ignore[arg-type]
            except InvalidInput:
                continue
        for before, change_id in reversed(done[1:]):
            undo_change(work, office.ines, change_id)  # type: ignore[arg-type]
            assert rows(work) == before
        trial.rollback()
