"""The heads of the figures: parts and materials for `figure.py` to join to bodies.

    from making.heads import make_head
    parts, finishes = make_head("lan")

Parts follow `neck`, `head`, `leftEye` and `rightEye`; all of ARKit's 52 shapes are in them. Gaze
turns the eyes' joints: `eyeLook*` only moves the lids that go with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from making import creases, eyes, mouth
from making.brows import Brow, brows
from making.ears import ear, ear_triangles
from making.face_shapes import face_shapes
from making.faces import FORMS, middle
from making.head_form import smooth
from making.head_mould import Head, mould, welded_normals
from making.part import Finish, Part
from making.skeleton import FIGURES, Proportions
from making.skin_paint import Complexion, ear_picture_uv, picture_uv, skin_pictures


@dataclass(frozen=True)
class Look:
    """What is painted and set into a head."""

    skin: Complexion
    iris: eyes.Iris
    brow: Brow
    bite: mouth.Bite
    lines: str
    lashes: float
    lash_colour: tuple[float, float, float] = (0.012, 0.009, 0.009)
    roughness: float = 0.58


# Skins have the tones that the figures' hands have (`TONE` in `lan.py` and so on), as sRGB.
LOOKS = {
    "lan": Look(
        Complexion((0.885, 0.735, 0.651), (0.89, 0.50, 0.44), (0.78, 0.42, 0.39),
                   (0.70, 0.45, 0.37), blush=0.62, freckles=90, hollows=0.18, seed=3),
        eyes.Iris((0.40, 0.24, 0.12), (0.17, 0.095, 0.055)),
        Brow(thick=0.032, inner=(-0.95, 1.00), top=(0.25, 1.27), outer=(1.36, 0.98),
             colour=(0.035, 0.020, 0.014)),
        mouth.Bite(widths=(0.033, 0.024, 0.022, 0.021), height=0.038, short=((0, -2),),
                   missing=((1, 1),)),
        "youth", 0.20,
    ),
    "grandmother": Look(
        Complexion((0.835, 0.690, 0.600), (0.85, 0.47, 0.41), (0.72, 0.35, 0.34),
                   (0.64, 0.41, 0.34), blush=0.55, spots=9, hollows=0.22, seed=5),
        eyes.Iris((0.40, 0.25, 0.14), (0.18, 0.10, 0.065), white=(0.91, 0.88, 0.82),
                  pupil=0.38, clouded=0.22),
        Brow(thick=0.028, inner=(-0.95, 1.10), top=(0.25, 1.40), outer=(1.50, 0.98),
             colour=(0.66, 0.64, 0.60), tufts=0.12, raised=0.008),
        mouth.Bite(widths=(0.027, 0.022, 0.022, 0.021), height=0.042, colour=(0.68, 0.61, 0.49),
                   back=0.014, low=0.010, drop=0.010, bend=2.6),
        "age", 0.16, (0.06, 0.05, 0.045),
    ),
    "stand_in": Look(
        Complexion((0.830, 0.686, 0.603), (0.80, 0.47, 0.40), (0.70, 0.42, 0.38),
                   (0.62, 0.40, 0.33), blush=0.36, stubble=0.10, hollows=0.22, seed=8),
        eyes.Iris((0.36, 0.24, 0.13), (0.16, 0.09, 0.05)),
        Brow(thick=0.029, inner=(-1.05, 1.02), top=(0.42, 1.30), outer=(1.60, 0.94),
             colour=(0.046, 0.032, 0.024)),
        mouth.Bite(colour=(0.70, 0.64, 0.53)),
        "middle age", 0.11,
    ),
}  # fmt: skip
_LINES = {"youth": creases.of_youth, "age": creases.of_age, "middle age": creases.of_middle_age}


class MadeHead(NamedTuple):
    """What `make_head` gives."""

    parts: list[Part]
    finishes: list[Finish]


def carved(name: str) -> Head:
    """The skin of a head with its folds."""
    form = FORMS[name]()
    lines = _LINES[LOOKS[name].lines](form.eye, form.mouth)

    def folds(uv: np.ndarray, points: np.ndarray) -> np.ndarray:
        ahead = smooth(1.35, 0.9, np.abs(uv[:, 0])) * smooth(0.0, 0.1, points[:, 2])
        return creases.height(lines, points[:, 0], points[:, 1], ahead, finest=creases.FINEST)

    return mould(replace(form, folds=folds))


def make_head(name: str) -> MadeHead:
    """The parts of a figure's head and neck, in the figure's frame, and their materials."""
    measures, look = FIGURES[name], LOOKS[name]
    head = carved(name)
    shapes = face_shapes(head)
    scale, origin = measures.head, middle(measures)
    lines = _LINES[look.lines](head.form.eye, head.form.mouth)
    colour, relief = skin_pictures(head, look.skin, lines)
    parts = [
        skin_part(head, shapes, measures),
        *eyes.eyeballs(head, scale, origin),
        eyes.glints(head, scale, origin),
        eyes.lashes(head, scale, origin, shapes, look.lashes, look.lash_colour),
        brows(head, look.brow, scale, origin, shapes),
        *mouth.teeth(head, scale, origin, look.bite),
        mouth.tongue(head, scale, origin),
    ]
    finishes = [
        Finish("skin", roughness=look.roughness, colour=colour, normal=relief),
        *eyes.finishes(look.iris, head.form.eye.iris),
        Finish("brows", roughness=0.95, double_sided=True),
        *mouth.finishes(),
    ]
    return MadeHead(parts, finishes)


def skin_part(head: Head, shapes: dict[str, np.ndarray], measures: Proportions) -> Part:
    """Face, ears and neck in one piece, with the normals of every shape."""
    scale, origin = measures.head, middle(measures)
    left = ear(head.form)
    right = left * [-1, 1, 1]
    faces = ear_triangles()
    points = np.concatenate([head.points, left, right])
    n, e = len(head.points), len(left)
    triangles = np.concatenate([head.triangles, faces + n, faces[:, ::-1] + n + e])
    weld = np.concatenate([head.grid.weld, np.arange(n, n + 2 * e)])
    normals = welded_normals(points, triangles, weld)
    still = np.zeros((2 * e, 3))
    morphs, bends = {}, {}
    for name, offsets in shapes.items():
        moved = np.concatenate([offsets, still])
        morphs[name] = scale * moved
        bends[name] = welded_normals(points + moved, triangles, weld) - normals
    uv = np.concatenate([picture_uv(head.grid.uv), ear_picture_uv(), ear_picture_uv()])
    neck_y = float((measures.trunk[4][0] - origin[1]) / scale)
    top = float((measures.trunk[5][0] - origin[1]) / scale)
    # The neck bends between its own joint and the head's.
    head_share = smooth(neck_y + 0.04, max(top - 0.02, neck_y + 0.2), points[:, 1])
    return Part("skin", "skin", origin + scale * points, triangles,
                {"head": head_share, "neck": 1.0 - head_share}, normals=normals, uv=uv,
                morphs=morphs, morph_normals=bends)  # fmt: skip
