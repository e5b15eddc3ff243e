"""Triangles between points of a plane (Delaunay), without libraries beyond numpy."""

from __future__ import annotations

import numpy as np


def delaunay(points: np.ndarray) -> np.ndarray:
    """(m, 3) counter-clockwise triangles over (n, 2) points (Bowyer and Watson's insertion).

    Points are moved by up to 1e-6 for the computation, so that grids have one answer.
    """
    random = np.random.default_rng(1)
    p = np.asarray(points, float) + random.uniform(-1e-6, 1e-6, points.shape)
    middle, size = p.mean(0), np.ptp(p, axis=0).max()
    outer = middle + size * np.array([[-20.0, -18.0], [20.0, -19.0], [0.3, 22.0]])
    p = np.concatenate([p, outer])
    n = len(points)
    faces = np.array([[n, n + 1, n + 2]])
    circles = _circles(p, faces)
    for i in range(n):
        hit = np.sum((circles[:, :2] - p[i]) ** 2, axis=1) < circles[:, 2]
        edges = faces[hit][:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
        # An edge of the cavity belongs to one removed triangle only.
        there = {tuple(edge) for edge in edges.tolist()}
        rim = np.array([edge for edge in edges.tolist() if (edge[1], edge[0]) not in there])
        fresh = np.column_stack([rim, np.full(len(rim), i)])
        faces = np.concatenate([faces[~hit], fresh])
        circles = np.concatenate([circles[~hit], _circles(p, fresh)])
    return faces[(faces < n).all(1)]


def _circles(p: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(m, 3) centre and squared radius of the circle through each triangle."""
    a, b, c = (p[faces[:, i]] for i in range(3))
    u, w = b - a, c - a
    d = 2.0 * (u[:, 0] * w[:, 1] - u[:, 1] * w[:, 0])
    d = np.where(np.abs(d) < 1e-18, 1e-18, d)
    uu, ww = np.sum(u * u, 1), np.sum(w * w, 1)
    x = (w[:, 1] * uu - u[:, 1] * ww) / d
    y = (u[:, 0] * ww - w[:, 0] * uu) / d
    return np.column_stack([a[:, 0] + x, a[:, 1] + y, x * x + y * y])


def inside(points: np.ndarray, outline: np.ndarray) -> np.ndarray:
    """(n,) whether points lie within a closed outline (crossing number)."""
    a, b = outline, np.roll(outline, -1, 0)
    x, y = points[:, :1], points[:, 1:]
    crosses = (a[None, :, 1] > y) != (b[None, :, 1] > y)
    rise = np.where(b[:, 1] == a[:, 1], 1e-18, b[:, 1] - a[:, 1])
    at = a[None, :, 0] + (y - a[None, :, 1]) / rise * (b[:, 0] - a[:, 0])
    return (crosses & (x < at)).sum(1) % 2 == 1
