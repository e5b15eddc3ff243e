"""How loud a sound is over time."""

from __future__ import annotations

import numpy as np

from xrdrama.adapters.audio.files import SAMPLE_RATE, Samples
from xrdrama.timing import NS


def loudness_of(samples: Samples, step: int) -> list[float]:
    """The root mean square of samples (n, 2) at 48 kHz, in steps of `step` nanoseconds."""
    width = step * SAMPLE_RATE // NS
    mono = samples.mean(axis=1, dtype=np.float64)
    blocks = np.pad(mono, (0, -len(mono) % width)).reshape(-1, width)
    return [float(value) for value in np.sqrt((blocks**2).mean(axis=1))]
