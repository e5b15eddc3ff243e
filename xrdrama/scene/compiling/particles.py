"""Particles as quads with four seeds each; shaders compute their movement from the seeds."""

from __future__ import annotations

import numpy as np

from xrdrama.gltf.meshes import Node, Primitive, to_gltf
from xrdrama.scene.model import Particles

_CORNERS = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
_QUAD = np.array([[0, 1, 2], [0, 2, 3]], np.uint32)


def particle_node(particles: Particles, material: int, seed: int) -> Node:
    """A node `particles <id>` of `count` quads, each at the position in the box given by its
    seed."""
    random = np.random.default_rng(seed)
    seeds = np.repeat(random.random((particles.count, 4)), 4, axis=0).astype(np.float32)
    least, most = (np.array([v.x, v.y, v.z]) for v in (particles.least, particles.most))
    positions = (least + seeds[:, :3] * (most - least)).astype(np.float32)
    corners = np.arange(particles.count, dtype=np.uint32)[:, None, None] * 4
    attributes = {
        "POSITION": to_gltf(positions),
        "NORMAL": np.tile(np.array([[0, 1, 0]], np.float32), (len(seeds), 1)),
        "TEXCOORD_0": np.tile(_CORNERS, (particles.count, 1)),
        "_SEED": seeds,
    }
    primitive = Primitive(material, attributes, (corners + _QUAD).reshape(-1, 3))
    return Node(f"particles {particles.id}", np.eye(4), (primitive,))
