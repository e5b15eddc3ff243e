"""The events that a story accepts, and the happenings that it produces."""

from __future__ import annotations

import msgspec

from xrdrama.story.model import Beat, CueCall, Direction, Line, Option, SoundCall

# -- events -------------------------------------------------------------------------------------


class Due(msgspec.Struct, frozen=True):
    """Story time has reached `at`, which must not be later than `next_due`."""

    at: int


class Picked(msgspec.Struct, frozen=True):
    """An open option was picked; `began` is when the speech or gesture began (default `at`)."""

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
    """The director forces the story to a beat."""

    beat: str
    at: int


class Held(msgspec.Struct, frozen=True):
    """The director holds the story (`on`) or resumes it."""

    on: bool
    at: int


StoryEvent = Due | Picked | Found | Forced | Held

# -- happenings ---------------------------------------------------------------------------------


class BeatEntered(msgspec.Struct, frozen=True):
    """A beat begins; `again` when an interrupted one continues."""

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
    """The story continues with another beat: by an option, else, next, force, hidden or return."""

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
    """An event that had no effect, and the reason."""

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
