"""Darkened edges while a set moves past a viewer who stands still: it softens such motion.

A set moves past while a parameter of it grows by a speed, such as the metres of a road by those of
a car each second. Nothing else moves a viewer in a headset.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from xrdrama.adapters.openxr.pictures.layers import Sheet
from xrdrama.adapters.panda.edges import AWAY, PIXELS, WIDTH, Edges
from xrdrama.adapters.panda.graphics import Graphics
from xrdrama.scene.model import ParamValue, Scene
from xrdrama.scene.plates import CLOCK
from xrdrama.spatial import IDENTITY, Pose, Vec3

FULL: Final = 3.0
"""Speed from which the edges are as dark as they get: metres per second of a road."""
EASES_S: Final = 0.5
"""Seconds from none to all of it."""
STEPS: Final = 8


def speeds_in(scene: Scene) -> tuple[str, ...]:
    """The parameters that are speeds of a set; those of its plates are not."""
    return tuple(
        dict.fromkeys(
            one.grows_by for one in scene.params.values() if one.grows_by and one.id != CLOCK
        )
    )


def wanted(speeds: tuple[str, ...], params: Mapping[str, ParamValue]) -> float:
    """How much of it the motion of a set needs, 0 to 1."""
    found = [params.get(name, 0.0) for name in speeds]
    fastest = max((abs(speed) for speed in found if isinstance(speed, float | int)), default=0.0)
    return min(1.0, fastest / FULL)


def eased(now: float, towards: float, seconds: float) -> float:
    """How much of it there is `seconds` later."""
    step = max(0.0, seconds) / EASES_S
    return now + max(-step, min(step, towards - now))


class Vignette:
    """The sheet with darkened edges, in steps that are all uploaded when it is made."""

    def __init__(self, graphics: Graphics) -> None:
        self._edges = Edges(graphics, STEPS)
        self._share = 0.0
        self._step = 0
        self.frames = 0
        """Frames in which edges were darkened."""

    def sheet(self, towards: float, seconds: float) -> Sheet | None:
        """The sheet of the next frame; None without motion."""
        self._share = eased(self._share, towards, seconds)
        step, before = round(self._share * STEPS), self._step
        self._step = step
        if not step:
            return None
        self.frames += 1
        pose = Pose(Vec3(0.0, AWAY, 0.0), IDENTITY)
        box = (0, 0, PIXELS, PIXELS)
        return Sheet(
            self._edges.names[step - 1],
            box,
            pose,
            (WIDTH, WIDTH),
            locked=True,
            changed=step != before,
        )
