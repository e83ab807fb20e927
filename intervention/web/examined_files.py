"""A file that is examined on a page, then applied with the same file.

What it holds travels once in each sending and is kept nowhere between the two: the page carries a digest of it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sized
from typing import Protocol, TypeVar

from flask import request
from werkzeug.wrappers import Response

from intervention.domain.csv_table import MAX_BYTES
from intervention.usecases.work import Work
from intervention.web.gate import current_actor
from intervention.web.parse import Form
from intervention.web.stage import open_work, reading, stage

Page = str | tuple[str, int] | Response


class Plan(Protocol):
    """What a file would change."""

    @property
    def refused(self) -> Sized: ...
    @property
    def changes_nothing(self) -> bool: ...


P = TypeVar("P", bound=Plan)
ShowPage = Callable[[Form, P | None, str], str]


def examine(show: ShowPage[P], plan_of: Callable[[Work, bytes], P]) -> Page:
    """A dry run: nothing is written, whatever the file."""
    form = Form(request.form)
    content = _sent(form)
    if form.faults:
        return show(form, None, ""), 422
    plan = plan_of(Work(reading(), stage().clock), content)
    is_applicable = not plan.refused and not plan.changes_nothing
    page = show(Form.blank(), plan, _digest(content) if is_applicable else "")
    return (page, 422) if plan.refused else page


def apply(show: ShowPage[P], plan_of: Callable[[Work, bytes], P], done: Callable[[P], Response]) -> Page:
    """`plan_of` writes what it plans; another file than the one that was examined is refused."""
    form = Form(request.form)
    content = _sent(form)
    if content and not hmac.compare_digest(form.value("examined").encode(), _digest(content).encode()):
        form.fail("file", "not_the_examined_file")
    if form.faults:
        return show(form, None, ""), 422
    with open_work() as work:
        plan = plan_of(work, content)
    return (show(Form.blank(), plan, ""), 422) if plan.refused else done(plan)


def _sent(form: Form) -> bytes:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        form.fail("file", "required")
        return b""
    content: bytes = sent.read(MAX_BYTES + 1)
    return content


def _digest(content: bytes) -> str:
    """Keyed and of this board, so that a page cannot claim that a file was examined."""
    key = stage().settings.secret_key.reveal().encode()
    return hmac.new(key, current_actor().organization_id.bytes + content, hashlib.sha256).hexdigest()
