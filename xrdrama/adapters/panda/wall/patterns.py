"""Test patterns on walls: what a crew puts up to align, to measure and to find a wall.

They are drawn on the canvas after the inner and outer pictures were mixed, as code values, so that
nothing of the show changes them. A stage that shows none pays nothing for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from panda3d.core import GeomNode, LMatrix4f, LVecBase2f, LVecBase3f, LVecBase4f, NodePath

from xrdrama.adapters.panda.lettering.labels import label
from xrdrama.adapters.panda.wall.mixing import led_shader, set_inner
from xrdrama.errors import LocalProtocolError
from xrdrama.stage import Stage
from xrdrama.wire.commands import PATTERNS

_NUMBERS: Final[dict[str, float]] = {name: float(number) for number, name in enumerate(PATTERNS, 1)}
_TINTS: Final = ((0.95, 0.6, 0.2), (0.2, 0.75, 0.95), (0.85, 0.35, 0.9), (0.35, 0.9, 0.4))
"""Of the cameras, in the order of the stage."""


class Patterns:
    """The test patterns of a stage's walls, under `root`, which is drawn to the canvas.

    `layers` are the cameras by id, from the lowest priority (0) up.
    """

    def __init__(self, root: NodePath, stage: Stage, layers: Mapping[str, int]) -> None:
        self._stage, self._layers = stage, layers
        self._root = root.attach_new_node("patterns")
        self._root.set_bin("fixed", 10)  # after the mixed pictures
        self._walls: dict[str, NodePath] = {wall.id: NodePath(wall.id) for wall in stage.walls}
        self._clips: dict[str, LMatrix4f] = {}
        self._is_made = False
        self._shown: dict[str, str] = {}

    def add(self, wall: str, mesh: GeomNode, box: LVecBase4f) -> None:
        """Add a part of a wall: the mesh that its LEDs are drawn with, and the wall's place on the
        canvas in pixels (left, bottom, right, top)."""
        path = self._walls[wall].attach_new_node(mesh)
        path.set_shader_input("wall_box", box)

    def show(self, patterns: Mapping[str, str], number: int) -> None:
        """Show patterns by wall; walls that are not named show none. `number` is the frame's.

        LocalProtocolError for a pattern or wall that does not exist.
        """
        for wall, name in patterns.items():
            if wall not in self._walls or name not in _NUMBERS:
                raise LocalProtocolError(f"there is no pattern {name!r} for a wall {wall!r}")
        if patterns and not self._is_made:
            self._make()
        for wall, path in self._walls.items():
            name = patterns.get(wall, "")
            if name != self._shown.get(wall, ""):
                if name:
                    path.reparent_to(self._root)
                else:
                    path.detach_node()
            if name:
                rule = LVecBase4f(_NUMBERS[name], float(number), 0.0, 0.0)
                path.set_shader_input("pattern_rule", rule)
        self._shown = dict(patterns)

    def place(self, camera: str, clip: LMatrix4f) -> None:
        """Set where a camera's inner picture lies: the stage's coordinates to those of its view."""
        self._clips[camera] = clip
        if self._is_made:
            set_inner(self._root, self._layers[camera], clip)

    @contextmanager
    def all_shown(self) -> Iterator[None]:
        """Within it every wall has a pattern, for a warm-up."""
        before = self._shown
        self.show(dict.fromkeys(self._walls, PATTERNS[0]), 0)
        try:
            yield
        finally:
            self.show(before, 0)

    def _make(self) -> None:
        """Load what patterns need: the shader and the names of walls and cameras."""
        self._is_made = True
        self._root.set_shader(led_shader(len(self._layers), fragment="pattern.frag"))
        for wall, path in self._walls.items():
            path.set_shader_input("wall_name", label(wall))
        for index, camera in enumerate(self._stage.cameras):
            layer, (across, down) = self._layers[camera.id], camera.inner.grown
            self._root.set_shader_inputs(
                **{
                    f"inner_clip_{layer}": self._clips.get(camera.id, LMatrix4f()),
                    f"camera_frame_{layer}": LVecBase2f(1.0 / across, 1.0 / down),
                    f"camera_name_{layer}": label(camera.id),
                    f"camera_tint_{layer}": LVecBase3f(*_TINTS[index % len(_TINTS)]),
                }
            )


def every_wall(stage: Stage, pattern: str, walls: Iterable[str] = ()) -> dict[str, str]:
    """A pattern on some walls of a stage, or on all of them."""
    return dict.fromkeys(tuple(walls) or tuple(wall.id for wall in stage.walls), pattern)
