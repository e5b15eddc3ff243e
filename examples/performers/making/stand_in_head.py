"""A plain head, for a figure whose own head is not there yet."""

from __future__ import annotations

import numpy as np
from making import sculpt
from making.part import Part
from making.skeleton import Proportions
from making.surface import grid_triangles, unit_uv
from making.trims import ball
from making.weights import step


def plain_head(measures: Proportions, tone: tuple[float, float, float]) -> list[Part]:
    """Skull, chin, nose and neck in one, and two dark eyes."""
    m = measures
    base, z0 = m.chin, m.head_joint[2]
    skull = sculpt.ball(
        (0, base + 0.60 * m.head, z0 + 0.004), (m.head_width / 2, 0.40 * m.head, m.head_depth / 2)
    )
    jaw = sculpt.ball(
        (0, base + 0.26 * m.head, z0 + 0.036),
        (0.36 * m.head_width, 0.26 * m.head, 0.31 * m.head_depth),
    )
    nose = sculpt.ball((0, base + 0.36 * m.head, z0 + 0.5 * m.head_depth + 0.002), 0.012)
    a = np.array([0, m.trunk[4][0] - 0.03, m.trunk[4][1]])
    neck = sculpt.bone(
        a, m.head_joint + np.array([0, 0.02, 0]), m.neck_radius * 1.05, m.neck_radius
    )
    solid = sculpt.melted(0.02, sculpt.melted(0.05, skull, jaw), nose, neck)
    middle = np.array([0, base + 0.5 * m.head, z0])
    grid = ball(middle, 0.16, 28, 24)
    p = grid.reshape(-1, 3)
    for _ in range(30):
        way = (p - middle) / np.linalg.norm(p - middle, axis=1, keepdims=True)
        p = p - way * np.clip(solid(p), -0.02, 0.02)[:, None]
    w = step(p[:, 1], m.trunk[4][0], m.head_joint[1] + 0.01)
    head = Part(
        "head",
        "skin",
        p,
        grid_triangles(*grid.shape[:2]),
        {"neck": 1 - w, "head": w},
        uv=unit_uv(*grid.shape[:2]).reshape(-1, 2),
        colours=np.tile(tone, (len(p), 1)),
    )
    eyes = []
    for side in ("left", "right"):
        eye = ball(m.eye_at(side) + np.array([0, 0, 0.004]), m.eye_radius * 0.8, 8, 6)
        eyes.append(
            Part(
                f"{side} eye",
                "eyes",
                eye.reshape(-1, 3),
                grid_triangles(*eye.shape[:2]),
                {f"{side}Eye": 1.0},
            )
        )
    return [head, *eyes]
