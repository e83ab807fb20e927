"""The bodies by which administrators keep people, and what scheduling knows of a professional."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal

from pydantic import Field

from intervention.api.inputs import WallTime
from intervention.api.keeping_inputs import PersonName
from intervention.api.scalars import Day, Edit, Id, Input, Text, Text40
from intervention.domain.people import Discipline, Role
from intervention.domain.working_hours import MOST_A_DAY

Email = Annotated[Text, Field(max_length=254, examples=["nom@exemple.ca"])]
Locale = Literal["fr", "en"]
WeeklyMinutes = Annotated[int, Field(ge=60, le=3600)]


class Opening(Input):
    """Wall times of the person's home building; `weekday` from 1, Monday, to 7."""

    weekday: Annotated[int, Field(ge=1, le=7)]
    starts_local: WallTime
    ends_local: WallTime


Week = Annotated[tuple[Opening, ...], Field(max_length=7 * MOST_A_DAY)]


class ProfessionalSettings(Edit):
    """What is left out stays; the first time, a home building and a discipline are needed."""

    home_building_id: Id | None = None
    discipline: Discipline | None = None
    other_disciplines: Annotated[tuple[Discipline, ...], Field(max_length=len(Discipline))] = ()
    weekly_minutes: WeeklyMinutes = 2100
    max_buildings_per_day: Annotated[int, Field(ge=1, le=12)] = 3
    lunch_minutes: Annotated[int, Field(ge=0, le=120)] = 45
    lunch_from_local: WallTime = time(11, 15)
    lunch_until_local: WallTime = time(13, 30)


class AddPerson(Input):
    """Somebody new with a first role, at a school or a building where it is local. Without an e-mail nobody signs in.

    A professional begins with an ordinary week unless `hours` are given.
    """

    given_name: PersonName
    family_name: PersonName
    email: Email | None = None
    phone: Text40 | None = None
    locale: Locale = "fr"
    role: Role
    school_id: Id | None = None
    building_id: Id | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    professional: ProfessionalSettings | None = None
    hours: Week | None = None


class EditPerson(Edit):
    """What is left out stays. `hours` are the week in force; another from a date on is set on the page."""

    given_name: PersonName = ""
    family_name: PersonName = ""
    email: Email | None = None
    phone: Text40 | None = None
    locale: Locale = "fr"
    professional: ProfessionalSettings | None = None
    hours: Week | None = None
