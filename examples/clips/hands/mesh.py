"""Get the hand's mesh from an npm package, by name, version and checksum.

The mesh is the generic hand of `@webxr-input-profiles/assets` (MIT, (c) 2019 Amazon). It is never
put into the repository: only clips that were baked with it are.
"""

from __future__ import annotations

import hashlib
import json
import struct
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

PACKAGE = "@webxr-input-profiles/assets@1.0.20"
MEMBER = "package/dist/profiles/generic-hand/right.glb"
SHA256 = "291790c14f7f88a7f9bd35330c47392ed8e8d395ae6728f4bb7089f1bc1f2b96"

# File frame to ours: fingers -Y to up, palm -X to the viewer, thumb -Z to the viewer's right.
_TO_VIEWER = np.array([[0.0, 0.0, -1.0], [0.0, -1.0, 0.0], [-1.0, 0.0, 0.0]])

_TYPES = {5121: "<u1", 5123: "<u2", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}


class Mesh:
    """A skinned mesh in the viewer's frame: x right, y up, z to the viewer; metres, wrist at 0.

    `points` (n, 3), `joints` (n, 4) and `weights` (n, 4) belong together; `triangles` (m, 3);
    `rest` maps a joint's name to its 4x4 rest frame: -z along the bone, +y dorsal.
    """

    def __init__(self, glb: bytes) -> None:
        (length,) = struct.unpack_from("<I", glb, 12)
        self._document: dict[str, Any] = json.loads(glb[20 : 20 + length])
        self._binary = glb[28 + length :]
        part = self._document["meshes"][0]["primitives"][0]
        columns, skin = part["attributes"], self._document["skins"][0]
        frames = np.linalg.inv(
            self._column(skin["inverseBindMatrices"]).reshape(-1, 4, 4).transpose(0, 2, 1)
        )
        frames[:, :3, :] = _TO_VIEWER @ frames[:, :3, :]
        frames[:, :3, :3] /= np.linalg.norm(frames[:, :3, :3], axis=1, keepdims=True)
        # The two files of the package order their joints differently, so the name counts.
        self.names = [str(self._document["nodes"][node]["name"]) for node in skin["joints"]]
        wrist = frames[self.names.index("wrist"), :3, 3].copy()
        frames[:, :3, 3] -= wrist
        self.rest: dict[str, Array] = dict(zip(self.names, frames, strict=True))
        self.points: Array = self._column(columns["POSITION"]) @ _TO_VIEWER.T - wrist
        self.joints = self._column(columns["JOINTS_0"]).astype(np.int64)
        weights = self._column(columns["WEIGHTS_0"])
        self.weights: Array = weights / weights.sum(axis=1, keepdims=True)
        self.triangles = self._column(part["indices"]).astype(np.int64).reshape(-1, 3)

    def _column(self, index: int) -> Array:
        accessor = self._document["accessors"][index]
        view = self._document["bufferViews"][accessor["bufferView"]]
        width = _WIDTHS[accessor["type"]]
        values = np.frombuffer(
            self._binary,
            _TYPES[accessor["componentType"]],
            accessor["count"] * width,
            view.get("byteOffset", 0) + accessor.get("byteOffset", 0),
        )
        return values.reshape(-1, width).astype(float)


def load(source: Path | None, cache: Path) -> Mesh:
    """The right hand, from `source` (the .glb or the package's .tgz) or by `npm pack` into `cache`.

    SystemExit with one line when it cannot be had or is not the file that the clips were made of.
    """
    if source is None:
        source = next(iter(sorted(cache.glob("webxr-input-profiles-assets-*.tgz"))), None)
    if source is None:
        cache.mkdir(parents=True, exist_ok=True)
        print(f"npm pack {PACKAGE} (90 MB, once)")
        try:
            subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=cache, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise SystemExit(
                f"npm could not get {PACKAGE}: {error}; name a file by --mesh"
            ) from None
        source = next(cache.glob("webxr-input-profiles-assets-*.tgz"))
    glb = source.read_bytes() if source.suffix == ".glb" else _member(source)
    if hashlib.sha256(glb).hexdigest() != SHA256:
        raise SystemExit(f"{source} does not contain the right hand of {PACKAGE}")
    return Mesh(glb)


def _member(archive: Path) -> bytes:
    with tarfile.open(archive) as package:
        found = package.extractfile(MEMBER)
        if found is None:
            raise SystemExit(f"{archive} has no {MEMBER}")
        return found.read()
