"""What was asked for on the command line of a run."""

from __future__ import annotations

from pathlib import Path

import msgspec

from xrdrama.errors import UsageError
from xrdrama.processes.statuses import On


class Wanted(msgspec.Struct, frozen=True):
    """What was asked for on the command line."""

    show: str
    out: Path
    headless: bool = False
    wall: tuple[int, int] | None = None
    """Where on the desktop the processor canvas is shown, upper left corner first."""
    viewer: On | None = None
    """What somebody watches it on, in a process of its own."""
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


def refuse_contradictions(wanted: Wanted) -> None:
    """UsageError for options that exclude each other."""
    if wanted.headless and wanted.viewer:
        raise UsageError("--headless and --window exclude each other", "keep one")
    if wanted.wall is not None and (wanted.viewer or wanted.headless or wanted.fixed_rate):
        raise UsageError(
            "--wall plays live on a display of its own", "leave --window, --headless, --fixed-rate"
        )
    if wanted.fixed_rate and wanted.viewer:
        raise UsageError("a viewer watches live", "leave --fixed-rate out, and draw the take later")
    if wanted.resume_damaged and wanted.resume is None:
        raise UsageError("--resume-from-damaged needs a take", "name it with --resume TAKE")
