"""Where a playthrough continues in the newer version of a script."""

from __future__ import annotations

from functools import cached_property

import msgspec

from xrdrama.story.migration.items import Items, described
from xrdrama.story.model import Beat, CueCall, Group, Jump, SoundCall


class Scripts:
    """Two versions of a beat's script."""

    def __init__(self, old: Beat, new: Beat) -> None:
        self.before, self.after = old, new

    @cached_property
    def old(self) -> Items:
        """The items of the older version."""
        return Items(self.before)

    @cached_property
    def new(self) -> Items:
        """The items of the newer version."""
        return Items(self.after)

    def cursor(self, cursor: int, *, over: bool) -> tuple[int, str]:
        """The index of the next item in the newer script, and what could not be kept ("").

        The script continues behind the item that was played last. If that was removed, it continues
        with the next item that is still there; if none is, behind the last one that is; if nothing
        of the script is left, at its beginning. `over`: the script has ended.
        """
        length = len(self.before.script)
        if over and cursor >= length:
            return len(self.after.script), ""
        if cursor == 0:
            return 0, ""
        last = min(cursor, length) - 1
        here = self.new.found(self.old, last)
        if here is not None:
            return here + 1, ""
        gone = (
            f"{described(self.before.script[last])} is not in the beat {self.after.id!r} any more"
        )
        following = self._following(cursor)
        if following is not None:
            return following, f"{gone}: its script continues with what came next"
        for earlier in range(last - 1, -1, -1):
            here = self.new.found(self.old, earlier)
            if here is not None and not isinstance(self.before.script[earlier], Jump):
                return here + 1, f"{gone}: its script continues behind what is left before it"
        return 0, f"the script of the beat {self.after.id!r} was replaced: it begins again"

    def _following(self, cursor: int) -> int | None:
        """The next item that would have been played, and that the newer script has."""
        script, at = self.before.script, cursor
        while at < len(script):
            here = self.new.found(self.old, at)
            if here is not None:
                return here
            item = script[at]
            at = (
                item.to
                if isinstance(item, Jump)
                else item.end
                if isinstance(item, Group)
                else at + 1
            )
        return None

    def pending(
        self, pending: tuple[tuple[int, int], ...]
    ) -> tuple[tuple[tuple[int, int], ...], list[str]]:
        """The delayed items, and what could not be kept."""
        kept, lost = [], []
        for due, at in pending:
            here = self.new.found(self.old, at)
            if here is not None and isinstance(self.after.script[here], CueCall | SoundCall):
                kept.append((due, here))
            else:
                what = described(self.before.script[at])
                lost.append(f"{what}, which was still to come, is not in the beat any more")
        return tuple(sorted(kept)), lost

    def same_ways(self) -> bool:
        """True if the beat leaves as before: choice, paths, ending, return."""
        return _ways(self.before) == _ways(self.after)


def _ways(beat: Beat) -> bytes:
    options = beat.choice.options if beat.choice else ()
    ways = [(one.id, one.condition.text if one.condition else "", one.once) for one in options]
    exits = [(one.to, one.condition.text if one.condition else "") for one in beat.exits]
    ending = beat.ending.id if beat.ending else ""
    return msgspec.msgpack.encode((beat.choice is None, ways, exits, ending, beat.returns))
