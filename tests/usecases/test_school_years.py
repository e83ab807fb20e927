"""Opening a school year: bounds, holidays, copy of the year before; each refusal; the others."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from intervention.domain.calendar_edits import Stroke
from intervention.domain.calendar_layers import Frame
from intervention.domain.cycle import Reflow, Rotation
from intervention.domain.days import DayType, Holiday, Layer
from intervention.domain.errors import InvalidInput, NotAllowed, NotFound
from intervention.domain.people import Role
from intervention.records.calendars import CalendarChange, DayMark, SchoolDay, SchoolYear
from intervention.records.outbox import OutboxMessage
from intervention.usecases.calendar_changes import undo_change
from intervention.usecases.calendar_edits import PaintDays, SetRotation, apply_edit
from intervention.usecases.school_years import CreateYear, create_year, preview_year
from intervention.usecases.work import Work
from tests.builders import a_board, a_building, a_person, actor
from tests.usecases.calendar_world import FRAME, USUAL, an_office, day_of, rows

NEXT = Frame(date(2027, 8, 23), date(2027, 8, 27), date(2028, 6, 22), date(2028, 6, 26))


def test_opening_a_year_lays_its_days_with_the_legal_holidays(work: Work) -> None:
    office = an_office(work)
    anse = office.world.anse.id

    thanksgiving, first, before = (day_of(work, anse, on) for on in ("2026-10-12", "2026-08-28", "2026-08-24"))

    assert thanksgiving is not None
    assert (thanksgiving.day_type, thanksgiving.layer) == (DayType.HOLIDAY, Layer.HOLIDAYS)
    assert thanksgiving.label == Holiday.THANKSGIVING
    assert first is not None
    assert (first.day_type, first.cycle_day) == (DayType.CLASS, 1)
    assert before is not None
    assert before.day_type is DayType.STAFF_ONLY
    change = work.session.scalars(select(CalendarChange)).one()
    facts = work.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "CalendarEdited")).all()
    assert [fact.payload["change_id"] for fact in facts] == [str(change.id)]


@pytest.mark.parametrize(
    ("ask", "faults"),
    [
        (CreateYear(" ", NEXT, USUAL), {"label": "required"}),
        (CreateYear("x" * 21, NEXT, USUAL), {"label": "too_long"}),
        (CreateYear("2026-2027", NEXT, USUAL), {"label": "label_taken"}),
        (CreateYear("2027", FRAME, USUAL), {"staff_from": "years_overlap"}),
        (CreateYear("2027", NEXT, Rotation(0)), {"cycle_length": "out_of_range"}),
        (CreateYear("2027", NEXT, Rotation(400)), {"cycle_length": "out_of_range"}),
        (
            CreateYear("2027", replace(NEXT, pupils_until=date(2027, 8, 1)), USUAL),
            {"pupils_until": "ends_before_start"},
        ),
    ],
)
def test_a_year_that_cannot_be_is_refused_whole(work: Work, ask: CreateYear, faults: dict[str, str]) -> None:
    office = an_office(work)
    before = rows(work)

    with pytest.raises(InvalidInput) as refused:
        create_year(work, office.ines, ask)

    assert {name: refused.value.fields.get(name) for name in faults} == faults
    assert rows(work) == before


def test_a_year_follows_the_one_before_on_the_same_weekdays(work: Work) -> None:
    office = an_office(work)
    strokes = (
        Stroke(date(2027, 3, 1), date(2027, 3, 5), DayType.SPRING_BREAK),
        Stroke(date(2026, 10, 13), date(2026, 10, 13), DayType.PEDAGOGICAL),
    )
    apply_edit(work, office.ines, PaintDays(office.year_id, office.board, strokes))
    apply_edit(work, office.ines, SetRotation(office.year_id, office.world.anse.id, "", Rotation(5, Reflow.KEEP)))
    ask = CreateYear("2027-2028", NEXT, USUAL, like_id=office.year_id)

    shown = preview_year(work, office.ines, ask)
    year_id = create_year(work, office.ines, ask)

    assert next((each.was_on, each.mark.on_date) for each in shown.kept) == (date(2026, 10, 13), date(2027, 10, 12))
    said = select(DayMark.on_date).where(DayMark.school_year_id == year_id, DayMark.layer == Layer.ORGANIZATION)
    assert sorted(work.session.scalars(said)) == [each.mark.on_date for each in shown.kept]
    assert date(2027, 10, 11) in shown.holidays
    anse = day_of(work, office.world.anse.id, "2027-09-03")
    pointe = day_of(work, office.world.pointe.id, "2027-09-03")
    assert anse is not None
    assert pointe is not None
    assert (anse.cycle_day, pointe.cycle_day) == (1, 6)


def test_a_preview_writes_nothing(work: Work) -> None:
    office = an_office(work)
    before = rows(work)

    shown = preview_year(work, office.ines, CreateYear("2027-2028", NEXT, USUAL, like_id=office.year_id))

    assert rows(work) == before
    assert shown.least.class_halves > 360
    assert not shown.most.is_enough or shown.most.calendar_halves >= shown.least.calendar_halves


def test_an_opened_year_is_undone_whole(work: Work) -> None:
    office = an_office(work)
    before = rows(work)
    year_id = create_year(work, office.ines, CreateYear("2027-2028", NEXT, USUAL, like_id=office.year_id))
    change = next(c for c in work.session.scalars(select(CalendarChange)) if c.summary["year_id"] == str(year_id))

    undo_change(work, office.ines, change.id)

    assert rows(work) == before
    assert work.session.get(SchoolYear, year_id) is None


def test_only_administrators_open_a_year(work: Work) -> None:
    office = an_office(work)
    omar = actor(work.session, office.world.omar)
    before = rows(work)

    for each in (office.luc, omar):
        with pytest.raises(NotAllowed):
            create_year(work, each, CreateYear("2027-2028", NEXT, USUAL))
        with pytest.raises(NotAllowed):
            preview_year(work, each, CreateYear("2027-2028", NEXT, USUAL))

    assert rows(work) == before


def test_a_year_of_another_board_is_not_there_to_copy(work: Work) -> None:
    office = an_office(work)
    other = a_board(work.session, "autre")
    a_building(work.session, other, "Ailleurs")
    stranger = actor(work.session, a_person(work.session, other, "Étienne", Role.ADMINISTRATOR))

    with pytest.raises(NotFound):
        create_year(work, stranger, CreateYear("2027-2028", NEXT, USUAL, like_id=office.year_id))

    assert work.session.scalars(select(SchoolDay).where(SchoolDay.organization_id == other.id)).first() is not None
