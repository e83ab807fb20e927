"""One series, loaded for an act (loading is authorising), and as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.composition import AskSite
from intervention.domain.encounters import EncounterKind, EncounterStatus
from intervention.domain.errors import NotFound
from intervention.domain.permissions import Action, Actor, Subject, permits, require
from intervention.domain.recurrence import Recurrence
from intervention.domain.series import DateState, SkipReason
from intervention.domain.series_plan import sites_from_json
from intervention.records.encounters import Encounter
from intervention.records.people import Person
from intervention.records.series import Series, SeriesDate


def series_for(session: Session, actor: Actor, series_id: UUID, action: Action, *, lock: bool = False) -> Series:
    """The series, where the actor may see it and do `action` to it. Raises NotFound or NotAllowed."""
    statement = select(Series).where(Series.id == series_id, Series.organization_id == actor.organization_id)
    if lock:
        statement = statement.with_for_update(key_share=True)  # an edit of one of its encounters only refers to it
    series = session.scalars(statement.execution_options(populate_existing=lock)).one_or_none()
    if series is None:
        raise NotFound
    subject = subject_of(series)
    require(actor, Action.SEE_ENCOUNTER, subject)
    require(actor, action, subject)
    return series


def subject_of(series: Series) -> Subject:
    """What the permissions look at: those of its plan, as for an encounter."""
    sites = series.plan["sites"]
    people = [who["person_id"] for site in sites for who in site["participants"]]
    people += [site["facilitator_id"] for site in sites]
    return Subject(
        series.organization_id,
        owner_id=series.host_id,
        people=frozenset(UUID(each) for each in people if each),
        buildings=frozenset(UUID(site["building_id"]) for site in sites if site["building_id"]),
        confidentiality=series.confidentiality,
    )


def dates_of(session: Session, series_id: UUID) -> list[SeriesDate]:
    """Every date, in order."""
    return list(
        session.scalars(select(SeriesDate).where(SeriesDate.series_id == series_id).order_by(SeriesDate.on_date))
    )


@dataclass(frozen=True, slots=True)
class ShownDate:
    """`on_date` is the rule's; `starts_at` when it is really held, which may be another day."""

    on_date: date
    state: DateState
    reason: SkipReason | None
    encounter_id: UUID | None
    starts_at: datetime | None
    status: EncounterStatus | None


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """A series in a list."""

    series_id: UUID
    version: int
    kind: EncounterKind
    host_id: UUID
    host_name: str
    minutes: int
    zone: str
    rule: Recurrence
    ended_at: datetime | None
    continues_id: UUID | None


def series_list(session: Session, actor: Actor, limit: int, after: UUID | None = None) -> list[SeriesLine]:
    """Those that the actor may change, in the order of their ids."""
    statement = select(Series, Person).join(Person, Person.id == Series.host_id)
    statement = statement.where(Series.organization_id == actor.organization_id).order_by(Series.id)
    if not permits(actor, Action.CHANGE_ENCOUNTER, Subject(actor.organization_id)):
        statement = statement.where(Series.host_id == actor.person_id)  # none of anybody else's
    if after is not None:
        statement = statement.where(Series.id > after)
    found: list[SeriesLine] = []
    for series, host in session.execute(statement).yield_per(200):
        if len(found) == limit:
            break
        if permits(actor, Action.CHANGE_ENCOUNTER, subject_of(series)):
            found.append(_line(series, host))
    return found


def _line(series: Series, host: Person) -> SeriesLine:
    return SeriesLine(
        series.id,
        series.version,
        series.kind,
        series.host_id,
        host.full_name,
        series.minutes,
        series.zone,
        Recurrence.from_json(series.rule),
        series.ended_at,
        series.continues_id,
    )


@dataclass(frozen=True, slots=True)
class SeriesPage:
    series_id: UUID
    version: int
    kind: EncounterKind
    host_id: UUID
    host_name: str
    building_id: UUID  # whose calendar its rule is read on
    minutes: int
    zone: str
    starts_local: time
    rule: Recurrence
    sites: tuple[AskSite, ...]
    dates: tuple[ShownDate, ...]
    ended_at: datetime | None
    continues_id: UUID | None  # the series whose later dates these are
    continued_by: UUID | None


def series_page(session: Session, actor: Actor, series_id: UUID) -> SeriesPage:
    """For whoever may change it. Raises NotFound for whoever may not see its encounters, NotAllowed for the others."""
    series = series_for(session, actor, series_id, Action.CHANGE_ENCOUNTER)
    rows = session.execute(
        select(SeriesDate, Encounter.starts_at, Encounter.status)
        .outerjoin(Encounter, Encounter.id == SeriesDate.encounter_id)
        .where(SeriesDate.series_id == series.id)
        .order_by(SeriesDate.on_date)
    )
    return SeriesPage(
        series.id,
        series.version,
        series.kind,
        series.host_id,
        session.get_one(Person, series.host_id).full_name,
        series.building_id,
        series.minutes,
        series.zone,
        series.starts_local,
        Recurrence.from_json(series.rule),
        sites_from_json(series.plan["sites"]),
        tuple(
            ShownDate(d.on_date, d.state, d.reason, d.encounter_id, starts_at, status) for d, starts_at, status in rows
        ),
        series.ended_at,
        series.continues_id,
        session.scalar(select(Series.id).where(Series.continues_id == series.id).order_by(Series.first_on).limit(1)),
    )
