"""The travel that remote service stood for, by professional and week: what `domain.ledger` reads, and its answer.

The figure is that of the low band of the estimate, so that it understates; the top of its range is that of the
central one. A week's ledger is kept in the process under all that it was read from.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import reduce
from threading import Lock
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from intervention.domain.encounters import Confidentiality, EncounterStatus
from intervention.domain.errors import NotFound
from intervention.domain.ledger import week_ledger
from intervention.domain.ledger_facts import Amount, WeekLedger
from intervention.domain.ledger_week import Policy, Week
from intervention.domain.people import Role
from intervention.domain.permissions import Action, Actor, Subject, permits, require
from intervention.domain.road_estimate import Band
from intervention.domain.travel import TravelTimes
from intervention.queries.roads import travel_times
from intervention.queries.travel_weeks import load_weeks
from intervention.records.encounters import Encounter
from intervention.records.isolation import beyond
from intervention.records.people import Membership, Organization, Person, Professional
from intervention.records.schools import Building

MOST_KEPT = 2048
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Traveller:
    id: UUID
    name: str
    base: str


@dataclass(frozen=True, slots=True)
class TravelWeek:
    """One professional's week. `most_metres` is the top of the range, estimates at their central value."""

    traveller: Traveller
    monday: date
    ledger: WeekLedger
    most_metres: int

    @property
    def least_metres(self) -> int:
        return self.ledger.range_metres[0]

    @property
    def is_empty(self) -> bool:
        """Nothing was given."""
        return not (self.ledger.counted or self.ledger.access or self.ledger.actual.metres)


@dataclass(frozen=True, slots=True)
class TravelSum:
    """Weeks added up: kilometres and minutes not driven, driven, and séances that no trip would have replaced."""

    avoided: Amount = field(default_factory=Amount)
    least_metres: int = 0
    most_metres: int = 0
    driven: Amount = field(default_factory=Amount)
    access: int = 0
    counted: int = 0
    estimated_legs: int = 0
    legs: int = 0


@dataclass(frozen=True, slots=True)
class TravelReport:
    """`weeks` in order of date then name. `people` is empty for who may read the board's sum only."""

    mondays: tuple[date, ...]
    weeks: tuple[TravelWeek, ...]
    people: tuple[Traveller, ...]
    is_board: bool

    @property
    def total(self) -> TravelSum:
        return summed(self.weeks)

    def trimmed(self) -> TravelReport:
        """Without the weeks before the first and after the last that hold a séance; whole when none does."""
        full = {week.monday for week in self.weeks if not week.is_empty}
        kept = tuple(each for each in self.mondays if full and min(full) <= each <= max(full))
        if not kept:
            return self
        return replace(self, mondays=kept, weeks=tuple(week for week in self.weeks if week.monday in kept))

    def of_week(self, monday: date) -> TravelSum:
        return summed([week for week in self.weeks if week.monday == monday])

    def of_person(self, person_id: UUID) -> TravelSum:
        return summed([week for week in self.weeks if week.traveller.id == person_id])


@dataclass(frozen=True, slots=True)
class TravelDetail:
    """A week with all that proves it. `unnamed` séances are confidential to who reads: they are in the sums only."""

    week: TravelWeek
    buildings: Mapping[UUID, str]
    points: Mapping[UUID, tuple[float, float]]
    unnamed: frozenset[UUID]
    is_own: bool


def summed(weeks: Sequence[TravelWeek]) -> TravelSum:
    return reduce(_add, weeks, TravelSum())


def _add(total: TravelSum, week: TravelWeek) -> TravelSum:
    ledger = week.ledger
    return TravelSum(
        avoided=total.avoided + ledger.headline,
        least_metres=total.least_metres + week.least_metres,
        most_metres=total.most_metres + week.most_metres,
        driven=total.driven + ledger.actual,
        access=total.access + len({item.encounter_id for item in ledger.access}),
        counted=total.counted + len({item.encounter_id for item in ledger.counted}),
        estimated_legs=total.estimated_legs + ledger.estimated_legs,
        legs=total.legs + ledger.legs,
    )


def board_travel(session: Session, actor: Actor, mondays: Sequence[date]) -> TravelReport:
    """Every professional of the board, for who reads its reports."""
    require(actor, Action.READ_REPORTS, Subject(actor.organization_id))
    people = _travellers(session, actor.organization_id)
    weeks = _weeks(session, actor.organization_id, people, mondays)
    return TravelReport(tuple(mondays), weeks, tuple(people) if _may_name(actor) else (), is_board=True)


def travellers_for(session: Session, actor: Actor) -> tuple[Traveller, ...]:
    """Whose travel the actor may look at, beside their own."""
    return tuple(_travellers(session, actor.organization_id)) if _may_name(actor) else ()


def _may_name(actor: Actor) -> bool:
    """Whoever may read one professional's report without being her."""
    return bool(permits(actor, Action.READ_OWN_REPORT, Subject(actor.organization_id)))


def own_travel(session: Session, actor: Actor, person_id: UUID, mondays: Sequence[date]) -> TravelReport:
    """One professional's: herself or who coordinates. NotFound for anybody who is no professional of the board."""
    person = _traveller(session, actor, person_id)
    return TravelReport(
        tuple(mondays), _weeks(session, actor.organization_id, [person], mondays), (person,), is_board=False
    )


def travel_detail(session: Session, actor: Actor, person_id: UUID, monday: date) -> TravelDetail:
    person = _traveller(session, actor, person_id)
    (week,) = _weeks(session, actor.organization_id, [person], [monday])
    with beyond(session):
        rows = session.execute(
            select(Building.id, Building.short_name, Building.lat, Building.lon).where(
                or_(Building.organization_id == actor.organization_id, Building.id.in_(_bases([person_id])))
            )
        ).all()
    is_own = person_id == actor.person_id
    return TravelDetail(
        week=week,
        buildings={row.id: row.short_name for row in rows},
        points={row.id: (row.lat, row.lon) for row in rows if row.lat is not None and row.lon is not None},
        unnamed=frozenset() if is_own else _strict(session, actor.organization_id, person_id, monday),
        is_own=is_own,
    )


def _traveller(session: Session, actor: Actor, person_id: UUID) -> Traveller:
    found = _travellers(session, actor.organization_id, person_id)
    if not found:
        raise NotFound
    require(actor, Action.READ_OWN_REPORT, Subject(actor.organization_id, owner_id=person_id))
    return found[0]


def _travellers(session: Session, organization_id: UUID, person_id: UUID | None = None) -> list[Traveller]:
    statement = (
        select(Person.id, Person.given_name, Person.family_name, Building.short_name)
        .join(Professional, Professional.person_id == Person.id)
        .join(Building, Building.id == Professional.home_building_id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organization_id == organization_id, Membership.role == Role.PROFESSIONAL)
        .distinct()
        .order_by(Person.family_name, Person.given_name, Person.id)
    )
    if person_id is not None:
        statement = statement.where(Person.id == person_id)
    rows = session.execute(statement)
    return [Traveller(row.id, f"{row.given_name} {row.family_name}", row.short_name) for row in rows]


def _strict(session: Session, organization_id: UUID, person_id: UUID, monday: date) -> frozenset[UUID]:
    return frozenset(
        session.scalars(
            select(Encounter.id).where(
                Encounter.organization_id == organization_id,
                Encounter.host_id == person_id,
                Encounter.on_date >= monday,
                Encounter.on_date < monday + WEEK,
                Encounter.confidentiality == Confidentiality.STRICT,
                Encounter.status != EncounterStatus.HELD,
            )
        )
    )


def _bases(people: Collection[UUID]) -> Select[UUID]:
    return select(Professional.home_building_id).where(Professional.person_id.in_(people))


# Ledgers

_kept: OrderedDict[Hashable, WeekLedger] = OrderedDict()
_keeping = Lock()


def _weeks(
    session: Session, organization_id: UUID, people: Collection[Traveller], mondays: Sequence[date]
) -> tuple[TravelWeek, ...]:
    limit = session.scalars(select(Organization.day_limit_minutes).where(Organization.id == organization_id)).one()
    with beyond(session):  # somebody shared may set out from another board's building, and has her hours there
        buildings = session.execute(
            select(Building.id, Building.organization_id).where(
                or_(
                    Building.organization_id == organization_id,
                    Building.id.in_(_bases([person.id for person in people])),
                )
            )
        ).all()
        ids, boards = [row.id for row in buildings], {row.organization_id for row in buildings}
        times = {band: travel_times(session, boards, ids, band) for band in (Band.LOW, Band.CENTRAL)}
        loaded = load_weeks(session, organization_id, [person.id for person in people], mondays)
    versions = {band: found.version for band, found in times.items()}
    by_key: dict[tuple[date, UUID], TravelWeek] = {}
    names = {person.id: person for person in people}
    for week in loaded:
        if week.base not in times[Band.LOW].places:
            continue
        low = _ledger(week, times[Band.LOW], versions[Band.LOW], Policy(limit))
        top = max(low.range_metres[1], low.headline.metres)
        if low.estimated_legs:
            central = _ledger(week, times[Band.CENTRAL], versions[Band.CENTRAL], Policy(limit))
            top = max(top, central.range_metres[1])
        by_key[week.monday, week.professional_id] = TravelWeek(names[week.professional_id], week.monday, low, top)
    return tuple(by_key[monday, person.id] for monday in mondays for person in people if (monday, person.id) in by_key)


def _ledger(week: Week, times: TravelTimes, version: str, policy: Policy) -> WeekLedger:
    given = frozenset(week.bases.items()), frozenset(week.declared_metres.items())
    key = (week.professional_id, week.monday, week.base, week.rows, week.workdays, week.offices, given, policy, version)
    with _keeping:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = week_ledger(week, times, policy)
    with _keeping:
        _kept[key] = found
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found
