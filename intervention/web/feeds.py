"""Calendar subscriptions: what one has, what each would tell, opening, renewing and closing one."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from intervention.domain.errors import InvalidInput
from intervention.domain.feeds import FeedDetail, FeedScope, window_of
from intervention.domain.people import Role
from intervention.domain.permissions import Action, permits
from intervention.domain.spans import Span
from intervention.queries.feed_contents import FeedAsk, items
from intervention.queries.feed_subjects import FeedSubject, permission_subject, subjects_for
from intervention.queries.feeds import feed_for, feeds_of
from intervention.rendering.feeds import entry_of
from intervention.rendering.i18n import N_, locale, speaking
from intervention.rendering.ics import FeedEntry
from intervention.usecases.feeds import (
    MAX_LABEL,
    CreateFeed,
    NewFeed,
    create_feed,
    renew_feed,
    restore_feed,
    revoke_feed,
)
from intervention.web import notices
from intervention.web.gate import current_actor
from intervention.web.nav import NavEntry
from intervention.web.parse import Form
from intervention.web.stage import open_work, reading, stage

pages = Blueprint("feeds", __name__)
NAV = (NavEntry("feeds.index", N_("Flux"), "feeds", 60),)
Page = str | tuple[str, int] | Response

PREVIEWED = 4


@dataclass(frozen=True, slots=True)
class Address:
    """Where programs read a new feed. `is_local`: a service on the Internet cannot reach this machine."""

    https: str
    webcal: str
    is_local: bool


@pages.get("/flux")
def index() -> Page:
    return _index(Form.blank())


@pages.post("/flux/apercu")
def preview() -> Page:
    """The same page with what the form has chosen. Sent by POST: a note to oneself is not for an address."""
    return _index(Form(request.form))


@pages.post("/flux")
def create() -> Page:
    form = Form(request.form)
    subject = _subject(form)
    detail = form.choice("detail", FeedDetail)
    label = form.text("label", most=MAX_LABEL, required=False)
    try:
        form.check()
        with open_work() as work:
            made = create_feed(work, current_actor(), CreateFeed(subject.scope, subject.id, detail, label, locale()))
    except InvalidInput as refusal:
        return _index(form.refused(refusal)), 422
    return _told_once(made)


@pages.get("/flux/<uuid:feed_id>")
def show(feed_id: UUID) -> Page:
    line = feed_for(reading(), current_actor(), feed_id)
    with speaking(line.locale):
        entries = _preview(line.subject, line.detail)
    return render_template("feeds/show.html", line=line, entries=entries)


@pages.post("/flux/<uuid:feed_id>/renouvellement")
def renew(feed_id: UUID) -> Page:
    with open_work() as work:
        made = renew_feed(work, current_actor(), feed_id)
    return _told_once(made)


@pages.post("/flux/<uuid:feed_id>/fermeture")
def revoke(feed_id: UUID) -> Response:
    with open_work() as work:
        revoke_feed(work, current_actor(), feed_id)
    notices.say("feed_revoked", undo=url_for("feeds.restore", feed_id=feed_id))
    return redirect(url_for("feeds.index"), 303)


@pages.post("/flux/<uuid:feed_id>/reouverture")
def restore(feed_id: UUID) -> Response:
    with open_work() as work:
        restore_feed(work, current_actor(), feed_id)
    notices.say("feed_restored")
    return redirect(url_for("feeds.index"), 303)


def _index(form: Form) -> str:
    """The list, the form, and what a subscriber would read of what the form has chosen so far."""
    subjects = subjects_for(reading(), current_actor())
    subject = next((each for each in subjects if _key(each) == form.value("subject")), _likeliest(subjects))
    detail = next((each for each in FeedDetail if each == form.value("detail")), FeedDetail.NEUTRAL)
    form.data = MultiDict({**form.data.to_dict(), "subject": _key(subject), "detail": detail.value})
    return render_template(
        "feeds/index.html",
        form=form,
        lines=feeds_of(reading(), current_actor()),
        subjects=[(scope, [(_key(s), s.name) for s in subjects if s.scope is scope]) for scope in FeedScope],
        details=tuple(FeedDetail),
        entries=_preview(subject, detail),
    )


def _likeliest(subjects: tuple[FeedSubject, ...]) -> FeedSubject:
    """A school's desk follows the school; everybody else their own encounters."""
    roles = current_actor().roles
    keeps_desk = Role.PROFESSIONAL not in roles and roles & {Role.PRINCIPAL, Role.SECRETARY}
    return next((each for each in subjects if keeps_desk and each.scope is FeedScope.SCHOOL), subjects[0])


def _subject(form: Form) -> FeedSubject:
    """The subject chosen, among those that the reader may choose."""
    subjects = subjects_for(reading(), current_actor())
    chosen = next((each for each in subjects if _key(each) == form.value("subject")), None)
    if chosen is None:
        form.fail("subject", "not_a_choice" if form.value("subject") else "required")
    return chosen or subjects[0]


def _key(subject: FeedSubject) -> str:
    return f"{subject.scope}:{subject.id}"


def _preview(subject: FeedSubject, detail: FeedDetail) -> list[FeedEntry]:
    """The next entries, made by the code that writes the file."""
    actor, now = current_actor(), stage().clock.now()
    if not permits(actor, Action.MANAGE_FEED, permission_subject(reading(), actor, subject)):
        return []
    to_come = Span(now, window_of(now, actor.zone).ends_at)
    found = items(reading(), FeedAsk(actor, subject, detail, to_come, now), limit=PREVIEWED)
    return [entry_of(each, stage().settings.base_url) for each in found]


def _told_once(made: NewFeed) -> tuple[str, int]:
    """The address is shown by the answer that made it, and never again: only its hash is kept."""
    base_url = stage().settings.base_url
    path = url_for("feed_files.feed", token=made.token)
    address = Address(
        f"{base_url}{path}", f"webcal://{urlsplit(base_url).netloc}{path}", stage().settings.is_on_loopback
    )
    return render_template("feeds/address.html", address=address, feed_id=made.feed_id), 201
