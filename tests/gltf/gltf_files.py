"""glTF files for tests, written from scratch: what exporters write, right and wrong.

card = GltfFile()
card.card("pane", material={"alphaMode": "BLEND"}, at=(0, 1.5, 0))
content = card.glb()
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_KINDS = {"<f4": 5126, "<u1": 5121, "<u2": 5123, "<u4": 5125, "<i1": 5120, "<i2": 5122}
_SHAPES = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4"}
Extra = dict[str, Any]


class GltfFile:
    """A file that grows: every method returns the index of what it added."""

    def __init__(self) -> None:
        self.binary = bytearray()
        self.json: dict[str, Any] = {
            "asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": []}], "nodes": [],
            "meshes": [], "materials": [], "accessors": [], "bufferViews": [],
        }  # fmt: skip

    def add(self, kind: str, thing: Extra) -> int:
        """Append to a list of the file."""
        self.json.setdefault(kind, []).append(thing)
        return len(self.json[kind]) - 1

    def view(self, content: bytes, **more: Any) -> int:
        view = {"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(content)}
        self.binary += content + b"\0" * (-len(content) % 4)
        return self.add("bufferViews", view | more)

    def rows(self, rows: Any, kind: str = "<f4", **more: Any) -> int:
        """An accessor over rows of numbers."""
        array: NDArray[Any] = np.asarray(rows).astype(kind)
        array = array.reshape(len(array), -1)
        made = {"bufferView": self.view(array.tobytes()), "componentType": _KINDS[kind],
                "count": len(array), "type": _SHAPES[array.shape[1]]}  # fmt: skip
        return self.add("accessors", made | more)

    def matrices(self, matrices: NDArray[np.float64]) -> int:
        """An accessor over (n, 4, 4) matrices of column vectors."""
        stored = matrices.transpose(0, 2, 1).astype("<f4")
        made = {"bufferView": self.view(stored.tobytes()), "componentType": 5126,
                "count": len(stored), "type": "MAT4"}  # fmt: skip
        return self.add("accessors", made)

    def picture(self, content: bytes, sampler: Extra | None = None, **more: Any) -> int:
        """A texture of an image in the file."""
        image = self.add(
            "images", {"bufferView": self.view(content), "mimeType": "image/png"} | more
        )
        texture = {"source": image}
        if sampler is not None:
            texture["sampler"] = self.add("samplers", sampler)
        return self.add("textures", texture)

    def material(self, name: str = "paint", **more: Any) -> int:
        """A rough, non-metallic material; `pbr` and other keys replace its values."""
        pbr = {"metallicFactor": 0.0, "roughnessFactor": 1.0} | more.pop("pbr", {})
        return self.add("materials", {"name": name, "pbrMetallicRoughness": pbr} | more)

    def mesh(self, attributes: dict[str, int], **more: Any) -> int:
        return self.add("meshes", {"primitives": [{"attributes": attributes} | more]})

    def node(self, name: str, **more: Any) -> int:
        """A node at the root of the scene."""
        index = self.add("nodes", {"name": name} | more)
        self.json["scenes"][0]["nodes"].append(index)
        return index

    def card(
        self,
        name: str,
        material: int,
        *,
        at: Sequence[float] = (0.0, 1.5, 0.0),
        half: float = 0.5,
        repeat: float = 1.0,
        attributes: dict[str, int] | None = None,
        without: Sequence[str] = (),
        **more: Any,
    ) -> int:
        """A square that faces +Z, whose picture is upright and `repeat` times across."""
        corners = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], float) * half
        uv = np.array([[0, 1], [1, 1], [1, 0], [0, 0]], float) * repeat
        found = {
            "POSITION": self.rows(corners),
            "NORMAL": self.rows([[0, 0, 1]] * 4),
            "TEXCOORD_0": self.rows(uv),
        }
        found |= attributes or {}
        found = {key: index for key, index in found.items() if key not in without}
        indices = self.rows([0, 1, 2, 0, 2, 3], "<u2")
        mesh = self.mesh(found, indices=indices, material=material)
        return self.node(name, mesh=mesh, translation=list(at), **more)

    def text(self, **more: Any) -> bytes:
        """The JSON, as a .gltf file's."""
        buffers = [{"byteLength": len(self.binary)} | more] if self.binary else []
        written = {k: v for k, v in (self.json | {"buffers": buffers}).items() if v or v == 0}
        return json.dumps(written).encode()

    def glb(self) -> bytes:
        """The .glb file."""
        text = self.text()
        text += b" " * (-len(text) % 4)
        body = bytes(self.binary)
        parts = struct.pack("<I4s", len(text), b"JSON") + text
        parts += struct.pack("<I4s", len(body), b"BIN\0") + body
        return struct.pack("<4sII", b"glTF", 2, 12 + len(parts)) + parts


YARD = """\
xrdrama: 1
id: yard
title: A yard
doc: Where the test stands.
params:
  dial: {kind: real, least: 0, most: 1, default: 0, doc: A dial.}
lights:
  key: {kind: directional, doc: Key., toward: TOWARD, colour: "#ffffff", intensity: KEY, shadow: true}
environment:
  sky:
    before: {zenith: "SKY", middle: "SKY", horizon: "SKY", ground: "SKY", glow: "#000000"}
    after: {zenith: "SKY", middle: "SKY", horizon: "SKY", ground: "SKY", glow: "#000000"}
  fog: {density: 0.0, height: 4}
models:
  model: {file: FILE, doc: The model., at: [0, 3, 0]}
"""  # noqa: E501


def yard(
    file: str = "a.glb",
    *,
    sky: str = "#606060",
    key: float = 0.0,
    toward: str = "[0, 1, -0.2]",
    more: str = "",
) -> str:
    """The scene.yaml of a set with one model three metres before the stage's middle."""
    text = YARD.replace("FILE", file).replace("SKY", sky).replace("KEY", f"{key:g}")
    return text.replace("TOWARD", toward) + more
