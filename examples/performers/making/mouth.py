"""What is inside a mouth: two rows of teeth with gums, and a tongue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from making.face_marks import jaw_turn
from making.head_form import smooth
from making.head_mould import Head
from making.part import Finish, Part
from making.surfaces import drop, globe, joined

ENAMEL, GUM, TONGUE = (0.80, 0.74, 0.62), (0.36, 0.09, 0.08), (0.40, 0.085, 0.080)


@dataclass(frozen=True)
class Bite:
    """Widths of the upper teeth from the middle outwards (heads), on both sides alike.

    `missing` names teeth that are not there, as (row, place): row 0 above, place 1 the first to
    the own left, -1 to the right. `short` are half grown.
    """

    widths: Sequence[float] = (0.027, 0.022, 0.022, 0.021, 0.021)
    height: float = 0.036
    missing: Sequence[tuple[int, int]] = ()
    short: Sequence[tuple[int, int]] = ()
    colour: tuple[float, float, float] = ENAMEL
    gap: float = 0.0
    back: float = 0.0
    """How far the rows are behind where a young mouth has them (heads)."""
    low: float = 0.0
    """How far the lower row is below that (heads)."""
    drop: float = 0.0
    """How far the upper row is below that (heads)."""
    bend: float = 0.0
    """How strongly the upper row rises to the sides, as lips do that smile (1 / heads)."""


def _arch(head: Head, x: np.ndarray | float, back: float) -> np.ndarray:
    """Depth of the row of teeth at places across."""
    edge = head.points[head.grid.mouth[0]]
    front = edge[len(edge) // 4, 2] - back
    return front - 5.2 * np.asarray(x) ** 2


def teeth(head: Head, scale: float, origin: np.ndarray, bite: Bite) -> list[Part]:
    """The upper row, which stays, and the lower row, which goes with the jaw."""
    y = head.form.mouth.y
    found = []
    for row, (name, edge, down, back, narrow) in enumerate(
        (
            ("upper teeth", y - 0.006 - bite.drop, 1.0, 0.044 + bite.back, 1.0),
            ("lower teeth", y - 0.012 - bite.low, -1.0, 0.054 + bite.back, 0.84),
        )
    ):
        pieces, colours = [], []
        for side in (1, -1):
            at = bite.gap / 2
            for place, width in enumerate(bite.widths, 1):
                wide = width * narrow
                x = side * (at + wide / 2)
                at += wide
                if (row, side * place) in bite.missing:
                    continue
                tall = (
                    bite.height
                    * (1.0 - 0.05 * place)
                    * (0.55 if (row, side * place) in bite.short else 1.0)
                )
                slack = (
                    bite.height - tall
                    if (row, side * place) in bite.short
                    else 0.002 * (place == 2)
                )
                rise = bite.bend * x * x * (row == 0)
                middle = (x, edge + rise + down * (tall / 2 + slack),
                          float(_arch(head, x, back)) - 0.006)  # fmt: skip
                piece = drop(
                    (0, 0, 0), (wide * 0.55, tall * 0.56, 0.011), square=4.0, rows=4, columns=8
                )
                turn = np.arctan2(5.2 * 2 * x, 1.0)
                c, s = np.cos(turn), np.sin(turn)
                p = piece[0] @ np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]]) + middle
                pieces.append((p, piece[1]))
                colours.append(np.tile(bite.colour, (len(p), 1)))
        gum = _gum(head, edge + down * bite.height * 1.02, back, down)
        pieces.append(gum)
        colours.append(np.tile(GUM, (len(gum[0]), 1)))
        points, triangles = joined(pieces)
        paint = np.concatenate(colours)
        # Deep in the mouth it is dark.
        paint = paint * smooth(0.16, 0.02, _arch(head, 0.0, back) - points[:, 2])[:, None] ** 0.8
        morphs = _with_jaw(head, points, scale) if row else {}
        found.append(Part(name, "teeth", origin + scale * points, triangles, {"head": 1.0},
                          colours=paint, morphs=morphs))  # fmt: skip
    return found


def _gum(head: Head, y: float, back: float, down: float) -> tuple[np.ndarray, np.ndarray]:
    """A rounded band behind and above a row of teeth."""
    x = np.linspace(-0.10, 0.10, 17)
    around = np.linspace(0, 2 * np.pi, 6)
    rows = []
    for angle in around:
        rows.append(np.column_stack([
            x, np.full(17, y + down * 0.010 + 0.018 * np.sin(angle)),
            _arch(head, x, back) - 0.012 + 0.010 * np.cos(angle),
        ]))  # fmt: skip
    from making.surfaces import lattice

    return np.concatenate(rows), lattice(6, 17)[:, ::-1]


def _with_jaw(
    head: Head, points: np.ndarray, scale: float, share: float = 1.0
) -> dict[str, np.ndarray]:
    """The shapes by which what is on the jaw moves with it."""
    one = np.ones(len(points))
    side = np.column_stack([0.045 * one, 0 * one, -0.004 * one]) * share
    ahead = np.column_stack([0 * one, 0.004 * one, 0.036 * one]) * share
    return {
        "jawOpen": scale * jaw_turn(head, points, share),
        "jawLeft": scale * side,
        "jawRight": scale * side * [-1, 1, 1],
        "jawForward": scale * ahead,
    }


def tongue(head: Head, scale: float, origin: np.ndarray) -> Part:
    """A tongue that is behind the lower teeth and comes out with `tongueOut`."""
    y = head.form.mouth.y
    unit, triangles = globe(9, 12, 1.0)
    tip = float(_arch(head, 0.0, 0.0)) - 0.078
    w = head.form.mouth.width
    along = (1 - unit[:, 2]) / 2
    groove = 0.010 * (unit[:, 1] > 0) * np.exp(-((unit[:, 0] / 0.25) ** 2))
    points = np.column_stack([
        unit[:, 0] * w * 0.80 * (0.82 + 0.3 * along),
        y - 0.044 + unit[:, 1] * 0.016 + 0.016 * along - groove,
        tip - 0.095 * (1 - unit[:, 2]),
    ])  # fmt: skip
    front = smooth(0.85, 0.0, along)
    out = np.column_stack([
        -0.12 * points[:, 0] * front, -0.055 * front**2 + 0.004 * front, 0.155 * front
    ])  # fmt: skip
    morphs = _with_jaw(head, points, scale, 0.88)
    morphs["tongueOut"] = scale * out
    paint = np.asarray(TONGUE) * (1 - 0.75 * along)[:, None]
    return Part("tongue", "mouth", origin + scale * points, triangles, {"head": 1.0},
                colours=paint, morphs=morphs)  # fmt: skip


def finishes() -> list[Finish]:
    """The materials of teeth and tongue."""
    return [Finish("teeth", roughness=0.28), Finish("mouth", roughness=0.45)]
