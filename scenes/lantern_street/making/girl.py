"""The girl under the thirteenth lantern."""

from __future__ import annotations

import numpy as np
from making.bodies import coat, face, ground_shade, hair_cap, limb
from making.mesh import Mesh, joined, placed
from making.shapes import ball, box, curve, drawn, oval, ring_loft, turned

SKIN, HAIR = (0.72, 0.47, 0.35), (0.018, 0.016, 0.018)
RED, CREAM = (0.52, 0.032, 0.022), (0.72, 0.60, 0.40)


def girl(mesh: Mesh) -> None:
    """Nine years old, padded red coat; she holds her cloth tiger and reaches a hand out to us."""
    pan, tilt = 4.0, 5.0
    z = 1.135
    neck = placed(0, -0.012, z, pan=pan, tilt=-tilt)
    r = 0.102
    cap = hair_cap(r, 0.55, -0.55)
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
    dark = joined(cap, back, *locks, *buns).painted(HAIR).moved(neck)
    ribbons = []
    for s in (-1, 1):
        loop = np.array([(s * 0.10, 0.0, 0.09), (s * 0.135, -0.01, 0.11), (s * 0.145, 0.0, 0.045)])
        ribbons.append(drawn(loop, [0.012, 0.026, 0.008], 5))
        ribbons.append(turned([(0.049, -0.010), (0.052, 0.010)], 8).at(s * 0.072, 0.018, 0.090))
    ribbon = joined(*ribbons).painted((0.75, 0.06, 0.03)).moved(neck)
    body = coat(
        [
            (0.33, 0.238, 0.190, 0.0), (0.42, 0.226, 0.176, 0.0), (0.51, 0.216, 0.166, 0.0),
            (0.60, 0.203, 0.155, 0.0), (0.69, 0.190, 0.146, 0.0), (0.77, 0.180, 0.138, 0.0),
            (0.85, 0.172, 0.130, 0.0), (0.915, 0.165, 0.120, 0.004), (0.965, 0.140, 0.104, 0.008),
            (1.000, 0.100, 0.080, 0.006), (1.02, 0.06, 0.06, 0.006),
        ],
        RED, quilt=0.05, folds=0.05,
    )  # fmt: skip
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
    palm = ball(0.032, 7, 5).at(-0.372, -0.208, 0.818, scale=(1, 1.15, 0.7))
    thumb = drawn(np.array([(-0.352, -0.205, 0.83), (-0.338, -0.232, 0.852)]), 0.010, 4)
    fingers = []
    for i in (-1, 0, 1):
        knuckle = (-0.372 - 0.012 * i, -0.215, 0.822)
        tip = (-0.395 - 0.013 * i, -0.262 + 0.006 * i, 0.834)
        fingers.append(drawn(np.array([knuckle, tip]), 0.0095, 4))
    hand = joined(palm, *fingers, thumb).painted(SKIN)
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
    mesh.add(ground_shade(0.92, 8.66, 0.46, 0.36), "shade_girl", "girl")
