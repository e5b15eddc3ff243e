"""The few characters that the lane's prints need, as brush strokes of our own.

A stroke is a line of points in a square of 100 (y down), drawn with a brush that starts full,
thins a little and ends with a press, as a hand writes for a door at New Year.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw

CHARACTERS: dict[str, list[list[tuple[float, float]]]] = {
    "出": [[(50, 8), (50, 88)], [(27, 22), (27, 46), (74, 46)], [(74, 20), (74, 47)],
          [(17, 58), (17, 88), (84, 88)], [(84, 56), (84, 92)]],
    "入": [[(46, 14), (40, 44), (28, 68), (10, 88)], [(42, 24), (54, 52), (70, 74), (92, 88)]],
    "平": [[(22, 18), (78, 16)], [(30, 30), (38, 46)], [(70, 28), (61, 46)], [(8, 56), (92, 53)],
          [(50, 18), (50, 94)]],
    "安": [[(50, 4), (53, 14)], [(16, 22), (14, 36)], [(16, 23), (86, 22), (80, 35)],
          [(44, 32), (36, 58), (30, 66), (62, 80), (80, 94)],
          [(68, 46), (58, 70), (42, 84), (18, 94)], [(8, 56), (93, 53)]],
    "大": [[(10, 36), (90, 33)], [(50, 8), (48, 40), (36, 68), (12, 90)],
          [(50, 40), (64, 68), (90, 90)]],
    "吉": [[(18, 20), (82, 18)], [(50, 4), (50, 42)], [(26, 42), (74, 41)], [(24, 56), (26, 92)],
          [(24, 57), (76, 56), (73, 92)], [(26, 86), (74, 85)]],
    "利": [[(46, 8), (30, 15), (16, 19)], [(8, 36), (56, 34)], [(33, 16), (33, 94)],
          [(32, 38), (22, 58), (6, 74)], [(34, 42), (44, 52), (54, 64)], [(68, 20), (68, 66)],
          [(88, 8), (88, 88), (78, 84)]],
    "天": [[(22, 18), (78, 16)], [(10, 44), (90, 42)], [(50, 18), (48, 46), (34, 72), (10, 92)],
          [(50, 46), (64, 72), (90, 92)]],
    "下": [[(8, 16), (92, 14)], [(48, 16), (48, 94)], [(52, 38), (64, 46), (76, 58)]],
    "太": [[(10, 36), (90, 33)], [(50, 8), (48, 40), (36, 66), (12, 86)],
          [(50, 40), (64, 66), (90, 86)], [(44, 72), (54, 88)]],
    "春": [[(22, 16), (78, 14)], [(26, 29), (74, 27)], [(10, 43), (90, 41)],
          [(50, 3), (44, 42), (30, 56), (8, 68)], [(54, 42), (70, 56), (93, 66)],
          [(32, 56), (34, 95)], [(33, 57), (68, 56), (66, 95)], [(34, 74), (66, 73)],
          [(34, 92), (66, 91)]],
    "福": [[(20, 5), (27, 14)], [(6, 26), (37, 24), (24, 44), (6, 60)], [(23, 42), (23, 95)],
          [(28, 44), (38, 54)], [(44, 12), (94, 10)], [(54, 22), (56, 42)],
          [(54, 23), (86, 22), (83, 42)], [(56, 39), (84, 38)], [(48, 52), (50, 95)],
          [(48, 53), (92, 51), (90, 95)], [(50, 72), (90, 71)], [(69, 53), (69, 90)],
          [(50, 91), (90, 90)]],
    "回": [[(14, 10), (16, 93)], [(14, 11), (88, 10), (86, 93)], [(36, 34), (37, 68)],
          [(36, 35), (66, 34), (65, 68)], [(37, 66), (65, 65)], [(16, 89), (86, 88)]],
    "里": [[(22, 8), (24, 50)], [(22, 9), (80, 8), (77, 50)], [(24, 29), (78, 28)],
          [(24, 48), (77, 47)], [(50, 9), (50, 90)], [(18, 68), (82, 66)], [(6, 91), (94, 89)]],
    "迎": [[(12, 12), (22, 24)], [(8, 40), (26, 39), (16, 58), (26, 72), (14, 84)],
          [(10, 88), (30, 80), (60, 90), (94, 92)], [(56, 8), (36, 20), (38, 66), (54, 56)],
          [(62, 16), (88, 15), (86, 58), (78, 54)], [(64, 16), (64, 78)]],
}  # fmt: skip


def glyph(character: str, size: int, weight: float = 0.105) -> Image.Image:
    """A mask of a character, white on black, drawn four times as large and made smaller."""
    big = size * 4
    mask = Image.new("L", (big, big), 0)
    draw = ImageDraw.Draw(mask)
    for stroke in CHARACTERS[character]:
        points = _smooth(np.array(stroke, float) * (big * 0.92 / 100.0) + big * 0.04)
        share = np.linspace(0.0, 1.0, len(points))
        press = (
            0.78
            + 0.34 * np.exp(-((share / 0.13) ** 2))
            + 0.22 * np.exp(-(((1 - share) / 0.1) ** 2))
        )
        for (x, y), p in zip(points, press, strict=True):
            r = big * weight * 0.5 * p
            draw.ellipse((x - r, y - r * 0.86, x + r, y + r * 0.86), fill=255)
    return mask.resize((size, size), Image.Resampling.LANCZOS)


def _smooth(points: np.ndarray) -> np.ndarray:
    """The stroke in small steps, its corners a little rounded."""
    steps = []
    for a, b in pairwise(points):
        count = max(2, int(np.hypot(*(b - a)) / 3))
        steps.append(a + (b - a) * np.linspace(0, 1, count)[:, None])
    line = np.concatenate(steps)
    width = min(9, len(line) // 3 * 2 + 1)
    kernel = np.ones(width) / width
    padded = np.pad(line, ((width // 2, width // 2), (0, 0)), mode="edge")
    return np.stack([np.convolve(padded[:, i], kernel, "valid") for i in range(2)], 1)
