"""What is wrong with the file of a take, and what was."""

from __future__ import annotations

import time
from typing import Final

import msgspec

SHOWN_FOR: Final = 60.0
"""Seconds that an alarm stays which is over, but leaves something for a person to know."""


class Trouble(msgspec.Struct, frozen=True):
    """Something is wrong with the file of the take. `code` is stable, `text` has the remedy."""

    code: str
    text: str


class Recording(msgspec.Struct, frozen=True):
    """What became of a recording: whether all of it is in the take, and what was wrong."""

    complete: bool = True
    missing_frames: int = 0
    """Frames that were made and are not in the take."""
    missing_events: int = 0
    """Events that are not in the take; they were not acknowledged."""
    troubles: tuple[str, ...] = ()
    """What was wrong with the file while it was written, in order, also when it is well again."""


class Troubles:
    """The troubles of one file by code, each current or over, and all that there were."""

    def __init__(self) -> None:
        self._by_code: dict[str, tuple[Trouble, float | None]] = {}
        """With when it was over."""
        self.history: list[str] = []

    def begin(self, code: str, text: str, *, over: bool = False) -> None:
        """Note a trouble; `over`: it is over already, but a person must know about it."""
        known = self._by_code.get(code)
        if known is None or known[0].text != text or (known[1] is not None and not over):
            self.history.append(text)
        self._by_code[code] = Trouble(code, text), time.monotonic() if over else None

    def end(self, code: str) -> None:
        """Forget a trouble that is over."""
        self._by_code.pop(code, None)

    def __contains__(self, code: str) -> bool:
        """Whether there is such a trouble now or was until just before."""
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
    """What the operating system says, and what to do about it where that is known."""
    remedies = {
        "No space left on device": "free some space on the disk",
        "Disk quota exceeded": "free some space",
        "Read-only file system": "mount it so that it can be written to",
    }
    reason = error.strerror or str(error)
    remedy = remedies.get(reason, "")
    return f"{reason}: {remedy}" if remedy else reason
