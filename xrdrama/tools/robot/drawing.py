"""Draws the set with a simulated robot in the pose that its body had, not the commanded one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from xrdrama.adapters.panda.figure.figures import PoseAt
from xrdrama.adapters.video.files import VideoWriter
from xrdrama.errors import UsageError
from xrdrama.performer import Performing, Pose
from xrdrama.performer.robot.picturing import pose_of
from xrdrama.processes.stopping import Stopped
from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.saving import saving
from xrdrama.show import Production
from xrdrama.show.filming import AS_SEEN
from xrdrama.show.ports import Stop
from xrdrama.tools.robot.simulating import Simulated
from xrdrama.tools.takes.effects import Filmed
from xrdrama.tools.takes.instead import AS_TAKEN, Instead, Opened, open_instead
from xrdrama.tools.takes.rendering import needed
from xrdrama.tools.takes.stills import draw_stills

VIDEO: Final = "simulated.mp4"


def body_poses(done: Simulated) -> PoseAt:
    """The poses of a simulation's joint track at times of the show, on the mark where the robot
    first appeared."""
    track = done.track
    times = [round(row.at_s * 1e9) for row in track]

    def at(performing: Performing, now: int) -> Pose:
        row = track[min(bisect_left(times, now), len(track) - 1)]
        return pose_of(row.angles, row.root, done.mark, done.hips)

    return at


def refuse_undrawable(production: Production, name: str) -> None:
    """UsageError unless the robot `name` of a show can be drawn."""
    if production.stage is None:
        raise UsageError(
            f"the show {production.id!r} has no stage to draw the robot on",
            "add stage: to the show file, or leave --still and --video out",
        )
    member = production.cast[name]
    if member.performer.body.skeleton is None:
        raise UsageError(
            f"the robot {name!r} has no figure to draw",
            f"add figure: assets/{member.performer.id}.glb to its performer file",
        )
    if member.spec.on != "set":
        raise UsageError(
            f"the robot {name!r} is on the stage, not in the set: it is not drawn",
            f"remove on: from {name} in the show file",
        )


def draw_simulated(
    done: Simulated,
    out: Path,
    numbers: Sequence[int],
    *,
    video: bool,
    instead: Instead = AS_TAKEN,
    stop: Stop,
    notice: Callable[[str], None] = lambda text: None,
) -> tuple[Path, ...]:
    """Draw frames of a simulation, by their numbers, as pictures into the folder `out`, and with
    `video` all of them as a video without sound. Returns the files.

    UsageError for a frame that the simulation does not have; Stopped when `stop` is set.
    """
    poses = {done.performer: body_poses(done)}
    files: list[Path] = []
    if numbers:
        drawn = draw_stills(
            done.result.take, out, instead=instead, numbers=numbers, poses=poses, on_notice=notice
        )
        files += drawn.files
    if video:
        files.append(_video(done.result.take, out / VIDEO, poses, instead, stop, notice))
    return tuple(files)


def _video(
    take: Path,
    file: Path,
    poses: dict[str, PoseAt],
    instead: Instead,
    stop: Stop,
    notice: Callable[[str], None],
) -> Path:
    opened = open_instead(take, instead, notice=notice)
    stage, filmed = opened.production.stage, Filmed(opened, AS_SEEN)
    assert stage is not None  # `Filmed` refuses such a take
    size = stage.camera_named(opened.camera).picture
    with saving(file) as part:
        if not _draw_all(opened, filmed, part, size, poses, stop):
            raise Stopped(take)
    return file


def _draw_all(
    opened: Opened,
    filmed: Filmed,
    file: Path,
    size: tuple[int, int],
    poses: dict[str, PoseAt],
    stop: Stop,
) -> bool:
    """Draw every frame into a file; False when `stop` was set before the last one."""
    with VideoWriter(file, size, opened.production.rate) as writer:
        pictures = stage_pictures(
            opened.loaded, opened.production, camera=opened.camera, lens_sink=writer.write,
            poses=poses,
        )  # fmt: skip
        try:
            filmed.begin(pictures)
            for _, frame, _ in needed(opened, 0, len(opened.take.ticks), 0):
                if stop.is_set():
                    return False
                filmed.present(pictures, frame)
        finally:
            pictures.close()
    return True
