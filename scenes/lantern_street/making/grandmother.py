"""Grandmother Shen with her taper."""

from __future__ import annotations

import numpy as np
from making.bodies import GREY, coat, face, ground_shade, hair_cap, limb
from making.mesh import Mesh, Shape, joined, placed
from making.shapes import ball, card, drawn, oval, ring_loft, turned

SKIN = (0.58, 0.37, 0.27)
INDIGO, SHAWL, APRON = (0.075, 0.095, 0.17), (0.30, 0.15, 0.15), (0.22, 0.23, 0.26)

# Where the flame of the taper is, in the set's frame: the light `taper` of scene.yaml is there.
FLAME = (-2.427, 6.262, 1.335)


def grandmother(mesh: Mesh) -> None:
    """Bent a little over the taper that she shields with her hand; padded coat, shawl, bun."""
    lean = -0.10
    body = coat(
        [
            (0.20, 0.250, 0.200, 0.03), (0.34, 0.244, 0.192, 0.03), (0.50, 0.234, 0.184, 0.03),
            (0.66, 0.224, 0.175, 0.03), (0.82, 0.214, 0.165, 0.03), (0.96, 0.204, 0.156, 0.035),
            (1.08, 0.196, 0.148, 0.045), (1.17, 0.172, 0.132, 0.045), (1.235, 0.130, 0.105, 0.03),
            (1.275, 0.070, 0.068, 0.015),
        ],
        INDIGO, folds=0.06, lean=lean,
    )  # fmt: skip
    shawl = coat(
        [
            (0.98, 0.232, 0.180, 0.035), (1.04, 0.228, 0.172, 0.035), (1.12, 0.208, 0.156, 0.04),
            (1.20, 0.166, 0.128, 0.04), (1.262, 0.110, 0.092, 0.02), (1.295, 0.080, 0.075, 0.01),
        ],
        SHAWL, folds=0.30, lean=lean, sides=18,
    )  # fmt: skip
    apron = ring_loft(
        [
            oval(0, 0.005 + lean * 0.3, 0.30, 0.20, 0.185, 14),
            oval(0, 0.0 + lean * 0.8, 0.86, 0.19, 0.172, 14),
        ],
        cap=False,
    )
    front = apron.points[apron.triangles].mean(1)[:, 1] < -0.07
    apron = Shape(apron.points, apron.triangles[front]).painted(APRON)
    skirt = ring_loft(
        [oval(0, 0.02, 0.06, 0.165, 0.135, 12, folds=0.05), oval(0, 0.02, 0.24, 0.19, 0.155, 12)],
        cap=False,
    ).painted((0.028, 0.03, 0.045))
    shoes = [
        ring_loft(
            [
                oval(s * 0.075, -0.06, 0.0, 0.048, 0.115, 10),
                oval(s * 0.075, -0.05, 0.05, 0.046, 0.10, 10),
                oval(s * 0.075, -0.01, 0.09, 0.04, 0.05, 10),
            ]
        ).painted((0.02, 0.018, 0.018))
        for s in (-1, 1)
    ]
    z, y, r = 1.385, -0.135, 0.102
    head = face(0, y, z, r, SKIN, pan=-4.0, tilt=-10.0, old=True)
    neck = drawn(np.array([(0, -0.075, 1.25), (0, -0.11, 1.33)]), 0.052, 8).painted(SKIN)
    turn = placed(0, y, z, pan=-4.0, tilt=10.0)
    cap = hair_cap(r, 0.66, -0.6)
    bun = ball(0.050, 8, 6).at(0, 0.085, 0.098)
    pin = drawn(np.array([(-0.075, 0.085, 0.115), (0.075, 0.085, 0.095)]), 0.006, 4).painted(
        (0.15, 0.5, 0.35)
    )
    dark = joined(joined(cap, bun).painted(GREY), pin).moved(turn)
    # The right hand holds the taper before her chest, the left shields the flame from the wind.
    right = limb(
        [
            (-0.11, -0.03, 1.19),
            (-0.195, -0.04, 1.14),
            (-0.245, -0.11, 0.985),
            (-0.105, -0.285, 1.045),
        ],
        [0.05, 0.085, 0.078, 0.062],
        INDIGO,
    )
    left = limb(
        [(0.11, -0.03, 1.19), (0.195, -0.04, 1.14), (0.250, -0.13, 1.00), (0.115, -0.345, 1.165)],
        [0.05, 0.085, 0.078, 0.062],
        INDIGO,
    )
    hands = joined(
        ball(0.036, 7, 5).at(-0.080, -0.312, 1.062),
        ball(0.034, 7, 5).at(0.098, -0.378, 1.200, scale=(0.6, 1, 1.2)),
        *[
            drawn(
                np.array(
                    [
                        (0.094, -0.385 - 0.012 * i, 1.22),
                        (0.070, -0.405 - 0.014 * i, 1.275 - 0.012 * i),
                    ]
                ),
                0.010,
                4,
            )
            for i in range(4)
        ],
    ).painted(SKIN)
    taper = drawn(
        np.array([(-0.082, -0.300, 0.92), (-0.078, -0.322, 1.07), (-0.060, -0.372, 1.30)]), 0.011, 5
    ).painted((0.45, 0.30, 0.16))
    whole = joined(body, shawl, apron, skirt, *shoes, head, neck, dark, right, left, hands, taper)
    pan = 36.0
    mesh.add(ground_shade(-2.6, 6.64, 0.48, 0.40), "shade_grandmother", "grandmother")
    mesh.add(whole.at(-2.6, 6.6, 0.0, pan=pan), "grandmother", "grandmother")
    flame = turned(
        [(0.004, -0.045), (0.020, -0.02), (0.022, 0.005), (0.011, 0.045), (0.001, 0.085)], 7
    )
    flame.colour = (
        flame.colour * np.interp(flame.points[:, 2], [-0.04, 0.0, 0.08], [0.55, 1.0, 0.75])[:, None]
    )
    tip = placed(-2.6, 6.6, 0.0, pan=pan) @ np.array([-0.059, -0.375, 1.335, 1.0])
    assert np.allclose(tip[:3], FLAME, atol=0.06), tip
    at = tuple(float(v) for v in tip[:3])
    mesh.add(flame.at(*at), "flame", "grandmother", motion=(at[0], at[1], at[2] - 0.06, 0.4))
    mesh.add(
        card(at).painted((1.0, 0.55, 0.2)),
        "halo_taper",
        "cards",
        motion=(*at, 0.4),
        size=(0.46, 0.46),
    )
    mesh.add(
        card(at).painted((1.0, 0.5, 0.18)),
        "streak_taper",
        "cards",
        motion=(*at, 0.4),
        size=(0.06, 0.1),
    )
