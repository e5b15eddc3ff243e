"""The aperture and the focus of a camera in a previsualisation, and where these values are from."""

from __future__ import annotations

from math import inf
from typing import Literal

import msgspec

from xrdrama.show.iris import Source, Tracked, aperture_of, focus_of
from xrdrama.spatial import Pose
from xrdrama.stage import Camera, Stage
from xrdrama.stage.advice.shot import ASSUMED_APERTURE
from xrdrama.tools.previs.opening import Wanted
from xrdrama.wire.frame import ViewLens

_FAR_M = 5.0
"""The focus of a camera that sees neither a wall nor a stand-in, metres."""


class IrisValues(msgspec.Struct, frozen=True):
    """The f-number and the distance in focus (metres, may be infinite), and their sources."""

    aperture: float
    focus_m: float
    aperture_from: Source | Literal["assumed"]
    focus_from: Source | Literal["wall", "assumed"]
    """`stand-in` and `wall` are assumed, because the focus is not known; `assumed`: 5 m."""


def iris_values(
    wanted: Wanted,
    camera: Camera,
    stage: Stage,
    pose: Pose,
    lens: ViewLens | None,
    tracked: Tracked,
    wall_m: float | None,
) -> IrisValues:
    """The iris of a camera at a pose, by the rules of `show.iris`; what they lack is assumed:
    f/2.8, and the focus on the wall ahead, `wall_m` metres away, or at 5 m without one."""
    aperture = aperture_of(wanted.aperture, camera, tracked)
    focus = focus_of(wanted.focus, camera, stage, pose, lens, tracked)
    distance, source = (focus.value, focus.source) if focus else _without(wall_m)
    return IrisValues(
        aperture.value if aperture else ASSUMED_APERTURE,
        distance,
        aperture.source if aperture else "assumed",
        source,
    )


def _without(wall_m: float | None) -> tuple[float, Literal["wall", "assumed"]]:
    return (_FAR_M, "assumed") if wall_m is None else (wall_m, "wall")


def in_words(values: IrisValues) -> tuple[str, str]:
    """The aperture and the focus for a person, with what is assumed."""
    assumed = ", assumed" if values.aperture_from == "assumed" else ""
    focus = "infinity" if values.focus_m == inf else f"{values.focus_m:.2f} m"
    on = f", {values.focus_from}" if values.focus_from in ("stand-in", "wall", "assumed") else ""
    return f"f/{values.aperture:g}{assumed}", f"{focus}{on}"
