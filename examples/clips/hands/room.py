"""The background of the hand: a room out of focus, a few shapes in linear light."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from picture import HEIGHT, WIDTH, Image, Lighting

Colour = tuple[float, float, float]


class Mood(NamedTuple):
    """A time of day: how the room looks and how it lights the hand."""

    wall: Colour
    glow: Colour
    window: Colour
    table: Colour
    bulbs: int
    lighting: Lighting


EVENING = Mood(
    wall=(0.050, 0.036, 0.040), glow=(1.10, 0.52, 0.20), window=(0.10, 0.17, 0.36),
    table=(0.045, 0.022, 0.013), bulbs=13,
    lighting=Lighting(
        (-0.8, 0.45, 0.55), (2.75, 1.90, 1.22), (0.85, 0.25, -0.45), (0.42, 0.62, 1.15),
        (0.15, 0.16, 0.23), (0.14, 0.085, 0.06),
    ),
)  # fmt: skip
DAY = Mood(
    wall=(0.36, 0.33, 0.29), glow=(0.30, 0.27, 0.22), window=(1.5, 1.7, 1.9),
    table=(0.16, 0.10, 0.06), bulbs=0,
    lighting=Lighting(
        (0.75, 0.6, 0.6), (2.2, 2.15, 2.05), (-0.8, 0.3, -0.5), (0.40, 0.36, 0.30),
        (0.42, 0.45, 0.50), (0.22, 0.19, 0.15),
    ),
)  # fmt: skip
STAGE = Mood(
    wall=(0.030, 0.042, 0.070), glow=(0.16, 0.26, 0.50), window=(0.55, 0.16, 0.10),
    table=(0.018, 0.020, 0.026), bulbs=7,
    lighting=Lighting(
        (-0.6, 0.7, 0.6), (2.5, 2.3, 2.1), (0.8, 0.4, -0.5), (1.0, 0.42, 0.26),
        (0.20, 0.25, 0.34), (0.12, 0.12, 0.14),
    ),
)  # fmt: skip

_BOOKS: tuple[Colour, ...] = (
    (0.30, 0.07, 0.05), (0.08, 0.16, 0.20), (0.26, 0.20, 0.10), (0.10, 0.14, 0.08),
    (0.20, 0.18, 0.16), (0.05, 0.06, 0.14),
)  # fmt: skip


def room(mood: Mood, seed: int) -> Image:
    """The linear picture (HEIGHT, WIDTH, 3) of a room; the same seed gives the same room."""
    dice = np.random.default_rng(seed)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    lamp = dice.uniform(70, 150), dice.uniform(90, 150)
    picture = np.empty((HEIGHT, WIDTH, 3), np.float32)
    picture[:] = mood.wall
    picture *= (1.15 - 0.5 * y / HEIGHT)[..., None]
    shelf, left = int(dice.uniform(200, 240)), int(dice.uniform(430, 470))
    _window(picture, mood, dice)
    for top in (shelf - 130, shelf):
        _books(picture, mood, dice, left=left, top=top)
    away = np.hypot(x - lamp[0], (y - lamp[1]) * 1.1)
    glow = np.array(mood.glow, np.float32)
    picture += np.exp(-((away / 170.0) ** 2))[..., None] * glow * 0.24
    edge = int(dice.uniform(395, 420))
    picture[edge:] = _linear(mood.table) * (1.6 - (y[edge:] - edge) / 120.0)[..., None]
    if mood.bulbs:
        slope = 26 + (y - lamp[1]) * 0.25
        picture[(np.abs(x - lamp[0]) < slope) & (np.abs(y - lamp[1]) < 34)] = glow * 2.4
        _bulbs(picture, mood, dice)
    # A lens turns points into discs, not into Gaussian blurs.
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (27, 27)).astype(np.float32)
    soft = cv2.filter2D(picture, -1, disc / float(disc.sum()), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.GaussianBlur(soft, (0, 0), 2.0), np.float32)


def _window(picture: Image, mood: Mood, dice: np.random.Generator) -> None:
    x, y = int(dice.uniform(190, 250)), int(dice.uniform(20, 50))
    frame = _linear(mood.table) * 1.5
    picture[y - 8 : y + 248, x - 8 : x + 168] = frame
    fading = np.linspace(1.0, 0.55, 240, dtype=np.float32)[:, None, None]
    picture[y : y + 240, x : x + 160] = fading * _linear(mood.window)
    picture[y : y + 240, x + 76 : x + 84] = frame
    picture[y + 96 : y + 103, x : x + 160] = frame


def _books(picture: Image, mood: Mood, dice: np.random.Generator, *, left: int, top: int) -> None:
    picture[top : top + 9, left - 30 :] = _linear(mood.table) * 1.3
    daylight = min(2.5, float(np.mean(mood.wall)) / 0.05)
    at = float(left)
    while at < WIDTH:
        width, height = dice.uniform(9, 24), dice.uniform(45, 95)
        if dice.random() < 0.8:
            book = _linear(_BOOKS[int(dice.integers(len(_BOOKS)))])
            shade = 0.35 * daylight * dice.uniform(0.7, 1.3)
            picture[max(0, int(top - height)) : top, int(at) : int(at + width)] = book * shade
        at += width + dice.uniform(0, 5)


def _bulbs(picture: Image, mood: Mood, dice: np.random.Generator) -> None:
    for number in range(mood.bulbs):
        share = (number + dice.uniform(0.2, 0.8)) / mood.bulbs
        sag = 46.0 + 70.0 * (1.0 - (2.0 * share - 1.0) ** 2) + dice.normal(0.0, 7.0)
        light = np.array(mood.glow) * dice.uniform(9.0, 20.0)
        cv2.circle(picture, (int(WIDTH * share), int(sag)), 3, light.tolist(), -1)


def _linear(colour: Colour) -> Image:
    return np.array(colour, np.float32)
