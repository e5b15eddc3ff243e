"""The dark on the floor below a figure: at each foot, below the body, and away from the key light.

The key's shadow map has the figures too, where it is read (`full`); in `draft` an ellipse is drawn.
"""

from __future__ import annotations

from math import atan2, cos, degrees, hypot, sin
from typing import Final

import numpy as np
from panda3d.core import GeomNode, LVecBase4f, NodePath, OmniBoundingVolume, PTA_LVecBase4f

from xrdrama.adapters.panda.figure.body import Body
from xrdrama.adapters.panda.figure.lit import Lit, luminance
from xrdrama.adapters.panda.set.geometry import geom
from xrdrama.adapters.panda.set.lighting import Lighting
from xrdrama.adapters.panda.set.materials import Materials, Quality
from xrdrama.adapters.panda.set.shadows import SEEN_BY_KEY
from xrdrama.gltf.meshes import Primitive

_ABOVE: Final = 0.025
"""Metres over the floor."""
_FOOT: Final = (0.17, 0.23)
"""Half width and half length at a foot, as a share of the height of the head over the ankle."""
_BODY: Final = 0.58
"""Half width of the dark below the body, as the same share."""
_TOES: Final = 0.05
"""How far the middle of a foot is before its joint, as the same share."""
_LIFTED: Final = 0.25
"""Metres over which a foot that is lifted loses its dark."""
_LONGEST: Final = 2.5
"""Most length of the key's shadow, in heights of the figure."""


class Grounding:
    """The cards below one figure in one set."""

    def __init__(self, root: NodePath, materials: Materials) -> None:
        self._top = root.attach_new_node("grounding")
        self._top.hide(SEEN_BY_KEY)
        self._top.node().set_bounds(OmniBoundingVolume())
        self._top.node().set_final(True)
        self._cards = [_Card(self._top, materials) for _ in range(4)]

    def show(self, shown: bool) -> None:
        """Whether they are drawn."""
        (self._top.show if shown else self._top.hide)()

    def update(self, body: Body, lighting: Lighting, lit: Lit, quality: Quality) -> None:
        """Place them below where the body is now."""
        one = body.appearance
        assert one is not None
        floor, turn = one.pose.root.at.z + _ABOVE, one.pose.root.pan
        size, presence = body.height, one.presence
        for card, (x, y, z) in zip(self._cards[:2], body.feet, strict=True):
            lifted = max(z - floor - body.ankle, 0.0) / _LIFTED
            toes = (x - sin(turn) * _TOES * size, y + cos(turn) * _TOES * size, floor)
            card.place(toes, degrees(turn), _FOOT[0] * size, _FOOT[1] * size)
            card.darken(presence * max(1.0 - lifted, 0.0))
        middle = [sum(foot[axis] for foot in body.feet) / 2 for axis in (0, 1)]
        self._cards[2].place(
            (middle[0], middle[1], floor), degrees(turn), _BODY * size, _BODY * size
        )
        self._cards[2].darken(presence)
        self._cast(middle, floor, size, presence, lighting, lit, quality)

    def _cast(
        self,
        middle: list[float],
        floor: float,
        size: float,
        presence: float,
        lighting: Lighting,
        lit: Lit,
        quality: Quality,
    ) -> None:
        card, way = self._cards[3], lighting.key_direction
        if quality == "full" or way is None or way.z > -0.05:
            card.darken(0.0)
            return
        across = hypot(way.x, way.y)
        length = min(across / -way.z, _LONGEST) * size
        key = luminance(lighting.uniforms.row("key_colour", 0)[:3]) * -way.z
        key *= min(max((lit.open_sky - 0.25) / 0.4, 0.0), 1.0)
        share = key / max(key + lit.from_above, 1e-9)
        x, y = way.x / max(across, 1e-9), way.y / max(across, 1e-9)
        at = (middle[0] + x * length / 2, middle[1] + y * length / 2, floor)
        card.place(at, degrees(atan2(-x, y)), 0.2 * size, length / 2 + 0.2 * size)
        card.darken(presence * share)


class _Card:
    def __init__(self, top: NodePath, materials: Materials) -> None:
        node = GeomNode("shade")
        node.add_geom(geom(_square()))
        self._path = top.attach_new_node(node)
        self._behaviour = PTA_LVecBase4f.empty_array(1)
        self._path.set_shader_input("behaviour", self._behaviour)
        materials.shade(self._path)
        self.darken(0.0)

    def place(
        self, at: tuple[float, float, float], heading: float, width: float, length: float
    ) -> None:
        """Half width and half length in metres, the length along the heading (degrees)."""
        self._path.set_pos(*at)
        self._path.set_h(heading)
        self._path.set_scale(width, length, 1.0)

    def darken(self, share: float) -> None:
        """How dark its middle is, 0 to 1."""
        self._behaviour.set_element(0, LVecBase4f(0.0, share, 0.0, 0.0))
        (self._path.show if share > 0.0 else self._path.hide)()


def _square() -> Primitive:
    corners = np.array([[-1, 0, 1], [1, 0, 1], [1, 0, -1], [-1, 0, -1]], np.float32)
    uv = np.array([[0, 1], [1, 1], [1, 0], [0, 0]], np.float32)
    attributes = {"POSITION": corners, "NORMAL": np.tile(np.array([[0, 1, 0]], np.float32), (4, 1)),
                  "TEXCOORD_0": uv}  # fmt: skip
    return Primitive(-1, attributes, np.array([[0, 1, 2], [0, 2, 3]], np.uint32))
