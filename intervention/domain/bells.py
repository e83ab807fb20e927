"""The bells of a building for one level: wall times that follow each other and never overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from intervention.domain.days import BellKind

MAX_BELLS = 24
MAX_LABEL = 40


@dataclass(frozen=True, slots=True)
class Bell:
    """Half-open: two bells may touch."""

    kind: BellKind
    label: str
    starts_local: time
    ends_local: time


def bell_faults(bells: Sequence[Bell]) -> dict[str, str]:
    """A fault code per field, named `starts-<n>`, `ends-<n>` or `label-<n>` after the bell's place in `bells`."""
    faults: dict[str, str] = {}
    for n, bell in enumerate(bells):
        if not bell.label.strip():
            faults[f"label-{n}"] = "required"
        elif len(bell.label) > MAX_LABEL:
            faults[f"label-{n}"] = "too_long"
        if bell.ends_local <= bell.starts_local:
            faults[f"ends-{n}"] = "ends_before_start"
    if len(bells) > MAX_BELLS:
        faults.setdefault(f"starts-{MAX_BELLS}", "too_many")
    in_order = sorted(range(len(bells)), key=lambda n: (bells[n].starts_local, bells[n].ends_local))
    reached: time | None = None
    for n in in_order:
        if reached is not None and bells[n].starts_local < reached:
            faults.setdefault(f"starts-{n}", "bell_overlaps")
        reached = max(reached, bells[n].ends_local) if reached else bells[n].ends_local
    return faults
