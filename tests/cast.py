"""The believable cast: people of the fictitious board by their given names, and the ids of its places and things.

    def test_a_principal_sees_the_week_of_the_school(demo_session):
        week(demo_session, cast.luc(demo_session), cast.building("cap"))

Mireille, a speech-language pathologist at Port-Hélier, follows E-214 at Cap-Chardon by video and visits it on Tuesdays.
Luc runs that school, Anouk teaches E-214's class, Sylvie keeps its office, Joseph sits beside the pupils there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from intervention.domain.permissions import Actor
from intervention.queries.actors import actor_of
from intervention.records.calendars import SchoolYear
from intervention.records.people import ClassGroup, Guest, NeedGroup, Person, Pupil
from intervention.records.schools import Building, Kit, Room, School, Vehicle
from intervention.usecases.demo_world import board
from intervention.usecases.demo_world.calendar import label_of
from intervention.usecases.demo_world.sheet import Sheet

TODAY = date(2026, 11, 23)  # the Monday of `tests.databases.MONDAY`
_HOME, _ABROAD = Sheet(board.CODE), Sheet(board.NEIGHBOUR_CODE)
BOARD, NEIGHBOUR = _HOME.organization_id, _ABROAD.organization_id


def person(key: str) -> UUID:
    return _HOME.id_of(Person, key)


def school_year() -> UUID:
    """The board's year around `TODAY`."""
    return _HOME.id_of(SchoolYear, label_of(TODAY))


def building(key: str) -> UUID:
    """`dunes`, `maree`, `vents`, `cap`, `ruisseau`, `sternes`, `havre`, `bruyere`, `galante`, `brumes`, `brisant`…"""
    return _HOME.id_of(Building, key)


def school(key: str) -> UUID:
    return _HOME.id_of(School, key)


def room(place: str, name: str) -> UUID:
    return _HOME.id_of(Room, place, name)


def kit(name: str) -> UUID:
    return _HOME.id_of(Kit, name)


def vehicle(name: str) -> UUID:
    return _HOME.id_of(Vehicle, name)


def pupil(code: str) -> UUID:
    return _HOME.id_of(Pupil, code)


def class_group(key: str) -> UUID:
    """`cap/123` is Anouk's; her own key as a person is the same."""
    return _HOME.id_of(ClassGroup, key)


def need_group(owner: str, name: str) -> UUID:
    return _HOME.id_of(NeedGroup, owner, name)


def parent_of(code: str) -> UUID:
    """The guest who is the pupil's parent; not every pupil has one, E-214 does."""
    return _HOME.id_of(Guest, "parent", code)


MIREILLE, LUC, ANOUK, SYLVIE = person("mireille"), person("luc"), person("cap/123"), person("sylvie")
OMAR, INES, PAULE, JOSEPH = person("omar"), person("ines"), person("paule"), person("joseph")
ETRANGERE = _ABROAD.id_of(Person, "etrangere")
NEIGHBOUR_BUILDING, NEIGHBOUR_PUPIL = _ABROAD.id_of(Building, "lande"), _ABROAD.id_of(Pupil, "L-101")
PARENT = parent_of("E-214")


def actor(session: Session, person_id: UUID, organization_id: UUID = BOARD) -> Actor:
    """The snapshot of anybody of the cast as they are on the Monday of the tests."""
    found = actor_of(session, person_id, organization_id, TODAY)
    assert found is not None, person_id
    return found


def _part(person_id: UUID, organization_id: UUID = BOARD) -> Callable[[Session], Actor]:
    return lambda session: actor(session, person_id, organization_id)


mireille = _part(MIREILLE)  # orthophoniste, home base pavillon de la Marée
luc = _part(LUC)  # direction de l'école du Cap-Chardon
anouk = _part(ANOUK)  # titulaire du groupe 123 du Cap-Chardon
sylvie = _part(SYLVIE)  # secrétaire du Cap-Chardon
joseph = _part(JOSEPH)  # accompagnateur au Cap-Chardon
omar = _part(OMAR)  # coordination des services complémentaires
ines = _part(INES)  # administration
paule = _part(PAULE)  # responsable de la protection des renseignements personnels
etrangere = _part(ETRANGERE, NEIGHBOUR)  # orthophoniste of the neighbouring board
administratrice_voisine = _part(_ABROAD.id_of(Person, "administratrice"), NEIGHBOUR)
