"""Make one plain GLB of a glTF 2.0 file: bytes in, bytes out, no I/O.

Buffers and pictures of other files are embedded; meshopt and Draco are decoded; pictures become
PNG or JPEG. What a reader then still cannot draw is in the remarks of `read_glb`.
"""

from __future__ import annotations

import struct
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import unquote_to_bytes

import msgspec
import numpy as np
from numpy.typing import NDArray

from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf import gltf
from xrdrama.gltf.glb import split_glb
from xrdrama.gltf.importing.meshopt import decode_view
from xrdrama.gltf.importing.obj import Linked
from xrdrama.gltf.meshes import Image, Remark

DRACO: Final = "KHR_draco_mesh_compression"
MESHOPT: Final = ("EXT_meshopt_compression", "KHR_meshopt_compression")
PICTURES: Final = {
    "KHR_texture_basisu": "KTX2", "EXT_texture_webp": "WebP", "EXT_texture_avif": "AVIF",
    "MSFT_texture_dds": "DDS",
}  # fmt: skip
"""Extensions with which a texture names a picture of another format."""
_SHAPES: Final = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4"}
_TYPES: Final = {"|i1": 5120, "|u1": 5121, "<i2": 5122, "<u2": 5123, "<u4": 5125, "<f4": 5126}
_SLOTS: Final = ("baseColorTexture", "metallicRoughnessTexture", "normalTexture",
                 "occlusionTexture", "emissiveTexture")  # fmt: skip

Unpacked = tuple[Mapping[int, NDArray[Any]], NDArray[np.uint32]]
Unpack = Callable[[bytes], Unpacked]
"""Attributes by their id, and (n, 3) triangles, of a Draco mesh; RemoteProtocolError if damaged."""
Picture = Callable[[str, bytes], Image]


class Plain(msgspec.Struct, frozen=True):
    """A plain GLB, what was decoded for it, and what is not in it."""

    glb: bytes
    decoded: tuple[str, ...]
    remarks: tuple[Remark, ...]


def plain_glb(content: bytes, linked: Linked, *, unpack: Unpack, picture: Picture) -> Plain:
    """The plain GLB of a .glb or .gltf file.

    A picture that is missing or cannot be decoded is removed, with a remark. RemoteProtocolError,
    with the reason, for geometry that cannot be read.
    """
    text, binary = split_glb(content)
    try:
        msgspec.json.decode(text, type=gltf.File)
        return _Embedding(msgspec.json.decode(text), binary, linked, unpack, picture).plain()
    except (
        msgspec.MsgspecError, UnicodeDecodeError, RecursionError, KeyError, IndexError, TypeError,
        AttributeError, ValueError,
    ) as error:  # fmt: skip
        raise RemoteProtocolError(f"this is not valid glTF 2.0: {error}: export it again") from None


class _Embedding:
    def __init__(
        self, document: Any, binary: bytes, linked: Linked, unpack: Unpack, picture: Picture
    ) -> None:
        self.document, self.binary, self.linked = document, binary, linked
        self.unpack, self.picture = unpack, picture
        self.sources: dict[int, bytes] = {}
        self.data = bytearray()
        self.views: list[dict[str, Any]] = []
        self.decoded: dict[str, None] = {}
        self.remarks: list[Remark] = []

    def plain(self) -> Plain:
        document = self.document
        read = [self.view(view) for view in document.get("bufferViews", [])]
        pictured = {image.get("bufferView") for image in document.get("images", [])}
        packed = set(self.draco_views())
        self.places = {}
        for i, (content, view) in enumerate(read):
            if i not in pictured and i not in packed:
                self.places[i] = self.add(content, view)
        self.read = [content for content, _ in read]
        self.pictures()
        self.meshes()
        for accessor in document.get("accessors", []):
            for part in (accessor, *accessor.get("sparse", {}).values()):
                if isinstance(part, dict):
                    self.moved(part)
        self.declare()
        return Plain(self.content(), tuple(self.decoded), tuple(dict.fromkeys(self.remarks)))

    def declare(self) -> None:
        """Write the new views, and the extensions that are still used."""
        document = self.document
        document["bufferViews"] = self.views
        document["buffers"] = [{"byteLength": len(self.data)}]
        gone = {DRACO, *MESHOPT, *PICTURES}
        for key in ("extensionsUsed", "extensionsRequired"):
            left = [name for name in document.get(key, []) if name not in gone]
            document.pop(key, None)
            if left:
                document[key] = left
        for key in ("bufferViews", "buffers"):
            if not self.views:
                document.pop(key)

    def content(self) -> bytes:
        text = msgspec.json.encode(self.document)
        text += b" " * (-len(text) % 4)
        parts = struct.pack("<I4s", len(text), b"JSON") + text
        if self.data:
            self.data += b"\0" * (-len(self.data) % 4)
            parts += struct.pack("<I4s", len(self.data), b"BIN\0") + self.data
        return struct.pack("<4sII", b"glTF", 2, 12 + len(parts)) + parts

    def buffer(self, index: int) -> bytes:
        if index not in self.sources:
            buffer = self.document["buffers"][index]
            uri = buffer.get("uri")
            self.sources[index] = self.binary if uri is None else self.linked_bytes(uri)
        return self.sources[index]

    def linked_bytes(self, uri: str) -> bytes:
        if uri[:5].lower() != "data:":
            return self.linked(uri)
        head, _, body = uri.partition(",")
        plain = unquote_to_bytes(body)
        try:
            return b64decode(plain) if head.endswith(";base64") else plain
        except (Base64Error, ValueError):
            raise RemoteProtocolError("a data: URI is not valid base64: export it again") from None

    def view(self, view: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
        """The bytes of a buffer view, and what else it says."""
        for name in MESHOPT:
            packed = view.get("extensions", {}).get(name)
            if packed is not None:
                self.decoded["meshopt"] = None
                content = decode_view(
                    self.part(packed), packed["count"], packed["byteStride"], packed["mode"],
                    packed.get("filter", "NONE"),
                )  # fmt: skip
                return content, view
        return self.part(view), view

    def part(self, view: dict[str, Any]) -> bytes:
        content, first = self.buffer(view["buffer"]), view.get("byteOffset", 0)
        part = content[first : first + view["byteLength"]]
        if len(part) != view["byteLength"]:
            raise RemoteProtocolError(
                "a buffer view extends beyond the end of its buffer: copy or export it again"
            )
        return part

    def add(self, content: bytes, view: Mapping[str, Any] | None = None) -> int:
        """Add bytes as a buffer view; its index."""
        kept = {k: v for k, v in (view or {}).items() if k in ("byteStride", "target", "name")}
        self.views.append(
            {"buffer": 0, "byteOffset": len(self.data), "byteLength": len(content), **kept}
        )
        self.data += content + b"\0" * (-len(content) % 4)
        return len(self.views) - 1

    def moved(self, thing: dict[str, Any]) -> None:
        """Let a reference to a buffer view follow it to its new place."""
        if "bufferView" in thing and not thing.pop("_new", False):
            thing["bufferView"] = self.places[thing["bufferView"]]

    def draco_views(self) -> list[int]:
        return [
            primitive["extensions"][DRACO]["bufferView"]
            for mesh in self.document.get("meshes", [])
            for primitive in mesh["primitives"]
            if DRACO in primitive.get("extensions", {})
        ]

    def meshes(self) -> None:
        """Decode the primitives that are compressed with Draco."""
        for i, mesh in enumerate(self.document.get("meshes", [])):
            for primitive in mesh["primitives"]:
                packed = primitive.get("extensions", {}).pop(DRACO, None)
                if packed is None:
                    continue
                self.decoded["Draco"] = None
                try:
                    attributes, triangles = self.unpack(self.read[packed["bufferView"]])
                except RemoteProtocolError as error:
                    raise RemoteProtocolError(f"mesh {i}: {error}") from None
                for name, number in packed["attributes"].items():
                    rows = attributes[number]
                    old = self.document["accessors"][primitive["attributes"][name]]
                    primitive["attributes"][name] = self.accessor(rows, old)
                flat = triangles.reshape(-1, 1).astype("<u4")
                primitive["indices"] = self.accessor(flat, {})
                primitive.pop("mode", None)

    def accessor(self, rows: NDArray[Any], old: Mapping[str, Any]) -> int:
        kept = {k: v for k, v in old.items() if k in ("normalized", "name", "min", "max")}
        kind = _TYPES[rows.dtype.newbyteorder("<").str]
        width = rows.shape[1] * rows.dtype.itemsize
        padded = np.zeros((len(rows), width + -width % 4), np.uint8)
        padded[:, :width] = np.ascontiguousarray(rows).view(np.uint8).reshape(len(rows), width)
        stride = {"byteStride": padded.shape[1]} if width % 4 else {}
        found = {
            **kept, "bufferView": self.add(padded.tobytes(), stride), "componentType": kind,
            "count": len(rows), "type": _SHAPES[rows.shape[1]], "_new": True,
        }  # fmt: skip
        self.document["accessors"].append(found)
        return len(self.document["accessors"]) - 1

    def pictures(self) -> None:
        """Embed every picture as PNG or JPEG; remove the textures of those that cannot be read."""
        for i, texture in enumerate(self.document.get("textures", [])):
            for name, kind in PICTURES.items():
                other = texture.get("extensions", {}).pop(name, None)
                if other is not None and "source" not in texture:
                    texture["source"] = other["source"]
                    self.decoded[kind] = None
            if "source" not in texture:
                self.lose(i, f"/textures/{i}", "it has no picture")
        for i, image in enumerate(self.document.get("images", [])):
            uri = image.pop("uri", None)
            name = image.get("name") or (uri if uri and uri[:5] != "data:" else f"image {i}")
            try:
                data = self.read[image["bufferView"]] if uri is None else self.linked_bytes(uri)
                made = self.picture(name, data)
            except RemoteProtocolError as error:
                for k, texture in enumerate(self.document.get("textures", [])):
                    if texture.get("source") == i:
                        self.lose(k, f"/images/{i}", f"the picture {name[:60]!r}: {error}")
                made = Image(name, "image/png", _EMPTY)
            image.pop("bufferView", None)
            image |= {"bufferView": self.add(made.content), "mimeType": made.mime}
            image["name"] = name[:64]

    def lose(self, texture: int, pointer: str, reason: str) -> None:
        """Remove a texture from all materials."""
        names = []
        for i, material in enumerate(self.document.get("materials", [])):
            for place in (material, material.get("pbrMetallicRoughness", {})):
                for slot in _SLOTS:
                    if slot in place and place[slot]["index"] == texture:
                        del place[slot]
                        names.append(str(material.get("name") or f"material {i}")[:64])
        if names:
            users = ", ".join(dict.fromkeys(names))
            hint = "put the picture in its place, or export the model with PNG or JPEG"
            self.remarks.append(Remark(pointer, f"{reason} (used by {users})", hint))


# A PNG of one black pixel, which stands at the place of a picture that no material uses any more.
_EMPTY: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)
