"""Keys by purpose: what one purpose closes, no other opens; a changed secret still opens what it closed."""

import pytest

from intervention.records.vault import Keyring, Unreadable

KEYS = Keyring("one installation's secret, 32 characters or more")
ADDRESS = {"address": "https://reunion.example/j/42", "empty": "", "accent": "é"}


def test_it_works() -> None:
    sealed = KEYS.seal("video-room", ADDRESS)

    assert KEYS.open("video-room", sealed) == ADDRESS
    assert b"reunion" not in sealed
    assert KEYS.seal("video-room", ADDRESS) != sealed


def test_a_value_put_in_another_column_opens_nothing() -> None:
    with pytest.raises(Unreadable):
        KEYS.open("video-account", KEYS.seal("video-room", ADDRESS))


@pytest.mark.parametrize("damaged", [b"", b"x", b"gAAAAA" + b"A" * 100])
def test_a_damaged_value_is_unreadable(damaged: bytes) -> None:
    with pytest.raises(Unreadable):
        KEYS.open("video-room", damaged)


def test_another_installation_opens_nothing() -> None:
    with pytest.raises(Unreadable):
        Keyring("another installation's secret, just as long").open("video-room", KEYS.seal("video-room", ADDRESS))


def test_a_changed_secret_opens_the_old_and_seals_anew() -> None:
    renewed = Keyring("the new secret of the same installation", "one installation's secret, 32 characters or more")
    sealed = KEYS.seal("video-room", ADDRESS)

    again = renewed.reseal("video-room", sealed)

    assert renewed.open("video-room", sealed) == ADDRESS
    assert Keyring("the new secret of the same installation").open("video-room", again) == ADDRESS


def test_hashes_differ_by_purpose_and_by_secret() -> None:
    hashes = {
        KEYS.mac("join-link", "s1_x"),
        KEYS.mac("seat-cookie", "s1_x"),
        KEYS.mac("join-link", "s1_y"),
        Keyring("another installation's secret, just as long").mac("join-link", "s1_x"),
    }

    assert len(hashes) == 4
    assert all(len(each) == 32 for each in hashes)


def test_keys_do_not_show_themselves() -> None:
    assert "installation" not in repr(KEYS)
