"""The worlds that slots are measured in: W-SLOT for the kernel, a believable month for the complete search."""

from __future__ import annotations

import random
from dataclasses import dataclass
from uuid import UUID

from intervention.domain import masks
from intervention.domain.slots import Calendar, Day, Option, Problem, SitePlan, Stop, Traveller

DAY_TICKS, WEEK_DAYS, YEAR_WEEKS = 120, 5, 40
YEAR = YEAR_WEEKS * WEEK_DAYS * DAY_TICKS  # 24,000 ticks: forty school weeks of five ten-hour days
HALF_HOUR = 6
BOOKED_A_WEEK = 25

MONTH_DAYS, LOCAL_DAY = 28, 288
MONTH = MONTH_DAYS * LOCAL_DAY


@dataclass(frozen=True, slots=True)
class Busy:
    """One resource's taken time twice: as spans in order, and as a mask."""

    spans: tuple[tuple[int, int], ...]
    mask: int


def w_slot(resources: int = 500, seed: int = 1) -> list[Busy]:
    """`resources` calendars of a school year, 25 bookings a week each, of half an hour to an hour and a half."""
    rng = random.Random(seed)
    return [_year(rng) for _ in range(resources)]


def _year(rng: random.Random) -> Busy:
    taken: set[int] = set()
    for day in range(YEAR_WEEKS * WEEK_DAYS):
        booked = 0
        while booked < BOOKED_A_WEEK // WEEK_DAYS:
            at = day * DAY_TICKS + 3 * rng.randrange(DAY_TICKS // 3 - 4)
            new = set(range(at, min(at + rng.choice((6, 12, 18)), (day + 1) * DAY_TICKS)))
            if not new & taken:
                taken |= new
                booked += 1
    return Busy(tuple(spans_of(taken)), sum(1 << tick for tick in taken))


def spans_of(ticks: set[int]) -> list[tuple[int, int]]:
    """Maximal runs of a set of ticks."""
    found: list[tuple[int, int]] = []
    for tick in sorted(ticks):
        if found and found[-1][1] == tick:
            found[-1] = (found[-1][0], tick + 1)
        else:
            found.append((tick, tick + 1))
    return found


def a_month(seed: int = 2) -> Problem:
    """Five people, any of 20 rooms, any of 5 facilitators, four weeks, bells, working hours and the road.

    She sees two pupils of a school an hour away with their teacher and principal: from her base, there in person, or
    from a second school where she is on some days.
    """
    rng = random.Random(seed)
    base, school, other, far = (UUID(int=n) for n in range(1, 5))
    host = UUID(int=100)
    site = _school_site(rng, school)
    elsewhere = SitePlan(other, needs_room=True, rooms=_pool(rng, 5, 700))
    return Problem(
        origin=5_000_000,
        length=MONTH,
        not_before=40,
        duration=9,
        travellers=(_traveller(rng, host, base, school, other, far),),
        options=(
            Option((SitePlan(base), site), {host: base}, is_remote=True),
            Option((site,), {host: school}, is_remote=False),
            Option((elsewhere, site), {host: other}, is_remote=True),
        ),
        shorter=(6,),
    )


def _traveller(rng: random.Random, host: UUID, base: UUID, school: UUID, other: UUID, far: UUID) -> Traveller:  # noqa: PLR0913, PLR0917 - the map
    table = {
        (base, school): 14, (base, other): 8, (base, far): 26, (school, other): 10, (school, far): 22, (other, far): 24,
    }  # fmt: skip
    needs: dict[tuple[UUID, UUID], int | None] = {**table, **{(b, a): ticks for (a, b), ticks in table.items()}}
    return Traveller(
        host,
        base,
        available=_daily((8 * 12, 16 * 12 + 6)),
        away=_some(rng, 6),
        days=tuple(_day(rng, n, base, school, other) for n in _weekdays()),
        max_buildings=3,
        lunch_ticks=9,
        needs={True: needs, False: needs},
    )


def _day(rng: random.Random, day: int, base: UUID, *schools: UUID) -> Day:
    """Four encounters: all at the base, and every second day some at a school or two."""
    start = day * LOCAL_DAY
    stops: list[Stop] = []
    at, where = start + 100, base
    for _ in range(4):
        after = rng.choice((base, base, where, *schools)) if day % 2 else base
        at += 0 if after == where else 14
        if at > start + 180:
            break
        stops.append(Stop(at, at + rng.choice((6, 9)), after))
        at, where = stops[-1].ends + rng.randrange(0, 14), after
    return Day(start, start + LOCAL_DAY, start + 138, start + 156, tuple(stops), is_winter=True)


def _school_site(rng: random.Random, building: UUID) -> SitePlan:
    """Two pupils, their teacher, and the principal who may stay away."""
    school = _daily((99, 111), (111, 123), (125, 137), (157, 170), (173, 186))
    hours = _daily((96, 192))
    people = tuple(
        Calendar(UUID(int=200 + n), _some(rng, 5), hours if n > 1 else None, is_required=n < 3) for n in range(4)
    )
    return SitePlan(
        building,
        people,
        school=school,
        class_days=_daily((0, LOCAL_DAY)),
        protected=_daily((111, 117)),
        needs_room=True,
        rooms=_pool(rng, 20, 300),
        needs_facilitator=True,
        facilitators=tuple(Calendar(c.resource_id, c.busy, hours) for c in _pool(rng, 5, 400)),
        bells=school & ~(school << 1),
    )


def _pool(rng: random.Random, size: int, first: int) -> tuple[Calendar, ...]:
    return tuple(Calendar(UUID(int=first + n), _some(rng, BOOKED_A_WEEK)) for n in range(size))


def _some(rng: random.Random, a_week: int) -> int:
    """Half-hours to hours between 8 and 16, `a_week` of them each week."""
    found = 0
    for week in range(MONTH_DAYS // 7):
        for _ in range(a_week):
            at = (week * 7 + rng.randrange(5)) * LOCAL_DAY + rng.randrange(96, 186)
            found |= masks.run(at, at + rng.choice((6, 9, 12)))
    return found


def _daily(*spans: tuple[int, int]) -> int:
    """The same ticks of each weekday."""
    found = 0
    for day in _weekdays():
        for low, high in spans:
            found |= masks.run(day * LOCAL_DAY + low, day * LOCAL_DAY + high)
    return found


def _weekdays() -> list[int]:
    return [n for n in range(MONTH_DAYS) if n % 7 < WEEK_DAYS]
