"""The work of `stage pattern`: a test pattern on the walls of a stage, as a picture file."""

from __future__ import annotations

from pathlib import Path

from xrdrama import content
from xrdrama.adapters.panda.graphics import open_graphics
from xrdrama.adapters.panda.proof.test_range import TestRange
from xrdrama.adapters.panda.wall.led_wall import LedWall
from xrdrama.adapters.video.stills import save_picture
from xrdrama.document import suggestion
from xrdrama.errors import UsageError
from xrdrama.show.camera import view_at
from xrdrama.show.production import outer_views
from xrdrama.stage.canvases import Canvas
from xrdrama.stage.prediction import Track
from xrdrama.wire.commands import PATTERNS


def draw_pattern(
    name: str, pattern: str, out: Path, *, wall: str = "", canvas: str = "", number: int = 0
) -> tuple[Canvas, ...]:
    """Write the canvas with a test pattern on one wall of a stage, or on all, to a file.

    Its format is that of the suffix; `number` is that of the frame. Cameras are at their safe
    poses. A stage with several canvases gives one picture with all of them, or that of `canvas`;
    returns the canvases that are in the picture, () for a stage with one.

    UsageError for a pattern, a wall or a canvas that does not exist, DeviceError for a file that
    cannot be written.
    """
    stage = content.load_stage_file(content.find("stage", name))
    walls = [one.id for one in stage.walls]
    if wall and wall not in walls:
        raise UsageError(f"the stage has no wall {wall!r}", suggestion(wall, walls))
    chosen = [one for one in stage.canvases if one.id == canvas or not canvas]
    if canvas and not chosen:
        raise UsageError(
            f"the stage has no canvas {canvas!r}",
            suggestion(canvas, [one.id for one in stage.canvases]) or "remove --canvas: it has one",
        )
    if pattern not in PATTERNS:
        raise UsageError(f"there is no test pattern {pattern!r}", suggestion(pattern, PATTERNS))
    graphics = open_graphics()
    try:
        led = LedWall(graphics, stage, TestRange(positions=False))
        views = [view_at(stage, camera, Track(), 0)[0] for camera in stage.cameras]
        led.place((*views, *outer_views(stage)))
        led.patterns.show(dict.fromkeys([wall] if wall else walls, pattern), number)
        graphics.render()
        left, top, right, bottom = chosen[0].box if canvas else (0, 0, *stage.canvas)
        save_picture(graphics.picture(led.canvas)[top:bottom, left:right], out)
    finally:
        graphics.close()
    return tuple(chosen)
