"""What of the state of a story matters, and from which beats on: everything else is dropped.

A variable matters if a condition reads it, or an effect of a variable that matters. A field is live
in a beat if a beat that can follow may still read it. States that differ only in what is not live
have the same future, so they are one state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from xrdrama.authoring.proving.caps import visit_caps
from xrdrama.authoring.proving.layout import Layout
from xrdrama.document import Place
from xrdrama.story import Beat, Story
from xrdrama.story.expressions.expression import Expression
from xrdrama.story.model import (
    CueCall,
    Direction,
    Effect,
    HiddenPlot,
    Line,
    Option,
    SoundCall,
    Wait,
)

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

    def __init__(self, story: Story, *, timed: bool) -> None:
        self.story = story
        self.timed = timed
        self.slots = {v.id: v.slot for v in story.variables if v.slot >= 0}
        self.parts = {beat.id: list(structs(beat)) for beat in story.order}
        self.reads = [read for beat in story.order for read in self._reads(beat)]
        self.expressions = list(self._expressions())
        self.layout = Layout()
        self._variables()
        self._visits()
        self._used()
        self.live = self._live()

    def _reads(self, beat: Beat) -> Iterator[Read]:
        for part in self.parts[beat.id]:
            condition = condition_of(part)
            if condition is not None and (self.timed or not isinstance(part, SHOWN)):
                yield Read(condition, part, beat.id)

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
            if variable.id in self.matters and variable.slot >= 0:
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

    def _used(self) -> None:
        for parts in self.parts.values():
            for part in parts:
                if isinstance(part, Option) and part.once:
                    self.layout.options[part.index] = self.layout.counter(part.text_id, 1)
                elif isinstance(part, HiddenPlot) and part.index not in self.layout.plots:
                    self.layout.plots[part.index] = self.layout.counter(part.id, 1)

    # -- what is live ---------------------------------------------------------------------------

    def _live(self) -> dict[str, int]:
        """For each beat, the bits of the fields that it, or a beat after it, may read."""
        read = {name: self._own(parts) for name, parts in self.parts.items()}
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

    def _own(self, parts: Iterable[msgspec.Struct]) -> int:
        mask = 0
        for part in parts:
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
        for part in parts:
            to = getattr(part, "to", None)
            if isinstance(to, str) and to:
                yield to


def condition_of(part: msgspec.Struct) -> Expression | None:
    """The condition of a part of a story, or None."""
    found = getattr(part, "condition", None)
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


def by_place(reads: Iterable[Read]) -> Mapping[int, Read]:
    """Conditions by the identity of their expressions."""
    return {id(read.condition): read for read in reads}
