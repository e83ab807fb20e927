"""The history of a series: who brought it to which version, when, how and why."""

from __future__ import annotations

from typing import Any

from intervention.domain.permissions import Actor
from intervention.domain.series_change import SeriesActKind
from intervention.records.series import Series, SeriesAct
from intervention.usecases.work import Work


def record_series_act(  # noqa: PLR0913 - keyword-only after the kind
    work: Work,
    actor: Actor,
    series: Series,
    kind: SeriesActKind,
    *,
    reason: str | None = None,
    changes: dict[str, Any] | None = None,
) -> None:
    """One line, under the version that it made; `changes` holds ids, codes and times only."""
    work.session.add(
        SeriesAct(
            series_id=series.id,
            version=series.version,
            kind=kind,
            actor_id=actor.person_id,
            done_at=work.now(),
            reason=reason or None,
            changes=changes or {},
        )
    )
    work.session.flush()
