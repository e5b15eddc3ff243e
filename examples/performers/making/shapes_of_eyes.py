"""Face shapes of lids and brows, as offsets of a head's skin in heads; the left side's."""

from __future__ import annotations

import numpy as np
from making.face_grid import turns
from making.face_marks import Marks
from making.head_mould import aperture, closing

# The ring of the lid that stays where it is: the fold above, the bag below.
_HELD = 4


def lid_moved(marks: Marks, upper: float, lower: float) -> np.ndarray:
    """(n, 3) the left lids moved by shares of the way to where they meet; below 0 they open.

    Skin turns about the eyeball's centre and keeps its distance, so that it slides on the ball.
    """
    eye, grid = marks.head.form.eye, marks.head.grid
    rings = grid.eyes[0]
    moved = np.zeros_like(marks.head.points)
    up = np.sin(turns()) >= 0
    share = np.where(up, upper, lower) * (np.abs(np.sin(turns())) > 1e-9)
    edge_az, edge_el = aperture(eye)
    goal = edge_el + share * (closing(eye, edge_az) - edge_el)
    polar = [_polar(marks.head.points[ring] - eye.centre) for ring in rings]
    held = polar[_HELD][1]
    for ring, (az, el, r) in zip(rings[:_HELD], polar[:_HELD], strict=True):
        gone = np.clip(
            (el - edge_el) / np.where(np.abs(held - edge_el) < 1e-6, 1.0, held - edge_el), 0, 1
        )
        new_el = goal + gone * (held - goal)
        shell = eye.radius * eye.lid
        # A lid that comes down leaves the fold and rests on the ball.
        lies = np.clip(np.abs(share), 0, 1) * (1 - gone) ** 0.8
        radius = (
            r * (1 - lies) + np.maximum(shell * (1.0 + 0.02 * np.sin(np.pi * gone)), 0.0) * lies
        )
        moved[ring] = eye.centre + _place(az, new_el, radius) - marks.head.points[ring]
    for ring, radius, bend in zip(grid.lids[0], (1.015, 0.97), (1.0, 1.25), strict=True):
        el = goal * (1 + (bend - 1) * (1 - np.clip(share, 0, 1)))
        at = eye.centre + _place(edge_az, el, np.full(len(el), eye.radius * radius))
        moved[ring] = at - marks.head.points[ring]
    return moved


def _polar(d: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r = np.linalg.norm(d, axis=1)
    return np.degrees(np.arctan2(d[:, 0], d[:, 2])), np.degrees(np.arcsin(d[:, 1] / r)), r


def _place(az: np.ndarray, el: np.ndarray, r: np.ndarray) -> np.ndarray:
    a, e = np.radians(az), np.radians(el)
    way = np.column_stack([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)])
    return way * r[:, None]


def _brow(marks: Marks, x: float, wide: float, dx: float, dy: float, dz: float) -> np.ndarray:
    """Skin above the left eye moved, most at x radii outwards of the eye's middle."""
    eye = marks.head.form.eye
    r = eye.radius
    bell = marks.near(eye.x + x * r, eye.y + 1.22 * r, wide, 0.095)
    # The lids have shapes of their own; the fold below the brow follows it in part.
    bell = bell * np.clip((marks.shares[0].min(0) - 0.22) / 0.45, 0, 1) ** 0.8
    return marks.slid(bell * dx, bell * dy, bell * dz)


def shapes(marks: Marks) -> dict[str, np.ndarray]:
    """The left side's shapes, and `browInnerUp` of the left half."""
    eye, n = marks.head.form.eye, marks.normals
    r = eye.radius
    cheek = marks.near(eye.x + 0.2 * r, eye.y - 1.75 * r, 0.105, 0.070)
    cheek = cheek * np.clip(marks.shares[0].min(0) / 0.8, 0, 1)
    side = marks.near(eye.x + 1.5 * r, eye.y, 0.05, 0.09) * np.clip(
        marks.shares[0].min(0) / 0.8, 0, 1
    )
    bulge = n * (cheek * 0.014)[:, None] + marks.slid(0 * cheek, cheek * 0.026)
    return {
        "eyeBlinkLeft": lid_moved(marks, 1.0, 1.0) + _brow(marks, 0.0, 0.13, 0, -0.006, 0),
        "eyeWideLeft": lid_moved(marks, -0.26, -0.22) + _brow(marks, 0.0, 0.13, 0, 0.010, 0),
        "eyeSquintLeft": lid_moved(marks, 0.22, 0.70) + bulge * 0.45
        + marks.slid(0 * side, side * 0.004, side * 0.004),
        "eyeLookDownLeft": lid_moved(marks, 0.42, -0.22),
        "eyeLookUpLeft": lid_moved(marks, -0.20, 0.16) + _brow(marks, 0.0, 0.13, 0, 0.006, 0),
        "eyeLookInLeft": _dragged(marks, -1.0),
        "eyeLookOutLeft": _dragged(marks, 1.0),
        "cheekSquintLeft": bulge + lid_moved(marks, 0.0, 0.30),
        "browDownLeft": _brow(marks, -0.9, 0.090, -0.026, -0.78 * r, 0.025)
        + _brow(marks, 0.9, 0.11, -0.004, -0.62 * r, 0.010),
        "browOuterUpLeft": _brow(marks, 1.0, 0.095, 0.004, 0.044, 0.0),
        "browInnerUpLeft": _brow(marks, -1.0, 0.085, 0.006, 0.058, 0.002),
    }  # fmt: skip


def _dragged(marks: Marks, way: float) -> np.ndarray:
    """The lids drawn a little sideways by an eye that looks in (-1) or out (1)."""
    eye = marks.head.form.eye
    t = marks.shares[0][0]
    bell = np.where(t < 1, (1 - t) ** 1.5, 0.0)
    rise = np.clip((marks.x - eye.x) * way / eye.radius, 0, 1)
    return np.column_stack([0.010 * way * bell * rise, 0 * bell, 0.004 * bell * rise])
