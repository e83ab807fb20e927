"""What an operator may decide, from the environment, checked as a whole before anything starts.

Each field of `Settings` carries its variable's name, its default and its sentence, so the README's table and the
`doctor` report are made from the same list. Nothing else in the program reads the environment.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class SettingsInvalid(Exception):
    """Every fault of the environment at once, each a sentence that names its variable and never shows its value."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


class Secret:
    """A value that never shows itself in a log, a traceback or a comparison of settings."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret(***)" if self._value else "Secret()"

    __str__ = __repr__


@dataclass(frozen=True)
class Documented:
    """One row of the table of settings."""

    variable: str
    parse: Callable[[str], Any]
    default: str
    says: str


def _setting(variable: str, parse: Callable[[str], Any], default: str, says: str) -> Any:
    return field(metadata={"setting": Documented(variable, parse, default, says)})


def text(raw: str) -> str:
    return raw.strip()


def switch(raw: str) -> bool:
    value = raw.strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"", "0", "false", "no", "off"}:
        return False
    raise ValueError("must be 1 or 0")


def whole(least: int, most: int) -> Callable[[str], int]:
    """A parser of whole numbers between `least` and `most`, both included."""

    def parse(raw: str) -> int:
        if not re.fullmatch(r"-?\d{1,9}", raw.strip()) or not least <= int(raw) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(raw)

    return parse


def one_of(*allowed: str) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        if raw.strip() not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return raw.strip()

    return parse


def web_address(raw: str) -> str:
    """An origin: scheme, host and port, no path. Returned without its final slash."""
    value = raw.strip().rstrip("/")
    if not value:
        return value
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query or parts.username:
        raise ValueError("must be an address such as https://intervention.example.ca, without a path")
    return value


def database_address(raw: str) -> str:
    value = raw.strip()
    if value.startswith(("postgresql://", "postgres://")):
        return "postgresql+psycopg://" + value.split("://", 1)[1]
    if value and not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return value


def secret(raw: str) -> Secret:
    return Secret(raw.strip())


def long_secret(raw: str) -> Secret:
    if len(raw.strip()) < 32:
        raise ValueError("must be set, to at least 32 characters of randomness")
    return Secret(raw.strip())


def is_loopback(host: str | None) -> bool:
    """True for this machine only: `localhost`, 127.0.0.0/8, ::1. A name that would need resolving is not."""
    if not host:
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Settings:
    home: Path = _setting("INTERVENTION_HOME", Path, "var", "Folder of the embedded database, keys and backups.")
    database_url: str = _setting(
        "DATABASE_URL", database_address, "",
        "Database. Empty: SQLite in INTERVENTION_HOME, one process. `postgresql://…` for several processes.",
    )  # fmt: skip
    secret_key: Secret = _setting(
        "SECRET_KEY", long_secret, "",
        "Key of form tokens and link hashes, 32 characters or more. On loopback, `serve` makes and keeps one.",
    )  # fmt: skip
    base_url: str = _setting(
        "BASE_URL",
        web_address,
        "",
        "Address people type, without a path. Empty: http://HOST:PORT. HTTPS turns HSTS on.",
    )
    host: str = _setting("HOST", text, "127.0.0.1", "Address the server listens on.")
    port: int = _setting("PORT", whole(0, 65535), "8000", "Port the server listens on; 0 picks a free one.")
    trusted_proxies: int = _setting(
        "TRUSTED_PROXIES", whole(0, 5), "0", "Number of reverse proxies in front whose forwarded headers are believed."
    )
    demo: bool = _setting(
        "DEMO", switch, "0", "One-click sign-in to the demonstration board. Refused unless everything is on loopback."
    )
    session_idle_minutes: int = _setting(
        "SESSION_IDLE_MINUTES", whole(5, 1440), "120", "A sign-in ends after this long without a page."
    )
    session_hours: int = _setting(
        "SESSION_HOURS", whole(1, 168), "12", "A sign-in ends after this long, whatever happens."
    )
    metrics_token: Secret = _setting(
        "METRICS_TOKEN", secret, "", "Bearer token of /metrics. Empty: /metrics answers to loopback only."
    )
    log_level: str = _setting(
        "LOG_LEVEL", one_of("DEBUG", "INFO", "WARNING", "ERROR"), "INFO", "Least severity written to standard error."
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """The settings of `environ`; raises SettingsInvalid with every fault, each variable named, no value shown."""
        values: dict[str, Any] = {}
        faults: list[str] = []
        for name, row in documented().items():
            try:
                values[name] = row.parse(environ.get(row.variable, row.default))
            except ValueError as fault:
                faults.append(f"{row.variable} {fault}")
        if not faults:
            settings = cls(**_completed(values))
            faults = _contradictions(settings)
        if faults:
            raise SettingsInvalid(faults)
        return settings

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def is_on_loopback(self) -> bool:
        """Both the address listened on and the address people type are this machine."""
        return is_loopback(self.host) and is_loopback(urlsplit(self.base_url).hostname)


def as_table() -> str:
    """The table of settings in Markdown, as the README holds it."""
    rows = [
        f"| `{row.variable}` | {f'`{row.default}`' if row.default else ''} | {row.says} |"
        for row in documented().values()
    ]
    return "\n".join(["| Variable | Default | What it decides |", "|---|---|---|", *rows, ""])


def documented() -> dict[str, Documented]:
    """Field name → its row in the table of settings, in the order of the table."""
    return {each.name: each.metadata["setting"] for each in fields(Settings)}


def _completed(values: dict[str, Any]) -> dict[str, Any]:
    if not values["database_url"]:
        values["database_url"] = f"sqlite:///{values['home'] / 'intervention.db'}"
    if not values["base_url"]:
        host = "127.0.0.1" if values["host"] in {"0.0.0.0", "::"} else values["host"]  # noqa: S104 - compared, not bound
        values["base_url"] = f"http://{host}:{values['port']}"
    return values


def _contradictions(settings: Settings) -> list[str]:
    faults = []
    if settings.demo and not settings.is_on_loopback:
        faults.append("DEMO is for one machine only: HOST and BASE_URL must be on loopback")
    if settings.demo and settings.trusted_proxies:
        faults.append("DEMO refuses to stand behind a proxy: TRUSTED_PROXIES must be 0")
    if not settings.is_https and not is_loopback(urlsplit(settings.base_url).hostname):
        faults.append("BASE_URL must be https, except on loopback")
    if settings.session_idle_minutes > settings.session_hours * 60:
        faults.append("SESSION_IDLE_MINUTES must not exceed SESSION_HOURS")
    return faults
