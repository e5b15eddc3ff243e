"""Every error that xrdrama raises on purpose.

    XrdramaError
    |- AuthoringError        files of authors: all problems at once, each with its place and a hint
    |- ProtocolError
    |  |- RemoteProtocolError   they sent bytes that break the protocol
    |  `- LocalProtocolError    we were asked to send or do what the protocol forbids
    |- DeviceError           a device, model, driver or socket that is missing or failed
    `- UsageError            a request that is invalid or cannot be fulfilled

A command prints any of them as one line (exit status 2) or as a list of findings (1). A running
show turns a DeviceError into an event of the next tick.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

Severity = Literal["error", "warning"]


class XrdramaError(Exception):
    """Base class of all errors of xrdrama."""


class Problem(msgspec.Struct, frozen=True, order=True):
    """One finding in an author's file: position, severity, code, message and hint.

    Lines and columns start at 1; a column is a character. `code` is stable across versions.
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
    """Files of an author that cannot be used; `problems` has every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ProtocolError(XrdramaError):
    """A violation of a protocol; the subclass says by which side."""


class RemoteProtocolError(ProtocolError):
    """Received bytes that violate their protocol. Decoders raise no other error."""


class LocalProtocolError(ProtocolError):
    """A message or call of this program that the protocol forbids."""


class DeviceError(XrdramaError):
    """A device, model, driver or socket is missing or has failed. `remedy` says what to do."""

    def __init__(self, message: str, remedy: str = "") -> None:
        self.message = message
        self.remedy = remedy
        super().__init__(f"{message}: {remedy}" if remedy else message)


class UsageError(XrdramaError):
    """A request is invalid or cannot be fulfilled. `remedy` says what to do instead."""

    def __init__(self, message: str, remedy: str = "") -> None:
        self.message = message
        self.remedy = remedy
        super().__init__(f"{message}: {remedy}" if remedy else message)


def fault_text(error: Exception) -> str:
    """An unexpected error in words: a fault of xrdrama, which a live part reports and survives."""
    return f"{type(error).__name__}: {error}; please report this"
