"""`make shots`: every main page as a picture, French and English, 1280 and 390 wide, light and dark, in build/shots/.

A feature adds its pages to `SHOTS`. The world is the demonstration at 7 h 40 on the Monday of the tests.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from playwright.sync_api import Browser, Page, sync_playwright

from intervention.domain.clock import FixedClock
from intervention.records.database import Database
from intervention.records.migrate import upgrade
from intervention.usecases.demo import build_demo
from tests import cast
from tests.browser import shown_world, specimen
from tests.browser.live import served
from tests.chromium import ARGUMENTS, chromium_path
from tests.databases import MONDAY

OUT = Path("build/shots")
YEAR = f"/ecoles/calendriers/{cast.school_year()}"


@dataclass(frozen=True, slots=True)
class Shot:
    """`who` signs in before; None for a page of the anonymous."""

    name: str
    path: str
    who: UUID | None = cast.MIREILLE


SHOTS = (
    Shot("connexion", "/connexion", None),
    Shot("aujourdhui", "/aujourdhui"),
    Shot("aujourdhui-direction", "/aujourdhui", cast.LUC),
    Shot("aujourdhui-coordination", "/aujourdhui", cast.OMAR),
    Shot("aujourdhui-accompagnement", "/aujourdhui", cast.JOSEPH),
    Shot("agenda", "/agenda"),
    Shot("agenda-liste", "/agenda?vue=liste"),
    Shot("agenda-immeuble", f"/agenda/immeubles/{cast.building('cap')}", cast.LUC),
    Shot(
        "agenda-cote-a-cote",
        f"/agenda/cote-a-cote?personne={cast.MIREILLE}&personne={cast.person('karim')}&jour=2026-11-24",
        cast.OMAR,
    ),
    Shot("moi", "/moi"),
    Shot("clavier", "/aide/clavier"),
    Shot("aujourdhui", "/aujourdhui"),
    Shot("agenda", "/agenda"),
    Shot("eleves", "/eleves"),
    Shot("rapports", "/rapports", cast.OMAR),
    Shot("rapports-temps", "/rapports/temps-de-service", cast.OMAR),
    Shot("rapports-deplacements", "/rapports/deplacements", cast.OMAR),
    Shot("flux", "/flux"),
    Shot("flux-ecole", "/flux", cast.SYLVIE),
    Shot("seance-nouvelle", "/seances/nouvelle"),
    Shot("seance-creneaux", f"/seances/nouvelle?qui=pupil:{cast.pupil('E-214')}"),
    Shot(
        "serie-dates",
        f"/seances/serie?qui=pupil:{cast.pupil('E-214')}&repeter=week&jours=4&periode=2&du=2026-11-26&au=2027-01-29",
    ),
    Shot("serie-cycle", f"/seances/serie?qui=pupil:{cast.pupil('E-214')}&repeter=cycle&jour=3&tous=2"),
    Shot("serie-faite", "/seances/series/{series}"),
    Shot("serie-changement", "/seances/series/{series}/changement"),
    Shot("serie-changement-dates", "/seances/series/{series}/changement?jours=4&periode=2"),
    Shot(
        "serie-personnes",
        f"/seances/series/{{series}}/changement?quoi=personnes&arrive=person:{cast.ANOUK}",
    ),
    Shot("horaire", "/horaire"),
    Shot("horaire-semaine", "/horaire?par=semaine"),
    Shot("horaire-en-main", "/horaire?ligne={line}"),
    Shot("horaire-vide", f"/horaire?personne={cast.person('karim')}", cast.OMAR),
    Shot("horaire-publication", "/horaire/{timetable}/publication"),
    Shot("rapports", "/rapports", cast.OMAR),
    Shot("temps-de-service", "/rapports/temps-de-service", cast.OMAR),
    Shot("temps-de-service-mois", "/rapports/temps-de-service?par=professional&mois=2026-11", cast.OMAR),
    Shot("mon-temps-de-service", "/rapports/temps-de-service?par=kind"),
    Shot("deplacements", "/rapports/deplacements", cast.OMAR),
    Shot("mes-deplacements", "/rapports/deplacements"),
    Shot("pourquoi-ce-chiffre", f"/rapports/deplacements/{cast.MIREILLE}/2026-W47"),
    Shot("introuvable", "/nulle-part"),
    Shot("specimen", "/specimen"),
    Shot("porte", "/r", None),
    Shot("porte-fermee", "/r/attente", None),
    Shot("ecoles", "/ecoles", cast.INES),
    Shot("ecoles-immeuble", f"/ecoles/immeubles/{cast.building('cap')}", cast.INES),
    Shot("ecoles-cloches", f"/ecoles/immeubles/{cast.building('cap')}/cloches/primary", cast.INES),
    Shot("ecoles-importation", "/ecoles/importation", cast.INES),
    Shot("admin-personnes", "/admin/personnes", cast.INES),
    Shot("admin-personne-nouvelle", "/admin/personnes/nouvelle", cast.INES),
    Shot("admin-personne", f"/admin/personnes/{cast.MIREILLE}", cast.INES),
    Shot("admin-personne-modification", f"/admin/personnes/{cast.MIREILLE}/modification", cast.INES),
    Shot("disponibilites", "/moi/disponibilites"),
    Shot("disponibilites-absence", "/moi/disponibilites/absences/nouvelle"),
    Shot("disponibilites-coordination", f"/admin/personnes/{cast.JOSEPH}/disponibilites", cast.OMAR),
    Shot("mot-de-passe", "/mot-de-passe", None),
    Shot("ecoles-classe", f"/ecoles/classes/{cast.class_group('cap/123')}", cast.INES),
    Shot("ecoles-etablissements", "/ecoles/etablissements", cast.INES),
    Shot("ecoles-etablissement", f"/ecoles/etablissements/{cast.school('cap-chardon')}", cast.INES),
    Shot("ecoles-nouvel-immeuble", "/ecoles/immeubles/nouveau", cast.INES),
    Shot("ecoles-materiel", "/ecoles/materiel", cast.INES),
    Shot("ecoles-routes", "/ecoles/routes", cast.INES),
    Shot("registre", "/admin/eleves", cast.INES),
    Shot("registre-dossier", f"/admin/eleves/{cast.pupil('E-214')}", cast.INES),
    Shot("admin-personnes-importation", "/admin/personnes/importation", cast.INES),
    Shot("registre-importation", "/admin/eleves/importation", cast.INES),
    Shot("eleve", f"/eleves/{cast.pupil('E-214')}"),
    Shot("eleve-suivi", f"/eleves/{cast.pupil('E-214')}/suivi", cast.OMAR),
    Shot("eleves-groupe", "/eleves/groupes/nouveau"),
    Shot("personne-invitee", f"/personnes-invitees/nouvelle?eleve={cast.pupil('E-214')}"),
    Shot("calendriers", "/ecoles/calendriers", cast.INES),
    Shot("calendrier-annee", f"{YEAR}?immeuble={cast.building('cap')}&jour=2026-10-12", cast.INES),
    Shot("calendrier-feuille", f"{YEAR}/feuille?immeuble={cast.building('cap')}", cast.INES),
    Shot("calendrier-importation", f"{YEAR}/importation?immeuble={cast.building('cap')}", cast.INES),
    Shot("calendrier-reglages", f"{YEAR}/reglages?immeuble={cast.building('cap')}", cast.INES),
    Shot("calendrier-nouvelle", "/ecoles/calendriers/nouvelle", cast.INES),
    Shot("calendrier-a-decider", "/ecoles/calendriers/a-decider", cast.INES),
    Shot("calendrier-heure-legale", "/ecoles/calendriers/heure-legale", cast.INES),
    Shot("secteurs", "/ecoles/secteurs", cast.INES),
    Shot("secteurs-nouveau", "/ecoles/secteurs/nouveau", cast.INES),
    Shot("fermetures", "/fermetures", cast.OMAR),
    Shot(
        "fermetures-nouvelle",
        f"/fermetures/nouvelle?ou=organization:{cast.BOARD}&du=2026-11-24&genre=suspension&raison=Temp%C3%AAte",
        cast.OMAR,
    ),
    Shot(
        "fermetures-ecole",
        f"/fermetures/nouvelle?ou=building:{cast.building('cap')}&du=2026-11-24&genre=closure",
        cast.LUC,
    ),
    Shot("fermetures-conditionnelle", "/fermetures/journee-conditionnelle", cast.OMAR),
    Shot("reprises", "/reprises", cast.OMAR),
    Shot("admin-video", "/admin/video", cast.INES),
)
WIDTHS = (1280, 390)
LOOKS = (("fr", "light"), ("fr", "dark"), ("en", "light"))


def main(wanted: list[str]) -> int:
    """Take the shots whose name begins with one of `wanted`, or all; prints each file."""
    shots = [shot for shot in SHOTS if not wanted or any(shot.name.startswith(each) for each in wanted)]
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(_demo(Path(folder) / "demo.sqlite"))
        made = shown_world.make(database, FixedClock(MONDAY))
        with served(database, FixedClock(MONDAY)) as (address, app), sync_playwright() as playwright:
            specimen.install(app) if any(shot.path == "/specimen" for shot in shots) else None
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
            for who in {shot.who for shot in shots}:
                _take(browser, address, who, [shot for shot in shots if shot.who == who], made)
            browser.close()
        database.dispose()
    return 0


def _demo(path: Path) -> str:
    url = f"sqlite:///{path}"
    upgrade(url)
    database = Database(url)
    build_demo(database, FixedClock(MONDAY))
    database.dispose()
    return url


def _take(browser: Browser, address: str, who: UUID | None, shots: list[Shot], made: Mapping[str, UUID]) -> None:
    for width in WIDTHS:
        for language, scheme in LOOKS:
            context = browser.new_context(
                viewport={"width": width, "height": 860}, color_scheme=scheme, locale=f"{language}-CA",
                reduced_motion="reduce",
            )  # fmt: skip
            page = context.new_page()
            if who is not None:
                sign_in(page, address, who, language)
            for shot in shots:
                page.goto(address + shot.path.format(**made))
                file = OUT / f"{shot.name}-{width}-{language}-{scheme}.png"
                page.evaluate("scrollTo(0, 0)")  # a list of faults may have taken the focus
                page.screenshot(path=file, full_page=True)
                sys.stdout.write(f"{file}\n")
            context.close()


def sign_in(page: Page, address: str, who: UUID, language: str = "fr") -> None:
    """One click on the demonstration's list, then the language where it is not the person's."""
    page.goto(f"{address}/connexion")
    page.evaluate(
        """(who) => {
            const button = document.querySelector(".demo-roles button");
            button.value = who;
            button.click();
        }""",
        str(who),
    )
    page.wait_for_url(lambda url: "/connexion" not in url)
    spoken = page.locator("html").get_attribute("lang") or ""
    if not spoken.startswith(language):
        page.locator(f"button[lang={language}-CA]").click()
        page.wait_for_load_state()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
