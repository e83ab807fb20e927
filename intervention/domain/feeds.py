"""What a calendar subscription is about, how much it tells, and which program reads it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from intervention.domain.privacy import Audience
from intervention.domain.spans import Span

DAYS_BEFORE, DAYS_AFTER = 30, 400


class FeedScope(StrEnum):
    PERSON = "person"
    SCHOOL = "school"
    BUILDING = "building"
    ROOM = "room"


class FeedDetail(StrEnum):
    BUSY = "busy"  # « Occupé »
    NEUTRAL = "neutral"  # « Rencontre – CC »
    TEAM = "team"  # the kind and the place


AUDIENCE_OF = {
    FeedDetail.BUSY: Audience.FEED_BUSY,
    FeedDetail.NEUTRAL: Audience.FEED_NEUTRAL,
    FeedDetail.TEAM: Audience.FEED_TEAM,
}


class ClientFamily(StrEnum):
    """The program that fetched a feed, as far as its owner needs to recognise it."""

    GOOGLE = "google"
    OUTLOOK = "outlook"
    APPLE = "apple"
    THUNDERBIRD = "thunderbird"
    EVOLUTION = "evolution"
    ANDROID = "android"
    BROWSER = "browser"
    OTHER = "other"


_MARKS = (
    ("google-calendar", ClientFamily.GOOGLE),
    ("googlebot", ClientFamily.GOOGLE),
    ("outlook", ClientFamily.OUTLOOK),
    ("microsoft", ClientFamily.OUTLOOK),
    ("msoffice", ClientFamily.OUTLOOK),
    ("exchange", ClientFamily.OUTLOOK),
    ("dataaccessd", ClientFamily.APPLE),
    ("calendaragent", ClientFamily.APPLE),
    ("remindd", ClientFamily.APPLE),
    ("ios/", ClientFamily.APPLE),
    ("macos/", ClientFamily.APPLE),
    ("thunderbird", ClientFamily.THUNDERBIRD),
    ("evolution", ClientFamily.EVOLUTION),
    ("icsx5", ClientFamily.ANDROID),
    ("davx5", ClientFamily.ANDROID),
    ("mozilla/", ClientFamily.BROWSER),
)


def family_of(user_agent: str) -> ClientFamily:
    """The family that a User-Agent names; nothing else of it is kept."""
    agent = user_agent.lower()
    return next((family for mark, family in _MARKS if mark in agent), ClientFamily.OTHER)


def window_of(now: datetime, zone: str) -> Span:
    """The days a feed shows, from midnight to midnight in its owner's zone: it slides once a day, not at every poll."""
    today = now.astimezone(ZoneInfo(zone)).date()
    first, last = today - timedelta(days=DAYS_BEFORE), today + timedelta(days=DAYS_AFTER)
    return Span(_midnight(first, zone), _midnight(last, zone))


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


def initials(label: str) -> str:
    """`Anse-aux-Lièvres` → `AL`, `Notre-Dame-de-Bonsecours` → `NDB`: the words that bear a capital, or all of them."""
    words = [word for word in "".join(c if c.isalnum() else " " for c in label).split() if word[0].isalpha()]
    capitals = [word for word in words if word[0].isupper()] or words
    return "".join(word[0].upper() for word in capitals[:5])
