"""The connections of the console's server, counted from the moment they are accepted.

Until a request with a valid cookie arrives, a connection is unknown, and it may be slow or silent
on purpose. Unknown connections are not refused. When an address has too many, the oldest one that
has no unread data is closed. So a client that sends its request at once (a director's browser)
always gets in, however many others connect before its request is read.
"""

from __future__ import annotations

import contextlib
import errno
import socket
from collections import Counter
from typing import Any, Final

from xrdrama.adapters.web.access.limits import (
    LOOPBACK,
    REQUESTS,
    Claim,
    Limit,
    Limits,
    Places,
    address_of,
)
from xrdrama.adapters.web.access.sessions import Session
from xrdrama.errors import DeviceError

UNKNOWN: Final = 32
"""Connections without a valid request that one address may have."""
UNKNOWN_LOOPBACK: Final = 128
UNKNOWN_IN_ALL: Final = 256
BACKLOG: Final = 128
"""Connections that wait in the system until we accept them, which we do all at a time."""

Client = tuple[str, int]
"""Host and port of the other end, which name a connection."""


class Connections:
    """Every accepted connection: unknown, or claimed by a session."""

    def __init__(
        self,
        limits: Limits,
        limit: Limit = REQUESTS,
        *,
        unknown_loopback: int = UNKNOWN_LOOPBACK,
        unknown_in_all: int = UNKNOWN_IN_ALL,
    ) -> None:
        self._limits = limits
        self._unknown_loopback, self._unknown_in_all = unknown_loopback, unknown_in_all
        self._claims = Places(limit, limits)
        self._unknown: dict[Client, Accepted] = {}  # the oldest first
        self._known: dict[Client, tuple[Accepted, Claim]] = {}

    def __len__(self) -> int:
        return len(self._unknown) + len(self._known)

    def accept(self, accepted: Accepted) -> None:
        """Register a new connection; it may close the oldest unknown one of the fullest address."""
        self._unknown[accepted.client] = accepted
        address = address_of(accepted.client[0])
        count = sum(address_of(host) == address for host, _ in self._unknown)
        if count > (self._unknown_loopback if address == LOOPBACK else UNKNOWN):
            self._close_oldest(address)
        elif len(self._unknown) > self._unknown_in_all:
            addresses = Counter(address_of(host) for host, _ in self._unknown)
            self._close_oldest(addresses.most_common(1)[0][0])

    def know(self, client: Client | None, session: Session) -> str:
        """A request of a session came over a connection: "", or why that is refused."""
        if client is None or client in self._known or client not in self._unknown:
            return ""
        claim = self._claims.claim(session, client[0])
        if isinstance(claim, str):
            return claim
        self._known[client] = self._unknown.pop(client), claim
        return ""

    def forget(self, accepted: Accepted) -> None:
        """A connection is closed."""
        if self._unknown.get(accepted.client) is accepted:
            del self._unknown[accepted.client]
        known = self._known.get(accepted.client)
        if known and known[0] is accepted:
            known[1].release()
            del self._known[accepted.client]

    def _close_oldest(self, address: str) -> None:
        ours = [one for one in self._unknown if address_of(one[0]) == address]
        client = next((one for one in ours if not self._unknown[one].is_heard), ours[0])
        self._limits.note("connections", address)
        with contextlib.suppress(OSError):  # the event loop then sees its end, and closes it
            self._unknown.pop(client).shutdown(socket.SHUT_RDWR)


class Accepted(socket.socket):
    """A connection that calls back when it is closed, whatever closes it."""

    client: Client = ("", 0)
    connections: Connections | None = None

    @property
    def is_heard(self) -> bool:
        """Whether something that it sent waits to be read."""
        try:
            return bool(self.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
        except OSError:  # nothing waits, or it is broken
            return False

    def close(self) -> None:
        """Close it, and let it be forgotten."""
        if self.connections is not None:
            self.connections.forget(self)
        super().close()


class Listener(socket.socket):
    """A listening socket whose connections are counted once it has `connections`."""

    connections: Connections | None = None

    def accept(self) -> tuple[socket.socket, Any]:
        """The next connection, and its address."""
        plain, address = super().accept()
        accepted = Accepted(self.family, self.type, self.proto, fileno=plain.detach())
        accepted.client = str(address[0]), int(address[1])
        accepted.connections = self.connections
        if self.connections is not None:
            self.connections.accept(accepted)
        return accepted, address


def listening(address: str, port: int) -> Listener:
    """A socket that listens on `address`; port 0 takes a free one. DeviceError."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    made = Listener(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((address, port))
    except OSError as error:
        made.close()
        at = f"{address}, port {port}" if port else address
        remedy = "choose an address of this machine with --listen, such as 127.0.0.1 or 0.0.0.0"
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            remedy = "choose another port: --console-port (xrdrama run) or --port (xrdrama console)"
        raise DeviceError(
            f"the console cannot listen on {at}: {error.strerror or error}",
            remedy,
        ) from error
    return made
