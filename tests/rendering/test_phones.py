"""Numbers as schools write them, and what a phone can dial."""

from __future__ import annotations

import pytest

from intervention.rendering.phones import tel


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("418 555-0113, poste 213", "tel:+14185550113;ext=213"),
        ("418 555-0113", "tel:+14185550113"),
        ("1 (418) 555-0113 ext. 7", "tel:+14185550113;ext=7"),
        ("+1 418-555-0113 x12", "tel:+14185550113;ext=12"),
        ("+33 1 23 45 67 89", "tel:+33123456789"),
        ("418\u00a0555\u20110113", "tel:+14185550113"),
        ("poste 213", None),
        ("555-0113", None),
        ("à la réception", None),
        ("", None),
    ],
)
def test_link_of_a_number(written: str, dialled: str | None) -> None:
    assert tel(written) == dialled
