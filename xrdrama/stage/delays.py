"""The delay line of a stage: from the tracker's exposure to the exposure of the film camera.

    latency: {tracker: 8ms, network: 1ms, render: 2 frames, processor: 1 frame, panel: 2ms}

Each part is a time or a number of frames, because processors and renderers count in frames. The
line ends in the middle of the film camera's exposure: `camera` is the time from a new picture on
the panels to there, and not the delay of the camera's own output, which moves nothing on the wall.
"""

from __future__ import annotations

import re
from typing import Any, Literal

import msgspec

from xrdrama.document import Node, Reading, place_of
from xrdrama.document.quantities import duration_hint, parse_duration, spoken_duration
from xrdrama.document.shapes import MISSING, Schema, scalar_text
from xrdrama.document.wording import short
from xrdrama.timing import NS, FrameRate

_FRAMES = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})?) ?(?:f|frames?)")
_LONGEST = 10 * NS
MOST_FRAMES = 240
PARTS = ("tracker", "network", "render", "processor", "panel", "camera")


class Delay(msgspec.Struct, frozen=True):
    """A delay: nanoseconds, plus frames of the show."""

    ns: int = 0
    frames: float = 0.0

    def at(self, rate: FrameRate) -> int:
        """Nanoseconds at a frame rate."""
        return self.ns + round(self.frames * rate.period * NS)

    @property
    def is_too_long(self) -> bool:
        """True if it is longer than a stage may have: 10 s or 240 frames."""
        return self.ns > _LONGEST or self.frames > MOST_FRAMES


class DelayLine(msgspec.Struct, frozen=True):
    """Delays in the order of the signal. `predict_to` is the time that views are predicted to."""

    tracker: Delay = Delay()
    """From the tracker's exposure to its packet; with `network` it is the age of a sample."""
    network: Delay = Delay()
    render: Delay = Delay()
    processor: Delay = Delay()
    panel: Delay = Delay()
    camera: Delay = Delay()
    predict_to: Literal["shown", "seen"] = "shown"
    """shown: the frame's own time; seen: later by render, processor, panel and camera."""
    is_declared: bool = False
    """False when the stage file says nothing about latency."""

    def upstream(self, rate: FrameRate) -> int:
        """Nanoseconds from the tracker's exposure to the arrival of its packet."""
        return self.tracker.at(rate) + self.network.at(rate)

    def downstream(self, rate: FrameRate) -> int:
        """Nanoseconds from the frame's own time to the film camera's exposure of it."""
        return sum(d.at(rate) for d in (self.render, self.processor, self.panel, self.camera))

    def total(self, rate: FrameRate) -> int:
        """Nanoseconds from the tracker's exposure to the film camera's."""
        return self.upstream(rate) + self.downstream(rate)

    def frames(self, rate: FrameRate) -> float:
        """The total in frames."""
        return self.total(rate) / NS / rate.period

    def lookahead(self, rate: FrameRate) -> int:
        """Nanoseconds beyond the frame's own time that the camera's pose is predicted to."""
        return self.downstream(rate) if self.predict_to == "seen" else 0


def parse_delay(text: str) -> Delay | None:
    """The delay of `8ms`, `2 frames` or `2` (frames), at most 10 s or 240 frames; None if it is
    not one."""
    text = text.strip()
    made = _delay(f"{text} frames" if text.replace(".", "", 1).isdigit() else text)
    return None if made is None or made.is_too_long else made


def _delay(text: str) -> Delay | None:
    """The delay of a text such as `8ms` or `2 frames`, of any length; None if it is not one."""
    frames = _FRAMES.fullmatch(text.strip())
    if frames:
        return Delay(frames=float(frames[1]))
    ns = parse_duration(text)
    return None if ns is None else Delay(ns=ns)


class DelayShape(msgspec.Struct, frozen=True):
    """The shape of a part of the delay line: `8ms`, or `2 frames`."""

    def read(self, node: Node, reading: Reading) -> Any:
        """A Delay."""
        text = scalar_text(node, reading, "a delay such as 8ms or 2 frames")
        if text is None:
            return MISSING
        made = _delay(text)
        if made is None:
            hint = "write 8ms or 2 frames"
            if re.search(r"[a-z]", text):
                hint = duration_hint(text) + ", or 2 frames"
            reading.note(node.place, "F007", f"{short(text)} is not a delay", hint)
            return MISSING
        if made.is_too_long:
            message = f"{short(text)} is out of range; expected up to 10s or {MOST_FRAMES} frames"
            reading.note(node.place, "F005", message)
            return MISSING
        return made

    def schema(self) -> Schema:
        """A string schema."""
        time = r"\+?[0-9]{1,6}(?:\.[0-9]{1,6})?(?:ms|s|m)"
        return {"type": "string", "pattern": f"^(?:{time}|{_FRAMES.pattern})$"}


class RawLatency(msgspec.Struct, frozen=True):
    """The delay line as written. Without `tracker` and `network`, `tracking.latency` counts."""

    tracker: Delay | None = None
    network: Delay | None = None
    render: Delay = Delay()
    processor: Delay = Delay()
    panel: Delay = Delay()
    camera: Delay = Delay()
    predict_to: Literal["shown", "seen"] = "shown"

    def delays(self, sample_age: int) -> DelayLine:
        """The delay line; `sample_age` is `tracking.latency`."""
        is_split = self.tracker is not None or self.network is not None
        return DelayLine(
            self.tracker or (Delay() if is_split else Delay(ns=sample_age)),
            self.network or Delay(),
            self.render,
            self.processor,
            self.panel,
            self.camera,
            self.predict_to,
            True,
        )


def delays_of(latency: RawLatency | None, age: int) -> DelayLine:
    """The delay line of a stage file; `age` is `tracking.latency`, nanoseconds."""
    return latency.delays(age) if latency else DelayLine(tracker=Delay(ns=age))


def check_delays(latency: RawLatency, age: int, root: Node, reading: Reading) -> None:
    """Add a warning if the age of a sample is given twice, and differs; `age` is that of
    `tracking.latency`, nanoseconds."""
    if not age or (latency.tracker is None and latency.network is None):
        return
    parts = [part for part in (latency.tracker, latency.network) if part is not None]
    ns = sum(part.ns for part in parts)
    if any(part.frames for part in parts) or abs(ns - age) > NS // 1000:
        frames = sum(part.frames for part in parts)
        total = spoken_duration(ns) + (f" and {frames:g} frames" if frames else "")
        reading.note(
            place_of(root, "latency", "tracker" if latency.tracker else "network"), "W040",
            f"latency: tracker and network are {total}, but tracking.latency is "
            f"{spoken_duration(age)}: the pose is predicted with tracking.latency",
            "write the same time in both, or leave tracker and network out: then tracking.latency "
            "counts", "warning",
        )  # fmt: skip
