"""The séances that a specialist may wish for, one function per kind: where, with whom and when it may begin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from intervention.domain.composition import AskParticipant, AskSite
from intervention.domain.encounters import EncounterKind, ParticipantRole, PlaceKind
from intervention.domain.people import Discipline
from intervention.usecases.demo_world.people import Classroom, RollEntry, Specialist, roll
from intervention.usecases.demo_world.planner import Planner, Wish
from intervention.usecases.demo_world.services import Followed, Group
from intervention.usecases.demo_world.timeline import FULL, fits, periods, specialist_hours

MINUTES = {
    Discipline.SPEECH_THERAPY: 45,
    Discipline.PSYCHOLOGY: 50,
    Discipline.PSYCHOEDUCATION: 30,
    Discipline.REMEDIAL_TEACHING: 45,
    Discipline.OCCUPATIONAL_THERAPY: 40,
    Discipline.GUIDANCE: 45,
    Discipline.SOCIAL_WORK: 45,
}
SUBJECTS: dict[EncounterKind, tuple[str, ...]] = {
    EncounterKind.TEAM: ("Suivi du secteur", "Préparer les visites du mois", "Répartir les demandes reçues"),
    EncounterKind.MENTORING: ("Accueil d’une nouvelle collègue", "Retour sur les premières séances à distance"),
    EncounterKind.ADVISORY: ("Adapter les consignes en classe", "Soutenir l’attention du groupe", "Outils de lecture"),
    EncounterKind.WHOLE_GROUP: ("Atelier en classe", "Bien vivre ensemble"),
    EncounterKind.INTERVENTION_PLAN: ("Révision du plan", "Premier plan de l’année"),
    EncounterKind.REHEARSAL: ("Essai du local et du son",),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A specialist on a date, at a building (its key in `at`) or in her office; `within` bounds her stay there."""

    who: Specialist
    on_date: date
    number: int  # of the week, 0 the present one: turns subjects and people
    at: str | None = None
    within: int = FULL

    def subject(self, kind: EncounterKind) -> str:
        subjects = SUBJECTS[kind]
        return subjects[(self.number + self.on_date.toordinal() + len(self.who.key)) % len(subjects)]

    def is_with(self, place: str) -> bool:
        """Whether she is bodily at the place, and so needs no facilitator there."""
        return place == (self.at or self.who.home)


def individual(planner: Planner, moment: Moment, followed: Followed) -> Wish | None:
    pupil = followed.pupil
    here = moment.is_with(pupil.place)
    if not (followed.may_be_seen if here else followed.may_be_remote):
        return None
    minutes = MINUTES[moment.who.discipline]
    with_kit = moment.who.discipline is Discipline.OCCUPATIONAL_THERAPY
    sites = planner.with_pupils(pupil.place, [pupil], has_host=here, with_kit=with_kit)
    starts = planner.class_time(moment.on_date, pupil, minutes // 5) & fits(moment.within, minutes // 5)
    return Wish(
        EncounterKind.INDIVIDUAL, minutes, _with_host(planner, moment, [sites], here=here), starts,
        is_strict=followed.is_confidential,
    )  # fmt: skip


def small_group(planner: Planner, moment: Moment, group: Group) -> Wish:
    minutes = min(MINUTES[moment.who.discipline], 45)
    places: dict[str, list[RollEntry]] = {}
    for member in group.members:
        places.setdefault(member.place, []).append(member)
    here = any(moment.is_with(place) for place in places)
    sites = [
        planner.with_pupils(place, members, has_host=moment.is_with(place))
        for place, members in sorted(places.items(), key=lambda item: not moment.is_with(item[0]))
    ]
    starts = fits(moment.within, minutes // 5)
    for member in group.members:
        starts &= planner.class_time(moment.on_date, member, minutes // 5)
    return Wish(
        EncounterKind.SMALL_GROUP, minutes, _with_host(planner, moment, sites, here=here), starts,
        need_group_id=group.group_id,
    )  # fmt: skip


def whole_group(planner: Planner, moment: Moment, rooms: Sequence[Classroom]) -> Wish:
    """One class or several at once, each in its own classroom with its teacher."""
    ticks = 9
    starts = fits(moment.within, ticks)
    for room in rooms:
        busy = specialist_hours(moment.on_date, room.place, room.level, planner.stage.ranks[room.key])
        starts &= periods(moment.on_date, room.place, room.level, ticks) & fits(FULL & ~busy, ticks)
    for entry in roll():
        if entry.room_key in {room.key for room in rooms}:
            starts &= fits(planner.timeline.free(moment.on_date, planner.pupil(entry)), ticks)
    here = any(moment.is_with(room.place) for room in rooms)
    sites = [(_classroom(planner, room, has_host=moment.is_with(room.place)),) for room in rooms]
    kind = EncounterKind.WHOLE_GROUP
    return Wish(kind, ticks * 5, _with_host(planner, moment, sites, here=here), starts, moment.subject(kind))


def advisory(planner: Planner, moment: Moment, room: Classroom) -> Wish:
    teacher = AskParticipant(ParticipantRole.TEACHER, person_id=planner.stage.person(room.key))
    here = moment.is_with(room.place)
    building = planner.stage.building(room.place)
    sites = tuple(
        AskSite(building, room_id=room_id, has_host=here, participants=(teacher,))
        for room_id in (planner.rooms(room.place, 1) if here else [None])
    )
    starts = planner.teacher_time(moment.on_date, room, 6) & fits(moment.within, 6)
    kind = EncounterKind.ADVISORY
    return Wish(kind, 30, _with_host(planner, moment, [sites], here=here), starts, moment.subject(kind), is_late=True)


def intervention_plan(planner: Planner, moment: Moment, followed: Followed, *, at_home: bool) -> Wish:
    """Direction, teacher and parent around a pupil; the parent is in the school, or at home by video."""
    room = planner.stage.classrooms[followed.pupil.room_key]
    parent = AskParticipant(ParticipantRole.PARENT, guest_id=planner.services.parents[followed.pupil.code])
    people = (
        AskParticipant(ParticipantRole.PRINCIPAL, person_id=planner.stage.principal(room.school)),
        AskParticipant(ParticipantRole.TEACHER, person_id=planner.stage.person(room.key)),
        *(() if at_home else (parent,)),
    )
    here = moment.is_with(room.place)
    building = planner.stage.building(room.place)
    rooms = planner.rooms(room.place, 4) or planner.rooms(room.place, 3)
    sites = [tuple(AskSite(building, room_id=r, has_host=here, participants=people) for r in rooms)]
    if at_home:
        sites.append((AskSite(None, PlaceKind.OUTSIDE, participants=(parent,)),))
    starts = planner.teacher_time(moment.on_date, room, 9) & fits(moment.within, 9)
    kind = EncounterKind.INTERVENTION_PLAN
    return Wish(kind, 45, _with_host(planner, moment, sites, here=here), starts, moment.subject(kind))


def rehearsal(planner: Planner, moment: Moment, place: str) -> Wish:
    """She tries the room, the sound and the picture with the facilitator."""
    building = planner.stage.building(place)
    sites = tuple(
        AskSite(building, room_id=room, facilitator_id=facilitator)
        for facilitator in planner.stage.facilitators(place) for room in planner.rooms(place, 1)
    )  # fmt: skip
    kind = EncounterKind.REHEARSAL
    starts = fits(moment.within, 3)
    return Wish(kind, 15, (planner.office(moment.who), sites), starts, moment.subject(kind))


def among_colleagues(planner: Planner, moment: Moment, kind: EncounterKind, colleagues: Iterable[Specialist]) -> Wish:
    """A meeting of professionals, each at her home base; those of one base sit together."""
    bases: dict[str, list[AskParticipant]] = {moment.who.home: []}
    for other in colleagues:
        person = AskParticipant(ParticipantRole.PROFESSIONAL, person_id=planner.stage.person(other.key))
        bases.setdefault(other.home, []).append(person)
    sites = tuple(
        (
            AskSite(
                planner.stage.building(base), PlaceKind.HOME_BASE, has_host=base == moment.who.home,
                participants=tuple(people),
            ),
        )
        for base, people in bases.items()
    )  # fmt: skip
    minutes = 60 if kind is EncounterKind.TEAM else 45
    return Wish(kind, minutes, sites, fits(moment.within, minutes // 5), moment.subject(kind), is_late=True)


def _with_host(
    planner: Planner, moment: Moment, sites: Sequence[tuple[AskSite, ...]], *, here: bool
) -> tuple[tuple[AskSite, ...], ...]:
    """Add the site where she is alone, unless one of the sites has her already."""
    if here:
        return tuple(sites)
    return (planner.there(moment.at) if moment.at else planner.office(moment.who), *sites)


def _classroom(planner: Planner, room: Classroom, *, has_host: bool) -> AskSite:
    return AskSite(
        planner.stage.building(room.place), has_host=has_host,
        participants=(
            AskParticipant(ParticipantRole.CLASS_GROUP, class_group_id=planner.stage.class_group(room.key)),
            AskParticipant(ParticipantRole.TEACHER, person_id=planner.stage.person(room.key)),
        ),
    )  # fmt: skip
