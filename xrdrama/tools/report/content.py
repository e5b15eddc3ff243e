"""The values that the report of a take shows."""

from __future__ import annotations

import msgspec

from xrdrama.tracking.health import Report as TrackerReport
from xrdrama.wire.frame import Pick


class Still(msgspec.Struct, frozen=True):
    """A picture of the take: a JPEG, and what it shows."""

    jpeg: bytes
    timecode: str
    beat: str


class Heard(msgspec.Struct, frozen=True):
    """Something that was said or shown and picked no option, and why."""

    timecode: str
    source: str
    said: str
    verdict: str
    distance: float


class Slip(msgspec.Struct, frozen=True):
    """Distance between the predicted and the actual camera, over all frames: median and 95 %."""

    millimetres: tuple[float, float]
    degrees: tuple[float, float]
    pixels: tuple[float, float]
    """Pixels of the camera's picture, for content far behind the wall."""


class WallFigure(msgspec.Struct, frozen=True):
    """The verification of a wall, in pixels of the camera's picture."""

    name: str
    median: float
    p99: float
    wrong_eye: float
    expected: float
    projected: int
    passed: bool


class ReportContent(msgspec.Struct, frozen=True):
    """Everything that the report of one take shows."""

    title: str
    show: str
    ending: str
    map_svg: str
    path: tuple[tuple[str, str], ...]
    """Timecode and name of each beat, in order."""
    picks: tuple[tuple[str, str, Pick], ...]
    """For each pick: timecode, the option's text, the pick."""
    heard: tuple[Heard, ...]
    frames: int
    rate: str
    seconds: float
    presented: int
    late: int
    skipped: int
    dropped: int
    missing_frames: int
    """Frames that were made but are missing in the take."""
    missing_events: int
    troubles: tuple[str, ...]
    """Problems with the take's file while it was written."""
    different: int
    drawn_seconds: float
    """Seconds that rendering from the take took."""
    frame_ms: tuple[float, ...]
    tracking: TrackerReport | None
    slip: Slip | None
    walls: tuple[WallFigure, ...]
    stills: tuple[Still, ...]
    wall_stills: tuple[Still, ...]
    machine: dict[str, str]
    take: str
    take_hash: str
