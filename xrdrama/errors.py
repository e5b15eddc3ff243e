"""Every error that xrdrama raises on purpose.

    XrdramaError
    |- AuthoringError        files of authors: all problems at once, each with its place and a hint
    |- ProtocolError
    |  |- RemoteProtocolError   they sent bytes that break the protocol
    |  `- LocalProtocolError    we were asked to send or do what the protocol forbids
    |- DeviceError           a device, model, driver or socket that is missing or failed
    `- UsageError            what was asked for cannot be done as asked

A command turns any of them into one clear line (exit status 2) or a table of findings (1);
a running show turns a DeviceError into an event of the next tick.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

Severity = Literal["error", "warning"]


class XrdramaError(Exception):
    """The root of the tree."""


class Problem(msgspec.Struct, frozen=True, order=True):
    """One finding in a file of an author: where it is, what is wrong, what to do.

    Lines and columns count from 1; a column counts characters. `code` is stable.
    """

    file: str
    line: int
    column: int
    code: str
    severity: Severity
    message: str
    hint: str = ""

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.severity} {self.code} {self.message}{hint}"


class AuthoringError(XrdramaError):
    """Files of an author that cannot be used as they are; carries every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ProtocolError(XrdramaError):
    """A protocol was broken; which side broke it is the subclass."""


class RemoteProtocolError(ProtocolError):
    """Bytes from outside that break their protocol: the only error a decoder raises."""


class LocalProtocolError(ProtocolError):
    """A message or a call of ours that the protocol forbids."""


class DeviceError(XrdramaError):
    """A device, model, driver or socket is missing or failed. `remedy` says what to do."""

    def __init__(self, message: str, remedy: str = "") -> None:
        self.message = message
        self.remedy = remedy
        super().__init__(f"{message}: {remedy}" if remedy else message)


class UsageError(XrdramaError):
    """What was asked for cannot be done as asked. `remedy` says what can."""

    def __init__(self, message: str, remedy: str = "") -> None:
        self.message = message
        self.remedy = remedy
        super().__init__(f"{message}: {remedy}" if remedy else message)
