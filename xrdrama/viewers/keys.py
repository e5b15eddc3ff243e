"""What the keys of the window do: shown when it opens and on H, in the window and its terminal."""

from __future__ import annotations

from typing import Final

from xrdrama.wire.frame import Frame

TOLD: Final = 4.0
"""Seconds for which the keys are shown after the window opened."""
HELP: Final = "h"
"""The key that shows and hides them."""
Keys = tuple[tuple[str, ...], ...]
"""For each key its name and what it does, in English and Chinese."""

_PICK, _LOOK = ("1-9", "pick", "选择"), ("drag", "look round", "环顾")
_STEP, _FILM = ("arrows", "step", "走动"), ("F", "film camera", "摄影机")
_HOME, _FULL = ("Home", "to the start", "回到起点"), ("F11", "full screen", "全屏")
_HELP = ("H", "keys", "按键")


def keys_of(frame: Frame) -> Keys:
    """The keys that do something while a frame is shown."""
    has_film = any(view.target == "inner" for view in frame.views)
    return (_PICK, _LOOK, _STEP, *((_FILM,) if has_film else ()), _HOME, _FULL, _HELP)


def keys_text(frame: Frame) -> str:
    """The same in one line for the terminal, with the keys that have the same effect."""
    names = {"arrows": "arrows or WASD", "1-9": "1 to 9 or a click", "H": "H or ?"}
    told = [f"{names.get(key, key)}: {what}" for key, what, *_ in keys_of(frame)]
    return f"keys in the window: {', '.join(told)}, Esc: leave full screen"


class Help:
    """Whether the keys are shown: for `TOLD` seconds at first, and from then on by `HELP`."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._asked: bool | None = None

    def is_shown(self, now: float) -> bool:
        """Whether they are shown at `now`, in seconds; the first call is when the window opened."""
        self._since = now if self._since is None else self._since
        return now - self._since < TOLD if self._asked is None else self._asked

    def toggle(self, now: float) -> bool:
        """Show them or hide them; whether they are shown now."""
        self._asked = not self.is_shown(now)
        return self._asked
