from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from intervention.domain.people import Role
from intervention.domain.permissions import Actor
from intervention.queries import search
from intervention.queries.search import Match
from intervention.records.people import Person, Pupil
from tests import cast
from tests.databases import MONDAY

MOST = 8
Who = Callable[[Session], Actor]


def titles(found: list[Match]) -> list[str]:
    return [match.title for match in found]


@pytest.mark.parametrize("text", ["belleg", "BELLEGREVE", "mireille belle", "Bellegrève Mireille", "  mireille  "])
def test_a_colleague_is_found_by_the_beginning_of_any_word(demo_session: Session, text: str) -> None:
    found = search.people(demo_session, cast.omar(demo_session), text, MOST)

    assert titles(found) == ["Mireille Bellegrève"]
    assert found[0].roles == (Role.PROFESSIONAL,)


@pytest.mark.parametrize("text", ["", "  ", "-", "ellegr", "mireille zzz"])
def test_nothing_is_found_without_a_beginning(demo_session: Session, text: str) -> None:
    assert search.people(demo_session, cast.omar(demo_session), text, MOST) == []


def test_a_person_of_two_roles_is_found_once(demo_session: Session) -> None:
    everybody = search.people(demo_session, cast.omar(demo_session), "a", 1000)

    assert len({match.id for match in everybody}) == len(everybody)


def test_a_stranger_finds_nobody_here(demo_session: Session) -> None:
    stranger = cast.etrangere(demo_session)

    assert search.people(demo_session, stranger, "mireille", MOST) == []
    assert search.buildings(demo_session, stranger, "cap", MOST) == []
    assert search.pupils(demo_session, stranger, "E-214", MOST) == []


def test_a_building_is_found_by_its_name(demo_session: Session) -> None:
    found = search.buildings(demo_session, cast.mireille(demo_session), "cap", MOST)

    assert cast.building("cap") in [match.id for match in found]


def test_a_teacher_finds_only_the_buildings_of_her_school(demo_session: Session) -> None:
    found = search.buildings(demo_session, cast.anouk(demo_session), "e", 1000)

    assert {match.id for match in found} <= cast.anouk(demo_session).buildings_as(Role.TEACHER)


@pytest.mark.parametrize("who", [cast.mireille, cast.luc, cast.omar, cast.anouk])
def test_who_may_open_a_pupil_finds_the_pupil_by_code_and_by_name(demo_session: Session, who: Who) -> None:
    actor = who(demo_session)
    pupil = demo_session.get_one(Pupil, cast.pupil("E-214"))

    by_code = search.pupils(demo_session, actor, "e-214", MOST)
    by_name = search.pupils(demo_session, actor, f"{pupil.family_name} {pupil.given_name}", MOST)

    assert cast.pupil("E-214") in [match.id for match in by_code]
    assert cast.pupil("E-214") in [match.id for match in by_name]


@pytest.mark.parametrize("who", [cast.joseph, cast.paule])
def test_who_may_not_open_a_pupil_does_not_learn_that_there_is_one(demo_session: Session, who: Who) -> None:
    assert search.pupils(demo_session, who(demo_session), "e-214", MOST) == []


def test_as_many_as_asked_for_and_no_more(demo_session: Session) -> None:
    assert len(search.pupils(demo_session, cast.omar(demo_session), "e", 3)) == 3


def test_a_disabled_person_is_not_found(demo_session: Session) -> None:
    someone = demo_session.get_one(Person, cast.MIREILLE)
    someone.disabled_at = MONDAY
    demo_session.flush()

    assert search.people(demo_session, cast.omar(demo_session), "bellegreve", MOST) == []
