"""The morph targets of a primitive: how far each shape moves its vertices.

Only figures have them; sets are drawn in their base shape.
"""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np

from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf import gltf
from xrdrama.gltf.meshes import Floats, Morphs
from xrdrama.gltf.rows import EXPORT, Rows, pick

MOST_TARGETS: Final = 256
"""Most morph targets of a primitive."""
MOST_ROWS: Final = 8_000_000
"""Most vertices of all morph targets of a model together."""
FARTHEST: Final = 10.0
"""Metres: most that a target may move a vertex."""
_NAMED: Final = 64


class MorphReader:
    """Reads the morph targets of a file's meshes."""

    def __init__(self, source: Rows) -> None:
        self.source = source
        self.rows = 0

    def names(self, mesh: gltf.Mesh, label: str, pointer: str) -> tuple[str, ...]:
        """The names of a mesh's targets (`extras.targetNames`), a number for one without."""
        count = max((len(each.targets or ()) for each in mesh.primitives), default=0)
        stored = mesh.extras.get("targetNames") if isinstance(mesh.extras, dict) else None
        listed = stored if isinstance(stored, list) else []
        given = [each for each in listed if isinstance(each, str)]
        if count and len(given) != count:
            self.source.remark(
                f"{pointer}/extras/targetNames",
                f"{label} has {count} morph targets and {len(given)} names of targets",
                "export shape keys with their names (extras.targetNames)",
            )
        found: list[str] = []
        for index in range(count):
            name = given[index][:_NAMED] if index < len(given) else f"target {index}"
            if name in found:
                self.source.remark(
                    f"{pointer}/extras/targetNames/{index}",
                    f"{label} has two morph targets named {name!r}; only the first one moves",
                    "rename one of them",
                )
                name = f"target {index}"
            found.append(name)
        return tuple(found)

    def read(
        self, primitive: gltf.Primitive, names: tuple[str, ...], count: int, label: str, at: str
    ) -> Morphs | None:
        """The targets of a primitive of `count` vertices, None without any. RemoteProtocolError
        for wrong sizes and values that are NaN or too large; `at` is its JSON pointer."""
        targets = primitive.targets or []
        if not targets:
            return None
        self.rows += len(targets) * count
        if len(targets) > MOST_TARGETS or self.rows > MOST_ROWS:
            raise RemoteProtocolError(
                f"{label} has {len(targets)} morph targets of {count:,} vertices; at most "
                f"{MOST_TARGETS} and {MOST_ROWS:,} vertices in all are allowed: reduce them"
            )
        positions = np.zeros((len(targets), count, 3), np.float32)
        normals = np.zeros_like(positions)
        for index, stored in enumerate(targets):
            named = msgspec.convert(stored, dict[str, gltf.Whole])
            what = f"{label}: morph target {names[index]!r}"
            for name, accessor in named.items():
                if name == "POSITION":
                    positions[index] = self._offsets(accessor, count, f"{what}: POSITION")
                elif name == "NORMAL":
                    normals[index] = self._offsets(accessor, count, f"{what}: NORMAL")
                elif name != "TANGENT":
                    self.source.remark(
                        f"{at}/targets/{index}/{name}", f"{what}: {name[:40]} is not applied",
                        "remove it in the modelling program",
                    )  # fmt: skip
        return Morphs(names[: len(targets)], positions, normals)

    def _offsets(self, accessor: int, count: int, what: str) -> Floats:
        stored = pick(self.source.file.accessors, accessor, "accessor")
        rows = stored.count
        if rows == count and stored.bufferView is None and stored.sparse is None:
            return np.zeros((count, 3), np.float32)  # it moves nothing
        if rows != count:  # before anything is read
            raise RemoteProtocolError(
                f"{what} has {rows} rows; the primitive has {count} vertices: {EXPORT}"
            )
        offsets = self.source.floats(accessor, what)
        if offsets.shape[1] != 3:
            raise RemoteProtocolError(
                f"{what} has {offsets.shape[1]} numbers per vertex; expected 3: {EXPORT}"
            )
        if len(offsets) and float(np.abs(offsets).max()) > FARTHEST:
            raise RemoteProtocolError(f"{what} moves vertices by over {FARTHEST:g} m: {EXPORT}")
        return offsets
