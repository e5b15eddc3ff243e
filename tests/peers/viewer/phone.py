"""A viewer's page in Python: it joins, keeps its cookie, follows the state and sends requests."""

from __future__ import annotations

import http.client
import json
import time
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed, InvalidMessage, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.waiting import wait_until

CLOSED = (ConnectionClosed, OSError)
NOT_THERE = (OSError, InvalidStatus, InvalidMessage, EOFError, TimeoutError)


class Phone:
    """One browser. It is used from one thread."""

    def __init__(self, link: str) -> None:
        parts = urlsplit(link)
        assert parts.hostname and parts.port
        self._host, self._port = parts.hostname, parts.port
        self.state: dict[str, Any] = {}
        self.answers: dict[int, dict[str, Any]] = {}
        self.gaps = 0
        self._n = -1
        self._socket: ClientConnection | None = None
        self._opening = ExitStack()
        status, headers, _ = self.get(f"{parts.path}?{parts.query}")
        assert status == 303
        self.cookie = headers["set-cookie"].partition(";")[0]

    def get(self, path: str) -> tuple[int, dict[str, str], bytes]:
        asked = {"Cookie": self.cookie} if hasattr(self, "cookie") else {}
        http_ = http.client.HTTPConnection(self._host, self._port, timeout=30)
        http_.request("GET", path, headers=asked)
        answer = http_.getresponse()
        found = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        http_.close()
        return found

    def seat(self) -> int:
        status, _, body = self.get("/seat")
        assert status == 200
        return int(json.loads(body)["seat"])

    def open(self) -> None:
        """Open the socket, as often as it takes."""
        self._opening.close()
        self._socket = wait_until(self._opened, 120, "the audience server")
        self._n = -1
        self.state = {}

    def _opened(self) -> ClientConnection | None:
        try:
            opening = connect(
                f"ws://{self._host}:{self._port}/watch",
                origin=f"http://{self._host}:{self._port}",  # type: ignore[arg-type]
                additional_headers={"Cookie": self.cookie},
                compression=None,
                open_timeout=30,
                ping_interval=None,
            )
            return self._opening.enter_context(opening)
        except NOT_THERE:
            return None

    def hear(self, seconds: float = 0.2) -> bool:
        """Take what has come; False once the connection is lost."""
        assert self._socket is not None
        until = time.monotonic() + seconds
        try:
            while (left := until - time.monotonic()) > 0:
                self._take(json.loads(self._socket.recv(timeout=left)))
        except TimeoutError:
            return True
        except CLOSED:
            return False
        return True

    def _take(self, message: dict[str, Any]) -> None:
        for answer in message.get("answers", ()):
            self.answers[answer["id"]] = answer
        if "is" in message:
            self.state, self._n = message["is"], message["n"]
        elif "now" in message:
            self.gaps += message["after"] != self._n
            self._n = message["n"]
            changed = {**self.state, **message["now"]}
            self.state = {name: value for name, value in changed.items() if value is not None}

    def until(self, true: Any, what: str, seconds: float = 120) -> None:
        """Hear until something is true of the state; the connection stays."""

        def heard() -> Any:
            assert self.hear(0.1), f"the connection was lost before {what}"
            return true(self.state)

        wait_until(heard, seconds, what)

    def say(self, **asked: Any) -> None:
        assert self._socket is not None
        self._socket.send(json.dumps(asked))

    def ask(self, **asked: Any) -> dict[str, Any]:
        """Send a request and wait for its answer."""
        self.answers.pop(asked["id"], None)
        self.say(**asked)
        self.until(lambda _: asked["id"] in self.answers, f"an answer to {asked}")
        return self.answers[asked["id"]]

    def close(self) -> None:
        self._opening.close()
