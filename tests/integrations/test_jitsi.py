"""The signer: what a pass says, and what no pass may say."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from integrations.video.jitsi import Jitsi, sign
from intervention.ports import Misconfigured, RoomReference, RoomSpec

NOW = datetime(2026, 11, 24, 15, 25, tzinfo=UTC)
SECRET = "0123456789abcdef0123456789abcdef"
SIGNED = {"address": "https://Visio.CSSE.example:8443/", "app_id": "csse", "secret": SECRET}
SAFE = {
    "aud": "jitsi", "iss": "csse", "sub": "visio.csse.example", "room": "r" + "0" * 32, "nbf": 1000, "exp": 1120,
}  # fmt: skip


def test_a_pass_names_one_room_one_role_and_two_minutes() -> None:
    rooms = Jitsi().account(SIGNED)
    reference = rooms.provision(RoomSpec(NOW, NOW + timedelta(hours=1), 3))

    url = urlsplit(rooms.grant(reference, "Parent 2", is_host=False, now=NOW, ttl=timedelta(seconds=120)).url)

    token = parse_qs(url.query)["jwt"][0]
    decoded = jwt.decode(token, OctKey.import_key(SECRET), algorithms=["HS256"])
    assert url.netloc == "visio.csse.example:8443"
    assert decoded.header == {"alg": "HS256", "typ": "JWT"}
    assert decoded.claims == {
        "aud": "jitsi",
        "iss": "csse",
        "sub": "visio.csse.example",
        "room": reference.values["room"],
        "nbf": int(NOW.timestamp()) - 10,
        "exp": int(NOW.timestamp()) + 110,
        "context": {"user": {"name": "Parent 2", "moderator": False}},
    }


def test_rooms_are_random_and_lower_case() -> None:
    rooms = Jitsi().account(SIGNED)

    names = {rooms.provision(RoomSpec(NOW, NOW, 2)).values["room"] for _ in range(50)}

    assert len(names) == 50
    assert all(len(name) == 33 and name[0] == "r" and name == name.lower() for name in names)


@pytest.mark.parametrize(
    "change",
    [
        {"room": "*"}, {"room": "salle-3b"}, {"room": None}, {"exp": None}, {"nbf": None}, {"exp": 1121},
        {"exp": 1000}, {"exp": "1120"}, {"aud": "*"}, {"aud": ""}, {"sub": "*"}, {"iss": None},
    ],
)  # fmt: skip
def test_the_signer_refuses_a_pass_that_opens_more(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="a pass"):
        sign(SECRET, {name: value for name, value in (SAFE | change).items() if value is not None})


def test_the_signature_is_what_rfc_7515_says_without_the_library_that_signed() -> None:
    """Jitsi's own verifier is in no Debian package: the bytes are checked with nothing but the standard library."""
    header, claims, signature = sign(SECRET, SAFE).split(".")

    expected = hmac.digest(SECRET.encode(), f"{header}.{claims}".encode(), "sha256")
    assert _decoded(signature) == expected
    assert json.loads(_decoded(header)) == {"alg": "HS256", "typ": "JWT"}
    assert json.loads(_decoded(claims)) == SAFE


def _decoded(part: str) -> bytes:
    assert "=" not in part
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_the_same_pass_unchanged_is_signed() -> None:
    assert jwt.decode(sign(SECRET, SAFE), OctKey.import_key(SECRET), algorithms=["HS256"]).claims == SAFE


def test_a_room_of_somebody_elses_making_gets_no_pass() -> None:
    rooms = Jitsi().account(SIGNED)

    with pytest.raises(ValueError, match="random rooms"):
        rooms.grant(RoomReference({"room": "*"}), "Parent", is_host=False, now=NOW, ttl=timedelta(seconds=60))


def test_a_longer_life_is_refused_rather_than_shortened_in_silence() -> None:
    rooms = Jitsi().account(SIGNED)
    reference = rooms.provision(RoomSpec(NOW, NOW, 2))

    with pytest.raises(ValueError, match="120 seconds"):
        rooms.grant(reference, "Parent", is_host=False, now=NOW, ttl=timedelta(seconds=121))


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"address": "https://meet.jit.si"}, {"address": "public_server"}),
        ({"address": "https://beta.meet.jit.si"}, {"address": "public_server"}),
        ({"address": "https://visio.example/salle"}, {"address": "not_an_origin"}),
        ({"address": "https://visio.example?x=1"}, {"address": "not_an_origin"}),
        ({"secret": "court"}, {"secret": "too_short"}),
        ({"app_id": ""}, {"app_id": "required"}),
        ({"secret": ""}, {"secret": "required"}),
    ],
)
def test_a_bad_account_is_refused_by_field(change: dict[str, str], faults: dict[str, str]) -> None:
    with pytest.raises(Misconfigured) as refused:
        Jitsi().account(SIGNED | change)

    assert refused.value.faults == faults


def test_a_secret_does_not_show_itself() -> None:
    assert SECRET not in repr(Jitsi().account(SIGNED))
