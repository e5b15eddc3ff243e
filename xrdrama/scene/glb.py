"""How is a model read from GLB or glTF 2.0? Bytes in, arrays out; no I/O.

    model = read_glb(content, files)     # or RemoteProtocolError, and nothing else

Read: triangles, any node tree, interleaved and normalised accessors, materials, PNG and JPEG
images, buffers and images in `files` beside it. Refused by name: other primitive modes, sparse
accessors, skins, morph targets, animations, Draco and any other extension that a file requires.
"""

from __future__ import annotations

import struct
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from posixpath import normpath
from typing import Any, Final
from urllib.parse import unquote

import msgspec
import numpy as np
from numpy.typing import NDArray

from xrdrama.errors import RemoteProtocolError
from xrdrama.scene import gltf
from xrdrama.scene.meshes import (
    WIDTHS,
    Doubles,
    Floats,
    Image,
    Indices,
    Material,
    Model,
    Node,
    Primitive,
    face_normals,
)

MAX_BYTES = 128 * 1024 * 1024
MAX_VERTICES = 2_000_000
MAX_TRIANGLES = 2_000_000
MAX_NODES = 20_000
MAX_DEPTH = 64
MAX_PICTURE = 8192
FARTHEST = 1e5

_KNOWN_EXTENSIONS: Final = {
    "KHR_lights_punctual", "KHR_materials_emissive_strength", "KHR_mesh_quantization",
}  # fmt: skip
_MODES: Final = ("points", "lines", "a line loop", "a line strip", "triangles",
                 "a triangle strip", "a triangle fan")  # fmt: skip
_TYPES: Final[dict[int, np.dtype[Any]]] = {
    5120: np.dtype("<i1"), 5121: np.dtype("<u1"), 5122: np.dtype("<i2"),
    5123: np.dtype("<u2"), 5125: np.dtype("<u4"), 5126: np.dtype("<f4"),
}  # fmt: skip
_WIDTHS: Final = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}


def read_glb(content: bytes, files: Mapping[str, bytes] | None = None) -> Model:
    """The model in the bytes of a .glb or .gltf file, or RemoteProtocolError.

    `files` holds what the model may refer to, by path from the model's folder.
    """
    try:
        # Wild numbers may overflow on their way; what is not finite is refused afterwards.
        with np.errstate(all="ignore"):
            return _Reader(content, files or {}).model()
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RemoteProtocolError(f"this is no glTF 2.0: {error}") from None


def split_glb(content: bytes) -> tuple[bytes, bytes]:
    """The JSON and the binary part of a .glb; those of a .gltf are all and nothing."""
    if len(content) > MAX_BYTES:
        raise RemoteProtocolError(f"a model of {len(content):,} bytes; {MAX_BYTES:,} are allowed")
    if content[:4] != b"glTF":
        if content.lstrip()[:1] == b"{":
            return content, b""
        raise RemoteProtocolError("this is neither .glb nor .gltf: export it as glTF 2.0")
    if len(content) < 20:
        raise RemoteProtocolError("the GLB ends within its header")
    version, length = struct.unpack_from("<II", content, 4)
    if version != 2:
        raise RemoteProtocolError(f"GLB version {version}; version 2 is read: export it again")
    if length > len(content):
        raise RemoteProtocolError(f"the GLB says {length} bytes and has {len(content)}: cut short")
    parts: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= length:
        size, kind = struct.unpack_from("<I4s", content, at)
        if at + 8 + size > length:
            raise RemoteProtocolError("a chunk of the GLB is longer than the file")
        parts.setdefault(kind, content[at + 8 : at + 8 + size])
        at += 8 + size
    if b"JSON" not in parts:
        raise RemoteProtocolError("the GLB has no JSON chunk")
    return parts[b"JSON"], parts.get(b"BIN\0", b"")


class _Reader:
    def __init__(self, content: bytes, files: Mapping[str, bytes]) -> None:
        text, self.binary = split_glb(content)
        self.files = files
        self.file = msgspec.json.decode(text, type=gltf.File)
        self.buffers: dict[int, bytes] = {}
        self.vertices = self.triangle_count = 0

    def model(self) -> Model:
        file = self.file
        if str(file.asset.get("version", ""))[:2] != "2.":
            raise RemoteProtocolError(f"glTF {file.asset.get('version')!r}; 2.0 is read")
        for extension in file.extensionsRequired:
            if extension not in _KNOWN_EXTENSIONS:
                raise RemoteProtocolError(
                    f"the model requires {extension[:60]}, which is not read: export it without"
                )
        for what, found in (("skins", file.skins), ("animations", file.animations)):
            if found:
                raise RemoteProtocolError(f"the model has {what}: apply them and export it without")
        nodes = self.nodes()
        return Model(
            nodes,
            tuple(self.material(i, material) for i, material in enumerate(file.materials)),
            tuple(self.image(i, image) for i, image in enumerate(file.images)),
        )

    def pick(self, things: list[Any], index: int, what: str) -> Any:
        if index >= len(things):
            raise RemoteProtocolError(f"{what} {index} is named, but there are {len(things)}")
        return things[index]

    def nodes(self) -> tuple[Node, ...]:
        file = self.file
        if not file.scenes:
            raise RemoteProtocolError("the model has no scene: export it with its scene")
        roots = self.pick(file.scenes, file.scene, "scene").nodes
        found: list[Node] = []
        pending = [(index, np.eye(4), 0) for index in reversed(roots)]
        visited = 0
        while pending:
            index, above, depth = pending.pop()
            visited += 1
            if visited > MAX_NODES or depth > MAX_DEPTH:
                raise RemoteProtocolError("the tree of nodes is endless, too deep or too large")
            node = self.pick(file.nodes, index, "node")
            matrix = above @ _matrix(node)
            if not np.isfinite(matrix).all() or np.abs(matrix).max() > FARTHEST:
                raise RemoteProtocolError(f"node {index} stands nowhere: its matrix is not finite")
            if node.skin is not None:
                raise RemoteProtocolError(f"node {index} has a skin: apply it before the export")
            if node.mesh is not None:
                mesh = self.pick(file.meshes, node.mesh, "mesh")
                primitives = tuple(self.primitive(p, node.mesh) for p in mesh.primitives)
                found.append(Node(node.name[:64] or f"node {index}", matrix, primitives))
            pending.extend((child, matrix, depth + 1) for child in reversed(node.children))
        return tuple(found)

    def primitive(self, primitive: gltf.Primitive, mesh: int) -> Primitive:
        if "KHR_draco_mesh_compression" in primitive.extensions:
            raise RemoteProtocolError(f"mesh {mesh} is compressed with Draco: export it without")
        if primitive.mode != 4:
            mode = _MODES[primitive.mode] if primitive.mode < 7 else f"mode {primitive.mode}"
            raise RemoteProtocolError(f"mesh {mesh} is {mode}; only triangles are read: convert it")
        if primitive.targets:
            raise RemoteProtocolError(f"mesh {mesh} has morph targets: apply them, then export")
        if "POSITION" not in primitive.attributes:
            raise RemoteProtocolError(f"mesh {mesh} has no positions")
        attributes = {
            name: self.attribute(name, index, mesh)
            for name, index in primitive.attributes.items()
            if name in WIDTHS
        }
        count = len(attributes["POSITION"])
        for name, rows in attributes.items():
            if len(rows) != count:
                raise RemoteProtocolError(f"mesh {mesh}: {len(rows)} {name} for {count} positions")
        triangles = self.triangles(primitive, count, mesh)
        self.vertices += count
        self.triangle_count += len(triangles)
        if self.vertices > MAX_VERTICES or self.triangle_count > MAX_TRIANGLES:
            raise RemoteProtocolError(
                f"the model has over {MAX_VERTICES:,} vertices or {MAX_TRIANGLES:,} triangles: "
                "thin it out"
            )
        if "NORMAL" not in attributes:
            attributes["NORMAL"] = face_normals(attributes["POSITION"], triangles)
        if primitive.material is not None:
            self.pick(self.file.materials, primitive.material, "material")
        return Primitive(
            -1 if primitive.material is None else primitive.material, attributes, triangles
        )

    def triangles(self, primitive: gltf.Primitive, count: int, mesh: int) -> Indices:
        if primitive.indices is None:
            flat = np.arange(count, dtype=np.uint32)
        else:
            rows = self.rows(primitive.indices, mesh)
            if rows.shape[1] != 1 or rows.dtype.kind != "u":
                raise RemoteProtocolError(f"mesh {mesh}: its indices are not whole numbers")
            flat = rows[:, 0].astype(np.uint32)
        if len(flat) % 3:
            raise RemoteProtocolError(f"mesh {mesh}: {len(flat)} corners do not make triangles")
        if len(flat) and int(flat.max()) >= count:
            raise RemoteProtocolError(f"mesh {mesh}: a corner is beyond its {count} vertices")
        return flat.reshape(-1, 3)

    def attribute(self, name: str, index: int, mesh: int) -> Floats:
        rows = self.rows(index, mesh)
        accessor = self.file.accessors[index]
        values = rows.astype(np.float32)
        if accessor.normalized and rows.dtype.kind in "iu":
            values = np.maximum(values / np.float32(np.iinfo(rows.dtype).max), -1.0)
        width = WIDTHS[name]
        if name == "COLOR_0" and values.shape[1] == 3:
            values = np.concatenate([values, np.ones((len(values), 1), np.float32)], axis=1)
        if values.shape[1] != width:
            raise RemoteProtocolError(f"mesh {mesh}: {name} has {values.shape[1]} numbers a vertex")
        if not np.isfinite(values).all():
            raise RemoteProtocolError(f"mesh {mesh}: {name} holds numbers that are not finite")
        if name == "POSITION" and len(values) and float(np.abs(values).max()) > FARTHEST:
            raise RemoteProtocolError(f"mesh {mesh} reaches beyond {FARTHEST:g} m: check the units")
        return values

    def rows(self, index: int, mesh: int) -> NDArray[Any]:
        """The (count, width) rows of an accessor, in its own number type."""
        accessor: gltf.Accessor = self.pick(self.file.accessors, index, "accessor")
        dtype, width = _TYPES.get(accessor.componentType), _WIDTHS.get(accessor.type)
        if dtype is None or width is None:
            raise RemoteProtocolError(f"accessor {index} has an unknown type")
        if accessor.sparse is not None:
            raise RemoteProtocolError(f"accessor {index} is sparse: export it dense")
        if accessor.bufferView is None:
            raise RemoteProtocolError(f"accessor {index} has no buffer (mesh {mesh})")
        if accessor.count > MAX_VERTICES * 3:
            raise RemoteProtocolError(f"accessor {index} has {accessor.count:,} rows: too many")
        view, content = self.view(accessor.bufferView)
        row = dtype.itemsize * width
        stride = view.byteStride or row
        end = accessor.byteOffset + stride * (accessor.count - 1) + row
        if stride < row or (accessor.count and end > len(content)):
            raise RemoteProtocolError(f"accessor {index} reaches beyond its buffer")
        if accessor.count == 0:
            return np.zeros((0, width), dtype)
        flat = np.frombuffer(content, np.uint8)[accessor.byteOffset : end]
        if stride != row:
            flat = np.lib.stride_tricks.as_strided(flat, (accessor.count, row), (stride, 1))
        return np.ascontiguousarray(flat).view(dtype).reshape(accessor.count, width)

    def view(self, index: int) -> tuple[gltf.View, bytes]:
        view: gltf.View = self.pick(self.file.bufferViews, index, "buffer view")
        content = self.buffer(view.buffer)
        end = view.byteOffset + view.byteLength
        if end > len(content):
            raise RemoteProtocolError(f"buffer view {index} reaches beyond its buffer")
        return view, content[view.byteOffset : end]

    def buffer(self, index: int) -> bytes:
        if index not in self.buffers:
            buffer: gltf.Buffer = self.pick(self.file.buffers, index, "buffer")
            content = self.binary if buffer.uri is None else self.linked(buffer.uri)
            if len(content) < buffer.byteLength:
                raise RemoteProtocolError(
                    f"buffer {index} should have {buffer.byteLength} bytes and has {len(content)}"
                )
            self.buffers[index] = content
        return self.buffers[index]

    def linked(self, uri: str) -> bytes:
        if uri.startswith("data:"):
            try:
                return b64decode(uri.partition(",")[2], validate=True)
            except (Base64Error, ValueError):
                raise RemoteProtocolError("a data: address holds no base64") from None
        path = normpath(unquote(uri))
        if ":" in path or path.startswith(("/", "..", "\\")) or "\\" in path:
            raise RemoteProtocolError(f"{uri[:80]!r} leaves the scene's folder: embed or copy it")
        if path not in self.files:
            raise RemoteProtocolError(f"{uri[:80]!r} is missing beside the model")
        return self.files[path]

    def material(self, index: int, material: gltf.Material) -> Material:
        metal = material.pbrMetallicRoughness
        if material.alphaMode not in ("OPAQUE", "MASK", "BLEND"):
            raise RemoteProtocolError(f"material {index}: alpha mode {material.alphaMode[:20]!r}")
        strength = material.extensions.get("KHR_materials_emissive_strength", {})
        factor = strength.get("emissiveStrength", 1.0)
        if not isinstance(factor, (int, float)) or not 0.0 <= factor <= 1e6:
            raise RemoteProtocolError(f"material {index}: emissive strength {str(factor)[:20]!r}")
        red, green, blue = (value * factor for value in material.emissiveFactor)
        normal = material.normalTexture
        return Material(
            material.name[:64] or f"material {index}",
            metal.baseColorFactor,
            metal.metallicFactor,
            metal.roughnessFactor,
            (red, green, blue),
            self.texture(metal.baseColorTexture),
            self.texture(normal),
            self.texture(metal.metallicRoughnessTexture),
            self.texture(material.emissiveTexture),
            normal.scale if normal else 1.0,
            material.alphaMode,  # type: ignore[arg-type]  # checked above
            material.alphaCutoff,
            material.doubleSided,
        )

    def texture(self, use: gltf.Use | None) -> int:
        if use is None:
            return -1
        source = self.pick(self.file.textures, use.index, "texture").source
        if source is None:
            raise RemoteProtocolError(f"texture {use.index} has no image that is read: use PNG")
        self.pick(self.file.images, source, "image")
        return int(source)

    def image(self, index: int, image: gltf.Image) -> Image:
        if image.bufferView is not None:
            content = self.view(image.bufferView)[1]
        elif image.uri is not None:
            content = self.linked(image.uri)
        else:
            raise RemoteProtocolError(f"image {index} has no content")
        name = image.name[:64] or f"image {index}"
        if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) >= 33:
            width, height = struct.unpack_from(">II", content, 16)
            if not (1 <= width <= MAX_PICTURE and 1 <= height <= MAX_PICTURE):
                raise RemoteProtocolError(f"image {index} is {width} x {height}: make it smaller")
            return Image(name, "image/png", content)
        if content[:3] == b"\xff\xd8\xff":
            return Image(name, "image/jpeg", content)
        raise RemoteProtocolError(f"image {index} is neither PNG nor JPEG")


def _matrix(node: gltf.Node) -> Doubles:
    if node.matrix is not None:
        return np.array(node.matrix, np.float64).reshape(4, 4).T
    x, y, z, w = node.rotation
    turn = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
    matrix = np.eye(4)
    matrix[:3, :3] = turn * np.array(node.scale)
    matrix[:3, 3] = node.translation
    return matrix
