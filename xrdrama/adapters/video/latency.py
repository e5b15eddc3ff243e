"""Measures the latency of an LED wall in a video of it, to half a frame.

Flash: the wall and a reference beside it (a lamp or a monitor without the LED processor) flash
together, at irregular times; the wall is late. Pan: a pattern that is locked to the inner frustum
is on the wall while the camera pans and stops; it lags behind by what the camera turned meanwhile,
and the set beside it shows how the camera turned.

The two are compared in one video, so the clocks of cameras and computers do not matter. With a
rolling shutter both regions must be at the same height in the picture.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Literal

import av
import msgspec
import numpy as np
from numpy.typing import NDArray

from xrdrama.errors import DeviceError, UsageError

Doubles = NDArray[np.float64]
Box = tuple[float, float, float, float]
"""Left, top, width and height as shares of the picture."""
Method = Literal["flash", "pan"]
MOST_FRAMES = 3000
MOST_LAG = 30
"""The longest latency that is looked for, frames."""
EDGES = 6
"""A flash video needs at least as many changes between dark and bright."""
AGREES = 0.8
"""The least correlation of both curves that is measured and not refused."""
MOVED_PX = 4.0


class Measured(msgspec.Struct, frozen=True):
    """The latency of the wall against the reference."""

    method: Method
    frames: float
    milliseconds: float
    fps: float
    uncertainty_frames: float
    """Half a frame: what the measurement is good for."""
    agreement: float
    """Correlation of the two curves at that latency; 1 = the same curve."""
    used_frames: int


def measure(
    path: Path, method: Method, reference: Box, wall: Box, fps: float | None = None
) -> Measured:
    """Measure the latency of `wall` against `reference` in a video; `fps` replaces its own rate.

    DeviceError for a file that is not a video; UsageError when there is no flash or movement that
    can be measured.
    """
    pictures, own = _grey(path)
    rate = fps or own
    if len(pictures) < 2 * EDGES:
        raise UsageError(f"{path} has only {len(pictures)} frames", "record 5 seconds or more")
    one, other = _cut(pictures, reference), _cut(pictures, wall)
    lag, agreement = _flashes(one, other) if method == "flash" else _pans(one, other)
    return Measured(
        method, round(lag, 2), round(lag / rate * 1000, 1), rate, 0.5, round(agreement, 3),
        len(pictures),
    )  # fmt: skip


def _grey(path: Path) -> tuple[Doubles, float]:
    """The pictures of a video as grey levels (frames, rows, columns), at most 320 across, and its
    frame rate."""
    found: list[Doubles] = []
    try:
        with av.open(str(path)) as file:
            if not file.streams.video:
                raise DeviceError(f"{path} has no pictures", "choose a video")
            stream = file.streams.video[0]
            rate = float(stream.average_rate or stream.guessed_rate or 24)
            for frame in file.decode(stream):
                wide = min(320, frame.width)
                high = max(2, round(frame.height * wide / frame.width))
                small = frame.reformat(width=wide, height=high, format="gray")
                found.append(small.to_ndarray().astype(np.float64))
                if len(found) >= MOST_FRAMES:
                    break
    except (av.FFmpegError, OSError) as error:
        raise DeviceError(f"{path} cannot be read as a video: {error}", "choose a video") from error
    if not found:
        raise DeviceError(f"{path} has no pictures", "choose a video")
    return np.stack(found), rate


def _cut(pictures: Doubles, box: Box) -> Doubles:
    _, high, wide = pictures.shape
    left, top = int(box[0] * wide), int(box[1] * high)
    right, bottom = int((box[0] + box[2]) * wide), int((box[1] + box[3]) * high)
    return pictures[:, top : max(bottom, top + 1), left : max(right, left + 1)]


def _flashes(reference: Doubles, wall: Doubles) -> tuple[float, float]:
    """The lag in frames between two regions that flash, and their correlation there."""
    curves = []
    for name, region in (("reference", reference), ("wall", wall)):
        curve = region.mean(axis=(1, 2))
        low, high = np.quantile(curve, (0.05, 0.95))
        bright = curve > (low + high) / 2
        noise = float(np.median(np.abs(np.diff(curve))))
        edges = int(np.count_nonzero(np.diff(bright.astype(int))))
        if high - low < max(6.0, 5.0 * noise) or edges < EDGES:
            raise UsageError(
                f"no flashes were found in the region of the {name}",
                "film irregular flashes for 5 seconds, and give their places with --reference and "
                "--wall",
            )
        curves.append(np.clip((curve - low) / (high - low), 0.0, 1.0))
    scores = np.array([_agreement(curves[0], curves[1], lag) for lag in range(MOST_LAG + 2)])
    best = int(np.argmax(scores[: MOST_LAG + 1]))
    rivals = [s for lag, s in enumerate(scores) if abs(lag - best) > 2]
    if scores[best] < AGREES or max(rivals) > 0.93 * scores[best]:
        raise UsageError(
            "the flashes of the reference and of the wall cannot be matched"
            + (" (they repeat regularly)" if scores[best] >= AGREES else ""),
            "flash at irregular times, and keep everything else in the picture still",
        )
    return _edge_lag(curves[0], curves[1], best), float(scores[best])


def _agreement(one: Doubles, other: Doubles, lag: int) -> float:
    """The correlation of a curve with another that is `lag` frames later."""
    a, b = one[: len(one) - lag], other[lag:]
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / scale if scale > 0 else 0.0


def _edge_lag(one: Doubles, other: Doubles, lag: int) -> float:
    """The lag to a part of a frame: the light that is gained by each later flash, summed."""
    # A flash that begins within an exposure makes a part of its light: the area between both
    # curves at rising edges is the time between them. Falling edges have the other sign.
    shifted = other[lag:]
    same = one[: len(shifted)]
    slope = np.gradient(same)
    # Least squares for other(t + lag) = same(t) - slope * rest.
    weight = float(slope @ slope)
    rest = -float(slope @ (shifted - same)) / weight if weight > 0 else 0.0
    return lag + max(-1.0, min(1.0, rest))


def _pans(reference: Doubles, wall: Doubles) -> tuple[float, float]:
    """The lag in frames of a pattern that is locked to the inner frustum, and how well it fits."""
    turned, slipped = np.cumsum(_steps(reference)), np.cumsum(_steps(wall))
    if np.ptp(turned) < MOVED_PX or np.ptp(slipped) < 1.0:
        raise UsageError(
            "no pan was found: the reference does not move, or the pattern on the wall does not",
            "pan quickly and stop abruptly; the pattern must be locked to the inner frustum",
        )
    times = np.arange(len(turned), dtype=np.float64)
    best, fit = 0.0, -1.0
    for lag in np.arange(0.1, MOST_LAG, 0.05):
        late = turned - np.interp(times - lag, times, turned)
        score = _agreement(late, slipped - slipped[0], 0)
        gain = float(late @ slipped) / float(late @ late) if late.any() else 0.0
        # Both move by the same pixels, so that a fit with another scale is another latency.
        score -= abs(abs(gain) - 1.0) * 0.2
        if score > fit:
            best, fit = float(lag), score
    if fit < AGREES:
        raise UsageError(
            "the pattern on the wall does not follow the pan",
            "keep the pattern and the set in their regions (--wall, --reference) during the pan",
        )
    return best, fit


def _steps(region: Doubles) -> Doubles:
    """How far a region moves to the right from each frame to the next, pixels; the first is 0."""
    profiles = region.mean(axis=1)
    profiles = profiles - profiles.mean(axis=1, keepdims=True)
    count = profiles.shape[1]
    window = np.hanning(count)
    spectra = np.fft.rfft(profiles * window, 2 * count, axis=1)
    steps = [0.0]
    for before, after in pairwise(spectra):
        peaks = np.fft.irfft(after * before.conj())
        at = int(np.argmax(peaks))
        left, middle, right = peaks[at - 1], peaks[at], peaks[(at + 1) % (2 * count)]
        bend = left - 2 * middle + right
        part = 0.5 * (left - right) / bend if bend < 0 else 0.0
        steps.append((at if at < count else at - 2 * count) + part)
    return np.array(steps)
