"""All that can happen to a show. An `Entry` of the ingress log is one event with its stamp.

Times are nanoseconds of the show. An event that a person caused over a stretch of time (a phrase,
a held hand) says when it began and ended; the entry's `at` says when it counts. From a source on
the virtual clock that is media time plus the source's declared, constant latency, so the order
of events never depends on how fast a recogniser was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal, NamedTuple, Union

import msgspec

from xrdrama.spatial import Pose
from xrdrama.tracking.sample import Name, Nanoseconds, TrackingSample
from xrdrama.wire.commands import Command, Role, Text, commands, compose

Ratio = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Count = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
Instance = Annotated[str, msgspec.Meta(max_length=64)]
Phone = Annotated[str, msgspec.Meta(max_length=3)]
Level = Annotated[int, msgspec.Meta(ge=0, le=255)]
Tenths = Annotated[int, msgspec.Meta(ge=-1800, le=1800)]
BodyState = Literal["ready", "done", "fell", "hot", "lost", "stopped"]
Voter = Annotated[str, msgspec.Meta(max_length=64)]
HandPose = Literal["none", "open_palm", "fist", "point", "victory", "other"]


class Event(msgspec.Struct, frozen=True, array_like=True):
    """The base of what can happen."""


class Hearing(Event, frozen=True, tag="hearing"):
    """Somebody began to speak; what was said comes later."""

    source: Name
    began: Nanoseconds


class Heard(Event, frozen=True, tag="heard"):
    """An utterance, as an open-vocabulary recogniser wrote it down.

    `phones` is its pronunciation (ARPAbet, no stress), so that matching needs no dictionary.
    `measured` is how long after the end of speech the recogniser had it: recorded, never used.
    """

    source: Name
    text: Text
    phones: Annotated[tuple[Phone, ...], msgspec.Meta(max_length=400)]
    began: Nanoseconds
    ended: Nanoseconds
    measured: Nanoseconds = 0


class Gestured(Event, frozen=True, tag="gestured"):
    """What the hand in one video frame looks like. Voting and dwelling happen in the show."""

    source: Name
    pose: HandPose
    score: Ratio
    seen: Nanoseconds
    position: tuple[Ratio, Ratio] = (0.5, 0.5)
    measured: Nanoseconds = 0


class Faced(Event, frozen=True, tag="faced"):
    """What a live face looks like: numbers that drive a performer. No picture is recorded.

    `values` are the 52 shapes in the order of `tracking.faces.ARKIT`, 255 for fully applied, or ()
    when the face was lost; `turn` is the head's pan, tilt and roll in tenths of a degree. `others`
    is how many more faces were there, of which nothing is used. With `ended` it is the last event:
    the recording has ended or the input was stopped.
    """

    source: Name
    performer: Name
    values: Annotated[tuple[Level, ...], msgspec.Meta(max_length=52)]
    turn: tuple[Tenths, Tenths, Tenths]
    seen: Nanoseconds
    others: Count = 0
    measured: Nanoseconds = 0
    ended: bool = False


class MarkerSeen(Event, frozen=True, tag="marker"):
    """A camera found a printed marker of the set."""

    source: Name
    marker: Name
    seen: Nanoseconds

    def __post_init__(self) -> None:
        """Compose the name."""
        compose(self, "marker")


class Gazed(Event, frozen=True, tag="gazed"):
    """A viewer looked at a place of the set from `began` to `seen`, for as long as picks by gaze
    take: an option with `on: [gaze: PLACE]` is picked."""

    source: Name
    place: Name
    began: Nanoseconds
    seen: Nanoseconds

    def __post_init__(self) -> None:
        """Compose the name."""
        compose(self, "place")


class Pressed(Event, frozen=True, tag="pressed"):
    """An option was picked outright: a key, a tap, a trigger aimed at it."""

    source: Name
    option: Name

    def __post_init__(self) -> None:
        """Compose the name."""
        compose(self, "option")


class Voted(Event, frozen=True, tag="voted"):
    """A viewer's vote for an option of the open choice.

    `opening` is that of the `Tally` that the viewer saw, so that a vote for an earlier opening of
    the choice does not count. `voter` is a pseudonym, such as the hash of the viewer's public key;
    each voter has one vote. `group` is the voter's group, whose weight the story gives; "" for
    none. `leaf` is the hash of a signed vote in the log of votes, in hex; "" for one that is not
    signed.
    """

    source: Name
    choice: Name
    opening: Nanoseconds
    option: Name
    voter: Voter
    group: Name = ""
    leaf: Annotated[str, msgspec.Meta(max_length=64)] = ""

    def __post_init__(self) -> None:
        """Compose the names."""
        compose(self, "choice")
        compose(self, "option")


class Joined(Event, frozen=True, tag="joined"):
    """How many viewers are joined now: a quorum may be a share of them."""

    source: Name
    viewers: Count


class DeviceLost(Event, frozen=True, tag="lost"):
    """A device or process of the show went away."""

    source: Name
    reason: Text


class DeviceFound(Event, frozen=True, tag="found"):
    """A device or process of the show is there (again)."""

    source: Name
    detail: Text = ""


class Reported(Event, frozen=True, tag="reported"):
    """The body of a performer reports its state.

    ready: it stands and follows the show; done: the newest act has ended and its joints are where
    the act put them; fell; hot: a motor is too hot; lost: it does not answer; stopped: it is damped
    until it is released. `again` repeats the state to say that its process is alive.
    """

    source: Name
    performer: Name
    state: BodyState
    again: bool = False
    why: Text = ""

    def __post_init__(self) -> None:
        """Compose the name."""
        compose(self, "performer")


class Presented(Event, frozen=True, tag="presented"):
    """A viewer that locates its own eyes says with which poses it drew a frame."""

    source: Name
    frame: Count
    poses: Annotated[tuple[Pose, ...], msgspec.Meta(max_length=8)]


_Input = TrackingSample | Hearing | Heard | Gestured | Faced | MarkerSeen | Pressed | Gazed
_Votes = Voted | Joined
_Report = DeviceLost | DeviceFound | Presented | Reported
if TYPE_CHECKING:
    AnyEvent = _Input | Command | _Votes | _Report
else:  # the decoders need every declared command by name
    AnyEvent = Union[(_Input, *commands(), _Votes, _Report)]


class Origin(NamedTuple):
    """Who sent an event, as the core knows it; empty for what the core notes itself.

    `peer`, `instance` and `id` are those of the `Hello` and `Record` that brought it: a peer that
    sends it again after the core was restarted is acknowledged again, and it counts once.
    `name` and `role` are what the peer proved at hello.
    """

    peer: str = ""
    id: int = 0
    instance: str = ""
    name: str = ""
    role: Role | Literal[""] = ""


CORE: Final = Origin()
"""The origin of what the core notes itself."""


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One line of the ingress log: its number, when it counts, what happened.

    After these come the fields of its `Origin`, one by one. The core writes them.
    """

    seq: Count
    at: Nanoseconds
    event: AnyEvent
    peer: Name = ""
    id: Count = 0
    instance: Instance = ""
    name: Name = ""
    role: Role | Literal[""] = ""
