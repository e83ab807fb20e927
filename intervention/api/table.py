"""Every operation of the API, once. The routes and the OpenAPI document are both made from this table."""

from __future__ import annotations

from intervention.api import (
    closures,
    directory,
    encounters,
    feeds,
    inputs,
    school_years,
    series,
    slots,
)
from intervention.api import list_outputs as listed_out
from intervention.api import outputs as out
from intervention.api import series_inputs as serial
from intervention.api import series_outputs as serials
from intervention.api.lists_table import LISTS
from intervention.api.operations import Operation
from intervention.api.paging import Paged

_CALENDARS = "School years"
_SLOTS = "Slots"
_ENCOUNTERS = "Encounters"
_SERIES = "Series"
_CLOSURES = "Closures"
_FEEDS = "Feeds"

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "GET", "/me", "read_me", "Who the token acts as, and where", "Me", listed_out.Me, directory.me,
    ),
    *LISTS,
    Operation(
        "GET", "/school-years/{building_id}", "read_school_year", "The dated days of a building, or of a level of it",
        _CALENDARS, school_years.SchoolYear, school_years.read_year, query=school_years.YearQuery, refuses=(403, 404),
    ),
    Operation(
        "POST", "/school-years/{building_id}", "mark_school_days", "Mark days in a layer; a dry run unless told not to",
        _CALENDARS, school_years.CalendarEdit, school_years.mark_days, body=school_years.MarkDays, writes=True,
        refuses=(403, 404),
    ),
    Operation(
        "POST", "/slots/search", "search_slots", "Times that work at every end, and why others do not", _SLOTS,
        out.FoundSlots, slots.search, body=inputs.Search, refuses=(403, 404),
    ),
    Operation(
        "GET", "/encounters", "list_encounters", "Encounters one sees, by start", _ENCOUNTERS, out.Encounters,
        encounters.read_list, query=encounters.EncountersQuery,
    ),
    Operation(
        "POST", "/encounters", "book_encounter", "Book an encounter", _ENCOUNTERS, out.EncounterDetail,
        make=encounters.book, show=encounters.show_booked, body=inputs.Book, status=201, writes=True,
        gives_version=True, refuses=(403, 404, 409), wanted=encounters.wanted_booking,
    ),
    Operation(
        "GET", "/encounters/{encounter_id}", "read_encounter", "One encounter, in the reader's words", _ENCOUNTERS,
        out.EncounterDetail, encounters.read, gives_version=True, refuses=(404,),
    ),
    Operation(
        "PATCH", "/encounters/{encounter_id}", "change_encounter", "Move it, or change rooms, kits or facilitators",
        _ENCOUNTERS, out.EncounterDetail, encounters.change, body=inputs.Change, writes=True, needs_version=True,
        gives_version=True, refuses=(403, 404, 409), wanted=encounters.wanted_change,
    ),
    Operation(
        "POST", "/encounters/{encounter_id}/cancellation", "cancel_encounter", "Cancel it, with a cause", _ENCOUNTERS,
        out.EncounterDetail, encounters.cancel, body=inputs.Cancel, writes=True, needs_version=True,
        gives_version=True, refuses=(403, 404, 409),
    ),
    Operation(
        "DELETE", "/encounters/{encounter_id}/cancellation", "restore_encounter", "Undo its cancellation",
        _ENCOUNTERS, out.EncounterDetail, encounters.restore, writes=True, needs_version=True, gives_version=True,
        refuses=(403, 404, 409),
    ),
    Operation(
        "POST", "/encounters/{encounter_id}/modality", "change_modality", "Send the host somewhere else this once",
        _ENCOUNTERS, out.EncounterDetail, encounters.change_modality, body=inputs.ChangeModality, writes=True,
        needs_version=True, gives_version=True, refuses=(403, 404, 409),
    ),
    Operation(
        "POST", "/encounters/{encounter_id}/attendance", "state_attendance", "Say that it was given, and who was there",
        _ENCOUNTERS, out.EncounterDetail, encounters.state_attendance, body=inputs.StateAttendance, writes=True,
        needs_version=True, gives_version=True, refuses=(403, 404, 409),
    ),
    Operation(
        "POST", "/encounters/{encounter_id}/join-links", "issue_join_link", "Give a guest their confidential link",
        _ENCOUNTERS, out.JoinLink, make=encounters.issue_join_link, show=encounters.show_join_link,
        body=inputs.IssueJoinLink, status=201, writes=True, refuses=(403, 404, 409),
    ),
    Operation(
        "GET", "/series", "list_series", "Series that one may change", _SERIES, serials.SeriesList, series.list_series,
        query=Paged,
    ),
    Operation(
        "POST", "/series", "plan_series", "Plan every date of a rule, or show what that would do", _SERIES,
        serials.SeriesTold, make=series.plan_series, show=series.show_planned, previews=series.show_plan,
        preview=serials.SeriesPlanned, body=serial.PlanDates, status=201, writes=True, gives_version=True,
        refuses=(403, 404, 409),
    ),
    Operation(
        "GET", "/series/{series_id}", "read_series", "One series and what became of its dates", _SERIES,
        serials.SeriesTold, series.read_series, gives_version=True, refuses=(403, 404),
    ),
    Operation(
        "PATCH", "/series/{series_id}", "change_series", "Change this date and the following, or all those to come",
        _SERIES, serials.SeriesChanged, series.change, body=serial.ChangeDates, writes=True, needs_version=True,
        gives_version=True, refuses=(403, 404, 409),
    ),
    Operation(
        "GET", "/closures", "list_closures", "Closures and suspensions of the last month and to come", _CLOSURES,
        closures.Closures, closures.list_closures, refuses=(403, 404),
    ),
    Operation(
        "POST", "/closures", "close_schools", "Close schools or suspend classes, or show what that would do", _CLOSURES,
        closures.Closing, closures.close, body=closures.Close, writes=True, refuses=(403, 404, 409),
    ),
    Operation(
        "DELETE", "/closures/{closure_id}", "lift_closure", "Take a closure back, and what it did", _CLOSURES,
        closures.Lifted, closures.lift_closure, writes=True, refuses=(403, 404, 409),
    ),
    Operation(
        "POST", "/feeds", "open_feed", "Open a calendar subscription", _FEEDS, out.Feed, make=feeds.open_feed,
        show=feeds.show_feed, body=inputs.OpenFeed, status=201, writes=True, refuses=(403, 404),
    ),
    Operation(
        "DELETE", "/feeds/{feed_id}", "close_feed", "Close one of one's own calendar subscriptions", _FEEDS, None,
        feeds.close_feed, status=204, writes=True, refuses=(404,),
    ),
)  # fmt: skip
