"""What a person decided of the séances that a change of calendar touches, as `parts/redating.html` sends it."""

from __future__ import annotations

from uuid import UUID

from intervention.domain.redating import Decided
from intervention.web.parse import Form, id_or_none


def decided_in(form: Form) -> Decided:
    """Lines that were not shown, and all of them where the form shows none, follow the rule."""
    return Decided(_ids(form.value("montrees").split()), _ids(form.values("suivre")))


def _ids(raw: list[str]) -> frozenset[UUID]:
    return frozenset(each for each in map(id_or_none, raw) if each is not None)
