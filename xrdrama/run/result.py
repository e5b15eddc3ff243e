"""The result of a run."""

from __future__ import annotations

from pathlib import Path

import msgspec

from xrdrama.adapters.journal import Recording
from xrdrama.processes.viewers import Watched
from xrdrama.run.outputs.warming import Late
from xrdrama.run.reloading import Reload
from xrdrama.tracking.health import Report
from xrdrama.wire.frame import Pick


class Result(msgspec.Struct, frozen=True):
    """The result of a run. `report.counts` says what the counts of frames mean."""

    frames: int
    fps: float
    picks: tuple[tuple[int, Pick], ...]
    """Frame number and pick."""
    take: Path
    late_frames: int
    skipped: int
    ending: str
    dropped: int
    tracking: Report | None
    frame_ms: tuple[float, ...]
    """Milliseconds that each of the newest presented frames took, tick and outputs."""
    not_ready: tuple[str, ...] = ()
    watched: Watched | None = None
    """How it was watched, if viewers were started."""
    videos: tuple[Path, ...] = ()
    """The videos that were rendered from the take."""
    drawn: int = 0
    """Frames that this process drew in time, or afterwards from the take."""
    late_work: Late = Late()
    """What was compiled and uploaded after the clock had started."""
    warm_up_s: float = 0.0
    recording: Recording = Recording()
    """The state of the recording: what is missing in the take."""
    seconds: float = 0.0
    """Of the wall clock, from the start of the show's clock to the last frame."""

    @property
    def made(self) -> int:
        """Frames whose values were made."""
        return self.frames

    warnings: tuple[str, ...] = ()
    """The printed warnings about texts and sounds of the show, and at a fixed rate about cameras
    that had no tracking sample and bad packets."""
    output_faults: dict[str, int] = {}
    """Number of failures by output, without outputs that never failed."""
    late_by_name: dict[str, int] = {}
    """How often a set or sound was needed before it was ready, by name: `set tea_room`."""
    plates_late: dict[str, int] = {}
    """Drawn frames for which a plate repeated its last picture, because the next one was not
    decoded in time: by set and plate, without plates that were never late."""
    reloads: tuple[Reload, ...] = ()
    """The newer versions of the story that were used."""
    undrawn: str = ""
    """Why the videos could not be rendered from the take, and what to do."""
