"""The layers of a previsualisation: their names, keys, and which are on."""

from __future__ import annotations

from typing import Final

import msgspec

from xrdrama.document import suggestion
from xrdrama.errors import UsageError


class Layer(msgspec.Struct, frozen=True):
    """A layer: the key that switches it, what it shows, and whether it is on at first."""

    key: str
    shows: str
    is_on: bool


LAYERS: Final[dict[str, Layer]] = {
    "slip": Layer("s", "walls that are late by the stage's delay line", True),
    "overscan_edge": Layer("o", "where the inner frustum ends on the walls", True),
    "moire": Layer("m", "the risk of moire, as colours over the walls", False),
    "captions": Layer("t", "captions and choices of the story", True),
}
"""By name, in the order of the help."""


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
