"""Frame rates, frame times, SMPTE timecode and watermarks.

Times are whole nanoseconds of a monotonic clock that is 0 when the show starts.
Rates are rational numbers, so that frame 1 000 000 at 30000/1001 has the exact time.
"""

from __future__ import annotations

import re
from math import gcd
from typing import Annotated

import msgspec

from xrdrama.errors import RemoteProtocolError

NS = 1_000_000_000
DAY_HOURS = 24

_TIMECODE = re.compile(r"(\d\d):(\d\d):(\d\d)([:;.,])(\d\d)", re.ASCII)
_RATE = re.compile(r"(\d{1,7})(?:/(\d{1,7}))?", re.ASCII)

Counted = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
Sixtieth = Annotated[int, msgspec.Meta(ge=0, lt=60)]


class FrameRate(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Frames per second as a fraction: `FrameRate(30000, 1001)` is 29.97. ValueError if invalid."""

    numerator: int
    denominator: int = 1

    def __post_init__(self) -> None:
        if not (0 < self.numerator <= 1_000_000 and 0 < self.denominator <= 10_000):
            raise ValueError(f"{self.numerator}/{self.denominator} is not a valid frame rate")

    @classmethod
    def parse(cls, text: str) -> FrameRate:
        """The rate of `24`, `25`, `30000/1001`, or a short form: `23.976`, `29.97`, `59.94`."""
        short = {"23.976": 24, "23.98": 24, "29.97": 30, "47.952": 48, "59.94": 60, "119.88": 120}
        if text in short:
            return cls(short[text] * 1000, 1001)
        match = _RATE.fullmatch(text)
        n, d = (int(match[1]), int(match[2] or 1)) if match else (0, 0)
        try:
            return cls(n // gcd(n, d), d // gcd(n, d))
        except (ValueError, ZeroDivisionError):
            raise ValueError(
                f"{text!r} is not a valid frame rate: write 24, 25 or 30000/1001"
            ) from None

    def __str__(self) -> str:
        whole = self.denominator == 1
        return str(self.numerator) if whole else f"{self.numerator}/{self.denominator}"

    @property
    def nominal(self) -> int:
        """Timecode labels per second: 30 for 29.97."""
        return -(-self.numerator // self.denominator)

    @property
    def period(self) -> float:
        """Duration of a frame, seconds."""
        return self.denominator / self.numerator

    def shows_at(self, number: int) -> int:
        """The nanosecond at which frame `number` is shown, rounded down."""
        return number * self.denominator * NS // self.numerator

    def frame_at(self, ns: int) -> int:
        """The number of the latest frame whose time is not after `ns`."""
        number = ns * self.numerator // (self.denominator * NS)
        return number + 1 if self.shows_at(number + 1) <= ns else number

    @property
    def drops(self) -> bool:
        """True for the 1001 rates that have a drop-frame timecode (29.97 and 59.94)."""
        return self.denominator == 1001 and self.nominal in (30, 60)


class Timecode(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An SMPTE ST 12-1 time address, hours 0 to 23."""

    hours: Annotated[int, msgspec.Meta(ge=0, lt=DAY_HOURS)]
    minutes: Sixtieth
    seconds: Sixtieth
    frames: Annotated[int, msgspec.Meta(ge=0, lt=1_000_000)]
    drop_frame: bool = False

    def __str__(self) -> str:
        sign = ";" if self.drop_frame else ":"
        return f"{self.hours:02}:{self.minutes:02}:{self.seconds:02}{sign}{self.frames:02}"

    @classmethod
    def of_frame(cls, number: int, rate: FrameRate, *, drop_frame: bool | None = None) -> Timecode:
        """The timecode of frame `number`; it wraps after 24 hours of labels.

        `drop_frame` defaults to what the rate allows. Dropping (ST 12-1, 5.2.2) skips
        labels 0 and 1 (0 to 3 at 59.94) of each minute except every tenth; ValueError if it is
        requested for another rate.
        """
        drop = rate.drops if drop_frame is None else drop_frame
        if drop and not rate.drops:
            raise ValueError(f"there is no drop-frame timecode at {rate} frames per second")
        fps = rate.nominal
        if drop:
            skipped = fps // 15
            per_minute = 60 * fps - skipped
            per_ten = 10 * per_minute + skipped
            tens, rest = divmod(number % (per_ten * 6 * DAY_HOURS), per_ten)
            extra = 0 if rest < 60 * fps else 1 + (rest - 60 * fps) // per_minute
            label = tens * 600 * fps + rest + skipped * extra
        else:
            label = number % (DAY_HOURS * 3600 * fps)
        seconds, frames = divmod(label, fps)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        return cls(hours, minutes, seconds, frames, drop)

    def frame(self, rate: FrameRate) -> int:
        """The number of the frame with this timecode, counted from midnight."""
        fps = rate.nominal
        minutes = self.hours * 60 + self.minutes
        label = (minutes * 60 + self.seconds) * fps + self.frames
        if not self.drop_frame:
            return label
        return label - fps // 15 * (minutes - minutes // 10)

    @classmethod
    def parse(cls, text: str, rate: FrameRate) -> Timecode:
        """The timecode of `01:02:03:04` (`;` for drop-frame); RemoteProtocolError if it is
        invalid."""
        match = _TIMECODE.fullmatch(text)
        if not match:
            raise RemoteProtocolError(f"{text!r} is not a timecode: write HH:MM:SS:FF")
        h, m, s, f = (int(match[i]) for i in (1, 2, 3, 5))
        drop = match[4] in ";,"
        if h >= DAY_HOURS or m >= 60 or s >= 60 or f >= rate.nominal:
            raise RemoteProtocolError(
                f"timecode {text} is out of range at {rate} frames per second"
            )
        if drop and not rate.drops:
            raise RemoteProtocolError(
                f"timecode {text} is drop-frame, which does not exist at {rate} frames per second"
            )
        if drop and s == 0 and f < rate.nominal // 15 and m % 10:
            raise RemoteProtocolError(f"timecode {text} does not exist: drop-frame skips it")
        return cls(h, m, s, f, drop)


class FrameTime(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """When a frame is shown: its number, its time in nanoseconds of the show, its timecode."""

    number: Counted
    shows_at: Annotated[int, msgspec.Meta(ge=0, lt=2**62)]
    timecode: Timecode

    @classmethod
    def of(cls, number: int, rate: FrameRate, *, start: int = 0) -> FrameTime:
        """Frame `number` of a show whose first frame has the timecode of frame `start`."""
        return cls(number, rate.shows_at(number), Timecode.of_frame(start + number, rate))


class Watermarks:
    """The time up to which each source has sent all its events.

    A fixed-rate run computes a frame when every declared source has reached the frame's time, so
    a slow recogniser delays the run and changes nothing else.
    """

    def __init__(self, sources: tuple[str, ...] = ()) -> None:
        self._promised = dict.fromkeys(sources, -1)

    def promise(self, source: str, at: int) -> None:
        """The source will send nothing earlier than `at`; a time before the last one is ignored."""
        if at > self._promised.get(source, -1):
            self._promised[source] = at

    def close(self, source: str) -> None:
        """The source has ended and will send nothing more."""
        self._promised.pop(source, None)

    def reached(self, at: int) -> bool:
        """True when no source can still send anything earlier than `at`."""
        return all(promised >= at for promised in self._promised.values())

    def waiting_for(self, at: int) -> list[str]:
        """The sources that may still send something earlier than `at`, sorted by name."""
        return sorted(source for source, promised in self._promised.items() if promised < at)
