"""What the commands of a rehearsal report, as values that every frontend prints."""

from __future__ import annotations

import msgspec

from xrdrama.story.expressions.expression import Value
from xrdrama.tools.playing.reasons import Closed


class Note(msgspec.Struct, frozen=True):
    """One or more plain lines."""

    lines: tuple[str, ...]
    wrong: bool = False
    """True for an answer or command that was not carried out."""


class Variable(msgspec.Struct, frozen=True, omit_defaults=True):
    """A variable: its value, what it can be, and its value before the last act if it changed."""

    name: str
    value: Value
    kind: str
    init: Value
    was: Value | None = None
    computed: str = ""
    """The expression of a computed variable."""


class Variables(msgspec.Struct, frozen=True):
    """All variables of the story."""

    rows: tuple[Variable, ...]


class Reasons(msgspec.Struct, frozen=True):
    """Everything that is closed now, and why."""

    rows: tuple[Closed, ...]


class Way(msgspec.Struct, frozen=True):
    """A way out of the current beat: how it is taken, and the beat that it leads to."""

    how: str
    to: str


class Where(msgspec.Struct, frozen=True):
    """Where the story is, and how it continues."""

    beat: str
    file: str
    line: int
    visits: int
    seconds: float
    ways: tuple[Way, ...]
    held: bool = False


class CommandHelp(msgspec.Struct, frozen=True):
    """A command in the list of commands."""

    usage: str
    aliases: tuple[str, ...]
    help: str
    group: str


class Help(msgspec.Struct, frozen=True):
    """The commands of a rehearsal."""

    commands: tuple[CommandHelp, ...]


class Markers(msgspec.Struct, frozen=True):
    """The markers that open a hidden plot now: marker and plot."""

    open: tuple[tuple[str, str], ...]


Report = Note | Variables | Reasons | Where | Help | Markers
