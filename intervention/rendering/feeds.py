"""A feed in words: from what the subscriber may read to the entries of the file, in the feed's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from uuid import UUID
from zoneinfo import ZoneInfo

from intervention.domain.encounters import EncounterStatus, PlaceKind
from intervention.domain.feeds import initials
from intervention.domain.privacy import EncounterFacts, SiteFacts
from intervention.rendering import wording
from intervention.rendering.i18n import _
from intervention.rendering.ics import RENDERER, FeedCalendar, FeedEntry

WORDS_VERSION = 1  # grows with any change of the sentences below
EDITION = f"{RENDERER}.{WORDS_VERSION}.{version('tzdata')}"  # the part of a feed's version that no row decides


def calendar_of(name: str, zone: str, language: str) -> FeedCalendar:
    """The head of a feed about `name`, or about the subscriber's own encounters when it is empty."""
    title = _("Intervention – %(name)s", name=name) if name else _("Intervention – Mes rencontres")
    return FeedCalendar(title, ZoneInfo(zone), language)


def entry_of(view: EncounterFacts, here: SiteFacts | None, named: Sequence[SiteFacts], page: str) -> FeedEntry:
    """One entry. `page` is the address of the encounter's page, which asks to sign in."""
    told = not view.is_busy_only
    return FeedEntry(
        uid=str(view.uid),
        revised_at=view.changed_at or datetime.fromtimestamp(0, UTC),
        sequence=view.revision,
        starts_at=view.starts_at,
        ends_at=view.ends_at,
        zone=ZoneInfo(view.zone),
        summary=_summary(view, named) if told else _("Occupé"),
        location=_location(here, page) if told else "",
        description=_description(view, page) if told else "",
        url=page if told else "",
        tentative=view.status is EncounterStatus.HELD,
    )


def page_of(base_url: str, encounter_id: UUID) -> str:
    return f"{base_url}/seances/{encounter_id}"


def _summary(view: EncounterFacts, named: Sequence[SiteFacts]) -> str:
    places = list(dict.fromkeys(site.building for site in named))
    if view.kind is None:
        what, places = _("Rencontre"), [initials(place) for place in places]
    else:
        word = wording.word(view.kind)
        what = word[0].upper() + word[1:]
    return f"{what} – {', '.join(places)}" if places else what


def _location(here: SiteFacts | None, page: str) -> str:
    """Where to be: the room and its building, or the page from which one joins."""
    if here is None or here.place is not PlaceKind.BUILDING:
        return page
    return ", ".join(part for part in (here.room, here.building) if part)


def _description(view: EncounterFacts, page: str) -> str:
    lines = [_("Ouvrir dans Intervention (connexion demandée) : %(page)s", page=page)]
    if view.modality is not None:
        word = wording.word(view.modality)
        lines.insert(0, f"{word[0].upper()}{word[1:]}.")
    return "\n".join(lines)
