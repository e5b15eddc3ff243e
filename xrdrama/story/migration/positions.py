"""Positions in beats of a newer version of a story: script, delayed items, open choice."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from xrdrama.story.migration.scripts import Scripts
from xrdrama.story.model import Beat, Choice, Option, Story
from xrdrama.story.stepping.playthrough import Playthrough, Position
from xrdrama.story.voting import Ballot


class Positions:
    """Moves positions to the newer version. `p` is the playthrough with the newer version's facts,
    `renamed` gives the new id of a beat."""

    def __init__(self, old: Story, p: Playthrough, at: int, renamed: Callable[[str], str]) -> None:
        self.old, self.p, self.at, self.renamed = old, p, at, renamed
        self.lost: list[str] = []
        self.offered: list[str] = []
        """Options of the main path that are offered now, and were not before."""

    def main(self, position: Position, *, ended: bool) -> Position:
        """The position of the main path. A beat that has ended its script without a way out takes
        the one that it has now."""
        moved = self.moved(position)
        before = self.old.beats[position.beat]
        after = self.p.story.beats[moved.beat]
        stuck = position.phase == "none" and position.cursor_at is None
        if stuck and not ended and not Scripts(before, after).same_ways():
            return self._ending_again(moved, after)
        return moved

    def moved(self, position: Position) -> Position:
        """A position in the newer version; its beat must be there."""
        before = self.old.beats[position.beat]
        after = self.p.story.beats[self.renamed(position.beat)]
        if before.script is after.script and before.choice is after.choice:
            return replace(position, beat=after.id)
        scripts = Scripts(before, after)
        cursor, why = scripts.cursor(position.cursor, over=position.cursor_at is None)
        pending, lost = scripts.pending(position.pending)
        self.lost += [*([why] if why else []), *lost]
        moved = replace(position, beat=after.id, cursor=cursor, pending=pending)
        return self._chosen(moved, before, after)

    def _chosen(self, position: Position, before: Beat, after: Beat) -> Position:
        """The position with the phase of the newer version's choice."""
        choice, phase = after.choice, position.phase
        if choice is None:
            if phase == "none":
                return position
            self.lost.append(f"the choice of the beat {after.id!r}: it has none now")
            position = replace(position, phase="none", opened=None, offered=())
            return self._ending_again(position, after) if phase != "waiting" else position
        window = choice.window
        if phase == "none":
            return replace(position, phase="waiting") if before.choice is None else position
        if phase == "waiting":
            late = position.cursor_at is None and (window is None or window.opens is None)
            return self._ending_again(position, after) if late else position
        position = self._offering(position, before.choice, choice, after)
        if position.phase == "shown" and window is None:
            return replace(position, phase="open")
        if position.phase == "grace" and (window is None or not window.is_timed):
            return replace(position, phase="open")
        return position

    def _offering(
        self, position: Position, before: Choice | None, choice: Choice, beat: Beat
    ) -> Position:
        """The open choice with the options that are still there, and with new ones."""
        known = {one.id: one for one in before.options} if before else {}
        now = {one.id for one in choice.options}
        kept = [name for name in position.offered if name in now]
        for name in position.offered:
            if name not in now:
                self.lost.append(f"the option {name!r} of the beat {beat.id!r}: it was removed")
        fresh = [one.id for one in choice.options if one.id not in known and self._available(one)]
        regular = [one for one in kept if not _option(choice, one).fallback]
        fresh = [one for one in fresh if not (regular and _option(choice, one).fallback)]
        self.offered += fresh
        if not kept and not fresh and position.offered:
            position = replace(position, phase="waiting", opened=None, offered=())
            return self._ending_again(position, beat)
        offered = (*kept, *fresh)
        return replace(position, offered=offered, ballot=self._ballot(position, choice, offered))

    def _ballot(
        self, position: Position, choice: Choice, offered: tuple[str, ...]
    ) -> Ballot | None:
        """The votes on the options that are still there."""
        voted = tuple(one.id for one in choice.options if one.voted and one.id in offered)
        if position.phase == "shown" or not voted:
            return None
        return (position.ballot or Ballot.of(self.at, voted)).among(voted)

    def _available(self, option: Option) -> bool:
        used = option.once and option.index in self.p.used_options
        condition = option.condition
        return not used and (condition is None or bool(condition.run(self.p.scope())))

    def _ending_again(self, position: Position, beat: Beat) -> Position:
        """The position at the end of the script, which is reached now."""
        if position.cursor_at is not None:
            return position
        phase = "waiting" if beat.choice else "none"
        length = len(beat.script)
        return replace(position, cursor=length, cursor_at=self.at, phase=phase)


def _option(choice: Choice, name: str) -> Option:
    return next(option for option in choice.options if option.id == name)
