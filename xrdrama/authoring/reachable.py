"""The values that variables can have in each beat, and the beats that can be entered with them.

Values are followed along the paths of the story until nothing changes: for each beat, the values
that each variable can have there; for each variable alone, not for combinations. So a condition
that is never true over these values is never true in play; one that seems possible may still be
impossible (`xrdrama prove` searches the combinations). A beat that the director forces counts only
if the story names it under `force:`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from heapq import heappop, heappush
from typing import Final

import msgspec

from xrdrama.authoring.counting import visit_limits
from xrdrama.authoring.covering import scopes
from xrdrama.authoring.graph import story_ways
from xrdrama.authoring.reach import reached_from
from xrdrama.story import Beat, Story
from xrdrama.story.expressions.expression import Expression, Kind, Scope, Value
from xrdrama.story.model import Assign, Detour, Effect, Option
from xrdrama.story.ways import beats_of

MOST_VALUES: Final = 128
"""Most values of a variable that are listed; a variable with more counts as unknown."""
MOST_WORK: Final = 4_000_000
"""Most comparisons and evaluations for one story; after more, every variable is unknown."""

Values = frozenset[Value] | None
"""The values of a variable; None if they are not known."""
State = dict[str, Values]
"""The values of each variable in a beat, and of `visits BEAT` for beats that conditions count."""
CALLERS: Final = "return to"
"""The key of a state that holds the beats to which `return:` can lead."""


class Move(msgspec.Struct, frozen=True):
    """A path out of a beat with its condition and effects."""

    to: str
    condition: Expression | None = None
    effects: tuple[Effect, ...] = ()
    returns: bool = False
    """True for a path whose beats return here: a hidden plot."""


class Reachable(msgspec.Struct, frozen=True):
    """What can happen in a story: the values of variables in each beat that can be entered."""

    story: Story
    states: Mapping[str, State]
    ways: Mapping[str, list[str]]
    """The beats that each beat can lead to, by paths whose conditions can be true."""
    groups: Mapping[str, State] = {}
    """The values with which each storylet group can be entered."""
    complete: bool = True
    """False if the search was given up: then every value counts as possible."""
    asked: dict[tuple[object, ...], frozenset[bool]] = {}
    """The outcomes found, by the code of a condition and the values that it reads."""

    @property
    def beats(self) -> frozenset[str]:
        """The beats that can be entered."""
        return frozenset(self.states)

    @property
    def values(self) -> dict[str, Values]:
        """The values of each variable in the whole story."""
        found: dict[str, Values] = {}
        for variable in self.story.variables:
            joined: Values = frozenset((variable.init,))
            for state in self.states.values():
                here = state[variable.id]
                joined = None if joined is None or here is None else joined | here
            found[variable.id] = joined
        return found

    def outcomes(self, condition: Expression, beat: str) -> frozenset[bool]:
        """The results that a condition can have in a beat, or in a storylet group when one of its
        beats is chosen; both if that is not known."""
        state = self.states.get(beat) or self.groups.get(beat, {})
        keys = [*sorted(condition.reads), *(f"visits {name}" for name in sorted(condition.beats))]
        known = (condition.code, *((key, state.get(key)) for key in keys))
        if known not in self.asked:  # conditions are often alike
            self.asked[known] = self._outcomes(condition, state)
        return self.asked[known]

    def _outcomes(self, condition: Expression, state: State) -> frozenset[bool]:
        found: set[bool] = set()
        for scope in scopes(self.story, state, (condition,)):
            if scope is None:
                return frozenset((True, False))
            found.add(bool(condition.run(scope)))
            if len(found) == 2:
                break
        return frozenset(found)


def moves_of(beat: Beat) -> Iterator[Move]:
    """Every way out of a beat, with its condition and effects; `to` may be a storylet group, and is
    "" for effects in the script."""
    for item in beat.script:
        if isinstance(item, Assign):
            yield Move("", item.condition, item.effects)
        elif isinstance(item, Detour):
            yield Move(item.to, item.condition, returns=True)
    for option in beat.choice.options if beat.choice else ():
        yield from _picked(option)
    otherwise = beat.choice.otherwise if beat.choice else None
    for way in (*beat.exits, *([otherwise] if otherwise else [])):
        yield Move(way.to, way.condition, way.effects)
    for plot in beat.hidden:
        yield Move(plot.to, plot.condition, plot.effects, plot.returns or plot.parallel)


def _picked(option: Option) -> Iterator[Move]:
    if option.detour:
        yield Move(option.detour, option.condition, option.effects, returns=True)
    if option.to:
        yield Move(option.to, option.condition, option.effects)
    if option.to and option.detour:
        yield Move(option.to)  # with the values that the detour has set


def reachable(story: Story) -> Reachable:
    """The beats that can be entered from the story's start, and the values of variables there."""
    return _Search(story).result()


class _Search:
    """Follows values along paths until nothing changes."""

    def __init__(self, story: Story) -> None:
        self.story = story
        beside = _beside(story)
        self.limits = {n: most for n, most in visit_limits(story).items() if n not in beside}
        sets = (move.effects for name in beside for move in moves_of(story.beats[name]))
        plots = (plot.effects for b in story.order for plot in b.hidden if plot.parallel)
        self.unknown = {e.variable for effects in (*sets, *plots) for e in effects}
        """Variables that beats beside the main path set, at any time."""
        self.states: dict[str, State] = {}
        self.groups: dict[str, State] = {}
        self.queue: list[tuple[int, str]] = []
        self.queued: set[str] = set()
        self.prepared: dict[str, list[_Prepared]] = {}
        self.ways: dict[str, list[str]] = {}
        self.shared: _Found = {}
        self.work = 0

    def result(self) -> Reachable:
        """The fixed point of all paths."""
        first: State = {
            one.id: None if one.id in self.unknown else frozenset((one.init,))
            for one in self.story.variables
        }
        first.update({f"visits {name}": frozenset((0,)) for name in self.limits})
        first[CALLERS] = frozenset()
        self.enter(self.story.start, first)
        while self.queue:
            name = heappop(self.queue)[1]
            self.queued.discard(name)
            self.leave(self.story.beats[name])
            if self.work > MOST_WORK:
                return self.given_up()
        return Reachable(self.story, self.states, self.ways, self.groups)

    def given_up(self) -> Reachable:
        """Every beat with unknown values: the story is too large for this search."""
        unknown: State = {variable.id: None for variable in self.story.variables}
        states = dict.fromkeys(self.story.beats, unknown)
        return Reachable(self.story, states, story_ways(self.story), complete=False)

    def enter(self, name: str, state: State, source: str = "") -> None:
        """Begin a beat, or a beat of a storylet group, with these values; its visit counts."""
        group = self.story.storylets.get(name)
        if group is not None:
            self.add(self.groups, name, state)
            ways = [Move(member, self.story.beats[member].when) for member in group.beats]
            if (way := group.otherwise) is not None:
                ways.append(Move(way.to, way.condition, way.effects))
            for move in self.prepare(f"group {name}", ways):
                changes = self.changes(state, move) if move.keys else {}
                if changes is not None and move.to != name:
                    self.enter(move.to, {**state, **changes}, source)
        if name not in self.story.beats:
            return
        if source and name not in self.ways.setdefault(source, []):
            self.ways[source].append(name)
        key = f"visits {name}"
        counted = state.get(key)
        if counted is not None:
            most = self.limits[name]
            state = {**state, key: frozenset(min(most, int(v) + 1) for v in counted)}
        self.join(name, state)

    def join(self, name: str, state: State) -> None:
        """Add values to those of a beat; then its paths are followed again."""
        if self.add(self.states, name, state) and name not in self.queued:
            self.queued.add(name)
            heappush(self.queue, (self.story.beats[name].index, name))

    def add(self, states: dict[str, State], name: str, state: State) -> bool:
        """Add values to those of a beat or group; False if all of them were known."""
        known = states.get(name)
        if known is None:
            states[name] = dict(state)
            return True
        self.work += len(known)
        changed = False
        for key, values in state.items():
            before = known[key]
            if values is before or before is None or (values is not None and values <= before):
                continue
            both = None if values is None else before | values
            many = both is not None and len(both) > MOST_VALUES and key != CALLERS
            known[key] = None if many else both
            changed = True
        return changed

    def leave(self, beat: Beat) -> None:
        """Follow every path out of a beat."""
        state = self.states[beat.id]
        for move in self.prepare(beat.id, moves_of(beat)):
            changes = self.changes(state, move) if move.keys else {}
            if changes is None:
                continue
            after = {**state, **changes}
            if not move.to:
                self.join(beat.id, after)
                continue
            if move.returns:
                after[CALLERS] = frozenset((beat.id,))
            self.enter(move.to, after, beat.id)
        for name in beat.director.force or ():
            self.enter(name, {**state, CALLERS: frozenset()})
        if beat.returns:
            for caller in sorted(map(str, state[CALLERS] or ())):
                self.join(caller, {**state, CALLERS: self.states[caller][CALLERS]})

    def prepare(self, key: str, moves: Iterable[Move]) -> list[_Prepared]:
        """Moves, prepared once for each key."""
        found = self.prepared.get(key)
        if found is None:
            found = self.prepared[key] = [_Prepared(move, self.shared) for move in moves]
        return found

    def changes(self, state: State, move: _Prepared) -> State | None:
        """The values that a move changes; None if its condition cannot be true."""
        known = tuple([state.get(key) for key in move.keys])
        if known not in move.found:
            move.found[known] = self.computed(state, move)
        return move.found[known]

    def computed(self, state: State, move: _Prepared) -> State | None:
        before: dict[str, set[Value]] = {}
        later: dict[str, set[Value]] = {}
        possible = False
        unlisted = {effect.variable: _static(effect) for effect in move.effects}
        for scope in scopes(self.story, state, move.asked):
            self.work += 10
            if scope is None:
                return self.known(unlisted)
            if move.condition is not None and not move.condition.run(scope):
                continue
            possible = True
            for variable in self.story.variables:
                if move.condition is not None and variable.id in move.condition.reads:
                    before.setdefault(variable.id, set()).add(scope.values[variable.slot])
            if move.listed:
                _apply(move.effects, scope, later)
        if not possible:
            return None
        return self.known({**_frozen(before), **(_frozen(later) if move.listed else unlisted)})

    def known(self, changes: State) -> State:
        """Changes without those of variables whose values are unknown everywhere."""
        return {name: values for name, values in changes.items() if name not in self.unknown}


_Found = dict[tuple[object, ...], dict[tuple[Values, ...], State | None]]
"""The changes found for the values that a move reads, by the code of its condition and effects."""


class _Prepared:
    """A move with the keys of a state that it reads, and the changes found for their values."""

    def __init__(self, move: Move, shared: _Found) -> None:
        self.to, self.returns = move.to, move.returns
        self.condition, self.effects = move.condition, move.effects
        self.listed = not any(effect.value.random for effect in move.effects)
        """False if an effect is random: then its whole range is possible."""
        condition = (move.condition,) if move.condition else ()
        self.asked = (*condition, *(one.value for one in move.effects if self.listed))
        reads = sorted({name for one in self.asked for name in one.reads})  # computed ones, too
        counted = sorted({name for one in self.asked for name in one.beats})
        self.keys = [*reads, *(f"visits {name}" for name in counted)]
        if move.effects and not self.keys:
            self.keys = ["-"]  # constant effects read nothing, but change values
        code = [
            *self.keys,
            move.condition.code if move.condition else b"",
            *(part for one in move.effects for part in (one.variable, one.kind, one.value.code)),
        ]
        self.found = shared.setdefault(tuple(code), {})  # moves are often alike


def _beside(story: Story) -> set[str]:
    """The beats that parallel hidden plots play beside the main path."""
    ways = story_ways(story)
    starts = [plot.to for beat in story.order for plot in beat.hidden if plot.parallel]
    begun = {one for to in starts for one in beats_of(story, to)}
    return (begun | reached_from(ways, begun)) & story.beats.keys()


def _apply(effects: tuple[Effect, ...], scope: Scope, found: dict[str, set[Value]]) -> None:
    """Add the values that effects set, one after another as in play."""
    last: dict[str, Value] = {}
    values = scope.values
    assert isinstance(values, list)
    for effect in effects:
        value = clamped(effect.kind, effect.value.run(scope))
        values[effect.slot] = last[effect.variable] = value
    for name, value in last.items():
        found.setdefault(name, set()).add(value)


def _frozen(found: Mapping[str, set[Value]]) -> State:
    return {name: frozenset(values) for name, values in found.items()}


def _static(effect: Effect) -> Values:
    """The values in the static range of an effect."""
    kind, made = effect.kind, effect.value.kind
    if kind.name == "bool":
        return frozenset((False, True))
    if kind.name == "enum":
        return frozenset(kind.words)
    if kind.name != "int":
        return None
    low, high = (int(clamped(kind, end)) for end in (made.least, made.most))
    return frozenset(range(low, high + 1)) if high - low < MOST_VALUES else None


def clamped(kind: Kind, value: Value) -> Value:
    """A value within the range of its variable, as an effect sets it."""
    if not kind.is_number or isinstance(value, str | bool):
        return value
    return type(kind.least)(min(kind.most, max(kind.least, value)))
