"""What a person's particulars must be, and what a board's first ones must be. Field → fault code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from intervention.domain.legal_time import LEGAL_ZONES

LOCALES = ("fr", "en")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


@dataclass(frozen=True, slots=True)
class Particulars:
    """Who a person is. Without an e-mail nobody signs in: a facilitator may be known by name alone."""

    given_name: str
    family_name: str
    email: str | None = None
    phone: str | None = None
    locale: str = "fr"

    def tidied(self) -> Particulars:
        """Single spaces, and the e-mail in the one form that is compared."""
        email = (self.email or "").strip().lower()
        return Particulars(
            " ".join(self.given_name.split()),
            " ".join(self.family_name.split()),
            email or None,
            " ".join((self.phone or "").split()) or None,
            self.locale,
        )

    def faults(self) -> dict[str, str]:
        faults = _texts({"given_name": (self.given_name, 80), "family_name": (self.family_name, 80)})
        if self.email is not None:
            faults |= email_faults("email", self.email)
        if self.phone is not None and len(self.phone) > 40:
            faults["phone"] = "too_long"
        if self.locale not in LOCALES:
            faults["locale"] = "not_a_choice"
        return faults


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """A board as it is founded."""

    name: str
    short_name: str
    code: str
    zone: str
    locale: str = "fr"

    def faults(self) -> dict[str, str]:
        faults = _texts({"name": (self.name, 200), "short_name": (self.short_name, 40)})
        if not _CODE.fullmatch(self.code):
            faults["code"] = "not_a_code"
        if self.zone not in LEGAL_ZONES:
            faults["zone"] = "not_a_choice"
        if self.locale not in LOCALES:
            faults["locale"] = "not_a_choice"
        return faults


def email_faults(field: str, email: str) -> dict[str, str]:
    if len(email) > 254:
        return {field: "too_long"}
    return {} if _EMAIL.fullmatch(email) else {field: "not_an_email"}


def _texts(values: dict[str, tuple[str, int]]) -> dict[str, str]:
    faults = {}
    for name, (value, most) in values.items():
        if not value.strip():
            faults[name] = "required"
        elif len(value) > most:
            faults[name] = "too_long"
    return faults
