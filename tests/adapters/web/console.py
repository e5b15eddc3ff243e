"""A console's server on loopback, in this process; a show that lists its commands."""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import uvicorn
from websockets.sync.client import ClientConnection, connect

from tests.waiting import TIMEOUT, wait_until
from xrdrama import content
from xrdrama.adapters.bridge.roles import may_say
from xrdrama.adapters.web.access.connections import Connections, listening
from xrdrama.adapters.web.access.sessions import Doorkeeper
from xrdrama.adapters.web.board.memory import BoardReader
from xrdrama.adapters.web.board.pictures import Pictures
from xrdrama.adapters.web.live.hub import Answer, Hub
from xrdrama.adapters.web.live.sheet import Sheet, sheet_of
from xrdrama.adapters.web.serving import server
from xrdrama.adapters.web.site import Reach, Site
from xrdrama.show import Show, Tick, advance, opening
from xrdrama.timing import FrameTime
from xrdrama.wire.commands import Command, Sender
from xrdrama.wire.events import AnyEvent, Entry, Pressed
from xrdrama.wire.frame import Frame
from xrdrama.wire.messages import Hello, Recorded, Refused


class PlayedShow:
    """The demo drama, or another show, without a runner: each `step` is a frame; it has what a
    console says."""

    def __init__(self, show: str = "lantern_demo") -> None:
        loaded = content.load_show(show)
        self.production = content.produce(loaded)
        self.sheet: Sheet = sheet_of(self.production, "The demo")
        self._show: Show = opening(self.production)
        self._entries: list[Entry] = []
        self.events: list[AnyEvent] = []
        self.number = 0
        self.lock = threading.Lock()

    def send(self, command: Command, sender: Sender, answered: Answer) -> None:
        """Record a command as the core does (adapters/bridge): by the sender's role."""
        hello = Hello(1, "", "console.1", "director")
        refused = may_say(hello, command, sender.role, has_key=True)
        if refused:
            answered(Refused(1, refused.reason, refused.code))
            return
        with self.lock:
            seq = len(self.events)
            self.events.append(command)
            at = self.production.rate.shows_at(self.number)
            entry = Entry(seq, at, command, hello.name, name=sender.name, role=sender.role)
            self._entries.append(entry)
        answered(Recorded(1, seq))

    def press(self, source: str, option: str) -> None:
        """An option is picked by the audience."""
        self.record(Pressed(source, option))

    def record(self, event: AnyEvent) -> int:
        """Record an event; returns its number."""
        with self.lock:
            at = self.production.rate.shows_at(self.number)
            self.events.append(event)
            self._entries.append(Entry(len(self.events) - 1, at, event))
            return len(self.events) - 1

    def step(self) -> Frame:
        with self.lock:
            entries, self._entries = tuple(self._entries), []
            time = FrameTime.of(self.number, self.production.rate)
            self._show, frame = advance(self._show, Tick(time, entries))
            self.number += 1
        return frame


class Clock:
    """Stands until somebody moves it: no test is late for it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class ConsoleServer:
    """Uvicorn in a thread. `play(n)` makes frames and hands them to the hub."""

    def __init__(
        self, page: Path, reach: Reach | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.show = PlayedShow()
        self.clock = Clock()
        self._listener = listening("127.0.0.1", 0)
        self.port = int(self._listener.getsockname()[1])
        self.board = BoardReader(self.port)
        self.notices: list[str] = []
        self.hub = Hub(
            self.show.sheet, self.show, self.board, self.clock, notice=self.notices.append
        )
        self.connections = self._listener.connections = Connections(self.hub.limits)
        self.door = Doorkeeper(self.clock)
        site = Site(
            self.hub,
            Pictures(self.board),
            self.door,
            port=self.port,
            secure=tls is not None,
            page=page,
            refresh=self.board.refresh,
            reach=reach or Reach(),
            connections=self.connections,
        )
        self._server: uvicorn.Server = server(site.app, tls)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.origin = f"http://127.0.0.1:{self.port}"

    def _run(self) -> None:
        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            await self._server.serve(sockets=[self._listener])

        asyncio.run(serve())

    def __enter__(self) -> ConsoleServer:
        self._thread.start()
        wait_until(lambda: self._server.started or not self._thread.is_alive())
        assert self._thread.is_alive()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(TIMEOUT)
        assert not self._thread.is_alive()
        self._listener.close()
        self.board.close()

    def part(self, reason: str, *, with_show: bool) -> None:
        """Say goodbye to all pages."""
        self.run(self.hub.close_pages(reason, with_show=with_show))

    def run(self, task: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine on the server's loop, and wait for it."""
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(task, self._loop).result(TIMEOUT)

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

    def play(self, frames: int = 1) -> Frame:
        """Make frames and hand them over."""
        for _ in range(frames):
            frame = self.show.step()
            self.on_loop(lambda frame=frame: self.hub.frame(frame))
        return frame

    # -- a browser ------------------------------------------------------------------------------

    def cookie(self, role: Any = "director") -> str:
        """A cookie, got by the front door."""
        answer = self.get(f"/?token={self.door.invite(role)}")
        assert answer.status == 303, answer.body
        return answer.headers["set-cookie"].partition(";")[0]

    def get(self, path: str, **headers: str) -> Answered:
        return self.request("GET", path, None, **headers)

    def request(self, method: str, path: str, body: bytes | None, **headers: str) -> Answered:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(
            self.origin + path, data=body, headers=named, method=method
        )
        opener = urllib.request.build_opener(_NoRedirects)
        try:
            with opener.open(request, timeout=TIMEOUT) as response:
                return Answered(response.status, dict(response.headers), response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answered(error.code, dict(error.headers), error.read())

    def live(self, role: Any = "director", since: str = "", cookie: str = "") -> Page:
        """An open live socket, as a page has it."""
        query = f"?since={since}" if since else ""
        return Page(
            connect(
                f"ws://127.0.0.1:{self.port}/live{query}",
                origin=self.origin,  # type: ignore[arg-type]
                additional_headers={"Cookie": cookie or self.cookie(role)},
                max_size=None,
                max_queue=None,
                compression=None,
                open_timeout=TIMEOUT,
                ping_interval=None,
            )
        )


class Answered:
    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.body = status, body
        self.headers = {name.lower(): value for name, value in headers.items()}


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class Page:
    """What a page does with what it hears (bridge/web/src/state.ts)."""

    def __init__(self, opening: AbstractContextManager[ClientConnection]) -> None:
        self._opening = opening
        self.socket = opening.__enter__()
        self.state: dict[str, Any] = {}
        self.v, self.n = "", -1
        self.messages: list[dict[str, Any]] = []
        self.answers: dict[int, dict[str, Any]] = {}
        self._ids = 0

    def hear(self, timeout: float = TIMEOUT) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self.socket.recv(timeout=timeout))
        self.messages.append(message)
        self.v, self.n = message["v"], message["n"]
        if "is" in message:
            self.state = message["is"]
        for name, value in message.get("now", {}).items():
            if value is None:
                self.state.pop(name, None)
            else:
                self.state[name] = value
        for answer in message.get("answers", ()):
            self.answers[answer["id"]] = answer
        return message

    def until(self, true: Callable[[Page], object], what: str = "") -> Page:
        deadline = time.monotonic() + TIMEOUT
        while not true(self):
            assert time.monotonic() < deadline, f"never so: {what}"
            self.hear()
        return self

    def ask(self, **ask: Any) -> dict[str, Any]:
        """Ask, and wait for the answer."""
        self._ids += 1
        self.socket.send(json.dumps({"id": self._ids, **ask}))
        self.until(lambda page: page._ids in page.answers, f"an answer to {ask}")
        return self.answers[self._ids]

    def refusal(self, served: ConsoleServer, **words: Any) -> dict[str, Any]:
        """Send a command that has no effect: the answer after the frame that refused it."""
        self.ask(**words)
        served.play(2)
        self.until(lambda page: "refused" in page.answers[page._ids], f"{words} is refused")
        return self.answers[self._ids]

    def __enter__(self) -> Page:
        return self

    def __exit__(self, *_: object) -> None:
        self._opening.__exit__(None, None, None)
