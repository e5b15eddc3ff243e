"""Fits the phones of a line that is spoken again to its recording of before.

The voice's graph does not give the same durations on every machine (a phone may be 25 ms longer),
and the recordings stay. Both are the same voice with the same words, so dynamic time warping of
their log-mel spectra pairs their times. `README.md` has how well it does.
"""

from __future__ import annotations

import numpy as np

HOP_S, WINDOW_S = 0.005, 0.03
BAND_S = 0.2
"""The two differ by less than this anywhere."""
BANDS = 26


def features(x: np.ndarray, rate: int) -> np.ndarray:
    """Log-mel spectra (frames, BANDS) in steps of HOP_S, each band with mean 0 and deviation 1."""
    width, hop = int(WINDOW_S * rate), int(HOP_S * rate)
    padded = np.pad(x, (width // 2, width))
    frames = np.lib.stride_tricks.sliding_window_view(padded, width)[::hop] * np.hanning(width)
    power = np.abs(np.fft.rfft(frames, 2048)) ** 2
    log = np.log(power @ _mel(rate).T + 1e-6 * power.mean())
    return (log - log.mean(axis=0)) / (log.std(axis=0) + 1e-9)


def fitted(spoken: np.ndarray, recorded: np.ndarray, rate: int) -> tuple[np.ndarray, float]:
    """Pairs of times in seconds (n, 2), spoken and recorded, and the correlation of the spectra
    along them: about 0.9 for the same words, less than 0.5 for others."""
    a, b = features(spoken, rate), features(recorded, rate)
    cost = np.linalg.norm(a[:, None, :] - b[None, :, :], axis=2)
    path = _path(cost, int(BAND_S / HOP_S) + abs(len(a) - len(b)))
    left, right = a[path[:, 0]], b[path[:, 1]]
    likeness = float(np.corrcoef(left.ravel(), right.ravel())[0, 1])
    return _thinned(path) * HOP_S, likeness


def _path(cost: np.ndarray, band: int) -> np.ndarray:
    """The cheapest way from corner to corner; steps off the diagonal cost half as much again."""
    n, m = cost.shape
    total = np.full((n + 1, m + 1), np.inf)
    total[0, 0] = 0.0
    step = np.zeros((n, m), np.int8)
    for i in range(n):
        middle = i * m // n
        for j in range(max(0, middle - band), min(m, middle + band)):
            c = cost[i, j]
            ways = (
                total[i, j] + 2 * c, total[i, j + 1] + 1.5 * c, total[i + 1, j] + 1.5 * c
            )  # fmt: skip
            best = min(range(3), key=ways.__getitem__)
            total[i + 1, j + 1], step[i, j] = ways[best], best
    found, i, j = [], n - 1, m - 1
    while i >= 0 and j >= 0:
        found.append((i, j))
        way = step[i, j]
        i, j = i - (way != 2), j - (way != 1)
    return np.array(found[::-1])


def _thinned(path: np.ndarray) -> np.ndarray:
    """One pair for each 20 ms of the spoken side, smoothed over 60 ms, ends kept."""
    places = np.arange(path[-1, 0] + 1)
    mean = np.array([path[path[:, 0] == place, 1].mean() for place in places])
    offset = mean - places
    smooth = np.convolve(np.pad(offset, 6, mode="edge"), np.ones(13) / 13, "valid")
    pairs = np.stack([places, places + smooth], axis=1)[::4]
    pairs[:, 1] = np.maximum.accumulate(pairs[:, 1])
    return pairs


def _mel(rate: int) -> np.ndarray:
    """Triangles (BANDS, 1025) from 80 Hz to 7.6 kHz."""

    def mel(hertz: float) -> float:
        return 2595 * np.log10(1 + hertz / 700)

    edges = 700 * (10 ** (np.linspace(mel(80), mel(7600), BANDS + 2) / 2595) - 1)
    bins = np.arange(1025) * rate / 2048
    rise = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    return np.clip(np.minimum(rise, fall), 0, None)
