"""Brings a board's pupils in from a file: shows what would change, and applies it when asked, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from intervention.domain.errors import NotFound
from intervention.domain.ids import new_id
from intervention.domain.people import ResourceKind
from intervention.domain.permissions import Action, Actor, Subject, require
from intervention.domain.pupil_import import Known, PupilFile, PupilLine, PupilPlan, StoredPupil, plan_pupils
from intervention.domain.pupils import PupilFacts
from intervention.queries.catalogue import touch_catalogue
from intervention.records.people import ClassGroup, Organization, Pupil, Resource
from intervention.records.schools import Building, School, SchoolBuilding
from intervention.usecases import audit
from intervention.usecases.work import Work


@dataclass(frozen=True, slots=True)
class ImportPupils:
    file: PupilFile
    is_applied: bool = False


def import_pupils(work: Work, actor: Actor, ask: ImportPupils) -> PupilPlan:
    """What the file changes in the actor's board. Raises NotAllowed; a bad file is a plan with `refused` lines."""
    require(actor, Action.EDIT_PUPILS, Subject(actor.organization_id))
    return _import(work, actor.organization_id, ask, actor.person_id)


def import_pupils_as_operator(work: Work, organization_code: str, ask: ImportPupils) -> PupilPlan:
    """The same from the machine's own terminal, whose operator holds the database anyway. Raises NotFound."""
    board = work.session.scalar(select(Organization.id).where(Organization.code == organization_code))
    if board is None:
        raise NotFound
    return _import(work, board, ask, None)


def _import(work: Work, board: UUID, ask: ImportPupils, actor_id: UUID | None) -> PupilPlan:
    stored = _Stored(work.session, board)
    plan = plan_pupils(stored.known, ask.file)
    if not ask.is_applied or plan.refused or plan.changes_nothing:
        return plan
    stored.apply(plan)
    touch_catalogue(work.session, board)
    counts = {"added": len(plan.added), "changed": len(plan.changed), "classes": len(plan.new_classes)}
    audit.record(work, "pupils_imported", "organization", board, board, actor_id=actor_id, facts=counts)
    return plan


class _Stored:
    """One board's pupils as stored, with the ids behind the codes of its places and classes."""

    def __init__(self, session: Session, board: UUID) -> None:
        self.session = session
        self.board = board
        self.schools = self._ids(School)
        self.buildings = self._ids(Building)
        school_of = {found: code for code, found in self.schools.items()}
        building_of = {found: code for code, found in self.buildings.items()}
        self.classes: dict[tuple[str, str], UUID] = {}
        classes, names = {}, {}
        for c in session.scalars(select(ClassGroup).where(ClassGroup.organization_id == board)):
            names[c.id] = c.name
            self.classes[building_of[c.building_id], c.name] = c.id
            classes[building_of[c.building_id], c.name] = school_of[c.school_id] if c.is_active else ""
        pupils = {
            p.code: StoredPupil(
                p.id,
                PupilFacts(p.code, p.given_name, p.family_name, p.level, p.grade, p.born_month),
                names.get(p.class_group_id, ""), school_of[p.school_id], building_of[p.building_id],
                p.archived_on is not None,
            )
            for p in session.execute(select(Pupil.__table__).where(Pupil.organization_id == board))
        }  # fmt: skip
        self.known = Known(pupils, self._places(), classes)

    def apply(self, plan: PupilPlan) -> None:
        made = [(new_id(), each) for each in plan.new_classes]
        added = [(new_id(), line) for line in plan.added]
        ours = {"organization_id": self.board}
        resources = [{"id": found, "kind": ResourceKind.CLASS_GROUP, **ours} for found, _ in made]
        resources += [{"id": found, "kind": ResourceKind.PUPIL, **ours} for found, _ in added]
        if resources:
            self.session.execute(insert(Resource), resources)
        for found, (building, _school, name, _level) in made:
            self.classes[building, name] = found
        if made:
            self.session.execute(
                insert(ClassGroup),
                [
                    {"id": found, "building_id": self.buildings[b], "school_id": self.schools[s], "name": n, "level": v}
                    | ours
                    for found, (b, s, n, v) in made
                ],
            )
        if added:
            months = [{"born_month": line.facts.born_month} for _, line in added]
            rows = [{"id": found, "code": line.facts.code, **self._columns(line), **ours} for found, line in added]
            self.session.execute(insert(Pupil), [row | month for row, month in zip(rows, months, strict=True)])
        self._change(plan)

    def _change(self, plan: PupilPlan) -> None:
        rows = []
        for change in plan.changed:
            facts = change.line.facts
            month = facts.born_month or (
                change.stored.facts.born_month if facts.level == change.stored.facts.level else None
            )
            rows.append(
                {"id": change.stored.id, "archived_on": None, "born_month": month, **self._columns(change.line)}
            )
        if rows:
            self.session.execute(update(Pupil), rows)

    def _columns(self, line: PupilLine) -> dict[str, object]:
        facts = line.facts
        return {
            "given_name": facts.given_name,
            "family_name": facts.family_name,
            "level": facts.level,
            "grade": facts.grade,
            "school_id": self.schools[line.school_code],
            "building_id": self.buildings[line.building_code],
            "class_group_id": self.classes[line.building_code, line.class_name] if line.class_name else None,
        }

    def _ids(self, record: type[School | Building]) -> dict[str, UUID]:
        rows = self.session.execute(select(record.code, record.id).where(record.organization_id == self.board))
        return {row[0]: row[1] for row in rows}

    def _places(self) -> frozenset[tuple[str, str]]:
        rows = self.session.execute(
            select(School.code, Building.code)
            .join(SchoolBuilding, SchoolBuilding.school_id == School.id)
            .join(Building, Building.id == SchoolBuilding.building_id)
            .where(School.organization_id == self.board, School.is_active, Building.is_active)
        )
        return frozenset((row[0], row[1]) for row in rows)
