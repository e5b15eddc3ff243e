"""Latency measured in synthetic videos with noise, a rolling shutter and compression."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from xrdrama.adapters.video.files import VideoWriter
from xrdrama.adapters.video.latency import Box, measure
from xrdrama.errors import DeviceError, UsageError
from xrdrama.timing import FrameRate

WIDE, HIGH, FPS = 160, 90, 24
LEFT: Box = (0.05, 0.1, 0.35, 0.8)
RIGHT: Box = (0.6, 0.1, 0.35, 0.8)
ROWS = np.arange(HIGH) / HIGH
Doubles = NDArray[np.float64]
# When the light changes, seconds; irregular.
CHANGES = np.cumsum(
    [0.31, 0.12, 0.29, 0.21, 0.44, 0.13, 0.23, 0.35, 0.17, 0.52, 0.15, 0.2, 0.41, 0.13]
)


def lit(start: Doubles, exposure: float) -> Doubles:
    """The share of an exposure from `start` (seconds, for each row) in which the light is on."""
    steps = start[:, None] + exposure * (np.arange(16) + 0.5) / 16
    return (np.searchsorted(CHANGES, steps) % 2).mean(axis=1)


def film(path: Path, frames: int, draw: Callable[[int, Doubles], None], noise: float = 6.0) -> Path:
    random = np.random.default_rng(5)
    with VideoWriter(path, (WIDE, HIGH), FrameRate(FPS), quality=30) as video:
        for frame in range(frames):
            picture = np.full((HIGH, WIDE), 30.0)
            draw(frame, picture)
            picture += random.normal(0.0, noise, picture.shape)
            grey = np.clip(picture, 0, 255).astype(np.uint8)
            video.write(np.repeat(grey[..., None], 3, axis=2))
    return path


def flashing(path: Path, late: float, *, readout: float = 0.4, noise: float = 6.0) -> Path:
    """The wall on the right flashes `late` frames after the reference on the left; the rows are
    exposed one after the other, over `readout` of a frame."""

    def draw(frame: int, picture: Doubles) -> None:
        start = (frame + readout * ROWS) / FPS
        picture[:, 10:60] += 150 * lit(start, 0.5 / FPS)[:, None]
        picture[:, 98:150] += 110 * lit(start - late / FPS, 0.5 / FPS)[:, None]

    return film(path, 100, draw, noise)


@pytest.mark.parametrize("late", [0.0, 1.5, 3.3, 6.0, 7.75, 11.2])
def test_flashes_give_the_latency_to_half_a_frame(tmp_path: Path, late: float) -> None:
    found = measure(flashing(tmp_path / "flash.mp4", late), "flash", LEFT, RIGHT)
    assert abs(found.frames - late) <= 0.5 and found.agreement > 0.8
    assert found.milliseconds == pytest.approx(found.frames / 24 * 1000, abs=0.3)


def test_the_frame_rate_can_be_given(tmp_path: Path) -> None:
    found = measure(flashing(tmp_path / "flash.mp4", 4.0), "flash", LEFT, RIGHT, 48.0)
    assert found.fps == 48.0 and found.milliseconds == pytest.approx(83.3, abs=11)


def panning(path: Path, late: float) -> Path:
    """The camera pans and stops; the set on the left moves with the pan, the pattern on the right,
    locked to the inner frustum, is displaced by what the camera turned in `late` frames."""
    random = np.random.default_rng(3)
    texture = np.repeat(random.uniform(0, 150, 200), 3)

    def turned(frame: float) -> float:
        t = np.clip((frame - 12) / 40, 0.0, 1.0)
        return float(60 * t * t)  # speeds up, then stops abruptly

    def strip(shift: float, count: int) -> Doubles:
        at = np.arange(count) + 200 + shift
        return np.interp(at, np.arange(len(texture)), texture)

    def draw(frame: int, picture: Doubles) -> None:
        picture[:, 4:70] += strip(turned(frame), 66)
        slip = turned(frame) - turned(frame - late)
        picture[:, 90:156] += strip(slip + 37, 66)

    return film(path, 84, draw, 3.0)


@pytest.mark.parametrize("late", [2.0, 5.5, 9.0])
def test_a_pan_that_stops_gives_the_latency_to_half_a_frame(tmp_path: Path, late: float) -> None:
    found = measure(panning(tmp_path / "pan.mp4", late), "pan", LEFT, RIGHT)
    assert abs(found.frames - late) <= 0.5, found


def test_a_video_without_flashes_is_refused(tmp_path: Path) -> None:
    still = film(tmp_path / "still.mp4", 60, lambda frame, picture: None)
    for method in ("flash", "pan"):
        with pytest.raises(UsageError, match=r"no flashes|no pan"):
            measure(still, method, LEFT, RIGHT)


def test_a_wall_that_does_not_flash_with_the_reference_is_refused(tmp_path: Path) -> None:
    random = np.random.default_rng(9)
    other = np.cumsum(random.uniform(0.1, 0.5, 20))

    def draw(frame: int, picture: Doubles) -> None:
        picture[:, 10:60] += 150 * lit(np.full(HIGH, frame / FPS), 0.5 / FPS)[:, None]
        picture[:, 98:150] += 110 * (np.searchsorted(other, frame / FPS) % 2)

    with pytest.raises(UsageError, match="cannot be matched"):
        measure(film(tmp_path / "other.mp4", 100, draw), "flash", LEFT, RIGHT)


def test_regular_flashes_are_refused_because_they_are_ambiguous(tmp_path: Path) -> None:
    def draw(frame: int, picture: Doubles) -> None:
        picture[:, 10:60] += 150 * ((frame // 4) % 2)
        picture[:, 98:150] += 110 * (((frame - 3) // 4) % 2)

    with pytest.raises(UsageError, match="repeat regularly"):
        measure(film(tmp_path / "regular.mp4", 100, draw), "flash", LEFT, RIGHT)


def test_other_files_are_one_line(tmp_path: Path) -> None:
    text = tmp_path / "text.mp4"
    text.write_text("not a video")
    with pytest.raises(DeviceError, match="cannot be read as a video"):
        measure(text, "flash", LEFT, RIGHT)
    with pytest.raises(DeviceError, match="cannot be read"):
        measure(tmp_path / "missing.mp4", "flash", LEFT, RIGHT)
