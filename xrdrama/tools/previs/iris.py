"""The aperture and the focus of a camera in a previsualisation, and where these values are from."""

from __future__ import annotations

from math import inf
from typing import Literal

import msgspec

from xrdrama.show.filming import Filming
from xrdrama.spatial import Pose
from xrdrama.stage import Camera, Stage
from xrdrama.stage.advice.shot import ASSUMED_APERTURE
from xrdrama.stage.effects import Effects
from xrdrama.tools.previs.opening import Wanted
from xrdrama.wire.frame import ViewLens

Tracked = tuple[float | None, float | None]
"""The f-number and the focus distance (metres) that a tracker sent; None for what it did not."""
_FAR_M = 5.0
"""The focus of a camera that sees neither a wall nor a stand-in, metres."""


class IrisValues(msgspec.Struct, frozen=True):
    """The f-number and the distance in focus (metres, may be infinite), and their sources."""

    aperture: float
    focus_m: float
    aperture_from: Literal["option", "tracker", "stage file", "assumed"]
    focus_from: Literal["option", "lens", "tracker", "stage file", "stand-in", "wall"]
    """`stand-in` and `wall`: assumed, because the focus is not known."""


def iris_values(
    wanted: Wanted,
    camera: Camera,
    stage: Stage,
    pose: Pose,
    lens: ViewLens | None,
    tracked: Tracked,
    wall_m: float | None,
) -> IrisValues:
    """The iris of a camera at a pose, by the rule of `Filming.iris`; what that rule lacks is
    assumed: f/2.8, and the focus on the stand-in or on the wall ahead, `wall_m` metres away."""
    aperture_from: Literal["option", "tracker", "stage file", "assumed"] = "assumed"
    given_aperture = wanted.aperture
    if given_aperture is not None:
        aperture_from = "option"
    elif tracked[0] is not None:
        aperture_from = "tracker"
    elif camera.aperture is not None:
        aperture_from = "stage file"
    else:
        given_aperture = ASSUMED_APERTURE
    given_focus = wanted.focus
    focus_from = _focus_from(wanted, camera, stage, lens, tracked)
    if focus_from == "wall":
        given_focus = wall_m or _FAR_M
    iris = Filming(Effects(depth_of_field=True), None, given_aperture, given_focus).iris(
        camera, stage, pose, lens, tracked
    )
    assert iris is not None
    return IrisValues(iris.aperture, iris.focus, aperture_from, focus_from)


def _focus_from(
    wanted: Wanted, camera: Camera, stage: Stage, lens: ViewLens | None, tracked: Tracked
) -> Literal["option", "lens", "tracker", "stage file", "stand-in", "wall"]:
    if wanted.focus is not None:
        return "option"
    if lens is not None:
        return "lens"
    if tracked[1] is not None:
        return "tracker"
    if camera.focus is not None:
        return "stage file"
    return "stand-in" if stage.stand_in is not None else "wall"


def in_words(values: IrisValues) -> tuple[str, str]:
    """The aperture and the focus for a person, with what is assumed."""
    assumed = ", assumed" if values.aperture_from == "assumed" else ""
    focus = "infinity" if values.focus_m == inf else f"{values.focus_m:.2f} m"
    on = f", {values.focus_from}" if values.focus_from in ("stand-in", "wall") else ""
    return f"f/{values.aperture:g}{assumed}", f"{focus}{on}"
