"""The keys of the previsualisation's window, and what they do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from xrdrama.stage import Camera
from xrdrama.tools.previs.layers import LAYERS
from xrdrama.tools.stages.advice import LENSES

Keys = tuple[tuple[str, ...], ...]
Action = Literal[
    "", "pause", "restart", "back", "forward", "camera", "longer", "wider", "own_lens", "help",
    "fullscreen", "window",
]  # fmt: skip
STEP_S: Final = 1.0
"""Seconds that the arrow keys go back and forward."""
_ACTIONS: Final[dict[str, Action]] = {
    "space": "pause",
    "r": "restart",
    "arrow_left": "back",
    "arrow_right": "forward",
    "c": "camera",
    "arrow_up": "longer",
    "arrow_down": "wider",
    "home": "own_lens",
    "h": "help",
    "?": "help",
    "shift-/": "help",
    "f11": "fullscreen",
    "escape": "window",
}
_NAMES: Final = {
    "slip": "slip", "overscan_edge": "overscan edge", "moire": "moire", "captions": "captions",
    "shadow": "shadow", "off_angle": "off-angle colour", "motion_blur": "motion blur",
    "depth_of_field": "depth of field",
}  # fmt: skip


class Pressed(msgspec.Struct, frozen=True):
    """What a key does: an action, a layer to switch, or the number of an option to pick."""

    action: Action = ""
    layer: str = ""
    number: int = 0


def pressed(key: str) -> Pressed:
    """What a key does; an empty value for a key without effect."""
    if key in _ACTIONS:
        return Pressed(action=_ACTIONS[key])
    if len(key) == 1 and key in "123456789":
        return Pressed(number=int(key))
    layer = next((name for name, layer in LAYERS.items() if layer.key == key), "")
    return Pressed(layer=layer)


def keys_of(cameras: int) -> Keys:
    """The keys with what they do, for the list in the window."""
    layers = tuple((one.key.upper(), _NAMES[name]) for name, one in LAYERS.items())
    more = (("C", "next camera"),) if cameras > 1 else ()
    return (
        *layers,
        ("up", "longer lens"),
        ("down", "wider lens"),
        ("Home", "lens of the stage"),
        *more,
        ("Space", "pause"),
        ("left", "1 s back"),
        ("right", "1 s on"),
        ("R", "restart"),
        ("1-9", "pick"),
        ("F11", "full screen"),
        ("H", "keys"),
    )


def keys_text(cameras: int) -> str:
    """The same as one line for the terminal."""
    shown = ", ".join(f"{key}: {what}" for key, what in keys_of(cameras))
    return f"keys in the window: {shown}, Esc: leave full screen"


def next_lens(camera: Camera, *, longer: bool, lenses: Sequence[float] = LENSES) -> float:
    """The focal length, mm, of the next longer or wider of some lenses; the last one if there is
    no other."""
    focal = camera.lens.focal * 1000
    if longer:
        return next((one for one in lenses if one > focal + 0.5), lenses[-1])
    return next((one for one in reversed(lenses) if one < focal - 0.5), lenses[0])
