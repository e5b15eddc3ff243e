"""The pictures of the set: paving, plaster, timber, tiles, lattices and the prints on the doors.

Colours are sRGB. Every picture tiles unless it is an atlas; all come from one seed.
"""

from __future__ import annotations

import numpy as np
from making.noise import Picture, blur, field, normals
from making.strokes import glyph
from PIL import Image, ImageDraw, ImageFilter


def paving(size: int = 512) -> dict[str, Picture]:
    """Blue-grey slabs in broken courses, worn round, wet in the hollows: base, normal, rough."""
    random = np.random.default_rng(11)
    y, x = np.mgrid[0:size, 0:size] / size
    courses = np.array([0.0, 0.13, 0.29, 0.42, 0.58, 0.72, 0.87])
    edge = np.full((size, size), 1.0)
    tone = np.zeros((size, size))
    lean = np.zeros((size, size))
    warp = field(size, 12, 1, 9, 1.2) * 0.004
    yy = (y + warp) % 1.0
    for i, top in enumerate(courses):
        bottom = courses[i + 1] if i + 1 < len(courses) else 1.0
        inside = (yy >= top) & (yy < bottom)
        cuts = (
            np.sort((np.arange(4) + random.uniform(-0.28, 0.28, 4)) / 4 + random.uniform(0, 0.25))
            % 1.0
        )
        cuts = np.sort(cuts)
        xx = (x + np.roll(warp, 77, 0)) % 1.0
        stone = np.searchsorted(cuts, xx) % len(cuts)
        shade = random.uniform(-1, 1, len(cuts))
        tilt = random.uniform(-1, 1, (len(cuts), 2))
        left = np.where(stone == 0, cuts[-1] - 1.0, cuts[stone - 1])
        right = np.where(stone == 0, np.where(xx < cuts[0], cuts[0], cuts[0] + 1.0), cuts[stone])
        left = np.where((stone == 0) & (xx >= cuts[-1]), cuts[-1], left)
        d = np.minimum.reduce([yy - top, bottom - yy, xx - left, right - xx])
        edge = np.where(inside, d, edge)
        tone = np.where(inside, shade[stone], tone)
        middle = (xx - (left + right) / 2) * tilt[stone, 0] + (yy - (top + bottom) / 2) * tilt[
            stone, 1
        ]
        lean = np.where(inside, middle, lean)
    joint = np.clip(edge / 0.011, 0, 1)
    joint = joint * joint * (3 - 2 * joint)
    wear = field(size, 13, 2, 12, 1.0)
    grain = field(size, 14, 20, 200, 0.6)
    height = joint * 1.0 + lean * 5.0 + 0.16 * wear * joint + 0.055 * grain
    hollow = blur(field(size, 15, 1, 7, 1.4), 3)
    puddle = 1 / (1 + np.exp(-(hollow * 1.1 - 0.35 + 0.8 * (1 - joint) - 0.25 * tone) * 2.6))
    rough = 0.62 - 0.46 * puddle + 0.05 * grain * (1 - puddle)
    smooth = height * (1 - 0.72 * puddle) + blur(height, 6) * 0.55 * puddle
    shade = 0.335 + 0.05 * tone + 0.028 * wear + 0.018 * grain
    shade = shade * (0.45 + 0.55 * joint) * (1 - 0.26 * puddle)
    hue = np.stack([shade * (0.97 + 0.03 * tone), shade * 1.0, shade * (1.08 - 0.03 * tone)], -1)
    return {
        "base": hue,
        "normal": normals(blur(smooth, 0.9), 1.5),
        "rough": np.clip(rough, 0.1, 0.9),
    }


def plaster(size: int = 256) -> Picture:
    """Old lime wash: large soft stains, a few flakes."""
    stain = field(size, 21, 1, 6, 1.3)
    streak = field(size, 22, 1, 40, 0.9, (1.0, 7.0))
    grain = field(size, 23, 20, 128, 0.4)
    flake = field(size, 24, 5, 24, 0.8)
    v = 0.80 + 0.055 * stain - 0.035 * np.maximum(streak, 0) + 0.012 * grain
    v = np.where(flake > 2.6, v * 0.8, v)
    warm = np.stack([v, v * (0.985 - 0.008 * stain), v * (0.95 - 0.016 * stain)], -1)
    return np.clip(warm, 0, 1)


def timber(size: int = 256) -> tuple[Picture, Picture]:
    """Upright boards, grey at the weathered grain: base and normal."""
    _, x = np.mgrid[0:size, 0:size] / size
    board = np.floor(x * 5)
    grain = field(size, 31, 2, 128, 0.7, (1.0, 14.0))
    cloud = field(size, 32, 1, 6, 1.2)
    d = np.abs(x * 5 - np.round(x * 5))
    gap = np.clip(d / 0.035, 0, 1)
    shade = 0.42 + 0.05 * ((board * 0.618) % 1 - 0.5) + 0.055 * grain + 0.04 * cloud
    shade = shade * (0.35 + 0.65 * gap)
    base = np.stack([shade * 1.10, shade * 0.95, shade * 0.82], -1)
    return np.clip(base, 0, 1), normals(gap * 0.9 + 0.12 * grain, 1.2)


def tiles(size: int = 256) -> tuple[Picture, Picture]:
    """Rows of curved tiles that run down the slope, four across, each a little different."""
    random = np.random.default_rng(41)
    y, x = np.mgrid[0:size, 0:size] / size
    row = np.floor(x * 4).astype(int)
    across = (x * 4) % 1.0
    shift = random.uniform(0, 1, 4)[row]
    down = (y * 5 + shift) % 1.0
    which = np.floor(y * 5 + shift).astype(int) % 5
    shade = random.uniform(-1, 1, (4, 5))[row, which]
    ridge = np.sqrt(np.clip(1 - ((across - 0.5) / 0.36) ** 2, 0, 1))
    height = ridge * 1.6 + 0.35 * (1 - down) * (ridge > 0) + 0.1 * field(size, 42, 8, 60, 0.8)
    v = 0.235 + 0.035 * shade + 0.02 * field(size, 43, 3, 60, 0.7)
    v *= 0.4 + 0.6 * np.clip(ridge * 2.2, 0, 1)
    v *= 1 - 0.35 * np.exp(-(((down - 0.02) / 0.06) ** 2))
    base = np.stack([v * 0.93, v * 0.98, v * 1.1], -1)
    return np.clip(base, 0, 1), normals(blur(height, 0.8), 2.2)


def stone(size: int = 256) -> tuple[Picture, Picture]:
    """Dressed grey stone, pitted and streaked: base and normal."""
    cloud, pit = field(size, 51, 1, 8, 1.1), field(size, 52, 12, 128, 0.5)
    streak = field(size, 53, 1, 40, 0.9, (1.0, 6.0))
    v = 0.50 + 0.05 * cloud + 0.03 * pit - 0.035 * np.maximum(streak, 0)
    base = np.stack([v, v * 0.99, v * 0.95], -1)
    return np.clip(base, 0, 1), normals(blur(0.5 * pit + 0.4 * cloud, 0.8), 0.9)


def lattice(size: int = 192) -> tuple[Picture, Picture]:
    """Two paper windows behind lattice, side by side: wood, and the light that comes through."""
    wood, light = Image.new("RGB", (size * 2, size)), Image.new("RGB", (size * 2, size))
    bar, paper_by_day = (Image.new("RGB", (size, size), c) for c in ((92, 60, 42), (148, 122, 90)))
    y, x = np.mgrid[0:size, 0:size] / size
    for i in range(2):
        warm = np.exp(-(((x - 0.45 - 0.12 * i) / 0.55) ** 2 + ((y - 0.62) / 0.6) ** 2))
        mottle = 1 + 0.06 * field(size, 60 + i, 2, 20, 1.0)
        glow = np.stack([warm * mottle, warm**1.35 * 0.66 * mottle, warm**2.0 * 0.30 * mottle], -1)
        paper = Image.fromarray(
            (np.clip(0.12 + glow * 0.88, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8)
        )
        if i:
            _shadow_play(paper)
        mask = _bars(size, i)
        light.paste(Image.composite(Image.new("RGB", (size, size)), paper, mask), (i * size, 0))
        wood.paste(Image.composite(bar, paper_by_day, mask), (i * size, 0))
    return np.asarray(wood) / 255.0, np.asarray(light) / 255.0


def _bars(size: int, kind: int) -> Image.Image:
    """The bars of a lattice: steps around a square, or broken ice."""
    mask = Image.new("L", (size * 2, size * 2), 0)
    draw = ImageDraw.Draw(mask)
    s, w = size * 2, round(size * 0.042)
    draw.rectangle((0, 0, s - 1, s - 1), outline=255, width=round(size * 0.11))
    if kind == 0:
        _steps(draw, s, w)
    else:
        _broken_ice(draw, s, w)
    return mask.resize((size, size), Image.Resampling.LANCZOS)


def _steps(draw: ImageDraw.ImageDraw, s: int, w: int) -> None:
    """Bars of width w that step around a square, in a picture of side s."""
    for i in range(1, 4):
        draw.line((s * i / 4, 0, s * i / 4, s), fill=255, width=w)
    for j in range(1, 6):
        for i in range(4):
            if (i + j) % 2:
                draw.line((s * i / 4, s * j / 6, s * (i + 1) / 4, s * j / 6), fill=255, width=w)
    draw.rectangle((s * 0.25, s / 3, s * 0.75, s * 2 / 3), outline=255, width=w)


def _broken_ice(draw: ImageDraw.ImageDraw, s: int, w: int) -> None:
    """Bars of width w that join neighbouring points and the frame, in a picture of side s."""
    random = np.random.default_rng(66)
    points = np.array([[(i + 0.5) / 4, (j + 0.5) / 5] for j in range(5) for i in range(4)])
    points += random.uniform(-0.075, 0.075, points.shape)
    for here in points:
        nearest = np.argsort(np.hypot(*(points - here).T))[1:4]
        for other in points[nearest]:
            draw.line((*(here * s), *(other * s)), fill=255, width=w)
    for x, y in points:
        for edge in ((0, y), (1, y), (x, 0), (x, 1)):
            if abs(edge[0] - x) + abs(edge[1] - y) < 0.17:
                draw.line((x * s, y * s, edge[0] * s, edge[1] * s), fill=255, width=w)


def _shadow_play(paper: Image.Image) -> None:
    """Somebody sits at a table behind the paper: a head, a shoulder, a teapot."""
    s = paper.width
    dark = Image.new("L", paper.size, 0)
    draw = ImageDraw.Draw(dark)
    draw.ellipse((s * 0.26, s * 0.40, s * 0.43, s * 0.60), fill=150)
    draw.polygon(
        [
            (s * 0.16, s),
            (s * 0.20, s * 0.68),
            (s * 0.34, s * 0.585),
            (s * 0.50, s * 0.70),
            (s * 0.53, s),
        ],
        fill=150,
    )
    draw.rectangle((s * 0.55, s * 0.86, s, s), fill=120)
    draw.ellipse((s * 0.64, s * 0.74, s * 0.78, s * 0.87), fill=140)
    draw.line((s * 0.77, s * 0.80, s * 0.83, s * 0.745), fill=140, width=max(2, s // 60))
    dark = dark.filter(ImageFilter.GaussianBlur(s * 0.012))
    paper.paste(Image.new("RGB", paper.size, (70, 28, 10)), (0, 0), dark)


# The position of each print in the atlas: left, top, right, bottom, in pixels of 512.
PRINTS = {
    "couplet_a": (0, 0, 72, 340), "couplet_b": (76, 0, 148, 340), "couplet_c": (152, 0, 224, 340),
    "across": (0, 346, 224, 410), "fu": (0, 416, 92, 508), "god_left": (228, 0, 368, 200),
    "god_right": (372, 0, 512, 200), "marker": (228, 204, 508, 484), "plaque": (96, 416, 222, 508),
}  # fmt: skip

RED, GOLD, INK, BONE = (176, 30, 24), (222, 168, 70), (28, 18, 18), (236, 222, 190)


def prints(size: int = 512) -> Picture:
    """The atlas of couplets, door gods, the marker print and the plaque of the gate."""
    atlas = Image.new("RGB", (size, size), RED)
    for name, text in (
        ("couplet_a", "出入平安"),
        ("couplet_b", "天下太平"),
        ("couplet_c", "大吉大利"),
    ):
        _write(atlas, PRINTS[name], text, down=True, ink=INK)
    _write(atlas, PRINTS["across"], "迎春安", down=False, ink=INK)
    left, top, right, bottom = PRINTS["fu"]
    ImageDraw.Draw(atlas).rectangle((left, top, right - 1, bottom - 1), fill=(190, 34, 26))
    _stamp(atlas, (left + 12, top + 12), "福", right - left - 24, GOLD, 0.12)
    atlas.paste(_door_god(140, 200, 0), PRINTS["god_left"][:2])
    atlas.paste(_door_god(140, 200, 1), PRINTS["god_right"][:2])
    atlas.paste(_marker(280), PRINTS["marker"][:2])
    left, top, right, bottom = PRINTS["plaque"]
    ImageDraw.Draw(atlas).rectangle((left, top, right - 1, bottom - 1), fill=(34, 40, 52))
    for i, character in enumerate("里安平"):
        _stamp(atlas, (left + 4 + i * 40, top + 26), character, 40, GOLD, 0.13)
    worn = field(size, 71, 2, 40, 0.9)[..., None]
    fade = field(size, 72, 1, 5, 1.2)[..., None]
    return np.clip(np.asarray(atlas) / 255.0 * (1 + 0.035 * worn + 0.03 * fade), 0, 1)


def _write(
    atlas: Image.Image,
    box: tuple[int, int, int, int],
    text: str,
    *,
    down: bool,
    ink: tuple[int, int, int],
) -> None:
    left, top, right, bottom = box
    draw = ImageDraw.Draw(atlas)
    draw.rectangle((left, top, right - 1, bottom - 1), fill=RED, outline=(128, 18, 18), width=3)
    w, h = right - left, bottom - top
    size = min(w, h) - 10
    for i, character in enumerate(text):
        step = ((h if down else w) / len(text)) * (i + 0.5) - size / 2
        at = (left + 5, round(top + step)) if down else (round(right - step - size), top + 5)
        _stamp(atlas, at, character, size, ink, 0.115)


def _stamp(
    atlas: Image.Image,
    at: tuple[int, int],
    character: str,
    size: int,
    ink: tuple[int, int, int],
    weight: float,
) -> None:
    atlas.paste(Image.new("RGB", (size, size), ink), at, glyph(character, size, weight))


def _door_god(width: int, height: int, side: int) -> Image.Image:
    """A guardian in a woodcut of flat colours, turned to his brother on the other leaf."""
    k = 4
    art = Image.new("RGB", (100 * k, 143 * k), (196, 62, 34) if side else (186, 48, 34))
    d = ImageDraw.Draw(art)

    def poly(points: list[tuple[float, float]], fill: tuple[int, int, int]) -> None:
        d.polygon([(x * k, y * k) for x, y in points], fill=fill, outline=INK, width=k)

    def disc(x: float, y: float, rx: float, ry: float, fill: tuple[int, int, int]) -> None:
        d.ellipse(
            ((x - rx) * k, (y - ry) * k, (x + rx) * k, (y + ry) * k),
            fill=fill,
            outline=INK,
            width=k,
        )

    d.rectangle((2 * k, 2 * k, 98 * k - 1, 141 * k - 1), outline=GOLD, width=3 * k)
    blue, green = (36, 74, 104), (48, 98, 66)
    poly(
        [(18, 132), (30, 70), (70, 70), (84, 132), (66, 136), (50, 124), (34, 136)],
        blue if side else green,
    )
    poly([(36, 72), (64, 72), (60, 126), (50, 120), (42, 126)], GOLD)
    for y in range(78, 118, 9):
        d.line((40 * k, y * k, 61 * k, y * k), fill=INK, width=k)
    poly([(30, 72), (10, 96), (20, 104), (38, 86)], green if side else blue)
    poly([(70, 72), (90, 90), (82, 100), (62, 86)], green if side else blue)
    disc(50, 46, 17, 19, BONE)
    poly([(28, 36), (50, 12), (72, 36), (66, 40), (50, 32), (34, 40)], GOLD)
    disc(50, 16, 5, 5, RED)
    for x in (43, 57):
        disc(x, 46, 4, 3, (250, 246, 235))
        disc(x + (1 if side == 0 else -1), 46, 1.6, 2, INK)
    d.line((38 * k, 40 * k, 47 * k, 42 * k), fill=INK, width=2 * k)
    d.line((62 * k, 40 * k, 53 * k, 42 * k), fill=INK, width=2 * k)
    poly([(36, 54), (50, 58), (64, 54), (58, 78), (50, 86), (42, 78)], INK)
    d.line((46 * k, 56 * k, 54 * k, 56 * k), fill=(190, 60, 40), width=2 * k)
    pole = 13 if side == 0 else 87
    d.line((pole * k, 10 * k, pole * k, 134 * k), fill=INK, width=4 * k)
    poly([(pole - 7, 30), (pole, 6), (pole + 7, 30), (pole, 38)], (210, 206, 196))
    return art.resize((width, height), Image.Resampling.LANCZOS)


def _marker(size: int) -> Image.Image:
    """The one square print of the lane: a guardian's face, black on bone in a thick black frame.

    Broad flat shapes of two values, and no symmetry: a sash, a single open eye and a curl of smoke
    show which side is up and which is left, for people and for cameras.
    """
    k = 8
    art = Image.new("RGB", (100 * k, 100 * k), INK)
    d = ImageDraw.Draw(art)

    def shape(points: list[tuple[float, float]], fill: tuple[int, int, int]) -> None:
        d.polygon([(x * k, y * k) for x, y in points], fill=fill)

    def disc(x: float, y: float, rx: float, ry: float, fill: tuple[int, int, int]) -> None:
        d.ellipse(((x - rx) * k, (y - ry) * k, (x + rx) * k, (y + ry) * k), fill=fill)

    d.rectangle((9 * k, 9 * k, 91 * k, 91 * k), fill=BONE)
    disc(50, 52, 28, 31, INK)
    disc(50, 53, 23, 26, (236, 222, 190))
    shape([(16, 36), (30, 14), (50, 24), (70, 14), (84, 36), (66, 34), (50, 40), (34, 34)], INK)
    disc(50, 19, 7, 7, RED)
    shape([(26, 46), (48, 49), (46, 56), (30, 55)], INK)
    disc(39, 51, 4, 2.6, BONE)
    shape([(54, 51), (74, 47), (73, 51), (55, 54)], INK)
    shape([(47, 52), (53, 52), (57, 66), (43, 66)], (190, 44, 30))
    shape([(30, 68), (50, 71), (70, 68), (64, 84), (50, 90), (36, 84)], INK)
    shape([(40, 73), (60, 73), (57, 78), (43, 78)], BONE)
    shape([(10, 74), (30, 90), (10, 90)], INK)
    shape(
        [
            (76, 62),
            (90, 62),
            (90, 70),
            (82, 70),
            (82, 80),
            (90, 80),
            (90, 90),
            (72, 90),
            (72, 84),
            (76, 84),
        ],
        INK,
    )
    shape([(12, 12), (22, 12), (12, 28)], RED)
    return art.resize((size, size), Image.Resampling.LANCZOS)
