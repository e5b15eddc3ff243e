from __future__ import annotations

import socket
import time

import pytest
from websockets.exceptions import InvalidHandshake

from tests.adapters.web.console import ConsoleServer
from tests.waiting import TIMEOUT
from xrdrama.adapters.web import serving

ASKS = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "ASKING_SECONDS", 1.0)


def dribble(place: socket.socket, seconds: float) -> bool:
    """Send a byte of a request every 50 ms; True when the server lets go meanwhile."""
    ends = time.monotonic() + seconds
    place.settimeout(0.05)
    while time.monotonic() < ends:
        try:
            place.sendall(b"x")
            if place.recv(4096) == b"":
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


def test_slow_request_closes_the_connection(brief: None, served: ConsoleServer) -> None:
    with socket.create_connection(("127.0.0.1", served.port)) as place:
        place.sendall(ASKS + b"X-Slow: ")
        assert dribble(place, TIMEOUT)


def test_slow_second_request_closes_the_connection(
    monkeypatch: pytest.MonkeyPatch, served: ConsoleServer
) -> None:
    with socket.create_connection(("127.0.0.1", served.port)) as place:
        place.sendall(ASKS + b"\r\n")
        assert place.recv(4096).startswith(b"HTTP/1.1")
        monkeypatch.setattr(serving, "ASKING_SECONDS", 1.0)
        place.sendall(ASKS + b"X-Slow: ")
        assert dribble(place, TIMEOUT)


def test_slow_request_body_closes_the_connection(brief: None, served: ConsoleServer) -> None:
    with socket.create_connection(("127.0.0.1", served.port)) as place:
        place.sendall(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n")
        assert dribble(place, TIMEOUT)


def test_connection_that_sends_nothing_is_closed(brief: None, served: ConsoleServer) -> None:
    with socket.create_connection(("127.0.0.1", served.port)) as place:
        place.settimeout(TIMEOUT)
        assert place.recv(1) == b""


def test_a_refused_web_socket_leaves_no_deadline_for_the_next_request(
    brief: None, served: ConsoleServer
) -> None:
    """Its connection ends in another protocol, which knows nothing of deadlines."""
    upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"  # without a key
    with socket.create_connection(("127.0.0.1", served.port)) as place:
        port = place.getsockname()[1]
        place.settimeout(TIMEOUT)
        place.sendall(ASKS + upgrade)
        while place.recv(4096):
            pass
    with socket.socket() as place:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.bind(("127.0.0.1", port))
        place.settimeout(TIMEOUT)
        place.connect(("127.0.0.1", served.port))
        place.sendall(ASKS + b"X-Slow: ")
        assert dribble(place, TIMEOUT)


def test_slow_request_is_served_within_a_longer_timeout(
    monkeypatch: pytest.MonkeyPatch, served: ConsoleServer
) -> None:
    monkeypatch.setattr(serving, "ASKING_SECONDS", 1000.0)
    with socket.create_connection(("127.0.0.1", served.port)) as place:
        place.sendall(ASKS + b"X-Slow: ")
        assert not dribble(place, 2.0)


def test_page_that_reads_is_not_closed(
    monkeypatch: pytest.MonkeyPatch, served: ConsoleServer
) -> None:
    cookie = served.cookie()

    def stayed(timeout_s: float) -> bool:
        """Whether it came in within that time; then it stays for longer."""
        monkeypatch.setattr(serving, "ASKING_SECONDS", timeout_s)
        try:
            page = served.live(cookie=cookie)
        except (EOFError, OSError, InvalidHandshake):
            return False  # it was late itself
        with page:
            time.sleep(1.5 * timeout_s)  # longer than a request may take
            assert page.socket.ping().wait(TIMEOUT)
        return True

    assert any(stayed(timeout_s) for timeout_s in (1.0, 3.0, 9.0, 27.0))
