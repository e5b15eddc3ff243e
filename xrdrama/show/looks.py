"""Looks of a show: named values of parameters with a fade, of its file or saved by a director.

A look of the show fits a set when the set has all its parameters and can take their values. Only
looks that fit are offered there. Looks of a set belong to its scene file, and never change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from xrdrama.document.names import as_name
from xrdrama.scene.model import Param, ParamValue, Scene
from xrdrama.scene.values import accepts
from xrdrama.spatial import settle
from xrdrama.timing import NS
from xrdrama.wire.frame import OfferedLook

MOST_LOOKS = 64
"""Looks that a show may have."""
_MS = NS // 1000


class Look(msgspec.Struct, frozen=True):
    """Values of parameters, and the nanoseconds in which a console usually fades to them."""

    id: str
    params: Mapping[str, ParamValue]
    fade: int = 0
    title: str = ""


class Looks(msgspec.Struct, frozen=True):
    """The looks of a show by name, and what frames offer of them, by scene."""

    by_name: Mapping[str, Look] = {}
    offered: Mapping[str, tuple[OfferedLook, ...]] = {}


def looks_of(looks: Iterable[Look], scenes: Mapping[str, Scene]) -> Looks:
    """The looks, each offered in the scenes that it fits."""
    by_name = {look.id: look for look in looks}
    return Looks(
        by_name,
        {
            scene.id: tuple(
                OfferedLook(look.id, look.title, settle(look.fade / NS))
                for look in by_name.values()
                if fits(look, scene)
            )
            for scene in scenes.values()
        },
    )


def fits(look: Look, scene: Scene) -> bool:
    """True when a scene has all parameters of a look, and none of its own looks has its name."""
    return look.id not in scene.looks and all(
        name in scene.params and accepts(scene.params[name], value)
        for name, value in look.params.items()
    )


def shown_look(
    text: str, fade_s: float, scene: Scene, shown: Mapping[str, ParamValue]
) -> Look | None:
    """A look of the values that a scene shows, called `text`.

    Its name is made from the text, which is its title where it says more. Values have six digits,
    and the fade whole milliseconds, as in the file. None when no name can be made from the text.
    """
    title = " ".join(text.split())
    name = as_name(title)
    if not name or not title.isprintable():
        return None
    values = {key: _kept(scene.params[key], value) for key, value in shown.items()}
    return Look(name, values, round(fade_s * 1000) * _MS, "" if title == name else title)


def _kept(param: Param, value: ParamValue) -> ParamValue:
    if isinstance(value, str):
        return value
    if param.kind == "flag":
        return float(value > 0.5)
    return min(max(settle(float(f"{value:.6g}")), param.least), param.most)
