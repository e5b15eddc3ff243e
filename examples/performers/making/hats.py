"""The tiger hat of a child: a shell over the skull with ear flaps, ears and an embroidered face."""

from __future__ import annotations

import numpy as np
from making.cloth import Atlas, Piece, smooth
from making.part import Finish, Part
from making.skeleton import Proportions
from making.surface import hemmed, part
from making.trims import ball, oriented, roll, spread

OCHRE, NIGHT, CREAM, RED = (
    (0.70, 0.27, 0.03),
    (0.022, 0.016, 0.020),
    (0.80, 0.70, 0.52),
    (0.50, 0.03, 0.02),
)
TEAL = (0.02, 0.22, 0.20)


def tiger_hat(measures: Proportions) -> tuple[list[Part], list[Finish]]:
    """The parts of the hat on the head at rest."""
    columns, rows = 36, 15
    piece = Piece(0.66, 0.22, 1000)
    _felt(piece)
    _face(piece)
    atlas = Atlas(piece)
    shell = _shell(measures, columns, rows)
    grid, uv = atlas.dressed(shell, piece)
    grid, uv = hemmed(grid, uv, 0.007, 0.03)
    head = {"head": 1.0}
    made = [part("hat", "cloth_hat", grid, head, uv=uv)]
    edge = shell[-1, :-1] + np.array([0, 0.004, 0])
    trim = oriented(roll(edge, 0.010, 0.0095, sides=5))
    made.append(part("hat trim", "cloth_fleece", trim, head, uv=_along(trim, 30)))
    for side in (-1, 1):
        made += _ear(measures, side, head)
        low = shell[-1, round(columns * (0.5 + side * 0.235))]
        made.append(
            part(
                f"pompom {side}",
                "cloth_fleece",
                spread(
                    ball(low + np.array([side * 0.004, -0.022, 0]), 0.017, 10, 7),
                    0.0016,
                    3,
                ),
                head,
                colours=np.array((0.72, 0.05, 0.04)),
            )
        )
    picture = Finish(
        "cloth_hat",
        roughness=0.9,
        colour=atlas.colour(768),
        normal=atlas.normal(768, {0: (rows, columns + 1)}),
    )
    return made, [picture]


def _shell(m: Proportions, columns: int, rows: int) -> np.ndarray:
    """The grid from the crown to the edge: over the brow, down over the ears, low at the nape."""
    z0 = m.head_joint[2]
    middle = np.array([0, m.chin + 0.60 * m.head, z0 - 0.006])
    rx, ry, rz = (
        0.5 * m.head_width + 0.020,
        0.40 * m.head + 0.020,
        0.5 * m.head_depth + 0.014,
    )
    a = 2 * np.pi * np.arange(columns + 1) / columns
    front = np.round(-np.cos(a), 12)
    # The height of the edge round the head.
    edge = np.where(front > 0, 0.52 * ry - 0.10 * ry * (1 - front), 0.0)
    flap = np.exp(-(((np.abs(a - np.pi) - 1.50) / 0.46) ** 2))
    back = np.exp(-(((np.abs(a - np.pi) - np.pi) / 1.15) ** 2))
    edge = edge * (1 - flap) * (1 - back) - 1.02 * ry * flap - 0.62 * ry * back * (1 - flap)
    t = np.linspace(0.012, 1, rows)[:, None]
    height = 1 - (1 - edge[None] / ry) * t**1.35
    height = np.where(height > 0.985, 1 - (1 - edge[None] / ry) * t**1.35, height)
    width = np.sqrt(np.clip(1 - np.clip(height, 0, 1) ** 2.3, 1e-4, 1)) ** 0.92
    width = width * np.where(height < 0, 1 - 0.13 * np.clip(-height, 0, 1.1) ** 1.5, 1.0)
    point = 1.0 + 0.06 * np.clip(height, 0, 1) ** 6
    return middle + np.stack(
        [
            rx * width * np.round(np.sin(a), 12),
            ry * height * point + 0 * a,
            rz * width * front,
        ],
        -1,
    )


def _felt(piece: Piece) -> None:
    """Ochre felt of two tones, quilted in rays from the crown."""
    piece.colour *= np.asarray(OCHRE)
    piece.tint(1 + 0.06 * piece.noise(61, 0.02) + 0.05 * piece.noise(62, 0.003))
    piece.fine += 0.00035 * piece.noise(63, 0.003)
    lane = piece.wide / 12
    off = (piece.x / lane - np.floor(piece.x / lane) - 0.5) * lane
    away = np.abs(np.abs(off) - lane / 2)
    piece.relief += 0.0030 * (1 - np.exp(-((away / 0.009) ** 2)))
    piece.stitches(piece.y, away, length=0.007)
    piece.tint(0.80 + 0.20 * (1 - np.exp(-((away / 0.005) ** 2))))


def _face(piece: Piece) -> None:
    """Stripes, eyes, brows and the sign of a king, as appliqué with stitched edges."""
    x, y = piece.middle, piece.y
    # Stripes at the sides and the back, tapering.
    for k, (at, top, low) in enumerate(
        (
            (0.115, 0.03, 0.15),
            (0.155, 0.05, 0.13),
            (0.215, 0.03, 0.15),
            (0.255, 0.05, 0.14),
            (0.295, 0.03, 0.15),
        )
    ):
        share = np.clip((y - top) / (low - top), 0, 1)
        half = 0.0095 * np.sqrt(np.clip(np.sin(np.pi * share), 0, 1))
        wave = at + 0.010 * np.sin(6 * share + k)
        _sewn(piece, half - np.abs(np.abs(x) - wave), NIGHT, (y > top) & (y < low))
    # The front of the hat is short: what is painted round is drawn tall.
    at = 0.137
    for side in (-1, 1):
        ex = x - side * 0.040
        r = np.hypot(ex, (y - at) * 0.70)
        _sewn(piece, 0.0255 - r, CREAM)
        _sewn(piece, 0.0185 - r, TEAL)
        _sewn(piece, 0.0115 - r, NIGHT)
        glint = 0.0042 - np.hypot(ex + 0.004, (y - at + 0.007) * 0.7)
        piece.paint(smooth(glint, -0.0006, 0.0006), (0.9, 0.88, 0.8))
        brow = 0.0062 - np.abs(np.hypot(ex, (y - at - 0.004) * 0.72) - 0.0330)
        _sewn(piece, brow, NIGHT, y < at - 0.012)
    # A red patch with the sign for a king on the brow.
    _sewn(piece, 0.027 - (np.abs(x) * 1.1 + np.abs(y - 0.075) * 0.62), RED)
    for dy, half in ((-0.018, 0.0105), (0.0, 0.009), (0.018, 0.0125)):
        bar = np.minimum(half - np.abs(x), 0.0032 - np.abs(y - 0.075 - dy))
        piece.paint(smooth(bar, -0.0005, 0.0005), CREAM)
    stem = np.minimum(0.0020 - np.abs(x), 0.018 - np.abs(y - 0.075))
    piece.paint(smooth(stem, -0.0005, 0.0005), CREAM)
    nose = 0.0150 - np.hypot(x, (y - 0.176) * 0.9)
    _sewn(piece, nose, RED)


def _sewn(
    piece: Piece,
    inside: np.ndarray,
    colour: tuple[float, float, float],
    where: np.ndarray | bool = True,
) -> None:
    """A patch of cloth where `inside` (metres from its edge) is above 0, raised and stitched."""
    mask = smooth(inside, -0.0006, 0.0006) * where
    grain = 1 + 0.10 * np.clip(piece.noise(64, 0.004), -2, 2)
    piece.paint(mask, np.asarray(colour) * grain[..., None])
    piece.fine += 0.0010 * smooth(inside, -0.0008, 0.0016) * where
    thread = np.exp(-(((inside - 0.0024) / 0.0009) ** 2)) * where
    beat = (np.sin((piece.x * 1.3 + piece.y) * 2 * np.pi / 0.0052) > -0.2) * thread
    piece.paint(0.55 * beat, np.asarray(colour) * 0.5 + np.array([0.25, 0.2, 0.12]))
    piece.fine += 0.0004 * beat


def _ear(m: Proportions, side: int, head: dict[str, float]) -> list[Part]:
    """A round ear that leans out, with a fleece lining in front."""
    at = np.array([side * 0.060, m.height + 0.014, m.head_joint[2] - 0.006])
    tilt = np.radians(-26 * side)
    c, s = np.cos(tilt), np.sin(tilt)
    made = []
    for name, material, radius, shift, colour in (
        ("ear", "cloth_hat_plain", (0.041, 0.043, 0.0145), (0, 0, 0), OCHRE),
        (
            "lining",
            "cloth_fleece",
            (0.027, 0.029, 0.008),
            (0, -0.002, 0.0095),
            (1.0, 0.92, 0.85),
        ),
    ):
        form = ball((0, 0, 0), radius, 12, 6)
        if name == "ear":
            # Hollow in front, like a cup.
            dent = np.clip(1 - np.hypot(form[..., 0], form[..., 1]) / 0.034, 0, 1)
            form[..., 2] -= 0.010 * dent * (form[..., 2] > 0)
        else:
            form[..., 2] -= 0.006
        form = form + np.asarray(shift)
        turned = np.stack(
            [
                form[..., 0] * c - form[..., 1] * s,
                form[..., 0] * s + form[..., 1] * c,
                form[..., 2],
            ],
            -1,
        )
        made.append(
            part(
                f"{name} {side}",
                material,
                turned + at,
                head,
                colours=np.asarray(colour),
            )
        )
    return made


def _along(points: np.ndarray, turns: float) -> np.ndarray:
    rows, columns = points.shape[:2]
    s, t = np.meshgrid(np.linspace(0, 1, columns), np.linspace(0, turns, rows))
    return np.stack([s, t], -1)
