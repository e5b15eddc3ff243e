"""Drawing a take again at its full rate: by several processes at once, each a stretch of frames.

Live, a machine may be too slow to draw every frame; the values of all frames are in the take, so
nothing is lost. The film camera stands where the tracker said it was at each frame's own time,
which is known by now, while the walls show what was predicted then: so the picture shows the real
error of tracking.
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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from xrdrama import content
from xrdrama.adapters.audio.files import read_sound
from xrdrama.adapters.audio.mixing import SAMPLE_RATE, Samples, mix_all
from xrdrama.adapters.panda.set.materials import Quality
from xrdrama.adapters.video.files import VideoWriter, join
from xrdrama.processes.drawing import draw_parts
from xrdrama.processes.stopping import Stopped
from xrdrama.processes.supervisor import Command
from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.saving import unwritable
from xrdrama.show import Production
from xrdrama.show.camera import Placed, is_pose, placed, true_pose_at
from xrdrama.show.ports import Stop
from xrdrama.show.take import Take
from xrdrama.spatial import Pose
from xrdrama.timing import NS
from xrdrama.tools.replaying import findings_of, frames_of, open_take
from xrdrama.tracking import TrackingSample
from xrdrama.wire.frame import Frame, Sound

LENS, WALL = "through_the_lens.mp4", "wall.mp4"
DRAWING = ".drawing-"
"""How the names of folders begin in which the parts of videos are kept."""
Told = Callable[[int, int], None]


class Drawn(msgspec.Struct, frozen=True):
    """What was drawn: the videos, how many frames, seconds it took, frames that were not equal."""

    lens: Path
    wall: Path
    frames: int
    seconds: float
    different: int
    torn: bool = False
    """The take goes on behind these frames with what cannot be read."""
    missing: tuple[str, ...] = ()
    """Sounds of the take that have no file now; the videos are without them."""
    findings: tuple[str, ...] = ()
    """What is wrong with the file of the take or with the videos, for a person."""


def draw_take(
    path: Path,
    out: Path,
    *,
    quality: Quality = "full",
    jobs: int | None = None,
    told: Told = lambda done, total: None,
    noticed: Callable[[str], None] = lambda text: None,
    stop: Stop | None = None,
) -> Drawn:
    """Both videos of a take, with sound, into the folder `out`; Stopped once `stop` is set.

    `noticed` is called when a drawing process is restarted, and when the show has other looks now.
    """
    began = time.monotonic()
    stop = stop or threading.Event()
    take, loaded, production = open_take(path, notice=noticed)
    frames = []
    for number, frame, _ in frames_of(take, production):
        if stop.is_set():
            raise Stopped(path)
        frames.append((number, frame))
    count = len(frames)
    jobs = min(jobs or os.cpu_count() or 1, max(1, count // 24))
    parts = [(count * i // jobs, count * (i + 1) // jobs) for i in range(jobs)]
    with _parts_folder(out) as folder:
        different = _draw_parts(
            path, folder, parts, quality, lambda done: told(done, count), noticed, stop
        )
        if stop.is_set():
            raise Stopped(path)
        sound, missing = sound_of([frame for _, frame in frames], loaded, production)
        for name in (LENS, WALL):
            files = [part_file(folder, name, first) for first, _ in parts]
            join(files, sound, out / name, production.rate)
            for file in files:
                file.unlink()
    seconds = time.monotonic() - began
    findings = (*findings_of(take, path), *_not_as_taken(different, missing))
    return Drawn(out / LENS, out / WALL, count, seconds, different, take.torn, missing, findings)


def _not_as_taken(different: int, missing: tuple[str, ...]) -> list[str]:
    found = [f"the sound {name!r} has no file: the videos are without it" for name in missing]
    if different:
        found.append(
            f"{different} frames differ from those of the take: compare with xrdrama replay"
        )
    return found


@contextmanager
def _parts_folder(out: Path) -> Iterator[Path]:
    """A folder for the parts of videos, deleted at the end, also with what a killed child left."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        _delete_stale(out)
        folder = tempfile.TemporaryDirectory(prefix=DRAWING, dir=out)
        # Held until this process ends, however it ends: a folder without a lock is stale.
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
    """Delete the folders of parts in `out` that drawings left which were killed."""
    for folder in out.glob(f"{DRAWING}*"):
        with contextlib.suppress(OSError):
            # Not through a link: what it points to is somebody's own.
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if all(entry.suffix == ".mp4" for entry in folder.iterdir()):
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


def _draw_parts(
    path: Path,
    out: Path,
    parts: list[tuple[int, int]],
    quality: Quality,
    told: Callable[[int], None],
    noticed: Callable[[str], None],
    stop: Stop,
) -> int:
    threads = max(1, (os.cpu_count() or 1) // len(parts))
    environment = {**os.environ, "LP_NUM_THREADS": str(threads)}
    line = [sys.executable, "-m", "xrdrama", "draw", str(path), str(out)]
    commands = [
        Command([*line, str(first), str(last), quality], environment=environment)
        for first, last in parts
    ]
    return draw_parts(commands, told, noticed, stop)


def part_file(out: Path, name: str, first: int) -> Path:
    """Where the part that begins at frame index `first` is kept until it is joined."""
    return out / f"{first:06}.{name}"


def draw_part(path: Path, out: Path, first: int, last: int, quality: Quality) -> Iterator[int]:
    """Draw the frames with index `first` to `last` of a take into parts (in a child process).

    Yields 1 for each frame that was not the one that was made, else 0.
    """
    take, loaded, production = open_take(path)
    stage = production.stage
    assert stage is not None
    size = stage.camera.picture
    with (
        VideoWriter(part_file(out, LENS, first), size, production.rate) as lens,
        VideoWriter(part_file(out, WALL, first), stage.canvas, production.rate, quality=22) as wall,
    ):
        recording = False
        pictures = stage_pictures(
            loaded,
            production,
            quality=quality,
            lens_sink=lambda picture: lens.write(picture) if recording else None,
            wall_sink=lambda picture: wall.write(picture) if recording else None,
        )
        film = FilmCamera(take, production)
        # Outer pictures are shared by several frames: draw those that the first one shows, too.
        early = first - stage.outer.every
        for index, (_, frame, same) in enumerate(frames_of(take, production)):
            if index >= last:
                break
            if index < early:
                continue
            recording = index >= first
            pictures.present(frame, film.at(frame))
            if recording:
                yield int(not same)
        pictures.close()


class FilmCamera:
    """Where the film camera truly was, from all samples of a take."""

    def __init__(self, take: Take, production: Production) -> None:
        self._stage = stage = production.stage
        self._samples: list[Placed] = []
        if stage is None:
            return
        tracked = [e.event for e in take.entries if isinstance(e.event, TrackingSample)]
        own = [one for one in tracked if one.subject == stage.tracking.subject and is_pose(one)]
        self._samples = [placed(sample, stage) for sample in own]
        self._samples.sort(key=lambda sample: sample[0])

    def at(self, frame: Frame) -> Pose | None:
        """The entrance pupil at the frame's time; None where no sample is near."""
        if self._stage is None:
            return None
        return true_pose_at(self._stage, self._samples, frame.time.shows_at)


def sound_of(
    frames: list[Frame], loaded: content.Loaded, production: Production
) -> tuple[Samples | None, tuple[str, ...]]:
    """The sound of some frames from the first one's time, None for a show without sounds; and the
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
    """The folder of the sounds of a show's story, wherever the story lies now."""
    name = loaded.roles.get("story", "")
    path = loaded.path("story") or content.located(name, Path.cwd())
    return content.sounds_folder(path) if path else None
