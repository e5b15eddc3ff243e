"""Renders a take at its full frame rate, with several processes, each for some of the frames.

Live, a machine may be too slow to draw every frame, but the take has the values of all frames. The
film camera is where the tracker measured it at each frame's own time, which is known by now. The
walls show what was predicted during the show. So the picture shows the real error of tracking.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import msgspec

from xrdrama import content
from xrdrama.adapters.audio.files import read_sound
from xrdrama.adapters.audio.mixing import SAMPLE_RATE, Samples, mix_all
from xrdrama.adapters.panda.set.materials import Quality
from xrdrama.adapters.video.files import Picture, VideoWriter, join
from xrdrama.errors import XrdramaError
from xrdrama.processes.drawing import DrawnPart, draw_parts
from xrdrama.processes.stopping import Stopped
from xrdrama.processes.supervisor import Command
from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.run.result import Result
from xrdrama.saving import unwritable
from xrdrama.show import Production
from xrdrama.show.cast import undrawn_text
from xrdrama.show.filming import AS_SEEN, Filming
from xrdrama.show.ports import Stop
from xrdrama.stage.canvases import placed_text
from xrdrama.timing import NS
from xrdrama.tools.takes.effects import Filmed, simulated
from xrdrama.tools.takes.instead import AS_TAKEN, Difference, Instead, Opened, open_instead
from xrdrama.tools.takes.replaying import findings_of
from xrdrama.wire.frame import Frame, Sound

LENS, WALL = "through_the_lens.mp4", "wall.mp4"
DRAWING = ".drawing-"
"""Prefix of the folders in which the parts of videos are kept."""
Progress = Callable[[int, int], None]


class Drawn(msgspec.Struct, frozen=True):
    """The result: the videos, the number of frames, the seconds it took, the frames that differ."""

    lens: Path
    wall: Path
    frames: int
    seconds: float
    different: int
    torn: bool = False
    """After these frames the take contains data that cannot be read."""
    missing: tuple[str, ...] = ()
    """Sounds of the take whose files are missing; the videos do not have them."""
    findings: tuple[str, ...] = ()
    """Messages about problems of the take's file or of the videos."""
    differences: tuple[Difference, ...] = ()
    """The values that differ from those of the take, because the caller wanted them to."""
    simulated: dict[str, str] = {}
    """The effects that were simulated: their values and models."""
    pixels: str = ""
    """The SHA-256 of all pictures of the wall, as they were drawn: equal pictures have equal ones.
    Under llvmpipe a few pixels of the camera's pictures may differ by one level between runs."""


def draw_take(
    path: Path,
    out: Path,
    *,
    instead: Instead = AS_TAKEN,
    filming: Filming = AS_SEEN,
    quality: Quality = "full",
    jobs: int | None = None,
    progress: Progress = lambda done, total: None,
    on_notice: Callable[[str], None] = lambda text: None,
    stop: Stop | None = None,
) -> Drawn:
    """Render both videos of a take, with sound, into the folder `out`.

    `instead` has values that are used instead of those of the take, `filming` the effects that are
    simulated. Raises Stopped when `stop` is set. `on_notice` is called when a drawing process is
    restarted, and when the looks of the show have changed since.
    """
    began = time.monotonic()
    stop = stop or threading.Event()
    opened = open_instead(path, instead, notice=on_notice)
    take, production = opened.take, opened.production
    if production.stage:
        Filmed(opened, filming)  # refuses what is missing before anything is drawn
    _name_contents(opened, out, on_notice, of_one_camera=bool(instead.camera))
    frames = []
    for number, frame, _ in opened.frames():
        if stop.is_set():
            raise Stopped(path)
        frames.append((number, frame))
    count = len(frames)
    jobs = min(jobs or os.cpu_count() or 1, max(1, count // 24))
    parts = [(count * i // jobs, count * (i + 1) // jobs) for i in range(jobs)]
    with _parts_folder(out) as folder:
        drawn = _draw_parts(
            [str(path), str(folder)],
            parts,
            [quality, *(msgspec.json.encode(value).decode() for value in (instead, filming))],
            lambda done: progress(done, count),
            on_notice,
            stop,
        )
        if stop.is_set():
            raise Stopped(path)
        sound, missing = sound_of([frame for _, frame in frames], opened.loaded, production)
        for name in (LENS, WALL):
            files = [part_file(folder, name, first) for first, _ in parts]
            join(files, sound, out / name, production.rate)
            for file in files:
                file.unlink()
    different = sum(part.different for part in drawn)
    findings = (
        *findings_of(take, path), *opened.findings, *_not_as_taken(different, missing, instead)
    )  # fmt: skip
    return Drawn(
        out / LENS, out / WALL, count, time.monotonic() - began, different, take.torn, missing,
        findings, opened.differences, simulated(opened, filming) if filming.effects else {},
        pixels_of(drawn),
    )  # fmt: skip


def pixels_of(parts: Sequence[DrawnPart]) -> str:
    """One SHA-256 over those of all frames, in hex."""
    return sha256("".join(one for part in parts for one in part.pixels).encode()).hexdigest()


def _name_contents(
    opened: Opened, out: Path, on_notice: Callable[[str], None], *, of_one_camera: bool
) -> None:
    """Say which performers are not drawn; which videos in `out` are replaced; of which camera the
    video is, if the stage has several and none was chosen; and where the canvases are, if it has
    several."""
    if replaced := [name for name in (LENS, WALL) if (out / name).exists()]:
        verb, them = ("are", "them") if len(replaced) > 1 else ("is", "it")
        names = " and ".join(replaced)
        on_notice(f"{names} in {out} {verb} replaced; to keep {them}, use another --out")
    if undrawn := undrawn_text(opened.production.cast):
        on_notice(undrawn)
    stage = opened.production.stage
    if stage is None:
        return
    others = [one.id for one in stage.cameras if one.id != opened.camera]
    if others and not of_one_camera:
        names = ", ".join(others)
        on_notice(f"{LENS} is of the camera {opened.camera}; for {names}, xrdrama render --camera")
    if stage.canvases:
        on_notice(f"{WALL} has all canvases in one picture: {placed_text(stage.canvases)}")


def with_videos(
    result: Result,
    out: Path,
    *,
    quality: Quality,
    progress: Progress,
    on_notice: Callable[[str], None],
    stop: Stop,
) -> Result:
    """The result of a run with the videos of its take, or with the reason why they are missing."""
    try:
        drawn = draw_take(
            result.take, out, quality=quality, progress=progress, on_notice=on_notice, stop=stop
        )
    except XrdramaError as error:  # the take is complete, so the run has not failed
        return msgspec.structs.replace(result, undrawn=str(error))
    return msgspec.structs.replace(result, videos=(drawn.lens, drawn.wall), drawn=drawn.frames)


def _not_as_taken(different: int, missing: tuple[str, ...], instead: Instead) -> list[str]:
    found = [
        f"the videos lack the sound {name!r}, which has no file: add the file and render again"
        for name in missing
    ]
    if different:
        what = "have another story than" if instead else "differ from"
        found.append(f"{different} frames {what} those of the take: run xrdrama replay to compare")
    return found


@contextmanager
def _parts_folder(out: Path) -> Iterator[Path]:
    """A folder for the parts of videos, deleted at the end with files of killed processes."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        _delete_stale(out)
        folder = tempfile.TemporaryDirectory(prefix=DRAWING, dir=out)
        # The lock is held until this process ends in any way: a folder without a lock is stale.
        lock = os.open(folder.name, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError as error:
        raise unwritable(out, error) from error
    try:
        with folder as name:
            yield Path(name)
    finally:
        os.close(lock)


def _delete_stale(out: Path) -> None:
    """Delete the folders of parts in `out` that belong to killed renderings."""
    for folder in out.glob(f"{DRAWING}*"):
        with contextlib.suppress(OSError):
            # Do not follow links: their targets are not ours.
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if all(entry.suffix == ".mp4" for entry in folder.iterdir()):
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


def _draw_parts(
    files: list[str],
    parts: list[tuple[int, int]],
    how: list[str],
    progress: Callable[[int], None],
    on_notice: Callable[[str], None],
    stop: Stop,
) -> list[DrawnPart]:
    threads = max(1, (os.cpu_count() or 1) // len(parts))
    environment = {**os.environ, "LP_NUM_THREADS": str(threads)}
    line = [sys.executable, "-m", "xrdrama", "draw", *files]
    commands = [
        Command([*line, str(first), str(last), *how], environment=environment)
        for first, last in parts
    ]
    return draw_parts(commands, progress, on_notice, stop)


def part_file(out: Path, name: str, first: int) -> Path:
    """The path of the part that begins at frame index `first`, until the parts are joined."""
    return out / f"{first:06}.{name}"


def draw_part(
    path: Path,
    out: Path,
    first: int,
    last: int,
    quality: Quality,
    instead: Instead = AS_TAKEN,
    filming: Filming = AS_SEEN,
    *,
    beyond: bool = False,
) -> Iterator[tuple[int, str]]:
    """Draw the frames with index `first` to `last` of a take into parts (in a child process).

    Yields for each frame 1 if it differs from the recorded one, else 0, and the SHA-256 of its
    picture of the wall in hex, as it was drawn. With `beyond` also for the frame after them, if
    there is one, which is not in the parts.
    """
    opened = open_instead(path, instead)
    production = opened.production
    stage = production.stage
    assert stage is not None
    size = stage.camera_named(opened.camera).picture
    with (
        VideoWriter(part_file(out, LENS, first), size, production.rate) as lens,
        VideoWriter(part_file(out, WALL, first), stage.canvas, production.rate, quality=22) as wall,
    ):
        recording = False
        seen = sha256()

        def take_wall(picture: Picture) -> None:
            seen.update(picture.tobytes())
            if recording:
                wall.write(picture)

        pictures = stage_pictures(
            opened.loaded,
            production,
            quality=quality,
            camera=opened.camera,
            lens_sink=lambda picture: lens.write(picture) if recording else None,
            wall_sink=take_wall,
        )
        filmed = Filmed(opened, filming)
        filmed.begin(pictures)
        early = stage.outer.every + filmed.early
        for index, frame, same in needed(opened, first, last + beyond, early):
            if index < first:
                filmed.draw_outer(pictures, frame)
                continue
            recording = index < last
            seen = sha256()
            filmed.present(pictures, frame)
            yield int(not same), seen.hexdigest()
        pictures.close()


def needed(opened: Opened, first: int, last: int, every: int) -> Iterator[tuple[int, Frame, bool]]:
    """The frames of a take with index `first` to `last`, and the earlier ones whose outer pictures
    they show: index, frame, and whether it equals the recorded one.

    Several frames share an outer picture, which is redrawn every `every` frames, and frozen outer
    pictures are those of the frame in which they were frozen.
    """
    early = first - every
    frozen: tuple[int, Frame, bool] | None = None
    for index, (_, frame, same) in enumerate(opened.frames()):
        if index >= last:
            return
        if frame.frozen_at is None:
            frozen = None
        elif frozen is None or frozen[1].frozen_at != frame.frozen_at:
            frozen = index, frame, same
        if index < early:
            continue
        if frozen is not None and frozen[0] < early:
            yield frozen
            frozen = index, frame, same
        yield index, frame, same


def sound_of(
    frames: list[Frame], loaded: content.Loaded, production: Production
) -> tuple[Samples | None, tuple[str, ...]]:
    """The sound of some frames from the first one's time (None for a show without sounds), and the
    names of sounds that have no file."""
    if not frames:
        return None, ()
    rate = production.rate
    first, last = frames[0].number, frames[-1].number + 1
    begin, end = (rate.shows_at(number) * SAMPLE_RATE // NS for number in (first, last))
    sounds: list[Sound] = [sound for frame in frames for sound in frame.sounds]
    if not sounds:
        return None, ()
    folder = sounds_of(loaded)
    missing: dict[str, None] = {}

    def load(name: str) -> Samples | None:
        path = content.sound_file(folder, name) if folder else None
        if path is None:
            missing[name] = None
            return None
        return read_sound(path)

    mixed = mix_all(sounds, load, end)[begin:]
    return mixed, tuple(missing)


def sounds_of(loaded: content.Loaded) -> Path | None:
    """The folder of the sounds of a show's story."""
    name = loaded.roles.get("story", "")
    path = loaded.path("story") or content.located(name, Path.cwd())
    return content.sounds_folder(path) if path else None
