"""A viewer's connection to the show: receives frames, sends picks and poses, waits on standby."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable
from typing import NoReturn

import msgspec

from xrdrama.adapters.bridge import Peer
from xrdrama.errors import DeviceError
from xrdrama.processes.child import say_ready
from xrdrama.processes.statuses import NO_DEVICE, SAY
from xrdrama.spatial import Pose
from xrdrama.timing import NS
from xrdrama.wire.commands import TimeScaled
from xrdrama.wire.events import Gazed, Presented, Pressed
from xrdrama.wire.frame import Frame, OpenChoice

MOST_WAITING = 200
"""Most poses that wait for the core; a viewer never waits for the core."""
RUN_ON = NS // 8
"""Nanoseconds for which animations continue after the newest frame of the show."""
SIGN = ("One moment", "请稍候")
"""The text that is shown until the first frame."""


class Follower:
    """The show on a viewer's side: its newest frame, and the connection to the core."""

    def __init__(self, endpoint: str, name: str) -> None:
        self.name = name
        self.frame: Frame | None = None
        """The newest frame of the show."""
        self.presented = self.unsaid = 0
        self.on_frame: Callable[[Frame], None] = lambda frame: None
        """Called with every frame, in another thread; it must be quick."""
        self.on_seen: Callable[[Frame, Pose], None] = lambda frame, eye: None
        """Called with each frame that was drawn and the pose of the left eye."""
        self._peer = Peer(
            endpoint,
            name=f"{name}.{os.getpid()}",
            role="viewer",
            sources=(name,),
            on_welcome=say_ready,
        )

    def begin(self) -> None:
        """Report to the core that this viewer is ready, and receive its frames."""
        self._peer.subscribe(self._take)

    def _take(self, frame: Frame) -> None:
        self.on_frame(frame)
        self.frame = frame

    def check(self) -> None:
        """Raise DeviceError after the core has rejected this viewer."""
        if self._peer.failure:
            raise DeviceError(
                f"the show rejected this viewer: {self._peer.failure}",
                "use the same version of xrdrama for both, and start the show again",
            )

    def seconds(self, frame: Frame) -> float:
        """The time of animations in seconds: the frame's, continued a little between frames."""
        at = frame.time.shows_at
        return max(at, min(self._peer.now(), at + RUN_ON)) / NS

    def pick(self, option: str, by: str) -> None:
        """Send that the viewer picked an option by `gaze`, `trigger`, `pinch`, `key`, ..."""
        self._peer.record(Pressed(f"{self.name}.{by}", option))

    def look(self, place: str, seconds: float) -> None:
        """Send that the viewer has looked at a place of the set for so long, until now."""
        now = self._peer.now()
        self._peer.record(Gazed(f"{self.name}.gaze", place, max(0, now - round(seconds * NS)), now))

    def ask_for_time(self, scale: float | None) -> None:
        """Ask that choices stay open `scale` times as long as written; None: without a limit."""
        self._peer.record(TimeScaled(self.name, scale))

    def present(self, frame: Frame, eyes: Iterable[Pose]) -> None:
        """Send the poses with which a frame was drawn; skip this when the core is slow."""
        eyes = tuple(eyes)
        self.on_seen(frame, eyes[0])
        if self._peer.under_way > MOST_WAITING:
            self.unsaid += 1
            return
        self.presented += 1
        self._peer.record(Presented(self.name, frame.number, tuple(eye.rounded() for eye in eyes)))

    def close(self) -> None:
        """Close the connection."""
        self._peer.close()


def say(text: str) -> None:
    """Print a message at the show's terminal."""
    sys.stdout.write(f"{SAY}{text}\n")
    sys.stdout.flush()


def aimed_at(frame: Frame, aimed: str, dwelt: float = 0.0) -> Frame:
    """The frame with the option highlighted that someone aims at, or has looked at the place of
    for a share of the time that a pick takes."""
    if frame.choice is None or not aimed:
        return frame
    options = tuple(
        msgspec.structs.replace(option, heard=True, progress=max(option.progress, dwelt))
        if option.id == aimed
        else option
        for option in frame.choice.options
    )
    choice: OpenChoice = msgspec.structs.replace(frame.choice, options=options)
    return msgspec.structs.replace(frame, choice=choice)


class Turn:
    """The turn of a viewer on standby: it reports when it is able to start, and waits for
    the line "go" or the end of stdin."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._said = False
        self._called = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        # Not with sys.stdin: a waiting thread would hold its lock while the process ends.
        said = os.read(sys.stdin.fileno(), 64).strip()
        (self._called if said == b"go" else self._stop).set()

    @property
    def came(self) -> bool:
        """True after "go" was received."""
        return self._called.is_set()

    def wait(self) -> bool:
        """Report that this viewer is able to start; wait for "go" (True) or the end (False)."""
        self._say_ready()
        while not self._stop.is_set():
            if self._called.wait(0.05):
                return True
        return False

    def has_come(self) -> bool:
        """Report that this viewer is able to start; return True after "go"."""
        self._say_ready()
        return self.came

    def _say_ready(self) -> None:
        if not self._said:
            self._said = True
            say_ready()


def end_process(error: DeviceError, status: int = NO_DEVICE) -> NoReturn:
    """End the process at once, from any thread, with the reason on stderr.

    Another viewer waits for this end, so cleaning up is left to the operating system.
    """
    sys.stderr.write(f"{' '.join(str(error).split())}\n")
    sys.stderr.flush()
    os._exit(status)
