"""The canvas for the LED processor: the inner frustum over the outer frustum.

The shape is nDisplay's: the tracked camera's picture is taken once, at its own resolution, and
projected onto the wall's mesh by the canvas shader; the outer picture lights the set and the
actors, is taken from the stage's eye point, and may be coarser and redrawn less often.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

import msgspec
from panda3d.core import (
    Camera,
    LMatrix4f,
    LVecBase4f,
    NodePath,
    PerspectiveLens,
    SamplerState,
)

from xrdrama.adapters.panda.graphics import Graphics, Target, TargetKind
from xrdrama.adapters.panda.shading import shader
from xrdrama.adapters.panda.wall.panels import clip_matrix, panels
from xrdrama.errors import LocalProtocolError
from xrdrama.spatial import Pose
from xrdrama.stage import Stage, Wall
from xrdrama.stage.frustum import sectors
from xrdrama.wire.frame import Projection, View

INNER_SORT, OUTER_SORT, CANVAS_SORT = 20, 10, 30


class Taker(Protocol):
    """A view that can be aimed: of the set, or of a test pattern."""

    def place(self, pose: Pose, projection: Projection) -> None:
        """Set its pose and projection."""


class Subject(Protocol):
    """The content of the walls: a virtual set, or a test pattern."""

    def add_view(self, target: Target) -> Taker:
        """A view of it, drawn into a target."""


class LedWall:
    """The pictures of all walls of a stage, and the canvas composed of them."""

    def __init__(
        self,
        graphics: Graphics,
        stage: Stage,
        subject: Subject,
        *,
        kind: TargetKind = "srgb8",
        scale: float = 1.0,
        read_back: bool = False,
    ) -> None:
        self.stage = stage
        self._graphics, self._kind, self._scale = graphics, kind, scale
        self.inner = self._target("inner", inner_size(stage, scale), INNER_SORT)
        self._inner_view = subject.add_view(self.inner)
        self.outers: dict[str, Target] = {}
        self._outer_views: dict[str, Taker] = {}
        self._panels: dict[str, NodePath] = {}
        root = NodePath("canvas")
        root.set_shader(shader("led.vert", "led.frag"))
        root.set_two_sided(True)
        root.set_depth_test(False)
        root.set_depth_write(False)
        for wall in stage.walls:
            self._add_wall(root, wall, subject)
        self.canvas = graphics.target(
            "canvas", *stage.canvas, kind, sort=CANVAS_SORT, read_back=read_back
        )
        self.canvas.texture.set_minfilter(SamplerState.FT_linear)
        self.canvas.buffer.set_clear_color_active(True)
        self.canvas.buffer.set_clear_color(LVecBase4f(0.0, 0.0, 0.0, 1.0))
        self._region = self.canvas.buffer.make_display_region()
        self._region.set_camera(root.attach_new_node(Camera("canvas", PerspectiveLens())))
        self._root = root

    def _target(self, name: str, size: tuple[int, int], sort: int) -> Target:
        target = self._graphics.target(name, *size, self._kind, sort=sort)
        target.texture.set_minfilter(SamplerState.FT_linear)
        target.texture.set_magfilter(SamplerState.FT_linear)
        return target

    def _add_wall(self, root: NodePath, wall: Wall, subject: Subject) -> None:
        for index, facets in enumerate(sectors(self.stage.eye_point, wall)):
            name = f"outer.{wall.id}.{index}"
            width = sum((f.lower_right - f.lower_left).length() for f in facets)
            height = max((f.upper_left - f.lower_left).length() for f in facets)
            density = self.stage.outer.density * self._scale
            size = (max(8, round(width * density)), max(8, round(height * density)))
            target = self._target(name, size, OUTER_SORT)
            self.outers[name] = target
            self._outer_views[name] = subject.add_view(target)
            path = root.attach_new_node(panels(facets, self.stage.canvas))
            path.set_shader_inputs(
                inner_picture=self.inner.texture,
                outer_picture=target.texture,
                inner_clip=LMatrix4f(),
                outer_clip=LMatrix4f(),
                mix_rule=LVecBase4f(self.stage.inner.feather, 1.0, 1.0, 1.0),
                wall_box=wall_box(wall, self.stage.canvas),
                safe=0.0,
            )
            self._panels[name] = path

    def place(self, views: tuple[View, ...], *, due: Collection[str] | None = None) -> None:
        """Aim every picture as a frame says. Outer pictures not in `due` stay as they are.

        LocalProtocolError for a view of a wall that is not in the stage.
        """
        for view in views:
            if view.target == "inner":
                self._inner_view.place(view.pose, view.projection)
                clip = clip_matrix(view.pose, view.projection)
                for path in self._panels.values():
                    path.set_shader_input("inner_clip", clip)
            elif view.id not in self._outer_views:
                raise LocalProtocolError(f"the stage {self.stage.id!r} has no view {view.id!r}")
            elif due is None or view.id in due:
                self._outer_views[view.id].place(view.pose, view.projection)
                clip = clip_matrix(view.pose, view.projection)
                self._panels[view.id].set_shader_input("outer_clip", clip)
        for name, target in self.outers.items():
            target.set_active(due is None or name in due)

    def show(self, *, inner: bool, outer: bool, safe: bool = False) -> None:
        """Set which of the two frustums are on the canvas, and whether the safe picture is shown.

        The safe picture is dim and nearly grey, and each wall has a thin frame and a pause sign, so
        that it is not mistaken for a fault.
        """
        rule = LVecBase4f(self.stage.inner.feather, 1.0, float(inner), float(outer))
        for path in self._panels.values():
            path.set_shader_inputs(mix_rule=rule, safe=float(safe))


def wall_box(wall: Wall, canvas: tuple[int, int]) -> LVecBase4f:
    """Left, bottom, right, top of a wall on the canvas, in pixels from its lower left."""
    left, top = wall.at
    width, height = wall.pixels
    return LVecBase4f(left, canvas[1] - top - height, left + width, canvas[1] - top)


def inner_size(stage: Stage, scale: float = 1.0) -> tuple[int, int]:
    """Pixels of the inner picture: the camera's frame grown by the overscan, on the same grid."""
    across, down = (max(1, round(n * scale)) for n in stage.inner.pixels)
    return msgspec.structs.replace(stage.inner, pixels=(across, down)).drawn
