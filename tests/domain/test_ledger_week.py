"""What a stored encounter is to the road."""

from datetime import UTC, datetime, timedelta

import pytest

from intervention.domain.encounters import CancellationCause, EncounterStatus
from intervention.domain.ledger_week import Delivery, delivery_of

START = datetime(2026, 10, 5, 14, 0, tzinfo=UTC)
ABSENT = CancellationCause.PUPIL_ABSENT


@pytest.mark.parametrize(
    ("status", "cause", "noted", "delivery"),
    [
        (EncounterStatus.COMPLETED, None, None, Delivery.DELIVERED),
        (EncounterStatus.HELD, None, None, Delivery.TO_COME),
        (EncounterStatus.PLANNED, None, None, Delivery.TO_COME),
        (EncounterStatus.IN_PROGRESS, None, None, Delivery.TO_COME),
        (EncounterStatus.CANCELLED, ABSENT, 10, Delivery.NO_SHOW),
        (EncounterStatus.CANCELLED, ABSENT, 0, Delivery.NO_SHOW),
        (EncounterStatus.CANCELLED, ABSENT, -60, Delivery.CANCELLED),
        (EncounterStatus.CANCELLED, ABSENT, None, Delivery.CANCELLED),
        (EncounterStatus.CANCELLED, ABSENT, 24 * 60, Delivery.NO_SHOW_NOTED_LATER),
        (EncounterStatus.CANCELLED, CancellationCause.CLOSURE, 10, Delivery.CANCELLED),
        (EncounterStatus.CANCELLED, CancellationCause.TECHNICAL_FAILURE, 10, Delivery.CANCELLED),
    ],
)
def test_delivery(
    status: EncounterStatus, cause: CancellationCause | None, noted: int | None, delivery: Delivery
) -> None:
    noted_at = None if noted is None else START + timedelta(minutes=noted)

    assert delivery_of(status, cause, START, noted_at) is delivery
