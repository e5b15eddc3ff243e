"""Draw plates: three textures of luma and chroma each, uploaded when another frame is shown.

The shader makes linear light of them where a view samples them. Textures have no smaller levels:
making these for every frame costs more than a frame (see DECISIONS.md).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from math import radians
from typing import Final

import numpy as np
from numpy.typing import NDArray
from panda3d.core import (
    CullFaceAttrib,
    Geom,
    GeomNode,
    GeomTriangles,
    GeomVertexData,
    GeomVertexFormat,
    GeomVertexWriter,
    LPoint3f,
    LVecBase4f,
    NodePath,
    PTA_LVecBase4f,
    SamplerState,
    Texture,
)

from xrdrama.adapters.panda.set.lighting import Levels
from xrdrama.errors import DeviceError, LocalProtocolError
from xrdrama.scene.plates import Planes, PlateFacts, PlateSource, SetPlate

_log = logging.getLogger(__name__)
# Kr and Kb of each matrix: luma = Kr R + (1 - Kr - Kb) G + Kb B.
_SHARES: Final = {
    "bt601": (0.299, 0.114), "bt709": (0.2126, 0.0722), "bt2020": (0.2627, 0.0593),
}  # fmt: skip


class PlatePicture:
    """The textures and uniforms of one plate, and which frame of its file they hold."""

    def __init__(self, plate: SetPlate, source: PlateSource) -> None:
        self.plate, self.source = plate, source
        self.late = 0
        """Frames that showed an earlier picture, because theirs was not decoded in time."""
        self._shown: int | None = -1
        self._has_picture = self._is_broken = False
        self._gain = PTA_LVecBase4f.empty_array(1)
        self._textures = [Texture(f"plate {plate.plate.id} {name}") for name in Planes._fields]
        for made in self._textures:
            made.set_compression(Texture.CM_off)
            made.set_minfilter(SamplerState.FT_linear)
            made.set_magfilter(SamplerState.FT_linear)
            around = plate.plate.kind == "sky"
            made.set_wrap_u(SamplerState.WM_repeat if around else SamplerState.WM_clamp)
            made.set_wrap_v(SamplerState.WM_clamp)

    @property
    def encoded(self) -> str:
        """How its values become light: `srgb` or `rec709`."""
        colour = self.plate.plate.colour
        return self.plate.facts.transfer if colour == "file" else colour

    @property
    def state(self) -> tuple[object, ...]:
        """What is shown: the frame of the file, and its gain."""
        return self._shown, self._gain.get_element(0)[0]

    def dress(self, path: NodePath) -> None:
        """Give a node the textures and uniforms."""
        rows, offset = _to_rgb(self.plate.facts)
        plate = self.plate.plate
        path.set_shader_inputs(
            plate_luma=self._textures[0],
            plate_blue=self._textures[1],
            plate_red=self._textures[2],
            plate_gain=self._gain,
            plate_chroma=LVecBase4f(*rows),
            plate_luma_scale=LVecBase4f(*offset),
            plate_turn=LVecBase4f(radians(plate.pan), radians(plate.horizon), 0.0, 0.0),
        )

    def update(self, levels: Levels) -> None:
        """Show what the plate has at the moment of these params."""
        plate = self.plate.plate
        seconds = levels.of(plate.moved_by)
        number = self.plate.frame_at(seconds) if self.plate.facts.frames > 1 else 0
        gain = 2.0**plate.exposure * levels.of(plate.scaled_by) if number is not None else 0.0
        self._gain.set_element(0, LVecBase4f(gain, 0.0, 0.0, 0.0))
        if number is None or number == self._shown:
            return
        # The next frames are named even before this one is shown: they are decoded meanwhile.
        following = self.plate.following(seconds, self.source.ahead)
        try:
            planes = self.source.frame(following or (number,), wait=not self._has_picture)
        except DeviceError as error:
            if not self._has_picture or self.source.ahead == 1:
                raise
            self._say_broken(error)
            planes = None
        if planes is None:
            self.late += 1
            return
        for made, rows in zip(self._textures, planes, strict=True):
            _load(made, rows)
        self._shown, self._has_picture = number, True

    def rest(self) -> None:
        """Decode the first frames, for when the set appears."""
        if self.plate.facts.frames > 1:
            self.source.frame(self.plate.following(0.0, self.source.ahead), wait=False)

    def _say_broken(self, error: DeviceError) -> None:
        if not self._is_broken:
            self._is_broken = True
            _log.warning("%s; its last picture is held", error)


class SetPlates:
    """The plates of a set. LocalProtocolError for one without a source."""

    def __init__(self, plates: tuple[SetPlate, ...], sources: Mapping[str, PlateSource]) -> None:
        missing = [one.plate.id for one in plates if one.plate.id not in sources]
        if missing:
            raise LocalProtocolError(f"the plates {', '.join(missing)} have no source of frames")
        self.pictures = [PlatePicture(one, sources[one.plate.id]) for one in plates]

    @property
    def sky(self) -> PlatePicture | None:
        """The plate that is the sky."""
        return next((one for one in self.pictures if one.plate.plate.kind == "sky"), None)

    @property
    def cards(self) -> list[PlatePicture]:
        """The plates on cards."""
        return [one for one in self.pictures if one.plate.plate.kind == "card"]

    @property
    def late(self) -> dict[str, int]:
        """Late frames by plate, without plates that were never late."""
        return {one.plate.plate.id: one.late for one in self.pictures if one.late}

    def update(self, levels: Levels) -> None:
        """Show what every plate has at the moment of these params."""
        for one in self.pictures:
            one.update(levels)

    def rest(self) -> None:
        """Prepare for the moment when the set appears."""
        for one in self.pictures:
            one.rest()

    def close(self) -> None:
        """Close the sources."""
        for one in self.pictures:
            one.source.close()


def card(plate: SetPlate) -> NodePath:
    """The rectangle of a plate on a card, in the set's frame; its picture is upright in v down."""
    written, facts = plate.plate, plate.facts
    width = written.width
    height = written.height or width * facts.height / facts.width
    rows = GeomVertexData("card", GeomVertexFormat.get_v3t2(), Geom.UH_static)
    vertex, uv = GeomVertexWriter(rows, "vertex"), GeomVertexWriter(rows, "texcoord")
    for u in (0.0, 1.0):
        for v in (0.0, 1.0):
            vertex.add_data3((u - 0.5) * width, 0.0, (0.5 - v) * height)
            uv.add_data2(u, v)
    triangles = GeomTriangles(Geom.UH_static)
    triangles.add_vertices(0, 1, 2)
    triangles.add_vertices(2, 1, 3)
    laid = Geom(rows)
    laid.add_primitive(triangles)
    node = GeomNode(f"plate {written.id}")
    node.add_geom(laid)
    path = NodePath(node)
    path.set_pos(LPoint3f(written.at.x, written.at.y, written.at.z))
    path.set_hpr(written.pan, -written.tilt, 0.0)
    path.set_attrib(CullFaceAttrib.make(CullFaceAttrib.M_cull_none))
    return path


def _load(made: Texture, rows: NDArray[np.uint8]) -> None:
    """Upload the rows of one plane, the top row first."""
    height, width = rows.shape
    if (made.get_x_size(), made.get_y_size()) != (width, height) or not made.has_ram_image():
        made.setup_2d_texture(width, height, Texture.T_unsigned_byte, Texture.F_red)
    made.set_ram_image(rows)


def _to_rgb(facts: PlateFacts) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """How luma and chroma become red, green and blue: the factors of (red from Cr, green from Cb,
    green from Cr, blue from Cb), and of luma: factor and offset, then the offset of chroma."""
    kr, kb = _SHARES[facts.matrix]
    kg = 1.0 - kr - kb
    wide = 1.0 if facts.full_range else 255.0 / 224.0
    rows = (
        2.0 * (1.0 - kr) * wide,
        -2.0 * kb * (1.0 - kb) / kg * wide,
        -2.0 * kr * (1.0 - kr) / kg * wide,
        2.0 * (1.0 - kb) * wide,
    )
    if facts.full_range:
        return rows, (1.0, 0.0, -128.0 / 255.0, 0.0)
    return rows, (255.0 / 219.0, -16.0 / 219.0, -128.0 / 255.0, 0.0)
