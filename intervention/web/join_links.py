"""Issuing, renewing and revoking links. A clear link is on one page, once: the answer to the act that made it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.queries.join_links import issued_link
from intervention.usecases import join_links
from intervention.usecases.join_links import Issued, IssueLink
from intervention.web import locale, notices
from intervention.web.gate import current_actor
from intervention.web.parse import Form
from intervention.web.stage import open_work, reading, stage

pages = Blueprint("join_links", __name__)


@pages.post("/seances/<uuid:encounter_id>/liens")
def issue(encounter_id: UUID) -> str:
    form = Form(request.form)
    ask = IssueLink(encounter_id, form.one_id("participation"))
    form.check()
    with open_work() as work:
        issued = join_links.issue_link(work, current_actor(), stage().keys, ask)
    return shown_once(encounter_id, issued)


@pages.post("/seances/<uuid:encounter_id>/liens/<uuid:link_id>/renouveler")
def reissue(encounter_id: UUID, link_id: UUID) -> str:
    with open_work() as work:
        issued = join_links.reissue(work, current_actor(), stage().keys, link_id)
    return shown_once(encounter_id, issued)


@pages.post("/seances/<uuid:encounter_id>/liens/<uuid:link_id>/revoquer")
def revoke(encounter_id: UUID, link_id: UUID) -> Response:
    with open_work() as work:
        join_links.revoke(work, current_actor(), link_id)
    notices.say("link_revoked")
    return redirect(_way_back(encounter_id), 303)


def shown_once(encounter_id: UUID, issued: Issued) -> str:
    """The page that holds a clear link. Reading it again is impossible: only a hash of the token is stored."""
    base = stage().settings.base_url if stage().settings.is_https else request.host_url.rstrip("/")
    return render_template(
        "join_links/issued.html",
        link=issued_link(reading(), current_actor(), issued.link_id),
        address=f"{base}{url_for('doors.knock')}#{issued.token}",
        way_back=_way_back(encounter_id),
    )


def _way_back(encounter_id: UUID) -> str:
    return locale.safe_way(request.form.get("suite"), url_for("lobby.room", encounter_id=encounter_id))
