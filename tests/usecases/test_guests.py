"""Parents, interpreters and partners: added and edited by who invites; each refusal; the stranger."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from intervention.domain.errors import NotAllowed, NotFound
from intervention.domain.people import GuestRelation, Role
from intervention.queries.catalogue import catalogue
from intervention.queries.guests import guest, guests_of
from intervention.records.access_log import AccessLogEntry
from intervention.records.people import Guest
from intervention.usecases.guests import GuestFacts, add_guest, edit_guest
from intervention.usecases.work import Work
from tests.builders import a_class, a_person, actor
from tests.usecases.office import Office, an_office, faults

INTERPRETER = GuestFacts("Ana Sol", GuestRelation.INTERPRETER, "ana@example.org", "418 555-0199", "en")


@pytest.fixture
def office(work: Work) -> Office:
    return an_office(work.session)


@pytest.fixture
def mireille(office: Office):
    return actor(office.session, office.world.mireille)


def parent(office: Office) -> GuestFacts:
    return GuestFacts("Alix Essai", GuestRelation.PARENT, pupil_id=office.world.leo.id)


def test_a_parent_and_an_interpreter_can_be_invited(work: Work, office: Office, mireille) -> None:
    alix, ana = add_guest(work, mireille, parent(office)), add_guest(work, mireille, INTERPRETER)

    assert catalogue(work.session, office.world.board.id).guests == {alix, ana}
    assert [line.id for line in guests_of(work.session, mireille, office.world.leo.id)] == [alix]
    found = guest(work.session, mireille, ana)
    assert (found.email, found.phone, found.locale, found.pupil_code) == ("ana@example.org", "418 555-0199", "en", "")
    told = [str(entry.facts) for entry in work.session.scalars(select(AccessLogEntry))]
    assert not any(word in each for each in told for word in ("Alix", "Ana", "example"))


def test_edit_guest_works_and_keeps_the_pupil(work: Work, office: Office, mireille) -> None:
    alix = add_guest(work, mireille, parent(office))

    edit_guest(work, mireille, alix, replace(parent(office), name="Alix Preuve", email="a@b.ca", pupil_id=None))

    row = work.session.get_one(Guest, alix)
    assert (row.name, row.email, row.pupil_id) == ("Alix Preuve", "a@b.ca", office.world.leo.id)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (replace(INTERPRETER, name=" "), {"name": "required"}),
        (replace(INTERPRETER, name="x" * 161), {"name": "too_long"}),
        (replace(INTERPRETER, phone="4" * 41), {"phone": "too_long"}),
        (replace(INTERPRETER, email="ana@example"), {"email": "not_an_email"}),
        (replace(INTERPRETER, email="ana @example.org"), {"email": "not_an_email"}),
        (replace(INTERPRETER, locale="es"), {"locale": "not_a_choice"}),
        (replace(INTERPRETER, relation=GuestRelation.PARENT), {"relation": "parent_of_nobody"}),
    ],
)
def test_faults_are_named(work: Work, office: Office, mireille, facts: GuestFacts, expected: dict[str, str]) -> None:
    ana = add_guest(work, mireille, INTERPRETER)

    assert faults(lambda: add_guest(work, mireille, facts)) == expected
    assert faults(lambda: edit_guest(work, mireille, ana, facts)) == expected


def test_who_may_invite(work: Work, office: Office, mireille) -> None:
    """A school's office keeps its parents; a teacher and a facilitator invite nobody."""
    group = a_class(work.session, office.world.pointe)
    teacher = a_person(work.session, office.world.board, "Anouk", Role.TEACHER, building=office.world.pointe)
    group.teacher_id, office.world.maude.class_group_id = teacher.id, group.id
    work.session.flush()
    facts = replace(parent(office), pupil_id=office.world.maude.id)

    for allowed in office.holding(Role.PRINCIPAL, Role.SECRETARY, Role.COORDINATOR, Role.ADMINISTRATOR):
        assert add_guest(work, allowed, facts)
    with pytest.raises(NotAllowed) as refusal:
        add_guest(work, actor(work.session, teacher), facts)
    assert refusal.value.facts == {"because": "not_edit_guests"}
    assert guests_of(work.session, actor(work.session, teacher), office.world.maude.id) == ()
    for refused in office.holding(Role.PRINCIPAL, Role.SECRETARY, Role.TEACHER, Role.FACILITATOR, Role.PRIVACY_OFFICER):
        with pytest.raises(NotAllowed):
            add_guest(work, refused, INTERPRETER)


def test_a_pupil_out_of_reach_has_no_guests(work: Work, office: Office, mireille) -> None:
    alix = add_guest(work, mireille, parent(office))
    solange, secretary_of_pointe = office.holding(Role.PROFESSIONAL, Role.SECRETARY)

    for other in (solange, secretary_of_pointe, office.stranger()):
        for act in (
            lambda who=other: add_guest(work, who, parent(office)),
            lambda who=other: edit_guest(work, who, alix, parent(office)),
            lambda who=other: guest(work.session, who, alix),
        ):
            with pytest.raises(NotFound):
                act()
        assert guests_of(work.session, other, office.world.leo.id) == ()
    with pytest.raises(NotFound):
        edit_guest(work, mireille, uuid4(), INTERPRETER)
