"""What the next page says of what was just done, with its undo. Kept in a signed cookie: codes and times, no name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, g
from itsdangerous import BadSignature, URLSafeTimedSerializer

from intervention.rendering import wording
from intervention.web import cookies
from intervention.web.stage import stage

LIFE_SECONDS = 120
_KINDS = frozenset({"done", "warning", "refused"})


@dataclass(frozen=True, slots=True)
class Notice:
    text: str
    kind: str
    undo: str | None  # the address that a POST undoes at


def install(app: Flask) -> None:
    app.jinja_env.globals["take_notices"] = take
    app.after_request(_carry)


def say(code: str, *, kind: str = "done", undo: str | None = None, **facts: str | int) -> None:
    """Show the words of `said.<code>` on the next page. `undo` is the address of the act's undoing (POST)."""
    if kind not in _KINDS or not wording.has(f"said.{code}"):
        raise LookupError(code)
    g.setdefault("said", []).append({"code": code, "kind": kind, "undo": undo, "facts": facts})


def take() -> list[Notice]:
    """The notices to show now; taken once."""
    g.notices_taken = True
    entries = _carried() + g.pop("said", [])
    return [
        Notice(wording.say(f"said.{each['code']}", **each["facts"]), each["kind"], each["undo"])
        for each in entries
        if wording.has(f"said.{each['code']}")
    ]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(stage().settings.secret_key.reveal(), salt="notices")


def _carried() -> list[dict[str, Any]]:
    raw = cookies.read("notice")
    if not raw:
        return []
    try:
        entries: list[dict[str, Any]] = _serializer().loads(raw, max_age=LIFE_SECONDS)
    except BadSignature:
        return []
    return entries


def _carry(response: Response) -> Response:
    said = g.pop("said", None)
    if said:
        cookies.write(response, "notice", str(_serializer().dumps(said)), max_age=LIFE_SECONDS)
    elif g.get("notices_taken") and cookies.read("notice"):
        cookies.forget(response, "notice")
    return response
