"""A recording of a tracker as the tracker of a show, or over UDP: at the times of its datagrams."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from xrdrama.errors import DeviceError, UsageError
from xrdrama.show.ports import Ingress, Stop
from xrdrama.timing import NS
from xrdrama.tracking.datagrams import (
    Decoder,
    TrackingProtocol,
    decode_datagram,
    subject_aliases,
)
from xrdrama.tracking.edge import Edge
from xrdrama.tracking.logs import TrackingLog, read_log


def load_log(path: Path) -> TrackingLog:
    """The recording in a file; UsageError if it cannot be read or is not one."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}", "name a file made by xrdrama track record"
        ) from None
    return read_log(data, str(path))


class LogPlayer:
    """Plays a recording. Its first datagram is at the start of the show.

    On the virtual clock its samples are decoded here and stamped with the time of the recording,
    so that a run at a fixed rate is repeatable; live, its datagrams are sent to `to` (HOST:PORT).
    """

    def __init__(
        self, name: str, log: TrackingLog, protocol: TrackingProtocol, edge: Edge, to: str
    ) -> None:
        self.name, self.log, self.protocol, self.edge, self.to = name, log, protocol, edge, to
        self.sent = self.refused = 0

    def run(self, ingress: Ingress, stop: Stop) -> None:
        """Wait for the start, then play until the end or until stopped."""
        if not ingress.wait_for_start(stop):
            return
        if ingress.fixed_rate:
            self._promise(ingress, stop)
        else:
            self.send(stop, ingress.now)

    def send(self, stop: Stop, now: Callable[[], int], *, rate: float = 1.0) -> None:
        """Send the datagrams at `rate` times the recorded pace; `now()` is nanoseconds since the
        start. DeviceError if they cannot be sent."""
        host, _, port = self.to.rpartition(":")
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        first = self.log.entries[0].at
        with socket.socket(family, socket.SOCK_DGRAM) as out:
            target = (host.strip("[]"), int(port))
            for entry in self.log.entries:
                wait = ((entry.at - first) / rate - now()) / NS
                if (wait > 0 and stop.wait(wait)) or stop.is_set():
                    return
                try:
                    out.sendto(entry.datagram, target)
                    self.sent += 1
                except ConnectionRefusedError:
                    continue  # no receiver at the moment
                except OSError as error:
                    raise DeviceError(
                        f"packets cannot be sent to {self.to}: {error.strerror}",
                        "check the address that the packets are sent to",
                    ) from error

    def _promise(self, ingress: Ingress, stop: Stop) -> None:
        decoders: dict[str, Decoder] = {}
        first = self.log.entries[0].at
        for entry in self.log.entries:
            if stop.is_set():
                break
            at = entry.at - first
            decoder = decoders.get(entry.sender)
            if decoder is None:
                decoder = decoders[entry.sender] = self.protocol.decoder()
            found = decode_datagram(decoder, entry.datagram, at=at)
            self.refused += bool(found.error)
            aliases = subject_aliases(decoder)
            for sample in found.samples:
                entered = self.edge.enter(sample, aliases)
                ingress.record(replace(entered, source=self.name), sample.at)
            ingress.promise(self.name, at + 1)
        ingress.promise(self.name, 2**62 - 1)
