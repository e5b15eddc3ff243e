"""A voice activity detector on 16 kHz samples: where speech begins and ends.

Energy against a noise floor that adapts, with hysteresis and a hangover. It works on frames of
10 ms of its own, so its answers do not depend on the size of the blocks it is fed; the same
samples always give the same answers. Times are nanoseconds since the first sample.
"""

from __future__ import annotations

from collections import deque
from math import log10

import msgspec
import numpy as np
from numpy.typing import NDArray

from xrdrama.timing import NS

Samples = NDArray[np.float32]

RATE = 16_000
"""Samples per second, everywhere in this adapter."""
FRAME = 160
FRAME_NS = FRAME * NS // RATE

TRAILING_SILENCE = 350 * NS // 1000
"""Silence after which an utterance has ended, nanoseconds."""
LEAST_SPEECH = 150 * NS // 1000
"""Voiced time within `ONSET` after which speech has begun, nanoseconds."""
ONSET = 350 * NS // 1000
"""The latest time after its beginning at which speech is reported, nanoseconds."""
LONGEST = 8 * NS
"""The longest utterance; a longer one is cut here, nanoseconds."""
PRE_ROLL = 200 * NS // 1000
"""Time kept before the beginning, since soft first consonants have little energy, nanoseconds."""

# dB over the floor, which is the least energy of the last three seconds, smoothed over 50 ms.
_ON, _OFF = 6.0, 4.0
_FLOOR_FRAMES, _SMOOTH_FRAMES = 300, 5
# dB below the loudest part of an utterance at which it ends, even if the floor is lower.
_UNDER_PEAK = 18.0
# A level that stays within these dB for half a second is not speech: it becomes the floor, so a
# ventilator that starts does not count as somebody speaking for three seconds.
_STEADY, _STEADY_FRAMES = 5.0, 50
# Full scale is 0 dB. Before a floor is known, a loud room is assumed. Below the gate nothing is
# speech, however quiet the line.
_LOUD_ROOM, _GATE, _SILENCE = -48.0, -62.0, -100.0
# Against rumble and hum, the mean over 4 ms is subtracted: it halves 100 Hz and removes what is
# below.
_MEAN = np.full(64, 1.0 / 64)


class Began(msgspec.Struct, frozen=True):
    """Speech has begun at `began` (ns)."""

    began: int


class Utterance(msgspec.Struct, frozen=True):
    """What was said from `began` to `ended` (ns), with pre-roll and trailing silence around it."""

    began: int
    ended: int
    samples: Samples


class Endpointer:
    """Converts blocks of float32 samples (16 kHz mono) to events: speech began, utterance ended."""

    def __init__(self) -> None:
        self._rest: Samples = np.zeros(0, np.float32)
        self._before = np.zeros(len(_MEAN) - 1)
        self._number = 0
        self._levels: deque[float] = deque(maxlen=_SMOOTH_FRAMES)
        self._steady: deque[float] = deque(maxlen=_STEADY_FRAMES)
        self._floor: deque[float] = deque(maxlen=_FLOOR_FRAMES)
        self._voiced: deque[bool] = deque(maxlen=ONSET // FRAME_NS)
        self._kept: deque[Samples] = deque()
        self._began: int | None = None
        self._peak = _SILENCE
        self._last_voiced = 0

    @property
    def now(self) -> int:
        """The end of the processed whole frames, ns since the first sample."""
        return self._number * FRAME_NS

    def feed(self, block: Samples) -> list[Began | Utterance]:
        """The events after another block of any length."""
        sound = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0).clip(-1.0, 1.0)
        samples = np.concatenate((self._rest, sound))
        whole = len(samples) - len(samples) % FRAME
        self._rest = samples[whole:]
        events = [self._step(frame) for frame in samples[:whole].reshape(-1, FRAME)]
        return [event for event in events if event is not None]

    def flush(self) -> list[Utterance]:
        """The utterance that the end of the media cut off, if there is one."""
        return [] if self._began is None else [self._close(self._last_voiced + 1)]

    def _step(self, frame: Samples) -> Began | Utterance | None:
        number, self._number = self._number, self._number + 1
        self._kept.append(frame)
        level = self._measure(frame)
        floor, smooth = self._floor_after(level)
        if self._began is None:
            self._peak = smooth
            return self._listen(number, level > max(floor + _ON, _GATE))
        self._peak = max(self._peak, smooth)
        return self._go_on(number, smooth > max(floor + _OFF, self._peak - _UNDER_PEAK, _GATE))

    def _measure(self, frame: Samples) -> float:
        """The energy of a frame in dB, without rumble and hum."""
        joined = np.concatenate((self._before, frame.astype(np.float64)))
        self._before = joined[FRAME:]
        middle = len(_MEAN) // 2
        rest = joined[middle : middle + FRAME] - np.convolve(joined, _MEAN, "valid")
        return 10.0 * log10(max(float(np.mean(rest * rest)), 10 ** (_SILENCE / 10)))

    def _floor_after(self, level: float) -> tuple[float, float]:
        """The noise floor one frame on, and the smoothed level, in dB."""
        self._levels.append(level)
        smooth = sum(self._levels) / len(self._levels)
        self._steady.append(smooth)
        self._floor.append(smooth)
        if len(self._steady) < _STEADY_FRAMES:
            return max(_LOUD_ROOM, min(self._floor)), smooth
        if max(self._steady) - min(self._steady) < _STEADY:
            self._floor = deque(self._steady, _FLOOR_FRAMES)
        return min(self._floor), smooth

    def _listen(self, number: int, voiced: bool) -> Began | None:
        self._voiced.append(voiced)
        if sum(self._voiced) * FRAME_NS < LEAST_SPEECH:
            while len(self._kept) * FRAME_NS > PRE_ROLL + ONSET:
                self._kept.popleft()
            return None
        self._began = number + 1 - len(self._voiced) + self._voiced.index(True)
        self._last_voiced = number
        while (number + 1 - len(self._kept)) * FRAME_NS < self._began * FRAME_NS - PRE_ROLL:
            self._kept.popleft()
        return Began(self._began * FRAME_NS)

    def _go_on(self, number: int, voiced: bool) -> Utterance | None:
        assert self._began is not None
        if voiced:
            self._last_voiced = number
        if (number - self._last_voiced) * FRAME_NS >= TRAILING_SILENCE:
            return self._close(self._last_voiced + 1)
        if (number + 1 - self._began) * FRAME_NS >= LONGEST:
            return self._close(number + 1)
        return None

    def _close(self, end: int) -> Utterance:
        assert self._began is not None
        utterance = Utterance(
            self._began * FRAME_NS, end * FRAME_NS, np.concatenate(tuple(self._kept))
        )
        self._began = None
        self._voiced.clear()
        self._kept.clear()
        return utterance
