"""Frame rates, frame times, SMPTE timecode and watermarks.

Time inside is whole nanoseconds on one monotonic line that starts at 0 when the show starts.
Rates are rational, so that frame 1 000 000 at 30000/1001 is where it should be.
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
    """Frames per second as a fraction: `FrameRate(30000, 1001)` is 29.97."""

    numerator: int
    denominator: int = 1

    def __post_init__(self) -> None:
        if not (0 < self.numerator <= 1_000_000 and 0 < self.denominator <= 10_000):
            raise ValueError(f"{self.numerator}/{self.denominator} is no frame rate")

    @classmethod
    def parse(cls, text: str) -> FrameRate:
        """`24`, `25`, `30000/1001`, or the usual short forms `23.976`, `29.97`, `59.94`."""
        short = {"23.976": 24, "23.98": 24, "29.97": 30, "47.952": 48, "59.94": 60, "119.88": 120}
        if text in short:
            return cls(short[text] * 1000, 1001)
        match = _RATE.fullmatch(text)
        n, d = (int(match[1]), int(match[2] or 1)) if match else (0, 0)
        try:
            return cls(n // gcd(n, d), d // gcd(n, d))
        except (ValueError, ZeroDivisionError):
            raise ValueError(f"{text!r} is no frame rate: write 24, 25 or 30000/1001") from None

    def __str__(self) -> str:
        whole = self.denominator == 1
        return str(self.numerator) if whole else f"{self.numerator}/{self.denominator}"

    @property
    def nominal(self) -> int:
        """Frame labels in a second of timecode: 30 for 29.97."""
        return -(-self.numerator // self.denominator)

    @property
    def period(self) -> float:
        """Seconds a frame."""
        return self.denominator / self.numerator

    def shows_at(self, number: int) -> int:
        """The nanosecond at which frame `number` is shown, rounded down."""
        return number * self.denominator * NS // self.numerator

    def frame_at(self, ns: int) -> int:
        """The newest frame whose time is not after `ns`."""
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
        """The address of frame `number`, which wraps after 24 hours of labels.

        `drop_frame` defaults to what the rate allows. Dropping (ST 12-1, 5.2.2) skips
        labels 0 and 1 (0 to 3 at 59.94) of each minute that is not a tenth one; ValueError
        where it is asked of another rate.
        """
        drop = rate.drops if drop_frame is None else drop_frame
        if drop and not rate.drops:
            raise ValueError(f"{rate} frames a second have no drop-frame timecode")
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
        """The frame number within the day that has this address."""
        fps = rate.nominal
        minutes = self.hours * 60 + self.minutes
        label = (minutes * 60 + self.seconds) * fps + self.frames
        if not self.drop_frame:
            return label
        return label - fps // 15 * (minutes - minutes // 10)

    @classmethod
    def parse(cls, text: str, rate: FrameRate) -> Timecode:
        """`01:02:03:04`, or with `;` drop-frame. RemoteProtocolError when it is no address."""
        match = _TIMECODE.fullmatch(text)
        if not match:
            raise RemoteProtocolError(f"{text!r} is no timecode: write HH:MM:SS:FF")
        h, m, s, f = (int(match[i]) for i in (1, 2, 3, 5))
        drop = match[4] in ";,"
        if h >= DAY_HOURS or m >= 60 or s >= 60 or f >= rate.nominal:
            raise RemoteProtocolError(f"timecode {text} is out of range at {rate} frames a second")
        if drop and not rate.drops:
            raise RemoteProtocolError(f"timecode {text} drops frames; {rate} a second does not")
        if drop and s == 0 and f < rate.nominal // 15 and m % 10:
            raise RemoteProtocolError(f"timecode {text} is one of the dropped labels")
        return cls(h, m, s, f, drop)


class FrameTime(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """When a frame is shown: its number, its nanosecond in the show, its timecode."""

    number: Counted
    shows_at: Annotated[int, msgspec.Meta(ge=0, lt=2**62)]
    timecode: Timecode

    @classmethod
    def of(cls, number: int, rate: FrameRate, *, start: int = 0) -> FrameTime:
        """Frame `number` of a show whose first frame has the time address of frame `start`."""
        return cls(number, rate.shows_at(number), Timecode.of_frame(start + number, rate))


class Watermarks:
    """What each source has promised: "nothing of mine is earlier than t any more".

    A fixed-rate run draws frame N when every declared source has promised the frame's time,
    so a slow recogniser costs wall time and changes nothing else.
    """

    def __init__(self, sources: tuple[str, ...] = ()) -> None:
        self._promised = dict.fromkeys(sources, -1)

    def promise(self, source: str, at: int) -> None:
        """Note a promise; one that goes back in time is ignored, since a promise stands."""
        if at > self._promised.get(source, -1):
            self._promised[source] = at

    def close(self, source: str) -> None:
        """A source that ended has nothing more to say, at any time."""
        self._promised.pop(source, None)

    def reached(self, at: int) -> bool:
        """True when no source can still say anything earlier than `at`."""
        return all(promised >= at for promised in self._promised.values())

    def waiting_for(self, at: int) -> list[str]:
        """The sources that have not yet promised `at`."""
        return sorted(source for source, promised in self._promised.items() if promised < at)
