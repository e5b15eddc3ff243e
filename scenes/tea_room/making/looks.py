"""The materials of the set and their textures. Their behaviour is in scene.yaml."""

from __future__ import annotations

import numpy as np
from making.album import Album
from making.noise import Picture, blur, field, normals
from PIL import Image as Canvas
from PIL import ImageDraw, ImageFilter

from xrdrama.gltf.meshes import Image, Material

CARDS = {"halo_lamp", "halo_embers", "streak_lamp", "shaft", "shaft_evening"}
VEILS = {"steam", "mist", "shade"}
_BLACK = (0, 0, 0, 1)


def boards(size: int = 512) -> dict[str, Picture]:
    """Long polished boards along y, dark joints, worn paler where people walk."""
    random = np.random.default_rng(211)
    y, x = np.mgrid[0:size, 0:size] / size
    row = np.floor(x * 10).astype(int)
    shift = random.uniform(0, 1, 10)[row]
    end = np.abs(((y + shift) % 1.0) - 0.5)
    which = (np.floor(y + shift).astype(int) + row * 3) % 10
    shade = random.uniform(-1, 1, 10)[which]
    across = np.abs(x * 10 - np.round(x * 10))
    gap = np.clip(across / 0.03, 0, 1) * np.clip(end / 0.004, 0, 1)
    grain = field(size, 212, 2, 160, 0.7, (1.0, 18.0))
    cloud = field(size, 213, 1, 7, 1.2)
    v = 0.36 + 0.035 * shade + 0.04 * grain + 0.025 * cloud
    v *= 0.35 + 0.65 * gap
    base = np.stack([v * 1.18, v * 0.88, v * 0.66], -1)
    rough = 0.34 + 0.05 * grain + 0.07 * cloud + 0.25 * (1 - gap)
    return {
        "base": np.clip(base, 0, 1),
        "rough": np.clip(rough, 0.16, 0.9),
        "normal": normals(blur(gap * 0.7 + 0.05 * grain + 0.04 * shade, 0.8), 1.1),
    }


def plaster(size: int = 256) -> Picture:
    """Smooth clay plaster, large soft stains."""
    stain, grain = field(size, 221, 1, 5, 1.3), field(size, 222, 20, 128, 0.4)
    v = 0.80 + 0.03 * stain + 0.012 * grain
    return np.clip(
        np.stack([v, v * (0.972 - 0.006 * stain), v * (0.915 - 0.012 * stain)], -1), 0, 1
    )


def timber(size: int = 256) -> Picture:
    """Upright boards."""
    _, x = np.mgrid[0:size, 0:size] / size
    grain = field(size, 231, 2, 128, 0.7, (1.0, 14.0))
    gap = np.clip(np.abs(x * 6 - np.round(x * 6)) / 0.04, 0, 1)
    tone = ((np.floor(x * 6) * 0.618) % 1) - 0.5
    v = (0.40 + 0.05 * tone + 0.05 * grain) * (0.4 + 0.6 * gap)
    return np.clip(np.stack([v * 1.14, v * 0.92, v * 0.74], -1), 0, 1)


def scroll(w: int = 192, h: int = 384) -> Picture:
    """Ink hills in mist, a pine, a small boat, a seal."""
    y, x = np.mgrid[0:h, 0:w] / np.array([h, w])[:, None, None]
    paper = 0.80 + 0.02 * np.resize(field(256, 241, 2, 60, 0.9), (h, w))
    ink = np.zeros((h, w))
    random = np.random.default_rng(242)
    for level, dark in ((0.42, 0.28), (0.52, 0.42), (0.64, 0.62)):
        line = level + sum(
            random.uniform(0.02, 0.055) / k * np.sin(k * x * 7 + random.uniform(0, 6))
            for k in (1, 2, 4, 7)
        )
        under = np.clip((y - line) / 0.22, 0, 1)
        ink = np.where(y > line, np.maximum(ink * (0.6), dark * (1 - under) ** 1.5), ink)
    made = Canvas.fromarray((np.clip(ink, 0, 1) * 255).astype(np.uint8))
    draw = ImageDraw.Draw(made)
    for i in range(26):
        a = i / 26
        draw.line(
            (
                w * 0.78,
                h * (0.52 + 0.3 * a),
                w * (0.78 - 0.09 * np.sin(a * 9)),
                h * (0.5 + 0.3 * a),
            ),
            fill=210,
            width=2,
        )
    draw.line((w * 0.80, h * 0.9, w * 0.77, h * 0.5), fill=230, width=4)
    draw.arc((w * 0.2, h * 0.82, w * 0.42, h * 0.87), 0, 180, fill=220, width=3)
    soft = np.asarray(made.filter(ImageFilter.GaussianBlur(0.9))) / 255.0
    v = paper * (1 - 0.92 * soft)
    rgb = np.stack([v, v * 0.965, v * 0.89], -1)
    rgb[int(h * 0.1) : int(h * 0.15), int(w * 0.1) : int(w * 0.19)] = (0.62, 0.12, 0.09)
    edge = (x < 0.07) | (x > 0.93) | (y < 0.05) | (y > 0.95)
    rgb[edge] = (0.30, 0.33, 0.36)
    return rgb


def materials() -> tuple[list[Material], list[Image]]:
    """All materials and pictures."""
    album = Album()
    floor = boards()
    level = np.rint(floor["rough"] * 48) / 48
    rough = np.stack([np.zeros_like(level), level, np.zeros_like(level)], -1)
    looks = [
        Material(
            "boards",
            roughness=1.0,
            base_image=album.add("boards", floor["base"], 96),
            normal_image=album.add("boards bumps", floor["normal"], 0),
            rough_image=album.add("boards gloss", rough, 48),
        ),
        Material(
            "plaster",
            roughness=0.85,
            base_image=album.add("plaster", plaster(), 64),
            double_sided=True,
        ),
        Material("timber", roughness=0.6, base_image=album.add("timber", timber(), 64)),
        Material(
            "scroll", roughness=0.9, base_image=album.add("scroll", scroll(), 96), double_sided=True
        ),
        Material("painted", roughness=0.6, double_sided=True),
        Material("lacquer", roughness=0.32),
        Material("hanging", roughness=0.6, double_sided=True),
        Material("curtain", roughness=0.9, double_sided=True),
        Material("leaves", roughness=0.6, double_sided=True),
        Material(
            "lamp_paper",
            base=(0.75, 0.66, 0.5, 1),
            roughness=0.9,
            emissive=(3.4, 1.75, 0.66),
            double_sided=True,
        ),
        Material("embers", base=_BLACK, emissive=(5.0, 2.6, 1.0)),
        Material("water", roughness=0.08),
        Material("hills", roughness=1.0, double_sided=True),
        Material("town", roughness=0.9, double_sided=True),
        Material("pine", roughness=0.9, double_sided=True),
    ]
    looks += [
        Material(name, base=_BLACK, alpha="BLEND", double_sided=True)
        for name in sorted(CARDS | VEILS)
    ]
    return looks, album.images
