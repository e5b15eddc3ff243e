"""All sets of a show: views show the set that a frame names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext

import msgspec
from panda3d.core import Texture

from xrdrama.adapters.panda.graphics import Graphics, Target
from xrdrama.adapters.panda.set.cross_fade import LeavingPicture, Mix
from xrdrama.adapters.panda.set.developing import Developed, follow, neutral_tone
from xrdrama.adapters.panda.set.laid import Laid
from xrdrama.adapters.panda.set.materials import Quality
from xrdrama.adapters.panda.set.residency import Ahead, Residency
from xrdrama.adapters.panda.set.view import SetView
from xrdrama.adapters.panda.set.virtual_set import VirtualSet
from xrdrama.adapters.panda.set.visitors import Appearance, Visiting
from xrdrama.errors import LocalProtocolError
from xrdrama.performer import Performing
from xrdrama.scene.compiled import CompiledScene
from xrdrama.scene.plates import PlateSource
from xrdrama.spatial import Pose
from xrdrama.timing import NS
from xrdrama.wire.frame import Fade, Frame, Projection, View

Plates = Mapping[str, Mapping[str, PlateSource]]


class Sets:
    """All sets of a show: views show the set that the frame names.

    With `fades` they also show the set that fades out, mixed in; without, every change is a cut.
    """

    def __init__(
        self,
        graphics: Graphics,
        compiled: Mapping[str, CompiledScene],
        quality: Quality,
        plates: Plates | None = None,
        *,
        fades: bool = False,
        visiting: Visiting | None = None,
    ) -> None:
        """`plates` has the sources of the plates of each set, by set and plate; `visiting` draws
        the performers of frames."""
        given = plates or {}
        self._graphics, self._mix = graphics, Mix() if fades else None
        self._sets = {
            name: VirtualSet(graphics, scene, quality, given.get(name), visiting)
            for name, scene in compiled.items()
        }
        self._visiting = visiting
        self._views: list[_AnyView] = []
        self._current = next(iter(self._sets))
        self._drawn: set[str] = set()
        self._levels: object = None
        self._residency: Residency | None = None
        self._is_warming = False
        self.tone = neutral_tone()
        """The uniforms of the display transform of the current set."""

    def add_view(self, target: Target, *, depth: bool = False) -> _AnyView:
        """A view of the current set: developed into an `srgb8` target, else scene-linear. `depth`
        keeps the depth of a developed one."""
        developed = None
        if target.kind == "srgb8":
            developed = Developed(self._graphics, target, self.tone, depth=depth)
        into = developed.linear if developed else target
        leaving = LeavingPicture(self._graphics, into, self._sets, self._mix) if self._mix else None
        views = {name: s.add_view(into) for name, s in self._sets.items()}
        view = _AnyView(views, developed, leaving)
        view.turn_to(self._current)
        self._views.append(view)
        return view

    def keep(self, ahead: Ahead, budget: int) -> Residency:
        """Keep the sets that the next beats need on the graphics card, and others within `budget`
        bytes of textures; without this call all of them stay."""
        self._residency = Residency(self._graphics, self._sets, ahead, budget)
        return self._residency

    def update(self, frame: Frame, seconds: float | None = None) -> None:
        """Bring the frame's set into the frame's state, and the one that fades out, if any.

        LocalProtocolError for a set that is not loaded. `seconds` is the time of what moves by
        itself, the frame's own unless given.
        """
        old = frame.fade if self._mix else None
        for name in (frame.scene, *((old.scene,) if old else ())):
            if name not in self._sets:
                raise LocalProtocolError(
                    f"the set {name!r} was not loaded: add it to the sets to load"
                )
        if frame.scene != self._current:
            self._current = frame.scene
            for view in self._views:
                view.turn_to(frame.scene)
        now = frame.time.shows_at / NS if seconds is None else seconds
        shown = self._sets[frame.scene]
        shown.update(frame.params, frame.lights, now, self._appearances(frame, frame.performers))
        if old and self._mix:
            leaving = self._sets[old.scene]
            leaving.update(old.params, old.lights, now, self._appearances(frame, old.performers))
            self._mix.set(old.share, leaving.tone, shown.tone, self.tone)
            self._levels = None
        elif shown.levels is not self._levels:
            self._levels = shown.levels
            follow(self.tone, shown.tone)
        for view in self._views:
            view.leave(old.scene if old else "")
        drawn = {frame.scene, *((old.scene,) if old else ())}
        if self._residency and not self._is_warming:
            self._residency.follow(frame.beat, drawn)
        for name in self._drawn - drawn:
            self._sets[name].plates.rest()
        self._drawn = drawn

    def _appearances(
        self, frame: Frame, performers: tuple[Performing, ...]
    ) -> tuple[Appearance, ...]:
        """Performers of a frame in their poses; nobody is seen in a panic."""
        visiting = self._visiting
        if visiting is None or frame.panic:
            return ()
        return visiting.appearances(performers, frame.time.shows_at)

    @property
    def state(self) -> tuple[object, ...]:
        """What pictures of the current set depend on, beside their views: while it is equal, they
        are. During a cross-fade it is always another one."""
        fades = any(name != self._current for name in self._drawn)
        return self._current, object() if fades else None, *self._sets[self._current].state

    def seen_by(self, view: View) -> tuple[Appearance, ...]:
        """The performers whose box, or shadow of the key light, is within a view."""
        return self._sets[self._current].seen_by(view.pose, view.projection)

    @property
    def floors(self) -> dict[str, Laid]:
        """The floor of the stage in each set."""
        return {name: one.floor for name, one in self._sets.items()}

    def plates_late(self) -> dict[str, int]:
        """Frames for which a plate showed an earlier picture, by set and plate (`set/plate`)."""
        return {
            f"{name}/{plate}": late
            for name, one in self._sets.items()
            for plate, late in one.plates.late.items()
        }

    def close(self) -> None:
        """Close the sources of plates."""
        for one in self._sets.values():
            one.plates.close()

    def whole(self) -> AbstractContextManager[None]:
        """Within it every piece of the current set is drawn, even if no view sees it."""
        return self._sets[self._current].whole()

    def warm_up(
        self,
        states: Sequence[tuple[str, tuple[Frame, ...]]],
        scope: Callable[[bool], AbstractContextManager[object]],
    ) -> Iterator[str]:
        """Draw every set whole, then in each of its states, all into the corner of its views,
        which must be placed. `scope(first)` limits what is drawn. Yields what comes next."""
        self._is_warming = True
        try:
            for name, frames in states:
                yield f"set {name}"
                for number, frame in enumerate(frames):
                    self._warm_up_state(frame, scope, is_first=number == 0)
                self._warmed(name, frames)
            yield from self._warm_up_fade([frames[0] for _, frames in states if frames], scope)
            for name, frames in states:
                self._warmed(name, frames)
        finally:
            self._is_warming = False

    def _warm_up_state(
        self,
        frame: Frame,
        scope: Callable[[bool], AbstractContextManager[object]],
        *,
        is_first: bool,
    ) -> None:
        with scope(is_first):
            # Within the scope: a set switches the map of its shadow on.
            self.update(frame)
            for view in self._views:
                view.shrink(True)
            with self.whole() if is_first else nullcontext():
                self._graphics.render()
            for view in self._views:
                view.shrink(False)

    def _warmed(self, name: str, frames: tuple[Frame, ...]) -> None:
        """A set was drawn: it is ready, and others may have to be released for it."""
        if self._residency and frames:
            self._residency.warmed(name)
            self._residency.trim(frames[0].beat)

    def _warm_up_fade(
        self,
        rest: list[Frame],
        scope: Callable[[bool], AbstractContextManager[object]],
    ) -> Iterator[str]:
        """Draw every set as the one that fades out; `rest` is a frame of each set."""
        if self._mix is None or len(rest) < 2:
            return
        yield "cross-fades"
        for old, new in zip(rest, (*rest[1:], rest[0]), strict=True):
            fade = Fade(old.scene, old.params, old.lights, 0.5)
            self.update(msgspec.structs.replace(new, fade=fade))
            with scope(True):
                self._graphics.render()
        self.update(rest[0])


class _AnyView:
    """One view into each set; only that of the current set is drawn, and that of the set that
    fades out."""

    def __init__(
        self,
        views: Mapping[str, SetView],
        developed: Developed | None,
        leaving: LeavingPicture | None,
    ) -> None:
        self._views, self._developed, self._leaving = views, developed, leaving
        self._current = ""
        self._seen: tuple[Pose, Projection] | None = None
        self._placed: tuple[Pose, Projection] | None = None

    def place(self, pose: Pose, projection: Projection, *, leaving: Pose | None = None) -> None:
        """Look from `pose`, and into the set that fades out from the pose `leaving`, the same by
        default."""
        if self._developed:
            self._developed.fit()
        self._seen = pose, projection
        self._views[self._current].place(pose, projection)
        self._placed = leaving or pose, projection
        if self._leaving:
            self._leaving.fit()
            self._leaving.place(*self._placed)

    def leave(self, scene: str) -> None:
        """Mix in the set that fades out; "" for none."""
        if self._leaving:
            self._leaving.show(scene)
            if self._placed:
                self._leaving.place(*self._placed)

    def shrink(self, shrunk: bool) -> None:
        for view in self._views.values():
            view.shrink(shrunk)

    def use(self, across: float, up: float) -> None:
        """Draw into the lower left part of the target: shares of its width and height."""
        for view in self._views.values():
            view.use(across, up)
        if self._developed:
            self._developed.use(across, up)

    def open_sky(self, on: bool) -> None:
        """Leave out the sky of a view with depth, as `Developed` does."""
        if self._developed:
            self._developed.open_sky(on)

    @property
    def depth(self) -> Texture | None:
        """The depth of the picture, if it was asked for."""
        return self._developed.linear.depth if self._developed else None

    def turn_to(self, scene: str) -> None:
        self._current = scene
        for name, view in self._views.items():
            view.set_active(name == scene)
        if self._seen:
            self._views[scene].place(*self._seen)
