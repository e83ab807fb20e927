"""Where the demonstration's guests and hosts arrive: the page that stands for the board's video server."""

from __future__ import annotations

import re

from flask import Blueprint, abort, make_response, render_template, request
from werkzeug.wrappers import Response

from intervention.web.stage import stage

pages = Blueprint("demonstration", __name__)
_ROOM = re.compile(r"r[0-9a-f]{32}")


@pages.get("/demonstration/salle/<name>")
def room(name: str) -> Response:
    """404 but in the demonstration; a way in older than two minutes opens nothing."""
    until = request.args.get("fin", "")
    if not stage().settings.demo or not _ROOM.fullmatch(name):
        abort(404)
    if not re.fullmatch(r"\d{1,12}", until) or int(until) <= stage().clock.now().timestamp():
        return make_response(render_template("doors/demonstration.html", role=None), 410)
    return make_response(render_template("doors/demonstration.html", role=request.args.get("role", "")[:60]))
