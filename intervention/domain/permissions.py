"""Who may do what. One table; use cases ask it first, templates ask it for buttons, refusals quote its reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from intervention.domain.encounters import Confidentiality
from intervention.domain.errors import NotAllowed, NotFound
from intervention.domain.people import BOARD_WIDE_ROLES, Role


@dataclass(frozen=True, slots=True)
class Mandate:
    """One role, local to buildings (those of its school) or board-wide when `building_ids` is empty."""

    role: Role
    school_id: UUID | None = None
    building_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who acts, as they are now: a snapshot detached from the database."""

    person_id: UUID
    organization_id: UUID
    mandates: tuple[Mandate, ...]
    locale: str = "fr"
    zone: str = "America/Toronto"
    theme: str = "auto"
    is_demo: bool = False
    also_in: frozenset[UUID] = frozenset()  # other boards where the person holds a role today
    today: date | None = None  # what ended before it grants nothing any more; None: nothing has ended

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(m.role for m in self.mandates)

    @property
    def boards(self) -> frozenset[UUID]:
        """Every board the person works for. They act in one of them at a time; what is theirs is theirs in all."""
        return self.also_in | {self.organization_id}

    def buildings_as(self, *roles: Role) -> frozenset[UUID]:
        """The buildings where the actor holds one of `roles`."""
        return frozenset(b for m in self.mandates if m.role in roles for b in m.building_ids)


@dataclass(frozen=True, slots=True)
class Subject:
    """What an act is about, as far as the rules care. Empty fields never grant anything."""

    organization_id: UUID
    owner_id: UUID | None = None  # host of an encounter, person of an agenda or feed
    people: frozenset[UUID] = frozenset()  # adults who take part
    followers: frozenset[UUID] = frozenset()  # professionals who follow the pupil, her teacher
    buildings: frozenset[UUID] = frozenset()
    school_id: UUID | None = None  # whose own calendar it is
    confidentiality: Confidentiality = field(default=Confidentiality.OPEN)


class Action(StrEnum):
    SEE_ENCOUNTER = "see_encounter"  # open its page, in the words of one's audience
    BOOK = "book"  # put an encounter in the owner's agenda
    CHANGE_ENCOUNTER = "change_encounter"  # move it, change its modality, room or facilitator
    CANCEL_ENCOUNTER = "cancel_encounter"  # cancel it with a cause, or undo that
    STATE_ATTENDANCE = "state_attendance"  # say who was there
    HOST_LOBBY = "host_lobby"  # see who waits, admit, refuse
    ENTER_ROOM = "enter_room"  # walk into the room without a link
    ISSUE_LINK = "issue_link"  # issue and revoke confidential links
    SEE_AGENDA = "see_agenda"  # the owner's week with its neutral details
    SEE_BUSY = "see_busy"  # that the owner is taken, never why
    SEE_PUPIL = "see_pupil"  # open a pupil's page, name included
    SEE_BUILDING = "see_building"  # a building's week, bells, rooms
    EDIT_SCHOOLS = "edit_schools"  # schools, buildings, rooms, bells, zones, imports
    EDIT_CALENDARS = "edit_calendars"  # a year's layers: the board's, a school's, a building's
    CLOSE_SCHOOLS = "close_schools"  # declare and lift a closure of these buildings
    EDIT_PEOPLE = "edit_people"  # people, roles
    EDIT_HOURS = "edit_hours"  # the owner's working hours and absences
    READ_ABSENCE_LABEL = "read_absence_label"  # why the owner is away, where it was noted
    EDIT_PUPILS = "edit_pupils"  # the board's pupils: their facts, school and class, imports
    ASSIGN_PUPILS = "assign_pupils"  # say which professional follows which pupil
    END_FOLLOW_UP = "end_follow_up"  # say that the owner follows a pupil no more
    KEEP_NEED_GROUP = "keep_need_group"  # make a small group of one's caseload and choose its members
    EDIT_GUESTS = "edit_guests"  # parents, interpreters and partners, how to reach them
    MANAGE_FEED = "manage_feed"  # create and revoke a feed of this owner or building
    READ_OWN_REPORT = "read_own_report"  # the owner's own hours and travel
    READ_REPORTS = "read_reports"  # the board's reports, small cells hidden
    CONFIGURE_VIDEO = "configure_video"  # video accounts of the board
    READ_ACCESS_LOG = "read_access_log"  # who read or did what


@dataclass(frozen=True, slots=True)
class Verdict:
    """`because` is a code: the granting rule when allowed, the reason of refusal otherwise."""

    allowed: bool
    because: str

    def __bool__(self) -> bool:
        return self.allowed


Predicate = Callable[[Actor, Subject], bool]


def is_owner(actor: Actor, subject: Subject) -> bool:
    return subject.owner_id == actor.person_id


def takes_part(actor: Actor, subject: Subject) -> bool:
    return actor.person_id in subject.people


def follows(actor: Actor, subject: Subject) -> bool:
    return actor.person_id in subject.followers


def runs_building(actor: Actor, subject: Subject) -> bool:
    return bool(actor.buildings_as(Role.PRINCIPAL, Role.SECRETARY) & subject.buildings)


def leads_school(actor: Actor, subject: Subject) -> bool:
    """Every building it is about is one where the actor is principal; and the school, where one is named."""
    mandates = [m for m in actor.mandates if m.role is Role.PRINCIPAL]
    if subject.school_id is not None:
        return any(m.school_id == subject.school_id for m in mandates)
    return bool(subject.buildings) and subject.buildings <= actor.buildings_as(Role.PRINCIPAL)


def runs_every_building(actor: Actor, subject: Subject) -> bool:
    return bool(subject.buildings) and subject.buildings <= actor.buildings_as(Role.PRINCIPAL, Role.SECRETARY)


def works_in_building(actor: Actor, subject: Subject) -> bool:
    local = actor.buildings_as(Role.PRINCIPAL, Role.SECRETARY, Role.TEACHER, Role.FACILITATOR)
    return bool(local & subject.buildings)


def coordinates(actor: Actor, subject: Subject) -> bool:
    return bool(actor.roles & {Role.COORDINATOR, Role.ADMINISTRATOR})


def administers(actor: Actor, subject: Subject) -> bool:
    return Role.ADMINISTRATOR in actor.roles


def protects_privacy(actor: Actor, subject: Subject) -> bool:
    return Role.PRIVACY_OFFICER in actor.roles


def is_professional(actor: Actor, subject: Subject) -> bool:
    return Role.PROFESSIONAL in actor.roles


def has_hours(actor: Actor, subject: Subject) -> bool:
    """Whose hours a search asks for, and who therefore keeps them."""
    return bool(actor.roles & {Role.PROFESSIONAL, Role.FACILITATOR})


def is_not_strict(actor: Actor, subject: Subject) -> bool:
    return subject.confidentiality is not Confidentiality.STRICT


def belongs(actor: Actor, subject: Subject) -> bool:
    return bool(actor.mandates)


Rule = tuple[Predicate, ...]

RULES: dict[Action, tuple[Rule, ...]] = {
    Action.SEE_ENCOUNTER: (
        (is_owner,),
        (takes_part,),
        (runs_building, is_not_strict),
        (coordinates, is_not_strict),
    ),
    Action.BOOK: ((is_owner, is_professional), (coordinates,)),
    Action.CHANGE_ENCOUNTER: ((is_owner,), (coordinates, is_not_strict)),
    Action.CANCEL_ENCOUNTER: ((is_owner,), (coordinates, is_not_strict), (runs_building, is_not_strict)),
    Action.STATE_ATTENDANCE: ((is_owner,),),
    Action.HOST_LOBBY: ((is_owner,),),
    Action.ENTER_ROOM: ((is_owner,), (takes_part,)),
    Action.ISSUE_LINK: ((is_owner,), (coordinates, is_not_strict)),
    Action.SEE_AGENDA: ((is_owner,), (coordinates,)),
    Action.SEE_BUSY: ((belongs,),),
    Action.SEE_PUPIL: ((follows,), (runs_building, is_not_strict), (coordinates, is_not_strict)),
    Action.SEE_BUILDING: ((works_in_building,), (is_professional,), (coordinates,)),
    Action.EDIT_SCHOOLS: ((administers,),),
    Action.EDIT_CALENDARS: ((administers,), (leads_school,)),
    Action.CLOSE_SCHOOLS: ((runs_every_building,), (coordinates,)),
    Action.EDIT_PEOPLE: ((administers,),),
    Action.EDIT_HOURS: ((is_owner, has_hours), (coordinates,)),
    Action.READ_ABSENCE_LABEL: ((is_owner,), (administers,)),
    Action.EDIT_PUPILS: ((administers,),),
    Action.ASSIGN_PUPILS: ((coordinates,),),
    Action.END_FOLLOW_UP: ((is_owner,), (coordinates, is_not_strict)),
    Action.KEEP_NEED_GROUP: ((is_owner, is_professional),),
    Action.EDIT_GUESTS: ((is_professional,), (coordinates,), (runs_building,)),
    Action.MANAGE_FEED: ((is_owner,), (runs_building,), (administers,)),
    Action.READ_OWN_REPORT: ((is_owner, is_professional), (coordinates,)),
    Action.READ_REPORTS: ((coordinates,), (protects_privacy,)),
    Action.CONFIGURE_VIDEO: ((administers,),),
    Action.READ_ACCESS_LOG: ((protects_privacy,),),
}

# Who asks hears that the act exists and is somebody else's; for these acts the object itself is confidential.
HIDDEN_WHEN_REFUSED = frozenset({Action.SEE_ENCOUNTER, Action.SEE_PUPIL, Action.END_FOLLOW_UP})


def permits(actor: Actor, action: Action, subject: Subject) -> Verdict:
    """Whether `actor` may do `action` to `subject`, and the code of the rule that says so."""
    if subject.organization_id != actor.organization_id:
        return Verdict(allowed=False, because="other_organization")
    for rule in RULES[action]:
        if all(predicate(actor, subject) for predicate in rule):
            return Verdict(allowed=True, because="_and_".join(p.__name__ for p in rule))
    return Verdict(allowed=False, because=f"not_{action.value}")


def require(actor: Actor, action: Action, subject: Subject) -> None:
    """Raise NotFound out of the actor's scope (and for hidden objects), NotAllowed in scope."""
    verdict = permits(actor, action, subject)
    if verdict:
        return
    if verdict.because == "other_organization" or action in HIDDEN_WHEN_REFUSED:
        raise NotFound
    raise NotAllowed(because=verdict.because)


def is_board_wide(actor: Actor) -> bool:
    return bool(actor.roles & BOARD_WIDE_ROLES)
