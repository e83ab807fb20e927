"""The library's dates against the list of the Régime pédagogique (I-13.3, r. 8, a. 17), written out by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from intervention.domain.days import Holiday
from intervention.usecases.legal_holidays import legal_holidays


def test_the_school_year_of_2026() -> None:
    found = legal_holidays(date(2026, 8, 24), date(2027, 7, 1))
    assert {d.isoformat(): code for d, code in found.items()} == {
        "2026-09-07": Holiday.LABOUR,
        "2026-10-12": Holiday.THANKSGIVING,
        "2026-12-24": Holiday.CHRISTMAS,
        "2026-12-25": Holiday.CHRISTMAS,
        "2026-12-26": Holiday.CHRISTMAS,
        "2026-12-31": Holiday.NEW_YEAR,
        "2027-01-01": Holiday.NEW_YEAR,
        "2027-01-02": Holiday.NEW_YEAR,
        "2027-03-26": Holiday.GOOD_FRIDAY,
        "2027-03-29": Holiday.EASTER_MONDAY,
        "2027-05-24": Holiday.PATRIOTS,
        "2027-06-24": Holiday.NATIONAL,
        "2027-07-01": Holiday.CANADA,
    }


@pytest.mark.parametrize("year", range(2024, 2041))
def test_every_year_has_the_whole_list_of_the_regulation(year: int) -> None:
    found = legal_holidays(date(year, 1, 1), date(year, 12, 31))
    (friday,) = (d for d, code in found.items() if code is Holiday.GOOD_FRIDAY)
    (monday,) = (d for d, code in found.items() if code is Holiday.EASTER_MONDAY)
    assert monday - friday == timedelta(days=3)
    assert friday.isoweekday() == 5
    first_of_september = date(year, 9, 1)
    before_may_25 = date(year, 5, 24)
    october = date(year, 10, 1)
    wanted = {
        date(year, 1, 1), date(year, 1, 2), date(year, 6, 24), date(year, 7, 1), date(year, 12, 24), date(year, 12, 25),
        date(year, 12, 26), date(year, 12, 31), friday, monday, before_may_25 - timedelta(before_may_25.weekday()),
        first_of_september + timedelta(-first_of_september.weekday() % 7),
        october + timedelta(-october.weekday() % 7 + 7),
    }  # fmt: skip
    assert set(found) == wanted
