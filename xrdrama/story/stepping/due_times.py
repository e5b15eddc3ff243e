"""When something is due in a playthrough."""

from __future__ import annotations

from xrdrama.story.stepping.opened import Opened
from xrdrama.story.stepping.playthrough import Playthrough, Position, closing


def due_time(p: Playthrough | Opened) -> int | None:
    """The time of the next due happening; None when the story waits or has ended."""
    if p.held_at is not None or p.ending or not p.beat:
        return None
    due = main_due(p)
    for one in p.parallel:
        other = script_due(one.position)
        if other is not None and (due is None or other < due):
            due = other
    return due


def main_due(p: Playthrough | Opened) -> int | None:
    """The same of the main path alone."""
    due, script = _choice_due(p), script_due(p)
    return script if script is not None and (due is None or script < due) else due


def script_due(p: Playthrough | Opened | Position) -> int | None:
    """When the next item of a script is due."""
    due = p.cursor_at
    if p.pending and (due is None or p.pending[0][0] < due):
        due = p.pending[0][0]
    return due


def _choice_due(p: Playthrough | Opened) -> int | None:
    if p.phase == "none":
        return None
    choice = p.current.choice
    window = choice.window if choice else None
    if window is None:
        return None
    if p.phase == "waiting":
        return None if window.opens is None else p.began + max(0, window.opens - window.shows)
    if p.phase == "shown":
        return p.opened
    closes = closing(p.current, p.began, p.opened, p.time_scale)
    if closes is None:
        return None
    return closes if p.phase == "open" else closes + window.grace
