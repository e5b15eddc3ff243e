"""A rehearsal of ink: what was played turn by turn, which can be undone, saved and loaded."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from xrdrama import content
from xrdrama.document.wording import short, suggestion
from xrdrama.errors import UsageError, XrdramaError
from xrdrama.processes.ink import InkReply, InkRuntime, InkText, Value
from xrdrama.tools.kept import read_kept, write_kept

MOST_TURNS = 10_000
SAVE = "a save of an ink story"


class InkSave(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rehearsal of ink in a file: the state as ink's runtime writes it, and the options there."""

    xrdrama_ink_save: Literal[1]
    story: Annotated[str, msgspec.Meta(max_length=200)]
    state: Annotated[str, msgspec.Meta(max_length=content.MAX_BYTES)]


class Turn(msgspec.Struct, frozen=True):
    """What was done ("" at the beginning), and what was played then up to a choice."""

    act: str
    reply: InkReply


class InkSession:
    """The turns of a rehearsal. Errors as those of the runtime; then nothing has changed, and the
    runtime is back at the last turn, in a new process if the old one has ended."""

    def __init__(
        self, runtime: InkRuntime, name: str, values: Iterable[tuple[str, str]] = (), at: str = ""
    ) -> None:
        """Begin with other values of variables, and at a knot if one is named."""
        self.runtime, self.name = runtime, name
        self.turns = [Turn("", runtime.first)]
        for variable, written_value in values:
            self.set(variable, written_value)
        self.opening = runtime.go(at) if at else runtime.play_on()
        """What is played at the beginning, perhaps with an error."""
        if self.opening.error:
            runtime.return_to(self.now.state)
        else:
            self.turns = [Turn("", self.opening)]

    @property
    def now(self) -> InkReply:
        """The last turn's reply: the open choices and the values."""
        return self.turns[-1].reply

    def choose(self, index: int) -> InkReply:
        """Pick an option, counted from 0."""
        text = self.now.choices[index].text
        return self._do(f"> {text}", lambda: self.runtime.choose(index))

    def go(self, knot: str) -> InkReply:
        """Continue at a knot."""
        return self._do(f"go {knot}", lambda: self.runtime.go(knot))

    def set(self, name: str, written: str) -> InkReply:
        """Give a variable another value, of the type that it has."""
        if name not in self.now.values:
            raise UsageError(f"there is no variable {name!r}", suggestion(name, self.now.values))
        old = self.now.values[name]
        value = value_of(old, written)
        if value is None:
            kind = type(old).__name__ if old is not None else "list or divert target"
            raise UsageError(f"{name} is a {kind}: it cannot be {short(written)}", "")
        return self._do(f"{name} = {written}", lambda: self.runtime.set(name, value))

    def _do(self, act: str, ask: Callable[[], InkReply]) -> InkReply:
        """A turn. A reply with an error is returned, too, and is not kept as a turn."""
        if len(self.turns) >= MOST_TURNS:
            raise UsageError(f"a rehearsal has at most {MOST_TURNS} turns", "start again")
        try:
            reply = ask()
        except XrdramaError:
            self.runtime.return_to(self.now.state)
            raise
        if reply.error:
            self.runtime.return_to(self.now.state)
        else:
            self.turns.append(Turn(act, reply))
        return reply

    def undo(self, count: int = 1) -> list[str]:
        """Undo the last acts; returns them, the last one first."""
        undone = []
        while count and len(self.turns) > 1:
            undone.append(self.turns.pop().act)
            count -= 1
        if undone:
            self.runtime.return_to(self.now.state)
        return undone

    def keep(self, path: Path) -> None:
        """Write the state. UsageError when the file exists and is not such a save, and when the
        save could not be read again."""
        write_kept(path, InkSave(1, self.name, self.now.state), SAVE)

    def load(self, path: Path) -> InkReply:
        """Continue from a save."""
        kept = read_kept(path, InkSave, SAVE)
        if kept.story != self.name:
            raise UsageError(f"this is a save of {kept.story}, not of {self.name}", "")
        try:
            reply = self.runtime.restore(kept.state)
        except XrdramaError:
            self.runtime.return_to(self.now.state)
            raise
        self.turns = [Turn("", reply)]
        return reply


def value_of(old: Value, written: str) -> Value:
    """A typed value of the kind of the old one; None for another kind."""
    written = written.strip()
    if isinstance(old, bool):
        return {"true": True, "false": False}.get(written)
    if isinstance(old, str):
        quoted = len(written) > 1 and written[0] == written[-1] and written[0] in "\"'"
        return written[1:-1] if quoted else written
    try:
        if isinstance(old, int):
            number = int(written) if len(written) < 12 else None
            return number if number is not None and -(2**31) <= number < 2**31 else None
        real = float(written) if old is not None and len(written) < 40 else None
        return real if real is not None and math.isfinite(real) else None
    except ValueError:
        return None


def spoken(line: InkText) -> tuple[str, str]:
    """The speaker of a line and what is said: by a tag `speaker: LAN`, or as `Lan: text`."""
    from xrdrama.authoring.ink.speakers import speaker_of

    return speaker_of(" ".join(line.text.split()), line.tags)


def written(value: Value) -> str:
    """A value as plans and `set` write it."""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
