"""Alarms about the take that a show writes, in its frames and at the terminal."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from xrdrama.adapters.journal import Journal
from xrdrama.wire.frame import Alarm, Frame


class RecordingWatch:
    """Checks a journal at each frame. `notice(text)` is called once for each problem."""

    def __init__(self, journal: Journal, notice: Callable[[str], None]) -> None:
        self._journal, self._notice = journal, notice
        self._since: dict[str, int] = {}
        """When each text was first seen, in nanoseconds of the show."""

    def shown(self, frame: Frame) -> Frame:
        """The frame with the alarms of the recording first.

        The take has the hash of the frame without them: they concern this machine's disk, which
        a replay does not have, and on a full disk their causes cannot be logged.
        """
        troubles = self._journal.troubles()
        if not troubles:
            return frame
        at = frame.time.shows_at
        for trouble in troubles:
            if trouble.text not in self._since:
                self._since[trouble.text] = at
                self._notice(trouble.text)
        alarms = tuple(
            Alarm(trouble.code, trouble.text[:500], self._since[trouble.text])
            for trouble in troubles
        )
        return replace(frame, alarms=(*alarms, *frame.alarms))
