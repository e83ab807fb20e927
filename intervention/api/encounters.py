"""Encounters: booked, read, moved, cancelled, opened to guests, and told who was there."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from flask import url_for
from pydantic import Field

from intervention.api import shapes
from intervention.api.inputs import Book, Cancel, Change, ChangeModality, IssueJoinLink, StateAttendance
from intervention.api.operations import Answer, Call, Made, Wanted
from intervention.api.paging import cursor_of, cursor_text, listed, start_after
from intervention.api.scalars import Id, Instant, Query
from intervention.domain.composition import BookEncounter
from intervention.domain.encounters import EncounterStatus
from intervention.domain.errors import InvalidInput
from intervention.domain.permissions import Action
from intervention.queries import encounter_list
from intervention.queries.encounter_list import EncounterFilter
from intervention.queries.encounters import encounter_for
from intervention.usecases import attendance, booking, cancelling, changing, join_links
from intervention.usecases.attendance import CompleteEncounter
from intervention.usecases.changing import ChangeEncounter, SiteChange


class EncountersQuery(Query):
    """`from` included, `to` not. `person` hosts, takes part or accompanies."""

    starts_from: Annotated[Instant | None, Field(alias="from")] = None
    starts_before: Annotated[Instant | None, Field(alias="to")] = None
    person: Id | None = None
    building: Id | None = None
    status: EncounterStatus | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(max_length=200), cursor_text(start_after)] | None = None


def read_list(call: Call) -> Answer:
    query: EncountersQuery = call.query
    wanted = EncounterFilter(
        query.limit + 1,
        query.starts_from,
        query.starts_before,
        query.person,
        query.building,
        query.status,
        start_after(query.cursor) if query.cursor else None,
    )
    rows = encounter_list.encounters(call.work.session, call.actor, wanted)
    return Answer(
        listed(rows, query.limit, shapes.encounter, lambda row: cursor_of(int(row.starts_at.timestamp()), row.id))
    )


def read(call: Call) -> Answer:
    return _shown(call, call.id)


def book(call: Call) -> Made:
    return Made(booking.book(call.work, call.actor, _asked(call)).encounter_id)


def show_booked(call: Call, made: Made) -> Answer:
    return replace(_shown(call, made.id), location=url_for("api.read_encounter", encounter_id=made.id))


def wanted_booking(call: Call) -> Wanted:
    return _asked(call), None


def _asked(call: Call) -> BookEncounter:
    body: Book = call.body
    return BookEncounter(
        host_id=body.host_id or call.actor.person_id,
        kind=body.kind,
        discipline=body.discipline,
        starts_at=body.starts_at,
        minutes=body.minutes,
        zone=body.zone,
        sites=tuple(site.asked() for site in body.sites),
        objective=body.objective,
        need_group_id=body.need_group_id,
        is_strict=body.is_strict,
        hold_minutes=body.hold_minutes,
        accepting=body.accepting,
    )


def change(call: Call) -> Answer:
    body: Change = call.body
    ask = ChangeEncounter(
        call.id,
        call.version,
        starts_at=body.starts_at,
        minutes=body.minutes,
        host_place=(body.host.place, body.host.building_id) if body.host else None,
        sites={
            site.id: SiteChange(
                frozenset(site.model_fields_set - {"id"}), site.room_id, site.kit_id, site.facilitator_id
            )
            for site in body.sites
        },
        reason=body.reason or None,
        accepting=body.accepting,
    )
    changing.change(call.work, call.actor, ask)
    return _shown(call, call.id)


def change_modality(call: Call) -> Answer:
    body: ChangeModality = call.body
    place = (body.host.place, body.host.building_id)
    ask = ChangeEncounter(call.id, call.version, host_place=place, reason=body.reason or None, accepting=body.accepting)
    changing.change(call.work, call.actor, ask)
    return _shown(call, call.id)


def wanted_change(call: Call) -> Wanted | None:
    """The encounter as it stands, at the time it was asked to move to; None when it was to move in space."""
    body: Change = call.body
    if body.host is not None:
        return None
    ask = changing.as_ask(encounter_for(call.work.session, call.actor, call.id, Action.CHANGE_ENCOUNTER))
    return replace(ask, starts_at=body.starts_at or ask.starts_at, minutes=body.minutes or ask.minutes), call.id


def cancel(call: Call) -> Answer:
    body: Cancel = call.body
    cancelling.cancel(
        call.work, call.actor, cancelling.CancelEncounter(call.id, call.version, body.cause, body.note or None)
    )
    return _shown(call, call.id)


def restore(call: Call) -> Answer:
    cancelling.restore(call.work, call.actor, cancelling.RestoreEncounter(call.id, call.version))
    return _shown(call, call.id)


def state_attendance(call: Call) -> Answer:
    """The first statement says that it was given; a later one corrects it, and the history keeps both."""
    body: StateAttendance = call.body
    stated = {each.participation_id: each.attendance for each in body.attendance}
    if len(stated) < len(body.attendance):
        raise InvalidInput({"attendance": "participant_twice"})
    standing = encounter_for(call.work.session, call.actor, call.id, Action.STATE_ATTENDANCE)
    is_given = standing.status is EncounterStatus.COMPLETED
    act = attendance.correct if is_given else attendance.complete
    act(call.work, call.actor, CompleteEncounter(call.id, call.version, stated))
    return _shown(call, call.id)


def issue_join_link(call: Call) -> Made:
    body: IssueJoinLink = call.body
    ask = join_links.IssueLink(call.id, body.participation_id)
    issued = join_links.issue_link(call.work, call.actor, call.edge.keys, ask)
    return Made(issued.link_id, issued.token)


def show_join_link(call: Call, made: Made) -> Answer:
    """The token is in the fragment, which no server and no log sees."""
    url = f"{call.base_url}{url_for('doors.knock')}#{made.secret}" if made.secret else None
    return Answer({"id": made.id, "url": url})


def _shown(call: Call, encounter_id: UUID) -> Answer:
    found = encounter_list.encounter_detail(call.work.session, call.actor, encounter_id)
    return Answer(shapes.encounter_detail(found), version=found.view.version)
