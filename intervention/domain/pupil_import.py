"""A board's pupils from a CSV file: checked line by line, held against what is stored. Says codes, never names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from uuid import UUID

from intervention.domain.csv_table import read_table
from intervention.domain.people import Level
from intervention.domain.pupils import PupilFacts, pupil_faults
from intervention.domain.school_data import Fault, FaultCode

MAX_CLASS = 40
REQUIRED = ("code", "given_name", "family_name", "level", "grade", "class", "school_code", "building_code")
OPTIONAL = ("born_month",)
_LEVELS = {level.value: level for level in Level} | {
    "préscolaire": Level.PRESCHOOL, "primaire": Level.PRIMARY, "secondaire": Level.SECONDARY,
}  # fmt: skip
_FAULTS = {
    "required": FaultCode.MISSING_VALUE,
    "too_long": FaultCode.TOO_LONG,
    "not_a_pupil_code": FaultCode.BAD_PUPIL_CODE,
    "not_a_month": FaultCode.BAD_MONTH,
    "age_not_needed": FaultCode.BAD_MONTH,
}


@dataclass(frozen=True, slots=True)
class PupilLine:
    """One pupil of the file. `class_name` is empty for nobody's class; a month given is a month needed."""

    line: int
    facts: PupilFacts
    class_name: str
    school_code: str
    building_code: str


@dataclass(frozen=True, slots=True)
class PupilFile:
    """`lines` only when nothing is wrong with any."""

    lines: tuple[PupilLine, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredPupil:
    """As the database has it, in the file's own terms."""

    id: UUID
    facts: PupilFacts
    class_name: str
    school_code: str
    building_code: str
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class PupilChange:
    """`names` are the columns that differ; `archived` among them: the pupil comes back."""

    line: PupilLine
    stored: StoredPupil
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PupilPlan:
    """What the file changes. `new_classes`: (building code, school code, name, level); `absent`: stored, not in it."""

    added: tuple[PupilLine, ...] = ()
    changed: tuple[PupilChange, ...] = ()
    new_classes: tuple[tuple[str, str, str, Level], ...] = ()
    absent: int = 0
    refused: tuple[Fault, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        return not (self.added or self.changed)


@dataclass(frozen=True, slots=True)
class Known:
    """The board: its pupils by code, its (school, building) codes, its classes by (building, name) → school code.

    A class out of service has no school: nobody is put in it, and its name stays its own.
    """

    pupils: Mapping[str, StoredPupil] = field(default_factory=dict)
    places: frozenset[tuple[str, str]] = frozenset()
    classes: Mapping[tuple[str, str], str] = field(default_factory=dict)


def read_pupils(content: bytes) -> PupilFile:
    """Every line with its faults, or every pupil. Never raises on any bytes."""
    table = read_table(content, REQUIRED, OPTIONAL)
    lines: list[PupilLine] = []
    faults = list(table.faults)
    first: dict[str, int] = {}
    for number, cells in table.rows:
        line, found = _line(number, cells)
        if line.facts.code and first.setdefault(line.facts.code, number) != number:
            found.append(Fault(number, FaultCode.REPEATED_CODE, "code", first[line.facts.code]))
        lines.append(line)
        faults += found
    return PupilFile((), tuple(sorted(faults))) if faults else PupilFile(tuple(lines))


def _line(number: int, cells: Mapping[str, str]) -> tuple[PupilLine, list[Fault]]:
    level = _LEVELS.get(cells["level"].lower())
    month = cells.get("born_month") or None
    facts = PupilFacts(
        cells["code"], cells["given_name"], cells["family_name"], level or Level.SECONDARY, cells["grade"] or None,
        month, is_age_needed=month is not None,
    )  # fmt: skip
    faults = [Fault(number, _FAULTS[code], name) for name, code in pupil_faults(facts).items()]
    if level is None:
        faults.append(Fault(number, FaultCode.UNKNOWN_LEVEL, "level"))
    if len(cells["class"]) > MAX_CLASS:
        faults.append(Fault(number, FaultCode.TOO_LONG, "class"))
    return PupilLine(number, facts, cells["class"], cells["school_code"], cells["building_code"]), faults


def plan_pupils(known: Known, file: PupilFile) -> PupilPlan:
    """Nothing is added and changed unless everything can be."""
    faults = list(file.faults)
    added, changed = [], []
    classes: dict[tuple[str, str], tuple[str, str, str, Level]] = {}
    for line in file.lines:
        faults += _place_faults(known, line)
        key = (line.building_code, line.class_name)
        if line.class_name and key not in known.classes:
            made = (line.building_code, line.school_code, line.class_name, line.facts.level)
            if classes.setdefault(key, made)[1] != line.school_code:
                faults.append(Fault(line.line, FaultCode.CLASS_ELSEWHERE, "class"))
        stored = known.pupils.get(line.facts.code)
        if stored is None:
            added.append(line)
        elif names := _differing(line, stored):
            changed.append(PupilChange(line, stored, names))
    if faults:
        return PupilPlan(refused=tuple(sorted(faults)))
    said = {line.facts.code for line in file.lines}
    absent = sum(not stored.is_archived for code, stored in known.pupils.items() if code not in said)
    return PupilPlan(tuple(added), tuple(changed), tuple(classes.values()), absent)


def _place_faults(known: Known, line: PupilLine) -> Iterator[Fault]:
    if (line.school_code, line.building_code) not in known.places:
        yield Fault(line.line, FaultCode.UNKNOWN_PLACE, "school_code")
    elif line.class_name:
        school = known.classes.get((line.building_code, line.class_name), line.school_code)
        if school != line.school_code:
            yield Fault(line.line, FaultCode.CLASS_ELSEWHERE, "class")


def _differing(line: PupilLine, stored: StoredPupil) -> tuple[str, ...]:
    """A file without months of birth takes none away."""
    names = [f.name for f in fields(PupilFacts) if f.name not in {"code", "is_age_needed"}]
    if line.facts.born_month is None:
        names.remove("born_month")
    found = [name for name in names if getattr(line.facts, name) != getattr(stored.facts, name)]
    for column, name in (("class", "class_name"), ("school_code",) * 2, ("building_code",) * 2):
        if getattr(line, name) != getattr(stored, name):
            found.append(column)
    return (*found, "archived") if stored.is_archived else tuple(found)
