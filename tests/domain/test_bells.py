from datetime import time

from hypothesis import given
from hypothesis import strategies as st

from intervention.domain.bells import MAX_BELLS, Bell, bell_faults
from intervention.domain.days import BellKind


def bell(starts: str, ends: str, label: str = "Période") -> Bell:
    return Bell(BellKind.PERIOD, label, time.fromisoformat(starts), time.fromisoformat(ends))


def test_bells_may_touch_in_any_order() -> None:
    assert bell_faults([bell("10:15", "11:37"), bell("08:15", "10:00"), bell("10:00", "10:15")]) == {}


def test_an_overlap_is_told_at_the_later_bell() -> None:
    """The long one hides both of the others."""
    assert bell_faults([bell("09:00", "09:30"), bell("08:00", "11:00"), bell("10:00", "10:15")]) == {
        "starts-0": "bell_overlaps",
        "starts-2": "bell_overlaps",
    }


def test_a_bell_has_a_length_and_a_name() -> None:
    assert bell_faults([bell("09:00", "09:00"), bell("10:00", "09:30", " "), bell("11:00", "12:00", "x" * 41)]) == {
        "ends-0": "ends_before_start",
        "ends-1": "ends_before_start",
        "label-1": "required",
        "label-2": "too_long",
    }


def test_a_day_has_so_many_bells_and_no_more() -> None:
    bells = [bell(f"{n // 2:02}:{n % 2 * 30:02}", f"{n // 2:02}:{n % 2 * 30 + 20:02}") for n in range(MAX_BELLS + 1)]

    assert bell_faults(bells) == {f"starts-{MAX_BELLS}": "too_many"}


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=8))
def test_bells_without_fault_never_overlap(pairs: list[tuple[int, int]]) -> None:
    bells = [Bell(BellKind.PERIOD, "P", minutes(a), minutes(a + length)) for a, length in pairs]

    overlap = any(
        one.starts_local < two.ends_local and two.starts_local < one.ends_local
        for n, one in enumerate(bells)
        for two in bells[n + 1 :]
    )
    assert bool(bell_faults(bells)) == overlap


def minutes(n: int) -> time:
    return time(8 + n // 60, n % 60)
