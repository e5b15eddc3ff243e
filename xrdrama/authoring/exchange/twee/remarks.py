"""What Twine has no form for, written in comments of a passage, and read again: triggers, windows.

/% on ask: ["voice: who is it|who", "gesture: point", "button"] %/
/% window: grace=500ms shows=1s show=bar %/
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from xrdrama.story import Choice
from xrdrama.story.model import Trigger, Window
from xrdrama.story.triggers import TRIGGER_KINDS
from xrdrama.timing import NS

_TIME = r"\d{1,6}(?:\.\d{1,3})?(?:ms|s)"
_WINDOW = re.compile(rf"(?:(?:opens|closes|grace|shows|hides)={_TIME}|show=(?:ring|bar|none))")
_MOST_TRIGGERS: Final = 100


def remarks(choice: Choice) -> list[str]:
    """The texts of the comments that keep the triggers and the window of a choice."""
    found = []
    for option in choice.options:
        if option.triggers:
            listed = msgspec.json.encode([_trigger(one) for one in option.triggers]).decode()
            unclosed = listed.replace("%/", "%\\u002f")
            found.append(f"on {option.id}: {unclosed}")
    window = choice.window
    if window and window != Window(window.place, lasts=window.lasts):
        found.append(f"window: {_window(window)}")
    return found


def triggers_in(value: str) -> list[str] | None:
    """The triggers of a comment as items of a branch file, `voice: 'who is it'`; None if it is not
    such a comment."""
    try:
        listed = msgspec.json.decode(value, type=list[str])
    except msgspec.DecodeError:
        return None
    found = []
    for one in listed[:_MOST_TRIGGERS]:
        kind, _, text = one.partition(": ")
        if one != "button" and (kind not in TRIGGER_KINDS or not text.isprintable()):
            return None
        found.append(one if one == "button" else f"{kind}: '{text.replace(chr(39), chr(39) * 2)}'")
    return found or None


def window_in(value: str) -> dict[str, str] | None:
    """The keys of a window that a comment has; None if it is not such a comment."""
    parts = value.split()
    if not parts or not all(_WINDOW.fullmatch(part) for part in parts):
        return None
    return dict(part.partition("=")[::2] for part in parts)


def time(nanoseconds: int) -> str:
    """A time as a branch file has it."""
    return f"{nanoseconds / 1e9:g}s" if nanoseconds % 10**9 == 0 else f"{nanoseconds / 1e6:g}ms"


def _trigger(one: Trigger) -> str:
    return f"{one.kind}: {'|'.join(one.values)}" if one.values else one.kind


def _window(window: Window) -> str:
    """All of a window but how long it is open, which is the time of a <<timed>>."""
    keys = {
        "opens": window.opens,
        "closes": window.closes,
        "grace": None if window.grace == NS else window.grace,
        "shows": window.shows or None,
        "hides": window.hides or None,
    }
    parts = [f"{key}={time(value)}" for key, value in keys.items() if value is not None]
    return " ".join([*parts, *([f"show={window.show}"] if window.show != "ring" else [])])
