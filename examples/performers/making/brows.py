"""Eyebrows: felted strips that rest on the skin and move with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from making.head_form import front
from making.head_mould import Head
from making.part import Part
from making.surfaces import carried, joined, lattice

ALONG, ACROSS = 21, 5


@dataclass(frozen=True)
class Brow:
    """A brow from its inner to its outer end; places are in radii from the eye's middle."""

    inner: tuple[float, float] = (-1.05, 1.72)
    top: tuple[float, float] = (0.35, 2.08)
    outer: tuple[float, float] = (1.50, 1.62)
    thick: float = 0.030
    """Height of the strip in heads."""
    raised: float = 0.012
    colour: tuple[float, float, float] = (0.02, 0.014, 0.012)
    tufts: float = 0.25


def brow_line(brow: Brow, head: Head, share: np.ndarray) -> np.ndarray:
    """(n, 2) the middle of the left brow in front view, from its inner to its outer end."""
    eye = head.form.eye
    a, b, c = (np.asarray(p) for p in (brow.inner, brow.top, brow.outer))
    control = (b - 0.25 * a - 0.25 * c) * 2
    s = share[:, None]
    curve = (1 - s) ** 2 * a + 2 * s * (1 - s) * control + s**2 * c
    return np.array([eye.x, eye.y]) + eye.radius * curve


def brows(head: Head, brow: Brow, scale: float, origin: np.ndarray,
          shapes: dict[str, np.ndarray]) -> Part:  # fmt: skip
    """Both brows, with the shapes of the skin beneath them."""
    share = np.linspace(0, 1, ALONG)
    middle = brow_line(brow, head, share)
    way = np.gradient(middle, axis=0)
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    across = np.column_stack([-way[:, 1], way[:, 0]])
    # Full near the inner end, thin outwards.
    full = np.clip(np.minimum(share / 0.10, 1.0), 0.12, 1) ** 0.6 * (1 - 0.72 * share**1.6)
    full[-1] = 0.05
    ragged = brow.tufts * np.where(np.arange(ALONG) % 2, 1.0, -0.35) * (0.5 + share)
    flats, swells = [], []
    for i in range(ACROSS):
        t = i / (ACROSS - 1) * 2 - 1
        reach = t * (0.5 * brow.thick * full * (1 + ragged * (t > 0.5)))
        flat = middle + across * reach[:, None]
        if t > 0.5:
            flat = flat + way * brow.thick * 0.25
        flats.append(flat)
        swells.append(brow.raised * np.sqrt(max(0.0, 1 - t * t)) * full**0.5 - 0.003)
    points = front(head.form.flesh, np.concatenate(flats))
    points[:, 2] += np.concatenate(swells)
    triangles = lattice(ACROSS, ALONG)[:, ::-1]
    flip = np.array([-1.0, 1.0, 1.0])
    both, faces = joined([(points, triangles), (points * flip, triangles[:, ::-1])])
    random = np.random.default_rng(5)
    shade = 0.75 + 0.5 * random.random(ALONG)
    paint = np.tile(np.tile(shade, ACROSS), 2)[:, None] * np.asarray(brow.colour)
    ground = np.abs(head.points[:, 2]) > -1
    near = ground & (head.points[:, 2] > 0.1) & (head.points[:, 1] > head.form.eye.y)
    morphs = {}
    for name, offsets in shapes.items():
        if np.abs(offsets[near]).max() > 1e-4 and name.startswith(
            ("brow", "eyeBlink", "eyeWide", "eyeLookUp")
        ):
            moved = carried(both, head.points[near], offsets[near])
            morphs[name] = scale * moved
    return Part("brows", "brows", origin + scale * both, faces, {"head": 1.0}, colours=paint,
                morphs=morphs)  # fmt: skip
