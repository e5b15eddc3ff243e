"""A viewer in a process of its own: follows the show, draws it, says what was seen and picked."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec

from xrdrama import content
from xrdrama.adapters.bridge import Peer
from xrdrama.app.child import end_with_parent
from xrdrama.app.pictures import compiled_scene, near_of, speaker_names
from xrdrama.errors import DeviceError, XrdramaError
from xrdrama.scene.compiled import CompiledScene
from xrdrama.show import Production
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.timing import NS
from xrdrama.wire.events import Presented, Pressed
from xrdrama.wire.frame import Frame, OpenChoice, Projection

NO_DEVICE = 3
"""Exit status: there is no headset (any more), or no screen; another viewer may take over."""
STANDPOINT = "film_camera"
"""The place of a set at which viewers stand."""
MOST_WAITING = 200
"""Poses that may wait for the core; a viewer never waits for it."""
RUN_ON = NS // 8
"""How far what moves by itself runs on between two frames of the show."""

SIGN = ("One moment", "请稍候")
"""What stands there until the show is."""

On = Literal["headset", "window"]


class Programme(msgspec.Struct, frozen=True):
    """What a viewer needs of a show: its sets, where one stands in them, how people are called."""

    title: str
    sets: dict[str, CompiledScene]
    standpoints: dict[str, Pose]
    names: dict[str, dict[str, str]]


def load_programme(show: str) -> Programme:
    """The programme of a show by name. AuthoringError, UsageError or DeviceError."""
    loaded = content.load_show(show)
    production = content.produce(loaded)
    sets = {name: compiled_scene(name, near_of(loaded)) for name in production.scenes}
    title = content.show_file(loaded).title or production.id
    return Programme(title, sets, standpoints(production), speaker_names(production))


def standpoints(production: Production) -> dict[str, Pose]:
    """Where viewers stand in each set, their eyes' height included."""
    found = {}
    for name, scene in production.scenes.items():
        place = scene.places.get(STANDPOINT)
        found[name] = place.pose if place else Pose(Vec3(0.0, 0.0, 1.6), Quat())
    return found


class Report(msgspec.Struct, frozen=True):
    """What a viewer did, told when it ends."""

    on: str
    presented: int
    unsaid: int
    waited: int = 0
    ended: int = 0
    drawn: int = 0
    backwards: int = 0
    lost_poses: int = 0
    bounded_fovs: int = 0
    steps: tuple[int, ...] = ()
    """Nanoseconds between the runtime's predicted display times, of the last frames."""
    eyes: tuple[Projection, ...] = ()
    """What each eye saw last."""


class Follower:
    """The show as a viewer knows it: the newest frame, and the way back to the core."""

    def __init__(self, endpoint: str, name: str) -> None:
        self.name = name
        self.frame: Frame | None = None
        """The newest frame of the show."""
        self.presented = self.unsaid = 0
        self._peer = Peer(endpoint, name=f"{name}.{os.getpid()}", role="viewer", sources=(name,))

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


def run_viewer(
    endpoint: str, show: str, on: On, name: str, *, standby: bool, log: Path | None
) -> int:
    """Run a viewer for the core at `endpoint` until it is told to end, its core ends, or the
    window is closed (all status 0), or its device goes away (`NO_DEVICE`).

    On `standby` it loads everything, then waits for a line on stdin: "go", or the end.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=end_with_parent, args=(stop,), daemon=True).start()
    follower = Follower(endpoint, name)
    try:
        if on == "headset":
            from xrdrama.app.headset import show_in_headset

            counts = show_in_headset(show, follower, stop)
        else:
            from xrdrama.app.window import show_in_window

            called = _called if standby else None
            counts = show_in_window(load_programme(show), follower, stop, called)
    except DeviceError as error:
        # Whoever takes over waits for our end: nothing is tidied up that the system does as well.
        sys.stderr.write(f"{' '.join(str(error).split())}\n")
        sys.stderr.flush()
        os._exit(NO_DEVICE)
    except XrdramaError as error:
        sys.stderr.write(f"{' '.join(str(error).split())}\n")
        return 2
    finally:
        follower.close()
    if log is not None:
        log.write_bytes(msgspec.json.encode(counts))
    return 0


def _called() -> bool:
    """Wait for the word: True for `go`."""
    return sys.stdin.readline().strip() == "go"
