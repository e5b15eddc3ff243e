"""Recorded packets of faces: the work of `track decode livelink`."""

from __future__ import annotations

from collections.abc import Iterator
from math import degrees
from pathlib import Path
from typing import Any

import msgspec

from xrdrama.errors import RemoteProtocolError
from xrdrama.tools.tracking.recordings import Recording
from xrdrama.tracking import livelink
from xrdrama.tracking.faces import ARKIT, Face

_ANGLES = ("pan_deg", "tilt_deg", "roll_deg")


def decoded_faces(file: Path, *, hex: bool) -> Iterator[dict[str, Any]]:
    """The JSON form of the face of each Live Link datagram; `{"error": ...}` for a bad one.

    `shapes` are values from 0 to 1 by ARKit's names, {} when the device found no face; the angles
    are those of the head. `faults` lists values that were not used as they are.
    """
    decoder = livelink.decoder()
    for number, datagram in enumerate(Recording(file, hex=hex).datagrams()):
        if isinstance(datagram, str):
            yield {"error": datagram}
            continue
        try:
            found = decoder.feed(datagram, number)
        except RemoteProtocolError as error:
            yield {"error": str(error)}
            continue
        for received in found:
            form = _machine_form(received.face, received.packet)
            if received.faults:
                form["faults"] = msgspec.to_builtins(received.faults)
            yield form
    for what, count in decoder.counts.items():
        yield {"error": f"{count} {what}"}


def _machine_form(face: Face, packet: livelink.Packet) -> dict[str, Any]:
    form: dict[str, Any] = {
        "source": face.source,
        "subject": face.subject,
        "device": packet.device,
        "shapes": dict(zip(ARKIT, face.shapes, strict=False)),
    }
    if face.head is not None:
        form |= dict(zip(_ANGLES, map(degrees, face.head), strict=True))
    if packet.timing is not None:
        time = packet.timing
        form |= {"frame": time.frame, "sub_frame": time.sub_frame}
        form["timecode_rate"] = [time.rate, time.denominator]
    return form
