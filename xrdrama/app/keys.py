"""What the keys of the window do, told when it opens; and by what its viewers can pick."""

from __future__ import annotations

from typing import Final

from xrdrama import content
from xrdrama.adapters.panda.overlay import Means
from xrdrama.wire.frame import Frame

TOLD: Final = 4.0
"""Seconds for which the keys are told."""
Keys = tuple[tuple[str, ...], ...]
"""For each key its name and what it does, in English and Chinese."""

_PICK, _LOOK = ("1-9", "pick", "选择"), ("drag", "look round", "环顾")
_STEP, _FILM = ("arrows", "step", "走动"), ("F", "film camera", "摄影机")
_HOME, _FULL = ("Home", "to the start", "回到起点"), ("F11", "full screen", "全屏")


def keys_told(frame: Frame, seconds: float) -> Keys:
    """The keys to tell `seconds` after the window opened: those that do something, then none."""
    if seconds >= TOLD:
        return ()
    has_film = any(view.target == "inner" for view in frame.views)
    return (_PICK, _LOOK, _STEP, *((_FILM,) if has_film else ()), _HOME, _FULL)


def means_of(loaded: content.Loaded, *, keys: bool) -> Means:
    """By what viewers of a show can pick: with a hand where an input of the show looks for one."""
    uses = {each.use for each in content.show_file(loaded).inputs.values()}
    return Means(hands="hand" in uses, keys=keys)
