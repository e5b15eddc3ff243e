"""The work of the `stage` commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from xrdrama import content
from xrdrama.adapters.panda.graphics import open_graphics
from xrdrama.adapters.panda.proof.cameras import CameraProof, verify_cameras
from xrdrama.adapters.panda.proof.lenses import LensProof, verify_lens
from xrdrama.adapters.panda.proof.verify import WallProof, verify_wall
from xrdrama.adapters.video.latency import Box, Measured, measure
from xrdrama.document import suggestion
from xrdrama.errors import Problem, UsageError
from xrdrama.stage.model import Inner, Stage
from xrdrama.timing import FrameRate
from xrdrama.tools.checking.contents import check_stage_file
from xrdrama.tools.stage_advice import Advised, advice_for, advice_lines, machine_form, moves_of
from xrdrama.tools.stage_walls import wall_lines, walls_form


class StageProof(msgspec.Struct, frozen=True):
    """The measurements of a stage: of each wall, of each camera where it has several, and of each
    lens with a lens file, through the first wall."""

    walls: dict[str, WallProof]
    cameras: dict[str, CameraProof]
    lenses: dict[str, LensProof]
    passed: bool = msgspec.field(name="pass")


def verify_stage(name: str) -> StageProof:
    """Verify each wall of a stage, and each camera of a stage with several in its own region."""
    stage = content.load_stage_file(content.find("stage", name))
    graphics = open_graphics()
    try:
        walls = {wall.id: verify_wall(graphics, stage, wall.id) for wall in stage.walls}
        cameras = verify_cameras(graphics, stage) if len(stage.cameras) > 1 else {}
        lenses = {
            camera.id: verify_lens(graphics, _led_by(stage, camera.id), stage.walls[0].id)
            for camera in stage.cameras
            if camera.lens_file is not None
        }
    finally:
        graphics.close()
    passed = [one.passed for one in walls.values()] + [one.passed for one in cameras.values()]
    passed += [one.passed for one in lenses.values()]
    return StageProof(walls, cameras, lenses, all(passed))


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
    stage = _led_by(stage, camera)
    recorded = moves_of(stage, moves)
    advised = advice_for(stage, recorded, rate)
    files: list[Path] = []
    if out is not None:
        from xrdrama.tools.report.stage_page import write_stage_page

        files = write_stage_page(out, stage, recorded, advised, problems)
    first, *others = (one.id for one in stage.cameras)
    return Checked(problems, stage.inner, advised, tuple(files), first, tuple(others), stage)


def _led_by(stage: Stage, name: str) -> Stage:
    """The stage with the camera `name` as its first."""
    ids = [camera.id for camera in stage.cameras]
    if not name:
        return stage
    if name not in ids:
        raise UsageError(f"the stage {stage.id!r} has no camera {name!r}", suggestion(name, ids))
    chosen = stage.camera_named(name)
    others = (camera for camera in stage.cameras if camera.id != name)
    return msgspec.structs.replace(stage, cameras=(chosen, *others))


def frame_rate(text: str) -> FrameRate:
    """The frame rate of an option; UsageError."""
    try:
        return FrameRate.parse(text)
    except ValueError as error:
        raise UsageError(f"--fps: {error}") from None


def measured_latency(video: Path, method: str, reference: str, wall: str, fps: str) -> Measured:
    """The latency of a wall in a video; UsageError for options that are not valid, or a video in
    which nothing can be measured."""
    if method not in ("flash", "pan"):
        raise UsageError(f"--method {method!r} is not valid", "use flash or pan")
    rate = frame_rate(fps) if fps else None
    return measure(
        video,
        "flash" if method == "flash" else "pan",
        _box("--reference", reference),
        _box("--wall", wall),
        1.0 / rate.period if rate else None,
    )


def _box(option: str, text: str) -> Box:
    try:
        left, top, width, height = (float(one) for one in text.split(","))
    except ValueError:
        left, top, width, height = -1.0, 0.0, 0.0, 0.0
    inside = 0 <= left < left + width <= 1 and 0 <= top < top + height <= 1
    if not inside:
        raise UsageError(
            f"{option} {text!r} is not a place in the picture",
            "write left,top,width,height as shares: 0.55,0.1,0.4,0.8",
        )
    return left, top, width, height
