"""Imports every record module, so that the metadata is whole for migrations and table creation."""

from intervention.records import (
    access_log,
    accounts,
    calendars,
    encounters,
    feeds,
    join_links,
    outbox,
    people,
    reservations,
    schools,
    series,
    timetables,
)
from intervention.records.base import Base

MODULES = (
    access_log,
    accounts,
    calendars,
    encounters,
    feeds,
    join_links,
    outbox,
    people,
    reservations,
    schools,
    series,
    timetables,
)
metadata = Base.metadata
