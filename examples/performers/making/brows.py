"""Eyebrows: felted strips that rest on the skin and move with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from making.head_form import front
from making.head_mould import Head
from making.part import Part
from making.surfaces import carried, joined, lattice

ALONG, ACROSS = 17, 5


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
    strip = (points, lattice(ACROSS, ALONG)[:, ::-1])
    points, triangles = joined([strip, *_tufts(brow, head, middle, way, across, full)])
    flip = np.array([-1.0, 1.0, 1.0])
    both, faces = joined([(points, triangles), (points * flip, triangles[:, ::-1])])
    random = np.random.default_rng(5)
    hairs = (len(points) - ACROSS * ALONG) // 4
    shade = np.concatenate([
        np.tile(0.75 + 0.4 * random.random(ALONG), ACROSS),
        np.repeat(0.7 + 0.8 * random.random(hairs), 4)
    ])  # fmt: skip
    paint = np.tile(shade, 2)[:, None] * np.asarray(brow.colour)
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


def _tufts(
    brow: Brow,
    head: Head,
    middle: np.ndarray,
    way: np.ndarray,
    across: np.ndarray,
    full: np.ndarray,
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Small leaves of hair that break the strip's outline: upright near the nose, then along it."""
    random = np.random.default_rng(9)
    count = 26
    at = (0.05 + 0.93 * (np.arange(count) + random.uniform(0, 0.6, count)) / count) * (ALONG - 1)
    pick = np.arange(ALONG)

    def along(rows: np.ndarray) -> np.ndarray:
        return np.column_stack([np.interp(at, pick, rows[:, i]) for i in range(2)])

    share = at / (ALONG - 1)
    side = np.where(np.arange(count) % 3 == 2, -0.30, 0.16) + random.uniform(-0.12, 0.12, count)
    thick = brow.thick * np.interp(at, pick, full)
    root = along(middle) + along(across) * (side * thick)[:, None]
    turn = np.radians(62 * (1 - share) ** 1.2 + 8 + random.uniform(-8, 8, count)) * np.where(
        side > 0, 1, 0.2
    )
    lead = along(way) * np.cos(turn)[:, None] + along(across) * np.sin(turn)[:, None]
    length = (
        brow.thick
        * (0.62 + 0.45 * brow.tufts)
        * (0.8 + 0.4 * random.random(count))
        * (1 - 0.3 * share)
    )
    # The first ones, close to the nose, are short.
    length = length * (0.45 + 0.55 * np.clip(share / 0.22, 0, 1))
    broad = (
        np.column_stack([-lead[:, 1], lead[:, 0]])
        * (0.10 * brow.thick * (1 - 0.4 * share))[:, None]
    )
    tip = root + lead * length[:, None]
    flats = np.concatenate([root - broad, root + broad, (root + tip) / 2 + 0.6 * broad, tip])
    cast = front(head.form.flesh, flats).reshape(4, count, 3)
    cast[:, :, 2] += np.array([0.9, 0.9, 1.0, 0.45])[:, None] * brow.raised + 0.001
    faces = np.array([[0, 3, 2], [0, 2, 1]])
    return [(cast[:, i], faces) for i in range(count)]
