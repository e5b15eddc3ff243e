"""Animated glTF files for tests: a sign that swings, and a banner that two joints bend."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.gltf.gltf_files import GltfFile

HALF = np.sqrt(0.5)
TIMES = (0.0, 0.5, 2.0)
"""Key times of the sign, seconds."""
TURNS = np.array([[0, 0, np.sin(a), np.cos(a)] for a in np.radians([0, 45, -22.5])])


def sign(**channel: Any) -> GltfFile:
    """A card at the end of an arm of one metre, which a clip `swing` turns about z: 0, 90 and
    then -45 degrees. `channel` has the keys of the sampler that differ."""
    file = GltfFile()
    paint = file.material(pbr={"baseColorFactor": [0.9, 0.05, 0.05, 1.0]})
    card = file.card("card", paint, at=(1.0, 0.0, 0.0), half=0.3)
    arm = file.node("arm", translation=[0.0, 1.5, 0.0], children=[card])
    file.json["scenes"][0]["nodes"] = [arm]
    swing(file, "swing", arm, "rotation", TIMES, TURNS, **channel)
    return file


def swing(
    file: GltfFile, name: str, node: int, path: str, times: Any, values: Any, **sampler: Any
) -> None:
    """Add a clip with one channel."""
    file.add("animations", {
        "name": name,
        "channels": [{"sampler": 0, "target": {"node": node, "path": path}}],
        "samplers": [{"input": file.rows(times), "output": file.rows(values)} | sampler],
    })  # fmt: skip


def banner(*, weights: Any = None, joints: Any = None, binds: Any = None) -> GltfFile:
    """A strip of four rows from y 0 to 3 whose lower half follows `root` and upper half `tip`.

    A clip `bend` turns `tip` about z: 0 degrees at 0 s, 90 at 1 s. The joints are at x = 1 m.
    """
    file = GltfFile()
    paint = file.material(pbr={"baseColorFactor": [0.05, 0.9, 0.05, 1.0]}, doubleSided=True)
    rows = np.array([[x, y, 0.0] for y in range(4) for x in (-0.2, 0.2)])
    shares = weights if weights is not None else [[1, 0, 0, 0]] * 4 + [[0, 1, 0, 0]] * 4
    attributes = {
        "POSITION": file.rows(rows), "NORMAL": file.rows([[0, 0, 1]] * 8),
        "JOINTS_0": file.rows(joints if joints is not None else [[0, 1, 0, 0]] * 8, "<u1"),
        "WEIGHTS_0": file.rows(shares),
    }  # fmt: skip
    corners = np.array(
        [[2 * k, 2 * k + 1, 2 * k + 3, 2 * k, 2 * k + 3, 2 * k + 2] for k in range(3)]
    )
    mesh = file.mesh(attributes, indices=file.rows(corners.reshape(-1), "<u2"), material=paint)
    tip = file.node("tip", translation=[0.0, 1.5, 0.0])
    root = file.node("root", translation=[1.0, 0.0, 0.0], children=[tip])
    # The transform of a node with a skin has no effect (3.7.3.1).
    drawn = file.node("banner", mesh=mesh, skin=0, translation=[50.0, 0.0, 0.0])
    file.json["scenes"][0]["nodes"] = [root, drawn]
    found = binds if binds is not None else [shifted(0.0, 0.0), shifted(0.0, -1.5)]
    matrices = file.matrices(np.array(found))
    file.add("skins", {"joints": [root, tip], "inverseBindMatrices": matrices})
    turns = [[0, 0, 0, 1], [0, 0, HALF, HALF]]
    swing(file, "bend", tip, "rotation", (0.0, 1.0), turns)
    return file


def shifted(x: float, y: float) -> NDArray[np.float64]:
    """A matrix that moves by x and y."""
    found = np.eye(4)
    found[:2, 3] = x, y
    return found
