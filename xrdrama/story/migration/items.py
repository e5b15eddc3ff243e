"""What identifies the items of a script: ids of lines, and the items before other ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

from xrdrama.story.model import (
    Assign,
    Beat,
    CueCall,
    Detour,
    Direction,
    Group,
    Item,
    Jump,
    Line,
    SoundCall,
    Wait,
)

Key = tuple[Hashable, ...]


class Items:
    """The items of a beat's script by what identifies them.

    A line is its id (its words without one). Alternatives and their groups are the first line in
    them. Any other item is what it does, with the line above it.
    """

    def __init__(self, beat: Beat) -> None:
        self.script = beat.script
        self.keys: list[Key] = []
        """A key for each item."""
        self.alternatives: dict[Key, int] = {}
        """The index of each alternative in the whole story, by key."""
        self._seen: Counter[Key] = Counter()
        self._jumps: dict[int, Key] = {}
        above: Key = ()
        for at, item in enumerate(self.script):
            key = self._key(at, item, above)
            self.keys.append(key)
            if isinstance(item, Line):
                above = key
        self.at = {key: at for at, key in enumerate(self.keys)}
        self.shapes = [_shape(item) for item in self.script]
        self.alike: dict[Key, list[int]] = {}
        """The indices of the items that do the same."""
        for at, shape in enumerate(self.shapes):
            self.alike.setdefault(shape, []).append(at)

    def found(self, other: Items, at: int) -> int | None:
        """The index of an item of another version of this script here, or None."""
        known = self.at.get(other.keys[at])
        if known is not None:
            return known
        # The line above it is another one. If there are as many that do the same, they are those.
        here, there = self.alike.get(other.shapes[at], []), other.alike[other.shapes[at]]
        if isinstance(other.script[at], Line | Group | Jump) or len(here) != len(there):
            return None
        return here[there.index(at)]

    def _key(self, at: int, item: Item, above: Key) -> Key:
        if isinstance(item, Jump):
            return ("jump", self._jumps.get(at))
        if isinstance(item, Group):
            self._enter(item)
            return self._counted(("group", self._first(at + 1, item.end) or above))
        if isinstance(item, Line):
            return self._counted(_of_line(item))
        return self._counted(("item", _shape(item), above))

    def _enter(self, group: Group) -> None:
        ends = [one.start for one in group.alternatives[1:]] + [group.end]
        for number, (one, end) in enumerate(zip(group.alternatives, ends, strict=True)):
            first = self._first(one.start, end)
            key = self._counted(("alternative", first or ("number", number)))
            self.alternatives[key] = one.index
            self._jumps[end - 1] = key

    def _first(self, start: int, end: int) -> Key:
        lines = (item for item in self.script[start:end] if isinstance(item, Line))
        return next((_of_line(line) for line in lines), ())

    def _counted(self, key: Key) -> Key:
        self._seen[key] += 1
        return (*key, self._seen[key])


def _of_line(line: Line) -> Key:
    return ("line", line.id) if line.has_id else ("words", line.speaker, line.text)


def _shape(item: Item) -> Key:
    """What an item does, without where it is."""
    if isinstance(item, CueCall):
        return ("cue", item.as_written, item.after)
    if isinstance(item, SoundCall):
        return ("sound", item.name, item.after, item.stop)
    if isinstance(item, Wait):
        return ("wait", item.lasts)
    if isinstance(item, Direction):
        return ("direction", item.text)
    if isinstance(item, Assign):
        return ("set", tuple((one.variable, one.value.text) for one in item.effects))
    if isinstance(item, Detour):
        return ("detour", item.to)
    return ("line", item.id) if isinstance(item, Line) else (type(item).__name__,)


def described(item: Item) -> str:
    """An item in words, for a report."""
    if isinstance(item, Line):
        return f"the line {item.id}"
    if isinstance(item, CueCall):
        return f"the cue @{item.as_written}"
    if isinstance(item, SoundCall):
        return f"the sound {item.name}"
    if isinstance(item, Wait):
        return "a wait"
    return "the detour" if isinstance(item, Detour) else "an item"
