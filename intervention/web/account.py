"""Signing in and out, and one's own page: language, look, sessions, password."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.errors import InvalidInput, NotFound
from intervention.queries import accounts as known
from intervention.queries.accounts import Candidate
from intervention.queries.working_hours import keeps_hours
from intervention.settings import is_loopback
from intervention.usecases import accounts, passwords, throttling
from intervention.usecases.accounts import ChangePassword, OpenSession
from intervention.usecases.throttling import Limit
from intervention.web import cookies, locale, nav, notices
from intervention.web.gate import actor_or_none, current_actor, current_sign_in
from intervention.web.parse import Form
from intervention.web.stage import open_work, reading, stage
from intervention.web.visitors import client_family

pages = Blueprint("account", __name__)
Page = str | tuple[str, int] | Response


@pages.get("/")
def home() -> Response:
    return redirect(nav.home_url(), 303)


@pages.get("/connexion")
def sign_in() -> Page:
    if actor_or_none() is not None:
        return redirect(_way_on(request.args.get("suite")), 303)
    return _sign_in_page(Form.blank(), request.args.get("suite"))


@pages.post("/connexion")
def sign_in_post() -> Page:
    form = Form(request.form)
    email = form.text("email", most=254).lower()
    password = form.data.get("password", "")[:1000]
    try:
        form.check()
        found = _proven(email, password)
    except InvalidInput as refusal:
        return _sign_in_page(form.refused(refusal), request.form.get("suite")), 422
    if passwords.is_outdated(found.password_hash or ""):
        with open_work() as work:
            accounts.rehash(work, found.person_id, password)
    return _enter(found.person_id, found.organization_id)


def _proven(email: str, password: str) -> Candidate:
    """The person whose password this is. An unknown e-mail and a wrong password are one answer, in the same time."""
    limits = _limits(email)
    with open_work() as work:
        wait = throttling.count_try(work, limits)
    if wait is not None:
        raise throttling.refused(wait)
    found = known.candidate(reading(), email, stage().clock.now().date())
    if not passwords.matches(found.password_hash if found else None, password) or found is None:
        raise InvalidInput({"password": "sign_in_refused"})
    with open_work() as work:
        throttling.take_back(work, limits)
    return found


def _limits(email: str) -> list[Limit]:
    """Few tries for an account from one network, more from everywhere, and room for a school behind one address."""
    secret = stage().settings.secret_key.reveal()
    network = throttling.network_of(request.remote_addr)
    return [
        Limit(throttling.key_of(secret, "sign_in", email, network), 8),
        Limit(throttling.key_of(secret, "sign_in", email), 40),
        Limit(throttling.key_of(secret, "sign_in", network), 120),
    ]


@pages.post("/connexion/demo")
def sign_in_demo() -> Page:
    """One click into the demonstration board, from this machine only."""
    if not _is_demonstrating():
        abort(404)
    form = Form(request.form)
    person_id = form.one_id("person")
    form.check()
    if not known.is_demo_person(reading(), person_id):
        raise NotFound
    return _enter(person_id, known.home_board(reading(), person_id))


def _is_demonstrating() -> bool:
    """The settings refuse DEMO off loopback already; the sender is checked too, in case a tunnel leads here."""
    settings = stage().settings
    forwarded = request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded")
    return settings.demo and settings.is_on_loopback and is_loopback(request.remote_addr) and not forwarded


def _sign_in_page(form: Form, suite: str | None) -> str:
    people = known.demo_people(reading()) if _is_demonstrating() else []
    return render_template("account/sign_in.html", form=form, suite=suite, demo_people=people)


def _enter(person_id: UUID, organization_id: UUID) -> Response:
    """A new session under a new token, whatever cookie the browser came with (ASVS 7.2.4)."""
    settings = stage().settings
    ask = OpenSession(person_id, organization_id, client_family(), settings.session_hours)
    with open_work() as work:
        token = accounts.open_session(work, ask)
    response = redirect(_way_on(request.form.get("suite")), 303)
    cookies.write(response, "session", token, max_age=settings.session_hours * 3600)
    cookies.forget(response, "visitor")
    return response


def _way_on(suite: str | None) -> str:
    return locale.safe_way(suite, url_for("account.home"))


@pages.post("/deconnexion")
def sign_out() -> Response:
    with open_work() as work:
        accounts.sign_out(work, current_actor(), current_sign_in().session_id)
    notices.say("signed_out")
    response = redirect(url_for("account.sign_in"), 303)
    cookies.forget(response, "session")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@pages.get("/moi")
def me() -> Page:
    return _me_page(Form.blank())


@pages.post("/moi/mot-de-passe")
def change_password() -> Page:
    form = Form(request.form)
    wanted, again = request.form.get("wanted", ""), request.form.get("again", "")
    ask = ChangePassword(current_sign_in().session_id, request.form.get("current", "")[:1000], wanted, again)
    try:
        with open_work() as work:
            accounts.change_password(work, current_actor(), ask)
    except InvalidInput as refusal:
        return _me_page(form.refused(refusal)), 422
    notices.say("password_changed")
    return redirect(url_for("account.me"), 303)


@pages.post("/moi/apparence")
def change_theme() -> Response:
    with open_work() as work:
        accounts.set_theme(work, current_actor(), request.form.get("theme", ""))
    notices.say("preferences_kept")
    return redirect(url_for("account.me"), 303)


@pages.post("/moi/organisation")
def enter_board() -> Response:
    """A person who works for two boards acts in one at a time; `suite` is a page there, of a séance for instance."""
    form = Form(request.form)
    board = form.one_id("board")
    form.check()
    with open_work() as work:
        accounts.enter_board(work, current_actor(), current_sign_in().session_id, board)
    return redirect(_way_on(request.form.get("suite")), 303)


@pages.post("/moi/sessions/fermer")
def close_other_sessions() -> Response:
    with open_work() as work:
        accounts.close_other_sessions(work, current_actor(), current_sign_in().session_id)
    notices.say("sessions_closed")
    return redirect(url_for("account.me"), 303)


@pages.post("/moi/sessions/<uuid:session_id>/fermer")
def close_session(session_id: UUID) -> Response:
    with open_work() as work:
        accounts.close_session(work, current_actor(), session_id)
    notices.say("session_closed")
    return redirect(url_for("account.me"), 303)


def _me_page(form: Form) -> str:
    actor = current_actor()
    now = stage().clock.now()
    return render_template(
        "account/me.html",
        form=form,
        me=known.me(reading(), actor),
        keeps_hours=keeps_hours(reading(), actor, actor.person_id),
        themes=accounts.THEMES,
        boards=known.boards_of(reading(), actor.person_id, now.date()),
        sessions=known.own_sessions(reading(), actor, current_sign_in().session_id, now),
    )


@pages.get("/aide/clavier")
def keyboard() -> Page:
    return render_template("help/keyboard.html", links=nav.nav_links())


@pages.post("/aide/clavier")
def choose_keyboard() -> Response:
    """Single-letter keys on or off, in this browser."""
    response = redirect(url_for("account.keyboard"), 303)
    wanted = "on" if request.form.get("keys") == "on" else "off"
    cookies.write(response, "keys", wanted, max_age=locale.YEAR_SECONDS)
    notices.say("preferences_kept")
    return response
