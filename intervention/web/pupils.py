"""The pupils whom one follows, and one pupil's page."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session

from intervention.domain.people import Role
from intervention.domain.permissions import Action, Actor, Subject, permits
from intervention.queries import search as finding
from intervention.queries.caseload import A_PAGE, CaseloadAsk, caseload
from intervention.queries.follow_ups import follow_ups
from intervention.queries.guests import guests_of, may_invite_for
from intervention.rendering.i18n import N_
from intervention.usecases.pupils import open_pupil
from intervention.web.gate import current_actor
from intervention.web.nav import NavEntry
from intervention.web.parse import Form, id_or_none
from intervention.web.search import Hit, Searcher
from intervention.web.stage import open_work, reading, stage

pages = Blueprint("pupils", __name__)

READERS = frozenset(
    {Role.PROFESSIONAL, Role.TEACHER, Role.PRINCIPAL, Role.SECRETARY, Role.COORDINATOR, Role.ADMINISTRATOR}
)


def reads_pupils(actor: Actor) -> bool:
    return bool(actor.roles & READERS)


NAV = (NavEntry("pupils.index", N_("Élèves"), "pupils", 40, shown_to=reads_pupils),)


def _found(session: Session, actor: Actor, text: str, most: int) -> list[Hit]:
    matches = finding.pupils(session, actor, text, most)
    return [Hit(m.title, m.detail, url_for("pupils.show", pupil_id=m.id)) for m in matches]


SEARCH = (Searcher(N_("Élèves"), _found),)


@pages.get("/eleves")
def index() -> str:
    form, page = Form(request.args), _page("page")
    ask = CaseloadAsk(id_or_none(form.value("immeuble")), form.flag("sans_suite"), page)
    found = caseload(reading(), current_actor(), stage().clock.now(), ask)
    kept = {"immeuble": ask.building_id, "sans_suite": "1" if ask.is_unplanned else None}
    return render_template(
        "pupils/index.html",
        found=found,
        form=form,
        page=page,
        kept=kept,
        is_narrowed=any(kept.values()),
        has_more=page * A_PAGE < found.total,
    )


def _page(name: str) -> int:
    """Anything but a page's number is the first page."""
    raw = request.args.get(name, "1")
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 5 and int(raw) > 0 else 1


@pages.get("/eleves/<uuid:pupil_id>")
def show(pupil_id: UUID) -> str:
    with open_work() as work:
        page = open_pupil(work, current_actor(), pupil_id, coming=_page("a_venir"), past=_page("passees"))
    actor, today = current_actor(), stage().clock.now().date()
    board = Subject(actor.organization_id)
    can_assign = permits(actor, Action.ASSIGN_PUPILS, board)
    known = follow_ups(reading(), actor, pupil_id, today)
    return render_template(
        "pupils/show.html",
        page=page,
        can_edit=permits(actor, Action.EDIT_PUPILS, board),
        can_assign=can_assign,
        follow_ups=[each for each in known if can_assign or each.can_end],
        guests=guests_of(reading(), actor, pupil_id),
        can_invite=may_invite_for(reading(), actor, pupil_id),
    )
