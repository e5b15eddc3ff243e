"""Who appears in a set: performers, as a set sees them. `adapters/panda/figure` draws them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

import msgspec
from panda3d.core import NodePath

from xrdrama.adapters.panda.set.lighting import Lighting
from xrdrama.adapters.panda.set.materials import Materials
from xrdrama.gltf.meshes import Model
from xrdrama.performer import Performing, Pose
from xrdrama.scene.compiled import SceneSheet

Corner = tuple[float, float, float]


class Box(NamedTuple):
    """The lowest and the highest corner of what somebody takes up, in the set's frame."""

    low: Corner
    high: Corner


class Appearance(msgspec.Struct, frozen=True):
    """A performer with its pose; `presence` is 0 for one that is not there, to 1."""

    id: str
    pose: Pose
    presence: float = 1.0


class Visitors(Protocol):
    """Those that may appear in one set."""

    @property
    def state(self) -> tuple[Appearance, ...]:
        """Those that are shown: pictures that see them are equal while it is."""

    @property
    def casters(self) -> Sequence[NodePath]:
        """Their pieces that cast shadows."""

    @property
    def boxes(self) -> Sequence[Box]:
        """Where those that are shown are, in the order of `state`."""

    def update(self, appearances: Iterable[Appearance], lighting: Lighting) -> None:
        """Show the performers of one frame, whatever was shown before."""

    def all_shown(self) -> AbstractContextManager[None]:
        """Within it every one of them is drawn."""


class Visiting(Protocol):
    """Those that may appear in the sets of a show."""

    def enter(
        self, root: NodePath, materials: Materials, model: Model, sheet: SceneSheet
    ) -> Visitors:
        """Let them appear in a set, below its root."""

    def appearances(self, performers: Iterable[Performing], at: int) -> tuple[Appearance, ...]:
        """Those of the performers that are present in a set, in their poses at nanosecond `at`."""
