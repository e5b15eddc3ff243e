"""How a running show does: its beat, its render nodes, and what needs a person."""

from __future__ import annotations

import os
import threading
import time
from typing import Final

import msgspec

from xrdrama.adapters.bridge import Peer
from xrdrama.adapters.bridge.keyring import Pair
from xrdrama.errors import DeviceError
from xrdrama.wire.frame import Alarm, Frame
from xrdrama.wire.messages import Refused, Welcome
from xrdrama.wire.nodes import AskNodes, NodeHealth, NodesAre, ToNode

UP: Final = ("waiting", "in step")
"""States of a node that answers."""
TIMEOUT: Final = 5.0
"""Seconds within which a show must answer."""


class NodeStatus(msgspec.Struct, frozen=True):
    """A render node. `alive` is true while it answers in time."""

    name: str
    role: str
    alive: bool
    skew_ms: float
    last_frame: int
    state: str
    walls: tuple[str, ...]
    late_ms: float
    draw_ms: float
    misses: int
    clock: str
    real_time: bool
    reason: str


class Status(msgspec.Struct, frozen=True):
    """How a show does. `skew_ms` is the median time from the first node that shows a frame to the
    last one; `journal` has the alarms about the take."""

    show: str
    beat: str
    frame: int
    nodes: tuple[NodeStatus, ...]
    skew_ms: float
    mismatches: int
    journal: dict[str, list[str]]
    alarms: tuple[Alarm, ...]


def status_of(endpoint: str, pair: Pair | None = None) -> Status:
    """The status of the show at `endpoint`; DeviceError if none answers within five seconds."""
    frames: list[Frame] = []
    answers: list[NodesAre] = []
    changed = threading.Condition()

    def heard(message: Welcome | Refused | ToNode) -> None:
        with changed:
            answers.extend([message] if isinstance(message, NodesAre) else [])
            changed.notify_all()

    def took(frame: Frame) -> None:
        with changed:
            frames.append(frame)
            changed.notify_all()

    name = f"{pair.name}.status" if pair else f"status.{os.getpid()}"
    role = pair.role if pair else "viewer"
    peer = Peer(endpoint, name=name, role=role, sources=(), on_node=heard, pair=pair)
    try:
        peer.subscribe(took)
        end, asked = time.monotonic() + TIMEOUT, False
        with changed:
            while not (frames and answers) and not peer.failure and time.monotonic() < end:
                if peer.show and not asked:
                    asked = True
                    peer.say(AskNodes())
                changed.wait(0.05)
        if peer.failure:
            raise DeviceError(f"the show at {endpoint} refused this command: {peer.failure}")
        if not answers:
            raise DeviceError(
                f"no show answers at {endpoint}", "start one: xrdrama run SHOW --port 7400"
            )
        return _status(peer.show, frames[-1] if frames else None, answers[-1])
    finally:
        peer.close(0.0)


def _status(show: str, frame: Frame | None, nodes: NodesAre) -> Status:
    alarms = frame.alarms if frame else ()
    troubles = [alarm.text for alarm in alarms if alarm.code.startswith("take_")]
    return Status(
        show,
        frame.beat if frame else "",
        frame.number if frame else -1,
        tuple(_node(one) for one in nodes.nodes),
        nodes.skew_ms,
        nodes.mismatches,
        {"troubles": troubles},
        alarms,
    )


def _node(one: NodeHealth) -> NodeStatus:
    return NodeStatus(
        one.name,
        "node",
        one.state in UP,
        one.skew_ms,
        one.last_frame,
        one.state,
        one.walls,
        one.late_ms,
        one.draw_ms,
        one.misses,
        one.clock,
        one.real_time,
        one.reason,
    )
