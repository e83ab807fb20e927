import re
from pathlib import Path

import pytest

from intervention.settings import Secret, Settings, SettingsInvalid, as_table, documented, is_loopback

KEY = "k" * 40
ROOT = Path(__file__).parents[1]


def test_defaults_are_one_process_on_loopback() -> None:
    settings = Settings.from_env({"SECRET_KEY": KEY})

    assert settings.database_url == "sqlite:///var/intervention.db"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.is_on_loopback
    assert not settings.is_https
    assert not settings.demo


def test_every_fault_is_named_at_once() -> None:
    environ = {"PORT": "eighty", "DATABASE_URL": "mysql://x", "BASE_URL": "ftp://x/y", "DEMO": "perhaps"}

    with pytest.raises(SettingsInvalid) as refusal:
        Settings.from_env(environ)

    named = [fault.split()[0] for fault in refusal.value.faults]
    assert named == ["DATABASE_URL", "SECRET_KEY", "BASE_URL", "PORT", "DEMO"]


def test_a_fault_never_shows_the_value() -> None:
    with pytest.raises(SettingsInvalid) as refusal:
        Settings.from_env({"SECRET_KEY": "hunter2", "PORT": "hunter3"})

    assert "hunter" not in str(refusal.value)


@pytest.mark.parametrize(
    "environ",
    [
        {"DEMO": "1", "HOST": "0.0.0.0", "BASE_URL": "https://board.example"},
        {"DEMO": "1", "HOST": "127.0.0.1", "BASE_URL": "https://board.example"},
        {"DEMO": "1", "HOST": "0.0.0.0", "BASE_URL": "http://127.0.0.1:8000"},
        {"DEMO": "1", "TRUSTED_PROXIES": "1"},
    ],
)
def test_the_demonstration_refuses_to_leave_the_machine(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsInvalid, match="DEMO"):
        Settings.from_env({"SECRET_KEY": KEY, **environ})


def test_plain_http_is_for_loopback_only() -> None:
    with pytest.raises(SettingsInvalid, match="https"):
        Settings.from_env({"SECRET_KEY": KEY, "BASE_URL": "http://board.example"})


def test_postgresql_addresses_name_their_driver() -> None:
    settings = Settings.from_env({"SECRET_KEY": KEY, "DATABASE_URL": "postgresql://localhost/x"})

    assert settings.database_url == "postgresql+psycopg://localhost/x"


def test_a_secret_does_not_show_itself() -> None:
    settings = Settings.from_env({"SECRET_KEY": KEY})

    assert KEY not in repr(settings)
    assert KEY not in f"{settings.secret_key}"
    assert settings.secret_key.reveal() == KEY
    assert not Secret("")


def test_every_setting_has_a_sentence() -> None:
    assert all(row.says.endswith(".") for row in documented().values())


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("localhost.evil", False),
        (None, False),
    ],
)
def test_loopback_is_decided_without_resolving_names(host: str | None, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_the_documentation_holds_the_table() -> None:
    assert as_table() in (ROOT / "README.md").read_text()


def test_the_french_documentation_has_the_same_rows() -> None:
    rows = [line for line in (ROOT / "README.fr.md").read_text().splitlines() if re.match(r"\| `[A-Z_]+` \|", line)]
    english = [line for line in as_table().splitlines() if line.startswith("| `")]

    assert [line.split("|")[1:3] for line in rows] == [line.split("|")[1:3] for line in english]
