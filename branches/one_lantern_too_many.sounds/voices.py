"""One synthetic voice made into two people (WORLD analysis and resynthesis).

WORLD keeps every sample's time, so the phones move only where sentences are trimmed and joined.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, fftconvolve, sosfilt

warnings.simplefilter("ignore")  # pyworld still imports pkg_resources
import pyworld  # noqa: E402

from xrdrama.adapters.synthesis.hibari import EnglishVoice  # noqa: E402
from xrdrama.adapters.synthesis.spoken import Spoken, joined  # noqa: E402

RATE = 24_000
NAME = "hibari-tts 0.2.1 (Apache-2.0), the voice heart, resynthesised with WORLD"


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
    "infant": Character(1.52, 1.20, 1.05, 0.92, 0.0, 0.02, 0.30, -3.0, 0.40),
    "neighbour": Character(0.56, 0.86, 1.25, 1.06, 0.0, 0.02, 0.28, 1.5, 0.22),
}
# Said otherwise than written, so that the stress falls where the scene wants it.
SPOKEN = {
    "I counted twice.": "I counted, twice.",
    "Some detour.": "Some, detour.",
    "Nobody ever asked.": "Nobody, ever asked.",
}


def speak(text: str, who: str, voice: EnglishVoice) -> Spoken:
    """A line at 24 kHz, -1 to 1, trimmed to a short head and tail, with its phones."""
    character = CHARACTERS[who]
    parts = []
    for sentence in re.split(r"(?<=[.?!])\s+", text):
        dry = voice.speak(SPOKEN.get(sentence, sentence), character.pace)
        parts.append(dry.with_samples(_shaped(dry.samples, character)).trimmed(0.03, 0.06))
    whole = joined(parts, character.pause)
    warm = _warmed(whole.samples, character.warmth)
    return whole.with_samples(_in_the_lane(warm, character.room)).trimmed(0.04, 0.18)


def _shaped(x: np.ndarray, c: Character) -> np.ndarray:
    # dio with stonemask takes a tenth of the time of harvest, and these recordings have no noise.
    f0, times = pyworld.dio(x, RATE, f0_floor=90, f0_ceil=520, frame_period=5.0)
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
    wet = fftconvolve(x, tail)
    out = np.zeros(len(wet))
    out[: len(x)] = x
    return out + share * wet
