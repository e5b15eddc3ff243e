"""Limits per session and per address: one viewer, or nobody at all, cannot shut a director out."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from tests.adapters.web.console import ConsoleServer, Page
from tests.waiting import TIMEOUT, wait_until
from xrdrama.adapters.web.access import connections, limits
from xrdrama.adapters.web.access.connections import Accepted, Connections
from xrdrama.adapters.web.access.limits import (
    LOOPBACK,
    PAGES,
    PICTURES,
    REQUESTS,
    SECONDS_BETWEEN_NOTICES,
    Claim,
    Limits,
    Places,
    address_of,
)
from xrdrama.adapters.web.access.sessions import Session

VIEWER, DIRECTOR = Session("viewer", 1), Session("director", 2)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("127.0.0.1", LOOPBACK),
        ("127.9.9.9", LOOPBACK), ("::1", LOOPBACK), ("::ffff:127.0.0.1", LOOPBACK),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("fe80::1%eth0", "fe80::/64"), ("", ""),
    ],
)  # fmt: skip
def test_addresses_are_one_ipv4_address_or_an_ipv6_64(host: str, address: str) -> None:
    assert address_of(host) == address


@pytest.mark.parametrize("limit", [PAGES, PICTURES, REQUESTS], ids=lambda limit: limit.kind)
def test_viewers_never_get_the_places_of_directors(limit: limits.Limit) -> None:
    places = Places(limit, Limits())
    for number in range(1000):
        places.claim(Session("viewer", number), "127.0.0.1")
    assert len(places) == limit.total - limit.kept
    refused = places.claim(Session("operator", 5000), "127.0.0.1")
    assert isinstance(refused, str) and "places for viewers are in use" in refused
    assert isinstance(places.claim(DIRECTOR, "127.0.0.1"), Claim)


def test_one_session_and_one_address_have_a_share() -> None:
    places = Places(PAGES, Limits())
    mine = [places.claim(VIEWER, "192.0.2.7") for _ in range(PAGES.one_session + 1)]
    assert [isinstance(one, str) for one in mine] == [False] * PAGES.one_session + [True]
    assert "close one" in str(mine[-1])
    for number in range(100, 200):
        last = places.claim(Session("viewer", number), "192.0.2.7")
    assert len(places) == PAGES.one_address and "limit for one address" in str(last)
    assert isinstance(places.claim(Session("viewer", 300), "192.0.2.8"), Claim)
    assert isinstance(places.claim(Session("director", 301), "192.0.2.7"), Claim)
    assert isinstance(mine[0], Claim)
    mine[0].release()
    mine[0].release()
    assert isinstance(places.claim(VIEWER, "192.0.2.7"), Claim)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=200))
def test_a_director_always_gets_a_place(sessions: list[int]) -> None:
    places = Places(PAGES, Limits())
    for number in range(100):
        places.claim(Session("viewer", 1000 + number), "127.0.0.1")
    for number in sessions:
        session = Session("director", number)
        oldest = places.replaced(session)
        if oldest is not None:
            assert oldest.session.role == "director"
            oldest.release()
        assert isinstance(places.claim(session, "127.0.0.1"), Claim)
        assert len(places) <= PAGES.total


def test_every_refusal_fits_a_closing_frame() -> None:
    for limit in (PAGES, PICTURES, REQUESTS):
        for host in ("127.0.0.1", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"):
            places = Places(limit, Limits())
            found = [places.claim(Session("viewer", n), host) for n in range(1000)]
            found += [places.claim(Session("viewer", 1), host) for _ in range(30)]
            found += [places.claim(DIRECTOR, host) for _ in range(300)]
            texts = {one for one in found if isinstance(one, str)}
            assert len(texts) >= 2 and all(len(text.encode()) <= 123 for text in texts), texts


def test_notices_of_each_kind_are_limited() -> None:
    now = [0.0]
    counted = Limits(lambda: now[0])
    assert counted.news() == [] and counted.summary() is None
    counted.note("tokens", "192.0.2.7")
    counted.note("tokens", "192.0.2.8")
    assert counted.news() == ["2 wrong invitations were answered with a delay (last: 192.0.2.8)"]
    counted.note("tokens", "192.0.2.9")
    assert counted.news() == [], "not again so soon"
    now[0] += SECONDS_BETWEEN_NOTICES
    counted.note("tokens", "192.0.2.9")
    assert counted.news() == ["4 wrong invitations were answered with a delay (last: 192.0.2.9)"]
    now[0] += SECONDS_BETWEEN_NOTICES - 1
    assert counted.news() == [], "nothing is new"
    summary = counted.summary()
    assert summary is not None and summary["total"] == 4 and summary["recent"]
    now[0] += limits.RECENT
    summary = counted.summary()
    assert summary is not None and not summary["recent"]


# -- attacks over loopback ----------------------------------------------------------------------


def director_gets_in(served: ConsoleServer) -> None:
    """By an invitation, to the page, to the live socket, and to a picture's answer."""
    cookie = served.cookie()
    assert served.get("/", Cookie=cookie).status == 200
    with served.live(cookie=cookie) as page:
        page.until(lambda p: "beat" in p.state)
        assert "recorded" in page.ask(do="panic", on=True)
        assert served.get("/picture/lens?after=0", Cookie=cookie).status == 204
        assert "recorded" in page.ask(do="panic", on=False)


def refusal_of(page: Page) -> str:
    """Why a page was closed; "" when it gets the state."""
    try:
        page.hear()
    except ConnectionClosed as closed:
        assert closed.rcvd is not None and closed.rcvd.code == 1013
        return closed.rcvd.reason
    return ""


def test_one_viewer_with_64_pages_is_limited_and_a_director_gets_in(
    served: ConsoleServer,
) -> None:
    viewer = served.cookie("viewer")
    with ExitStack() as stack:
        pages = [stack.enter_context(served.live(cookie=viewer)) for _ in range(20)]
        refusals = [refusal_of(page) for page in pages]
        assert refusals[: PAGES.one_session] == [""] * PAGES.one_session
        assert all("close one" in why for why in refusals[PAGES.one_session :])
        director_gets_in(served)
        served.on_loop(lambda: None)
        pages[0].until(lambda p: p.state.get("limits"), "counted on the page")
        wait_until(lambda: any("pages were refused" in text for text in served.notices))


def test_all_viewers_together_leave_places_for_directors(served: ConsoleServer) -> None:
    with ExitStack() as stack:
        for _ in range(13):
            viewer = served.cookie("viewer")
            for _ in range(PAGES.one_session):
                stack.enter_context(served.live(cookie=viewer))
        assert served.on_loop(lambda: len(served.hub._places)) == PAGES.total - PAGES.kept
        director_gets_in(served)


def test_a_director_with_too_many_pages_replaces_the_oldest(served: ConsoleServer) -> None:
    cookie = served.cookie()
    with ExitStack() as stack:
        pages = [
            stack.enter_context(served.live(cookie=cookie)) for _ in range(PAGES.one_director + 1)
        ]
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                pages[0].hear()
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 4001
        assert "reload" in closed.value.rcvd.reason
        assert pages[-1].hear() and pages[1].hear()


def asks(path: str, cookie: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode()


@contextmanager
def streams(served: ConsoleServer, cookie: str, count: int) -> Iterator[list[bytes]]:
    """Open picture streams, and the first line of each answer."""
    with ExitStack() as stack:
        found = []
        for _ in range(count):
            link = stack.enter_context(
                socket.create_connection(("127.0.0.1", served.port), timeout=TIMEOUT)
            )
            link.sendall(asks("/picture/lens", cookie))
            found.append(link.recv(4096).partition(b"\r\n")[0])
        yield found


def test_one_viewer_with_40_streams_of_pictures_is_limited(served: ConsoleServer) -> None:
    viewer = served.cookie("viewer")
    with streams(served, viewer, 40) as answers:
        assert [b"200" in one for one in answers] == [True] * 8 + [False] * 32
        refused = served.get("/picture/lens?after=0", Cookie=viewer)
        assert refused.status == 429 and "close one" in refused.headers["x-refused"]
        director_gets_in(served)
        assert served.get("/picture/lens?after=0", Cookie=served.cookie("viewer")).status == 204
    # Streams that ended give their places back.
    wait_until(lambda: served.get("/picture/lens?after=0", Cookie=viewer).status == 204)


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "])
def test_400_connections_without_a_cookie_do_not_shut_a_director_out(
    served: ConsoleServer, sent: bytes
) -> None:
    with ExitStack() as stack:
        for _ in range(400):
            link = stack.enter_context(
                socket.create_connection(("127.0.0.1", served.port), timeout=TIMEOUT)
            )
            if sent:
                with contextlib.suppress(OSError):
                    link.sendall(sent)
        director_gets_in(served)
        most = connections.UNKNOWN_LOOPBACK + 20
        wait_until(lambda: served.on_loop(lambda: len(served.connections)) <= most)
        wait_until(lambda: any("no valid request" in text for text in served.notices))


@pytest.mark.alone  # who is faster, attackers or director, is not a question to a busy machine
def test_connections_that_come_all_the_time_do_not_shut_a_director_out(
    served: ConsoleServer,
) -> None:
    """An attacker that opens another as soon as one is closed."""
    stop = threading.Event()

    def attack() -> None:
        held: list[socket.socket] = []
        while not stop.is_set():
            with contextlib.suppress(OSError):
                held.append(socket.create_connection(("127.0.0.1", served.port), timeout=1))
            if len(held) > 200:
                held.pop(0).close()
            stop.wait(0.001)  # the pace of the attack
        for link in held:
            link.close()

    attackers = [threading.Thread(target=attack, daemon=True) for _ in range(2)]
    for attacker in attackers:
        attacker.start()
    try:
        wait_until(lambda: served.hub.limits.counts["connections"] > 50)
        for _ in range(2):
            director_gets_in(served)
    finally:
        stop.set()
        for attacker in attackers:
            attacker.join(TIMEOUT)


def test_a_session_with_too_many_connections_is_refused_with_words(served: ConsoleServer) -> None:
    viewer = served.cookie("viewer")
    with ExitStack() as stack:
        answers = []
        for _ in range(REQUESTS.one_session + 1):
            link = stack.enter_context(
                socket.create_connection(("127.0.0.1", served.port), timeout=TIMEOUT)
            )
            link.sendall(asks("/sheet.json", viewer))
            answers.append(link.recv(65536))
        assert b"200" in answers[0][:20] and b"200" in answers[-2][:20]
        assert b"429" in answers[-1][:20] and b"close one" in answers[-1]
        director_gets_in(served)


def test_closed_connections_are_forgotten(served: ConsoleServer) -> None:
    served.cookie()
    with socket.create_connection(("127.0.0.1", served.port)):
        wait_until(lambda: served.on_loop(lambda: len(served.connections)) >= 1)
    wait_until(lambda: served.on_loop(lambda: len(served.connections)) == 0)


def test_fullest_address_loses_a_connection() -> None:
    """Many addresses together: the one with the most loses its oldest connection."""
    counted = Connections(Limits())
    made: list[tuple[Accepted, socket.socket]] = []

    def came(host: str, port: int) -> Accepted:
        ours, theirs = socket.socketpair()
        accepted = Accepted(fileno=ours.detach())
        accepted.client, accepted.connections = (host, port), counted
        made.append((accepted, theirs))
        counted.accept(accepted)
        return accepted

    try:
        first = came("192.0.2.200", 1)
        for port in range(connections.UNKNOWN + 5):
            came("192.0.2.1", port)
        assert len(counted) == connections.UNKNOWN + 1, "one address has its share"
        for host in range(2, 40):
            for port in range(10):
                came(f"192.0.2.{host}", port)
        assert len(counted) == connections.UNKNOWN_IN_ALL
        assert ("192.0.2.200", 1) in counted._unknown, "who has one connection keeps it"
        assert counted.know(first.client, DIRECTOR) == ""
        first.close()
        assert len(counted) == connections.UNKNOWN_IN_ALL - 1
    finally:
        for accepted, theirs in made:
            accepted.close()
            theirs.close()
    assert len(counted) == 0


def test_connection_whose_request_waits_to_be_read_does_not_give_way() -> None:
    """Silent ones that came later do, unless there are no silent ones."""
    counted = Connections(Limits())
    with ExitStack() as stack:

        def came(port: int, sends: bytes) -> None:
            ours, theirs = socket.socketpair()
            accepted = Accepted(fileno=ours.detach())
            accepted.client, accepted.connections = ("192.0.2.1", port), counted
            stack.callback(theirs.close)
            stack.callback(accepted.close)
            theirs.sendall(sends)
            counted.accept(accepted)

        came(0, b"GET / HTTP/1.1")
        for port in range(1, 10 * connections.UNKNOWN):
            came(port, b"")
        assert len(counted) == connections.UNKNOWN
        assert ("192.0.2.1", 0) in counted._unknown
        for port in range(1000, 1000 + connections.UNKNOWN):
            came(port, b"GET / HTTP/1.1")
        assert len(counted) == connections.UNKNOWN
        assert ("192.0.2.1", 0) not in counted._unknown, "the control: it is the oldest"


def test_handshakes_that_are_never_finished_are_counted_too(page_folder: object) -> None:
    """Behind TLS a connection is counted before its handshake, which may never come."""
    from xrdrama.adapters.web.access.certificate import self_signed

    context, _ = self_signed("127.0.0.1", frozenset({"localhost"}))
    with ConsoleServer(page_folder, tls=context) as served, ExitStack() as stack:  # type: ignore[arg-type]
        served.play()
        for _ in range(connections.UNKNOWN_LOOPBACK + 40):
            stack.enter_context(
                socket.create_connection(("127.0.0.1", served.port), timeout=TIMEOUT)
            )
        unsafe = ssl.create_default_context()
        unsafe.check_hostname, unsafe.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", served.port), timeout=TIMEOUT)
        with unsafe.wrap_socket(plain) as link:
            token = served.door.invite("director")
            link.sendall(f"GET /?token={token} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            assert b"303" in link.recv(4096)[:20]
        most = connections.UNKNOWN_LOOPBACK + 2
        wait_until(lambda: served.on_loop(lambda: len(served.connections)) <= most)
