"""The make-up pool: séances owed, the oldest first, in the words of who reads; what was decided of the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from intervention.domain.encounters import Confidentiality, EncounterStatus
from intervention.domain.permissions import Action, Actor, Subject, permits
from intervention.domain.privacy import EncounterFacts, view_for
from intervention.domain.series import MakeUpState
from intervention.queries.encounters import subject_of
from intervention.queries.facts import facts_where
from intervention.queries.scope import visible_encounters
from intervention.records.encounters import Encounter
from intervention.records.series import MakeUp

MOST = 300


@dataclass(frozen=True, slots=True)
class OwedSeance:
    id: UUID
    view: EncounterFacts
    state: MakeUpState
    since_at: datetime
    note: str
    replaced_by: UUID | None
    replaced_at: datetime | None
    may_decide: bool


@dataclass(frozen=True, slots=True)
class Pool:
    """`hosts` and `buildings` are those of everything that the actor may see in it, for the filters."""

    seances: tuple[OwedSeance, ...]
    hosts: tuple[tuple[UUID, str], ...]
    buildings: tuple[tuple[UUID, str], ...]


def pool(
    session: Session, actor: Actor, state: MakeUpState, host_id: UUID | None = None, building_id: UUID | None = None
) -> Pool:
    """What is owed, planned again or given up."""
    replacing = aliased(Encounter)
    rows = session.execute(
        select(MakeUp, Encounter, replacing.starts_at)
        .join(Encounter, Encounter.id == MakeUp.encounter_id)
        .outerjoin(replacing, replacing.id == MakeUp.replaced_by_id)
        .where(visible_encounters(actor), _is(state, replacing))
        .order_by(Encounter.starts_at, MakeUp.id)
        .limit(MOST)
    ).all()
    views = {
        facts.id: view_for(actor, facts)
        for facts in facts_where(session, Encounter.id.in_([encounter.id for _, encounter, _ in rows]))
    }
    found = [_owed(actor, made, encounter, views[encounter.id], state, at) for made, encounter, at in rows]
    hosts = {each.view.host.id: each.view.host.name for each in found if each.view.host}
    buildings = {s.building_id: s.building for each in found for s in each.view.sites if s.building_id and s.pupils}
    kept = tuple(
        each
        for each in found
        if host_id in {None, each.view.host.id if each.view.host else None}
        and (building_id is None or any(site.building_id == building_id for site in each.view.sites))
    )
    return Pool(kept, _named(hosts), _named(buildings))


def owed_count(session: Session, actor: Actor) -> int:
    """How many séances wait for somebody to say whether they are made up, of those that the actor may decide on."""
    replacing = aliased(Encounter)
    decides_all = permits(actor, Action.CHANGE_ENCOUNTER, Subject(actor.organization_id))
    open_to_all = Encounter.confidentiality != Confidentiality.STRICT if decides_all else false()
    # The few that are owed are read first: joined, the database would go over every séance of the board.
    owed = session.scalars(
        select(MakeUp.encounter_id)
        .outerjoin(replacing, replacing.id == MakeUp.replaced_by_id)
        .where(MakeUp.organization_id == actor.organization_id, _is(MakeUpState.OWED, replacing))
    ).all()
    if not owed:
        return 0
    mine = or_(Encounter.host_id == actor.person_id, open_to_all)
    return session.scalar(select(func.count()).select_from(Encounter).where(Encounter.id.in_(owed), mine)) or 0


def _is(state: MakeUpState, replacing: type[Encounter]) -> ColumnElement[bool]:
    """A replacement that was itself cancelled is owed again."""
    if state is MakeUpState.WAIVED:
        return MakeUp.state == state
    if state is MakeUpState.PLANNED:
        return and_(MakeUp.state == state, replacing.status != EncounterStatus.CANCELLED)
    fell = or_(replacing.id.is_(None), replacing.status == EncounterStatus.CANCELLED)
    return or_(MakeUp.state == state, and_(MakeUp.state == MakeUpState.PLANNED, fell))


def make_up_of(session: Session, actor: Actor, encounter_id: UUID) -> MakeUpState | None:
    """Whether a séance that the actor sees is in the pool, and what was decided."""
    return session.scalar(
        select(MakeUp.state)
        .join(Encounter, Encounter.id == MakeUp.encounter_id)
        .where(MakeUp.encounter_id == encounter_id, visible_encounters(actor))
    )


def _owed(  # noqa: PLR0913, PLR0917 - one row and its view
    actor: Actor,
    made: MakeUp,
    encounter: Encounter,
    view: EncounterFacts,
    state: MakeUpState,
    replaced_at: datetime | None,
) -> OwedSeance:
    may = bool(permits(actor, Action.CHANGE_ENCOUNTER, subject_of(encounter)))
    return OwedSeance(
        made.id, view, state, made.since_at, made.note or "",
        made.replaced_by_id if state is MakeUpState.PLANNED else None, replaced_at, may,
    )  # fmt: skip


def _named(found: dict[UUID, str]) -> tuple[tuple[UUID, str], ...]:
    return tuple(sorted(found.items(), key=lambda each: each[1]))
