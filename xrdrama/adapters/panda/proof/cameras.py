"""Verification of inner frusta: what each camera sees in its own region of the walls.

As in `verify`, but the picture of positions goes through the inner pictures of all cameras and
their mixing by priority. A camera's own region is what it sees of a wall outside the inner frusta
of cameras with a higher priority; there, every position must be projected back to its own pixel.
An inner picture that is taken 1 mm beside the camera must fail the gate ten times over, by as much
as the formula says.
"""

from __future__ import annotations

from math import ceil

import msgspec
import numpy as np
from numpy.typing import NDArray
from panda3d.core import LVecBase4f, NodePath

from xrdrama.adapters.panda.graphics import Graphics, Target
from xrdrama.adapters.panda.proof import verify
from xrdrama.adapters.panda.proof.test_range import TestRange
from xrdrama.adapters.panda.proof.verify import (
    FORMULA_SHARE,
    MEDIAN_PX,
    P99_PX,
    WRONG_EYE,
    Doubles,
    Spread,
    WrongEye,
)
from xrdrama.adapters.panda.set.view import SetView
from xrdrama.adapters.panda.shading import shader
from xrdrama.adapters.panda.wall.led_wall import LedWall
from xrdrama.adapters.panda.wall.panels import canvas_part, panels
from xrdrama.spatial import Pose, Vec3
from xrdrama.stage import Camera, Frustum, Stage, Wall, inner_frustum
from xrdrama.stage.model import Inner
from xrdrama.wire.frame import View

Flags = NDArray[np.bool_]
LEAST_SEEN = 0.001
"""Share of a camera's picture below which a wall is not measured for it."""
BESIDE = 0.005
"""Distance from the edge of a covering frustum, as share of its width, that counts as covered."""


class CameraProof(msgspec.Struct, frozen=True):
    """The measurements of one camera, over all walls that it sees."""

    position_px: Spread
    wrong_view_1mm_px: WrongEye
    own: float
    """Share of the camera's picture that is a wall in its own region."""
    covered: float
    """Share that is a wall under the inner frustum of a camera with a higher priority."""
    passed: bool = msgspec.field(name="pass")


def verify_cameras(graphics: Graphics, stage: Stage) -> dict[str, CameraProof]:
    """Measure each camera of a stage, all of them at their safe poses."""
    return {camera.id: _verify(graphics, stage, camera) for camera in stage.cameras}


def _verify(graphics: Graphics, stage: Stage, camera: Camera) -> CameraProof:
    rights, wrongs, slips = [], [], []
    own = covered = 0.0
    for wall in stage.walls:
        bench = _Bench(graphics, stage, camera, wall)
        mine, hidden, depths = bench.regions()
        own += float(mine.mean())
        covered += float(hidden.mean())
        if mine.mean() >= LEAST_SEEN:
            errors, content = bench.errors(0.0)
            rights.append(errors[mine])
            wrongs.append(bench.errors(WRONG_EYE)[0][mine])
            slips.append(bench.slip(depths, content)[mine])
    right, wrong, slip = (
        np.concatenate(found) if found else np.zeros(0) for found in (rights, wrongs, slips)
    )
    position, off = verify.spread(right), verify.spread(wrong)
    expected = float(np.median(slip)) if slip.size else 0.0
    gate = position.p99 < P99_PX and position.median < MEDIAN_PX
    control = off.p99 > 10 * P99_PX and abs(off.median - expected) <= FORMULA_SHARE * expected
    found = WrongEye(off.median, off.p90, off.p99, off.max, round(expected, 6))
    return CameraProof(position, found, round(own, 4), round(covered, 4), bool(gate and control))


class _Bench:
    """A wall alone, one camera that looks at it, and all inner pictures."""

    def __init__(self, graphics: Graphics, stage: Stage, camera: Camera, wall: Wall) -> None:
        self.graphics, self.camera = graphics, camera
        self.size = verify._picture(camera.picture)
        self.frustum = _own_frustum(stage, camera)
        focal_px = self.size[0] / (self.frustum.right - self.frustum.left)
        distance = (wall.centre - camera.safe.position).length()
        self.wall = verify._finer(wall, max(1, ceil(wall.pitch * focal_px / distance)))
        inner = Inner(camera.inner.overscan, camera.inner.feather, self.size)
        stage = stage.with_camera(msgspec.structs.replace(camera, inner=inner))
        self.stage = msgspec.structs.replace(stage, canvas=self.wall.pixels, walls=(self.wall,))
        order = [one.id for one in stage.by_priority()]
        self.above = [stage.camera_named(name) for name in order[order.index(camera.id) + 1 :]]

    def regions(self) -> tuple[Flags, Flags, Doubles]:
        """Three arrays (height, width): the pixels of the camera's picture that are this wall in
        its own region, those that are under a camera with a higher priority, and the depth of the
        wall in metres."""
        path = NodePath("wall")
        path.attach_new_node(panels(self.wall.facets, self.stage.canvas))
        path.set_shader(shader("range.vert", "range.frag"))
        path.set_shader_input("range_rule", LVecBase4f(1.0, 0.0, 0.0, 0.0))
        seen = self._through(path)
        lit = seen[..., 3] > 0.999
        hidden = np.zeros(lit.shape, np.bool_)
        for other in self.above:
            frustum = _grown_frustum(self.stage, other)
            x, y, depth = verify.projected(frustum, seen[..., :3])
            inside = (np.abs(x - 0.5) < 0.5 + BESIDE) & (np.abs(y - 0.5) < 0.5 + BESIDE)
            hidden |= inside & (depth > 0)
        return lit & ~hidden, lit & hidden, verify.projected(self.frustum, seen[..., :3])[2]

    def slip(self, wall: Doubles, content: Doubles) -> Doubles:
        """Pixels by which content must move when its picture is taken 1 mm beside the camera, for
        the depths of the wall and of the content in metres."""
        focal_px = self.size[0] / (self.frustum.right - self.frustum.left)
        with np.errstate(divide="ignore"):
            moved: Doubles = focal_px * WRONG_EYE * np.abs(1.0 / wall - 1.0 / content)
        return moved

    def errors(self, wrong: float) -> tuple[Doubles, Doubles]:
        """Distance in pixels between each pixel and what it shows, with the camera's inner picture
        taken `wrong` metres to its right; and the depth of what it shows, in metres."""
        wall = LedWall(self.graphics, self.stage, TestRange(positions=True), kind="rgba32f")
        views = []
        for camera in self.stage.cameras:
            frustum = _grown_frustum(self.stage, camera)
            if camera.id == self.camera.id:
                at = frustum.pose.apply(Vec3(wrong, 0.0, 0.0))
                frustum = msgspec.structs.replace(frustum, pose=Pose(at, frustum.pose.rotation))
            views.append(
                View("", "inner", frustum.pose, verify._projection(frustum), camera=camera.id)
            )
        wall.show(inner=True, outer=False)
        wall.place(tuple(views), due=())
        path = NodePath("wall")
        path.attach_new_node(panels(self.wall.facets, self.stage.canvas))
        path.set_shader(shader("panel.vert", "panel.frag"))
        path.set_shader_inputs(
            canvas=wall.canvas.texture, canvas_part=canvas_part(self.wall, self.stage.canvas)
        )
        seen = self._through(path, *wall.inners.values(), wall.canvas, *wall.outers.values())
        width, height = self.size
        x, y, depth = verify.projected(self.frustum, seen[..., :3])
        across, down = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
        error: Doubles = np.hypot(x * width - across, (1.0 - y) * height - down)
        return error, depth

    def _through(self, root: NodePath, *used: Target) -> Doubles:
        """What the camera sees of `root`, after which the targets `used` for it are released."""
        target = self.graphics.target("seen", *self.size, "rgba32f", sort=verify.CAMERA_SORT)
        target.buffer.set_clear_color_active(True)
        target.buffer.set_clear_color(LVecBase4f(0.0))
        root.set_two_sided(True)
        view = SetView(root, target, (0.0, 1.0, 0.0, 1.0))
        view.place(self.frustum.pose, verify._projection(self.frustum))
        self.graphics.render()
        seen = self.graphics.values(target).astype(np.float64)
        for one in (target, *used):
            self.graphics.engine.remove_window(one.buffer)
        return seen


def _own_frustum(stage: Stage, camera: Camera) -> Frustum:
    return inner_frustum(camera.safe, camera.lens, near=stage.near, far=stage.far)


def _grown_frustum(stage: Stage, camera: Camera) -> Frustum:
    overscan = camera.inner.grown
    return inner_frustum(
        camera.safe, camera.lens, overscan=overscan, near=stage.near, far=stage.far
    )
