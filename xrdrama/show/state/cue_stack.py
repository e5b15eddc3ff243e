"""What every parameter of the set is now: default < look < cue < director's override.

A cue's value is a function of (now - its start), never incremental; a newer cue starts from the
value that stands. So any frame can be computed without the frames before it, given when its cues
began.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import msgspec

from xrdrama.scene.cues import length, value_at
from xrdrama.scene.model import Cue, Move, Param, ParamValue, Scene
from xrdrama.spatial import settle
from xrdrama.timing import NS

GAUSS = 3.0**-0.5
"""Two nodes at this share of half an interval integrate a cubic exactly."""


class Moving(msgspec.Struct, frozen=True):
    """A parameter under a cue: when it began, from where, and how much slower than written."""

    cue: str
    began: int
    start: ParamValue
    moves: tuple[Move, ...]
    stretch: float = 1.0

    def value(self, at: int) -> ParamValue:
        """The value at nanosecond `at`."""
        elapsed = at - self.began
        if self.stretch != 1.0:
            elapsed = round(elapsed / self.stretch)
        value = self.start
        for move in self.moves:
            value = value_at(move, value, elapsed)
        return value

    def is_over(self, at: int) -> bool:
        """True when nothing changes any more."""
        elapsed = (at - self.began) / self.stretch
        return all(elapsed >= move.delay + move.over for move in self.moves)


class CueStack(msgspec.Struct, frozen=True):
    """The parameters of a scene: resting values, running changes, values that the director
    holds."""

    scene: Scene
    resting: dict[str, ParamValue]
    moving: dict[str, Moving] = {}
    overrides: dict[str, ParamValue] = {}
    holders: dict[str, str] = {}
    """Who set each override, by name."""
    grown: dict[str, tuple[int, float]] = {}
    """For each param that grows, when it was last computed and what it was then."""

    def value(self, param: str, at: int) -> ParamValue:
        """The value of a parameter at nanosecond `at`, without the director's hold."""
        moving = self.moving.get(param)
        return self.resting[param] if moving is None else moving.value(at)

    def values(self, at: int) -> dict[str, ParamValue]:
        """All parameters as outputs get them, with rounded floats."""
        found = dict(self.resting)
        for param, moving in self.moving.items():
            value = moving.value(at)
            found[param] = value if isinstance(value, str) else round(value, 9) + 0.0
        found.update(self.grown_at(at))
        found.update(self.overrides)
        return found

    def grown_at(self, at: int) -> dict[str, float]:
        """The params that grow, at nanosecond `at`."""
        return {
            param.id: settle(self._sum(param, at))
            for param in self.scene.params.values()
            if param.grows_by
        }

    def _sum(self, param: Param, at: int) -> float:
        since, value = self.grown.get(param.id, (0, float(param.default)))
        value += self._integral(param.grows_by, since, at)
        return param.least + (value - param.least) % (param.most - param.least)

    def _integral(self, rate: str, since: int, at: int) -> float:
        """The rate times seconds between two times; exact, since every ease is at most cubic."""
        held, moving = self.overrides.get(rate), self.moving.get(rate)
        if held is not None or moving is None:
            steady = self.resting[rate] if held is None else held
            return 0.0 if isinstance(steady, str) else steady * (at - since) / NS
        ends = [moving.began + round(t * moving.stretch) for move in moving.moves
                for t in (move.delay, move.delay + move.over)]  # fmt: skip
        cuts = [since, *sorted({end for end in ends if since < end < at}), at]
        total = 0.0
        for low, high in pairwise(cuts):
            middle, half = (low + high) / 2, (high - low) / 2
            for node in (-GAUSS, GAUSS):
                value = moving.value(round(middle + node * half))
                total += 0.0 if isinstance(value, str) else value * half / NS
        return total

    def summed(self, at: int) -> CueStack:
        """The same with the sums of what grows brought to nanosecond `at`."""
        sums = {
            param.id: (at, self._sum(param, at))
            for param in self.scene.params.values()
            if param.grows_by
        }
        return msgspec.structs.replace(self, grown=sums) if sums else self


def appeared(stack: CueStack, at: int) -> CueStack:
    """The stack of a set that appears at nanosecond `at`: what grows begins at its default."""
    begun = {
        param.id: (at, float(param.default))
        for param in stack.scene.params.values()
        if param.grows_by
    }
    return msgspec.structs.replace(stack, grown=begun) if begun else stack


def stack_for(scene: Scene, *looks: str | Mapping[str, ParamValue]) -> CueStack:
    """A scene at rest: its defaults under those of these looks that it has (names), or that are
    given as values; the last one on top."""
    resting = scene.defaults()
    for look in looks:
        resting |= scene.looks.get(look, {}) if isinstance(look, str) else look
    return CueStack(scene, {name: _settled(value) for name, value in resting.items()})


def call(stack: CueStack, cue: Cue, at: int, *, over: int | None = None) -> CueStack:
    """The stack after a cue began at nanosecond `at`, stretched to `over` where that is given;
    with `over` 0 its end stands at once."""
    stack = stack.summed(at)
    written = length(cue)
    stretch = over / written if over and written else 1.0
    moving = dict(stack.moving)
    resting = dict(stack.resting)
    for name, old in stack.moving.items():  # what has come to rest need not be computed again
        if old.is_over(at):
            resting[name] = _settled(old.value(at))
            del moving[name]
    for param in dict.fromkeys(move.param for move in cue.moves):
        moves = tuple(move for move in cue.moves if move.param == param)
        begun = Moving(cue.id, at, stack.value(param, at), moves, stretch)
        if over == 0:
            moving.pop(param, None)
            resting[param] = _settled(begun.value(at + written))
        else:
            moving[param] = begun
    return CueStack(stack.scene, resting, moving, stack.overrides, stack.holders, stack.grown)


def recall(
    stack: CueStack, look: str, target: Mapping[str, ParamValue], at: int, *, over: int
) -> CueStack:
    """The stack fading to the values of a look over nanoseconds, from the values that are shown.

    Parameters of the look that the director held are released; cues move them again afterwards.
    """
    stack = stack.summed(at)
    overrides, holders = dict(stack.overrides), dict(stack.holders)
    resting, moving = dict(stack.resting), dict(stack.moving)
    for param in target:
        if param in overrides:
            resting[param] = overrides.pop(param)
            holders.pop(param, None)
            moving.pop(param, None)
    released = CueStack(stack.scene, resting, moving, overrides, holders, stack.grown)
    moves = tuple(Move(param, value, over) for param, value in target.items())
    return call(released, Cue(look, "", moves), at)


def override(
    stack: CueStack, param: str, value: float | None, name: str = "", at: int = 0
) -> CueStack:
    """The stack under the hand of `name` from nanosecond `at` on; None lets go, and an unknown
    param changes nothing."""
    known = stack.scene.params.get(param)
    if known is None:
        return stack
    stack = stack.summed(at)
    overrides, holders = dict(stack.overrides), dict(stack.holders)
    if value is None:
        overrides.pop(param, None)
        holders.pop(param, None)
    else:
        overrides[param] = _within(known, value)
        holders[param] = name
    return CueStack(stack.scene, stack.resting, stack.moving, overrides, holders, stack.grown)


def _within(param: Param, value: float) -> ParamValue:
    if param.kind == "choice":
        index = min(max(0, round(value)), len(param.choices) - 1)
        return param.choices[index]
    return settle(min(param.most, max(param.least, value)))


def _settled(value: ParamValue) -> ParamValue:
    return value if isinstance(value, str) else settle(value)
