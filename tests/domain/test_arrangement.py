from intervention.domain.arrangement import Located, arrangements
from intervention.domain.composition import AskParticipant
from intervention.domain.encounters import EncounterKind, Modality, ParticipantRole, PlaceKind
from intervention.domain.ids import new_id

HOME, ANSE, POINTE = new_id(), new_id(), new_id()


def a_pupil() -> AskParticipant:
    return AskParticipant(ParticipantRole.PUPIL, pupil_id=new_id())


def test_one_pupil_is_met_from_the_base_or_at_school() -> None:
    found = arrangements(EncounterKind.INDIVIDUAL, [Located(a_pupil(), ANSE)], HOME)

    remote, visit = found
    assert (remote.modality, remote.host_site.place, remote.host_site.building_id) == (
        Modality.REMOTE, PlaceKind.HOME_BASE, HOME,
    )  # fmt: skip
    assert [(n.room, n.closed_room, n.facilitator, n.seats) for n in remote.needs] == [
        (False, False, False, 0),
        (True, True, True, 1),
    ]
    assert (visit.modality, visit.host_site.building_id, len(visit.sites)) == (Modality.IN_PERSON, ANSE, 1)
    assert (visit.needs[0].room, visit.needs[0].facilitator, visit.needs[0].seats) == (True, False, 2)


def test_two_schools_are_remote_or_hybrid_at_either() -> None:
    people = [Located(a_pupil(), ANSE), Located(a_pupil(), POINTE)]

    found = arrangements(EncounterKind.SMALL_GROUP, people, HOME)

    assert [(a.modality, a.host_site.building_id, len(a.sites)) for a in found] == [
        (Modality.REMOTE, HOME, 3),
        (Modality.HYBRID, ANSE, 2),
        (Modality.HYBRID, POINTE, 2),
    ]


def test_pupil_at_the_home_base_needs_no_road() -> None:
    (only,) = arrangements(EncounterKind.INDIVIDUAL, [Located(a_pupil(), HOME)], HOME)

    assert (only.modality, only.is_at_base) == (Modality.IN_PERSON, True)
    assert only.needs[0].room


def test_whole_class_keeps_its_own_classroom() -> None:
    group = AskParticipant(ParticipantRole.CLASS_GROUP, class_group_id=new_id())

    remote, visit = arrangements(EncounterKind.WHOLE_GROUP, [Located(group, ANSE)], HOME)

    assert not any(n.room or n.facilitator for n in (*remote.needs, *visit.needs))


def test_parent_at_home_makes_a_plan_meeting_hybrid() -> None:
    people = [
        Located(AskParticipant(ParticipantRole.PRINCIPAL, person_id=new_id()), ANSE),
        Located(AskParticipant(ParticipantRole.TEACHER, person_id=new_id()), ANSE),
        Located(AskParticipant(ParticipantRole.PARENT, guest_id=new_id()), None),
    ]

    found = arrangements(EncounterKind.INTERVENTION_PLAN, people, HOME)

    assert [a.modality for a in found] == [Modality.REMOTE, Modality.HYBRID]
    assert found[1].sites[1].place is PlaceKind.OUTSIDE


def test_wish_keeps_what_fits_it() -> None:
    people = [Located(a_pupil(), ANSE), Located(a_pupil(), POINTE)]

    assert [a.modality for a in arrangements(EncounterKind.SMALL_GROUP, people, HOME, wanted=Modality.REMOTE)] == [
        Modality.REMOTE
    ]
    assert [
        a.host_site.building_id for a in arrangements(EncounterKind.SMALL_GROUP, people, HOME, at_building=POINTE)
    ] == [POINTE]
    assert arrangements(EncounterKind.SMALL_GROUP, people, HOME, wanted=Modality.IN_PERSON) == []
