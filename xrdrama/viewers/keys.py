"""The window's keys and their list, which is shown at the start and on H, and in the terminal."""

from __future__ import annotations

from typing import Final

from xrdrama.wire.frame import Frame

SHOWN_FOR_S: Final = 4.0
"""Seconds for which the list of keys is shown after the window has opened."""
HELP: Final = "h"
"""The key that shows and hides the list."""
Keys = tuple[tuple[str, ...], ...]
"""For each key its name and what it does, in English and Chinese."""

_PICK, _LOOK = ("1-9", "pick", "选择"), ("drag", "look around", "环顾")
_STEP, _FILM = ("arrows", "step", "走动"), ("F", "film camera", "摄影机")
_HOME, _FULL = ("Home", "to the start", "回到起点"), ("F11", "full screen", "全屏")
_HELP = ("H", "keys", "按键")


def keys_of(frame: Frame) -> Keys:
    """The keys that have an effect while `frame` is shown."""
    has_film = any(view.target == "inner" for view in frame.views)
    return (_PICK, _LOOK, _STEP, *((_FILM,) if has_film else ()), _HOME, _FULL, _HELP)


def keys_text(frame: Frame) -> str:
    """The same as one line for the terminal, with alternative keys."""
    names = {"arrows": "arrows or WASD", "1-9": "1 to 9 or a click", "H": "H or ?"}
    shown = [f"{names.get(key, key)}: {what}" for key, what, *_ in keys_of(frame)]
    return f"keys in the window: {', '.join(shown)}, Esc: leave full screen"


class Help:
    """Whether the keys are shown: for `SHOWN_FOR_S` seconds at first, then after the key `HELP`."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._chosen: bool | None = None

    def is_shown(self, now: float) -> bool:
        """True when the keys are shown at `now`, in seconds; first called when the window opens."""
        self._since = now if self._since is None else self._since
        return now - self._since < SHOWN_FOR_S if self._chosen is None else self._chosen

    def toggle(self, now: float) -> bool:
        """Show or hide the keys; returns True when they are shown now."""
        self._chosen = not self.is_shown(now)
        return self._chosen
