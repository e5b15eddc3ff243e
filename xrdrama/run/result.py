"""What came of a run."""

from __future__ import annotations

from pathlib import Path

import msgspec

from xrdrama.adapters.journal import Recording
from xrdrama.processes.viewers import Watched
from xrdrama.run.outputs.warming import Late
from xrdrama.tracking.health import Report
from xrdrama.wire.frame import Pick


class Result(msgspec.Struct, frozen=True):
    """What came of a run. `report.counts` says what the counts of frames mean."""

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
    """How it was watched, when viewers were started with it."""
    videos: tuple[Path, ...] = ()
    """What was drawn from the take afterwards."""
    drawn: int = 0
    """Frames that this process drew in time, or afterwards from the take."""
    late_work: Late = Late()
    """What was compiled and uploaded after the clock had started."""
    warm_up_s: float = 0.0
    recording: Recording = Recording()
    """Whether all of it is in the take."""
    seconds: float = 0.0
    """Of the wall clock, from the start of the show's clock to the last frame."""

    @property
    def made(self) -> int:
        """Frames whose values were made."""
        return self.frames

    warnings: tuple[str, ...] = ()
    """What of the show's texts and sounds cannot be shown or played as it is, as it was printed."""
    output_faults: dict[str, int] = {}
    """How often each output failed, by name; only those that did."""
    undrawn: str = ""
    """Why the videos could not be drawn from the take, with the remedy."""
