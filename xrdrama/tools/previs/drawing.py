"""Draws the pictures of a previsualisation: the lens view, both plans, the live camera, numbers."""

from __future__ import annotations

from msgspec.structs import replace

from xrdrama.adapters.charts.board import Board, Risks
from xrdrama.adapters.charts.plan_view import SIDE, TOP, Eye, Marks, Picture, PlanView
from xrdrama.adapters.panda.graphics import Graphics
from xrdrama.adapters.panda.pictures import StagePictures
from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.show.filming import Filming, Iris, SubFrame, exposed
from xrdrama.show.lenses import optics_of
from xrdrama.spatial import Pose
from xrdrama.stage import Camera
from xrdrama.stage.advice.footprint import footprint, section
from xrdrama.stage.advice.shot import Shot, risk_map, shot_of, wall_ahead
from xrdrama.stage.advice.surfaces import surfaces_of
from xrdrama.tools.previs.iris import IrisValues, iris_values
from xrdrama.tools.previs.layers import LAYERS, effects_of
from xrdrama.tools.previs.live import Live
from xrdrama.tools.previs.numbers import Numbers, rows_of
from xrdrama.tools.previs.opening import Previs
from xrdrama.tools.previs.playing import Playback
from xrdrama.tools.takes.instead import with_lens
from xrdrama.wire.frame import Frame, View, ViewLens

MAP_CELLS = (16, 9)
STAND_IN_M = 1.75
"""The height of the stand-in in the plans."""
_BEYOND = 1.15
"""How much farther than the wall a frustum is drawn in the plans."""
_NO_WALL_M = 8.0


class Drawing:
    """The pictures of an opened previsualisation. `layers` may be changed between two pictures."""

    def __init__(
        self,
        previs: Previs,
        layers: frozenset[str],
        live: Live | None = None,
        *,
        draft: bool = False,
        graphics: Graphics | None = None,
    ) -> None:
        self.previs, self.layers, self.live = previs, layers, live
        self.production, self.camera = previs.production, previs.camera
        self.playback = Playback(
            previs.production, previs.samples, previs.latency.lag_ns, previs.wanted.choices
        )
        self.pictures: StagePictures = stage_pictures(
            previs.loaded,
            previs.drawn(previs.production),
            quality="draft" if draft else "full",
            camera=previs.camera,
            lens_sink=self._take if graphics is None else None,
            graphics=graphics,
            live=graphics is not None,
        )
        self._lens_picture: Picture | None = None
        self.surfaces = surfaces_of(previs.stage)
        self._set_up_board()

    def _take(self, picture: Picture) -> None:
        self._lens_picture = picture

    @property
    def chosen(self) -> Camera:
        """The chosen camera, with its picture as in the stage file."""
        stage = self.production.stage
        assert stage is not None
        return stage.camera_named(self.camera)

    def _set_up_board(self) -> None:
        picture = self.chosen.picture
        size, live = self.previs.size, self.live is not None
        self._board = Board(size, aspect=picture[0] / picture[1], live=live)
        walls = [surface.corners for surface in self.surfaces]
        stage, films = self.previs.stage, self.playback.films.values()
        within = [_point(pose) for camera in films for pose in camera.places(40)]
        within += [_point(camera.safe) for camera in stage.cameras]
        within += [(x, y, 0.0) for x, y, _ in within]
        top, side = self._board.places.top, self._board.places.side
        self._top = PlanView(
            "top view, metres, simulated", (top.width, top.height), TOP, walls, within
        )
        self._side = PlanView(
            "side view, metres, simulated", (side.width, side.height), SIDE, walls, within
        )

    def switched(self) -> dict[str, bool]:
        """Which layers are on."""
        return {name: name in self.layers for name in LAYERS}

    def turn_to_next(self) -> None:
        """Draw the next camera of the stage from now on."""
        ids = [camera.id for camera in self.previs.stage.cameras]
        self.camera = ids[(ids.index(self.camera) + 1) % len(ids)]
        self.pictures.turn_to(self.camera)
        self._set_up_board()

    def set_lens(self, focal_mm: float | None) -> None:
        """Put a lens without distortion on the camera, or its own one again (None)."""
        own = self.previs.stage.camera_named(self.camera)
        camera = own if focal_mm is None else with_lens(own, f"{focal_mm:g}")
        assert self.production.stage is not None
        stage = self.production.stage.with_camera(camera)
        self.production = replace(self.production, stage=stage)
        self.playback.change(self.production)
        drawn = self.previs.drawn(self.production).stage
        assert drawn is not None
        self.pictures.lens.camera = drawn.camera_named(self.camera)

    # -- frames ---------------------------------------------------------------------------------

    @property
    def turns(self) -> int:
        """The number of frames before a picture whose outer pictures it may show."""
        return self.previs.stage.outer.every + 1

    def prepare(self) -> None:
        """Draw only the outer pictures of the newest frame, which later frames show."""
        self.pictures.draw_outer(self.playback.walls(late="slip" in self.layers))

    def draw(self, frame: Frame) -> tuple[Picture, Numbers]:
        """The picture of the newest frame of the playback, and its numbers."""
        late = "slip" in self.layers
        walls, at = self.playback.walls(late=late), self.playback.exposed_at(late=late)
        film, lens = self.playback.film(self.camera, at)
        shown = _inner(walls, self.camera)
        camera, iris = self._at_setting(film, lens, at)
        ends = footprint(self.surfaces, shown.pose, _edges(shown))
        self.pictures.lens.edges.show(ends if "overscan_edge" in self.layers else (), film.position)
        overlay = self.pictures.lens.overlay.root
        overlay.show() if "captions" in self.layers else overlay.hide()
        exposure = self._exposure(at, iris)
        self.pictures.present(frame, film, lens, walls=walls, exposure=exposure)
        shot = shot_of(self.surfaces, camera, film, shown.pose, iris.focus_m)
        risks: Risks | None = None
        if "moire" in self.layers:
            risks = risk_map(self.surfaces, camera, film, iris.focus_m, MAP_CELLS)
        picture = self._composed(frame, film, camera, iris, shot, ends, risks)
        return picture, Numbers(shot, iris, frame)

    def _at_setting(self, film: Pose, lens: ViewLens | None, at: int) -> tuple[Camera, IrisValues]:
        """The chosen camera with its lens and aperture at a time, and its iris."""
        stage, camera = self.previs.stage, self.chosen
        if lens is not None:
            camera = camera.with_optics(optics_of(lens))
        tracked = self.playback.films[self.camera].iris_at(at)
        wall = wall_ahead(self.surfaces, camera, film)
        iris = iris_values(self.previs.wanted, camera, stage, film, lens, tracked, wall)
        return replace(camera, aperture=iris.aperture), iris

    def _exposure(self, at: int, iris: IrisValues) -> tuple[SubFrame, ...]:
        """The pictures that the film camera's is the mean of; none without an effect that blurs."""
        effects = effects_of(self.layers)
        self.pictures.simulate(effects)
        if not (effects.motion_blur or effects.depth_of_field):
            return ()
        stage, camera = self.previs.stage, self.pictures.lens.camera
        filming = Filming(effects, self.previs.wanted.shutter)
        open_for = filming.open_for(camera, self.production.rate)
        blurred = Iris(iris.aperture, iris.focus_m) if effects.depth_of_field else None

        def path(now: int) -> tuple[Pose, ViewLens | None]:
            return self.playback.film(self.camera, now)

        return exposed(path, at, open_for, blurred, camera, stage)

    def _composed(
        self,
        frame: Frame,
        film: Pose,
        camera: Camera,
        iris: IrisValues,
        shot: Shot,
        ends: tuple[tuple[tuple[float, float, float], ...], ...],
        risks: Risks | None,
    ) -> Picture:
        picture = self._lens_picture
        if picture is None:
            picture = self.pictures.newest("lens")
        marks = self._marks(frame, film, camera, shot, ends)
        rows = rows_of(shot, camera, iris, self.previs.latency, late="slip" in self.layers)
        live, live_title = self._live(frame)
        return self._board.compose(
            title=f"through the lens of {camera.id}, {shot.focal_mm:.1f} mm, simulated",
            lens=picture,
            top=self._top.picture(marks),
            side=self._side.picture(marks),
            rows=rows,
            lines=self._lines(frame),
            live=live,
            live_title=live_title,
            risks=risks,
        )

    def _live(self, frame: Frame) -> tuple[Picture | None, str]:
        if self.live is None:
            return None, ""
        picture = self.live.at(frame.time.shows_at)
        if self.live.fault:
            return picture, f"{self.live.name}: {self.live.fault}"
        return picture, f"live: {self.live.name}"

    def _marks(
        self,
        frame: Frame,
        film: Pose,
        camera: Camera,
        shot: Shot,
        ends: tuple[tuple[tuple[float, float, float], ...], ...],
    ) -> Marks:
        reach = (shot.distance_m or _NO_WALL_M) * _BEYOND
        eye = Eye(camera.id, _point(film), section(film, camera.lens.edges, reach))
        stage = self.production.stage
        assert stage is not None
        others = []
        for other in stage.cameras:
            if other.id != camera.id:
                pose, _ = self.playback.film(other.id)
                others.append(Eye(other.id, _point(pose), section(pose, other.lens.edges, reach)))
        actor = stage.stand_in
        feet = (actor.at.x, actor.at.y, actor.at.z) if actor else None
        standing = (feet, (feet[0], feet[1], feet[2] + STAND_IN_M)) if feet else ()
        return Marks(eye, tuple(others), ends, standing)

    def _lines(self, frame: Frame) -> list[tuple[str, str]]:
        on = [name for name in LAYERS if name in self.layers]
        off = [name for name in LAYERS if name not in self.layers]
        state = frame.tracked.state if frame.tracked else "none"
        lines = [
            (
                f"frame {frame.number}, {frame.time.timecode}, beat {frame.beat}, tracking {state}",
                "",
            ),
            (f"layers on: {', '.join(on) or 'none'}; off: {', '.join(off) or 'none'}", ""),
        ]
        lines += [(alarm.text, "bad") for alarm in frame.alarms]
        return lines + [(text, "some") for text in self.previs.notices]

    def close(self) -> None:
        """Release the graphics and the live picture."""
        self.pictures.close()
        if self.live is not None:
            self.live.close()


def _inner(frame: Frame, camera: str) -> View:
    return next(v for v in frame.views if v.target == "inner" and v.camera == camera)


def _edges(view: View) -> tuple[float, float, float, float]:
    p = view.projection
    return p.left, p.right, p.bottom, p.top


def _point(pose: Pose) -> tuple[float, float, float]:
    return pose.position.x, pose.position.y, pose.position.z
