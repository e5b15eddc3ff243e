"""Commands for what walls show over, or instead of, the show's pictures."""

from __future__ import annotations

from msgspec.structs import replace

from xrdrama.show.changes.commands import By, Outcome, applies, unknown
from xrdrama.show.changes.effects import NO_EFFECTS
from xrdrama.show.state import Show
from xrdrama.wire.commands import JoinCodeShown, OuterFrozen, PatternShown


@applies(OuterFrozen)
def freeze_outer(show: Show, command: OuterFrozen, by: By) -> Outcome:
    """Freeze the outer pictures, or let them continue. Freezing twice keeps the first pictures."""
    if not command.on:
        return replace(show, frozen_at=None), NO_EFFECTS
    return replace(show, frozen_at=by.at if show.frozen_at is None else show.frozen_at), NO_EFFECTS


@applies(PatternShown)
def show_pattern(show: Show, command: PatternShown, _: By) -> Outcome:
    """Show a test pattern on one wall or all, or remove it."""
    stage = show.production.stage
    known = [wall.id for wall in stage.walls] if stage else []
    if command.wall and command.wall not in known:
        return unknown("unknown_wall", "the stage has no wall", command.wall, known)
    on = dict.fromkeys([command.wall] if command.wall else known, command.pattern)
    patterns = {wall: name for wall, name in {**show.patterns, **on}.items() if name != "off"}
    return replace(show, patterns=patterns), NO_EFFECTS


@applies(JoinCodeShown)
def show_join_code(show: Show, command: JoinCodeShown, _: By) -> Outcome:
    """Show the code of the room's link, or remove it."""
    return replace(show, join_code=command.on), NO_EFFECTS
