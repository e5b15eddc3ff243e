"""Place the grid of all heads on one head's solid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from making.face_grid import (
    AROUND,
    EYE_RINGS,
    MOUTH_RINGS,
    Grid,
    eye_ring,
    face_grid,
    mouth_ring,
    turns,
)
from making.head_form import Eye, Form, Mouth, front, hit, rays, smooth


@dataclass(frozen=True)
class Head:
    """Vertices (n, 3) of a head's skin in heads, with the grid and the form they belong to."""

    form: Form
    grid: Grid
    points: np.ndarray
    triangles: np.ndarray

    def normals(self, points: np.ndarray | None = None) -> np.ndarray:
        """(n, 3) smooth normals of the skin, or of the skin moved to other points."""
        return welded_normals(
            self.points if points is None else points, self.triangles, self.grid.weld
        )


def welded_normals(points: np.ndarray, triangles: np.ndarray, weld: np.ndarray) -> np.ndarray:
    """(n, 3) normals by the angle and area of triangles; welded vertices share theirs."""
    a, b, c = (points[triangles[:, i]] for i in range(3))
    across = np.cross(b - a, c - a)
    total = np.zeros_like(points)
    for i in range(3):
        np.add.at(total, weld[triangles[:, i]], across)
    total = total[weld]
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-15)


def on_ball(eye: Eye, az: np.ndarray, el: np.ndarray, radius: float) -> np.ndarray:
    """(n, 3) places round the left eye at degrees outwards and up."""
    a, e = np.radians(az), np.radians(el)
    way = np.column_stack([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)])
    return eye.centre + radius * way


def aperture(eye: Eye) -> tuple[np.ndarray, np.ndarray]:
    """Degrees outwards and up of the edge of the lids, in the order of a ring."""
    a = turns()
    x, y = np.cos(a), np.sin(a)
    az = (eye.outer - eye.inner) / 2 + (eye.outer + eye.inner) / 2 * x
    bent = np.clip(x - eye.peak * np.where(y > 0, 1.0, 0.6) * (1 - x * x), -1, 1)
    share = (1.0 - np.abs(bent) ** 2.3) ** 0.92
    el = np.where(y > 1e-9, eye.upper, np.where(y < -1e-9, -eye.lower, 0.0)) * share
    return az, el + eye.tilt * x


def closing(eye: Eye, az: np.ndarray) -> np.ndarray:
    """Degrees up of the line along which the lids meet."""
    middle, half = (eye.outer - eye.inner) / 2, (eye.outer + eye.inner) / 2
    x = np.clip((az - middle) / half, -1.0, 1.0)
    return eye.closes * (1.0 - np.abs(x) ** 2.3) + eye.tilt * x


def lip_line(mouth: Mouth, x: np.ndarray) -> np.ndarray:
    """Height of the line between the lips at places across."""
    share = np.clip(np.abs(x) / mouth.width, 0.0, 1.3)
    return mouth.y + mouth.curve * share**2 - 0.004 * np.exp(-((share / 0.16) ** 2))


def ring_shares(grid: Grid) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(2, n) how far vertices are from the edge of each eye's lids, (n,) from the lips' line.

    0 at the edge and inside it, 1 where the face begins; and (n,) 1 for what belongs to the upper
    lip, -1 for the lower lip, 0 for all others.
    """
    eyes, mouth, lip = np.ones((2, len(grid.uv))), np.ones(len(grid.uv)), np.zeros(len(grid.uv))
    for side in (0, 1):
        eyes[side, grid.eyes[side]] = np.array(EYE_RINGS)[:, None]
        eyes[side, grid.lids[side]] = 0.0
    mouth[grid.mouth] = np.array(MOUTH_RINGS)[:, None]
    mouth[grid.sock] = 0.0
    side = np.sign(np.round(np.sin(turns()), 9))
    lip[grid.mouth] = side
    lip[grid.sock] = side
    return eyes, mouth, lip


def mould(form: Form) -> Head:
    """The skin of a head."""
    grid = face_grid()
    points = np.zeros((len(grid.uv), 3))
    eye_points, mouth_points = _eye_rings(form), _mouth_rings(form)
    points[: len(grid.uv)] = _cast(form, grid, eye_points[-1], mouth_points[-1])
    for side, mirror in ((0, 1.0), (1, -1.0)):
        for ring, places in zip(grid.eyes[side], eye_points, strict=True):
            points[ring] = places * [mirror, 1, 1]
        margin = on_ball(form.eye, *aperture(form.eye), form.eye.radius * 1.015)
        behind = on_ball(form.eye, aperture(form.eye)[0], aperture(form.eye)[1] * 1.25,
                         form.eye.radius * 0.97)  # fmt: skip
        for ring, places in zip(grid.lids[side], (margin, behind), strict=True):
            points[ring] = places * [mirror, 1, 1]
    for ring, places in zip(grid.mouth, mouth_points, strict=True):
        points[ring] = places
    _sock(form, grid, points)
    points = _relaxed(grid, points)
    if form.folds is not None:
        eyes, mouth, _ = ring_shares(grid)
        # Edges of lids and lips stay where they touch.
        held = smooth(0.02, 0.22, eyes.min(0)) * smooth(0.05, 0.30, mouth)
        height = form.folds(grid.uv, points) * held
        normals = welded_normals(points, grid.triangles, grid.weld)
        points = points + normals * height[:, None]
    # Rounding must not make the sides differ, nor open the seam behind.
    points = (points + points[grid.twin] * [-1.0, 1.0, 1.0]) / 2
    points[grid.weld != np.arange(len(points)), 0] = 0.0
    points[grid.weld[grid.weld != np.arange(len(points))], 0] = 0.0
    return Head(form, grid, points[grid.weld], grid.triangles)


def _eye_rings(form: Form) -> list[np.ndarray]:
    """Rings round the left eye: on the ball at the lids' edge, on the face further away."""
    eye, a = form.eye, turns()
    edge = on_ball(eye, *aperture(eye), eye.radius * eye.lid)
    x, y = np.cos(a), np.sin(a)
    across, up, down = eye.reach
    # The bridge of the nose is between the rings of both eyes.
    inwards = min(across * eye.radius, eye.x - 0.038)
    outer = np.column_stack([
        eye.x + x * np.where(x > 0, across * eye.radius, inwards),
        eye.y + eye.radius * y * np.where(y > 0, up, down),
    ])  # fmt: skip
    found = []
    flats = [edge[:, :2] * (1 - t) + outer * t for t in EYE_RINGS]
    cast = np.split(front(form.flesh, np.concatenate(flats)), len(flats))
    for t, flat, places in zip(EYE_RINGS, flats, cast, strict=True):
        # Close to its edge a lid keeps to its ball, whatever the flesh does.
        near = np.exp(-((t / 0.16) ** 2))
        shell = _shell(eye, flat)
        places[:, 2] = places[:, 2] * (1 - near) + shell * near
        found.append(edge if t == 0 else places)
    return found


def _shell(eye: Eye, flat: np.ndarray) -> np.ndarray:
    """Depth of the lids' own ball at places in front view."""
    far = np.sum((flat - eye.centre[:2]) ** 2, 1)
    return eye.z + np.sqrt(np.maximum((eye.radius * eye.lid) ** 2 - far, 1e-6))


def _mouth_rings(form: Form) -> list[np.ndarray]:
    """Rings round the mouth: the lips up to 0.32, then the face."""
    mouth, a = form.mouth, turns()
    x, y = np.cos(a), np.sin(a)
    share = np.abs(x)
    up = y >= 0
    bow = (
        1.0
        - mouth.bow * np.exp(-((share / 0.13) ** 2)) * up
        + 0.06 * np.exp(-(((share - 0.22) / 0.14) ** 2)) * up
    )
    full = np.where(up, mouth.upper * bow, mouth.lower) * (1 - share**2.6) ** 0.75
    line = lip_line(mouth, x * mouth.width)
    found = []
    for t in MOUTH_RINGS:
        lip = min(t / 0.32, 1.0)
        wide = mouth.width * (1.0 + 0.05 * lip)
        inner = np.column_stack([x * wide, line + np.sign(y) * full * lip * (np.abs(y) > 1e-9)])
        outer = np.column_stack([
            x * mouth.width * mouth.reach[0],
            mouth.y + 0.5 * mouth.curve + y * np.where(up, *mouth.reach[1:]),
        ])  # fmt: skip
        beyond = max(0.0, (t - 0.32) / 0.68)
        places = front(form.flesh, inner * (1 - beyond) + outer * beyond)
        # The red of the lips swells between the line where they touch and their border.
        swell = mouth.full * (np.sin(np.pi * min(lip, 1.0)) ** 0.7 if lip < 1 else 0.0)
        swell += 0.16 * mouth.full * np.exp(-(((lip - 1) / 0.2) ** 2)) * (t <= 0.321)
        sunk = mouth.sunk * (1 - lip) ** 2 + 0.35 * mouth.sunk * share**6 * (1 - beyond)
        places[:, 2] += swell * (1 - share**4) - sunk
        found.append(places)
    return found


def _cast(form: Form, grid: Grid, eye: np.ndarray, mouth: np.ndarray) -> np.ndarray:
    """The solid at every vertex, after the grid was drawn to this head's eyes and mouth."""
    known, wanted = [], []
    for side in (1.0, -1.0):
        known.append(eye_ring(1.0) * [side, 1])
        wanted.append(_seen(eye * [side, 1, 1]))
    known.append(mouth_ring(1.0))
    wanted.append(_seen(mouth))
    for at, place in form.landmarks:
        for side in (1.0, -1.0) if at[0] else (1.0,):
            known.append(np.array([at]) * [side, 1])
            wanted.append(_seen(front(form.flesh, np.array([place]) * [side, 1])))
    frame = np.array([(u, v) for v in (-2.0, -1.5, -1.02, 0.62, 1.0, 1.57)
                      for u in np.linspace(-np.pi, np.pi, 11)] +
                     [(s * u, v) for v in (-0.6, -0.2, 0.2) for u in (1.25, 2.0, np.pi)
                      for s in (1, -1)])  # fmt: skip
    known.append(frame)
    wanted.append(frame)
    uv = warped(grid.uv, np.concatenate(known), np.concatenate(wanted))
    return hit(form.flesh, *rays(uv, form.neck), 1.2)


def _seen(points: np.ndarray) -> np.ndarray:
    """Coordinates (u, v) of points as seen from the middle of the head."""
    flat = np.hypot(points[:, 0], points[:, 2])
    return np.column_stack([np.arctan2(points[:, 0], points[:, 2]), np.arctan2(points[:, 1], flat)])


def warped(points: np.ndarray, known: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Points (n, 2) moved as known places move to wanted ones, as a thin plate bends."""

    def bend(p: np.ndarray) -> np.ndarray:
        far = np.sum((p[:, None] - known[None]) ** 2, 2)
        return far * np.log(np.maximum(far, 1e-12))

    n = len(known)
    flat = np.column_stack([np.ones(n), known])
    matrix = np.block([[bend(known) + 1e-6 * np.eye(n), flat], [flat.T, np.zeros((3, 3))]])
    right = np.concatenate([wanted - known, np.zeros((3, 2))])
    solved = np.linalg.solve(matrix, right)
    return (
        points
        + bend(points) @ solved[:n]
        + np.column_stack([np.ones(len(points)), points]) @ solved[n:]
    )


# Rings of the bag behind the lips: width, half height and depth from the lips' edge.
_BAG = ((1.0, 0.010, 0.022), (0.98, 0.065, 0.040), (0.95, 0.11, 0.13), (0.6, 0.07, 0.27))


def _sock(form: Form, grid: Grid, points: np.ndarray) -> None:
    """Lead the lips inwards into a bag that holds the teeth."""
    mouth, a = form.mouth, turns()
    edge = points[grid.mouth[0]]
    y = np.sin(a)
    for ring, (narrow, high, back) in zip(grid.sock, _BAG, strict=True):
        points[ring] = np.column_stack([
            edge[:, 0] * narrow, edge[:, 1] + high * np.sign(y) * np.abs(y) ** 0.6,
            edge[:, 2] - back,
        ])  # fmt: skip
    points[grid.sock[-1].max() + 1] = [0, mouth.y, points[grid.sock[-1], 2].mean() - 0.03]


def _relaxed(grid: Grid, points: np.ndarray) -> np.ndarray:
    """The points with the field between the rings evened a little."""
    count = len(points)
    a = np.concatenate(
        [grid.triangles[:, [0, 1]], grid.triangles[:, [1, 2]], grid.triangles[:, [2, 0]]]
    )
    a = grid.weld[a]
    held = np.zeros(count, bool)
    for rings in (*grid.eyes, *grid.lids, grid.sock):
        held[rings.ravel()] = True
    held[grid.mouth.ravel()] = True
    held[[grid.pole, grid.pole - 1]] = True
    held |= grid.uv[:, 1] < -1.9
    weight = np.bincount(a.ravel(), minlength=count).astype(float)
    for _ in range(4):
        total = np.zeros_like(points)
        np.add.at(total, a[:, 0], points[a[:, 1]])
        np.add.at(total, a[:, 1], points[a[:, 0]])
        mean = (total / np.maximum(weight, 1)[:, None])[grid.weld]
        points = np.where(held[:, None], points, points * 0.80 + mean * 0.20)
        # Below the tip of the nose the solid is seen at a flat angle.
        u, v = np.abs(grid.uv[:, 0]), grid.uv[:, 1]
        nose = smooth(0.30, 0.14, u) * smooth(-0.40, -0.27, v) * smooth(-0.02, -0.12, v) * ~held
        points = points + (mean - points) * (0.18 * nose)[:, None]
    return points


__all__ = ["AROUND", "Head", "aperture", "closing", "lip_line", "mould", "on_ball", "smooth"]
