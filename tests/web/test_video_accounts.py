"""The administrator's page of video accounts: write-only secrets, faults by field, and who may not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from intervention.domain.people import Role
from intervention.records.database import Database
from intervention.records.join_links import VideoAccount
from intervention.records.people import Person
from tests.web.client import Browser

PersonAs = Callable[[Role], Person]
SECRET = "0123456789abcdef-secret-9f2a"
JITSI = {"label": "Visio du centre", "address": "https://visio.csse.example", "app_id": "csse", "secret": SECRET}


@pytest.fixture
def admin(app: Flask, person_as: PersonAs) -> Browser:
    return Browser(app).sign_in(person_as(Role.ADMINISTRATOR))


def accounts(database: Database) -> list[tuple[str, str, bool]]:
    with database.session(read_only=True) as session:
        return [(each.provider, each.label, each.is_enabled) for each in session.query(VideoAccount)]


def test_it_works(admin: Browser, web_database: Database) -> None:
    assert "Sans compte, personne ne peut ouvrir de salle." in admin.get("/admin/video").text

    admin.post("/admin/video/jitsi", JITSI)
    page = admin.follow()

    assert accounts(web_database) == [("jitsi", "Visio du centre", True)]
    assert "•••• 9f2a" in page.text
    assert "laissez-passer signés" in page.text
    assert SECRET not in page.html


def test_an_account_is_disabled_with_an_undo(admin: Browser, web_database: Database) -> None:
    admin.post("/admin/video/fixed_link", {"label": "Liens partagés"})
    page = admin.follow()
    assert "lien partagé\u00a0: révocation impossible" in page.text
    [disable] = [each.get("action", "") for each in page.all("form") if each.get("action", "").endswith("desactiver")]

    admin.post(disable)
    undo = admin.follow().find("div[@class='notice done']//form").get("action", "")
    assert accounts(web_database) == [("fixed_link", "Liens partagés", False)]
    admin.post(undo)

    assert accounts(web_database) == [("fixed_link", "Liens partagés", True)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"label": ""}, "Ce champ est nécessaire."),
        ({"address": ""}, "Ce champ est nécessaire."),
        ({"address": "http://visio.csse.example"}, "L’adresse doit commencer par https://."),
        ({"address": "https://meet.jit.si"}, "Ce serveur est public"),
        ({"secret": "court"}, "Cette valeur est trop courte"),
    ],
)
def test_a_bad_account_is_refused_by_field(
    admin: Browser, web_database: Database, change: dict[str, str], said: str
) -> None:
    page = admin.post("/admin/video/jitsi", JITSI | change, status=422)

    assert said in page.text
    assert accounts(web_database) == []
    assert page.find("input[@name='secret']").get("value") is None
    assert SECRET not in page.html


def test_an_unknown_kind_is_not_found(admin: Browser) -> None:
    admin.get("/admin/video?genre=zoom", status=404)
    admin.post("/admin/video/zoom", JITSI, status=404)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_everybody_else_is_refused(app: Flask, person_as: PersonAs, web_database: Database, role: Role) -> None:
    browser = Browser(app).sign_in(person_as(role))

    page = browser.get("/admin/video", status=403)

    assert "Seule l’administration règle la visioconférence." in page.text
    browser.post("/admin/video/jitsi", JITSI, status=403)
    assert accounts(web_database) == []
