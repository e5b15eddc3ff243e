"""Sequence numbers and clocks of trackers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.timing import NS
from xrdrama.tracking.clocks import Clocks
from xrdrama.tracking.sequences import Sequences

law = settings(deadline=None, max_examples=150)


def counted(numbers: list[int], modulus: int = 256) -> tuple[int, int, int]:
    found = Sequences(modulus)
    for number in numbers:
        found.received(number % modulus)
    return found.lost, found.repeated, found.late


@law
@given(st.integers(0, 255), st.integers(1, 600))
def test_nothing_is_lost_of_all_numbers_in_order(start: int, count: int) -> None:
    assert counted(list(range(start, start + count))) == (0, 0, 0)


@law
@given(st.sets(st.integers(1, 98), max_size=40))
def test_each_missing_number_is_lost(missing: set[int]) -> None:
    assert counted([n for n in range(100) if n not in missing]) == (len(missing), 0, 0)


@law
@given(st.integers(1, 90))
def test_a_late_packet_is_late_and_not_lost(where: int) -> None:
    numbers = list(range(100))
    numbers.insert(where + 4, numbers.pop(where))
    assert counted(numbers) == (0, 0, 1)


def test_repeated_packets_are_counted() -> None:
    assert counted([1, 2, 2, 3, 3, 3]) == (0, 3, 0)


def test_a_sender_that_starts_again_is_followed() -> None:
    lost, _, late = counted([*range(100, 140), *range(60, 90)])
    assert lost == 0 and late <= 2


def test_four_bits_are_enough_to_count_up_to_eight() -> None:
    assert counted([0, 1, 2, 9, 10], 16)[0] == 6


def clocks(ppm: float, *, jitter: list[int] | None = None, seconds: int = 20) -> Clocks:
    found = Clocks()
    for number in range(seconds * 50):
        at = number * NS // 50
        late = jitter[number % len(jitter)] if jitter else 0
        found.received(at + late, round(at / (1 + ppm * 1e-6)) + 7 * NS)
    return found


@pytest.mark.parametrize("ppm", [-200.0, -20.0, 0.0, 50.0, 400.0])
def test_drift_is_found_through_jitter(ppm: float) -> None:
    found = clocks(ppm, jitter=[0, 3_000_000, 8_000_000, 1_000_000, 0, 0]).drift()
    assert found == pytest.approx(ppm, abs=8.0)


def test_delay_is_over_the_fastest_packet() -> None:
    found = clocks(0.0, jitter=[0, 10_000_000]).delay(20 * NS)
    assert found is not None
    assert found[0] == pytest.approx(0.005, abs=2e-4) and found[1] == pytest.approx(0.010, abs=1e-4)


def test_a_tracker_that_restarts_does_not_drift() -> None:
    found = clocks(0.0, seconds=10)
    for number in range(500):
        at = 10 * NS + number * NS // 50
        found.received(at, number * NS // 50)
    drift = found.drift()
    assert drift is not None and abs(drift) < 1.0


def test_too_little_is_no_drift() -> None:
    assert clocks(50.0, seconds=4).drift() is None and Clocks().delay(0) is None
