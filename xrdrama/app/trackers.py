"""What the `track` commands do."""

from __future__ import annotations

import errno
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from xrdrama import content, plugins
from xrdrama.adapters.trackers.operator import Operator, Settings, monotonic_since_now
from xrdrama.adapters.trackers.udp import UdpTracker
from xrdrama.errors import DeviceError, LocalProtocolError, RemoteProtocolError, UsageError
from xrdrama.mailbox import Latest
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.moves import load_move


def datagrams(file: Path, *, hex: bool) -> Iterator[bytes | str]:
    """The datagrams of a file; a text where a line is not hex."""
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None
    if not hex:
        yield data
        return
    for number, line in enumerate(data.decode("ascii", "replace").splitlines(), 1):
        if line.strip():
            try:
                yield bytes.fromhex(line.strip())
            except ValueError:
                yield f"line {number} is not hex"


def decoded(protocol: str, file: Path, *, hex: bool) -> Iterator[dict[str, Any]]:
    """A machine form for each datagram; `{"error": ...}` for a bad one."""
    codec = plugins.tracker(protocol)
    for datagram in datagrams(file, hex=hex):
        if isinstance(datagram, str):
            yield {"error": datagram}
            continue
        try:
            yield machine_form(codec.decode(datagram))
        except RemoteProtocolError as error:
            yield {"error": str(error)}


def converted(source: str, target: str, file: Path, *, hex: bool) -> Iterator[tuple[str, str]]:
    """Hex of each datagram in another protocol, or what is wrong with it."""
    reader, writer = plugins.tracker(source), plugins.tracker(target)
    for datagram in datagrams(file, hex=hex):
        if isinstance(datagram, str):
            yield "", datagram
            continue
        try:
            yield writer.encode(reader.decode(datagram)).hex(), ""
        except (RemoteProtocolError, LocalProtocolError) as error:
            yield "", str(error)


def machine_form(sample: TrackingSample) -> dict[str, Any]:
    """A sample as `track decode` prints it: metres, degrees, our signs; absent what it lacks."""
    pan, tilt, roll = sample.pan_tilt_roll()
    p = sample.pose.position
    form: dict[str, Any] = {
        "source": sample.source,
        "subject": sample.subject,
        "position_m": [p.x, p.y, p.z],
        "pan_deg": pan,
        "tilt_deg": tilt,
        "roll_deg": roll,
    }
    for name in ("zoom", "focus", "iris", "timecode", "sequence", "spare"):
        value = getattr(sample, name)
        if value is not None:
            form[name] = int(value) if isinstance(value, float) and value.is_integer() else value
    return form


def simulate_move(
    move: str, to: str, rate: float, seconds: float, subject: str, protocol: str
) -> int:
    """Send a move's packets from now on; how many were sent."""
    host, _, port = to.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise UsageError(f"{to!r} is no address", "write 127.0.0.1:40000")
    path = content.find("move", move)
    text = content.read_text(path)
    settings = Settings(text, str(path), rate, to, subject, seconds)
    operator = Operator("operator", load_move(text, str(path)), settings, plugins.tracker(protocol))
    stop = threading.Event()
    try:
        operator.send(stop, monotonic_since_now())
    except KeyboardInterrupt:
        stop.set()
    return operator.sent


class Monitor:
    """Listens to a tracker and tells how it does."""

    def __init__(self, protocol: str, address: str, port: int) -> None:
        self._latest: Latest[TrackingSample] = Latest()
        self._protocol = protocol
        codec = plugins.tracker(protocol)
        try:
            self._tracker = UdpTracker(codec, address, port, on_sample=self._latest.put)
        except DeviceError as error:
            raise DeviceError(error.message, _remedy(error.__cause__)) from error

    def listens(self) -> str:
        """Where it listens, and how to hear more than this machine."""
        host, port = self._tracker.address
        only = "; this machine only, --address 0.0.0.0 hears the network"
        loopback = host.startswith("127.") or host == "::1"
        return f"listening on {host}:{port} ({self._protocol}){only if loopback else ''}"

    def heard(self) -> bool:
        """True when a packet came, good or bad."""
        health = self._tracker.health()
        return health.samples + health.bad > 0

    def state(self) -> dict[str, Any]:
        """Health, and the newest sample."""
        sample = self._latest.peek()
        health = msgspec.to_builtins(self._tracker.health())
        return {**health, **(machine_form(sample) if sample else {})}

    def close(self) -> None:
        """Stop listening."""
        self._tracker.close()


def _remedy(cause: BaseException | None) -> str:
    if isinstance(cause, OSError) and cause.errno == errno.EADDRINUSE:
        return "another program listens there: end it, or choose another --port"
    return "--address is one of this machine's own, such as 127.0.0.1, or 0.0.0.0 for all of them"
