"""The materials of the set and their textures. Their behaviour is in scene.yaml."""

from __future__ import annotations

import numpy as np
from making import pictures
from making.album import Album

from xrdrama.gltf.meshes import Image, Material

CARDS = {"halo", "halo_taper", "streak", "streak_taper"}
_NO_COLOUR = (0, 0, 0, 1)


def materials() -> tuple[list[Material], list[Image]]:
    """All materials and pictures."""
    album = Album()
    built = {look.name: look for look in _built(album)}
    boards = built["timber"].base_image
    looks = [
        *built.values(),
        _lattice(album),
        Material("door_leaf", roughness=0.55, base_image=boards, double_sided=True),
        Material("inside", roughness=0.9, emissive=(1.15, 1.0, 0.85), double_sided=True),
        Material(
            "lantern_paper",
            base=(0.6, 0.05, 0.025, 1.0),
            roughness=0.7,
            emissive=(1.65, 0.16, 0.025),
        ),
        Material(
            "lantern_old",
            base=(0.75, 0.62, 0.40, 1.0),
            roughness=0.7,
            emissive=(5.4, 2.25, 0.60),
        ),
        Material("fittings", roughness=0.4, double_sided=True),
        Material("cloth", roughness=0.8, double_sided=True),
        Material("flame", base=_NO_COLOUR, emissive=(9.0, 4.6, 1.3)),
        Material("water", roughness=0.08),
        Material("far", roughness=0.9, double_sided=True),
        Material("far_window", base=_NO_COLOUR, emissive=(1.0, 0.85, 0.65), double_sided=True),
        Material("hills", roughness=1.0, double_sided=True),
        Material("mist", alpha="BLEND", double_sided=True),
    ]
    for name in sorted(CARDS):
        looks.append(Material(name, base=_NO_COLOUR, alpha="BLEND", double_sided=True))
    return looks, album.images


def _built(album: Album) -> list[Material]:
    """Stone, lime and wood."""
    paving = pictures.paving()
    level = np.rint(paving["rough"] * 48) / 48
    rough = np.stack([np.zeros_like(level), level, np.zeros_like(level)], -1)
    slabs = Material(
        "paving",
        roughness=1.0,
        base_image=album.add("paving", paving["base"], 96),
        normal_image=album.add("paving bumps", paving["normal"], 0),
        rough_image=album.add("paving wet", rough, 48),
    )
    plaster = Material(
        "plaster", roughness=0.86, base_image=album.add("plaster", pictures.plaster(), 64)
    )
    carved = []
    for name, (picture, bump), roughness, double_sided in (
        ("timber", pictures.timber(), 0.58, False),
        ("tiles", pictures.tiles(), 0.50, True),
        ("stone", pictures.stone(), 0.62, True),
    ):
        carved.append(
            Material(
                name,
                roughness=roughness,
                base_image=album.add(name, picture, 64),
                normal_image=album.add(f"{name} bumps", bump, 96),
                double_sided=double_sided,
            )
        )
    return [
        slabs,
        plaster,
        *carved,
        Material("painted", roughness=0.55, double_sided=True),
        Material(
            "prints",
            roughness=0.7,
            base_image=album.add("prints", pictures.prints(), 128),
            double_sided=True,
        ),
    ]


def _lattice(album: Album) -> Material:
    """Paper windows behind lattice."""
    wood, light = pictures.lattice()
    return Material(
        "lattice",
        roughness=0.6,
        base_image=album.add("lattice", wood, 32),
        emissive=(1.25, 1.12, 0.95),
        emissive_image=album.add("lattice light", light, 96),
    )
