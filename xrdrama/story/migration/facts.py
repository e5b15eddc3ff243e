"""What a playthrough remembers, in the order of another version of its story."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from xrdrama.document.wording import plain
from xrdrama.story.expressions.kinds import Kind, Value
from xrdrama.story.migration.items import Items
from xrdrama.story.model import Group, Story


class Facts:
    """The variables, visits, plays, used options and hidden plots of two versions of a story.

    `names` are the new ids of beats that were renamed.
    """

    def __init__(self, old: Story, new: Story, names: Mapping[str, str]) -> None:
        self.old, self.new = old, new
        self.was = {after: before for before, after in names.items()}
        """The older ids of beats that were renamed."""
        self.names = names
        self.lost: list[str] = []

    def values(self, values: tuple[Value, ...]) -> Iterator[Value]:
        """The values of the newer version's variables."""
        known = {variable.id: values[variable.slot] for variable in self.old.variables}
        for variable in self.new.variables:
            name = variable.id
            if name not in known:
                yield variable.init
                continue
            value, why = _fitting(variable.kind, known[name], variable.init)
            if why:
                self.lost.append(f"the value of {name}: {why}")
            yield value
        computed = {variable.id for variable in self.new.computed}
        left = known.keys() - {variable.id for variable in self.new.variables}
        for name in sorted(left):
            why = "it is computed now" if name in computed else "it is not in the story any more"
            self.lost.append(f"the value of {name}, {_said(known[name])}: {why}")

    def visits(self, visits: tuple[int, ...]) -> tuple[int, ...]:
        """The visits of the newer version's beats."""
        for beat in self.old.order:
            if visits[beat.index] and self.names.get(beat.id, beat.id) not in self.new.beats:
                self.lost.append(f"the visits of the beat {beat.id!r}: it was removed")
        found = (self.old.beats.get(self.was.get(beat.id, beat.id)) for beat in self.new.order)
        return tuple(visits[beat.index] if beat else 0 for beat in found)

    def plays(self, plays: tuple[int, ...]) -> tuple[int, ...]:
        """The plays of the newer version's alternatives."""
        if not plays and not self.new.alternatives:
            return ()
        counts = [0] * self.new.alternatives
        for beat in self.new.order:
            before = self.old.beats.get(self.was.get(beat.id, beat.id))
            if before is None or not any(isinstance(item, Group) for item in beat.script):
                continue
            if before.script is beat.script:
                old = new = Items(beat)
            else:
                old, new = Items(before), Items(beat)
            for key, index in new.alternatives.items():
                known = old.alternatives.get(key)
                counts[index] = plays[known] if known is not None else 0
        return tuple(counts)

    def used_options(self, used: frozenset[int]) -> frozenset[int]:
        """The indices of used options."""
        return _indices(used, self._ids(self.old, _options), self._ids(self.new, _options))

    def used_plots(self, used: frozenset[int]) -> frozenset[int]:
        """The indices of used hidden plots."""
        return _indices(used, self._ids(self.old, _plots), self._ids(self.new, _plots))

    def _ids(
        self, story: Story, parts: Callable[[Story], Iterator[tuple[str, str, int]]]
    ) -> list[tuple[tuple[str, str], int]]:
        renamed = self.names if story is self.old else {}
        return [((renamed.get(beat, beat), name), index) for beat, name, index in parts(story)]


def _options(story: Story) -> Iterator[tuple[str, str, int]]:
    for beat in story.order:
        for option in beat.choice.options if beat.choice else ():
            yield beat.id, option.id, option.index


def _plots(story: Story) -> Iterator[tuple[str, str, int]]:
    for beat in story.order:
        for plot in beat.hidden:
            yield beat.id, plot.id, plot.index


def _indices(
    used: frozenset[int],
    old: list[tuple[tuple[str, str], int]],
    new: list[tuple[tuple[str, str], int]],
) -> frozenset[int]:
    """The newer indices of the parts with these older ones. A hidden plot of several beats has one
    index."""
    if not used:
        return used
    known = {name for name, index in old if index in used}
    return frozenset(index for name, index in new if name in known)


def _fitting(kind: Kind, value: Value, init: Value) -> tuple[Value, str]:
    """The value that a variable of this kind has instead of `value`, and why it is another one."""
    if kind.is_number and isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value) if kind.name == "float" else int(value)
        within = type(number)(min(kind.most, max(kind.least, number)))
        if within == value:
            return within, ""
        return within, f"{plain(value)} became {plain(within)}, since it is {kind} now"
    fits = {
        "bool": isinstance(value, bool),
        "enum": isinstance(value, str) and value in kind.words,
        "text": isinstance(value, str),
    }
    if fits.get(kind.name, False):
        return value, ""
    return init, f"{_said(value)} is not {kind}; it has its initial value, {_said(init)}"


def _said(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else plain(value)
