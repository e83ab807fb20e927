"""Which language and theme a page speaks: the person's own choice, else this browser's, else French."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Flask, g, redirect, request
from werkzeug.wrappers import Response

from intervention.domain.errors import InvalidInput
from intervention.rendering import i18n
from intervention.rendering.phones import tel
from intervention.rendering.wording import capitalized
from intervention.usecases import accounts
from intervention.web import cookies, gate
from intervention.web.stage import open_work

pages = Blueprint("locale", __name__)
YEAR_SECONDS = 365 * 24 * 3600
LANG_TAGS = {"fr": "fr-CA", "en": "en-CA"}


def install(app: Flask) -> None:
    app.before_request(_listen)
    app.register_blueprint(pages)
    app.jinja_env.filters["tel"] = tel
    app.jinja_env.filters["capitalize"] = capitalized  # Jinja's own lowers « Oct » in « Monday, Oct 12 »
    app.jinja_env.globals.update(
        {"language": i18n.locale, "lang_tag": lang_tag, "theme": theme, "has_shortcuts": has_shortcuts, "here": here}
    )


def lang_tag() -> str:
    return LANG_TAGS[i18n.locale()]


def theme() -> str:
    """`light`, `dark`, or `auto` for what the device prefers."""
    actor = gate.actor_or_none()
    return actor.theme if actor else "auto"


def has_shortcuts() -> bool:
    """Single-letter keys may be turned off (WCAG 2.1.4); the choice belongs to this browser and its helpers."""
    return cookies.read("keys") != "off"


def here() -> str:
    """The present page, for forms that come back to it."""
    return request.full_path.rstrip("?") if request.method == "GET" else request.path


def safe_way(wanted: str | None, otherwise: str) -> str:
    """`wanted` when it is a path of ours; an address that leads elsewhere is not followed."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")) or "\\" in wanted:
        return otherwise
    parts = urlsplit(wanted)
    return otherwise if parts.scheme or parts.netloc or any(ord(c) < 32 for c in wanted) else wanted


@pages.post("/langue")
def choose() -> Response:
    """Speak the other language from now on: on the person when signed in, in this browser otherwise."""
    language = request.form.get("language", "")
    if language not in i18n.LOCALES:
        raise InvalidInput({"language": "not_a_choice"})
    response = redirect(safe_way(request.form.get("suite"), "/"), 303)
    actor = gate.actor_or_none()
    if actor is not None:
        with open_work() as work:
            accounts.set_language(work, actor, language)
    cookies.write(response, "language", language, max_age=YEAR_SECONDS)
    return response


def _listen() -> None:
    actor = gate.actor_or_none() if "signed_in" in g else None
    chosen = actor.locale if actor else cookies.read("language")
    i18n.speak(chosen or request.accept_languages.best_match(i18n.LOCALES, default="fr"))
