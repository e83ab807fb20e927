"""What a board writes down of a pupil, and no more: a code to say aloud, a name, where she is, sometimes her month."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from intervention.domain.legal_time import plain
from intervention.domain.people import Level

# With a figure, so that no name can stand for a code; a code is read by people who may not read the name.
PUPIL_CODE = re.compile(r"(?=[A-Za-z-]*[0-9])[A-Za-z0-9-]{1,16}", re.ASCII)
CODE_START = re.compile(r"[A-Za-z]{0,3}-?[0-9][A-Za-z0-9-]{0,12}|[A-Za-z]{1,3}-?", re.ASCII)
_MONTH = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])", re.ASCII)
MAX_NAME, MAX_GRADE = 80, 20
_SHORT_WORD = 3


@dataclass(frozen=True, slots=True)
class PupilFacts:
    """`born_month` is YYYY-MM. `is_age_needed`: somebody says that consent depends on whether she is 14."""

    code: str
    given_name: str
    family_name: str
    level: Level
    grade: str | None = None
    born_month: str | None = None
    is_age_needed: bool = False


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The school, the building where it teaches her, and her class there if she has one."""

    school_id: UUID
    building_id: UUID
    class_group_id: UUID | None = None


def pupil_faults(facts: PupilFacts) -> dict[str, str]:
    """A fault code per field."""
    faults: dict[str, str] = {}
    if not PUPIL_CODE.fullmatch(facts.code):
        faults["code"] = "not_a_pupil_code" if facts.code else "required"
    for field, value in (("given_name", facts.given_name), ("family_name", facts.family_name)):
        if not value.strip():
            faults[field] = "required"
        elif len(value) > MAX_NAME:
            faults[field] = "too_long"
    if facts.grade and len(facts.grade) > MAX_GRADE:
        faults["grade"] = "too_long"
    if fault := _month_fault(facts):
        faults["born_month"] = fault
    return faults


def _month_fault(facts: PupilFacts) -> str | None:
    """The age of 14 changes who consents (Code civil, art. 14); before secondary school nobody comes near it."""
    if not facts.born_month:
        return None
    if not _MONTH.fullmatch(facts.born_month):
        return "not_a_month"
    if facts.level is not Level.SECONDARY:
        return "age_not_needed"
    return None if facts.is_age_needed else "age_reason_missing"


def names_somebody(label: str, names: Iterable[str]) -> bool:
    """Whether a word of the label is a word of one of the names, accents and case aside; « de » and « le » are not."""
    said = set(plain(label).split())
    return any(word in said for name in names for word in plain(name).split() if len(word) >= _SHORT_WORD)
