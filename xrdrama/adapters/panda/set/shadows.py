"""The shadows of the key light: one depth map, drawn when the light or the casters change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, floor
from typing import Final

from panda3d.core import (
    BitMask32,
    Camera,
    ColorBlendAttrib,
    CullFaceAttrib,
    DepthWriteAttrib,
    LMatrix4f,
    LPoint3f,
    LVector3f,
    NodePath,
    OrthographicLens,
    RenderState,
    Shader,
    ShaderAttrib,
)

from xrdrama.adapters.panda.graphics import Graphics
from xrdrama.adapters.panda.set.materials import SHADOW_WIDTH
from xrdrama.adapters.panda.shading import source
from xrdrama.spatial import Vec3

SEEN_BY_KEY: Final = BitMask32.bit(1)
_TAG: Final = "casts"
_BEFORE_ALL_VIEWS: Final = -100
Corner = tuple[float, float, float]


class KeyShadow:
    """The depth map of a set's directional key light, and its camera."""

    def __init__(
        self,
        graphics: Graphics,
        root: NodePath,
        casters: list[NodePath],
        reach: Iterable[LPoint3f] = (),
        visitors: Iterable[NodePath] = (),
    ) -> None:
        """`reach` are points that casters which move may get to. `visitors` are casters that may be
        anywhere, or not there: `update` says where they are."""
        self.root = root
        self.map = graphics.depth_map(
            f"{root.get_name()} shadow", SHADOW_WIDTH, SHADOW_WIDTH, sort=_BEFORE_ALL_VIEWS
        )
        self.lens = OrthographicLens()
        node = Camera("key light", self.lens)
        node.set_camera_mask(SEEN_BY_KEY)
        # Over the shaders of the materials, and both sides: a coat is not closed everywhere.
        node.set_initial_state(_state("", 100))
        node.set_tag_state_key(_TAG)
        for tag in {caster.get_tag(_TAG) for caster in (*casters, *visitors)} - {""}:
            node.set_tag_state(tag, _state(tag, 101))
        self.camera = root.attach_new_node(node)
        region = self.map.buffer.make_display_region()
        region.set_camera(self.camera)
        self.corners = _corners(root, casters, reach)
        self.graphics = graphics
        self.state: tuple[object, ...] | None = None
        root.set_shader_input("shadow_map", self.map.texture)
        root.set_shader_input("shadow_clip", LMatrix4f.ident_mat())
        self.map.set_active(False)

    def update(
        self,
        direction: Vec3 | None,
        fades: tuple[object, ...],
        visitors: Sequence[tuple[Corner, Corner]] = (),
    ) -> None:
        """Draw the map with the next picture if `direction` or what has dissolved changed.

        `visitors` are the boxes of those that are there; `fades` changes when one of them moves.
        """
        wanted = (direction, fades)
        if direction is not None and wanted != self.state:
            self.state = wanted
            self._aim(direction, _around(self.corners, visitors))
            self.graphics.draw_once(self.map)

    def _aim(self, direction: Vec3, corners: Iterable[LPoint3f]) -> None:
        way = LVector3f(direction.x, direction.y, direction.z)
        up = LVector3f(0, 0, 1) if abs(direction.z) < 0.95 else LVector3f(0, 1, 0)
        self.camera.set_pos(0, 0, 0)
        self.camera.look_at(LPoint3f(way), up)
        seen = [self.camera.get_relative_point(self.root, corner) for corner in corners]
        low = [min(point[i] for point in seen) for i in range(3)]
        high = [max(point[i] for point in seen) for i in range(3)]
        middle = LPoint3f((low[0] + high[0]) / 2, low[1] - 1.0, (low[2] + high[2]) / 2)
        self.camera.set_pos(self.root.get_relative_point(self.camera, middle))
        self.lens.set_film_size(high[0] - low[0] + 0.2, high[2] - low[2] + 0.2)
        self.lens.set_near_far(0.5, high[1] - low[1] + 2.0)
        clip = LMatrix4f(self.root.get_mat(self.camera)) * self.lens.get_projection_mat()
        self.root.set_shader_input("shadow_clip", clip)


def cast_through_holes(path: NodePath, coordinates: str) -> None:
    """Let a piece cast the shadow of what of it is opaque. `coordinates` is the vertex column of
    its `base_picture`, "" without one."""
    _define(path, f"HOLES {coordinates}" if coordinates else "FAINT")


def cast_with_joints(path: NodePath, joints: int) -> None:
    """Let a piece cast its shadow where its joints put it."""
    _define(path, f"JOINTS {joints}")


def _define(path: NodePath, define: str) -> None:
    """Add a `#define` to the shader of a caster."""
    tag = path.get_tag(_TAG)
    path.set_tag(_TAG, f"{tag}\n{define}" if tag else define)


def _state(defines: str, priority: int) -> RenderState:
    """The drawing state of casters; `defines` are lines."""
    head = "#version 330\n" + "".join(f"#define {line}\n" for line in defines.splitlines())
    shader = Shader.make(Shader.SL_GLSL, head + source("shadow.vert"), head + source("shadow.frag"))
    return RenderState.make(
        ShaderAttrib.make(shader, priority),
        CullFaceAttrib.make(CullFaceAttrib.M_cull_none),
        DepthWriteAttrib.make(DepthWriteAttrib.M_on),
        ColorBlendAttrib.make_off(),
    )


def _corners(root: NodePath, casters: list[NodePath], reach: Iterable[LPoint3f]) -> list[LPoint3f]:
    """The corners of the box around all casters, and where they may get to."""
    boxes = [caster.get_tight_bounds(root) for caster in casters]
    points = [point for box in boxes if box for point in box] + list(reach)
    return _box(points or [LPoint3f(-1), LPoint3f(1)])


def _around(corners: list[LPoint3f], boxes: Sequence[tuple[Corner, Corner]]) -> list[LPoint3f]:
    """The corners of the box around a box and others, which extend it by whole metres, so that
    shadows keep their edges while what casts them moves."""
    ends = [
        LPoint3f(*(round_to(value) for value in corner))
        for low, high in boxes
        for corner, round_to in ((low, floor), (high, ceil))
    ]
    outside = [
        end for end in ends
        if any(not corners[0][i] <= end[i] <= corners[-1][i] for i in range(3))
    ]  # fmt: skip
    return _box([*corners, *outside]) if outside else corners


def _box(points: Sequence[LPoint3f]) -> list[LPoint3f]:
    """The corners of the box around points, the lowest first and the highest last."""
    low = [min(point[i] for point in points) for i in range(3)]
    high = [max(point[i] for point in points) for i in range(3)]
    return [
        LPoint3f(x, y, z) for x in (low[0], high[0]) for y in (low[1], high[1])
        for z in (low[2], high[2])
    ]  # fmt: skip
