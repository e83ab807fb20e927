"""One pupil's page: séances to come and past, consents. Opening it is written down (`usecases/pupils`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from intervention.domain.encounters import EncounterStatus
from intervention.domain.errors import NotFound
from intervention.domain.people import Discipline
from intervention.domain.permissions import Actor
from intervention.domain.privacy import EncounterFacts, view_for
from intervention.queries.caseload import PupilLine, pupil_lines
from intervention.queries.facts import facts_where
from intervention.queries.pull_outs import PullOut, pull_outs_of
from intervention.queries.scope import visible_encounters, visible_pupils
from intervention.records.encounters import Consent, Encounter, Participation
from intervention.records.people import FollowUp, Pupil

A_LIST = 30


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    discipline: Discipline
    covers_remote: bool
    given_by: str
    form: str
    given_on: date
    expires_on: date | None
    withdrawn_on: date | None


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a long list of séances, and whether another follows."""

    encounters: tuple[EncounterFacts, ...]
    page: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class PupilPage:
    """`pull_outs`: for her teacher, when the pupil leaves class."""

    line: PupilLine
    grade: str
    followed_for: tuple[Discipline, ...]
    coming: Part
    past: Part
    consents: tuple[ConsentFacts, ...]
    archived_on: date | None
    pull_outs: tuple[PullOut, ...]


def pupil_page(  # noqa: PLR0913 - two lists, each at a page of its own
    session: Session, actor: Actor, pupil_id: UUID, now: datetime, *, coming: int = 1, past: int = 1
) -> PupilPage:
    """What is coming, the soonest first, and what is past, the latest first.

    Raises NotFound for a pupil whom the actor may not open.
    """
    line = next(iter(pupil_lines(session, actor, now, visible_pupils(actor), Pupil.id == pupil_id)), None)
    if line is None:
        raise NotFound
    pupil = session.get_one(Pupil, pupil_id)
    return PupilPage(
        line,
        pupil.grade or "",
        tuple(
            session.scalars(
                select(FollowUp.discipline)
                .where(FollowUp.pupil_id == pupil_id, FollowUp.is_confidential.is_(False))
                .where(or_(FollowUp.ends_on.is_(None), FollowUp.ends_on >= now.date()))
                .distinct()
                .order_by(FollowUp.discipline)
            )
        ),
        _part(session, actor, pupil_id, Encounter.ends_at > now, page=coming),
        _part(session, actor, pupil_id, Encounter.ends_at <= now, page=past, latest=True),
        _consents(session, actor, pupil_id),
        pupil.archived_on,
        pull_outs_of(session, actor, pupil_id, now) if line.is_taught else (),
    )


def _part(  # noqa: PLR0913 - whose, which and how far
    session: Session, actor: Actor, pupil_id: UUID, which: ColumnElement[bool], *, page: int, latest: bool = False
) -> Part:
    found = facts_where(
        session,
        visible_encounters(actor),
        Encounter.id.in_(select(Participation.encounter_id).where(Participation.pupil_id == pupil_id)),
        Encounter.status != EncounterStatus.HELD,
        which,
        limit=A_LIST + 1,
        skip=(page - 1) * A_LIST,
        latest=latest,
    )
    seen = tuple(view_for(actor, facts) for facts in found[:A_LIST])
    return Part(seen, page, has_more=len(found) > A_LIST)


def _consents(session: Session, actor: Actor, pupil_id: UUID) -> tuple[ConsentFacts, ...]:
    rows = session.scalars(
        select(Consent)
        .where(Consent.pupil_id == pupil_id, Consent.organization_id == actor.organization_id)
        .order_by(Consent.given_on.desc())
    )
    return tuple(
        ConsentFacts(c.discipline, c.covers_remote, c.given_by, c.form, c.given_on, c.expires_on, c.withdrawn_on)
        for c in rows
    )
