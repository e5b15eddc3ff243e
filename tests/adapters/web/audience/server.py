"""An audience server on loopback, in this process; its show is played frame by frame."""

from __future__ import annotations

import asyncio
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from tests.adapters.web.console import Answered, Clock, PlayedShow, _NoRedirects
from tests.waiting import TIMEOUT, wait_until
from xrdrama.adapters.web.access.connections import Connections, listening
from xrdrama.adapters.web.audience.hub import Hub, Outcome
from xrdrama.adapters.web.audience.seats import Seats
from xrdrama.adapters.web.audience.site import Site
from xrdrama.adapters.web.audience.stream import Stream
from xrdrama.adapters.web.audience.view import View
from xrdrama.adapters.web.serving import server
from xrdrama.audience.doing import does
from xrdrama.audience.serving import Keeper
from xrdrama.audience.votes import Desk
from xrdrama.wire.audience import MOST_BYTES, BallotNow
from xrdrama.wire.events import AnyEvent, MarkerSeen, Pressed, Voted
from xrdrama.wire.frame import Frame


class OneShow:
    """The room's show without a bridge: events are recorded at once, or when the test says so."""

    def __init__(self, show: PlayedShow, ballot: BallotNow | None = None) -> None:
        self.show = show
        view = View(show.production, "The demo", "room", lambda scene: f"hash-of-{scene}", ballot)
        self.states = Stream(view)
        self.waits = False
        self.viewers = 0
        self.waiting: list[Callable[[], None]] = []
        self.sent: list[tuple[int, int, AnyEvent]] = []

    def stream(self, seat: int) -> Stream | str:
        return self.states

    def left(self, seat: int) -> None:
        pass

    def advance(self) -> None:
        pass

    def joined(self, viewers: int) -> None:
        self.viewers = viewers

    def send(self, seat: int, id: int, event: AnyEvent, outcome: Outcome) -> None:
        self.sent.append((seat, id, event))

        def record() -> None:
            if isinstance(event, Voted):
                outcome(self.show.record(event))
                return
            if isinstance(event, Pressed | MarkerSeen):
                self.show.record(event)
            outcome(len(self.sent))

        if self.waits:
            self.waiting.append(record)
        else:
            record()


class Files:
    """The files of a set and a sound, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "set.glb").write_bytes(b"glTF")
        (folder / "scene.json").write_text("{}")
        (folder / "l1.ogg").write_bytes(b"OggS")

    def set_file(self, hash: str, name: str) -> Path | None:
        found = {"scene.json": "scene.json", "set.glb": "set.glb"}.get(name)
        return self.folder / found if hash == "h1" and found else None

    def figure_file(self, hash: str) -> Path | None:
        return self.folder / "set.glb" if hash == "f1" else None

    def sound_file(self, id: str) -> Path | None:
        return self.folder / "l1.ogg" if id == "line/l1" else None


class AudienceServer:
    """Uvicorn in a thread. `play(n)` makes frames and hands them over; `publish` a state."""

    def __init__(
        self,
        folder: Path,
        *,
        tickets_only: bool = False,
        show: str = "lantern_demo",
        desk: Desk | None = None,
        groups: tuple[str, ...] = (),
        keeper: Keeper | None = None,
    ) -> None:
        keeper = keeper or Keeper(None, "", lambda _: None)
        page = folder / "page"
        (page / "assets").mkdir(parents=True)
        (page / "index.html").write_text("<!doctype html><title>viewer</title>")
        (page / "assets" / "a.js").write_text("//")
        (page / "sw.js").write_text("//")
        self.show = PlayedShow(show)
        self.clock = Clock()
        ballot = BallotNow(desk.run.run, desk.run.key) if desk else None
        self.shows = OneShow(self.show, ballot)
        groups_of: dict[int, str] = {}
        self.notices: list[str] = []
        self._listener = listening("127.0.0.1", 0)
        self.port = int(self._listener.getsockname()[1])
        table = does(lambda: 0, desk, groups_of)
        self.hub = Hub(self.shows, table, self.clock, groups=groups_of, notice=self.notices.append)
        self._listener.connections = Connections(self.hub.limits)
        self.seats = Seats(
            self.hub.limits, self.clock, keep=keeper.keep, tickets_only=tickets_only, groups=groups
        )
        site = Site(
            self.hub,
            self.seats,
            Files(folder),
            port=self.port,
            about={"mode": "room"},
            page=page,
            connections=self._listener.connections,
            saved=keeper.saved,
        )
        self._server = server(site.app, most_bytes=2 * MOST_BYTES)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.origin = f"http://127.0.0.1:{self.port}"

    def _run(self) -> None:
        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            await self._server.serve(sockets=[self._listener])

        asyncio.run(serve())

    def __enter__(self) -> AudienceServer:
        self._thread.start()
        wait_until(lambda: self._server.started or not self._thread.is_alive())
        assert self._thread.is_alive()
        self.play()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(TIMEOUT)
        assert not self._thread.is_alive()
        self._listener.close()

    def on_loop(self, call: Callable[[], Any]) -> Any:
        """Run something on the server's loop, and wait for it."""
        done = threading.Event()
        found: list[Any] = []

        def run() -> None:
            found.append(call())
            done.set()

        assert self._loop is not None
        self._loop.call_soon_threadsafe(run)
        assert done.wait(TIMEOUT)
        return found[0]

    def play(self, frames: int = 1, until: Callable[[Frame], Any] = lambda _: False) -> Frame:
        """Make frames, or those up to the first one that is wanted; hand them over and make a state
        of the last."""
        for _ in range(frames):
            frame = self.show.step()

            def feed(frame: Frame = frame) -> None:
                self.shows.states.feed(frame)
                self.hub.arrived(frame)

            self.on_loop(feed)
            if until(frame):
                break
        self.on_loop(self.hub.publish)
        return frame

    def play_to_choice(self) -> Frame:
        """Play until options can be picked."""
        frame = self.play(4000, until=lambda frame: frame.open_choice)
        assert frame.open_choice, "the drama has no choice"
        return frame

    # -- a browser ------------------------------------------------------------------------------

    def get(self, path: str, **headers: str) -> Answered:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.origin + path, headers=named)
        opener = urllib.request.build_opener(_NoRedirects)
        try:
            with opener.open(request, timeout=TIMEOUT) as response:
                return Answered(response.status, dict(response.headers), response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answered(error.code, dict(error.headers), error.read())

    def join(self, token: str = "") -> str:
        """The cookie of a new seat."""
        answer = self.get(f"/join?token={token or self.seats.room}")
        assert answer.status == 303, answer.body
        return answer.headers["set-cookie"].partition(";")[0]

    def watch(self, cookie: str = "", origin: str = "") -> Viewer:
        """An open socket of a seat, as a page has it."""
        return Viewer(self, cookie or self.join(), origin)


class Viewer:
    """What a page does with what it receives."""

    def __init__(self, served: AudienceServer, cookie: str, origin: str = "") -> None:
        self.cookie = cookie
        self._opening = connect(
            f"ws://127.0.0.1:{served.port}/watch",
            origin=origin or served.origin,  # type: ignore[arg-type]
            additional_headers={"Cookie": cookie},
            max_size=None,
            compression=None,
            open_timeout=TIMEOUT,
            ping_interval=None,
        )
        self.socket = self._opening.__enter__()
        self.state: dict[str, Any] = {}
        self.n = -1
        self.gaps = 0
        self.wholes = 0
        self.answers: dict[int, list[dict[str, Any]]] = {}
        self._id = 1000

    def hear(self, timeout: float = TIMEOUT) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self.socket.recv(timeout=timeout))
        for answer in message.get("answers", ()):
            self.answers.setdefault(answer["id"], []).append(answer)
        if "is" in message:
            self.state, self.n = message["is"], message["n"]
            self.wholes += 1
        elif "now" in message:
            self.gaps += message["after"] != self.n
            self.n = message["n"]
            for name, value in message["now"].items():
                if value is None:
                    self.state.pop(name, None)
                else:
                    self.state[name] = value
        return message

    def until(self, true: Callable[[Viewer], object], what: str = "") -> Viewer:
        deadline = time.monotonic() + TIMEOUT
        while not true(self):
            assert time.monotonic() < deadline, f"never so: {what}"
            self.hear()
        return self

    def say(self, text: str | bytes) -> None:
        self.socket.send(text)

    def ask(self, id: int = 0, **words: Any) -> dict[str, Any]:
        """Send a request, and wait for its next answer."""
        self._id += 1
        id = id or self._id
        before = len(self.answers.get(id, ()))
        self.say(json.dumps({"id": id, **words}))
        self.until(lambda page: len(page.answers.get(id, ())) > before, f"an answer to {words}")
        return self.answers[id][-1]

    def closed(self) -> tuple[int, str]:
        """Wait until the server closes the socket: code and reason."""
        from websockets.exceptions import ConnectionClosed

        try:
            while True:
                self.hear()
        except ConnectionClosed as closed:
            assert closed.rcvd is not None
            return closed.rcvd.code, closed.rcvd.reason

    def __enter__(self) -> Viewer:
        return self

    def __exit__(self, *_: object) -> None:
        self._opening.__exit__(None, None, None)


__all__ = ["AudienceServer", "MarkerSeen", "Viewer"]
