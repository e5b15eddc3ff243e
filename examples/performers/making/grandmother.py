"""Grandmother: padded jacket of dark plum, calico apron, oversleeves, cotton shoes, a white bun."""

from __future__ import annotations

import numpy as np
from making import garments, hair, scarf, trims, weights
from making.cloth import Atlas, Piece, band, smooth
from making.hands import HandLook, left_hand
from making.part import Finish, Part
from making.skeleton import GRANDMOTHER
from making.surface import cord, hemmed, part, raised, ring

PLUM, INDIGO, WHITE = (0.085, 0.040, 0.055), (0.030, 0.050, 0.135), (0.72, 0.74, 0.74)
TONE = (0.62, 0.40, 0.29)


SHELL = [
    (1.262, 0.056, 0.054, 0.022, 1.0, 2.0),
    (1.240, 0.060, 0.058, 0.016, 1.0, 2.0),
    (1.222, 0.076, 0.066, 0.008, 1.0, 2.0),
    (1.200, 0.112, 0.084, -0.006, 1.0, 2.1),
    (1.172, 0.146, 0.100, -0.018, 1.0, 2.3),
    (1.130, 0.164, 0.118, -0.028, 1.0, 2.4),
    (1.060, 0.172, 0.134, -0.032, 1.0, 2.4),
    (0.980, 0.178, 0.140, -0.026, 1.03, 2.35),
    (0.900, 0.186, 0.142, -0.016, 1.10, 2.3),
    (0.800, 0.198, 0.148, -0.008, 1.12, 2.25),
    (0.710, 0.208, 0.154, -0.006, 1.08, 2.2),
    (0.630, 0.216, 0.162, -0.006, 1.04, 2.2),
]


def jacket() -> tuple[list[Part], list[Finish]]:
    """A padded jacket closed at her right side; the upper back is round."""
    torso, arm = Piece(1.10, 0.70, 840), Piece(0.45, 0.55, 840)
    for piece in (torso, arm):
        _padded(piece)
    _closing(torso)
    atlas = Atlas(torso, arm)
    grid, uv = atlas.dressed(garments.body(SHELL, 38, 29), torso)
    grid, uv = hemmed(grid, uv, 0.014, 0.06)
    tube = garments.sleeve(
        GRANDMOTHER,
        [
            (0.0, 0.055, 0.078, 0.010),
            (0.2, 0.068, 0.076, 0.006),
            (0.5, 0.068, 0.070, 0.006),
            (0.75, 0.062, 0.064, 0.006),
            (0.94, 0.052, 0.054, 0.004),
        ],
        18,
        20,
        cap=0.68,
    )
    tube, arm_uv = atlas.dressed(tube, arm)
    tube, arm_uv = hemmed(tube, arm_uv, 0.010, 0.05, closed=True)
    left = part(
        "leftSleeve",
        "cloth_jacket",
        tube,
        weights.arm(GRANDMOTHER, soft=0.07),
        uv=arm_uv,
    )
    parts = [
        part("jacket", "cloth_jacket", grid, weights.skirt(GRANDMOTHER), uv=uv),
        left,
        weights.mirrored(left),
    ]
    return parts, [
        Finish(
            "cloth_jacket",
            roughness=0.9,
            colour=atlas.colour(1024),
            normal=atlas.normal(1024, {0: (29, 39), 1: (29, 21)}),
        )
    ]


def _padded(piece: Piece) -> None:
    """Plum cotton quilted in upright rows, with creases."""
    lane = piece.wide / max(1, round(piece.wide / 0.055))
    off = (piece.x / lane - np.rint(piece.x / lane)) * lane
    piece.relief += 0.0085 * (1 - np.exp(-((off / 0.013) ** 2))) - 0.004
    piece.stitches(piece.y, off, length=0.009)
    crease = piece.noise(31, 0.03, (2.5, 0.7))
    piece.relief += 0.0016 * crease
    piece.colour *= np.asarray(PLUM)
    piece.tint(1 + 0.10 * piece.noise(32, 0.06) + 0.06 * np.clip(crease, -2, 2))
    piece.tint(0.60 + 0.40 * (1 - np.exp(-((off / 0.008) ** 2))))
    # A small print: crossed leaves of a lighter plum, scattered.
    u, v = piece.x / 0.031, piece.y / 0.027
    shift = 0.5 * (np.floor(v) % 2)
    gx, gy = (u + shift) % 1.0 - 0.5, v % 1.0 - 0.5
    leaf = np.minimum(
        np.hypot((gx + gy) * 0.9, (gx - gy) * 2.6),
        np.hypot((gx - gy) * 0.9, (gx + gy) * 2.6),
    )
    piece.paint(0.55 * smooth(0.26 - leaf, -0.04, 0.04), np.array([0.19, 0.075, 0.085]))
    piece.paint(
        0.7 * smooth(0.075 - np.hypot(gx, gy), -0.02, 0.02),
        np.array([0.42, 0.24, 0.08]),
    )
    piece.fine += (
        0.00016 * np.sin(piece.y * 2 * np.pi / 0.0036) * np.sin(piece.x * 2 * np.pi / 0.0036)
    )


def _closing(piece: Piece) -> None:
    x, y = piece.middle, piece.y
    edge = 0.02 + 0.13 * smooth(y, 0.07, 0.22)
    lap = x - edge
    piece.relief += (
        0.007 * smooth(lap, 0.001, -0.003) * smooth(lap, -0.14, -0.03) * smooth(y, 0.04, 0.08)
    )
    piece.paint(band(lap, -0.006, 0.005) * smooth(y, 0.05, 0.06), (0.02, 0.02, 0.035))
    piece.stitches(y, lap + 0.014)


def apron() -> tuple[list[Part], list[Finish]]:
    """An apron of blue calico with a bib, bound edges, a pocket, strings and a bow behind."""
    piece = Piece(0.62, 0.64, 1100)
    _calico(piece)
    atlas = Atlas(piece)
    rows, columns = 26, 21
    shell = [*SHELL, (0.50, 0.226, 0.172, -0.006, 1.06, 2.2)]
    y = np.linspace(1.115, 0.500, rows)[:, None] * np.ones(columns)
    half = np.interp(y, [0.50, 0.885, 0.925, 1.115], [1.22, 1.12, 0.58, 0.46])
    angle = np.pi + half * np.linspace(-1, 1, columns)[None]
    sheet = garments.wrapped(shell, y, angle)
    low = np.clip((0.86 - y) / 0.36, 0, 1)
    sheet = raised(
        sheet,
        0.012 + low * (0.016 + 0.012 * np.sin(5.2 * angle + 0.8) + 0.006 * np.sin(11 * angle)),
    )
    grid, uv = atlas.dressed(sheet, piece)
    # Texture by place on the flat cloth: the bib is narrower than the skirt.
    left, _, right, _ = atlas.rect(piece)
    uv[..., 0] = left + (0.5 + 0.5 * (angle - np.pi) / 1.22) * (right - left)
    grid, uv, _ = garments.lined(grid, uv, 0.006, 4)
    follow = weights.skirt(GRANDMOTHER, 0.85)
    parts = [part("apron", "cloth_apron", grid, follow, uv=uv)]
    a = np.linspace(0, 2 * np.pi, 41)
    band_at = raised(
        garments.wrapped(SHELL, 0.900 + 0 * a[None], a[None]).repeat(3, 0)
        + np.array([[[0, 0.001, 0]], [[0, 0, 0]], [[0, -0.001, 0]]]),
        0.013,
    )[1]
    ribbon = trims.oriented(trims.roll(band_at[:-1], 0.015, 0.006, sides=6))
    dark = np.array((0.035, 0.055, 0.15))
    parts.append(part("apron band", "cloth_plain", ribbon, follow, colours=dark))
    back = garments.wrapped(SHELL, np.array(0.900), np.array(0.0)) + np.array([0, 0, -0.022])
    for side in (-1, 1):
        loop = [
            (0, 0, 0),
            (side * 0.030, 0.028, -0.020),
            (side * 0.072, 0.030, -0.012),
            (side * 0.080, 0.000, -0.006),
            (side * 0.045, -0.012, -0.012),
            (0, 0, 0),
        ]
        parts.append(
            part(
                f"bow {side}",
                "cloth_plain",
                cord(back + np.array(loop), 0.013, 6, flat=0.32, up=(0.0, 0.3, -1)),
                follow,
                colours=dark,
            )
        )
        end = [
            (0, 0, 0),
            (side * 0.018, -0.05, -0.010),
            (side * 0.030, -0.12, -0.006),
            (side * 0.034, -0.19, -0.012),
        ]
        parts.append(
            part(
                f"string {side}",
                "cloth_plain",
                cord(back + np.array(end), 0.011, 6, flat=0.25, up=(0.2 * side, 0, -1)),
                follow,
                colours=dark,
            )
        )
        h = np.array([1.110, 1.150, 1.185, 1.205, 1.215, 1.212])
        t = np.pi + side * np.array([0.44, 0.50, 0.66, 1.0, 1.7, 2.6])
        strap = garments.wrapped(SHELL, h, t)
        strap = (
            strap
            + (strap - np.array([0, 0, -0.01])) * np.array([0.05, 0, 0.05])
            + np.array([0, 0.006, 0])
        )
        parts.append(
            part(
                f"strap {side}",
                "cloth_plain",
                cord(strap, 0.012, 6, flat=0.35, up=(0, 1, 0.4)),
                weights.trunk(GRANDMOTHER),
                colours=dark,
            )
        )
    parts.append(
        part(
            "knot",
            "cloth_plain",
            trims.ball(back + np.array([0, 0, -0.010]), (0.016, 0.014, 0.010), 8, 6),
            follow,
            colours=dark,
        )
    )
    return parts, [
        Finish(
            "cloth_apron",
            roughness=0.88,
            colour=atlas.colour(768),
            normal=atlas.normal(640, {0: (rows, columns)}),
        ),
        Finish("cloth_plain", roughness=0.9),
    ]


def _calico(piece: Piece) -> None:
    """Indigo dyed round white paste: flowers in rings, dots, and a border of waves."""
    x, y = piece.middle, piece.y
    ground = np.array([0.020, 0.046, 0.145])
    piece.colour *= ground
    cloud = piece.noise(51, 0.05) * 0.10 + piece.noise(52, 0.004) * 0.06
    white = np.zeros_like(x)

    def flower(cx: np.ndarray, cy: np.ndarray, size: float) -> np.ndarray:
        r, t = np.hypot(cx, cy), np.arctan2(cy, cx)
        petals = smooth(size * (0.55 + 0.30 * np.abs(np.cos(4 * t))) - r, -0.0006, 0.0006)
        veins = smooth(np.abs(np.sin(4 * t)) * r - 0.0016, -0.0005, 0.0005)
        heart = smooth(r - size * 0.26, -0.0005, 0.0005) + smooth(size * 0.15 - r, -0.0005, 0.0005)
        beads = 0.5 + 0.5 * np.cos(14 * t)
        halo = np.exp(-(((r - size * 1.12) / (size * 0.085)) ** 2)) * (beads > 0.42)
        return np.clip(petals * veins * np.clip(heart, 0, 1) + halo, 0, 1)

    pitch = 0.098
    main = y < 0.535
    gx = (x / pitch + 0.5) % 1.0 - 0.5
    gy = (y / pitch) % 1.0 - 0.5
    white = np.maximum(white, flower(gx * pitch, gy * pitch, 0.029) * main)
    hx = (x / pitch + 1.0) % 1.0 - 0.5
    hy = (y / pitch + 0.5) % 1.0 - 0.5
    white = np.maximum(white, flower(hx * pitch, hy * pitch, 0.0135) * main)
    dx, dy = (x / 0.0163) % 1.0 - 0.5, (y / 0.0163) % 1.0 - 0.5
    far = np.minimum(np.hypot(gx, gy) * pitch - 0.040, np.hypot(hx, hy) * pitch - 0.022)
    white = np.maximum(
        white,
        smooth(0.0018 - np.hypot(dx, dy) * 0.0163, -0.0005, 0.0005) * (far > 0) * main,
    )
    # Border: two lines, a wave with dots in it.
    for at in (0.545, 0.617):
        white = np.maximum(white, band(y, at, 0.0022, 0.0006))
    wave = 0.581 + 0.015 * np.sin(2 * np.pi * x / 0.062)
    white = np.maximum(
        white,
        band(y, 0, 0.0030, 0.0006) * 0 + smooth(0.0030 - np.abs(y - wave), -0.0006, 0.0006),
    )
    bx = (x / 0.031 + 0.25) % 1.0 - 0.5
    sign = np.where(np.floor(x / 0.031 + 0.25) % 2 == 0, 1, -1)
    white = np.maximum(
        white,
        smooth(0.0058 - np.hypot(bx * 0.031, y - 0.581 - sign * -0.010), -0.0006, 0.0006),
    )
    # Where paste cracked, threads of blue show in the white.
    cracks = smooth(np.abs(piece.noise(53, 0.010)), 0.02, 0.10)
    piece.paint(white * (0.72 + 0.28 * cracks) * 0.88, np.array([0.66, 0.70, 0.72]))
    piece.tint(1 + cloud)
    _sewn_on(piece)


def _sewn_on(piece: Piece) -> None:
    """A pocket, a patch of other cloth, bound edges, creases."""
    x, y = piece.middle, piece.y
    pocket = band(x + 0.075, 0, 0.058) * band(y, 0.345, 0.060)
    rim = band(x + 0.075, 0, 0.061) * band(y, 0.347, 0.063) - pocket
    piece.relief += 0.004 * pocket
    piece.tint(1 - 0.45 * np.clip(rim, 0, 1))
    hemline = pocket * band(y, 0.291, 0.0055)
    piece.paint(hemline, (0.035, 0.055, 0.15))
    inner = np.minimum(0.058 - np.abs(x + 0.075), 0.060 - np.abs(y - 0.345)) - 0.005
    _thread(piece, x + y, np.where(np.abs(inner) < 0.004, inner, 1.0))
    patch = band(x - 0.150, 0.06 * (y - 0.44), 0.036) * band(y, 0.440 + 0.03 * 0, 0.033)
    piece.paint(
        patch,
        np.array([0.20, 0.095, 0.045])
        * (1 + 0.3 * (np.sin(x * 2 * np.pi / 0.008) > 0) * 1.0)[..., None],
    )
    piece.fine += 0.0012 * patch
    edge = np.minimum(0.036 - np.abs(x - 0.150), 0.033 - np.abs(y - 0.440)) - 0.003
    _thread(
        piece,
        x * 1.0 + y,
        np.where(np.abs(edge) < 0.004, edge, 1.0),
        (0.75, 0.68, 0.5),
        0.010,
    )
    half = np.interp(y, [0.0, 0.19, 0.23, 0.64], [0.116, 0.146, 0.284, 0.309])
    bound = np.clip(
        smooth(half - np.abs(x), 0.011, 0.009) + band(y, 0.004, 0.009) + band(y, 0.636, 0.007),
        0,
        1,
    )
    piece.paint(bound, (0.030, 0.045, 0.12))
    piece.fine += 0.0012 * bound
    _thread(
        piece,
        y,
        np.where(np.abs(half - np.abs(x) - 0.013) < 0.004, half - np.abs(x) - 0.013, 1.0),
    )
    piece.fine += 0.00018 * (np.sin(x * 2 * np.pi / 0.0030) * np.sin(y * 2 * np.pi / 0.0030))
    crease = piece.noise(54, 0.05, (0.7, 2.4))
    piece.relief += 0.0014 * crease
    piece.tint(1 + 0.07 * np.clip(crease, -2, 2))


def _thread(
    piece: Piece,
    along: np.ndarray,
    off: np.ndarray,
    colour: tuple[float, float, float] = (0.42, 0.46, 0.52),
    length: float = 0.007,
) -> None:
    piece.paint(0.8 * piece.stitches(along, off, length=length), np.asarray(colour))


def sleeves() -> tuple[list[Part], list[Finish]]:
    """Oversleeves of checked cotton, gathered by elastic at both ends."""
    piece = Piece(0.44, 0.24, 900)
    x, y = piece.x, piece.y
    cell = piece.wide / 22
    a = (np.sin(2 * np.pi * x / (2 * cell)) > 0).astype(float)
    b = (np.sin(2 * np.pi * y / (2 * cell)) > 0).astype(float)
    piece.colour *= np.array([0.52, 0.44, 0.34])
    piece.paint(0.5 * (a + b), np.array([0.23, 0.055, 0.045]))
    piece.paint(((x / cell) % 4 < 0.16) * 0.7, np.array([0.55, 0.40, 0.12]))
    ends = np.exp(-((y / 0.022) ** 2)) + np.exp(-(((piece.high - y) / 0.022) ** 2))
    gather = piece.noise(55, 0.016, (0.7, 7.0))
    piece.relief += (0.0016 + 0.0035 * ends) * gather + 0.0015 * piece.noise(56, 0.04)
    piece.tint(1 + 0.14 * np.clip(gather, -1.5, 1.5) * np.clip(ends + 0.25, 0, 1))
    for at in (0.016, piece.high - 0.016):
        piece.stitches(x, y - at, length=0.006)
    piece.fine += 0.0002 * np.sin(x * 2 * np.pi / 0.003) * np.sin(y * 2 * np.pi / 0.003)
    atlas = Atlas(piece)
    sx, sy, sz = GRANDMOTHER.shoulder
    long = GRANDMOTHER.upper_arm + GRANDMOTHER.lower_arm
    rings = []
    for share, r in zip(
        np.linspace(0.545, 0.985, 12),
        np.interp(
            np.linspace(0, 1, 12),
            [0, 0.08, 0.16, 0.5, 0.84, 0.92, 1],
            [0.072, 0.069, 0.079, 0.081, 0.071, 0.056, 0.059],
        ),
        strict=True,
    ):
        rings.append(ring((sx + share * long, sy - 0.006, sz), (r, r * 1.02), 16, axis="x"))
    tube, uv = atlas.dressed(np.stack(rings), piece)
    tube, uv = hemmed(tube, uv, 0.005, 0.03, closed=True)
    tube, uv = hemmed(tube, uv, 0.005, 0.02, top=True)
    left = part(
        "leftOversleeve",
        "cloth_sleeves",
        tube,
        weights.arm(GRANDMOTHER, soft=0.07),
        uv=uv,
    )
    return [left, weights.mirrored(left)], [
        Finish(
            "cloth_sleeves",
            roughness=0.9,
            colour=atlas.colour(384),
            normal=atlas.normal(384, {0: (12, 17)}),
        )
    ]


def neck() -> tuple[list[Part], list[Finish]]:
    """A small knitted kerchief in the collar, and the frogs of the jacket."""
    finish, _ = scarf.knit("cloth_scarf", (0.42, 0.15, 0.045), stitch=0.008, size=320)
    a = np.linspace(0, 2 * np.pi, 25)[:-1]
    loop = np.stack(
        [
            0.070 * np.sin(a),
            1.240 + 0.020 * np.cos(a) + 0.003 * np.sin(3 * a),
            0.016 - 0.068 * np.cos(a),
        ],
        1,
    )
    parts = [
        scarf.wound(
            "kerchief",
            "cloth_scarf",
            loop,
            0.024,
            0.017,
            {"neck": 0.35, "upperChest": 0.65},
            around=4,
            across=1.0,
            creases=0.003,
            seed=4,
        )
    ]
    for i, (y, x) in enumerate(((1.165, -0.035), (1.115, -0.110))):
        at = garments.wrapped(SHELL, np.array(y), np.array(np.pi + abs(x) / 0.15))
        out = at - np.array([0, y, -0.03])
        parts += trims.frog(
            at + 0.006 * out / np.linalg.norm(out),
            out,
            half=0.030,
            thick=0.0042,
            name=f"frog {i}",
            material="cloth_plain",
            follow=weights.trunk(GRANDMOTHER),
            colour=(0.40, 0.22, 0.05),
            tilt=0.3,
        )
    return parts, [finish]


def bun() -> tuple[list[Part], list[Finish]]:
    """White hair combed back into a bun with a jade pin; a few loose wisps."""
    m = GRANDMOTHER
    middle = np.array([0, m.chin + 0.60 * m.head, m.head_joint[2] - 0.004])
    rx, ry, rz = (
        0.5 * m.head_width + 0.008,
        0.40 * m.head + 0.010,
        0.5 * m.head_depth + 0.008,
    )
    head = {"head": 1.0}
    edge = [
        (0, 0.60),
        (25, 0.58),
        (45, 0.44),
        (60, 0.14),
        (72, -0.14),
        (82, -0.10),
        (94, 0.02),
        (112, 0.0),
        (128, -0.45),
        (150, -0.74),
        (180, -0.78),
    ]
    parts = [
        _combed(
            hair.cap(
                "hair",
                middle,
                (rx, ry, rz),
                edge,
                head,
                grooves=0.0022,
                columns=52,
                rows=13,
                count=22,
            ),
            middle,
        )
    ]
    at = middle + np.array([0, 0.040, -rz - 0.018])
    coil = []
    for i in range(46):
        t = i / 45
        angle, r = 2 * np.pi * 2.6 * t, 0.038 * (1 - 0.80 * t)
        coil.append(at + np.array([r * np.cos(angle), r * np.sin(angle), -0.030 * t + 0.004]))
    tube = cord(
        np.array(coil),
        np.interp(np.linspace(0, 1, 46), [0, 0.06, 0.8, 1], [0.010, 0.0165, 0.015, 0.008]),
        7,
        up=(0, 0, -1),
    )
    s, v = np.meshgrid(np.linspace(0, 0.8, tube.shape[1]), np.linspace(0.02, 0.98, tube.shape[0]))
    parts.append(part("bun", "hair", tube, head, uv=np.stack([s, v], -1)))
    core = trims.ball(at + np.array([0, 0, 0.004]), (0.040, 0.040, 0.026), 12, 8)
    parts.append(part("bun core", "hair", core, head, colours=np.array([0.7] * 3)))
    pin = np.array([at + np.array([-0.066, 0.020, -0.012]), at + np.array([0.062, -0.014, -0.016])])
    parts.append(
        part(
            "pin",
            "metal",
            cord(pin, np.array([0.0026, 0.0020]), 6, up=(0, 1, 0)),
            head,
            colours=np.array((0.75, 0.72, 0.66)),
        )
    )
    parts.append(
        part(
            "jade",
            "jade",
            trims.ball(pin[0] + np.array([-0.003, 0.001, 0]), 0.0085, 9, 6),
            head,
        )
    )
    for i, (side, lift) in enumerate(((-1, 0.0), (1, 0.006), (1, -0.010))):
        base = middle + np.array([side * 0.066, 0.030 + lift, 0.066])
        tip = [
            base,
            base + np.array([side * 0.018, -0.020, 0.006]),
            base + np.array([side * 0.018, -0.060, -0.004]),
            base + np.array([side * 0.010, -0.085, 0.002]),
        ]
        parts.append(
            hair.lock(f"wisp {i}", tip, [0.004, 0.005, 0.001], (side, 0.1, 0.5), head, rows=6)
        )
    return parts, [
        hair.finish((0.62, 0.62, 0.62), grey=0.5, roughness=0.5),
        Finish("metal", roughness=0.3, metallic=1.0),
        Finish("jade", base=(0.10, 0.42, 0.26), roughness=0.2),
    ]


def _combed(cap: Part, middle: np.ndarray) -> Part:
    """The hair with its strands running towards the bun instead of the crown."""
    p = cap.points - middle
    around = np.arctan2(p[:, 1] - 0.030, np.abs(p[:, 0]) + 0.004) * 3.0
    cap.uv = np.stack([around, 0.5 - 3.8 * p[:, 2]], 1)
    return cap


def legs() -> tuple[list[Part], list[Finish]]:
    """Wide padded trousers and black cotton shoes."""
    piece = Piece(0.50, 0.72, 520)
    piece.colour *= np.asarray((0.030, 0.030, 0.036))
    fold = piece.noise(21, 0.06, (2.2, 0.7))
    low = smooth(piece.y, 0.45, 0.70)
    piece.relief += (0.003 + 0.004 * low) * fold
    piece.tint(1 + 0.15 * piece.noise(22, 0.03) + 0.12 * np.clip(fold, -1, 1))
    piece.fine += 0.0002 * np.sin((piece.x + piece.y) * 2 * np.pi / 0.004)
    atlas = Atlas(piece)
    tube = garments.leg(
        GRANDMOTHER,
        [
            (0.790, 0.090, 0.115, -0.010),
            (0.700, 0.090, 0.112, -0.010),
            (0.560, 0.086, 0.100, -0.004),
            (0.410, 0.078, 0.086, 0.002),
            (0.270, 0.074, 0.080, -0.008),
            (0.160, 0.072, 0.078, -0.014),
            (0.105, 0.066, 0.072, -0.014),
        ],
        16,
        20,
    )
    tube, uv = atlas.dressed(tube, piece)
    tube, uv = hemmed(tube, uv, 0.008, 0.04)
    left = part("leftLeg", "cloth_trousers", tube, weights.leg(GRANDMOTHER), uv=uv)
    shoe = garments.shoe(GRANDMOTHER, wide=0.048, high=0.068, shaft=0.044, sole=0.018, toe=0.006)
    tone = np.ones((*shoe.shape[:2], 3)) * (0.022, 0.020, 0.024)
    tone[7:] = (0.62, 0.57, 0.47)
    shoes = part("leftShoe", "cloth_shoes", shoe, weights.leg(GRANDMOTHER), colours=tone)
    return [left, weights.mirrored(left), shoes, weights.mirrored(shoes)], [
        Finish(
            "cloth_trousers",
            roughness=0.92,
            colour=atlas.colour(320),
            normal=atlas.normal(320, {0: (19, 15)}),
        ),
        Finish("cloth_shoes", roughness=0.8),
    ]


def hands() -> tuple[list[Part], list[Finish]]:
    """Old hands: thin, with large joints."""
    made = left_hand(GRANDMOTHER, HandLook(thick=0.95, bony=1.0, tone=TONE, flush=1.1))
    return made + [weights.mirrored(p) for p in made], [Finish("skin_hands", roughness=0.6)]


def outfit() -> tuple[list[Part], list[Finish]]:
    """Everything but the head."""
    parts: list[Part] = []
    finishes: list[Finish] = []
    for made in (jacket(), apron(), sleeves(), neck(), legs(), hands(), bun()):
        parts += made[0]
        finishes += made[1]
    return parts, finishes
