"""Where the answers of a rehearsal come from: a person at a terminal, a pipe, or a list.

Only this module waits and reads the clock; tests give other answers and another clock.
"""

from __future__ import annotations

import codecs
import os
import re
import select
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Final, Protocol, TextIO

from xrdrama.errors import UsageError, XrdramaError
from xrdrama.story.triggers import TRIGGER_KINDS

LONGEST_LINE: Final = 10_000
"""Bytes of an answer."""
TICK: Final = 0.25
"""Seconds between two updates of the countdown."""


_FOUND: Final = re.compile(rf"({'|'.join(TRIGGER_KINDS)})\s*[:：]")
MARK: Final = "\ufeff"
"""The byte order mark, with which some programs begin a text."""


class Stop(Enum):
    """Why there is no answer."""

    END = "the input has ended"
    TIME = "the time is over"
    SAVED = "a file of the story was saved"


Saved = Callable[[], bool]
"""True when a file that is watched has been saved since the call before."""
Tick = Callable[[float], None]
"""Called with the seconds that are left."""
Read = str | Stop


class Answers(Protocol):
    """Reads one answer after another, without the line end."""

    only_picks: bool
    """True for answers that are options or silence, and never commands."""
    saved: Saved | None
    """True when called: a file that is watched was saved; then `read` returns `Stop.SAVED`."""

    def read(self, seconds: float | None, tick: Tick) -> Read:
        """The next answer; `Stop.TIME` when none has come within so many seconds."""

    def ready(self) -> Read:
        """The next answer, if it is there already; otherwise `Stop.END`."""


class Listed:
    """The answers of `--choices`."""

    only_picks = True

    def __init__(self, answers: Iterable[str]) -> None:
        self.left = deque(answers)
        self.saved: Saved | None = None

    def then(self) -> tuple[str, ...]:
        """Takes what is found next, up to the next pick: `marker:tv`, as `xrdrama prove` prints."""
        found = []
        while self.left and _FOUND.match(self.left[0]):
            kind, _, name = re.split("([:：])", self.left.popleft(), maxsplit=1)
            found.append(f"{kind.strip()}:{name.strip()}")
        return tuple(found)

    def read(self, seconds: float | None, tick: Tick) -> Read:
        """The next item of the list, at once."""
        return self.left.popleft() if self.left else Stop.END

    def ready(self) -> Read:
        """Nothing: the list ends with the story."""
        return Stop.END


class Piped:
    """Lines of stdin that are not empty. UsageError for what is not UTF-8 text."""

    only_picks = False

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = sys.stdin if stream is None else stream
        self.file = _file_of(self.stream)
        self.buffer = b""
        self.ended = False
        self.line = 0
        """The number of the last line that was read."""
        self.saved: Saved | None = None
        """If it is given, it is called while nothing is read."""

    def read(self, seconds: float | None, tick: Tick) -> Read:
        """The next line; time is only measured for a stream of the system."""
        until = None if seconds is None else time.monotonic() + seconds
        while (line := self.next_line(until)) == "":
            pass
        return line

    def ready(self) -> Read:
        """The next line, if it has been written already."""
        line = self.read(0.0, ignore_tick)
        return Stop.END if line is Stop.TIME else line

    def next_line(self, until: float | None) -> Read:
        """The next line, "" for an empty one; `Stop.TIME` when none has come until then, in seconds
        of the monotonic clock."""
        if self.file is None:
            try:
                read_line = self.stream.readline(LONGEST_LINE)
            except UnicodeDecodeError:
                raise _not_text() from None
            self.line += 1
            return read_line.lstrip(MARK).strip() if read_line else Stop.END
        while b"\n" not in self.buffer and not self.ended:
            if len(self.buffer) > LONGEST_LINE:
                raise UsageError(
                    f"stdin has a line of more than {LONGEST_LINE} bytes", "send one answer a line"
                )
            left = None if until is None else max(0.0, until - time.monotonic())
            wait = left if self.saved is None else TICK if left is None else min(TICK, left)
            if not select.select([self.file], [], [], wait)[0]:
                if self.saved is not None and self.saved():
                    return Stop.SAVED
                if left is not None and left <= (wait or 0.0):
                    return Stop.TIME
                continue
            read = os.read(self.file, 65536)
            self.buffer, self.ended = self.buffer + read, not read
        if not self.buffer:
            return Stop.END
        line, _, self.buffer = self.buffer.partition(b"\n")
        self.line += 1
        return _text(line)


class Person:
    """A person at a terminal without prompt_toolkit: lines as the terminal sends them."""

    only_picks = False

    def __init__(self) -> None:
        self.typed = Piped()

    @property
    def saved(self) -> Saved | None:
        """If it is given, it is called while nothing is typed."""
        return self.typed.saved

    @saved.setter
    def saved(self, saved: Saved | None) -> None:
        self.typed.saved = saved

    def read(self, seconds: float | None, tick: Tick) -> Read:
        """The next line that is typed; "" for an empty one."""
        sys.stdout.write(PROMPT)
        sys.stdout.flush()
        until = None if seconds is None else time.monotonic() + seconds
        while (left := TICK if until is None else until - time.monotonic()) > 0:
            if until is not None:
                tick(left)
            try:
                line = self.typed.next_line(time.monotonic() + min(TICK, left))
            except UsageError:  # not UTF-8
                return ""
            if line is not Stop.TIME:
                return line
        sys.stdout.write("\n")
        return Stop.TIME

    def ready(self) -> Read:
        """The next line that is typed: a person is waited for after an ending, too."""
        return self.read(None, ignore_tick)


PROMPT: Final = "\x1b[1;32m>\x1b[0m "


def _file_of(stream: TextIO) -> int | None:
    try:
        return stream.fileno()
    except (OSError, ValueError, AttributeError):
        return None


def _text(line: bytes) -> str:
    try:
        return codecs.decode(line, "utf-8").lstrip(MARK).strip()
    except UnicodeDecodeError:
        raise _not_text() from None


def _not_text() -> UsageError:
    return UsageError(
        "stdin is not UTF-8 text", "send lines of text: on each the id or number of an option"
    )


def located(error: XrdramaError, answers: Answers) -> XrdramaError:
    """The error with the line of the input, where answers come from a pipe."""
    if isinstance(answers, Piped) and isinstance(error, UsageError):
        return UsageError(f"line {answers.line} of the input: {error.message}", error.remedy)
    return error


def ignore_tick(_: float) -> None:
    """For answers that need no countdown."""
