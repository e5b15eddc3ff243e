"""The layers of a previsualisation: their names, keys, and which are on."""

from __future__ import annotations

from typing import Final

import msgspec

from xrdrama.document import suggestion
from xrdrama.errors import UsageError
from xrdrama.stage.effects import EFFECTS, MODELS, Effects, effects_named


class Layer(msgspec.Struct, frozen=True):
    """A layer: the key that switches it, what it shows, and whether it is on at first."""

    key: str
    shows: str
    is_on: bool


LAYERS: Final[dict[str, Layer]] = {
    "slip": Layer("s", MODELS["slip"], True),
    "overscan_edge": Layer("o", "where the inner frustum ends on the walls", True),
    "moire": Layer("m", "the risk of moire, as colours over the walls", False),
    "captions": Layer("t", "captions and choices of the story", True),
    "shadow": Layer("w", MODELS["shadow"], True),
    "off_angle": Layer("a", MODELS["off_angle"], False),
    "motion_blur": Layer("b", MODELS["motion_blur"], False),
    "depth_of_field": Layer("d", MODELS["depth_of_field"], False),
}
"""By name, in the order of the help. Those that cost many pictures per frame are off at first."""


def parse_layers(layers: str, without: str = "") -> frozenset[str]:
    """The layers that are on: those of a text such as `slip,moire` ("" for those that are on at
    first; all; none), less those of `without`. UsageError for an unknown name."""
    named = _names("--layers", layers)
    if "all" in named:
        chosen = set(LAYERS)
    elif named:
        chosen = {name for name in named if name != "none"}
    else:
        chosen = {name for name, layer in LAYERS.items() if layer.is_on}
    return frozenset(chosen - set(_names("--without", without)))


def _names(option: str, text: str) -> list[str]:
    names = [word.strip() for word in text.split(",") if word.strip()]
    known = [*LAYERS, "all", "none"] if option == "--layers" else [*LAYERS]
    for name in names:
        if name not in known:
            raise UsageError(
                f"{option} {text}: there is no layer {name!r}", suggestion(name, known)
            )
    return names


def effects_of(layers: frozenset[str]) -> Effects:
    """The effects among the layers that are on."""
    return effects_named(name for name in EFFECTS if name in layers)
