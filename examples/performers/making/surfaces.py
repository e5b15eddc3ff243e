"""Small surfaces for heads: grids of rows, drops, ribbons; and rows painted into pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def lattice(rows: int, columns: int, *, closed: bool = False) -> np.ndarray:
    """(m, 3) triangles over rows of vertices, anticlockwise if rows lead right of columns."""
    index = np.arange(rows * columns).reshape(rows, columns)
    if closed:
        index = np.concatenate([index, index[:, :1]], 1)
    a, b, c, d = index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]
    return np.concatenate([np.stack([a, b, c], -1).reshape(-1, 3),
                           np.stack([a, c, d], -1).reshape(-1, 3)])  # fmt: skip


def globe(rows: int, columns: int, bend: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """A ball of radius 1 with its pole at +Z: points (n, 3) and triangles.

    With `bend` above 1 rows are closer to the pole. The first and last column are at one place.
    """
    polar = np.pi * np.linspace(0, 1, rows) ** bend
    around = np.linspace(0, 2 * np.pi, columns + 1)
    p, a = np.meshgrid(polar, around, indexing="ij")
    points = np.stack([np.sin(p) * np.cos(a), np.sin(p) * np.sin(a), np.cos(p)], -1)
    return points.reshape(-1, 3), lattice(rows, columns + 1)


def drop(centre: Sequence[float], radii: Sequence[float], *, square: float = 2.0,
         rows: int = 5, columns: int = 8) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """A ball along the axes whose sections are squarer the larger `square` is."""
    points, triangles = globe(rows, columns)
    bent = np.sign(points) * np.abs(points) ** (2.0 / square)
    return np.asarray(centre) + bent * np.asarray(radii), triangles


def joined(pieces: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """Several surfaces as one."""
    points = np.concatenate([p for p, _ in pieces])
    at, faces = 0, []
    for p, t in pieces:
        faces.append(t + at)
        at += len(p)
    return points, np.concatenate(faces)


def carried(
    points: np.ndarray, ground: np.ndarray, offsets: np.ndarray, count: int = 4
) -> np.ndarray:
    """(n, 3) offsets for points that are on a ground (k, 3) whose vertices move by offsets."""
    found = np.zeros_like(points)
    far = np.sum((points[:, None] - ground[None]) ** 2, 2)
    nearest = np.argsort(far, axis=1, kind="stable")[:, :count]
    weight = 1.0 / (np.take_along_axis(far, nearest, 1) + 1e-6)
    weight /= weight.sum(1, keepdims=True)
    for i in range(count):
        found += weight[:, i, None] * offsets[nearest[:, i]]
    return found


def drawn(size: int, uv: np.ndarray, triangles: np.ndarray, values: np.ndarray) -> np.ndarray:
    """(size, size, k) values (n, k) of vertices drawn between them; 0 elsewhere.

    Pixels next to a triangle take its values too, so that no seam shows.
    """
    picture = np.zeros((size, size, values.shape[1]))
    sure, guessed = np.zeros((size, size), bool), np.zeros((size, size), bool)
    at = uv * size - 0.5
    for face in triangles:
        (ax, ay), (bx, by), (cx, cy) = at[face]
        left, right = int(min(ax, bx, cx)) - 1, int(max(ax, bx, cx)) + 2
        top, bottom = int(min(ay, by, cy)) - 1, int(max(ay, by, cy)) + 2
        x, y = np.meshgrid(np.arange(max(left, 0), min(right + 1, size)),
                           np.arange(max(top, 0), min(bottom + 1, size)))  # fmt: skip
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if abs(area) < 1e-9 or not x.size:
            continue
        v = ((x - ax) * (cy - ay) - (y - ay) * (cx - ax)) / area
        w = ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / area
        u = 1 - v - w
        edge = np.minimum(np.minimum(u, v), w)
        mix = (
            u[..., None] * values[face[0]]
            + v[..., None] * values[face[1]]
            + w[..., None] * values[face[2]]
        )
        # What is beside a triangle is only a guess: any triangle that covers it knows better.
        inside = edge > -1e-9
        beside = (edge > -0.25) & ~inside & ~sure[y, x] & ~guessed[y, x]
        picture[y[inside], x[inside]] = mix[inside]
        picture[y[beside], x[beside]] = mix[beside]
        sure[y[inside], x[inside]] = True
        guessed[y[beside], x[beside]] = True
    return picture
