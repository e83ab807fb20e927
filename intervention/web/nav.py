"""The rail: each feature brings its own entries, so that no link is shown before its page exists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app, request, url_for

from intervention.domain.permissions import Actor
from intervention.rendering.i18n import _
from intervention.web import gate

_KEY = "intervention.nav"


def everyone(actor: Actor) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class NavEntry:
    """A link of the rail. `order`: 10 Aujourd'hui, 20 Agenda, 30 Demandes, 40 Élèves, 50 Rapports, 60 Flux,
    80 Écoles, 90 Admin (the last two with `is_admin`). `also`: other endpoints under which it stays lit."""

    endpoint: str
    label: str  # marked with N_
    icon: str  # a name of parts/icons.html
    order: int
    shown_to: Callable[[Actor], bool] = everyone
    is_admin: bool = False
    key: str | None = None  # the keyboard's letter
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NavLink:
    label: str
    icon: str
    url: str
    is_current: bool
    is_admin: bool
    key: str | None


def install(app: Flask, entries: list[NavEntry]) -> None:
    app.extensions[_KEY] = sorted(entries, key=lambda each: each.order)
    app.jinja_env.globals["nav_links"] = nav_links


def entries() -> list[NavEntry]:
    return entries_of(current_app)


def entries_of(app: Flask) -> list[NavEntry]:
    return cast("list[NavEntry]", app.extensions[_KEY])


def nav_links() -> list[NavLink]:
    actor = gate.actor_or_none()
    if actor is None:
        return []
    return [_link(each) for each in entries() if each.shown_to(actor)]


def home_url() -> str:
    """Where a signed-in reader begins: the first entry of the rail, else their own page."""
    links = nav_links()
    return links[0].url if links else url_for("account.me")


def _link(entry: NavEntry) -> NavLink:
    here = request.endpoint or ""
    blueprint = entry.endpoint.rsplit(".", 1)[0]
    lit = here in {entry.endpoint, *entry.also} or (here.startswith(f"{blueprint}.") and not _is_shared(blueprint))
    return NavLink(_(entry.label), entry.icon, url_for(entry.endpoint), lit, entry.is_admin, entry.key)


def _is_shared(blueprint: str) -> bool:
    """Two entries in one blueprint light up only on their own pages."""
    return sum(each.endpoint.startswith(f"{blueprint}.") for each in entries()) > 1
