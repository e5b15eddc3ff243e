"""The stand-in: a film actor in a long wool coat, turtleneck, dark trousers and leather boots."""

from __future__ import annotations

import numpy as np
from making import garments, hair, scarf, weights
from making.cloth import Atlas, Piece, band, smooth
from making.hands import HandLook, left_hand
from making.part import Finish, Part
from making.skeleton import STAND_IN
from making.surface import hemmed, part, raised, unit_uv

CAMEL, OAT, SLATE = (0.235, 0.135, 0.066), (0.50, 0.45, 0.37), (0.040, 0.045, 0.055)
LINING = (0.30, 0.10, 0.10)
TONE = (0.66, 0.43, 0.32)
SHELL = [
    (1.478, 0.080, 0.078, -0.024, 1.0, 2.0),
    (1.462, 0.110, 0.088, -0.024, 1.0, 2.1),
    (1.450, 0.150, 0.098, -0.023, 1.0, 2.3),
    (1.430, 0.182, 0.112, -0.020, 1.0, 2.5),
    (1.380, 0.194, 0.126, -0.016, 1.0, 2.6),
    (1.310, 0.198, 0.138, -0.012, 1.0, 2.6),
    (1.220, 0.194, 0.140, -0.008, 1.02, 2.5),
    (1.120, 0.184, 0.132, -0.002, 1.04, 2.4),
    (1.050, 0.184, 0.132, 0.0, 1.04, 2.4),
    (0.950, 0.198, 0.142, 0.0, 1.02, 2.3),
    (0.820, 0.212, 0.152, 0.0, 1.0, 2.2),
    (0.680, 0.224, 0.164, 0.0, 1.0, 2.2),
    (0.560, 0.236, 0.176, -0.004, 1.0, 2.2),
]
_HEIGHTS = [0.56, 0.80, 1.00, 1.10, 1.22, 1.34, 1.42, 1.478]
_GAPS = [0.30, 0.25, 0.19, 0.17, 0.26, 0.38, 0.50, 0.62]


def _gap(height: np.ndarray) -> np.ndarray:
    """Half the angle at which the coat is open in front."""
    return np.interp(height, _HEIGHTS, _GAPS)


def coat() -> tuple[list[Part], list[Finish]]:
    """The coat, open in front, with lapels, a collar and sleeves."""
    torso, arm, collar = (
        Piece(1.06, 0.96, 800),
        Piece(0.46, 0.62, 800),
        Piece(0.50, 0.16, 800),
    )
    for piece in (torso, arm, collar):
        _wool(piece)
    _tailored(torso)
    _elbow(arm)
    collar.stitches(collar.x, collar.y - 0.148, length=0.008)
    atlas = Atlas(torso, arm, collar)
    follow = weights.skirt(STAND_IN)
    rows, columns = 32, 42
    y = np.linspace(SHELL[0][0], SHELL[-1][0], rows)[:, None] * np.ones(columns)
    share = np.linspace(0, 1, columns)[None]
    gap = _gap(y)
    angle = np.pi + gap + share * (2 * np.pi - 2 * gap)
    grid, uv = atlas.dressed(garments.wrapped(SHELL, y, angle), torso)
    fold = 0.012 * np.clip((0.98 - y) / 0.42, 0, 1) ** 1.3
    grid = raised(grid, fold * np.sin(9 * angle + 1.3 + 0.8 * y) + 0.4 * fold * np.sin(16 * angle))
    grid, uv = hemmed(grid, uv, 0.010, 0.05)
    grid, uv, lining = garments.lined(grid[:-1], uv[:-1], 0.010, 3)
    tint = np.where(lining[None, :, None] > 0, LINING, 1.0) * np.ones((*grid.shape[:2], 1))
    parts = [part("coat", "cloth_coat", grid, follow, uv=uv, colours=tint)]
    tube = garments.sleeve(
        STAND_IN,
        [
            (0.0, 0.064, 0.088, 0.012),
            (0.2, 0.076, 0.082, 0.006),
            (0.5, 0.069, 0.073, 0.004),
            (0.75, 0.062, 0.066, 0.004),
            (0.97, 0.056, 0.059, 0.004),
        ],
        18,
        20,
        cap=0.66,
    )
    tube, arm_uv = atlas.dressed(tube, arm)
    tube, arm_uv = hemmed(tube, arm_uv, 0.009, 0.05, closed=True)
    left = part("leftSleeve", "cloth_coat", tube, weights.arm(STAND_IN, soft=0.075), uv=arm_uv)
    parts += [left, weights.mirrored(left), *_lapels(atlas, collar)]
    picture = Finish(
        "cloth_coat",
        roughness=0.93,
        colour=atlas.colour(1024),
        normal=atlas.normal(1024, {0: (rows, columns), 1: (25, 19)}),
    )
    return parts, [picture]


def _lapels(atlas: Atlas, piece: Piece) -> list[Part]:
    """The turned fronts and the collar, which are thick cloth over cloth."""
    follow = weights.trunk(STAND_IN)
    left, top, right, bottom = atlas.rect(piece)
    made = []
    t = np.linspace(0, 1, 12)[:, None]
    u = np.linspace(0, 1, 6)[None]
    height = 1.452 - t * 0.342
    wide = 0.46 * np.clip(1 - t, 0, 1) ** 0.75 * np.clip(0.55 + t * 5, 0, 1)
    # The notch, and the tip that points to the shoulder.
    lift = 0.012 + 0.010 * np.sin(np.pi * u) * (1 - t) + 0.004
    angle = np.pi + _gap(height) * 0.98 + wide * u
    sheet = garments.wrapped(SHELL, height + 0.050 * u * wide * (1 - t), angle)
    sheet = raised(sheet, lift)
    under = raised(sheet, -0.009)
    whole = np.concatenate([sheet, under[:, ::-1], sheet[:, :1]], 1)
    s = np.concatenate([0.1 + 0.35 * u[0], 0.45 - 0.35 * u[0], [0.1]])
    uv = np.stack(
        np.broadcast_arrays(
            left + s[None] * (right - left), top + (0.1 + 0.8 * t) * (bottom - top)
        ),
        -1,
    )
    lapel = part("rightLapel", "cloth_coat", whole, follow, uv=uv)
    made += [lapel, weights.mirrored(lapel)]
    # The collar: cloth up round the nape, and down again over it.
    a = np.linspace(-np.pi + 0.62, np.pi - 0.62, 25)[:, None]
    back = np.cos(a / 2) ** 0.7
    profile = [
        (0.000, -0.012, 0),
        (0.012, 0.016, 0),
        (0.014, 0.038, 0),
        (0.020, 0.050, 1),
        (0.028, 0.046, 1),
        (0.040, 0.022, 1),
        (0.054, -0.008, 1),
        (0.058, -0.020, 1),
        (0.050, -0.022, 1),
        (0.036, 0.0, 1),
    ]
    rings = []
    for out, up, fall in profile:
        r = 0.072 + out + fall * 0.012 * (1 - back)
        spread = 1.0 + 0.10 * fall * (1 - back)
        rings.append(
            np.stack(
                [
                    r * np.sin(a[:, 0]) * spread * 1.05,
                    1.478 + up * (0.70 + 0.30 * back[:, 0]) - 0.020 * (1 - back[:, 0]) * 1.6,
                    -0.024 - r * np.cos(a[:, 0]) * 1.02 + 0.012 * (1 - back[:, 0]),
                ],
                -1,
            )
            if np.ndim(r) == 0
            else np.stack(
                [
                    r[:, 0] * np.sin(a[:, 0]) * spread[:, 0] * 1.05,
                    1.478 + up * (0.70 + 0.30 * back[:, 0]) - 0.032 * (1 - back[:, 0]),
                    -0.024 - r[:, 0] * np.cos(a[:, 0]) * 1.02 + 0.012 * (1 - back[:, 0]),
                ],
                -1,
            )
        )
    grid = np.stack(rings)
    s, v = np.meshgrid(
        np.linspace(left, right, grid.shape[1]), np.linspace(top, bottom, len(rings))
    )
    made.append(
        part(
            "collar",
            "cloth_coat",
            grid,
            {"upperChest": 0.75, "neck": 0.25},
            uv=np.stack([s, v], -1),
        )
    )
    return made


def _wool(piece: Piece) -> None:
    """Camel wool: a soft twill with lighter and darker fibres."""
    piece.colour *= np.asarray(CAMEL)
    fibre = piece.noise(43, 0.0025, (0.6, 2.2))
    piece.tint(1 + 0.06 * piece.noise(42, 0.08) + 0.10 * fibre + 0.05 * piece.noise(45, 0.012))
    twill = np.sin((piece.x + piece.y) * 2 * np.pi / 0.0055)
    piece.fine += 0.00022 * twill + 0.00018 * piece.noise(44, 0.003)
    piece.tint(1 + 0.05 * twill)


def _tailored(piece: Piece) -> None:
    """Pockets with flaps, a back seam with a vent, a half belt, stitched edges."""
    x, y = piece.x, piece.y
    away = np.minimum(x, piece.wide - x)
    back = x - piece.wide / 2
    piece.stitches(y, away - 0.010, length=0.009)
    piece.relief -= 0.0035 * np.exp(-((back / 0.005) ** 2)) * smooth(y, 0.03, 0.06)
    piece.relief -= 0.010 * np.exp(-((back / 0.006) ** 2)) * smooth(y, 0.62, 0.66)
    belt = band(y, 0.415, 0.024) * band(np.abs(back), 0.0, 0.125)
    piece.relief += 0.006 * belt
    piece.tint(1 - 0.22 * (band(y, 0.415, 0.028) * band(np.abs(back), 0.0, 0.129) - belt))
    piece.stitches(x, np.where(np.abs(back) < 0.12, np.abs(y - 0.415) - 0.019, 1.0), length=0.009)
    # Pocket flaps at the hips.
    px, py = np.abs(back) - 0.335, y - 0.565 - 0.10 * (np.abs(back) - 0.335)
    flap = band(px, 0, 0.075) * band(py, 0, 0.030)
    edge = band(px, 0, 0.079) * band(py, 0.003, 0.034)
    piece.relief += 0.006 * flap
    piece.tint(1 - 0.22 * np.clip(edge - flap, 0, 1))
    inner = np.minimum(0.075 - np.abs(px), 0.030 - np.abs(py)) - 0.006
    piece.stitches(x + y, np.where(inner > -0.004, inner, 1.0), length=0.009)
    # Creases: drawn from the shoulder blades, gathered at the waist and below the belt.
    crease = piece.noise(41, 0.05, (2.4, 0.7))
    waist = np.exp(-(((y - 0.40) / 0.10) ** 2))
    piece.relief += (0.0014 + 0.0040 * waist) * crease
    piece.tint(1 + 0.05 * np.clip(crease, -2, 2))
    piece.relief += (
        0.003
        * np.sin(50 * (y + 0.5 * np.abs(back)))
        * np.exp(-(((y - 0.22) / 0.09) ** 2))
        * np.exp(-(((np.abs(back) - 0.22) / 0.06) ** 2))
    )


def _elbow(piece: Piece) -> None:
    """Creases that cross the sleeve at its elbow and above its cuff; a strap with a button."""
    y = piece.y + 0.008 * piece.noise(46, 0.06)
    inner = 0.5 + 0.5 * np.cos(2 * np.pi * (piece.x / piece.wide - 0.75))
    for at, spread, deep in (
        (0.31, 0.085, 0.0062),
        (0.53, 0.05, 0.004),
        (0.08, 0.06, 0.004),
    ):
        wave = np.sin(
            (y - at + 0.02 * np.sin(2 * np.pi * piece.x / piece.wide)) * 2 * np.pi / 0.040
        )
        piece.relief += (
            deep * wave * np.exp(-(((piece.y - at) / spread) ** 2)) * (0.35 + 0.65 * inner)
        )
    strap = band(piece.y, 0.560, 0.017)
    piece.relief += 0.005 * strap
    piece.tint(1 - 0.25 * (band(piece.y, 0.560, 0.021) - strap))
    piece.stitches(piece.x, np.abs(piece.y - 0.560) - 0.013, length=0.009)


def sweater() -> tuple[list[Part], list[Finish]]:
    """A ribbed turtleneck, and the buttons of the coat."""
    finish, _ = scarf.knit("cloth_knit", OAT, stitch=0.0075, size=320)
    rows = [
        (1.470, 0.070, 0.070, -0.020, 1.0, 2.0),
        (1.445, 0.108, 0.084, -0.020, 1.0, 2.1),
        (1.400, 0.150, 0.102, -0.016, 1.0, 2.3),
        (1.300, 0.164, 0.114, -0.010, 1.04, 2.4),
        (1.180, 0.158, 0.112, -0.004, 1.06, 2.3),
        (1.060, 0.156, 0.112, 0.0, 1.06, 2.3),
        (0.930, 0.166, 0.124, 0.0, 1.03, 2.3),
    ]
    y = np.linspace(1.470, 0.930, 16)[:, None] * np.ones(13)
    a = np.pi + np.linspace(-1.0, 1.0, 13)[None]
    front = raised(garments.wrapped(rows, y, a), 0.004 * np.sin(3 * a + 22 * y))
    uv = unit_uv(16, 13) * (4.5, 5.2)
    parts = [part("sweater", "cloth_knit", front, weights.trunk(STAND_IN), uv=uv)]
    around = np.linspace(0, 2 * np.pi, 25)[:-1]
    for i, (r, y0, high, deep) in enumerate(
        ((0.064, 1.487, 0.026, 0.016), (0.0605, 1.515, 0.022, 0.013))
    ):
        loop = np.stack(
            [
                r * np.sin(around),
                y0 - 0.018 * -np.cos(around) + 0 * around,
                -0.018 + 0.006 * i - r * 1.03 * np.cos(around),
            ],
            1,
        )
        parts.append(
            scarf.wound(
                f"roll neck {i}",
                "cloth_knit",
                loop,
                high,
                deep,
                {"neck": 0.6, "upperChest": 0.4},
                around=4.0,
                across=0.9,
                creases=0.0022,
                seed=5 + i,
            )
        )
    for i, height in enumerate((1.075, 0.955, 0.835)):
        at = garments.wrapped(
            SHELL, np.array(height), np.array(np.pi - _gap(np.array(height)) - 0.13)
        )
        out = np.array([0.30, 0, 1.0])
        out /= np.linalg.norm(out)
        parts.append(
            part(
                f"button {i}",
                "buttons",
                _button(at + out * 0.011, out, 0.0125),
                weights.skirt(STAND_IN),
                colours=np.array((0.055, 0.028, 0.015)),
            )
        )
    return parts, [finish, Finish("buttons", roughness=0.35)]


def _button(at: np.ndarray, out: np.ndarray, radius: float) -> np.ndarray:
    """A round button with a rim."""
    side = np.cross([0, 1.0, 0], out)
    side /= np.linalg.norm(side)
    up = np.cross(out, side)
    a = 2 * np.pi * np.arange(13) / 12
    rows = []
    for r, lift in (
        (0.001, 0.0022),
        (0.62, 0.0022),
        (0.78, 0.0042),
        (0.94, 0.0042),
        (1.0, 0.002),
        (1.0, -0.004),
    ):
        rows.append(
            at + radius * r * (np.cos(a)[:, None] * side + np.sin(a)[:, None] * up) + lift * out
        )
    return np.stack(rows)[:, ::-1][:, ::-1]


def legs() -> tuple[list[Part], list[Finish]]:
    """Straight trousers with a crease, and leather boots."""
    piece = Piece(0.48, 0.95, 460)
    piece.colour *= np.asarray(SLATE)
    fold = piece.noise(21, 0.06, (2.2, 0.7))
    knee, low = band(piece.y, 0.47, 0.07, 0.08), smooth(piece.y, 0.78, 0.93)
    piece.relief += (0.0012 + 0.004 * knee + 0.006 * low) * fold
    piece.relief += 0.004 * np.exp(-((piece.middle / 0.01) ** 2))
    piece.tint(1 + 0.12 * piece.noise(22, 0.03) + 0.10 * np.clip(fold, -1, 1))
    piece.fine += 0.0002 * np.sin((piece.x + piece.y) * 2 * np.pi / 0.005)
    atlas = Atlas(piece)
    tube = garments.leg(
        STAND_IN,
        [
            (0.990, 0.094, 0.118, 0.0),
            (0.900, 0.094, 0.115, 0.0),
            (0.760, 0.088, 0.102, 0.004),
            (0.520, 0.070, 0.078, 0.006),
            (0.330, 0.066, 0.072, -0.006),
            (0.160, 0.062, 0.072, -0.012),
            (0.075, 0.060, 0.076, -0.006),
        ],
        14,
        20,
    )
    tube, uv = atlas.dressed(tube, piece)
    tube, uv = hemmed(tube, uv, 0.006, 0.04)
    left = part("leftLeg", "cloth_trousers", tube, weights.leg(STAND_IN), uv=uv)
    shoe = garments.shoe(STAND_IN, wide=0.052, high=0.084, shaft=0.046, sole=0.026, toe=0.008)
    tone = np.ones((*shoe.shape[:2], 3)) * (0.075, 0.030, 0.016)
    tone[7:] = (0.015, 0.012, 0.011)
    shoes = part("leftShoe", "leather", shoe, weights.leg(STAND_IN), colours=tone)
    trousers = Finish(
        "cloth_trousers",
        roughness=0.9,
        colour=atlas.colour(384),
        normal=atlas.normal(384, {0: (20, 15)}),
    )
    made = [left, weights.mirrored(left), shoes, weights.mirrored(shoes)]
    return made, [trousers, Finish("leather", roughness=0.38)]


def hands() -> tuple[list[Part], list[Finish]]:
    """An adult's hands."""
    made = left_hand(STAND_IN, HandLook(thick=0.98, bony=0.5, tone=TONE))
    return made + [weights.mirrored(p) for p in made], [Finish("skin_hands", roughness=0.55)]


def cut() -> tuple[list[Part], list[Finish]]:
    """Dark hair, parted at the left, brushed up from the brow and back over the crown."""
    m = STAND_IN
    middle = np.array([0, m.chin + 0.60 * m.head, m.head_joint[2] - 0.004])
    radii = np.array(
        [0.5 * m.head_width + 0.007, 0.40 * m.head + 0.010, 0.5 * m.head_depth + 0.006]
    )
    head = {"head": 1.0}
    edge = [
        (0, 0.50),
        (25, 0.50),
        (42, 0.44),
        (54, 0.26),
        (66, -0.10),
        (76, -0.42),
        (84, -0.42),
        (91, 0.00),
        (112, 0.04),
        (126, -0.40),
        (150, -0.84),
        (180, -0.92),
    ]
    parts = [
        hair.cap(
            "hair cap",
            middle,
            tuple(radii),
            edge,
            head,
            grooves=0.0016,
            columns=40,
            rows=11,
        )
    ]

    def over(x: float, angle: float, lift: float) -> np.ndarray:
        """A place over the skull: share to the left, degrees up and back from the front."""
        a, w = np.radians(angle), np.sqrt(1 - x * x)
        way = np.array([x, np.sin(a) * w, np.cos(a) * w])
        return middle + way * (radii + lift)

    random = np.random.default_rng(4)
    for row, (first, last, high) in enumerate(
        ((30, 112, 0.024), (62, 150, 0.019), (98, 178, 0.012))
    ):
        for k, x in enumerate(np.linspace(-0.80, 0.72, 9 if row < 2 else 7)):
            jitter = random.uniform(-1, 1, 4)
            # From the parting the hair falls to both sides.
            drift = 0.16 if x > 0.42 else -0.20
            volume = high * (1 - 0.55 * x * x) + 0.003 * jitter[0]
            start = first + 6 * abs(x) + 3 * jitter[1]
            end = last + 9 * jitter[2]
            at = [
                (x, start, -0.002),
                (x + 0.15 * drift, start + 0.25 * (end - start), volume),
                (x + 0.55 * drift, start + 0.62 * (end - start), 0.85 * volume),
                (x + drift, end, 0.001),
            ]
            line = [over(float(np.clip(u, -0.97, 0.97)), a, lift) for u, a, lift in at]
            outs = np.array([p - middle for p in line])
            outs /= np.linalg.norm(outs, axis=1, keepdims=True)
            parts.append(
                hair.lock(
                    f"lock {row} {k}",
                    line,
                    [0.012, 0.0185, 0.017, 0.003],
                    outs,
                    head,
                    rows=8,
                    thick=0.34,
                    shade=0.82 + 0.18 * random.random(),
                )
            )
    return parts, [hair.finish((0.030, 0.020, 0.014), roughness=0.40)]


def outfit() -> tuple[list[Part], list[Finish]]:
    """Everything but the head."""
    parts: list[Part] = []
    finishes: list[Finish] = []
    for made in (coat(), sweater(), legs(), hands(), cut()):
        parts += made[0]
        finishes += made[1]
    return parts, finishes
