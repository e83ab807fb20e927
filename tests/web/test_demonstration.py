"""The stand-in of a video server: only in the demonstration, only for two minutes, and it learns a role only."""

from __future__ import annotations

import pytest
from flask import Flask

from intervention.app import create_app
from intervention.domain.clock import FixedClock
from intervention.domain.people import Role
from intervention.records.database import Database
from intervention.settings import Settings
from intervention.usecases.video_accounts import AddVideoAccount, add
from intervention.usecases.work import open_work
from tests.builders import a_person, actor
from tests.databases import MONDAY
from tests.door_world import SECRET, doors_of, minutes_before
from tests.web.client import Browser
from tests.web.test_doors import Guest

ROOM = f"/demonstration/salle/r{'0' * 32}?role=Parent+2&fin={int(MONDAY.timestamp()) + 120}"


@pytest.fixture
def demo_app(web_database: Database, clock: FixedClock) -> Flask:
    return create_app(Settings.from_env({"SECRET_KEY": SECRET, "DEMO": "1"}), web_database, clock)


def test_it_works(demo_app: Flask) -> None:
    page = Browser(demo_app).get(ROOM)

    assert page.heading == "Salle de démonstration"
    assert "Parent 2" in page.text


def test_a_pass_dies(demo_app: Flask, clock: FixedClock) -> None:
    clock.at = MONDAY.replace(minute=MONDAY.minute + 2)

    page = Browser(demo_app).get(ROOM, status=410)

    assert "Ce laissez-passer a expiré." in page.text
    assert "Parent 2" not in page.text


@pytest.mark.parametrize("path", [ROOM.replace("r000", "x000"), "/demonstration/salle/*?fin=99999999999"])
def test_there_is_no_other_room(demo_app: Flask, path: str) -> None:
    Browser(demo_app).get(path, status=404)


@pytest.mark.parametrize("until", ["", "x", "9" * 40, "-1", "1e9"])
def test_a_pass_without_an_end_opens_nothing(demo_app: Flask, until: str) -> None:
    Browser(demo_app).get(f"/demonstration/salle/r{'0' * 32}?role=Parent&fin={until}", status=410)


def test_outside_the_demonstration_it_does_not_exist(app: Flask) -> None:
    assert Guest(app).get(ROOM).status_code == 404
    assert "demonstration" not in app.extensions["intervention.stage"].video


def test_a_host_of_the_demonstration_arrives_there(demo_app: Flask, web_database: Database, clock: FixedClock) -> None:
    with open_work(web_database, clock) as work:
        work.session.expire_on_commit = False
        here = doors_of(work)
        admin = actor(work.session, a_person(work.session, here.world.board, "Aline", Role.ADMINISTRATOR))
        add(work, admin, here.keys, AddVideoAccount("demonstration", "Salle de démonstration", (), {}))
        minutes_before(work, 5)
    mireille = Browser(demo_app).enter(here.mireille.person_id, here.mireille.organization_id)

    entered = mireille.raw("POST", f"/seances/{here.encounter_id}/salle/entrer", data={"csrf": mireille.token()})

    assert entered.status_code == 303
    assert "Responsable de la séance" in mireille.get(entered.headers["Location"]).text
