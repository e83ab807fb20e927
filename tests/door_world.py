"""A séance with a parent and an interpreter outside, for everything about confidential links."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from intervention.domain.clock import FixedClock
from intervention.domain.composition import AskParticipant, AskSite
from intervention.domain.doors import Identity, InTheRoom, KnownBy
from intervention.domain.encounters import ParticipantRole, PlaceKind
from intervention.domain.people import GuestRelation, Role
from intervention.domain.permissions import Actor
from intervention.ports import AccountField
from intervention.records.encounters import Encounter, Participation
from intervention.records.join_links import Seat
from intervention.records.people import Guest
from intervention.records.vault import Keyring
from intervention.usecases import lobby, video_accounts
from intervention.usecases.booking import book
from intervention.usecases.join_links import IssueLink, issue_link
from intervention.usecases.seats import Claimed, ClaimSeat, claim_seat
from intervention.usecases.work import Work
from tests.builders import a_person, actor
from tests.usecases.booking_world import World, a_world, at, remote

SECRET = "a secret of the tests, of more than 32 characters"
KEYS = Keyring(SECRET)
STARTS_AT = at("2026-11-24 10:30")
ENDS_AT = at("2026-11-24 11:15")
KNOWN = Identity(KnownBy.SIGHT, frozenset({InTheRoom.NOBODY}))
JITSI_FIELDS = (
    AccountField("address", is_required=True),
    AccountField("app_id"),
    AccountField("secret", is_secret=True),
)


@dataclass
class Doors:
    world: World
    encounter_id: UUID
    parent_id: UUID  # participations
    interpreter_id: UUID
    mireille: Actor
    keys: Keyring

    def encounter(self, work: Work) -> Encounter:
        return work.session.get_one(Encounter, self.encounter_id)


def a_guest(work: Work, world: World, name: str, relation: GuestRelation, locale: str = "fr") -> Guest:
    guest = Guest(organization_id=world.board.id, name=name, relation=relation, locale=locale)
    work.session.add(guest)
    work.session.flush()
    return guest


def doors_of(work: Work, keys: Keyring = KEYS) -> Doors:
    """Mireille with Léo on Tuesday 24 November at 10 h 30 (UTC−5), his mother and an interpreter each at home."""
    world = a_world(work.session)
    mother = a_guest(work, world, "Wapikoni Vollant", GuestRelation.PARENT)
    interpreter = a_guest(work, world, "Shanice Bellefleur", GuestRelation.INTERPRETER, "en")
    ask = remote(world, STARTS_AT)
    outside = AskSite(
        None,
        place=PlaceKind.OUTSIDE,
        participants=(
            AskParticipant(ParticipantRole.PARENT, guest_id=mother.id),
            AskParticipant(ParticipantRole.INTERPRETER, guest_id=interpreter.id),
        ),
    )
    mireille = actor(work.session, world.mireille)
    booked = book(work, mireille, replace(ask, sites=(*ask.sites, outside)))
    return Doors(
        world,
        booked.encounter_id,
        participation_of(work, booked.encounter_id, guest_id=mother.id),
        participation_of(work, booked.encounter_id, guest_id=interpreter.id),
        mireille,
        keys,
    )


def participation_of(work: Work, encounter_id: UUID, **who: UUID) -> UUID:
    return work.session.scalars(select(Participation.id).filter_by(encounter_id=encounter_id, **who)).one()


def minutes_before(work: Work, minutes: int) -> datetime:
    """Put the clock that long before the séance; negative for after its beginning."""
    assert isinstance(work.clock, FixedClock)
    work.clock.at = STARTS_AT - timedelta(minutes=minutes)
    return work.now()


def later(work: Work, **more: int) -> datetime:
    assert isinstance(work.clock, FixedClock)
    work.clock.at += timedelta(**more)
    return work.now()


def a_link(work: Work, here: Doors, participation_id: UUID | None = None) -> str:
    """The clear token of a new link for the mother, or for that participation."""
    ask = IssueLink(here.encounter_id, participation_id or here.parent_id)
    return issue_link(work, here.mireille, here.keys, ask).token


def claimed(work: Work, token: str, cookie: str | None = None) -> Claimed:
    return claim_seat(work, KEYS, ClaimSeat(token, cookie, "Firefox"))


def the_seat(work: Work) -> Seat:
    return work.session.scalars(select(Seat)).one()


def admitted(work: Work, here: Doors) -> Claimed:
    """The mother, five minutes before the hour, let in by Mireille."""
    token = a_link(work, here)
    minutes_before(work, 5)
    seat = claimed(work, token)
    lobby.attend(work, here.mireille, here.encounter_id)
    lobby.admit(work, here.mireille, lobby.Admit(here.encounter_id, the_seat(work).id, KNOWN))
    return seat


def a_video_account(work: Work, here: Doors, *, secret: str = "", address: str = "https://visio.csse.example") -> UUID:
    """A Jitsi of the board's own; who configures it is an administrator of the board."""
    admin = a_person(work.session, here.world.board, "Ginette", Role.ADMINISTRATOR)
    values = {"address": address}
    if secret:
        values |= {"app_id": "intervention", "secret": secret}
    ask = video_accounts.AddVideoAccount("jitsi", "Visio du centre", JITSI_FIELDS, values)
    return video_accounts.add(work, actor(work.session, admin), here.keys, ask)
