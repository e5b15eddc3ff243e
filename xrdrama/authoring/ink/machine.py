"""Ink's stack machine, followed without playing: what a stretch of compiled ink does.

Ink's compilers write conditions, alternatives and options in a few fixed patterns, which are
recognised here; what is not recognised is listed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xrdrama.authoring.exchange.twee.expressions import (
    Binary,
    Name,
    Number,
    Tree,
)
from xrdrama.authoring.ink.instructions import (
    MOST_CALLS,
    MOST_DEPTH,
    MOST_STEPS,
    Instructions,
    Nodes,
    Reference,
    StructureError,
    Target,
    Words,
    constant_of,
)
from xrdrama.authoring.ink.nodes import (
    Back,
    Branch,
    Break,
    Edge,
    Finish,
    Fork,
    Goto,
    Pick,
    Put,
    Show,
    Tag,
    Tunnel,
    says,
)
from xrdrama.authoring.ink.reading import Container, Spot
from xrdrama.errors import UsageError


class Reader(Instructions):
    """Reads one stretch of content."""

    def read(self, spot: Spot, stop: Spot | None, depth: int, *, function: bool = False) -> Nodes:
        """The nodes up to an end, or to `stop`. `depth`: inside how many conditions.

        StructureError when the ways on cannot be written inside a script.
        """
        kept = self.outs, self.stop, self.depth, self.function
        nodes: Nodes = []
        self.outs, self.stop, self.depth, self.function = [nodes], stop, depth, function
        try:
            self._read(spot, nodes)
        finally:
            self.outs, self.stop, self.depth, self.function = kept
        return nodes

    def _read(self, at: Spot, nodes: Nodes) -> None:
        while at != self.stop:
            self.flow.steps += 1
            if self.flow.steps > MOST_STEPS or self.depth > MOST_DEPTH:
                raise UsageError(
                    "this ink story is too large or too entangled to be imported",
                    "divide it into several files, or play it as it is: xrdrama play",
                )
            behind = Spot(at.container, at.index + 1)
            if at.index >= len(at.container.items):
                up = at.container.parent
                if up is None or not at.container.key.isdecimal():
                    nodes.append((Finish(), at))
                    return
                at = Spot(up, int(at.container.key) + 1)
                continue
            moved = self._item(at.container.items[at.index], at, behind)
            if isinstance(moved, list):
                nodes += [(one, behind) for one in moved]
                return
            at = behind if moved is None else moved

    def _item(self, item: Any, here: Spot, at: Spot) -> Spot | list[Any] | None:
        """Where this continues; None for the next item; nodes for an end."""
        if isinstance(item, Container):
            self.outs[-1].extend((put, at) for put in self.flow.count(item))
            return Spot(item, 0)
        if isinstance(item, str):
            if item in _ENDS:
                return self._ends(item, here)
            self._word(item, here, at)
            return None
        if isinstance(item, dict):
            return self._object(item, here, at)
        self.stack.append(constant_of(item))
        return None

    def _ends(self, item: str, here: Spot) -> Spot | list[Any] | None:
        if item == "thread":
            self.flow.lose(here, "a thread <-: its text and options are left out")
            return Spot(here.container, here.index + 2)
        if item == "~ret":
            if self.depth or not self.function:
                raise StructureError
            self.result = self.pop()
            return []
        if item == "->->":
            if self.stack and isinstance(self.stack[-1], Target):
                self.flow.lose(here, "a tunnel that returns to another place: it returns")
            return [Back()]
        return [Finish()]

    # -- objects --------------------------------------------------------------------------------

    def _object(self, item: dict[str, Any], here: Spot, at: Spot) -> Spot | list[Any] | None:
        if "->" in item:
            return self._divert(item, here, at)
        for key, do in _OBJECTS.items():
            if key in item:
                do(self, item, here, at)
                return None
        self.flow.lose(here, f"an object of ink: {str(item)[:60]}")
        return None

    def _place(self, item: dict[str, Any], here: Spot, at: Spot) -> None:
        self.stack.append(Target(self.flow.ink.spot(str(item["^->"]), here.container)))

    def _count(self, item: dict[str, Any], here: Spot, at: Spot) -> None:
        path = str(item["CNT?"])
        name = self.flow.counter(path, here.container)
        self.stack.append(Name(name) if name else Number("0"))

    def _external(self, item: dict[str, Any], here: Spot, at: Spot) -> None:
        given = item.get("exArgs", 0)
        for _ in range(min(len(self.stack), given) if isinstance(given, int) else 0):
            self.pop()
        name = str(item["x()"])
        self.stack.append(self.unknown(f"the function {name}() of the game", here))

    def _old_tag(self, item: dict[str, Any], here: Spot, at: Spot) -> None:
        self.outs[-1].append((Tag(str(item["#"])), at))

    def _list(self, item: dict[str, Any], here: Spot, at: Spot) -> None:
        self.stack.append(self.unknown("a list", here))

    def _reference(self, item: dict[str, Any], here: Spot, at: Spot) -> None:
        name = str(item["^var"])
        known = self.known.get(name)
        made = self.flow.variable(name if name in self.flow.ink.names else self._local(name, here))
        self.stack.append(known if isinstance(known, Reference) else Reference(made))

    def _local(self, name: str, at: Spot) -> str:
        """How a temporary variable is named: with its knot."""
        words = (word for word in at.path.split(".") if word and not word.isdecimal())
        return f"{next(words, 'start')} {name}"

    def _where(self, name: str, here: Spot) -> str | None:
        """The variable that holds a place."""
        ours = name in self.flow.ink.names
        found: str | None = self.flow.names.get(name if ours else self._local(name, here))
        return found

    def _tunnel(self, item: dict[str, Any], here: Spot, at: Spot) -> None:
        flow, out, path = self.flow, self.outs[-1], str(item["->t->"])
        if not item.get("var"):
            spot = flow.ink.spot(path, here.container)
            if spot is None:
                flow.lose(here, f"a tunnel to {path}, which does not exist")
                return
            puts = [*self._arguments(spot, here), *flow.entering(here, spot)]
            out.extend((node, at) for node in (*puts, Tunnel(spot)))
            return
        made = self._where(path, here)
        if made is None or not flow.places:
            flow.lose(here, "a tunnel to a variable place")
            return
        branch: tuple[Any, ...] = ()
        for place, number in flow.places.items():
            asked = Binary("==", Name(made), Number(str(number)))
            inner = (*flow.entering(here, place), Tunnel(place))
            branch = (Branch(((asked, inner), (None, branch))),)
        out.extend((node, at) for node in branch)

    def _value(self, item: dict[str, Any], here: Spot, at: Spot) -> None:
        flow, name = self.flow, str(item["VAR?"])
        if isinstance(self.known.get(name), Reference):
            self.stack.append(Name(self.known[name].name))
        elif name in flow.ink.names:
            self.stack.append(Name(flow.variable(name)))
        elif self._local(name, here) in flow.names:
            self.stack.append(Name(flow.names[self._local(name, here)]))
        else:
            self.stack.append(self.unknown(f"{name}, an item of a list", here))

    def _global(self, item: dict[str, Any], here: Spot, at: Spot) -> None:
        self._assign(str(item["VAR="]), self.flow.variable(str(item["VAR="])), here, at)

    def _temporary(self, item: dict[str, Any], here: Spot, at: Spot) -> None:
        name = str(item["temp="])
        if name == "$r":
            self.known["$r"] = self.pop()
        elif name in self.flow.ink.names and item.get("re"):
            self._assign(name, self.flow.variable(name), here, at)
        else:
            made = self.flow.variable(self._local(name, here))
            if self.stack:  # else a parameter: set by the divert that comes here
                self._assign(name, made, here, at)

    def _assign(self, name: str, made: str, here: Spot, at: Spot) -> None:
        if isinstance(self.known.get(name), Reference):
            made = self.known[name].name
        value = self.pop()
        if value is None:
            self.flow.lose(here, f"{name} gets nothing")
            return
        self.outs[-1].append((Put(made, self.tree(value, here)), at))

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
            name = self.flow.variable(self._local(str(item["temp="]), to))
            found.append(Put(name, self.tree(value, here)))
        return found

    def _call(self, item: dict[str, Any], here: Spot, at: Spot) -> None:
        """A function of ink: what it does is done here."""
        path, out = str(item["f()"]), self.outs[-1]
        spot = self.flow.ink.spot(path, here.container)
        if spot is None or path in self.calls or len(self.calls) >= MOST_CALLS:
            for given in spot.container.items if spot else ():
                if isinstance(given, dict) and "temp=" in given and self.stack:
                    self.pop()
            self.stack.append(self.unknown(f"the function {path}(), which calls itself", here))
            return
        references: dict[str, Any] = {}
        puts = self._arguments(spot, here, references)
        inner = Reader(self.flow, references, (*self.calls, path))
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

    def _pick(self, item: dict[str, Any], here: Spot, at: Spot) -> None:
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
        self.outs[-1].append((pick, at))

    def _divert(self, item: dict[str, Any], here: Spot, at: Spot) -> Spot | list[Any] | None:
        flow, path = self.flow, str(item["->"])
        if item.get("var"):
            return self._divert_to_value(path, here)
        to: Spot | None = flow.ink.spot(path, here.container)
        if to is None:
            flow.lose(here, f"a divert to {path}, which does not exist: the story ends there")
            return [Finish()]
        if item.get("c"):
            return self._condition(to, here, at)
        if to.container.key == "s" and "$r" in self.known:
            return to  # the words of an option
        if to == self.stop or (to.container.key == "b" and to.container.parent is here.container):
            return to  # the end of an arm, or the arm that is taken otherwise
        if len(self.outs) > 1:
            raise StructureError
        return [*self._arguments(to, here), *flow.entering(here, to), Goto(to)]

    def _divert_to_value(self, path: str, here: Spot) -> Spot | list[Any]:
        target = self.known.get(path)
        if path == "$r" and isinstance(target, Target) and target.spot is not None:
            return target.spot
        flow, made = self.flow, self._where(path, here)
        if made is None or not flow.places or len(self.outs) > 1:
            flow.lose(here, f"a divert to the place that {path} names: the story ends there")
            return [Finish()]
        kept = _kept(self.stack)
        arms = [
            (Binary("==", Name(made), Number(str(number))), place, kept)
            for place, number in flow.places.items()
        ]
        return [Fork((*arms[:-1], (None, arms[-1][1], kept)))]

    def _condition(self, to: Spot, here: Spot, at: Spot) -> Spot | list[Any]:
        """An arm and what is otherwise: inside the script when both meet again."""
        condition = self.tree(self.pop(), here)
        stack, known = list(self.stack), dict(self.known)
        try:
            join, arm, other = self._arms(to, here, at, stack, known)
        except StructureError:
            if len(self.outs) > 1 or self.function or self.depth:
                raise
            self.stack, self.known = stack, known
            kept = _kept(stack)
            return [Fork(((condition, to, kept), (None, at, kept)))]
        branch = Branch(((condition, _plain(arm)), (None, _plain(other))))
        self.outs[-1].append((branch, join))
        return join

    def _arms(
        self, to: Spot, here: Spot, at: Spot, stack: list[Any], known: dict[str, Any]
    ) -> tuple[Spot, Nodes, Nodes]:
        """Where both arms meet, and their nodes."""
        depth, function = self.depth + 1, self.function
        arm = self.read(to, None, depth, function=function)
        end = arm.pop()[0] if arm else None
        if not isinstance(end, Goto) or not _is_behind(end.to, here):
            raise StructureError
        left = self.stack
        self.stack, self.known = list(stack), dict(known)
        other = self.read(at, end.to, depth, function=function)
        self.stack = min(self.stack, left, key=len)
        if any(isinstance(node, Goto | Fork | Finish | Back) for node, _ in [*arm, *other]):
            raise StructureError
        return end.to, arm, other


_ENDS = ("done", "end", "->->", "~ret", "thread")
_OBJECTS: dict[str, Callable[[Reader, dict[str, Any], Spot, Spot], None]] = {
    "VAR?": Reader._value, "VAR=": Reader._global, "temp=": Reader._temporary, "*": Reader._pick,
    "^->": Reader._place, "CNT?": Reader._count, "f()": Reader._call, "x()": Reader._external,
    "->t->": Reader._tunnel, "#": Reader._old_tag, "list": Reader._list, "^var": Reader._reference,
}  # fmt: skip


def _kept(stack: list[Any]) -> tuple[Tree, ...]:
    """The values that are still known in the next stretch."""
    return tuple(one for one in stack if not isinstance(one, Words | Target | Reference | None))


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
