"""Read a model from Wavefront OBJ and MTL: bytes in, a `Model` out, no I/O.

Statements are those of the specification of Alias/Wavefront's Advanced Visualizer, appendix B1;
materials those of its MTL format, with `Pr`, `Pm`, `Ke` and `norm` of the later PBR extension.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Final

import numpy as np

from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf.meshes import (
    FARTHEST,
    Floats,
    Image,
    Material,
    Model,
    Node,
    Primitive,
    Remark,
    flat_normals,
    unshared,
)
from xrdrama.gltf.pieces import MAX_TRIANGLES
from xrdrama.gltf.rows import MAX_VERTICES

MAX_BYTES: Final = 512 * 1024 * 1024
MOST_CORNERS: Final = 256
"""Most corners of a polygon."""
_QUIET: Final = frozenset({"s", "g", "o", "mg", "lod", "shadow_obj", "trace_obj", "bevel"})
_SHAPES: Final = {
    "l": "lines", "p": "points", "curv": "curves", "curv2": "curves", "surf": "free-form surfaces",
}  # fmt: skip
_EXPORT: Final = "export it again"

Linked = Callable[[str], bytes]
"""The bytes of a file that a model names; RemoteProtocolError with the reason if it is missing."""


class _Piece:
    """The triangles of one object with one material: corners are rows of (v, vt, vn), -1: none."""

    def __init__(self, name: str, material: str) -> None:
        self.name, self.material = name, material
        self.known: dict[tuple[int, int, int], int] = {}
        self.triangles: list[int] = []


def read_obj(content: bytes, linked: Linked, picture: Callable[[str, bytes], Image]) -> Model:
    """The model of an OBJ file, in glTF's frame as the file has it (Y up).

    `linked` gives its MTL files and pictures, `picture` makes a PNG or JPEG of a picture; what
    these cannot give is in the remarks. Polygons are divided from their first corner.
    RemoteProtocolError, with the line, for what is invalid.
    """
    if len(content) > MAX_BYTES:
        raise RemoteProtocolError(
            f"the file has {len(content):,} bytes; at most {MAX_BYTES:,} are read: export as .glb"
        )
    reader = _Reader()
    for number, raw in enumerate(content.replace(b"\\\r\n", b" ").replace(b"\\\n", b" ")
                                 .splitlines(), 1):  # fmt: skip
        words = raw.split()
        if words and words[0][:1] != b"#":
            try:
                reader.statement(words)
            except (ValueError, IndexError):
                shown = raw[:60].decode("utf-8", "replace").strip()
                raise RemoteProtocolError(
                    f"line {number}: {shown!r} is not valid OBJ: {_EXPORT}"
                ) from None
            except RemoteProtocolError as error:
                raise RemoteProtocolError(f"line {number}: {error}") from None
    return reader.model(linked, picture)


class _Reader:
    def __init__(self) -> None:
        self.v: list[tuple[float, float, float]] = []
        self.colours: dict[int, tuple[float, float, float]] = {}
        self.vt: list[tuple[float, float]] = []
        self.vn: list[tuple[float, float, float]] = []
        self.pieces: dict[tuple[str, str], _Piece] = {}
        self.name, self.material = "model", ""
        self.piece: _Piece | None = None
        self.libraries: list[str] = []
        self.remarks: dict[Remark, None] = {}
        self.count = 0

    def statement(self, words: list[bytes]) -> None:
        """Read one statement; ValueError or IndexError when it is invalid."""
        key = words[0]
        if key == b"v":
            x, y, z = float(words[1]), float(words[2]), float(words[3])
            if len(words) >= 7:
                self.colours[len(self.v)] = (float(words[4]), float(words[5]), float(words[6]))
            self.v.append((x, y, z))
        elif key == b"vt":
            self.vt.append((float(words[1]), float(words[2]) if len(words) > 2 else 0.0))
        elif key == b"vn":
            self.vn.append((float(words[1]), float(words[2]), float(words[3])))
        elif key == b"f":
            self.face(words[1:])
        else:
            rest = b" ".join(words[1:]).decode("utf-8", "replace")
            self.other(key.decode("ascii", "replace"), rest)

    def other(self, key: str, rest: str) -> None:
        if key == "usemtl":
            self.material, self.piece = rest[:64], None
        elif key in ("o", "g"):
            self.name, self.piece = rest[:64] or self.name, None
        elif key == "mtllib":
            self.libraries.append(rest)
        elif key in _SHAPES:
            text = f"the file has {_SHAPES[key]}, which are not drawn"
            self.remarks[Remark("", text, "convert them to polygons")] = None
        elif key not in _QUIET:
            text = f"the statement {key[:20]!r} has no effect"
            self.remarks[Remark("", text)] = None

    def face(self, corners: list[bytes]) -> None:
        if not 3 <= len(corners) <= MOST_CORNERS:
            raise RemoteProtocolError(
                f"a polygon has {len(corners)} corners; expected 3 to {MOST_CORNERS}: "
                "triangulate it when exporting"
            )
        if self.piece is None:
            key = (self.name, self.material)
            self.piece = self.pieces.setdefault(key, _Piece(*key))
        known = self.piece.known
        rows = [known.setdefault(self.corner(word), len(known)) for word in corners]
        for b, c in pairwise(rows[1:]):
            self.piece.triangles += (rows[0], b, c)
        self.count += len(rows) - 2
        if self.count > MAX_TRIANGLES or len(self.v) > MAX_VERTICES:
            raise RemoteProtocolError(
                f"there are more than {MAX_TRIANGLES:,} triangles or {MAX_VERTICES:,} vertices: "
                "reduce the model"
            )

    def corner(self, word: bytes) -> tuple[int, int, int]:
        found = [-1, -1, -1]
        rows = (self.v, self.vt, self.vn)
        for i, text in enumerate(word.split(b"/")):
            if text:
                index = int(text)
                at = index - 1 if index > 0 else len(rows[i]) + index
                if not 0 <= at < len(rows[i]) or index == 0:
                    raise RemoteProtocolError(
                        f"index {index} is out of range (count: {len(rows[i])}): {_EXPORT}"
                    )
                found[i] = at
        if found[0] < 0:
            raise ValueError
        return found[0], found[1], found[2]

    def model(self, linked: Linked, picture: Callable[[str, bytes], Image]) -> Model:
        """The model of all statements."""
        if not self.count:
            raise RemoteProtocolError("the file has no polygons: export the model with faces")
        paints = _Materials(linked, picture, self.remarks)
        for library in self.libraries:
            paints.library(library)
        v = np.array(self.v, np.float32)
        if not np.isfinite(v).all() or float(np.abs(v).max()) > FARTHEST:
            raise RemoteProtocolError(
                f"a position is NaN, infinite or beyond {FARTHEST:g}: check the units"
            )
        vt = np.array(self.vt or [(0.0, 0.0)], np.float32)
        vn = np.array(self.vn or [(0.0, 1.0, 0.0)], np.float32)
        nodes: dict[str, list[Primitive]] = {}
        for piece in self.pieces.values():
            primitive = self.primitive(piece, paints.index(piece.material), v, vt, vn)
            nodes.setdefault(piece.name, []).append(primitive)
        made = tuple(Node(name, np.eye(4), tuple(pieces)) for name, pieces in nodes.items())
        return Model(
            made, tuple(paints.materials.values()), tuple(paints.images), (), tuple(self.remarks)
        )

    def primitive(
        self, piece: _Piece, material: int, v: Floats, vt: Floats, vn: Floats
    ) -> Primitive:
        corners = np.array(list(piece.known), np.int64)
        triangles = np.array(piece.triangles, np.uint32).reshape(-1, 3)
        attributes = {"POSITION": v[corners[:, 0]]}
        if (corners[:, 1] >= 0).any():
            rows = vt[np.maximum(corners[:, 1], 0)]
            attributes["TEXCOORD_0"] = np.stack([rows[:, 0], 1.0 - rows[:, 1]], axis=1)
        if self.colours:
            white = (1.0, 1.0, 1.0)
            found = [self.colours.get(int(i), white) for i in corners[:, 0]]
            colours = np.clip(np.array(found, np.float32), 0.0, 1.0)
            attributes["COLOR_0"] = np.concatenate(
                [colours, np.ones((len(colours), 1), np.float32)], axis=1
            )
        if (corners[:, 2] >= 0).all():
            rows = vn[corners[:, 2]]
            length = np.linalg.norm(rows, axis=1, keepdims=True)
            attributes["NORMAL"] = (rows / np.maximum(length, 1e-12)).astype(np.float32)
        else:
            attributes = unshared(attributes, triangles)
            triangles = np.arange(triangles.size, dtype=np.uint32).reshape(-1, 3)
            attributes["NORMAL"] = flat_normals(attributes["POSITION"])
        return Primitive(material, attributes, triangles)


class _Materials:
    """The materials of MTL files."""

    def __init__(
        self,
        linked: Linked,
        picture: Callable[[str, bytes], Image],
        remarks: dict[Remark, None],
    ) -> None:
        self.linked, self.picture, self.remarks = linked, picture, remarks
        self.materials: dict[str, Material] = {}
        self.images: list[Image] = []
        self.image_at: dict[str, int] = {}

    def index(self, name: str) -> int:
        """The index of a material; a plain one if no file has it."""
        if name not in self.materials:
            if name:
                text = f"no .mtl file has the material {name!r}: it is drawn grey"
                self.remarks[Remark("", text, "export the .mtl file beside the .obj file")] = None
            self.materials[name] = Material(name or "plain")
        return list(self.materials).index(name)

    def library(self, name: str) -> None:
        try:
            content = self.linked(name)
        except RemoteProtocolError as error:
            self.remarks[Remark("", f"the materials are not carried over: {error}")] = None
            return
        current = ""
        values: dict[str, list[str]] = {}
        for line in content.decode("utf-8", "replace").splitlines():
            words = line.split()
            if not words or words[0].startswith("#"):
                continue
            if words[0] == "newmtl":
                self.add(current, values)
                current, values = " ".join(words[1:])[:64], {}
            else:
                values[words[0]] = words[1:]
        self.add(current, values)

    def add(self, name: str, values: dict[str, list[str]]) -> None:
        if not name:
            return
        colour = _numbers(values.get("Kd"), (0.8, 0.8, 0.8))
        glow = _numbers(values.get("Ke"), (0.0, 0.0, 0.0))
        opaque = _numbers(values.get("d"), (1.0,))[0]
        if "d" not in values and "Tr" in values:
            opaque = 1.0 - _numbers(values["Tr"], (0.0,))[0]
        shine = _numbers(values.get("Ns"), (10.0,))[0]
        rough = _numbers(values.get("Pr"), ((2.0 / (max(shine, 0.0) + 2.0)) ** 0.25,))[0]
        base = self.image(values.get("map_Kd"), name)
        if base >= 0:
            colour = (1.0, 1.0, 1.0)
        for key in values:
            if key.startswith("map_") and key not in ("map_Kd", "map_Ke", "map_Bump", "map_bump"):
                text = f"material {name!r}: {key[:20]} is not carried over"
                self.remarks[Remark("", text, "export the model as .glb")] = None
        self.materials[name] = Material(
            name,
            (*(_linear(c) for c in colour[:3]), min(max(opaque, 0.0), 1.0)),  # type: ignore[arg-type]
            min(max(_numbers(values.get("Pm"), (0.0,))[0], 0.0), 1.0),
            min(max(rough, 0.0), 1.0),
            (max(glow[0], 0.0), max(glow[1], 0.0), max(glow[2], 0.0)),
            base_image=base,
            normal_image=self.image(values.get("norm"), name),
            emissive_image=self.image(values.get("map_Ke"), name),
            alpha="BLEND" if opaque < 1.0 else "OPAQUE",
        )

    def image(self, words: list[str] | None, name: str) -> int:
        """The index of a picture, or -1; options before its name are not read."""
        if not words:
            return -1
        file = " ".join(words)
        if file.startswith("-"):
            file = words[-1]
            text = f"material {name!r}: the options of {file!r} are not carried over"
            self.remarks[Remark("", text)] = None
        if file not in self.image_at:
            self.image_at[file] = -1
            try:
                self.images.append(self.picture(file, self.linked(file)))
                self.image_at[file] = len(self.images) - 1
            except RemoteProtocolError as error:
                text = f"material {name!r}: the picture {file!r} is not carried over: {error}"
                self.remarks[Remark("", text)] = None
        return self.image_at[file]


def _numbers(words: list[str] | None, default: tuple[float, ...]) -> tuple[float, ...]:
    """The numbers of a statement, or the default when it is missing or invalid."""
    try:
        found = tuple(float(word) for word in (words or [])[: len(default)])
    except ValueError:
        return default
    valid = len(found) == len(default) and all(np.isfinite(found))
    return found if valid else default


def _linear(value: float) -> float:
    """A colour of MTL (sRGB in today's exporters) as linear light."""
    value = min(max(value, 0.0), 1.0)
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
