"""Which parts of a glTF 2.0 file do we read? Its JSON as declared by the format, bounded.

Names are those of the format; what is not named here is ignored when a file is read.
"""

# ruff: noqa: N815

from __future__ import annotations

from typing import Annotated, Any

import msgspec

Whole = Annotated[int, msgspec.Meta(ge=0, le=2**32)]
Real = Annotated[float, msgspec.Meta(ge=-1e9, le=1e9)]
Extensions = dict[str, dict[str, Any]]


class Buffer(msgspec.Struct):
    """Bytes, in the GLB or by address."""

    byteLength: Whole
    uri: str | None = None


class View(msgspec.Struct):
    """A stretch of a buffer."""

    buffer: Whole
    byteLength: Whole
    byteOffset: Whole = 0
    byteStride: Annotated[int, msgspec.Meta(ge=1, le=252)] | None = None


class Accessor(msgspec.Struct):
    """Rows of numbers in a view."""

    componentType: Whole
    count: Whole
    type: str
    bufferView: Whole | None = None
    byteOffset: Whole = 0
    normalized: bool = False
    sparse: dict[str, Any] | None = None


class Primitive(msgspec.Struct):
    """A piece of a mesh in one material."""

    attributes: dict[str, Whole]
    indices: Whole | None = None
    material: Whole | None = None
    mode: Whole = 4
    targets: list[Any] | None = None
    extensions: Extensions = {}


class Mesh(msgspec.Struct):
    """Primitives that stand together."""

    primitives: list[Primitive]


class Node(msgspec.Struct):
    """A frame in the tree, which may hold a mesh."""

    name: str = ""
    mesh: Whole | None = None
    skin: Whole | None = None
    children: list[Whole] = []
    matrix: Annotated[list[Real], msgspec.Meta(min_length=16, max_length=16)] | None = None
    translation: tuple[Real, Real, Real] = (0.0, 0.0, 0.0)
    rotation: tuple[Real, Real, Real, Real] = (0.0, 0.0, 0.0, 1.0)
    scale: tuple[Real, Real, Real] = (1.0, 1.0, 1.0)


class Scene(msgspec.Struct):
    """The roots of the tree."""

    nodes: list[Whole] = []


class Use(msgspec.Struct):
    """A texture as a material uses it."""

    index: Whole
    scale: Real = 1.0


class Metal(msgspec.Struct):
    """The metallic-roughness part of a material."""

    baseColorFactor: tuple[Real, Real, Real, Real] = (1.0, 1.0, 1.0, 1.0)
    metallicFactor: Real = 1.0
    roughnessFactor: Real = 1.0
    baseColorTexture: Use | None = None
    metallicRoughnessTexture: Use | None = None


class Material(msgspec.Struct):
    """How a surface looks."""

    name: str = ""
    pbrMetallicRoughness: Metal = msgspec.field(default_factory=Metal)
    normalTexture: Use | None = None
    emissiveTexture: Use | None = None
    emissiveFactor: tuple[Real, Real, Real] = (0.0, 0.0, 0.0)
    alphaMode: str = "OPAQUE"
    alphaCutoff: Real = 0.5
    doubleSided: bool = False
    extensions: Extensions = {}


class Texture(msgspec.Struct):
    """An image with a sampler."""

    source: Whole | None = None


class Image(msgspec.Struct):
    """A picture, in a view or by address."""

    name: str = ""
    uri: str | None = None
    mimeType: str | None = None
    bufferView: Whole | None = None


class File(msgspec.Struct):
    """The whole of the JSON."""

    asset: dict[str, Any]
    scene: Whole = 0
    scenes: list[Scene] = []
    nodes: list[Node] = []
    meshes: list[Mesh] = []
    accessors: list[Accessor] = []
    bufferViews: list[View] = []
    buffers: list[Buffer] = []
    materials: list[Material] = []
    textures: list[Texture] = []
    images: list[Image] = []
    skins: list[Any] = []
    animations: list[Any] = []
    extensionsRequired: list[str] = []
