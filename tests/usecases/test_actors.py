from intervention.domain.people import Role
from intervention.usecases.work import Work
from tests.builders import a_board, a_building, a_person, a_professional, actor


def test_actor_carries_roles_and_their_buildings(work: Work) -> None:
    board = a_board(work.session)
    anse = a_building(work.session, board, "Anse-aux-Lièvres", zone="America/Halifax")
    principal = a_person(work.session, board, "Luc", Role.PRINCIPAL, building=anse)

    snapshot = actor(work.session, principal)

    assert snapshot.roles == {Role.PRINCIPAL}
    assert snapshot.buildings_as(Role.PRINCIPAL) == {anse.id}
    assert snapshot.zone == "America/Halifax"


def test_professional_lives_in_the_zone_of_the_home_base(work: Work) -> None:
    board = a_board(work.session)
    base = a_building(work.session, board, "Havre", zone="America/Blanc-Sablon")

    snapshot = actor(work.session, a_professional(work.session, board, "Mireille", base))

    assert snapshot.zone == "America/Blanc-Sablon"
