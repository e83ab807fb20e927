"""A telephone number as a link that a phone can dial."""

from __future__ import annotations

import re

NORTH_AMERICAN = 10  # digits, without the country's 1


def tel(phone: str) -> str | None:
    """`tel:+14185550113;ext=213` of « 418 555-0113, poste 213 » (RFC 3966 §3, §5.3); None of a part of a number."""
    number, _, rest = re.sub(r"(?i)\b(?:poste|p\.|ext\.?|x)\s*(?=\d)", ";", phone).partition(";")
    digits, extension = re.sub(r"\D", "", number), re.sub(r"\D", "", rest)
    if len(digits) == NORTH_AMERICAN + 1 and digits[0] == "1":
        digits = digits[1:]
    if "+" in number and not number.lstrip(" (").startswith("+1"):
        dialled = f"+{re.sub(r'[^0-9]', '', number)}"
    elif len(digits) == NORTH_AMERICAN:
        dialled = f"+1{digits}"
    else:
        return None
    return f"tel:{dialled};ext={extension}" if extension else f"tel:{dialled}"
