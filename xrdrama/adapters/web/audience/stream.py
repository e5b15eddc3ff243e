"""The numbered states of one show: what a page that has state `n` must be sent next."""

from __future__ import annotations

import msgspec

from xrdrama.adapters.web.audience.view import View
from xrdrama.adapters.web.live.ring import Ring
from xrdrama.wire.audience import Changed, Whole
from xrdrama.wire.frame import Frame

KEPT = 300
"""States whose changes are kept: half a minute at 10 a second. Then a page gets the whole."""


class Stream:
    """The newest state of a show. Frames come in order; `publish` makes a state of the newest."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.frame: Frame | None = None
        """The newest frame."""
        self.note = ""
        """What the server says to the viewers of this show; it is in the next state."""
        self._ring = Ring(KEPT)
        self._published: Frame | None = None
        self._texts: dict[int, str] = {}
        """Encoded messages by the state that their readers have; -1 for none."""

    @property
    def n(self) -> int:
        """The number of the newest state; -1 before the first frame."""
        return self._ring.version if self._published is not None else -1

    def feed(self, frame: Frame) -> None:
        """The next frame of the show."""
        self.frame = frame
        self.view.note(frame)

    def publish(self) -> bool:
        """Make a state of the newest frame; whether there is a new one."""
        before = self._ring.version
        if self.frame is not None and self.frame is not self._published:
            self._published = self.frame
            said = {"note": self.note} if self.note else {}
            self._ring.take({**self.view.of(self.frame), **said})
        return self._is_newer(before)

    def silence(self, silent: bool) -> bool:
        """Say in the state that the show does not answer, or answers again; whether that is new."""
        before = self._ring.version
        if self._published is None:
            return False
        self._ring.change({"silent": True if silent else None})
        return self._is_newer(before)

    def _is_newer(self, before: int) -> bool:
        if self._ring.version == before:
            return False
        self._texts.clear()
        return True

    def text(self, after: int) -> str:
        """The message for a page whose newest state is `after`: what changed, or the whole state
        for one that has none (-1) or an old one. Pages that are in step share one text."""
        if after not in self._texts:
            changes = self._ring.since(after)
            message = (
                Whole(self.n, self._ring.state)
                if changes is None
                else Changed(self.n, after, changes)
            )
            self._texts[after] = msgspec.json.encode(message).decode()
        return self._texts[after]
