"""Tracking packets over UDP: received, stamped with arrival, decoded, counted."""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable

import msgspec

from xrdrama.adapters.trackers.sockets import listening_socket
from xrdrama.spatial import Pose
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.datagrams import (
    DECODER_FAULTS,
    Decoded,
    Decoder,
    TrackingProtocol,
    decode_datagram,
    decoder_counts,
    fault,
    sequence_modulus,
    subject_aliases,
)
from xrdrama.tracking.edge import UNCHANGED, Edge
from xrdrama.tracking.health import JUMP, Report, SubjectsHealth

LARGEST = 65_535
MOST_SENDERS = 64
"""Senders (address and port) whose decoders are kept; the one silent for longest goes first."""


class UdpTracker:
    """A thread that receives. `on_sample` is called with each good sample, on that thread.

    `clock` gives the nanosecond that arrival is stamped with. `on_bad` is called with the reason
    of each refused packet, `on_lost` once with the reason when the socket fails: no more packets
    are received then.
    `on_datagram` gets each datagram, its sender and time, before it is decoded.
    An exception of the decoder or of `on_sample` is counted as a bad packet.
    Each sender (address and port) has a decoder of its own; `edge` maps its samples to the stage's
    axes and names.
    DeviceError when the port, the address or the multicast group cannot be had.
    """

    def __init__(
        self,
        protocol: TrackingProtocol,
        address: str,
        port: int,
        *,
        interface: str = "",
        jump: float = JUMP,
        edge: Edge = UNCHANGED,
        clock: Callable[[], int] = time.monotonic_ns,
        on_sample: Callable[[TrackingSample], None],
        on_bad: Callable[[str], None] = lambda reason: None,
        on_lost: Callable[[str], None] = lambda reason: None,
        on_datagram: Callable[[bytes, tuple[str, int], int], None] | None = None,
    ) -> None:
        self._protocol, self._clock = protocol, clock
        self._edge = edge
        self._decoders: OrderedDict[object, Decoder] = OrderedDict()
        self._on_datagram = on_datagram
        self._on_sample, self._on_bad, self._on_lost = on_sample, on_bad, on_lost
        self._health = SubjectsHealth(jump=jump)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self.lost = ""
        """The reason why nothing is received any more, or ""."""
        self._socket, self.where = listening_socket(address, port, interface)
        self._socket.settimeout(0.2)
        self.address: tuple[str, int] = self._socket.getsockname()[:2]
        self._thread = threading.Thread(target=self._run, name="tracker", daemon=True)
        self._thread.start()

    def health(self) -> Report:
        """The tracker's health now."""
        with self._lock:
            report = self._health.report(self._clock())
        counts: Counter[str] = Counter()
        for decoder in tuple(self._decoders.values()):
            counts.update(decoder_counts(decoder))
        return msgspec.structs.replace(report, counts=dict(counts))

    def poses(self, subject: str) -> tuple[tuple[int, Pose], ...]:
        """The newest samples of a subject: nanosecond of arrival, and the tracker's pose."""
        with self._lock:
            return self._health.poses(subject)

    def close(self) -> None:
        """Stop listening."""
        self._stop.set()
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        """Receive until closed; an error that ends it before is reported, not lost with the
        thread."""
        try:
            self._listen()
        except Exception as error:
            self.lost = f"receiving on {self.where} failed: {type(error).__name__}: {error}"
            self._on_lost(self.lost)

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                datagram, sender = self._socket.recvfrom(LARGEST)
            except (TimeoutError, ConnectionError):  # an answer to what was sent; not to receiving
                continue
            at = self._clock()
            if self._on_datagram is not None:
                self._on_datagram(datagram, sender[:2], at)
            found, modulus = self._decode(datagram, sender, at)
            wrong = [found.error] if found.error else []
            with self._lock:
                self._health.packet()
                for sample in found.samples:
                    self._health.received(sample, at, modulus)
                if found.padding and found.samples:
                    self._health.padded()
            for sample in found.samples:
                try:
                    self._on_sample(sample)
                except Exception as error:  # the next packet may be taken again
                    wrong.append(fault("the show", error))
            for reason in wrong[-1:]:  # a packet counts as bad once
                with self._lock:
                    self._health.refused(reason, at)
                self._on_bad(reason)

    def _decode(self, datagram: bytes, sender: object, at: int) -> tuple[Decoded, int]:
        """The content of a datagram, decoded by the decoder of its sender, and the modulus of that
        decoder's sequence numbers."""
        decoder = self._decoders.pop(sender, None)
        if decoder is None:
            try:
                decoder = self._protocol.decoder()
            except DECODER_FAULTS as error:
                return Decoded(error=fault("the decoder", error)), 0
        self._decoders[sender] = decoder
        if len(self._decoders) > MOST_SENDERS:
            self._decoders.popitem(last=False)
        found = decode_datagram(decoder, datagram, at=at)
        aliases = subject_aliases(decoder)
        if aliases or not self._edge.axes.is_same:
            samples = tuple(self._edge.enter(sample, aliases) for sample in found.samples)
            found = msgspec.structs.replace(found, samples=samples)
        return found, sequence_modulus(decoder)
