"""Which outer pictures are redrawn in a frame: in turns, if what they show has changed, and not at
all while they are frozen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from xrdrama.wire.frame import Frame, View


class Turns:
    """The turns of some outer pictures, each of which is redrawn every `every` frames."""

    def __init__(self, outers: Iterable[str], every: int) -> None:
        self._outers, self._every = tuple(outers), every
        self._drawn: dict[str, int] = {}
        self._frozen_at: int | None = None
        self._shown: tuple[str, bool, bool] | None = None
        self._contents: dict[str, tuple[object, ...]] = {}
        self.last: set[str] = set()
        """Those that were redrawn last."""

    def due(self, frame: Frame) -> set[str]:
        """The outer pictures to redraw in this frame: the redraws are spread over the frames.

        All are redrawn in the first frame of another set or of a panic, in every frame of a
        cross-fade and in the first one after it, so that a cut is seen in one frame everywhere.
        Frozen ones are redrawn once, all in the first frame that is frozen.
        """
        shown = frame.scene, frame.panic, frame.fade is not None
        if shown != self._shown or frame.fade is not None:
            self._drawn.clear()
        self._shown = shown
        if frame.frozen_at is not None:
            is_new = frame.frozen_at != self._frozen_at
            due = set(self._outers) if is_new else set()
            self._drawn.clear()  # so that all are redrawn when the freeze ends
        else:
            turns = {
                name: (frame.number + index) // self._every
                for index, name in enumerate(self._outers)
            }
            due = {name for name, turn in turns.items() if self._drawn.get(name) != turn}
            self._drawn = turns
        self._frozen_at = frame.frozen_at
        return due

    def changed(
        self,
        due: Collection[str],
        views: Iterable[View],
        state: tuple[object, ...],
        seen_by: Callable[[View], tuple[object, ...]] = lambda view: (),
    ) -> set[str]:
        """Those of `due` that would be another picture than they are: their view, the `state` of
        the set, or what is `seen_by` them differs from when they were drawn last. They must be
        drawn now."""
        self.last = set()
        for view in views:
            if view.id not in due:
                continue
            content = view.pose, view.projection, *state, seen_by(view)
            if self._contents.get(view.id) != content:
                self._contents[view.id] = content
                self.last.add(view.id)
        return self.last
