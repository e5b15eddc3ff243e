"""The input `osc`: messages over UDP that pick options, find markers, and command the show.

OSC has neither keys nor encryption, so a show file says which senders and which addresses count.
With `file:` it plays a recording: a line has seconds, and a datagram in hex.
"""

from __future__ import annotations

import socket
import sys
from collections import Counter
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec

from xrdrama.adapters.osc.triggers import Trigger, Triggers, recorded
from xrdrama.errors import DeviceError, RemoteProtocolError, UsageError
from xrdrama.show.ports import NOTE, Ingress, Input, Stop
from xrdrama.show.settings import FILE, converted
from xrdrama.timing import NS
from xrdrama.wire.events import DeviceLost

PORT: Final = 7500
LONGEST_DATAGRAM: Final = 8192
NEVER: Final = 2**62 - 1
"""The latest time there is: what a source promises that has nothing more to say."""
_Sender = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a show says about OSC: where it listens, whose messages count, and what they do."""

    triggers: Annotated[tuple[Trigger, ...], msgspec.Meta(min_length=1, max_length=500)]
    port: Annotated[int, msgspec.Meta(ge=1, le=65_535, description="UDP port")] = PORT
    address: _Sender = "127.0.0.1"
    senders: Annotated[tuple[_Sender, ...], msgspec.Meta(max_length=100)] = ("127.0.0.1",)
    file: Annotated[str, FILE, msgspec.Meta(description="a recording")] | None = None

    def __post_init__(self) -> None:
        """UsageError for what cannot be an address, and for two triggers of one address."""
        for text in (self.address, *self.senders):
            try:
                ip_address(text)
            except ValueError:
                raise UsageError(
                    f"{text!r} is not an IP address", "write one such as 192.168.1.20"
                ) from None
        if ip_address(self.address).is_multicast:
            raise UsageError(f"{self.address} is a multicast address", "write one of this machine")
        for address, count in Counter(one.address for one in self.triggers).items():
            if count > 1:
                raise UsageError(f"{count} triggers have the address {address}", "keep one of them")


SETTINGS = Settings
ROLE: Final = "operator"
SOURCES: Final = {"port": str(PORT), "file": ""}


def open(name: str, settings: Mapping[str, Any]) -> Input:
    """The OSC input `name` of a show.

    UsageError if the settings are invalid; DeviceError when the file is missing or the port taken.
    """
    wanted = converted(f"the OSC input {name}", settings, Settings)
    return Listening(name, wanted) if wanted.file is None else Recorded(name, wanted)


class Listening:
    """Messages of a UDP port. DeviceError if it cannot be opened."""

    def __init__(self, name: str, settings: Settings) -> None:
        self.name, self.settings = name, settings
        self.dropped: Counter[str] = Counter()
        """Datagrams that did nothing, by reason."""
        family = socket.AF_INET6 if ":" in settings.address else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.bind((settings.address, settings.port))
        except OSError as error:
            self._socket.close()
            raise DeviceError(
                f"UDP {settings.address}:{settings.port} cannot be opened ({error.strerror})",
                "end the other program that uses the port, or write another port: or address:",
            ) from None
        self.notes = (f"listening for OSC on {settings.address}:{settings.port}",)

    def run(self, ingress: Ingress, stop: Stop) -> None:
        """Wait for the start, then send what arrives. UsageError on the virtual clock."""
        with self._socket:
            if ingress.fixed_rate:
                raise UsageError(
                    f"the port of {self.name} cannot be used with --fixed-rate",
                    "run without --fixed-rate, or give the input a recording with file:",
                )
            if ingress.wait_for_start(stop):
                self._listen(ingress, stop)

    def _listen(self, ingress: Ingress, stop: Stop) -> None:
        triggers = Triggers(self.name, self.settings.triggers)
        senders = frozenset(map(ip_address, self.settings.senders))
        self._socket.settimeout(0.25)
        while not stop.is_set():
            try:
                datagram, sender = self._socket.recvfrom(LONGEST_DATAGRAM)
                if ip_address(sender[0].partition("%")[0]) not in senders:
                    self._drop("messages of other senders")
                    continue
                for event in triggers.events(datagram, ingress.now()):
                    ingress.record(event)
            except TimeoutError:
                pass
            except RemoteProtocolError as error:
                self._drop("bad packets", f", the last of them: {error}")
            except OSError as error:
                ingress.record(DeviceLost(self.name, f"the socket failed: {error.strerror}"))
                return
            for reason, count in triggers.dropped.items():
                self._drop(reason, count=count)
            triggers.dropped.clear()

    def _drop(self, reason: str, more: str = "", count: int = 1) -> None:
        """Report the first that was dropped for a reason, the tenth, the hundredth ..."""
        before = len(str(self.dropped[reason])) if self.dropped[reason] else 0
        self.dropped[reason] += count
        if len(str(self.dropped[reason])) > before:
            sys.stderr.write(f"{NOTE}OSC {reason}: {self.dropped[reason]}{more}\n")
            sys.stderr.flush()


class Recorded:
    """Messages of a file, at its times. DeviceError if it cannot be read."""

    def __init__(self, name: str, settings: Settings) -> None:
        self.name, self.settings = name, settings
        path = Path(str(settings.file))
        try:
            self._datagrams = recorded(path.read_text("ascii", "replace"), str(path))
        except OSError as error:
            raise DeviceError(
                f"the recording {path} cannot be read ({error.strerror})",
                "write the path of a file",
            ) from None
        except RemoteProtocolError as error:
            raise DeviceError(str(error), "write seconds and a datagram in hex a line") from None

    def run(self, ingress: Ingress, stop: Stop) -> None:
        """Wait for the start, then send the events of the file until it ends."""
        if not ingress.wait_for_start(stop):
            return
        triggers = Triggers(self.name, self.settings.triggers)
        for at, datagram in self._datagrams:
            if ingress.fixed_rate:
                ingress.promise(self.name, at)
            wait = 0.0 if ingress.fixed_rate else max(0, at - ingress.now()) / NS
            if stop.wait(wait):
                return
            for event in triggers.events(datagram, at):
                ingress.record(event, at)
        for reason, count in triggers.dropped.items():
            sys.stderr.write(f"{NOTE}OSC {reason}: {count}\n")
        if ingress.fixed_rate:
            ingress.promise(self.name, NEVER)
