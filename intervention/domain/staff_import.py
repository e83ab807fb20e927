"""A board's people from a CSV file, a line per role: checked line by line, held against who is known already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from intervention.domain.accounts import Particulars
from intervention.domain.csv_table import read_table
from intervention.domain.people import BOARD_WIDE_ROLES, Discipline, Role
from intervention.domain.school_data import Fault, FaultCode

REQUIRED = ("email", "given_name", "family_name", "role")
MOST_LINES = 2_000  # each is an act of its own, under the one writer's lock: some seconds in all
OPTIONAL = ("phone", "language", "school_code", "building_code", "discipline", "home_building_code")
_ROLES: Final = {role.value: role for role in Role} | {
    "professionnel": Role.PROFESSIONAL, "professionnelle": Role.PROFESSIONAL, "enseignant": Role.TEACHER,
    "enseignante": Role.TEACHER, "direction": Role.PRINCIPAL, "secrétariat": Role.SECRETARY,
    "accompagnateur": Role.FACILITATOR, "accompagnatrice": Role.FACILITATOR, "coordination": Role.COORDINATOR,
    "administration": Role.ADMINISTRATOR, "protection": Role.PRIVACY_OFFICER,
}  # fmt: skip
_DISCIPLINES: Final = {each.value: each for each in Discipline} | {
    "orthophonie": Discipline.SPEECH_THERAPY, "psychologie": Discipline.PSYCHOLOGY,
    "psychoéducation": Discipline.PSYCHOEDUCATION, "orthopédagogie": Discipline.REMEDIAL_TEACHING,
    "ergothérapie": Discipline.OCCUPATIONAL_THERAPY, "orientation": Discipline.GUIDANCE,
    "travail social": Discipline.SOCIAL_WORK, "conseil pédagogique": Discipline.EDUCATION_CONSULTING,
}  # fmt: skip
_LANGUAGES: Final = {"": "fr", "fr": "fr", "français": "fr", "en": "en", "anglais": "en", "english": "en"}
_FAULTS: Final = {
    "required": FaultCode.MISSING_VALUE,
    "too_long": FaultCode.TOO_LONG,
    "not_an_email": FaultCode.BAD_EMAIL,
    "not_a_choice": FaultCode.UNKNOWN_LANGUAGE,
}
PLACELESS: Final = BOARD_WIDE_ROLES | {Role.PROFESSIONAL}


@dataclass(frozen=True, slots=True)
class RoleAt:
    """A role, by the codes of its place: the school's, or the building's; neither for a role of the whole board."""

    role: Role
    school_code: str = ""
    building_code: str = ""


@dataclass(frozen=True, slots=True)
class StaffLine:
    """`discipline` and `home_code` of a professional only."""

    line: int
    who: Particulars
    held: RoleAt
    discipline: Discipline | None = None
    home_code: str = ""

    @property
    def email(self) -> str:
        return self.who.email or ""


@dataclass(frozen=True, slots=True)
class StaffFile:
    """`lines` only when nothing is wrong with any."""

    lines: tuple[StaffLine, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """`service`: discipline and home building's code, once they are set."""

    who: Particulars
    roles: frozenset[RoleAt] = frozenset()
    service: tuple[Discipline, str] | None = None


@dataclass(frozen=True, slots=True)
class KnownStaff:
    """The board's own people by e-mail; `elsewhere`: addresses of people who belong to another board."""

    people: Mapping[str, StoredPerson] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()
    schools: frozenset[str] = frozenset()
    buildings: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StaffPlan:
    """`added`: the first line of each newcomer; `changed`: who is not as stored; then roles, and services to set."""

    added: tuple[StaffLine, ...] = ()
    changed: tuple[StaffLine, ...] = ()
    granted: tuple[StaffLine, ...] = ()
    set_up: tuple[StaffLine, ...] = ()
    refused: tuple[Fault, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        return not (self.added or self.changed or self.granted or self.set_up)


def read_staff(content: bytes) -> StaffFile:
    """Every line with its faults, or every role. Never raises on any bytes."""
    table = read_table(content, REQUIRED, OPTIONAL)
    if len(table.rows) > MOST_LINES:
        return StaffFile(faults=(Fault(0, FaultCode.TOO_MANY_ROWS),))
    lines: list[StaffLine] = []
    faults = list(table.faults)
    first: dict[str, StaffLine] = {}
    held: dict[tuple[str, RoleAt], int] = {}
    for number, cells in table.rows:
        line, found = _line(number, cells)
        lines.append(line)
        faults += found
        if line.email:
            same = first.setdefault(line.email, line)
            if same.who != line.who:
                faults.append(Fault(number, FaultCode.TWO_PEOPLE, "email", same.line))
            if held.setdefault((line.email, line.held), number) != number:
                faults.append(Fault(number, FaultCode.REPEATED_ROLE, "role", held[line.email, line.held]))
    return StaffFile((), tuple(sorted(faults))) if faults else StaffFile(tuple(lines))


def plan_staff(known: KnownStaff, file: StaffFile) -> StaffPlan:
    """Nothing is added and changed unless everything can be."""
    faults = [*file.faults, *(fault for line in file.lines for fault in _unknown(known, line))]
    if faults:
        return StaffPlan(refused=tuple(sorted(faults)))
    first: dict[str, StaffLine] = {}
    for line in file.lines:
        first.setdefault(line.email, line)
    stored = known.people
    return StaffPlan(
        tuple(line for email, line in first.items() if email not in stored),
        tuple(line for email, line in first.items() if email in stored and _said(line, stored[email]) != line.who),
        tuple(line for line in file.lines if line.email not in stored or line.held not in stored[line.email].roles),
        tuple(line for line in file.lines if line.discipline and _service(known, line) != _wanted(line)),
    )


def as_stored(line: StaffLine, stored: Particulars) -> Particulars:
    """What the file makes of somebody: a file without a telephone number takes none away."""
    who = line.who
    return Particulars(who.given_name, who.family_name, who.email, who.phone or stored.phone, who.locale)


def _said(line: StaffLine, stored: StoredPerson) -> Particulars:
    who = stored.who
    return Particulars(who.given_name, who.family_name, who.email, who.phone if line.who.phone else None, who.locale)


def _service(known: KnownStaff, line: StaffLine) -> tuple[Discipline, str] | None:
    person = known.people.get(line.email)
    return person.service if person else None


def _wanted(line: StaffLine) -> tuple[Discipline | None, str]:
    return line.discipline, line.home_code


def _line(number: int, cells: Mapping[str, str]) -> tuple[StaffLine, list[Fault]]:
    role = _ROLES.get(cells["role"].lower())
    discipline = _DISCIPLINES.get(cells.get("discipline", "").lower())
    language = cells.get("language", "").lower()
    who = Particulars(
        cells["given_name"], cells["family_name"], cells["email"] or None, cells.get("phone"),
        _LANGUAGES.get(language, language),
    ).tidied()  # fmt: skip
    line = StaffLine(
        number, who, RoleAt(role or Role.TEACHER, cells.get("school_code", ""), cells.get("building_code", "")),
        discipline, cells.get("home_building_code", ""),
    )  # fmt: skip
    faults = [Fault(number, _FAULTS[code], _COLUMN.get(name, name)) for name, code in who.faults().items()]
    if who.email is None:
        faults.append(Fault(number, FaultCode.MISSING_VALUE, "email"))
    if role is None:
        return line, [*faults, Fault(number, FaultCode.UNKNOWN_ROLE, "role")]
    return line, [*faults, *_shape(line, is_discipline_said=bool(cells.get("discipline")))]


_COLUMN: Final = {"locale": "language"}


def _shape(line: StaffLine, *, is_discipline_said: bool) -> Iterator[Fault]:
    """What goes with the role: a place where it has one, a service and a base for a professional."""
    held = line.held
    if held.role in PLACELESS and (held.school_code or held.building_code):
        yield Fault(line.line, FaultCode.PLACE_NOT_WANTED, "school_code" if held.school_code else "building_code")
    if held.role not in PLACELESS and bool(held.school_code) == bool(held.building_code):
        yield Fault(line.line, FaultCode.ONE_PLACE, "school_code")
    if held.role is Role.FACILITATOR and held.school_code:
        yield Fault(line.line, FaultCode.BUILDING_WANTED, "school_code")
    if held.role is not Role.PROFESSIONAL:
        if is_discipline_said or line.home_code:
            yield Fault(
                line.line, FaultCode.SERVICE_NOT_WANTED, "discipline" if is_discipline_said else "home_building_code"
            )
        return
    if line.discipline is None:
        code = FaultCode.UNKNOWN_DISCIPLINE if is_discipline_said else FaultCode.MISSING_VALUE
        yield Fault(line.line, code, "discipline")
    if not line.home_code:
        yield Fault(line.line, FaultCode.MISSING_VALUE, "home_building_code")


def _unknown(known: KnownStaff, line: StaffLine) -> Iterator[Fault]:
    if line.email in known.elsewhere:
        yield Fault(line.line, FaultCode.KNOWN_ELSEWHERE, "email")
    for column, code, there in (
        ("school_code", line.held.school_code, known.schools),
        ("building_code", line.held.building_code, known.buildings),
        ("home_building_code", line.home_code, known.buildings),
    ):
        if code and code not in there:
            yield Fault(line.line, FaultCode.UNKNOWN_CODE, column)
