"""Effects and ambience out of noise, strings and partials: 48 kHz stereo, seeded."""

from __future__ import annotations

import numpy as np
from scipy.signal import butter, lfilter, sosfilt

RATE = 48_000


def _time(seconds: float) -> np.ndarray:
    return np.arange(int(seconds * RATE)) / RATE


def _band(x: np.ndarray, low: float, high: float, order: int = 2) -> np.ndarray:
    return sosfilt(butter(order, [low, high], "band", fs=RATE, output="sos"), x, axis=0)


def _low(x: np.ndarray, cut: float, order: int = 2) -> np.ndarray:
    return sosfilt(butter(order, cut, "low", fs=RATE, output="sos"), x, axis=0)


def _room(x: np.ndarray, seconds: float, share: float, seed: int, dark: float = 3500) -> np.ndarray:
    """Mono to stereo in a space whose echo dies away in `seconds`."""
    dice = np.random.default_rng(seed)
    n = int(seconds * 1.4 * RATE)
    fall = np.exp(-np.arange(n) * 6.9 / (seconds * RATE))
    sides = []
    for _ in range(2):
        echo = _low(dice.standard_normal(n) * fall, dark)
        echo /= np.sqrt((echo**2).sum())
        sides.append(np.pad(x, (0, n - 1)) * (1 - share) + np.convolve(x, echo) * share)
    return np.stack(sides, axis=1)


def _pluck(frequency: float, seconds: float, seed: int, bright: float = 0.5) -> np.ndarray:
    """A plucked string (Karplus and Strong, 1983), tuned by a fractional delay."""
    dice = np.random.default_rng(seed)
    n = int(seconds * RATE)
    delay = RATE / frequency - 0.5
    whole = int(delay)
    part = delay - whole
    burst = np.zeros(n)
    noise = dice.uniform(-1, 1, whole)
    at = max(1, int(whole * 0.13))  # plucked near the bridge: a comb takes out some partials
    noise -= np.roll(noise, at) * 0.7
    burst[:whole] = lfilter([1 - bright * 0.6], [1, -bright * 0.6], noise)
    a = np.zeros(whole + 3)
    a[0] = 1.0
    loss = 0.9985
    taps = np.convolve([1 - part, part], [0.5, 0.5]) * loss
    a[whole : whole + 3] -= taps
    string = lfilter([1.0], a, burst)
    bend = 1 + 0.0012 * np.sin(2 * np.pi * 5.1 * _time(seconds)) * np.minimum(1, _time(seconds))
    index = np.cumsum(bend) - 1
    return np.interp(index, np.arange(n), string)


def motif() -> np.ndarray:
    """Three notes on a plucked string: down, then up to a question. Heard through a wall."""
    out = np.zeros(int(4.6 * RATE))
    for at, note, gain, seed in (
        (0.0, 440.0, 0.9, 1),
        (0.62, 329.63, 0.75, 2),
        (1.5, 493.88, 1.0, 3),
    ):
        string = _pluck(note, 3.0, seed) + 0.35 * _pluck(note / 2, 3.0, seed + 10, 0.3)
        i = int(at * RATE)
        n = min(len(string), len(out) - i)
        out[i : i + n] += gain * string[:n] * np.minimum(1, np.linspace(4, 0, len(string))[:n])
    return _fade(_room(_low(out, 5200), 1.6, 0.42, 21), 0.002, 0.8)[: int(5.0 * RATE)]


def bell() -> np.ndarray:
    """A temple bell, far off: partials of a bronze bell, each with its own beating and length."""
    t = _time(6.0)
    out = np.zeros(len(t))
    partials = ((1.0, 1.0, 5.0), (2.0, 0.6, 4.0), (2.4, 0.5, 3.2), (3.0, 0.35, 2.4),
                (4.17, 0.32, 2.2),
                (5.43, 0.24, 1.6), (6.8, 0.18, 1.2), (9.3, 0.1, 0.7))  # fmt: skip
    for ratio, gain, length in partials:
        for beat in (-0.35, 0.35):
            out += (
                gain
                * np.exp(-t * 6.9 / length / 1.6)
                * np.sin(2 * np.pi * (118.0 * ratio + beat) * t)
            )
    out *= 1 - np.exp(-t * 260)
    return _fade(_room(_low(out, 4200), 2.6, 0.5, 31, 3200), 0.003, 2.0)[: int(6.5 * RATE)]


def bowl() -> np.ndarray:
    """A porcelain bowl set down on wood, and a second one beside it."""
    out = np.zeros(int(1.6 * RATE))
    dice = np.random.default_rng(41)
    for at, pitch, gain in ((0.0, 1.0, 1.0), (0.55, 1.09, 0.7)):
        t = _time(0.9)
        ring = sum(
            g * np.exp(-t * d) * np.sin(2 * np.pi * f * pitch * t + p)
            for f, g, d, p in (
                (1320, 0.5, 16, 0),
                (2890, 0.35, 24, 1),
                (4710, 0.2, 38, 2),
                (6900, 0.1, 60, 3),
            )
        )
        wood = _band(dice.standard_normal(len(t)), 120, 420) * np.exp(-t * 60) * 2.2
        i = int(at * RATE)
        n = min(len(t), len(out) - i)
        out[i : i + n] += gain * (ring + wood)[:n]
        j = i + int(0.045 * RATE)
        m = min(len(t), len(out) - j)
        out[j : j + m] += 0.25 * gain * ring[:m]  # it settles
    return _fade(_room(out, 0.35, 0.2, 42, 6000), 0.001, 0.2)[: int(1.7 * RATE)]


def _crackers(seconds: float, rate: float, seed: int, dark: float) -> np.ndarray:
    """A string of firecrackers: bangs of shaped noise, thick in the middle, and their echoes."""
    dice = np.random.default_rng(seed)
    out = np.zeros(int(seconds * RATE))
    at = 0.05
    while at < seconds - 0.3:
        swell = np.sin(np.pi * min(1.0, at / seconds)) ** 0.6 + 0.1
        n = int(dice.uniform(0.02, 0.06) * RATE)
        bang = dice.standard_normal(n) * np.exp(-np.arange(n) / (dice.uniform(0.003, 0.012) * RATE))
        gain = swell * dice.uniform(0.25, 1.0) ** 1.5
        for delay, loss in ((0.0, 1.0), (0.083, 0.32), (0.146, 0.2), (0.31, 0.1)):
            i = int((at + delay) * RATE)
            m = min(n, len(out) - i)
            if m > 0:
                out[i : i + m] += gain * loss * bang[:m]
        at += dice.exponential(1 / rate) / (0.4 + swell)
    return _low(_band(out, 110, 6000), dark)


def firecrackers() -> np.ndarray:
    """Half the town at midnight, a few streets away, and one string nearer."""
    far = _room(_crackers(5.0, 34, 51, 1300), 1.5, 0.7, 52, 1200)
    near = _room(_crackers(4.2, 16, 53, 2600), 0.8, 0.5, 54, 2400)
    out = np.zeros((int(6.2 * RATE), 2))
    out[: min(len(far), len(out))] += far[: len(out)] * 0.9
    i = int(0.5 * RATE)
    n = min(len(near), len(out) - i)
    out[i : i + n] += near[:n] * [0.9, 0.5]
    return _fade(out, 0.02, 1.4)


def lane_night() -> np.ndarray:
    """Winter night in a lane, 24 s that go round: wind, a drip, families, far bangs."""
    seconds = 24.0
    n = int(seconds * RATE)
    t = _time(seconds)
    dice = np.random.default_rng(61)

    def around(rate: float, phase: float) -> np.ndarray:
        """A slow wave of whole cycles, so that the end meets the beginning."""
        return np.sin(2 * np.pi * round(rate * seconds) / seconds * t + phase)

    def noise(low: float, high: float) -> np.ndarray:
        """Noise without a seam: filtered twice round, the second time kept."""
        x = np.tile(dice.standard_normal(n), 2)
        return _band(x, low, high)[n:]

    out = np.zeros((n, 2))
    gust = 0.55 + 0.3 * around(0.085, 0) + 0.15 * around(0.21, 1.0)
    for side, phase in ((0, 0.0), (1, 1.7)):
        out[:, side] += 0.50 * noise(140, 520) * gust * (1 + 0.25 * around(0.17, phase))
        out[:, side] += (
            0.10 * noise(900, 2600) * np.maximum(0, gust - 0.5 + 0.2 * around(0.3, phase)) ** 1.5
        )
    # Families behind paper windows: two voices' rhythm in muffled formants, no words.
    for f, pan, seed, speed in ((210, 0.7, 62, 3.6), (150, 0.25, 63, 2.9)):
        d = np.random.default_rng(seed)
        count = round(seconds * speed)
        loud = d.uniform(0, 1, count) ** 2
        syllable = np.interp(t, np.arange(count) * seconds / count, loud, period=seconds)
        phrase = np.clip(around(0.125, seed) * 1.4, 0, 1)
        pitch = f * (1 + 0.08 * around(0.42, seed))
        hum = np.sign(np.sin(2 * np.pi * np.cumsum(pitch) / RATE)) * 0.3
        talk = _low(_band(hum + 0.3 * d.standard_normal(n), 160, 620), 520) * syllable * phrase
        out += talk[:, None] * [0.34 * (1 - pan), 0.34 * pan]
    # A drip from the eaves into a jar.
    for at in (1.7, 4.9, 8.3, 11.2, 15.4, 18.1, 21.6):
        d = _time(0.25)
        fall = 1750 + 900 * np.exp(-d * 60) + dice.uniform(-250, 250)
        drop = (
            np.minimum(1, d / 0.002) * np.exp(-d * 34) * np.sin(2 * np.pi * np.cumsum(fall) / RATE)
        )
        _add(out, at, drop * 0.13, 0.35)
    # A few strings of crackers, streets away, and one dog.
    for at, seed, gain, pan in (
        (3.1, 64, 0.16, 0.2),
        (12.7, 65, 0.22, 0.75),
        (19.0, 66, 0.12, 0.4),
    ):
        _add(out, at, _low(_crackers(2.6, 20, seed, 700), 650) * gain * 2.2, pan)
    for at, gain in ((9.6, 1.0), (9.95, 0.75)):
        d = _time(0.22)
        voice = np.sign(np.sin(2 * np.pi * np.cumsum(420 - 700 * d) / RATE))
        bark = _low(_band(voice + dice.standard_normal(len(d)) * 0.5, 300, 1400), 900)
        _add(out, at, bark * np.exp(-d * 16) * 0.05 * gain, 0.85)
    return out


def _add(out: np.ndarray, at: float, x: np.ndarray, pan: float) -> None:
    """Add a sound that may run round the end of the loop, with a little echo."""
    for delay, gain in ((0.0, 1.0), (0.11, 0.3), (0.27, 0.14)):
        index = (int((at + delay) * RATE) + np.arange(len(x))) % len(out)
        np.add.at(out[:, 0], index, x * gain * np.sqrt(1 - pan))
        np.add.at(out[:, 1], index, x * gain * np.sqrt(pan))


def _fade(x: np.ndarray, rise: float, fall: float) -> np.ndarray:
    n, m = int(rise * RATE), int(fall * RATE)
    x = x.copy()
    x[:n] *= np.linspace(0, 1, n)[:, None]
    x[-m:] *= (np.linspace(1, 0, m) ** 2)[:, None]
    return x


# name: what makes it, loudness in LUFS, whether it goes round
EFFECTS = {
    "motif": (motif, -25.0, False),
    "bell": (bell, -26.0, False),
    "bowl": (bowl, -27.0, False),
    "firecrackers": (firecrackers, -24.0, False),
    "lane_night": (lane_night, -36.0, True),
}
