"""A viewer's connection to the show: newest frame in, picks and poses out, its turn, its end."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterable
from typing import NoReturn

import msgspec

from xrdrama.adapters.bridge import Peer
from xrdrama.errors import DeviceError
from xrdrama.processes.child import say_ready
from xrdrama.processes.statuses import NO_DEVICE, SAY
from xrdrama.spatial import Pose
from xrdrama.timing import NS
from xrdrama.wire.events import Presented, Pressed
from xrdrama.wire.frame import Frame, OpenChoice

MOST_WAITING = 200
"""Poses that may wait for the core; a viewer never waits for it."""
RUN_ON = NS // 8
"""How far what moves by itself runs on between two frames of the show."""
SIGN = ("One moment", "请稍候")
"""What stands there until the show is."""


class Follower:
    """The show as a viewer knows it: the newest frame, and the way back to the core."""

    def __init__(self, endpoint: str, name: str) -> None:
        self.name = name
        self.frame: Frame | None = None
        """The newest frame of the show."""
        self.presented = self.unsaid = 0
        self._peer = Peer(
            endpoint,
            name=f"{name}.{os.getpid()}",
            role="viewer",
            sources=(name,),
            on_welcome=say_ready,
        )

    def begin(self) -> None:
        """Say "ready" to the core, and follow its frames from now on."""
        self._peer.subscribe(self._take)

    def _take(self, frame: Frame) -> None:
        self.frame = frame

    def check(self) -> None:
        """DeviceError once the core has refused this viewer."""
        if self._peer.failure:
            raise DeviceError(f"the core refused this viewer: {self._peer.failure}")

    def seconds(self, frame: Frame) -> float:
        """The time of what moves by itself: the frame's, run on a little between two of them."""
        at = frame.time.shows_at
        return max(at, min(self._peer.now(), at + RUN_ON)) / NS

    def pick(self, option: str, by: str) -> None:
        """The viewer picked an option, by `gaze`, `trigger`, `key` or `pointer`."""
        self._peer.record(Pressed(f"{self.name}.{by}", option))

    def present(self, frame: Frame, eyes: Iterable[Pose]) -> None:
        """Say with which eyes a frame was drawn; let it be when the core is slow."""
        if self._peer.under_way > MOST_WAITING:
            self.unsaid += 1
            return
        self.presented += 1
        self._peer.record(Presented(self.name, frame.number, tuple(eye.rounded() for eye in eyes)))

    def close(self) -> None:
        """Say goodbye."""
        self._peer.close()


def say(text: str) -> None:
    """Say something to the person at the terminal of the show."""
    sys.stdout.write(f"{SAY}{text}\n")
    sys.stdout.flush()


def aimed_at(frame: Frame, aimed: str) -> Frame:
    """The frame with the option lit up that somebody aims at."""
    if frame.choice is None or not aimed:
        return frame
    options = tuple(
        msgspec.structs.replace(option, heard=True) if option.id == aimed else option
        for option in frame.choice.options
    )
    choice: OpenChoice = msgspec.structs.replace(frame.choice, options=options)
    return msgspec.structs.replace(frame, choice=choice)


class Turn:
    """The turn of a viewer that stands by: it says when it could show the show, and waits for a
    line on stdin, "go" or the end."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._said = False
        self._called = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        # Not by sys.stdin, whose lock a thread that waits would hold while the process ends.
        said = os.read(sys.stdin.fileno(), 64).strip()
        (self._called if said == b"go" else self._stop).set()

    @property
    def came(self) -> bool:
        """True once this viewer was called."""
        return self._called.is_set()

    def wait(self) -> bool:
        """Say that this viewer could show the show now; block until it shall (True) or ends."""
        self._say_ready()
        while not self._stop.is_set():
            if self._called.wait(0.05):
                return True
        return False

    def has_come(self) -> bool:
        """Say that this viewer could show the show now; whether it shall."""
        self._say_ready()
        return self.came

    def _say_ready(self) -> None:
        if not self._said:
            self._said = True
            say_ready()


def give_way(error: DeviceError, status: int = NO_DEVICE) -> NoReturn:
    """End at once, from any thread, with the reason. Whoever takes over waits for our end: nothing
    is tidied up that the system does as well."""
    sys.stderr.write(f"{' '.join(str(error).split())}\n")
    sys.stderr.flush()
    os._exit(status)
