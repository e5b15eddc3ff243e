"""Verification of a lens: what the camera sees of the wall through it, against the lens file.

Positions (metres) go the way of the show: the rectilinear inner picture with the stage's overscan,
the canvas, the wall, and the through-the-lens picture with the distortion of the shader. Each
position is projected by the lens file's own arithmetic, in double precision, and must be on its own
pixel; every pixel of the wall must show the inner picture. A grid on a plane behind the wall,
undistorted by the lens file, must be straight. With the distortion off in the picture, the errors
must be those that the lens file expects, and the grid must be bent.
"""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray
from panda3d.core import CardMaker, LVecBase4f, NodePath, SamplerState

from xrdrama.adapters.panda.graphics import Graphics, Target
from xrdrama.adapters.panda.lens.glass import card, drawn_through, fit, grown
from xrdrama.adapters.panda.proof.test_range import TestRange
from xrdrama.adapters.panda.proof.verify import (
    CAMERA_SORT,
    FORMULA_SHARE,
    MEDIAN_PX,
    P99_PX,
    Bench,
    Spread,
    projected,
    spread,
)
from xrdrama.adapters.panda.set.view import SetView
from xrdrama.adapters.panda.shading import shader
from xrdrama.adapters.panda.wall.led_wall import LedWall, Subject
from xrdrama.adapters.panda.wall.panels import canvas_part, panels
from xrdrama.show.lenses import optics_of, view_lens
from xrdrama.show.production import view_of
from xrdrama.spatial import IDENTITY, ORIGIN, Pose, Quat, Vec3
from xrdrama.stage import Stage, inner_frustum
from xrdrama.stage.frustum import Frustum
from xrdrama.stage.lenses import LensFile, Setting, needed_overscan
from xrdrama.stage.lenses.arrays import distorted, undistorted
from xrdrama.stage.model import Inner
from xrdrama.wire.frame import Projection, ViewLens

STRAIGHT_PX: Final = 0.1
BEHIND: Final = 2.0
"""Metres from the wall to the plane of the grid."""
LINES: Final = 9
FINER: Final = 3
"""Times finer than the camera's that the pictures before the lens are drawn, so that geometry is
measured and not how coarse they are: positions between two pixels are interpolated."""
WIDEST_PICTURE: Final = 2560
HARDLY: Final = 0.1
"""A lens that moves half of the pixels by less than this cannot show a bent grid."""

Doubles = NDArray[np.float64]


class Straightness(msgspec.Struct, frozen=True):
    """How far points of the grid's lines are from straight, RMS in pixels: undistorted, and as they
    are in the picture."""

    undistorted: float
    distorted: float


class LensProof(msgspec.Struct, frozen=True):
    """The measurements of a camera with a lens file, at its setting with the most distortion."""

    zoom_mm: float
    position_px: Spread
    without_distortion_px: Spread
    without_distortion_expected: float
    """The median that the lens file expects with the distortion off in the picture."""
    grid_px: Straightness
    covered: float
    """Share of the wall in the frame that shows the inner picture."""
    needed_overscan: float
    passed: bool = msgspec.field(name="pass")


def verify_lens(graphics: Graphics, stage: Stage, wall: str) -> LensProof:
    """Measure the first camera's lens on one wall of a stage, from its eye point."""
    lens_file = stage.camera.lens_file
    assert lens_file is not None
    setting = most_distorting(lens_file)
    bench = _LensBench(graphics, stage, wall, setting)
    try:
        found = bench.measured()
    finally:
        bench.close()
    return found


def most_distorting(lens: LensFile) -> Setting:
    """The calibrated setting that moves the corner of the frame farthest."""

    def moved(point: Setting) -> float:
        optics = lens.optics(point)
        x, y = lens.sensor_mm[0] / 2, lens.sensor_mm[1] / 2
        u, v = optics.undistorted(x, y)
        return abs(u - x) + abs(v - y)

    return max((Setting(p.zoom, p.diopter) for p in lens.points), key=moved)


class _Plane:
    """A plane across the view, of which positions are drawn."""

    tone = None

    def __init__(self, pose: Pose, distance: float) -> None:
        self.root = NodePath("plane")
        self.root.set_shader(shader("range.vert", "range.frag"))
        self.root.set_shader_input("range_rule", LVecBase4f(1.0, 0.0, 0.0, 0.0))
        self.root.set_two_sided(True)
        maker = CardMaker("plane")
        maker.set_frame(-60.0, 60.0, -60.0, 60.0)
        maker.set_has_normals(True)
        middle = pose.apply(Vec3(0.0, distance, 0.0))
        q = pose.rotation
        path = self.root.attach_new_node(maker.generate())
        path.set_pos(middle.x, middle.y, middle.z)
        path.set_quat((q.w, q.x, q.y, q.z))
        path.flatten_light()  # the shader draws the coordinates of its vertices

    def add_view(self, target: Target) -> SetView:
        """A view of the plane."""
        return SetView(self.root, target, (0.0, 1.0, 0.0, 1.0))


class _LensBench(Bench):
    """A wall alone, and a camera with a lens that looks at it a little from the side."""

    def __init__(self, graphics: Graphics, stage: Stage, wall: str, setting: Setting) -> None:
        assert stage.camera.lens_file is not None
        optics = stage.camera.lens_file.optics(setting)
        camera = stage.camera.with_optics(optics)
        super().__init__(graphics, stage.with_camera(camera), stage.wall(wall))
        self.setting, self.optics = setting, optics
        self.sensor = camera.sensor_mm
        self.lens = view_lens(optics, self.sensor)
        self.frame = self.size
        turned = self.frustum.pose.rotation * Quat.from_angles(pan=7.0, tilt=-2.0)
        self.pose = Pose(self.frustum.pose.position, turned)
        drawn = drawn_through(self.lens)
        self.drawn = drawn
        # From here on `size` and `frustum` are those of the rectilinear picture, with overscan.
        scale = max(1, min(FINER, WIDEST_PICTURE // self.frame[0]))
        finer = (self.frame[0] * scale, self.frame[1] * scale)
        self.size = grown(finer, camera)
        self.frustum = _frustum(self.pose, drawn)
        inner = Inner(stage.inner.overscan, 0.0, finer)
        one = msgspec.structs.replace(camera, inner=inner)
        self.stage = self.stage.with_camera(one)
        self.one = one
        self.distance = (self.wall.centre - self.pose.position).length()

    def measured(self) -> LensProof:
        everything = TestRange(positions=True, below=self.below)
        seen = self.through(everything, self.lens)
        shows = self.inside(self.through(None, self.lens)[..., 3])
        position = spread(self.errors(seen))
        off = self.through(everything, _straight(self.lens))
        lit = off[..., 3] > 0.999
        without = spread(self.errors(off))
        expected = float(np.median(self.moved()[lit])) if lit.any() else 0.0
        grid = self.through(_Plane(self.pose, self.distance + BEHIND), self.lens)
        bent = self.straightness(grid)
        covered = float(np.mean(seen[..., 3][shows] > 0.999)) if shows.any() else 0.0
        passed = (
            position.p99 < P99_PX
            and position.median < MEDIAN_PX
            and abs(without.median - expected) <= FORMULA_SHARE * expected + MEDIAN_PX
            and bent.undistorted < STRAIGHT_PX
            and (expected < HARDLY or bent.distorted > STRAIGHT_PX)
            and covered == 1.0
        )
        return LensProof(
            self.setting.zoom, position, without, round(expected, 6), bent, round(covered, 6),
            round(needed_overscan(self.optics, self.sensor), 6), bool(passed),
        )  # fmt: skip

    def through(self, subject: Subject | None, lens: ViewLens) -> Doubles:
        """What the camera sees through a lens: of a subject on the wall, or of the wall itself."""
        target, _, root = self.camera("rgba32f", "rectilinear")
        target.texture.set_minfilter(SamplerState.FT_linear)
        target.texture.set_magfilter(SamplerState.FT_linear)
        path = root.attach_new_node(panels(self.wall.facets, self.stage.canvas))
        if subject is None:
            path.set_shader(shader("range.vert", "range.frag"))
            path.set_shader_input("range_rule", LVecBase4f(1.0, 0.0, 0.0, 0.0))
        else:
            wall = LedWall(self.graphics, self.stage, subject, kind="rgba32f")
            self.targets += [wall.inner, wall.canvas, *wall.outers.values()]
            wall.show(inner=True, outer=False)
            frustum = inner_frustum(
                self.pose, self.one.lens, overscan=self.one.inner.grown,
                near=self.stage.near, far=self.stage.far,
            )  # fmt: skip
            wall.place((view_of("inner", "inner", frustum, camera=self.one.id),))
            path.set_shader(shader("panel.vert", "panel.frag"))
            path.set_shader_inputs(
                canvas=wall.canvas.texture, canvas_part=canvas_part(self.wall, self.stage.canvas)
            )
        glass = self._glass(target, lens)
        self.graphics.render()
        seen = self.graphics.values(glass).astype(np.float64)
        self.close()
        return seen

    def _glass(self, target: Target, lens: ViewLens) -> Target:
        made = self.graphics.target("glass", *self.frame, "rgba32f", sort=CAMERA_SORT + 1)
        self.targets.append(made)
        path = card("glass", "glass.frag")
        path.set_shader_input("scene", target.texture)
        fit(path, lens, self.drawn)
        root = NodePath("glass")
        path.reparent_to(root)
        view = SetView(root, made, (0.0, 1.0, 0.0, 1.0))
        view.place(Pose(ORIGIN, IDENTITY), Projection(-1.0, 1.0, -1.0, 1.0, 0.1, 10.0))
        return made

    def middles(self) -> Doubles:
        """The middle of each pixel of the frame on the sensor, mm from the centre of projection."""
        (w, h), (width, height) = self.sensor, self.frame
        x = ((np.arange(width) + 0.5) / width - 0.5) * w
        y = ((np.arange(height) + 0.5) / height - 0.5) * h
        found: Doubles = np.stack(np.meshgrid(x, y), -1) - self.optics.projection_offset
        return found

    def errors(self, seen: Doubles) -> Doubles:
        """Distance in pixels between each pixel that is lit and where its position is seen by the
        lens file."""
        lit = seen[..., 3] > 0.999
        x, y, _ = projected(_frustum(self.pose, _UNIT), seen[lit][:, :3])
        tangents = np.stack((2.0 * x - 1.0, 1.0 - 2.0 * y), -1)
        optics = optics_of(self.lens)
        at = distorted(optics.distortion, tangents * optics.focal_mm)
        return self._pixels(at - self.middles()[lit])

    def moved(self) -> Doubles:
        """How far each pixel's place is moved by the distortion, in pixels."""
        at = self.middles()
        return self._pixels(distorted(self.optics.distortion, at) - at)

    def _pixels(self, mm: Doubles) -> Doubles:
        found: Doubles = np.hypot(
            mm[..., 0] / self.sensor[0] * self.frame[0], mm[..., 1] / self.sensor[1] * self.frame[1]
        )
        return found

    def straightness(self, seen: Doubles) -> Straightness:
        """RMS distance of the grid's points from their lines, undistorted and as seen."""
        back = self.pose.inverse()
        q = back.rotation
        axes = [q.rotate(Vec3(*axis)) for axis in np.eye(3).tolist()]
        turn = np.array([[a.x, a.y, a.z] for a in axes])
        at = back.position
        local = seen[..., :3] @ turn + np.array([at.x, at.y, at.z])
        lit = seen[..., 3] > 0.999
        middles = self.middles()
        squares: dict[bool, list[float]] = {True: [], False: []}
        for axis in (0, 2):
            field, places = local[..., axis], middles
            mask = lit
            if axis == 2:
                field, places, mask = field.T, np.swapaxes(middles, 0, 1), lit.T
            reach = np.abs(field[mask]).max(initial=0.0) * 0.95
            for level in np.linspace(-reach, reach, LINES):
                points = _crossings(field, places, mask, float(level))
                if len(points) < 20:
                    continue
                undone = undistorted(self.optics.distortion, points)
                scale = np.array([self.frame[0] / self.sensor[0], self.frame[1] / self.sensor[1]])
                squares[True] += _off_line(undone * scale)
                squares[False] += _off_line(points * scale)
        straight, bent = (
            round(float(np.sqrt(np.mean(squares[way]))), 6) if squares[way] else float("inf")
            for way in (True, False)
        )
        return Straightness(straight, bent)


_UNIT = Projection(-1.0, 1.0, -1.0, 1.0, 0.1, 10.0)


def _frustum(pose: Pose, drawn: Projection) -> Frustum:
    d = drawn
    return Frustum(pose, d.left, d.right, d.bottom, d.top, d.near, d.far)


def _straight(lens: ViewLens) -> ViewLens:
    """The lens without its distortion."""
    return msgspec.structs.replace(lens, radial=(0.0,) * 6, tangential=(0.0, 0.0))


def _crossings(field: Doubles, places: Doubles, lit: NDArray[np.bool_], level: float) -> Doubles:
    """The places (mm) at which a field crosses a level along its rows, between two lit pixels."""
    left, right = field[:, :-1] - level, field[:, 1:] - level
    crosses = (left * right <= 0.0) & (left != right) & lit[:, :-1] & lit[:, 1:]
    row, column = np.nonzero(crosses)
    share = (left / (left - np.where(crosses, right, left + 1.0)))[row, column][:, None]
    found: Doubles = places[row, column] * (1.0 - share) + places[row, column + 1] * share
    return found


def _off_line(points: Doubles) -> list[float]:
    """Squared distances of points from their own best line."""
    off = points - points.mean(0)
    _, _, axes = np.linalg.svd(off, full_matrices=False)
    return [float(d) for d in (off @ axes[1]) ** 2]
