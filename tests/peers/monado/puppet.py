"""A hand in a glove: Monado's "remote" driver, which lets a test move head, hands and buttons.

Poses are ours (Z up, Y forward). The layout of the driver's packet is that of Monado 25.
"""

from __future__ import annotations

import socket
import struct
import time
from typing import Final

from xrdrama.adapters.openxr.axes import to_xr
from xrdrama.spatial import IDENTITY, Pose, Quat, Vec3, look_at

PORT: Final = 4242
_HEADER: Final = struct.Struct("<Q")
_HEAD: Final = struct.Struct("<4f7fI 4f7fI 7f?3x")
_HAND: Final = struct.Struct("<7f 3f 3f 5f f f f 2f f 2f 16?")
_SIZE: Final = _HEADER.size + _HEAD.size + 2 * _HAND.size
_NOTHING: Final = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0)
_OWN: Final = (0.0, 0.0, 0.0, 0.0)
HALF_EYES: Final = 0.0315
_TRIGGER, _B = 8, 6  # places among the driver's truth values

PINCHED: Final = 1.0
"""How far the driver's thumb and index finger are bent when their tips meet."""
HEAD: Final = Pose(Vec3(0.0, 0.0, 1.6), IDENTITY)
HANDS: Final = {
    "left": Pose(Vec3(-0.2, 0.5, 1.3), IDENTITY),
    "right": Pose(Vec3(0.2, 0.5, 1.3), IDENTITY),
}


class Puppet:
    """Scripts a viewer; every change is sent at once, and stands until the next."""

    def __init__(self, timeout_s: float = 10.0) -> None:
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                self._socket = socket.create_connection(("127.0.0.1", PORT), timeout=5.0)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)  # the poll interval
        greeting = b""
        while len(greeting) < 2 * _SIZE:  # the driver greets with its state at rest, and its last
            part = self._socket.recv(2 * _SIZE - len(greeting))
            if not part:
                raise ConnectionError("the remote driver closed the connection")
            greeting += part
        self._header = greeting[: _HEADER.size]
        self.head = HEAD
        self.hands = dict(HANDS)
        self.pulls = {"left": False, "right": False}
        self.curls: dict[str, float] = {"left": 0.0, "right": 0.0}
        """How far thumb and index finger are bent, 0 to 1."""
        self.presses_b = False
        self.active = True
        self.fov: tuple[float, ...] = _OWN
        """What each eye sees, in radians: left, right, up, down; zeros for the headset's own."""
        self.send()

    def send(self) -> None:
        """Send the whole state to the driver."""
        position, turn = to_xr(self.head)
        eyes = [
            (*self.fov, *turn, position[0] + side * HALF_EYES, *position[1:], 0) for side in (-1, 1)
        ]
        if self.fov == _OWN:
            eyes = [_NOTHING, _NOTHING]
        head = _HEAD.pack(*eyes[0], *eyes[1], *turn, *position, self.fov != _OWN)
        self._socket.sendall(self._header + head + self._hand("left") + self._hand("right"))

    def _hand(self, side: str) -> bytes:
        position, turn = to_xr(self.hands[side])
        pulls = self.pulls[side]
        truths = [False] * 16
        truths[0] = truths[1] = self.active
        truths[_TRIGGER] = pulls
        truths[_B] = self.presses_b
        floats = [0.0] * 6 + [0.0] * 3 + [self.curls[side]] * 2 + [float(pulls)] + [0.0] * 7
        return _HAND.pack(*turn, *position, *floats, *truths)

    def look_at(self, point: Vec3 | None) -> None:
        """Turn the head to a point, or straight ahead."""
        turn = IDENTITY if point is None else look_at(self.head.position, point)
        self.head = Pose(self.head.position, turn)
        self.send()

    def stand(self, at: Vec3, turn: Quat = IDENTITY) -> None:
        """Put the head somewhere."""
        self.head = Pose(at, turn)
        self.send()

    def aim_at(self, point: Vec3, side: str = "right") -> None:
        """Aim a hand at a point."""
        at = self.hands[side].position
        self.hands[side] = Pose(at, look_at(at, point))
        self.send()

    def pull(self, on: bool, side: str = "right") -> None:
        """Pull the trigger, or let it go."""
        self.pulls[side] = on
        self.send()

    def pinch(self, on: bool, side: str = "right") -> None:
        """Bend thumb and index finger until they meet, or stretch them."""
        self.curls[side] = PINCHED if on else 0.0
        self.send()

    def close(self) -> None:
        """Disconnect."""
        self._socket.close()
