"""Write the rig of a model: limbs as nodes, skins and animations, as glTF has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xrdrama.gltf.meshes import Doubles
from xrdrama.gltf.rig import Clip, Limb, Rig

Store = Callable[..., int]
"""Adds an accessor with float rows and more keys; its index."""


class RigWriter:
    """Adds the limbs of a rig to a list of nodes; `roots` are those without a parent."""

    def __init__(self, rig: Rig, nodes: list[dict[str, Any]], store: Store) -> None:
        self.nodes, self.store = nodes, store
        self.roots: list[int] = []
        self.limbs: list[int] = []
        """The index of the node of each limb."""
        for limb in rig.limbs:
            self.limbs.append(self._limb(limb))
        self.skins = [
            {
                "joints": [self.limbs[joint] for joint in skin.joints],
                "inverseBindMatrices": store(
                    skin.binds.transpose(0, 2, 1).reshape(-1, 16).astype("<f4")
                ),
            }
            for skin in rig.skins
        ]
        self.animations = [self._animation(clip) for clip in rig.clips]

    def below(self, limb: int, index: int) -> None:
        """Put a node below a limb, or at the root for -1."""
        if limb < 0:
            self.roots.append(index)
        else:
            self.nodes[self.limbs[limb]].setdefault("children", []).append(index)

    def add(self, node: dict[str, Any], limb: int) -> int:
        """Add a node below a limb; its index."""
        self.nodes.append(node)
        self.below(limb, len(self.nodes) - 1)
        return len(self.nodes) - 1

    def _limb(self, limb: Limb) -> int:
        node: dict[str, Any] = {"name": limb.name}
        for key in ("translation", "rotation", "scale"):
            node[key] = list(getattr(limb, key))
        if np.array_equal(limb.above, np.eye(4)):
            return self.add(node, limb.parent)
        self.nodes.append(node)
        index = len(self.nodes) - 1
        self.add({"matrix": _flat(limb.above), "children": [index]}, limb.parent)
        return index

    def _animation(self, clip: Clip) -> dict[str, Any]:
        samplers, channels = [], []
        inputs: dict[bytes, int] = {}
        for channel in clip.channels:
            times = channel.times.astype("<f4").reshape(-1, 1)
            if times.tobytes() not in inputs:
                bounds = {"min": [float(times[0, 0])], "max": [float(times[-1, 0])]}
                inputs[times.tobytes()] = self.store(times, **bounds)
            values: NDArray[Any] = channel.values.reshape(-1, channel.values.shape[-1])
            samplers.append({
                "input": inputs[times.tobytes()], "output": self.store(values.astype("<f4")),
                "interpolation": channel.interpolation,
            })  # fmt: skip
            target = {"node": self.limbs[channel.limb], "path": channel.path}
            channels.append({"sampler": len(samplers) - 1, "target": target})
        return {"name": clip.name, "samplers": samplers, "channels": channels}


def _flat(matrix: Doubles) -> list[float]:
    return [float(value) for value in matrix.T.reshape(-1)]
