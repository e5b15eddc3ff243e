"""The input `livelink`: the face that a telephone sends over UDP, as events of a show.

With `file:` it plays recorded packets, one in hex a line, at the times of their own timecode; on
the virtual clock they are stamped with that time plus the declared, constant latency.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec

from xrdrama.adapters.trackers.sockets import listening_socket
from xrdrama.errors import DeviceError, RemoteProtocolError, UsageError
from xrdrama.show.ports import NOTE, Ingress, Input, Stop
from xrdrama.show.settings import FILE, PERFORMER, converted, duration
from xrdrama.timing import NS
from xrdrama.tracking import livelink
from xrdrama.tracking.faces import Face, Pace
from xrdrama.tracking.livelink import Received
from xrdrama.wire.events import DeviceLost, Faced

LATENCY = 80 * NS // 1000
"""The latency that is declared unless the show says otherwise: the telephone and the network."""
SILENT = NS // 2
"""A sender that says nothing for so long has lost the face, in ns."""
MOST_SENDERS: Final = 8
NEVER: Final = 2**62 - 1
"""The latest time there is: what a source promises that has nothing more to say."""
LONGEST_PACKET: Final = 2048
LONGEST_FILE_S: Final = 86_400.0


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a show says about Live Link Face: the performer that it drives, and where packets come
    from.

    `subject` is the name in the app of the face to use (default: the first that is received). `at`
    is the ns of the show at which a file starts, `latency` is declared in ns.
    """

    performer: Annotated[str, PERFORMER, msgspec.Meta(min_length=1, max_length=64)]
    port: Annotated[int, msgspec.Meta(ge=1, le=65_535, description="UDP port")] = livelink.PORT
    address: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] = "127.0.0.1"
    subject: Annotated[str, msgspec.Meta(max_length=64)] = ""
    file: Annotated[str, FILE, msgspec.Meta(description="packets in hex")] | None = None
    at: Annotated[int, duration(plausible=(0.001, 36_000, 10))] = 0
    latency: Annotated[int, duration(most=10 * NS, plausible=(0.005, 10, 0.2))] = LATENCY

    def __post_init__(self) -> None:
        """UsageError if the settings contradict each other."""
        if self.at and self.file is None:
            raise UsageError("at is only for a file", "remove at")


SETTINGS = Settings
SOURCES: Final = {"port": str(livelink.PORT), "file": ""}


def open(name: str, settings: Mapping[str, Any]) -> Input:
    """The Live Link input `name` of a show.

    UsageError if the settings are invalid; DeviceError when the file is missing or the port taken.
    """
    wanted = converted(f"the Live Link input {name}", settings, Settings)
    if wanted.file is not None:
        return Recorded(name, wanted)
    return Listening(name, wanted)


class _Events:
    """Faces to events: those of one subject; the others are counted."""

    def __init__(self, name: str, settings: Settings) -> None:
        self._name, self._performer = name, settings.performer
        self._subject = settings.subject
        self._others: dict[str, int] = {}
        self.pace = Pace()
        self.last = 0
        """When the last packet of the subject came."""

    def event(self, face: Face, at: int) -> Faced | None:
        """The event of a face that came at `at`; None if it says nothing new or is another's."""
        self._subject = self._subject or face.subject
        if face.subject != self._subject:
            if len(self._others) < MOST_SENDERS or face.subject in self._others:
                self._others[face.subject] = at
            return None
        self.last = at
        if not self.pace.is_news(msgspec.structs.replace(face, at=at)):
            return None
        others = sum(at - last < NS for last in self._others.values())
        return Faced(self._name, self._performer, face.values(), face.turn(), at, others)

    def lost(self, at: int, *, ended: bool = False) -> Faced:
        """The event that says that there is no face now."""
        self.pace.is_there = False
        return Faced(self._name, self._performer, (), (0, 0, 0), at, ended=ended)


class Listening:
    """Packets of a UDP port."""

    def __init__(self, name: str, settings: Settings) -> None:
        self.name, self.settings = name, settings
        self.bad = 0
        """Packets that could not be read."""
        self._socket, where = listening_socket(settings.address, settings.port)
        self.notes = (f"listening for Live Link faces on {where}: they drive {settings.performer}",)

    def run(self, ingress: Ingress, stop: Stop) -> None:
        """Wait for the start, then send what arrives. UsageError on the virtual clock."""
        with self._socket:
            if ingress.fixed_rate:
                raise UsageError(
                    f"the port of {self.name} cannot be used with --fixed-rate",
                    "run without --fixed-rate, or give the input a file of packets",
                )
            if ingress.wait_for_start(stop):
                self._listen(ingress, stop)

    def _listen(self, ingress: Ingress, stop: Stop) -> None:
        events = _Events(self.name, self.settings)
        decoders: dict[object, livelink.Decoder] = {}
        self._socket.settimeout(SILENT / NS / 2)
        while not stop.is_set():
            received: tuple[Received, ...] = ()
            try:
                datagram, sender = self._socket.recvfrom(LONGEST_PACKET)
                if sender not in decoders and len(decoders) >= MOST_SENDERS:
                    decoders.clear()
                decoder = decoders.setdefault(sender, livelink.decoder())
                received = decoder.feed(datagram, ingress.now())
            except TimeoutError:
                pass
            except RemoteProtocolError as error:
                self._note_bad(error)
            except OSError as error:
                ingress.record(DeviceLost(self.name, f"the socket failed: {error.strerror}"))
                return
            now = ingress.now()
            for one in received:
                event = events.event(one.face, now)
                if event is not None:
                    ingress.record(event)
            if events.pace.is_there and now - events.last > SILENT:
                ingress.record(events.lost(now))

    def _note_bad(self, error: RemoteProtocolError) -> None:
        """Report the first bad packet, the tenth, the hundredth ..."""
        self.bad += 1
        if self.bad == 10 ** (len(str(self.bad)) - 1):
            sys.stderr.write(f"{NOTE}bad packets: {self.bad}, the last of them: {error}\n")
            sys.stderr.flush()


class Recorded:
    """Packets of a file, at the times of their timecode. DeviceError if it cannot be read."""

    def __init__(self, name: str, settings: Settings) -> None:
        self.name, self.settings = name, settings
        path = Path(str(settings.file))
        try:
            text = path.read_text("ascii", "replace")
        except OSError as error:
            raise DeviceError(
                f"the packets {path} cannot be read ({error.strerror})", "write the path of a file"
            ) from None
        self._faces = tuple(_faces_of(text, path, settings.at))

    def run(self, ingress: Ingress, stop: Stop) -> None:
        """Wait for the start, then send the faces of the file until it ends."""
        if not ingress.wait_for_start(stop):
            return
        events = _Events(self.name, self.settings)
        latency = self.settings.latency if ingress.fixed_rate else 0
        at = self.settings.at
        for at, face in self._faces:
            if ingress.fixed_rate:
                ingress.promise(self.name, at + latency)
            if stop.is_set() if ingress.fixed_rate else self._waits(ingress, stop, at):
                return
            event = events.event(face, at)
            if event is not None:
                ingress.record(event, at + latency)
        if events.pace.said_anything:
            ingress.record(events.lost(at, ended=True), at + latency)
        if ingress.fixed_rate:
            ingress.promise(self.name, NEVER)

    def _waits(self, ingress: Ingress, stop: Stop, at: int) -> bool:
        return stop.wait(max(0, at - ingress.now()) / NS)


def _faces_of(text: str, path: Path, start: int) -> Iterator[tuple[int, Face]]:
    """The faces of a file and their times; DeviceError that names a line that is not a packet."""
    decoder, first, at = livelink.decoder(), None, start
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            found = decoder.feed(bytes.fromhex(line.strip()), 0)
        except (ValueError, RemoteProtocolError) as error:
            raise DeviceError(
                f"line {number} of {path} is not a Live Link packet: {error}",
                "write one packet in hex a line; track decode livelink --hex checks a file",
            ) from None
        for one in found:
            seconds = one.packet.timing.seconds() if one.packet.timing else None
            if seconds is not None:
                first = seconds if first is None else first
                # A clock that was set back, or to another day, must not turn time.
                if 0.0 <= seconds - first <= LONGEST_FILE_S:
                    at = max(at, start + round((seconds - first) * NS))
            yield at, msgspec.structs.replace(one.face, at=at)
