"""What the page that changes a series offers: its places, its people, who could join, and what others did to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from intervention.domain.arrangement import is_pupil_site
from intervention.domain.composition import AskParticipant, AskSite
from intervention.domain.encounters import KIND_RULES, PlaceKind
from intervention.domain.permissions import Action, Actor
from intervention.domain.series_change import SeriesActKind
from intervention.domain.series_plan import sites_from_json
from intervention.queries import booking_form
from intervention.queries.booking_form import Candidate, Pool
from intervention.queries.catalogue import Catalogue, catalogue
from intervention.queries.series import series_for
from intervention.records.encounters import Consent
from intervention.records.people import ClassGroup, Guest, Person, Pupil
from intervention.records.series import Series, SeriesAct

Named = tuple[UUID, str]


@dataclass(frozen=True, slots=True)
class SiteForm:
    """A place of the series. None for its room or facilitator: any that is free, date by date."""

    building_id: UUID
    name: str
    has_host: bool
    room_id: UUID | None
    facilitator_id: UUID | None
    rooms: tuple[Named, ...]
    facilitators: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class ConsentNote:
    """A pupil whose consent does not cover the series: `until` where it ends on the way, else none, or not remote."""

    label: str
    until: date | None
    is_given: bool


@dataclass(frozen=True, slots=True)
class SeriesForm:
    """`host_place` is as `host_places` name it; `candidates` do not take part yet."""

    sites: tuple[SiteForm, ...]
    host_places: tuple[tuple[PlaceKind, UUID, str], ...]
    host_place: tuple[PlaceKind, UUID | None]
    people: tuple[Named, ...]
    candidates: tuple[tuple[Pool, tuple[Candidate, ...]], ...]


@dataclass(frozen=True, slots=True)
class SeriesActLine:
    kind: SeriesActKind
    version: int
    by: str
    done_at: datetime
    reason: str | None


def series_form(session: Session, actor: Actor, series_id: UUID) -> SeriesForm:
    """For whoever may change the series. Raises NotFound, NotAllowed."""
    series = series_for(session, actor, series_id, Action.CHANGE_ENCOUNTER)
    board = catalogue(session, actor.organization_id)
    sites = sites_from_json(series.plan["sites"])
    home = board.professionals[series.host_id].home
    host = next(site for site in sites if site.has_host)
    placed = [site.building_id for site in sites if site.building_id and site.participants and site.building_id != home]
    places = [(PlaceKind.HOME_BASE, home)] + [(PlaceKind.BUILDING, at) for at in dict.fromkeys(placed)]
    sheet = booking_form.sheet(session, actor, series.host_id, series.kind)
    present = {str(who.subject_id) for site in sites for who in site.participants}
    return SeriesForm(
        tuple(_site(session, board, site, series.host_id) for site in sites if _has_choices(site)),
        tuple((kind, at, board.buildings[at].name if at in board.buildings else "") for kind, at in places),
        (host.place, host.building_id),
        tuple(names_of(session, actor, series, [who for site in sites for who in site.participants])),
        tuple(
            (pool, tuple(each for each in people if each.value.partition(":")[2] not in present))
            for pool, people in sheet.pools
            if pool is not Pool.GROUPS
        ),
    )


def _has_choices(site: AskSite) -> bool:
    """A room is chosen where pupils are and where the professional visits."""
    return site.building_id is not None and (
        is_pupil_site(site) or (site.has_host and site.place is PlaceKind.BUILDING)
    )


def _site(session: Session, board: Catalogue, site: AskSite, host_id: UUID) -> SiteForm:
    assert site.building_id is not None  # noqa: S101 - only places with a building have choices
    info = board.buildings[site.building_id]
    helpers = session.execute(
        select(Person.id, Person.given_name, Person.family_name)
        .where(Person.id.in_(info.facilitators), Person.id != host_id)
        .order_by(Person.family_name)
    )
    return SiteForm(
        info.id,
        info.name,
        site.has_host,
        site.room_id,
        site.facilitator_id,
        tuple((room.id, room.name) for room in sorted(info.rooms, key=lambda room: room.name)),
        () if site.has_host else tuple((each, f"{given} {family}") for each, given, family in helpers),
    )


def names_of(session: Session, actor: Actor, series: Series, people: list[AskParticipant]) -> list[Named]:
    """Who takes part, by name: a pupil by code for whoever is not the professional herself."""
    is_host = series.host_id == actor.person_id
    ids = [who.subject_id for who in people if who.subject_id is not None]
    found: dict[UUID, str] = {}
    for pupil in session.scalars(select(Pupil).where(Pupil.id.in_(ids))):
        found[pupil.id] = f"{pupil.code} {pupil.given_name} {pupil.family_name}" if is_host else pupil.code
    for person in session.scalars(select(Person).where(Person.id.in_(ids))):
        found[person.id] = person.full_name
    for group in session.scalars(select(ClassGroup).where(ClassGroup.id.in_(ids))):
        found[group.id] = group.name
    for guest in session.scalars(select(Guest).where(Guest.id.in_(ids))):
        found[guest.id] = guest.name
    return [(each, found[each]) for each in ids if each in found]


def consents_missing(  # noqa: PLR0913, PLR0917 - a plan, and until when it lasts
    session: Session, actor: Actor, series_id: UUID, sites: tuple[AskSite, ...], today: date, last_on: date
) -> list[ConsentNote]:
    """Pupils of these sites for whom consent is to be obtained, for the professional alone: she is who asks for it."""
    series = series_for(session, actor, series_id, Action.CHANGE_ENCOUNTER)
    if series.host_id != actor.person_id or not KIND_RULES[series.kind].needs_consent:
        return []
    pupils = {who.pupil_id: site for site in sites for who in site.participants if who.pupil_id is not None}
    rows = session.scalars(
        select(Consent).where(
            Consent.pupil_id.in_(pupils),
            Consent.organization_id == actor.organization_id,
            Consent.discipline == series.discipline,
            Consent.withdrawn_on.is_(None),
            or_(Consent.expires_on.is_(None), Consent.expires_on >= today),
        )
    ).all()
    names = dict(names_of(session, actor, series, [who for site in sites for who in site.participants]))
    found = []
    for pupil, site in pupils.items():
        given = [row for row in rows if row.pupil_id == pupil]
        covering = [row for row in given if row.covers_remote or site.has_host]
        if not covering:
            found.append(ConsentNote(names[pupil], None, is_given=bool(given)))
        elif all(row.expires_on is not None and row.expires_on < last_on for row in covering):
            found.append(
                ConsentNote(names[pupil], max(row.expires_on for row in covering if row.expires_on), is_given=True)
            )
    return found


def series_history(session: Session, actor: Actor, series_id: UUID, *, since: int = 0) -> list[SeriesActLine]:
    """What was done to it after version `since`, the last act first."""
    series = series_for(session, actor, series_id, Action.CHANGE_ENCOUNTER)
    rows = session.execute(
        select(SeriesAct, Person.given_name, Person.family_name)
        .join(Person, Person.id == SeriesAct.actor_id)
        .where(SeriesAct.series_id == series.id, SeriesAct.version > since)
        .order_by(SeriesAct.done_at.desc(), SeriesAct.id.desc())
    )
    return [
        SeriesActLine(act.kind, act.version, f"{given} {family}", act.done_at, act.reason)
        for act, given, family in rows
    ]
