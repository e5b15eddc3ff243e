"""The story that a Yarn file becomes: beats, variables and names, before they are written."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from hashlib import blake2b
from typing import Literal

import msgspec

from xrdrama.authoring.yarn.playing.evaluate import Value
from xrdrama.authoring.yarn.reading.check import Checked
from xrdrama.document.names import as_name, is_name
from xrdrama.story.formats import NotCarriedOver
from xrdrama.story.screenplay.speakers import capitals, is_speaker, role_of

NARRATOR = "narrator"
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
MOST_NUMBER = 1_000_000


class Row(msgspec.Struct, frozen=True):
    """A row of a script: how deep it is in blocks, its text, the line of the Yarn file."""

    depth: int
    text: str
    line: int


class Way(msgspec.Struct, frozen=True):
    """A path to another beat: `if` and `set` in our language; "" for none."""

    to: str
    condition: str = ""
    effects: tuple[tuple[str, str], ...] = ()


class Offer(msgspec.Struct, frozen=True):
    """An option of a choice."""

    id: str
    text: str
    to: str
    condition: str
    once: bool
    line: int


class NewBeat(msgspec.Struct):
    """A beat that is being made. It ends with a choice, ways on, an ending, or a return."""

    id: str
    line: int
    rows: list[Row] = []
    offers: list[Offer] = []
    otherwise: str = ""
    ways: list[Way] = []
    ends: Literal["", "ending", "return"] = ""
    storylet: str = ""
    when: str = ""
    once: bool = False


class NewVariable(msgspec.Struct, frozen=True):
    """A variable in our language: `{type: int, ...}` without the braces."""

    id: str
    form: str


class CannotCarryError(Exception):
    """A part of a Yarn file that our language cannot express; the text says which."""


class NewStory:
    """What the parts of the translator share: names that are taken, and what is lost."""

    def __init__(
        self, checked: Checked, name: str, functions: dict[str, Callable[..., Value]] | None = None
    ) -> None:
        self.checked, self.name, self.functions = checked, name, functions or {}
        self.beats: dict[str, NewBeat] = {}
        self.variables: dict[str, NewVariable] = {}
        self.cast: dict[str, str] = {}
        self.groups: dict[str, str] = {}
        """The storylet groups by title."""
        self.group_ends: dict[str, str] = {}
        """The beat for when nothing in a group is available."""
        self.lost: list[NotCarriedOver] = []
        self._line_ids: set[str] = set()
        self._names: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}
        self._taken = {"beat": {"else"}, "variable": {"true", "false", "and", "or", "not"}}

    def lose(self, line: int, what: str) -> None:
        """Lists what is not carried over."""
        self.lost.append(NotCarriedOver(line, " ".join(what.split())[:200]))

    def named(self, kind: Literal["beat", "variable"], original: str) -> str:
        """The name of a node, a group or a variable: the same for each use, and no other's."""
        key = (kind, original)
        if key not in self._names:
            self._names[key] = self.fresh(kind, original)
        return self._names[key]

    def fresh(self, kind: Literal["beat", "variable"], wish: str) -> str:
        """A name that is not taken yet, like `wish`."""
        stem = as_name(_CAMEL.sub("_", wish))[:50].strip("_")
        stem = stem if is_name(stem) else kind
        taken = self._taken[kind]
        name, count = stem, self._counts.get(stem, 1)
        while name in taken or _is_reserved(name):
            count += 1
            name = f"{stem}_{count}"
        self._counts[stem] = count
        taken.add(name)
        return name

    def beat(self, wish: str, line: int) -> NewBeat:
        """A beat of its own."""
        made = NewBeat(self.fresh("beat", wish), line)
        self.beats[made.id] = made
        return made

    def variable(self, original: str, form: str) -> str:
        """The name of a variable, which is declared at its first use."""
        name = self.named("variable", original)
        if name not in self.variables:
            self.variables[name] = NewVariable(name, form)
        return name

    def role(self, speaker: str) -> str:
        """The speaker as it is written in a script; "" for a name that cannot be a role's."""
        if not speaker:
            self.cast.setdefault(NARRATOR, "Narrator")
            return capitals(NARRATOR)
        role = as_name(speaker)[:40].strip("_")
        shown = capitals(role)
        fits = is_name(role) and is_speaker(shown) and role_of(shown) == role
        if not fits or len(speaker) > 60 or len(shown) > 40:
            return ""
        if role == NARRATOR and role not in self.cast:
            self.cast[role] = speaker
        if self.cast.setdefault(role, speaker) != speaker:
            return self._other_role(role, speaker)
        return shown

    def _other_role(self, role: str, speaker: str) -> str:
        """Another role with a name that differs only in capitals or signs, such as `Lan` and
        `LAN`."""
        for number in range(2, 100):
            name = f"{role[:36]}_{number}"
            if self.cast.setdefault(name, speaker) == speaker:
                return capitals(name)
        return ""

    def line_id(self, tag: str, what: str) -> str:
        """A line id: that of the Yarn file if it has our form, else one made of the text."""
        wish = f"l{tag}" if tag.isascii() and tag.isalnum() and tag.islower() else ""
        if 4 <= len(wish) <= 16 and wish not in self._line_ids:
            self._line_ids.add(wish)
            return wish
        for attempt in range(10_000):
            digest = blake2b(f"{self.name}/{tag or what}/{attempt}".encode(), digest_size=5)
            found = "l" + base64.b32encode(digest.digest()).decode().lower()[:5]
            if found not in self._line_ids:
                self._line_ids.add(found)
                return found
        raise AssertionError("no free line id was found in 10,000 tries")


def _is_reserved(name: str) -> bool:
    return name in _RESERVED


# What our expressions read as something else: the reserved words of Python, and our functions.
_RESERVED = frozenset(
    [
        "and",
        "as",
        "assert",
        "async",
        "await",
        "break",
        "class",
        "continue",
        "def",
        "del",
        "elif",
        "else",
        "except",
        "finally",
        "for",
        "from",
        "global",
        "if",
        "import",
        "in",
        "is",
        "lambda",
        "nonlocal",
        "not",
        "or",
        "pass",
        "raise",
        "return",
        "try",
        "while",
        "with",
        "yield",
        "none",
        "true",
        "false",
        "visits",
        "seen",
        "min",
        "max",
        "random",
        "votes",
    ]
)
