"""The two embedded routing providers, and how they answer together."""

from uuid import UUID

from integrations.routing.estimate import EstimateRouting
from integrations.routing.table import DeclaredRoad, TableRouting
from intervention.domain.road_estimate import Band, road_minutes
from intervention.domain.travel import Place, Quality, Source, TravelMode, TravelTime, TravelTimes
from intervention.ports import RoutingProvider

A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)
PLACES = [Place(A, 49.0, -68.0), Place(B, 49.5, -68.0), Place(C, 50.5, -59.5, "chevery")]


def test_table_answers_the_pairs_it_was_given_and_no_other() -> None:
    table: RoutingProvider = TableRouting([DeclaredRoad(A, B, 70_000, 55), DeclaredRoad(A, UUID(int=9), 1, 1)])

    time = TravelTime(55, 70_000, Source.DECLARED)
    assert table.matrix(PLACES) == {(A, B): time, (B, A): time}


def test_table_keeps_a_direction_and_a_missing_road() -> None:
    table = TableRouting(
        [
            DeclaredRoad(A, B, 71_000, 60, both_ways=False),
            DeclaredRoad(A, B, 70_000, 55),
            DeclaredRoad(A, C, None),
        ]
    )

    matrix = table.matrix(PLACES)

    assert (matrix[A, B], matrix[B, A]) == (
        TravelTime(60, 71_000, Source.DECLARED),
        TravelTime(55, 70_000, Source.DECLARED),
    )
    assert (matrix[A, C], matrix[C, A]) == (None, None)


def test_declared_line_beats_a_published_one_whatever_the_order() -> None:
    lines = [DeclaredRoad(A, B, 70_000, 55), DeclaredRoad(A, B, 66_000, source=Source.ANCHOR)]

    assert TableRouting(lines).matrix(PLACES) == TableRouting(lines[::-1]).matrix(PLACES)
    assert TableRouting(lines).matrix(PLACES)[A, B] == TravelTime(55, 70_000, Source.DECLARED)


def test_published_distance_alone_gets_the_usual_speed() -> None:
    table = TableRouting([DeclaredRoad(A, B, 66_000, source=Source.ANCHOR, mode=TravelMode.ROAD)])

    assert table.matrix(PLACES)[A, B] == TravelTime(road_minutes(66_000), 66_000, Source.ANCHOR)


def test_estimate_answers_every_pair_and_says_where_no_road_goes() -> None:
    matrix = EstimateRouting(Band.HIGH).matrix(PLACES)

    assert set(matrix) == {(a, b) for a in (A, B, C) for b in (A, B, C) if a != b}
    assert [pair for pair, time in matrix.items() if time is None] == [(A, C), (B, C), (C, A), (C, B)]
    assert matrix[A, B] == matrix[B, A]


def test_chain_prefers_the_table_and_labels_the_rest() -> None:
    providers: list[RoutingProvider] = [TableRouting([DeclaredRoad(A, B, 70_000, 55)]), EstimateRouting()]

    times = TravelTimes(PLACES, [provider.matrix(PLACES) for provider in providers])

    assert times.between(A, B) == TravelTime(55, 70_000, Source.DECLARED)
    assert times.between(A, C) is None
    assert EstimateRouting().matrix(PLACES)[A, B] is not None


def test_estimate_is_never_presented_as_known() -> None:
    qualities = {time.quality for time in EstimateRouting().matrix(PLACES).values() if time is not None}

    assert qualities == {Quality.ESTIMATED}
