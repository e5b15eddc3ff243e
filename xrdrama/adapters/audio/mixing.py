"""Mix sound events to samples of the show."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from xrdrama.adapters.audio.ears import TAPS, filtered
from xrdrama.spatial import Vec3
from xrdrama.wire.frame import Sound

SAMPLE_RATE = 48_000
FADE = 3_840
"""Samples of the fade when a sound is stopped, or an ambience begins (80 ms)."""
CROSSFADE = 24_000
"""Samples of the crossfade of a looping sound."""
CEILING = 10 ** (-3.0 / 20)
"""Peaks stay under -3 dBFS (look-and-drama.md, 9)."""

Samples = NDArray[np.float32]
Load = Callable[[str], Samples | None]
Where = Callable[[str], Vec3 | None]
"""Where a sound is before the listener's head (x right, y ahead, z up, metres), by its name; None
for one that is heard as it was recorded."""


class _Voice:
    def __init__(self, sound: Sound, samples: Samples) -> None:
        self.sound = sound
        self.samples = _looped(samples) if sound.loop else samples
        self.gain = np.float32(10 ** (sound.gain_db / 20))
        self.ends: int | None = None
        self._mono: Samples | None = None
        self._was: Vec3 | None = None
        self._is_new = True

    def add_to(self, out: Samples, first: int, at: Vec3 | None) -> bool:
        """Add its audible part to `out`, which begins at sample `first`; False after its end. `at`
        is where it is, as `Where` has it."""
        start = self.sound.start_sample
        last = first + len(out)
        stop = self.ends + FADE if self.ends is not None else None
        end = stop if self.sound.loop else min(stop or 1 << 60, start + len(self.samples))
        begin, until = max(first, start), min(last, end if end is not None else last)
        if begin < until:
            index = np.arange(begin - start, until - start)
            heard = self._heard(index, at) * self.gain
            if self.sound.loop and begin - start < FADE:
                heard = heard * np.minimum(1.0, index / FADE)[:, None].astype(np.float32)
            if self.ends is not None:
                fall = 1.0 - (np.arange(begin, until) - self.ends) / FADE
                heard = heard * np.clip(fall, 0.0, 1.0)[:, None].astype(np.float32)
            out[begin - first : until - first] += heard
        return end is None or end > last

    def _heard(self, index: NDArray[np.int64], at: Vec3 | None) -> Samples:
        """Samples at both ears; over these samples the sound moves from where it was to `at`."""
        was, self._was = at if self._is_new else self._was, at
        self._is_new = False
        now = self._from(index, at)
        if was == at:
            return now
        share = np.linspace(0.0, 1.0, len(index), dtype=np.float32)[:, None]
        heard: Samples = self._from(index, was) * (1.0 - share) + now * share
        return heard

    def _from(self, index: NDArray[np.int64], at: Vec3 | None) -> Samples:
        """Samples at both ears of the sound at a place, or as it was recorded."""
        if at is None:
            recorded: Samples = self.samples[index % len(self.samples)]
            return recorded
        if self._mono is None:
            self._mono = self.samples.mean(axis=1, dtype=np.float32)
        before = np.arange(index[0] - TAPS + 1, index[0])
        wanted = np.concatenate([before, index])
        mono: Samples = self._mono[wanted % len(self._mono)]
        mono[wanted < 0] = 0.0
        return filtered(mono, at)


def _looped(samples: Samples) -> Samples:
    """A sound whose end is crossfaded into its beginning, for looping."""
    n = min(CROSSFADE, len(samples) // 3)
    if n == 0:
        return samples
    rise = np.linspace(0.0, 1.0, n, dtype=np.float32)[:, None]
    head = samples[:n] * np.sqrt(rise) + samples[-n:] * np.sqrt(1.0 - rise)
    return np.concatenate([head, samples[n:-n]])


class Mixer:
    """Mixes sounds as their events come. `load` gives samples (n, 2) at 48 kHz, or None; `where`
    says where they are, for a listener with a head in the set."""

    def __init__(self, load: Load, where: Where = lambda name: None) -> None:
        self._load, self._where = load, where
        self._voices: list[_Voice] = []
        self.missing: set[str] = set()

    def hear(self, sounds: Iterable[Sound]) -> None:
        """Add the sound events of a frame."""
        for sound in sounds:
            if sound.kind == "stop":
                for voice in self._voices:
                    if voice.sound.id == sound.id and voice.ends is None:
                        voice.ends = sound.start_sample
                continue
            samples = self._load(sound.id)
            if samples is None or not len(samples):
                self.missing.add(sound.id)
            else:
                self._voices.append(_Voice(sound, samples))

    def mix(self, first: int, count: int) -> Samples:
        """Samples (count, 2) from sample `first` on, kept under the ceiling."""
        out = np.zeros((count, 2), np.float32)
        self._voices = [
            voice for voice in self._voices if voice.add_to(out, first, self._where(voice.sound.id))
        ]
        return limited(out)


def limited(samples: Samples) -> Samples:
    """The samples with a soft limit: unchanged below half of it, never above it."""
    knee = CEILING * 0.5
    size = np.abs(samples)
    over = CEILING - (CEILING - knee) * np.exp(-(size - knee) / (CEILING - knee))
    return np.where(size > knee, np.sign(samples) * over, samples).astype(np.float32)


def mix_all(sounds: Iterable[Sound], load: Load, samples: int) -> Samples:
    """The whole sound of a take: (samples, 2) at 48 kHz. All events are known before mixing."""
    mixer = Mixer(load)
    mixer.hear(sorted(sounds, key=lambda sound: sound.start_sample))
    return mixer.mix(0, samples)
