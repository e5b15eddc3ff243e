"""PosiStageNet 2.03: positions of trackers on a stage, over UDP multicast. Sans-IO.

Source: "PosiStageNet Protocol description v2.03" (VYV Corporation, MA Lighting, 2019), which is in
the public domain. Packets consist of chunks (`chunks`); DATA packets have the positions, INFO
packets the names (`packets`). A frame may be spread over packets; the decoder joins them by frame
id and packet count (`receiving`).

Axes: the specification says X right, Y up, Z depth, metres. Depth is read as into the stage:
(x, y, z) there is (x, z, y) here. An orientation is a vector along the axis of rotation, with the
angle in radians as its length; it is read with the right-hand rule. The specification does not name
a rule, and its authors say that senders may choose their axes (github.com/vyv/psn-cpp, issue 4):
where a sender has Z towards the audience, write `axes: {position: [x, -y, z]}` in the stage file,
and check pan, tilt and roll with `xrdrama track wizard`.
"""

from __future__ import annotations

from xrdrama.tracking.psn.receiving import Decoder
from xrdrama.tracking.psn.sending import ADDRESS, PORT, Encoder, encode

NAME = "psn"
CARRIES = frozenset({"taken"})
SUBJECTS = (0, 65_535)

__all__ = [
    "ADDRESS",
    "CARRIES",
    "NAME",
    "PORT",
    "SUBJECTS",
    "Decoder",
    "Encoder",
    "decoder",
    "encode",
    "encoder",
]


def decoder() -> Decoder:
    """A decoder for one sender."""
    return Decoder()


def encoder() -> Encoder:
    """An encoder for one sender: it counts frames, and adds the names of its trackers."""
    return Encoder()
