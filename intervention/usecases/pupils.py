"""Opens a pupil's page: reading it is an act, and the access log keeps who did."""

from __future__ import annotations

from uuid import UUID

from intervention.domain.permissions import Actor
from intervention.queries.caseload import PupilPage, pupil_page
from intervention.usecases import audit
from intervention.usecases.work import Work


def open_pupil(work: Work, actor: Actor, pupil_id: UUID, *, coming: int = 1, past: int = 1) -> PupilPage:
    """Raises NotFound for a pupil whom the actor may not open; nothing is logged then."""
    page = pupil_page(work.session, actor, pupil_id, work.now(), coming=coming, past=past)
    audit.record(work, "pupil.opened", "pupil", pupil_id, actor.organization_id, actor_id=actor.person_id)
    return page
