"""One box over everything a reader may open. Sent by POST: what is typed may be a name, and a name is not for a URL.

Each feature brings a `Searcher` over its own scoped query; with none, the box is not shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, Flask, current_app, render_template, request
from sqlalchemy.orm import Session

from intervention.domain.permissions import Actor
from intervention.rendering.i18n import _
from intervention.web.gate import current_actor
from intervention.web.parse import Form
from intervention.web.stage import reading

pages = Blueprint("search", __name__)
_KEY = "intervention.searchers"
MOST = 8
LEAST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Hit:
    title: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Searcher:
    """`find(session, actor, text, most)` gives what the actor may open, best first."""

    label: str  # marked with N_
    find: Callable[[Session, Actor, str, int], list[Hit]]


@dataclass(frozen=True, slots=True)
class Found:
    label: str
    hits: list[Hit]


def install(app: Flask, searchers: list[Searcher]) -> None:
    app.extensions[_KEY] = searchers
    app.jinja_env.globals["has_search"] = bool(searchers)


@pages.get("/recherche")
def ask() -> str:
    return render_template("search/results.html", form=Form.blank(), found=None)


@pages.post("/recherche")
def results() -> str:
    form = Form(request.form)
    text = form.text("q", most=80, required=False)
    if len(text) < LEAST_LETTERS:
        return render_template("search/results.html", form=form, found=None)
    searchers = cast("list[Searcher]", current_app.extensions[_KEY])
    found = [Found(_(each.label), each.find(reading(), current_actor(), text, MOST)) for each in searchers]
    return render_template("search/results.html", form=form, found=[each for each in found if each.hits])
