"""What every provider of video promises, asked of each of them and of the fake."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from integrations.video.demonstration import Demonstration
from integrations.video.fixed_link import FixedLink
from integrations.video.jitsi import Jitsi
from intervention.ports import Misconfigured, RoomSpec, VideoProvider, VideoRooms
from tests.integrations.fake_video import FakeVideo

NOW = datetime(2026, 11, 24, 15, 25, tzinfo=UTC)
SPEC = RoomSpec(NOW, NOW + timedelta(minutes=70), seats=4)
TTL = timedelta(seconds=120)
SECRET = "0123456789abcdef0123456789abcdef"


@dataclass(frozen=True)
class Case:
    name: str
    provider: VideoProvider
    values: dict[str, str]

    def account(self) -> VideoRooms:
        return self.provider.account(self.values)


CASES = [
    Case("jitsi, signed", Jitsi(), {"address": "https://visio.csse.example", "app_id": "csse", "secret": SECRET}),
    Case("jitsi, open", Jitsi(), {"address": "https://visio.csse.example"}),
    Case("fixed link", FixedLink(), {"address": "https://reunion.example/j/123?pwd=abc"}),
    Case("demonstration", Demonstration(), {}),
    Case("fake", FakeVideo(), {"address": "https://fake.example"}),
]
each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@each
def test_a_room_lets_people_in_where_its_account_says(case: Case) -> None:
    rooms = case.account()
    reference = rooms.provision(SPEC)

    entry = rooms.grant(reference, "Parent", is_host=False, now=NOW, ttl=TTL)

    where = urlsplit(case.values.get("address", ""))  # none: a page of this very server
    assert (urlsplit(entry.url).scheme, urlsplit(entry.url).netloc) == (where.scheme, where.netloc)


@each
def test_everybody_of_an_encounter_finds_the_same_room(case: Case) -> None:
    rooms = case.account()
    reference = rooms.provision(SPEC)

    host = urlsplit(rooms.grant(reference, "Spécialiste", is_host=True, now=NOW, ttl=TTL).url)
    guest = urlsplit(rooms.grant(reference, "Parent", is_host=False, now=NOW, ttl=TTL).url)

    assert (host.netloc, host.path) == (guest.netloc, guest.path)


@each
def test_an_address_that_comes_back_is_declared(case: Case) -> None:
    rooms = case.account()
    first, second = (rooms.provision(SPEC) for _ in range(2))
    paths = {urlsplit(rooms.grant(r, "Parent", is_host=False, now=NOW, ttl=TTL).url).path for r in (first, second)}

    assert len(paths) == (1 if rooms.capabilities.takes_address else 2)
    assert not (rooms.capabilities.takes_address and rooms.capabilities.is_revocable)


@each
def test_a_pass_of_ones_own_differs_by_person(case: Case) -> None:
    rooms = case.account()
    reference = rooms.provision(SPEC)

    urls = {rooms.grant(reference, label, is_host=False, now=NOW, ttl=TTL).url for label in ("Parent", "Interprète")}

    assert len(urls) == (2 if rooms.capabilities.per_seat else 1)


@each
def test_a_reference_is_text_that_can_be_sealed(case: Case) -> None:
    values = case.account().provision(SPEC).values

    assert values
    assert all(isinstance(name, str) and isinstance(value, str) for name, value in values.items())


@each
def test_neither_room_nor_entry_shows_itself_in_a_log(case: Case) -> None:
    rooms = case.account()
    reference = rooms.provision(SPEC)
    entry = rooms.grant(reference, "Parent", is_host=False, now=NOW, ttl=TTL)

    shown = f"{reference!r} {entry!r}"

    assert "https" not in shown
    assert not any(value in shown for value in reference.values.values())


@pytest.mark.parametrize("case", [case for case in CASES if case.values], ids=lambda case: case.name)
@pytest.mark.parametrize(
    "address",
    ["http://visio.example", "ftp://visio.example", "javascript:alert(1)", "https://", "https://a@b.example",
     "https://visio.example\\@evil.example", "https://vi sio.example", "https://[::1", "//visio.example", "x" * 2100],
)  # fmt: skip
def test_an_address_that_is_not_https_is_refused_by_name(case: Case, address: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        case.provider.account({**case.values, "address": address})

    assert list(refused.value.faults) == ["address"]
    assert address not in str(refused.value)


@each
def test_required_fields_are_refused_when_empty(case: Case) -> None:
    required = [field.name for field in case.provider.fields if field.is_required]
    if not required:
        assert case.provider.account({}) is not None
        return

    with pytest.raises(Misconfigured) as refused:
        case.provider.account({})

    assert refused.value.faults == dict.fromkeys(required, "required")
