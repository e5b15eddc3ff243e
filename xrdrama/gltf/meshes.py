"""The content of a model: triangles with attributes, materials and images, as plain arrays.

Everything here is in glTF's frame: right-handed, Y up, a model's front along +Z, metres; texture
coordinates from the upper left. `to_gltf` and `from_gltf` lead from our axes (Z up) and back.
Attributes are float32 arrays of one row a vertex under their glTF names; ours beside glTF's are

    _BAKE    4  what each baked light brings here, as the square root of its share, 0 to 1
    _MOTION  4  the pivot about which the vertex sways (x, y, z) and its phase, 0 to 1
    _SIZE    2  half width and half height of the card that the vertex is a corner of, metres
    _SEED    4  numbers 0 to 1 that make a particle different from the others

JOINTS_0 (indices of a skin's joints) and WEIGHTS_0 are read only where a node has a skin.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from xrdrama.gltf.rig import Rig

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Indices = NDArray[np.uint32]

FARTHEST: Final = 1e5
"""Metres, and factors: most of any position or scale."""

# Rows of an attribute, by its glTF name.
WIDTHS = {
    "POSITION": 3,
    "NORMAL": 3,
    "TANGENT": 4,
    **{f"TEXCOORD_{i}": 2 for i in range(8)},
    "COLOR_0": 4,
    "JOINTS_0": 4,
    "WEIGHTS_0": 4,
    "_BAKE": 4,
    "_MOTION": 4,
    "_SIZE": 2,
    "_SEED": 4,
}


Wrap = Literal["repeat", "clamp", "mirror"]
Magnified = Literal["", "nearest"]
Minified = Literal["", "nearest", "linear", "nearest_mipmap_nearest", "linear_mipmap_nearest",
                   "nearest_mipmap_linear"]  # fmt: skip
SLOTS = ("base", "normal", "rough", "emissive", "occlusion")


class Image(msgspec.Struct, frozen=True):
    """A PNG or JPEG file."""

    name: str
    mime: Literal["image/png", "image/jpeg"]
    content: bytes


class TextureMap(msgspec.Struct, frozen=True):
    """The mapping of an image to a surface: its texture coordinates, wrapping and filters.

    The coordinates of set `texcoord` are scaled, turned by `rotation` (radians, from +u towards
    the picture's upper edge) and moved by `offset`, as in KHR_texture_transform. Filters are ""
    (linear, between mip maps too) or the format's words.
    """

    texcoord: int = 0
    offset: tuple[float, float] = (0.0, 0.0)
    rotation: float = 0.0
    scale: tuple[float, float] = (1.0, 1.0)
    wrap_s: Wrap = "repeat"
    wrap_t: Wrap = "repeat"
    magnified: Magnified = ""
    minified: Minified = ""

    @property
    def coordinates(self) -> tuple[int, tuple[float, float], float, tuple[float, float]]:
        """The coordinate set and its transform: equal for maps that can share coordinates."""
        return self.texcoord, self.offset, self.rotation, self.scale


class Material(msgspec.Struct, frozen=True):
    """A metallic-roughness material; images are indices into the model's, -1 for none.

    `rough_image` holds roughness in green and metalness in blue, `occlusion_image` ambient
    occlusion in red, as glTF has it.
    """

    name: str
    base: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    metallic: float = 0.0
    roughness: float = 0.8
    emissive: tuple[float, float, float] = (0.0, 0.0, 0.0)
    base_image: int = -1
    normal_image: int = -1
    rough_image: int = -1
    emissive_image: int = -1
    normal_scale: float = 1.0
    alpha: Literal["OPAQUE", "MASK", "BLEND"] = "OPAQUE"
    cutoff: float = 0.5
    double_sided: bool = False
    occlusion_image: int = -1
    occlusion_strength: float = 1.0
    unlit: bool = False
    base_map: TextureMap = TextureMap()
    normal_map: TextureMap = TextureMap()
    rough_map: TextureMap = TextureMap()
    emissive_map: TextureMap = TextureMap()
    occlusion_map: TextureMap = TextureMap()

    def pictures(self) -> dict[str, tuple[int, TextureMap]]:
        """The images that it has, with their maps, by slot (`base`, `normal` ...)."""
        slots = {slot: (getattr(self, f"{slot}_image"), getattr(self, f"{slot}_map"))
                 for slot in SLOTS}  # fmt: skip
        return {slot: found for slot, found in slots.items() if found[0] >= 0}


class Morphs(msgspec.Struct, frozen=True):
    """Morph targets by name: (targets, vertices, 3) offsets of positions and of normals."""

    names: tuple[str, ...]
    positions: Floats
    normals: Floats


class Primitive(msgspec.Struct, frozen=True):
    """Triangles of one material: attributes by name, and (n, 3) indices into their rows.

    `morphs` are read only for figures.
    """

    material: int
    attributes: dict[str, Floats]
    triangles: Indices
    morphs: Morphs | None = None


class Node(msgspec.Struct, frozen=True):
    """Primitives under one name; `matrix` (4, 4, column vectors) maps to the model's frame.

    With a `limb` of the model's rig (not -1), `matrix` maps to that limb's frame instead. With a
    `skin`, the joints of the skin place each vertex, and `matrix` is the identity.
    """

    name: str
    matrix: Doubles
    primitives: tuple[Primitive, ...]
    limb: int = -1
    skin: int = -1


class Punctual(msgspec.Struct, frozen=True):
    """A light of KHR_lights_punctual; `matrix` (4, 4) places it, shining along its -Z.

    `intensity` is in candela, for a directional light in lux. `reach` is in metres, 0 without
    limit; the cone of a spot light in radians from its axis.
    """

    name: str
    type: Literal["directional", "point", "spot"]
    colour: tuple[float, float, float]
    intensity: float
    matrix: Doubles
    reach: float = 0.0
    inner: float = 0.0
    outer: float = 0.7853981633974483


class Remark(msgspec.Struct, frozen=True, order=True):
    """Something that is not drawn as the file says; `pointer` is a JSON pointer into the file."""

    pointer: str
    message: str
    hint: str = ""


class Model(msgspec.Struct, frozen=True):
    """A set of nodes, all in the model's frame, with the materials, images and lights they use.

    An image that no material of a drawn piece uses may have no content.
    """

    nodes: tuple[Node, ...]
    materials: tuple[Material, ...]
    images: tuple[Image, ...]
    lights: tuple[Punctual, ...] = ()
    remarks: tuple[Remark, ...] = ()
    rig: Rig = Rig()
    animations: tuple[str, ...] = ()
    """The names of all animations of the file; those that play are in the rig."""
    unplayable: dict[str, Remark] = {}
    """The animations that cannot play, by name, each with the one of `remarks` that says why."""

    @property
    def triangle_count(self) -> int:
        """Triangles of all nodes."""
        return sum(len(p.triangles) for node in self.nodes for p in node.primitives)


def to_gltf(points: Floats) -> Floats:
    """Rows (x, y, z, ...) of our frame as (x, z, -y, ...) of glTF's."""
    turned = points.copy()
    turned[:, 1], turned[:, 2] = points[:, 2], -points[:, 1]
    return turned


def from_gltf(points: Floats) -> Floats:
    """Rows (x, y, z, ...) of glTF's frame as (x, -z, y, ...) of ours."""
    turned = points.copy()
    turned[:, 1], turned[:, 2] = -points[:, 2], points[:, 1]
    return turned


def unshared(attributes: dict[str, Floats], triangles: Indices) -> dict[str, Floats]:
    """The attributes with a separate row for each corner of each triangle."""
    return {name: rows[triangles.reshape(-1)] for name, rows in attributes.items()}


def face_normals(positions: Floats, triangles: Indices) -> Floats:
    """(n, 3) smooth normals, weighted by area, for vertices without normals."""
    a, b, c = (positions[triangles[:, i]].astype(np.float64) for i in range(3))
    across = np.cross(b - a, c - a)
    total = np.zeros((len(positions), 3))
    for i in range(3):
        np.add.at(total, triangles[:, i], across)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    up = np.array([[0.0, 1.0, 0.0]])
    return np.where(length > 1e-20, total / np.maximum(length, 1e-20), up).astype(np.float32)


def flat_normals(positions: Floats) -> Floats:
    """(3 n, 3) normals of n separate triangles, three rows each; as `face_normals` gives them."""
    corners = positions.reshape(-1, 3, 3).astype(np.float64)
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    length = np.linalg.norm(across, axis=1, keepdims=True)
    up = np.array([[0.0, 1.0, 0.0]])
    unit = np.where(length > 1e-20, across / np.maximum(length, 1e-20), up).astype(np.float32)
    return np.repeat(unit, 3, axis=0)


def tangents(
    attributes: dict[str, Floats], triangles: Indices, coordinates: str = "TEXCOORD_0"
) -> Floats:
    """(n, 4) tangents along the texture's u axis; w is the handedness, as glTF has it."""
    position = attributes["POSITION"].astype(np.float64)
    uv = attributes[coordinates].astype(np.float64)
    normal = attributes["NORMAL"].astype(np.float64)
    p0, p1, p2 = (position[triangles[:, i]] for i in range(3))
    t0, t1, t2 = (uv[triangles[:, i]] for i in range(3))
    e1, e2, d1, d2 = p1 - p0, p2 - p0, t1 - t0, t2 - t0
    area = d1[:, 0] * d2[:, 1] - d2[:, 0] * d1[:, 1]
    safe = np.where(np.abs(area) > 1e-20, area, 1.0)[:, None]
    along = (e1 * d2[:, 1:] - e2 * d1[:, 1:]) / safe
    across = (e2 * d1[:, :1] - e1 * d2[:, :1]) / safe
    tangent, bitangent = np.zeros_like(position), np.zeros_like(position)
    for i in range(3):
        np.add.at(tangent, triangles[:, i], along)
        np.add.at(bitangent, triangles[:, i], across)
    tangent -= normal * np.sum(normal * tangent, axis=1, keepdims=True)
    length = np.linalg.norm(tangent, axis=1, keepdims=True)
    fallback = np.cross(normal, np.where(np.abs(normal[:, :1]) < 0.9, [[1.0, 0, 0]], [[0, 1.0, 0]]))
    fallback /= np.maximum(np.linalg.norm(fallback, axis=1, keepdims=True), 1e-20)
    unit = np.where(length > 1e-12, tangent / np.maximum(length, 1e-12), fallback)
    handed = np.sum(np.cross(normal, unit) * bitangent, axis=1, keepdims=True)
    # `across` points along v, down the image; a normal map's green points up.
    return np.concatenate([unit, np.where(handed > 0.0, -1.0, 1.0)], axis=1).astype(np.float32)
