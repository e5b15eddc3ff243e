"""OpenTrackIO 1.0 (SMPTE RIS OSVP): JSON or CBOR behind a header, over UDP. Sans-IO.

It is read leniently: every fault against the published schema is listed by JSON path, good parts
are used, and never half a pose. It is written strictly: what `Writer` writes validates.

- `header`: 16 bytes and a checksum; `segments`: samples in several datagrams
- `form`: what a sample may say; `payload`, `faults`: JSON and CBOR to a sample and its faults
- `reading`, `decoding`: to a TrackingSample; `logs`: recordings; `writing`: the opposite

Axes are ours: right-handed, Z up, Y forward, pan positive to the left. Multicast group and port of
source number S (1 to 200): 239.135.1.S, 55555.
"""

from typing import Final

from xrdrama.tracking.opentrackio.decoding import Decoder, decoder
from xrdrama.tracking.opentrackio.logs import is_recording, recording, timed
from xrdrama.tracking.opentrackio.reading import NAME
from xrdrama.tracking.opentrackio.writing import CARRIES, Names, Writer, encode, encoder

PORT: Final = 55_555
SUBJECTS: Final = (1, 200)
"""The source numbers, first and last."""


def group_of(number: int) -> str:
    """The multicast group of a source number, 1 to 200; ValueError for others."""
    if not 1 <= number <= 200:
        raise ValueError(f"{number} is not an OpenTrackIO source number: use 1 to 200")
    return f"239.135.1.{number}"


__all__ = [
    "CARRIES", "NAME", "PORT", "SUBJECTS", "Decoder", "Names", "Writer", "decoder", "encode",
    "encoder", "group_of", "is_recording", "recording", "timed",
]  # fmt: skip
