"""A real board, in processes of its own: founded, its link opened, a password chosen, and somebody added."""

from __future__ import annotations

import re
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest

from tests.test_operating import run, serving

FOUND = (
    "board", "create", "--name", "Centre de services scolaire des Neiges", "--short-name", "CSS des Neiges",
    "--code", "999000", "--zone", "America/Toronto", "--admin-email", "Aline@neiges.example",
    "--admin-name", "Aline Roy Tremblay",
)  # fmt: skip
GOOD = "trois bernaches au large"


class Visitor:
    """A browser without script: pages, their forms, cookies."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.http: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        self.page = ""
        self.path = ""

    def get(self, path: str) -> str:
        return self._seen(Request(self.address + path))

    def post(self, path: str, **fields: str) -> str:
        """As the form of the page in view would be sent."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.page)
        assert found, self.page
        body = urlencode({"csrf": found[1], **fields}).encode()
        return self._seen(Request(self.address + path, body, {"Origin": self.address}))

    def _seen(self, request: Request) -> str:
        with self.http.open(request) as answer:
            self.page, self.path = answer.read().decode(), answer.url.removeprefix(self.address)
        return self.page


def link_of(printed: str) -> str:
    return printed.strip().splitlines()[-1].partition("#")[2]


def test_a_board_is_founded_staffed_and_signed_in_to(tmp_path: Path) -> None:
    home = tmp_path / "home"

    founded = run(home, *FOUND, BASE_URL="https://intervention.neiges.example", SECRET_KEY="k" * 50)

    assert (founded.returncode, founded.stderr) == (0, "")
    assert founded.stdout.splitlines()[-1].startswith("https://intervention.neiges.example/mot-de-passe#p1_")
    with serving(home, SECRET_KEY="k" * 50) as (address, _lines):
        visitor = Visitor(address)
        visitor.get("/mot-de-passe")
        visitor.post("/mot-de-passe", lien=founded.stdout.splitlines()[-1], wanted=GOOD, again=GOOD)
        assert visitor.path == "/connexion"
        assert "C’est fait. Ouvrez une session avec ce mot de passe." in visitor.page
        visitor.post("/connexion", email="aline@neiges.example", password=GOOD)
        visitor.get("/admin/personnes/nouvelle")
        visitor.post(
            "/admin/personnes/nouvelle", given_name="Mireille", family_name="Gallant", role="professional",
            email="mireille@neiges.example", locale="fr",
        )  # fmt: skip
        assert "La personne est ajoutée." in visitor.page
        visitor.post(visitor.path + "/lien")
        handed = re.search(r"#(p1_[A-Za-z0-9_-]{43})", visitor.page)
        assert handed
        newcomer = Visitor(address)
        newcomer.get("/mot-de-passe")
        newcomer.post("/mot-de-passe", lien=handed[1], wanted=GOOD[::-1], again=GOOD[::-1])
        newcomer.post("/connexion", email="mireille@neiges.example", password=GOOD[::-1])
        assert "Mireille Gallant" in newcomer.page
        newcomer.get("/mot-de-passe")
        with pytest.raises(HTTPError) as refused:
            newcomer.post("/mot-de-passe", lien=handed[1], wanted=GOOD, again=GOOD)
        with refused.value as answer:
            assert answer.code == 404


def test_a_second_founding_with_the_code_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run(home, *FOUND)

    again = run(home, *FOUND)

    assert (again.returncode, again.stdout.splitlines()) == (
        1,
        [
            "Nothing was founded:",
            "  --admin-email already opens somebody's account here",
            "  --code is the code of a board that is already here",
        ],
    )


def test_every_fault_is_named(tmp_path: Path) -> None:
    bad = list(FOUND)
    for name, value in (("--zone", "Europe/Paris"), ("--admin-email", "aline"), ("--admin-name", "Aline")):
        bad[bad.index(name) + 1] = value

    refused = run(tmp_path / "home", *bad)

    assert refused.returncode == 1
    assert refused.stdout.splitlines() == [
        "Nothing was founded:",
        "  --zone is one of America/Toronto, America/Halifax, America/Blanc-Sablon",
        "  --admin-name is missing (a given name and a family name are wanted)",
        "  --admin-email is not an e-mail address",
    ]


def test_a_fresh_link_replaces_the_older(tmp_path: Path) -> None:
    home = tmp_path / "home"
    founded = run(home, *FOUND)

    fresh = run(home, "account", "link", "aline@neiges.example")
    unknown = run(home, "account", "link", "nobody@neiges.example")

    assert fresh.returncode == 0
    assert re.fullmatch(r"p1_[A-Za-z0-9_-]{43}", link_of(fresh.stdout))
    assert link_of(fresh.stdout) != link_of(founded.stdout)
    assert (unknown.returncode, unknown.stdout.strip()) == (1, "Nobody who may sign in here has that e-mail.")
