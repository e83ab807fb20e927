"""Books the laid weeks through the product's own use cases, then lets the past happen: given, cancelled, or unsaid."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle
from random import Random
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from intervention.domain.clock import FixedClock
from intervention.domain.encounters import Attendance, CancellationCause, EncounterStatus, ParticipantRole
from intervention.domain.errors import SlotRefused, SlotTaken
from intervention.domain.permissions import Actor
from intervention.queries.actors import actor_of
from intervention.records.encounters import Encounter
from intervention.records.outbox import OutboxMessage
from intervention.records.people import Professional
from intervention.records.schools import Building
from intervention.usecases.attendance import CompleteEncounter, complete, start
from intervention.usecases.booking import book
from intervention.usecases.cancelling import CancelEncounter, cancel
from intervention.usecases.demo_world.planner import Planned
from intervention.usecases.demo_world.stage import Stage
from intervention.usecases.work import Work

CANCELLED_IN_A_HUNDRED = 9
ABSENT_IN_A_HUNDRED = 8
UNSAID_HOURS = 30  # what ended since is left for the specialist to confirm
NOTES = {
    CancellationCause.SCHOOL_EVENT: "Sortie scolaire",
    CancellationCause.CLOSURE: "Tempête",
    CancellationCause.TECHNICAL_FAILURE: "Panne d’Internet à l’école",
    CancellationCause.OTHER: "Remise à la demande de l’école",
}
PREPARED = timedelta(days=4)  # before its Monday, a week is in the agendas
PROPOSED, PROPOSED_ONE_IN = timedelta(days=3), 120


@dataclass(slots=True)
class Made:
    """What became of the plan: encounters booked, and asks that a rule refused."""

    booked: int = 0
    refused: int = 0
    by_week: dict[date, list[UUID]] = field(default_factory=dict)


class Story:
    """Acts in one transaction under a clock that it sets for each act."""

    def __init__(self, session: Session, stage: Stage, organization_id: UUID, now: datetime, rng: Random) -> None:
        self.session, self.stage, self.now, self.rng = session, stage, now, rng
        self.organization_id = organization_id
        self._clock = FixedClock(now)
        self.work = Work(session, self._clock)
        self._actors: dict[UUID, Actor] = {}
        self._causes = cycle(CancellationCause)
        self.made = Made()
        # Every booking reads these rows: held here, the session does not forget them between two.
        self._kept = [*session.scalars(select(Professional)), *session.scalars(select(Building))]

    def book_week(self, monday: date, asks: list[Planned]) -> None:
        """Everybody books her week ahead; a refusal leaves a hole in an agenda, never a broken demonstration."""
        ready = datetime.combine(monday, time(13), UTC) - PREPARED
        booked = self.made.by_week.setdefault(monday, [])
        for rank, planned in enumerate(asks):
            ask = planned.ask
            self.at(min(ready + timedelta(minutes=rank), self.now - timedelta(minutes=len(asks) - rank)))
            if monday > self.now.date() + PROPOSED and rank % PROPOSED_ONE_IN == 0:
                ask = replace(ask, hold_minutes=PROPOSED // timedelta(minutes=1))
            try:
                with self.session.begin_nested():
                    booked.append(book(self.work, self.actor(ask.host_id), ask).encounter_id)
            except (SlotTaken, SlotRefused):
                self.made.refused += 1
        self.made.booked += len(booked)

    def live_week(self, monday: date) -> None:
        """What is over is told; what is under way is open; the rest is to come."""
        statement = select(Encounter).where(Encounter.id.in_(self.made.by_week[monday])).order_by(Encounter.starts_at)
        for encounter in self.session.scalars(statement).all():
            if encounter.status is EncounterStatus.PLANNED:
                self._live(encounter)

    def settle(self) -> None:
        """Nobody is written to about what never happened."""
        self.session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.organization_id == self.organization_id, OutboxMessage.done_at.is_(None))
            .values(done_at=self.now)
        )

    def at(self, instant: datetime) -> None:
        self._clock.at = instant

    def actor(self, person_id: UUID) -> Actor:
        if person_id not in self._actors:
            found = actor_of(self.session, person_id, self.organization_id, self.now.date())
            assert found is not None  # noqa: S101 - the cast has roles all year
            self._actors[person_id] = found
        return self._actors[person_id]

    def cancel(self, encounter: Encounter, actor: Actor, cause: CancellationCause) -> None:
        cancel(self.work, actor, CancelEncounter(encounter.id, encounter.version, cause, NOTES.get(cause)))

    def _live(self, encounter: Encounter) -> None:
        host = self.actor(encounter.host_id)
        is_called_off = self.rng.randrange(100) < CANCELLED_IN_A_HUNDRED
        if encounter.ends_at > self.now:
            if encounter.starts_at <= self.now:
                self.at(encounter.starts_at)
                start(self.work, host, encounter.id)
            elif is_called_off and encounter.starts_at > self.now + timedelta(days=2) and self.rng.random() < 0.3:
                self.at(self.now)
                self.cancel(encounter, host, CancellationCause.SCHOOL_EVENT)
        elif is_called_off:
            self.at(encounter.starts_at - timedelta(hours=2))
            self.cancel(encounter, host, next(self._causes))
        elif encounter.ends_at < self.now - timedelta(hours=UNSAID_HOURS):
            self.at(encounter.ends_at + timedelta(minutes=10))
            complete(self.work, host, CompleteEncounter(encounter.id, encounter.version, self._absences(encounter)))

    def _absences(self, encounter: Encounter) -> dict[UUID, Attendance]:
        """Some absences, never that of the host nor of the only pupil."""
        pupils = sum(p.role is ParticipantRole.PUPIL for p in encounter.participations)
        may_miss = {
            ParticipantRole.PARENT,
            ParticipantRole.PROFESSIONAL,
            *({ParticipantRole.PUPIL} if pupils > 1 else ()),
        }
        kinds = (Attendance.ABSENT, Attendance.EXCUSED)
        return {
            p.id: self.rng.choice(kinds)
            for p in encounter.participations
            if p.role in may_miss and self.rng.randrange(100) < ABSENT_IN_A_HUNDRED
        }
