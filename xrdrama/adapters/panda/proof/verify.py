"""Verification of a wall: the position that each pixel of the camera's picture shows, against the
correct one.

A picture of positions (metres) goes the way of the show: outer pictures taken from the camera's
eye, the canvas, the wall as the camera sees it. Each position is projected back into the camera
and must land on its own pixel. An eye that is 1 mm wrong must fail the gate ten times over, by
as much as the formula says: f_px x 1 mm x |1/d_wall - 1/d_content|. Colour hardly notices it.

Apart from this, the inner picture projected onto the wall at the camera's own resolution must be
the direct picture, to 1/255.
"""

from __future__ import annotations

from math import ceil, fsum, gcd

import msgspec
import numpy as np
from numpy.typing import NDArray
from panda3d.core import LMatrix4f, LVecBase4f, NodePath, SamplerState

from xrdrama.adapters.panda.graphics import Graphics, Target, TargetKind
from xrdrama.adapters.panda.proof.test_range import TestRange
from xrdrama.adapters.panda.set.view import SetView
from xrdrama.adapters.panda.shading import shader
from xrdrama.adapters.panda.wall.led_wall import LedWall
from xrdrama.adapters.panda.wall.mixing import led_shader, set_inner, set_picture
from xrdrama.adapters.panda.wall.panels import canvas_part, clip_matrix, panels
from xrdrama.spatial import Pose, Vec3, look_at
from xrdrama.stage import Frustum, Stage, Wall, inner_frustum, outer_frustum
from xrdrama.stage.frustum import sectors
from xrdrama.stage.meshes import mean_normal
from xrdrama.stage.model import Inner, Outer
from xrdrama.wire.frame import Projection, View

P99_PX, MEDIAN_PX = 0.01, 0.001
WRONG_EYE = 0.001
FORMULA_SHARE = 0.10
CAMERA_SORT = 40
LARGEST_PICTURE = 1280
LEAST_SLIP, SURE_SLIP = 0.115, 0.16
"""Pixels that a wrong eye of 1 mm moves content that is far behind the wall. Below the first, the
negative control could not exceed the gate, and the picture is enlarged until it is the second."""
LARGEST_ENLARGED = 2560

Doubles = NDArray[np.float64]


class Spread(msgspec.Struct, frozen=True):
    """Errors of pixel positions, in pixels of the camera's picture."""

    median: float
    p90: float
    p99: float
    max: float


class WrongEye(msgspec.Struct, frozen=True):
    """The same with an eye that is 1 mm wrong, and the median that the formula expects."""

    median: float
    p90: float
    p99: float
    max: float
    expected: float


class WallProof(msgspec.Struct, frozen=True):
    """The measurements of one wall."""

    position_px: Spread
    wrong_eye_1mm_px: WrongEye
    projective_max_255: int
    covered: float
    """Share of the camera's picture that the wall fills."""
    canvas_scale: int
    """Times finer than its LEDs that the canvas was made, so that geometry is measured and not
    how coarse the LEDs are for this camera."""
    passed: bool = msgspec.field(name="pass")


def verify_wall(graphics: Graphics, stage: Stage, name: str) -> WallProof:
    """Measure one wall of a stage, seen by its camera from its eye point."""
    bench = Bench(graphics, stage, stage.wall(name))
    try:
        right, points = bench.positions(0.0)
        wrong, _ = bench.positions(WRONG_EYE)
        expected = bench.expected(points)
        worst = bench.projective(bench.inside(points[..., 3]))
    finally:
        bench.close()
    position, wrong_eye = spread(right), spread(wrong)
    gate = position.p99 < P99_PX and position.median < MEDIAN_PX
    control = (
        wrong_eye.p99 > 10 * P99_PX and abs(wrong_eye.median - expected) <= FORMULA_SHARE * expected
    )
    found = WrongEye(
        wrong_eye.median, wrong_eye.p90, wrong_eye.p99, wrong_eye.max, round(expected, 6)
    )
    covered = round(float(np.mean(points[..., 3] > 0.999)), 4)
    passed = bool(gate and control and worst <= 1)
    return WallProof(position, found, worst, covered, bench.scale, passed)


def spread(errors: Doubles) -> Spread:
    """The quantiles of errors; infinite if there are no errors to measure."""
    if not errors.size:
        return Spread(*(float("inf"),) * 4)
    quantiles = np.quantile(errors, (0.5, 0.9, 0.99, 1.0))
    return Spread(*(round(float(q), 6) for q in quantiles))


class Bench:
    """A wall alone, its camera, and the targets that the measurement needs."""

    def __init__(self, graphics: Graphics, stage: Stage, wall: Wall) -> None:
        self.graphics = graphics
        eye = stage.eye_point
        pose = Pose(eye, look_at(eye, wall.centre))
        self.frustum = inner_frustum(
            pose, stage.camera.lens, overscan=1.0, near=stage.near, far=stage.far
        )
        ways = [(f.centre - eye).length() for f in wall.facets if f.sees(eye)]
        away = fsum(ways) / max(1, len(ways)) * (self.frustum.right - self.frustum.left)
        self.size = _picture(stage.camera.picture, away)
        focal_px = self.size[0] / (self.frustum.right - self.frustum.left)
        footprint = (wall.centre - eye).length() / focal_px
        self.scale = max(1, ceil(wall.pitch / footprint))
        self.below = _floor_height(wall)
        self.wall = wall = _finer(wall, self.scale)
        density = 1.3 / wall.pitch  # a little over one pixel an LED
        self.stage = msgspec.structs.replace(
            stage,
            canvas=wall.area,
            walls=(wall,),
            cameras=(msgspec.structs.replace(stage.camera, inner=Inner(1.0, 0.0, self.size)),),
            outer=Outer(density, 1),
        )
        self.targets: list[Target] = []

    def close(self) -> None:
        """Remove the targets that were made since the last call."""
        for target in self.targets:
            self.graphics.engine.remove_window(target.buffer)
        self.targets.clear()

    def camera(self, kind: TargetKind, name: str) -> tuple[Target, SetView, NodePath]:
        """A target with the film camera in it, looking at a root that holds only the wall."""
        target = self.graphics.target(name, *self.size, kind, sort=CAMERA_SORT)
        target.buffer.set_clear_color_active(True)
        target.buffer.set_clear_color(LVecBase4f(0.0))
        self.targets.append(target)
        root = NodePath(name)
        root.set_two_sided(True)
        view = SetView(root, target, (0.0, 1.0, 0.0, 1.0))
        view.place(self.frustum.pose, _projection(self.frustum))
        return target, view, root

    def positions(self, wrong: float) -> tuple[Doubles, Doubles]:
        """Errors in pixels with the eye `wrong` metres to the right, and the positions seen."""
        pose = self.frustum.pose
        eye = pose.apply(Vec3(wrong, 0.0, 0.0))
        stage = msgspec.structs.replace(self.stage, eye_point=eye)
        wall = LedWall(
            self.graphics, stage, TestRange(positions=True, below=self.below), kind="rgba32f"
        )
        self.targets += [wall.inner, wall.canvas, *wall.outers.values()]
        wall.show(inner=False, outer=True)
        wall.place(tuple(_outer_views(stage, self.wall)))
        target, _, root = self.camera("rgba32f", "through the lens")
        path = root.attach_new_node(panels(self.wall.facets, stage.canvas))
        path.set_shader(shader("panel.vert", "panel.frag"))
        path.set_shader_inputs(
            canvas=wall.canvas.texture, canvas_part=canvas_part(self.wall, stage.canvas)
        )
        self.graphics.render()
        seen = self.graphics.values(target).astype(np.float64)
        errors = self.reprojected(seen)
        self.close()
        return errors[seen[..., 3] > 0.999], seen

    def reprojected(self, seen: Doubles) -> Doubles:
        """Distance in pixels between each pixel's centre and where its position projects to."""
        width, height = self.size
        x, y, _ = projected(self.frustum, seen[..., :3])
        across, down = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
        error: Doubles = np.hypot(x * width - across, (1.0 - y) * height - down)
        return error

    def expected(self, content: Doubles) -> float:
        """The median error that 1 mm of wrong eye must cause."""
        target, _, root = self.camera("rgba32f", "the wall itself")
        path = root.attach_new_node(panels(self.wall.facets, self.stage.canvas))
        path.set_shader(shader("range.vert", "range.frag"))
        path.set_shader_input("range_rule", LVecBase4f(1.0, 0.0, 0.0, 0.0))
        self.graphics.render()
        wall = self.graphics.values(target).astype(np.float64)
        both = (wall[..., 3] > 0.999) & (content[..., 3] > 0.999)
        wall_depth = projected(self.frustum, wall[both][:, :3])[2]
        content_depth = projected(self.frustum, content[both][:, :3])[2]
        focal_px = self.size[0] / (self.frustum.right - self.frustum.left)
        slip = focal_px * WRONG_EYE * np.abs(1.0 / wall_depth - 1.0 / content_depth)
        self.close()
        return float(np.median(slip)) if slip.size else 0.0

    def projective(self, inside: NDArray[np.bool_]) -> int:
        """The largest difference, in 255ths, between the inner picture on the wall and itself, in
        the pixels `inside`."""
        subject = TestRange(positions=False, below=self.below)
        direct = self.graphics.target("direct", *self.size, "srgb8", sort=CAMERA_SORT - 1)
        direct.texture.set_minfilter(SamplerState.FT_linear)
        self.targets.append(direct)
        subject.add_view(direct).place(self.frustum.pose, _projection(self.frustum))
        target, _, root = self.camera("srgb8", "projected")
        path = root.attach_new_node(panels(self.wall.facets, self.stage.canvas))
        path.set_shader(led_shader(1, vertex="panel.vert"))
        set_picture(path, 0, direct.texture, feather=0.0)
        set_inner(path, 0, clip_matrix(self.frustum.pose, _projection(self.frustum)))
        path.set_shader_inputs(
            outer_picture=direct.texture,
            outer_clip=LMatrix4f(),
            mix_rule=LVecBase4f(0.0, 1.0, 1.0, 0.0),
            wall_box=LVecBase4f(0.0),
        )
        self.graphics.render()
        one = self.graphics.picture(direct).astype(np.int16)
        other = self.graphics.picture(target).astype(np.int16)
        self.close()
        return int(np.abs(one - other)[inside].max(initial=0))

    def inside(self, alpha: Doubles) -> NDArray[np.bool_]:
        """Pixels that the wall fills, two pixels from its silhouette and from the frame."""
        full = np.pad(alpha > 0.999, 2)
        height, width = alpha.shape
        inside = np.ones(alpha.shape, np.bool_)
        for down in range(5):
            for across in range(5):
                inside &= full[down : down + height, across : across + width]
        return inside


def projected(frustum: Frustum, points: Doubles) -> tuple[Doubles, Doubles, Doubles]:
    """`Frustum.project` for arrays (..., 3): x, y from the lower left 0 to 1, depth in metres."""
    q, at = frustum.pose.rotation, frustum.pose.position
    axes = np.array(
        [[v.x, v.y, v.z] for v in (q.rotate(Vec3(*axis)) for axis in np.eye(3).tolist())]
    )
    local = (points - np.array([at.x, at.y, at.z])) @ axes.T
    depth = local[..., 1]
    safe = np.where(depth > 1e-9, depth, np.nan)
    x = (local[..., 0] / safe - frustum.left) / (frustum.right - frustum.left)
    y = (local[..., 2] / safe - frustum.bottom) / (frustum.top - frustum.bottom)
    return x, y, depth


def _projection(frustum: Frustum) -> Projection:
    f = frustum
    return Projection(f.left, f.right, f.bottom, f.top, f.near, f.far)


def _outer_views(stage: Stage, wall: Wall) -> list[View]:
    views = []
    for index, facets in enumerate(sectors(stage.eye_point, wall)):
        frustum = outer_frustum(stage.eye_point, facets, near=stage.near, far=stage.far)
        if frustum is not None:
            name = f"outer.{wall.id}.{index}"
            views.append(View(name, wall.id, frustum.pose, _projection(frustum)))
    return views


def _floor_height(wall: Wall) -> float | None:
    """The lowest height of a wall that faces up, an LED floor, in metres; None for other walls."""
    if mean_normal(wall.facets)[0].z < 0.5:
        return None
    return min(corner.z for facet in wall.facets for corner in facet.corners)


def _finer(wall: Wall, scale: int) -> Wall:
    """The wall alone at the corner of its canvas, each LED divided `scale` times."""
    scale = min(scale, max(1, 16_000 // max(wall.pixels)))
    facets = tuple(facet.placed(*wall.at, scale) for facet in wall.facets)
    pixels = (wall.pixels[0] * scale, wall.pixels[1] * scale)
    return msgspec.structs.replace(wall, facets=facets, pixels=pixels, at=(0, 0))


def _picture(wanted: tuple[int, int], away: float = 0.0) -> tuple[int, int]:
    """The camera's picture, smaller in its own proportions where it is very large, and larger
    where a wrong eye of 1 mm would hardly move it.

    `away` is the width of the camera's frame at the distance of the wall, metres; 0 does not
    enlarge it.
    """
    width, height = wanted
    wide = min(width, LARGEST_PICTURE)
    if wide * WRONG_EYE < LEAST_SLIP * away:
        wide = min(LARGEST_ENLARGED, ceil(SURE_SLIP * away / WRONG_EYE))
    if wide == width:
        return wanted
    steps = gcd(width, height)
    step = (width // steps, height // steps)
    times = max(1, round(wide / step[0]))
    return step[0] * times, step[1] * times
