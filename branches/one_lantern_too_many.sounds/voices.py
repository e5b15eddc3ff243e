"""One synthetic voice made into two people (WORLD analysis and resynthesis)."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, sosfilt

warnings.simplefilter("ignore")  # pyworld still imports pkg_resources
import pyworld  # noqa: E402
from hibari import Hibari  # noqa: E402

RATE = 24_000


@dataclass(frozen=True)
class Character:
    """How somebody sounds, as ratios to the voice that speaks."""

    pitch: float
    formants: float
    liveliness: float
    """How much the pitch moves about its mean."""
    pace: float
    flutter: float = 0.0
    breath: float = 0.0
    room: float = 0.0
    """Share of the lane's echo."""
    warmth: float = 0.0
    """Decibels under 250 Hz."""
    pause: float = 0.32
    """Seconds between sentences."""


CHARACTERS = {
    "elder": Character(0.70, 0.915, 0.86, 0.91, 0.010, 0.035, 0.05, 2.5, 0.34),
    "child": Character(1.34, 1.135, 1.10, 0.97, 0.0, 0.012, 0.22, -2.0, 0.34),
}
# Said otherwise than written, so that the stress falls where the scene wants it.
SPOKEN = {
    "I counted twice.": "I counted, twice.",
    "Some detour.": "Some, detour.",
    "Nobody ever asked.": "Nobody, ever asked.",
}


def speak(text: str, who: str, tts: Hibari) -> np.ndarray:
    """A line at 24 kHz, -1 to 1, trimmed to a short head and tail."""
    character = CHARACTERS[who]
    parts = []
    for sentence in re.split(r"(?<=[.?!])\s+", text):
        dry = np.asarray(
            tts(SPOKEN.get(sentence, sentence), seed=0, speed=character.pace), np.float64
        )
        parts += [
            _trimmed(_shaped(dry, character), 0.03, 0.06),
            np.zeros(int(character.pause * RATE)),
        ]
    voice = np.concatenate(parts[:-1])
    voice = _warmed(voice, character.warmth)
    voice = _in_the_lane(voice, character.room)
    return _trimmed(voice, 0.04, 0.18)


def _shaped(x: np.ndarray, c: Character) -> np.ndarray:
    f0, times = pyworld.harvest(x, RATE, f0_floor=90, f0_ceil=520, frame_period=5.0)
    f0 = pyworld.stonemask(x, f0, times, RATE)
    envelope = pyworld.cheaptrick(x, f0, times, RATE)
    noise = pyworld.d4c(x, f0, times, RATE)
    voiced = f0 > 0
    if voiced.any():
        mean = np.exp(np.log(f0[voiced]).mean())
        f0 = np.where(voiced, mean * (np.maximum(f0, 1.0) / mean) ** c.liveliness * c.pitch, 0.0)
        wander = np.sin(2 * np.pi * 4.7 * times) + 0.6 * np.sin(2 * np.pi * 7.1 * times + 1.3)
        f0 = f0 * (1.0 + c.flutter * wander)
    bins = np.arange(envelope.shape[1])
    moved = np.stack(
        [np.exp(np.interp(bins / c.formants, bins, np.log(r + 1e-16))) for r in envelope]
    )
    airy = np.stack([np.interp(bins / c.formants, bins, r) for r in noise])
    airy = np.clip(airy + c.breath * (bins / bins[-1])[None, :], 0.0, 1.0)
    return pyworld.synthesize(
        f0, np.ascontiguousarray(moved), np.ascontiguousarray(airy), RATE, 5.0
    )


def _warmed(x: np.ndarray, decibels: float) -> np.ndarray:
    low = sosfilt(butter(1, 250, "low", fs=RATE, output="sos"), x)
    return sosfilt(
        butter(2, 70, "high", fs=RATE, output="sos"), x + low * (10 ** (decibels / 20) - 1)
    )


def _in_the_lane(x: np.ndarray, share: float) -> np.ndarray:
    """Early echoes from two house fronts, and a short dark tail."""
    if share <= 0:
        return x
    dice = np.random.default_rng(7)
    length = int(0.55 * RATE)
    tail = dice.standard_normal(length) * np.exp(-np.arange(length) / (0.13 * RATE))
    tail = sosfilt(butter(2, [250, 3200], "band", fs=RATE, output="sos"), tail)
    tail *= 0.5 / np.sqrt((tail**2).sum())
    for delay, gain in ((0.021, 0.5), (0.034, 0.38), (0.057, 0.26)):
        tail[int(delay * RATE)] += gain
    wet = np.convolve(x, tail)
    out = np.zeros(len(wet))
    out[: len(x)] = x
    return out + share * wet


def _trimmed(x: np.ndarray, head: float, tail: float) -> np.ndarray:
    """From `head` seconds before the first sound to `tail` after the last, with soft ends."""
    level = np.sqrt(np.convolve(x**2, np.ones(240) / 240, "same"))
    loud = np.flatnonzero(level > max(level.max() * 0.012, 1e-5))
    if not len(loud):
        return x
    first, last = max(0, loud[0] - int(head * RATE)), min(len(x), loud[-1] + int(tail * RATE))
    cut = x[first:last].copy()
    n, m = min(len(cut), int(0.012 * RATE)), min(len(cut), int(tail * RATE * 0.7))
    cut[:n] *= np.linspace(0, 1, n)
    cut[-m:] *= np.linspace(1, 0, m)
    return cut
