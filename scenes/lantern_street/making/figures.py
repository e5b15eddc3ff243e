"""The girl under the thirteenth lantern, and Grandmother Shen with her taper.

Both are built facing -y (towards the camera) with their feet at the origin: their right is -x.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from making.mesh import Mesh, Shape, joined, placed
from making.shapes import ball, box, card, curve, drawn, oval, panel, ring_loft, turned

Colour = tuple[float, float, float]
SKIN, SKIN_OLD = (0.72, 0.47, 0.35), (0.58, 0.37, 0.27)
HAIR, GREY = (0.018, 0.016, 0.018), (0.62, 0.63, 0.68)
RED, RED_DARK, CREAM = (0.52, 0.032, 0.022), (0.27, 0.012, 0.012), (0.72, 0.60, 0.40)
INDIGO, SHAWL, APRON = (0.075, 0.095, 0.17), (0.30, 0.15, 0.15), (0.22, 0.23, 0.26)

# Where the flame of the taper is, in the set's frame.
FLAME = (-2.427, 6.262, 1.335)


def coat(rings: Sequence[tuple[float, float, float, float]], colour: Colour, *, sides: int = 13, folds: float = 0.02,
         quilt: float = 0.0, lean: float = 0.0) -> Shape:  # fmt: skip
    """A garment over rings (z, half width, half depth, y shift); `quilt` pinches every second."""
    loops = []
    for i, (z, rx, ry, shift) in enumerate(rings):
        pinch = 1.0 - quilt * (i % 2)
        loops.append(
            oval(
                0.0,
                shift + lean * z,
                z,
                rx * pinch,
                ry * pinch,
                sides,
                folds=folds * (1 - z),
                count=6,
            )
        )
    shape = ring_loft(loops, cap=False).painted(colour)
    # Down in the folds and towards the hem it is darker.
    z = shape.points[:, 2]
    shade = 0.72 + 0.28 * (z - z.min()) / np.ptp(z)
    seam = np.concatenate([np.full(sides, 1.0 - 3.5 * quilt * (i % 2)) for i in range(len(rings))])
    shape.colour = shape.colour * (shade * seam)[:, None]
    return shape


def limb(
    points: Sequence[Sequence[float]], radii: Sequence[float], colour: Colour, sides: int = 7
) -> Shape:
    """A sleeve or a leg along a bent line."""
    line = curve(points, 6)
    r = np.interp(np.linspace(0, 1, 6), np.linspace(0, 1, len(radii)), radii)
    return drawn(line, r, sides, hint=(0.2, 1.0, 0.1)).painted(colour)


def face(
    x: float,
    y: float,
    z: float,
    r: float,
    colour: Colour,
    *,
    pan: float,
    tilt: float,
    old: bool = False,
) -> Shape:
    """A head with eyes, brows, mouth and cheeks, turned by pan and tilt degrees."""
    head = ball(r, 10, 8)
    p = head.points
    chin = np.clip(-p[:, 2] / r, 0, 1)
    p[:, 0] *= 0.92 - 0.16 * chin
    p[:, 1] = p[:, 1] * 0.96 - 0.10 * r * chin
    p[:, 2] *= 1.10
    head = Shape(p, head.triangles).painted(colour)
    cheek = np.exp(
        -(((np.abs(p[:, 0]) - 0.52 * r) / (0.3 * r)) ** 2 + ((p[:, 2] + 0.25 * r) / (0.3 * r)) ** 2)
    ) * (p[:, 1] < 0)
    head.colour = head.colour * (1 + cheek[:, None] * np.array([0.25, -0.28, -0.25]))
    marks = []

    def mark(mx: float, mz: float, w: float, h: float, tone: Colour) -> None:
        my = -r * 0.985 * np.sqrt(max(0.05, 1 - (mx / 0.9) ** 2 - (mz / 1.1) ** 2)) - 0.004
        marks.append(
            box(
                (mx * r - w * r, my, mz * r - h * r),
                (mx * r + w * r, my + 0.012, mz * r + h * r),
                skip="b",
            ).painted(tone)
        )

    for side in (-1, 1):
        mark(side * 0.36, 0.02, 0.11, 0.045 if old else 0.085, (0.012, 0.010, 0.010))
        mark(side * 0.37, 0.24, 0.15, 0.03, GREY if old else (0.05, 0.03, 0.02))
    mark(0.0, -0.56, 0.15, 0.035, (0.34, 0.08, 0.06))
    nose = ball(r * 0.13, 5, 4).at(0, -r * 1.0, -r * 0.2).painted(colour)
    turn = placed(x, y, z, pan=pan, tilt=-tilt)
    return joined(head, nose, *marks).moved(turn)


def girl(mesh: Mesh) -> None:
    """Nine years old, padded red coat; she holds her cloth tiger and reaches a hand out to us."""
    pan, tilt = 4.0, 5.0
    z = 1.135
    neck = placed(0, -0.012, z, pan=pan, tilt=-tilt)
    r = 0.102
    hair = ball(r * 1.13, 10, 7)
    hair.points = hair.points * (0.98, 1.0, 1.08) + (0, 0.020, 0.016)
    keep = (hair.points[:, 1] > -0.045) | (hair.points[:, 2] > 0.062)
    hair = Shape(hair.points, hair.triangles[keep[hair.triangles].all(1)])
    fringe = drawn(
        curve(
            [
                (-0.088, -0.050, 0.062),
                (-0.045, -0.100, 0.052),
                (0, -0.110, 0.046),
                (0.045, -0.100, 0.052),
                (0.088, -0.050, 0.062),
            ],
            7,
        ),
        0.026,
        5,
        hint=(0, 0, 1),
    )
    back = ring_loft(
        [
            oval(0, 0.045, -0.13, 0.085, 0.055, 10),
            oval(0, 0.042, -0.05, 0.104, 0.085, 10),
            oval(0, 0.03, 0.03, 0.108, 0.09, 10),
        ]
    )
    locks = [
        drawn(
            np.array(
                [(s * 0.098, -0.035, 0.02), (s * 0.104, -0.045, -0.06), (s * 0.088, -0.040, -0.125)]
            ),
            [0.024, 0.026, 0.012],
            5,
        )
        for s in (-1, 1)
    ]
    buns = [ball(0.046, 7, 5).at(s * 0.076, 0.018, 0.118) for s in (-1, 1)]
    dark = joined(hair, fringe, back, *locks, *buns).painted(HAIR).moved(neck)
    ribbons = []
    for s in (-1, 1):
        loop = np.array([(s * 0.10, 0.0, 0.09), (s * 0.135, -0.01, 0.11), (s * 0.145, 0.0, 0.045)])
        ribbons.append(drawn(loop, [0.012, 0.026, 0.008], 5))
        ribbons.append(turned([(0.049, -0.010), (0.052, 0.010)], 8).at(s * 0.072, 0.018, 0.090))
    ribbon = joined(*ribbons).painted((0.75, 0.06, 0.03)).moved(neck)
    body = coat(
        [(0.33, 0.238, 0.190, 0.0), (0.42, 0.226, 0.176, 0), (0.51, 0.216, 0.166, 0), (0.60, 0.203, 0.155, 0), (0.69, 0.190, 0.146, 0),
         (0.77, 0.180, 0.138, 0), (0.85, 0.172, 0.130, 0), (0.915, 0.165, 0.120, 0.004), (0.965, 0.140, 0.104, 0.008), (1.000, 0.100, 0.080, 0.006), (1.02, 0.06, 0.06, 0.006)],
        RED, quilt=0.05, folds=0.05)  # fmt: skip
    # A lining shows at the hem, toggles run down the front.
    hem = ring_loft(
        [
            oval(0, 0, 0.312, 0.222, 0.175, 13),
            oval(0, 0, 0.350, 0.246, 0.196, 13, folds=0.033, count=6),
        ],
        cap=False,
    ).painted(CREAM)
    toggles = [
        drawn(
            np.array(
                [
                    (-0.04, -0.184 + 0.022 * i, 0.46 + 0.14 * i),
                    (0.04, -0.184 + 0.022 * i, 0.46 + 0.14 * i),
                ]
            ),
            0.011,
            5,
            hint=(0, 0, 1),
        ).painted((0.62, 0.42, 0.12))
        for i in range(4)
    ]
    scarf = ring_loft(
        [
            oval(0, -0.006, 0.985, 0.105, 0.092, 12, tilt=(0.03, 0.1)),
            oval(0, -0.012, 1.012, 0.122, 0.110, 12, tilt=(-0.05, 0.12)),
            oval(0, -0.010, 1.045, 0.112, 0.100, 12),
            oval(0, -0.004, 1.062, 0.085, 0.078, 12),
        ]
    ).painted(CREAM)
    tail = drawn(
        curve(
            [
                (0.06, -0.105, 1.01),
                (0.085, -0.150, 0.93),
                (0.075, -0.168, 0.83),
                (0.10, -0.172, 0.75),
            ],
            6,
        ),
        [0.036, 0.04, 0.042, 0.04, 0.045, 0.040],
        6,
        flatten=0.3,
        hint=(0, 1, 0),
    ).painted(CREAM)
    legs = [
        limb(
            [
                (s * 0.08, 0.0, 0.40),
                (s * 0.072, -0.035 if s < 0 else 0.03, 0.24),
                (s * 0.068, -0.045 if s < 0 else 0.06, 0.06),
            ],
            [0.092, 0.080, 0.060],
            (0.055, 0.06, 0.10),
        )
        for s in (-1, 1)
    ]
    shoes = [
        ring_loft(
            [
                oval(s * 0.070, (-0.085 if s < 0 else 0.03), 0.0, 0.050, 0.108, 10, pan=-s * 12.0),
                oval(
                    s * 0.070, (-0.085 if s < 0 else 0.03), 0.045, 0.052, 0.105, 10, pan=-s * 12.0
                ),
                oval(s * 0.070, (-0.055 if s < 0 else 0.06), 0.095, 0.048, 0.060, 10),
            ]
        ).painted((0.03, 0.02, 0.02))
        for s in (-1, 1)
    ]
    # Her right arm is held out and a little up, palm open; the left hugs the tiger.
    right = limb(
        [
            (-0.085, 0.005, 0.945),
            (-0.165, -0.01, 0.905),
            (-0.232, -0.06, 0.812),
            (-0.335, -0.165, 0.805),
        ],
        [0.045, 0.080, 0.072, 0.056],
        RED,
    )
    cuff = drawn(
        np.array([(-0.322, -0.150, 0.805), (-0.352, -0.184, 0.808)]), [0.060, 0.060], 8
    ).painted(CREAM)
    hand = joined(ball(0.032, 7, 5).at(-0.372, -0.208, 0.818, scale=(1, 1.15, 0.7)),
                  *[drawn(np.array([(-0.372 - 0.012 * i, -0.215, 0.822), (-0.395 - 0.013 * i, -0.262 + 0.006 * i, 0.834)]), 0.0095, 4) for i in (-1, 0, 1)],
                  drawn(np.array([(-0.352, -0.205, 0.83), (-0.338, -0.232, 0.852)]), 0.010, 4)).painted(SKIN)  # fmt: skip
    left = limb(
        [
            (0.085, 0.005, 0.945),
            (0.165, -0.01, 0.900),
            (0.222, -0.065, 0.785),
            (0.060, -0.180, 0.775),
        ],
        [0.045, 0.080, 0.074, 0.058],
        RED,
    )
    cuff2 = drawn(
        np.array([(0.082, -0.172, 0.772), (0.050, -0.190, 0.775)]), [0.061, 0.061], 8
    ).painted(CREAM)
    hand2 = ball(0.032, 7, 5).at(0.022, -0.196, 0.782).painted(SKIN)
    tiger = joined(
        ball(0.062, 7, 5).at(0.045, -0.205, 0.865, scale=(1.0, 0.8, 1.15)),
        ball(0.055, 7, 5).at(0.050, -0.225, 0.955),
        *[ball(0.022, 6, 4).at(0.050 + s * 0.042, -0.215, 1.003) for s in (-1, 1)],
        *[
            drawn(
                np.array([(0.045 + s * 0.045, -0.215, 0.865), (0.045 + s * 0.085, -0.245, 0.845)]),
                0.02,
                5,
            )
            for s in (-1, 1)
        ],
    ).painted((0.70, 0.42, 0.10))
    stripes = joined(
        *[
            box((0.02, -0.282, 0.965 + 0.018 * i), (0.08, -0.262, 0.972 + 0.018 * i), skip="b")
            for i in range(2)
        ]
    ).painted((0.05, 0.02, 0.01))
    head = face(0, -0.012, z, r, SKIN, pan=pan, tilt=tilt)
    whole = joined(
        body,
        hem,
        *toggles,
        scarf,
        tail,
        *legs,
        *shoes,
        right,
        cuff,
        hand,
        left,
        cuff2,
        hand2,
        tiger,
        stripes,
        head,
        dark,
        ribbon,
    )
    mesh.add(whole.at(0.9, 8.6, 0.0, pan=-24.0), "girl", "girl")
    mesh.add(_ground_shade(0.92, 8.66, 0.46, 0.36), "shade_girl", "girl")


def grandmother(mesh: Mesh) -> None:
    """Bent a little over the taper that she shields with her hand; padded coat, shawl, bun."""
    lean = -0.10
    body = coat(
        [(0.20, 0.250, 0.200, 0.03), (0.34, 0.244, 0.192, 0.03), (0.50, 0.234, 0.184, 0.03), (0.66, 0.224, 0.175, 0.03), (0.82, 0.214, 0.165, 0.03),
         (0.96, 0.204, 0.156, 0.035), (1.08, 0.196, 0.148, 0.045), (1.17, 0.172, 0.132, 0.045), (1.235, 0.130, 0.105, 0.03), (1.275, 0.070, 0.068, 0.015)],
        INDIGO, folds=0.06, lean=lean)  # fmt: skip
    shawl = coat(
        [(0.98, 0.232, 0.180, 0.035), (1.04, 0.228, 0.172, 0.035), (1.12, 0.208, 0.156, 0.04), (1.20, 0.166, 0.128, 0.04), (1.262, 0.110, 0.092, 0.02), (1.295, 0.080, 0.075, 0.01)],
        SHAWL, folds=0.30, lean=lean, sides=18)  # fmt: skip
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
    head = face(0, y, z, r, SKIN_OLD, pan=-4.0, tilt=-10.0, old=True)
    neck = drawn(np.array([(0, -0.075, 1.25), (0, -0.11, 1.33)]), 0.052, 8).painted(SKIN_OLD)
    turn = placed(0, y, z, pan=-4.0, tilt=10.0)
    hair = ball(r * 1.08, 10, 7)
    hair.points = hair.points * (0.97, 1.0, 1.06) + (0, 0.018, 0.014)
    keep = (hair.points[:, 1] > -0.050) | (hair.points[:, 2] > 0.046)
    hair = Shape(hair.points, hair.triangles[keep[hair.triangles].all(1)])
    bun = ball(0.050, 8, 6).at(0, 0.085, 0.098)
    pin = drawn(np.array([(-0.075, 0.085, 0.115), (0.075, 0.085, 0.095)]), 0.006, 4).painted(
        (0.15, 0.5, 0.35)
    )
    dark = joined(joined(hair, bun).painted(GREY), pin).moved(turn)
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
    ).painted(SKIN_OLD)
    taper = drawn(
        np.array([(-0.082, -0.300, 0.92), (-0.078, -0.322, 1.07), (-0.060, -0.372, 1.30)]), 0.011, 5
    ).painted((0.45, 0.30, 0.16))
    whole = joined(body, shawl, apron, skirt, *shoes, head, neck, dark, right, left, hands, taper)
    pan = 36.0
    mesh.add(_ground_shade(-2.6, 6.64, 0.48, 0.40), "shade_grandmother", "grandmother")
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


def _ground_shade(x: float, y: float, rx: float, ry: float) -> Shape:
    """Where feet and hem keep the light from the stones."""
    return panel((x - rx, y - ry, 0.006), (rx * 2, 0, 0), (0, ry * 2, 0))
