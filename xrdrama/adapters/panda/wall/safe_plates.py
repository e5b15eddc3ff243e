"""The plates that panic shows on walls: read, checked, and kept as textures from the start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import cos, radians, sin
from pathlib import Path
from typing import Final

import msgspec
from panda3d.core import LVecBase2f, LVecBase3f, NodePath, Texture

from xrdrama.adapters.panda.set.decoding import decoded
from xrdrama.adapters.panda.set.geometry import texture
from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf.meshes import Image
from xrdrama.scene.safe_plate import SafePlate
from xrdrama.stage import Wall

LARGEST_FILE: Final = 64 * 2**20
"""Bytes of the largest file of a plate."""
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"


class Plate(msgspec.Struct, frozen=True):
    """A picture, and whether it fills a wall (else it fits into it)."""

    image: Image
    fills: bool


def read_plate(spec: SafePlate, path: Path) -> Plate:
    """The plate in a file, decoded; RemoteProtocolError if it cannot be drawn."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise RemoteProtocolError(f"it is larger than {LARGEST_FILE // 2**20} MB")
        content = path.read_bytes()
    except OSError as error:
        raise RemoteProtocolError(f"it cannot be read: {error.strerror}") from None
    if not content.startswith((_PNG, _JPEG)):
        raise RemoteProtocolError("it is not a PNG or JPEG file")
    mime = "image/png" if content.startswith(_PNG) else "image/jpeg"
    return Plate(decoded(Image(path.name, mime, content)), spec.fit == "fill")  # type: ignore[arg-type]


class Plates:
    """The plates of a show by set, as textures; `root` is what is drawn to the canvas."""

    def __init__(self, root: NodePath, plates: Mapping[str, Plate]) -> None:
        self._root = root
        self._shown = ""
        made: dict[int, Texture] = {}
        self._plates = {}
        for name, plate in plates.items():
            image = plate.image
            if id(image) not in made:  # sets may share the plate of the show
                made[id(image)] = texture(image, encoded=True, sharp=False)
            shown = made[id(image)]
            shape = shown.get_x_size() / shown.get_y_size()
            self._plates[name] = shown, LVecBase2f(shape, float(plate.fills))
        if self._plates:
            self._set(next(iter(self._plates)))

    def __bool__(self) -> bool:
        """True if a set has one."""
        return bool(self._plates)

    def __iter__(self) -> Iterator[str]:
        """The sets that have one."""
        return iter(self._plates)

    def show(self, scene: str) -> bool:
        """Make the plate of a set the one that is drawn; False if it has none."""
        if scene not in self._plates:
            return False
        if scene != self._shown:
            self._set(scene)
        return True

    def _set(self, scene: str) -> None:
        self._shown = scene
        picture, rule = self._plates[scene]
        self._root.set_shader_inputs(safe_plate=picture, plate_rule=rule)


def wall_turn(wall: Wall) -> LVecBase3f:
    """The rotation of a wall's picture on the canvas, for the shader."""
    turned = radians(wall.turned)
    return LVecBase3f(cos(turned), sin(turned), -1.0 if wall.mirrored else 1.0)
