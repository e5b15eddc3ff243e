"""Connections from other machines: encrypted with CURVE, let in by an allow-list of keys (ZAP).

The core's sockets listen on loopback as ever (with the run's key file), then on one address of a
network with CURVE: libzmq applies the options of a socket to the binds that follow them. A peer
without an allowed key ends in the handshake, before the core reads any of its bytes.

ZAP: https://rfc.zeromq.org/spec/27/ (ZeroMQ RFC 27); CURVE: RFC 26.
"""

from __future__ import annotations

import ipaddress
import secrets
import time
from collections.abc import Mapping
from typing import Final

import msgspec
import zmq
import zmq.utils.z85
from zmq.utils.monitor import recv_monitor_message

from xrdrama.adapters.bridge.keyring import Allowed, Keyring, Pair, ServerPair
from xrdrama.errors import DeviceError, UsageError

DOMAIN: Final = b"xrdrama"
HANDSHAKE_MS: Final = 5000
"""Milliseconds until a connection that does not complete its handshake is closed."""
OLDEST: Final = (4, 3, 5)
"""The libzmq whose CURVE and ZAP were tested."""
MOST_FAILED: Final = 5
"""Handshakes in a row that end without a word about the key before a peer gives up."""
SAID_FOR: Final = 60.0
"""Seconds for which a refused connection is an alarm."""
_ZAP: Final = "inproc://zeromq.zap.01"
_FAILED: Final[dict[zmq.Event, str]] = {
    zmq.EVENT_HANDSHAKE_FAILED_AUTH: "the show does not allow the key {name!r}: it may be removed;"
    " ask for a new one (xrdrama keys new)",
    zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL: "the show has another key than the file of {name!r}"
    " expects: use a file that was made on the show's machine (xrdrama keys new)",
    zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL: "the show does not encrypt at this address: connect to"
    " the one that it listens on for other machines (--network)",
}


class Network(msgspec.Struct, frozen=True):
    """The address of a network to listen on, the core's keys, and who may connect."""

    address: str
    server: ServerPair
    allowed: Mapping[str, Allowed]


def network_at(address: str, keyring: Keyring | None = None) -> Network:
    """What listens on `address` for the keys of this user. UsageError without keys, or for an
    address that is not one."""
    try:
        parsed = ipaddress.IPv4Address(address)
    except ValueError as error:
        raise UsageError(
            f"--network {address[:80]}: this is not an IPv4 address",
            "write an address of this machine, such as 192.168.1.20 (ip address shows them)",
        ) from error
    if parsed == ipaddress.IPv4Address("127.0.0.1") or parsed.is_unspecified or parsed.is_multicast:
        raise UsageError(
            f"--network {address}: this is not the address of a network",
            "write the address of one network card; 127.0.0.1 is always listened on",
        )
    ring = keyring or Keyring()
    server, allowed = ring.server(), ring.allowed()
    if server is None or not allowed:
        raise UsageError(
            f"--network {address}: no key may connect, so nothing would listen there",
            "make one first: xrdrama keys new NAME --role ROLE",
        )
    _refuse_old_library()
    return Network(address, server, allowed)


def _refuse_old_library() -> None:
    if not zmq.has("curve") or zmq.zmq_version_info() < OLDEST:
        raise UsageError(
            f"libzmq {zmq.zmq_version()} is too old or has no CURVE", "pip install -U pyzmq"
        )


class Guard:
    """Answers ZAP requests of a context; used by one thread, which polls `socket`.

    It must exist before anything is bound: without it libzmq would ask nobody.
    """

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], network: Network) -> None:
        self.refused = 0
        """Connections that were refused."""
        self._network = network
        # What libzmq reports with a message is secret to this process: a local peer can put any
        # text into the properties of its own connection, even somebody's public key.
        tokens = {public: secrets.token_urlsafe(24) for public in network.allowed}
        self._tokens = tokens
        self._who = {tokens[public]: one for public, one in network.allowed.items()}
        self._refused_at, self._from = -SAID_FOR, ""
        self.socket = context.socket(zmq.REP)
        self.socket.linger = 0
        self.socket.bind(_ZAP)

    def bind(self, socket: zmq.Socket[bytes]) -> None:
        """Let a socket that listens on loopback listen on the network, too: encrypted, on the same
        port. DeviceError if it cannot."""
        port = socket.getsockopt_string(zmq.LAST_ENDPOINT).rpartition(":")[2]
        try:
            socket.setsockopt(zmq.CURVE_SERVER, 1)
            socket.setsockopt(zmq.CURVE_SECRETKEY, self._network.server.secret.encode())
            socket.setsockopt(zmq.ZAP_DOMAIN, DOMAIN)
            socket.setsockopt(zmq.ZAP_ENFORCE_DOMAIN, 1)
            socket.setsockopt(zmq.HANDSHAKE_IVL, HANDSHAKE_MS)
            socket.bind(f"tcp://{self._network.address}:{port}")
        except zmq.ZMQError as error:
            raise DeviceError(
                f"the bridge cannot listen on {self._network.address}:{port}: {error}",
                "use an address of this machine (ip address shows them), or another --port",
            ) from error

    def receive(self, socket: zmq.Socket[bytes]) -> tuple[list[bytes], Allowed | None]:
        """The parts of the next message, and whose key its connection has: None for one from this
        machine. zmq.Again if none waits."""
        frames = socket.recv_multipart(zmq.NOBLOCK, copy=False)
        try:
            token = str(frames[-1].get("User-Id"))
        except zmq.ZMQError:
            token = ""
        return [frame.bytes for frame in frames], self._who.get(token)

    def answer(self) -> None:
        """Answer the requests that wait."""
        while True:
            try:
                parts = self.socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            self.socket.send_multipart(self._answer(parts))

    def _answer(self, parts: list[bytes]) -> list[bytes]:
        head = [b"1.0", parts[1] if len(parts) > 1 else b""]
        if len(parts) == 7 and parts[2] == DOMAIN and parts[5] == b"CURVE":
            token = self._tokens.get(zmq.utils.z85.encode(parts[6]).decode())
            if token is not None:
                return [*head, b"200", b"OK", token.encode(), b""]
        self.refused += 1
        self._refused_at = time.monotonic()
        self._from = parts[3].decode("ascii", "replace")[:60] if len(parts) > 3 else "?"
        return [*head, b"400", b"not allowed", b"", b""]

    @property
    def trouble(self) -> str:
        """A text about refused connections while the last one is new, or ""."""
        if time.monotonic() - self._refused_at > SAID_FOR:
            return ""
        times = "once" if self.refused == 1 else f"{self.refused} times"
        return (
            f"a connection from {self._from} was refused ({times} in this run): its key is not"
            " allowed; xrdrama keys list shows those that are"
        )


def encrypt(socket: zmq.Socket[bytes], pair: Pair) -> None:
    """Have a socket connect with these keys."""
    _refuse_old_library()
    socket.setsockopt(zmq.CURVE_SERVERKEY, pair.server.encode())
    socket.setsockopt(zmq.CURVE_PUBLICKEY, pair.public.encode())
    socket.setsockopt(zmq.CURVE_SECRETKEY, pair.secret.encode())


class Handshake:
    """Watches whether the core lets a connecting socket in; used by the socket's thread.

    A core that ends within a handshake looks like one with another key, so only the refusal of a
    key counts at once; the others do when several handshakes in a row end so.
    """

    def __init__(self, socket: zmq.Socket[bytes], pair: Pair) -> None:
        self._name, self._socket = pair.name, socket
        self._failed = 0
        self.monitor = socket.get_monitor_socket(sum(_FAILED) | zmq.EVENT_HANDSHAKE_SUCCEEDED)

    def failure(self) -> str:
        """Why the core does not let this socket in, or ""."""
        while self.monitor.poll(0):
            event = zmq.Event(int(recv_monitor_message(self.monitor)["event"]))
            if event not in _FAILED:
                self._failed = 0
                continue
            self._failed += 1
            if event == zmq.EVENT_HANDSHAKE_FAILED_AUTH or self._failed >= MOST_FAILED:
                return _FAILED[event].format(name=self._name)
        return ""

    def close(self) -> None:
        """Stop watching."""
        self._socket.disable_monitor()
        self.monitor.close()
