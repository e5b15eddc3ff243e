"""A previsualisation without a screen: a video at the show's rate, or stills, and a report."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from xrdrama.adapters.video.files import VideoWriter, join
from xrdrama.adapters.video.stills import save_picture
from xrdrama.errors import UsageError
from xrdrama.saving import unwritable
from xrdrama.show.ports import Stop
from xrdrama.stage import Camera
from xrdrama.stage.advice.shot import optics_for
from xrdrama.tools.previs.drawing import Drawing
from xrdrama.tools.previs.live import open_live
from xrdrama.tools.previs.numbers import Numbers, machine_form
from xrdrama.tools.previs.opening import Latency, Previs, Wanted, open_previs, unknown_choice
from xrdrama.tools.takes.rendering import sound_of

VIDEO = "previs.mp4"
Progress = Callable[[int, int], None]


class Report(msgspec.Struct, frozen=True):
    """What was drawn, and the numbers of each drawn frame. All numbers are simulated."""

    show: str
    stage: str
    camera: str
    lens: str
    frames: int
    fps: float
    seconds: float
    """Seconds that the drawing took."""
    files: tuple[str, ...]
    layers: dict[str, bool]
    latency: Latency
    shots: tuple[dict[str, Any], ...]
    worst: dict[str, Any]
    """The least share of the frame on walls, and the most slip, overscan (None: none is enough) and
    risk of moire."""
    live: dict[str, Any] | None = None
    assumed: tuple[str, ...] = ()
    """What the stage file does not say and is assumed for moire and depth of field."""
    notices: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    """What was not as asked; the exit status is then 1."""
    stopped: bool = False
    simulated: bool = True


def draw_previs(
    wanted: Wanted,
    out: Path,
    *,
    numbers: Sequence[int] = (),
    draft: bool = False,
    progress: Progress = lambda done, total: None,
    stop: Stop,
) -> Report:
    """Draw a previsualisation into the folder `out`: a video, or with `numbers` stills of these
    frames. Ends early when `stop` is set; the frames until then are kept.

    Raises as `open_previs` and `open_live`; UsageError for a frame after the end, DeviceError when
    a file cannot be written.
    """
    began = time.monotonic()
    if wanted.shutter is not None and "motion_blur" not in wanted.layers:
        raise UsageError("--shutter has no effect without motion_blur", "add it to --layers")
    previs = open_previs(wanted)
    count = previs.production.rate.frame_at(round(previs.seconds * 1e9))
    beyond = [number for number in numbers if number >= count]
    if beyond:
        raise UsageError(
            f"--still {beyond[0]}: the previsualisation has the frames 0 to {count - 1}",
            "choose another frame, or add --seconds",
        )
    live = open_live(wanted.live) if wanted.live else None
    drawing = Drawing(previs, wanted.layers, live, draft=draft)
    made = _Made(previs, stop, lambda done: progress(done, count))
    try:
        if numbers:
            made.stills(drawing, out, sorted(set(numbers)))
        else:
            made.video(drawing, out, count)
    finally:
        drawing.close()
    return made.report(drawing, time.monotonic() - began)


class _Made:
    """What has been drawn so far."""

    def __init__(self, previs: Previs, stop: Stop, progress: Callable[[int], None]) -> None:
        self._previs, self._stop, self._progress = previs, stop, progress
        self._files: list[Path] = []
        self._numbers: list[Numbers] = []
        self._silent: tuple[str, ...] = ()
        """Sounds without a file."""

    def video(self, drawing: Drawing, out: Path, count: int) -> None:
        """Every frame, as a video with the sound of the show."""
        previs, rate = self._previs, self._previs.production.rate
        try:
            out.mkdir(parents=True, exist_ok=True)
            folder = tempfile.TemporaryDirectory(prefix=".previs-", dir=out)
        except OSError as error:
            raise unwritable(out, error) from error
        with folder as name:
            part = Path(name) / VIDEO
            with VideoWriter(part, previs.size, rate) as video:
                for number in range(count):
                    if self._stop.is_set():
                        break
                    frame = drawing.playback.step()
                    picture, numbers = drawing.draw(frame)
                    video.write(picture)
                    self._numbers.append(numbers)
                    self._progress(number + 1)
            if not self._numbers:
                return
            frames = [numbers.frame for numbers in self._numbers]
            sound, self._silent = sound_of(frames, previs.loaded, previs.production)
            join([part], sound, out / VIDEO, rate)
        self._files.append(out / VIDEO)

    def stills(self, drawing: Drawing, out: Path, numbers: list[int]) -> None:
        """Some frames, as pictures."""
        for number in range(numbers[-1] + 1):
            if self._stop.is_set():
                return
            frame = drawing.playback.step()
            if number in numbers:
                picture, found = drawing.draw(frame)
                path = out / f"previs_{number:06}.png"
                save_picture(picture, path)
                self._files.append(path)
                self._numbers.append(found)
            elif any(0 < wanted - number <= drawing.turns for wanted in numbers):
                drawing.prepare()
            self._progress(number + 1)

    def report(self, drawing: Drawing, seconds: float) -> Report:
        """The report."""
        previs, live = self._previs, drawing.live
        stage = previs.stage
        camera = stage.camera_named(previs.camera)
        findings = [
            unknown_choice(choice, drawing.playback.offered) for choice in drawing.playback.left[:1]
        ]
        findings += [
            f"the video lacks the sound {name!r}, which has no file" for name in self._silent
        ]
        if live is not None and live.fault:
            findings.append(f"{live.name}: {live.fault}; its last picture stays")
        shots = tuple(machine_form(numbers) for numbers in self._numbers)
        rate = previs.production.rate
        return Report(
            show=previs.production.id,
            stage=stage.id,
            camera=camera.id,
            lens=camera.lens_file.id if camera.lens_file else f"{camera.lens.focal * 1000:g} mm",
            frames=len(shots),
            fps=round(1.0 / rate.period, 3),
            seconds=round(seconds, 1),
            files=tuple(str(path) for path in self._files),
            layers=drawing.switched(),
            latency=previs.latency,
            shots=shots,
            worst=worst_of(shots),
            live={"source": previs.wanted.live, "pictures": live.pictures, "fault": live.fault}
            if live
            else None,
            assumed=assumed_in(self._numbers, camera),
            notices=previs.notices,
            findings=tuple(findings),
            stopped=self._stop.is_set(),
        )


def assumed_in(numbers: Sequence[Numbers], camera: Camera) -> tuple[str, ...]:
    """What the numbers of some frames assume, because neither the stage file nor the lens, the
    tracker or an option says it."""
    if not numbers:
        return ()
    known = [one.iris.aperture for one in numbers if one.iris.aperture_from != "assumed"]
    aperture = None if len(known) < len(numbers) else known[0]
    _, assumed = optics_for(replace(camera, aperture=aperture))
    focus = {one.iris.focus_from for one in numbers} & _FOCUS.keys()
    return (*assumed, *(_FOCUS[source] for source in sorted(focus)))


_FOCUS = {
    "wall": "the focus on the wall ahead (write focus_m: 4 for the camera)",
    "assumed": "the focus at 5 m, where no wall is ahead (write focus_m: 4 for the camera)",
}


def worst_of(shots: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The worst value of each number, and its frame; None where no frame has it. An overscan that
    no inner frustum can have (its value is None) is the worst."""
    found: dict[str, Any] = {}
    for name, worst in (
        ("share_on_walls", min), ("grazing_deg", min), ("slip_px", max), ("slip_wall_px", max),
        ("overscan_needed", max), ("moire_wall", max), ("moire_focus", max),
    ):  # fmt: skip
        having = [shot for shot in shots if shot[name] is not None]
        at = worst(having, key=lambda shot: shot[name]) if having else None
        found[name] = {"value": at[name], "frame": at["frame"]} if at else None
    endless = next((shot for shot in shots if shot["overscan_needed"] is None), None)
    if endless:
        found["overscan_needed"] = {"value": None, "frame": endless["frame"]}
    return found
