"""What a feed holds for each audience, and a fingerprint that changes exactly when it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from intervention.domain.encounters import CancellationCause
from intervention.domain.feeds import FeedDetail, FeedScope, window_of
from intervention.domain.people import Role
from intervention.domain.permissions import Actor
from intervention.queries.feed_contents import FeedAsk, fingerprint, items
from intervention.queries.feed_subjects import FeedSubject
from intervention.records.people import Membership, Person
from intervention.rendering.feeds import entry_of
from intervention.rendering.ics import FeedEntry
from intervention.usecases.booking import Booked, book
from intervention.usecases.cancelling import CancelEncounter, RestoreEncounter, cancel, restore
from intervention.usecases.changing import ChangeEncounter, change
from intervention.usecases.work import Work
from tests.builders import a_person, a_professional, actor, school_of
from tests.databases import MONDAY
from tests.usecases.booking_world import World, a_world, at, in_person, remote, two_schools


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


def booked(work: Work, world: World, ask: object) -> Booked:
    return book(work, actor(work.session, world.mireille), ask)  # type: ignore[arg-type]


def mine(
    session: Session, person: Person, detail: FeedDetail = FeedDetail.NEUTRAL, *, now: datetime = MONDAY
) -> FeedAsk:
    return ask_of(actor(session, person), FeedScope.PERSON, person.id, detail, now=now)


def ask_of(
    reader: Actor, scope: FeedScope, subject: UUID, detail: FeedDetail = FeedDetail.NEUTRAL, *, now: datetime = MONDAY
) -> FeedAsk:
    return FeedAsk(reader, FeedSubject(scope, subject), detail, window_of(now, "America/Toronto"), now)


def entries(session: Session, ask: FeedAsk) -> list[FeedEntry]:
    return [entry_of(each, "https://intervention.example") for each in items(session, ask)]


def told(entry: FeedEntry) -> tuple[str, ...]:
    """Title, place, note and address, with `{}` for the encounter's id."""
    encounter_id = entry.url.rpartition("/")[2] or "-"
    words = (entry.summary, entry.location, entry.description, entry.url)
    return tuple(word.replace(encounter_id, "{}") for word in words)


PAGE = "https://intervention.example/seances/{}"
OPEN = f"Ouvrir dans Intervention (connexion demandée)\u00a0: {PAGE}"


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        (FeedDetail.BUSY, ("Occupé", "", "", "")),
        (FeedDetail.NEUTRAL, ("Rencontre – AL", "local 12, Anse-aux-Lièvres", OPEN, PAGE)),
        (
            FeedDetail.TEAM,
            ("Suivi individuel – Anse-aux-Lièvres", "local 12, Anse-aux-Lièvres", OPEN, PAGE),
        ),
    ],
)
def test_a_visit_says_this_to_each_audience(
    work: Work, world: World, detail: FeedDetail, words: tuple[str, str, str, str]
) -> None:
    booked(work, world, in_person(world, at("2026-11-24 10:30")))

    (entry,) = entries(work.session, mine(work.session, world.mireille, detail))

    assert told(entry) == words


def test_a_remote_encounter_is_nowhere_to_its_host_and_in_its_room_to_the_facilitator(work: Work, world: World) -> None:
    booked(work, world, remote(world, at("2026-11-24 09:00")))

    (hers,) = entries(work.session, mine(work.session, world.mireille))
    (his,) = entries(work.session, mine(work.session, world.joseph))

    assert told(hers) == ("Rencontre – AL", "À distance", OPEN, PAGE)
    assert told(his) == ("Rencontre – AL", "local 12, Anse-aux-Lièvres", f"À distance.\n{OPEN}", PAGE)
    assert (hers.uid, hers.starts_at, hers.zone.key) == (his.uid, at("2026-11-24 09:00"), "America/Toronto")


def test_a_joint_encounter_names_both_schools_to_its_host_and_one_to_each_school(work: Work, world: World) -> None:
    booked(work, world, two_schools(world, at("2026-11-24 10:30")))
    sylvie = a_person(work.session, world.board, "Sylvie", Role.SECRETARY, building=world.pointe)

    (hers,) = entries(work.session, mine(work.session, world.mireille))
    (school,) = entries(
        work.session,
        ask_of(actor(work.session, sylvie), FeedScope.SCHOOL, school_of(work.session, world.pointe).id),
    )

    hybrid = f"Hybride.\n{OPEN}"
    assert told(hers) == ("Rencontre – AL, PB", "local 12, Anse-aux-Lièvres", hybrid, PAGE)
    assert told(school) == ("Rencontre – PB", "local 12, Pointe-Bise", hybrid, PAGE)


@pytest.mark.parametrize("detail", FeedDetail)
def test_a_confidential_mandate_is_busy_to_its_host_and_absent_from_the_school(
    work: Work, world: World, detail: FeedDetail
) -> None:
    booked(work, world, replace(in_person(world, at("2026-11-24 10:30")), is_strict=True))
    luc = actor(work.session, a_person(work.session, world.board, "Luc", Role.PRINCIPAL, building=world.anse))

    (hers,) = entries(work.session, mine(work.session, world.mireille, detail))
    school = ask_of(luc, FeedScope.SCHOOL, school_of(work.session, world.anse).id, detail)
    building = ask_of(luc, FeedScope.BUILDING, world.anse.id, detail)
    room = ask_of(luc, FeedScope.ROOM, world.room_anse.id, detail)

    assert told(hers) == ("Occupé", "", "", "")
    assert entries(work.session, school) == entries(work.session, building) == []
    assert [told(e) for e in entries(work.session, room)] == (
        [("Occupé", "", "", "")] if detail is FeedDetail.BUSY else []
    )


def test_a_proposal_is_tentative_until_it_lapses(work: Work, world: World) -> None:
    booked(work, world, replace(remote(world, at("2026-11-24 09:00")), hold_minutes=60))
    before, after = MONDAY + timedelta(minutes=59), MONDAY + timedelta(minutes=61)

    (entry,) = entries(work.session, mine(work.session, world.mireille, now=before))

    assert entry.tentative
    assert entries(work.session, mine(work.session, world.mireille, now=after)) == []
    assert fingerprint(work.session, mine(work.session, world.mireille, now=before)) != fingerprint(
        work.session, mine(work.session, world.mireille, now=after)
    )


def test_revision_and_time_of_change_are_those_of_the_encounter(work: Work, world: World) -> None:
    first = booked(work, world, remote(world, at("2026-11-24 09:00")))
    work.clock.at = MONDAY + timedelta(hours=1)  # type: ignore[attr-defined]
    moved = ChangeEncounter(first.encounter_id, first.version, starts_at=at("2026-11-25 13:00"))
    change(work, actor(work.session, world.mireille), moved)

    (entry,) = entries(work.session, mine(work.session, world.mireille))

    assert (entry.sequence, entry.revised_at, entry.starts_at) == (
        1,
        MONDAY + timedelta(hours=1),
        at("2026-11-25 13:00"),
    )


class TestFingerprint:
    @pytest.fixture(autouse=True)
    def two_encounters(self, work: Work, world: World) -> None:
        self.work, self.world = work, world
        self.first = booked(work, world, remote(world, at("2026-11-24 09:00")))
        self.last = booked(work, world, remote(world, at("2026-11-26 09:00")))
        self.before = self.value()

    def value(self, detail: FeedDetail = FeedDetail.NEUTRAL, **more: datetime) -> str:
        self.work.session.flush()
        return fingerprint(self.work.session, mine(self.work.session, self.world.mireille, detail, **more))

    def test_nothing_changed(self) -> None:
        assert self.value(now=MONDAY + timedelta(minutes=5)) == self.before

    def test_an_encounter_of_somebody_else_changes_nothing(self) -> None:
        solange = a_professional(self.work.session, self.world.board, "Solange", self.world.base)
        theirs = replace(remote(self.world, at("2026-11-25 13:00")), host_id=solange.id)
        book(self.work, actor(self.work.session, self.world.omar), theirs)

        assert self.value() == self.before

    def test_booking(self) -> None:
        booked(self.work, self.world, remote(self.world, at("2026-11-27 09:00")))
        assert self.value() != self.before

    def test_moving(self) -> None:
        moved = ChangeEncounter(self.first.encounter_id, self.first.version, starts_at=at("2026-11-25 13:00"))
        change(self.work, actor(self.work.session, self.world.mireille), moved)
        assert self.value() != self.before

    def test_cancelling_the_latest_change_then_undoing_it(self) -> None:
        mireille = actor(self.work.session, self.world.mireille)
        gone = cancel(
            self.work,
            mireille,
            CancelEncounter(self.last.encounter_id, self.last.version, CancellationCause.OTHER),
        )
        without = self.value()
        restore(self.work, mireille, RestoreEncounter(self.last.encounter_id, gone.version))

        assert len({self.before, without, self.value()}) == 3

    def test_swapping_one_encounter_for_another_at_the_same_instant(self) -> None:
        """Same count, same clock: the sum of versions and the latest change still tell."""
        mireille = actor(self.work.session, self.world.mireille)
        cancel(self.work, mireille, CancelEncounter(self.last.encounter_id, self.last.version, CancellationCause.OTHER))
        self.work.clock.at = MONDAY + timedelta(seconds=1)  # type: ignore[attr-defined]
        booked(self.work, self.world, remote(self.world, at("2026-11-26 13:00")))
        assert self.value() != self.before

    @pytest.mark.parametrize("detail", [FeedDetail.NEUTRAL, FeedDetail.TEAM])
    def test_renaming_a_building_or_a_room(self, detail: FeedDetail) -> None:
        before = self.value(detail)
        self.world.anse.short_name = "Anse-Neuve"
        renamed = self.value(detail)
        self.world.room_anse.name = "local 13"

        assert len({before, renamed, self.value(detail)}) == 3

    def test_a_busy_feed_names_no_place_so_a_new_name_changes_nothing(self) -> None:
        before = self.value(FeedDetail.BUSY)
        self.world.anse.short_name = "Anse-Neuve"
        assert self.value(FeedDetail.BUSY) == before

    def test_the_window_slides_at_midnight_where_the_owner_is(self) -> None:
        midnight = at("2026-11-24 00:00")
        assert self.value(now=midnight - timedelta(minutes=1)) == self.before
        assert self.value(now=midnight) != self.before

    def test_another_role(self) -> None:
        self.work.session.add(
            Membership(organization_id=self.world.board.id, person_id=self.world.mireille.id, role=Role.COORDINATOR)
        )
        assert self.value() != self.before
