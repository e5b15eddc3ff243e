"""The figures in one set: where they are seen, what light is around them, and their shadows."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from typing import Final

from panda3d.core import (
    BoundingBox,
    LODNode,
    LPoint3f,
    NodePath,
)

from xrdrama.adapters.panda.figure.body import Body
from xrdrama.adapters.panda.figure.dressing import Dressing
from xrdrama.adapters.panda.figure.grounding import Grounding
from xrdrama.adapters.panda.figure.lit import Lit
from xrdrama.adapters.panda.figure.surroundings import Surroundings
from xrdrama.adapters.panda.set.lighting import Lighting
from xrdrama.adapters.panda.set.materials import Materials, Quality
from xrdrama.adapters.panda.set.shadows import cast_with_joints
from xrdrama.adapters.panda.set.visitors import Appearance, Box

_log = logging.getLogger(__name__)
_SWITCHES: Final[dict[Quality, tuple[float, ...]]] = {
    "full": (9.0, 20.0, 40.0), "draft": (4.0, 9.0, 18.0),
}  # fmt: skip
"""Metres, for a view of 40 degrees and 720 lines, at which each coarser level begins."""
_FARTHEST: Final = 1e6


class Company:
    """All figures that a set may show; those that a frame does not have are not drawn."""

    def __init__(
        self,
        root: NodePath,
        materials: Materials,
        bodies: Mapping[str, Body],
        dressings: Mapping[str, Dressing],
        surroundings: Surroundings,
    ) -> None:
        """`bodies` are those that may appear, below `root` with the shaders of `materials`."""
        self._surroundings = surroundings
        self._members = {
            name: _Member(root, materials, body, dressings[name]) for name, body in bodies.items()
        }
        self._shown: tuple[Appearance, ...] = ()
        self._unknown: set[str] = set()

    @property
    def state(self) -> tuple[Appearance, ...]:
        """What is shown of them; pictures that see them are equal while it is."""
        return self._shown

    @property
    def casters(self) -> list[NodePath]:
        """The pieces that cast shadows."""
        return [path for member in self._members.values() for path in member.casters]

    @property
    def boxes(self) -> list[Box]:
        """Where those that are shown are."""
        return [self._members[one.id].body.box for one in self._shown]

    def update(self, appearances: Iterable[Appearance], lighting: Lighting) -> None:
        """Show the performers of one frame, whatever was shown before."""
        shown = []
        for one in appearances:
            if one.id not in self._members:
                self._report(one.id)
            elif one.presence > 0.0:
                shown.append(one)
        names = {one.id for one in shown}
        for name, member in self._members.items():
            member.show(name in names)
        for one in shown:
            member = self._members[one.id]
            member.body.pose(one)
            member.follow(one, lighting, self._surroundings)
        self._shown = tuple(shown)

    def _report(self, name: str) -> None:
        if name not in self._unknown:
            self._unknown.add(name)
            _log.warning("the performer %r is not drawn: it has no figure here", name)

    @contextmanager
    def all_shown(self) -> Iterator[None]:
        """Within it every figure is drawn, so that the driver has all of it."""
        for member in self._members.values():
            member.show(True, whole=True)
        try:
            yield
        finally:
            names = {one.id for one in self._shown}
            for name, member in self._members.items():
                member.show(name in names)


class _Member:
    """A body in one set."""

    def __init__(
        self, root: NodePath, materials: Materials, body: Body, dressing: Dressing
    ) -> None:
        self.body, self._quality = body, materials.quality
        self._top = root.attach_new_node("performer")
        self._lod = LODNode("levels")
        levels = self._top.attach_new_node(self._lod)
        self.casters: list[NodePath] = []
        limits = [0.0, *_SWITCHES[materials.quality][: len(body.levels) - 1], _FARTHEST]
        self._switches = list(pairwise(limits))
        for index, pieces in enumerate(body.levels):
            self._lod.add_switch(self._switches[index][1], self._switches[index][0])
            level = levels.attach_new_node(f"level {index}")
            for piece in pieces:  # one node for all sets, below one of this set
                path = level.attach_new_node("piece")
                dressing.dress(path, piece, materials)
                path.attach_new_node(piece.node)
                cast_with_joints(path, body.joints_of(piece))
                self.casters.append(path)
        self._lit = Lit(self._top)
        self._grounding = Grounding(root, materials)
        self._seen: Appearance | None = None
        self.show(False)

    def show(self, shown: bool, *, whole: bool = False) -> None:
        """Whether it is drawn; `whole` with all its levels of detail."""
        for index, (near, far) in enumerate(self._switches):
            self._lod.set_switch(index, *((_FARTHEST, 0.0) if whole else (far, near)))
        self._grounding.show(shown)
        (self._top.show if shown else self._top.hide)()

    def follow(self, one: Appearance, lighting: Lighting, surroundings: Surroundings) -> None:
        """Be lit and grounded where the body is now."""
        body = self.body
        if one != self._seen:
            self._seen = one
            low, high = (LPoint3f(*corner) for corner in body.box)
            node = self._top.node()
            node.set_bounds(BoundingBox(low, high))
            node.set_final(True)
            self._lod.set_center((low + high) * 0.5)
        self._lit.update(body, lighting, surroundings)
        self._grounding.update(body, lighting, self._lit, self._quality)
