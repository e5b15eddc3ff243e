"""What can happen in a story: the events that come in, and the happenings that come out."""

from __future__ import annotations

import msgspec

from xrdrama.story.model import Beat, CueCall, Direction, Line, Option, SoundCall

# -- what comes in ------------------------------------------------------------------------------


class Due(msgspec.Struct, frozen=True):
    """Time has come to `at`, which must not lie beyond `next_due`."""

    at: int


class Picked(msgspec.Struct, frozen=True):
    """An option that is open was picked; `began` is when the act began (default `at`)."""

    option: str
    at: int
    by: str = "button"
    began: int | None = None


class Found(msgspec.Struct, frozen=True):
    """Something was found that may open a hidden plot."""

    kind: str
    name: str
    at: int


class Forced(msgspec.Struct, frozen=True):
    """The director sends the story to a beat."""

    beat: str
    at: int


class Held(msgspec.Struct, frozen=True):
    """The director freezes story time (`on`), or lets it go on."""

    on: bool
    at: int


StoryEvent = Due | Picked | Found | Forced | Held

# -- what comes out -----------------------------------------------------------------------------


class BeatEntered(msgspec.Struct, frozen=True):
    """A beat begins; `again` when an interrupted one goes on."""

    beat: Beat
    at: int
    again: bool = False


class Spoken(msgspec.Struct, frozen=True):
    """A line begins."""

    line: Line
    at: int


class CueCalled(msgspec.Struct, frozen=True):
    """A cue of the beat's scene begins."""

    cue: CueCall
    at: int


class SoundCalled(msgspec.Struct, frozen=True):
    """A sound begins or stops."""

    sound: SoundCall
    at: int


class Directed(msgspec.Struct, frozen=True):
    """A heading or action line is reached; for transcripts."""

    direction: Direction
    at: int


class ChoiceOpened(msgspec.Struct, frozen=True):
    """Options can be picked now."""

    beat: Beat
    options: tuple[Option, ...]
    at: int


class Taken(msgspec.Struct, frozen=True):
    """The story goes on to another beat: by an option, else, next, force, hidden or return."""

    beat: str
    choice: str
    option: str
    to: str
    by: str
    at: int


class Ended(msgspec.Struct, frozen=True):
    """An ending is reached."""

    ending: str
    at: int


class Declined(msgspec.Struct, frozen=True):
    """An event that the story could not follow, and why."""

    event: StoryEvent
    reason: str
    at: int


Happening = (
    BeatEntered
    | Spoken
    | CueCalled
    | SoundCalled
    | Directed
    | ChoiceOpened
    | Taken
    | Ended
    | Declined
)
