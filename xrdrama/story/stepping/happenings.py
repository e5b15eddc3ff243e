"""The events that a story accepts, and the happenings that it produces.

The garbage collector does not visit them: they refer to the story, which refers to none of them.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from xrdrama.story.expressions.kinds import Value
from xrdrama.story.model import Beat, Choice, CueCall, Direction, Line, Option, SoundCall
from xrdrama.story.voting import Ballot, Why

# -- events -------------------------------------------------------------------------------------


class Due(msgspec.Struct, frozen=True, gc=False):
    """Story time has reached `at`, which must not be later than `next_due`."""

    at: int


class Picked(msgspec.Struct, frozen=True, gc=False):
    """An open option was picked; `began` is when the speech or gesture began (default `at`)."""

    option: str
    at: int
    by: str = "button"
    began: int | None = None


class Found(msgspec.Struct, frozen=True, gc=False):
    """Something was found that may open a hidden plot."""

    kind: str
    name: str
    at: int


class Forced(msgspec.Struct, frozen=True, gc=False):
    """The director forces the story to a beat."""

    beat: str
    at: int


class Held(msgspec.Struct, frozen=True, gc=False):
    """The director holds the story (`on`) or resumes it."""

    on: bool
    at: int


class TimeScaled(msgspec.Struct, frozen=True, gc=False):
    """A viewer prefers longer windows: `scale` times as long as written, at least 1; infinite for
    no time limit."""

    scale: float
    at: int


class Voted(msgspec.Struct, frozen=True, gc=False):
    """A viewer votes for an option; `opening` is when the choice opened that the viewer saw (None:
    the one that is open)."""

    option: str
    at: int
    voter: str
    group: str = ""
    opening: int | None = None


class Joined(msgspec.Struct, frozen=True, gc=False):
    """So many viewers are joined now."""

    viewers: int
    at: int


StoryEvent = Due | Picked | Found | Forced | Held | TimeScaled | Voted | Joined

# -- happenings ---------------------------------------------------------------------------------


class BeatEntered(msgspec.Struct, frozen=True, gc=False):
    """A beat begins; `again` when an interrupted one continues."""

    beat: Beat
    at: int
    again: bool = False


class Spoken(msgspec.Struct, frozen=True, gc=False):
    """A line begins; `values` are those that its text shows, by variable."""

    line: Line
    at: int
    values: Mapping[str, Value] = {}


class CueCalled(msgspec.Struct, frozen=True, gc=False):
    """A cue of the beat's scene begins."""

    cue: CueCall
    at: int


class SoundCalled(msgspec.Struct, frozen=True, gc=False):
    """A sound begins or stops."""

    sound: SoundCall
    at: int


class Directed(msgspec.Struct, frozen=True, gc=False):
    """A heading or action line is reached; for transcripts."""

    direction: Direction
    at: int


class ChoiceShown(msgspec.Struct, frozen=True, gc=False):
    """Options are displayed, which can be picked later."""

    beat: Beat
    options: tuple[Option, ...]
    at: int
    values: Mapping[str, Value] = {}


class ChoiceOpened(msgspec.Struct, frozen=True, gc=False):
    """Options can be picked now; `values` are those that their texts show, by variable."""

    beat: Beat
    options: tuple[Option, ...]
    at: int
    values: Mapping[str, Value] = {}


class Assigned(msgspec.Struct, frozen=True, gc=False):
    """A script has set variables."""

    variables: tuple[str, ...]
    at: int


class Taken(msgspec.Struct, frozen=True, gc=False):
    """The story continues with another beat: by an option, else, next, force, hidden, detour or
    return."""

    beat: str
    choice: str
    option: str
    to: str
    by: str
    at: int


class VotesCounted(msgspec.Struct, frozen=True, gc=False):
    """The votes on a choice were counted at the end of its window; or it was picked by other means
    before (`why` is `picked`). `result` is an option, or `else`."""

    choice: Choice
    ballot: Ballot
    result: str
    why: Why
    quorum: int
    joined: int
    at: int


class Ended(msgspec.Struct, frozen=True, gc=False):
    """An ending is reached."""

    ending: str
    at: int


class Declined(msgspec.Struct, frozen=True, gc=False):
    """An event that had no effect, and the reason."""

    event: StoryEvent
    reason: str
    at: int
    code: str = ""
    """For a vote: why it does not count (`voting.why_refused`)."""


class InParallel(msgspec.Struct, frozen=True, gc=False):
    """What happens in a hidden plot beside the main path."""

    plot: str
    happening: (
        BeatEntered | Spoken | CueCalled | SoundCalled | Directed | Assigned | Taken | Declined
    )
    at: int


class ParallelEnded(msgspec.Struct, frozen=True, gc=False):
    """A hidden plot beside the main path is over."""

    plot: str
    at: int


Happening = (
    BeatEntered
    | Spoken
    | CueCalled
    | SoundCalled
    | Directed
    | Assigned
    | ChoiceShown
    | ChoiceOpened
    | Taken
    | VotesCounted
    | Ended
    | Declined
    | InParallel
    | ParallelEnded
)
