"""Cross-fade between two sets: a second scene-linear picture, mixed over the first as light.

The set that fades out is drawn into a picture of its own, and that is blended over the picture of
the set that fades in, before anything is developed. So walls, cameras and windows show the mixed
light without more samplers in their shaders, and a show without a fade pays nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from panda3d.core import (
    Camera,
    CardMaker,
    ColorBlendAttrib,
    LVecBase4f,
    NodePath,
    OmniBoundingVolume,
    OrthographicLens,
    PandaNode,
    PTA_LVecBase4f,
)

from xrdrama.adapters.panda.graphics import Graphics, Target
from xrdrama.adapters.panda.set.developing import Tone
from xrdrama.adapters.panda.set.view import SetView
from xrdrama.adapters.panda.set.virtual_set import VirtualSet
from xrdrama.adapters.panda.shading import shader
from xrdrama.spatial import Pose
from xrdrama.wire.frame import Projection

_AFTER_THE_SETS: Final = 10


class Mix:
    """How the light of two sets is mixed: one array that all pictures of a show share."""

    def __init__(self) -> None:
        self.rule = PTA_LVecBase4f.empty_array(1)

    def set(self, share: float, leaving: Tone, shown: Tone, mixed: Tone) -> None:
        """Mix `share` of the set that fades out (tone `leaving`) with the one that is `shown`, and
        set the display transform of the `mixed` picture.

        Light is compared after each set's exposure. The picture keeps the exposure of the set that
        is shown, so the other one is multiplied by the ratio of the two.
        """
        old, new = _row(leaving, "tone"), _row(shown, "tone")
        self.rule.set_element(0, LVecBase4f(old[0] / new[0], share, 0.0, 0.0))
        tone = old * share + new * (1.0 - share)
        mixed["tone"].set_element(0, LVecBase4f(new[0], tone[1], tone[2], tone[3]))
        old, new = _row(leaving, "tone_lift"), _row(shown, "tone_lift")
        mixed["tone_lift"].set_element(0, old * share + new * (1.0 - share))


def _row(tone: Tone, name: str) -> LVecBase4f:
    return LVecBase4f(tone[name].get_element(0))


class LeavingPicture:
    """The picture of the set that fades out, and the card that mixes it over `into`."""

    def __init__(
        self, graphics: Graphics, into: Target, sets: Mapping[str, VirtualSet], mix: Mix
    ) -> None:
        name, sort = into.buffer.get_name(), into.buffer.get_sort() - 1
        self._into = into
        self._picture = graphics.target(f"{name} leaving", *into.size, "rgba16f", sort=sort)
        self._picture.set_active(False)
        self._views: dict[str, SetView] = {
            name: one.add_view(self._picture) for name, one in sets.items()
        }
        for view in self._views.values():
            view.set_active(False)
        self._shows = ""
        root = NodePath("cross-fade")
        path = root.attach_new_node(_card())
        path.set_shader(shader("lens.vert", "cross_fade.frag"))
        path.set_shader_inputs(leaving=self._picture.texture, mix_rule=mix.rule)
        path.set_depth_test(False)
        path.set_depth_write(False)
        path.set_two_sided(True)
        path.set_attrib(
            ColorBlendAttrib.make(
                ColorBlendAttrib.M_add,
                ColorBlendAttrib.O_incoming_alpha,
                ColorBlendAttrib.O_one_minus_incoming_alpha,
            )
        )
        self._root = root
        self._region = into.buffer.make_display_region()
        self._region.set_sort(_AFTER_THE_SETS)
        self._region.set_camera(root.attach_new_node(Camera("cross-fade", OrthographicLens())))
        self._region.set_active(False)

    def show(self, scene: str) -> None:
        """Draw this set and mix it in; "" for none."""
        if scene == self._shows:
            return
        for name, view in self._views.items():
            view.set_active(name == scene)
        if bool(scene) != bool(self._shows):
            self._region.set_active(bool(scene))
            if scene:
                self._into.made_from(self._picture)
            else:
                self._into.no_longer_made_from(self._picture)
        self._shows = scene

    def place(self, pose: Pose, projection: Projection) -> None:
        """Aim the view of the set that fades out."""
        if self._shows:
            self._views[self._shows].place(pose, projection)

    def fit(self) -> None:
        """Follow the size of a window."""
        if self._picture.size != self._into.size:
            self._picture.resize(*self._into.size)


def _card() -> PandaNode:
    card = CardMaker("cross-fade")
    card.set_frame(-1.0, 1.0, -1.0, 1.0)
    node = card.generate()
    node.set_bounds(OmniBoundingVolume())
    node.set_final(True)
    return node
