"""Draw performers of a show from cameras in its set, without a wall: stills and a contact sheet.

    python examples/performers/sheet.py out/performers            # the sheet of the README

The show is played with buttons instead of recognisers, so a picture takes seconds.
"""

from __future__ import annotations

import sys
from math import atan2, cos, degrees, hypot, radians, sin, tan
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from xrdrama import content
from xrdrama.adapters.panda.figure.figures import Figures
from xrdrama.adapters.panda.graphics import open_graphics
from xrdrama.adapters.panda.set.sets import Sets
from xrdrama.performer.evaluating import eyes_of
from xrdrama.processes.figures import figures_of
from xrdrama.processes.sets import compiled_scene
from xrdrama.show import Tick, advance, opening
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.timing import FrameTime
from xrdrama.wire.events import Entry, Pressed
from xrdrama.wire.frame import Frame, Projection

SHOW = "lantern_headset"
SIZE = (1280, 720)
# Seconds at which an option is picked.
PICKS = {13.6: "remember", 25.3: "take"}


class Shot(NamedTuple):
    """A time in seconds, who is in the picture, and from where they are seen.

    `place` is the camera's, in metres of the set; without one it is `far` metres before the face
    of the first performer, `round` degrees to its left. `width` is the horizontal angle in degrees.
    """

    at: float
    who: tuple[str, ...]
    width: float
    place: tuple[float, float, float] | None = None
    round: float = 0.0
    far: float = 1.15


BOTH = ("lan", "grandmother")
SHOTS = (
    Shot(11.2, ("lan",), 34, round=18),
    Shot(17.5, ("lan",), 34, round=-24),
    Shot(28.6, ("grandmother",), 36, round=34),
    Shot(24.0, ("grandmother",), 36, round=-40),
    Shot(27.4, BOTH, 50, (0.1, 2.2, 1.2)),
    Shot(29.8, BOTH, 52, (-1.8, 1.8, 1.2)),
    Shot(22.5, BOTH, 42, (1.2, 3.2, 1.3)),
    Shot(34.5, BOTH, 50, (-1.0, 1.9, 1.05)),
    Shot(12.4, BOTH, 50, (0.4, 2.2, 1.5)),
    Shot(17.0, BOTH, 50, (0.9, 1.4, 1.7)),
    Shot(32.5, BOTH, 52, (-0.8, 1.2, 1.2)),
    Shot(36.5, BOTH, 54, (1.6, 1.2, 1.9)),
)


class Studio:
    """The show's frames, and its sets with performers on the graphics card."""

    def __init__(self) -> None:
        loaded = content.load_show(SHOW)
        self.production = content.produce(loaded)
        self.graphics = open_graphics()
        self.target = self.graphics.target("still", *SIZE, "srgb8", sort=10)
        performers = {id: one.performer for id, one in self.production.cast.items()}
        figures = Figures(figures_of(loaded, self.production), performers, self.graphics, "full")
        compiled = {name: compiled_scene(name) for name in self.production.scenes}
        self.sets = Sets(self.graphics, compiled, "full", visiting=figures)
        self.view = self.sets.add_view(self.target)

    def frames(self, until: float) -> list[Frame]:
        """The frames of the show up to a time in seconds."""
        show, frames, picks = opening(self.production), [], dict(PICKS)
        for number in range(round(until * 24)):
            time = FrameTime.of(number, self.production.rate)
            due = [at for at in picks if at * 1e9 < time.shows_at]
            pressed = tuple(
                Entry(number, time.shows_at - 1, Pressed("button", picks.pop(at))) for at in due
            )
            show, frame = advance(show, Tick(time, pressed))
            frames.append(frame)
        return frames

    def draw(self, frame: Frame, shot: Shot) -> Image.Image:
        """The picture of a shot at a frame."""
        pose = camera(frame, shot, self)
        half = tan(radians(shot.width / 2))
        tall = half * SIZE[1] / SIZE[0]
        self.sets.update(frame)
        self.view.place(pose, Projection(-half, half, -tall, tall, 0.1, 500.0))
        self.graphics.render()
        return Image.fromarray(self.graphics.picture(self.target))


def camera(frame: Frame, shot: Shot, studio: Studio) -> Pose:
    """Where the camera of a shot is: before the first performer, looking between all of them."""
    standing = {one.id: one for one in frame.performers}
    eyes = [
        eyes_of(standing[name].root, studio.production.cast[name].performer) for name in shot.who
    ]
    way = standing[shot.who[0]].root.pan + radians(shot.round)
    at = eyes[0] + Vec3(-sin(way) * shot.far, cos(way) * shot.far, 0.0)
    aim = sum((eye * (1.0 / len(eyes)) for eye in eyes), Vec3()) - Vec3(0.0, 0.0, 0.05)
    if shot.place is not None:
        at, aim = Vec3(*shot.place), aim - Vec3(0.0, 0.0, 0.3)
    aim = aim - at
    pan, tilt = degrees(atan2(-aim.x, aim.y)), degrees(atan2(aim.z, hypot(aim.x, aim.y)))
    return Pose(at, Quat.from_angles(pan=pan, tilt=tilt))


def main(out: Path) -> None:
    """Draw all shots, and the sheet of them."""
    out.mkdir(parents=True, exist_ok=True)
    studio = Studio()
    frames = studio.frames(max(shot.at for shot in SHOTS) + 0.1)
    stills = []
    for number, shot in enumerate(SHOTS, 1):
        still = studio.draw(frames[round(shot.at * 24)], shot)
        still.save(out / f"still_{number:02}.png")
        stills.append(still.resize((480, 270), Image.Resampling.LANCZOS))
    sheet = Image.new("RGB", (3 * 480 + 8, 4 * 270 + 12))
    for index, still in enumerate(stills):
        sheet.paste(still, ((index % 3) * 484, (index // 3) * 274))
    sheet.save(out / "sheet.jpg", quality=88)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
