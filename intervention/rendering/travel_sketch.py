"""A sketch of a week's tours, drawn by the server: straight lines between places, north up, no map beneath.

Only buildings are on it: a home address never is. What it shows stands as lists beside it, so it is one picture to a
screen reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from math import cos, radians
from uuid import UUID

from markupsafe import Markup

from intervention.domain.ledger_facts import Tour, WeekLedger

WIDTH, LOWEST, HIGHEST, EDGE = 400, 130, 260, 34
LETTER, LINE = 6.1, 14  # pixels of a label: a letter's width, a line's height
Point = tuple[float, float]
Box = tuple[float, float, float, float]


def sketch(ledger: WeekLedger, points: Mapping[UUID, Point], names: Mapping[UUID, str], told: str) -> Markup | None:
    """`points` are WGS84 (lat, lon), `told` says the picture in words; None when nothing moved or is placed."""
    tours = [tour for day in ledger.days for tour in (day.actual, day.regrouped) if tour.stops]
    wanted = dict.fromkeys(place for tour in tours for place in (tour.base, *tour.stops))
    places = [place for place in wanted if place in points]
    if len(places) < 2:
        return None
    at, height = _laid({place: points[place] for place in places})
    bases = {tour.base for tour in tours}
    parts = [_line(at, day.actual, "driven") for day in ledger.days]
    parts += [_line(at, day.regrouped, "spared") for day in ledger.days]
    parts += [_spot(at[place], is_base=place in bases) for place in places]
    parts += _labels(at, height, names, [*(p for p in places if p in bases), *(p for p in places if p not in bases)])
    return Markup(  # noqa: S704 - every text inside is escaped
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{escape(told)}">{"".join(parts)}</svg>'
    )


def _laid(points: Mapping[UUID, Point]) -> tuple[dict[UUID, Point], float]:
    """Degrees to the picture and its height: one scale both ways, so that what looks twice as far is."""
    narrow = cos(radians(sum(lat for lat, _ in points.values()) / len(points)))
    flat = {place: (lon * narrow, -lat) for place, (lat, lon) in points.items()}
    xs, ys = [x for x, _ in flat.values()], [y for _, y in flat.values()]
    wide, high = max(xs) - min(xs) or 1e-6, max(ys) - min(ys) or 1e-6
    scale = min((WIDTH - 2 * EDGE) / wide, (HIGHEST - 2 * EDGE) / high)
    height = max(LOWEST, high * scale + 2 * EDGE)
    left, top = (WIDTH - wide * scale) / 2, (height - high * scale) / 2
    laid = {place: (left + (x - min(xs)) * scale, top + (y - min(ys)) * scale) for place, (x, y) in flat.items()}
    return laid, height


def _line(at: Mapping[UUID, Point], tour: Tour, kind: str) -> str:
    stops = [place for place in (tour.base, *tour.stops, tour.base) if place in at] if tour.stops else []
    way = " ".join(f"{at[place][0]:.1f},{at[place][1]:.1f}" for place in stops)
    return f'<polyline class="{kind}" points="{way}"/>' if way else ""


def _spot(at: Point, *, is_base: bool) -> str:
    x, y = at
    if is_base:
        return f'<rect class="place base" x="{x - 6:.1f}" y="{y - 6:.1f}" width="12" height="12"/>'
    return f'<circle class="place" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'


def _labels(at: Mapping[UUID, Point], height: float, names: Mapping[UUID, str], places: Iterable[UUID]) -> list[str]:
    """Each name above or below its place, farther where another name already stands."""
    taken: list[Box] = [(x - 6, y - 6, x + 6, y + 6) for x, y in at.values()]
    parts = []
    for place in places:
        x, y = at[place]
        half = len(names.get(place, "")) * LETTER / 2
        middle = min(max(x, half + 2), WIDTH - half - 2)
        offers = [y + sign * (11 + LINE * step) + (10 if sign > 0 else 0) for step in range(4) for sign in (-1, 1)]
        base = next((each for each in offers if _is_free(_box(middle, each, half), taken, height)), offers[0])
        taken.append(_box(middle, base, half))
        parts.append(
            f'<text x="{middle:.1f}" y="{base:.1f}" text-anchor="middle">{escape(names.get(place, ""))}</text>'
        )
    return parts


def _box(middle: float, base: float, half: float) -> Box:
    return middle - half, base - LINE + 3, middle + half, base + 3


def _is_free(box: Box, taken: Iterable[Box], height: float) -> bool:
    left, top, right, bottom = box
    if top < 0 or bottom > height:
        return False
    return all(right <= a[0] or left >= a[2] or bottom <= a[1] or top >= a[3] for a in taken)
