from __future__ import annotations

import re
from enum import StrEnum

import pytest

from intervention.domain import encounters, errors, people, permissions
from intervention.domain.errors import DomainError
from intervention.rendering import i18n, wording
from intervention.rendering.i18n import _, ngettext, speaking

ENUMS = [
    found
    for module in (encounters, people)
    for found in vars(module).values()
    if isinstance(found, type) and issubclass(found, StrEnum) and found is not StrEnum
]


def test_french_needs_no_catalogue() -> None:
    assert _("Mot de passe") == "Mot de passe"


def test_english_is_read_from_its_files() -> None:
    with speaking("en"):
        assert _("Mot de passe") == "Password"


def test_the_language_ends_with_its_block() -> None:
    with speaking("en"), speaking("fr"):
        assert i18n.locale() == "fr"

    assert i18n.locale() == "fr"


def test_an_unknown_language_is_french() -> None:
    with speaking("xx"):
        assert i18n.locale() == "fr"


def test_french_counts_zero_and_one_as_one() -> None:
    one, many = "Il reste un point à corriger", "Il reste %(n)s points à corriger"

    said = [ngettext(one, many, n) for n in (0, 1, 2)]

    assert said == [one, one, "Il reste 2 points à corriger"]


def test_english_counts_only_one_as_one() -> None:
    one, many = "Il reste un point à corriger", "Il reste %(n)s points à corriger"

    with speaking("en"):
        said = [ngettext(one, many, n) for n in (0, 1, 2)]

    assert said == ["0 things need correcting", "One thing needs correcting", "2 things need correcting"]


def test_a_text_without_facts_may_hold_a_bare_percent() -> None:
    assert _("12 %") == "12 %"


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("enum", ENUMS, ids=lambda enum: enum.__name__)
def test_every_enum_member_is_worded(enum: type[StrEnum], language: str) -> None:
    with speaking(language):
        assert all(wording.word(member) for member in enum)


def test_english_has_one_word_for_each_thing() -> None:
    """An élève is a student, a séance a session, a CSS a board: two words would be two things."""
    others = re.compile(
        r"\b(?:pupils?|appointments?|meetings? link|school service cent\w+|commissions?)\b", re.IGNORECASE
    )

    strays = [text for forms in i18n.catalogue("en").values() for text in forms if others.search(text)]

    assert strays == []


@pytest.mark.parametrize("error", errors.DomainError.__subclasses__(), ids=lambda error: error.code)
def test_every_refusal_is_worded(error: type[DomainError]) -> None:
    assert wording.has(f"error.{error.code}")
    assert wording.has(f"error.{error.code}.next")


def test_every_reason_of_a_permission_is_worded() -> None:
    missing = [action for action in permissions.Action if not wording.has(f"because.not_{action.value}")]

    assert missing == []


def test_a_sentence_is_filled_with_its_facts() -> None:
    assert wording.say("error.too_many_attempts.next", minutes=3) == "Attendez 3\u00a0minutes, puis réessayez."
