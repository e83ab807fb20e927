"""A page that shows every part in every state. It exists in tests and screenshots only, never in the product."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from flask import Blueprint, Flask, render_template
from werkzeug.datastructures import MultiDict

from intervention.rendering import icons
from intervention.rendering.charts import BarChart, Row
from intervention.web import notices
from intervention.web.parse import Form

pages = Blueprint("specimen", __name__, template_folder=str(Path(__file__).parent / "templates"))


def install(app: Flask) -> None:
    app.register_blueprint(pages)


@pages.get("/specimen")
def parts() -> str:
    form = Form(MultiDict({"email": "mireille", "minutes": "45", "kind": "team", "modality": "hybrid"}))
    form.fail("email", "not_an_email")
    form.fail("reason", "required")
    return render_template(
        "specimen.html",
        form=form,
        blank=Form.blank(),
        chart=_chart(),
        icon_names=list(icons.SHAPES),
        now=datetime(2026, 11, 24, 15, 30, tzinfo=UTC),
        said=[notices.Notice("Séance annulée, mardi 24 nov. à 10\u00a0h\u00a030.", "done", "/nulle-part")],
    )


def _chart() -> BarChart:
    rows = (
        Row("Semaine du 9 nov.", (3.3, 1.5), ("3\u00a0h\u00a020", "1\u00a0h\u00a030")),
        Row("Semaine du 16 nov.", (5.0, 0.8), ("5\u00a0h", "45\u00a0min")),
        Row("Semaine du 23 nov.", (2.0, 0.0), ("2\u00a0h", "0\u00a0min")),
    )
    sentence = "Trois semaines de novembre\u00a0: 10\u00a0h\u00a020 de route évitées, 2\u00a0h\u00a015 parcourues."
    return BarChart("Route évitée et parcourue", sentence, "Semaine", ("évitée", "parcourue"), rows)


@pages.get("/specimen/echange")
def exchange() -> str:
    """Two buttons that htmx drives, one with its nonce and one as an injection would look."""
    return render_template("exchange.html")


@pages.get("/specimen/morceau")
def piece() -> str:
    return "<p>Échangé</p>"
