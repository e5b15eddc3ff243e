"""The shapes of a face: how far each moves its vertices, blended where that is faster.

A software driver draws a frame about twice as fast when the processor blends the active shapes
and uploads the vertices; a graphics card adds offsets from a texture in its vertex shader.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import numpy as np
from panda3d.core import (
    LVecBase4f,
    NodePath,
    PTA_LVecBase4f,
    SamplerState,
    Texture,
)

from xrdrama.adapters.panda.figure.pieces import Piece, packed
from xrdrama.gltf.meshes import Floats, from_gltf
from xrdrama.performer.shapes import SHAPES

Where = Literal["processor", "shader"]
MOST_ACTIVE: Final = len(SHAPES)
"""Most shapes of one piece that are blended at once: a live face moves all of ARKit's."""
_LEAST: Final = 1e-4
"""A weaker shape is not blended."""
_WIDE: Final = 1024
"""Texels in a row of a texture of offsets."""


class Morphing:
    """The shapes of one piece of a figure."""

    def __init__(self, piece: Piece, where: Where) -> None:
        morphs = piece.primitive.morphs
        assert morphs is not None
        self.where = where
        moved = np.any(morphs.positions != 0.0, axis=(0, 2))
        moved |= np.any(morphs.normals != 0.0, axis=(0, 2))
        # Shapes that move nothing of this piece need no blending: a mouth does not move lashes.
        moves = np.any(morphs.positions != 0.0, axis=(1, 2))
        moves |= np.any(morphs.normals != 0.0, axis=(1, 2))
        self._index = {name: i for i, name in enumerate(morphs.names) if moves[i]}
        self._moved = np.flatnonzero(moved)
        both = [_turned(each[:, moved]) for each in (morphs.positions, morphs.normals)]
        self._offsets = np.concatenate(both, axis=2)  # (targets, moved vertices, 6)
        self._piece = piece
        self._base = packed(piece.primitive)
        self._state: tuple[tuple[int, float], ...] | None = None
        self.active = PTA_LVecBase4f.empty_array(MOST_ACTIVE + 1)
        for row in range(MOST_ACTIVE + 1):
            self.active.set_element(row, LVecBase4f(0.0))

    def dress(self, path: NodePath) -> None:
        """Give a piece what its vertex shader needs."""
        if self.where == "shader":
            path.set_shader_inputs(morph_offsets=self._texture(), morph_active=self.active)

    def rows(self) -> Floats:
        """(n, 1) the place of each vertex among those that shapes move, -1 for others."""
        found = np.full((len(self._base), 1), -1.0, np.float32)
        found[self._moved, 0] = np.arange(len(self._moved))
        return found

    def show(self, shapes: Mapping[str, float]) -> None:
        """Blend the shapes; nothing is done while they are equal."""
        found = [
            (self._index[name], round(float(weight), 5))
            for name, weight in shapes.items()
            if name in self._index and weight > _LEAST
        ]
        state = tuple(sorted(found))
        if state == self._state:
            return
        self._state = state
        if self.where == "shader":
            self._activate(state)
        else:
            self._blend(state)

    def _activate(self, state: tuple[tuple[int, float], ...]) -> None:
        self.active.set_element(0, LVecBase4f(len(state), len(self._moved), 0.0, 0.0))
        for row, (target, weight) in enumerate(state, start=1):
            self.active.set_element(row, LVecBase4f(target, weight, 0.0, 0.0))

    def _blend(self, state: tuple[tuple[int, float], ...]) -> None:
        rows = self._base
        if state:
            targets, weights = zip(*state, strict=True)
            chosen = self._offsets[list(targets)]
            rows = rows.copy()
            rows[self._moved] += np.tensordot(np.array(weights, np.float32), chosen, axes=1)
        self._piece.move(rows)

    def _texture(self) -> Texture:
        """Two texels for each target and vertex: the offsets of its place and of its normal."""
        targets, count, _ = self._offsets.shape
        texels = np.zeros((targets * count * 2, 4), np.float32)
        texels[0::2, :3] = self._offsets[:, :, :3].reshape(-1, 3)
        texels[1::2, :3] = self._offsets[:, :, 3:].reshape(-1, 3)
        height = max(1, -(-len(texels) // _WIDE))
        stored = np.zeros((height * _WIDE, 4), np.float32)
        stored[: len(texels)] = texels[:, [2, 1, 0, 3]]  # Panda3D keeps B, G, R, A
        made = Texture("offsets")
        made.setup_2d_texture(_WIDE, height, Texture.T_float, Texture.F_rgba32)
        content: Any = stored.tobytes()
        made.set_ram_image(content)
        made.set_minfilter(SamplerState.FT_nearest)
        made.set_magfilter(SamplerState.FT_nearest)
        return made


def _turned(offsets: Floats) -> Floats:
    """Offsets (targets, n, 3) of glTF's frame in ours."""
    shape = offsets.shape
    return from_gltf(np.ascontiguousarray(offsets.reshape(-1, 3))).reshape(shape)
