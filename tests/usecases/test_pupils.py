"""The pupils of a board: added, edited, moved, archived; each refusal, the others of the board, the stranger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from intervention.domain.errors import NotAllowed, NotFound
from intervention.domain.people import Level, ResourceKind
from intervention.domain.permissions import Actor
from intervention.domain.pupils import Enrolment, PupilFacts
from intervention.queries.catalogue import catalogue
from intervention.queries.pupil_roll import RollAsk, kept_pupil, roll, roll_choices
from intervention.records.access_log import AccessLogEntry
from intervention.records.people import Pupil, Resource
from intervention.usecases.booking import book
from intervention.usecases.pupils import add_pupil, archive_pupil, edit_pupil, move_pupil, restore_pupil
from intervention.usecases.work import Work
from tests.builders import a_class, actor, changed, school_of
from tests.usecases.booking_world import at, remote
from tests.usecases.office import OTHERS, Office, an_office, faults

FACTS = PupilFacts("E-900", "Alizée", "Hautetour", Level.PRIMARY, "4e année")
OLDER = replace(FACTS, level=Level.SECONDARY)


@pytest.fixture
def office(work: Work) -> Office:
    return an_office(work.session)


def at_anse(office: Office, class_group_id=None) -> Enrolment:
    return Enrolment(school_of(office.session, office.world.anse).id, office.world.anse.id, class_group_id)


def at_pointe(office: Office, class_group_id=None) -> Enrolment:
    return Enrolment(school_of(office.session, office.world.pointe).id, office.world.pointe.id, class_group_id)


def test_add_pupil_makes_somebody_who_can_be_booked(work: Work, office: Office) -> None:
    group, before = a_class(work.session, office.world.anse), office.version

    pupil_id = add_pupil(work, office.ines, FACTS, at_anse(office, group.id))

    pupil = work.session.get_one(Pupil, pupil_id)
    assert (pupil.code, pupil.family_name, pupil.grade, pupil.class_group_id) == (
        "E-900", "Hautetour", "4e année", group.id,
    )  # fmt: skip
    assert work.session.get_one(Resource, pupil_id).kind is ResourceKind.PUPIL
    assert catalogue(work.session, office.world.board.id).pupils[pupil_id].building == office.world.anse.id
    assert (office.version > before, office.trail) == (True, ["pupil_added"])


def test_the_trail_holds_no_name(work: Work, office: Office) -> None:
    pupil_id = add_pupil(work, office.ines, FACTS, at_anse(office))
    edit_pupil(work, office.ines, pupil_id, replace(FACTS, family_name="Bassetour"))

    told = [str(entry.facts) for entry in work.session.scalars(select(AccessLogEntry))]
    assert len(told) == 2
    assert not any(name in each for each in told for name in ("tour", "Alizée"))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (replace(FACTS, code=""), {"code": "required"}),
        (replace(FACTS, code="E-101"), {"code": "code_taken"}),
        (replace(FACTS, code="Hautetour"), {"code": "not_a_pupil_code"}),
        (replace(FACTS, code="E 900"), {"code": "not_a_pupil_code"}),
        (replace(FACTS, code="E-" + "9" * 15), {"code": "not_a_pupil_code"}),
        (replace(FACTS, given_name=" ", family_name="x" * 81), {"given_name": "required", "family_name": "too_long"}),
        (replace(FACTS, grade="x" * 21), {"grade": "too_long"}),
        (replace(FACTS, born_month="2012-05", is_age_needed=True), {"born_month": "age_not_needed"}),
        (replace(OLDER, born_month="2012-05"), {"born_month": "age_reason_missing"}),
        (replace(OLDER, born_month="2012-13", is_age_needed=True), {"born_month": "not_a_month"}),
    ],
)
def test_faults_are_named(work: Work, office: Office, facts: PupilFacts, expected: dict[str, str]) -> None:
    kept = add_pupil(work, office.ines, replace(FACTS, code="E-901"), at_anse(office))

    assert faults(lambda: add_pupil(work, office.ines, facts, at_anse(office))) == expected
    assert faults(lambda: edit_pupil(work, office.ines, kept, facts)) == expected


def test_a_month_of_birth_is_kept_while_it_is_needed(work: Work, office: Office) -> None:
    needed = replace(OLDER, born_month="2012-05", is_age_needed=True)
    pupil_id = add_pupil(work, office.ines, needed, at_anse(office))
    assert kept_pupil(work.session, office.ines, pupil_id).facts == needed

    edit_pupil(work, office.ines, pupil_id, replace(OLDER, born_month=None))

    assert work.session.get_one(Pupil, pupil_id).born_month is None


def test_a_pupil_is_put_where_a_school_teaches(work: Work, office: Office) -> None:
    elsewhere = a_class(work.session, office.world.pointe)
    gone = a_class(work.session, office.world.anse, "9Z")
    gone.is_active = False
    changed(work.session, gone)
    school = at_anse(office).school_id

    for enrolment, expected in (
        (Enrolment(school, office.world.pointe.id), {"school": "unknown"}),
        (Enrolment(uuid4(), office.world.anse.id), {"school": "unknown"}),
        (at_anse(office, elsewhere.id), {"class_group": "class_elsewhere"}),
        (at_anse(office, gone.id), {"class_group": "class_elsewhere"}),
        (at_anse(office, uuid4()), {"class_group": "class_elsewhere"}),
    ):
        assert faults(lambda to=enrolment: add_pupil(work, office.ines, FACTS, to)) == expected
        assert faults(lambda to=enrolment: move_pupil(work, office.ines, office.world.leo.id, to)) == expected


def test_move_pupil_tells_what_stays_behind(work: Work, office: Office) -> None:
    book(work, actor(work.session, office.world.mireille), remote(office.world, at("2026-11-24 10:30")))
    group = a_class(work.session, office.world.pointe)

    assert move_pupil(work, office.ines, office.world.leo.id, at_anse(office)) == 0
    assert move_pupil(work, office.ines, office.world.leo.id, at_pointe(office, group.id)) == 1

    assert (office.world.leo.building_id, office.world.leo.class_group_id) == (office.world.pointe.id, group.id)
    assert catalogue(work.session, office.world.board.id).pupils[office.world.leo.id].building == office.world.pointe.id


def test_an_archived_pupil_is_on_no_list_and_comes_back(work: Work, office: Office) -> None:
    leo = office.world.leo

    archive_pupil(work, office.ines, leo.id)
    archive_pupil(work, office.ines, leo.id)

    assert leo.id not in {line.id for line in roll(work.session, office.ines, RollAsk()).lines}
    assert [line.id for line in roll(work.session, office.ines, RollAsk(is_archived=True)).lines] == [leo.id]
    with pytest.raises(NotFound):
        book(work, actor(work.session, office.world.mireille), remote(office.world, at("2026-11-24 10:30")))
    restore_pupil(work, office.ines, leo.id)
    restore_pupil(work, office.ines, leo.id)
    assert book(work, actor(work.session, office.world.mireille), remote(office.world, at("2026-11-24 10:30")))
    assert office.trail.count("pupil_archived") == office.trail.count("pupil_restored") == 1


def test_who_comes_back_leaves_a_class_that_is_gone(work: Work, office: Office) -> None:
    group = a_class(work.session, office.world.anse)
    move_pupil(work, office.ines, office.world.leo.id, at_anse(office, group.id))
    archive_pupil(work, office.ines, office.world.leo.id)
    group.is_active = False
    changed(work.session, group)

    restore_pupil(work, office.ines, office.world.leo.id)

    assert office.world.leo.class_group_id is None


def test_a_pupil_with_encounters_to_come_is_not_archived(work: Work, office: Office) -> None:
    book(work, actor(work.session, office.world.mireille), remote(office.world, at("2026-11-24 10:30")))

    assert faults(lambda: archive_pupil(work, office.ines, office.world.leo.id)) == {"archive": "used_to_come"}
    assert office.world.leo.archived_on is None


def test_the_roll_is_searched_and_paged_by_code(work: Work, office: Office) -> None:
    group = a_class(work.session, office.world.anse)
    for n in range(120):
        add_pupil(work, office.ines, replace(FACTS, code=f"Z-{n:03}"), at_anse(office, group.id if n % 2 else None))

    seen, ask = [], RollAsk(code="z-")
    while True:
        page = roll(work.session, office.ines, ask)
        seen += [line.code for line in page.lines]
        if page.next_after is None:
            break
        ask = replace(ask, after=page.next_after)
    assert seen == [f"Z-{n:03}" for n in range(120)]
    assert page.total == 120
    assert roll(work.session, office.ines, RollAsk(class_group_id=group.id)).total == 60
    assert roll(work.session, office.ines, RollAsk(school_id=at_pointe(office).school_id)).total == 1
    assert roll(work.session, office.ines, RollAsk(code="%")).total == 0
    choices = roll_choices(work.session, office.ines)
    assert (group.id, "3A, Anse-aux-Lièvres") in choices.classes
    assert len(choices.places) == 3


Act = Callable[[Work, Actor, Office], object]
ACTS: dict[str, Act] = {
    "edit": lambda work, who, office: edit_pupil(work, who, office.world.leo.id, FACTS),
    "move": lambda work, who, office: move_pupil(work, who, office.world.leo.id, at_pointe(office)),
    "archive": lambda work, who, office: archive_pupil(work, who, office.world.leo.id),
    "restore": lambda work, who, office: restore_pupil(work, who, office.world.leo.id),
    "kept": lambda work, who, office: kept_pupil(work.session, who, office.world.leo.id),
}
BOARD_WIDE: dict[str, Act] = {
    "add": lambda work, who, office: add_pupil(work, who, FACTS, at_anse(office)),
    "roll": lambda work, who, office: roll(work.session, who, RollAsk()),
    "choices": lambda work, who, office: roll_choices(work.session, who),
}


@pytest.mark.parametrize("act", [*ACTS.values(), *BOARD_WIDE.values()], ids=[*ACTS, *BOARD_WIDE])
def test_the_others_of_the_board_are_refused_with_a_reason(work: Work, office: Office, act: Act) -> None:
    for other in office.holding(*OTHERS):
        with pytest.raises(NotAllowed) as refusal:
            act(work, other, office)
        assert refusal.value.facts == {"because": "not_edit_pupils"}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_the_stranger_finds_nothing(work: Work, office: Office, act: Act) -> None:
    with pytest.raises(NotFound):
        act(work, office.stranger(), office)


def test_the_stranger_adds_nobody_here(work: Work, office: Office) -> None:
    stranger = office.stranger()

    assert faults(lambda: add_pupil(work, stranger, FACTS, at_anse(office))) == {"school": "unknown"}
    assert roll(work.session, stranger, RollAsk()).lines == ()
