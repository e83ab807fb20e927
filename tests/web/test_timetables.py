"""« Horaire de septembre » as links and forms: prepared, placed, told of conflicts, mended, published; and refused."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from intervention.domain.clock import FixedClock
from intervention.domain.timetable import Cell
from intervention.records.database import Database
from intervention.records.encounters import Encounter
from intervention.records.series import Series
from intervention.records.timetables import Timetable, TimetableLine, TimetableSlot
from intervention.web.timetable_grid import cell_of, cell_value
from tests import cast
from tests.web.client import Browser
from tests.web.pages import Page, words
from tests.web.timetable_pages import START, a_timetable


@pytest.fixture
def kept(world_app: Flask, clock: FixedClock) -> Timetable:
    """With four lines placed, the last on top of the third."""
    return a_timetable(database(world_app), clock)


def database(app: Flask) -> Database:
    found: Database = app.extensions["intervention.stage"].database
    return found


def lines(app: Flask) -> list[TimetableLine]:
    with database(app).session(read_only=True) as session:
        session.expire_on_commit = False
        return list(session.scalars(select(TimetableLine).order_by(TimetableLine.id)))


def slots(app: Flask) -> list[TimetableSlot]:
    with database(app).session(read_only=True) as session:
        session.expire_on_commit = False
        return list(session.scalars(select(TimetableSlot).order_by(TimetableSlot.id)))


def unplaced(app: Flask) -> TimetableLine:
    """One that waits: ids of one instant are in no order of their own."""
    placed = {slot.line_id for slot in slots(app)}
    return next(line for line in lines(app) if line.id not in placed)


def count(app: Flask, record: type) -> int:
    with database(app).session(read_only=True) as session:
        return session.scalar(select(func.count()).select_from(record)) or 0


def version(app: Flask) -> int:
    with database(app).session(read_only=True) as session:
        return session.scalars(select(Timetable.version)).one()


def told(page: Page) -> list[str]:
    """What the line of counts says."""
    (status,) = [each for each in page.all("p[@role='status']") if "row" in (each.get("class") or "")]
    return [words(each) for each in status]


def post(browser: Browser, path: str, status: int = 303, **data: object) -> Page | str:
    sent = browser.raw("POST", path, data={"csrf": browser.token(), **data})
    assert sent.status_code == status, sent.get_data(as_text=True)[:400]
    return sent.headers.get("Location", "") if status == 303 else Page(sent)


def test_it_is_prepared_with_one_button(world_app: Flask, world_browser: Browser) -> None:
    world_browser.enter(cast.MIREILLE)
    page = world_browser.get("/horaire")
    assert page.heading == "Horaire de septembre"
    assert [words(each) for each in page.all("form[@action='/horaire']/button")] == ["Préparer la grille"]

    for _ in range(2):
        where = post(world_browser, "/horaire", personne=cast.MIREILLE, annee=cast.school_year())

    page = world_browser.get(str(where))
    assert told(page)[0].endswith("à placer")
    assert count(world_app, Timetable) == 1
    assert len(page.all("a[@data-line]")) == count(world_app, TimetableLine) > 5


def test_a_line_is_taken_in_hand_and_put_on_a_cell(world_app: Flask, world_browser: Browser, kept: Timetable) -> None:
    world_browser.enter(cast.MIREILLE)
    line = unplaced(world_app)
    page = world_browser.get(f"/horaire?ligne={line.id}")
    offered = [each.get("value", "") for each in page.all("td//button[@name='case']")]
    best = [each.get("value", "") for each in page.all("div[@class='cell-buttons']//button[@name='case']")]
    assert set(best) <= set(offered)
    assert page.all("td//span[@class='small soft why-not']")

    where = post(world_browser, f"/horaire/{kept.id}/places", version=version(world_app), ligne=line.id, case=best[0])

    assert line.id in {slot.line_id for slot in slots(world_app)}
    page = world_browser.get(str(where))
    assert "La ligne est placée." in words(page.tree)


def test_a_conflict_is_told_in_words_with_what_is_in_the_way(
    world_app: Flask, world_browser: Browser, kept: Timetable
) -> None:
    page = world_browser.enter(cast.MIREILLE).get("/horaire")

    assert any("conflit" in each for each in told(page))
    troubles = [words(each) for each in page.all("ul[@class='timetable-troubles plain']/li")]
    assert any("En cause" in each and "Une des personnes est prise." in each for each in troubles)
    last = slots(world_app)[-1]
    assert page.all(f"li[@id='c-{last.id}']")
    post(
        world_browser, f"/horaire/{kept.id}/places", version=version(world_app), ligne=last.line_id, place=last.id,
        jour="j7", heure="8 h 30",
    )  # fmt: skip
    assert [(slot.cycle_day, slot.starts_local) for slot in slots(world_app)][-1] == (7, START)


def test_a_drop_on_a_half_hour_finds_its_start(world_app: Flask, world_browser: Browser, kept: Timetable) -> None:
    world_browser.enter(cast.MIREILLE)
    line = unplaced(world_app)
    page = world_browser.get(f"/horaire?ligne={line.id}")
    (offered,) = page.all("td[@data-cell='j5-08:00']//button[@name='case']")

    post(
        world_browser,
        f"/horaire/{kept.id}/places",
        version=version(world_app),
        ligne=line.id,
        case="j5-08:00",
        pres="1",
    )

    last = slots(world_app)[-1]
    assert f"j{last.cycle_day}-{last.starts_local:%H:%M}" == offered.get("value") != "j5-08:00"


def test_a_line_of_one_cycle_in_two_says_which(world_app: Flask, world_browser: Browser, kept: Timetable) -> None:
    world_browser.enter(cast.MIREILLE)
    line = unplaced(world_app)
    base = f"/horaire/{kept.id}"
    post(world_browser, f"{base}/lignes/{line.id}", version=version(world_app), duree="45", fois="2", rythme="2")
    page = world_browser.get(f"/horaire?ligne={line.id}")
    assert "un cycle sur deux" in page.text
    (best, *_) = page.all("div[@class='cell-buttons']//button[@name='case']")
    assert best.get("value", "")[-2:] in {"-1", "-2"}

    post(world_browser, f"{base}/places", version=version(world_app), ligne=line.id, case=best.get("value"))
    post(world_browser, f"{base}/places", version=version(world_app), ligne=line.id, jour="j7", heure="8 h 30")
    turns = [slot.turn for slot in slots(world_app) if slot.line_id == line.id]

    assert len(turns) == 2
    assert 0 not in turns
    grid = words(world_browser.get("/horaire").find("table[@class='timetable-grid']"))
    assert "(cycles impairs)" in grid or "(cycles pairs)" in grid
    refused = post(
        world_browser, f"{base}/lignes/{line.id}", 422, version=version(world_app), duree="45", fois="2", rythme="1"
    )
    assert "le rythme change ses dates" in words(refused.tree)


def test_a_line_is_added_changed_taken_off_and_removed(
    world_app: Flask, world_browser: Browser, kept: Timetable
) -> None:
    world_browser.enter(cast.MIREILLE)
    base = f"/horaire/{kept.id}"
    group = f"class:{cast.class_group('cap/123')}"
    where = post(
        world_browser,
        f"{base}/lignes",
        version=version(world_app),
        qui=group,
        duree="60",
        fois="2",
        modalite="in_person",
    )
    line = lines(world_app)[-1]
    assert str(line.id) in str(where)
    assert (line.minutes, line.times, line.class_group_id) == (60, 2, cast.class_group("cap/123"))

    post(
        world_browser, f"{base}/lignes/{line.id}", version=version(world_app), duree="45", fois="1",
        immeuble=cast.building("cap"),
    )  # fmt: skip
    post(
        world_browser,
        f"{base}/places",
        version=version(world_app),
        ligne=line.id,
        jour="s2",
        heure="13:00",
        par="semaine",
    )
    page = world_browser.get("/horaire?par=semaine", names=True)
    assert len(page.all("div[@class='place']") + page.all("div[@class='place conflict']")) == 1
    placed = slots(world_app)[-1]
    post(world_browser, f"{base}/places/{placed.id}/retrait", version=version(world_app))
    post(world_browser, f"{base}/lignes/{line.id}/retrait", version=version(world_app))

    assert line.id not in {each.id for each in lines(world_app)}
    assert len(slots(world_app)) == 4


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("lignes", {"qui": "pupil:x", "duree": "45", "fois": "1"}),
        ("lignes", {"qui": f"kit:{cast.MIREILLE}", "duree": "45", "fois": "1"}),
        ("lignes", {"qui": f"class:{cast.class_group('cap/123')}", "duree": "47", "fois": "99"}),
        ("places", {"jour": "j99", "heure": "9:00"}),
        ("places", {"jour": "j1", "heure": "9:03"}),
        ("places", {"case": "nulle part"}),
        ("places", {"case": "j١-٠٩:00"}),
        ("places", {"jour": "j1", "heure": "25:61"}),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(
    world_app: Flask, world_browser: Browser, kept: Timetable, path: str, data: dict[str, str]
) -> None:
    world_browser.enter(cast.MIREILLE)
    before, lined = version(world_app), unplaced(world_app).id

    page = post(world_browser, f"/horaire/{kept.id}/{path}", 422, version=before, ligne=lined, **data)

    assert isinstance(page, Page)
    assert page.all("div[@role='alert']//li")
    assert version(world_app) == before


def test_a_refused_change_keeps_the_line_in_hand_and_what_was_typed(
    world_app: Flask, world_browser: Browser, kept: Timetable
) -> None:
    world_browser.enter(cast.MIREILLE)
    line = unplaced(world_app)

    page = post(
        world_browser, f"/horaire/{kept.id}/lignes/{line.id}", 422, version=version(world_app), duree="35", fois="2"
    )

    assert isinstance(page, Page)
    (minutes,) = page.all("input[@id='l-duree']")
    assert minutes.get("value") == "35"
    assert unplaced(world_app).minutes == line.minutes


def test_an_older_page_is_told_so(world_app: Flask, world_browser: Browser, kept: Timetable) -> None:
    world_browser.enter(cast.MIREILLE)
    placed = slots(world_app)[0]

    older, line = version(world_app) - 1, unplaced(world_app)
    publication, copying = f"/horaire/{kept.id}/publication", f"/horaire/{kept.id}/an-dernier"

    for path in (f"/horaire/{kept.id}/places/{placed.id}/retrait", publication, copying):
        page = post(world_browser, path, 409, version=older)
        assert isinstance(page, Page)
        assert "Quelqu’un a changé cet horaire entre-temps" in page.text
        assert page.find("input[@name='version']").get("value") == str(version(world_app))
    page = post(world_browser, f"/horaire/{kept.id}/lignes/{line.id}", 409, version=older, duree="40", fois="2")
    assert isinstance(page, Page)
    assert page.find("input[@id='l-duree']").get("value") == "40"

    assert len(slots(world_app)) == 4
    assert unplaced(world_app).minutes == line.minutes


def test_the_sheet_lists_what_is_left_out_and_publishes_once(
    world_app: Flask, world_browser: Browser, kept: Timetable
) -> None:
    world_browser.enter(cast.MIREILLE)
    before = count(world_app, Encounter)
    page = world_browser.get(f"/horaire/{kept.id}/publication")
    rows = page.all("tbody/tr")
    held = sum(int(words(row.findall("td")[1])) for row in rows)
    assert len(rows) == 4
    assert len(page.all("tbody//details")) >= 1

    sent = version(world_app)
    page = world_browser.get(str(post(world_browser, f"/horaire/{kept.id}/publication", version=sent)))

    assert count(world_app, Encounter) - before == held
    published = count(world_app, Series)
    assert f"{published} séries" in words(page.tree)
    assert len(page.all("div[@class='place published']")) == published
    series = page.all("div[@class='place published']//a")[0].get("href", "")
    assert world_browser.get(series, names=True).heading


def test_a_second_time_changes_nothing(world_app: Flask, world_browser: Browser, clock: FixedClock) -> None:
    kept = a_timetable(database(world_app), clock, placed=1)
    world_browser.enter(cast.MIREILLE)
    sent = version(world_app)
    post(world_browser, f"/horaire/{kept.id}/publication", version=sent)
    before = count(world_app, Encounter)

    page = world_browser.get(str(post(world_browser, f"/horaire/{kept.id}/publication", version=sent)))

    assert "Tout est déjà publié" in words(page.tree)
    assert count(world_app, Encounter) == before


def test_the_coordinator_lays_it_for_a_professional(world_app: Flask, world_browser: Browser, kept: Timetable) -> None:
    page = world_browser.enter(cast.OMAR).get(f"/horaire?personne={cast.MIREILLE}", names=True)

    assert page.all("select[@name='personne']/option")
    assert len(page.all("a[@data-slot]")) == 4


@pytest.mark.parametrize("who", [cast.ANOUK, cast.LUC, cast.SYLVIE, cast.JOSEPH, cast.PAULE])
def test_others_are_refused(world_app: Flask, world_browser: Browser, kept: Timetable, who: object) -> None:
    world_browser.enter(who)  # type: ignore[arg-type]

    world_browser.get(f"/horaire?personne={cast.MIREILLE}", status=403)
    world_browser.get(f"/horaire/{kept.id}/publication", status=403)
    post(world_browser, f"/horaire/{kept.id}/publication", 403, version=version(world_app))


def test_a_neighbour_finds_nothing(world_app: Flask, world_browser: Browser, kept: Timetable) -> None:
    world_browser.enter(cast.ETRANGERE, cast.NEIGHBOUR)

    world_browser.get(f"/horaire?personne={cast.MIREILLE}", status=404)
    world_browser.get(f"/horaire/{kept.id}/publication", status=404)


def test_no_pupil_is_named_in_an_address_or_on_the_grid(world_browser: Browser, kept: Timetable) -> None:
    page = world_browser.enter(cast.MIREILLE).get("/horaire")

    assert page.heading == "Horaire de septembre"  # `get` refuses a page that names a pupil


def test_a_cell_is_read_back_as_it_was_sent() -> None:
    assert cell_of("j3-08:30") == Cell(3, START)
    assert cell_of("s2-08:30") == Cell(2, START, by_week=True)
    assert cell_of("j3-08:30-2") == Cell(3, START, turn=2)
    assert cell_value(Cell(3, START, turn=2)) == "j3-08:30-2"
    for broken in (
        "j3-08:30-3",
        "",
        "j",
        "x3-08:30",
        "j3",
        "j3-8",
        "j3-25:00",
        "j3-08:61",
        "j3000-08:30",
        "j3-08:300",
    ):
        assert cell_of(broken) is None
