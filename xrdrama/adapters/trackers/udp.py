"""Tracking packets over UDP: received, stamped with arrival, decoded, counted."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from typing import Protocol

from xrdrama.errors import DeviceError, RemoteProtocolError
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.health import Health, Report

LARGEST = 65_535


class Decoder(Protocol):
    """The part of a codec that listening needs."""

    def decode(self, datagram: bytes, *, at: int = 0) -> TrackingSample:
        """A sample, or RemoteProtocolError."""


def listening_socket(address: str, port: int) -> socket.socket:
    """A bound UDP socket with room for a burst; DeviceError when the port cannot be had."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        sock.bind((address, port))
    except OSError as error:
        sock.close()
        raise DeviceError(
            f"UDP {address}:{port} cannot be listened on: {error.strerror}",
            "is another program listening there? choose another port in the stage file",
        ) from error
    return sock


class UdpTracker:
    """A thread that listens. `on_sample` is called with each good sample, on that thread.

    `clock` gives the nanosecond that arrival is stamped with.
    """

    def __init__(
        self,
        codec: Decoder,
        address: str,
        port: int,
        *,
        clock: Callable[[], int] = time.monotonic_ns,
        on_sample: Callable[[TrackingSample], None],
        on_bad: Callable[[str], None] = lambda reason: None,
    ) -> None:
        self._codec, self._clock = codec, clock
        self._on_sample, self._on_bad = on_sample, on_bad
        self._health = Health()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._socket = listening_socket(address, port)
        self._socket.settimeout(0.2)
        self.address: tuple[str, int] = self._socket.getsockname()[:2]
        self._thread = threading.Thread(target=self._listen, name="tracker", daemon=True)
        self._thread.start()

    def health(self) -> Report:
        """The tracker's health now."""
        with self._lock:
            return self._health.report(self._clock())

    def close(self) -> None:
        """Stop listening."""
        self._stop.set()
        self._thread.join()
        self._socket.close()

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                datagram = self._socket.recv(LARGEST)
            except TimeoutError:
                continue
            at = self._clock()
            try:
                sample = self._codec.decode(datagram, at=at)
            except RemoteProtocolError as error:
                with self._lock:
                    self._health.refused(str(error))
                self._on_bad(str(error))
                continue
            with self._lock:
                self._health.received(datagram, at)
            self._on_sample(sample)
