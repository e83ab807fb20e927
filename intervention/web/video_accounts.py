"""The board's video accounts, for its administrators. Secrets are written and never read back."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.errors import InvalidInput
from intervention.domain.permissions import Action, Actor, Subject, permits
from intervention.ports import Misconfigured, VideoProvider, VideoRooms
from intervention.queries.video_accounts import video_accounts
from intervention.rendering.i18n import N_
from intervention.usecases.video_accounts import AddVideoAccount, add, enable
from intervention.web import notices
from intervention.web.gate import current_actor
from intervention.web.nav import NavEntry
from intervention.web.parse import Form
from intervention.web.stage import open_work, reading, stage

pages = Blueprint("video_accounts", __name__)
Page = str | tuple[str, int] | Response


def configures(actor: Actor) -> bool:
    return bool(permits(actor, Action.CONFIGURE_VIDEO, Subject(actor.organization_id)))


NAV = (NavEntry("video_accounts.listing", N_("Vidéo"), "remote", 92, shown_to=configures, is_admin=True),)


@pages.get("/admin/video")
def listing() -> Page:
    return _page(Form.blank(), _provider(request.args.get("genre", "jitsi")))


@pages.post("/admin/video/<code>")
def add_account(code: str) -> Page:
    provider = _provider(code)
    form = Form(request.form)
    try:
        label = form.text("label", most=80)
        values = {each.name: form.text(each.name, most=2000, required=False) for each in provider.fields}
        form.check()
        account = _accepted(provider, values)
        ask = AddVideoAccount(
            provider.code,
            label,
            provider.fields,
            values,
            leaves_quebec=form.flag("leaves_quebec"),
            is_revocable=account.capabilities.is_revocable,
        )
        with open_work() as work:
            add(work, current_actor(), stage().keys, ask)
    except InvalidInput as refusal:
        return _page(form.refused(refusal), provider), 422
    return _back("video_account_added")


@pages.post("/admin/video/<uuid:account_id>/activer")
def enable_account(account_id: UUID) -> Page:
    with open_work() as work:
        enable(work, current_actor(), account_id, is_enabled=True)
    return _back("video_account_enabled")


@pages.post("/admin/video/<uuid:account_id>/desactiver")
def disable_account(account_id: UUID) -> Page:
    with open_work() as work:
        enable(work, current_actor(), account_id, is_enabled=False)
    notices.say("video_account_disabled", undo=url_for("video_accounts.enable_account", account_id=account_id))
    return redirect(url_for("video_accounts.listing"), 303)


def _accepted(provider: VideoProvider, values: dict[str, str]) -> VideoRooms:
    try:
        return provider.account(values)
    except Misconfigured as misconfigured:
        raise InvalidInput(misconfigured.faults) from misconfigured


def _provider(code: str) -> VideoProvider:
    found = stage().video.get(code)
    if found is None:
        abort(404)
    return found


def _page(form: Form, provider: VideoProvider) -> str:
    return render_template(
        "video_accounts/listing.html",
        accounts=video_accounts(reading(), current_actor()),
        providers=list(stage().video.values()),
        provider=provider,
        form=form,
    )


def _back(said: str) -> Response:
    notices.say(said)
    return redirect(url_for("video_accounts.listing"), 303)
