"""How viewers reach a show: address and port, TLS for other machines, the link to join."""

from __future__ import annotations

import errno
import ipaddress
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xrdrama.console.reach import LOOPBACK, address_of, outward
from xrdrama.errors import DeviceError, UsageError

if TYPE_CHECKING:
    import ssl

    from xrdrama.adapters.web.access.authority import Authority
    from xrdrama.adapters.web.access.connections import Listener

EVERYWHERE = ("0.0.0.0", "::")
PORT_WAIT = 10.0
"""Seconds to wait for the port of the server before, which may still use it."""


class TLS(NamedTuple):
    """The context of the server, and our own certificate authority if its certificate is ours."""

    context: ssl.SSLContext
    authority: Authority | None = None


class Reach(NamedTuple):
    """The address for viewers, and that of the page that explains how to trust it."""

    address: str
    help: str = ""


def tls_of(listen: str, cert: Path | None, key: Path | None) -> TLS | None:
    """TLS if it is required: off this machine it always is. UsageError, DeviceError."""
    from xrdrama.adapters.web.access.authority import signed
    from xrdrama.adapters.web.access.certificate import context_of

    if (cert is None) != (key is None):
        raise UsageError(
            "--cert and --key must be used together", "add both options, or remove both"
        )
    if cert is not None and key is not None:
        return TLS(context_of(cert, key))
    if listen in LOOPBACK:
        return None
    return TLS(*signed(outward(listen)))


def reach_of(listen: str, port: int, tls: TLS | None, help_port: int = 0) -> Reach:
    """The address that viewers use; `help_port` is that of the page about our certificate."""
    address = address_of(listen, port, secure=tls is not None)
    return Reach(address, address_of(listen, help_port, secure=False) if help_port else "")


def help_text(reach: Reach, tls: TLS | None) -> str:
    """What to do on a phone that does not know our certificate; "" if none is needed."""
    if tls is None or tls.authority is None or not reach.help:
        return ""
    new = "a new certificate authority was made for this machine; " if tls.authority.is_new else ""
    return (
        f"{new}a phone that warns about the certificate first opens {reach.help} and installs it,"
        f" once; the SHA-256 there must be {tls.authority.fingerprint}"
    )


def join_url(address: str, token: str) -> str:
    """The link that a viewer opens."""
    return f"{address}/join?token={token}"


def refuse_taken(listen: str, port: int, help_port: int) -> None:
    """UsageError or DeviceError if the server could not listen: now, and not once a show plays."""
    from xrdrama.adapters.web.access.connections import listening

    if port and port == help_port:
        raise UsageError(
            f"--port and --help-port are both {port}", "choose another port for one of them"
        )
    for option, wanted in (("--port", port), ("--help-port", help_port)):
        try:
            listening(listen, wanted).close()
        except DeviceError as error:
            raise DeviceError(*_why_not(listen, option, wanted, error.__cause__)) from error


def _why_not(listen: str, option: str, port: int, cause: object) -> tuple[str, str]:
    """What is wrong with an address or port, and the remedy."""
    code = getattr(cause, "errno", None)
    if code == errno.EADDRINUSE:
        remedy = f"end that program, choose another {option}, or leave it out for any free port"
        return f"another program uses port {port} of {listen}", remedy
    if code == errno.EACCES:
        remedy = f"choose a {option} of 1024 or more, or leave it out for any free port"
        return f"this user may not use port {port}", remedy
    return (
        f"{listen} is not an address of this machine",
        "write --listen 0.0.0.0 for phones in the network, or leave it out to try on this machine",
    )


def has_no_network(listen: str) -> bool:
    """True if `listen` means all networks of this machine, and it has none now."""
    try:
        ipaddress.ip_address(outward(listen))
    except ValueError:
        return listen in EVERYWHERE
    return False


def listener_of(listen: str, port: int, stop: threading.Event) -> Listener | None:
    """A socket on `port`, which the server before may still use; None if stopped meanwhile."""
    from xrdrama.adapters.web.access.connections import listening

    deadline = time.monotonic() + (PORT_WAIT if port else 0.0)
    while True:
        try:
            return listening(listen, port)
        except DeviceError as error:
            if time.monotonic() >= deadline:
                raise DeviceError(
                    f"the audience server cannot listen on {listen}, port {port or 'any'}",
                    "choose another address with --listen, or another port with --port",
                ) from error
        if stop.wait(0.1):
            return None
