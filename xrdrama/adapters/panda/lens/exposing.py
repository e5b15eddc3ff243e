"""An exposure of the film camera: the mean of several pictures, in scene-linear light."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from panda3d.core import (
    Camera,
    CardMaker,
    ColorBlendAttrib,
    LVecBase4f,
    NodePath,
    OmniBoundingVolume,
    OrthographicLens,
    SamplerState,
)

from xrdrama.adapters.panda.graphics import Graphics, Target
from xrdrama.adapters.panda.shading import shader
from xrdrama.show.filming import SubFrame


class Exposing:
    """`target` is the mean of the pictures that were drawn into `light`, which has its size."""

    def __init__(self, graphics: Graphics, light: Target, sort: int) -> None:
        self._graphics = graphics
        self.target = graphics.target("exposure", *light.size, "rgba32f", sort=sort)
        self.target.texture.set_minfilter(SamplerState.FT_linear_mipmap_linear)
        self.target.set_active(False)
        self.target.buffer.set_clear_color(LVecBase4f(0.0))
        maker = CardMaker("expose")
        maker.set_frame(-1.0, 1.0, -1.0, 1.0)
        self._root = NodePath("expose")
        self._card = path = self._root.attach_new_node(maker.generate())
        path.set_shader(shader("lens.vert", "expose.frag"))
        path.set_shader_inputs(scene=light.texture, share=LVecBase4f(1.0))
        path.set_attrib(
            ColorBlendAttrib.make(
                ColorBlendAttrib.M_add, ColorBlendAttrib.O_one, ColorBlendAttrib.O_one
            )
        )
        path.set_depth_test(False)
        path.set_depth_write(False)
        path.set_two_sided(True)
        path.node().set_bounds(OmniBoundingVolume())
        path.node().set_final(True)
        region = self.target.buffer.make_display_region()
        region.set_camera(self._root.attach_new_node(Camera("expose", OrthographicLens())))

    def draw(
        self, pictures: Sequence[SubFrame], aim: Callable[[SubFrame], None], *drawn: Target
    ) -> None:
        """Draw an exposure: `aim` sets the camera for each picture, `drawn` are the targets that
        are drawn for it."""
        self._card.set_shader_input("share", LVecBase4f(1.0 / len(pictures)))
        with self._graphics.only(*drawn, self.target):
            for number, picture in enumerate(pictures):
                aim(picture)
                self.target.buffer.set_clear_color_active(number == 0)
                self._graphics.render()
