"""Puts the pages together. A feature adds its blueprint, rail entries and searchers to `FEATURES`."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from intervention.api import routes as api
from intervention.api.operations import Edge
from intervention.domain.clock import Clock, SystemClock
from intervention.ports import VideoProvider
from intervention.records.database import Database
from intervention.rendering import i18n, icons, redaction, school_days, times, titles, wording
from intervention.settings import Settings
from intervention.web import (
    account,
    agenda,
    assets,
    attendance,
    booking,
    calendar_edits,
    classes,
    closures,
    csrf,
    declared_roads,
    demonstration,
    doors,
    encounters,
    errors,
    feed_files,
    feeds,
    follow_ups,
    gate,
    guests,
    headers,
    health,
    join_links,
    lobby,
    locale,
    make_ups,
    moved_instants,
    nav,
    need_groups,
    notices,
    passwords,
    people,
    places,
    pupil_imports,
    pupil_roll,
    pupils,
    reports,
    school_imports,
    school_years,
    schools,
    search,
    sectors,
    series,
    series_changes,
    staff_imports,
    timetables,
    today,
    travel,
    video_accounts,
    working_hours,
)
from intervention.web.nav import NavEntry
from intervention.web.search import Searcher
from intervention.web.stage import Stage, build
from intervention.wiring import read_schools, video_providers

MAX_FORM_BYTES = 256 * 1024
TELLING_TIME = (
    times.wall_time,
    times.time_of,
    times.zone_name,
    times.differs,
    times.lasting,
    times.number,
    times.percent,
    times.day,
    times.day_of,
    times.short_day,
    times.long_day,
    times.month,
    times.month_name,
    times.weekday,
)


@dataclass(frozen=True, slots=True)
class Feature:
    pages: Blueprint
    nav: tuple[NavEntry, ...] = ()
    search: tuple[Searcher, ...] = ()


FEATURES: tuple[Feature, ...] = (
    Feature(account.pages),
    Feature(search.pages),
    Feature(encounters.pages),
    Feature(booking.pages),
    Feature(series.pages),
    Feature(series_changes.pages),
    Feature(timetables.pages),
    Feature(pupils.pages, pupils.NAV, pupils.SEARCH),
    Feature(pupil_roll.pages, pupil_roll.NAV),
    Feature(pupil_imports.pages),
    Feature(staff_imports.pages),
    Feature(follow_ups.pages),
    Feature(need_groups.pages),
    Feature(guests.pages),
    Feature(attendance.pages),
    Feature(today.pages, today.NAV),
    Feature(agenda.pages, agenda.NAV, agenda.SEARCH),
    Feature(feeds.pages, feeds.NAV),
    Feature(reports.pages, reports.NAV),
    Feature(travel.pages),
    Feature(feed_files.files),
    Feature(doors.pages),
    Feature(demonstration.pages),
    Feature(lobby.pages),
    Feature(join_links.pages),
    Feature(schools.pages, schools.NAV),
    Feature(closures.pages, closures.NAV),
    Feature(make_ups.pages, make_ups.NAV),
    Feature(school_imports.pages),
    Feature(people.pages, people.NAV),
    Feature(passwords.pages),
    Feature(working_hours.pages),
    Feature(places.pages),
    Feature(classes.pages),
    Feature(declared_roads.pages),
    Feature(school_years.pages, school_years.NAV),
    Feature(calendar_edits.pages),
    Feature(moved_instants.pages),
    Feature(sectors.pages),
    Feature(video_accounts.pages, video_accounts.NAV),
)


def create_app(
    settings: Settings,
    database: Database | None = None,
    clock: Clock | None = None,
    video: Mapping[str, VideoProvider] | None = None,
) -> Flask:
    """The WSGI application. What is not given comes from the settings, the machine's clock and the wiring."""
    app = Flask("intervention", static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
        MAX_FORM_PARTS=1000,
        TRUSTED_HOSTS=_hosts(settings),
    )
    app.logger.setLevel(logging.getLevelName(settings.log_level))
    database, clock = database or Database(settings.database_url), clock or SystemClock()
    build(app, Stage(settings, database, clock, read_schools, video or video_providers(demo=settings.demo)))
    redaction.install()
    _prepare_templates(app)
    for part in (health, headers, csrf, notices, gate, locale, assets, errors):
        part.install(app)
    for feature in FEATURES:
        app.register_blueprint(feature.pages)
    api.install(app, Edge(settings, database, clock))
    nav.install(app, [entry for feature in FEATURES for entry in feature.nav])
    search.install(app, [searcher for feature in FEATURES for searcher in feature.search])
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


def _hosts(settings: Settings) -> list[str]:
    host = urlsplit(settings.base_url).hostname or "localhost"
    return [host, "localhost", "127.0.0.1", "[::1]"] if settings.is_on_loopback else [host]


def _prepare_templates(app: Flask) -> None:
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.add_extension("jinja2.ext.do")
    env.globals.update(
        {
            "_": i18n._,
            "ngettext": i18n.ngettext,
            "word": wording.word,
            "say": wording.say,
            "school_day_name": school_days.day_name,
            "level_word": school_days.level_word,
        }
    )
    env.globals.update({"actor_or_none": gate.actor_or_none, "signed_in_or_none": gate.sign_in_or_none})
    env.globals.update(
        {
            "title_of": titles.title_of,
            "who_of": titles.who_of,
            "pupils_line": titles.pupils_line,
            "places_line": titles.places_line,
        }
    )
    env.globals["has_page"] = app.view_functions.__contains__
    env.globals["draw_icon"] = icons.icon
    for tell in TELLING_TIME:
        env.globals[tell.__name__] = tell
