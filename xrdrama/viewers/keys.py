"""The window's keys and their list, which is shown at the start and on H or F1, and in the
terminal."""

from __future__ import annotations

from typing import Final

from xrdrama.wire.frame import Frame

SHOWN_FOR_S: Final = 4.0
"""Seconds for which the list of keys is shown after the window has opened."""
HELP: Final = frozenset({"h", "?", "shift-/", "f1", "start"})
"""The keys, and the button of a gamepad, that show and hide the list."""
Keys = tuple[tuple[str, ...], ...]
"""For each key its name and what it does, in English and Chinese."""

_PICK, _LOOK = ("1-9", "pick", "选择"), ("drag", "look around", "环顾")
_FOCUS, _ENTER = ("Tab", "next option", "下一项"), ("Enter", "pick it", "确定")
_SWITCH: Final = ("Enter", "pick it (one switch)", "单键确定")
_STEP, _FILM = ("arrows", "step", "走动"), ("F", "film camera", "摄影机")
_HOME, _FULL = ("Home", "to the start", "回到起点"), ("F11", "full screen", "全屏")
_SPEAK, _TIME = ("L", "languages", "语言"), ("T", "more time", "更多时间")
_HELP: Final = ("H", "keys", "按键")
_PAD: Final = (
    ("D-pad", "next option", "下一项"),
    ("A", "pick it", "确定"),
    ("LB RB", "turn", "转身"),
)


def keys_of(
    frame: Frame,
    *,
    languages: int = 1,
    gamepad: bool = False,
    scans: bool = False,
    reduced: bool = False,
    mirrors: bool = False,
) -> Keys:
    """The keys that have an effect while `frame` is shown: with so many `languages`, a gamepad, a
    single switch that scans, reduced motion, or in a window that only mirrors a viewer."""
    speak = (_SPEAK,) if languages > 1 else ()
    if mirrors:
        return (*speak, _FULL, _HELP)
    has_film = any(view.target == "inner" for view in frame.views) and not reduced
    chosen = (_SWITCH,) if scans else (_FOCUS, _ENTER)
    return (
        *chosen, _PICK, _LOOK, _STEP, *((_FILM,) if has_film else ()), *speak, _TIME, _HOME, _FULL,
        _HELP, *(_PAD if gamepad else ()),
    )  # fmt: skip


def keys_text(keys: Keys) -> str:
    """The same as one line for the terminal, with alternative keys."""
    names = {
        "arrows": "arrows or WASD",
        "1-9": "1 to 9 or a click",
        "H": "H, F1 or ?",
        "Tab": "Tab or arrows",
        "Enter": "Enter or space",
    }
    shown = [f"{names.get(key, key)}: {what}" for key, what, *_ in keys]
    return f"keys in the window: {', '.join(shown)}, Esc: leave full screen"


class Help:
    """Whether the keys are shown: for `SHOWN_FOR_S` seconds at first, then on one of `HELP`."""

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
