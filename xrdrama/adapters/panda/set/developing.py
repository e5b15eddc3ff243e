"""Develop scene-linear pictures of a set: the display transform, once, from half floats to sRGB.

Sets are drawn in scene-linear light, so that pictures can be mixed as light is. An LED wall mixes
its inner and outer pictures and develops the result; any other view has a `Developed` picture.
"""

from __future__ import annotations

from typing import Final

from panda3d.core import (
    Camera,
    CardMaker,
    GraphicsWindow,
    LVecBase4f,
    NodePath,
    OmniBoundingVolume,
    OrthographicLens,
    PTA_float,
    PTA_LVecBase4f,
    Shader,
)

from xrdrama.adapters.panda.graphics import Graphics, Target
from xrdrama.adapters.panda.shading import source

Tone = dict[str, PTA_LVecBase4f]
"""The uniforms of `tone.glsl`, shared with the shaders: setting a row changes no render state."""
_NAMES: Final = ("tone", "tone_lift")


def neutral_tone() -> Tone:
    """Uniforms of a tone that is set by `follow` before anything is drawn."""
    tone = {name: PTA_LVecBase4f.empty_array(1) for name in _NAMES}
    tone["tone"].set_element(0, LVecBase4f(1.0, 1.0, 0.0, 0.0))
    tone["tone_lift"].set_element(0, LVecBase4f(0.0))
    return tone


def follow(tone: Tone, other: Tone) -> None:
    """Give one tone the values of another."""
    for name in _NAMES:
        tone[name].set_element(0, other[name].get_element(0))


class Developed:
    """A scene-linear picture that is developed into `target`, and has its size.

    Views are drawn into `linear`, which is drawn whenever `target` is. With `depth` it keeps the
    depth, and the picture can have holes where nothing is in front of the sky.
    """

    def __init__(
        self, graphics: Graphics, target: Target, tone: Tone, *, depth: bool = False
    ) -> None:
        self._target = target
        self._in_window = isinstance(target.buffer, GraphicsWindow)
        sort = target.buffer.get_sort() - 1
        self.linear = graphics.target(
            f"{target.buffer.get_name()} scene", *target.size, "rgba16f", sort=sort, depth=depth
        )
        target.made_from(self.linear)
        card = CardMaker("develop")
        card.set_frame(-1.0, 1.0, -1.0, 1.0)
        root = NodePath("develop")
        path = root.attach_new_node(card.generate())
        path.set_shader(_shader(depth=depth))
        path.set_shader_inputs(scene=self.linear.texture, **tone)
        self._open = PTA_float.empty_array(1)
        if depth:
            path.set_shader_inputs(depth=self.linear.depth, sky_is_open=self._open)
        path.set_depth_test(False)
        path.set_depth_write(False)
        path.set_two_sided(True)
        path.node().set_bounds(OmniBoundingVolume())
        path.node().set_final(True)
        self._region = target.buffer.make_display_region()
        self._region.set_camera(root.attach_new_node(Camera("develop", OrthographicLens())))
        self._root = root

    def use(self, across: float, up: float) -> None:
        """Develop the lower left part only: shares of the width and height."""
        self._region.set_dimensions(0.0, across, 0.0, up)

    def open_sky(self, on: bool) -> None:
        """Leave out the sky: black, with alpha 0, so that what is behind the picture shows."""
        self._open.set_element(0, float(on))

    def fit(self) -> None:
        """Follow the size of a window, which a viewer may change."""
        if self._in_window and self.linear.size != self._target.size:
            self.linear.resize(*self._target.size)


def _shader(*, depth: bool) -> Shader:
    vertex, fragment = (source(f"develop.{kind}") for kind in ("vert", "frag"))
    head = "#version 330\n" + "#define DEPTH\n" * depth
    return Shader.make(Shader.SL_GLSL, head + vertex, head + source("tone.glsl") + fragment)
