"""What processes and their supervisor exchange: exit statuses, lines and a viewer's report."""

from __future__ import annotations

from typing import Literal

import msgspec

from xrdrama.wire.frame import Projection

NO_DEVICE, LEFT = 3, 4
"""Exit statuses: no headset or screen is available (any longer); the wearer of the headset has
quit. In both cases another viewer may take over."""
SAY = "say: "
"""Prefix of lines on a viewer's stdout that are printed at the terminal."""
READY = "ready"
"""The line on stdout that reports that a process is ready: connected to its show or, for a viewer
on standby, able to take over."""
SIGHT_BYTES = 256
"""Size of the file in which a viewer leaves where it looks, for a window that mirrors it."""
On = Literal["headset", "window"]


class Report(msgspec.Struct, frozen=True):
    """What a viewer did; sent when it ends."""

    on: str
    presented: int
    unsaid: int
    waited: int = 0
    ended: int = 0
    drawn: int = 0
    backwards: int = 0
    lost_poses: int = 0
    bounded_fovs: int = 0
    ticks: int = 0
    """Vibrations that controllers were asked for."""
    budget: dict[str, float] = {}
    """Median milliseconds of the last frames: wait, update, draw, copy, all work, the display's
    period, and the share of it that the work took."""
    size_changes: int = 0
    """How often the eyes' pictures got smaller because frames were late, or larger again."""
    small: int = 0
    """Frames that were drawn smaller than the runtime recommends."""
    smallest: float = 1.0
    """Smallest share of the recommended width and height that was drawn."""
    blend: str = "opaque"
    """How the pictures were put over what the wearer sees: opaque, additive or alpha."""
    dimmed: int = 0
    """Frames with darkened edges, because the set moved past the viewer."""
    depth: bool = False
    """Whether the runtime got the depth of the pictures (XR_KHR_composition_layer_depth)."""
    steps: tuple[int, ...] = ()
    """Nanoseconds between the runtime's predicted display times, of the last frames."""
    eyes: tuple[Projection, ...] = ()
    """The last picture of each eye."""
    plates_late: dict[str, int] = {}
    """Drawn frames for which a plate repeated its last picture, by set and plate."""
    late: dict[str, int] = {}
    """Numbers of shaders, textures and meshes uploaded after the viewer was ready, by name."""
