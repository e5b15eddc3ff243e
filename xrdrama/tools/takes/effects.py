"""The pictures of a take as its film camera takes them, with the effects that are simulated."""

from __future__ import annotations

from xrdrama.adapters.panda.pictures import StagePictures
from xrdrama.errors import UsageError
from xrdrama.show.filming import Filming, LateWalls, SubFrame, exposed
from xrdrama.show.iris import Source, aperture_of, focus_of
from xrdrama.spatial import Pose
from xrdrama.stage.effects import MODELS
from xrdrama.stage.exposure import MOST, SPACING
from xrdrama.timing import NS
from xrdrama.tools.takes.instead import Opened
from xrdrama.wire.frame import Frame, ViewLens


class Filmed:
    """Draws frames of a take, in order. UsageError for an effect that lacks a value."""

    def __init__(self, opened: Opened, filming: Filming) -> None:
        stage = opened.production.stage
        if stage is None:
            raise UsageError(
                "the show of the take has no stage", "use a take of a show with a stage"
            )
        filming.check()
        self._stage, self._filming = stage, filming
        self._camera = stage.camera_named(opened.camera)
        self._film = opened.film()
        rate = opened.production.rate
        self._walls = LateWalls(rate, filming.lag(stage, rate), filming.ahead(stage, rate))
        self._open_for = filming.open_for(self._camera, rate)
        lens, tracked = self._film.at_time(0)[1], self._film.iris_at(0)
        filming.iris(self._camera, stage, self._camera.safe, lens, tracked)

    @property
    def early(self) -> int:
        """How many frames before the first one it needs, beside those of outer pictures."""
        return self._walls.late

    def begin(self, pictures: StagePictures) -> None:
        """Switch the effects that are in the drawing of walls and floor."""
        pictures.simulate(self._filming.effects)

    def draw_outer(self, pictures: StagePictures, frame: Frame) -> None:
        """Draw only outer pictures, for later frames."""
        pictures.draw_outer(self._walls.shown(frame))

    def present(self, pictures: StagePictures, frame: Frame) -> None:
        """Draw a frame."""
        walls = self._walls.shown(frame)
        film_at = self._walls.film_at(frame)
        exposure = self._exposure(frame, film_at)
        pictures.present(frame, *self._film.at_time(film_at), walls=walls, exposure=exposure)

    def _exposure(self, frame: Frame, at: int) -> tuple[SubFrame, ...]:
        if not (self._open_for or self._filming.effects.depth_of_field):
            return ()

        def path(now: int) -> tuple[Pose, ViewLens | None]:
            pose, lens = self._film.at_time(now)
            if pose is None:
                pose = next(v.pose for v in frame.views if v.camera == self._camera.id)
            return pose, lens

        pose, lens = path(at)
        tracked = self._film.iris_at(at)
        iris = self._filming.iris(self._camera, self._stage, pose, lens, tracked)
        return exposed(path, at, self._open_for, iris, self._camera, self._stage)


_FOCUS: dict[Source, str] = {
    "lens": "the focus of the lens file",
    "tracker": "the focus that the tracker sent",
    "stand-in": "the stand-in",
}


def simulated(opened: Opened, filming: Filming) -> dict[str, str]:
    """What is simulated, by the name of the effect: its values, then what kind of model it is."""
    stage, film = opened.production.stage, opened.film()
    assert stage is not None
    camera, rate = stage.camera_named(opened.camera), opened.production.rate
    values: dict[str, str] = {}
    if filming.effects.motion_blur:
        shutter = camera.shutter if filming.shutter is None else filming.shutter
        values["motion_blur"] = f"shutter angle {shutter:g} degrees"
    if filming.effects.depth_of_field:
        tracked, lens = film.iris_at(0), film.at_time(0)[1]
        aperture = aperture_of(filming.aperture, camera, tracked)
        focus = focus_of(filming.focus, camera, stage, camera.safe, lens, tracked)
        assert aperture is not None and focus is not None  # `Filmed` refuses such a take
        where = _FOCUS.get(focus.source, f"{focus.value:g} m")
        sent = ", then as the tracker sent it" if aperture.source == "tracker" else ""
        widest = 2.0 * SPACING * (MOST / 0.7854) ** 0.5
        values["depth_of_field"] = (
            f"f/{aperture.value:g}{sent}, in focus: {where}; {MOST} pictures at most: discs over "
            f"{widest:.0f} pixels look dotted"
        )
    if filming.effects.off_angle:
        angles = dict.fromkeys(wall.viewing for wall in stage.walls)
        values["off_angle"] = "viewing angles " + "; ".join(
            ", ".join(f"{angle:g}" for angle in three) for three in angles
        )
    if filming.effects.shadow:
        values["shadow"] = "on the floor" if stage.stand_in else "no stand-in on this stage"
    if filming.effects.slip:
        ahead = stage.delays.lookahead(rate)
        frames = (filming.lag(stage, rate) - ahead) / NS / rate.period
        values["slip"] = f"the pose is {frames:.3g} frames old"
    return {name: f"{values[name]} ({MODELS[name]})" for name in filming.effects.names}
