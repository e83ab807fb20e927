"""The bodies by which administrators keep schools, buildings, kits, pupils and classes."""

from __future__ import annotations

from datetime import time
from typing import Annotated

from pydantic import Field

from intervention.api.inputs import WallTime
from intervention.api.scalars import Edit, Id, Input, Text, Text40, Text200
from intervention.domain.people import Level
from intervention.domain.pupils import MAX_GRADE, MAX_NAME

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,32}$")]
PupilCode = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9-]{1,16}$", description="With a digit in it, and never a name.", examples=["E-214"])
]
Name = Annotated[Text, Field(min_length=1, max_length=160)]
PersonName = Annotated[Text, Field(min_length=1, max_length=MAX_NAME)]
Grade = Annotated[Text, Field(max_length=MAX_GRADE)]
Month = Annotated[str, Field(pattern=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2012-05"])]
ShortName = Annotated[Text, Field(min_length=1, max_length=60)]
Degrees = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class Placement(Input):
    """A building where the school teaches; no level for an adult or vocational centre."""

    building_id: Id
    levels: Annotated[tuple[Level, ...], Field(max_length=len(Level))] = ()


Placements = Annotated[tuple[Placement, ...], Field(max_length=100)]


class AddSchool(Input):
    code: Code
    name: Name
    placements: Annotated[Placements, Field(min_length=1)]


class EditSchool(Edit):
    """What is left out stays. A school leaves a building, or service, once none of its pupils and classes is there."""

    code: Code = ""
    name: Name = ""
    placements: Placements = ()
    is_active: bool = True


class AddBuilding(Input):
    """Coordinates are WGS84 degrees, both or neither. Its legal time is proposed, and confirmed by a PATCH."""

    code: Code
    name: Name
    municipality: Annotated[Text, Field(min_length=1, max_length=120)]
    short_name: Annotated[Text40, Field(min_length=1)] | None = None
    address: Text200 | None = None
    postal_code: Annotated[Text, Field(max_length=7)] | None = None
    phone: Text40 | None = None
    lat: Degrees | None = None
    lon: Degrees | None = None
    opens_local: WallTime = time(7, 30)
    closes_local: WallTime = time(17)


class AddKit(Input):
    """`building_id` left out: a kit that travels."""

    name: ShortName
    building_id: Id | None = None


class EditKit(Edit):
    """What is left out stays. A kit neither moves nor goes out of service while encounters count on it."""

    name: ShortName = ""
    building_id: Id | None = None
    is_active: bool = True


class AddPupil(Input):
    """`born_month` only in secondary school, and only with `is_age_needed`: consent depends on whether she is 14."""

    code: PupilCode
    given_name: PersonName
    family_name: PersonName
    level: Level
    grade: Grade | None = None
    school_id: Id
    building_id: Id
    class_group_id: Id | None = None
    born_month: Month | None = None
    is_age_needed: bool = False


class EditPupil(Edit):
    """What is left out stays. A pupil who is moved is given her school and building, and a class or none."""

    code: PupilCode = ""
    given_name: PersonName = ""
    family_name: PersonName = ""
    level: Level = Level.PRIMARY
    grade: Grade | None = None
    school_id: Id | None = None
    building_id: Id | None = None
    class_group_id: Id | None = None
    born_month: Month | None = None
    is_age_needed: bool = False
    is_archived: bool = False


class AddGroup(Input):
    """A class. Small groups are their professional's to form."""

    building_id: Id
    school_id: Id
    name: Annotated[Text40, Field(min_length=1)]
    level: Level
    teacher_id: Id | None = None


class EditGroup(Edit):
    """What is left out stays. A class goes out of service once it has neither pupils nor encounters to come."""

    school_id: Id | None = None
    name: Annotated[Text40, Field(min_length=1)] = ""
    level: Level = Level.PRIMARY
    teacher_id: Id | None = None
    is_active: bool = True
