"""Reads a form: typed values, or a fault per field, and always the form as it was filled.

    form = Form(request.form)
    ask = BookEncounter(kind=form.choice("kind", EncounterKind), minutes=form.whole("minutes", least=5, most=720))
    form.check()

A faulty field gives a neutral value that nobody reads, because `check` raises InvalidInput before the ask is used.
Templates get the same `Form` for their fields: `Form.blank(minutes=45)` to begin with, the filled one after a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from intervention.domain.errors import InvalidInput, Stale
from intervention.domain.school_time import is_planned
from intervention.domain.spans import TICK_SECONDS
from intervention.rendering import wording

E = TypeVar("E", bound=StrEnum)
_TIME = re.compile(r"\s*(\d{1,2})\s*(?:h|:)\s*(\d{2})?\s*", re.IGNORECASE)
NOBODY = UUID(int=0)
CHANGED = "changed_since"


class Form:
    def __init__(self, data: MultiDict[str, str], faults: Mapping[str, str] | None = None) -> None:
        self.data = data
        self.faults: dict[str, str] = dict(faults or {})
        self.facts: dict[str, object] = {}
        self.standing: Form | None = None

    @classmethod
    def blank(cls, **values: object) -> Form:
        """A form nobody has sent yet, with these first values."""
        return cls(MultiDict({name: str(value) for name, value in values.items() if value is not None}))

    def refused(self, refusal: InvalidInput) -> Form:
        """The same form, as filled, with the faults that a use case found."""
        self.faults.update(refusal.fields)
        self.facts.update({name: fact for name, fact in refusal.facts.items() if name != "fields"})
        return self

    def outdated(self, refusal: Stale, standing: Form, version: str = "version") -> Form:
        """The same form, as filled, with what somebody else changed since it was opened: the next press is knowing.

        `standing` is the form as it would be opened now.
        """
        self.standing = standing
        self.data = MultiDict(self.data.items(multi=True))
        self.data[version] = str(refusal.facts["version"])
        for name in refusal.facts.get("changed", ()):  # type: ignore[attr-defined]
            self.fail(name, CHANGED)
        return self

    def check(self) -> None:
        if self.faults:
            raise InvalidInput(dict(self.faults))

    # For templates

    def value(self, name: str) -> str:
        return self.data.get(name, "")

    def values(self, name: str) -> list[str]:
        return self.data.getlist(name)

    def fault(self, name: str) -> str | None:
        """The sentence for the fault of a field."""
        code = self.faults.get(name)
        return wording.say(f"field.{code}", **self.facts) if code else None

    def has_changed(self, name: str) -> bool:
        """Whether somebody else changed this field since: `standing` has its present value."""
        return self.faults.get(name) == CHANGED

    # For views

    def fail(self, name: str, code: str) -> None:
        """Record the first fault of a field; `field.<code>` words it."""
        self.faults.setdefault(name, code)

    def text(self, name: str, *, most: int = 200, required: bool = True) -> str:
        value = " ".join(self.value(name).split()) if most <= 200 else self.value(name).strip()
        if required and not value:
            self.fail(name, "required")
        if len(value) > most:
            self.fail(name, "too_long")
        return value

    def flag(self, name: str) -> bool:
        return self.value(name) in {"1", "on", "true"}

    def whole(self, name: str, *, least: int, most: int) -> int:
        raw = self.text(name, most=12)
        if name in self.faults:  # thousands of digits are no number that Python reads
            return least
        if not re.fullmatch(r"[+-]?\d+", raw, re.ASCII):
            self.fail(name, "not_a_number")
        elif not least <= int(raw) <= most:
            self.fail(name, "out_of_range")
        return least if name in self.faults else int(raw)

    def degrees(self, name: str) -> float | None:
        """Decimal degrees, with a comma or a point; None when left empty."""
        raw = self.text(name, most=30, required=False).replace(",", ".").replace("\u2212", "-")
        if not raw:
            return None
        if not re.fullmatch(r"[-+]?\d{1,3}(\.\d{1,20})?", raw, re.ASCII):
            self.fail(name, "not_degrees")
            return None
        return round(float(raw), 6)

    def choice(self, name: str, members: type[E], *, default: E | None = None) -> E:
        raw = self.value(name)
        if not raw and default is not None:
            return default
        if raw in {member.value for member in members}:
            return members(raw)
        self.fail(name, "not_a_choice" if raw else "required")
        return next(iter(members))

    def one_id(self, name: str) -> UUID:
        found = self.maybe_id(name)
        if found is None:
            self.fail(name, "required")
        return found or NOBODY

    def maybe_id(self, name: str) -> UUID | None:
        raw = self.value(name).strip()
        if not raw:
            return None
        found = id_or_none(raw)
        if found is None:
            self.fail(name, "unknown")
        return found

    def ids(self, name: str, *, least: int = 0, most: int = 50) -> tuple[UUID, ...]:
        """The distinct ids of a repeated field, in the order given."""
        raw = [each.strip() for each in self.values(name) if each.strip()]
        found = [id_or_none(each) for each in raw[: most + 1]]
        if None in found:
            self.fail(name, "unknown")
        distinct = tuple(dict.fromkeys(each for each in found if each is not None))
        if len(raw) > most:
            self.fail(name, "too_many")
        if len(distinct) < least:
            self.fail(name, "too_few" if distinct else "required")
        return distinct

    def day(self, name: str) -> date:
        raw = self.text(name, most=20)
        try:
            found = date.fromisoformat(raw) if re.fullmatch(r"\d{4}-\d\d-\d\d", raw, re.ASCII) else None
        except ValueError:
            found = None
        return found if found is not None and is_planned(found) else self._no_day(name)

    def _no_day(self, name: str) -> date:
        self.fail(name, "not_a_date")
        return date(2000, 1, 1)

    def wall_time(self, name: str) -> time:
        """`10:30`, `10 h 30`, `10h`."""
        found = wall_time_or_none(self.text(name, most=12))
        if found is None:
            self.fail(name, "not_a_time")
        return found or time(0)

    def instant(self, day_name: str, time_name: str, zone: str) -> datetime:
        """The instant of a day and a wall time in `zone`, on the 5-minute grid; an hour that the zone skips is refused.

        An hour that comes twice (the autumn change) means its first coming.
        """
        wall = datetime.combine(self.day(day_name), self.wall_time(time_name), ZoneInfo(zone))
        at = wall.astimezone(UTC)
        if at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall.replace(tzinfo=None):
            self.fail(time_name, "time_skipped")
        elif int(at.timestamp()) % TICK_SECONDS:
            self.fail(time_name, "not_on_grid")
        return at


def id_or_none(raw: str) -> UUID | None:
    """A UUID in its canonical form only."""
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", raw.lower(), re.ASCII):
        return None
    return UUID(raw)


def wall_time_or_none(raw: str) -> time | None:
    found = _TIME.fullmatch(raw)
    if not found or not raw.replace("\u00a0", " ").isascii():
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
