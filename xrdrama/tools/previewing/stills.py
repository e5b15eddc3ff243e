"""A renderer of stills that stays warm: sets that were drawn stay on the graphics card."""

from __future__ import annotations

from pathlib import Path

from xrdrama.adapters.panda.graphics import Target, open_graphics
from xrdrama.adapters.panda.set.virtual_set import VirtualSet
from xrdrama.adapters.video.stills import Picture
from xrdrama.processes.plates import open_plates
from xrdrama.processes.sets import compiled_scene
from xrdrama.scene.model import Scene
from xrdrama.show.lamps import lights_of
from xrdrama.stage import inner_frustum
from xrdrama.timing import NS
from xrdrama.tools.previewing.beats import Still
from xrdrama.tools.sets import LENS, STANDPOINT
from xrdrama.wire.frame import Projection

SIZE = (960, 540)


class WarmStills:
    """Draws stills of sets from where a film camera usually is; performers are not drawn.

    The quality is `draft`.
    """

    def __init__(self, size: tuple[int, int] = SIZE) -> None:
        self._graphics = open_graphics()
        self._size = size
        self._sets: dict[Path, tuple[str, VirtualSet, Target]] = {}

    def draw(self, scene: Scene, path: Path, still: Still) -> Picture:
        """A picture (height, width, 3) of the set in the file `path`; AuthoringError for a set that
        cannot be drawn."""
        virtual, target = self._opened(path)
        for _, _, other in self._sets.values():
            other.set_active(other is target)
        virtual.update(still.params, lights_of(scene, still.params), still.at / NS)
        self._graphics.render()
        return self._graphics.picture(target)

    def _opened(self, path: Path) -> tuple[VirtualSet, Target]:
        compiled = compiled_scene(str(path))
        known = self._sets.get(path)
        if known is not None and known[0] == compiled.hash:
            return known[1], known[2]
        target = known[2] if known else self._graphics.target(
            f"still {len(self._sets)}", *self._size, "srgb8", sort=10
        )  # fmt: skip
        virtual = VirtualSet(
            self._graphics,
            compiled,
            quality="draft",
            plates=open_plates(compiled, str(path), live=False),
        )
        f = inner_frustum(STANDPOINT, LENS, near=0.1, far=500.0)
        virtual.add_view(target).place(
            f.pose, Projection(f.left, f.right, f.bottom, f.top, f.near, f.far)
        )
        self._sets[path] = (compiled.hash, virtual, target)
        return virtual, target

    def close(self) -> None:
        """Release the graphics card."""
        self._graphics.close()
        for _, virtual, _ in self._sets.values():
            virtual.plates.close()
