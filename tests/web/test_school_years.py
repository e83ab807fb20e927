"""The pages of school years: the grid and why a day is so, painting, files, a new year, undoing."""

from __future__ import annotations

import io
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from intervention.domain.days import DayType, Layer
from intervention.records.calendars import CalendarChange, DayMark, SchoolDay, SchoolYear
from tests import cast
from tests.web.client import Browser
from tests.web.pages import Page, words

CAP = cast.building("cap")
PED = "2026-12-04"  # a Friday of classes in the cast's year


@pytest.fixture
def ines(world_browser: Browser) -> Browser:
    return world_browser.enter(cast.INES)


@pytest.fixture
def year(world_browser: Browser) -> UUID:
    with world_browser.stage.database.session(read_only=True) as session:
        return session.scalars(select(SchoolYear.id).where(SchoolYear.organization_id == cast.BOARD)).one()


def home(year: UUID, more: str = "") -> str:
    return f"/ecoles/calendriers/{year}{more}"


def day(browser: Browser, on: str) -> SchoolDay:
    with browser.stage.database.session(read_only=True) as session:
        found = session.get_one(SchoolDay, (CAP, "", date.fromisoformat(on)))
        session.expunge(found)
        return found


def painting(**more: str) -> dict[str, str]:
    fields = {"immeuble": str(CAP), "ordre": "", "first": PED, "last": PED, "day_type": "pedagogical"}
    return {**fields, "portion": "whole", "voice": f"organization|{cast.BOARD}|", **more}


def paint(browser: Browser, year: UUID, **more: str) -> Page:
    page = browser.post(home(year, "/apercu"), painting(**more), status=200)
    browser.post(home(year, "/application"), page.form(home(year, "/application")))
    return page


def test_the_list_leads_to_each_year_and_building(ines: Browser, year: UUID) -> None:
    page = ines.get("/ecoles/calendriers")

    assert page.heading == "Calendriers"
    assert home(year) in page.links.values()
    assert f"{home(year)}?immeuble={CAP}" in page.links.values()


def test_each_day_says_what_it_is_and_who_decided(ines: Browser, year: UUID) -> None:
    page = ines.get(home(year, f"?immeuble={CAP}"))

    assert words(page.find("a[@id='j-2026-10-12']")).endswith(
        "lundi 12 oct.\u00a0: Action de grâces, décidé par les jours fériés"
    )
    assert len(page.all("table")) >= 10
    assert all(th.get("scope") for th in page.all("th"))


def test_a_day_explains_its_layers(ines: Browser, year: UUID) -> None:
    paint(ines, year)
    paint(ines, year, voice=f"building|{CAP}|", day_type="class")

    page = ines.get(home(year, f"?immeuble={CAP}&jour={PED}"))

    said = [words(each) for each in page.all("ol/li") if "\u00a0: " in words(each)]
    assert [each.split("\u00a0: ")[0] for each in said] == ["L’immeuble", "Le centre de services", "L’année scolaire"]
    assert "décide" in said[0]


def test_a_range_is_shown_then_applied_then_undone(ines: Browser, year: UUID) -> None:
    before = day(ines, PED)
    page = paint(ines, year, label="Journée commune")

    assert "jours changent" in page.text
    after = day(ines, PED)
    assert (after.day_type, after.label) == (DayType.PEDAGOGICAL, "Journée commune")

    undo = next(a for form in ines.follow().all("form") if (a := form.get("action", "")).endswith("/annulation"))
    ines.post(undo)
    back = day(ines, PED)
    assert (back.day_type, back.cycle_day) == (before.day_type, before.cycle_day)
    assert "comme il était" in ines.follow().text


def test_a_preview_writes_nothing(ines: Browser, year: UUID) -> None:
    ines.post(home(year, "/apercu"), painting(), status=200)

    with ines.stage.database.session(read_only=True) as session:
        assert session.scalars(select(CalendarChange)).all() == []
        on = DayMark.on_date == date.fromisoformat(PED)
        assert session.scalars(select(DayMark).where(on, DayMark.layer == Layer.ORGANIZATION)).all() == []


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"first": "x"}, "#first"),
        ({"first": "2031-01-01", "last": "2031-01-02"}, "#first"),
        ({"last": "2026-12-01"}, "#last"),
        ({"day_type": ""}, "#day_type"),
        ({"day_type": "closure"}, "#day_type"),
        ({"voice": "building|x|"}, "#voice"),
        ({"day_type": "conditional", "rank": "99"}, "#rank"),
        ({"first": "2026-12-05", "last": "2026-12-06"}, "#first"),
        ({"label": "x" * 81}, "#label"),
    ],
)
def test_what_cannot_be_comes_back_as_it_was_filled(
    ines: Browser, year: UUID, more: dict[str, str], fault: str
) -> None:
    page = ines.post(home(year, "/apercu"), painting(**more), status=422)

    assert fault in [a.get("href") for a in page.all("div[@role='alert']//a")]


def test_a_principal_paints_her_own_school_and_no_other(world_browser: Browser, year: UUID) -> None:
    luc = world_browser.enter(cast.LUC)
    page = luc.get(home(year))
    voices = [each.get("value", "") for each in page.find("select[@id='voice']")]

    assert voices
    assert all(not each.startswith("organization") for each in voices)
    luc.post(home(year, "/apercu"), painting(voice=f"organization|{cast.BOARD}|", immeuble=""), status=422)
    luc.get("/ecoles/calendriers/nouvelle", status=403)


def test_who_edits_nothing_sees_and_is_offered_nothing(world_browser: Browser, year: UUID) -> None:
    omar = world_browser.enter(cast.OMAR)

    page = omar.get(home(year, f"?immeuble={CAP}"))

    assert page.all("form[@data-paint]") == []
    omar.post(home(year, "/apercu"), painting(), status=422)


def upload(browser: Browser, year: UUID, content: bytes, status: int = 200) -> Page:
    fields = {
        "immeuble": str(CAP), "ordre": "", "voice": f"building|{CAP}|", "unless_said": "pedagogical",
        "file": (io.BytesIO(content), "jours.csv"),
    }  # fmt: skip
    return browser.post(home(year, "/importation"), fields, status=status, content_type="multipart/form-data")


def test_a_file_is_examined_then_applied(ines: Browser, year: UUID) -> None:
    page = upload(ines, year, "du;au;type;partie;nom\n2026-12-03;2026-12-04;pédagogique;;Bulletins\n".encode())
    assert day(ines, PED).day_type is DayType.CLASS

    ines.post(home(year, "/application"), page.form(home(year, "/application")))

    found = day(ines, PED)
    assert (found.day_type, found.layer, found.label) == (DayType.PEDAGOGICAL, Layer.BUILDING, "Bulletins")


def test_every_bad_line_is_told_and_nothing_is_applied(ines: Browser, year: UUID) -> None:
    page = upload(ines, year, b"du,type\n2026-12-04,pedagogical\n2026-13-01,class\n2026-12-07,party\n", status=422)

    assert [words(each)[:7] for each in page.all("main//li") if words(each).startswith("Ligne")] == [
        "Ligne 3", "Ligne 4"
    ]  # fmt: skip
    assert day(ines, PED).day_type is DayType.CLASS


def test_a_file_of_ten_megabytes_is_refused_by_its_size(ines: Browser, year: UUID) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.ics"\r\n\r\nBEGIN:VCALENDAR\r\n'
    sent = ines.raw(
        "POST", home(year, "/importation"), data=head + b"X" * 10_000_000 + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )  # fmt: skip
    assert sent.status_code == 413
    page = upload(ines, year, b"BEGIN:VCALENDAR\r\n" + b"X" * (1024 * 1024 + 10), status=422)

    assert "Le fichier dépasse 1 Mo." in page.text


def test_the_days_are_exported_and_a_layer_comes_back(ines: Browser, year: UUID) -> None:
    paint(ines, year, voice=f"building|{CAP}|", label="À nous")
    query = f"?immeuble={CAP}"

    table = ines.raw("GET", home(year, f"/jours.csv{query}")).get_data(as_text=True)
    calendar = ines.raw("GET", home(year, f"/jours.ics{query}")).get_data(as_text=True)
    layer = ines.raw("GET", home(year, f"/couche.csv{query}&couche=building|{CAP}|")).get_data()

    assert f"{PED};journée pédagogique;journée pédagogique;" in table
    assert "DTSTART;VALUE=DATE:20261204\r\nDTEND;VALUE=DATE:20261205\r\nSUMMARY:À nous\r\n" in calendar
    assert f"{PED},{PED},pedagogical,,À nous," in layer.decode()
    upload(ines, year, layer)


def test_a_cycle_of_its_own_and_the_bounds_are_shown_then_applied(ines: Browser, year: UUID) -> None:
    where = {"immeuble": str(CAP), "ordre": ""}
    cycle = home(year, "/cycle")
    own = {**where, "own_cycle": "1", "own_length": "6", "own_first": "2", "own_reflow": "keep"}
    page = ines.post(cycle, own, status=200)
    ines.post(cycle, page.form(cycle))
    assert day(ines, PED).cycle_day in range(1, 7)
    ines.post(cycle, {**own, "own_length": "21"}, status=422)
    ines.post(cycle, {**own, "own_first": "7"}, status=422)

    settings = home(year, "/reglages")
    filled = ines.get(f"{settings}?immeuble={CAP}").form(settings)
    page = ines.post(settings, {**filled, "cycle_length": "5"}, status=200)
    ines.post(settings, page.form(settings))
    assert "cycle de 5 jours" in ines.get("/ecoles/calendriers").text
    ines.post(settings, {**filled, "pupils_until": filled["pupils_from"]}, status=422)


def test_a_year_is_shown_before_it_is_opened(ines: Browser) -> None:
    new, application = "/ecoles/calendriers/nouvelle", "/ecoles/calendriers/nouvelle/application"
    filled = ines.get(new).form(new)

    page = ines.post(new, filled, status=200)
    assert "jours de classe sur 180 au moins" in page.text
    ines.post(application, page.form(application))

    assert ines.follow().heading == f"Année {filled['label']}"
    ines.post(new, filled, status=422)


def test_the_sheet_is_one_table_per_month_without_links(ines: Browser, year: UUID) -> None:
    page = ines.get(home(year, f"/feuille?immeuble={CAP}"))

    assert len(page.all("table")) >= 10
    assert page.all("td/a") == []


def test_another_board_s_year_is_not_there(ines: Browser, year: UUID) -> None:
    ines.get(home(UUID(int=7)), status=404)
    ines.get(home(year, f"?immeuble={UUID(int=7)}"), status=404)
    ines.get(home(year, f"?immeuble={CAP}&ordre=zzz"), status=404)
    ines.get(f"/ecoles/calendriers/changements/{UUID(int=7)}", status=404)
