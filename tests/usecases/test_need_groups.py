"""Small groups: made, edited, removed by who follows their pupils; each refusal; the others and the stranger."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from intervention.domain.encounters import EncounterKind
from intervention.domain.errors import NotAllowed, NotFound
from intervention.domain.people import Discipline, Role
from intervention.queries.booking_form import participants
from intervention.queries.need_groups import need_group, own_caseload, own_disciplines
from intervention.records.encounters import Encounter
from intervention.records.people import FollowUp, NeedGroup
from intervention.usecases.booking import book
from intervention.usecases.need_groups import edit_need_group, make_need_group, remove_need_group
from intervention.usecases.work import Work
from tests.builders import a_pupil, actor
from tests.usecases.booking_world import at, remote
from tests.usecases.office import Office, an_office, faults

SPEECH = Discipline.SPEECH_THERAPY


@pytest.fixture
def office(work: Work) -> Office:
    return an_office(work.session)


@pytest.fixture
def mireille(office: Office):
    return actor(office.session, office.world.mireille)


def pupils(office: Office):
    return [office.world.leo.id, office.world.maude.id]


def test_a_group_is_made_and_booked(work: Work, office: Office, mireille) -> None:
    group_id = make_need_group(work, mireille, "Langage 2", SPEECH, pupils(office))

    page = need_group(work.session, mireille, group_id)
    assert (page.name, page.discipline, set(page.members)) == ("Langage 2", SPEECH, set(pupils(office)))
    asked = participants(work.session, mireille, [f"group:{group_id}"], EncounterKind.SMALL_GROUP)
    assert {each.pupil_id for each in asked} == set(pupils(office))
    assert {each.id for each in own_caseload(work.session, mireille)} == set(pupils(office))
    assert (own_disciplines(work.session, mireille), office.trail) == ((SPEECH,), ["need_group_made"])


def test_members_come_and_go(work: Work, office: Office, mireille) -> None:
    group_id = make_need_group(work, mireille, "Langage 2", SPEECH, pupils(office))

    edit_need_group(work, mireille, group_id, "Langage 3", pupils(office)[1:])

    page = need_group(work.session, mireille, group_id)
    assert (page.name, page.members) == ("Langage 3", (office.world.maude.id,))


def test_who_is_followed_no_more_is_not_booked_with_the_group(work: Work, office: Office, mireille) -> None:
    group_id = make_need_group(work, mireille, "Langage 2", SPEECH, pupils(office))
    row = work.session.scalars(select(FollowUp).where(FollowUp.pupil_id == office.world.leo.id)).one()
    row.ends_on = mireille.today.replace(day=1)
    work.session.flush()

    asked = participants(work.session, mireille, [f"group:{group_id}"], EncounterKind.SMALL_GROUP)

    assert [each.pupil_id for each in asked] == [office.world.maude.id]
    assert faults(lambda: edit_need_group(work, mireille, group_id, "Langage 2", pupils(office))) == {
        "pupils": "unknown"
    }


def test_faults_are_named(work: Work, office: Office, mireille) -> None:
    unknown = a_pupil(work.session, office.world.anse, "E-777").id

    for name, discipline, members, expected in (
        (" ", SPEECH, pupils(office), {"name": "required"}),
        ("x" * 61, SPEECH, pupils(office), {"name": "too_long"}),
        ("Le groupe de zephirine", SPEECH, pupils(office), {"name": "label_names_a_pupil"}),
        ("Langage 2", Discipline.PSYCHOLOGY, pupils(office), {"discipline": "not_her_discipline"}),
        ("Langage 2", SPEECH, [], {"pupils": "required"}),
        ("Langage 2", SPEECH, [unknown], {"pupils": "unknown"}),
        ("Langage 2", SPEECH, [uuid4()], {"pupils": "unknown"}),
    ):
        act = (work, mireille, name, discipline, members)
        assert faults(lambda ask=act: make_need_group(*ask)) == expected
    assert work.session.scalars(select(NeedGroup)).all() == []


def test_a_group_that_had_encounters_stays(work: Work, office: Office, mireille) -> None:
    group_id = make_need_group(work, mireille, "Langage 2", SPEECH, pupils(office))
    booked = book(work, mireille, remote(office.world, at("2026-11-24 10:30")))
    encounter = work.session.get_one(Encounter, booked.encounter_id)
    encounter.need_group_id = group_id
    work.session.flush()

    assert faults(lambda: remove_need_group(work, mireille, group_id)) == {"group": "group_has_encounters"}
    encounter.need_group_id = None
    work.session.flush()
    remove_need_group(work, mireille, group_id)
    assert work.session.scalars(select(NeedGroup)).all() == []


def test_only_a_professional_makes_one(work: Work, office: Office) -> None:
    others = [role for role in Role if role is not Role.PROFESSIONAL]
    for other in office.holding(*others):
        with pytest.raises(NotAllowed) as refusal:
            make_need_group(work, other, "Langage 2", SPEECH, pupils(office))
        assert refusal.value.facts == {"because": "not_keep_need_group"}


def test_anothers_group_does_not_exist(work: Work, office: Office, mireille) -> None:
    group_id = make_need_group(work, mireille, "Langage 2", SPEECH, pupils(office))
    solange, coordinator = office.holding(Role.PROFESSIONAL, Role.COORDINATOR)

    for other in (solange, coordinator, office.stranger(Role.PROFESSIONAL)):
        for act in (
            lambda who=other: edit_need_group(work, who, group_id, "Langage 9", []),
            lambda who=other: remove_need_group(work, who, group_id),
            lambda who=other: need_group(work.session, who, group_id),
        ):
            with pytest.raises(NotFound):
                act()
