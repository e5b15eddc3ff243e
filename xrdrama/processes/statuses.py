"""What processes of a show and their supervisor exchange: exit statuses, lines, a report."""

from __future__ import annotations

from typing import Literal

import msgspec

from xrdrama.wire.frame import Projection

NO_DEVICE, LEFT = 3, 4
"""Exit status: there is no headset (any more), or no screen; who wears the headset has left. In
both cases another viewer may take over."""
SAY = "say: "
"""How a line on a viewer's stdout begins that is for the person at the terminal."""
READY = "ready"
"""The line on stdout with which a process says that it is ready: connected to its show, or, for a
viewer on standby, able to take over."""
On = Literal["headset", "window"]


class Report(msgspec.Struct, frozen=True):
    """What a viewer did, told when it ends."""

    on: str
    presented: int
    unsaid: int
    waited: int = 0
    ended: int = 0
    drawn: int = 0
    backwards: int = 0
    lost_poses: int = 0
    bounded_fovs: int = 0
    steps: tuple[int, ...] = ()
    """Nanoseconds between the runtime's predicted display times, of the last frames."""
    eyes: tuple[Projection, ...] = ()
    """What each eye saw last."""
    late: dict[str, int] = {}
    """What was made for the driver after the viewer had said that it is ready, by name."""
