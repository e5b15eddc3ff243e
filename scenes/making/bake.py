"""Bake what light there is into the vertices: how much sky a place sees, and each group of lamps.

The set is cut into cells; rays march through them. One bounce is gathered from the cells that rays
end in. What comes out is `shade` (alpha of COLOR_0) and `_BAKE` (four channels).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from making.mesh import Mesh

# Irradiance that a full channel stands for; scene.yaml scales it back.
FULL = 4.0


@dataclass(frozen=True)
class Sun:
    """A sun whose light, once bounced, is kept in a channel; the key light itself is not baked."""

    channel: int
    toward: tuple[float, float, float]
    """The direction in which its light travels, of any length."""
    direct: bool = False
    """Whether its own light is kept, too: for what moves and so cannot have shadows of the key."""


@dataclass(frozen=True)
class Place:
    """What of a set stops light and receives it, and the box that is baked (metres)."""

    low: tuple[float, float, float]
    high: tuple[float, float, float]
    opaque: frozenset[str]
    """Materials that stop light."""
    receives: frozenset[str]
    """Materials that are baked: those that stop light, and more."""
    albedo: Mapping[str, float] = field(default_factory=dict)
    """The share of light that a material gives back where it is painted white."""
    soft: frozenset[str] = frozenset()
    """Materials that light creeps round, such as cloth and skin."""
    lamp_reach: Mapping[int, float] = field(default_factory=dict)
    """Metres that the lamps of a channel reach, if not 8."""
    suns: Sequence[Sun] = ()
    sky_channel: int = -1
    """The channel of sky light after its bounce, if it is kept."""
    cell: float = 0.1
    rays: int = 48
    loops: bool = False
    """Whether the set continues beyond the box's ends along y as it began."""

    @property
    def size(self) -> np.ndarray:
        """Cells along x, y and z."""
        return np.ceil((np.asarray(self.high) - np.asarray(self.low)) / self.cell).astype(int)


Extra = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray], None]
"""Adds light of its own to (n, 4): light, starts, normals, wrap, solid cells."""


def bake(mesh: Mesh, place: Place, extra: Extra | None = None) -> None:
    """Fill shade and bake of every group that receives light."""
    random = np.random.default_rng(2)
    solid = _solid(mesh, place, random)
    groups = [(key, group) for key, group in mesh.groups.items() if key[1] in place.receives]
    points = np.concatenate([s.points for _, g in groups for s in g.shapes])
    normals = np.concatenate([s.normals for _, g in groups for s in g.shapes])
    albedo = np.concatenate(
        [s.colour.mean(1) * place.albedo.get(key[1], 0.6) for key, g in groups for s in g.shapes]
    )
    # Cloth and skin let light creep round them; walls do not.
    wrap = np.concatenate(
        [
            np.full(len(s.points), 0.55 if key[1] in place.soft else 0.12)
            for key, g in groups
            for s in g.shapes
        ]
    )
    start = points + normals * max(0.17, 1.7 * place.cell)
    direct = _direct(mesh, place, start, normals, wrap, solid)
    if extra:
        extra(direct, start, normals, wrap, solid)
    outside = np.zeros_like(direct)
    for sun in place.suns:
        _shine(direct if sun.direct else outside, sun, place, start, normals, solid)
    if place.sky_channel >= 0:
        seen, _ = _gathered(points, start, normals, direct, albedo, solid, place, random)
        outside[:, place.sky_channel] += seen
    light = direct + outside
    shade, bounced = _gathered(points, start, normals, light, albedo, solid, place, random)
    total = direct + bounced
    if place.loops:
        shade, total = _closed(points, place, shade, total)
    at = 0
    for _, group in groups:
        for i, shape in enumerate(group.shapes):
            stretch = slice(at, at + len(shape.points))
            group.shades[i] = shade[stretch]
            group.bakes[i] = np.sqrt(np.clip(total[stretch] / FULL, 0, 1))
            at += len(shape.points)


def _solid(mesh: Mesh, place: Place, random: np.random.Generator) -> np.ndarray:
    solid = np.zeros(place.size, bool)
    for (chunk, material), group in mesh.groups.items():
        if material not in place.opaque or chunk in mesh.pivots:
            continue
        for shape in group.shapes:
            a, b, c = (shape.points[shape.triangles[:, i]] for i in range(3))
            area = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
            count = np.minimum(np.ceil(area / 0.0022).astype(int) + 1, 6000)
            which = np.repeat(np.arange(len(area)), count)
            u, v = random.random((2, len(which)))
            over = u + v > 1
            u[over], v[over] = 1 - u[over], 1 - v[over]
            p = a[which] + u[:, None] * (b - a)[which] + v[:, None] * (c - a)[which]
            cell, inside = _cells(p, place)
            solid[tuple(cell[inside].T)] = True
    return solid


def _cells(points: np.ndarray, place: Place) -> tuple[np.ndarray, np.ndarray]:
    cell = np.floor((points - np.asarray(place.low)) / place.cell).astype(np.int32)
    if place.loops:
        cell[..., 1] %= place.size[1]
    return cell, ((cell >= 0) & (cell < place.size)).all(-1)


def _clear(start: np.ndarray, end: np.ndarray, solid: np.ndarray, place: Place) -> np.ndarray:
    """True for each pair of points with nothing solid between them."""
    way = end - start
    far = np.linalg.norm(way, axis=1)
    steps = int(np.ceil(far.max() / 0.11)) if len(far) else 0
    clear = np.ones(len(start), bool)
    for i in range(steps):
        d = 0.05 + i * 0.11
        live = np.flatnonzero(clear & (d < far - 0.12))
        if not len(live):
            break
        cell, inside = _cells(start[live] + way[live] * (d / far[live])[:, None], place)
        hit = np.zeros(len(live), bool)
        hit[inside] = solid[tuple(cell[inside].T)]
        clear[live[hit]] = False
    return clear


def _direct(
    mesh: Mesh,
    place: Place,
    start: np.ndarray,
    normals: np.ndarray,
    wrap: np.ndarray,
    solid: np.ndarray,
) -> np.ndarray:
    light = np.zeros((len(start), 4))
    for at, channel, strength in mesh.lamps:
        # A paper ball lights from its surface: softer than a point, and rounder shadows.
        for offset in ((0.10, 0.06, -0.16), (-0.10, -0.06, -0.20)):
            add_lamp(
                light, channel, start, normals, wrap, at + offset, strength * 0.5, solid, place,
                reach=place.lamp_reach.get(channel, 8.0),
            )  # fmt: skip
    for at, w, h, lit, sign in mesh.lit_windows:
        facing = np.array([-sign, 0.0, 0.0]) if sign else np.array([0, -1.0, 0])
        add_lamp(
            light, 2, start, normals, wrap, at + facing * 0.08, w * h * lit * 0.62, solid, place,
            facing=facing, reach=5.5,
        )  # fmt: skip
    return light


def _shine(
    light: np.ndarray,
    sun: Sun,
    place: Place,
    start: np.ndarray,
    normals: np.ndarray,
    solid: np.ndarray,
) -> None:
    """Add a sun's own light, which only its bounce is kept of."""
    back = -np.asarray(sun.toward, float)
    back /= np.linalg.norm(back)
    cosine = normals @ back
    faces = np.flatnonzero(cosine > 0.01)
    far = float(np.linalg.norm(np.asarray(place.high) - np.asarray(place.low)))
    clear = _clear(start[faces], start[faces] + back * far, solid, place)
    light[faces, sun.channel] += cosine[faces] * clear


def add_lamp(
    light: np.ndarray,
    channel: int,
    start: np.ndarray,
    normals: np.ndarray,
    wrap: np.ndarray,
    at: np.ndarray,
    strength: float,
    solid: np.ndarray,
    place: Place,
    *,
    facing: np.ndarray | None = None,
    reach: float,
    soft: float = 0.05,
) -> None:
    """Add a lamp at a point, square metres of paper times brightness, to a channel."""
    way = at - start
    far = np.linalg.norm(way, axis=1)
    near = np.flatnonzero(far < reach)
    way, far = way[near] / far[near, None], far[near]
    cosine = np.clip((np.sum(way * normals[near], axis=1) + wrap[near]) / (1 + wrap[near]), 0, 1)
    if facing is not None:
        cosine = cosine * np.clip(-(way @ facing), 0, 1)
    useful = cosine > 0.002
    near, way, far, cosine = near[useful], way[useful], far[useful], cosine[useful]
    clear = _clear(start[near], np.broadcast_to(at, (len(near), 3)), solid, place)
    window = (1 - (far / reach) ** 4) ** 2
    light[near, channel] += strength * cosine * clear * window / (far * far + soft)


def _gathered(
    points: np.ndarray,
    start: np.ndarray,
    normals: np.ndarray,
    direct: np.ndarray,
    albedo: np.ndarray,
    solid: np.ndarray,
    place: Place,
    random: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """The share of the sky that is seen, and light after one bounce."""
    sent = np.zeros((*place.size, 4), np.float32)
    weight = np.zeros(place.size, np.float32)
    cell, inside = _cells(points - normals * 0.02, place)
    where = tuple(cell[inside].T)
    np.add.at(sent, where, (direct * albedo[:, None])[inside].astype(np.float32))
    np.add.at(weight, where, 1.0)
    sent /= np.maximum(weight, 1.0)[..., None]
    sent = _spread(sent, weight > 0)
    seen = np.zeros(len(points))
    bounced = np.zeros((len(points), 4))
    rays_sent = place.rays
    i = np.arange(rays_sent)
    z = np.sqrt(1 - (i + 0.5) / rays_sent)
    turn = 2 * np.pi * ((i * 0.6180339887) % 1)
    lobe = np.stack([np.sqrt(1 - z * z) * np.cos(turn), np.sqrt(1 - z * z) * np.sin(turn), z], 1)
    for block in np.array_split(np.arange(len(points)), max(1, len(points) // 6000)):
        n = normals[block]
        side = np.cross(n, np.where(np.abs(n[:, 2:]) < 0.9, [[0.0, 0, 1]], [[1.0, 0, 0]]))
        side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
        spin = random.uniform(0, 2 * np.pi, len(block))[:, None]
        other = np.cross(n, side)
        side, other = (
            side * np.cos(spin) + other * np.sin(spin),
            other * np.cos(spin) - side * np.sin(spin),
        )
        rays = (
            lobe[None, :, :1] * side[:, None]
            + lobe[None, :, 1:2] * other[:, None]
            + lobe[None, :, 2:] * n[:, None]
        )
        p = np.repeat(start[block], rays_sent, 0)
        d = rays.reshape(-1, 3)
        live = np.arange(len(p))
        free = np.ones(len(p), bool)
        gain = np.zeros((len(p), 4), np.float32)
        t = 0.0
        while t < 9.0 and len(live):
            at = p[live] + d[live] * t
            cell, inside = _cells(at, place)
            hit = np.zeros(len(live), bool)
            hit[inside] = solid[tuple(cell[inside].T)]
            ground = at[:, 2] < 0.0
            done = live[hit]
            gain[done] = sent[tuple(cell[hit].T)]
            free[done] = False
            onto = live[ground & ~hit & inside]
            gain[onto] = sent[tuple(cell[ground & ~hit & inside].T)]
            live = live[~hit & ~ground & (inside | (t < 1.0))]
            t += 0.085 + t * 0.045
        seen[block] = free.reshape(-1, rays_sent).mean(1)
        bounced[block] = gain.reshape(-1, rays_sent, 4).mean(1)
    return np.clip(seen, 0.03, 1.0), bounced


def _spread(sent: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Fill cells between vertices from their neighbours, a few cells far."""
    for _ in range(4):
        total = np.zeros_like(sent)
        count = np.zeros(sent.shape[:3], np.float32)
        for axis in range(3):
            for step in (-1, 1):
                total += np.roll(sent * known[..., None], step, axis)
                count += np.roll(known, step, axis)
        new = ~known & (count > 0)
        sent[new] = total[new] / count[new][:, None]
        known = known | new
    return sent


def _closed(
    points: np.ndarray, place: Place, shade: np.ndarray, total: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The same with equal light where the end of the loop meets its beginning."""
    long = place.high[1] - place.low[1]
    key = np.rint(points * 1000.0).astype(np.int64)
    key[:, 1] = np.rint(((points[:, 1] - place.low[1]) % long) * 1000.0)
    key[:, 1] %= round(long * 1000.0)
    _, index, count = np.unique(key, axis=0, return_inverse=True, return_counts=True)
    index = index.reshape(-1)
    rows = np.c_[shade, total]
    mean = np.zeros((len(count), rows.shape[1]))
    np.add.at(mean, index, rows)
    mean /= count[:, None]
    return mean[index, 0], mean[index, 1:]
