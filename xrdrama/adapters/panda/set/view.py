"""A view of a set: a camera with its own eye, drawn into a target."""

from __future__ import annotations

from math import isfinite, radians, tan
from typing import Final

from panda3d.core import (
    BitMask32,
    Camera,
    LPoint3f,
    LQuaternionf,
    LVecBase4f,
    NodePath,
    PerspectiveLens,
    PTA_LVecBase4f,
    RenderState,
    ShaderAttrib,
    ShaderInput,
)

from xrdrama.adapters.panda.graphics import Target
from xrdrama.errors import LocalProtocolError
from xrdrama.spatial import Pose, Vec3
from xrdrama.wire.frame import Projection

_SEEN_BY_VIEWS: Final = BitMask32.bit(0)
PIXEL: Final = 2.0 * tan(radians(20.0)) / 720.0
"""Width of a pixel at a metre for which distances of levels of detail are given: a view of 40
degrees and 720 lines."""
CORNER: Final = 0.02
"""The share of a region's width and height that a view draws while it warms up."""


class SetView:
    """One view of a set, drawn into a target."""

    def __init__(self, root: NodePath, target: Target, region: tuple[float, float, float, float]):
        self.target = target
        self.lens = PerspectiveLens()
        self.eye = PTA_LVecBase4f.empty_array(1)
        node = Camera("view", self.lens)
        node.set_camera_mask(_SEEN_BY_VIEWS)
        # Before the set's own inputs, so that each view shades with its own eye.
        eye = ShaderAttrib.make().set_shader_input(ShaderInput("eye", self.eye, 10))
        node.set_initial_state(RenderState.make(eye))
        self._node = node
        self.camera = root.attach_new_node(node)
        self._place = region
        self.region = target.buffer.make_display_region(*region)
        self.region.set_camera(self.camera)
        self.region.set_clear_depth_active(True)

    def place(self, pose: Pose, projection: Projection, *, eye: Vec3 | None = None) -> None:
        """Look from `pose` along its +Y through the tangents of `projection`.

        `eye` is the point that gleams and reflections are shaded for, the pose's own position
        unless given. LocalProtocolError for a projection that sees nothing.
        """
        left, right, bottom, top = (
            projection.left, projection.right, projection.bottom, projection.top
        )  # fmt: skip
        near, far = projection.near, projection.far
        numbers = (left, right, bottom, top, near, far)
        opens = left < right and bottom < top and 0.0 < near < far
        if not (all(map(isfinite, numbers)) and opens and pose.position.is_finite()):
            raise LocalProtocolError(f"invalid view: {projection} from {pose.position}")
        self.lens.set_film_size(right - left, top - bottom)
        self.lens.set_focal_length(1.0)
        self.lens.set_film_offset((left + right) / 2, (bottom + top) / 2)
        self.lens.set_near_far(near, far)
        # Levels of detail change where a pixel covers so much, whatever lens and size the view has.
        height = self.target.size[1] * (self._place[3] - self._place[2])
        coarser = (top - bottom) / max(height, 1.0) / PIXEL
        self._node.set_lod_scale(coarser * coarser)  # Panda3D multiplies squares of distances
        at, turn = pose.position, pose.rotation
        self.camera.set_pos_quat(
            LPoint3f(at.x, at.y, at.z), LQuaternionf(turn.w, turn.x, turn.y, turn.z)
        )
        seen_from = eye or at
        self.eye.set_element(0, LVecBase4f(seen_from.x, seen_from.y, seen_from.z, 0.0))

    def set_active(self, active: bool) -> None:
        """Whether it is drawn."""
        self.region.set_active(active)

    def shrink(self, shrunk: bool) -> None:
        """Draw into a corner of the region, or into all of it again: everything is set up, and
        hardly a pixel drawn."""
        left, right, bottom, top = self._place
        scale = CORNER if shrunk else 1.0
        self.region.set_dimensions(
            left, left + (right - left) * scale, bottom, bottom + (top - bottom) * scale
        )

    def use(self, across: float, up: float) -> None:
        """Draw into the lower left part of the region: shares of its width and height."""
        left, right, bottom, top = self._place
        self.region.set_dimensions(
            left, left + (right - left) * across, bottom, bottom + (top - bottom) * up
        )

    def remove(self) -> None:
        """Remove the view from its target."""
        self.target.buffer.remove_display_region(self.region)
        self.camera.remove_node()
