"""The meshes of a glTF file as triangles."""

from __future__ import annotations

from typing import Final

import numpy as np

from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf import gltf
from xrdrama.gltf.influences import influences
from xrdrama.gltf.meshes import (
    FARTHEST,
    WIDTHS,
    Floats,
    Indices,
    Morphs,
    Primitive,
    flat_normals,
    unshared,
)
from xrdrama.gltf.morphs import MorphReader
from xrdrama.gltf.rows import MAX_VERTICES, Rows, pick

MAX_TRIANGLES = 2_000_000

_MODES: Final = ("points", "lines", "line loop", "line strip", "triangles", "triangle strip",
                 "triangle fan")  # fmt: skip
_LINES, _TRIANGLES, _STRIP, _FAN = 3, 4, 5, 6
OURS: Final = "xrdrama"
"""The name of our own writer in `asset.generator`."""


class Pieces:
    """Reads each mesh once; with `morphing`, also morph targets."""

    def __init__(self, source: Rows, *, morphing: bool = False) -> None:
        self.source, self.file = source, source.file
        self.morphs = MorphReader(source) if morphing else None
        self.meshes: dict[tuple[int, int], tuple[Primitive, ...]] = {}
        self.vertices = self.triangle_count = 0
        self.ours = self.file.asset.get("generator") == OURS

    def mesh(self, index: int, times: int = 1, joints: int = 0) -> tuple[Primitive, ...]:
        """The primitives of a mesh that can be drawn; `times` is how often the mesh is drawn, in
        a skin of `joints` joints or, with 0, in none."""
        if (index, joints) not in self.meshes:
            mesh = pick(self.file.meshes, index, "mesh")
            label = f"mesh {index}" + (f" ({mesh.name[:40]!r})" if mesh.name else "")
            pointer = f"/meshes/{index}"
            names = self.morphs.names(mesh, label, pointer) if self.morphs else ()
            if any(mesh.weights) or (mesh.weights and not self.morphs):
                self.source.remark(
                    f"{pointer}/weights", f"{label} has morph weights, which are not applied",
                    "apply the shape keys before the export",
                )  # fmt: skip
            read = (
                self.primitive(primitive, label, f"{pointer}/primitives/{i}", joints, names)
                for i, primitive in enumerate(mesh.primitives)
            )
            drawn = tuple(primitive for primitive in read if primitive is not None)
            self.meshes[index, joints] = drawn
        found = self.meshes[index, joints]
        self.vertices += times * sum(len(p.attributes["POSITION"]) for p in found)
        self.triangle_count += times * sum(len(p.triangles) for p in found)
        if self.vertices > MAX_VERTICES or self.triangle_count > MAX_TRIANGLES:
            raise RemoteProtocolError(
                f"the model has more than {MAX_VERTICES:,} vertices or {MAX_TRIANGLES:,} "
                "triangles: "
                "reduce it"
            )
        return found

    def primitive(
        self,
        primitive: gltf.Primitive,
        label: str,
        pointer: str,
        joints: int,
        names: tuple[str, ...] = (),
    ) -> Primitive | None:
        """A primitive as triangles, None for points and lines; `names` are of morph targets."""
        if not self.is_drawn(primitive, label, pointer):
            return None
        if "POSITION" not in primitive.attributes:
            raise RemoteProtocolError(f"{label} has no attribute POSITION: export it again")
        attributes = self.attributes(primitive, label, pointer, joints)
        count = len(attributes["POSITION"])
        triangles = self.triangles(primitive, count, label)
        morphs = None
        if self.morphs:
            morphs = self.morphs.read(primitive, names, count, label, pointer)
        if "NORMAL" not in attributes:
            # The format requires flat normals then, and to ignore tangents (3.7.2.1).
            attributes.pop("TANGENT", None)
            attributes = unshared(attributes, triangles)
            morphs = morphs and _unshared(morphs, triangles)
            triangles = np.arange(triangles.size, dtype=np.uint32).reshape(-1, 3)
            attributes["NORMAL"] = flat_normals(attributes["POSITION"])
        material, opaque = -1, True
        if primitive.material is not None:
            material = primitive.material
            opaque = pick(self.file.materials, material, "material").alphaMode == "OPAQUE"
        if opaque and "COLOR_0" in attributes and not (self.ours or "_BAKE" in attributes):
            # Alpha is not used there; in our own models it is ambient occlusion.
            attributes["COLOR_0"] = attributes["COLOR_0"] * (1, 1, 1, 0) + (0, 0, 0, 1)
            attributes["COLOR_0"] = attributes["COLOR_0"].astype(np.float32)
        return Primitive(material, attributes, triangles, morphs)

    def is_drawn(self, primitive: gltf.Primitive, label: str, pointer: str) -> bool:
        """True if it has triangles; adds a remark for each part that is not drawn."""
        if "KHR_draco_mesh_compression" in primitive.extensions:
            raise RemoteProtocolError(
                f"{label} is compressed with Draco: export it without compression"
            )
        if primitive.mode >= len(_MODES):
            raise RemoteProtocolError(
                f"{label} has the unknown primitive mode {primitive.mode}: export it again"
            )
        if primitive.mode <= _LINES:
            self.source.remark(
                pointer,
                f"{label} consists of {_MODES[primitive.mode]}, which are not drawn",
                "convert it to triangles",
            )
            return False
        if primitive.targets and not self.morphs:
            self.source.remark(
                f"{pointer}/targets",
                f"{label} has morph targets, which are not applied: it is drawn in its base shape",
                "apply the shape keys before the export",
            )
        return True

    def attributes(
        self, primitive: gltf.Primitive, label: str, pointer: str, joints: int
    ) -> dict[str, Floats]:
        """The attributes that are used, all with the same number of rows."""
        found = {
            name: self.attribute(name, index, label)
            for name, index in primitive.attributes.items()
            if name in WIDTHS and not name.startswith(("JOINTS", "WEIGHTS"))
        }
        if joints:
            found |= influences(self.source, primitive.attributes, joints, label, pointer)
        for name in primitive.attributes:
            if name.startswith(("COLOR_", "TEXCOORD_")) and name not in WIDTHS:
                self.source.remark(
                    f"{pointer}/attributes/{name}",
                    f"{label}: {name} is not used",
                    "remove it in the modelling program",
                )
        count = len(found["POSITION"])
        for name, rows in found.items():
            if len(rows) != count:
                raise RemoteProtocolError(
                    f"{label}: {name} has {len(rows)} rows, POSITION has {count}: export it again"
                )
        return found

    def triangles(self, primitive: gltf.Primitive, count: int, label: str) -> Indices:
        """(n, 3) vertex indices of triangles, from a list, strip or fan."""
        if primitive.indices is None:
            flat = np.arange(count, dtype=np.uint32)
        else:
            rows = self.source.rows(primitive.indices, f"the indices of {label}")
            if rows.shape[1] != 1 or rows.dtype.kind != "u":
                raise RemoteProtocolError(
                    f"{label}: the indices are not unsigned integers: export it again"
                )
            flat = rows[:, 0].astype(np.uint32)
        if len(flat) and int(flat.max()) >= count:
            raise RemoteProtocolError(
                f"{label}: index {int(flat.max())} is out of range, since there are {count} "
                "vertices: export it again"
            )
        if primitive.mode == _TRIANGLES:
            if len(flat) % 3:
                raise RemoteProtocolError(
                    f"{label}: {len(flat)} indices is not a multiple of 3: export it again"
                )
            return flat.reshape(-1, 3)
        if len(flat) < 3:
            return np.zeros((0, 3), np.uint32)
        if primitive.mode == _STRIP:
            i = np.arange(len(flat) - 2)
            return np.stack([flat[i], flat[i + 1 + i % 2], flat[i + 2 - i % 2]], axis=1)
        first = np.full(len(flat) - 2, flat[0], np.uint32)
        return np.stack([flat[1:-1], flat[2:], first], axis=1)

    def attribute(self, name: str, index: int, label: str) -> Floats:
        """The rows of an attribute."""
        values = self.source.floats(index, f"{label}: {name}")
        width = WIDTHS[name]
        if name == "COLOR_0" and values.shape[1] == 3:
            values = np.concatenate([values, np.ones((len(values), 1), np.float32)], axis=1)
        if values.shape[1] != width:
            raise RemoteProtocolError(
                f"{label}: {name} has {values.shape[1]} numbers per vertex; expected {width}: "
                "export it again"
            )
        if name == "POSITION" and len(values) and float(np.abs(values).max()) > FARTHEST:
            raise RemoteProtocolError(f"{label} extends beyond {FARTHEST:g} m: check the units")
        return values


def _unshared(morphs: Morphs, triangles: Indices) -> Morphs:
    """The targets with a separate row for each corner; flat normals do not move with them."""
    moved = morphs.positions[:, triangles.reshape(-1)]
    return Morphs(morphs.names, moved, np.zeros_like(moved))
