"""A reader with every page of the report before them, all breakdowns and all periods at once, pins no small number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from intervention.domain.encounters import (
    KIND_RULES,
    Confidentiality,
    EncounterKind,
    EncounterStatus,
    Modality,
    ParticipantRole,
    PlaceKind,
)
from intervention.domain.people import Discipline, Role
from intervention.domain.service_time import Breakdown, ServiceState
from intervention.queries.service_sums import forget_sums
from intervention.queries.service_time import ServiceAsk, service_time
from intervention.records.encounters import Encounter, EncounterSite, Participation
from tests.builders import a_board, a_building, a_person, a_professional, a_pupil, actor, school_of
from tests.domain.attacker import bounds

MONTHS = (date(2026, 11, 1), date(2026, 12, 1))
KINDS = (EncounterKind.INDIVIDUAL, EncounterKind.SMALL_GROUP, EncounterKind.WHOLE_GROUP)
DISCIPLINES = (Discipline.SPEECH_THERAPY, Discipline.PSYCHOLOGY)
MINIMUM = 5
Key = tuple[Hashable, ...]  # breakdown, month or None for the year, column or None for the total


@pytest.fixture(autouse=True)
def _no_sums_of_another_test() -> Iterator[None]:
    yield
    forget_sums()


@pytest.mark.parametrize("seed", range(5))
def test_no_small_number_can_be_pinned(session: Session, seed: int) -> None:  # noqa: C901 - one reader, all they know
    random = Random(seed)
    board = a_board(session)
    buildings = [a_building(session, board, name) for name in ("Anse", "Baie", "Cap")]
    pupils = {b.id: [a_pupil(session, b, f"{b.name}{n}") for n in range(random.choice((3, 7, 12)))] for b in buildings}
    hosts = [a_professional(session, board, name, buildings[0]) for name in ("Agathe", "Berthe", "Clara")]
    omar = actor(session, a_person(session, board, "Omar", Role.COORDINATOR))
    seen: dict[Key, set[UUID]] = defaultdict(set)
    pairs: dict[Key, int] = defaultdict(int)
    for number in range(40):
        building, host = random.choice(buildings), random.choice(hosts)
        discipline = DISCIPLINES[0] if host is hosts[0] else random.choice(DISCIPLINES)
        kind, modality, month = random.choice(KINDS), random.choice(tuple(Modality)), random.choice(MONTHS)
        pupil, minutes = random.choice(pupils[building.id]), random.choice((30, 45, 60))
        encounter = Encounter(
            organization_id=board.id, kind=kind, axis=KIND_RULES[kind].axis, discipline=discipline, modality=modality,
            status=EncounterStatus.COMPLETED, confidentiality=random.choice(tuple(Confidentiality)), host_id=host.id,
            starts_at=(start := datetime(2026, month.month, 2, 14, tzinfo=UTC) + timedelta(hours=number)),
            ends_at=start + timedelta(minutes=minutes), on_date=month, starts_local=start.time(),
            zone="America/Toronto", created_by_id=host.id, created_at=start, changed_at=start,
        )  # fmt: skip
        site = EncounterSite(position=0, place=PlaceKind.BUILDING, building_id=building.id)
        encounter.sites = [site]
        session.add(encounter)
        session.flush()
        session.add(
            Participation(encounter_id=encounter.id, site_id=site.id, role=ParticipantRole.PUPIL, pupil_id=pupil.id)
        )
        columns = {
            Breakdown.SCHOOL: school_of(session, building).name, Breakdown.PROFESSIONAL: host.full_name,
            Breakdown.DISCIPLINE: discipline, Breakdown.KIND: kind, Breakdown.MODALITY: modality,
        }  # fmt: skip
        for (by, column), when in product([*columns.items(), *((by, None) for by in columns)], (month, None)):
            seen[by, when, column].add(pupil.id)
            pairs["pair", when, host.full_name, discipline] += minutes
    session.flush()

    published, small = {}, set()
    for by, when in product(columns, (*MONTHS, None)):
        report = service_time(session, omar, ServiceAsk(by, 2026, when))
        for column, time in [
            *((row.what, row.cells[ServiceState.DELIVERED]) for row in report.rows),
            (None, report.total[ServiceState.DELIVERED]),
        ]:
            key = by, when, column
            if time is not None:
                assert len(seen[key]) == time.pupils
                assert time.pupils == 0 or time.pupils >= MINIMUM
                published[key] = time.minutes
            elif 0 < len(seen[key]) < MINIMUM:
                small.add(key)

    keys = [*seen, *pairs]
    equations = []
    for by, when in product(columns, (*MONTHS, None)):
        parts = {key: 1 for key in seen if key[:2] == (by, when) and key[2] is not None}
        equations += [{**parts, (by, when, None): -1}, {(by, when, None): 1, (Breakdown.KIND, when, None): -1}]
    for key in [key for key in keys if key[1] is None]:
        equations.append(
            {key: -1, **{(key[0], month, *key[2:]): 1 for month in MONTHS if (key[0], month, *key[2:]) in keys}}
        )
    for when in (*MONTHS, None):
        for at, by in ((2, Breakdown.PROFESSIONAL), (3, Breakdown.DISCIPLINE)):
            for key in [key for key in seen if key[:2] == (by, when) and key[2] is not None]:
                equations.append({key: -1, **{pair: 1 for pair in pairs if pair[1] == when and pair[at] == key[2]}})
    hidden = [key for key in keys if key not in published]
    known = bounds(published, hidden, [e for e in equations if len(e) > 1 and any(e.values())])
    pinned = {key: known[key] for key in small if known[key][0] == known[key][1]}

    assert pinned == {}
