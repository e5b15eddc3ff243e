"""Receives tracking data: the work of `track monitor` and `track record`."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any

import msgspec

from xrdrama import plugins
from xrdrama.adapters.trackers.udp import UdpTracker
from xrdrama.errors import DeviceError, UsageError
from xrdrama.tools.tracking.samples import machine_form
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.edge import with_profile
from xrdrama.tracking.health import MOST_SUBJECTS
from xrdrama.tracking.logs import Entry, entry_line, header_line


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
