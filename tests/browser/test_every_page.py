"""Every main page of the full demonstration, as `make shots` shows it: axe finds nothing, and it reflows at 320 pixels.

Two looks see both languages and both schemes. What a page becomes after an act is looked at where the act is tested.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from playwright.sync_api import Browser

from intervention.domain.clock import FixedClock
from intervention.records.database import Database
from intervention.records.migrate import upgrade
from intervention.usecases.demo import build_demo
from tests import cast
from tests.browser import shown_world, specimen
from tests.browser.checks import LOOKS, context, faults_of
from tests.browser.conftest import Live
from tests.browser.live import served
from tests.browser.shots import SHOTS
from tests.databases import MONDAY, migrated_file

pytestmark = pytest.mark.browser
CAP, E_214 = cast.building("cap"), cast.pupil("E-214")
MORE = (
    (cast.INES, f"/admin/personnes/{cast.MIREILLE}/disponibilites"),
    (cast.INES, f"/admin/personnes/{cast.MIREILLE}/disponibilites/absences/nouvelle"),
    (cast.INES, "/admin/eleves/nouveau"),
    (cast.INES, f"/admin/eleves/{E_214}/deplacement"),
    (cast.INES, f"/ecoles/immeubles/{CAP}/classes/nouvelle"),
    (cast.INES, f"/ecoles/immeubles/{CAP}/modification"),
    (cast.INES, f"/ecoles/immeubles/{CAP}/locaux/nouveau"),
    (cast.INES, f"/ecoles/immeubles/{CAP}/cloches/primary?jour=half&avec={cast.building('ruisseau')}"),
    (cast.INES, "/ecoles/materiel/trousses/nouveau"),
    (cast.MIREILLE, "/recherche"),
)
PAGES = tuple(dict.fromkeys((*((shot.who, shot.path) for shot in SHOTS), *MORE)))
# The readers with many pages are looked over alone, so that two workers share the work.
READERS = (frozenset({cast.INES}), frozenset(who for who, _ in PAGES) - {cast.INES})


@dataclass(frozen=True)
class Shown:
    """The running demonstration, and the ids of what was made beside it."""

    live: Live
    made: dict[str, UUID]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    database = Database(migrated_file(tmp_path_factory.mktemp("shown") / "demo.sqlite", upgrade))
    clock = FixedClock(MONDAY)
    build_demo(database, clock)
    made = shown_world.make(database, clock)
    with served(database, clock) as (address, app):
        specimen.install(app)
        yield Shown(Live(address, app, database, clock), made)
    database.dispose()


@pytest.mark.parametrize("readers", READERS, ids=["administrator", "others"])
@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_a_page_is_accessible_and_reflows(
    shown: Shown, browser: Browser, readers: frozenset[UUID | None], language: str, scheme: str
) -> None:
    faults = []
    for who in sorted(readers, key=str):
        visit = context(browser, scheme=scheme, language=language)
        page = visit.new_page()
        if who is not None:
            shown.live.enter(page, who, language)
        for path in (path for each, path in PAGES if each == who):
            page.goto(shown.live.address + path.format(**shown.made))
            faults += [f"{path}: {fault}" for fault in faults_of(page)]
        visit.close()

    assert faults == []
