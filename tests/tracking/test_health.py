"""The health report of a tracker."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.timing import NS
from xrdrama.tracking.health import MOST, Health, Jumps, wrong_subject

MS = 1_000_000


def heard(*times: int) -> Health:
    health = Health()
    for number, at in enumerate(times):
        health.received(number.to_bytes(4, "big"), at)
    return health


def test_no_sound_gives_no_events() -> None:
    report = Health().report(5 * NS)
    assert (report.samples, report.rate, report.jitter, report.gaps) == (0, 0.0, 0.0, 0)
    assert (report.longest_gap, report.silence) == (0.0, 0.0)


def test_a_steady_tracker_has_its_rate_and_no_jitter() -> None:
    report = heard(*range(0, 2 * NS, 20 * MS)).report(2 * NS - 20 * MS)
    assert report.samples == 100
    assert report.rate == pytest.approx(50.0)
    assert report.jitter == 0.0 and report.gaps == 0
    assert report.longest_gap == 0.02 and report.silence == 0.0


def test_jitter_is_the_mean_deviation_of_the_intervals() -> None:
    times = [0]
    for number in range(100):
        times.append(times[-1] + (15 if number % 2 else 25) * MS)
    report = heard(*times).report(times[-1])
    assert report.jitter == pytest.approx(0.005)
    assert report.rate == pytest.approx(50.0)


@pytest.mark.parametrize(("silence", "gaps"), [(49 * MS, 0), (50 * MS, 1), (51 * MS, 1)])
def test_fifty_milliseconds_are_a_gap(silence: int, gaps: int) -> None:
    health = heard(0, 10 * MS, 10 * MS + silence)
    assert health.report(10 * MS + silence).gaps == gaps


def test_a_gap_is_one_before_the_packet_that_ends_it() -> None:
    health = heard(0, 10 * MS)
    assert health.report(59 * MS).gaps == 0
    during = health.report(60 * MS)
    assert (during.gaps, during.silence, during.longest_gap) == (1, 0.05, 0.05)
    health.received(b"late", 110 * MS)
    after = health.report(110 * MS)
    assert (after.gaps, after.silence, after.longest_gap) == (1, 0.0, 0.1)


def test_only_the_last_two_seconds_count() -> None:
    slow_then_fast = [*range(0, 4 * NS, 40 * MS), *range(4 * NS, 7 * NS, 10 * MS)]
    health = heard(*slow_then_fast)
    assert health.report(slow_then_fast[-1]).rate == pytest.approx(100.0)
    assert len(health._arrivals) <= 201


def test_tracker_that_stopped_sending_has_no_rate() -> None:
    health = heard(*range(0, 2 * NS, 20 * MS))
    assert health.report(2 * NS).rate == pytest.approx(50.0)
    dead = health.report(10 * NS)
    assert dead.rate == 0.0 and dead.silence > 8.0 and dead.gaps == 1


def test_the_same_bytes_again_are_a_duplicate() -> None:
    health = Health()
    for at, datagram in enumerate((b"a", b"a", b"b", b"a", b"a", b"a")):
        health.received(datagram, at)
    assert health.report(9).duplicates == 3


def test_reasons_are_counted_and_bounded() -> None:
    health = Health()
    for _ in range(3):
        health.refused("checksum")
    for number in range(1000):
        health.refused(f"length {number}")
    health.refused("checksum")
    report = health.report(0)
    assert report.bad == 1004
    assert report.bad_reasons["checksum"] == 4
    assert len(report.bad_reasons) == 20
    report.bad_reasons.clear()
    assert health.report(0).bad_reasons  # a report is not a window into the counter


def test_number_of_kept_arrivals_is_limited() -> None:
    health = heard(*range(3 * MOST))
    assert len(health._arrivals) == MOST
    assert health.report(3 * MOST).samples == 3 * MOST


@settings(deadline=None)
@given(st.lists(st.integers(0, 300 * MS), min_size=1, max_size=80), st.integers(0, 3 * NS))
def test_reports_are_of_the_last_two_seconds(steps: list[int], later: int) -> None:
    times = [sum(steps[: n + 1]) for n in range(len(steps))]
    now = times[-1] + later
    report = heard(*times).report(now)
    recent = [at for at in times if now - at <= 2 * NS]
    span = recent[-1] - recent[0] if recent else 0
    assert report.rate == pytest.approx((len(recent) - 1) / span * NS if span else 0.0)
    assert report.samples == len(times)
    assert report.longest_gap * NS == pytest.approx(max([later, *steps[1:]]), abs=1)
    assert report.gaps == sum(step >= 50 * MS for step in (*steps[1:], later))


def jumps(*steps: tuple[int, float]) -> int:
    """How many jumps are counted along x, each step a time in ms and a place in metres."""
    counter = Jumps()
    for at, x in steps:
        counter.received(at * MS, Pose(Vec3(x, 0.0, 0.0)))
    return counter.count


def test_glitch_and_lasting_jump_count_as_one_jump_each() -> None:
    steady = [(20 * n, 0.02 * n) for n in range(10)]
    assert jumps(*steady) == 0
    assert jumps(*steady, (200, 3.0), (220, 3.0), (240, 0.2)) == 1
    assert jumps(*steady, (200, 3.0), (220, 3.0), (900, 3.0)) == 1
    assert jumps(*steady, (200, 3.0), (220, 0.2), (240, -3.0), (260, 0.2)) == 2


def test_a_turn_is_a_jump_too() -> None:
    counter = Jumps()
    for pan in (0.0, 29.0, 60.0):
        counter.received(round(pan) * MS, Pose(Vec3(), Quat.from_angles(pan=pan)))
    assert counter.count == 1


def test_a_wrong_subject_is_named() -> None:
    assert wrong_subject(["2"], "1") == "receiving subject 2; the stage expects subject 1"
    said = wrong_subject(["2", "3", "4"], "1")
    assert said == "receiving subjects 2, 3 and 4; the stage expects subject 1"
