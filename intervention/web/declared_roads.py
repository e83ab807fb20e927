"""The roads between buildings as somebody who drives them says, beside the estimates that they stand for."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from intervention.domain.errors import InvalidInput
from intervention.domain.travel import TravelMode
from intervention.queries.places import building_choices, declared_roads
from intervention.rendering import wording
from intervention.usecases.declared_roads import MAX_MINUTES, MAX_SOURCE, DeclareRoad, declare_road, withdraw_road
from intervention.web import notices
from intervention.web.gate import current_actor
from intervention.web.parse import Form, id_or_none
from intervention.web.stage import open_work, reading

pages = Blueprint("declared_roads", __name__)
Page = str | tuple[str, int] | Response


@pages.get("/ecoles/routes")
def index() -> Page:
    """`?route=` begins with the values of a declared way, to say it anew."""
    wanted = id_or_none(request.args.get("route", ""))
    found = next((r for r in declared_roads(reading(), current_actor()) if r.id == wanted), None)
    if found is None:
        return _index(Form.blank(both_ways=1, mode=TravelMode.ROAD))
    way = found.declared
    return _index(
        Form.blank(
            from_building=found.from_id, to_building=found.to_id, minutes=way.minutes, km=way.metres // 1000,
            source=found.source, mode=way.mode,
        )
    )  # fmt: skip


@pages.post("/ecoles/routes")
def declare() -> Page:
    form = Form(request.form)
    ask = DeclareRoad(
        from_building_id=form.one_id("from_building"),
        to_building_id=form.one_id("to_building"),
        minutes=form.whole("minutes", least=1, most=MAX_MINUTES),
        metres=form.whole("km", least=0, most=3000) * 1000,
        source=form.text("source", most=MAX_SOURCE),
        mode=form.choice("mode", TravelMode, default=TravelMode.ROAD),
        both_ways=form.flag("both_ways"),
    )
    try:
        form.check()
        with open_work() as work:
            declare_road(work, current_actor(), ask)
    except InvalidInput as refusal:
        return _index(form.refused(refusal)), 422
    notices.say("road_declared")
    return redirect(url_for("declared_roads.index"), 303)


@pages.post("/ecoles/routes/<uuid:road_id>/retrait")
def withdraw(road_id: UUID) -> Page:
    with open_work() as work:
        withdraw_road(work, current_actor(), road_id)
    notices.say("road_withdrawn")
    return redirect(url_for("declared_roads.index"), 303)


def _index(form: Form) -> str:
    return render_template(
        "schools/roads.html",
        form=form,
        roads=declared_roads(reading(), current_actor()),
        buildings=building_choices(reading(), current_actor()),
        modes=[(mode.value, wording.word(mode)) for mode in TravelMode],
    )
