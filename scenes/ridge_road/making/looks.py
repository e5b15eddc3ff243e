"""The materials of the set and their textures. Their behaviour is in scene.yaml."""

from __future__ import annotations

import numpy as np
from making.album import Album
from making.noise import Picture, blur, field, normals

from xrdrama.gltf.meshes import Image, Material

CARDS = {"halo_lamps", "halo_headlamps"}
VEILS = {"mist", "shade", "dim"}
_BLACK = (0, 0, 0, 1)


def asphalt(size: int = 512) -> dict[str, Picture]:
    """Both lanes, 7.2 m across, 12 m along: lines, wheel tracks, patches, cracks."""
    y, x = np.mgrid[0:size, 0:size] / size
    grain, cloud = field(size, 301, 30, 250, 0.3), field(size, 302, 1, 9, 1.2)
    streak = field(size, 303, 1, 60, 0.9, (1.0, 9.0))
    tracks = sum(np.exp(-(((x - at) / 0.035) ** 2)) for at in (0.13, 0.37, 0.63, 0.87))
    v = 0.335 + 0.035 * grain + 0.02 * cloud + 0.012 * streak - 0.035 * tracks
    crack = np.abs(field(size, 304, 2, 20, 1.1)) < 0.022
    v = np.where(crack, v * 0.72, v)
    patch = (np.abs(x - 0.68) < 0.11) & (np.abs(y - 0.35) < 0.12)
    v = np.where(patch, v * 0.83, v)
    rgb = np.stack([v * 1.02, v, v * 0.98], -1)
    worn = np.clip(0.86 - 0.10 * field(size, 305, 8, 120, 0.7), 0.35, 1.0)
    edge = (np.abs(x - 0.035) < 0.0085) | (np.abs(x - 0.965) < 0.0085)
    dash = (np.abs(x - 0.49) < 0.0085) & (((y * 2.0) % 1.0) < 0.5)
    for mask, hue in ((edge, (0.80, 0.79, 0.76)), (dash, (0.84, 0.66, 0.24))):
        soft = np.clip(blur(mask.astype(float), 0.7), 0, 1)[..., None] * worn[..., None]
        rgb = rgb * (1 - soft) + np.asarray(hue) * soft
    rough = 0.80 + 0.06 * grain - 0.10 * tracks - 0.05 * cloud
    return {
        "base": np.clip(rgb, 0, 1),
        "rough": np.clip(rough, 0.3, 0.95),
        "normal": normals(blur(grain, 0.8), 0.35),
    }


def materials() -> tuple[list[Material], list[Image]]:
    """All materials and pictures."""
    album = Album()
    road = asphalt()
    level = np.rint(road["rough"] * 32) / 32
    rough = np.stack([np.zeros_like(level), level, np.zeros_like(level)], -1)
    looks = [
        Material(
            "asphalt",
            roughness=1.0,
            base_image=album.add("asphalt", road["base"], 128),
            normal_image=album.add("asphalt grain", road["normal"], 64),
            rough_image=album.add("asphalt gloss", rough, 32),
        ),
        Material("ground", roughness=0.95, double_sided=True),
        Material("metal", roughness=0.42, double_sided=True),
        Material("painted", roughness=0.6, double_sided=True),
        Material(
            "reflector",
            base=(0.2, 0.2, 0.2, 1),
            roughness=0.4,
            emissive=(3.2, 2.9, 2.4),
            double_sided=True,
        ),
        Material("spruce", roughness=0.95, double_sided=True),
        Material("grass", roughness=0.95, double_sided=True),
        Material("concrete", roughness=0.85, double_sided=True),
        Material("lamps", base=_BLACK, emissive=(4.0, 3.0, 1.8)),
        Material("paint", roughness=0.25, double_sided=True),
        Material("headlamps", base=_BLACK, emissive=(8.0, 7.2, 6.0)),
        Material("ridges", roughness=1.0, double_sided=True),
    ]
    looks += [
        Material(name, base=_BLACK, alpha="BLEND", double_sided=True)
        for name in sorted(CARDS | VEILS)
    ]
    return looks, album.images
