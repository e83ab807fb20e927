"""Every operation of the API, once. The routes and the OpenAPI document are both made from this table."""

from __future__ import annotations

from intervention.api import (
    closures,
    directory,
    encounters,
    feeds,
    inputs,
    keeping,
    people,
    school_years,
    series,
    slots,
)
from intervention.api import keeping_inputs as kept
from intervention.api import outputs as out
from intervention.api import people_inputs as staff
from intervention.api import series_inputs as serial
from intervention.api import series_outputs as serials
from intervention.api.operations import Operation
from intervention.api.paging import Paged

_LISTS = "Lists"
_CALENDARS = "School years"
_SLOTS = "Slots"
_ENCOUNTERS = "Encounters"
_SERIES = "Series"
_CLOSURES = "Closures"
_FEEDS = "Feeds"

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "GET", "/me", "read_me", "Who the token acts as, and where", "Me", out.Me, directory.me,
    ),
    Operation(
        "GET", "/people", "list_people", "Adults of the board and their roles", _LISTS, out.People, directory.people,
        query=directory.PeopleQuery, refuses=(403,),
    ),
    Operation(
        "POST", "/people", "add_person", "Add a person, with a first role", _LISTS, out.Person, make=people.add_person,
        show=people.show_person, body=staff.AddPerson, status=201, writes=True, refuses=(403, 409),
    ),
    Operation(
        "PATCH", "/people/{person_id}", "edit_person", "Edit a person, their settings and their hours", _LISTS,
        out.Person, people.edit_person, body=staff.EditPerson, writes=True, refuses=(403, 404, 409),
    ),
    Operation(
        "GET", "/schools", "list_schools", "Schools whose buildings one sees", _LISTS, out.Schools,
        directory.list_schools, query=Paged,
    ),
    Operation(
        "POST", "/schools", "add_school", "Add a school to buildings", _LISTS, out.School, make=keeping.add_school,
        show=keeping.show_school, body=kept.AddSchool, status=201, writes=True, refuses=(403,),
    ),
    Operation(
        "PATCH", "/schools/{school_id}", "edit_school", "Edit a school, or say where it teaches", _LISTS, out.School,
        keeping.edit_school, body=kept.EditSchool, writes=True, refuses=(403, 404),
    ),
    Operation(
        "POST", "/buildings", "add_building", "Add a building", _LISTS, out.Building, make=keeping.add_building,
        show=keeping.show_building, body=kept.AddBuilding, status=201, writes=True, refuses=(403,),
    ),
    Operation(
        "GET", "/buildings", "list_buildings", "Buildings one sees", _LISTS, out.Buildings, directory.buildings,
        query=Paged,
    ),
    Operation(
        "PATCH", "/buildings/{building_id}", "edit_building", "Edit a building, confirm its legal time", _LISTS,
        out.Building, directory.edit_building, body=inputs.EditBuilding, writes=True, refuses=(403, 404),
    ),
    Operation(
        "GET", "/rooms", "list_rooms", "Rooms of the buildings one sees", _LISTS, out.Rooms, directory.rooms,
        query=directory.RoomsQuery,
    ),
    Operation(
        "POST", "/rooms", "add_room", "Add a room to a building", _LISTS, out.Room, make=directory.add_room,
        show=directory.show_room, body=inputs.AddRoom, status=201, writes=True, refuses=(403, 404),
    ),
    Operation(
        "PATCH", "/rooms/{room_id}", "edit_room", "Edit a room", _LISTS, out.Room, directory.edit_room,
        body=inputs.EditRoom, writes=True, refuses=(403, 404),
    ),
    Operation(
        "GET", "/kits", "list_kits", "Kits of the buildings one sees, and those that travel", _LISTS, out.Kits,
        directory.kits, query=Paged,
    ),
    Operation(
        "POST", "/kits", "add_kit", "Add a kit", _LISTS, out.Kit, make=keeping.add_kit, show=keeping.show_kit,
        body=kept.AddKit, status=201, writes=True, refuses=(403,),
    ),
    Operation(
        "PATCH", "/kits/{kit_id}", "edit_kit", "Edit a kit", _LISTS, out.Kit, keeping.edit_kit, body=kept.EditKit,
        writes=True, refuses=(403, 404),
    ),
    Operation(
        "POST", "/pupils", "add_pupil", "Add a pupil", _LISTS, out.Pupil, make=keeping.add_pupil,
        show=keeping.show_pupil, body=kept.AddPupil, status=201, writes=True, refuses=(403,),
    ),
    Operation(
        "PATCH", "/pupils/{pupil_id}", "edit_pupil", "Edit, move or archive a pupil", _LISTS, out.Pupil,
        keeping.edit_pupil, body=kept.EditPupil, writes=True, refuses=(403, 404),
    ),
    Operation(
        "GET", "/pupils", "list_pupils", "Pupils one may open", _LISTS, out.Pupils, directory.pupils, query=Paged,
    ),
    Operation(
        "POST", "/groups", "add_group", "Add a class", _LISTS, out.Group, make=keeping.add_group,
        show=keeping.show_group, body=kept.AddGroup, status=201, writes=True, refuses=(403, 404),
    ),
    Operation(
        "PATCH", "/groups/{group_id}", "edit_group", "Edit a class", _LISTS, out.Group, keeping.edit_group,
        body=kept.EditGroup, writes=True, refuses=(403, 404),
    ),
    Operation(
        "GET", "/groups", "list_groups", "Classes, and small groups of one's own", _LISTS, out.Groups,
        directory.groups, query=Paged,
    ),
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
