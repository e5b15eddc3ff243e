"""A server of viewers' pages whose every message a test decides: faults, gaps, late answers.

`test_serve.py` plays the page with the real server, `xrdrama serve`.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from tests.waiting import wait_until
from xrdrama.adapters.web.site import SAFE
from xrdrama.processes.sets import compiled_scene

PAGE = Path(__file__).resolve().parents[3] / "xrdrama" / "adapters" / "web" / "viewer_page"
SOUNDS = Path(__file__).resolve().parents[3] / "branches" / "one_lantern_too_many.sounds"
POLICY = SAFE["Content-Security-Policy"].replace(
    "connect-src 'self'", "connect-src 'self' blob:; worker-src 'self'"
)
TYPES = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css",
    ".svg": "image/svg+xml", ".png": "image/png", ".webmanifest": "application/manifest+json",
    ".json": "application/json", ".glb": "model/gltf-binary", ".ogg": "audio/ogg",
}  # fmt: skip
TICK_S = 0.1
"""Seconds between two states."""


def option(id: str, number: int, en: str, zh: str, **more: Any) -> dict[str, Any]:
    """An option as the page gets it."""
    texts = {"en": en, "zh": zh}
    return {"id": id, "number": number, "texts": texts, "say": [], "show": "", "on": [], **more}


def opening() -> dict[str, Any]:
    """The state of a show in the tea room, with a line and nothing to choose."""
    return {
        "title": "Two Cups",
        "mode": "room",
        "languages": ["en", "zh"],
        "names": {"mei": {"en": "Mei", "zh": "梅"}},
        "rate": 24.0,
        "beat": "arrival",
        "scene": "tea_room",
        "captions": [
            {
                "line": "l1",
                "speaker": "mei",
                "texts": {"en": "The water is almost ready.", "zh": "水快开了。"},
            }
        ],
        "p/time_of_day": 0.55,
        "p/lamp": 0.9,
    }


OPTIONS = [
    option("stay", 1, "Stay for tea", "留下喝茶", say=["I will stay"], show="open_palm"),
    option("leave", 2, "Leave before the rain", "赶在下雨前离开", say=["I have to go"]),
]


class Room:
    """The server: one state for all pages, a new number every `TICK_S`."""

    def __init__(self, folder: Path, scene: str = "tea_room") -> None:
        compiled = compiled_scene(scene)
        self.files: dict[str, Path] = {}
        self.hash = compiled.hash
        for name, data in (("set.glb", compiled.glb), ("scene.json", compiled.scene_json)):
            (folder / name).write_bytes(data)
            self.files[f"/sets/{self.hash}/{name}"] = folder / name
        self.state = {**opening(), "set": self.hash}
        self.asked: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], dict[str, Any] | None] = self.record
        self.admits = True
        self.own_page = self.page = PAGE
        self.loaded: dict[str, int] = {}
        """The bytes of each file that was asked for, once for each path."""
        self._began = time.monotonic()
        self._n = 0
        self._lock = threading.Lock()
        self._sockets: list[ServerConnection] = []
        self._recorded: dict[int, int] = {}
        self._done = threading.Event()
        self._server: Server | None = None
        self.port = 0
        self.start()
        self._ticks = threading.Thread(target=self._tick, daemon=True)
        self._ticks.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def seconds(self) -> float:
        """The show's time."""
        return time.monotonic() - self._began

    @property
    def pages(self) -> int:
        """How many pages are connected."""
        return len(self._sockets)

    def start(self) -> None:
        """Listen, at the same port as before."""
        server = serve(self._attend, "127.0.0.1", self.port, process_request=self._http)
        self.port = server.socket.getsockname()[1]
        self._server = server
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """The network is gone: no connection lasts, none is accepted."""
        if self._server:
            self._server.shutdown()
        for socket in list(self._sockets):
            socket.close()
        wait_until(lambda: not self._sockets, what="closed sockets")

    def close(self) -> None:
        self._done.set()
        self._ticks.join()
        self.stop()

    def choose(self, lasts: float | None = 30.0, id: str = "tea", phase: str = "open") -> None:
        """Open a choice; None is one without a time limit."""
        closes = None if lasts is None else self.seconds + lasts
        choice = {
            "id": id, "options": OPTIONS, "closes_at": closes, "phase": phase, "numbered": False,
        }  # fmt: skip
        self.change(choice=choice, left=1.0 if lasts else None)

    def change(self, **values: Any) -> None:
        """Change the state; None removes a name."""
        with self._lock:
            now = {**values, "seconds": round(self.seconds, 4)}
            self.state = {k: v for k, v in {**self.state, **now}.items() if v is not None}
            after, self._n = self._n, self._n + 1
            self._send({"n": self._n, "after": after, "now": now})

    def lose(self) -> None:
        """A message is lost on the way: the numbers have a gap."""
        with self._lock:
            self._n += 1

    def send_text(self, text: str) -> None:
        """Send all pages something that may be no message."""
        with self._lock:
            for socket in list(self._sockets):
                socket.send(text)

    def record(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        """Answer as the real server does: the same id is recorded once."""
        number = self._recorded.setdefault(asked["id"], len(self._recorded) + 1)
        return {"id": asked["id"], "recorded": number}

    def taps(self) -> list[dict[str, Any]]:
        """The picks that arrived, each once."""
        return list({one["id"]: one for one in self.asked if one["do"] == "tap"}.values())

    def _tick(self) -> None:
        while not self._done.wait(TICK_S):
            self.change()

    def _send(self, message: dict[str, Any], only: ServerConnection | None = None) -> None:
        text = json.dumps(message)
        for socket in [only] if only else list(self._sockets):
            try:
                socket.send(text)
            except ConnectionClosed:
                continue

    def _attend(self, socket: ServerConnection) -> None:
        with self._lock:
            self._send({"n": self._n, "is": {**self.state, "seconds": self.seconds}}, socket)
            self._sockets.append(socket)
        try:
            for text in socket:
                asked = json.loads(text)
                self.asked.append(asked)
                if asked["do"] == "whole":
                    with self._lock:
                        whole = {**self.state, "seconds": self.seconds}
                        self._send({"n": self._n, "is": whole}, socket)
                elif answer := self.answer(asked):
                    self._send({"answers": [answer]}, socket)
        except ConnectionClosed:
            pass
        finally:
            self._sockets.remove(socket)

    def _http(self, connection: ServerConnection, request: Request) -> Response | None:
        path = request.path.partition("?")[0]
        if path == "/watch" and "Upgrade" in request.headers:
            return None if self.admits else connection.respond(HTTPStatus.FORBIDDEN, "no seat")
        if path == "/seat":
            return connection.respond(HTTPStatus(200 if self.admits else 401), "{}")
        file = self.files.get(path) or self.page / (path.strip("/") or "index.html")
        if path.startswith("/sounds/"):
            file = SOUNDS / f"{path.removeprefix('/sounds/')}.ogg"
        if not file.is_file():
            return connection.respond(HTTPStatus.NOT_FOUND, "no such file\n")
        data = file.read_bytes()
        self.loaded[path] = len(data)
        headers = Headers({
            "Content-Type": TYPES[file.suffix], "Content-Length": str(len(data)),
            "Content-Security-Policy": POLICY, "Connection": "close",
        })  # fmt: skip
        return Response(200, "OK", headers, data)
