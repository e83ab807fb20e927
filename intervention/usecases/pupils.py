"""The pupils of a board: added, corrected, moved, archived. Opening a pupil's page is an act: the log keeps who did.

What is written down of an act is ids and codes; a name is in the pupil's own row and nowhere else.
"""

from __future__ import annotations

from dataclasses import fields
from uuid import UUID

from sqlalchemy import select

from intervention.domain.errors import InvalidInput, NotFound
from intervention.domain.ids import new_id
from intervention.domain.people import ResourceKind
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.pupils import Enrolment, PupilFacts, pupil_faults
from intervention.queries.catalogue import touch_catalogue
from intervention.queries.pupil_page import PupilPage, pupil_page
from intervention.queries.pupil_roll import KeptPupil, kept_pupil
from intervention.records.encounters import EncounterSite, Participation
from intervention.records.people import ClassGroup, Pupil, Resource
from intervention.records.schools import Building, School, SchoolBuilding
from intervention.usecases import audit
from intervention.usecases.seeing import require_seen
from intervention.usecases.to_come import count_with
from intervention.usecases.work import Work


def open_pupil(work: Work, actor: Actor, pupil_id: UUID, *, coming: int = 1, past: int = 1) -> PupilPage:
    """Raises NotFound for a pupil whom the actor may not open; nothing is logged then."""
    page = pupil_page(work.session, actor, pupil_id, work.now(), coming=coming, past=past)
    audit.record(work, "pupil.opened", "pupil", pupil_id, actor.organization_id, actor_id=actor.person_id)
    return page


def open_kept_pupil(work: Work, actor: Actor, pupil_id: UUID) -> KeptPupil:
    """The facts to correct, name included: reading them is the same act. Raises NotFound, NotAllowed."""
    kept = kept_pupil(work.session, actor, pupil_id)
    audit.record(work, "pupil.opened", "pupil", pupil_id, actor.organization_id, actor_id=actor.person_id)
    return kept


def add_pupil(work: Work, actor: Actor, facts: PupilFacts, enrolment: Enrolment) -> UUID:
    """Raises NotAllowed, InvalidInput."""
    require(actor, Action.EDIT_PUPILS, Subject(actor.organization_id))
    faults = _faults(work, actor, facts) | _enrolment_faults(work, actor, enrolment)
    if faults:
        raise InvalidInput(faults)
    resource = Resource(id=new_id(), organization_id=actor.organization_id, kind=ResourceKind.PUPIL)
    work.session.add(resource)
    work.session.flush()
    pupil = Pupil(id=resource.id, organization_id=actor.organization_id, **_columns(facts), **_columns(enrolment))
    work.session.add(pupil)
    _changed(work, actor, "pupil_added", pupil.id)
    return pupil.id


def edit_pupil(work: Work, actor: Actor, pupil_id: UUID, facts: PupilFacts, known: str | None = None) -> None:
    """A month of birth that nobody needs any more is forgotten. Raises NotFound, NotAllowed, Stale, InvalidInput."""
    pupil = load_pupil(work, actor, pupil_id)
    require_seen(work, pupil, known, lambda: kept_pupil(work.session, actor, pupil.id).shown)
    if faults := _faults(work, actor, facts, but=pupil.id):
        raise InvalidInput(faults)
    for name, value in _columns(facts).items():
        setattr(pupil, name, value)
    _changed(work, actor, "pupil_edited", pupil.id)


def move_pupil(work: Work, actor: Actor, pupil_id: UUID, enrolment: Enrolment, known: str | None = None) -> int:
    """To another school or class. Gives how many séances to come stay planned at the building that she leaves.

    Raises NotFound, NotAllowed, Stale, InvalidInput.
    """
    pupil = load_pupil(work, actor, pupil_id)
    require_seen(work, pupil, known, lambda: kept_pupil(work.session, actor, pupil.id).place_shown)
    if faults := _enrolment_faults(work, actor, enrolment, has=pupil.class_group_id):
        raise InvalidInput(faults)
    left = pupil.building_id
    staying = _count_of_hers_at(work, pupil.id, left) if left != enrolment.building_id else 0
    for name, value in _columns(enrolment).items():
        setattr(pupil, name, value)
    facts = {"from_building": left, "to_building": enrolment.building_id, "class_group": enrolment.class_group_id}
    _changed(work, actor, "pupil_moved", pupil.id, **facts)
    return staying


def archive_pupil(work: Work, actor: Actor, pupil_id: UUID) -> None:
    """Take a pupil off every list; her séances stay told. Raises InvalidInput while some are to come."""
    pupil = load_pupil(work, actor, pupil_id)
    if coming := count_with(work, Participation.pupil_id, pupil.id):
        raise InvalidInput({"archive": "used_to_come"}, count=coming)
    if pupil.archived_on is None:
        pupil.archived_on = work.now().date()
        _changed(work, actor, "pupil_archived", pupil.id)


def restore_pupil(work: Work, actor: Actor, pupil_id: UUID) -> None:
    """Back on the lists, without the class if that one has gone out of service in between."""
    pupil = load_pupil(work, actor, pupil_id)
    if pupil.archived_on is None:
        return
    group = work.session.get(ClassGroup, pupil.class_group_id) if pupil.class_group_id else None
    pupil.archived_on = None
    pupil.class_group_id = group.id if group and group.is_active else None
    _changed(work, actor, "pupil_restored", pupil.id)


def load_pupil(work: Work, actor: Actor, pupil_id: UUID, action: Action = Action.EDIT_PUPILS) -> Pupil:
    """Loading is authorising: another board's pupil does not exist for the actor."""
    pupil = work.session.get(Pupil, pupil_id)
    if pupil is None:
        raise NotFound
    require(actor, action, Subject(pupil.organization_id, buildings=frozenset({pupil.building_id})))
    return pupil


def require_pupil_seen(work: Work, actor: Actor, pupil_id: UUID, known: str | None) -> None:
    """For an edit of facts and place together. Raises NotFound, NotAllowed, Stale."""
    pupil = load_pupil(work, actor, pupil_id)
    require_seen(work, pupil, known, lambda: kept_pupil(work.session, actor, pupil.id).all_shown)


def _faults(work: Work, actor: Actor, facts: PupilFacts, but: UUID | None = None) -> dict[str, str]:
    faults = pupil_faults(facts)
    taken = select(Pupil.id).where(Pupil.organization_id == actor.organization_id, Pupil.code == facts.code)
    if work.session.scalar(taken) not in (None, but):
        faults.setdefault("code", "code_taken")
    return faults


def _enrolment_faults(work: Work, actor: Actor, enrolment: Enrolment, has: UUID | None = None) -> dict[str, str]:
    """`has`: the class that she is in already, which need not be in service."""
    placed = work.session.scalar(
        select(SchoolBuilding.school_id)
        .join(School, School.id == SchoolBuilding.school_id)
        .join(Building, Building.id == SchoolBuilding.building_id)
        .where(SchoolBuilding.school_id == enrolment.school_id, SchoolBuilding.building_id == enrolment.building_id)
        .where(School.organization_id == actor.organization_id, School.is_active, Building.is_active)
    )
    if placed is None:
        return {"school": "unknown"}
    group = work.session.get(ClassGroup, enrolment.class_group_id) if enrolment.class_group_id else None
    is_hers = group is not None and (group.school_id, group.building_id) == (enrolment.school_id, enrolment.building_id)
    if enrolment.class_group_id and not (group and is_hers and (group.is_active or group.id == has)):
        return {"class_group": "class_elsewhere"}
    return {}


def _count_of_hers_at(work: Work, pupil_id: UUID, building_id: UUID) -> int:
    sites = select(EncounterSite.id).where(EncounterSite.building_id == building_id)
    return count_with(work, Participation.pupil_id, pupil_id, Participation.site_id.in_(sites))


def _columns(values: PupilFacts | Enrolment) -> dict[str, object]:
    found = {field.name: getattr(values, field.name) for field in fields(values)}
    is_needed = found.pop("is_age_needed", True)
    if not is_needed:
        found["born_month"] = None
    return found


def _changed(work: Work, actor: Actor, verb: str, pupil_id: UUID, **facts: object) -> None:
    touch_catalogue(work.session, actor.organization_id)
    audit.record(work, verb, "pupil", pupil_id, actor.organization_id, actor_id=actor.person_id, facts=facts)
