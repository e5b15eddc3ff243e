"""What is proved about a story, as values; `xrdrama prove` prints them."""

from __future__ import annotations

import msgspec

from xrdrama.story.stepping.playthrough import Playthrough

Acts = tuple[str, ...]
"""What the audience does on a path: option ids, `else` (silence), `marker:name`."""


class Seconds(msgspec.Struct, frozen=True):
    """The running time of the paths to an ending, in seconds; None: unbounded.

    min: the quickest path with every answer at once. typical: the path of the witness, with answers
    after half of their windows. max: the longest path with the slowest answers.
    """

    least: float = msgspec.field(name="min")
    typical: float
    most: float | None = msgspec.field(name="max")


class EndingProof(msgspec.Struct, frozen=True):
    """An ending: whether it can be reached (None: not proved), and by which paths."""

    id: str
    reachable: bool | None
    witness: Acts = ()
    """The path with the fewest acts; the runtime was played along it."""
    seed: int | None = None
    """A seed with which the witness plays; None if random numbers do not matter, or if none of the
    tried seeds leads there."""
    seconds: Seconds | None = None
    quickest: Acts | None = None
    longest: Acts | None = None
    why_unbounded: str = ""
    paths: int | str | None = None
    """How many paths lead there; in digits as a text if it is over 2^53; None: unbounded, or not
    counted."""


class Stuck(msgspec.Struct, frozen=True):
    """A beat after which nothing follows, or no ending any more, and the shortest path into it."""

    beat: str
    witness: Acts


class Fixed(msgspec.Struct, frozen=True):
    """A condition that has the same outcome in every state that can be reached."""

    file: str
    line: int
    column: int
    beat: str
    condition: str
    always: bool


class Proof(msgspec.Struct, frozen=True):
    """What is proved about a story. If not `complete`, what was not met within `states` states is
    not proved: it may still be possible."""

    story: str
    complete: bool
    states: int
    limits: tuple[str, ...]
    """Why it is not complete."""
    endings: tuple[EndingProof, ...]
    never_offered: tuple[str, ...]
    """Options that are never offered, as beat.option; proved, so empty unless `complete`."""
    never_opened: tuple[str, ...]
    """Hidden plots that can never be opened."""
    never_reached: tuple[str, ...]
    """Beats that can never be entered."""
    not_met: tuple[str, ...]
    """If not complete: options, hidden plots and beats that were not met, for which nothing is
    proved."""
    stuck: tuple[Stuck, ...]
    endless: tuple[Stuck, ...]
    """Where the story begins to go round for ever: no ending can be reached from there. Only if
    `complete`."""
    conditions: tuple[Fixed, ...]
    dominators: dict[str, list[str]]
    """For each ending, the beats on every path to it."""

    @property
    def is_clean(self) -> bool:
        """True when everything is proved, and nothing is impossible."""
        reached = all(ending.reachable for ending in self.endings)
        never = (*self.never_offered, *self.never_opened, *self.never_reached)
        caught = (*self.stuck, *self.endless)
        return self.complete and reached and not never and not caught


class Witness(msgspec.Struct, frozen=True):
    """A path to a beat or an ending, and the playthrough at its end.

    `at`: its story time in nanoseconds, with every answer at once.
    """

    to: str
    acts: Acts
    beats: tuple[str, ...]
    """The beat of each act."""
    playthrough: Playthrough
    at: int
    seed: int | None
    """The seed with which the acts lead there; None if no tried seed does."""
