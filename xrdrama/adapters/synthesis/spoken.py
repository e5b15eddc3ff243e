"""Speech with its phones: samples and times that stay together when a line is cut and joined.

Whatever moves samples in time (pace, trims, joins, pitch by resampling) moves the phones with
them, so that a track fits the file that is written. Samples are mono, float, -1 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]
_WINDOW_S: Final = 0.01
_QUIETEST: Final = 0.012
"""A share of the loudest 10 ms; what is below is silence."""


class Said(NamedTuple):
    """A symbol of the voice's alphabet, from one sample until another."""

    symbol: str
    start: float
    end: float


class Spoken(NamedTuple):
    """Speech at `rate` samples a second, and what is said when, in samples."""

    samples: Samples
    rate: int
    said: tuple[Said, ...]

    def nanoseconds(self) -> list[tuple[str, int, int]]:
        """What is said, with times in nanoseconds."""
        scale = 1_000_000_000 / self.rate
        return [(one.symbol, round(one.start * scale), round(one.end * scale)) for one in self.said]

    def trimmed(self, head_s: float, tail_s: float) -> Spoken:
        """From `head_s` seconds before the first sound to `tail_s` after the last, with soft
        ends. Silence alone is returned unchanged."""
        x, rate = self.samples, self.rate
        width = max(1, int(_WINDOW_S * rate))
        level = np.sqrt(np.convolve(x**2, np.ones(width) / width, "same"))
        loud = np.flatnonzero(level > max(level.max(initial=0.0) * _QUIETEST, 1e-5))
        if not len(loud):
            return self
        first = max(0, int(loud[0]) - int(head_s * rate))
        last = min(len(x), int(loud[-1]) + int(tail_s * rate))
        cut = x[first:last].copy()
        n, m = min(len(cut), int(0.012 * rate)), min(len(cut), max(1, int(tail_s * rate * 0.7)))
        cut[:n] *= np.linspace(0, 1, n)
        cut[-m:] *= np.linspace(1, 0, m)
        return Spoken(cut, rate, _within(self.said, -first, len(cut)))

    def then(self, pause_s: float, after: Spoken) -> Spoken:
        """This, a pause, and other speech at the same rate."""
        gap = int(pause_s * self.rate)
        samples = np.concatenate([self.samples, np.zeros(gap), after.samples])
        begin = len(self.samples) + gap
        later = (Said(one.symbol, one.start + begin, one.end + begin) for one in after.said)
        pause = Said("sil", len(self.samples), begin)
        return Spoken(samples, self.rate, (*self.said, pause, *later))

    def with_samples(self, samples: Samples, rate: int | None = None) -> Spoken:
        """Other samples of the same speech, at another rate too; longer ones have a tail."""
        scale = (rate or self.rate) / self.rate
        said = tuple(Said(one.symbol, one.start * scale, one.end * scale) for one in self.said)
        return Spoken(samples, rate or self.rate, said)

    def levelled(self, level_db: float, peak_db: float) -> Spoken:
        """At a level (root mean square of what is not silence, dBFS), with peaks kept under another
        by a soft knee over the uppermost 6 dB."""
        x = self.samples - self.samples.mean()
        loud = np.abs(x) > np.abs(x).max(initial=0.0) * 0.03
        size = float(np.sqrt(np.mean(x[loud] ** 2))) if loud.any() else 0.0
        if size == 0.0:
            return self
        x = x * 10 ** (level_db / 20) / size
        peak = 10 ** (peak_db / 20)
        knee = peak / 2
        soft = peak - (peak - knee) * np.exp(-(np.abs(x) - knee) / (peak - knee))
        return self.with_samples(np.where(np.abs(x) > knee, np.sign(x) * soft, x))

    def pitched(self, ratio: float) -> Spoken:
        """Played `ratio` times as fast, so pitch and formants are higher: another, smaller person.
        Resampled with a windowed sinc (32 zero crossings)."""
        if ratio == 1.0:
            return self
        length = int(len(self.samples) / ratio)
        samples = _resampled(self.samples, np.arange(length) * ratio, min(1.0, 1.0 / ratio))
        said = tuple(Said(one.symbol, one.start / ratio, one.end / ratio) for one in self.said)
        return Spoken(samples, self.rate, said)

    def at_rate(self, rate: int) -> Spoken:
        """The same at another rate."""
        if rate == self.rate:
            return self
        ratio = self.rate / rate
        places = np.arange(int(len(self.samples) / ratio)) * ratio
        return self.with_samples(_resampled(self.samples, places, min(1.0, 1.0 / ratio)), rate)


def joined(parts: Sequence[Spoken], pause_s: float) -> Spoken:
    """Sentences with pauses between them."""
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.then(pause_s, part)
    return whole


def _within(said: tuple[Said, ...], by: int, length: int) -> tuple[Said, ...]:
    moved = (
        Said(one.symbol, max(0.0, one.start + by), min(float(length), one.end + by)) for one in said
    )
    return tuple(one for one in moved if one.end > one.start)


def _resampled(x: Samples, places: NDArray[Any], cutoff: float) -> Samples:
    """The signal at fractional positions, low-passed at `cutoff` of its band."""
    half = 16
    out = np.zeros(len(places))
    reach = int(np.ceil(half / cutoff))
    padded = np.pad(x, reach + 1)
    whole = np.floor(places).astype(np.int64)
    for offset in range(-reach, reach + 1):
        distance = (whole + offset - places) * cutoff
        window = np.where(np.abs(distance) < half, 0.5 + 0.5 * np.cos(np.pi * distance / half), 0.0)
        out += padded[whole + offset + reach + 1] * np.sinc(distance) * window * cutoff
    return out
