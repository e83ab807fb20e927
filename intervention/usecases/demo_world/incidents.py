"""What disturbs the fictitious weeks: a storm that closes a building, a road that is given up, a lost room."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from intervention.domain.days import ClosureScope, DayType
from intervention.domain.encounters import EncounterKind, EncounterStatus, Modality, PlaceKind
from intervention.domain.errors import SlotRefused, SlotTaken
from intervention.records.encounters import Encounter, EncounterSite
from intervention.records.people import Professional
from intervention.usecases.changing import ChangeEncounter, SiteChange, change
from intervention.usecases.closure_plan import DeclareClosure
from intervention.usecases.closures import declare
from intervention.usecases.demo_world.encounters import Story

COORDINATOR, CLOSED_PLACE = "omar", "cap"
MOST_CHANGES = 4


def storm(story: Story, on_date: date) -> None:
    """A building is closed for the day: the coordinator declares it at dawn, and takes what the rule proposes."""
    story.at(datetime.combine(on_date, time(10, 40), UTC))
    declare(
        story.work,
        story.actor(story.stage.person(COORDINATOR)),
        DeclareClosure(
            ClosureScope.BUILDING, story.stage.building(CLOSED_PLACE), DayType.CLOSURE, on_date, label="Tempête"
        ),
    )


def road_given_up(story: Story, monday: date) -> None:
    """Some give up the last stop of a day on the road: the pupil is seen by video, a facilitator beside."""
    away = (
        select(Encounter)
        .join(EncounterSite)
        .join(Professional, Professional.person_id == Encounter.host_id)
        .where(Encounter.on_date >= monday, Encounter.on_date < monday + timedelta(days=7))
        .where(Encounter.kind == EncounterKind.INDIVIDUAL, Encounter.modality == Modality.IN_PERSON)
        .where(Encounter.status == EncounterStatus.PLANNED, EncounterSite.building_id != Professional.home_building_id)
        .order_by(Encounter.starts_at.desc(), Encounter.host_id)
    )
    story.at(story.now)
    changed = 0
    for encounter in story.session.scalars(away).unique().all():
        if changed == MOST_CHANGES:
            break
        (site,) = encounter.sites
        place = next(p for p in story.stage.zones if story.stage.building(p) == site.building_id)
        beside = SiteChange(frozenset({"facilitator_id"}), facilitator_id=story.stage.facilitators(place)[0])
        home = story.session.get_one(Professional, encounter.host_id).home_building_id
        ask = ChangeEncounter(
            encounter.id, encounter.version, host_place=(PlaceKind.HOME_BASE, home), sites={site.id: beside},
            reason="Route annoncée difficile",
        )  # fmt: skip
        changed += _change(story, encounter, ask)


def rooms_lost(story: Story, monday: date) -> None:
    """Some séances of a week go to the room next door."""
    story.at(story.now)
    changed = 0
    planned = select(Encounter).where(Encounter.on_date >= monday, Encounter.status == EncounterStatus.PLANNED)
    for encounter in story.session.scalars(planned.order_by(Encounter.starts_at, Encounter.host_id).limit(60)).all():
        site = encounter.sites[-1]
        if site.room_id is None or encounter.starts_at <= story.now or changed == MOST_CHANGES:
            continue
        place = next(p for p in story.stage.zones if story.stage.building(p) == site.building_id)
        others = [r for r in story.stage.rooms(place, seats=3) if r != site.room_id]
        if others:
            elsewhere = {site.id: SiteChange(frozenset({"room_id"}), room_id=others[0])}
            ask = ChangeEncounter(encounter.id, encounter.version, sites=elsewhere, reason="Local pris par un examen")
            changed += _change(story, encounter, ask)


def _change(story: Story, encounter: Encounter, ask: ChangeEncounter) -> bool:
    try:
        with story.session.begin_nested():
            change(story.work, story.actor(encounter.host_id), ask)
    except (SlotTaken, SlotRefused):
        return False
    return True
