"""Mix sound events to samples of the show."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

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


class _Voice:
    def __init__(self, sound: Sound, samples: Samples) -> None:
        self.sound = sound
        self.samples = _looped(samples) if sound.loop else samples
        self.gain = np.float32(10 ** (sound.gain_db / 20))
        self.ends: int | None = None

    def add_to(self, out: Samples, first: int) -> bool:
        """Add its audible part to `out`, which begins at sample `first`; False after its end."""
        start = self.sound.start_sample
        last = first + len(out)
        stop = self.ends + FADE if self.ends is not None else None
        end = stop if self.sound.loop else min(stop or 1 << 60, start + len(self.samples))
        begin, until = max(first, start), min(last, end if end is not None else last)
        if begin < until:
            index = np.arange(begin - start, until - start)
            heard = self.samples[index % len(self.samples)] * self.gain
            if self.sound.loop and begin - start < FADE:
                heard = heard * np.minimum(1.0, index / FADE)[:, None].astype(np.float32)
            if self.ends is not None:
                fall = 1.0 - (np.arange(begin, until) - self.ends) / FADE
                heard = heard * np.clip(fall, 0.0, 1.0)[:, None].astype(np.float32)
            out[begin - first : until - first] += heard
        return end is None or end > last


def _looped(samples: Samples) -> Samples:
    """A sound whose end is crossfaded into its beginning, for looping."""
    n = min(CROSSFADE, len(samples) // 3)
    if n == 0:
        return samples
    rise = np.linspace(0.0, 1.0, n, dtype=np.float32)[:, None]
    head = samples[:n] * np.sqrt(rise) + samples[-n:] * np.sqrt(1.0 - rise)
    return np.concatenate([head, samples[n:-n]])


class Mixer:
    """Mixes sounds as their events come. `load` gives samples (n, 2) at 48 kHz, or None."""

    def __init__(self, load: Load) -> None:
        self._load = load
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
        self._voices = [voice for voice in self._voices if voice.add_to(out, first)]
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
