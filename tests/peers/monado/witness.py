"""Records every frame that a headset's viewer sends to the runtime.

    python witness.py LOG PYTHON -m xrdrama viewer ...

The rest of the line is the viewer's own command, run here with one call looked into: xrEndFrame's
structures, as they are when the runtime gets them. LOG gets a JSON line a frame.
"""

from __future__ import annotations

import runpy
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import xr

from xrdrama.adapters.openxr.axes import from_xr
from xrdrama.adapters.openxr.calls import FrameCalls, number
from xrdrama.spatial import Pose
from xrdrama.viewers.surroundings import Surroundings
from xrdrama.wire.frame import Caption, ParamValue


class Handed(msgspec.Struct):
    """A frame that the runtime has taken. Poses are in the stage's space, or that of the head."""

    at: int
    """Nanoseconds of the machine's monotonic clock when it was taken."""
    shows_at: int
    begun: int = 0
    """The same clock when the show's newest frame was taken up, to be drawn."""
    number: int = -1
    """The number of the show's frame that was drawn, and its text; -1 before the first."""
    beat: str = ""
    captions: tuple[Caption, ...] = ()
    params: dict[str, ParamValue] = {}
    eyes: tuple[Pose, ...] = ()
    quads: tuple[tuple[bool, Pose], ...] = ()
    """Of each floating sheet: whether it is in the stage's space, and where."""


def main(log: Path) -> None:
    """Look into the calls, and be the viewer."""
    drawn: list[Surroundings] = []
    begun = [0]
    draw, end = Surroundings.draw, FrameCalls.end

    def drawing(self: Surroundings, *given: Any) -> Any:
        drawn[:], begun[:] = [self], [time.monotonic_ns()]
        return draw(self, *given)

    def ending(self: FrameCalls, shows_at: int, layers: list[Any]) -> None:
        end(self, shows_at, layers)
        handed = Handed(time.monotonic_ns(), shows_at, begun[0])
        frame = drawn[0]._frame if drawn else None
        if frame is not None:
            handed.number, handed.beat = frame.number, frame.beat
            handed.captions, handed.params = frame.captions, frame.params
        stage = number(self._asked.space)
        for layer in layers:
            if isinstance(layer, xr.CompositionLayerQuad):
                handed.quads += ((number(layer.space) == stage, pose(layer.pose)),)
            else:
                handed.eyes = tuple(pose(layer._views[side].pose) for side in (0, 1))
        lines.write(msgspec.json.encode(handed) + b"\n")

    Surroundings.draw, FrameCalls.end = drawing, ending  # type: ignore[method-assign]
    with log.open("wb", buffering=0) as lines:
        runpy.run_module("xrdrama", run_name="__main__", alter_sys=True)


def pose(theirs: Any) -> Pose:
    """Our pose of a structure of theirs."""
    p, q = theirs.position, theirs.orientation
    found = from_xr((p.x, p.y, p.z), (q.x, q.y, q.z, q.w))
    assert found is not None
    return found


if __name__ == "__main__":
    log = Path(sys.argv[1])
    sys.argv = sys.argv[sys.argv.index("xrdrama") :]
    main(log)
