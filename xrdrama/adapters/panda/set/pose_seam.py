"""What is drawn of a performer in one frame."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from xrdrama.spatial import Quat, Vec3


class Root(msgspec.Struct, frozen=True):
    """Where."""

    at: Vec3 = Vec3()
    pan: float = 0.0


class Pose(msgspec.Struct, frozen=True):
    """A pose."""

    root: Root = Root()
    lift: Vec3 = Vec3()
    turns: Mapping[str, Quat] = {}
    shapes: Mapping[str, float] = {}
