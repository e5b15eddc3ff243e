"""Sound files to samples."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from xrdrama.errors import DeviceError

SAMPLE_RATE = 48_000
LONGEST = 600 * SAMPLE_RATE
Samples = NDArray[np.float32]


LATEST_START = 30.0
"""Seconds; a file whose sound starts later was cut out of a longer recording."""
LEAST_GAP = 0.04
"""Seconds that timestamps must jump to be a gap: below, they are rounded."""


def read_sound(path: Path) -> Samples:
    """Samples (n, 2) at 48 kHz of a sound file from its own time 0; DeviceError when it cannot be
    decoded. Where its sound starts late or has a gap there is silence; what is before 0 is cut.

    A file is decoded once, and again when it has changed."""
    try:
        stat = path.stat()
    except OSError:
        return _decoded(path, 0, 0)  # says why
    return _decoded(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=256)
def _decoded(path: Path, size: int, modified_ns: int) -> Samples:
    blocks: list[Samples] = []
    try:
        with av.open(str(path)) as file:
            if not file.streams.audio:
                raise DeviceError(f"the sound file {path} has no audio", "export it again")
            count = 0
            for start, block in _parts(file):
                missing = 0 if start is None else round(start * SAMPLE_RATE) - count
                if missing > 0:
                    blocks.append(np.zeros((min(missing, LONGEST), 2), np.float32))
                    count += missing
                cut = min(len(block), max(0, -missing)) if not blocks else 0
                blocks.append(block[cut:])
                count += len(blocks[-1])
                if count > LONGEST:
                    raise DeviceError(f"the sound file {path} is longer than ten minutes", "cut it")
    except (av.FFmpegError, OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DeviceError(
            f"the sound file {path} cannot be decoded: {reason}", "export it again"
        ) from error
    if not sum(map(len, blocks)):
        raise DeviceError(f"the sound file {path} is empty", "export it again")
    return np.ascontiguousarray(np.concatenate(blocks), np.float32)


def _parts(file: Any) -> Iterator[tuple[float | None, Samples]]:
    """Stretches of the first audio track as (n, 2) at 48 kHz. The first one, and one after a gap,
    have the second at which they start."""
    zero = (file.start_time or 0) / 1_000_000
    kinds = file.format.name.split(",")
    if zero <= LATEST_START and ("mp4" in kinds or "matroska" in kinds):
        zero = 0.0  # these count from 0, others from anywhere
    resampler = av.AudioResampler("fltp", "stereo", SAMPLE_RATE)
    start: float | None = None
    expected: float | None = None
    for frame in file.decode(audio=0):
        at = None if frame.time is None else frame.time - zero
        if expected is None:
            start = expected = at or 0.0
        elif at is not None and LEAST_GAP <= at - expected <= LONGEST / SAMPLE_RATE:
            for made in resampler.resample(None):
                yield start, np.asarray(made.to_ndarray().T, np.float32)
                start = None
            resampler = av.AudioResampler("fltp", "stereo", SAMPLE_RATE)
            start = expected = at
        expected += frame.samples / frame.sample_rate
        for made in resampler.resample(frame):
            yield start, np.asarray(made.to_ndarray().T, np.float32)
            start = None
    for made in resampler.resample(None):
        yield start, np.asarray(made.to_ndarray().T, np.float32)
        start = None
