"""The operations on people, places, pupils and groups: listed, added, read one by one, edited."""

from __future__ import annotations

from intervention.api import directory, inputs, keeping, people
from intervention.api import keeping_inputs as kept
from intervention.api import list_outputs as out
from intervention.api import people_inputs as staff
from intervention.api.operations import Operation, reads
from intervention.api.paging import Paged

_LISTS = "Lists"

LISTS: tuple[Operation, ...] = (
    Operation(
        "GET", "/people", "list_people", "Adults of the board and their roles", _LISTS, out.People, directory.people,
        query=directory.PeopleQuery, refuses=(403,),
    ),
    Operation(
        "POST", "/people", "add_person", "Add a person, with a first role", _LISTS, out.Person, make=people.add_person,
        show=people.show_person, body=staff.AddPerson, status=201, writes=True, gives_version=True, refuses=(403, 409),
    ),
    Operation(
        "GET", "/people/{person_id}", "read_person", "One person, and its ETag for a PATCH", _LISTS, out.Person,
        reads(people.show_person), gives_version=True, refuses=(403, 404),
    ),
    Operation(
        "PATCH", "/people/{person_id}", "edit_person", "Edit a person, their settings and their hours", _LISTS,
        out.Person, people.edit_person, body=staff.EditPerson, writes=True, heeds_seen=True,
        gives_version=True, refuses=(403, 404, 409),
    ),
    Operation(
        "GET", "/schools", "list_schools", "Schools whose buildings one sees", _LISTS, out.Schools,
        directory.list_schools, query=Paged,
    ),
    Operation(
        "POST", "/schools", "add_school", "Add a school to buildings", _LISTS, out.School, make=keeping.add_school,
        show=keeping.show_school, body=kept.AddSchool, status=201, writes=True, gives_version=True, refuses=(403,),
    ),
    Operation(
        "GET", "/schools/{school_id}", "read_school", "One school, and its ETag for a PATCH", _LISTS, out.School,
        reads(keeping.show_school), gives_version=True, refuses=(403, 404),
    ),
    Operation(
        "PATCH", "/schools/{school_id}", "edit_school", "Edit a school, or say where it teaches", _LISTS, out.School,
        keeping.edit_school, body=kept.EditSchool, writes=True, heeds_seen=True, gives_version=True, refuses=(403, 404),
    ),
    Operation(
        "POST", "/buildings", "add_building", "Add a building", _LISTS, out.Building, make=keeping.add_building,
        show=directory.show_building, body=kept.AddBuilding, status=201, writes=True, gives_version=True,
        refuses=(403,),
    ),
    Operation(
        "GET", "/buildings", "list_buildings", "Buildings one sees", _LISTS, out.Buildings, directory.buildings,
        query=Paged,
    ),
    Operation(
        "GET", "/buildings/{building_id}", "read_building", "One building, and its ETag for a PATCH", _LISTS,
        out.Building, reads(directory.show_building), gives_version=True, refuses=(403, 404),
    ),
    Operation(
        "PATCH", "/buildings/{building_id}", "edit_building", "Edit a building, confirm its legal time", _LISTS,
        out.Building, directory.edit_building, body=inputs.EditBuilding, writes=True, heeds_seen=True,
        gives_version=True, refuses=(403, 404),
    ),
    Operation(
        "GET", "/rooms", "list_rooms", "Rooms of the buildings one sees", _LISTS, out.Rooms, directory.rooms,
        query=directory.RoomsQuery,
    ),
    Operation(
        "POST", "/rooms", "add_room", "Add a room to a building", _LISTS, out.Room, make=directory.add_room,
        show=directory.show_room, body=inputs.AddRoom, status=201, writes=True, gives_version=True, refuses=(403, 404),
    ),
    Operation(
        "GET", "/rooms/{room_id}", "read_room", "One room, and its ETag for a PATCH", _LISTS, out.Room,
        reads(directory.show_room), gives_version=True, refuses=(403, 404),
    ),
    Operation(
        "PATCH", "/rooms/{room_id}", "edit_room", "Edit a room", _LISTS, out.Room, directory.edit_room,
        body=inputs.EditRoom, writes=True, heeds_seen=True, gives_version=True, refuses=(403, 404),
    ),
    Operation(
        "GET", "/kits", "list_kits", "Kits of the buildings one sees, and those that travel", _LISTS, out.Kits,
        directory.kits, query=Paged,
    ),
    Operation(
        "POST", "/kits", "add_kit", "Add a kit", _LISTS, out.Kit, make=keeping.add_kit, show=keeping.show_kit,
        body=kept.AddKit, status=201, writes=True, gives_version=True, refuses=(403,),
    ),
    Operation(
        "GET", "/kits/{kit_id}", "read_kit", "One kit, and its ETag for a PATCH", _LISTS, out.Kit,
        reads(keeping.show_kit), gives_version=True, refuses=(403, 404),
    ),
    Operation(
        "PATCH", "/kits/{kit_id}", "edit_kit", "Edit a kit", _LISTS, out.Kit, keeping.edit_kit, body=kept.EditKit,
        writes=True, heeds_seen=True, gives_version=True, refuses=(403, 404),
    ),
    Operation(
        "POST", "/pupils", "add_pupil", "Add a pupil", _LISTS, out.Pupil, make=keeping.add_pupil,
        show=keeping.show_pupil, body=kept.AddPupil, status=201, writes=True, gives_version=True, refuses=(403,),
    ),
    Operation(
        "GET", "/pupils/{pupil_id}", "read_pupil", "One pupil, and its ETag for a PATCH", _LISTS, out.Pupil,
        reads(keeping.show_pupil), gives_version=True, refuses=(403, 404),
    ),
    Operation(
        "PATCH", "/pupils/{pupil_id}", "edit_pupil", "Edit, move or archive a pupil", _LISTS, out.Pupil,
        keeping.edit_pupil, body=kept.EditPupil, writes=True, heeds_seen=True, gives_version=True, refuses=(403, 404),
    ),
    Operation(
        "GET", "/pupils", "list_pupils", "Pupils one may open", _LISTS, out.Pupils, directory.pupils, query=Paged,
    ),
    Operation(
        "POST", "/groups", "add_group", "Add a class", _LISTS, out.Group, make=keeping.add_group,
        show=keeping.show_group, body=kept.AddGroup, status=201, writes=True, gives_version=True, refuses=(403, 404),
    ),
    Operation(
        "GET", "/groups/{group_id}", "read_group", "One class, and its ETag for a PATCH", _LISTS, out.Group,
        reads(keeping.show_group), gives_version=True, refuses=(403, 404),
    ),
    Operation(
        "PATCH", "/groups/{group_id}", "edit_group", "Edit a class", _LISTS, out.Group, keeping.edit_group,
        body=kept.EditGroup, writes=True, heeds_seen=True, gives_version=True, refuses=(403, 404),
    ),
    Operation(
        "GET", "/groups", "list_groups", "Classes, and small groups of one's own", _LISTS, out.Groups,
        directory.groups, query=Paged,
    ),
)  # fmt: skip
