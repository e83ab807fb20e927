"""The pages of sectors."""

from __future__ import annotations

from uuid import UUID

from tests import cast
from tests.web.client import Browser

NEW = "/ecoles/secteurs/nouveau"


def test_a_sector_is_named_edited_and_removed(world_browser: Browser) -> None:
    ines = world_browser.enter(cast.INES)
    ines.post(NEW, {"name": "", "buildings": []}, status=422)
    ines.post(NEW, {"name": "Nord", "buildings": [str(cast.building("brumes")), str(cast.building("cap"))]})

    page = ines.follow()
    address = page.links["Nord"]
    assert "Cap-Chardon, Lac-des-Brumes" in page.text
    ines.edit(address, {"name": "Nord", "buildings": [str(cast.building("brumes"))]})
    assert "Cap-Chardon, Lac-des-Brumes" not in ines.follow().text
    ines.post(f"{address}/retrait")
    assert "Nord" not in ines.follow().links


def test_sectors_are_for_administrators(world_browser: Browser) -> None:
    luc = world_browser.enter(cast.LUC)

    luc.get("/ecoles/secteurs", status=403)
    luc.get(f"/ecoles/secteurs/{UUID(int=7)}", status=403)
