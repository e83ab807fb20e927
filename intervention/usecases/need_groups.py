"""Small groups of pupils who share a difficulty, made by the professional who follows them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, func, select

from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.people import Discipline
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.pupils import names_somebody
from intervention.queries.need_groups import need_group
from intervention.queries.scope import is_followed_still
from intervention.records.encounters import Encounter
from intervention.records.people import FollowUp, NeedGroup, NeedGroupMember, Professional, Pupil
from intervention.usecases import audit
from intervention.usecases.seeing import require_seen
from intervention.usecases.work import Work

MAX_LABEL, MAX_MEMBERS = 60, 20


def make_need_group(work: Work, actor: Actor, name: str, discipline: Discipline, pupils: Collection[UUID]) -> UUID:
    """Raises NotAllowed, InvalidInput for a label that names a pupil, or somebody whom she does not follow."""
    require(actor, Action.KEEP_NEED_GROUP, Subject(actor.organization_id, owner_id=actor.person_id))
    faults = _faults(work, actor, name, pupils)
    her = work.session.get(Professional, actor.person_id)
    if her is None or discipline not in {her.discipline, *her.other_disciplines}:
        faults["discipline"] = "not_her_discipline"
    if faults:
        raise InvalidInput(faults)
    group = NeedGroup(
        organization_id=actor.organization_id, person_id=actor.person_id, name=name, discipline=discipline
    )
    work.session.add(group)
    work.session.flush()
    _set_members(work, group.id, pupils)
    _changed(work, actor, "need_group_made", group.id, members=len(set(pupils)))
    return group.id


def edit_need_group(  # noqa: PLR0913, PLR0917 - a group as it becomes, and what was seen of it
    work: Work, actor: Actor, group_id: UUID, name: str, pupils: Collection[UUID], known: str | None = None
) -> None:
    """Name it anew, and say who is in it. Raises NotFound, Stale, InvalidInput."""
    group = _group(work, actor, group_id)
    require_seen(work, group, known, lambda: need_group(work.session, actor, group.id).shown)
    if faults := _faults(work, actor, name, pupils):
        raise InvalidInput(faults)
    group.name = name
    _set_members(work, group.id, pupils)
    _changed(work, actor, "need_group_edited", group.id, members=len(set(pupils)))


def remove_need_group(work: Work, actor: Actor, group_id: UUID) -> None:
    """Raises InvalidInput for a group that has had séances: they bear its label."""
    group = _group(work, actor, group_id)
    held = work.session.scalar(select(func.count()).select_from(Encounter).where(Encounter.need_group_id == group.id))
    if held:
        raise InvalidInput({"group": "group_has_encounters"}, count=held)
    _set_members(work, group.id, ())
    work.session.delete(group)
    _changed(work, actor, "need_group_removed", group.id)


def _group(work: Work, actor: Actor, group_id: UUID) -> NeedGroup:
    """Loading is authorising: a group says who follows whom, so another's does not exist for the actor."""
    group = work.session.get(NeedGroup, group_id)
    if group is None or group.person_id != actor.person_id:
        raise NotFound
    require(actor, Action.KEEP_NEED_GROUP, Subject(group.organization_id, owner_id=group.person_id))
    return group


def _faults(work: Work, actor: Actor, name: str, pupils: Collection[UUID]) -> dict[str, str]:
    faults: dict[str, str] = {}
    followed = work.session.execute(
        select(Pupil.id, Pupil.given_name, Pupil.family_name)
        .join(FollowUp, FollowUp.pupil_id == Pupil.id)
        .where(FollowUp.person_id == actor.person_id, FollowUp.organization_id == actor.organization_id)
        .where(is_followed_still(actor), Pupil.archived_on.is_(None))
    ).all()
    if not name.strip():
        faults["name"] = "required"
    elif len(name) > MAX_LABEL:
        faults["name"] = "too_long"
    elif names_somebody(name, [each for row in followed for each in (row.given_name, row.family_name)]):
        faults["name"] = "label_names_a_pupil"
    if not set(pupils) <= {row.id for row in followed}:
        faults["pupils"] = "unknown"
    elif not pupils:
        faults["pupils"] = "required"
    elif len(set(pupils)) > MAX_MEMBERS:
        faults["pupils"] = "too_many"
    return faults


def _set_members(work: Work, group_id: UUID, pupils: Collection[UUID]) -> None:
    work.session.execute(delete(NeedGroupMember).where(NeedGroupMember.need_group_id == group_id))
    work.session.add_all(NeedGroupMember(need_group_id=group_id, pupil_id=pupil_id) for pupil_id in set(pupils))
    work.session.flush()


def _changed(work: Work, actor: Actor, verb: str, group_id: UUID, **facts: object) -> None:
    audit.record(work, verb, "need_group", group_id, actor.organization_id, actor_id=actor.person_id, facts=facts)
