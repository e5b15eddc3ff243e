"""What render nodes and the core say to each other: the frame-sync lane.

A node draws some walls of a show in a process of its own, with the frames of the state lane. It
says `hello` with the role `node`, asks for the show's `NodeContent`, compares it with its own
files, and joins. The core then says which frame to draw (`DrawFrame`), each node answers when it
has drawn it (`FrameDrawn`), and when all have, the core says when to show it (`ShowFrame`). Each
node says when it did (`FrameShown`).

Times are nanoseconds on the core's monotonic clock. A node asks for that clock (`AskTime`,
`TimeIs`) and takes the exchange that took the shortest time.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Annotated, Final

import msgspec

from xrdrama.tracking.sample import Name, Nanoseconds
from xrdrama.wire.commands import Text
from xrdrama.wire.events import Count

MOST_NODES: Final = 64
MOST_FILES: Final = 8192
Digest = Annotated[str, msgspec.Meta(max_length=64)]
Milliseconds = Annotated[float, msgspec.Meta(ge=-1e9, le=1e9)]
FileName = Annotated[str, msgspec.Meta(max_length=300)]


class NodeMessage(msgspec.Struct, frozen=True, array_like=True):
    """The base of what nodes and the core say to each other."""


class AskContent(NodeMessage, frozen=True, tag="ask_content"):
    """A node asks what the show consists of, and which walls it draws."""


class NodeContent(NodeMessage, frozen=True, tag="node_content"):
    """The walls of each node, and the hash of each file of the show that pictures depend on."""

    show: Name
    nodes: dict[Name, Annotated[tuple[Name, ...], msgspec.Meta(max_length=32)]]
    files: dict[FileName, Digest]


class JoinNodes(NodeMessage, frozen=True, tag="join_nodes"):
    """A node can draw. `content` is the hash of its files; `frame` is the newest frame that it has.

    A node whose files differ says so in `differs`, the name of the first one, and is refused.
    `clock` is how it knows the core's clock, `real_time` whether it runs with real-time priority.
    """

    content: Digest
    frame: Count = 0
    differs: FileName = ""
    clock: Name = ""
    real_time: bool = False


class DrawFrame(NodeMessage, frozen=True, tag="draw_frame"):
    """Draw this frame of the run `epoch`, and do not show it yet."""

    epoch: Count
    frame: Count


class FrameDrawn(NodeMessage, frozen=True, tag="frame_drawn"):
    """The node has drawn the frame. `took` is nanoseconds."""

    frame: Count
    took: Nanoseconds = 0


class ShowFrame(NodeMessage, frozen=True, tag="show_frame"):
    """Show the drawn frame at this time."""

    epoch: Count
    frame: Count
    at: Nanoseconds


class FrameShown(NodeMessage, frozen=True, tag="frame_shown"):
    """The node has shown a frame at this time. `samples` are the times of the tracking samples that
    the frame's cameras were drawn with, in nanoseconds of the show, in the order of the stage."""

    frame: Count
    at: Nanoseconds
    samples: Annotated[tuple[Nanoseconds, ...], msgspec.Meta(max_length=16)] = ()


class AskTime(NodeMessage, frozen=True, tag="ask_time"):
    """A node asks for the core's clock. `sent` is on the node's own clock."""

    sent: Nanoseconds


class TimeIs(NodeMessage, frozen=True, tag="time_is"):
    """The core's clock when the question came and when the answer left."""

    sent: Nanoseconds
    received: Nanoseconds
    answered: Nanoseconds


class ShowOver(NodeMessage, frozen=True, tag="show_over"):
    """The run has ended on purpose. A core that was killed does not say this."""


class NodeHealth(NodeMessage, frozen=True):
    """How a node does.

    `state` is `away` before it has joined and after it has left, `missing` while it does not answer
    in time. `skew_ms` is the median of the last frames: how much later it showed them than the
    first node. `last_frame` is the newest frame that it has shown, -1 for none.
    """

    name: Name
    walls: Annotated[tuple[Name, ...], msgspec.Meta(max_length=32)] = ()
    state: Name = "away"
    last_frame: Annotated[int, msgspec.Meta(ge=-1, lt=2**53)] = -1
    skew_ms: Milliseconds = 0.0
    late_ms: Milliseconds = 0.0
    """Median of how late it showed frames, milliseconds after the time that it should have."""
    misses: Count = 0
    """How often it did not answer in time."""
    shown: Count = 0
    """Frames that it has shown."""
    draw_ms: Milliseconds = 0.0
    clock: Name = ""
    real_time: bool = False
    reason: Text = ""
    """Why it is not in step, or ""."""


class AskNodes(NodeMessage, frozen=True, tag="ask_nodes"):
    """Any peer asks how the nodes do."""


class NodesAre(NodeMessage, frozen=True, tag="nodes_are"):
    """How the nodes do. `skew_ms` is the median of the last frames, from the first node that showed
    a frame to the last one."""

    nodes: Annotated[tuple[NodeHealth, ...], msgspec.Meta(max_length=MOST_NODES)] = ()
    skew_ms: Milliseconds = 0.0
    frames: Count = 0
    mismatches: Count = 0
    """How often a node showed a frame that it was not asked to show."""


FromNode = AskContent | JoinNodes | FrameDrawn | FrameShown | AskTime | AskNodes
ToNode = NodeContent | DrawFrame | ShowFrame | TimeIs | ShowOver | NodesAre


def digest_of(files: Mapping[str, str]) -> str:
    """One hash of the names and hashes of files."""
    digest = blake2b(digest_size=16)
    for name, hashed in sorted(files.items()):
        digest.update(f"{name}\0{hashed}\n".encode())
    return digest.hexdigest()
