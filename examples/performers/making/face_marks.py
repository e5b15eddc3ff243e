"""Where a head's vertices are in terms of its features; what the face shapes are written in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from making.face_grid import NECK, turns
from making.head_form import smooth
from making.head_mould import Head, lip_line, ring_shares

# How strongly the face curves back from the middle: skin that slides sideways goes back with it.
CURVE = 3.6


@dataclass(frozen=True)
class Marks:
    """Measures of each vertex of a head; all lengths are in heads."""

    head: Head

    @cached_property
    def shares(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """As `ring_shares` gives them."""
        return ring_shares(self.head.grid)

    @cached_property
    def x(self) -> np.ndarray:
        """(n,) across; what is inside the mouth counts as the edge of the lips."""
        return self._at[:, 0]

    @cached_property
    def y(self) -> np.ndarray:
        """(n,) up, with the same exception."""
        return self._at[:, 1]

    @cached_property
    def _at(self) -> np.ndarray:
        at = self.head.points.copy()
        grid = self.head.grid
        for ring in grid.sock:
            at[ring] = at[grid.mouth[0]]
        for side in (0, 1):
            for ring in grid.lids[side]:
                at[ring] = at[grid.eyes[side][0]]
        return at

    @cached_property
    def normals(self) -> np.ndarray:
        """(n, 3) of the face at rest."""
        return self.head.normals()

    @cached_property
    def ahead(self) -> np.ndarray:
        """(n,) 1 in the face, 0 on the back of the head and the neck."""
        u, v = np.abs(self.head.grid.uv).T[0], self.head.grid.uv[:, 1]
        return smooth(1.5, 0.9, u) * smooth(NECK - 0.3, NECK, v)

    @cached_property
    def depth(self) -> np.ndarray:
        """(n,) how much of the lips' movement reaches a vertex inside the mouth; 1 elsewhere."""
        depth = np.ones(len(self.head.points))
        for ring, share in zip(self.head.grid.sock, (1.0, 0.8, 0.5, 0.25), strict=True):
            depth[ring] = share
        depth[self.head.grid.sock[-1].max() + 1] = 0.2
        return depth

    def near(self, x: float, y: float, wide: float, high: float) -> np.ndarray:
        """(n,) 1 at a place in front view, falling off as a bell of these half widths."""
        return np.exp(-(((self.x - x) / wide) ** 2) - ((self.y - y) / high) ** 2) * self.ahead

    def slid(self, dx: np.ndarray, dy: np.ndarray, dz: np.ndarray | float = 0.0) -> np.ndarray:
        """(n, 3) offsets of skin that slides over the face by (dx, dy) and rises by dz."""
        back = CURVE * (self.x * dx + dx * dx / 2)
        return np.column_stack([dx, dy, dz - back]) * self.depth[:, None]

    @cached_property
    def lips(self) -> np.ndarray:
        """(n,) 1 at the lips and inside the mouth, 0 where the face begins."""
        return smooth(1.0, 0.25, self.shares[1])

    @cached_property
    def jaw(self) -> np.ndarray:
        """(n,) how much of the jaw's turn a vertex makes."""
        mouth, grid = self.head.form.mouth, self.head.grid
        _, t, lip = self.shares
        beyond = np.maximum(0.0, np.abs(self.x) - 0.8 * mouth.width)
        soft = 0.020 + 0.75 * beyond
        height = self.y - lip_line(mouth, self.x)
        field = smooth(soft, -soft, height)
        corner = np.zeros(len(field))
        share = 0.5 * np.abs(np.cos(turns())) ** 7
        corner[grid.mouth] = share
        corner[grid.sock] = share
        own = np.where(lip < 0, 1.0 - corner, np.where(lip > 0, corner, 0.5))
        ring = smooth(0.25, 1.0, t)
        share = own * (1 - ring) + field * ring
        u, v = np.abs(grid.uv[:, 0]), grid.uv[:, 1]
        share = share * smooth(1.60, 0.90, u) * smooth(NECK - 0.42, NECK + 0.07, v)
        for ring, keep in zip(grid.sock, (1.0, 0.95, 0.75, 0.5), strict=True):
            share[ring] = own[ring] * keep
        share[grid.sock[-1].max() + 1] = 0.25
        return share

    def jaw_turned(self, share: np.ndarray | float, points: np.ndarray | None = None) -> np.ndarray:
        """(n, 3) offsets by the open jaw's turn, of the skin or of other points (heads)."""
        return jaw_turn(self.head, self.head.points if points is None else points, share)


def jaw_turn(head: Head, points: np.ndarray, share: np.ndarray | float) -> np.ndarray:
    """(n, 3) offsets of points (heads) that make a share of the open jaw's turn."""
    y, z = head.form.hinge
    c, s = np.cos(head.form.jaw), np.sin(head.form.jaw)
    dy, dz = points[:, 1] - y, points[:, 2] - z
    moved = np.column_stack([np.zeros(len(points)), dy * c - dz * s - dy, dy * s + dz * c - dz])
    return moved * np.broadcast_to(share, len(points))[:, None]
