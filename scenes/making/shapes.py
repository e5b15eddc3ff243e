"""The shapes that the set is built of: grids, boxes, turned and drawn-out forms, roofs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from making.mesh import Shape, joined, smooth_normals

Point = Sequence[float]


def grid(points: np.ndarray, uv: np.ndarray | None = None, *, close: bool = False) -> Shape:
    """A surface over (rows, columns, 3) points; outside is where columns x rows points to."""
    rows, columns = points.shape[:2]
    index = np.arange(rows * columns).reshape(rows, columns)
    if close:
        index = np.concatenate([index, index[:, :1]], axis=1)
    a, b = index[:-1, :-1].ravel(), index[:-1, 1:].ravel()
    c, d = index[1:, 1:].ravel(), index[1:, :-1].ravel()
    triangles = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    return Shape(points.reshape(-1, 3), triangles, uv=None if uv is None else uv.reshape(-1, 2))


def panel(origin: Point, right: Point, up: Point, *, step: float = 10.0, repeat: float = 0.0,
          uv: tuple[float, float, float, float] = (0, 0, 1, 1)) -> Shape:  # fmt: skip
    """A rectangle from its lower left corner, facing right x up, in cells of about `step` metres.

    `repeat` metres of it hold the texture once; else `uv` (left, top, right, bottom) fills it.
    """
    origin, right, up = (np.asarray(v, float) for v in (origin, right, up))
    w, h = np.linalg.norm(right), np.linalg.norm(up)
    columns, rows = max(1, round(w / step)), max(1, round(h / step))
    s, t = np.meshgrid(np.linspace(0, 1, columns + 1), np.linspace(0, 1, rows + 1))
    points = origin + s[..., None] * right + t[..., None] * up
    if repeat > 0:
        along = right / w
        start = np.array([origin @ along, -(origin @ (up / h))]) / repeat
        texture = np.stack([start[0] + s * w / repeat, start[1] - t * h / repeat], -1)
    else:
        texture = np.stack([uv[0] + s * (uv[2] - uv[0]), uv[3] + t * (uv[1] - uv[3])], -1)
    shape = grid(points, texture)
    normal = np.cross(right, up)
    shape.normals = np.tile(normal / np.linalg.norm(normal), (len(shape.points), 1))
    return shape


def box(
    low: Point, high: Point, *, skip: str = "", repeat: float = 1.0, step: float = 10.0
) -> Shape:
    """An upright box between two corners; `skip` leaves out faces: l(-x) r(+x) f(-y) b(+y) d u."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    w, d, h = x1 - x0, y1 - y0, z1 - z0
    faces = {
        "f": ((x0, y0, z0), (w, 0, 0), (0, 0, h)),
        "r": ((x1, y0, z0), (0, d, 0), (0, 0, h)),
        "b": ((x1, y1, z0), (-w, 0, 0), (0, 0, h)),
        "l": ((x0, y1, z0), (0, -d, 0), (0, 0, h)),
        "u": ((x0, y0, z1), (w, 0, 0), (0, d, 0)),
        "d": ((x0, y1, z0), (w, 0, 0), (0, -d, 0)),
    }
    kept = [
        panel(*face, repeat=repeat, step=step) for name, face in faces.items() if name not in skip
    ]
    return joined(*kept)


def bevelled(low: Point, high: Point, edge: float = 0.02, *, repeat: float = 1.0) -> Shape:
    """A box whose upright and upper edges are cut by `edge`, with soft normals that catch light."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    rings = []
    for inset, z in ((0.0, z0), (0.0, z1 - edge), (edge, z1)):
        a, b, c, d = x0 + inset, x1 - inset, y0 + inset, y1 - inset
        cut = edge * (0.8 if inset == 0 else 0.6)
        outline = (
            (a + cut, c), (b - cut, c), (b, c + cut), (b, d - cut),
            (b - cut, d), (a + cut, d), (a, d - cut), (a, c + cut),
        )  # fmt: skip
        rings.append([(px, py, z) for px, py in outline])
    points = np.array(rings)
    around = np.array([0, 1, 1.05, 2, 2.05, 3, 3.05, 4]) / repeat
    uv = np.stack(np.broadcast_arrays(around[None], -points[..., 2] / repeat), -1)
    side = grid(points, uv, close=True)
    lid = Shape(
        points[2], [(0, i, i + 1) for i in range(1, 7)], normals=np.tile([0, 0, 1.0], (8, 1))
    )
    return joined(side, lid)


def turned(
    profile: Sequence[tuple[float, float]], sides: int = 12, *, squash: float = 1.0
) -> Shape:
    """A form turned on a lathe: (radius, height) from below to above, `squash` flattens y."""
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    r, z = np.array(profile, float).T
    points = np.stack(
        np.broadcast_arrays(
            r[:, None] * np.cos(angle), r[:, None] * np.sin(angle) * squash, z[:, None]
        ), -1,
    )  # fmt: skip
    uv = np.stack(
        np.broadcast_arrays(angle / (2 * np.pi), (-z / max(np.ptp(z), 1e-6))[:, None]), -1
    )
    return grid(points, uv, close=True)


def drawn(
    path: np.ndarray,
    radii: float | Sequence[float] | np.ndarray,
    sides: int = 6,
    *,
    flatten: float = 1.0,
    hint: Point = (0.0, 0.0, 1.0),
    ends: bool = True,
) -> Shape:
    """A tube along (n, 3) points with a radius at each; `flatten` narrows it across `hint`."""
    path = np.asarray(path, float)
    radii = np.broadcast_to(np.asarray(radii, float), len(path))
    ahead = np.gradient(path, axis=0)
    ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-9)
    side = np.cross(ahead, np.asarray(hint, float))
    weak = np.linalg.norm(side, axis=1) < 1e-3
    side[weak] = np.cross(ahead[weak], [1.0, 0.0, 0.0])
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    up = np.cross(side, ahead)
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    points = (
        path[:, None]
        + radii[:, None, None] * np.cos(angle)[None, :, None] * side[:, None]
        + radii[:, None, None] * flatten * np.sin(angle)[None, :, None] * up[:, None]
    )
    tube = grid(points[:, ::-1], close=True)
    if not ends:
        return tube
    count = len(path)
    first = [(0, i + 1, i) for i in range(1, sides - 1)]
    last = [((count - 1) * sides, (count - 1) * sides + i, (count - 1) * sides + i + 1)
            for i in range(1, sides - 1)]  # fmt: skip
    triangles = np.concatenate([tube.triangles, np.array(first + last)])
    return Shape(tube.points, triangles, tube.normals)


def ring_loft(rings: Sequence[np.ndarray], *, cap: bool = True) -> Shape:
    """A skin over closed rings of equally many points, from below to above."""
    points = np.stack(rings)
    skin = grid(points, close=True)
    if not cap:
        return skin
    sides = points.shape[1]
    top = (len(rings) - 1) * sides
    lid = [(top, top + i, top + i + 1) for i in range(1, sides - 1)]
    triangles = np.concatenate([skin.triangles, np.array(lid)])
    return Shape(skin.points, triangles, smooth_normals(skin.points, triangles))


def oval(
    x: float,
    y: float,
    z: float,
    rx: float,
    ry: float,
    sides: int = 12,
    *,
    pan: float = 0.0,
    tilt: tuple[float, float] = (0.0, 0.0),
    folds: float = 0.0,
    count: int = 5,
) -> np.ndarray:
    """A ring: centre, half widths, panned; `tilt` is its rise along x and y, `folds` waves it."""
    a = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    wave = 1.0 + folds * np.cos(count * a)
    px, py = rx * np.cos(a) * wave, ry * np.sin(a) * wave
    p = np.radians(pan)
    qx, qy = px * np.cos(p) - py * np.sin(p), px * np.sin(p) + py * np.cos(p)
    return np.stack([x + qx, y + qy, z + tilt[0] * qx + tilt[1] * qy], -1)


def ball(radius: float, sides: int = 10, rows: int = 6) -> Shape:
    """A sphere about the origin."""
    at = np.linspace(-np.pi / 2, np.pi / 2, rows + 1)
    return turned([(max(radius * np.cos(t), 1e-4), radius * np.sin(t)) for t in at], sides)


def card(centre: Point) -> Shape:
    """Four corners at one point, which a shader spreads."""
    uv = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
    return Shape(np.tile(np.asarray(centre, float), (4, 1)), [(0, 1, 2), (0, 2, 3)],
                 normals=np.tile([0.0, 0.0, 1.0], (4, 1)), uv=uv)  # fmt: skip


def curve(points: Sequence[Point], count: int) -> np.ndarray:
    """(count, d) points of a smooth curve through the given ones (Catmull-Rom)."""
    p = np.asarray(points, float)
    p = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    t = np.linspace(0, len(p) - 3 - 1e-9, count)
    i = t.astype(int)
    f = (t - i)[:, None]
    a, b, c, d = p[i], p[i + 1], p[i + 2], p[i + 3]
    return 0.5 * (2 * b + (c - a) * f + (2 * a - 5 * b + 4 * c - d) * f**2
                  + (3 * b - 3 * c + d - a) * f**3)  # fmt: skip
