"""Live Link Face: what Epic's app for phones sends of a face, over UDP. Sans-IO.

- `packets` reads and writes a datagram.
- `receiving` turns the datagrams of one sender into faces: shapes by name, angles, faults.

The layout is that of several public decoders. Unit and signs of the angles are theirs too: no
telephone was at hand to compare with.
"""

from typing import Final

from xrdrama.tracking.livelink.packets import Packet, Timing, encode, read
from xrdrama.tracking.livelink.receiving import Decoder, Received, datagram_of

NAME: Final = "livelink"
PORT: Final = 11111
"""The UDP port that the app sends to unless it is set to another one."""


def decoder() -> Decoder:
    """A decoder for one sender."""
    return Decoder()


__all__ = [
    "NAME", "PORT", "Decoder", "Packet", "Received", "Timing", "datagram_of", "decoder", "encode",
    "read",
]  # fmt: skip
