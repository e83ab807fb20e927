"""The small types of inputs, with the bounds that the database and the calendar set."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from intervention.domain.school_time import is_planned
from intervention.domain.slots import SOFT_RULES
from intervention.queries.booking_references import known_zones


class Input(BaseModel):
    """A body: nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _without_defaults(schema: dict[str, Any]) -> None:
    for each in schema.get("properties", {}).values():
        each.pop("default", None)


class Edit(Input):
    """A body of PATCH: what is left out stays (`model_fields_set`), so the defaults are nobody's to read."""

    model_config = ConfigDict(json_schema_extra=_without_defaults)


class Query(BaseModel):
    """The parameters of an address: always texts, so converted."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _near(value: date) -> date:
    if not is_planned(value):
        raise PydanticCustomError("out_of_range", "a year from 2000 to 2100")
    return value


def _instant(value: datetime) -> datetime:
    _near(value)
    return value.astimezone(UTC)


def _zone(value: str) -> str:
    if value not in known_zones():
        raise PydanticCustomError("unknown_zone", "an IANA zone")
    return value


def _soft(value: str) -> str:
    if value not in {rule.value for rule in SOFT_RULES}:
        raise PydanticCustomError("not_a_choice", "a rule that may be set aside")
    return value


def _uuid(value: Any) -> UUID:
    """The canonical form only, as in paths: one id has one spelling."""
    try:
        found = UUID(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or str(found) != value.lower():
        raise PydanticCustomError("not_an_id", "a UUID")
    return found


Id = Annotated[UUID, PlainValidator(_uuid), WithJsonSchema({"type": "string", "format": "uuid"})]
Instant = Annotated[AwareDatetime, AfterValidator(_instant)]
Day = Annotated[date, AfterValidator(_near)]
Zone = Annotated[str, Field(max_length=64, examples=["America/Toronto"]), AfterValidator(_zone)]
SoftRule = Annotated[
    str,
    AfterValidator(_soft),
    WithJsonSchema({"type": "string", "enum": sorted(rule.value for rule in SOFT_RULES)}),
]
Minutes = Annotated[int, Field(ge=5, le=720, multiple_of=5)]


# PostgreSQL stores no NUL; nobody types one.
Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]
Text40 = Annotated[Text, Field(max_length=40)]
Text200 = Annotated[Text, Field(max_length=200)]
