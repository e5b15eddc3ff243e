"""Draws the pictures of a previsualisation: the lens view, both plans, the live camera, numbers."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from xrdrama.adapters.charts.board import Board, Risks
from xrdrama.adapters.charts.plan_view import SIDE, TOP, Eye, Marks, Picture, PlanView
from xrdrama.adapters.panda.graphics import Graphics
from xrdrama.adapters.panda.pictures import StagePictures
from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.show.filming import Filming, SubFrame, exposed
from xrdrama.show.iris import Iris
from xrdrama.show.lenses import optics_of
from xrdrama.spatial import Pose
from xrdrama.stage import Camera
from xrdrama.stage.advice.footprint import footprint, section
from xrdrama.stage.advice.shot import Met, risk_map, shot_of, wall_ahead
from xrdrama.stage.advice.surfaces import surfaces_of
from xrdrama.stage.advice.tree import Walls
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


Lines = tuple[tuple[tuple[float, float, float], ...], ...]


class _Exposed(msgspec.Struct, frozen=True):
    """An exposure of a frame: its time, the frame on the walls, the film camera with its lens and
    iris, and the wall in the middle of the picture."""

    at: int
    walls: Frame
    film: Pose
    lens: ViewLens | None
    camera: Camera
    iris: IrisValues
    met: Met


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
        self.wall_pieces = Walls.of(surfaces_of(previs.stage))
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
        walls = [surface.corners for surface in self.wall_pieces.surfaces]
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
        now = self._exposed(late="slip" in self.layers)
        film, camera, shown = now.film, now.camera, _inner(now.walls, self.camera)
        ends = footprint(self.wall_pieces, shown.pose, _edges(shown))
        self.pictures.lens.edges.show(ends if "overscan_edge" in self.layers else (), film.position)
        overlay = self.pictures.lens.overlay.root
        overlay.show() if "captions" in self.layers else overlay.hide()
        exposure = self._exposure(now.at, now.iris)
        self.pictures.present(frame, film, now.lens, walls=now.walls, exposure=exposure)
        numbers = self._numbers(frame, now)
        risks: Risks | None = None
        if "moire" in self.layers:
            risks = risk_map(self.wall_pieces, camera, film, now.iris.focus_m, MAP_CELLS)
        return self._composed(now, numbers, ends, risks), numbers

    def _exposed(self, *, late: bool) -> _Exposed:
        """The exposure of the newest frame, with late walls or with walls in time."""
        at, stage, camera = self.playback.exposed_at(late=late), self.previs.stage, self.chosen
        film, lens = self.playback.film(self.camera, at)
        if lens is not None:
            camera = camera.with_optics(optics_of(lens))
        tracked = self.playback.films[self.camera].iris_at(at)
        met = wall_ahead(self.wall_pieces, camera, film)
        distance = met[0] if met else None
        iris = iris_values(self.previs.wanted, camera, stage, film, lens, tracked, distance)
        camera = replace(camera, aperture=iris.aperture)
        return _Exposed(at, self.playback.walls(late=late), film, lens, camera, iris, met)

    def _numbers(self, frame: Frame, drawn: _Exposed) -> Numbers:
        """The numbers of a frame: those of late walls, whatever layers are drawn."""
        now = drawn if "slip" in self.layers else self._exposed(late=True)
        shown = _inner(now.walls, self.camera).pose
        shot = shot_of(self.wall_pieces, now.camera, now.film, shown, now.met, now.iris.focus_m)
        tracked = next((one for one in frame.cameras if one.id == self.camera), None)
        return Numbers(shot, now.iris, frame, tracked.state if tracked else "none")

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
        now: _Exposed,
        numbers: Numbers,
        ends: Lines,
        risks: Risks | None,
    ) -> Picture:
        picture = self._lens_picture
        if picture is None:
            picture = self.pictures.newest("lens")
        marks = self._marks(now, ends)
        rows = rows_of(numbers, self.chosen, self.previs.latency, late="slip" in self.layers)
        live, live_title = self._live(numbers.frame)
        focal_mm = now.camera.lens.focal * 1000
        return self._board.compose(
            title=f"through the lens of {self.camera}, {focal_mm:.1f} mm, simulated",
            lens=picture,
            top=self._top.picture(marks),
            side=self._side.picture(marks),
            rows=rows,
            lines=self._lines(numbers),
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
        now: _Exposed,
        ends: Lines,
    ) -> Marks:
        camera, film = now.camera, now.film
        reach = (now.met[0] if now.met else _NO_WALL_M) * _BEYOND
        eye = Eye(camera.id, _point(film), section(film, camera.lens.edges, reach))
        stage = self.production.stage
        assert stage is not None
        others = []
        for other in stage.cameras:
            if other.id != camera.id:
                pose, _ = self.playback.film(other.id, now.at)
                others.append(Eye(other.id, _point(pose), section(pose, other.lens.edges, reach)))
        actor = stage.stand_in
        feet = (actor.at.x, actor.at.y, actor.at.z) if actor else None
        standing = (feet, (feet[0], feet[1], feet[2] + STAND_IN_M)) if feet else ()
        return Marks(eye, tuple(others), ends, standing)

    def _lines(self, numbers: Numbers) -> list[tuple[str, str]]:
        frame, state = numbers.frame, numbers.tracking
        on = [name for name in LAYERS if name in self.layers]
        off = [name for name in LAYERS if name not in self.layers]
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
