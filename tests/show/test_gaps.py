"""Gaps of a tracker on the virtual clock are reported; smoothing lags by its constant."""

from __future__ import annotations

from math import ceil

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.show.small import MS, played, small
from xrdrama.show import Production
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.timing import NS
from xrdrama.tracking import TrackingSample
from xrdrama.wire.events import AnyEvent
from xrdrama.wire.frame import Frame

PRODUCTION = small()
STAGE = PRODUCTION.stage
assert STAGE is not None
FPS = 24
STEP = 10 * MS


def sample(at: int, x: float = 0.3) -> TrackingSample:
    return TrackingSample("freed", "7", at, Pose(Vec3(x, -1.5, 1.7), Quat.from_angles(pan=8.0)))


def with_gap(began: int, length: int, end: int = 2 * NS) -> list[tuple[int, AnyEvent]]:
    """Samples every 10 ms, without any for `length` nanoseconds after the one at `began`."""
    before = range(began % STEP - STEP, began + 1, STEP)
    return [(at, sample(at)) for at in (*before, *range(began + length, end, STEP))]


def first_alarm(frames: list[Frame]) -> Frame | None:
    return next(
        (f for f in frames if any(alarm.code == "tracking_gap" for alarm in f.alarms)), None
    )


@settings(deadline=None, max_examples=25)
@given(st.integers(600 * MS, 700 * MS), st.integers(50, 100))
def test_a_gap_of_50_ms_is_reported_within_3_frames(began: int, length: int) -> None:
    _, frames = played(with_gap(began, length * MS), 1.5, PRODUCTION, fps=FPS)
    found = first_alarm(frames)
    assert found is not None, "no alarm"
    is_one_at = began + 50 * MS
    frames_later = (found.time.shows_at - is_one_at) * FPS / NS
    assert 0 <= frames_later <= 3
    (alarm,) = found.alarms
    assert alarm.since == began and "sent nothing for" in alarm.text


@settings(deadline=None, max_examples=15)
@given(st.integers(600 * MS, 700 * MS), st.integers(10, 49))
def test_shorter_gaps_are_not_reported(began: int, length: int) -> None:
    _, frames = played(with_gap(began, length * MS), 1.5, PRODUCTION, fps=FPS)
    assert first_alarm(frames) is None


def test_the_gate_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """With gaps of 200 ms only, the same gap has no alarm."""
    monkeypatch.setattr("xrdrama.show.framing.GAP", 200 * MS)
    monkeypatch.setattr("xrdrama.show.changes.update.GAP", 200 * MS)
    _, frames = played(with_gap(650 * MS, 60 * MS), 1.5, PRODUCTION, fps=FPS)
    assert first_alarm(frames) is None


def test_a_gap_is_shown_for_a_second_after_it_ended() -> None:
    _, frames = played(with_gap(500 * MS, 60 * MS, 3 * NS), 3, PRODUCTION, fps=FPS)
    shown = [f.time.shows_at for f in frames if f.alarms and f.alarms[0].code == "tracking_gap"]
    assert max(shown) < 560 * MS + NS < max(shown) + ceil(NS / FPS) + 1


def test_long_silence_is_reported_once_and_by_the_ladder() -> None:
    _, frames = played([(at, sample(at)) for at in range(0, NS, STEP)], 2, PRODUCTION, fps=FPS)
    assert [alarm.code for alarm in frames[-1].alarms] == ["tracking_lost"]


# -- smoothing ------------------------------------------------------------------------------------

SPEED = 0.5


def moving(production: Production) -> float:
    """The camera's x in the last frame of two seconds of a steady move along x, metres."""
    log: list[tuple[int, AnyEvent]] = [
        (at, sample(at, SPEED * at / NS)) for at in range(0, 2 * NS, STEP)
    ]
    _, frames = played(log, 1.9, production, fps=50)
    return frames[-1].views[0].pose.position.x


def smoothed(ms: int) -> Production:
    assert STAGE is not None
    tracking = msgspec.structs.replace(STAGE.tracking, smooth=ms * MS)
    return msgspec.structs.replace(
        PRODUCTION, stage=msgspec.structs.replace(STAGE, tracking=tracking)
    )


@pytest.mark.parametrize("ms", [20, 40, 80])
def test_smoothing_lags_by_its_time_constant(ms: int) -> None:
    lag = (moving(PRODUCTION) - moving(smoothed(ms))) / SPEED
    # A sampled filter of first order lags by its constant less about half a sample.
    assert lag == pytest.approx(ms / 1000, abs=0.006)


def test_nothing_is_smoothed_by_default() -> None:
    assert STAGE is not None and STAGE.tracking.smooth == 0
    assert moving(smoothed(0)) == moving(PRODUCTION)
