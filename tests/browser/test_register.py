"""What is kept by hand, in a real browser: a pupil added by keyboard alone, and what axe finds on each page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests import cast
from tests.browser.checks import axe_faults, context, overflows, policy_faults
from tests.browser.conftest import Live

pytestmark = pytest.mark.browser

E_214, CAP = cast.pupil("E-214"), cast.building("cap")
PATHS = (
    "/admin/eleves",
    "/admin/eleves/nouveau",
    "/admin/eleves/importation",
    f"/admin/eleves/{E_214}",
    f"/admin/eleves/{E_214}/deplacement",
    f"/eleves/{E_214}",
    f"/eleves/{E_214}/suivi",
    f"/personnes-invitees/nouvelle?eleve={E_214}",
    f"/ecoles/immeubles/{CAP}",
    f"/ecoles/immeubles/{CAP}/classes/nouvelle",
    f"/ecoles/classes/{cast.class_group('cap/123')}",
    "/ecoles/immeubles/nouveau",
    "/ecoles/etablissements",
    f"/ecoles/etablissements/{cast.school('cap-chardon')}",
    "/ecoles/materiel",
    "/ecoles/materiel/trousses/nouveau",
    "/ecoles/routes",
)
GROUP = "/eleves/groupes/nouveau"


def test_a_pupil_is_added_by_keyboard(live: Live, browser: Browser) -> None:
    page = browser.new_page(locale="fr-CA")
    heard = policy_faults(page)
    live.enter(page, cast.INES)
    page.goto(live.address + "/admin/eleves/nouveau")

    page.focus("#code")
    page.keyboard.type("Hautetour")
    page.keyboard.press("Enter")
    page.wait_for_selector(".faults")
    assert page.evaluate("document.activeElement.className") == "faults"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "given_name"  # the first of what is missing
    for name, text in (("code", "E-900"), ("given_name", "Alizée"), ("family_name", "Hautetour")):
        page.fill(f"#{name}", text)
    page.focus("#school")
    page.keyboard.press("ArrowDown")
    page.focus("main button.primary")
    page.keyboard.press("Enter")
    page.get_by_text("L’élève est ajouté.").wait_for()

    assert page.url == live.address + "/admin/eleves"
    assert heard == ["Failed to load resource: the server responded with a status of 422 (UNPROCESSABLE ENTITY)"]
    page.close()


@pytest.mark.parametrize(("language", "scheme"), [("fr", "light"), ("fr", "dark"), ("en", "light")])
def test_axe_finds_nothing(live: Live, browser: Browser, scheme: str, language: str) -> None:
    visitor = context(browser, scheme=scheme, language=language)
    page = visitor.new_page()
    live.enter(page, cast.INES, language)
    for path in PATHS:
        page.goto(live.address + path)
        assert axe_faults(page) == [], path
    visitor.close()


def test_axe_finds_nothing_on_a_group(live: Live, browser: Browser) -> None:
    visitor = context(browser)
    page = visitor.new_page()
    live.enter(page, cast.MIREILLE)
    page.goto(live.address + GROUP)
    assert axe_faults(page) == []
    visitor.close()


def test_nothing_scrolls_sideways_at_320(live: Live, browser: Browser) -> None:
    visitor = context(browser, width=320)
    page = visitor.new_page()
    live.enter(page, cast.INES)

    wide = []
    for path in PATHS:
        page.goto(live.address + path)
        wide += [path] if overflows(page) else []
    visitor.close()
    assert wide == []
