"""Where a playthrough is: the beat, the position in its script, the open choice, what it has
interrupted; and the moves between such places."""

from __future__ import annotations

from typing import Literal, NamedTuple

Phase = Literal["run", "open", "offer", "then", "stuck", "end"]


class Spot(NamedTuple):
    """A place where time passes, or where the story is about to continue.

    run: the script continues at `cursor`. open: options are `offered`; they can be picked after
    `wait` nanoseconds, and the `else` follows after `left` (None: never). offer: after a return,
    the choice is offered again. then: after a return, another beat `offered` follows. stuck:
    nothing follows. end: the ending `beat`.
    """

    beat: str
    phase: Phase = "run"
    cursor: int = 0
    stack: tuple[Spot, ...] = ()
    """What waits until this returns, the last one first to continue."""
    offered: tuple[str, ...] = ()
    wait: int = 0
    left: int | None = None
    clock: tuple[int, int] = (0, 0)
    """Where it matters: the time since the beat began, and when its last delayed cue is due, in
    nanoseconds."""
    beside: tuple[tuple[int, Spot], ...] = ()
    """The hidden plots that play beside it, by their index."""

    @property
    def places(self) -> tuple[Spot, ...]:
        """This place and those of the plots beside it."""
        return (self, *(place for _, place in self.beside)) if self.beside else (self,)


class Span(NamedTuple):
    """A length of time in nanoseconds: the least, a typical one, and the most (None: no limit)."""

    least: int = 0
    typical: int = 0
    most: int | None = 0

    def then(self, other: Span) -> Span:
        """This span, followed by another one."""
        most = None if self.most is None or other.most is None else self.most + other.most
        return Span(self.least + other.least, self.typical + other.typical, most)

    def at_least(self, time: int) -> Span:
        """This span, or a time if that is longer."""
        most = None if self.most is None else max(self.most, time)
        return Span(max(self.least, time), max(self.typical, time), most)

    @property
    def passes(self) -> bool:
        """True when time may pass."""
        return self.most is None or self.most > 0


class Move(NamedTuple):
    """One way on: what is done ("" if the story continues by itself), where it leads, how long it
    takes, whether it enters a beat or goes back to one on the main path, and whether a random
    number decides."""

    act: str
    to: Spot
    span: Span
    enters: bool = False
    back: bool = False
    rolled: bool = False


def exactly(time: int) -> Span:
    """A span without choice."""
    return Span(time, time, time)
