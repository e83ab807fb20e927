"""Finding slots on a real board: offers that book, days that explain themselves, and nobody else's secrets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from uuid import UUID

import pytest
from sqlalchemy import event

from intervention.domain.composition import AskParticipant, BookEncounter
from intervention.domain.encounters import Confidentiality, EncounterKind, Modality, ParticipantRole
from intervention.domain.errors import InvalidInput, NotAllowed, NotFound, SlotRefused
from intervention.domain.people import Discipline, Role
from intervention.domain.slots import SOFT_RULES, FixKind, Reason, Rule
from intervention.queries.catalogue import catalogue
from intervention.queries.slot_problem import SlotAsk
from intervention.records.calendars import BusyTime
from intervention.records.encounters import Encounter
from intervention.records.schools import ProtectedTime
from intervention.usecases.booking import book
from intervention.usecases.finding import Offer, OfferedFix, find_slots
from intervention.usecases.taking_offers import BookOffer, book_offer
from intervention.usecases.work import Work
from tests.builders import a_board, a_class, a_person, a_professional, actor, changed
from tests.usecases.booking_world import World, a_world, at, in_person, remote

TUESDAY = date(2026, 11, 24)


def ask_for(world: World, **more: object) -> SlotAsk:
    """Léo for 45 minutes, from Tuesday, for a week."""
    people = (AskParticipant(ParticipantRole.PUPIL, pupil_id=world.leo.id),)
    return replace(
        SlotAsk(world.mireille.id, EncounterKind.INDIVIDUAL, 45, people, TUESDAY, days=7),
        **more,  # type: ignore[arg-type]
    )


def booking_of(world: World, offer: Offer) -> BookEncounter:
    return BookEncounter(
        world.mireille.id, EncounterKind.INDIVIDUAL, Discipline.SPEECH_THERAPY, offer.starts_at, offer.minutes,
        "America/Toronto", offer.sites,
    )  # fmt: skip


def test_it_works(work: Work) -> None:
    world = a_world(work.session)

    found = find_slots(work, actor(work.session, world.mireille), ask_for(world))

    best = found.offers[0]
    assert (best.starts_at, best.modality) == (at("2026-11-24 08:10"), Modality.REMOTE)
    assert best.sites[1].room_id == world.room_anse.id
    assert best.sites[1].facilitator_id == world.joseph.id
    assert Reason.SOONEST in best.reasons
    assert Modality.IN_PERSON in {offer.modality for offer in found.offers}
    assert len(found.days) == 7
    assert [day.count > 0 for day in found.days] == [True, True, True, True, False, False, True]


def test_every_offer_books(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    book(work, mireille, in_person(world, at("2026-11-25 10:30")))
    offers = find_slots(work, mireille, ask_for(world, days=3)).offers

    for offer in offers:
        with work.session.begin_nested() as nested:
            book(work, mireille, booking_of(world, offer))
            nested.rollback()
        work.session.expire_all()

    assert len(offers) > 20


def test_visit_that_is_made_anyway_comes_first(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    book(work, mireille, in_person(world, at("2026-11-25 10:30")))

    found = find_slots(work, mireille, ask_for(world, wanted=Modality.IN_PERSON))

    best = found.offers[0]
    assert best.starts_at.date() == date(2026, 11, 25)
    assert Reason.ALREADY_THERE in best.reasons
    assert best.extra_road_minutes == 0


def test_full_day_says_why_in_rules_and_names_nobody(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    for moment in ("08:30", "10:25", "13:00", "14:00"):
        book(work, mireille, remote(world, at(f"2026-11-24 {moment}"), 60 if moment != "14:00" else 75))

    found = find_slots(work, mireille, ask_for(world, days=1, minutes=60))

    (day,) = found.days
    assert found.offers == ()
    assert day.refusal is not None
    assert day.refusal.subject_id in {None, world.mireille.id, world.leo.id, world.anse.id, world.base.id}


def test_fix_goes_remote_when_the_road_is_too_short(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    world.anse.road_component = "ile"
    changed(work.session, world.anse)

    found = find_slots(work, mireille, ask_for(world, days=1))
    assert {offer.modality for offer in found.offers} == {Modality.REMOTE}

    in_person_only = find_slots(work, mireille, ask_for(world, days=1, wanted=Modality.IN_PERSON))
    (day,) = in_person_only.days
    assert day.refusal is not None
    assert day.refusal.rule is Rule.NO_ROAD
    assert day.refusal.fixes[0].kind is FixKind.GO_REMOTE
    book(work, mireille, booking_of(world, day.refusal.fixes[0].offer))


def test_video_from_the_school_where_she_is_that_day(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    book(work, mireille, in_person(world, at("2026-11-25 10:30"), pupil=world.maude))
    ask = ask_for(world, days=2, wanted=Modality.REMOTE)

    offers = find_slots(work, mireille, ask, limit=400).offers

    there = [offer for offer in offers if offer.host_site.building_id == world.pointe.id]
    assert {offer.starts_at.date() for offer in there} == {date(2026, 11, 25)}
    assert {offer.modality for offer in there} == {Modality.REMOTE}
    assert all(Reason.ALREADY_THERE in o.reasons and o.host_site.room_id == world.room_pointe.id for o in there)
    taken = BookOffer(ask, Discipline.SPEECH_THERAPY, there[0].starts_at, world.pointe.id)
    assert book_offer(work, mireille, taken).encounter_id
    seen_by_omar = find_slots(work, actor(work.session, world.omar), ask, limit=400).offers
    assert {offer.host_site.building_id for offer in seen_by_omar} == {world.base.id}


def test_leave_is_never_explained(work: Work) -> None:
    world = a_world(work.session)
    work.session.add(
        BusyTime(
            organization_id=world.board.id, person_id=world.mireille.id, label="Rendez-vous médical",
            starts_at=at("2026-11-24 08:00"), ends_at=at("2026-11-24 16:00"),
        )
    )  # fmt: skip
    work.session.flush()

    found = find_slots(work, actor(work.session, world.mireille), ask_for(world, days=1))

    assert found.offers == ()
    assert "médical" not in repr(found)


def test_protected_time_of_the_class_is_kept(work: Work) -> None:
    world = a_world(work.session)
    group = a_class(work.session, world.anse)
    world.leo.class_group_id = group.id
    work.session.add(
        ProtectedTime(
            organization_id=world.board.id, class_group_id=group.id, weekday=2,
            starts_local=time(8, 10), ends_local=time(10, 10), label="Éducation physique",
        )
    )  # fmt: skip
    changed(work.session, group)

    found = find_slots(work, actor(work.session, world.mireille), ask_for(world, days=1))

    assert min(offer.starts_at for offer in found.offers) == at("2026-11-24 10:25")


def test_this_room_and_no_other(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    book(work, mireille, remote(world, at("2026-11-24 08:30")))
    solange = a_professional(work.session, world.board, "Solange", world.base)
    found = find_slots(
        work,
        actor(work.session, world.omar),
        ask_for(world, host_id=solange.id, rooms={world.anse.id: world.room_anse.id}, days=1),
    )

    assert not any(at("2026-11-24 08:00") < offer.starts_at < at("2026-11-24 09:15") for offer in found.offers)


@pytest.mark.parametrize("count", [1, 5])
def test_search_costs_three_statements(work: Work, count: int) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    people = [AskParticipant(ParticipantRole.PUPIL, pupil_id=world.leo.id)]
    for n in range(count):
        person = a_person(work.session, world.board, f"Anouk{n}", Role.TEACHER, building=world.anse)
        people.append(AskParticipant(ParticipantRole.TEACHER, person_id=person.id))
    catalogue(work.session, world.board.id)
    seen: list[str] = []
    engine = work.session.get_bind().engine

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        find_slots(work, mireille, ask_for(world, people=tuple(people), days=28))
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert len(seen) == 3


def test_nobody_and_everybody_are_refused(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)

    with pytest.raises(InvalidInput) as refused:
        find_slots(work, mireille, ask_for(world, people=(), minutes=7, days=0))

    assert refused.value.fields == {
        "people": "too_few_people", "minutes": "duration_not_allowed", "days": "out_of_range",
    }  # fmt: skip


def test_pupil_whom_she_does_not_follow_does_not_exist(work: Work) -> None:
    world = a_world(work.session)
    solange = actor(work.session, a_professional(work.session, world.board, "Solange", world.base))

    with pytest.raises(NotFound):
        find_slots(work, solange, ask_for(world, host_id=solange.person_id))


def test_teacher_may_not_search_in_her_agenda(work: Work) -> None:
    world = a_world(work.session)
    anouk = actor(work.session, a_person(work.session, world.board, "Anouk", Role.TEACHER, building=world.anse))

    with pytest.raises(NotAllowed):
        find_slots(work, anouk, ask_for(world))


def test_stranger_from_another_board_finds_nobody(work: Work) -> None:
    world = a_world(work.session)
    stranger = actor(work.session, a_person(work.session, a_board(work.session, "voisin"), "Bruno", Role.COORDINATOR))

    with pytest.raises(NotFound):
        find_slots(work, stranger, ask_for(world))


def test_where_she_comes_from_is_told_to_her_alone(work: Work) -> None:
    world = a_world(work.session)
    mireille, omar = actor(work.session, world.mireille), actor(work.session, world.omar)
    day_full_of_pointe(work, world)
    ask = ask_for(world, days=1, wanted=Modality.IN_PERSON)

    told, untold = (find_slots(work, who, ask).days[0].refusal for who in (mireille, omar))

    assert told is not None
    assert untold is not None
    assert (told.rule, untold.rule) == (Rule.TOO_SHORT_FOR_ROAD, Rule.TOO_SHORT_FOR_ROAD)
    assert told.road is not None
    assert told.road.needed_minutes > told.road.free_minutes
    assert untold.road is None


def test_every_near_miss_books_and_own_encounters_in_the_way_are_told(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    booked = [full_tuesday(work, world, moment, minutes) for moment, minutes in FULL]
    ask = ask_for(world, days=1, minutes=60)

    (day,) = find_slots(work, mireille, ask).days

    assert day.refusal is not None
    assert [each.encounter_id for each in day.refusal.met] == booked
    assert day.refusal.fixes
    for fix in day.refusal.fixes:
        with work.session.begin_nested() as nested:
            book_offer(work, mireille, taken(fix, ask))
            nested.rollback()
        work.session.expire_all()


def test_near_miss_is_refused_where_what_it_accepts_is_not_said(work: Work) -> None:
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    group = a_class(work.session, world.anse)
    world.leo.class_group_id = group.id
    work.session.add(
        ProtectedTime(
            organization_id=world.board.id, class_group_id=group.id, weekday=2,
            starts_local=time(8), ends_local=time(16), label="Éducation physique",
        )
    )  # fmt: skip
    changed(work.session, group)
    ask = ask_for(world, days=1)
    (day,) = find_slots(work, mireille, ask).days
    assert day.refusal is not None
    fix = next(fix for fix in day.refusal.fixes if fix.accepting is Rule.PROTECTED_TIME)

    with pytest.raises(SlotRefused) as refusal:
        book_offer(work, mireille, replace(taken(fix, ask), accepting=frozenset()))

    assert refusal.value.facts["codes"] == ("protected_time",)
    book_offer(work, mireille, taken(fix, ask))


def test_coordinator_is_told_of_the_encounters_that_she_may_see(work: Work) -> None:
    world = a_world(work.session)
    booked = [full_tuesday(work, world, moment, minutes) for moment, minutes in FULL]
    confidential = work.session.get_one(Encounter, booked[1])
    confidential.confidentiality = Confidentiality.STRICT
    work.session.flush()

    (day,) = find_slots(work, actor(work.session, world.omar), ask_for(world, days=1, minutes=60)).days

    assert day.refusal is not None
    assert [each.encounter_id for each in day.refusal.met] == [booked[0], *booked[2:]]


FULL = (("08:30", 60), ("10:25", 60), ("13:00", 60), ("14:00", 75))


def full_tuesday(work: Work, world: World, moment: str, minutes: int) -> UUID:
    return book(
        work, actor(work.session, world.mireille), remote(world, at(f"2026-11-24 {moment}"), minutes)
    ).encounter_id


def taken(fix: OfferedFix, ask: SlotAsk) -> BookOffer:
    """What the page sends when the near miss is pressed."""
    people = tuple(p for p in ask.people if p.subject_id != fix.resource_id)
    building = fix.offer.host_site.building_id
    assert building is not None
    return BookOffer(
        replace(ask, wanted=None, minutes=fix.offer.minutes, people=people),
        Discipline.SPEECH_THERAPY,
        fix.offer.starts_at,
        building,
        accepting=frozenset({fix.accepting.value} if fix.accepting else ()),
    )


def day_full_of_pointe(work: Work, world: World) -> None:
    """Visits that leave time for a séance between them, and none for the road."""
    mireille = actor(work.session, world.mireille)
    for moment in ("10:40", "13:00"):
        visit = in_person(world, at(f"2026-11-24 {moment}"), pupil=world.maude)
        book(work, mireille, replace(visit, accepting=frozenset(rule.value for rule in SOFT_RULES)))
