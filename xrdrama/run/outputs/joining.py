"""The link to join in the frames that are shown, while the director wants it there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from msgspec.structs import replace

from xrdrama.wire.frame import Alarm, Frame

NO_LINK: Final = (
    "there is no link to show: start the show with xrdrama serve, without --tickets (a ticket"
    " admits one viewer) and without groups of voters (each has a link of its own)"
)


class Joining:
    """Adds the room's link to frames. The take has the frames without it: it is a secret of the
    room. `audience()` are the viewers of the show, or None."""

    def __init__(self, audience: Callable[[], Any]) -> None:
        self._audience = audience
        self._link = ""
        self._since: int | None = None

    def shown(self, frame: Frame) -> Frame:
        """The frame with the link, or with an alarm without one."""
        if frame.join is None:
            self._since = None
            return frame
        if self._since is None:
            self._since = frame.time.shows_at
        found = self._audience()
        self._link = found.join if found is not None else self._link
        if self._link:
            return replace(frame, join=self._link)
        alarm = Alarm("join_code", NO_LINK, self._since)
        return replace(frame, alarms=(*frame.alarms, alarm))  # the console can take it back
