"""The pictures of a render node: some walls of a stage, drawn first and shown when all nodes do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from xrdrama.adapters.panda.graphics import Graphics
from xrdrama.adapters.panda.set.materials import Quality
from xrdrama.adapters.panda.set.sets import Plates, Sets
from xrdrama.adapters.panda.set.visitors import Visiting
from xrdrama.adapters.panda.wall.display import DISPLAY_SORT, CanvasDisplay, Position, show_canvases
from xrdrama.adapters.panda.wall.led_wall import LedWall
from xrdrama.adapters.panda.wall.marks import FrameMarks
from xrdrama.adapters.panda.wall.safe_plates import Plate
from xrdrama.adapters.panda.wall.turns import Turns
from xrdrama.errors import LocalProtocolError
from xrdrama.scene.compiled import CompiledScene
from xrdrama.show.rehearsal import Rehearsal
from xrdrama.stage import Stage
from xrdrama.stage.canvases import Canvas
from xrdrama.wire.frame import Frame

Picture = NDArray[np.uint8]


class NodePictures:
    """The walls `walls` of a stage, on the canvases that they are on. Other walls stay black there.

    `displays` has the places of canvases on the desktop; `graphics` were opened with a window for
    the first one. With `marks`, the frame's number is drawn into a corner of each canvas.
    """

    def __init__(
        self,
        graphics: Graphics,
        stage: Stage,
        walls: Collection[str],
        compiled: Mapping[str, CompiledScene],
        *,
        quality: Quality = "full",
        plates: Plates | None = None,
        displays: Mapping[str, Position] | None = None,
        fades: bool = False,
        safe_plates: Mapping[str, Plate] | None = None,
        visiting: Visiting | None = None,
        marks: bool = False,
    ) -> None:
        self._graphics, self._walls = graphics, frozenset(walls)
        self._sets = Sets(graphics, compiled, quality, plates, fades=fades, visiting=visiting)
        self.wall = LedWall(graphics, stage, self._sets, plates=safe_plates, only=self._walls)
        self.canvases = canvases_of(stage, walls)
        self._end = graphics.target("end", 1, 1, sort=DISPLAY_SORT - 1)
        self._displays: tuple[CanvasDisplay, ...] = ()
        if displays:
            self._displays = show_canvases(graphics, stage, self.wall.canvas, displays)
        self._turns = Turns(self.wall.pictures, stage.outer.every)
        self._marks = FrameMarks(self.wall.root, stage.canvas, self.canvases) if marks else None

    def draw(self, frame: Frame) -> None:
        """Draw a frame; the displays show the one before until `show`."""
        if frame.tracked is None:
            raise LocalProtocolError("a frame without a stage cannot be drawn on walls")
        frame = self._own(frame)
        self._sets.update(frame)
        due = self._turns.due(frame)
        due = self._turns.changed(due, frame.views, self._sets.state, self._sets.seen_by)
        self.wall.place(frame.views, due=due)
        self.wall.show(inner=not frame.panic, outer=True, safe=frame.panic, scene=frame.scene)
        self.wall.patterns.show({} if frame.panic else frame.patterns, frame.number)
        self.wall.show_join(frame.join)
        if self._marks is not None:
            self._marks.show(frame.number)
        with self._without_displays():
            self._graphics.render()
        self._graphics.picture(self._end)  # waits until the driver has drawn everything before it

    def show(self) -> None:
        """Show the picture that was drawn last on the displays."""
        if self._displays:
            with self._graphics.only(*(one.target for one in self._displays)):
                self._graphics.render()

    def picture(self, canvas: Canvas) -> Picture:
        """The drawn picture of a canvas, rows from the top."""
        left, top, right, bottom = canvas.box
        whole = self._graphics.picture(self.wall.canvas)
        return np.ascontiguousarray(whole[top:bottom, left:right])

    def _own(self, frame: Frame) -> Frame:
        """The frame with only the views of these walls."""
        views = tuple(
            view for view in frame.views if view.target == "inner" or view.target in self._walls
        )
        return replace(frame, views=views)

    @contextmanager
    def _without_displays(self) -> Iterator[None]:
        for one in self._displays:
            one.target.set_active(False)
        try:
            yield
        finally:
            for one in self._displays:
                one.target.set_active(True)

    def warm_up(self, rehearsal: Rehearsal) -> Iterator[str]:
        """Draw everything that frames of the show can contain, off screen; later pictures do not
        change. Yields the name of the next step."""
        graphics, wall = self._graphics, self.wall
        inners = tuple(wall.inners.values())
        views = (*inners, *wall.outers.values())
        first = self._own(rehearsal.opening)

        @contextmanager
        def scope(whole: bool) -> Iterator[None]:
            with graphics.only(*((*views, wall.canvas) if whole else inners)):
                yield

        wall.place(first.views)
        yield from self._sets.warm_up(rehearsal.sets, scope)
        yield "first picture"
        with wall.patterns.all_shown(), graphics.only(wall.canvas):
            graphics.render()
        for scene in ("", *wall.plates):
            wall.show(inner=True, outer=True, safe=True, scene=scene)
            with graphics.only(wall.canvas):
                graphics.render()
        wall.show(inner=True, outer=True)
        with graphics.only(*views, wall.canvas, self._end):
            self._sets.update(first)
            graphics.render()
        if self._displays:
            wall.show(inner=False, outer=False)  # black
            with graphics.only(wall.canvas, *(one.target for one in self._displays)):
                graphics.render()

    def close(self) -> None:
        """Release the graphics, and close the plates."""
        self._sets.close()
        self._graphics.close()


def canvases_of(stage: Stage, walls: Collection[str]) -> tuple[Canvas, ...]:
    """The canvases that these walls are on."""
    used = {wall.canvas for wall in stage.walls if wall.id in walls}
    return tuple(one for one in stage.outputs if not one.id or one.id in used)
