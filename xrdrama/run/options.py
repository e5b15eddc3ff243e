"""The options of `xrdrama run` and `xrdrama vr`."""

from __future__ import annotations

from pathlib import Path

import msgspec

from xrdrama.errors import UsageError
from xrdrama.processes.statuses import On


class RunOptions(msgspec.Struct, frozen=True):
    """The options of the command line."""

    show: str
    out: Path
    headless: bool = False
    wall: tuple[int, int] | None = None
    """Position of the processor canvas on the desktop: its upper left corner, in pixels."""
    viewer: On | None = None
    """The kind of viewer that is started, or None."""
    fixed_rate: bool = False
    seconds: float | None = None
    inputs: tuple[str, ...] = ()
    operator: bool = True
    video: bool = True
    quality: str = ""
    resume: Path | None = None
    resume_damaged: bool = False
    port: int = 0
    console: bool = True
    console_port: int = 0
    warm_up: bool = True


def refuse_contradictions(options: RunOptions) -> None:
    """UsageError for options that exclude each other."""
    if options.headless and options.viewer:
        raise UsageError("--headless and --window exclude each other", "use only one of them")
    if options.wall is not None and (options.viewer or options.headless or options.fixed_rate):
        raise UsageError(
            "--wall needs a live run on a display of its own",
            "remove --window, --headless and --fixed-rate",
        )
    if options.fixed_rate and options.viewer:
        raise UsageError(
            "a viewer needs a live run", "remove --fixed-rate, and render the take later"
        )
    if options.resume_damaged and options.resume is None:
        raise UsageError("--resume-from-damaged needs a take", "add --resume TAKE")
