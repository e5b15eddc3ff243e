"""A client of xrdrama in one file. It needs pyzmq and msgspec, but not xrdrama.

    client = Client("tcp://127.0.0.1:7400", name="my-engine")
    for frame in client.frames():
        print(frame.beat, frame.tracked)

Copy it, or read it as an example of the protocol. The messages are those of
`bridge/schema/wire.schema.json`: msgpack arrays whose first element is a tag. Only the fields that
are used here are declared; fields that a newer core appends are ignored.

Run it to watch a show:  python xrdrama_client.py tcp://127.0.0.1:7400
On another machine:      python xrdrama_client.py tcp://192.168.1.20:7400 lights.json
"""

from __future__ import annotations

import itertools
import os
import re
import secrets
import sys
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import zmq

MAJOR = 1


class Welcome(msgspec.Struct, array_like=True, tag="welcome"):
    """The core accepts this client."""

    show: str
    epoch: int
    rate: tuple[int, int]
    fixed_rate: bool
    schema: str
    state_port: int = 0
    track_port: int = 0


class Refused(msgspec.Struct, array_like=True, tag="refused"):
    """The core refuses a message: `reason` is for people, `code` for programs."""

    id: int
    reason: str
    code: str = ""


class Started(msgspec.Struct, array_like=True, tag="started"):
    """The show has started."""

    origin: int


class Recorded(msgspec.Struct, array_like=True, tag="recorded"):
    """An event of this client is in the log of the show."""

    id: int
    seq: int


class Tracked(msgspec.Struct, array_like=True):
    """A camera: source, subject, time of its sample, state, [position, rotation w x y z], name."""

    source: str
    subject: str
    at: int
    state: str
    camera: tuple[tuple[float, float, float], tuple[float, float, float, float]]
    id: str = "main"


class Frame(msgspec.Struct, array_like=True, tag="frame"):
    """One frame of the show; `time` is [number, nanosecond, timecode]. `tracked` is the first
    camera of the stage, `others` are the further ones; `cameras` has them all."""

    time: tuple[int, int, list[Any]]
    beat: str
    scene: str
    params: dict[str, float | str]
    views: list[Any] = []
    captions: list[Any] = []
    sounds: list[Any] = []
    choice: Any = None
    picks: list[Any] = []
    feedback: list[Any] = []
    lights: list[Any] = []
    alarms: list[Any] = []
    tracked: Tracked | None = None
    ending: str = ""
    held: bool = False
    panic: bool = False
    confirming: bool = False
    proposal: Any = None
    undo: str = ""
    overridden: list[str] = []
    slate: str = ""
    rolling: bool = False
    refused: list[Any] = []
    roll: int = 0
    rolled_at: int = 0
    holders: dict[str, str] = {}
    looks: list[Any] = []
    others: list[Tracked] = []

    @property
    def cameras(self) -> list[Tracked]:
        """All tracked cameras, in the order of the stage file; [] without a stage."""
        return [self.tracked, *self.others] if self.tracked else []


class Keyframe(msgspec.Struct, array_like=True, tag="keyframe"):
    """A whole frame of the state lane, and its number in the run `epoch`."""

    epoch: int
    number: int
    frame: list[Any]


class Delta(msgspec.Struct, array_like=True, tag="delta"):
    """What changed from frame number `after` to frame number `number`.

    `now` are [path, value], `gone` paths of keys that were removed; a path leads into the array of
    the frame, step by step. `check` is CRC-32 of the new frame (msgpack, keys of maps sorted).
    """

    epoch: int
    number: int
    after: int
    check: int
    now: list[tuple[list[int | str], Any]]
    gone: list[list[int | str]] = []


FromCore = Welcome | Refused | Started | Recorded | Frame | Keyframe | Delta


class RefusedError(RuntimeError):
    """The core has refused a message; `code` gives the reason, see bridge/README.md."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(f"the core refused a message: {refused.reason}")
        self.code = refused.code


def find_key(endpoint: str) -> str:
    """The key of the run at `endpoint`; "" if it is not found.

    A core on this machine keeps the key in a file that only its user may read.
    """
    found = re.fullmatch(r"tcp://(?:127\.[0-9.]+|localhost|\[::1\]):([0-9]+)", endpoint)
    runtime, state = (os.environ.get(f"XDG_{name}", "") for name in ("RUNTIME_DIR", "STATE_HOME"))
    if runtime and Path(runtime).is_dir():
        folder = Path(runtime)
    else:
        folder = Path(state) if state else Path.home() / ".local" / "state"
    try:
        port = found[1] if found else ""
        return (folder / "xrdrama" / f"bridge-{port}.key").read_text("ascii").strip()
    except OSError:
        return os.environ.get("XRDRAMA_KEY", "")


class Lane:
    """The frames of the state lane, from keyframes and deltas. `lost`: a keyframe is needed."""

    def __init__(self, epoch: int) -> None:
        self.epoch, self.number = epoch, 0
        self.lost = True
        self.tree: list[Any] = []

    def take(self, data: bytes) -> Frame | None:
        """The frame that a message gives; None if it gives none, or if one is missing before it."""
        try:
            said = msgspec.msgpack.decode(data, type=Keyframe | Delta)
            if isinstance(said, Keyframe) and said.epoch > self.epoch:
                self.epoch, self.number = said.epoch, 0  # the core was started again
            if said.epoch != self.epoch or said.number <= self.number:
                return None  # of another run, or there already
            if isinstance(said, Keyframe):
                self.tree = said.frame
            elif said.after != self.number:
                raise LookupError("a delta is missing")
            else:
                self._apply(said)
            frame = msgspec.convert(self.tree, Frame)
        except (msgspec.MsgspecError, ValueError, LookupError, TypeError):
            self.lost = True
            return None
        self.number, self.lost = said.number, False
        return frame

    def _apply(self, delta: Delta) -> None:
        tree, self.tree = self.tree, []
        for path in delta.gone:
            del self._place(tree, path)[path[-1]]
        for path, value in delta.now:
            self._place(tree, path)[path[-1]] = value
        if zlib.crc32(msgspec.msgpack.encode(tree, order="sorted")) != delta.check:
            raise ValueError("not the frame that the core has")
        self.tree = tree

    @staticmethod
    def _place(tree: Any, path: list[int | str]) -> Any:
        for step in path[:-1]:
            tree = tree[step]
        return tree


class Client:
    """A connection to a core. RefusedError when it is refused, TimeoutError without an answer.

    The roles director, recogniser and tracker need the key of the run; `find_key` looks for it
    unless `key` is given. Other roles may follow, and report events of their own source, `name`.

    A core on another machine needs `pair`, the file that `xrdrama keys new` has made there. Name
    and role are then those of the key.
    """

    def __init__(
        self,
        endpoint: str,
        *,
        name: str = "client",
        role: str = "engine",
        key: str = "",
        timeout: float = 5.0,
        pair: str | Path = "",
    ) -> None:
        self._keys = msgspec.json.decode(Path(pair).read_bytes()) if pair else {}
        name, role = self._keys.get("name", name), self._keys.get("role", role)
        self._source, self._role = name, role
        self._context = zmq.Context.instance()
        self._decode = msgspec.msgpack.Decoder(FromCore).decode
        self._ids = itertools.count(1)
        self._command = self._connected(zmq.DEALER, endpoint)
        self._command.linger = 200
        # A new instance for every client: record ids count within it, and may begin at 1.
        hello = ["hello", MAJOR, "", name, role, [], secrets.token_hex(8)]
        looks = not key and not pair and role not in ("engine", "viewer")
        deadline = time.monotonic() + timeout
        while True:
            if looks:
                key = find_key(endpoint)
            self._send(*hello, key)
            try:
                self.welcome = self._await(Welcome, deadline - time.monotonic())
                break
            except RefusedError:
                # A core that started after the last hello has a new key.
                if not looks or find_key(endpoint) == key:
                    raise
        host = endpoint.rpartition(":")[0]
        self._state = self._connected(zmq.SUB, f"{host}:{self.welcome.state_port}")
        # Whole frames are under the topic `frame`; they are about seven times as large.
        self._state.subscribe(b"delta")

    def _connected(self, kind: int, endpoint: str) -> zmq.Socket[bytes]:
        """A socket that is connected, encrypted if there are keys."""
        socket = self._context.socket(kind)
        if self._keys:
            socket.curve_serverkey = self._keys["server"].encode()
            socket.curve_publickey = self._keys["public"].encode()
            socket.curve_secretkey = self._keys["secret"].encode()
        socket.connect(endpoint)
        return socket

    def frames(self, timeout: float = 10.0) -> Iterator[Frame]:
        """Yields every new frame; ends when no frame comes for `timeout` seconds.

        A client that reads too slowly misses frames, and continues with the newest one.
        """
        lane = Lane(self.welcome.epoch)
        deadline = time.monotonic() + timeout
        asked = 0.0
        while (left := deadline - time.monotonic()) > 0:
            if lane.lost and time.monotonic() - asked > 0.1:
                self._send("snapshot", True)
                asked = time.monotonic()
            for socket in (self._command, self._state):
                wait = 0 if socket is self._command else min(int(left * 1000) + 1, 100)
                while socket.poll(wait):
                    wait = 0
                    data = socket.recv_multipart()[-1]
                    if socket is self._command and data[1:10] != b"\xa8keyframe":
                        continue
                    frame = lane.take(data)
                    if frame is not None:
                        yield frame
                        deadline = time.monotonic() + timeout
                    elif lane.lost:
                        break

    def newest(self, timeout: float = 5.0) -> Frame:
        """The newest frame, of any age. A core that has none yet does not answer: ask again."""
        deadline = time.monotonic() + timeout
        while True:
            self._send("snapshot")
            left = deadline - time.monotonic()
            try:
                return self._await(Frame, min(left, 0.2))
            except TimeoutError:
                if left <= 0.2:
                    raise

    def pick(self, option: str, timeout: float = 2.0) -> int:
        """Pick an option; returns the number of the entry in the log.

        A director's pick takes effect at once. Others wait while picks must be confirmed.
        """
        what = "pick" if self._role == "director" else "pressed"
        return self.record([what, self._source, option], timeout)

    # The commands below need role="director".

    def hold(self, on: bool, timeout: float = 2.0) -> int:
        """Hold the story, or resume it."""
        return self.record(["held", self._source, on], timeout)

    def set_param(self, param: str, value: float | None, timeout: float = 2.0) -> int:
        """Hold a parameter of the set at a value; None releases it."""
        return self.record(["param", self._source, param, value], timeout)

    def force(self, beat: str, timeout: float = 2.0) -> int:
        """Force the story to a beat."""
        return self.record(["forced", self._source, beat], timeout)

    def undo(self, timeout: float = 2.0) -> int:
        """Undo the last pick: restart its beat."""
        return self.record(["undo", self._source], timeout)

    def confirm(self, on: bool, timeout: float = 2.0) -> int:
        """Make the audience's picks wait for `decide`, or stop doing so."""
        return self.record(["confirm", self._source, on], timeout)

    def decide(self, yes: bool, timeout: float = 2.0) -> int:
        """Accept or reject the waiting pick."""
        return self.record(["decided", self._source, yes], timeout)

    def panic(self, on: bool, timeout: float = 2.0) -> int:
        """Show the safe picture on every wall, or return to the show."""
        return self.record(["panic", self._source, on], timeout)

    def record(self, event: list[Any], timeout: float = 2.0) -> int:
        """Record an event. It is sent again, with the same id, until it is acknowledged."""
        id = next(self._ids)
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            self._send("record", id, 0, event)
            try:
                return self._await(Recorded, 0.5, id).seq
            except TimeoutError:
                continue
        raise TimeoutError(f"the core did not acknowledge {event}")

    def close(self) -> None:
        """Send `bye` and close the connection."""
        self._send("bye")
        self._state.close()
        self._command.close()

    def _send(self, *message: Any) -> None:
        self._command.send(msgspec.msgpack.encode(message))

    def _await(self, wanted: Any, timeout: float, id: int | None = None) -> Any:
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            if not self._command.poll(int(left * 1000) + 1):
                break
            said = self._decode(self._command.recv())
            if isinstance(said, Refused):
                raise RefusedError(said)
            if isinstance(said, wanted) and id in (None, getattr(said, "id", None)):
                return said
        raise TimeoutError(f"no {wanted.__name__} from the core")


def main() -> None:
    """Print the beat and the cameras once per second."""
    endpoint = sys.argv[1] if len(sys.argv) > 1 else "tcp://127.0.0.1:7400"
    pair = sys.argv[2] if len(sys.argv) > 2 else ""
    try:
        watch(endpoint, pair)
    except zmq.ZMQError as error:
        sys.exit(f"{endpoint}: {error.strerror}: write the core's address as tcp://HOST:PORT")
    except (TimeoutError, RuntimeError) as error:
        how = " --network ADDRESS, and allow this key there (xrdrama keys list)" if pair else ""
        sys.exit(f"{endpoint}: {error}: start the show with  xrdrama run SHOW --port 7400{how}")
    except (OSError, KeyError, msgspec.DecodeError) as error:
        sys.exit(f"{pair}: not a file of xrdrama keys new: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


def watch(endpoint: str, pair: str = "") -> None:
    """Follow the core at `endpoint` until its show ends or no frame comes."""
    client = Client(endpoint, name="watcher", pair=pair)
    rate = client.welcome.rate[0] / client.welcome.rate[1]
    print(f"{client.welcome.show} at {rate:g} frames per second")
    for frame in client.frames():
        if frame.time[0] % round(rate) == 0:
            places = [(one.id, *one.camera[0]) for one in frame.cameras]
            seen = ", ".join(f"{id} {x:+.2f} {y:+.2f} {z:+.2f} m" for id, x, y, z in places)
            print(f"{frame.time[0]:6}  {frame.beat:16} {seen}")
        if frame.ending:
            print(f"the end: {frame.ending}")
            break
    client.close()


if __name__ == "__main__":
    main()
