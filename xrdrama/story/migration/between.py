"""What two versions of a story have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from xrdrama.story.migration.items import Items
from xrdrama.story.migration.renaming import renamed_beats
from xrdrama.story.model import Group, Story

Parts = Callable[[Story], Iterator[tuple[str, str, int]]]


class Between:
    """What the newer version of a story has of the older one: the same for every playthrough that
    is moved, so it is computed once, when it is needed first or by `prepare`."""

    def __init__(self, old: Story, new: Story) -> None:
        self.old, self.new = old, new

    def prepare(self) -> Between:
        """Compute everything now; returns itself."""
        _ = (self.beats, self.alternatives, self.options, self.plots)
        return self

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The new ids of beats that were renamed, by their older ids."""
        return renamed_beats(self.old, self.new)

    @cached_property
    def beats(self) -> tuple[int, ...]:
        """For each beat of the newer version, its index in the older one; -1 for a new beat."""
        was = {after: before for before, after in self.names.items()}
        found = (self.old.beats.get(was.get(beat.id, beat.id)) for beat in self.new.order)
        return tuple(beat.index if beat else -1 for beat in found)

    @cached_property
    def alternatives(self) -> tuple[int, ...]:
        """For each alternative of the newer version, its index in the older one, or -1."""
        found = [-1] * self.new.alternatives
        for beat, was in zip(self.new.order, self.beats, strict=True):
            if was < 0 or not any(isinstance(item, Group) for item in beat.script):
                continue
            before = self.old.order[was]
            new = Items(beat)
            old = new if before.script is beat.script else Items(before)
            for key, index in new.alternatives.items():
                found[index] = old.alternatives.get(key, -1)
        return tuple(found)

    @cached_property
    def options(self) -> Mapping[int, frozenset[int]]:
        """The indices of options in the newer version, by those in the older one."""
        return self._indices(_options)

    @cached_property
    def plots(self) -> Mapping[int, frozenset[int]]:
        """The same for hidden plots: one that several beats have has one index."""
        return self._indices(_plots)

    def _indices(self, parts: Parts) -> Mapping[int, frozenset[int]]:
        now: dict[tuple[str, str], set[int]] = {}
        for beat, name, index in parts(self.new):
            now.setdefault((beat, name), set()).add(index)
        found: dict[int, frozenset[int]] = {}
        for beat, name, index in parts(self.old):
            here = now.get((self.names.get(beat, beat), name), ())
            found[index] = found.get(index, frozenset()) | frozenset(here)
        return found


def _options(story: Story) -> Iterator[tuple[str, str, int]]:
    for beat in story.order:
        for option in beat.choice.options if beat.choice else ():
            yield beat.id, option.id, option.index


def _plots(story: Story) -> Iterator[tuple[str, str, int]]:
    for beat in story.order:
        for plot in beat.hidden:
            yield beat.id, plot.id, plot.index
