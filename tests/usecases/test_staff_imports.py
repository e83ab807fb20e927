"""A board's people from a file: shown, applied, twice; every fault with its line; the others and the stranger."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from intervention.domain.errors import NotAllowed, NotFound
from intervention.domain.people import Discipline, Role
from intervention.domain.school_data import FaultCode
from intervention.domain.staff_import import MOST_LINES, StaffPlan, read_staff
from intervention.queries.catalogue import catalogue
from intervention.records.people import Facilitator, Membership, Person, Professional
from intervention.rendering.staff_report import report
from intervention.usecases.staff_imports import ImportStaff, import_staff, import_staff_as_operator
from intervention.usecases.work import Work
from tests.builders import a_person
from tests.usecases.office import OTHERS, Office, an_office

HEADER = "email,given_name,family_name,role,phone,language,school_code,building_code,discipline,home_building_code"


@pytest.fixture
def office(work: Work) -> Office:
    return an_office(work.session)


def a_file(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join([HEADER, *lines]).encode(encoding)


def everybody(office: Office) -> bytes:
    place, base = office.world.anse.code, office.world.base.code
    return a_file(
        f"Solène@caps.example,Solène,Hauterive,professionnelle,,,,,orthophonie,{base}",
        f"nora@caps.example,Nora,Bassetour,enseignante,,en,{place},,,",
        f"nora@caps.example,Nora,Bassetour,direction,,en,{place},,,",
        f"jules@caps.example,Jules,Grandvent,accompagnateur,418 555-0101,,,{place},,",
        "omer@caps.example,Omer,Belmont,coordination,,,,,,",
        encoding="cp1252",
    )


def run(work: Work, office: Office, content: bytes, *, is_applied: bool = True) -> StaffPlan:
    return import_staff(work, office.ines, ImportStaff(read_staff(content), is_applied=is_applied))


def people(work: Work) -> int:
    return work.session.scalar(select(func.count()).select_from(Person)) or 0


def named(work: Work, email: str) -> Person:
    return work.session.scalars(select(Person).where(Person.email == email)).one()


def test_people_with_their_roles_come_in_once(work: Work, office: Office) -> None:
    before = people(work)
    shown = run(work, office, everybody(office), is_applied=False)
    assert people(work) == before

    applied, again = run(work, office, everybody(office)), run(work, office, everybody(office))

    assert (len(shown.added), len(shown.granted), len(shown.set_up)) == (4, 5, 1)
    assert applied == shown
    assert again.changes_nothing
    assert people(work) == before + 4
    solene = named(work, "solène@caps.example")
    service = work.session.get_one(Professional, solene.id)
    assert (service.discipline, service.home_building_id) == (Discipline.SPEECH_THERAPY, office.world.base.id)
    assert solene.id in catalogue(work.session, office.world.board.id).professionals
    assert work.session.get_one(Facilitator, named(work, "jules@caps.example").id).building_id == office.world.anse.id
    nora = named(work, "nora@caps.example")
    held = set(work.session.scalars(select(Membership.role).where(Membership.person_id == nora.id)))
    assert (nora.locale, held) == ("en", {Role.TEACHER, Role.PRINCIPAL})
    assert nora.password_hash is None


def test_a_second_file_changes_who_and_where_and_takes_nothing_away(work: Work, office: Office) -> None:
    run(work, office, everybody(office))
    place, anse = office.world.pointe.code, office.world.anse.code

    plan = run(
        work, office,
        a_file(
            f"solène@caps.example,Solène,Hauterive,professional,,,,,psychology,{anse}",
            f"jules@caps.example,Jules,Petitvent,facilitator,,,,{place},,",
        ),
    )  # fmt: skip

    assert [line.email for line in plan.changed] == ["jules@caps.example"]
    assert [line.email for line in plan.granted] == ["jules@caps.example"]
    jules = named(work, "jules@caps.example")
    assert (jules.family_name, jules.phone) == ("Petitvent", "418 555-0101")
    assert work.session.get_one(Facilitator, jules.id).building_id == office.world.pointe.id
    service = work.session.get_one(Professional, named(work, "solène@caps.example").id)
    assert (service.discipline, service.home_building_id) == (Discipline.PSYCHOLOGY, office.world.anse.id)
    assert named(work, "omer@caps.example").disabled_at is None


FAULTY = {
    "pas une adresse,A,B,coordination,,,,,,": FaultCode.BAD_EMAIL,
    ",A,B,coordination,,,,,,": FaultCode.MISSING_VALUE,
    "a@caps.example,,B,coordination,,,,,,": FaultCode.MISSING_VALUE,
    f"a@caps.example,{'A' * 81},B,coordination,,,,,,": FaultCode.TOO_LONG,
    "a@caps.example,A,B,concierge,,,,,,": FaultCode.UNKNOWN_ROLE,
    "a@caps.example,A,B,coordination,,latin,,,,": FaultCode.UNKNOWN_LANGUAGE,
    "a@caps.example,A,B,coordination,,,ANSE,,,": FaultCode.PLACE_NOT_WANTED,
    "a@caps.example,A,B,direction,,,,,,": FaultCode.ONE_PLACE,
    "a@caps.example,A,B,direction,,,ANSE,ANSE,,": FaultCode.ONE_PLACE,
    "a@caps.example,A,B,direction,,,NULLE-PART,,,": FaultCode.UNKNOWN_CODE,
    "a@caps.example,A,B,accompagnateur,,,ANSE,,,": FaultCode.BUILDING_WANTED,
    "a@caps.example,A,B,coordination,,,,,orthophonie,": FaultCode.SERVICE_NOT_WANTED,
    "a@caps.example,A,B,professionnel,,,,,danse,ANSE": FaultCode.UNKNOWN_DISCIPLINE,
    "a@caps.example,A,B,professionnel,,,,,orthophonie,": FaultCode.MISSING_VALUE,
    "a@caps.example,A,B,coordination,,,,,": FaultCode.WRONG_CELL_COUNT,
}


@pytest.mark.parametrize(("line", "code"), FAULTY.items())
def test_a_bad_line_is_told_and_nothing_is_applied(work: Work, office: Office, line: str, code: FaultCode) -> None:
    before = people(work)
    good = "ok@caps.example,A,B,coordination,,,,,,"

    plan = run(work, office, a_file(good, line.replace("ANSE", office.world.anse.code)))

    assert (3, code) in {(fault.line, fault.code) for fault in plan.refused}
    assert people(work) == before
    assert next(report(plan, is_applied=True)).startswith("Rien n’est appliqué")


def test_lines_that_contradict_each_other_are_told(work: Work, office: Office) -> None:
    plan = run(
        work, office,
        a_file(
            "a@caps.example,A,B,coordination,,,,,,", "A@caps.example,A,Autre,administration,,,,,,",
            "a@caps.example,A,B,coordination,,,,,,",
        ),
    )  # fmt: skip

    assert {(fault.line, fault.code, fault.other_line) for fault in plan.refused} == {
        (3, FaultCode.TWO_PEOPLE, 2), (4, FaultCode.REPEATED_ROLE, 2),
    }  # fmt: skip


def test_somebody_of_another_board_is_not_taken_over(work: Work, office: Office) -> None:
    stranger = office.stranger()
    email = work.session.get_one(Person, stranger.person_id).email

    plan = run(work, office, a_file(f"{email},A,B,coordination,,,,,,"))

    assert [fault.code for fault in plan.refused] == [FaultCode.KNOWN_ELSEWHERE]


def test_only_an_administrator_imports(work: Work, office: Office) -> None:
    for other in office.holding(*OTHERS):
        with pytest.raises(NotAllowed):
            import_staff(work, other, ImportStaff(read_staff(everybody(office))))


def test_operator_acts_in_the_name_of_an_administrator(work: Work, office: Office) -> None:
    ask = ImportStaff(read_staff(everybody(office)), is_applied=True)
    colette = a_person(work.session, office.world.board, "Colette", Role.COORDINATOR)
    email = str(work.session.get_one(Person, office.ines.person_id).email)

    with pytest.raises(NotFound):
        import_staff_as_operator(work, "personne@caps.example", ask)
    with pytest.raises(NotAllowed):
        import_staff_as_operator(work, str(colette.email), ask)
    assert len(import_staff_as_operator(work, email, ask).added) == 4


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00\x00", b'email,"', b"email;role\n", HEADER.encode(), b"\0" * 50]
)
def test_any_bytes_are_a_refusal(content: bytes) -> None:
    assert read_staff(content).faults
    assert not read_staff(content).lines


def test_a_file_that_would_hold_the_database_for_long_is_to_be_cut() -> None:
    lines = [f"n{n}@caps.example,A,B,coordination,,,,,," for n in range(MOST_LINES + 1)]

    assert [fault.code for fault in read_staff(a_file(*lines)).faults] == [FaultCode.TOO_MANY_ROWS]
    assert len(read_staff(a_file(*lines[1:])).lines) == MOST_LINES
