"""What of the state of a story matters, and from which beats on: everything else is dropped.

A variable matters if a condition reads it, or an effect of a variable that matters. A field is live
in a beat if a beat that can follow may still read it. States that differ only in what is not live
have the same future, so they are one state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from xrdrama.authoring.proving.caps import visit_caps
from xrdrama.authoring.proving.layout import PLACE_BITS, Layout
from xrdrama.authoring.proving.turns import Turns, mask_of, turns_of
from xrdrama.document import Place
from xrdrama.story import Beat, Story
from xrdrama.story.choosing import complexity
from xrdrama.story.expressions.expression import Expression
from xrdrama.story.model import (
    Assign,
    CueCall,
    Detour,
    Direction,
    Effect,
    Group,
    HiddenPlot,
    Item,
    Line,
    Option,
    SoundCall,
    Wait,
)
from xrdrama.story.ways import beats_of

SHOWN = (Line, CueCall, SoundCall, Wait, Direction)
"""Items of a script that take time or show something, and change nothing."""


class Read(msgspec.Struct, frozen=True):
    """A condition of a beat, with the value that it belongs to."""

    condition: Expression
    owner: msgspec.Struct
    beat: str


class Relevance:
    """The layout of the states of a story, and the fields that are live in each beat.

    `timed`: conditions of lines, cues and waits are followed, too; they only change how long a beat
    takes, and whether they are ever true.
    """

    def __init__(self, story: Story, *, timed: bool, place_bits: int = PLACE_BITS[1]) -> None:
        self.story = story
        self.slots = {variable.id: variable.slot for variable in story.variables}
        beside = any(plot.parallel for beat in story.order for plot in beat.hidden)
        self.pauses = {beat.id for beat in story.order if beat.hidden or beside}
        """The beats whose values can change at any time: hidden plots can interrupt them, or play
        beside them."""
        self.changes = {beat.id: changes(beat.script) for beat in story.order}
        """For each item of each script, whether it may change more than what is shown."""
        self.clocked = {beat.id for beat in story.order if self._needs_clock(beat)}
        self.controls = {beat.id: self._controls(beat) for beat in story.order}
        """The items at which a stretch of a script ends in which only time passes."""
        unsure = {b.id for b in story.order if b.id in self.pauses and self._may_take_no_time(b)}
        self.needed = self.clocked | unsure
        self.followed = set(story.beats) if timed else self.needed
        """The beats in which conditions of lines, cues and waits are followed."""
        self.parts = {beat.id: list(self._parts(beat)) for beat in story.order}
        self.reads = [read for beat in story.order for read in self._reads(beat)]
        self.expressions = list(self._expressions())
        self.layout = Layout(place_bits)
        self._variables()
        self._visits()
        self._used()
        self.groups: dict[tuple[str, int], Turns] = {}
        """The groups of alternatives that change something, by beat and index of the item."""
        self.storylets: dict[str, Turns] = {}
        self._turns()
        self.live = self._live()

    def _needs_clock(self, beat: Beat) -> bool:
        """True when what can happen in a beat depends on the time since it began."""
        window = beat.choice.window if beat.choice else None
        if window is not None:
            return window.opens is not None or window.closes is not None
        delayed = any(isinstance(item, CueCall | SoundCall) and item.after for item in beat.script)
        interrupted = beat.id in self.pauses or any(self.changes[beat.id])
        return beat.choice is None and interrupted and (delayed or beat.lengths.least > 0)

    def _may_take_no_time(self, beat: Beat) -> bool:
        """True when it depends on conditions whether a stretch of a script takes time: a marker is
        found only while time passes."""
        sure = unsure = False
        for item, control in zip(beat.script, self.controls[beat.id], strict=True):
            if control and unsure and not sure:
                return True
            if control:
                sure = unsure = False
            elif isinstance(item, Group):
                unsure = True
            elif isinstance(item, Line | Wait):
                sure = sure or item.condition is None
                unsure = unsure or item.condition is not None
        return unsure and not sure

    def _controls(self, beat: Beat) -> tuple[bool, ...]:
        """Where times matter, alternatives are followed one by one even if they change nothing."""
        exact = beat.id in self.clocked
        return tuple(
            change or (exact and isinstance(item, Group))
            for item, change in zip(beat.script, self.changes[beat.id], strict=True)
        )

    def _parts(self, beat: Beat) -> Iterator[msgspec.Struct]:
        """Everything in a beat, and what the storylet groups that it leads to do otherwise."""
        found = list(structs(beat))
        yield from found
        for to in _names(found):
            name, seen = to, set[str]()
            while (group := self.story.storylets.get(name)) and group.otherwise:
                if name in seen:
                    break
                seen.add(name)
                yield from structs(group.otherwise)
                name = group.otherwise.to

    def _reads(self, beat: Beat) -> Iterator[Read]:
        followed = beat.id in self.followed
        shown = set() if followed else {id(part) for part in self._shown(beat)}
        for part in self.parts[beat.id]:
            condition = condition_of(part)
            if condition is not None and id(part) not in shown:
                yield Read(condition, part, beat.id)

    @property
    def can_be_smaller(self) -> bool:
        """True when conditions of lines and cues are followed that change no path."""
        beats = [beat for beat in self.story.order if beat.id in self.followed - self.needed]
        return any(condition_of(part) for beat in beats for part in self._shown(beat))

    def _shown(self, beat: Beat) -> Iterator[msgspec.Struct]:
        """The parts of a script that change nothing but what is shown and how long it takes."""
        for item, control in zip(beat.script, self.controls[beat.id], strict=True):
            if isinstance(item, SHOWN):
                yield item
            elif isinstance(item, Group) and not control:
                yield from item.alternatives

    def _expressions(self) -> Iterator[tuple[str, Expression]]:
        """What matters: conditions, then values of effects on variables that matter; by beat."""
        effects = [
            (beat, part)
            for beat, parts in self.parts.items()
            for part in parts
            if isinstance(part, Effect)
        ]
        self.matters: set[str] = set()
        for read in self.reads:
            self.matters |= read.condition.reads
            yield read.beat, read.condition
        while True:
            more = [one for one in effects if one[1].variable in self.matters]
            if not more:
                return
            effects = [one for one in effects if one[1].variable not in self.matters]
            for beat, effect in more:
                self.matters |= effect.value.reads
                yield beat, effect.value

    def _variables(self) -> None:
        for variable in self.story.variables:
            if variable.id in self.matters:
                self.layout.variable(variable.slot, variable.id, variable.kind)

    def _visits(self) -> None:
        caps: dict[str, int] = {}
        for text in self._texts():
            for beat, cap in visit_caps(text).items():
                caps[beat] = max(cap, caps.get(beat, 0))
        for one in self.story.order:
            if one.id in caps:
                field = self.layout.counter(f"visits({one.id})", caps[one.id])
                self.layout.visits[one.index] = field

    def _texts(self) -> Iterator[str]:
        yield from {expression.text for _, expression in self.expressions if expression.beats}
        for variable in self.story.computed:
            if variable.computed is not None and variable.id in self.matters:
                yield variable.computed.text

    def _used(self) -> None:
        for parts in self.parts.values():
            for part in parts:
                if isinstance(part, Option) and part.once:
                    self.layout.options[part.index] = self.layout.counter(part.text_id, 1)
                elif isinstance(part, HiddenPlot) and part.index not in self.layout.plots:
                    self.layout.plots[part.index] = self.layout.counter(part.id, 1)

    def _turns(self) -> None:
        for beat in self.story.order:
            for index, item in enumerate(beat.script):
                if isinstance(item, Group) and self.controls[beat.id][index]:
                    members = [
                        (one.once, complexity(one.condition, once=one.once))
                        for one in item.alternatives
                    ]
                    name = f"alternative {beat.id}:{index}"
                    self.groups[beat.id, index] = turns_of(self.layout, item.choose, name, members)
        for group in self.story.storylets.values():
            beats = [self.story.beats[name] for name in group.beats]
            members = [(beat.once, complexity(beat.when, once=beat.once)) for beat in beats]
            self.storylets[group.id] = turns_of(self.layout, group.choose, group.id, members)

    # -- what is live ---------------------------------------------------------------------------

    def _live(self) -> dict[str, int]:
        """For each beat, the bits of the fields that it, or a beat after it, may read."""
        read = {beat.id: self._own(beat) for beat in self.story.order}
        for beat, expression in self.expressions:
            read[beat] |= self.mask(expression)
        after = {name: set(self.targets(parts)) for name, parts in self.parts.items()}
        before: dict[str, list[str]] = {name: [] for name in after}
        for name, others in after.items():
            for other in others:
                before[other].append(name)
        waiting = list(read)
        while waiting:
            name = waiting.pop()
            for one in before[name]:
                if read[one] | read[name] != read[one]:
                    read[one] |= read[name]
                    waiting.append(one)
        return read

    def _own(self, beat: Beat) -> int:
        mask = mask_of(self.storylets[beat.storylet]) if beat.storylet in self.storylets else 0
        for index, item in enumerate(beat.script):
            if isinstance(item, Group) and self.controls[beat.id][index]:
                mask |= mask_of(self.groups[beat.id, index])
        for part in self.parts[beat.id]:
            if isinstance(part, Option) and part.once:
                mask |= self.layout.options[part.index].mask
            elif isinstance(part, HiddenPlot):
                mask |= self.layout.plots[part.index].mask
        return mask

    def mask(self, expression: Expression) -> int:
        """The bits of the fields that an expression reads."""
        mask = 0
        for name in expression.reads:
            slot = self.slots.get(name)
            if slot is not None:
                mask |= self.layout.variables[slot].mask
        for beat in expression.beats:
            mask |= self.layout.visits[self.story.beats[beat].index].mask
        return mask

    def targets(self, parts: Iterable[msgspec.Struct]) -> Iterator[str]:
        """The beats that may follow, through any path, detour or hidden plot."""
        for to in _names(parts):
            yield from beats_of(self.story, to)


def _names(parts: Iterable[msgspec.Struct]) -> Iterator[str]:
    """The beats and storylet groups that parts of a story lead to."""
    for part in parts:
        for key in ("to", "detour"):
            name = getattr(part, key, None)
            if isinstance(name, str) and name:
                yield name


def changes(script: Sequence[Item]) -> tuple[bool, ...]:
    """For each item of a script, whether it may change more than what is shown: effects, detours,
    and groups with one of them inside."""
    found = [isinstance(item, Assign | Detour) for item in script]
    for index in reversed(range(len(script))):
        item = script[index]
        if isinstance(item, Group):
            found[index] = any(found[index : item.end])
    return tuple(found)


def condition_of(part: msgspec.Struct) -> Expression | None:
    """The condition of a part of a story, or None."""
    found = getattr(part, "condition", None) or getattr(part, "when", None)
    return found if isinstance(found, Expression) else None


def structs(value: object) -> Iterator[msgspec.Struct]:
    """A value of the model and all values in it, in the order of the file."""
    if isinstance(value, tuple):
        for one in value:
            yield from structs(one)
    elif isinstance(value, msgspec.Struct) and not isinstance(value, Place | Expression):
        yield value
        for name in value.__struct_fields__:
            inside = getattr(value, name)
            if isinstance(inside, tuple | msgspec.Struct):
                yield from structs(inside)
