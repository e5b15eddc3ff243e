"""The floor of the stage, as a set chooses it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from xrdrama.gltf.meshes import Image
from xrdrama.scene.compiled import SceneSheet
from xrdrama.scene.model import Floor


class Laid(NamedTuple):
    """The floor of the stage in a set, and its picture if it has one."""

    floor: Floor
    picture: Image | None = None


def laid_by(sheet: SceneSheet, images: Sequence[Image]) -> Laid:
    """The floor of a compiled set, whose GLB has these images."""
    return Laid(sheet.floor, images[sheet.floor_image] if sheet.floor_image >= 0 else None)
