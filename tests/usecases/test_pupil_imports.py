"""A board's pupils from a file: shown, applied, twice; every fault with its line; the others and the stranger."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from intervention.domain.errors import NotAllowed, NotFound
from intervention.domain.pupil_import import read_pupils
from intervention.domain.school_data import FaultCode
from intervention.queries.catalogue import catalogue
from intervention.records.people import ClassGroup, Pupil
from intervention.rendering.pupil_report import report
from intervention.usecases.pupil_imports import ImportPupils, import_pupils, import_pupils_as_operator
from intervention.usecases.pupils import archive_pupil
from intervention.usecases.work import Work
from tests.builders import a_class, school_of
from tests.usecases.office import OTHERS, Office, an_office

HEADER = "code,given_name,family_name,level,grade,class,school_code,building_code,born_month"


@pytest.fixture
def office(work: Work) -> Office:
    return an_office(work.session)


def row(office: Office, code: str, *, name: str = "Hautetour", group: str = "4B", rest: str = "") -> str:
    place = office.world.anse.code
    return f"{code},Alizée,{name},primaire,4e,{group},{place},{place},{rest}"


def a_file(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join([HEADER, *lines]).encode(encoding)


def run(work: Work, office: Office, content: bytes, *, is_applied: bool = True):
    return import_pupils(work, office.ines, ImportPupils(read_pupils(content), is_applied=is_applied))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_pupils_and_their_classes_come_in_once(work: Work, office: Office, encoding: str) -> None:
    content = a_file(row(office, "E-900"), row(office, "E-901", group=""), encoding=encoding)

    shown = run(work, office, content, is_applied=False)
    assert work.session.scalar(select(func.count()).select_from(Pupil)) == 2
    applied = run(work, office, content)
    again = run(work, office, content)

    assert [line.facts.code for line in shown.added] == ["E-900", "E-901"]
    assert (applied.added, applied.absent) == (shown.added, 2)
    assert again.changes_nothing
    assert office.trail == ["pupils_imported"]
    first = work.session.scalars(select(Pupil).where(Pupil.code == "E-900")).one()
    group = work.session.get_one(ClassGroup, first.class_group_id)
    assert (first.given_name, group.name, group.school_id) == (
        "Alizée", "4B", school_of(work.session, office.world.anse).id,
    )  # fmt: skip
    assert first.id in catalogue(work.session, office.world.board.id).pupils


def test_a_change_names_its_columns_and_no_one(work: Work, office: Office) -> None:
    run(work, office, a_file(row(office, "E-900")))
    archive_pupil(work, office.ines, work.session.scalars(select(Pupil.id).where(Pupil.code == "E-900")).one())

    plan = run(work, office, a_file(row(office, "E-900", name="Bassetour", group="")))

    [change] = plan.changed
    assert change.names == ("family_name", "class", "archived")
    pupil = work.session.scalars(select(Pupil).where(Pupil.code == "E-900")).one()
    work.session.refresh(pupil)
    assert (pupil.family_name, pupil.class_group_id, pupil.archived_on) == ("Bassetour", None, None)
    told = "\n".join(report(plan, is_applied=True))
    assert "E-900" in told
    assert not any(word in told for word in ("tour", "Alizée"))


def test_a_month_is_kept_by_a_file_without_any(work: Work, office: Office) -> None:
    place = office.world.anse.code
    older = f"E-900,Alizée,Hautetour,secondary,2,,{place},{place},"
    run(work, office, a_file(older + "2012-05"))

    assert run(work, office, a_file(older)).changes_nothing
    run(work, office, a_file(row(office, "E-900", group="")))
    assert work.session.scalars(select(Pupil.born_month).where(Pupil.code == "E-900")).one() is None


def test_every_bad_line_is_told_and_nothing_applied(work: Work, office: Office) -> None:
    closed = a_class(work.session, office.world.anse, "9Z")
    closed.is_active = False
    work.session.flush()
    place = office.world.anse.code
    content = a_file(
        row(office, "E-900"),
        row(office, "Hautetour"),
        row(office, "E-900"),
        f"E-902,,Hautetour,maternelle,4e,,{place},{place},",
        f"E-903,A,B,primary,4e,,{place},ailleurs,",
        row(office, "E-904", rest="2016-02"),
        "E-905,trop,court",
        row(office, "E-906", group="x" * 41),
    )

    plan = run(work, office, content)

    assert [(f.line, f.code, f.column) for f in plan.refused] == [
        (3, FaultCode.BAD_PUPIL_CODE, "code"),
        (4, FaultCode.REPEATED_CODE, "code"),
        (5, FaultCode.MISSING_VALUE, "given_name"),
        (5, FaultCode.UNKNOWN_LEVEL, "level"),
        (7, FaultCode.BAD_MONTH, "born_month"),
        (8, FaultCode.WRONG_CELL_COUNT, ""),
        (9, FaultCode.TOO_LONG, "class"),
    ]
    assert not any("tour" in line for line in report(plan, is_applied=True))
    places = run(work, office, a_file(f"E-903,A,B,primary,4e,,{place},ailleurs,", row(office, "E-904", group="9Z")))
    assert [(f.line, f.code) for f in places.refused] == [(2, FaultCode.UNKNOWN_PLACE), (3, FaultCode.CLASS_ELSEWHERE)]
    assert work.session.scalar(select(func.count()).select_from(Pupil)) == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", FaultCode.FILE_EMPTY),
        (b"\xef\xbb\xbf\r\n", FaultCode.FILE_EMPTY),
        (b"x" * (5 * 1024 * 1024 + 1), FaultCode.FILE_TOO_LARGE),
        (HEADER.encode(), FaultCode.NO_ROWS),
        (HEADER.encode("utf-16"), FaultCode.UNKNOWN_ENCODING),
        (b"code,level\nE-1,primary", FaultCode.MISSING_COLUMN),
        (f"{HEADER},code\n".encode(), FaultCode.REPEATED_COLUMN),
        (f'{HEADER}\n"E-1'.encode(), FaultCode.BAD_QUOTING),
    ],
)
def test_a_file_that_is_none_is_refused_whole(content: bytes, code: FaultCode) -> None:
    assert {fault.code for fault in read_pupils(content).faults} == {code}


def test_five_thousand_rows_and_their_classes(work: Work, office: Office) -> None:
    content = a_file(*(row(office, f"Z-{n}", group=f"{n % 200}") for n in range(5000)))

    plan = run(work, office, content)

    assert (len(plan.added), len(plan.new_classes)) == (5000, 200)
    assert work.session.scalar(select(func.count()).select_from(Pupil)) == 5002
    assert run(work, office, content).changes_nothing


def test_who_may(work: Work, office: Office) -> None:
    ask = ImportPupils(read_pupils(a_file(row(office, "E-900"))), is_applied=True)
    for other in office.holding(*OTHERS):
        with pytest.raises(NotAllowed) as refusal:
            import_pupils(work, other, ask)
        assert refusal.value.facts == {"because": "not_edit_pupils"}
    stranger = import_pupils(work, office.stranger(), ask)
    assert [fault.code for fault in stranger.refused] == [FaultCode.UNKNOWN_PLACE]
    with pytest.raises(NotFound):
        import_pupils_as_operator(work, "nulle-part", ask)
    assert len(import_pupils_as_operator(work, office.world.board.code, ask).added) == 1
