"""The current and earlier problems of the file of a take."""

from __future__ import annotations

import time
from typing import Final

import msgspec

SHOWN_FOR: Final = 60.0
"""Seconds for which the alarm of a solved problem is still shown."""


class Trouble(msgspec.Struct, frozen=True):
    """A problem of the file of the take. `code` is stable, `text` has the remedy."""

    code: str
    text: str


class Recording(msgspec.Struct, frozen=True):
    """The result of a recording: whether all of it is in the take, and its problems."""

    complete: bool = True
    missing_frames: int = 0
    """Frames that were made and are not in the take."""
    missing_events: int = 0
    """Events that are not in the take; they were not acknowledged."""
    troubles: tuple[str, ...] = ()
    """The problems of the file while it was written, in order, including solved ones."""


class Troubles:
    """The problems of one file by code, each current or over, and the history of all."""

    def __init__(self) -> None:
        self._by_code: dict[str, tuple[Trouble, float | None]] = {}
        """With when it was over."""
        self.history: list[str] = []

    def begin(self, code: str, text: str, *, over: bool = False) -> None:
        """Record a problem; `over`: it is solved already, but a person must know about it."""
        known = self._by_code.get(code)
        if known is None or known[0].text != text or (known[1] is not None and not over):
            self.history.append(text)
        self._by_code[code] = Trouble(code, text), time.monotonic() if over else None

    def end(self, code: str) -> None:
        """Forget a trouble that is over."""
        self._by_code.pop(code, None)

    def __contains__(self, code: str) -> bool:
        """True if the problem exists now or was solved a short time ago."""
        return code in self._by_code

    def current(self, code: str) -> str:
        """The text of a trouble that is not over, else ""."""
        trouble, over = self._by_code.get(code, (None, None))
        return trouble.text if trouble is not None and over is None else ""

    def shown(self) -> tuple[Trouble, ...]:
        """The troubles of now and of the last `SHOWN_FOR` seconds."""
        now = time.monotonic()
        return tuple(
            trouble
            for trouble, over in self._by_code.values()
            if over is None or now - over < SHOWN_FOR
        )


def reason_of(error: OSError) -> str:
    """The reason that the operating system gives, and what to do if that is known."""
    remedies = {
        "No space left on device": "free some space on the disk",
        "Disk quota exceeded": "free some space",
        "Read-only file system": "mount it with write access",
    }
    reason = error.strerror or str(error)
    remedy = remedies.get(reason, "")
    return f"{reason}: {remedy}" if remedy else reason
