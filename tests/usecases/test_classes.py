"""Classes and their protected times: added, edited, removed; each refusal; the others and the stranger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from uuid import uuid4

import pytest
from sqlalchemy import select

from intervention.domain.encounters import EncounterKind
from intervention.domain.errors import NotAllowed, NotFound
from intervention.domain.people import Level, ResourceKind, Role
from intervention.domain.permissions import Actor
from intervention.domain.protected_times import ClassTime
from intervention.queries.booking_form import sheet
from intervention.queries.catalogue import catalogue, touch_catalogue
from intervention.queries.classes import class_list, class_page, schools_here, teachers
from intervention.records.calendars import SchoolDay
from intervention.records.people import ClassGroup, Resource
from intervention.records.schools import ProtectedTime
from intervention.usecases.booking import book
from intervention.usecases.classes import (
    ClassFacts,
    add_class,
    add_protected_time,
    edit_class,
    remove_class,
    remove_protected_time,
)
from intervention.usecases.work import Work
from tests.builders import a_class, a_person, a_pupil, actor, school_of
from tests.usecases.booking_world import at, remote
from tests.usecases.office import OTHERS, Office, an_office, faults

GYM = ClassTime(2, time(10, 30), time(11, 30), "éducation physique")  # a Tuesday


@pytest.fixture
def office(work: Work) -> Office:
    return an_office(work.session)


def facts(office: Office, **more) -> ClassFacts:
    return replace(ClassFacts(school_of(office.session, office.world.anse).id, "4B", Level.PRIMARY), **more)


def classes_to_book(work: Work, office: Office) -> list[str]:
    mireille = actor(work.session, office.world.mireille)
    pools = dict(sheet(work.session, mireille, mireille.person_id, EncounterKind.WHOLE_GROUP).pools)
    return [c.name for pool in pools.values() for c in pool if c.value.startswith("class:")]


def test_add_class_makes_one_that_can_be_booked(work: Work, office: Office) -> None:
    anouk = a_person(work.session, office.world.board, "Anouk", Role.TEACHER, building=office.world.anse)

    class_id = add_class(work, office.ines, office.world.anse.id, facts(office, teacher_id=anouk.id))

    [line] = class_list(work.session, office.ines, office.world.anse.id)
    assert (line.id, line.name, line.teacher, line.pupils) == (class_id, "4B", "Anouk Essai", 0)
    assert work.session.get_one(Resource, class_id).kind is ResourceKind.CLASS_GROUP
    assert catalogue(work.session, office.world.board.id).classes[class_id].teacher == anouk.id
    assert classes_to_book(work, office) == ["4B"]
    assert (anouk.id, "Anouk Essai") in teachers(work.session, office.ines)
    assert office.trail == ["class_added"]


def test_edit_class_works(work: Work, office: Office) -> None:
    group = a_class(work.session, office.world.anse)

    edit_class(work, office.ines, group.id, facts(office, level=Level.PRESCHOOL, is_active=False))

    assert (group.name, group.level, group.is_active) == ("4B", Level.PRESCHOOL, False)
    assert classes_to_book(work, office) == []


def test_faults_are_named(work: Work, office: Office) -> None:
    group, other = a_class(work.session, office.world.anse), a_class(work.session, office.world.anse, "3B")
    elsewhere = school_of(work.session, office.world.pointe).id

    for wrong, expected in (
        (facts(office, name=" "), {"name": "required"}),
        (facts(office, name="x" * 41), {"name": "too_long"}),
        (facts(office, name=other.name), {"name": "class_name_taken"}),
        (facts(office, school_id=elsewhere), {"school": "unknown"}),
        (facts(office, teacher_id=office.world.omar.id), {"teacher": "unknown"}),
    ):
        assert faults(lambda ask=wrong: add_class(work, office.ines, office.world.anse.id, ask)) == expected
        assert faults(lambda ask=wrong: edit_class(work, office.ines, group.id, ask)) == expected


def test_a_class_with_pupils_stays_in_service_and_in_its_school(work: Work, office: Office) -> None:
    group = a_class(work.session, office.world.anse)
    a_pupil(work.session, office.world.anse, "E-700", group)

    assert faults(lambda: edit_class(work, office.ines, group.id, facts(office, is_active=False))) == {
        "is_active": "class_keeps_pupils"
    }
    assert faults(lambda: edit_class(work, office.ines, group.id, facts(office, school_id=uuid4()))) == {
        "school": "class_has_pupils"
    }
    assert faults(lambda: remove_class(work, office.ines, group.id)) == {"class": "class_has_lived"}


def test_a_class_made_by_mistake_is_removed(work: Work, office: Office) -> None:
    class_id = add_class(work, office.ines, office.world.anse.id, facts(office))
    add_protected_time(work, office.ines, class_id, GYM)

    remove_class(work, office.ines, class_id)

    for record in (ClassGroup, Resource):
        assert work.session.get(record, class_id) is None
    assert work.session.scalars(select(ProtectedTime)).all() == []
    assert class_id not in catalogue(work.session, office.world.board.id).classes


def test_a_protected_time_tells_what_sits_in_it(work: Work, office: Office) -> None:
    group = a_class(work.session, office.world.anse)
    office.world.leo.class_group_id = group.id
    work.session.flush()
    mireille = actor(work.session, office.world.mireille)
    booked = book(work, mireille, remote(office.world, at("2026-11-24 10:45")))
    book(work, mireille, remote(office.world, at("2026-11-25 10:45")))
    book(work, mireille, replace(remote(office.world, at("2026-12-01 10:45")), is_strict=True))

    time_id = add_protected_time(work, office.ines, group.id, GYM)

    page = class_page(work.session, office.ines, group.id, work.now())
    assert page.times == {time_id: GYM}
    assert [(each.id, each.label) for each in page.in_the_way] == [(booked.encounter_id, GYM.label)]
    assert catalogue(work.session, office.world.board.id).protected[group.id] == [
        (2, None, (time(10, 30), time(11, 30)))
    ]
    remove_protected_time(work, office.ines, group.id, time_id)
    assert class_page(work.session, office.ines, group.id, work.now()).in_the_way == ()


def test_a_protected_time_of_a_day_of_the_cycle_tells_what_sits_in_it(work: Work, office: Office) -> None:
    group = a_class(work.session, office.world.anse)
    office.world.leo.class_group_id = group.id
    work.session.flush()
    for on_date, cycle_day in ((date(2026, 11, 24), 3), (date(2026, 11, 25), 4)):
        work.session.get_one(SchoolDay, (office.world.anse.id, "", on_date)).cycle_day = cycle_day
    touch_catalogue(work.session, office.world.board.id)
    mireille = actor(work.session, office.world.mireille)
    booked = book(work, mireille, remote(office.world, at("2026-11-24 10:45")))
    book(work, mireille, remote(office.world, at("2026-11-25 10:45")))
    of_the_cycle = replace(GYM, weekday=None, cycle_day=3)

    time_id = add_protected_time(work, office.ines, group.id, of_the_cycle)

    page = class_page(work.session, office.ines, group.id, work.now())
    assert page.times == {time_id: of_the_cycle}
    assert page.cycle_length == 4
    assert [each.id for each in page.in_the_way] == [booked.encounter_id]
    assert faults(lambda: add_protected_time(work, office.ines, group.id, of_the_cycle)) == {
        "starts_local": "protected_overlaps"
    }
    for wrong in ({"weekday": None}, {"cycle_day": 5}, {"weekday": None, "cycle_day": 21}):
        ask = replace(GYM, **wrong)
        assert faults(lambda ask=ask: add_protected_time(work, office.ines, group.id, ask)) == {
            "weekday": "not_a_choice"
        }


def test_protected_times_of_a_class_do_not_overlap(work: Work, office: Office) -> None:
    group, other = a_class(work.session, office.world.anse), a_class(work.session, office.world.anse, "3B")
    add_protected_time(work, office.ines, group.id, GYM)

    for wrong, expected in (
        (GYM, {"starts_local": "protected_overlaps"}),
        (replace(GYM, starts_local=time(11), ends_local=time(12)), {"starts_local": "protected_overlaps"}),
        (replace(GYM, ends_local=GYM.starts_local), {"ends_local": "ends_before_start"}),
        (replace(GYM, weekday=3, label=" "), {"label": "required"}),
        (replace(GYM, weekday=3, label="x" * 61), {"label": "too_long"}),
        (replace(GYM, weekday=6), {"weekday": "not_a_choice"}),
    ):
        assert faults(lambda ask=wrong: add_protected_time(work, office.ines, group.id, ask)) == expected
    add_protected_time(work, office.ines, group.id, replace(GYM, starts_local=time(11, 30), ends_local=time(12)))
    add_protected_time(work, office.ines, group.id, replace(GYM, weekday=4))
    add_protected_time(work, office.ines, other.id, GYM)


Act = Callable[[Work, Actor, Office, ClassGroup], object]
ACTS: dict[str, Act] = {
    "add": lambda work, who, office, group: add_class(work, who, office.world.anse.id, facts(office)),
    "edit": lambda work, who, office, group: edit_class(work, who, group.id, facts(office)),
    "remove": lambda work, who, office, group: remove_class(work, who, group.id),
    "protect": lambda work, who, office, group: add_protected_time(work, who, group.id, GYM),
    "unprotect": lambda work, who, office, group: remove_protected_time(work, who, group.id, uuid4()),
    "page": lambda work, who, office, group: class_page(work.session, who, group.id, work.now()),
    "list": lambda work, who, office, group: class_list(work.session, who, office.world.anse.id),
    "schools": lambda work, who, office, group: schools_here(work.session, who, office.world.anse.id),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_only_administrators_and_only_here(work: Work, office: Office, act: Act) -> None:
    group = a_class(work.session, office.world.anse)

    for other in office.holding(*OTHERS):
        with pytest.raises(NotAllowed) as refusal:
            act(work, other, office, group)
        assert refusal.value.facts == {"because": "not_edit_schools"}
    with pytest.raises(NotFound):
        act(work, office.stranger(), office, group)


def test_unknown_ones_are_not_found(work: Work, office: Office) -> None:
    group, other = a_class(work.session, office.world.anse), a_class(work.session, office.world.anse, "3B")
    time_id = add_protected_time(work, office.ines, other.id, GYM)

    for act in (
        lambda: add_class(work, office.ines, uuid4(), facts(office)),
        lambda: edit_class(work, office.ines, uuid4(), facts(office)),
        lambda: remove_protected_time(work, office.ines, group.id, time_id),
        lambda: remove_protected_time(work, office.ines, group.id, uuid4()),
    ):
        with pytest.raises(NotFound):
            act()
