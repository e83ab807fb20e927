"""Every member of every code that people read has its words."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from pkgutil import iter_modules

from intervention import domain
from intervention.domain.days import DayType, Holiday
from intervention.rendering.i18n import speaking
from intervention.rendering.school_days import day_name
from intervention.rendering.wording import WORDS, capitalized

# Codes that are never read as they are: each is worded by a sentence of its own page or table, or only computed with.
UNSAID = {
    "Action", "Rule", "Reason", "FixKind", "GuestStage", "SeatAct",  # sentences: because.*, error.*, templates
    "Facet", "Band", "Delivery", "Quality", "TravelMode",  # computed with; their pages have sentences
}  # fmt: skip


def codes() -> Iterator[type[StrEnum]]:
    for module in iter_modules(domain.__path__):
        for _name, found in inspect.getmembers(import_module(f"{domain.__name__}.{module.name}"), inspect.isclass):
            if issubclass(found, StrEnum) and found.__module__ == f"{domain.__name__}.{module.name}":
                yield found


def test_every_member_of_a_code_that_is_read_has_its_words() -> None:
    missing = {
        f"{code.__name__}.{member.value}"
        for code in codes()
        if code.__name__ not in UNSAID
        for member in code
        if f"{code.__name__}.{member.value}" not in WORDS
    }
    assert missing == set()


def test_no_word_is_left_over_from_a_code_that_is_gone() -> None:
    known = {f"{code.__name__}.{member.value}" for code in codes() for member in code}
    names = {code.__name__ for code in codes()}
    left = {key for key in WORDS if key.split(".")[0] in names and key not in known}
    assert left == set()


def test_a_school_day_is_called_by_its_label_its_holiday_or_its_type() -> None:
    with speaking("fr"):
        assert day_name(DayType.HOLIDAY, Holiday.THANKSGIVING.value) == "Action de grâces"
        assert day_name(DayType.CLOSURE, "Tempête") == "Tempête"
        assert day_name(DayType.SPRING_BREAK, None) == "relâche"
    with speaking("en"):
        assert day_name(DayType.HOLIDAY, Holiday.THANKSGIVING.value) == "Thanksgiving"


def test_a_capital_lowers_nothing_after_it() -> None:
    assert [capitalized(text) for text in ("monday, Oct 12", "école", "")] == ["Monday, Oct 12", "École", ""]
