"""The beats of a Twine story, before they are written as a branch file."""

from __future__ import annotations

import msgspec

from xrdrama.authoring.exchange.twee.expressions import (
    Tree,
)
from xrdrama.authoring.exchange.twee.nodes import (
    Link,
)


class Row(msgspec.Struct, frozen=True):
    """A row of a script; `text` is what is said or done, if the row is a line or an action."""

    depth: int
    row: str
    line: int
    text: str = ""


class Choosable(msgspec.Struct):
    """An option, before it is written."""

    label: str
    to: str
    effects: list[tuple[str, str]]
    condition: str
    line: int
    id: str = ""
    detour: str = ""
    once: bool = False
    fallback: bool = False


class Offered(msgspec.Struct, frozen=True):
    """A link: the condition under which it is there, that of its own branch, and its note."""

    link: Link
    asked: Tree | None
    own: Tree | None
    note: list[str]


class Way(msgspec.Struct):
    """A path to another beat without a pick."""

    to: str
    condition: str = ""
    effects: list[tuple[str, str]] = []


class BeatText(msgspec.Struct):
    """A beat, before it is written."""

    id: str
    line: int
    rows: list[Row] = []
    options: list[Choosable] = []
    exits: list[Way] = []
    lasts: float = 0
    otherwise: Way | None = None
    ending: tuple[str, str] = ("", "")
    returns: bool = False
    scene: str = ""
    triggers: dict[str, list[str]] = {}
    """The triggers of options that a comment of the export keeps, by the ids of the options."""
    window: dict[str, str] = {}
    """The keys of a window that a comment of the export keeps."""
