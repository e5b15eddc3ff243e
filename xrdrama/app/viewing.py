"""A viewer in a process of its own: follows the show, draws it, says what was seen and picked."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NoReturn

import msgspec

from xrdrama import content
from xrdrama.adapters.bridge import Peer
from xrdrama.adapters.panda.overlay import Means
from xrdrama.app.child import end_with_parent
from xrdrama.app.keys import means_of
from xrdrama.app.pictures import compiled_scene, near_of, speaker_names
from xrdrama.app.stopping import set_on_signals
from xrdrama.errors import DeviceError, XrdramaError
from xrdrama.saving import save
from xrdrama.scene.compiled import CompiledScene
from xrdrama.show import Production
from xrdrama.show.rehearsal import Rehearsal, rehearsal_of
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.timing import NS
from xrdrama.wire.events import Presented, Pressed
from xrdrama.wire.frame import Frame, OpenChoice, Projection

NO_DEVICE, LEFT = 3, 4
"""Exit status: there is no headset (any more), or no screen; who wears the headset has left. In
both cases another viewer may take over."""
STANDPOINT = "film_camera"
"""The place of a set at which viewers stand."""
MOST_WAITING = 200
"""Poses that may wait for the core; a viewer never waits for it."""
RUN_ON = NS // 8
"""How far what moves by itself runs on between two frames of the show."""

SIGN = ("One moment", "请稍候")
"""What stands there until the show is."""

SAY = "say: "
"""How a line on a viewer's stdout begins that is for the person at the terminal."""
HERE = "here"
"""What a viewer that stands by says once it could show the show."""

On = Literal["headset", "window"]


class Programme(msgspec.Struct, frozen=True):
    """What a viewer needs of a show: its sets, where one stands in them, how people are called."""

    title: str
    sets: dict[str, CompiledScene]
    standpoints: dict[str, Pose]
    names: dict[str, dict[str, str]]
    rehearsal: Rehearsal
    """What its viewers warm up with."""
    means: Means = Means()
    """By what its viewers can pick."""


def load_programme(show: str, *, keys: bool) -> Programme:
    """The programme of a show by name, for viewers with or without keys.

    AuthoringError, UsageError or DeviceError.
    """
    loaded = content.load_show(show)
    production = content.produce(loaded)
    sets = {name: compiled_scene(name, near_of(loaded)) for name in production.scenes}
    title = content.show_file(loaded).title or production.id
    return Programme(
        title,
        sets,
        standpoints(production),
        speaker_names(production),
        rehearsal_of(production),
        means_of(loaded, keys=keys),
    )


class Loading:
    """Reads a show in a thread of its own, so that who draws meanwhile is not held up."""

    def __init__(self, show: str) -> None:
        self._programme: Programme | None = None
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, args=(show,), daemon=True)
        self._thread.start()

    def _run(self, show: str) -> None:
        try:
            self._programme = load_programme(show, keys=False)
        except Exception as error:  # raised again in the viewer's own thread
            self._error = error

    def done(self) -> Programme | None:
        """The programme once it is read; raises what its reading raised."""
        if self._thread.is_alive():
            return None
        if self._error is not None:
            raise self._error
        return self._programme


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
    late: dict[str, int] = {}
    """What was made for the driver after the viewer had said that it is ready, by name."""


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
        """Block until it has come (True) or will not come."""
        while not self._stop.is_set():
            if self._called.wait(0.05):
                return True
        return False

    def has_come(self) -> bool:
        """Say that this viewer could show the show now; whether it shall."""
        if not self._said:
            self._said = True
            sys.stdout.write(f"{HERE}\n")
            sys.stdout.flush()
        return self.came


def run_viewer(
    endpoint: str, show: str, on: On, name: str, *, standby: bool, log: Path | None
) -> int:
    """Run a viewer for the core at `endpoint` until it is told to end, its core ends, or the
    window is closed (all status 0), or its device goes away (`NO_DEVICE`), or its wearer does
    (`LEFT`).

    On `standby` it waits for its `Turn`: a window when all is loaded, a headset when one is there.
    """
    stop = threading.Event()
    set_on_signals(stop)
    threading.Thread(target=end_with_parent, args=(stop,), daemon=True).start()
    follower = Follower(endpoint, name)
    turn = Turn(stop) if standby else None
    try:
        if on == "headset":
            from xrdrama.adapters.openxr.runtime import LeftError
            from xrdrama.app.headset import show_in_headset

            try:
                counts = show_in_headset(show, follower, stop, turn)
            except LeftError as error:
                give_way(error, LEFT)
        else:
            from xrdrama.app.window import show_in_window

            called = turn.wait if turn else None
            counts = show_in_window(load_programme(show, keys=True), follower, stop, called)
    except DeviceError as error:
        give_way(error)
    except XrdramaError as error:
        sys.stderr.write(f"{' '.join(str(error).split())}\n")
        return 2
    finally:
        follower.close()
    if log is not None and (turn is None or turn.came):
        save(log, msgspec.json.encode(counts))
    return 0


def give_way(error: DeviceError, status: int = NO_DEVICE) -> NoReturn:
    """End at once, from any thread, with the reason. Whoever takes over waits for our end: nothing
    is tidied up that the system does as well."""
    sys.stderr.write(f"{' '.join(str(error).split())}\n")
    sys.stderr.flush()
    os._exit(status)
