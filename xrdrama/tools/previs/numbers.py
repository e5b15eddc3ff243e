"""The numbers beside the picture, and in the report: each of them is simulated."""

from __future__ import annotations

from math import isfinite
from typing import Any

import msgspec

from xrdrama.adapters.charts.board import Row
from xrdrama.stage.advice.moire import At
from xrdrama.stage.advice.shot import Shot
from xrdrama.stage.model import Camera
from xrdrama.tools.previs.iris import IrisValues, in_words
from xrdrama.tools.previs.opening import Latency
from xrdrama.wire.frame import Frame

_MOIRE = {"low": "good", "some": "some", "high": "bad"}
SLIP_SEEN_PX = 2.0
"""Slip from which the number is a warning, pixels of the camera's picture."""


class Numbers(msgspec.Struct, frozen=True):
    """The numbers of a frame, its iris, the frame, and the state of the camera's tracking."""

    shot: Shot
    iris: IrisValues
    frame: Frame
    tracking: str


def rows_of(numbers: Numbers, camera: Camera, latency: Latency, *, late: bool) -> list[Row]:
    """The numbers of a frame as rows: names, values with units, and how good they are. `late` is
    False if the picture beside them has walls in time."""
    shot = numbers.shot
    seen, angle = shot.seen, shot.grazing
    aperture, focus = in_words(numbers.iris)
    off = f", off at the {seen.side} edge" if seen.is_off and seen.side != "gap" else ""
    off = ", a gap between walls" if seen.side == "gap" else off
    return [
        Row("lens", f"{shot.focal_mm:.1f} mm"),
        Row("focus", focus),
        Row("aperture", aperture),
        Row("distance to wall", _with_unit(shot.distance_m, "m", 2)),
        Row("frame on walls", f"{seen.share:.1%}{off}", "bad" if seen.is_off else "good"),
        Row("viewing angle", f"{angle.worst:.0f} to {angle.mean:.0f} deg" if angle else "no wall"),
        Row("moire, wall focus", *_risk(shot.moire_wall)),
        Row("moire, this focus", *_risk(shot.moire_focus)),
        Row("latency", _latency(latency)),
        Row("slip in picture", *_slip(shot.slip_px, late)),
        Row("slip on wall", _with_unit(shot.slip_wall_px, "px", 1)),
        Row("overscan", *_overscan(shot.overscan_needed, camera)),
    ]


def _with_unit(value: float | None, unit: str, digits: int) -> str:
    return "no wall" if value is None else f"{value:.{digits}f} {unit}"


def _risk(found: At | None) -> tuple[str, str]:
    if found is None:
        return "no wall", ""
    return f"{found.word} ({found.risk:.2f})", _MOIRE[found.word]


def _latency(latency: Latency) -> str:
    assumed = ", assumed" if latency.source == "assumed" else ""
    return f"{latency.total_frames:.1f} frames, {latency.total_ms:.0f} ms{assumed}"


def _slip(slip: float | None, late: bool) -> tuple[str, str]:
    if slip is None:
        return "no wall", ""
    off = "" if late else " (layer off)"
    return f"{slip:.1f} px{off}", "some" if slip > SLIP_SEEN_PX else "good"


def _overscan(needed: float, camera: Camera) -> tuple[str, str]:
    has = min(camera.inner.grown)
    if not isfinite(needed):
        return f"{has:.2f}, none is enough", "bad"
    return f"{has:.2f}, needs {needed:.2f}", "bad" if needed > has + 1e-6 else "good"


def machine_form(numbers: Numbers) -> dict[str, Any]:
    """The numbers of a frame for the JSON report; infinity is null."""
    shot, iris, frame = numbers.shot, numbers.iris, numbers.frame
    needed = shot.overscan_needed
    form: dict[str, Any] = {
        "frame": frame.number,
        "timecode": str(frame.time.timecode),
        "beat": frame.beat,
        "focal_mm": round(shot.focal_mm, 3),
        "focus_m": shot.focus_m if shot.focus_m is None or isfinite(shot.focus_m) else None,
        "focus_from": iris.focus_from,
        "aperture": iris.aperture,
        "aperture_from": iris.aperture_from,
        "distance_m": _rounded(shot.distance_m, 4),
        "share_on_walls": round(shot.seen.share, 6),
        "off": round(shot.seen.off, 6),
        "edge": shot.seen.side,
        "grazing_deg": None if shot.grazing is None else round(shot.grazing.worst, 2),
        "moire_wall": _rounded(shot.moire_wall.risk if shot.moire_wall else None, 4),
        "moire_focus": _rounded(shot.moire_focus.risk if shot.moire_focus else None, 4),
        "slip_px": _rounded(shot.slip_px, 3),
        "slip_wall_px": _rounded(shot.slip_wall_px, 3),
        "overscan_needed": round(needed, 4) if isfinite(needed) else None,
        "tracking": numbers.tracking,
    }
    return form


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
