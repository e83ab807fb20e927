from __future__ import annotations

from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest
from werkzeug.datastructures import MultiDict

from intervention.domain.encounters import Modality
from intervention.domain.errors import InvalidInput
from intervention.web.parse import Form, wall_time_or_none

ONE, TWO = "01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002"


def form(*pairs: tuple[str, str], **values: str) -> Form:
    return Form(MultiDict([*pairs, *values.items()]))


def faults(filled: Form) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refusal:
        filled.check()
    return refusal.value.fields


def test_a_good_form_is_typed() -> None:
    filled = form(
        label="  Sous-groupe   Langage 2 ", minutes="45", modality="hybrid", on="2026-11-24", at="10 h 30", pupil=ONE
    )

    assert filled.text("label") == "Sous-groupe Langage 2"
    assert filled.whole("minutes", least=5, most=720) == 45
    assert filled.choice("modality", Modality) is Modality.HYBRID
    assert filled.day("on") == date(2026, 11, 24)
    assert filled.wall_time("at") == time(10, 30)
    assert filled.one_id("pupil") == UUID(ONE)
    assert filled.instant("on", "at", "America/Toronto") == datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
    filled.check()


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2101-01-01", "9999-12-31"])
def test_a_day_that_nobody_plans_is_no_date(day: str) -> None:
    filled = form(on=day, at="23:55")

    filled.instant("on", "at", "America/Toronto")

    assert faults(filled) == {"on": "not_a_date"}


def test_every_fault_is_told_at_once_and_the_form_is_kept() -> None:
    filled = form(label="", minutes="douze", modality="telepathy", on="24 nov.", at="25:00", pupil="E-214")
    filled.text("label")
    filled.whole("minutes", least=5, most=720)
    filled.choice("modality", Modality)
    filled.instant("on", "at", "America/Toronto")
    filled.one_id("pupil")

    assert faults(filled) == {
        "label": "required",
        "minutes": "not_a_number",
        "modality": "not_a_choice",
        "on": "not_a_date",
        "at": "not_a_time",
        "pupil": "unknown",
    }
    assert filled.value("minutes") == "douze"
    assert filled.fault("minutes") == "Entrez un nombre entier."


def test_an_hour_that_the_zone_skips_is_refused() -> None:
    filled = form(on="2026-03-08", at="2:30")
    filled.instant("on", "at", "America/Toronto")

    assert faults(filled) == {"at": "time_skipped"}


def test_the_same_hour_stands_where_the_zone_does_not_skip_it() -> None:
    filled = form(on="2026-03-08", at="2:30")

    assert filled.instant("on", "at", "America/Blanc-Sablon") == datetime(2026, 3, 8, 6, 30, tzinfo=UTC)
    filled.check()


def test_an_hour_that_comes_twice_means_its_first_coming() -> None:
    filled = form(on="2026-11-01", at="1:30")

    assert filled.instant("on", "at", "America/Toronto") == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_a_time_off_the_grid_is_refused() -> None:
    filled = form(on="2026-11-24", at="10:32")
    filled.instant("on", "at", "America/Toronto")

    assert faults(filled) == {"at": "not_on_grid"}


@pytest.mark.parametrize(
    ("raw", "fault"), [("4", "out_of_range"), ("721", "out_of_range"), ("", "required"), ("٤٥", "not_a_number")]
)
def test_numbers_are_bounded(raw: str, fault: str) -> None:
    filled = form(minutes=raw)
    filled.whole("minutes", least=5, most=720)

    assert faults(filled) == {"minutes": fault}


def test_a_text_is_bounded() -> None:
    filled = form(label="a" * 201)
    filled.text("label", most=200)

    assert faults(filled) == {"label": "too_long"}


def test_ids_are_distinct_and_bounded() -> None:
    filled = form(("who", ONE), ("who", TWO), ("who", ONE), ("who", ""))

    assert filled.ids("who", least=1) == (UUID(ONE), UUID(TWO))
    filled.check()


def test_ten_thousand_participants_are_too_many() -> None:
    filled = form(*[("who", ONE)] * 10_000)
    filled.ids("who", least=1, most=50)

    assert faults(filled) == {"who": "too_many"}


def test_no_participant_is_too_few() -> None:
    filled = form()
    filled.ids("who", least=1)

    assert faults(filled) == {"who": "required"}


@pytest.mark.parametrize("raw", ["{" + ONE + "}", ONE.replace("-", ""), ONE.upper() + "0", "urn:uuid:" + ONE])
def test_an_id_has_one_form(raw: str) -> None:
    filled = form(pupil=raw)
    filled.maybe_id("pupil")

    assert faults(filled) == {"pupil": "unknown"}


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("10:30", time(10, 30)),
        ("10 h 30", time(10, 30)),
        ("10\u00a0h\u00a030", time(10, 30)),
        ("9h", time(9)),
        ("24:00", None),
        ("10:60", None),
        ("10", None),
        ("٠١:٠٠", None),
        ("10:3", None),
    ],
)
def test_times_as_people_type_them(raw: str, at: time | None) -> None:
    assert wall_time_or_none(raw) == at


def test_the_first_fault_of_a_field_stands() -> None:
    filled = form()
    filled.fail("at", "required")
    filled.fail("at", "not_a_time")

    assert filled.faults == {"at": "required"}


def test_a_blank_form_shows_its_first_values() -> None:
    assert Form.blank(minutes=45, room=None).value("minutes") == "45"
