"""The holidays that the Régime pédagogique gives pupils (I-13.3, r. 8, a. 17), dated by a library of others."""

from __future__ import annotations

from datetime import date

from intervention.domain.days import Holiday

# The names of `holidays` in English; a name that it stops using is a fault of the next test, not a day of class.
_NAMES = {
    "Good Friday": Holiday.GOOD_FRIDAY,
    "Easter Monday": Holiday.EASTER_MONDAY,
    "National Patriots' Day": Holiday.PATRIOTS,
    "Saint Jean Baptiste Day": Holiday.NATIONAL,
    "Canada Day": Holiday.CANADA,
    "Labour Day": Holiday.LABOUR,
    "Thanksgiving Day": Holiday.THANKSGIVING,
}
_FIXED = {
    (12, 24): Holiday.CHRISTMAS, (12, 25): Holiday.CHRISTMAS, (12, 26): Holiday.CHRISTMAS,
    (12, 31): Holiday.NEW_YEAR, (1, 1): Holiday.NEW_YEAR, (1, 2): Holiday.NEW_YEAR,
}  # fmt: skip


def legal_holidays(first: date, last: date) -> dict[date, Holiday]:
    """Every legal holiday from `first` to `last`, both included, weekends too."""
    from holidays.countries.canada import Canada  # noqa: PLC0415 - 19 MiB that only the making of a year needs

    years = range(first.year, last.year + 1)
    told: dict[date, str] = Canada(  # type: ignore[no-untyped-call]
        subdiv="QC", years=years, observed=False, language="en_CA", categories=("government", "optional", "public")
    )
    found = {date(year, *month_day): code for year in years for month_day, code in _FIXED.items()}
    for on_date, names in told.items():
        for name in names.split("; "):
            if name in _NAMES:
                found[on_date] = _NAMES[name]
    return {on_date: found[on_date] for on_date in sorted(found) if first <= on_date <= last}
