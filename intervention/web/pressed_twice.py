"""A form that makes something, sent twice by a hasty hand or a slow line, makes one thing: both go to its page."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

from intervention.domain.errors import InvalidInput
from intervention.usecases.idempotency import once
from intervention.usecases.work import Work
from intervention.web.gate import current_actor
from intervention.web.parse import Form
from intervention.web.stage import open_work

KEYS = "form:"  # apart from the keys of programs


def made(form: Form, first: str, make: Callable[[Work], UUID]) -> UUID:
    """What `make` made, or what it made for the same form a moment ago. A form without our key is nobody's repeat.

    A key that served for another form is told at the `first` field, since nobody sees the key.
    """
    key, sent = form.value("key"), repr(sorted(form.data.items(multi=True)))
    try:
        with open_work() as work:
            if not key:
                return make(work)
            return UUID(once(work, current_actor(), KEYS + key, sent, lambda: {"id": str(make(work))})["id"])
    except InvalidInput as refusal:
        if "key" not in refusal.fields:
            raise
        raise InvalidInput({first: refusal.fields["key"]}) from None


def with_key(form: Form) -> Form:
    """The form with a key of its own for its next press: one that was changed after a refusal is another form."""
    form.data = form.data.copy()
    form.data["key"] = uuid4().hex
    return form
