"""A browser for tests that refuses bad pages, so that no test of a feature can pass over one.

    browser = world_browser.enter(cast.MIREILLE)         # the cast's world, without its séances
    page = browser.get("/agenda")                        # 200, or say status=
    page = browser.post("/seances", {"kind": "team"})    # 303 expected; the form's token is taken from the session
    page.text, page.heading, page.find("form[action='/x']"), page.links, page.form("/seances")
    browser.edit("/ecoles/secteurs/1", {"name": "B"})    # the same, having opened the form of that address first
    browser.follow()                                     # GET what the last answer redirects to

`browser.get(path, names=True)` admits a pupil's name on the page; without it, one is a defect.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Flask
from werkzeug.test import TestResponse

from intervention.records.people import Person
from intervention.usecases import accounts
from intervention.usecases.accounts import OpenSession
from intervention.web.stage import Stage
from tests import cast
from tests.web.pages import Page, refuse_bad_page

LOOPBACK = "127.0.0.1"


@dataclass
class Browser:
    app: Flask
    address: str = LOOPBACK
    language: str = "fr-CA"
    last: TestResponse | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.http = self.app.test_client()

    @property
    def stage(self) -> Stage:
        stage: Stage = self.app.extensions["intervention.stage"]
        return stage

    def get(self, path: str, *, status: int = 200, names: bool = False, headers: dict[str, str] | None = None) -> Page:
        return self._seen(self.raw("GET", path, headers=headers), status, names=names)

    def post(
        self, path: str, fields: dict[str, Any] | None = None, *, status: int = 303, names: bool = False, **more: Any
    ) -> Page:
        """Send a form as our own page would, with its token."""
        data = {"csrf": self.token(), **(fields or {})}
        return self._seen(self.raw("POST", path, data=data, **more), status, names=names)

    def edit(self, path: str, fields: dict[str, Any], *, at: str = "", **more: Any) -> Page:
        """Send these fields as somebody does who opened the page just before (`at`, where it is another)."""
        opened = Page(self.raw("GET", at or path)).form(path)
        return self.post(path, {n: v for n, v in opened.items() if n.endswith("version")} | fields, **more)

    def raw(self, method: str, path: str, **more: Any) -> TestResponse:
        """The bare answer, unexamined."""
        headers = {"Accept-Language": self.language, **(more.pop("headers", None) or {})}
        environ = {"REMOTE_ADDR": self.address}
        self.last = self.http.open(path, method=method, headers=headers, environ_base=environ, **more)
        self.last.request.environ["wsgi.input"].close()  # a large form is sent from a file, which nobody else closes
        return self.last

    def follow(self, *, names: bool = False) -> Page:
        assert self.last is not None
        return self.get(self.last.headers["Location"], names=names)

    def sign_in(self, person: Person) -> Browser:
        """A session of this person, opened without the form."""
        return self.enter(person.id, person.organization_id)

    def enter(self, person_id: UUID, organization_id: UUID = cast.BOARD) -> Browser:
        """The same by ids: `browser.enter(cast.MIREILLE)`."""
        stage = self.stage
        ask = OpenSession(person_id, organization_id, "Test", 12)
        with stage.database.session() as session:
            token = accounts.open_session(accounts.Work(session, stage.clock), ask)
        self.http.set_cookie("session", token)
        return self

    def token(self) -> str:
        """The form token of this visitor, as the smallest page gives it."""
        page = Page(self.raw("GET", "/recherche" if self.is_signed_in else "/connexion"))
        return page.find("input[@name='csrf']").get("value", "")

    @property
    def is_signed_in(self) -> bool:
        return self.http.get_cookie("session") is not None

    def _seen(self, response: TestResponse, status: int, *, names: bool) -> Page:
        page = Page(response)
        assert response.status_code == status, f"{response.status_code}, not {status}: {page.summary()}"
        if response.mimetype == "text/html" and not 300 <= status < 400:
            refuse_bad_page(page, names=names)
        return page
