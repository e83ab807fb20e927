"""Changes at random over one series among other séances: the sheet is what is done, and nothing is ever taken twice."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import time
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import select

from intervention.domain.encounters import EncounterKind, EncounterStatus, PlaceKind
from intervention.domain.errors import InvalidInput
from intervention.domain.series_change import NewTime
from intervention.queries.series import dates_of
from intervention.records.encounters import Encounter
from intervention.records.reservations import Reservation
from intervention.records.series import Series
from intervention.usecases.booking import book, resources_of
from intervention.usecases.reservations import rebuild_bits
from intervention.usecases.series import create
from intervention.usecases.series_change import change_series
from intervention.usecases.series_change_ask import ChangeSeries
from intervention.usecases.series_change_sheet import preview_change
from intervention.usecases.work import Work
from tests.builders import a_pupil, a_room, actor
from tests.usecases.booking_world import World, a_world, at, office, pupil_site, remote
from tests.usecases.test_series import TUESDAYS, weekly
from tests.usecases.test_series_people import followed, pupil

ROUNDS = 8


def a_change(chance: random.Random, world: World, series: Series, rooms: list[UUID | None]) -> ChangeSeries:
    present = {who["pupil_id"] for site in series.plan["sites"] for who in site["participants"]}
    maude_is_in = str(world.maude.id) in present
    ask = ChangeSeries(series.id, series.version, with_exceptions=chance.random() < 0.5)
    if chance.random() < 0.5:
        ask = replace(ask, from_on=chance.choice([series.first_on, series.last_on]))
    match chance.randrange(5):
        case 0:
            return replace(ask, time=NewTime(days=(chance.randint(1, 5),)))
        case 1:
            return replace(ask, time=NewTime(at=time(chance.choice([8, 9, 10, 13]), 5 * chance.randrange(12))))
        case 2:
            return replace(ask, rooms={world.anse.id: chance.choice(rooms)}, minutes=chance.choice([30, 45]))
        case 3:
            places = [(PlaceKind.HOME_BASE, world.base.id), (PlaceKind.BUILDING, world.anse.id)]
            return replace(ask, host_to=chance.choice(places))
        case _:
            if maude_is_in:
                return replace(ask, leaving=frozenset({world.maude.id}))
            return replace(ask, joining=(pupil(world.maude),))


def standing(work: Work) -> dict[UUID, Encounter]:
    work.session.expire_all()
    rows = work.session.scalars(select(Encounter).where(Encounter.status == EncounterStatus.PLANNED))
    return {each.id: each for each in rows}


def require_sound(work: Work) -> None:
    """Each séance holds what it needs for its own time, nobody and nothing is held twice, and the bits agree."""
    by_encounter: dict[UUID, set[tuple[UUID, int]]] = defaultdict(set)
    by_resource: dict[UUID, list[tuple[int, int]]] = defaultdict(list)
    for row in work.session.scalars(select(Reservation)):
        by_resource[row.resource_id].append((row.starts_tick, row.ends_tick))
        if row.encounter_id is not None:
            by_encounter[row.encounter_id].add((row.resource_id, row.starts_tick))
    for each in standing(work).values():
        starts = int(each.starts_at.timestamp()) // 300
        assert by_encounter[each.id] == {(resource, starts) for resource in resources_of(each)}
    for spans in by_resource.values():
        assert all(one[1] <= other[0] for one, other in pairwise(sorted(spans)))
    assert rebuild_bits(work.session) == 0


def facts(each: Encounter) -> tuple[object, ...]:
    sites = {(s.building_id, s.room_id, s.facilitator_id, s.has_host) for s in each.sites}
    people = {(p.person_id, p.pupil_id, p.guest_id) for p in each.participations}
    return each.starts_at, each.ends_at, frozenset(sites), frozenset(people)


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_asked(work: Work, seed: int) -> None:
    chance = random.Random(seed)
    world = a_world(work.session)
    mireille = actor(work.session, world.mireille)
    rooms: list[UUID | None] = [None, world.room_anse.id, a_room(work.session, world.anse, "local 14").id]
    iris = followed(work, world, a_pupil(work.session, world.anse, "E-303"))
    for day in ("2026-11-25", "2026-12-03", "2026-12-09"):
        book(work, mireille, remote(world, at(f"{day} 09:15")))
    site = replace(pupil_site(world.leo, world.room_anse, None), room_id=None)
    site = replace(site, participants=(*site.participants, pupil(iris)))
    ask = weekly(world, replace(TUESDAYS, at=time(10, 30)), kind=EncounterKind.SMALL_GROUP, sites=(office(world), site))
    series_id = create(work, mireille, ask).series_id
    done = 0
    for _ in range(ROUNDS):
        change = a_change(chance, world, work.session.get_one(Series, series_id), rooms)
        before = {each.id: facts(each) for each in standing(work).values()}
        try:
            sheet = preview_change(work, mireille, change)
            wanted = {e.reached.row.encounter_id for e in sheet.lines if e.changes}
            changed = change_series(work, mireille, change)
        except InvalidInput:
            continue  # nothing to change, or no date that could: said, and not done
        finally:
            require_sound(work)
        done += 1
        after = {each.id: facts(each) for each in standing(work).values()}
        assert after.keys() == before.keys()
        assert set(changed.changed) == wanted
        assert {each for each in after if after[each] != before[each]} == wanted
        rows = dates_of(work.session, changed.series_id)
        assert {work.session.get_one(Encounter, r.encounter_id).series_id for r in rows} == {changed.series_id}
        series_id = changed.series_id
    assert done >= ROUNDS // 2
