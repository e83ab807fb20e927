"""Who sees which rows is `permissions.RULES`, in SQL: both are asked about every row of a generated world."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from intervention.domain.composition import AskParticipant
from intervention.domain.encounters import ParticipantRole
from intervention.domain.errors import SlotRefused, SlotTaken
from intervention.domain.people import Discipline, GuestRelation, Role
from intervention.domain.permissions import Action, Actor, Subject, permits
from intervention.domain.slots import SOFT_RULES
from intervention.queries.encounters import subject_of
from intervention.queries.scope import visible_encounters, visible_guests, visible_pupils
from intervention.records.encounters import Encounter
from intervention.records.people import ClassGroup, FollowUp, Guest, Pupil
from intervention.usecases.booking import book
from intervention.usecases.work import Work
from tests.builders import a_board, a_building, a_class, a_person, a_professional, a_pupil, actor
from tests.usecases.booking_world import World, a_world, at, in_person, remote

SOFT = frozenset(rule.value for rule in SOFT_RULES)


def everybody(work: Work, world: World) -> list[Actor]:
    """Each role, here and there, and in the neighbour's board."""
    session = work.session
    people = [world.mireille, world.omar, world.joseph, world.rose]
    people.append(a_professional(session, world.board, "Solange", world.base))
    for building in (world.anse, world.pointe):
        people += [
            a_person(session, world.board, f"{role.value}", role, building=building)
            for role in (Role.PRINCIPAL, Role.SECRETARY, Role.TEACHER, Role.FACILITATOR)
        ]
    people += [a_person(session, world.board, role.value, role) for role in (Role.ADMINISTRATOR, Role.PRIVACY_OFFICER)]
    neighbour = a_board(session, "voisin")
    there = a_building(session, neighbour, "Ailleurs")
    people += [
        a_person(session, neighbour, "Bruno", Role.COORDINATOR),
        a_person(session, neighbour, "Berthe", Role.PRINCIPAL, building=there),
    ]
    return [actor(session, person) for person in people]


def some_encounters(work: Work, world: World, actors: list[Actor], seed: int) -> None:
    rng = random.Random(seed)
    mireille = actor(work.session, world.mireille)
    guests = [a.person_id for a in actors if a.organization_id == world.board.id and a.roles & {Role.TEACHER}]
    for _ in range(12):
        starts_at = at("2026-11-24 08:00") + timedelta(days=rng.randrange(4), minutes=15 * rng.randrange(28))
        ask = rng.choice([remote, in_person])(world, starts_at)
        if rng.random() < 0.5:
            teacher = AskParticipant(ParticipantRole.TEACHER, person_id=rng.choice(guests), is_required=False)
            last = ask.sites[-1]
            ask = replace(ask, sites=(*ask.sites[:-1], replace(last, participants=(*last.participants, teacher))))
        try:
            book(work, mireille, replace(ask, is_strict=rng.random() < 0.3, accepting=SOFT))
        except (SlotTaken, SlotRefused):
            continue


@pytest.mark.parametrize("seed", range(4))
def test_visible_encounters_are_those_that_the_rules_permit(work: Work, seed: int) -> None:
    world = a_world(work.session)
    actors = everybody(work, world)
    some_encounters(work, world, actors, seed)
    encounters = work.session.scalars(select(Encounter)).all()
    assert len(encounters) > 3

    for each in actors:
        seen = set(work.session.scalars(select(Encounter.id).where(visible_encounters(each))))
        permitted = {e.id for e in encounters if permits(each, Action.SEE_ENCOUNTER, subject_of(e))}
        assert seen == permitted, each.roles


def test_visible_pupils_are_those_that_the_rules_permit(work: Work) -> None:
    world = a_world(work.session)
    actors = everybody(work, world)
    group = a_class(work.session, world.anse)
    group.teacher_id = next(a.person_id for a in actors if Role.TEACHER in a.roles)
    a_pupil(work.session, world.anse, "E-303", group)
    a_pupil(work.session, world.pointe, "E-404")
    follow_until(work, world, actors)

    for each in actors:
        seen = set(work.session.scalars(select(Pupil.id).where(visible_pupils(each))))
        permitted = {
            p.id for p in work.session.scalars(select(Pupil)) if permits(each, Action.SEE_PUPIL, about(work, p, each))
        }
        assert seen == permitted, each.roles


def test_visible_guests_are_those_of_visible_pupils_and_of_nobody(work: Work) -> None:
    world = a_world(work.session)
    actors = everybody(work, world)
    follow_until(work, world, actors)
    for pupil in (world.leo, world.maude, None):
        work.session.add(
            Guest(
                organization_id=world.board.id, name="Alix", relation=GuestRelation.PARENT,
                pupil_id=pupil.id if pupil else None,
            )
        )  # fmt: skip
    work.session.flush()

    for each in actors:
        seen = set(work.session.scalars(select(Guest.id).where(visible_guests(each))))
        permitted = set()
        for guest in work.session.scalars(select(Guest)):
            pupil = work.session.get(Pupil, guest.pupil_id) if guest.pupil_id else None
            is_ours = guest.organization_id == each.organization_id
            if permits(each, Action.SEE_PUPIL, about(work, pupil, each)) if pupil else is_ours:
                permitted.add(guest.id)
        assert seen == permitted, each.roles


def follow_until(work: Work, world: World, actors: list[Actor]) -> None:
    """Two more follow: one whose time is over, one until today."""
    _, *others = [a for a in actors if Role.PROFESSIONAL in a.roles]
    for follower, days in zip([others[0], others[0]], (-1, 0), strict=True):
        pupil = world.leo if days else world.maude
        work.session.add(
            FollowUp(
                organization_id=world.board.id, person_id=follower.person_id, pupil_id=pupil.id,
                discipline=Discipline.SPEECH_THERAPY, ends_on=follower.today + timedelta(days=days),
            )
        )  # fmt: skip
    work.session.flush()


def about(work: Work, pupil: Pupil, actor: Actor) -> Subject:
    rows = work.session.scalars(select(FollowUp).where(FollowUp.pupil_id == pupil.id))
    followers = {row.person_id for row in rows if row.ends_on is None or row.ends_on >= actor.today}
    if pupil.class_group_id is not None:
        teacher = work.session.get_one(ClassGroup, pupil.class_group_id).teacher_id
        followers |= {teacher} if teacher else set()
    return Subject(pupil.organization_id, followers=frozenset(followers), buildings=frozenset({pupil.building_id}))
