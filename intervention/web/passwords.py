"""The page of an account link: inert until somebody chooses a password on it, and closed alike for every bad link."""

from __future__ import annotations

import re

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.errors import DoorClosed, InvalidInput, TooMany
from intervention.usecases import account_links
from intervention.usecases.account_links import ChoosePassword
from intervention.web import inert, notices
from intervention.web.parse import Form
from intervention.web.stage import open_work, stage

pages = Blueprint("passwords", __name__)
pages.before_request(inert.listen)
pages.after_request(inert.shut)

_TOKEN = re.compile(r"p1_[A-Za-z0-9_-]{43}")


@pages.get(account_links.PATH)
def ask() -> Response:
    return _page(Form.blank(), 200)


@pages.post(account_links.PATH)
def choose() -> Response:
    inert.require_own_page()
    form = Form(request.form)
    found = _TOKEN.search(form.data.get("lien", "")[:2000])
    token = found[0] if found else ""
    inert.count_try("account_link", token)
    wanted, again = form.data.get("wanted", "")[:1000], form.data.get("again", "")[:1000]
    try:
        with open_work() as work:
            account_links.choose_password(work, stage().keys, ChoosePassword(token, wanted, again))
    except InvalidInput as refusal:
        return _page(form.refused(refusal), 422)
    notices.say("password_chosen")
    return redirect(url_for("account.sign_in"), 303)


@pages.errorhandler(DoorClosed)
def closed(_refusal: DoorClosed) -> Response:
    return make_response(render_template("passwords/closed.html", why="closed"), 404)


@pages.errorhandler(TooMany)
def busy(refusal: TooMany) -> Response:
    response = make_response(render_template("passwords/closed.html", why="busy"), 429)
    response.headers["Retry-After"] = str(refusal.facts["retry_after"])
    return response


def _page(form: Form, status: int) -> Response:
    return make_response(render_template("passwords/choose.html", form=form, page_token=inert.page_token()), status)
