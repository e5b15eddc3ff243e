"""How a console can be reached: its address and port, and TLS for other machines."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from xrdrama.errors import DeviceError, UsageError

if TYPE_CHECKING:
    import ssl

    from xrdrama.adapters.web.access.connections import Listener

LOOPBACK = ("127.0.0.1", "::1", "localhost")
PORT_WAIT = 10.0
"""Seconds that a show's console waits for its port, which the previous one may still use."""


def address_of(listen: str, port: int, *, secure: bool) -> str:
    """The URL to type in a browser."""
    host = outward(listen)
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if secure else 'http'}://{shown}:{port}"


def listener_of(
    listen: str, port: int, before: int | None, stop: threading.Event
) -> Listener | None:
    """A socket on `port`, or else on the port used `before`, which the previous console may still
    use; None if stopped meanwhile."""
    from xrdrama.adapters.web.access.connections import listening

    deadline = time.monotonic() + (0.0 if before is None else PORT_WAIT)
    while True:
        try:
            return listening(listen, port or before or 0)
        except DeviceError:
            if time.monotonic() >= deadline:
                if port or not before:
                    raise
                before = 0  # use any free port
        if stop.wait(0.1):
            return None


def tls_of(listen: str, cert: Path | None, key: Path | None) -> tuple[ssl.SSLContext, str] | None:
    """The TLS context if it is required, and the fingerprint if the certificate is self-signed."""
    from xrdrama.adapters.web.access.certificate import context_of, self_signed

    if (cert is None) != (key is None):
        raise UsageError(
            "--cert and --key must be used together", "add both options, or remove both"
        )
    if cert is not None and key is not None:
        return context_of(cert, key), ""
    if listen in LOOPBACK:
        return None
    host = socket.gethostname().lower()
    return self_signed(outward(listen), frozenset({"localhost", host, f"{host}.local"}))


def outward(listen: str) -> str:
    """The address to type on another machine, if `listen` means all interfaces."""
    if listen not in ("0.0.0.0", "::"):
        return listen
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; it only selects an interface
        except OSError:
            return socket.gethostname()
        return str(probe.getsockname()[0])
