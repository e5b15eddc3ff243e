"""The work of the `track` commands."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from xrdrama import content, plugins
from xrdrama.adapters.trackers.operator import Operator, Settings, monotonic_since_now
from xrdrama.adapters.trackers.replay import LogPlayer, load_log
from xrdrama.adapters.trackers.udp import UdpTracker
from xrdrama.errors import DeviceError, UsageError
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.edge import UNCHANGED, with_profile
from xrdrama.tracking.health import MOST_SUBJECTS
from xrdrama.tracking.logs import Entry, entry_line, header_line
from xrdrama.tracking.moves import load_move
from xrdrama.tracking.sample import LensReading


def machine_form(sample: TrackingSample) -> dict[str, Any]:
    """A sample as `track decode` prints it: metres and degrees in our axes; unknown values are
    left out."""
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
    for name in _OPTIONAL:
        value = getattr(sample, name)
        if value is not None:
            form[name] = int(value) if isinstance(value, float) and value.is_integer() else value
    if sample.taken is not None:
        form["taken_ns"] = sample.taken
    if sample.encoders is not None:
        names = ("zoom", "focus", "iris")
        pairs = zip(names, sample.encoders, strict=True)
        form["encoders"] = {name: share for name, share in pairs if share is not None}
    if sample.timecode_rate is not None:
        form["timecode_rate"] = list(sample.timecode_rate)
    if sample.lens is not None:
        form["lens"] = _lens_form(sample.lens)
    return form


def _lens_form(lens: LensReading) -> dict[str, Any]:
    """A lens block by field name, without the fields that a packet lacks."""
    form = {
        name: msgspec.to_builtins(value)
        for name in lens.__struct_fields__
        if (value := getattr(lens, name)) not in (None, ())
    }
    if lens.distortion:
        form["distortion"] = [
            {name: getattr(one, name) for name in one.__struct_fields__} for one in lens.distortion
        ]
    return form


_OPTIONAL = (
    "zoom", "focus", "iris", "timecode", "sequence", "spare", "focal_mm", "focus_m", "f_number",
    "status",
)  # fmt: skip


def simulate_moves(
    moves: Sequence[str], to: str, rate: float, seconds: float, subject: str, protocol: str
) -> int:
    """Send the packets of camera moves, starting now; returns the number of packets.

    A move is a name or file, or NAME=SUBJECT; `subject` is that of a move without one. UsageError
    for two moves of one subject.
    """
    _check_target(to)
    paths: dict[str, Path] = {}
    for given in moves:
        name, equals, own = given.rpartition("=") if "=" in given else (given, "", subject)
        if equals and not (name and own):
            raise UsageError(f"{given!r} is not valid", "write NAME=SUBJECT, such as demo=1")
        if own in paths:
            raise UsageError(
                f"two moves have the subject {own!r}: {paths[own]} and {name}",
                "write each move as NAME=SUBJECT, such as two_cameras_a=1 two_cameras_b=2",
            )
        paths[own] = content.find("move", name)
    texts = {own: content.read_text(path) for own, path in paths.items()}
    for own, path in paths.items():
        load_move(texts[own], str(path))
    first, *others = paths
    settings = Settings(
        move=texts[first], name=str(paths[first]), rate=rate, to=to, subject=first,
        protocol=protocol, seconds=seconds, others={own: texts[own] for own in others},
    )  # fmt: skip
    move = load_move(texts[first], str(paths[first]))
    operator = Operator("operator", move, settings, plugins.tracker(protocol))
    stop = threading.Event()
    try:
        operator.send(stop, monotonic_since_now())
    except KeyboardInterrupt:
        stop.set()
    return operator.sent


def where(protocol: str, address: str, port: int | None) -> tuple[str, int]:
    """The address and port to listen on: as given, or else the protocol's own (the multicast group
    of PosiStageNet), or else 127.0.0.1 and 40000."""
    spoken = plugins.tracker(protocol)
    own, number = getattr(spoken, "ADDRESS", "127.0.0.1"), getattr(spoken, "PORT", 40_000)
    return address or str(own), int(number) if port is None else port


def record_tracker(
    protocol: str, file: Path, address: str, port: int, interface: str, seconds: float
) -> dict[str, Any]:
    """Write every datagram that arrives to a new file until the time is up (0: until Ctrl-C);
    what was recorded: `datagrams`, `samples`, `bad`, `seconds`, and `failure`, why it stopped early
    (a full disk) or "".

    UsageError for a file that exists or cannot be written, DeviceError as for UdpTracker.
    """
    try:
        out = file.open("xb", buffering=0)
    except FileExistsError:
        raise UsageError(f"{file} exists already", "choose another name, or remove it") from None
    except OSError as error:
        raise UsageError(
            f"{file} cannot be written: {error.strerror}", "choose another folder"
        ) from None
    kept = _Kept(out)
    with out:
        kept.line(header_line(protocol))
        tracker = UdpTracker(
            plugins.tracker(protocol), address, port, interface=interface,
            on_sample=lambda sample: None, on_datagram=kept.datagram,
        )  # fmt: skip
        start = time.monotonic()
        try:
            while not kept.failure and (not seconds or time.monotonic() - start < seconds):
                time.sleep(0.1)
        except KeyboardInterrupt:
            pass
        finally:
            tracker.close()
    report = tracker.health()
    return {
        "datagrams": kept.count,
        "samples": report.samples,
        "bad": report.bad,
        "seconds": round(time.monotonic() - start, 3),
        "failure": kept.failure or tracker.lost,
    }


class _Kept:
    """Writes datagrams to a file. When a line cannot be written, it is removed and nothing more is
    written, so that the file ends with a whole line; `failure` is the reason."""

    def __init__(self, out: io.FileIO) -> None:
        self.count, self.failure = 0, ""
        self._out, self._size = out, 0
        self._began: int | None = None

    def datagram(self, datagram: bytes, sender: tuple[str, int], at: int) -> None:
        """A datagram arrived from an address and port at nanosecond `at`."""
        if self._began is None:
            self._began = at
        entry = Entry(at - self._began, datagram, f"{sender[0]}:{sender[1]}")
        if not self.failure:
            self.count += self.line(entry_line(entry))

    def line(self, text: str) -> bool:
        """Write a line; False if it could not be written whole."""
        data = text.encode("ascii")
        try:
            written = self._out.write(data)
            while written < len(data):
                written += self._out.write(data[written:])
        except OSError as error:
            self.failure = error.strerror or str(error)
            self._out.truncate(self._size)
            return False
        self._size += len(data)
        return True


def replay_log(file: Path, to: str, rate: float) -> dict[str, Any]:
    """Send the datagrams of a recording at `rate` times its pace, starting now; what was sent.
    UsageError as for `load_log`."""
    log = load_log(file)
    _check_target(to)
    player = LogPlayer("replay", log, plugins.tracker(log.protocol), UNCHANGED, to)
    stop = threading.Event()
    try:
        player.send(stop, monotonic_since_now(), rate=rate)
    except KeyboardInterrupt:
        stop.set()
    return {"sent": player.sent, "of": len(log.entries), "protocol": log.protocol, "to": to}


def _check_target(to: str) -> None:
    host, _, port = to.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise UsageError(f"--to {to!r} is not valid", "write HOST:PORT, such as 127.0.0.1:40000")


class Monitor:
    """Receives tracking data and counts samples, gaps and faults for each subject."""

    def __init__(
        self, protocol: str, address: str, port: int, interface: str = "", profile: str = ""
    ) -> None:
        self._latest: dict[str, TrackingSample] = {}
        self._protocol = protocol
        spoken = with_profile(plugins.tracker(protocol), protocol, profile)
        try:
            self._tracker = UdpTracker(
                spoken, address, port, interface=interface, on_sample=self._keep
            )
        except DeviceError as error:
            remedy = f"{error.remedy} (--address, --port, --interface)"
            raise DeviceError(error.message, remedy) from error

    def _keep(self, sample: TrackingSample) -> None:
        if sample.subject in self._latest or len(self._latest) < MOST_SUBJECTS:
            self._latest[sample.subject] = sample

    def listens(self) -> str:
        """A message: the address it listens on, and how to receive from other machines."""
        host = self._tracker.address[0]
        loopback = host.startswith("127.") or host == "::1"
        only = "; this machine only, --address 0.0.0.0 receives from the network"
        return f"listening on {self._tracker.where} ({self._protocol}){only if loopback else ''}"

    def heard(self) -> bool:
        """True when a packet was received, valid or not."""
        return self._tracker.health().packets > 0

    def lost(self) -> str:
        """Why reception has ended, or "" while it works."""
        return self._tracker.lost

    def state(self) -> dict[str, Any]:
        """Counts of all packets, and `subjects`: a row for each, with its newest sample.

        With a single subject, its row is also merged into the counts; with several there is no
        common rate.
        """
        health = msgspec.to_builtins(self._tracker.health())
        rows = []
        for name, one in health.pop("subjects").items():
            sample = self._latest.get(name)
            row = {key: value for key, value in one.items() if key not in _OF_THE_SOCKET}
            rows.append({"subject": name, **row, **(machine_form(sample) if sample else {})})
        if len(rows) > 1:
            health = {
                key: health[key]
                for key in ("samples", "duplicates", "jumps", "lost", "late", *_COUNTS)
            }
        one_row = rows[0] if len(rows) == 1 else {}
        return {**health, **one_row, "subjects": rows}

    def close(self) -> None:
        """Close the socket."""
        self._tracker.close()


_COUNTS = ("packets", "bad", "padded", "bad_reasons", "recently_bad", "counts")
_OF_THE_SOCKET = ("subjects", *_COUNTS)
