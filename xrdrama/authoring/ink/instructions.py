"""The instructions of ink's stack machine: what they do to values and to what is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from xrdrama.authoring.exchange.twee.expressions import (
    Binary,
    Call,
    Name,
    Number,
    Text,
    Tree,
    Truth,
    Unary,
)
from xrdrama.authoring.ink.nodes import (
    Break,
    Glue,
    Put,
    Say,
    Show,
    Tag,
)
from xrdrama.authoring.ink.reading import Spot

MOST_STEPS: Final = 400_000
MOST_DEPTH: Final = 40
"""Conditions inside conditions."""
MOST_CALLS: Final = 8
"""Functions inside functions."""
_SIGNS: Final = {"+": "+", "-": "-", "*": "*", "/": "/", "%": "%", "==": "==", "!=": "!=",
                 "<": "<", ">": ">", "<=": "<=", ">=": ">=", "&&": "and", "||": "or"}  # fmt: skip
_OTHER: Final = {
    "?": 2, "!?": 2, "L^": 2, "POW": 2, "FLOOR": 1, "CEILING": 1, "INT": 1, "FLOAT": 1,
    "LIST_COUNT": 1, "LIST_MIN": 1, "LIST_MAX": 1, "LIST_ALL": 1, "LIST_INVERT": 1,
    "LIST_VALUE": 1, "listInt": 2, "range": 3, "lrnd": 1, "turns": 1, "readc": 1, "turn": 0,
    "choiceCnt": 0,
}  # fmt: skip
"""Operations without a counterpart, and how many values they take."""


class StructureError(Exception):
    """A stretch of ink whose ways on cannot be written inside a script."""


class Words:
    """A text that was put together as a value."""

    def __init__(self, nodes: list[Any]) -> None:
        self.nodes = nodes


class Target:
    """A position as a value."""

    def __init__(self, spot: Spot | None) -> None:
        self.spot = spot


class Reference:
    """A variable itself as a value: `ref`."""

    def __init__(self, name: str) -> None:
        self.name = name


Nodes = list[tuple[Any, Spot]]
"""Nodes with the positions behind them."""


class Instructions:
    """Values on the stack, and nodes. `known` is what is known of the variables of the place,
    `calls` the functions that are being called."""

    def __init__(self, flow: Any, known: dict[str, Any], calls: tuple[str, ...] = ()) -> None:
        self.flow, self.known, self.calls = flow, known, calls
        self.stack: list[Any] = []
        self.result: Any = None
        self.outs: list[Nodes] = []
        """Where nodes are added: the last one is a text or a tag that is put together."""
        self.stop: Spot | None = None
        self.depth, self.function = 0, False

    # -- values ---------------------------------------------------------------------------------

    def pop(self) -> Any:
        """The last value; without one, a variable in its place."""
        return self.stack.pop() if self.stack else self.unknown("a value that is not there")

    def unknown(self, what: str, at: Spot | None = None) -> Tree:
        """A variable in place of a value that cannot be carried over."""
        self.flow.unknown += 1
        name = self.flow.variable(f"condition_{self.flow.unknown}")
        where = at or Spot(self.flow.ink.root, 0)
        self.flow.lose(where, f"{what}: the variable {name} is there instead; set it yourself")
        return Name(name)

    def tree(self, value: Any, at: Spot) -> Tree:
        """A value as an expression."""
        if isinstance(value, Words):
            parts = [node for node, _ in value.nodes]
            if all(isinstance(node, Say) for node in parts):
                return Text("".join(node.text for node in parts))
            return self.unknown("a text that is put together", at)
        if isinstance(value, Target):
            return Number(str(self.flow.places.get(value.spot, 0) if value.spot else 0))
        if isinstance(value, Reference):
            return Name(value.name)
        return value if value is not None else Number("0")

    # -- words ----------------------------------------------------------------------------------

    def _word(self, item: str, here: Spot, at: Spot) -> None:
        out = self.outs[-1]
        if item.startswith("^"):
            out.append((Say(item[1:]), at))
        elif item in _PLAIN:
            out.append((_PLAIN[item], at))
        elif item in _SIGNS:
            other, one = self.tree(self.pop(), here), self.tree(self.pop(), here)
            self.stack.append(Binary(_SIGNS[item], one, other))
        elif item in ("MIN", "MAX"):
            other, one = self.tree(self.pop(), here), self.tree(self.pop(), here)
            self.stack.append(Call(item.lower(), (one, other)))
        elif item in _NOT:
            self.stack.append(Unary(_NOT[item], self.tree(self.pop(), here)))
        elif item in _OTHER:
            for _ in range(_OTHER[item]):
                self.pop()
            self.stack.append(self.unknown(f"the operation {item}", here))
        elif item in _WORDS:
            _WORDS[item](self, here, at)
        elif item not in ("nop", "ev", "/ev"):
            self.flow.lose(here, f"the instruction {item[:30]}")

    def _begin_text(self, here: Spot, at: Spot) -> None:
        self.outs.append([])

    def _end_text(self, here: Spot, at: Spot) -> None:
        found = self.outs.pop() if len(self.outs) > 1 else []
        self.outs[-1].extend(one for one in found if isinstance(one[0], Put))
        self.stack.append(Words([one for one in found if not isinstance(one[0], Put)]))

    def _end_tag(self, here: Spot, at: Spot) -> None:
        found = self.outs.pop() if len(self.outs) > 1 else []
        said = "".join(n.text for n, _ in found if isinstance(n, Say)).strip()
        if any(not isinstance(n, Say) for n, _ in found):
            self.flow.lose(here, f"a tag that changes: {said}")
        self.outs[-1].append((Tag(said), at))

    def _out(self, here: Spot, at: Spot) -> None:
        value = self.pop()
        if isinstance(value, Words):
            self.outs[-1].extend(value.nodes)
        elif value is not None:
            self.outs[-1].append((_shown(self.tree(value, here)), at))

    def _drop(self, here: Spot, at: Spot) -> None:
        del self.stack[-1:]

    def _twice(self, here: Spot, at: Spot) -> None:
        self.stack.append(self.stack[-1] if self.stack else None)

    def _nothing(self, here: Spot, at: Spot) -> None:
        self.stack.append(None)

    def _visit(self, here: Spot, at: Spot) -> None:
        name = self.flow.counted[id(here.container)]
        self.stack.append(Binary("-", Name(name), Number("1")))

    def _shuffle(self, here: Spot, at: Spot) -> None:
        count = self.pop()
        self.pop()
        most = int(float(count.text)) - 1 if isinstance(count, Number) else 1
        self._roll(Number("0"), Number(str(max(0, most))), at)
        self.flow.lose(here, "a shuffle: each is chosen by chance, also the same one again")

    def _random(self, here: Spot, at: Spot) -> None:
        most, least = (self.tree(self.pop(), here) for _ in range(2))
        self._roll(least, most, at)

    def _roll(self, least: Tree, most: Tree, at: Spot) -> None:
        """A variable that is set to a random number."""
        self.flow.rolls += 1
        name = self.flow.variable(f"chance_{self.flow.rolls}")
        self.outs[-1].append((Put(name, Call("random", (least, most))), at))
        self.stack.append(Name(name))

    def _seed(self, here: Spot, at: Spot) -> None:
        self.pop()
        self.stack.append(None)
        self.flow.lose(here, "SEED_RANDOM: seeds are set when a story is played")


_PLAIN: dict[str, Any] = {"\n": Break(), "<>": Glue()}
_NOT = {"!": "not", "_": "-"}
_WORDS: dict[str, Callable[[Instructions, Spot, Spot], None]] = {
    "str": Instructions._begin_text, "#": Instructions._begin_text, "/str": Instructions._end_text,
    "/#": Instructions._end_tag, "out": Instructions._out, "pop": Instructions._drop,
    "du": Instructions._twice,
    "void": Instructions._nothing, "visit": Instructions._visit, "seq": Instructions._shuffle,
    "rnd": Instructions._random, "srnd": Instructions._seed,
}  # fmt: skip


def constant_of(item: Any) -> Any:
    """A number or a truth as an expression; None for anything else."""
    if isinstance(item, bool):
        return Truth(item)
    if isinstance(item, int | float):
        text = f"{item:.7f}".rstrip("0") if isinstance(item, float) else str(item)
        text = f"{text}0" if text.endswith(".") else text
        return Unary("-", Number(text[1:])) if text.startswith("-") else Number(text)
    return None


def _shown(tree: Tree) -> Any:
    if isinstance(tree, Text | Number):
        return Say(tree.text)
    if isinstance(tree, Truth):
        return Say("true" if tree.value else "false")
    return Show(tree)
