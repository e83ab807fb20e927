"""Lays down who follows whom: caseloads, consents, need groups, parents and other guests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from uuid import UUID

from intervention.domain.people import Discipline, GuestRelation, Level
from intervention.records.encounters import Consent
from intervention.records.people import FollowUp, Guest, NeedGroup, NeedGroupMember, Person, Pupil
from intervention.usecases.demo_world import pupils
from intervention.usecases.demo_world.people import SPECIALISTS, RollEntry, Specialist, roll
from intervention.usecases.demo_world.sheet import Sheet

HEROINE, HER_PUPIL = "mireille", "E-214"
NEEDS = {
    Discipline.SPEECH_THERAPY: ("Langage 1", "Langage 2"),
    Discipline.PSYCHOLOGY: ("Apprivoiser l’anxiété",),
    Discipline.PSYCHOEDUCATION: ("Habiletés sociales", "Autorégulation"),
    Discipline.REMEDIAL_TEACHING: ("Lecture 2", "Numératie"),
    Discipline.OCCUPATIONAL_THERAPY: ("Motricité fine",),
    Discipline.GUIDANCE: ("Choix de parcours",),
    Discipline.SOCIAL_WORK: ("Passage au secondaire",),
}


@dataclass(frozen=True, slots=True)
class Followed:
    """A pupil on a caseload, and what the consent allows there."""

    pupil: RollEntry
    may_be_seen: bool
    may_be_remote: bool
    is_confidential: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A need group: pupils of two schools who share a difficulty."""

    group_id: UUID
    name: str
    members: tuple[RollEntry, ...]


@dataclass(frozen=True, slots=True)
class Services:
    """What a specialist has on her hands, by her key."""

    caseloads: dict[str, list[Followed]]
    groups: dict[str, list[Group]]
    parents: dict[str, UUID]  # by the pupil's code


def lay_services(sheet: Sheet, rng: Random, starts_on: date, families: dict[str, str]) -> Services:
    """`families` are the pupils' family names by code: a parent bears her child's."""
    everyone = roll()
    caseloads = {who.key: lay_caseload(sheet, rng, who, everyone, starts_on) for who in SPECIALISTS}
    groups = {who.key: lay_groups(sheet, who, caseloads[who.key]) for who in SPECIALISTS}
    parents = lay_guests(sheet, rng, [f.pupil for followed in caseloads.values() for f in followed], families)
    return Services(caseloads, groups, parents)


def lay_caseload(
    sheet: Sheet, rng: Random, who: Specialist, everyone: list[RollEntry], starts_on: date
) -> list[Followed]:
    """Pupils of the places she visits or sees by video, spread over the places in turn."""
    by_place = [
        rng.sample(here, len(here))
        for place in dict.fromkeys(who.by_video + who.visits)
        if (here := [p for p in everyone if p.place == place and p.level in who.levels])
    ]
    spread = [
        p for tier in range(max(map(len, by_place), default=0)) for here in by_place for p in here[tier : tier + 1]
    ]
    if who.key == HEROINE:
        spread.sort(key=lambda p: p.code != HER_PUPIL)
    return [lay_follow_up(sheet, who, p, rank, starts_on) for rank, p in enumerate(spread[: who.caseload])]


def lay_follow_up(sheet: Sheet, who: Specialist, pupil: RollEntry, rank: int, starts_on: date) -> Followed:
    """Most consents are whole; some are missing, withdrawn, run out, or given for séances in person only."""
    pupil_id = sheet.id_of(Pupil, pupil.code)
    is_confidential = who.discipline is Discipline.PSYCHOLOGY and rank % 5 == 4
    sheet.add(
        FollowUp, who.key, pupil.code, person_id=sheet.id_of(Person, who.key), pupil_id=pupil_id,
        discipline=who.discipline, is_confidential=is_confidential, starts_on=starts_on,
    )  # fmt: skip
    is_missing, is_withdrawn, is_over = rank % 13 == 11, rank % 17 == 15, rank % 19 == 17
    covers_remote = rank % 7 != 6
    if not is_missing:
        given_on = starts_on + timedelta(days=5 + rank % 12)
        sheet.add(
            Consent, who.key, pupil.code, pupil_id=pupil_id, discipline=who.discipline, covers_remote=covers_remote,
            given_by="pupil" if pupil.level is Level.SECONDARY and rank % 2 else "parent",
            form="verbal" if rank % 4 == 3 else "written", given_on=given_on,
            expires_on=given_on + timedelta(days=25 if is_over else 364),
            withdrawn_on=given_on + timedelta(days=20) if is_withdrawn else None,
        )  # fmt: skip
    may_be_seen = not (is_missing or is_withdrawn or is_over)
    return Followed(pupil, may_be_seen, may_be_seen and covers_remote, is_confidential)


def lay_groups(sheet: Sheet, who: Specialist, caseload: list[Followed]) -> list[Group]:
    """Two pupils of one place with two of the next, all of whose consents cover a séance at a distance."""
    ready: dict[str, list[RollEntry]] = {}
    for followed in caseload:
        if followed.may_be_remote and not followed.is_confidential and followed.pupil.place in who.by_video:
            ready.setdefault(followed.pupil.place, []).append(followed.pupil)
    pairs = list(pairwise([here for here in ready.values() if len(here) >= 2]))
    return [
        lay_group(sheet, who, name, (*here[:2], *there[-2:]))
        for name, (here, there) in zip(NEEDS.get(who.discipline, ()), pairs, strict=False)
    ]


def lay_group(sheet: Sheet, who: Specialist, name: str, members: tuple[RollEntry, ...]) -> Group:
    group_id = sheet.add(
        NeedGroup, who.key, name, person_id=sheet.id_of(Person, who.key), name=name, discipline=who.discipline
    )
    for member in members:
        sheet.add(
            NeedGroupMember, group_id, member.code, need_group_id=group_id, pupil_id=sheet.id_of(Pupil, member.code)
        )
    return Group(group_id, name, members)


def lay_guests(sheet: Sheet, rng: Random, followed: list[RollEntry], families: dict[str, str]) -> dict[str, UUID]:
    """A parent for two followed pupils out of three, two interpreters and a partner."""
    parents: dict[str, UUID] = {}
    for rank, pupil in enumerate(dict.fromkeys(followed)):
        if rank % 3 == 2 and pupil.code != HER_PUPIL:
            continue
        name = f"{rng.choice(pupils.PARENTS)} {families[pupil.code].capitalize()}"
        parents[pupil.code] = sheet.add(
            Guest, "parent", pupil.code, name=name, relation=GuestRelation.PARENT,
            email=f"parent.{pupil.code.lower()}@courriel.example", phone=f"581 555-01{rank % 100:02}",
            pupil_id=sheet.id_of(Pupil, pupil.code), locale="en" if pupil.place == "goeland" else "fr",
        )  # fmt: skip
    for name, relation in (
        ("Lida Marsolande, interprète innu-aimun", GuestRelation.INTERPRETER),
        ("Tomás Riofranco, interprète espagnol", GuestRelation.INTERPRETER),
        ("Centre de réadaptation des Deux-Caps", GuestRelation.PARTNER),
    ):
        sheet.add(Guest, relation, name, name=name, relation=relation)
    return parents
