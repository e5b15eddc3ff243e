"""Texture coordinates for the renderers: one set for each distinct texture mapping.

glTF lets each picture of a material choose a set of coordinates and move, turn and scale it. The
compiler applies all that to the vertices, so a renderer only reads the set that a map names.
"""

from __future__ import annotations

from math import cos, sin

import msgspec
import numpy as np

from xrdrama.gltf.meshes import Floats, Material, TextureMap

Coordinates = tuple[int, tuple[float, float], float, tuple[float, float]]


def laid_plainly(material: Material) -> tuple[Material, tuple[Coordinates, ...]]:
    """The material with untransformed maps, and the sets of coordinates that they refer to.

    Pictures that are laid in the same way share a set.
    """
    pictures = material.pictures()
    sets = tuple(dict.fromkeys(laid.coordinates for _, laid in pictures.values()))
    maps = {}
    for slot, (_, laid) in pictures.items():
        maps[f"{slot}_map"] = TextureMap(
            sets.index(laid.coordinates),
            wrap_s=laid.wrap_s,
            wrap_t=laid.wrap_t,
            magnified=laid.magnified,
            minified=laid.minified,
        )
    return msgspec.structs.replace(material, **maps), sets


def coordinates_of(
    attributes: dict[str, Floats], sets: tuple[Coordinates, ...]
) -> tuple[dict[str, Floats], list[str]]:
    """The attributes with these sets as TEXCOORD_0, 1, ...; and the names of missing ones.

    A set that a primitive lacks is zeros.
    """
    kept = {name: rows for name, rows in attributes.items() if not name.startswith("TEXCOORD_")}
    count = len(attributes["POSITION"])
    missing = []
    for i, (texcoord, offset, rotation, scale) in enumerate(sets):
        name = f"TEXCOORD_{texcoord}"
        if name not in attributes:
            missing.append(name)
        uv = attributes.get(name, np.zeros((count, 2), np.float32)).astype(np.float64)
        uv = uv * scale
        c, s = cos(rotation), sin(rotation)
        # v points down the image, so this is a rotation to the left as seen by a viewer.
        u, v = uv[:, 0] * c + uv[:, 1] * s, uv[:, 1] * c - uv[:, 0] * s
        moved = np.stack([u + offset[0], v + offset[1]], axis=1)
        kept[f"TEXCOORD_{i}"] = moved.astype(np.float32)
    return kept, missing


def turns(coordinates: Coordinates) -> bool:
    """True if the tangents in the file do not fit these coordinates."""
    _, _, rotation, scale = coordinates
    return rotation != 0.0 or scale[0] < 0.0 or scale[1] < 0.0
