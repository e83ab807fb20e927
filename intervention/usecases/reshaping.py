"""Gives an encounter the sites and people that an ask describes; who and what stays keeps its row."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from intervention.domain.composition import AskParticipant, AskSite
from intervention.domain.encounters import ParticipantRole
from intervention.domain.ids import new_id
from intervention.domain.permissions import Actor
from intervention.records.encounters import Encounter, EncounterSite, Participation
from intervention.usecases.changing import settle_modality
from intervention.usecases.join_links import revoke_of
from intervention.usecases.work import Work


def reshape(work: Work, actor: Actor, encounter: Encounter, sites: Sequence[AskSite]) -> None:
    """Who leaves loses their confidential link. Flushes; what is reserved is the caller's."""
    made = _sites(work, encounter, sites)
    host = next(p for p in encounter.participations if p.role is ParticipantRole.HOST)
    wanted = {p.subject_id: (p, site) for each, site in zip(sites, made, strict=True) for p in each.participants}
    for present in list(encounter.participations):
        if present is host:
            continue
        subject = present.person_id or present.pupil_id or present.class_group_id or present.guest_id
        stays = wanted.pop(subject, None)
        if stays is not None:
            present.site_id = stays[1].id
        else:
            revoke_of(work, actor, encounter, present.id)
            encounter.participations.remove(present)
    host.site_id = next(site.id for site in made if site.has_host)
    encounter.participations.extend(_participation(who, site.id) for who, site in wanted.values())
    work.session.flush()  # nobody is at a site that goes
    for site in [site for site in encounter.sites if site not in made]:
        encounter.sites.remove(site)
    settle_modality(encounter)
    work.session.flush()


def _sites(work: Work, encounter: Encounter, wanted: Sequence[AskSite]) -> list[EncounterSite]:
    """The rows of these sites, in their order: those of the same place are taken again."""
    free = list(encounter.sites)
    made = []
    for position, each in enumerate(wanted):
        site = _of(free, each)
        if site is None:
            site = EncounterSite(id=new_id())
            encounter.sites.append(site)
        else:
            free.remove(site)
        site.position, site.place, site.building_id = position, each.place, each.building_id
        site.room_id, site.kit_id, site.facilitator_id = each.room_id, each.kit_id, each.facilitator_id
        site.has_host = each.has_host
        made.append(site)
    for gone in free:
        gone.has_host = False
    work.session.flush()
    return made


def _of(free: Sequence[EncounterSite], wanted: AskSite) -> EncounterSite | None:
    here = [site for site in free if site.building_id == wanted.building_id]
    return next((site for site in here if site.place is wanted.place), here[0] if here else None)


def _participation(who: AskParticipant, site_id: UUID) -> Participation:
    return Participation(
        id=new_id(),
        site_id=site_id,
        role=who.role,
        person_id=who.person_id,
        pupil_id=who.pupil_id,
        class_group_id=who.class_group_id,
        guest_id=who.guest_id,
        is_required=who.is_required,
    )
