"""Draw the pictures of a show on a stage: a frame to the canvas and the through-the-lens view."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from xrdrama.adapters.panda.driver_code import driver_code_kb
from xrdrama.adapters.panda.graphics import Graphics, Target
from xrdrama.adapters.panda.lens.stage_view import ThroughTheLens
from xrdrama.adapters.panda.lettering.overlay import Overlay
from xrdrama.adapters.panda.set.materials import Quality
from xrdrama.adapters.panda.set.virtual_set import SetView, VirtualSet
from xrdrama.adapters.panda.wall.display import CanvasDisplay
from xrdrama.adapters.panda.wall.led_wall import LedWall
from xrdrama.errors import LocalProtocolError
from xrdrama.gltf.meshes import Model
from xrdrama.scene.compiled import CompiledScene
from xrdrama.show.rehearsal import Rehearsal
from xrdrama.spatial import Pose
from xrdrama.stage import Stage
from xrdrama.timing import NS
from xrdrama.wire.frame import Frame, Projection, ViewLens

Picture = NDArray[np.uint8]
Sink = Callable[[Picture], None]
Names = Mapping[str, Mapping[str, str]]
WORDS_A_STEP = 24
"""Frames of text between two reports of a warm-up."""


class Sets:
    """All sets of a show: views show the set that the frame names."""

    def __init__(
        self, graphics: Graphics, compiled: Mapping[str, CompiledScene], quality: Quality
    ) -> None:
        self._graphics = graphics
        self._sets = {
            name: VirtualSet(graphics, scene, quality) for name, scene in compiled.items()
        }
        self._views: list[_AnyView] = []
        self._current = next(iter(self._sets))

    def add_view(self, target: Target) -> _AnyView:
        """A view of the current set."""
        view = _AnyView({name: s.add_view(target) for name, s in self._sets.items()})
        view.turn_to(self._current)
        self._views.append(view)
        return view

    def update(self, frame: Frame, seconds: float | None = None) -> None:
        """Bring the frame's set into the frame's state; LocalProtocolError for one not loaded.

        `seconds` is the time of what moves by itself, the frame's own unless given.
        """
        if frame.scene not in self._sets:
            raise LocalProtocolError(
                f"the set {frame.scene!r} was not loaded: add it to the sets to load"
            )
        if frame.scene != self._current:
            self._current = frame.scene
            for view in self._views:
                view.turn_to(frame.scene)
        now = frame.time.shows_at / NS if seconds is None else seconds
        self._sets[frame.scene].update(frame.params, frame.lights, now)

    def whole(self) -> AbstractContextManager[None]:
        """Within it every piece of the current set is drawn, even if no view sees it."""
        return self._sets[self._current].whole()

    def warm_up(
        self,
        states: Iterable[tuple[str, tuple[Frame, ...]]],
        scope: Callable[[bool], AbstractContextManager[object]],
    ) -> Iterator[str]:
        """Draw every set whole, then in each of its states, all into the corner of its views,
        which must be placed. `scope(first)` limits what is drawn. Yields what comes next."""
        for name, frames in states:
            yield f"set {name}"
            for number, frame in enumerate(frames):
                with scope(number == 0):
                    # Within the scope: a set switches the map of its shadow on.
                    self.update(frame)
                    for view in self._views:
                        view.shrink(True)
                    with self.whole() if number == 0 else nullcontext():
                        self._graphics.render()
                    for view in self._views:
                        view.shrink(False)


class _AnyView:
    """One view into each set; only that of the current set is drawn."""

    def __init__(self, views: Mapping[str, SetView]) -> None:
        self._views = views

    def place(self, pose: Pose, projection: Projection) -> None:
        for view in self._views.values():
            view.place(pose, projection)

    def shrink(self, shrunk: bool) -> None:
        for view in self._views.values():
            view.shrink(shrunk)

    def turn_to(self, scene: str) -> None:
        for name, view in self._views.items():
            view.set_active(name == scene)


def warm_up_words(
    overlay: Overlay, words: Iterable[Frame], names: Names, draw: Callable[[], None]
) -> Iterator[str]:
    """Make the pictures of a show's words, as many as are kept, and upload them by drawing each
    as a point. Yields what comes next."""
    for number, frame in enumerate(words):
        if overlay.is_full:
            break
        if number % WORDS_A_STEP == 0:
            yield "captions and cards"
        overlay.show(frame, names)
    overlay.clear()
    with overlay.all_shown():
        draw()


def prepared(graphics: Graphics) -> dict[str, int]:
    """Counts of work for the driver so far, by name, and the size of its code if known."""
    found = graphics.prepared._asdict()
    code = None if graphics.has_card else driver_code_kb()
    return found if code is None else {**found, "driver_code_kb": code}


def _lens_of(frame: Frame) -> ViewLens | None:
    """The lens of the first camera, whose picture is drawn."""
    return frame.views[0].lens if frame.views else None


class StagePictures:
    """An Output that draws. Sinks receive the pictures as RGB rows from the top."""

    DRAWS = True

    def __init__(
        self,
        graphics: Graphics,
        stage: Stage,
        compiled: Mapping[str, CompiledScene],
        *,
        quality: Quality = "full",
        names: Mapping[str, Mapping[str, str]] | None = None,
        actor: Model | None = None,
        size: tuple[int, int] | None = None,
        lens_sink: Sink | None = None,
        wall_sink: Sink | None = None,
    ) -> None:
        """`graphics` shows the canvas in its window, if it has one."""
        self._graphics = graphics
        self._sets = Sets(graphics, compiled, quality)
        self.wall = LedWall(graphics, stage, self._sets, read_back=wall_sink is not None)
        self.lens = ThroughTheLens(
            graphics,
            stage,
            self.wall.canvas,
            actor=actor,
            size=size,
            read_back=lens_sink is not None,
        )
        self._display = CanvasDisplay(graphics, self.wall.canvas) if graphics.onscreen else None
        self._names = names or {}
        self._lens_sink, self._wall_sink = lens_sink, wall_sink
        self._every = stage.outer.every
        self._drawn: dict[str, int] = {}
        self._due_last: set[str] = set()

    def present(self, frame: Frame, film: Pose | None = None, lens: ViewLens | None = None) -> None:
        """Draw a frame. `film` is the measured pose of the film camera and `lens` its lens, if they
        are known by now; otherwise the predicted ones are used."""
        if frame.tracked is None:
            raise LocalProtocolError("a frame without a stage cannot be drawn on walls")
        self._sets.update(frame)
        self.wall.place(frame.views, due=self._due(frame))
        self.wall.show(inner=not frame.panic, outer=True, safe=frame.panic)
        self.lens.place(film or frame.tracked.camera, lens if film else _lens_of(frame))
        self.lens.act(frame)
        self.lens.overlay.show(frame, self._names)
        self._graphics.render()
        if self._lens_sink:
            self._lens_sink(self._graphics.picture(self.lens.picture))
        if self._wall_sink:
            self._wall_sink(self._graphics.picture(self.wall.canvas))

    def warm_up(self, rehearsal: Rehearsal) -> Iterator[str]:
        """Draw everything that frames of the show can contain, off screen, as a warm-up: windows
        and
        sinks get nothing, and later frames do not change. Yields the name of the next step."""
        graphics, wall, lens = self._graphics, self.wall, self.lens
        inners = tuple(wall.inners.values())
        views = (*inners, *wall.outers.values())
        first = rehearsal.opening
        if first.tracked is None:
            raise LocalProtocolError("a frame without a stage cannot be drawn on walls")

        @contextmanager
        def scope(whole: bool) -> Iterator[None]:
            # All that differs between the states of a set is in its own views.
            targets = (*views, wall.canvas, *lens.targets) if whole else inners
            with graphics.only(*targets), lens.whole():
                yield

        def upload() -> None:
            with graphics.only(lens.picture):
                graphics.render()

        wall.place(first.views)
        lens.place(first.tracked.camera, _lens_of(first))
        yield from self._sets.warm_up(rehearsal.sets, scope)
        yield from warm_up_words(lens.overlay, rehearsal.words, self._names, upload)
        yield "first picture"
        with graphics.only(*views, wall.canvas, *lens.targets):
            self._sets.update(first)
            lens.act(first)
            graphics.render()
        self.newest("lens")
        self.newest("wall")
        if self._display:
            wall.show(inner=False, outer=False)  # black
            with graphics.only(wall.canvas, self._display.target):
                graphics.render()

    def prepared(self) -> dict[str, int]:
        """Counts of work for the driver so far, by name."""
        return prepared(self._graphics)

    def draw_again(self, frame: Frame) -> None:
        """Draw the last presented frame again, only node updates and rendering, for benchmarks."""
        assert frame.tracked is not None
        self._sets.update(frame)
        self.wall.place(frame.views, due=self._due_last)
        self.lens.place(frame.tracked.camera, _lens_of(frame))
        self.lens.act(frame)
        self._graphics.render()

    def newest(self, name: Literal["lens", "wall"]) -> Picture:
        """The last drawn picture, read back now: for occasional use."""
        return self._graphics.picture(self.lens.picture if name == "lens" else self.wall.canvas)

    def _due(self, frame: Frame) -> set[str]:
        """The outer frustums to redraw in this frame: the redraws are spread over the frames."""
        due = set()
        for index, name in enumerate(self.wall.outers):
            turn = (frame.number + index) // self._every
            if self._drawn.get(name) != turn:
                self._drawn[name] = turn
                due.add(name)
        self._due_last = due
        return due

    def close(self) -> None:
        """Release the graphics."""
        self._graphics.close()
