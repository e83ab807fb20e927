"""The embedded estimate: it is a metric, it knows its roads' ends, and it stays near published distances."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intervention.domain.road_components import propose_component
from intervention.domain.road_estimate import Band, estimate, great_circle_metres, road_metres, road_minutes
from intervention.domain.travel import Place, Quality, Source

somewhere = st.builds(Place, st.uuids(), st.floats(min_value=45, max_value=55), st.floats(min_value=-79, max_value=-57))


def place(lat: float, lon: float, component: str | None = None) -> Place:
    return Place(UUID(int=int(lat * 1000)), lat, lon, component)


BAIE_COMEAU, SEPT_ILES = place(49.1968, -68.2545), place(50.2206, -66.3795)


def test_estimate_is_labelled_and_near_the_published_road() -> None:
    time = estimate(BAIE_COMEAU, SEPT_ILES)

    assert time is not None
    assert (time.source, time.quality) == (Source.ESTIMATED, Quality.ESTIMATED)
    assert abs(time.metres - 232_000) < 15_000
    assert abs(time.minutes - 175) < 15


def test_no_road_between_networks() -> None:
    anticosti = place(49.82, -64.35, "anticosti")

    assert estimate(SEPT_ILES, anticosti) is None
    assert estimate(anticosti, place(49.9, -64.4, "anticosti")) is not None


def test_low_band_is_short_for_savings_and_high_band_long_for_schedules() -> None:
    low, central, high = (road_metres(100_000, band) for band in (Band.LOW, Band.CENTRAL, Band.HIGH))

    assert (low, central, high) == (120_000, 125_000, 140_000)


def test_short_roads_wind_more() -> None:
    assert road_metres(10_000, Band.CENTRAL) == 14_000
    assert road_metres(15_500, Band.CENTRAL) == 21_000
    assert road_metres(20_000, Band.CENTRAL) == 25_000


@pytest.mark.parametrize(("metres", "minutes"), [(0, 8), (10_000, 20), (15_000, 26), (39_000, 44), (80_000, 68)])
def test_speed_grows_with_the_length_of_the_road(metres: int, minutes: int) -> None:
    assert road_minutes(metres) == minutes


@given(somewhere, somewhere, somewhere, st.sampled_from(Band))
def test_estimate_obeys_the_triangle_inequality(a: Place, b: Place, c: Place, band: Band) -> None:
    direct, first, second = estimate(a, c, band), estimate(a, b, band), estimate(b, c, band)

    assert direct is not None
    assert first is not None
    assert second is not None
    assert direct.metres <= first.metres + second.metres + 1
    assert direct.minutes <= first.minutes + second.minutes + 1


@given(somewhere, somewhere)
def test_great_circle_is_symmetric(a: Place, b: Place) -> None:
    assert great_circle_metres(a, b) == pytest.approx(great_circle_metres(b, a))


@pytest.mark.parametrize(
    ("lat", "lon", "municipality", "component"),
    [
        (50.189, -61.272, "Côte-Nord-du-Golfe-du-Saint-Laurent", None),  # Kegaska, joined since 2013
        (50.217, -60.661, "Côte-Nord-du-Golfe-du-Saint-Laurent", "la-romaine"),
        (50.467, -59.619, "Côte-Nord-du-Golfe-du-Saint-Laurent", "chevery"),
        (50.500, -59.480, "Côte-Nord-du-Golfe-du-Saint-Laurent", "harrington-harbour"),
        (50.701, -59.325, "Côte-Nord-du-Golfe-du-Saint-Laurent", "tete-a-la-baleine"),
        (50.830, -58.958, "Gros-Mécatina", "gros-mecatina"),
        (50.774, -59.027, "Gros-Mécatina", "gros-mecatina"),
        (51.227, -58.648, "Saint-Augustin", "saint-augustin"),
        (48.72, -72.46, "Saint-Augustin", None),  # the one of Lac-Saint-Jean
        (51.414, -57.187, "Blanc-Sablon", "blanc-sablon"),
        (51.426, -57.818, "Bonne-Espérance", "blanc-sablon"),
        (49.818, -64.350, "L’Île-d’Anticosti", "anticosti"),
        (47.405, -61.795, "Les Îles-de-la-Madeleine", "iles-de-la-madeleine"),
        (47.28, -61.70, "Les Îles-de-la-Madeleine", "ile-d-entree"),
        (54.80, -66.82, "Schefferville", "schefferville"),
        (54.80, -66.10, "Kawawachikamach", "schefferville"),  # a little beyond the circle, and so named
        (58.10, -68.40, "Kuujjuaq", "nunavik-58.1-68.4"),
        (53.790, -77.632, "Radisson", None),
        (50.278, -64.2, "Longue-Pointe-de-Mingan", None),
        (48.83, -64.49, "Gaspé", None),
    ],
)
def test_known_isolated_places_are_proposed(lat: float, lon: float, municipality: str, component: str | None) -> None:
    assert propose_component(lat, lon, municipality) == component
