"""Follows compiled ink from a position and finds what it does, without playing it.

Ink is a program of a stack machine. Its compilers write conditions, alternatives and options in a
few fixed patterns, which are recognised here; what is not recognised is listed.
"""

from __future__ import annotations

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
from xrdrama.authoring.exchange.twee.nodes import Book
from xrdrama.authoring.ink.nodes import (
    Back,
    Branch,
    Break,
    Edge,
    Finish,
    Fork,
    Glue,
    Goto,
    Pick,
    Put,
    Say,
    Show,
    Tag,
    Tunnel,
    says,
)
from xrdrama.authoring.ink.reading import Container, Ink, Spot, walk
from xrdrama.document.names import as_name, is_name
from xrdrama.errors import UsageError

MOST_STEPS: Final = 400_000
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


class Flow:
    """Reads stretches of a story. Names of variables, and what is lost, are kept in it."""

    def __init__(self, ink: Ink, book: Book) -> None:
        self.ink, self.book = ink, book
        self.steps = self.rolls = self.unknown = 0
        self.names: dict[str, str] = {}
        self._taken: set[str] = set()
        self.counted: dict[int, str] = {}
        """The variables that count the visits of containers, by the container."""
        self.keep: list[Container] = []
        self.known: dict[Any, list[tuple[Any, Spot]]] = {}
        self.places: dict[Spot, int] = {}
        """Numbers of the positions that are values of variables."""
        for name in ink.names:
            self.variable(name)
        self._find_counted()

    def variable(self, name: str) -> str:
        """The name of a variable of ink in the story."""
        if name not in self.names:
            self.names[name] = self.fresh(name)
        return self.names[name]

    def fresh(self, wish: str) -> str:
        """A name of a variable that is not taken, like `wish`."""
        stem = as_name(wish)[:40].strip("_")
        stem = stem if is_name(stem) and stem not in _RESERVED else f"value_{stem}"[:40].strip("_")
        stem = stem if is_name(stem) else "value"
        made, count = stem, 1
        while made in self._taken or made in _RESERVED:
            count += 1
            made = f"{stem}_{count}"
        self._taken.add(made)
        return made

    def lose(self, at: Spot, what: str) -> None:
        """List what is not carried over, with the path in the compiled ink."""
        self.book.lose(1, f"{at.path or 'the beginning'}: {what}")

    def _find_counted(self) -> None:
        for container, _, item in walk(self.ink.root):
            asked: Container | None = None
            if isinstance(item, dict) and isinstance(item.get("^->"), str):
                place = self.ink.spot(item["^->"], container)
                if place is not None and ".$r" not in item["^->"]:
                    self.places.setdefault(place, len(self.places) + 1)
            if item == "visit":
                asked = container
            elif isinstance(item, dict) and isinstance(item.get("CNT?"), str):
                spot = self.ink.spot(item["CNT?"], container)
                asked = spot.container if spot else None
                if spot and spot.index < len(spot.container.items):
                    inner = spot.container.items[spot.index]
                    last = item["CNT?"].rpartition(".")[2]
                    asked = inner if last.isdecimal() and isinstance(inner, Container) else asked
            if asked is not None and id(asked) not in self.counted:
                words = [word for word in asked.path.split(".") if not word.isdecimal()]
                self.counted[id(asked)] = self.fresh(f"visits {' '.join(words) or 'start'}")
                self.keep.append(asked)

    def entering(self, before: Spot | None, to: Spot) -> list[Put]:
        """The counts that a divert changes, as ink's runtime does."""
        known: set[int] = set()
        if before is not None:
            known = {id(before.container), *(id(one) for one in before.container.ancestors())}
        found: list[Put] = []
        at: Container | None = to.container
        at_start = to.index == 0
        while at is not None and (id(at) not in known or at.flags & 4):
            if (not at.flags & 4 or at_start) and at.flags & 1:
                found += self.count(at)
            parent = at.parent
            at_start = at_start and parent is not None and bool(parent.items) \
                and parent.items[0] is at  # fmt: skip
            at = parent
        return found

    def count(self, container: Container) -> list[Put]:
        """One more visit of a container, if anything asks for it."""
        name = self.counted.get(id(container))
        if name is None:
            return []
        return [Put(name, Binary("+", Name(name), Number("1")))]

    def read(self, spot: Spot, stack: tuple[Tree, ...] = ()) -> list[tuple[Any, Spot]]:
        """What is done from a position to an end, each node with the position behind it. `stack`:
        the values that were computed before."""
        key = (spot, stack)
        if key not in self.known:
            reader = _Reader(self, {})
            reader.stack = list(stack)
            try:
                self.known[key] = reader.read(spot, None, 0)
            except StructureError:
                self.lose(spot, "this content, whose conditions and diverts are not recognised")
                self.known[key] = [(Finish(), spot)]
        return self.known[key]


class _Reader:
    def __init__(
        self, flow: Flow, known: dict[str, Any], calls: tuple[str, ...] = ()
    ) -> None:
        self.flow, self.known, self.calls = flow, known, calls
        self.stack: list[Any] = []
        self.evaluating = False
        self.result: Any = None

    def read(
        self, spot: Spot, stop: Spot | None, depth: int, *, function: bool = False
    ) -> list[tuple[Any, Spot]]:
        nodes: list[tuple[Any, Spot]] = []
        outs: list[list[tuple[Any, Spot]]] = [nodes]
        at, flow = spot, self.flow
        while at != stop:
            flow.steps += 1
            if flow.steps > MOST_STEPS or depth > 40:
                raise UsageError("this ink story is too large or too entangled to be imported",
                                 "divide it into several files, or play it as it is: xrdrama play")  # fmt: skip
            items = at.container.items
            if at.index >= len(items):
                up = at.container.parent
                if up is None or not at.container.key.isdecimal():
                    nodes.append((Finish(), at))
                    return nodes
                at = Spot(up, int(at.container.key) + 1)
                continue
            item, here = items[at.index], at
            at = Spot(at.container, at.index + 1)
            if isinstance(item, Container):
                for put in flow.count(item):
                    outs[-1].append((put, at))
                at = Spot(item, 0)
            elif isinstance(item, str):
                if item in ("done", "end"):
                    nodes.append((Finish(), at))
                    return nodes
                if item == "->->":
                    if self.stack and isinstance(self.stack[-1], Target):
                        flow.lose(here, "a tunnel that returns to another place: it returns")
                    nodes.append((Back(), at))
                    return nodes
                if item == "~ret":
                    if depth or not function:
                        raise StructureError
                    self.result = self.pop()
                    return nodes
                if item == "thread":
                    flow.lose(here, "a thread <-: its text and options are left out")
                    at = Spot(at.container, at.index + 1)
                    continue
                self._word(item, here, at, outs)
            elif isinstance(item, dict):
                moved = self._object(item, here, at, outs, depth, function, stop)
                if moved is None:
                    continue
                if isinstance(moved, Spot):
                    at = moved
                    continue
                nodes += [(one, at) for one in moved]
                return nodes
            elif self.evaluating or isinstance(item, bool):
                self.stack.append(_constant(item))
            else:
                self.stack.append(_constant(item))
        return nodes

    # -- words ----------------------------------------------------------------------------------

    def pop(self) -> Any:
        return self.stack.pop() if self.stack else self.unknown("a value that is not there")

    def unknown(self, what: str, at: Spot | None = None) -> Tree:
        """A variable in place of a value that cannot be carried over."""
        self.flow.unknown += 1
        name = self.flow.variable(f"condition_{self.flow.unknown}")
        where = at or Spot(self.flow.ink.root, 0)
        self.flow.lose(where, f"{what}: the variable {name} is there instead; set it yourself")
        return Name(name)

    def tree(self, value: Any, at: Spot) -> Tree:
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

    def _word(self, item: str, here: Spot, at: Spot, outs: list[list[tuple[Any, Spot]]]) -> None:
        flow, stack, out = self.flow, self.stack, outs[-1]
        if item.startswith("^"):
            out.append((Say(item[1:]), at))
        elif item == "\n":
            out.append((Break(), at))
        elif item == "<>":
            out.append((Glue(), at))
        elif item in ("ev", "/ev"):
            self.evaluating = item == "ev"
        elif item in ("str", "#"):
            outs.append([])
        elif item in ("/str", "/#") and len(outs) > 1:
            found = outs.pop()
            if item == "/str":
                puts = [one for one in found if isinstance(one[0], Put)]
                outs[-1].extend(puts)
                stack.append(Words([one for one in found if not isinstance(one[0], Put)]))
            else:
                said = "".join(n.text for n, _ in found if isinstance(n, Say)).strip()
                if any(not isinstance(n, Say) for n, _ in found):
                    flow.lose(here, f"a tag that changes: {said}")
                outs[-1].append((Tag(said), at))
        elif item == "out":
            value = self.pop()
            if isinstance(value, Words):
                out.extend(value.nodes)
            elif value is not None:
                tree = self.tree(value, here)
                out.append((_shown(tree), at))
        elif item == "pop":
            if stack:
                stack.pop()
        elif item == "du":
            stack.append(stack[-1] if stack else None)
        elif item == "void":
            stack.append(None)
        elif item == "visit":
            name = flow.counted[id(here.container)]
            stack.append(Binary("-", Name(name), Number("1")))
        elif item == "seq":
            count = self.pop()
            self.pop()
            flow.rolls += 1
            name = flow.variable(f"chance_{flow.rolls}")
            most = int(count.text) - 1 if isinstance(count, Number) else 1
            out.append((Put(name, Call("random", (Number("0"), Number(str(max(0, most)))))), at))
            flow.lose(here, "a shuffle: each is chosen by chance, also the same one again")
            stack.append(Name(name))
        elif item == "rnd":
            most, least = (self.tree(self.pop(), here) for _ in range(2))
            flow.rolls += 1
            name = flow.variable(f"chance_{flow.rolls}")
            out.append((Put(name, Call("random", (least, most))), at))
            stack.append(Name(name))
        elif item == "srnd":
            self.pop()
            stack.append(None)
            flow.lose(here, "SEED_RANDOM: seeds are set when a story is played")
        elif item in _SIGNS:
            other, one = self.tree(self.pop(), here), self.tree(self.pop(), here)
            stack.append(Binary(_SIGNS[item], one, other))
        elif item in ("MIN", "MAX"):
            other, one = self.tree(self.pop(), here), self.tree(self.pop(), here)
            stack.append(Call(item.lower(), (one, other)))
        elif item in ("!", "_"):
            stack.append(Unary("not" if item == "!" else "-", self.tree(self.pop(), here)))
        elif item in _OTHER:
            for _ in range(_OTHER[item]):
                self.pop()
            stack.append(self.unknown(f"the operation {item}", here))
        elif item != "nop":
            flow.lose(here, f"the instruction {item[:30]}")

    # -- objects --------------------------------------------------------------------------------

    def _object(
        self, item: dict[str, Any], here: Spot, at: Spot, outs: list[list[tuple[Any, Spot]]],
        depth: int, function: bool, stop: Spot | None,
    ) -> Any:  # fmt: skip
        """Where this continues; None for the next item; nodes for an end."""
        flow, out = self.flow, outs[-1]
        if "->" in item:
            return self._divert(item, here, at, outs, depth, function, stop)
        if "VAR?" in item or "VAR=" in item or "temp=" in item:
            self._variable(item, here, at, out)
        elif "*" in item:
            self._pick(item, here, at, out)
        elif "^->" in item:
            self.stack.append(Target(flow.ink.spot(str(item["^->"]), here.container)))
        elif "CNT?" in item:
            spot = flow.ink.spot(str(item["CNT?"]), here.container)
            name = self._counter(str(item["CNT?"]), spot)
            self.stack.append(Name(name) if name else Number("0"))
        elif "f()" in item:
            self._call(str(item["f()"]), here, at, out)
        elif "x()" in item:
            for _ in range(int(item.get("exArgs", 0) or 0)):
                self.pop()
            name = str(item["x()"])
            self.stack.append(self.unknown(f"the function {name}() of the game", here))
        elif "->t->" in item:
            path = str(item["->t->"])
            spot = None if item.get("var") else flow.ink.spot(path, here.container)
            made = flow.names.get(path if path in flow.ink.names else f"{self._knot(here)} {path}")
            if spot is None and made is not None and flow.places and item.get("var"):
                branch: tuple[Any, ...] = ()
                for place, number in flow.places.items():
                    asked = Binary("==", Name(made), Number(str(number)))
                    inner = (*flow.entering(here, place), Tunnel(place))
                    branch = (Branch(((asked, inner), (None, branch))),)
                out.extend((node, at) for node in branch)
            elif spot is None:
                flow.lose(here, "a tunnel to a variable place")
            else:
                out.extend((put, at) for put in self._arguments(spot, here))
                out.extend((put, at) for put in flow.entering(here, spot))
                out.append((Tunnel(spot), at))
        elif "#" in item:
            out.append((Tag(str(item["#"])), at))
        elif "list" in item:
            self.stack.append(self.unknown("a list", here))
        elif "^var" in item:
            name = str(item["^var"])
            known = self.known.get(name)
            temporary = f"{self._knot(here)} {name}"
            made = flow.variable(name if name in flow.ink.names else temporary)
            self.stack.append(known if isinstance(known, Reference) else Reference(made))
        else:
            flow.lose(here, f"an object of ink: {str(item)[:60]}")
        return None

    def _counter(self, path: str, spot: Spot | None) -> str:
        if spot is None:
            return ""
        asked = spot.container
        if path.rpartition(".")[2].isdecimal() and spot.index < len(asked.items):
            inner = asked.items[spot.index]
            asked = inner if isinstance(inner, Container) else asked
        return self.flow.counted.get(id(asked), "")

    def _knot(self, at: Spot) -> str:
        return next((w for w in at.path.split(".") if w and not w.isdecimal()), "start")

    def _variable(
        self, item: dict[str, Any], here: Spot, at: Spot, out: list[tuple[Any, Spot]]
    ) -> None:
        flow = self.flow
        if "VAR?" in item:
            name = str(item["VAR?"])
            temporary = f"{self._knot(here)} {name}"
            if isinstance(self.known.get(name), Reference):
                self.stack.append(Name(self.known[name].name))
            elif name in flow.ink.names:
                self.stack.append(Name(flow.variable(name)))
            elif temporary in flow.names:
                self.stack.append(Name(flow.names[temporary]))
            else:
                self.stack.append(self.unknown(f"{name}, an item of a list", here))
            return
        if "temp=" in item and str(item["temp="]) == "$r":
            self.known["$r"] = self.pop()
            return
        glob = "VAR=" in item
        name = str(item["VAR="] if glob else item["temp="])
        if not glob and name in flow.ink.names and item.get("re"):
            glob = True
        made = flow.variable(name if glob else f"{self._knot(here)} {name}")
        if isinstance(self.known.get(name), Reference):
            if not self.stack:
                return
            made = self.known[name].name
        if not self.stack and not glob:
            return  # a parameter: whoever comes here has set it
        value = self.pop()
        if value is None:
            flow.lose(here, f"{name} gets nothing")
            return
        out.append((Put(made, self.tree(value, here)), at))

    def _arguments(
        self, to: Spot, here: Spot, references: dict[str, Any] | None = None
    ) -> list[Put]:
        """The values on the stack, for the parameters of a knot."""
        found: list[Put] = []
        if references is None:
            references = {}
            if any(isinstance(one, Reference) for one in self.stack):
                self.flow.lose(here, "ref: a variable as the parameter of a knot")
        for item in to.container.items[to.index :]:
            if not (isinstance(item, dict) and "temp=" in item and self.stack):
                break
            value = self.stack.pop()
            if isinstance(value, Reference):
                references[str(item["temp="])] = value
                continue
            name = self.flow.variable(f"{self._knot(to)} {item['temp=']}")
            found.append(Put(name, self.tree(value, here)))
        return found

    def _call(self, path: str, here: Spot, at: Spot, out: list[tuple[Any, Spot]]) -> None:
        """A function of ink: what it does is done here."""
        spot = self.flow.ink.spot(path, here.container)
        if spot is None or path in self.calls or len(self.calls) >= MOST_CALLS:
            for given in spot.container.items if spot else ():
                if isinstance(given, dict) and "temp=" in given and self.stack:
                    self.pop()
            self.stack.append(self.unknown(f"the function {path}(), which calls itself", here))
            return
        references: dict[str, Any] = {}
        puts = self._arguments(spot, here, references)
        inner = _Reader(self.flow, references, (*self.calls, path))
        try:
            nodes = inner.read(spot, None, 0, function=True)
            if nodes and isinstance(nodes[-1][0], Finish):
                nodes.pop()
            if any(isinstance(node, Goto | Fork | Back | Tunnel | Pick) for node, _ in nodes):
                raise StructureError
        except StructureError:
            self.stack.append(self.unknown(f"the function {path}()", here))
            return
        out.extend((put, at) for put in puts)
        said = says(_plain(nodes))
        out.extend([(Edge(True), at)] if said else [])
        out.extend((node, at) for node, _ in nodes if said or not isinstance(node, Break))
        out.extend([(Edge(False), at)] if said else [])
        self.stack.append(inner.result)

    def _pick(
        self, item: dict[str, Any], here: Spot, at: Spot, out: list[tuple[Any, Spot]]
    ) -> None:
        flags = item.get("flg", 0)
        flags = flags if isinstance(flags, int) else 0
        condition = self.tree(self.pop(), here) if flags & 1 else None
        only = self.pop() if flags & 4 else None
        begin = self.pop() if flags & 2 else None
        label: list[Any] = []
        for words in (begin, only):
            if isinstance(words, Words):
                label += [node for node, _ in words.nodes]
            elif words is not None:
                label.append(Show(self.tree(words, here)))
        to = self.flow.ink.spot(str(item["*"]), here.container)
        if to is None:
            self.flow.lose(here, "an option that leads nowhere")
            return
        effects = tuple(self.flow.entering(here, to))
        pick = Pick(tuple(label), condition, bool(flags & 16), bool(flags & 8), to, here, effects)
        out.append((pick, at))

    def _divert(
        self, item: dict[str, Any], here: Spot, at: Spot, outs: list[list[tuple[Any, Spot]]],
        depth: int, function: bool, stop: Spot | None,
    ) -> Any:  # fmt: skip
        flow = self.flow
        path = str(item["->"])
        if item.get("var"):
            target = self.known.get(path)
            if path == "$r" and isinstance(target, Target) and target.spot is not None:
                return target.spot
            made = flow.names.get(path if path in flow.ink.names else f"{self._knot(here)} {path}")
            if made is None or not flow.places or len(outs) > 1:
                flow.lose(here, f"a divert to the place that {path} names: the story ends there")
                return [Finish()]
            given = tuple(o for o in self.stack if not isinstance(o, Words | Target | Reference | None))
            arms = [
                (Binary("==", Name(made), Number(str(number))), place, given)
                for place, number in flow.places.items()
            ]
            return [Fork((*arms[:-1], (None, arms[-1][1], given)))]
        to = flow.ink.spot(path, here.container)
        if to is None:
            flow.lose(here, f"a divert to {path}, which does not exist: the story ends there")
            return [Finish()]
        if item.get("c"):
            return self._condition(to, here, at, outs, depth, function, stop)
        if to.container.key == "s" and "$r" in self.known:
            return to
        if to == stop or (to.container.key == "b" and to.container.parent is here.container):
            return to  # the end of an arm, or the arm that is taken otherwise
        if len(outs) > 1:
            raise StructureError
        puts = self._arguments(to, here)
        return [*puts, *flow.entering(here, to), Goto(to)]

    def _condition(
        self, to: Spot, here: Spot, at: Spot, outs: list[list[tuple[Any, Spot]]],
        depth: int, function: bool, stop: Spot | None,
    ) -> Any:  # fmt: skip
        """An arm and what is otherwise: inside the script when both meet again."""
        condition = self.tree(self.pop(), here)
        stack, known = list(self.stack), dict(self.known)
        try:
            arm = self.read(to, None, depth + 1, function=function)
            end = arm.pop()[0] if arm else None
            join = end.to if isinstance(end, Goto) else None
            if join is None or not _is_behind(join, here):
                raise StructureError
            left = self.stack
            self.stack, self.known = list(stack), dict(known)
            other = self.read(at, join, depth + 1, function=function)
            self.stack = min(self.stack, left, key=len)
            if any(isinstance(node, Goto | Fork | Finish | Back) for node, _ in [*arm, *other]):
                raise StructureError
        except StructureError:
            if len(outs) > 1 or function:
                raise StructureError from None
            self.stack, self.known = stack, known
            if depth:
                raise
            kept = tuple(one for one in stack if not isinstance(one, Words | Target | Reference | None))
            return [Fork(((condition, to, kept), (None, at, kept)))]
        arms = ((condition, _plain(arm)), (None, _plain(other)))
        outs[-1].append((Branch(arms), join))
        return join


def _plain(nodes: list[tuple[Any, Spot]]) -> tuple[Any, ...]:
    return tuple(node for node, _ in nodes)


def _is_behind(join: Spot, here: Spot) -> bool:
    """True when a position is behind another one, in its container or one around it."""
    container, index = here.container, here.index
    while container is not join.container:
        if container.parent is None or not container.key.isdecimal():
            return False
        container, index = container.parent, int(container.key)
    return index < join.index


def _constant(item: Any) -> Any:
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


_RESERVED = frozenset(
    "and as assert async await break class continue def del elif else except finally for from "
    "global if import in is lambda nonlocal not or pass raise return try while with yield none "
    "true false visits seen min max random votes".split()
)
