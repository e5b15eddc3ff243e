"""The work of `stage latency`."""

from __future__ import annotations

from pathlib import Path

from xrdrama.adapters.video.latency import Box, Measured, measure
from xrdrama.errors import UsageError
from xrdrama.tools.stages.checking import frame_rate


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
