"""Draw the pictures of a show on a stage: a frame to the canvas and the through-the-lens view."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from xrdrama.adapters.panda.driver_code import driver_code_kb
from xrdrama.adapters.panda.graphics import Graphics
from xrdrama.adapters.panda.lens.stage_view import ThroughTheLens
from xrdrama.adapters.panda.lettering.overlay import Overlay
from xrdrama.adapters.panda.set.materials import Quality
from xrdrama.adapters.panda.set.residency import Ahead, Residency
from xrdrama.adapters.panda.set.sets import Plates, Sets
from xrdrama.adapters.panda.set.visitors import Visiting
from xrdrama.adapters.panda.wall.display import CanvasDisplay, Position, show_canvases
from xrdrama.adapters.panda.wall.led_wall import LedWall
from xrdrama.adapters.panda.wall.safe_plates import Plate
from xrdrama.adapters.panda.wall.turns import Turns
from xrdrama.errors import LocalProtocolError
from xrdrama.gltf.meshes import Model
from xrdrama.scene.compiled import CompiledScene
from xrdrama.show.filming import SubFrame
from xrdrama.show.rehearsal import Rehearsal
from xrdrama.spatial import Pose
from xrdrama.stage import Stage
from xrdrama.stage.effects import Effects
from xrdrama.wire.frame import Frame, ViewLens

Picture = NDArray[np.uint8]
Sink = Callable[[Picture], None]
Names = Mapping[str, Mapping[str, str]]
WORDS_A_STEP = 24
"""Frames of text between two reports of a warm-up."""


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


def _seen_by(frame: Frame, camera: str) -> tuple[Pose, ViewLens | None]:
    """The predicted pose of a camera in a frame, and its lens if it has a lens file;
    LocalProtocolError for a camera that the frame does not have."""
    for view in frame.views:
        if view.camera == camera:
            return view.pose, view.lens
    raise LocalProtocolError(f"the frame has no camera {camera!r}: it is of another stage")


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
        plates: Plates | None = None,
        names: Mapping[str, Mapping[str, str]] | None = None,
        actor: Model | None = None,
        size: tuple[int, int] | None = None,
        camera: str = "",
        lens_sink: Sink | None = None,
        wall_sink: Sink | None = None,
        shows_canvas: bool = True,
        displays: Mapping[str, Position] | None = None,
        fades: bool = False,
        safe_plates: Mapping[str, Plate] | None = None,
        visiting: Visiting | None = None,
    ) -> None:
        """`graphics` shows the canvas in its window, if it has one and `shows_canvas` is set; of a
        stage with several, those in `displays`, which says where on the desktop, the first there.
        `camera` is the one whose picture is drawn in every frame, the stage's first by default;
        pictures of the others are drawn when they are read. `fades`: the story has
        cross-fades. `safe_plates` are what panic shows, by set. `visiting` draws performers."""
        self._graphics = graphics
        self._sets = Sets(graphics, compiled, quality, plates, fades=fades, visiting=visiting)
        self.wall = LedWall(
            graphics, stage, self._sets, read_back=wall_sink is not None, plates=safe_plates
        )
        self.camera = camera or stage.camera.id
        self.lenses: dict[str, ThroughTheLens] = {}
        for one in stage.cameras:
            is_main = one.id == self.camera
            lens = ThroughTheLens(
                graphics,
                stage,
                self.wall.canvas,
                camera=one,
                actor=actor,
                floors=self._sets.floors,
                size=size if is_main else None,
                read_back=is_main and lens_sink is not None,
            )
            self.lenses[one.id] = lens
            for target in () if is_main else lens.targets:
                target.set_active(False)
        self.lens = self.lenses[self.camera]
        self._displays: tuple[CanvasDisplay, ...] = ()
        if graphics.onscreen and shows_canvas:
            places = displays or {stage.outputs[0].id: (0, 0)}
            self._displays = show_canvases(graphics, stage, self.wall.canvas, places)
        self._names = names or {}
        self._lens_sink, self._wall_sink = lens_sink, wall_sink
        self._last: Frame | None = None
        self._residency: Residency | None = None
        self._turns = Turns(self.wall.outers, stage.outer.every)

    def present(
        self,
        frame: Frame,
        film: Pose | None = None,
        lens: ViewLens | None = None,
        *,
        walls: Frame | None = None,
        exposure: Sequence[SubFrame] = (),
    ) -> None:
        """Draw a frame. `film` is the measured pose of the camera whose picture is drawn in every
        frame and `lens` its lens, if they are known by now; otherwise the predicted ones are
        used. `walls` is an earlier frame that the walls still show, because they are late.
        `exposure` are the pictures that the film camera's is the mean of, instead of `film`."""
        if frame.tracked is None:
            raise LocalProtocolError("a frame without a stage cannot be drawn on walls")
        if len(exposure) == 1:
            film, lens = exposure[0].pose, exposure[0].lens
        lit = walls or frame
        self._sets.update(lit)
        due = self._changed(self._turns.due(lit), lit)
        self.wall.place(lit.views, due=due)
        self.wall.show(inner=not lit.panic, outer=True, safe=lit.panic, scene=lit.scene)
        self.wall.patterns.show({} if lit.panic else lit.patterns, lit.number)
        self.wall.show_join(lit.join)
        self._last = frame
        self.lens.act(frame)
        self.lens.overlay.show(frame, self._names)
        if len(exposure) > 1:
            self.lens.expose(exposure)
        else:
            self.lens.place(*((film, lens) if film else _seen_by(frame, self.camera)))
            self._graphics.render()
        if self._lens_sink:
            self._lens_sink(self._graphics.picture(self.lens.picture, packed=False))
        if self._wall_sink:
            self._wall_sink(self._graphics.picture(self.wall.canvas, packed=False))

    def turn_to(self, camera: str) -> None:
        """Draw the picture of this camera in every frame from now on; KeyError for an unknown one.
        Its picture can be read with `newest`."""
        chosen = self.lenses[camera]
        for target in self.lens.targets:
            target.set_active(False)
        for target in chosen.targets:
            target.set_active(True)
        self.camera, self.lens = camera, chosen

    def simulate(self, effects: Effects) -> None:
        """Switch the effects off_angle and shadow in what every camera sees. Motion blur and depth
        of field are in the `exposure` of `present`, slip is in its `walls`."""
        for lens in self.lenses.values():
            lens.simulate(effects)

    def draw_outer(self, frame: Frame) -> None:
        """Draw only those outer pictures of a frame that are due and have changed: later frames
        show them."""
        due = self._turns.due(frame)
        if not due:
            return
        with self._graphics.only(*(self.wall.outers[name] for name in due)):
            self._sets.update(frame)  # within it, so that shadows are drawn too
            changed = self._changed(due, frame)
            if changed:
                self.wall.place(frame.views, due=changed)
                self._graphics.render()

    def _changed(self, due: set[str], frame: Frame) -> set[str]:
        """Those of the outer pictures that are due and would change."""
        return self._turns.changed(due, frame.views, self._sets.state, self._sets.seen_by)

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
        lens.place(*_seen_by(first, self.camera))
        yield from self._sets.warm_up(rehearsal.sets, scope)
        yield from warm_up_words(lens.overlay, rehearsal.words, self._names, upload)
        if len({one.floor for one in self._sets.floors.values()}) > 1:
            yield "floors"
            self._warm_up_floors()
        yield "first picture"
        others = [target for one in self.lenses.values() for target in one.targets]
        for name, one in self.lenses.items():
            one.place(*_seen_by(first, name))
            one.act(first)
        with wall.patterns.all_shown(), graphics.only(wall.canvas, *others):
            graphics.render()
        for scene in ("", *wall.plates):  # each safe picture has its own shader
            wall.show(inner=True, outer=True, safe=True, scene=scene)
            with graphics.only(wall.canvas):
                graphics.render()
        wall.show(inner=True, outer=True)
        with graphics.only(*views, wall.canvas, *lens.targets):
            self._sets.update(first)
            lens.act(first)
            graphics.render()
        self.newest("lens")
        self.newest("wall")
        if self._displays:
            wall.show(inner=False, outer=False)  # black
            with graphics.only(wall.canvas, *(one.target for one in self._displays)):
                graphics.render()

    def _warm_up_floors(self) -> None:
        for one in self.lenses.values():
            for name in self._sets.floors:
                one.lay(name)
                with one.whole(), self._graphics.only(*one.targets):
                    self._graphics.render()

    def prepared(self) -> dict[str, int]:
        """Counts of work for the driver so far, by name."""
        return prepared(self._graphics)

    def keep(self, ahead: Ahead, budget: int) -> Residency:
        """Keep the sets that the next beats need on the graphics card, and others within `budget`
        bytes of textures; without this call all of them stay."""
        self._residency = self._sets.keep(ahead, budget)
        return self._residency

    def late_by_name(self) -> dict[str, int]:
        """How often a set was shown before its textures were on the graphics card."""
        missed = self._residency.missed if self._residency else {}
        return {f"set {name}": count for name, count in missed.items()}

    def draw_again(self, frame: Frame) -> None:
        """Draw the last presented frame again, only node updates and rendering, for benchmarks."""
        assert frame.tracked is not None
        self._sets.update(frame)
        self.wall.place(frame.views, due=self._turns.last)
        self.lens.place(*_seen_by(frame, self.camera))
        self.lens.act(frame)
        self._graphics.render()

    def newest(self, name: Literal["lens", "wall"]) -> Picture:
        """The last drawn picture, read back now: for occasional use."""
        return self._graphics.picture(self.lens.picture if name == "lens" else self.wall.canvas)

    def through(self, camera: str) -> Picture:
        """What a camera sees of the last drawn frame, read back now; KeyError for an unknown one.
        The picture of a camera that is not drawn in every frame is drawn now."""
        lens = self.lenses[camera]
        if camera != self.camera and self._last is not None:
            lens.place(*_seen_by(self._last, camera))
            lens.act(self._last)
            lens.overlay.show(self._last, self._names)
            with self._graphics.only(*lens.targets):
                self._graphics.render()
        return self._graphics.picture(lens.picture)

    def plates_late(self) -> dict[str, int]:
        """Frames for which a plate showed an earlier picture, by set and plate."""
        return self._sets.plates_late()

    def close(self) -> None:
        """Release the graphics, and close the plates."""
        self._sets.close()
        self._graphics.close()
