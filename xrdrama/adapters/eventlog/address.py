"""The address of an event log on NATS servers: nats://HOST:4222/LOG, without any secret."""

from __future__ import annotations

import ipaddress
import re
import socket
from contextlib import suppress
from typing import Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from xrdrama.errors import DeviceError

_LOG: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
_FORM: Final = "write nats://HOST:4222/LOG, or tls://HOST:4222/LOG for another machine"
_ANSWERS_WITHIN_S: Final = 2.0


class Address(msgspec.Struct, frozen=True):
    """Where an event log is: its servers, and the name of the log, without any secret."""

    servers: tuple[str, ...]
    log: str
    replicas: int = 1

    @property
    def stream(self) -> str:
        """The name of the stream, and the first word of its subjects."""
        return f"xrdrama_{self.log}"

    @property
    def readers(self) -> str:
        """The bucket of the readers' places."""
        return f"xrdrama_{self.log}_readers"

    def __str__(self) -> str:
        return f"{self.log} at {', '.join(self.servers)}"

    @staticmethod
    def parse(text: str) -> Address:
        """From nats://HOST:PORT[,HOST:PORT...]/LOG[?replicas=3]; DeviceError for another form, a
        password in it, or a connection to another machine that is not encrypted."""
        try:
            found = urlsplit(text)
            query = parse_qs(found.query, strict_parsing=bool(found.query))
            servers = tuple(_server(found.scheme, host) for host in found.netloc.split(","))
            replicas = int(query.pop("replicas", ["1"])[0])
        except ValueError as error:
            raise DeviceError(f"{_hidden(text)!r} is not an event log: {error}", _FORM) from None
        log = found.path.removeprefix("/")
        if not _LOG.fullmatch(log):
            raise DeviceError(
                f"{text!r} does not name an event log",
                f"{_FORM}; LOG has letters, digits, - and _ only",
            )
        if query or replicas not in (1, 3, 5):
            raise DeviceError(
                f"{text!r} has an option that is not known", "?replicas= may be 1, 3 or 5"
            )
        return Address(servers, log, replicas)


def _server(scheme: str, host: str) -> str:
    if scheme not in ("nats", "tls"):
        raise ValueError(f"its scheme is {scheme!r}")
    if "@" in host:
        raise ValueError(
            "it has a password, which every user of this machine could read: set NATS_USER and"
            " NATS_PASSWORD, or NATS_CREDS to a file"
        )
    parts = urlsplit(f"//{host}")
    if not parts.hostname:
        raise ValueError("it names no host")
    if scheme == "nats" and not _is_loopback(parts.hostname):
        raise ValueError(f"the connection to {parts.hostname} would not be encrypted: use tls://")
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{scheme}://{name}:{parts.port or 4222}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _hidden(text: str) -> str:
    return re.sub(r"//[^/@]*@", "//...@", text)


def refuse_unreachable(address: Address) -> None:
    """DeviceError if none of the servers accepts a connection."""
    for server in address.servers:
        at = urlsplit(server)
        with suppress(OSError):
            socket.create_connection((at.hostname, at.port), _ANSWERS_WITHIN_S).close()
            return
    raise unreachable(address)


def unreachable(address: Address) -> DeviceError:
    """The DeviceError for servers that do not answer."""
    return DeviceError(
        f"the event log {address} cannot be reached",
        "start nats-server -js there; what was sent meanwhile may be sent again",
    )
