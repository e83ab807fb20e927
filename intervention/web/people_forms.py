"""The forms of a person: read into what the use cases take, and filled with what is stored."""

from __future__ import annotations

from intervention.domain.accounts import Particulars
from intervention.domain.people import Discipline, Role
from intervention.domain.seen import seen
from intervention.queries.people import PersonPage
from intervention.rendering.times import wall_time
from intervention.usecases.people import GrantRole
from intervention.usecases.professionals import ProfessionalFacts
from intervention.web.parse import NOBODY, Form, id_or_none

# The forms of a person's page that are filled with what is stored: the field each always sends, then the others.
SECTIONS = {
    "weekly_minutes": (
        "home_building_id", "discipline", "other_disciplines", "max_buildings_per_day", "lunch_minutes",
        "lunch_from_local", "lunch_until_local", "professional_version",
    ),
    "facilitator_building_id": ("is_trained", "facilitator_version"),
}  # fmt: skip


def particulars_as_form(page: PersonPage) -> Form:
    return Form.blank(version=seen(page.shown), **page.shown)


def particulars_of(form: Form) -> Particulars:
    return Particulars(
        form.text("given_name", most=80),
        form.text("family_name", most=80),
        form.text("email", most=254, required=False) or None,
        form.text("phone", most=40, required=False) or None,
        form.value("locale"),
    )


def grant_of(form: Form) -> GrantRole:
    """`place` is `school:<id>` or `building:<id>`, one list for both."""
    kind, _, raw = form.value("place").partition(":")
    place = id_or_none(raw) or NOBODY if kind else None
    return GrantRole(
        form.choice("role", Role),
        school_id=place if kind == "school" else None,
        building_id=place if kind and kind != "school" else None,
        starts_on=form.day("starts_on") if form.value("starts_on") else None,
        ends_on=form.day("ends_on") if form.value("ends_on") else None,
    )


def professional_facts(form: Form) -> ProfessionalFacts:
    others = form.values("other_disciplines")
    return ProfessionalFacts(
        home_building_id=form.one_id("home_building_id"),
        discipline=form.choice("discipline", Discipline),
        other_disciplines=tuple(each for each in Discipline if each.value in others),
        weekly_minutes=form.whole("weekly_minutes", least=1, most=60) * 60,
        max_buildings_per_day=form.whole("max_buildings_per_day", least=1, most=12),
        lunch_minutes=form.whole("lunch_minutes", least=0, most=120),
        lunch_from_local=form.wall_time("lunch_from_local"),
        lunch_until_local=form.wall_time("lunch_until_local"),
    )


def with_the_rest(form: Form, filled: Form) -> Form:
    """The form that was refused, and the page's other forms as they are stored."""
    for first, names in SECTIONS.items():
        if first not in form.data:
            for name in (first, *names):
                form.data.setlist(name, filled.values(name))
    return form


def page_as_form(page: PersonPage) -> Form:
    found = page.professional
    form = Form.blank(
        home_building_id=found and found.home_building_id,
        discipline=found and found.discipline.value,
        weekly_minutes=found.weekly_minutes // 60 if found else 35,
        max_buildings_per_day=found.max_buildings_per_day if found else 3,
        lunch_minutes=found.lunch_minutes if found else 45,
        lunch_from_local=wall_time(found.lunch_from) if found else "11:15",
        lunch_until_local=wall_time(found.lunch_until) if found else "13:30",
        facilitator_building_id=page.facilitates_at,
        is_trained="1" if page.is_trained else None,
        professional_version=seen(page.professional_shown),
        facilitator_version=seen(page.facilitator_shown),
    )
    if found:
        form.data.setlist("other_disciplines", [each.value for each in found.other_disciplines])
    return form
