"""Surfaces over grids of points: tubes of garments and limbs, with thickness and folds.

A grid is (rows, columns, 3). Rows run from the top (or the body) down and outwards, columns round
the form, so that the outside is where columns x rows points; texture coordinates run with them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from making.part import Part, smooth_normals

Weights = Mapping[str, np.ndarray | float]
Follow = Callable[[np.ndarray], Weights]


def ring(
    centre: Sequence[float],
    half: tuple[float, float],
    columns: int,
    *,
    square: float = 2.0,
    axis: str = "y",
    front: float = 1.0,
) -> np.ndarray:
    """(columns + 1, 3) an oval; its seam is at the back (`y`) or below (`x`), twice there.

    `half` is half its width and depth (`y`), or its height and depth (`x`). `square` over 2 makes
    corners; `front` multiplies the depth of the half that faces forward.
    """
    a = 2 * np.pi * np.arange(columns + 1) / columns
    power = 2.0 / square
    c, s = np.cos(a), np.sin(a)
    c, s = np.sign(c) * np.abs(c) ** power, np.sign(s) * np.abs(s) ** power
    c, s = np.round(c, 12), np.round(s, 12)
    if axis == "y":
        depth = np.where(c < 0, half[1] * front, half[1])
        offset = np.stack([half[0] * s, 0 * a, -depth * c], 1)
    else:
        offset = np.stack([0 * a, -half[0] * c, -half[1] * s], 1)
    return np.asarray(centre, float) + offset


def loft(rings: Sequence[np.ndarray], at: np.ndarray, rows: int) -> np.ndarray:
    """(rows, columns, 3) a smooth skin over rings that are at increasing places `at`."""
    return curve(np.stack(rings), np.asarray(at, float), np.linspace(at[0], at[-1], rows))


def curve(values: np.ndarray, at: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Values of a smooth curve through `values` at `at` (increasing), without overshoot."""
    step = np.diff(at)
    shape = (-1,) + (1,) * (values.ndim - 1)
    slope = np.diff(values, axis=0) / step.reshape(shape)
    inner = np.where(
        slope[1:] * slope[:-1] > 0,
        2 * slope[1:] * slope[:-1] / (slope[1:] + slope[:-1] + 1e-30),
        0.0,
    )
    tangent = np.concatenate([slope[:1], inner, slope[-1:]])
    i = np.clip(np.searchsorted(at, wanted, "right") - 1, 0, len(at) - 2)
    t = ((wanted - at[i]) / step[i]).reshape(shape)
    h = step[i].reshape(shape)
    return (
        (2 * t**3 - 3 * t**2 + 1) * values[i] + (t**3 - 2 * t**2 + t) * h * tangent[i]
        + (3 * t**2 - 2 * t**3) * values[i + 1] + (t**3 - t**2) * h * tangent[i + 1]
    )  # fmt: skip


def grid_triangles(rows: int, columns: int) -> np.ndarray:
    """(m, 3) triangles over a grid."""
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b = index[:-1, :-1].ravel(), index[:-1, 1:].ravel()
    c, d = index[1:, 1:].ravel(), index[1:, :-1].ravel()
    # Alternate the diagonals, so that folds bend evenly to both sides.
    odd = (np.add.outer(np.arange(rows - 1), np.arange(columns - 1)) % 2).ravel() == 1
    first = np.where(odd[:, None], np.stack([a, b, d], 1), np.stack([a, b, c], 1))
    second = np.where(odd[:, None], np.stack([b, c, d], 1), np.stack([a, c, d], 1))
    return np.concatenate([first, second])


def grid_normals(points: np.ndarray) -> np.ndarray:
    """(rows, columns, 3) normals of a grid, the same on both sides of its seam."""
    rows, columns = points.shape[:2]
    flat = points.reshape(-1, 3)
    return smooth_normals(flat, grid_triangles(rows, columns)).reshape(points.shape)


def raised(points: np.ndarray, by: np.ndarray | float) -> np.ndarray:
    """The grid moved along its normals by (rows, columns) metres."""
    by = np.broadcast_to(np.asarray(by, float), points.shape[:2])
    return points + grid_normals(points) * by[..., None]


def unit_uv(rows: int, columns: int) -> np.ndarray:
    """(rows, columns, 2) texture coordinates from 0 to 1."""
    s, t = np.meshgrid(np.linspace(0, 1, columns), np.linspace(0, 1, rows))
    return np.stack([s, t], -1)


def hemmed(points: np.ndarray, uv: np.ndarray, thick: float, inside: float,
           *, top: bool = False, closed: bool = False,
           ) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """The grid with its last row (`top`: its first) turned round a hem and back inside.

    `thick` is the thickness of the cloth, `inside` how far the inner side goes back, metres; with
    `closed` it ends in a lid there, so that nobody looks through a sleeve.
    """
    if top:
        flipped = hemmed(points[::-1], uv[::-1], -thick, inside)
        return flipped[0][::-1], flipped[1][::-1]
    normal = grid_normals(points)[-1]
    t = abs(thick)
    if thick < 0:
        normal = grid_normals(points[::-1])[0]
    down = points[-1] - points[-2]
    down /= np.maximum(np.linalg.norm(down, axis=1, keepdims=True), 1e-9)
    edge = points[-1]
    more = [
        edge + down * 0.35 * t - normal * 0.12 * t,
        edge + down * 0.50 * t - normal * 0.50 * t,
        edge + down * 0.30 * t - normal * 0.92 * t,
        edge - down * inside - normal * t,
    ]
    # The inner side shows the cloth's last stretch again.
    back = [uv[-1] - (0, 0.003 * i) for i in (1, 2, 3)] + [2 * uv[-4] - uv[-1]]
    if closed:
        more.append(np.broadcast_to(more[-1].mean(0), more[-1].shape))
        back.append(back[-1])
    return np.concatenate([points, np.stack(more)]), np.concatenate([uv, np.stack(back)])


def lidded(points: np.ndarray, dark: float = 0.22) -> np.ndarray:
    """(rows, 1, 1) factors of colour for a closed tube: its lid, inside, is dark."""
    shade = np.ones((len(points), 1, 1))
    shade[-2:] = dark
    return shade


def part(
    name: str,
    material: str,
    points: np.ndarray,
    follow: Follow | Weights,
    *,
    uv: np.ndarray | None = None,
    colours: np.ndarray | None = None,
) -> Part:
    """A part over a grid; `follow` gives the weights of (n, 3) points, or is weights."""
    rows, columns = points.shape[:2]
    uv = unit_uv(rows, columns) if uv is None else uv
    flat = points.reshape(-1, 3)
    follows = follow(flat) if callable(follow) else follow
    shade = None if colours is None else np.broadcast_to(
        colours, (rows, columns, 3)).reshape(-1, 3)  # fmt: skip
    triangles = solid_triangles(flat, grid_triangles(rows, columns))
    return Part(
        name, material, flat, triangles, follows, uv=uv.reshape(-1, 2), colours=shade,
        grid=(rows, columns),
    )  # fmt: skip


def solid_triangles(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """The triangles that have an area: poles of a form collapse some."""
    a, b, c = (points[triangles[:, i]] for i in range(3))
    return triangles[np.linalg.norm(np.cross(b - a, c - a), axis=1) > 1e-12]


def cord(
    path: np.ndarray,
    radius: float | np.ndarray,
    sides: int = 6,
    *,
    flat: float = 1.0,
    up: Sequence[float] = (0.0, 0.0, 1.0),
    capped: bool = True,
) -> np.ndarray:
    """(n, sides + 1, 3) a tube along a path, its ends drawn in; `flat` thins it along `up`."""
    path = np.asarray(path, float)
    radius = np.broadcast_to(np.asarray(radius, float), len(path)).copy()
    if capped:
        tip = 0.6 * radius[0], 0.6 * radius[-1]
        ahead0, ahead1 = path[0] - path[1], path[-1] - path[-2]
        ahead0 /= np.linalg.norm(ahead0)
        ahead1 /= np.linalg.norm(ahead1)
        path = np.concatenate([[path[0] + ahead0 * tip[0] * flat], path,
                               [path[-1] + ahead1 * tip[1] * flat]])  # fmt: skip
        radius = np.concatenate([[1e-5], radius, [1e-5]])
    ahead = np.gradient(path, axis=0)
    ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-12)
    lift = np.broadcast_to(np.asarray(up, float), path.shape)
    side = np.cross(ahead, lift)
    weak = np.linalg.norm(side, axis=1) < 1e-4
    side[weak] = np.cross(ahead[weak], (0.3, 0.9, 0.2))
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    lift = np.cross(side, ahead)
    a = 2 * np.pi * np.arange(sides + 1) / sides
    c, s = np.round(np.cos(a), 12), np.round(np.sin(a), 12)
    r = radius[:, None, None]
    return (
        path[:, None]
        + r * c[None, :, None] * side[:, None]
        - r * s[None, :, None] * flat * lift[:, None]
    )
