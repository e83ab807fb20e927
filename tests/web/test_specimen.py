"""Every part in every state makes a good page."""

from __future__ import annotations

from flask import Flask

from tests import cast
from tests.browser import specimen
from tests.web.client import Browser


def test_the_parts_make_a_good_page(world_app: Flask) -> None:
    specimen.install(world_app)

    page = Browser(world_app).enter(cast.MIREILLE).get("/specimen")

    assert page.heading == "Mardi 24 novembre"


def test_a_faulty_field_is_tied_to_its_fault_and_its_hint(world_app: Flask) -> None:
    specimen.install(world_app)

    page = Browser(world_app).enter(cast.MIREILLE).get("/specimen")

    field = page.find("input[@id='email']")
    assert field.get("aria-describedby") == "email-hint email-fault"
    assert field.get("aria-invalid") == "true"
    assert field.get("value") == "mireille"
