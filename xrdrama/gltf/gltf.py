"""The JSON of a glTF 2.0 file as the format declares it, bounded.

Names are those of the format. What is not named here has no effect on a picture, or
`unsupported` names it in a remark.
"""

# ruff: noqa: N815

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

Whole = Annotated[int, msgspec.Meta(ge=0, le=2**32)]
Real = Annotated[float, msgspec.Meta(ge=-1e9, le=1e9)]
Extensions = dict[str, Any]


class Buffer(msgspec.Struct):
    """A buffer: bytes in the GLB or at a URI."""

    byteLength: Whole
    uri: str | None = None


class View(msgspec.Struct):
    """A buffer view: part of a buffer."""

    buffer: Whole
    byteLength: Whole
    byteOffset: Whole = 0
    byteStride: Annotated[int, msgspec.Meta(ge=0, le=252)] | None = None


class SparseIndices(msgspec.Struct):
    """The indices of the rows that a sparse accessor replaces."""

    bufferView: Whole
    componentType: Whole
    byteOffset: Whole = 0


class SparseValues(msgspec.Struct):
    """The values of the replaced rows."""

    bufferView: Whole
    byteOffset: Whole = 0


class Sparse(msgspec.Struct):
    """The replaced rows of an accessor."""

    count: Whole
    indices: SparseIndices
    values: SparseValues


class Accessor(msgspec.Struct):
    """An accessor: rows of numbers in a buffer view."""

    componentType: Whole
    count: Whole
    type: str
    bufferView: Whole | None = None
    byteOffset: Whole = 0
    normalized: bool = False
    sparse: Sparse | None = None


class Primitive(msgspec.Struct):
    """A part of a mesh with one material."""

    attributes: dict[str, Whole]
    indices: Whole | None = None
    material: Whole | None = None
    mode: Whole = 4
    targets: list[Any] | None = None
    extensions: Extensions = {}


class Mesh(msgspec.Struct):
    """A mesh: a list of primitives."""

    primitives: list[Primitive]
    name: str = ""
    weights: list[Any] = []
    extras: Any = None


class Node(msgspec.Struct):
    """A node of the tree: a transform, and maybe a mesh."""

    name: str = ""
    mesh: Whole | None = None
    skin: Whole | None = None
    camera: Whole | None = None
    weights: list[Any] = []
    extensions: Extensions = {}
    children: list[Whole] = []
    matrix: Annotated[list[Real], msgspec.Meta(min_length=16, max_length=16)] | None = None
    translation: tuple[Real, Real, Real] = (0.0, 0.0, 0.0)
    rotation: tuple[Real, Real, Real, Real] = (0.0, 0.0, 0.0, 1.0)
    scale: tuple[Real, Real, Real] = (1.0, 1.0, 1.0)


class Scene(msgspec.Struct):
    """A scene: its root nodes."""

    nodes: list[Whole] = []
    name: str = ""


class Use(msgspec.Struct):
    """A texture as a material uses it."""

    index: Whole
    texCoord: Whole = 0
    scale: Real = 1.0
    strength: Real = 1.0
    extensions: Extensions = {}


class Transform(msgspec.Struct):
    """KHR_texture_transform: scale, then rotation (radians), then offset of the coordinates."""

    offset: tuple[Real, Real] = (0.0, 0.0)
    rotation: Real = 0.0
    scale: tuple[Real, Real] = (1.0, 1.0)
    texCoord: Whole | None = None


class Metal(msgspec.Struct):
    """The metallic-roughness part of a material."""

    baseColorFactor: tuple[Real, Real, Real, Real] = (1.0, 1.0, 1.0, 1.0)
    metallicFactor: Real = 1.0
    roughnessFactor: Real = 1.0
    baseColorTexture: Use | None = None
    metallicRoughnessTexture: Use | None = None


class Material(msgspec.Struct):
    """A material."""

    name: str = ""
    pbrMetallicRoughness: Metal = msgspec.field(default_factory=Metal)
    normalTexture: Use | None = None
    occlusionTexture: Use | None = None
    emissiveTexture: Use | None = None
    emissiveFactor: tuple[Real, Real, Real] = (0.0, 0.0, 0.0)
    alphaMode: str = "OPAQUE"
    alphaCutoff: Real = 0.5
    doubleSided: bool = False
    extensions: Extensions = {}


class Texture(msgspec.Struct):
    """An image with a sampler."""

    source: Whole | None = None
    sampler: Whole | None = None
    extensions: Extensions = {}


class Sampler(msgspec.Struct):
    """Filtering and wrapping of a texture, as OpenGL constants."""

    magFilter: Whole | None = None
    minFilter: Whole | None = None
    wrapS: Whole = 10497
    wrapT: Whole = 10497


class Spot(msgspec.Struct):
    """The cone of a spot light, radians from its axis."""

    innerConeAngle: Real = 0.0
    outerConeAngle: Real = 0.7853981633974483


class Light(msgspec.Struct):
    """KHR_lights_punctual: a light that shines along -Z of its node."""

    type: str
    name: str = ""
    color: tuple[Real, Real, Real] = (1.0, 1.0, 1.0)
    intensity: Real = 1.0
    range: Real | None = None
    spot: Spot = msgspec.field(default_factory=Spot)


class Lights(msgspec.Struct):
    """The lights of a file."""

    lights: list[Light] = []


class Instancing(msgspec.Struct):
    """EXT_mesh_gpu_instancing: accessors with a row for each instance."""

    attributes: dict[str, Whole] = {}


class Image(msgspec.Struct):
    """An image, in a buffer view or at a URI."""

    name: str = ""
    uri: str | None = None
    mimeType: str | None = None
    bufferView: Whole | None = None


class Skin(msgspec.Struct):
    """The joints of a skinned mesh, and the matrices of its bind pose."""

    joints: list[Whole]
    inverseBindMatrices: Whole | None = None


class AnimationTarget(msgspec.Struct):
    """The property of a node that a channel moves."""

    path: str
    node: Whole | None = None


class AnimationChannel(msgspec.Struct):
    """A sampler on a target."""

    sampler: Whole
    target: AnimationTarget


class AnimationSampler(msgspec.Struct):
    """Key times and values, and what is between them."""

    times: Whole = msgspec.field(name="input")
    values: Whole = msgspec.field(name="output")
    interpolation: Literal["STEP", "LINEAR", "CUBICSPLINE"] = "LINEAR"


class Animation(msgspec.Struct):
    """An animation."""

    channels: list[AnimationChannel] = []
    samplers: list[AnimationSampler] = []


class File(msgspec.Struct):
    """The whole of the JSON."""

    asset: dict[str, Any]
    scene: Whole | None = None
    scenes: list[Scene] = []
    nodes: list[Node] = []
    meshes: list[Mesh] = []
    accessors: list[Accessor] = []
    bufferViews: list[View] = []
    buffers: list[Buffer] = []
    materials: list[Material] = []
    textures: list[Texture] = []
    images: list[Image] = []
    samplers: list[Sampler] = []
    skins: list[Any] = []
    animations: list[Any] = []
    cameras: list[Any] = []
    extensions: Extensions = {}
    extensionsRequired: list[str] = []
    extensionsUsed: list[str] = []
