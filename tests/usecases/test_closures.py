"""A closure treats every séance that it touches in one act; said twice it changes nothing; lifted, it gives back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from intervention.domain.closures import Because, Treatment
from intervention.domain.composition import AskParticipant
from intervention.domain.days import CalendarAct, ClosureScope, DayType, Portion
from intervention.domain.encounters import (
    ActKind,
    CancellationCause,
    EncounterStatus,
    Modality,
    ParticipantRole,
    PlaceKind,
)
from intervention.domain.errors import InvalidInput, NotAllowed, NotFound, WrongState
from intervention.domain.people import GuestRelation, Role
from intervention.domain.series import MakeUpState
from intervention.records.calendars import CalendarChange, Closure, SchoolDay, Sector, SectorBuilding
from intervention.records.encounters import Cancellation, Encounter
from intervention.records.join_links import JoinLink
from intervention.records.outbox import OutboxMessage
from intervention.records.reservations import Leg, Reservation
from intervention.records.series import MakeUp
from intervention.usecases.booking import book
from intervention.usecases.cancelling import CancelEncounter, cancel
from intervention.usecases.closures import declare, preview
from intervention.usecases.join_links import IssueLink, issue_link
from intervention.usecases.lifting import lift, undo
from intervention.usecases.reservations import rebuild_bits
from intervention.usecases.work import Work
from tests.builders import a_board, a_person, actor
from tests.door_world import KEYS, a_guest, participation_of
from tests.usecases.booking_world import at, in_person, remote
from tests.usecases.closing_world import TUESDAY, Closing, a_closing_world, advice, rows, school_id, three_pupils


def encounter(work: Work, encounter_id: UUID) -> Encounter:
    return work.session.get_one(Encounter, encounter_id)


def day(work: Work, closing: Closing, on_date: date = TUESDAY) -> SchoolDay:
    return work.session.get_one(SchoolDay, (closing.world.anse.id, "", on_date), populate_existing=True)


def test_a_closed_school_owes_its_visit_and_frees_the_road(work: Work) -> None:
    closing = a_closing_world(work.session)
    booked = book(work, actor(work.session, closing.world.mireille), in_person(closing.world, at("2026-11-24 10:30")))
    omar = actor(work.session, closing.world.omar)

    seen = preview(work, omar, closing.closure())
    done = declare(work, omar, closing.closure())

    (line,) = seen.lines
    assert (line.treatment, line.because) == (Treatment.MAKE_UP, Because.PUPILS_AWAY)
    assert dict(done.counts) == {Treatment.MAKE_UP: 1, Treatment.KEEP: 0}
    cancelled = encounter(work, booked.encounter_id)
    assert cancelled.status is EncounterStatus.CANCELLED
    assert work.session.scalars(select(Cancellation)).one().cause is CancellationCause.CLOSURE
    assert work.session.scalars(select(MakeUp)).one().state is MakeUpState.OWED
    assert work.session.scalars(select(Reservation)).all() == []
    assert work.session.scalars(select(Leg)).all() == []
    assert (cancelled.acts[-1].kind, cancelled.acts[-1].reason) == (ActKind.CANCELLED, "Tempête")
    assert (day(work, closing).day_type, day(work, closing).label) == (DayType.CLOSURE, "Tempête")
    assert day(work, closing, TUESDAY + timedelta(days=1)).cycle_day == day(work, closing).printed_day
    facts = [message.kind for message in work.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))]
    assert sorted(facts) == ["DatesChanged", "EncounterBooked", "EncounterCancelled", "SchoolsClosed"]
    assert rebuild_bits(work.session) == 0


def test_a_preview_writes_nothing(work: Work) -> None:
    closing = a_closing_world(work.session)
    book(work, actor(work.session, closing.world.mireille), in_person(closing.world, at("2026-11-24 10:30")))
    before = rows(work.session)

    preview(work, actor(work.session, closing.world.omar), closing.closure())

    assert rows(work.session) == before
    assert work.session.scalars(select(Closure)).all() == []


def test_those_of_the_open_school_are_served_from_the_base(work: Work) -> None:
    closing = a_closing_world(work.session)
    mireille = actor(work.session, closing.world.mireille)
    booked = book(work, mireille, three_pupils(closing, "10:30"))

    done = declare(work, actor(work.session, closing.world.omar), closing.closure())

    assert done.counts[Treatment.REMOTE] == 1
    changed = encounter(work, booked.encounter_id)
    assert (changed.modality, changed.status) == (Modality.REMOTE, EncounterStatus.PLANNED)
    assert [(s.place, s.building_id, s.has_host) for s in changed.sites] == [
        (PlaceKind.BUILDING, closing.world.pointe.id, False),
        (PlaceKind.HOME_BASE, closing.world.base.id, True),
    ]
    assert closing.world.leo.id not in {p.pupil_id for p in changed.participations}
    assert work.session.scalars(select(Leg)).all() == []
    act = changed.acts[-1]
    assert (act.kind, act.changes["closure"]) == (ActKind.MODALITY_CHANGED, str(done.closure_ids[0]))
    assert rebuild_bits(work.session) == 0


def test_two_hours_at_the_closed_school_do_not_stand_in_each_others_way(work: Work) -> None:
    closing = a_closing_world(work.session)
    mireille = actor(work.session, closing.world.mireille)
    first, second = (book(work, mireille, three_pupils(closing, hour)) for hour in ("10:30", "13:00"))
    visit = book(work, mireille, in_person(closing.world, at("2026-11-24 13:50")))

    declare(work, actor(work.session, closing.world.omar), closing.closure())

    assert [encounter(work, b.encounter_id).modality for b in (first, second)] == [Modality.REMOTE] * 2
    assert encounter(work, visit.encounter_id).status is EncounterStatus.CANCELLED
    assert work.session.scalars(select(Leg)).all() == []


def test_from_home_when_the_base_is_closed_too(work: Work) -> None:
    closing = a_closing_world(work.session)
    mireille, omar = (actor(work.session, who) for who in (closing.world.mireille, closing.world.omar))
    booked = book(work, mireille, three_pupils(closing, "10:30", host_at="base"))
    declare(work, omar, closing.closure(target_id=closing.world.base.id))

    host = next(site for site in encounter(work, booked.encounter_id).sites if site.has_host)
    assert (host.place, host.building_id) == (PlaceKind.OUTSIDE, None)
    assert len(encounter(work, booked.encounter_id).sites) == 3


def test_a_site_that_closes_leaves_and_the_others_stay(work: Work) -> None:
    closing = a_closing_world(work.session)
    mireille = actor(work.session, closing.world.mireille)
    booked = book(work, mireille, three_pupils(closing, "10:30", host_at="base"))

    done = declare(work, actor(work.session, closing.world.omar), closing.closure(DayType.SUSPENSION))

    assert done.counts[Treatment.WITHOUT] == 1
    changed = encounter(work, booked.encounter_id)
    assert [s.building_id for s in changed.sites] == [closing.world.base.id, closing.world.pointe.id]
    assert changed.acts[-1].kind is ActKind.SITE_LEFT


def test_the_link_of_somebody_who_leaves_with_the_site_opens_again_when_the_closure_is_undone(work: Work) -> None:
    closing = a_closing_world(work.session)
    mireille, omar = actor(work.session, closing.world.mireille), actor(work.session, closing.world.omar)
    interpreter = a_guest(work, closing.world, "Shanice Bellefleur", GuestRelation.INTERPRETER)
    ask = three_pupils(closing, "10:30", host_at="base")
    office, anse, pointe = ask.sites
    beside = AskParticipant(ParticipantRole.INTERPRETER, guest_id=interpreter.id)
    anse = replace(anse, participants=(*anse.participants, beside))
    booked = book(work, mireille, replace(ask, sites=(office, anse, pointe)))
    here = participation_of(work, booked.encounter_id, guest_id=interpreter.id)
    issue_link(work, mireille, KEYS, IssueLink(booked.encounter_id, here))
    before = live_links(work)

    done = declare(work, omar, closing.closure(DayType.SUSPENSION))
    during = live_links(work)
    assert done.change_id is not None
    undo(work, omar, done.change_id)

    assert (len(before), during, live_links(work)) == (1, [], before)


def live_links(work: Work) -> list[tuple[object, ...]]:
    columns = (JoinLink.id, JoinLink.participation_id, JoinLink.token_hmac, JoinLink.issued_at)
    return [tuple(row) for row in work.session.execute(select(*columns).where(JoinLink.revoked_at.is_(None)))]


def test_advice_survives_a_suspension_and_not_a_closure(work: Work) -> None:
    closing = a_closing_world(work.session)
    book(work, actor(work.session, closing.world.mireille), advice(closing, "10:30"))
    omar = actor(work.session, closing.world.omar)

    (kept,) = preview(work, omar, closing.closure(DayType.SUSPENSION)).lines
    (gone,) = preview(work, omar, closing.closure()).lines

    assert (kept.treatment, kept.because) == (Treatment.KEEP, Because.STAFF_WORK)
    assert (gone.treatment, gone.because) == (Treatment.CANCEL, Because.NOBODY_LEFT)


def test_only_the_half_day_that_closes(work: Work) -> None:
    closing = a_closing_world(work.session)
    mireille = actor(work.session, closing.world.mireille)
    morning = book(work, mireille, remote(closing.world, at("2026-11-24 09:00")))
    afternoon = book(work, mireille, remote(closing.world, at("2026-11-24 13:30")))

    declare(work, actor(work.session, closing.world.omar), closing.closure(portion=Portion.AFTERNOON))

    assert encounter(work, morning.encounter_id).status is EncounterStatus.PLANNED
    assert encounter(work, afternoon.encounter_id).status is EncounterStatus.CANCELLED
    assert (day(work, closing).day_type, day(work, closing).afternoon) == (DayType.CLASS, DayType.CLOSURE)


def test_what_a_person_chose_is_done(work: Work) -> None:
    closing = a_closing_world(work.session)
    booked = book(work, actor(work.session, closing.world.mireille), remote(closing.world, at("2026-11-24 09:00")))
    omar = actor(work.session, closing.world.omar)
    chosen = {booked.encounter_id: Treatment.CANCEL}

    declare(work, omar, closing.closure(treatments=chosen))

    assert encounter(work, booked.encounter_id).status is EncounterStatus.CANCELLED
    assert work.session.scalars(select(MakeUp)).all() == []


def test_a_choice_that_does_not_exist_is_refused_and_nothing_is_done(work: Work) -> None:
    closing = a_closing_world(work.session)
    booked = book(work, actor(work.session, closing.world.mireille), remote(closing.world, at("2026-11-24 09:00")))
    omar = actor(work.session, closing.world.omar)

    with pytest.raises(InvalidInput) as refusal:
        preview(work, omar, closing.closure(treatments={booked.encounter_id: Treatment.REMOTE}))

    assert refusal.value.fields == {str(booked.encounter_id): "not_a_choice"}


def test_a_confidential_seance_is_counted_and_treated_by_rule(work: Work) -> None:
    closing = a_closing_world(work.session)
    ask = in_person(closing.world, at("2026-11-24 10:30"))
    strict = type(ask)(**{name: getattr(ask, name) for name in ask.__slots__} | {"is_strict": True})
    booked = book(work, actor(work.session, closing.world.mireille), strict)
    luc = actor(work.session, closing.luc)
    by_hand = closing.closure(treatments={booked.encounter_id: Treatment.KEEP})

    seen = preview(work, luc, by_hand)
    declare(work, luc, by_hand)

    assert (seen.lines, seen.confidential) == ((), 1)
    assert encounter(work, booked.encounter_id).status is EncounterStatus.CANCELLED


def test_the_same_closure_twice_changes_nothing(work: Work) -> None:
    closing = a_closing_world(work.session)
    booked = book(work, actor(work.session, closing.world.mireille), remote(closing.world, at("2026-11-24 09:00")))
    omar = actor(work.session, closing.world.omar)
    declare(work, omar, closing.closure())
    before, version = rows(work.session), encounter(work, booked.encounter_id).version

    again = declare(work, omar, closing.closure())

    assert again.change_id is None
    assert rows(work.session) == before
    assert encounter(work, booked.encounter_id).version == version
    assert len(work.session.scalars(select(Closure)).all()) == 1


def test_a_board_closed_after_a_school_touches_only_the_rest(work: Work) -> None:
    closing = a_closing_world(work.session)
    mireille, omar = (actor(work.session, who) for who in (closing.world.mireille, closing.world.omar))
    book(work, mireille, remote(closing.world, at("2026-11-24 09:00")))
    elsewhere = book(work, mireille, in_person(closing.world, at("2026-11-24 13:00"), pupil=closing.world.maude))
    declare(work, omar, closing.closure())
    board = closing.closure(scope=ClosureScope.ORGANIZATION, target_id=closing.world.board.id)

    done = declare(work, omar, board)

    assert dict(done.counts) == {Treatment.MAKE_UP: 1, Treatment.KEEP: 0}
    assert encounter(work, elsewhere.encounter_id).status is EncounterStatus.CANCELLED
    assert len(work.session.scalars(select(MakeUp)).all()) == 2


def test_lifting_the_school_leaves_it_closed_by_the_board_and_lifting_the_board_gives_all_back(work: Work) -> None:
    closing = a_closing_world(work.session)
    mireille, omar = (actor(work.session, who) for who in (closing.world.mireille, closing.world.omar))
    booked = book(work, mireille, remote(closing.world, at("2026-11-24 09:00")))
    before = rows(work.session)
    (school,) = declare(work, omar, closing.closure()).closure_ids
    board = closing.closure(scope=ClosureScope.ORGANIZATION, target_id=closing.world.board.id)
    (everything,) = declare(work, omar, board).closure_ids

    first = lift(work, omar, school)
    assert dict(first.refused) == {booked.encounter_id: "still_closed"}
    assert day(work, closing).day_type is DayType.CLOSURE

    second = lift(work, omar, everything)
    assert second.restored == (booked.encounter_id,)
    assert rows(work.session) == before
    assert lift(work, omar, everything).restored == ()


@pytest.mark.parametrize("day_type", [DayType.CLOSURE, DayType.SUSPENSION])
@pytest.mark.parametrize("portion", Portion)
@pytest.mark.parametrize("scope", ["building", "school", "sector", "organization"])
def test_undoing_puts_every_row_back(work: Work, day_type: DayType, portion: Portion, scope: str) -> None:
    closing = a_closing_world(work.session)
    world = closing.world
    sector = Sector(organization_id=world.board.id, name="Est")
    work.session.add(sector)
    work.session.flush()
    work.session.add_all(SectorBuilding(sector_id=sector.id, building_id=b.id) for b in (world.anse, world.base))
    target = {
        "building": world.anse.id, "school": school_id(work.session, closing), "sector": sector.id,
        "organization": world.board.id,
    }[scope]  # fmt: skip
    mireille, omar = actor(work.session, world.mireille), actor(work.session, world.omar)
    book(work, mireille, advice(closing, "08:15"))
    book(work, mireille, in_person(world, at("2026-11-24 10:30")))
    book(work, mireille, three_pupils(closing, "13:00"))
    before = rows(work.session)

    done = declare(work, omar, closing.closure(day_type, portion=portion, scope=ClosureScope(scope), target_id=target))
    assert rows(work.session) != before
    assert done.change_id is not None
    given = undo(work, omar, done.change_id)

    assert rows(work.session) == before
    assert dict(given.refused) == {}
    assert rebuild_bits(work.session) == 0
    assert work.session.scalars(select(MakeUp)).all() == []


def test_undo_leaves_what_somebody_touched_since_and_says_so(work: Work) -> None:
    closing = a_closing_world(work.session)
    mireille, omar = (actor(work.session, who) for who in (closing.world.mireille, closing.world.omar))
    moved = book(work, mireille, three_pupils(closing, "10:30"))
    taken = book(work, mireille, remote(closing.world, at("2026-11-24 13:30")))
    done = declare(work, omar, closing.closure())
    cancel(work, mireille, CancelEncounter(moved.encounter_id, 2, CancellationCause.PROFESSIONAL_ABSENT))
    book(work, mireille, in_person(closing.world, at("2026-11-24 13:00"), pupil=closing.world.maude))
    assert done.change_id is not None

    given = undo(work, omar, done.change_id)

    assert dict(given.refused) == {moved.encounter_id: "touched", taken.encounter_id: "not_free"}
    assert encounter(work, taken.encounter_id).status is EncounterStatus.CANCELLED
    assert day(work, closing).day_type is DayType.CLASS


def test_a_change_is_undone_once_and_within_a_day(work: Work) -> None:
    closing = a_closing_world(work.session)
    omar = actor(work.session, closing.world.omar)
    done = declare(work, omar, closing.closure())
    assert done.change_id is not None
    undo(work, omar, done.change_id)
    with pytest.raises(WrongState):
        undo(work, omar, done.change_id)

    later = declare(work, omar, closing.closure())
    assert later.change_id is not None
    work.session.get_one(CalendarChange, later.change_id).done_at = work.now() - timedelta(hours=24)
    with pytest.raises(WrongState):
        undo(work, omar, later.change_id)


def test_a_conditional_day_becomes_a_class_day_and_back(work: Work) -> None:
    closing = a_closing_world(work.session)
    omar = actor(work.session, closing.world.omar)
    before = rows(work.session)
    reopened = closing.closure(
        DayType.CLASS, scope=ClosureScope.ORGANIZATION, target_id=closing.world.board.id,
        first_on=date(2026, 12, 4), label=None,
    )  # fmt: skip

    seen = preview(work, omar, reopened)
    done = declare(work, omar, reopened)

    assert day(work, closing, date(2026, 12, 4)).day_type is DayType.CLASS
    assert any(change.after and change.after.on_date > date(2026, 12, 4) for change in seen.changes)
    assert done.change_id is not None
    assert work.session.get_one(CalendarChange, done.change_id).kind is CalendarAct.REOPENED
    undo(work, omar, done.change_id)
    assert rows(work.session) == before


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"first_on": date(2026, 11, 22)}, {"first_on": "in_the_past"}),
        ({"last_on": date(2026, 11, 23)}, {"last_on": "ends_before_start"}),
        ({"last_on": date(2026, 12, 24)}, {"last_on": "too_many_days"}),
        ({"first_on": date(2026, 11, 28)}, {"first_on": "no_school"}),
        ({"first_on": date(2027, 7, 5)}, {"first_on": "outside_year"}),
        ({"label": "x" * 81}, {"label": "too_long"}),
        ({"day_type": DayType.HOLIDAY}, {"day_type": "not_a_choice"}),
        ({"day_type": DayType.CLASS}, {"first_on": "no_school"}),
    ],
)
def test_what_can_never_be_is_told(work: Work, more: dict[str, object], fields: dict[str, str]) -> None:
    closing = a_closing_world(work.session)
    with pytest.raises(InvalidInput) as refusal:
        declare(work, actor(work.session, closing.world.omar), closing.closure(**{"day_type": DayType.CLOSURE} | more))
    assert refusal.value.fields == fields


def test_a_principal_closes_her_school_and_no_other(work: Work) -> None:
    closing = a_closing_world(work.session)
    luc = actor(work.session, closing.luc)
    declare(work, luc, closing.closure())
    for target in (closing.world.pointe.id, closing.world.base.id):
        with pytest.raises(NotAllowed):
            declare(work, luc, closing.closure(target_id=target))
    with pytest.raises(NotAllowed):
        preview(work, luc, closing.closure(scope=ClosureScope.ORGANIZATION, target_id=closing.world.board.id))


def test_a_professional_closes_nothing(work: Work) -> None:
    closing = a_closing_world(work.session)
    with pytest.raises(NotAllowed):
        preview(work, actor(work.session, closing.world.mireille), closing.closure())


def test_a_stranger_from_another_board_finds_nothing(work: Work) -> None:
    closing = a_closing_world(work.session)
    done = declare(work, actor(work.session, closing.world.omar), closing.closure())
    neighbour = a_board(work.session, "voisin")
    stranger = actor(work.session, a_person(work.session, neighbour, "Bruno", Role.COORDINATOR))
    assert done.change_id is not None
    with pytest.raises(NotFound):
        declare(work, stranger, closing.closure())
    with pytest.raises(NotFound):
        undo(work, stranger, done.change_id)
    with pytest.raises(NotFound):
        lift(work, stranger, done.closure_ids[0])
