"""The work of `stage check`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from xrdrama import content
from xrdrama.errors import Problem, UsageError
from xrdrama.stage.choosing import led_by
from xrdrama.stage.model import Inner, Stage
from xrdrama.timing import FrameRate
from xrdrama.tools.checking.contents import check_stage_file
from xrdrama.tools.stages.advice import Advised, advice_for, advice_lines, machine_form
from xrdrama.tools.stages.moves import moves_of
from xrdrama.tools.stages.walls import wall_lines, walls_form


class Checked(msgspec.Struct, frozen=True):
    """What `stage check` found; `inner` and `advised` are None for a stage that has errors."""

    problems: list[Problem]
    inner: Inner | None = None
    advised: Advised | None = None
    files: tuple[Path, ...] = ()
    """Charts and page that were written."""
    camera: str = ""
    """The camera that the advice is for."""
    others: tuple[str, ...] = ()
    """The cameras that it is not for."""
    stage: Stage | None = None

    @property
    def status(self) -> int:
        """The exit status: 1 if there are errors."""
        return int(any(problem.severity == "error" for problem in self.problems))

    def machine_form(self) -> dict[str, Any]:
        """The JSON document."""
        inner = self.inner
        form: dict[str, Any] = {"problems": self.problems}
        if inner:
            drawn, pixels = inner.drawn, inner.pixels
            form["inner"] = {"overscan": inner.overscan, "pixels": pixels, "drawn": drawn}
        if self.others:
            form["camera"], form["other_cameras"] = self.camera, self.others
        form |= walls_form(self.stage) if self.stage else {}
        empty: dict[str, Any] = {"coverage": [], "overscan_advice": {}, "moire": {}, "budget": {}}
        return {**form, **(machine_form(self.advised) if self.advised else empty)}

    def lines(self) -> list[str]:
        """The advice in lines for a terminal."""
        if not self.advised:
            return []
        lines = wall_lines(self.stage) if self.stage else []
        if self.others:
            names = ", ".join(self.others)
            lines.append(f"this advice is for the camera {self.camera}; for {names} add --camera")
        return lines + advice_lines(self.advised)


def checked_stage(
    name: str,
    moves: tuple[str, ...] = (),
    fps: str = "24",
    out: Path | None = None,
    camera: str = "",
) -> Checked:
    """The problems of a stage file, and the advice for a camera (the first one) on some moves.

    With `out`, charts and a page are written into that folder. UsageError for an unknown stage,
    camera, move or frame rate; AuthoringError for a move with errors.
    """
    path = content.find("stage", name)
    text = content.read_text(path)
    problems = check_stage_file(path, text)
    stage, _ = content.read_stage(path)
    rate = frame_rate(fps)
    if stage is None:
        return Checked(problems)
    stage = led_by(stage, camera)
    recorded = moves_of(stage, moves)
    advised = advice_for(stage, recorded, rate)
    files: list[Path] = []
    if out is not None:
        from xrdrama.tools.stages.page import write_stage_page

        files = write_stage_page(out, stage, recorded, advised, problems)
    first, *others = (one.id for one in stage.cameras)
    return Checked(problems, stage.inner, advised, tuple(files), first, tuple(others), stage)


def frame_rate(text: str) -> FrameRate:
    """The frame rate of an option; UsageError."""
    try:
        return FrameRate.parse(text)
    except ValueError as error:
        raise UsageError(f"--fps: {error}") from None
