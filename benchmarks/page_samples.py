"""What the pages that show one thing are asked to show: values for the arguments of an address."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from benchmarks.grown import NOW
from intervention.domain.days import Layer
from intervention.records.calendars import BusyTime, CalendarChange, Sector
from intervention.records.database import Database
from intervention.records.encounters import Encounter
from intervention.records.feeds import Feed
from intervention.records.people import Guest, NeedGroup
from intervention.records.schools import Kit
from intervention.records.series import MakeUp, Series
from intervention.records.timetables import Timetable
from tests import cast

FEW = 3
SOON = Encounter.starts_at > NOW, Encounter.starts_at < NOW + timedelta(7)
# Several, where one name means different things to different pages, or some are not to be seen.
STORED: dict[str, Select[tuple[UUID]]] = {
    "absence_id": select(BusyTime.id),
    "change_id": select(CalendarChange.id),
    "encounter_id": select(Encounter.id).where(Encounter.host_id == cast.MIREILLE, *SOON).order_by(Encounter.starts_at),
    "equipment_id": select(Kit.id),
    "feed_id": select(Feed.id),
    "group_id": select(NeedGroup.id).where(NeedGroup.person_id == cast.MIREILLE),
    "guest_id": select(Guest.id),
    "make_up_id": select(MakeUp.id),
    "sector_id": select(Sector.id),
    "series_id": select(Series.id),
    "timetable_id": select(Timetable.id),
}
GIVEN: dict[str, Any] = {
    "building_id": cast.building("cap"),
    "class_id": cast.class_group("cap/123"),
    "kind": "trousses",
    "level": "primary",
    "person_id": cast.MIREILLE,
    "professional_id": cast.MIREILLE,
    "pupil_id": cast.pupil("E-214"),
    "room_id": cast.room("cap", "local 12"),
    "school_id": cast.school("cap-chardon"),
    "week": "2026-W47",
    "year_id": cast.school_year(),
}

# What an address means nothing without.
ASKED = {"school_years.layer_csv": {"couche": f"{Layer.ORGANIZATION}|{cast.BOARD}|"}}

Samples = Mapping[str, Sequence[Any]]


def samples(database: Database) -> Samples:
    """By the name of an argument, the values to try."""
    with database.session(read_only=True) as session:
        stored = {name: session.scalars(statement.limit(FEW)).all() for name, statement in STORED.items()}
    return stored | {name: (value,) for name, value in GIVEN.items()}


def ways(arguments: set[str], values: Samples) -> Iterator[dict[str, Any]]:
    """Each combination of values for some arguments; none when one of them has no value."""
    names = sorted(arguments)
    for each in product(*(values.get(name, ()) for name in names)):
        yield dict(zip(names, each, strict=True))
