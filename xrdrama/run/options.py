"""The options of `xrdrama run` and `xrdrama vr`."""

from __future__ import annotations

from pathlib import Path

import msgspec

from xrdrama.errors import UsageError
from xrdrama.processes.audience import AudienceOptions
from xrdrama.processes.statuses import On

SET_MEMORY_MB = 4096
"""Megabytes of textures of sets: more than most shows have, less than most graphics cards."""


class RunOptions(msgspec.Struct, frozen=True):
    """The options of the command line."""

    show: str
    out: Path
    headless: bool = False
    wall: tuple[str, ...] = ()
    """Where processor canvases are shown on the desktop, as `--wall` has it: X,Y, CANVAS=X,Y,
    CANVAS=DISPLAY, CANVAS or `all`."""
    viewer: On | None = None
    """The kind of viewer that is started, or None."""
    fixed_rate: bool = False
    seconds: float | None = None
    inputs: tuple[str, ...] = ()
    face: str = ""
    """The source of the show's live face, as `--face` has it."""
    operator: bool = True
    tracking_log: Path | None = None
    """A recording of a tracker that is played instead of the camera move."""
    video: bool = True
    quality: str = ""
    resume: Path | None = None
    resume_damaged: bool = False
    port: int = 0
    network: str = ""
    """The address of this machine on which the bridge also listens, encrypted; "" for none."""
    console: bool = True
    console_port: int = 0
    warm_up: bool = True
    watch: bool = False
    """Reload the story when one of its files is saved."""
    set_memory_mb: int = SET_MEMORY_MB
    """Megabytes of textures of sets that stay on the graphics card, at least those of the next
    beats."""
    viewers: dict[str, str] = {}
    """What the command line says of the viewers, by the names and in the words of `viewers:`."""
    language: str = ""
    """The languages that a window shows, as `--language` has them; "" for all."""
    full_screen: str = ""
    """The display that a window fills, as `--full-screen` has it; "" for none."""
    presenter: bool = False
    """Whether a second window mirrors the viewer."""
    nodes: bool = True
    """Render nodes draw the walls of a show that names some."""
    audience: AudienceOptions | None = None
    """How viewers' pages reach the show; None: they do not."""

    @property
    def has_nodes(self) -> bool:
        """True if render nodes draw the walls of a show that names some. At a fixed rate they are
        drawn from the take; with a viewer, only the viewer draws."""
        return self.nodes and self.video and not self.fixed_rate and not self.viewer


def refuse_contradictions(options: RunOptions) -> None:
    """UsageError for options that exclude each other."""
    if options.tracking_log is not None and not options.operator:
        raise UsageError(
            "--tracker and --tracking-log cannot be used together", "remove one of them"
        )
    if options.headless and options.viewer:
        raise UsageError("--headless and --window cannot be used together", "remove one of them")
    if options.wall and (options.viewer or options.headless or options.fixed_rate):
        given = {"--window": options.viewer, "--headless": options.headless}
        given["--fixed-rate"] = options.fixed_rate
        raise UsageError(
            "--wall needs a live run, on a display that shows nothing else",
            f"remove {' and '.join(name for name, used in given.items() if used)}",
        )
    if options.fixed_rate and options.watch:
        raise UsageError(
            "--watch needs a live run: a run at a fixed rate is repeatable",
            "remove --watch or --fixed-rate",
        )
    if options.fixed_rate and options.viewer:
        what = "--window" if options.viewer == "window" else "a headset"
        raise UsageError(
            f"{what} needs a live run",
            f"remove {'--window' if options.viewer == 'window' else 'the headset'}"
            " or --fixed-rate; the take of a run can be drawn later with xrdrama render",
        )
    _refuse_without_viewer(options)
    if options.audience is not None and options.fixed_rate:
        raise UsageError("an audience needs a live run", "remove --fixed-rate")
    if options.resume_damaged and options.resume is None:
        raise UsageError("--resume-from-damaged needs a take", "add --resume TAKE")


def _refuse_without_viewer(options: RunOptions) -> None:
    """UsageError for options of viewers where none is started."""
    if options.viewer:
        return
    given = {
        "--language": options.language,
        "--full-screen": options.full_screen,
        "--presenter": options.presenter,
    }
    for name, used in given.items():
        if used:
            raise UsageError(f"{name} is for a viewer", f"add --window, or remove {name}")
