"""The administrator's pages of people: added, edited, given roles, let in and no longer; then who may not."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from intervention.domain.clock import FixedClock
from intervention.domain.people import Role
from intervention.records.database import Database
from intervention.records.people import Facilitator, Membership, Person, Professional
from intervention.records.schools import Building
from tests import cast
from tests.web import day_world
from tests.web.client import Browser
from tests.web.conftest import PersonAs
from tests.web.pages import words

LOUISE = {
    "given_name": "Louise", "family_name": "Gallant", "email": "louise@example.org", "locale": "fr",
    "role": "professional",
}  # fmt: skip
SETTINGS = {
    "discipline": "psychology", "other_disciplines": ["guidance"], "weekly_minutes": "28", "max_buildings_per_day": "2",
    "lunch_minutes": "60", "lunch_from_local": "11 h", "lunch_until_local": "13:00",
}  # fmt: skip


@pytest.fixture
def admin(app: Flask, person_as: PersonAs) -> Browser:
    return Browser(app).sign_in(person_as(Role.ADMINISTRATOR))


def added(admin: Browser) -> str:
    admin.post("/admin/personnes/nouvelle", LOUISE)
    assert admin.last is not None
    return str(admin.last.headers["Location"])


def id_of(address: str) -> UUID:
    return UUID(address.rsplit("/", 1)[1])


def test_a_person_is_added_and_listed(admin: Browser) -> None:
    address = added(admin)
    page = admin.follow()

    assert page.heading == "Louise Gallant"
    assert "La personne est ajoutée." in page.text
    assert admin.get("/admin/personnes?q=galla").links["Gallant, Louise"] == address
    assert "Gallant, Louise" in admin.get("/admin/personnes?role=professional").links
    assert "Personne ne correspond" in admin.get("/admin/personnes?q=galla&role=teacher").text


def test_a_refused_person_keeps_what_was_typed(admin: Browser, person_as: PersonAs) -> None:
    taken = str(person_as(Role.TEACHER).email)

    page = admin.post(
        "/admin/personnes/nouvelle", LOUISE | {"given_name": "", "email": taken, "role": "teacher"}, status=422
    )
    filled = page.form("/admin/personnes/nouvelle")

    assert "Ce champ est nécessaire." in page.text
    assert (filled["family_name"], filled["email"], filled["role"]) == ("Gallant", taken, "teacher")
    page = admin.post("/admin/personnes/nouvelle", LOUISE | {"email": taken}, status=422)
    assert "Cette adresse ouvre déjà un compte." in page.text


def test_a_person_is_edited(admin: Browser, web_database: Database) -> None:
    address = added(admin)
    page = admin.get(f"{address}/modification")

    admin.post(f"{address}/modification", page.form(f"{address}/modification") | {"family_name": "Roy", "locale": "en"})

    assert admin.follow().heading == "Louise Roy"
    with web_database.session(read_only=True) as session:
        assert session.get_one(Person, id_of(address)).locale == "en"
    admin.edit(f"{address}/modification", LOUISE | {"email": "nowhere"}, status=422)


def test_settings_and_roles_are_kept(admin: Browser, web_database: Database) -> None:
    address = added(admin)
    with web_database.session(read_only=True) as session:
        building = session.scalars(select(Building.id)).one()

    admin.edit(f"{address}/professionnel", SETTINGS | {"home_building_id": str(building)}, at=address)
    admin.post(f"{address}/roles", {"role": "facilitator", "place": f"building:{building}", "starts_on": "2026-11-01"})
    admin.edit(f"{address}/accompagnement", {"facilitator_building_id": str(building), "is_trained": "1"}, at=address)

    page = admin.follow()
    filled = page.form(f"{address}/professionnel")
    assert (filled["discipline"], filled["weekly_minutes"], filled["lunch_from_local"]) == (
        "psychology",
        "28",
        "11\u00a0h",
    )
    assert [each.get("value") for each in page.all("input[@name='other_disciplines'][@checked='']")] == ["guidance"]
    assert "à partir du" in page.text
    with web_database.session(read_only=True) as session:
        assert session.get_one(Professional, id_of(address)).weekly_minutes == 28 * 60
        assert session.get_one(Facilitator, id_of(address)).is_trained


def test_a_refused_setting_leaves_the_page_filled(admin: Browser) -> None:
    address = added(admin)

    page = admin.post(f"{address}/professionnel", SETTINGS | {"lunch_minutes": "200"}, status=422)

    assert "Cette valeur est hors des limites permises." in page.text
    assert page.form(f"{address}/professionnel")["weekly_minutes"] == "28"
    page = admin.post(f"{address}/roles", {"role": "teacher"}, status=422)
    assert page.form(f"{address}/professionnel")["weekly_minutes"] == "35"
    for bad in ("school:x", "building:", "moon:1", f"school:{cast.school('cap')}"):
        admin.post(f"{address}/roles", {"role": "teacher", "place": bad}, status=422)


def test_a_role_is_taken_back_but_not_the_last_administrator_s(
    admin: Browser, web_database: Database, person_as: PersonAs
) -> None:
    address, me = added(admin), person_as(Role.ADMINISTRATOR).id
    [take] = [each.get("action", "") for each in admin.follow().all("form") if "/retrait" in each.get("action", "")]

    admin.post(take)
    assert "Aucun rôle" in admin.follow().text
    with web_database.session(read_only=True) as session:
        last = session.scalars(select(Membership.id).where(Membership.person_id == me)).one()
        assert session.scalars(select(Membership).where(Membership.person_id == id_of(address))).all() == []
    admin.post(f"/admin/personnes/{me}/roles/{last}/retrait")

    assert "C’est la dernière personne à l’administration." in admin.follow().text
    assert admin.get("/admin/personnes").status == 200


def test_an_account_is_disabled_with_an_undo(admin: Browser, app: Flask, person_as: PersonAs) -> None:
    teacher = person_as(Role.TEACHER)
    other = Browser(app).sign_in(teacher)
    address = f"/admin/personnes/{teacher.id}"

    admin.post(f"{address}/desactivation")
    page = admin.follow()

    assert "Le compte est désactivé." in page.text
    assert other.raw("GET", "/moi").status_code == 303
    admin.post(page.find("div[@class='notice done']//form").get("action", ""))
    assert "Le compte est réactivé." in admin.follow().text
    assert Browser(app).sign_in(teacher).get("/moi").status == 200


def test_oneself_is_not_disabled(admin: Browser, person_as: PersonAs) -> None:
    address = f"/admin/personnes/{person_as(Role.ADMINISTRATOR).id}"
    assert f"{address}/desactivation" not in admin.get(address).html

    admin.post(f"{address}/desactivation")

    assert "On ne désactive pas son propre compte." in admin.follow().text


def test_who_hosts_nothing_to_come_is_disabled(world_browser: Browser) -> None:
    """The cast's world has no séance; the refusal and its count are tested with the use cases."""
    ines = world_browser.enter(cast.INES)

    ines.post(f"/admin/personnes/{cast.MIREILLE}/desactivation")

    assert "Le compte est désactivé." in ines.follow().text


def test_a_link_is_shown_once_and_is_in_no_address(admin: Browser) -> None:
    address = added(admin)

    page = admin.post(f"{address}/lien", status=200)
    link = page.find("input[@id='link']").get("value", "")

    assert re.fullmatch(r"http://127\.0\.0\.1:8000/mot-de-passe#p1_[A-Za-z0-9_-]{43}", link)
    assert page.headers["Cache-Control"] == "no-store"
    token = link.partition("#")[2]
    assert token not in admin.get(address).html
    admin.get(f"{address}/lien", status=303)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_everybody_else_is_refused(app: Flask, person_as: PersonAs, role: Role) -> None:
    person = person_as(role)
    browser = Browser(app).sign_in(person)

    for path in ("", "/nouvelle", f"/{person.id}", f"/{person.id}/modification"):
        assert (
            "Seule l’administration modifie les personnes." in browser.get(f"/admin/personnes{path}", status=403).text
        )
    browser.post(f"/admin/personnes/{person.id}/lien", status=403)
    browser.post(f"/admin/personnes/{person.id}/desactivation", status=403)


def test_a_stranger_from_another_board_finds_nobody(world_browser: Browser) -> None:
    stranger = world_browser.enter(cast._ABROAD.id_of(Person, "administratrice"), cast.NEIGHBOUR)  # noqa: SLF001

    stranger.get(f"/admin/personnes/{cast.MIREILLE}", status=404)
    stranger.post(f"/admin/personnes/{cast.MIREILLE}/lien", status=404)
    assert "mireille" not in stranger.get("/admin/personnes").html.lower()


def test_who_still_hosts_is_not_disabled_and_what_they_host_is_linked(world_app: Flask, clock: FixedClock) -> None:
    ines, mireille = Browser(world_app).enter(cast.INES), Browser(world_app).enter(cast.MIREILLE)
    encounter = day_world.booked(ines.stage.database, clock, "2026-11-24 09:00").encounter_id
    hidden = day_world.booked(ines.stage.database, clock, "2026-11-25 09:00", is_strict=True).encounter_id
    address = f"/admin/personnes/{cast.MIREILLE}"

    page = ines.post(f"{address}/desactivation", status=409)

    section = page.find("section[@aria-labelledby='hosted-title']")
    [link] = [a for a in section.iter("a") if a.get("href") == f"/seances/{encounter}"]
    assert "mardi" in words(link)
    assert f"/seances/{hidden}" not in page.html
    assert "Et une que vous n’ouvrez pas ici" in words(section)
    assert f"/agenda/personnes/{cast.MIREILLE}" in page.links.values()
    assert ines.get(f"/seances/{encounter}").status == 200
    assert mireille.get("/moi").status == 200
    ines.get(f"{address}/desactivation", status=303)
