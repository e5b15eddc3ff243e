"""A mutable playthrough for one step; `settled` makes an immutable value of it."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Final, Self

import msgspec

from xrdrama.document import Place
from xrdrama.story.choosing import chosen, complexity
from xrdrama.story.expressions.expression import Expression, Kind, Scope, Value
from xrdrama.story.model import Beat, Effect, Exit, Story
from xrdrama.story.stepping.happenings import BeatEntered, Declined, Due, Happening, Taken
from xrdrama.story.stepping.playthrough import (
    Beside,
    Interrupted,
    Phase,
    Playthrough,
    Position,
)
from xrdrama.story.voting import Ballot

FIELDS: Final = Playthrough.__struct_fields__
POSITION: Final = Position.__struct_fields__
# All fields at once: a step opens and settles a playthrough, and reads little else.
_fields, _position = attrgetter(*FIELDS), attrgetter(*POSITION)
NOWHERE: Final = Beat("", -1, Place(), "")
"""The current beat before the first one is entered."""
MOST_GROUPS: Final = 100
"""Most storylet groups that lead to each other through their `else`."""


class Opened(msgspec.Struct, gc=False):
    """A beat and the fields of a playthrough, in its order, with the methods that change them."""

    current: Beat
    """The beat that is being played."""
    story: Story
    beat: str
    began: int
    cursor: int
    cursor_at: int | None
    pending: tuple[tuple[int, int], ...]
    phase: Phase
    opened: int | None
    offered: tuple[str, ...]
    values: tuple[Value, ...]
    visits: tuple[int, ...]
    dice: int
    used_options: frozenset[int]
    used_plots: frozenset[int]
    interrupted: tuple[Interrupted, ...]
    plays: tuple[int, ...]
    parallel: tuple[Beside, ...]
    time_scale: float
    held_at: int | None
    ending: str
    ballot: Ballot | None
    joined: int
    happenings: list[Happening] = []
    beside: str = ""
    """The hidden plot beside the main path that is being stepped; "" for the main path."""
    entered: int = 0
    """The number of beats entered at the time `entered_at`."""
    entered_at: int = -1

    @classmethod
    def of(cls, p: Playthrough) -> Self:
        """A playthrough that can be changed."""
        return cls(p.story.beats.get(p.beat, NOWHERE), *_fields(p))

    def settled(self) -> Playthrough:
        """The fields as an immutable playthrough."""
        return Playthrough(*_fields(self))

    # -- conditions and effects -----------------------------------------------------------------

    def holds(self, condition: Expression | None) -> bool:
        """True when a condition is None or true now."""
        return condition is None or bool(condition.run(self.scope()))

    def scope(self) -> Scope:
        """The scope for evaluating expressions."""
        return Scope(self.values, self.visits, self.dice)

    def apply(self, effects: tuple[Effect, ...]) -> None:
        """Set variables, each within its range."""
        if not effects:
            return
        values = list(self.values)
        scope = Scope(values, self.visits, self.dice)
        for effect in effects:
            values[effect.slot] = _clamped(effect.kind, effect.value.run(scope))
        self.values, self.dice = tuple(values), scope.dice

    def shown(self, names: Iterable[str]) -> dict[str, Value]:
        """The values of variables, for a text that shows them."""
        if not names:
            return {}
        known, values = self.story.values(), self.values
        found: dict[str, Value] = {}
        for name in names:
            variable = known[name]
            computed = variable.computed
            found[name] = computed.run(self.scope()) if computed else values[variable.slot]
        return found

    # -- moving ---------------------------------------------------------------------------------

    def position(self) -> Position:
        """Where the beat that is being played is."""
        return Position(*_position(self))

    def take_position(self, position: Position) -> None:
        """Continue another beat where it is."""
        for name, value in zip(POSITION, _position(position), strict=True):
            setattr(self, name, value)
        self.current = self.story.beats[self.beat]

    def leave(self, way: Exit, at: int, *, option: str, by: str) -> None:
        """Apply the effects of an exit and enter the beat it leads to."""
        self.apply(way.effects)
        self.move(way.to, at, option=option, by=by)

    def move(self, to: str, at: int, *, option: str, by: str) -> None:
        """Enter the beat that a path leads to."""
        if to := self.resolved(to, at):
            self.happenings.append(self.taken(option, to, by, at))
            self.enter(to, at)

    def taken(self, option: str, to: str, by: str, at: int) -> Taken:
        """The happening for leaving the current beat."""
        choice = self.current.choice
        return Taken(self.beat, choice.id if choice else "", option, to, by, at)

    def resolved(self, name: str, at: int) -> str:
        """The beat that a path leads to: of a storylet group, the chosen one. "" when it has none
        that is available and no `else`; then the story has stopped."""
        groups = self.story.storylets
        if name not in groups:
            return name
        for _ in range(MOST_GROUPS):
            group = groups.get(name)
            if group is None:
                return name
            beats = [self.story.beats[one] for one in group.beats]
            visits = [self.visits[beat.index] for beat in beats]
            available = [
                number
                for number, beat in enumerate(beats)
                if not (beat.once and visits[number]) and self.holds(beat.when)
            ]
            specific = [complexity(beat.when, once=beat.once) for beat in beats]
            one, self.dice = chosen(group.choose, available, visits, specific, self.dice)
            if one is not None:
                return beats[one].id
            if group.otherwise is None:
                self.halt(at, f"no storylet of {name!r} is available")
                return ""
            self.apply(group.otherwise.effects)
            name = group.otherwise.to
        self.halt(at, f"the storylet group {name!r} leads back to itself")
        return ""

    def enter(self, name: str, at: int) -> None:
        """Begin a beat: start its script and choice, count the visit."""
        beat = self.story.beats[name]
        self.entered = self.entered + 1 if at == self.entered_at else 1
        self.entered_at = at
        self.beat, self.began, self.current = name, at, beat
        self.cursor, self.cursor_at, self.pending = 0, at, ()
        self.phase = "waiting" if beat.choice else "none"
        self.opened, self.offered, self.ballot = None, (), None
        visits = list(self.visits)
        visits[beat.index] += 1
        self.visits = tuple(visits)
        self.happenings.append(BeatEntered(beat, at))

    def halt(self, at: int, reason: str) -> None:
        """Stop until the director forces another beat."""
        self.cursor_at, self.pending, self.phase = None, (), "none"
        self.happenings.append(Declined(Due(at), reason, at))

    def shift(self, by: int) -> None:
        """Delay everything of the current beat that is still due by `by` nanoseconds."""
        self.began += by
        self.cursor_at = None if self.cursor_at is None else self.cursor_at + by
        self.opened = None if self.opened is None else self.opened + by
        self.pending = tuple((at + by, item) for at, item in self.pending)


def _clamped(kind: Kind, value: Value) -> Value:
    """A number within the range of its kind; any other value as it is."""
    if isinstance(value, (str, bool)):
        return value
    least, most = kind.least, kind.most
    if type(value) is type(least) and least <= value <= most:
        return value
    return type(least)(min(most, max(least, value))) if kind.is_number else value
