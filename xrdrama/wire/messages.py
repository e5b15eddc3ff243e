"""What a peer says to the core, and the core to a peer.

Three lanes (bridge/README.md has them on one page):

- command: a peer's `Hello`, then `Record`, `Promise`, `Bye`; the core's `Welcome` or `Refused`,
  `Started`, `Recorded`. A `Record` is acknowledged once it is in the ingress log; sent again with
  the same id it is acknowledged again and counts once.
- state: every frame in order, whole (`Frame`) or as `Keyframe` and `Delta` (`wire.deltas`), with a
  snapshot on joining and after a gap.
- track: the newest camera sample of each subject; older ones may be dropped.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import msgspec

from xrdrama.tracking.sample import Name, Nanoseconds
from xrdrama.wire.commands import Role, Sender, Text
from xrdrama.wire.events import AnyEvent, Count, Instance
from xrdrama.wire.frame import Frame
from xrdrama.wire.nodes import FromNode, ToNode

PROTOCOL_MAJOR = 1
Port = Annotated[int, msgspec.Meta(ge=0, le=65_535)]
Natural = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Code = Literal[
    "malformed",  # no message of this protocol
    "version",  # another protocol or schema
    "hello_first",  # nothing counts before a hello
    "key_needed",  # the role needs the key of the run
    "key_wrong",  # the key is not that of this run
    "source_reserved",  # the name or a source belongs to a process of the show
    "source_not_yours",  # an event of a source that was not declared in hello
    "not_director",  # the role of the sender may not send this command
    "not_performer",  # only the process of a performer's body, with the key, may report its state
    "not_tracker",  # only a tracker with the key may send camera samples
    "id_reused",  # another event was recorded under this id
    "too_much",  # too many events are waiting for the next frame
    "not_recorded",  # the take cannot be written
    "sender_not_yours",  # only a director's peer may send a command for somebody else
    "not_node",  # only a render node of the show, with the key, may send this
    "node_taken",  # another process draws for this node
    "other_content",  # the node's files are not those of the show
]
"""Why something was refused."""


class Message(msgspec.Struct, frozen=True, array_like=True):
    """The base of what is said on a lane."""


class Hello(Message, frozen=True, tag="hello"):
    """The first message of a peer. `schema` is the hash of the schema it was built from.

    `instance` is a random text that a peer chooses once per process: the ids of its records are
    its own, so a peer that was started again may number from 1 again. `key` is the key of the
    run, which the roles recogniser, tracker, director, operator and performer need.
    """

    major: Annotated[int, msgspec.Meta(ge=0, lt=2**16)]
    schema: Annotated[str, msgspec.Meta(max_length=64)]
    name: Name
    role: Role
    sources: Annotated[tuple[Name, ...], msgspec.Meta(max_length=16)] = ()
    instance: Instance = ""
    key: Annotated[str, msgspec.Meta(max_length=128)] = ""


class Welcome(Message, frozen=True, tag="welcome"):
    """The core takes the peer in, and says what it needs to know."""

    show: Name
    epoch: Count
    rate: tuple[Natural, Natural]
    fixed_rate: bool
    schema: str
    state_port: Port = 0
    track_port: Port = 0


class Refused(Message, frozen=True, tag="refused"):
    """The core cannot take what was said. `id` is that of the `Record`, 0 for a `Hello`.

    `reason` is for people, with the remedy; `code` is one of `Code`, and stable.
    """

    id: Count
    reason: Text
    code: Name = ""


class Started(Message, frozen=True, tag="started"):
    """The show runs: nanosecond 0 of the show is `origin` on this machine's monotonic clock."""

    origin: Nanoseconds


class Record(Message, frozen=True, tag="record"):
    """An event for the ingress log. `at` counts on the virtual clock; live, arrival counts.

    `sender` is the person for whom a console sends a command. Only a peer with the role director
    may name one; without it the command is the peer's own.
    """

    id: Count
    at: Nanoseconds
    event: AnyEvent
    sender: Sender | None = None


class Recorded(Message, frozen=True, tag="recorded"):
    """The event is in the log under `seq`. Whether it is accepted shows in a later frame."""

    id: Count
    seq: Count


class Promise(Message, frozen=True, tag="promise"):
    """A watermark: nothing of `source` will be earlier than `at` any more."""

    source: Name
    at: Nanoseconds


class Snapshot(Message, frozen=True, tag="snapshot"):
    """A peer asks for the newest frame on the command lane, after a gap or on joining.

    With `deltas` it is answered with a `Keyframe`, else with a `Frame`.
    """

    deltas: bool = False


class Bye(Message, frozen=True, tag="bye"):
    """The peer leaves on purpose."""


MOST_STEPS: Final = 12
MOST_CHANGES: Final = 4096
Step = Annotated[int, msgspec.Meta(ge=0, lt=2**16)] | Annotated[str, msgspec.Meta(max_length=500)]
Path = Annotated[tuple[Step, ...], msgspec.Meta(min_length=1, max_length=MOST_STEPS)]
"""A way into a message: an index into an array, or a key of a map, step by step."""


class Keyframe(Message, frozen=True, tag="keyframe"):
    """A whole frame of the state lane, number `number` of the run `epoch`."""

    epoch: Count
    number: Count
    frame: Frame


class Delta(Message, frozen=True, tag="delta"):
    """What changed from frame number `after` to frame `number` of the run `epoch`.

    `now` are new values by path into the frame's array, `gone` the keys that were removed from
    maps; `check` is CRC-32 of the bytes of the new frame (msgpack, keys of maps sorted). Who does
    not have frame `after` asks for a snapshot.
    """

    epoch: Count
    number: Count
    after: Count
    check: Annotated[int, msgspec.Meta(ge=0, lt=2**32)]
    now: Annotated[tuple[tuple[Path, Any], ...], msgspec.Meta(max_length=MOST_CHANGES)]
    gone: Annotated[tuple[Path, ...], msgspec.Meta(max_length=MOST_CHANGES)] = ()


FromPeer = Hello | Record | Promise | Snapshot | Bye | FromNode
FromCore = Welcome | Refused | Started | Recorded | Frame | Keyframe | Delta | ToNode
