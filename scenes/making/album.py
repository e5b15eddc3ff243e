"""The pictures and materials of a model that a script makes."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec
import numpy as np
from making import noise

from xrdrama.gltf.meshes import Image, Model

_PICTURES = ("base_image", "normal_image", "rough_image", "emissive_image")


@dataclass
class Album:
    """The pictures of the set in the order of their first use."""

    images: list[Image] = field(default_factory=list)

    def add(self, name: str, picture: np.ndarray, colours: int) -> int:
        """The number of a picture that is kept as a PNG of a palette of so many colours."""
        self.images.append(Image(name, "image/png", noise.png(picture, colours)))
        return len(self.images) - 1


def used(model: Model) -> Model:
    """The model with the materials and images that it uses and no others."""
    kept = sorted({piece.material for node in model.nodes for piece in node.primitives})
    shown = [model.materials[i] for i in kept]
    wanted = sorted({getattr(m, name) for m in shown for name in _PICTURES} - {-1})
    number = {old: new for new, old in enumerate(wanted)} | {-1: -1}
    looks = [
        msgspec.structs.replace(m, **{name: number[getattr(m, name)] for name in _PICTURES})
        for m in shown
    ]
    index = {old: new for new, old in enumerate(kept)}
    nodes = []
    for node in model.nodes:
        pieces = (
            msgspec.structs.replace(piece, material=index[piece.material])
            for piece in node.primitives
        )
        nodes.append(msgspec.structs.replace(node, primitives=tuple(pieces)))
    return Model(tuple(nodes), tuple(looks), tuple(model.images[i] for i in wanted))
