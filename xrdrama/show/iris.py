"""The aperture and the focus of a film camera: which of several sources counts."""

from __future__ import annotations

from math import inf
from typing import Literal

import msgspec

from xrdrama.spatial import Pose, Vec3
from xrdrama.stage import Camera, Stage
from xrdrama.wire.frame import ViewLens

Tracked = tuple[float | None, float | None]
"""The f-number and the focus distance (metres) that a tracker sent; None for what it did not."""
Source = Literal["option", "lens", "tracker", "stage file", "stand-in"]


class Iris(msgspec.Struct, frozen=True):
    """The f-number and the distance in focus (metres, from the entrance pupil; may be infinite)."""

    aperture: float
    focus: float


class Sourced(msgspec.Struct, frozen=True):
    """A value, and where it is from."""

    value: float
    source: Source


def aperture_of(given: float | None, camera: Camera, tracked: Tracked) -> Sourced | None:
    """The f-number: the option `given`, else the tracker's, else the stage file's; None if it is
    unknown."""
    return _first(("option", given), ("tracker", tracked[0]), ("stage file", camera.aperture))


def focus_of(
    given: float | None,
    camera: Camera,
    stage: Stage,
    pose: Pose,
    lens: ViewLens | None,
    tracked: Tracked,
) -> Sourced | None:
    """The distance in focus, metres from a pose of the entrance pupil: the option `given`, else the
    lens file's, else the tracker's, else the stage file's, else that of the stand-in's face; None
    if it is unknown."""
    of_lens = None if lens is None else (inf if lens.focus_m is None else lens.focus_m)
    actor = stage.stand_in
    face = None
    if actor is not None:
        towards = actor.at + Vec3(0.0, 0.0, 1.5) - pose.position
        face = max(0.1, pose.rotation.rotate(Vec3(0.0, 1.0, 0.0)).dot(towards))
    return _first(
        ("option", given),
        ("lens", of_lens),
        ("tracker", tracked[1]),
        ("stage file", camera.focus),
        ("stand-in", face),
    )


def _first(*values: tuple[Source, float | None]) -> Sourced | None:
    return next((Sourced(value, source) for source, value in values if value is not None), None)
