"""The canvas for the LED processor: the inner frusta over the outer frustum.

The shape is nDisplay's: each tracked camera's picture is taken once, at its own resolution, and
projected onto the wall's mesh by the canvas shader, those of higher priority over the others; the
outer picture lights the set and the actors, is taken from the stage's eye point, and may be coarser
and redrawn less often.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

import msgspec
from panda3d.core import (
    Camera,
    LMatrix4f,
    LVecBase4f,
    NodePath,
    PerspectiveLens,
    SamplerState,
    Shader,
)

from xrdrama.adapters.panda.graphics import Graphics, Target, TargetKind
from xrdrama.adapters.panda.lettering.join_card import JoinCard
from xrdrama.adapters.panda.set.developing import Tone
from xrdrama.adapters.panda.wall.cells import PARTS, Part, cells
from xrdrama.adapters.panda.wall.mixing import CELLS, Safe, led_shader, set_inner, set_picture
from xrdrama.adapters.panda.wall.panels import clip_matrix, panels
from xrdrama.adapters.panda.wall.patterns import Patterns
from xrdrama.adapters.panda.wall.safe_plates import Plate, Plates, wall_turn
from xrdrama.errors import LocalProtocolError
from xrdrama.spatial import Pose
from xrdrama.stage import Stage, Wall
from xrdrama.stage.facets import Piece
from xrdrama.stage.frustum import picture_size, sectors
from xrdrama.stage.model import Inner
from xrdrama.wire.frame import Projection, View

INNER_SORT, OUTER_SORT, CANVAS_SORT = 20, 10, 30


class Taker(Protocol):
    """A view that can be aimed: of the set, or of a test pattern."""

    def place(self, pose: Pose, projection: Projection) -> None:
        """Set its pose and projection."""


class Subject(Protocol):
    """The content of the walls: virtual sets, or a test pattern."""

    @property
    def tone(self) -> Tone | None:
        """The display transform of scene-linear pictures; None if its pictures are shown as they
        are."""

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
        plates: Mapping[str, Plate] | None = None,
        only: Collection[str] | None = None,
    ) -> None:
        """`plates` are what panic shows, by set. With `only`, other walls are not drawn."""
        self.stage = stage
        self._graphics, self._scale = graphics, scale
        # Scene-linear pictures are mixed as light, and the mixed one is developed.
        self._kind: TargetKind = kind if subject.tone is None else "rgba16f"
        self.inners: dict[str, Target] = {}
        """The inner picture of each camera, by its id, in the order of the stage."""
        self._inner_views: dict[str, Taker] = {}
        for camera in stage.cameras:
            size = inner_size(camera.inner, scale)
            target = self._target(f"inner.{camera.id}", size, INNER_SORT)
            self.inners[camera.id] = target
            self._inner_views[camera.id] = subject.add_view(target)
        self._layers = {camera.id: layer for layer, camera in enumerate(stage.by_priority())}
        self.outers: dict[str, Target] = {}
        self._outer_views: dict[str, Taker] = {}
        self._panels: dict[str, NodePath] = {}
        root = NodePath("canvas")
        self.plates = Plates(root, plates or {})
        self.parts: dict[Part, list[NodePath]] = {part: [] for part in PARTS}
        """The meshes of the walls, once for each part of their cells."""
        self._developed = subject.tone is not None
        self._safe: Safe = ""
        if subject.tone is not None:
            root.set_shader_inputs(**subject.tone)
        root.set_two_sided(True)
        root.set_depth_test(False)
        root.set_depth_write(False)
        self.patterns = Patterns(root, stage, self._layers)
        self.pictures: list[str] = []
        """The names of the outer pictures of all walls, also of those that are not drawn here."""
        for wall in stage.walls:
            parts = list(enumerate(sectors(stage.eye_point, wall)))
            self.pictures += [f"outer.{wall.id}.{index}" for index, _ in parts]
            if only is None or wall.id in only:
                self._add_wall(root, wall, parts, subject)
        self.canvas = graphics.target(
            "canvas", *stage.canvas, kind, sort=CANVAS_SORT, read_back=read_back
        )
        self.canvas.texture.set_minfilter(SamplerState.FT_linear)
        self.canvas.buffer.set_clear_color_active(True)
        self.canvas.buffer.set_clear_color(LVecBase4f(0.0, 0.0, 0.0, 1.0))
        self._region = self.canvas.buffer.make_display_region()
        self._region.set_camera(root.attach_new_node(Camera("canvas", PerspectiveLens())))
        self.root = root
        """What is drawn to the canvas."""
        self._join = self._join_card(only)

    @property
    def inner(self) -> Target:
        """The inner picture of the first camera."""
        return self.inners[self.stage.camera.id]

    def _target(self, name: str, size: tuple[int, int], sort: int) -> Target:
        target = self._graphics.target(name, *size, self._kind, sort=sort)
        target.texture.set_minfilter(SamplerState.FT_linear)
        target.texture.set_magfilter(SamplerState.FT_linear)
        return target

    def _add_wall(
        self,
        root: NodePath,
        wall: Wall,
        parts: Sequence[tuple[int, tuple[Piece, ...]]],
        subject: Subject,
    ) -> None:
        for index, facets in parts:
            name = f"outer.{wall.id}.{index}"
            density = self.stage.outer.density * self._scale
            size = picture_size(self.stage.eye_point, facets, density)
            target = self._target(name, size, OUTER_SORT)
            self.outers[name] = target
            self._outer_views[name] = subject.add_view(target)
            path = root.attach_new_node(name)
            mesh = cells(facets, self.stage.canvas)
            for part, paths in self.parts.items():
                paths.append(path.attach_new_node(mesh.make_copy()))
                paths[-1].set_shader(self._shader(part))
            for camera in self.stage.cameras:
                picture = self.inners[camera.id].texture
                set_picture(path, self._layers[camera.id], picture, camera.inner.feather)
            path.set_shader_inputs(
                outer_picture=target.texture,
                outer_clip=LMatrix4f(),
                mix_rule=LVecBase4f(0.0, 1.0, 1.0, 1.0),
                wall_box=wall_box(wall, self.stage.canvas),
                wall_turn=wall_turn(wall),
            )
            self._panels[name] = path
            box = wall_box(wall, self.stage.canvas)
            self.patterns.add(wall.id, panels(facets, self.stage.canvas), box)

    def place(self, views: tuple[View, ...], *, due: Collection[str] | None = None) -> None:
        """Aim every picture as a frame says. Outer pictures not in `due` stay as they are.

        LocalProtocolError for a view of a wall or camera that is not in the stage.
        """
        for view in views:
            if view.target == "inner":
                name = view.camera
                if name not in self._inner_views:
                    raise LocalProtocolError(f"the stage {self.stage.id!r} has no camera {name!r}")
                self._inner_views[name].place(view.pose, view.projection)
                clip = clip_matrix(view.pose, view.projection)
                for path in self._panels.values():
                    set_inner(path, self._layers[name], clip)
                self.patterns.place(name, clip)
            elif view.id not in self._outer_views:
                raise LocalProtocolError(f"the stage {self.stage.id!r} has no view {view.id!r}")
            elif due is None or view.id in due:
                self._outer_views[view.id].place(view.pose, view.projection)
                clip = clip_matrix(view.pose, view.projection)
                self._panels[view.id].set_shader_input("outer_clip", clip)
        for name, target in self.outers.items():
            target.set_active(due is None or name in due)

    def _join_card(self, only: Collection[str] | None) -> Callable[[str | None], None]:
        """Shows the code of a link in the middle of the largest wall, if that is drawn here."""
        wall = max(self.stage.walls, key=lambda wall: wall.area[0] * wall.area[1])
        if only is not None and wall.id not in only:
            return lambda link: None
        left, bottom, right, top = wall_box(wall, self.stage.canvas)
        quarter = (top - bottom) / 4
        shown = JoinCard(self.root, self.stage.canvas)
        return lambda link: shown.show(link, (left, bottom + quarter, right, top - quarter))

    def show_join(self, link: str | None) -> None:
        """Show the code of a link on the largest wall, half as high as it; None removes it."""
        self._join(link)

    def show(self, *, inner: bool, outer: bool, safe: bool = False, scene: str = "") -> None:
        """Set which of the two frustums are on the canvas, and whether the safe picture is shown.

        The safe picture is the plate of the set `scene`. Without a plate it is dim and nearly grey,
        and each wall has a thin frame and a pause sign, so that it is not mistaken for a fault.
        """
        rule = LVecBase4f(0.0, 1.0, float(inner), float(outer))
        for path in self._panels.values():
            path.set_shader_input("mix_rule", rule)
        shown: Safe = ("PLATE" if self.plates.show(scene) else "PAUSED") if safe else ""
        if shown != self._safe:
            self._safe = shown
            for part, paths in self.parts.items():
                for path in paths:
                    path.set_shader(self._shader(part))

    def _shader(self, part: Part) -> Shader:
        cameras = len(self.stage.cameras)
        return led_shader(cameras, CELLS, developed=self._developed, part=part, safe=self._safe)


def wall_box(wall: Wall, canvas: tuple[int, int]) -> LVecBase4f:
    """Left, bottom, right, top of a wall on the canvas, in pixels from its lower left."""
    left, top = wall.at
    width, height = wall.area
    return LVecBase4f(left, canvas[1] - top - height, left + width, canvas[1] - top)


def inner_size(inner: Inner, scale: float = 1.0) -> tuple[int, int]:
    """Pixels of an inner picture: the camera's frame grown by the overscan, on the same grid."""
    across, down = (max(1, round(n * scale)) for n in inner.pixels)
    return msgspec.structs.replace(inner, pixels=(across, down)).drawn
