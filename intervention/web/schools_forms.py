"""The forms of a building, its rooms and its bells: read into what the use cases take, filled with what is stored."""

from __future__ import annotations

from flask import request
from werkzeug.datastructures import MultiDict

from intervention.domain.bells import Bell
from intervention.domain.days import BellDay, BellKind
from intervention.domain.errors import NotFound
from intervention.domain.people import Level
from intervention.domain.seen import seen
from intervention.queries.schools import BuildingPage, RoomLine
from intervention.rendering.times import wall_time
from intervention.usecases import schools
from intervention.usecases.schools import RoomFacts
from intervention.web.parse import Form

BELL_CELLS = ("kind", "label", "starts", "ends")


def level_of(raw: str) -> Level:
    if raw not in set(Level):
        raise NotFound
    return Level(raw)


def building_as_form(page: BuildingPage) -> Form:
    hours = {"opens_local": wall_time(page.opens), "closes_local": wall_time(page.closes)}
    return Form.blank(**{**page.shown, **hours, "is_active": page.line.is_active or None}, version=seen(page.shown))


def room_as_form(room: RoomLine) -> Form:
    return Form.blank(**{name: value or None for name, value in room.shown.items()}, version=seen(room.shown))


def room_facts(form: Form, *, is_new: bool) -> RoomFacts:
    return RoomFacts(
        name=form.text("name", most=60),
        capacity=form.whole("capacity", least=1, most=schools.MAX_CAPACITY),
        is_closed=form.flag("is_closed"),
        has_headset=form.flag("has_headset"),
        equipment=form.text("equipment", required=False) or None,
        bandwidth_note=form.text("bandwidth_note", most=120, required=False) or None,
        phone=form.text("phone", most=40, required=False) or None,
        is_active=is_new or form.flag("is_active"),
    )


def bell_day() -> BellDay | None:
    """The kind of day of the address; None for the usual day."""
    raw = request.args.get("jour")
    if not raw:
        return None
    if raw not in set(BellDay):
        raise NotFound
    return BellDay(raw)


def bells_in(form: Form) -> tuple[Bell, ...]:
    return tuple(
        Bell(
            kind=form.choice(f"kind-{n}", BellKind),
            label=form.text(f"label-{n}", most=40),
            starts_local=form.wall_time(f"starts-{n}"),
            ends_local=form.wall_time(f"ends-{n}"),
        )
        for n in range(bell_rows(form))
    )


def bells_as_form(found: tuple[Bell, ...]) -> Form:
    values: dict[str, object] = {}
    for n, bell in enumerate(found):
        values |= {
            f"kind-{n}": bell.kind, f"label-{n}": bell.label,
            f"starts-{n}": wall_time(bell.starts_local), f"ends-{n}": wall_time(bell.ends_local),
        }  # fmt: skip
    return Form.blank(**values)


def without_blank_bells(sent: MultiDict[str, str]) -> Form:
    """The form with its filled rows moved up: a row whose label and hours are empty is a bell taken away."""
    numbers = sorted(
        {int(n) for name in sent for kind, _, n in [name.partition("-")] if kind in BELL_CELLS and _small(n)}
    )
    filled = [n for n in numbers if any(sent.get(f"{cell}-{n}", "").strip() for cell in BELL_CELLS[1:])]
    moved = {f"{cell}-{to}": sent.get(f"{cell}-{n}", "") for to, n in enumerate(filled) for cell in BELL_CELLS}
    return Form(MultiDict(moved))


def _small(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3


def bell_rows(form: Form) -> int:
    return sum(name.startswith("starts-") for name in form.data)
