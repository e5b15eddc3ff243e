"""Sends a stop or a director's release to a running show, and waits for their effect."""

from __future__ import annotations

import os
import time
from typing import Final

import msgspec

from xrdrama.adapters.bridge import Peer
from xrdrama.errors import DeviceError, UsageError
from xrdrama.wire.commands import Command, Released, Stopped
from xrdrama.wire.frame import CommandRefused, Frame, Latched
from xrdrama.wire.messages import Recorded, Refused

TIMEOUT_S: Final = 5.0


class Sent(msgspec.Struct, frozen=True):
    """What a command did: the rows of the bodies in the frame in which it counted."""

    latches: tuple[Latched, ...] = ()
    refused: CommandRefused | None = None


def send_stop(endpoint: str, performer: str) -> Sent:
    """Stop one body, or all with "". DeviceError when the show does not confirm it."""
    return _send(endpoint, Stopped("robot", performer))


def send_release(endpoint: str, performer: str) -> Sent:
    """Turn the director's key of one body. DeviceError when the show does not confirm it."""
    return _send(endpoint, Released("robot", performer))


class _Waiting:
    """Waits for the frame in which a command counted."""

    def __init__(self) -> None:
        self.seq: int | None = None
        self.refusal = ""
        self.frames: list[Frame] = []

    def answered(self, answer: Recorded | Refused) -> None:
        if isinstance(answer, Recorded):
            self.frames = self.frames[-1:]
            self.seq = answer.seq
        else:
            self.refusal = answer.reason

    def framed(self, frame: Frame) -> None:
        self.frames = [*self.frames[-50:], frame]


def _send(endpoint: str, command: Command) -> Sent:
    waiting = _Waiting()
    peer = Peer(endpoint, name=f"robot.{os.getpid()}", role="director", sources=())
    try:
        peer.subscribe(waiting.framed)
        peer.record(command, on_answer=waiting.answered)
        deadline = time.monotonic() + TIMEOUT_S
        while time.monotonic() < deadline:
            if failure := peer.failure or waiting.refusal:
                raise DeviceError(
                    f"the show refused the command: {failure}", "run it as the user of the show"
                )
            if waiting.seq is not None and len(waiting.frames) > 2:
                frames = tuple(waiting.frames)
                refused = [one for frame in frames for one in frame.refused]
                mine = next((one for one in refused if one.seq == waiting.seq), None)
                return Sent(frames[-1].latches, mine)
            time.sleep(0.01)  # until the core answers, at most TIMEOUT_S
    finally:
        peer.close(timeout=0.2)
    name = getattr(command, "performer", "")
    raise DeviceError(
        f"the show at {endpoint} did not confirm the command within {TIMEOUT_S:.0f} s",
        f"stop {name or 'the robot'} at its own process: press Enter there, or use its switch",
    )


def confirmed(sent: Sent) -> None:
    """UsageError when the show refused the command."""
    if sent.refused is not None:
        raise UsageError(sent.refused.text, "xrdrama robot stop --json lists the bodies")
