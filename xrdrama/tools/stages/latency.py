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
    boxes = _box("--reference", reference), _box("--wall", wall)
    if _overlap(*boxes):
        raise UsageError(
            f"--reference {reference} and --wall {wall} overlap: both would show the same flashes",
            "write two places apart, each as left,top,width,height",
        )
    return measure(
        video,
        "flash" if method == "flash" else "pan",
        *boxes,
        1.0 / rate.period if rate else None,
    )


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]


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
