"""The grid that all heads share: one mesh with rings round the eyes and the mouth.

A vertex has coordinates (u, v) on the head's surface, in radians as seen from its middle: u to the
figure's own left (0 ahead, pi behind), v up. Below `NECK` v runs down the neck. Morphs and paint
are written in these coordinates, so they fit every head.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from making.triangulation import delaunay, inside

EYE = (0.40, 0.12)
MOUTH = (0.0, -0.50)
NECK, BOTTOM, TOP = -1.02, -2.0, 1.45
AROUND = 28
"""Vertices in a ring: first the one furthest to +u, then towards +v."""
EYE_RINGS = (0.0, 0.10, 0.22, 0.38, 0.58, 0.80, 1.0)
LID_RINGS = (0.90, 0.72)
MOUTH_RINGS = (0.0, 0.09, 0.20, 0.32, 0.48, 0.70, 1.0)
SOCK_RINGS = (0.86, 0.66, 0.44, 0.22)


@dataclass(frozen=True)
class Grid:
    """Vertices (n, 2), triangles (m, 3), and who is who.

    `eyes` holds for each side (0 left, 1 right) the rings of a lid, the aperture's edge first, and
    `lids` the rings inside it; `mouth` and `sock` are the same of the mouth. Vertices of the rings
    of a right eye are in the order of the left eye's, mirrored. `twin` is the vertex on the other
    side, `weld` the first vertex at the same place (they differ along the back of the head).
    """

    uv: np.ndarray
    triangles: np.ndarray
    eyes: tuple[np.ndarray, np.ndarray]
    lids: tuple[np.ndarray, np.ndarray]
    mouth: np.ndarray
    sock: np.ndarray
    twin: np.ndarray
    weld: np.ndarray
    pole: int


def turns(count: int = AROUND) -> np.ndarray:
    """(count,) angles of the vertices of a ring."""
    return np.arange(count) * (2 * np.pi / count)


def eye_ring(t: float) -> np.ndarray:
    """(n, 2) a ring round the left eye: 0 at the edge of the lids, 1 where the face begins."""
    a = turns()
    width, height = 0.17 + 0.105 * t, 0.095 + 0.145 * t
    return np.column_stack([EYE[0] + width * np.cos(a), EYE[1] + height * np.sin(a)])


def mouth_ring(t: float) -> np.ndarray:
    """(n, 2) a ring round the mouth: 0 where the lips touch, about 0.32 at their border."""
    a = turns()
    width, height = 0.22 + 0.13 * t, 0.05 + 0.17 * t
    return np.column_stack([MOUTH[0] + width * np.cos(a), MOUTH[1] + height * np.sin(a)])


def _inward(ring: np.ndarray, centre: tuple[float, float], scale: float) -> np.ndarray:
    return np.asarray(centre) + (ring - np.asarray(centre)) * scale


def _field() -> np.ndarray:
    """The points of the left half between the rings, denser in the face."""
    eye, mouth = eye_ring(1.17), mouth_ring(1.2)
    found = []
    rows = [BOTTOM, -1.72, -1.48, -1.30, -1.17, -1.06, -0.97, -0.89, -0.82]
    rows += [*np.arange(-0.75, 0.62, 0.056), 0.68, 0.78, 0.90, 1.05, 1.20, 1.34, TOP]
    for number, v in enumerate(rows):
        front = 0.060 if -0.78 < v < 0.2 else 0.085 if -1.1 < v < 0.66 else 0.17
        u, row = 0.0, [0.0]
        while True:
            near_nose = u < 0.2 and -0.36 < v < 0.16
            step = 0.042 if near_nose else front if u < 0.9 else max(front, 0.11 + 0.06 * (u - 0.9))
            u += step
            if u > np.pi - 0.12:
                break
            # Every other row is moved by half a step, so that triangles are even.
            row.append(u - (step / 2 if number % 2 else 0.0))
        row.append(np.pi)
        found += [(x, v) for x in row]
    # The nose has rows of its own between the others.
    for v in np.arange(-0.306, -0.05, 0.056):
        found += [(u, v) for u in np.arange(0.0, 0.16, 0.042)]
    points = np.array(found)
    return points[~inside(points, eye) & ~inside(points, mouth)]


def _strips(rings: np.ndarray) -> np.ndarray:
    """Triangles between rings that lead inwards, each closed."""
    found = []
    for outer, inner in pairwise(rings):
        o, i = np.roll(outer, -1), np.roll(inner, -1)
        found += [np.column_stack([outer, o, inner]), np.column_stack([o, i, inner])]
    return np.concatenate(found)


@cache
def face_grid() -> Grid:
    """The grid; always the same."""
    half_mouth = [ring[ring[:, 0] > -1e-9] for ring in map(mouth_ring, MOUTH_RINGS)]
    eye = np.concatenate([eye_ring(t) for t in EYE_RINGS])
    half = np.concatenate([eye, *half_mouth, _field()])
    half[np.abs(half[:, 0]) < 1e-9, 0] = 0.0
    faces = delaunay(half)
    middle = half[faces].mean(1)
    hole = inside(middle, eye_ring(0.0)) | inside(middle, mouth_ring(0.0))
    faces = faces[~hole]
    count = len(half)
    on_line = half[:, 0] == 0.0
    twin_of = np.where(on_line, np.arange(count), count + np.cumsum(~on_line) - 1)
    other = half[~on_line] * [-1.0, 1.0]
    uv = np.concatenate([half, other])
    triangles = np.concatenate([faces, twin_of[faces][:, ::-1]])
    twin = np.empty(len(uv), int)
    twin[:count] = twin_of
    twin[twin_of] = np.arange(count)
    eyes = np.arange(AROUND * len(EYE_RINGS)).reshape(len(EYE_RINGS), AROUND)
    return _closed(uv, triangles, eyes, twin)


def _closed(uv: np.ndarray, triangles: np.ndarray, left: np.ndarray, twin: np.ndarray) -> Grid:
    """The grid with the insides of lids and mouth, and the pole of the crown."""
    mouth = np.array([_found(uv, mouth_ring(t)) for t in MOUTH_RINGS])
    parts, faces = [uv], [triangles]
    total = len(uv)
    twins = [twin]
    rings = []
    for side in (0, 1):
        edge = left[0] if side == 0 else twin[left[0]]
        centre = (EYE[0] * (1 - 2 * side), EYE[1])
        own = np.array([total + np.arange(AROUND) + i * AROUND for i in range(len(LID_RINGS))])
        parts += [_inward(uv[edge], centre, s) for s in LID_RINGS]
        strip = _strips(np.concatenate([edge[None], own]))
        faces.append(strip if side == 0 else strip[:, ::-1])
        total += own.size
        rings.append(own)
    twins += [rings[1].ravel(), rings[0].ravel()]
    sock = np.array([total + np.arange(AROUND) + i * AROUND for i in range(len(SOCK_RINGS))])
    parts += [_inward(uv[mouth[0]], MOUTH, s) for s in SOCK_RINGS]
    faces.append(_strips(np.concatenate([mouth[:1], sock])))
    total += sock.size
    mirrored = (AROUND // 2 - np.arange(AROUND)) % AROUND
    twins.append(sock[:, mirrored].ravel())
    last = sock[-1]
    faces.append(np.column_stack([last, np.roll(last, -1), np.full(AROUND, total)]))
    parts.append(np.array([MOUTH]))
    # The crown: every column of the top row meets in one vertex.
    row = np.flatnonzero(np.abs(uv[:, 1] - TOP) < 1e-9)
    row = row[np.argsort(uv[row, 0])]
    pole = total + 1
    parts.append(np.array([[0.0, np.pi / 2]]))
    faces.append(np.column_stack([row[:-1], row[1:], np.full(len(row) - 1, pole)]))
    twins.append(np.array([total, pole]))
    points = np.concatenate(parts)
    weld = np.arange(len(points))
    behind = np.flatnonzero(np.abs(points[:, 0] - np.pi) < 1e-9)
    twin = np.concatenate(twins)
    weld[twin[behind]] = behind
    eyes = (left, twin[left])
    return Grid(points, np.concatenate(faces), eyes, tuple(rings), mouth, sock, twin, weld, pole)


def _found(uv: np.ndarray, ring: np.ndarray) -> np.ndarray:
    """The vertices at the places of a ring."""
    far = np.sum((uv[:, None] - ring[None]) ** 2, axis=2)
    nearest = far.argmin(0)
    if far[nearest, np.arange(len(ring))].max() > 1e-12:
        raise AssertionError("a ring of the face has no vertices of its own")
    return nearest
