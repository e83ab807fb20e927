"""Refuses an edit made on an older page, and says which facts somebody else changed since."""

from __future__ import annotations

from collections.abc import Callable

from intervention.domain.errors import Stale
from intervention.domain.seen import Facts, changed, seen
from intervention.records.base import Base
from intervention.usecases.work import Work


def require_seen(work: Work, row: Base, known: str | None, facts: Callable[[], Facts]) -> None:
    """Raises Stale. `known` is what the form or the ETag carried; None where nobody read the object beforehand.

    The row is locked until the transaction ends: the second of two edits at once waits here, then reads the first's.
    """
    if known is None:
        return
    work.session.refresh(row, with_for_update=True)
    standing = facts()
    present = seen(standing)
    if known != present:
        raise Stale(version=present, known=known, changed=changed(standing, known))
