"""A feed in words: from what the subscriber may read to the entries of the file, in the feed's language."""

from __future__ import annotations

from importlib.metadata import version
from zoneinfo import ZoneInfo

from intervention.domain.encounters import Modality, PlaceKind
from intervention.domain.feed_contents import FeedItem, Told
from intervention.domain.feeds import initials
from intervention.rendering import wording
from intervention.rendering.i18n import _
from intervention.rendering.ics import RENDERER, FeedCalendar, FeedEntry

WORDS_VERSION = 2  # grows with any change of the sentences below
EDITION = f"{RENDERER}.{WORDS_VERSION}.{version('tzdata')}"  # the part of a feed's version that no row decides


def calendar_of(name: str, zone: str, language: str) -> FeedCalendar:
    """The head of a feed about `name`, or about the subscriber's own encounters when it is empty."""
    title = _("Intervention – %(name)s", name=name) if name else _("Intervention – Mes rencontres")
    return FeedCalendar(title, ZoneInfo(zone), language)


def entry_of(item: FeedItem, base_url: str) -> FeedEntry:
    """One entry; its address is the encounter's page, which asks to sign in."""
    told = item.told
    page = "" if told.is_busy_only else f"{base_url}/seances/{item.encounter_id}"
    return FeedEntry(
        uid=str(item.uid),
        revised_at=item.changed_at,
        sequence=item.revision,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        zone=ZoneInfo(item.zone),
        summary=_summary(told),
        location=_location(told),
        description=_description(told, page),
        url=page,
        tentative=item.is_tentative,
    )


def _summary(told: Told) -> str:
    if told.is_busy_only:
        return _("Occupé")
    places = list(dict.fromkeys(site.building for site in told.named))
    if told.kind is None:
        what, places = _("Rencontre"), [initials(place) for place in places]
    else:
        what = wording.capitalized(wording.word(told.kind))
    what = f"{what} – {', '.join(places)}" if places else what
    return f"{what} ({told.board})" if told.board else what


def _location(told: Told) -> str:
    """Where to be: the room and its building, or nowhere but before a screen."""
    if told.is_busy_only:
        return ""
    if _is_only_remote(told):
        return wording.capitalized(wording.word(Modality.REMOTE))
    return ", ".join(part for part in (told.here.room, told.here.building) if part) if told.here else ""


def _description(told: Told, page: str) -> str:
    """How it is held where the place does not say it, and the way to the page."""
    if told.is_busy_only:
        return ""
    lines = [_("Ouvrir dans Intervention (connexion demandée) : %(page)s", page=page)]
    if told.modality not in {None, Modality.IN_PERSON} and not _is_only_remote(told):
        lines.insert(0, f"{wording.capitalized(wording.word(told.modality))}.")
    return "\n".join(lines)


def _is_only_remote(told: Told) -> bool:
    """Nobody of the subject's has a room to go to."""
    return told.modality is Modality.REMOTE and (told.here is None or told.here.place is not PlaceKind.BUILDING)
