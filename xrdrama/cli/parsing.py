"""Options that are texts with a form of their own: picture sizes, frame numbers, delays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xrdrama.errors import UsageError

if TYPE_CHECKING:
    from xrdrama.stage.delays import Delay


def size_of(option: str, text: str, *, least: tuple[int, int] = (16, 16)) -> tuple[int, int]:
    """The width and height of a text such as 1280x720, in pixels; UsageError names the option."""
    match = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text.strip().lower())
    size = (int(match[1]), int(match[2])) if match else (0, 0)
    if not all(
        low <= side <= 8192 and side % 2 == 0 for side, low in zip(size, least, strict=True)
    ):
        low = str(least[0]) if least[0] == least[1] else f"{least[0]}x{least[1]}"
        raise UsageError(
            f"{option} {text!r} is not valid",
            f"write WIDTHxHEIGHT, both even and {low} to 8192 pixels: 1280x720",
        )
    return size


def numbers_of(option: str, text: str) -> list[int]:
    """The frame numbers of a text such as 48,96,144; UsageError names the option."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    if not all(re.fullmatch(r"\d{1,9}", word) for word in words):
        raise UsageError(f"{option} {text!r} is not valid", "write frame numbers: 48,96,144")
    return [int(word) for word in words]


def delay_of(option: str, text: str) -> Delay | None:
    """The delay of a text such as `3 frames` or 125ms, None for ""; UsageError names the option."""
    from xrdrama.stage.delays import parse_delay

    delay = parse_delay(text) if text else None
    if text and delay is None:
        raise UsageError(f"{option} {text!r} is not a delay", "write 3 frames, or 125ms; up to 10s")
    return delay
