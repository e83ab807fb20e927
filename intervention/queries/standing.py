"""Séances to come as the asks that would book them today, thousands at once: three statements, no record is made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from intervention.domain.composition import AskParticipant, AskSite, BookEncounter
from intervention.domain.encounters import Confidentiality, EncounterStatus, ParticipantRole
from intervention.domain.permissions import Subject
from intervention.domain.spans import Span
from intervention.records.encounters import Encounter, EncounterSite, Participation

TO_COME = (EncounterStatus.HELD, EncounterStatus.PLANNED)
_MADE, _SITE, _PART = Encounter.__table__.c, EncounterSite.__table__.c, Participation.__table__.c


@dataclass(frozen=True, slots=True)
class Standing:
    """One séance where it stands."""

    id: UUID
    organization_id: UUID
    series_id: UUID | None
    confidentiality: Confidentiality
    span: Span
    ask: BookEncounter

    @property
    def subject(self) -> Subject:
        """What the permissions look at, as `encounters.subject_of` gives it of a record."""
        people = {who.person_id for site in self.ask.sites for who in site.participants}
        people |= {site.facilitator_id for site in self.ask.sites} | {self.ask.host_id}
        return Subject(
            self.organization_id,
            owner_id=self.ask.host_id,
            people=frozenset(each for each in people if each is not None),
            buildings=frozenset(site.building_id for site in self.ask.sites if site.building_id is not None),
            confidentiality=self.confidentiality,
        )


def standing(session: Session, ids: Collection[UUID], now: datetime) -> dict[UUID, Standing]:
    """Those of these séances that are still to come, by start."""
    wanted = list(ids)
    if not wanted:
        return {}
    session.flush()
    rows = session.execute(
        select(
            _MADE.id, _MADE.organization_id, _MADE.series_id, _MADE.confidentiality, _MADE.host_id, _MADE.kind,
            _MADE.discipline, _MADE.starts_at, _MADE.ends_at, _MADE.zone, _MADE.need_group_id,
        )
        .where(_MADE.id.in_(wanted), _MADE.status.in_(TO_COME), _MADE.starts_at > now)
        .order_by(_MADE.starts_at, _MADE.id)
    ).all()  # fmt: skip
    sites = _sites(session, wanted)
    found = {}
    for own, board, series, confidentiality, host, kind, discipline, starts, ends, zone, group in rows:
        span = Span(starts, ends)
        ask = BookEncounter(
            host_id=host, kind=kind, discipline=discipline, starts_at=starts, minutes=span.minutes, zone=zone,
            sites=tuple(sites[own]), need_group_id=group, is_strict=confidentiality is Confidentiality.STRICT,
        )  # fmt: skip
        found[own] = Standing(own, board, series, confidentiality, span, ask)
    return found


def _sites(session: Session, ids: list[UUID]) -> dict[UUID, list[AskSite]]:
    people: dict[UUID, list[AskParticipant]] = defaultdict(list)
    for site, *who in session.execute(
        select(
            _PART.site_id, _PART.role, _PART.person_id, _PART.pupil_id, _PART.class_group_id, _PART.guest_id,
            _PART.is_required,
        )
        .where(_PART.encounter_id.in_(ids), _PART.role != ParticipantRole.HOST)
        .order_by(_PART.id)
    ):  # fmt: skip
        people[site].append(AskParticipant(*who))
    found: dict[UUID, list[AskSite]] = defaultdict(list)
    for own, encounter, building, place, room, kit, facilitator, has_host in session.execute(
        select(
            _SITE.id, _SITE.encounter_id, _SITE.building_id, _SITE.place, _SITE.room_id, _SITE.kit_id,
            _SITE.facilitator_id, _SITE.has_host,
        )
        .where(_SITE.encounter_id.in_(ids))
        .order_by(_SITE.encounter_id, _SITE.position)
    ):  # fmt: skip
        found[encounter].append(AskSite(building, place, room, kit, facilitator, has_host, tuple(people[own])))
    return found
