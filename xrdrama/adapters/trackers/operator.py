"""The simulated operator: a camera move as tracking packets, in a process of its own.

It uses the protocol that the stage names, with that protocol's own encoder. Live, its packets
go over UDP, like a tracker's. On the virtual clock it joins the watermarks: each sample has passed
through the protocol's bytes, and is stamped with the time of the move.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec

from xrdrama import plugins
from xrdrama.adapters.trackers.replay import LogPlayer, load_log
from xrdrama.errors import DeviceError, UsageError, XrdramaError
from xrdrama.show.ports import Ingress, Stop
from xrdrama.show.settings import record_of
from xrdrama.show.validation import explained
from xrdrama.timing import NS
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.axes import SAME, Axes
from xrdrama.tracking.datagrams import (
    DECODER_FAULTS,
    Decoder,
    Encoder,
    TrackingProtocol,
    decode_datagram,
    fault,
    subject_aliases,
)
from xrdrama.tracking.edge import Edge, with_address, with_profile
from xrdrama.tracking.moves import Move, load_move

EARLY = NS // 2
"""How long before the show the operator starts to send, nanoseconds."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of the operator: text of a move file, rate, destination, duration; `others` are
    the moves of further subjects, sent after it at the same times."""

    move: str = ""
    log: str = ""
    """Path of a recording that is played instead of the move."""
    name: str = "move"
    rate: Annotated[float, msgspec.Meta(ge=1.0, le=1000.0)] = 60.0
    to: Annotated[str, msgspec.Meta(pattern=r"^\S+:\d{1,5}$")] = "127.0.0.1:40000"
    subject: str = "1"
    protocol: str = "freed"
    seconds: Annotated[float, msgspec.Meta(ge=0.0, le=1e6)] = 0.0
    others: dict[str, str] = {}
    axes: tuple[str, ...] = SAME
    """The axes of the stage's tracker, which the packets are sent in."""
    profile: str = ""
    osc_address: str = ""


SETTINGS = Settings
ROLE = "tracker"


def open(name: str, settings: Mapping[str, Any]) -> Operator | LogPlayer:
    """The operator of a show, or the player of a recording. UsageError for invalid settings, an
    unknown protocol and a recording that does not fit,
    DeviceError for a protocol that cannot be loaded."""
    try:
        found = msgspec.convert(dict(settings), Settings)
    except msgspec.ValidationError as error:
        message, remedy = explained(error, record_of(Settings).fields)
        raise UsageError(f"the simulated operator {name}: {message}", remedy) from None
    protocol = with_profile(plugins.tracker(found.protocol), found.protocol, found.profile)
    protocol = with_address(protocol, found.protocol, found.osc_address)
    if not found.move and not found.log:
        raise UsageError(
            f"the simulated operator {name} has no move", "add move: or log: to its settings"
        )
    if found.log:
        log = load_log(Path(found.log))
        if log.protocol != found.protocol:
            raise UsageError(
                f"{found.log} is a recording of {log.protocol}; the stage expects {found.protocol}",
                f"write protocol: {log.protocol} under tracking: in the stage file",
            )
        subjects = frozenset((found.subject, *found.others))
        return LogPlayer(name, log, protocol, Edge(Axes.of(found.axes), subjects), found.to)
    return Operator(name, load_move(found.move, found.name), found, protocol)


class Operator:
    """Plays the move of each subject."""

    def __init__(
        self, name: str, move: Move, settings: Settings, protocol: TrackingProtocol
    ) -> None:
        self.name, self.settings = name, settings
        self.moves = {settings.subject: move}
        for subject, text in settings.others.items():
            self.moves[subject] = load_move(text, f"the move of subject {subject}")
        self.protocol = protocol
        self.sent = 0
        self._edge = Edge(Axes.of(settings.axes), frozenset(self.moves))
        make = getattr(protocol, "encoder", None)
        self._encoder: Encoder | None = make() if callable(make) else None

    def run(self, ingress: Ingress, stop: Stop) -> None:
        """Wait for the start, then move the camera until stopped."""
        if not ingress.wait_for_start(stop):
            return
        if ingress.fixed_rate:
            self._promise(ingress, stop)
        else:
            self.send(stop, ingress.now, early=EARLY)

    def send(self, stop: Stop, now: Callable[[], int], *, early: int = 0) -> None:
        """Send packets over UDP at the operator's rate; `now()` is nanoseconds of the move, which
        the first packet is `early` before."""
        host, _, port = self.settings.to.rpartition(":")
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as out:
            target = (host.strip("[]"), int(port))
            for at in self._times(early):
                wait = (at - now()) / NS
                if wait > 0 and stop.wait(wait):
                    return
                if stop.is_set():
                    return
                try:
                    for subject in self.moves:
                        for packet in self._packets(at, subject):
                            out.sendto(packet, target)
                        self.sent += 1
                except ConnectionRefusedError:
                    continue  # no receiver at the moment
                except OSError as error:
                    raise DeviceError(
                        f"packets cannot be sent to {self.settings.to}: {error.strerror}",
                        "check the address that the packets are sent to",
                    ) from error

    def _promise(self, ingress: Ingress, stop: Stop) -> None:
        try:
            decoder = self.protocol.decoder()
        except DECODER_FAULTS as error:
            where = f"the decoder of {self.settings.protocol}"
            raise DeviceError(
                fault(where, error), "update the Python package of this protocol"
            ) from error
        for at in self._times(EARLY):
            if stop.is_set():
                break
            for subject in self.moves:
                for packet in self._packets(at, subject):
                    self._record(ingress, decoder, packet, at)
            ingress.promise(self.name, at + 1)
        ingress.promise(self.name, 2**62 - 1)

    def _record(self, ingress: Ingress, decoder: Decoder, packet: bytes, at: int) -> None:
        """Decode a packet of our own and record its samples at nanosecond `at`."""
        found = decode_datagram(decoder, packet, at=at)
        if found.error:
            raise DeviceError(
                f"the tracking protocol {self.settings.protocol!r} cannot decode its own packets:"
                f" {found.error}",
                "update the Python package of this protocol, or run live with a tracker"
                " (--tracker)",
            )
        aliases = subject_aliases(decoder)
        for sample in found.samples:
            entered = self._edge.enter(sample, aliases)
            ingress.record(msgspec.structs.replace(entered, source=self.name), at)

    def _packets(self, at: int, subject: str) -> tuple[bytes, ...]:
        """The packets of a subject at nanosecond `at`; DeviceError for a fault of the protocol's
        encoder."""
        try:
            sample = self._edge.leave(self._sample(at, subject))
            if self._encoder is None:
                return (self.protocol.encode(sample),)
            return tuple(self._encoder.packets(sample))
        except XrdramaError as error:
            raise DeviceError(
                f"the move cannot be sent as {self.settings.protocol}: {error}",
                "change the move, or subject: and protocol: under tracking: in the stage file",
            ) from error
        except DECODER_FAULTS as error:
            where = f"the encoder of {self.settings.protocol}"
            raise DeviceError(
                fault(where, error), "update the Python package of this protocol"
            ) from error

    def _times(self, early: int) -> Iterator[int]:
        step = -round(early * self.settings.rate / NS)
        while not self.settings.seconds or step < self.settings.seconds * self.settings.rate:
            yield round(step * NS / self.settings.rate)
            step += 1

    def _sample(self, at: int, subject: str) -> TrackingSample:
        move = self.moves[subject]
        zoom, focus = move.encoders(at)
        return TrackingSample(self.name, subject, at, move.pose(at), zoom=zoom, focus=focus)


def monotonic_since_now() -> Callable[[], int]:
    """A clock that starts at 0 now, in nanoseconds."""
    origin = time.monotonic_ns()
    return lambda: time.monotonic_ns() - origin
