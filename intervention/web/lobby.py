"""The room's page: the host sees who waits and decides; somebody who takes part walks in without a link."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.doors import HOST_PRESENCE, Identity, InTheRoom, KnownBy
from intervention.domain.errors import InvalidInput
from intervention.ports import Misconfigured, RoomReference
from intervention.queries.join_links import panel
from intervention.queries.lobby import RoomView, host_seen_at, room_view
from intervention.rendering import i18n
from intervention.usecases import entering, lobby, video_rooms
from intervention.usecases.lobby import Admit, Settle, Settlement
from intervention.usecases.video_rooms import Venue
from intervention.web import headers, join_links, notices, passing
from intervention.web.gate import current_actor
from intervention.web.parse import Form
from intervention.web.stage import open_work, reading, stage

pages = Blueprint("lobby", __name__)


@pages.get("/seances/<uuid:encounter_id>/salle")
def room(encounter_id: UUID) -> Response:
    view = _seen(encounter_id)
    version = _version(view)
    is_known = request.if_none_match.contains(version)
    response = Response(status=304) if is_known else _room_page(view, Form.blank())
    response.set_etag(version)
    return response


@pages.post("/seances/<uuid:encounter_id>/salle/entrer")
def enter(encounter_id: UUID) -> Response:
    """The host's entry opens the room. The provider's address is in this redirect and nowhere else."""
    with open_work() as work:
        passage = entering.ask_as_staff(work, current_actor(), stage().keys, encounter_id)
    return passing.through(passage)


@pages.post("/seances/<uuid:encounter_id>/salle/<uuid:seat_id>/admettre")
def admit(encounter_id: UUID, seat_id: UUID) -> Response:
    form = Form(request.form)
    try:
        known_by = form.choice("known_by", KnownBy)
        ask = Admit(encounter_id, seat_id, Identity(known_by, _in_the_room(form)))
        form.check()
        with open_work() as work:
            lobby.admit(work, current_actor(), ask)
    except InvalidInput as refusal:
        response = _room_page(_seen(encounter_id), form.refused(refusal), seat_id)
        response.status_code = 422
        return response
    return _back(encounter_id, "seat_admitted")


@pages.post("/seances/<uuid:encounter_id>/salle/<uuid:seat_id>/refuser")
def refuse(encounter_id: UUID, seat_id: UUID) -> Response:
    with open_work() as work:
        lobby.refuse(work, current_actor(), encounter_id, seat_id)
    notices.say("seat_refused", undo=url_for("lobby.recall", encounter_id=encounter_id, seat_id=seat_id))
    return redirect(url_for("lobby.room", encounter_id=encounter_id), 303)


@pages.post("/seances/<uuid:encounter_id>/salle/<uuid:seat_id>/rappeler")
def recall(encounter_id: UUID, seat_id: UUID) -> Response:
    with open_work() as work:
        lobby.recall(work, current_actor(), encounter_id, seat_id)
    return _back(encounter_id, "seat_recalled")


@pages.post("/seances/<uuid:encounter_id>/salle/<uuid:seat_id>/trancher")
def settle(encounter_id: UUID, seat_id: UUID) -> Response | str:
    """`choice` is `keep`, `rotate`, or the id of the device that takes the seat."""
    form = Form(request.form)
    how, device_id = _settlement(form)
    form.check()
    with open_work() as work:
        issued = lobby.settle(work, current_actor(), stage().keys, Settle(encounter_id, seat_id, how, device_id))
    if issued is not None:
        return join_links.shown_once(encounter_id, issued)
    return _back(encounter_id, "contest_settled")


@pages.post("/seances/<uuid:encounter_id>/salle/terminer")
def end(encounter_id: UUID) -> Response:
    with open_work() as work:
        lobby.end(work, current_actor(), encounter_id)
    return _back(encounter_id, "lobby_ended")


@pages.post("/seances/<uuid:encounter_id>/salle/adresse")
def paste_address(encounter_id: UUID) -> Response:
    """Hold this encounter at an address made elsewhere. It goes in, and is shown on no page."""
    form = Form(request.form)
    try:
        address = form.text("pasted_address", most=2000)
        form.check()
        with open_work() as work:
            venue = video_rooms.account_for_pasting(work, current_actor(), stage().keys, encounter_id)
        reference = _provisioned(venue, address)
        with open_work() as work:
            chosen = Venue(venue.account, venue.spec, reference)
            video_rooms.replace_room(work, current_actor(), stage().keys, encounter_id, chosen)
    except InvalidInput as refusal:
        response = _room_page(_seen(encounter_id), form.refused(refusal))
        response.status_code = 422
        return response
    return _back(encounter_id, "room_replaced")


def _provisioned(venue: Venue, address: str) -> RoomReference:
    spec = venue.spec
    pasted = type(spec)(spec.starts_at, spec.ends_at, spec.seats, address)
    try:
        return passing.rooms_of(venue.account).provision(pasted)
    except Misconfigured as misconfigured:
        raise InvalidInput({"pasted_address": misconfigured.faults["pasted_address"]}) from misconfigured


def _seen(encounter_id: UUID) -> RoomView:
    """The room as it is; the host before it is noted, at most every few seconds."""
    now = stage().clock.now()
    view = room_view(reading(), current_actor(), encounter_id, now)
    if view.is_host and view.is_window_open:
        seen_at = host_seen_at(reading(), encounter_id)
        if seen_at is None or now - seen_at > HOST_PRESENCE / 6:
            with open_work() as work:
                lobby.attend(work, current_actor(), encounter_id)
    return view


def _version(view: RoomView) -> str:
    """Grows old with anything the page shows but the hour."""
    return sha256(f"{view!r}|{i18n.locale()}".encode()).hexdigest()[:16]


def _room_page(view: RoomView, form: Form, at_fault: UUID | None = None) -> Response:
    headers.let_forms_leave()
    now = stage().clock.now()
    return make_response(
        render_template(
            "lobby/room.html",
            view=view,
            version=_version(view),
            form=form,
            at_fault=at_fault,
            known_by=list(KnownBy),
            in_the_room=list(InTheRoom),
            links=panel(reading(), current_actor(), view.encounter_id, now),
        )
    )


def _in_the_room(form: Form) -> frozenset[InTheRoom]:
    known = {each.value for each in InTheRoom}
    chosen = set(form.values("in_the_room"))
    if not chosen <= known:
        form.fail("in_the_room", "not_a_choice")
    return frozenset(InTheRoom(each) for each in chosen & known)


def _settlement(form: Form) -> tuple[Settlement, UUID | None]:
    raw = form.value("choice")
    if raw in {Settlement.KEEP.value, Settlement.ROTATE.value}:
        return Settlement(raw), None
    return Settlement.TRANSFER, form.one_id("choice")


def _back(encounter_id: UUID, said: str) -> Response:
    notices.say(said)
    return redirect(url_for("lobby.room", encounter_id=encounter_id), 303)
