"""Plays a Yarn file as Yarn Spinner does: lines, options, commands, line groups, detours.

A playthrough keeps variables, visits and what was seen; each `play` begins at a node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import msgspec

from xrdrama.authoring.yarn.playing.evaluate import Evaluator, Value, YarnError, as_text
from xrdrama.authoring.yarn.playing.markup import Selection, read_markup
from xrdrama.authoring.yarn.reading.check import Checked
from xrdrama.authoring.yarn.reading.tree import (
    At,
    Choice,
    Command,
    Condition,
    Formula,
    Go,
    If,
    Invoke,
    Leave,
    LineGroup,
    Node,
    Once,
    Option,
    Said,
    Set,
    Statement,
    Words,
)

MOST_STEPS = 100_000
"""Statements between two lines, options or commands."""
MOST_DETOURS = 60
MOST_DEPTH = 120
"""Blocks, options and detours that are open at once."""
STRATEGIES = ("first", "best", "best_least_recently_seen")


class YarnLine(msgspec.Struct, frozen=True):
    """A line as it is shown, with the name of its speaker."""

    text: str
    tags: tuple[str, ...]
    at: At


class YarnOption(msgspec.Struct, frozen=True):
    """An option as it is shown; one that is not enabled cannot be picked."""

    text: str
    enabled: bool
    tags: tuple[str, ...]
    at: At


class YarnOptions(msgspec.Struct, frozen=True):
    """Options to pick from."""

    options: tuple[YarnOption, ...]
    at: At


class YarnCommand(msgspec.Struct, frozen=True):
    """A command for the game."""

    text: str
    at: At


T = TypeVar("T")
Shown = YarnLine | YarnOptions | YarnCommand
Play = Iterator[Shown]


class _JumpError(Exception):
    def __init__(self, to: str, at: At) -> None:
        super().__init__(to)
        self.to, self.at = to, at


class _StopError(Exception):
    pass


class _ReturnError(Exception):
    pass


class Machine:
    """A playthrough of a file. `pick` is set between options and the next step: an index, or -1
    when no option is available."""

    def __init__(
        self,
        checked: Checked,
        functions: dict[str, Callable[..., Value]] | None = None,
        strategy: str = "best_least_recently_seen",
        seed: int = 0,
    ) -> None:
        self.checked = checked
        self.strategy = strategy
        self.pick = -1
        self.visits: dict[str, int] = {}
        self.seen: dict[str, int] = {}
        self.used: set[object] = set()
        self.frames: list[str] = []
        self.steps = self.depth = 0
        self.formulas = Evaluator(checked, self.count_of, self.has_content, functions or {}, seed)

    # -- what functions of Yarn ask -----------------------------------------------------------

    def count_of(self, name: str) -> int:
        """How often a node was left; only nodes that are tracked are counted."""
        return self.visits.get(name, 0)

    def has_content(self, name: str) -> bool:
        """True when a node can be entered now: for a group, when one of its nodes can."""
        if name in self.checked.groups:
            return bool(self._available(self.checked.groups[name]))
        return name in self.checked.nodes

    # -- playing ------------------------------------------------------------------------------

    def play(self, start: str) -> Play:
        """What is shown from the beginning of a node on. YarnError for what cannot be played."""
        to, at = start, At(1, 1)
        self.steps = 0
        while to:
            self.depth = 0
            try:
                yield from self._enter(to, at)
                return
            except _JumpError as jump:
                self._leave_all()
                to, at = jump.to, jump.at
            except _StopError:
                self._leave_all()
                return

    def _leave_all(self) -> None:
        while self.frames:
            self._leave()

    def _leave(self) -> None:
        name = self.frames.pop()
        if self._is_tracked(name):
            self.visits[name] = self.visits.get(name, 0) + 1

    def _is_tracked(self, name: str) -> bool:
        group = self.checked.groups.get(name)
        nodes = group or (self.checked.nodes[name],)
        headers = {node.header("tracking") for node in nodes}
        if "never" in headers and (group is None or headers == {"never"}):
            return False
        return name in self.checked.visited or "always" in headers

    def _enter(self, name: str, at: At) -> Play:
        if len(self.frames) >= MOST_DETOURS:
            raise YarnError(at, f"detours are nested deeper than {MOST_DETOURS}")
        group = self.checked.groups.get(name)
        if group is None:
            node = self.checked.nodes.get(name)
            if node is None:
                raise YarnError(at, f"there is no node {name}")
            yield from self._node(node)
            return
        self.frames.append(name)
        chosen = self._choose(
            [(node.name, sum(one.complexity for one in node.when), node) for node in
             self._available(group)]
        )  # fmt: skip
        if chosen is not None:
            if any(condition.once for condition in chosen.when):
                self.used.add(chosen.name)
            yield from self._node(chosen)
        self._leave()

    def _node(self, node: Node) -> Play:
        self.frames.append(node.name)
        depth = self.depth
        try:
            yield from self._run(node.body)
        except _ReturnError:
            self.depth = depth
        self._leave()

    def _available(self, group: Sequence[Node]) -> list[Node]:
        return [
            node
            for node in group
            if all(self._holds(condition, node.name) for condition in node.when)
        ]

    def _holds(self, condition: Condition | None, key: object) -> bool:
        if condition is None:
            return True
        if condition.once and key in self.used:
            return False
        return condition.formula is None or bool(self.formulas.value(condition.formula))

    def _choose(self, candidates: list[tuple[str, int, T]]) -> T | None:
        """The candidate that the strategy prefers; each is an id, a complexity and a thing."""
        if not candidates:
            return None
        if self.strategy == "first":
            return candidates[0][2]
        if self.strategy == "best":
            return max(candidates, key=lambda one: one[1])[2]
        chosen = min(candidates, key=lambda one: (self.seen.get(one[0], 0), -one[1]))
        self.seen[chosen[0]] = self.seen.get(chosen[0], 0) + 1
        return chosen[2]

    def _run(self, body: tuple[Statement, ...]) -> Play:
        self.depth += 1
        yield from self._statements(body)
        self.depth -= 1

    def _statements(self, body: tuple[Statement, ...]) -> Play:
        for one in body:
            if self.depth > MOST_DEPTH:
                raise YarnError(one.at, f"blocks and detours are nested deeper than {MOST_DEPTH}")
            self.steps += 1
            if self.steps > MOST_STEPS:
                raise YarnError(one.at, f"nothing is shown for {MOST_STEPS:,} statements: a loop")
            if isinstance(one, (Said, Choice, LineGroup, If, Once, Go)):
                yield from self._flow(one)
            elif isinstance(one, Leave):
                raise _StopError if one.how == "stop" else _ReturnError
            elif isinstance(one, Command):
                self.steps = 0
                yield YarnCommand(self._plain(one.words), one.at)
            elif isinstance(one, Set):
                self.formulas.variables[one.name] = self.formulas.value(one.value)
            elif isinstance(one, Invoke):
                self.formulas.value(one.call)

    def _flow(self, one: Said | Choice | LineGroup | If | Once | Go) -> Play:
        if isinstance(one, Said):
            return self._line(one)
        if isinstance(one, Choice):
            return self._options(one)
        if isinstance(one, LineGroup):
            return self._group(one)
        if isinstance(one, If):
            return self._if(one)
        return self._once(one) if isinstance(one, Once) else self._go(one)

    def _line(self, said: Said) -> Play:
        if self._holds(said.condition, said.at):
            if said.condition and said.condition.once:
                self.used.add(said.at)
            yield from self._say(said)

    def _say(self, said: Said) -> Play:
        self.steps = 0
        yield YarnLine(self._shown(said.words), said.tags, said.at)

    def _options(self, choice: Choice) -> Play:
        shown: list[YarnOption] = []
        for option in choice.options:
            enabled = self._holds(option.said.condition, option.said.at)
            text = self._shown(option.said.words)
            shown.append(YarnOption(text, enabled, option.said.tags, option.said.at))
        self.steps, self.pick = 0, -1
        yield YarnOptions(tuple(shown), choice.at)
        if not any(one.enabled for one in shown):
            return
        if not 0 <= self.pick < len(shown):
            raise YarnError(choice.at, "no option was picked")
        yield from self._take(choice.options[self.pick], is_line=False)

    def _group(self, group: LineGroup) -> Play:
        chosen = self._choose(
            [
                (
                    f"{option.said.at.line}:{option.said.at.column}",
                    option.said.condition.complexity if option.said.condition else 0,
                    option,
                )
                for option in group.options
                if self._holds(option.said.condition, option.said.at)
            ]
        )
        if chosen is not None:
            yield from self._take(chosen, is_line=True)

    def _take(self, option: Option, *, is_line: bool) -> Play:
        if option.said.condition and option.said.condition.once:
            self.used.add(option.said.at)
        if is_line:
            yield from self._say(option.said)
        yield from self._run(option.body)

    def _if(self, one: If) -> Play:
        for branch in one.branches:
            if branch.formula is None or self.formulas.value(branch.formula):
                yield from self._run(branch.body)
                return

    def _once(self, one: Once) -> Play:
        fits = one.formula is None or self.formulas.value(one.formula)
        if one.at in self.used or not fits:
            yield from self._run(one.otherwise)
            return
        self.used.add(one.at)
        yield from self._run(one.body)

    def _go(self, go: Go) -> Play:
        to = go.to if isinstance(go.to, str) else as_text(self.formulas.value(go.to))
        if go.how == "jump":
            raise _JumpError(to, go.at)
        yield from self._enter(to, go.at)

    # -- texts --------------------------------------------------------------------------------

    def _plain(self, words: Words) -> str:
        return "".join(self._part(part) for part in words.parts).strip()

    def _part(self, part: str | Formula) -> str:
        return part if isinstance(part, str) else as_text(self.formulas.value(part))

    def _shown(self, words: Words) -> str:
        shown = read_markup(words)
        text = "".join(
            self._selected(piece) if isinstance(piece, Selection) else self._part(piece)
            for piece in shown.pieces
        )
        return (f"{shown.speaker}: {text}" if shown.speaker else text).strip()

    def _selected(self, piece: Selection) -> str:
        value = piece.value
        key: str
        if piece.how == "select":
            key = self._part(value)
        else:
            number = float(self._part(value))
            key = cardinal(number) if piece.how == "plural" else ordinal(number)
        return "".join(self._part(part) for part in piece.texts.get(key, ()))


def cardinal(number: float) -> str:
    """The English plural form of a number: one or other."""
    return "one" if abs(number) == 1 else "other"


def ordinal(number: float) -> str:
    """The English form of an ordinal number: one (1st), two (2nd), few (3rd) or other (4th)."""
    number = abs(number)
    if number % 1 or number % 100 in (11, 12, 13):
        return "other"
    return {1: "one", 2: "two", 3: "few"}.get(int(number % 10), "other")
