import pytest

from integrations.video.fixed_link import FixedLink
from intervention.ports import Misconfigured, RoomSpec
from tests.integrations.test_video_contract import NOW, TTL


def test_the_address_of_this_seance_wins_over_the_boards() -> None:
    rooms = FixedLink().account({"address": "https://reunion.example/commun"})

    reference = rooms.provision(RoomSpec(NOW, NOW, 2, pasted_address=" https://reunion.example/j/42 "))

    assert rooms.grant(reference, "Parent", is_host=False, now=NOW, ttl=TTL).url == "https://reunion.example/j/42"


@pytest.mark.parametrize(("pasted", "fault"), [(None, "required"), ("http://reunion.example", "not_https")])
def test_without_a_good_address_there_is_no_room(pasted: str | None, fault: str) -> None:
    rooms = FixedLink().account({})

    with pytest.raises(Misconfigured) as refused:
        rooms.provision(RoomSpec(NOW, NOW, 2, pasted_address=pasted))

    assert refused.value.faults == {"pasted_address": fault}
