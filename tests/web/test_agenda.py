"""The week, as each person may read it, and people side by side for coordination."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest

from intervention.domain.clock import FixedClock
from tests import cast
from tests.web.client import Browser
from tests.web.day_world import SOFT, booked
from tests.web.pages import words

WEEK = "?semaine=2026-11-25"


def heads(page: object) -> list[str]:
    return [words(each) for each in page.all("thead//th")[1:]]  # type: ignore[attr-defined]


def blocks(page: object) -> list[str]:
    return [words(each) for each in page.all("a[@data-version]")]  # type: ignore[attr-defined]


@pytest.fixture
def week(world_browser: Browser, clock: FixedClock) -> Browser:
    """A séance by video on Tuesday morning, a visit on Wednesday."""
    booked(world_browser.stage.database, clock, "2026-11-24 09:00")
    booked(world_browser.stage.database, clock, "2026-11-25 10:40", is_visit=True)
    return world_browser


def test_own_week_shows_days_encounters_and_the_road(week: Browser) -> None:
    page = week.enter(cast.MIREILLE).get("/agenda")

    assert page.heading == "Agenda"
    assert [re.sub(r" Jour.*", "", head) for head in heads(page)] == [
        "lun. 23",
        "mar. 24",
        "mer. 25",
        "jeu. 26",
        "ven. 27",
    ]
    assert "Jour" in heads(page)[1]
    assert [block.split("suivi")[0].strip() for block in blocks(page)] == [
        "à distance9\u00a0h – 9\u00a0h\u00a045 E-214",
        "en présence10\u00a0h\u00a040 – 11\u00a0h\u00a025 E-214",
    ]
    assert len([each for each in page.all("div") if (each.get("class") or "").startswith("drive")]) == 2
    assert "Récréation" in page.text


def test_movable_block_carries_its_version_and_the_form_its_token(week: Browser) -> None:
    page = week.enter(cast.MIREILLE).get("/agenda")

    assert [each.get("data-version") for each in page.all("a[@data-version]")] == ["1", "1"]
    assert page.find("form[@data-move]").get("hidden") is not None


def test_past_week_moves_nothing(week: Browser, clock: FixedClock) -> None:
    clock.at = datetime(2026, 12, 1, 15, tzinfo=UTC)

    page = week.enter(cast.MIREILLE).get(f"/agenda{WEEK}")

    assert page.all("a[@data-version]") == []
    assert "E-214" in page.text


def test_colleague_reads_a_taken_time_only(week: Browser) -> None:
    solange = cast.person("noemie")

    page = week.enter(solange).get(f"/agenda/personnes/{cast.MIREILLE}{WEEK}")

    assert page.text.count("Occupé") == 2
    assert "E-214" not in page.text
    assert "Cap-Chardon" not in words(page.find("table"))


def test_principal_reads_the_building_by_code(week: Browser) -> None:
    page = week.enter(cast.LUC).get(f"/agenda/immeubles/{cast.building('cap')}{WEEK}")

    assert page.text.count("E-214") == 2
    assert "Mireille" in page.text
    assert "Locaux de cet immeuble" in page.text


def test_room_has_its_week(week: Browser) -> None:
    page = week.enter(cast.SYLVIE).get(f"/agenda/locaux/{cast.room('cap', 'local 12')}{WEEK}")

    assert "local 12" in page.heading
    assert page.text.count("E-214") == 2


def test_confidential_mandate_is_a_taken_time_for_the_school(world_browser: Browser, clock: FixedClock) -> None:
    booked(world_browser.stage.database, clock, "2026-11-24 09:00", is_strict=True)

    page = world_browser.enter(cast.LUC).get(f"/agenda/immeubles/{cast.building('cap')}{WEEK}")

    assert "E-214" not in page.text
    assert "Occupé" in page.text


def test_week_steps_keep_the_look(week: Browser) -> None:
    page = week.enter(cast.MIREILLE).get("/agenda?semaine=2026-11-25&vue=liste&densite=serree")

    assert [page.find(f"a[@rel='{rel}']").get("href") for rel in ("prev", "next")] == [
        "/agenda?semaine=2026-11-16&vue=liste&densite=serree",
        "/agenda?semaine=2026-11-30&vue=liste&densite=serree",
    ]
    assert page.find("div[@class='week dense']") is not None


def test_saturday_shows_the_week_that_comes(world_browser: Browser, clock: FixedClock) -> None:
    clock.at = datetime(2026, 11, 28, 15, tzinfo=UTC)

    page = world_browser.enter(cast.MIREILLE).get("/agenda")

    assert heads(page)[0].startswith("lun. 30")


@pytest.mark.parametrize("week", ["bientôt", "2026-02-30", "1492-10-12", "9999-12-31"])
def test_impossible_week_is_refused_in_words(world_browser: Browser, week: str) -> None:
    world_browser.enter(cast.MIREILLE).get(f"/agenda?semaine={week}", status=422)


def test_second_time_zone_is_named_where_it_differs(week: Browser) -> None:
    page = week.enter(cast.OMAR).get(f"/agenda/immeubles/{cast.building('brisant')}{WEEK}")

    assert "heure de l’Atlantique" in words(page.find("p[@class='under']"))


def test_coordinator_lays_people_side_by_side(week: Browser) -> None:
    path = f"/agenda/cote-a-cote?personne={cast.MIREILLE}&personne={cast.person('noemie')}&jour=2026-11-24"

    page = week.enter(cast.OMAR).get(path)

    assert [head.split(" ")[0] for head in heads(page)] == ["Mireille", "Noémie"]
    assert page.text.count("E-214") == 1


def test_seven_people_are_too_many(world_browser: Browser) -> None:
    path = "/agenda/cote-a-cote?" + "&".join(f"personne={UUID(int=n)}" for n in range(7))

    world_browser.enter(cast.OMAR).get(path, status=422)


@pytest.mark.parametrize("who", [cast.MIREILLE, cast.LUC, cast.ANOUK, cast.SYLVIE, cast.JOSEPH, cast.PAULE])
def test_side_by_side_is_for_coordination(world_browser: Browser, who: UUID) -> None:
    world_browser.enter(who).get("/agenda/cote-a-cote", status=403)


@pytest.mark.parametrize("who", [cast.MIREILLE, cast.LUC, cast.ANOUK, cast.SYLVIE, cast.JOSEPH, cast.OMAR, cast.PAULE])
def test_everybody_has_an_agenda_in_both_languages(week: Browser, who: UUID) -> None:
    week.language = "en-CA"

    own = f"/agenda/personnes/{who}" if who in {cast.LUC, cast.SYLVIE} else "/agenda"
    assert week.enter(who).get(own).heading in {"Agenda", "Calendar"}


def test_who_keeps_a_school_begins_with_its_week(week: Browser) -> None:
    page = week.enter(cast.LUC).get("/agenda")

    assert page.heading == "École du Cap-Chardon"
    assert page.links["Mes rencontres"] == f"/agenda/personnes/{cast.LUC}"


def test_week_with_nothing_on_it_says_so(week: Browser) -> None:
    assert "Rien n’est prévu cette semaine." in week.enter(cast.PAULE).get("/agenda").text
    assert "Rien n’est prévu cette semaine." not in week.enter(cast.MIREILLE).get("/agenda").text


def test_stranger_from_another_board_finds_nobody(week: Browser) -> None:
    stranger = week.enter(cast.ETRANGERE, cast.NEIGHBOUR)

    stranger.get(f"/agenda/personnes/{cast.MIREILLE}", status=404)
    stranger.get(f"/agenda/immeubles/{cast.building('cap')}", status=404)
    stranger.get(f"/agenda/locaux/{cast.room('cap', 'local 12')}", status=404)
    stranger.get("/agenda/cote-a-cote", status=403)
    assert "E-214" not in stranger.get("/agenda").text


def test_drag_comes_back_to_the_agenda(week: Browser, clock: FixedClock) -> None:
    mireille = week.enter(cast.MIREILLE)
    path = mireille.get("/agenda").find("a[@data-version]").get("data-movable")

    mireille.post(
        str(path), {"version": 1, "starts_at": "2026-11-26T10:45", "suite": f"/agenda{WEEK}", "accepting": sorted(SOFT)}
    )

    assert mireille.last is not None
    assert mireille.last.headers["Location"] == f"/agenda{WEEK}"
    page = mireille.follow()
    assert "La séance est déplacée." in page.text


def test_drag_never_leads_elsewhere(week: Browser) -> None:
    mireille = week.enter(cast.MIREILLE)
    path = mireille.get("/agenda").find("a[@data-version]").get("data-movable")

    mireille.post(
        str(path),
        {"version": 1, "starts_at": "2026-11-26T10:45", "suite": "//mechant.example/", "accepting": sorted(SOFT)},
    )

    assert mireille.last is not None
    assert mireille.last.headers["Location"].startswith("/seances/")
