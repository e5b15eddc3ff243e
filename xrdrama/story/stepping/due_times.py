"""When something is due in a playthrough."""

from __future__ import annotations

from xrdrama.story.model import Window
from xrdrama.story.stepping.opened import Opened
from xrdrama.story.stepping.playthrough import Playthrough, Position, closing


def due_time(p: Playthrough | Opened) -> int | None:
    """The time of the next due happening; None when the story waits or has ended."""
    if p.held_at is not None or p.ending or not p.beat:
        return None
    due = main_due(p)
    if not p.parallel:
        return due
    for one in p.parallel:
        other = script_due(one.position)
        if other is not None and (due is None or other < due):
            due = other
    return due


def main_due(p: Playthrough | Opened) -> int | None:
    """The same of the main path alone."""
    due = p.cursor_at
    if p.pending and (due is None or p.pending[0][0] < due):
        due = p.pending[0][0]
    window = None if p.phase == "none" or not p.current.choice else p.current.choice.window
    if window is None:
        return due
    choice = _choice_due(p, window)
    return choice if due is None or (choice is not None and choice < due) else due


def script_due(p: Position) -> int | None:
    """The same of a hidden plot beside it, whose beats have no choice."""
    due = p.cursor_at
    if p.pending and (due is None or p.pending[0][0] < due):
        due = p.pending[0][0]
    return due


def _choice_due(p: Playthrough | Opened, window: Window) -> int | None:
    if p.phase == "waiting":
        return None if window.opens is None else p.began + max(0, window.opens - window.shows)
    if p.phase == "shown":
        return p.opened
    closes = closing(p.current, p.began, p.opened, p.time_scale)
    if closes is None:
        return None
    return closes if p.phase == "open" else closes + window.grace


def is_asking(p: Playthrough | Opened, due: int) -> bool:
    """True when a choice is open, and its script is over or continues after the choice closes."""
    if p.phase == "grace":
        return True
    if p.phase != "open":
        return False
    said = p.cursor_at is None and not p.pending
    return said or due == closing(p.current, p.began, p.opened, p.time_scale)
