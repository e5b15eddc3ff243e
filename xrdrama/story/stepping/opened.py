"""A mutable playthrough for one step; `settled` makes an immutable value of it."""

from __future__ import annotations

from typing import Final

from xrdrama.story.expressions.expression import Expression, Scope, Value
from xrdrama.story.model import Beat, Effect, Exit, Story
from xrdrama.story.stepping.happenings import BeatEntered, Declined, Due, Happening, Taken
from xrdrama.story.stepping.playthrough import Interrupted, Phase, Playthrough

FIELDS: Final = Playthrough.__struct_fields__
INTERRUPTED: Final = tuple(name for name in Interrupted.__struct_fields__ if name != "left_at")


class Opened:
    """The fields of a playthrough, with the methods that change them during a step."""

    def __init__(self, p: Playthrough) -> None:
        self.p = p
        self.happenings: list[Happening] = []
        for name in FIELDS:
            setattr(self, name, getattr(p, name))

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
    held_at: int | None
    ending: str

    def settled(self) -> Playthrough:
        """The fields as an immutable playthrough."""
        return Playthrough(**{name: getattr(self, name) for name in FIELDS})

    @property
    def current(self) -> Beat:
        """The beat that is being played."""
        return self.story.beats[self.beat]

    # -- conditions and effects -----------------------------------------------------------------

    def holds(self, condition: Expression | None) -> bool:
        """True when a condition is None or true now."""
        if condition is None:
            return True
        return bool(condition.run(Scope(list(self.values), self.visits, self.dice)))

    def apply(self, effects: tuple[Effect, ...]) -> None:
        """Set variables, each within its range."""
        if not effects:
            return
        scope = Scope(list(self.values), self.visits, self.dice)
        for effect in effects:
            scope.values[effect.slot] = _clamped(effect, effect.value.run(scope))
        self.values, self.dice = tuple(scope.values), scope.dice

    # -- moving ---------------------------------------------------------------------------------

    def leave(self, way: Exit, at: int, *, option: str, by: str) -> None:
        """Apply the effects of an exit and enter the beat it leads to."""
        self.apply(way.effects)
        self.happenings.append(self.taken(option, way.to, by, at))
        self.enter(way.to, at)

    def taken(self, option: str, to: str, by: str, at: int) -> Taken:
        """The happening for leaving the current beat."""
        choice = self.current.choice
        return Taken(self.beat, choice.id if choice else "", option, to, by, at)

    def enter(self, name: str, at: int) -> None:
        """Begin a beat: start its script and choice, count the visit."""
        beat = self.story.beats[name]
        self.beat, self.began = name, at
        self.cursor, self.cursor_at, self.pending = 0, at, ()
        self.phase = "waiting" if beat.choice else "none"
        self.opened, self.offered = None, ()
        visits = list(self.visits)
        visits[beat.index] += 1
        self.visits = tuple(visits)
        self.happenings.append(BeatEntered(beat, at))

    def halt(self, at: int, reason: str) -> None:
        """Stop until the director forces another beat."""
        self.cursor_at, self.pending, self.phase = None, (), "none"
        self.happenings.append(Declined(Due(at), reason, at))

    def shift(self, by: int) -> None:
        """Delay everything that is still due by `ns`, after a pause of the story."""
        self.began += by
        self.cursor_at = None if self.cursor_at is None else self.cursor_at + by
        self.opened = None if self.opened is None else self.opened + by
        self.pending = tuple((at + by, item) for at, item in self.pending)


def _clamped(effect: Effect, value: Value) -> Value:
    kind = effect.kind
    if not kind.is_number or isinstance(value, str | bool):
        return value
    return type(kind.least)(min(kind.most, max(kind.least, value)))
