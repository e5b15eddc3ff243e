"""Sound files to samples."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from xrdrama.errors import DeviceError

SAMPLE_RATE = 48_000
LONGEST = 600 * SAMPLE_RATE
Samples = NDArray[np.float32]


@lru_cache(maxsize=256)
def read_sound(path: Path) -> Samples:
    """Samples (n, 2) at 48 kHz of a sound file; DeviceError when it cannot be decoded."""
    blocks = []
    try:
        with av.open(str(path)) as file:
            resampler = av.AudioResampler("fltp", "stereo", SAMPLE_RATE)
            count = 0
            for frame in file.decode(audio=0):
                for made in resampler.resample(frame):
                    blocks.append(made.to_ndarray().T)
                    count += len(blocks[-1])
                if count > LONGEST:
                    raise DeviceError(f"the sound {path} is over ten minutes long", "cut it")
            blocks += [made.to_ndarray().T for made in resampler.resample(None)]
    except (av.FFmpegError, OSError, IndexError, ValueError) as error:
        raise DeviceError(f"the sound {path} cannot be decoded: {error}", "make it anew") from error
    if not blocks:
        raise DeviceError(f"the sound {path} is empty", "make it anew")
    return np.ascontiguousarray(np.concatenate(blocks), np.float32)
