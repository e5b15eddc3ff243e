"""The tracking protocol of a boom arm: JSON in numbered parts, several heads in one message.

A datagram is `BOOM <message> <part> <parts>\n` and a piece of a JSON list of heads:
`{"head": "left", "at": [x, y, z], "turn": [pan, tilt, roll]}`, metres and degrees in xrdrama's
signs. A message counts once all its parts have come; a newer message replaces one that lacks parts.
"""

import json
import re

from xrdrama.errors import LocalProtocolError, RemoteProtocolError
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.datagrams import DatagramError

HEAD = re.compile(rb"BOOM (\d{1,9}) (\d{1,2}) (\d{1,2})\n", re.ASCII)


class Decoder:
    """The messages of one sender."""

    def __init__(self):
        self.number, self.parts = None, {}

    def feed(self, datagram, at):
        """The heads of a message that is complete with this datagram."""
        head = HEAD.match(datagram)
        if head is None:
            raise RemoteProtocolError("BOOM: no header")
        number, part, parts = (int(group) for group in head.groups())
        if not 1 <= part <= parts:
            raise RemoteProtocolError(f"BOOM: part {part} of {parts}")
        unfinished = self.number if self.parts and number != self.number else None
        if number != self.number:
            self.number, self.parts = number, {}
        self.parts[part] = datagram[head.end() :]
        samples = ()
        if len(self.parts) == parts:
            text = b"".join(self.parts[n] for n in sorted(self.parts))
            self.parts = {}
            samples = tuple(self._heads(text, at))
        if unfinished is not None:
            raise DatagramError(f"BOOM: message {unfinished} is incomplete", samples)
        return samples

    def _heads(self, text, at):
        try:
            for head in json.loads(text):
                x, y, z = (float(value) for value in head["at"])
                pan, tilt, roll = (float(value) for value in head["turn"])
                pose = Pose(Vec3(x, y, z), Quat.from_angles(pan=pan, tilt=tilt, roll=roll))
                if not max(map(abs, (x, y, z, pan, tilt, roll))) <= 1e5:
                    raise ValueError("out of range")
                yield TrackingSample("boom", str(head["head"])[:64], at, pose)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise RemoteProtocolError(f"BOOM: not a list of heads ({error})") from None


def decoder():
    """A decoder for one sender."""
    return Decoder()


def encode(sample):
    """A message with one head, in one part."""
    p = sample.pose.position
    values = [p.x, p.y, p.z, *sample.pan_tilt_roll()]
    if not all(abs(value) <= 1e5 for value in values):
        raise LocalProtocolError("BOOM: a value is out of range")
    head = {"head": sample.subject, "at": values[:3], "turn": values[3:]}
    return f"BOOM {max(0, sample.at) % 10**9} 1 1\n{json.dumps([head])}".encode()
