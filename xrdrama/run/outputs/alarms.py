"""Alarms of outputs in the frames of a show."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from xrdrama.wire.frame import Alarm, Frame


class OutputAlarms:
    """Adds to frames what `alarms()` says is wrong with outputs now: texts by code.

    The take has the frames without them: they concern this machine's processes.
    """

    def __init__(self, alarms: Callable[[], Mapping[str, str]]) -> None:
        self._alarms = alarms
        self._since: dict[str, int] = {}
        """When each code was first seen, in nanoseconds of the show."""

    def shown(self, frame: Frame) -> Frame:
        """The frame with the alarms."""
        now = self._alarms()
        if not now:
            self._since.clear()
            return frame
        at = frame.time.shows_at
        self._since = {code: self._since.get(code, at) for code in now}
        added = tuple(Alarm(code, text[:500], self._since[code]) for code, text in now.items())
        return replace(frame, alarms=(*frame.alarms, *added))
