"""How the beats of nodes are left: jumps, detours, returns, and the visits that Yarn counts.

In Yarn a node that is reached by a detour returns at its end, and one that is reached by a jump
ends the dialogue there. A jump out of a detour never returns. A node that is reached both ways asks
the variable `detours`, which counts the detours that are open.
"""

from __future__ import annotations

from xrdrama.authoring.yarn.reading.check import Checked
from xrdrama.authoring.yarn.reading.kinds import STRING
from xrdrama.authoring.yarn.reading.tree import (
    Call,
    Declare,
    Formula,
    Go,
    Leave,
    Node,
    Read,
    Set,
    Statement,
    Text,
    formulas_of,
    parts_of,
    statements_in,
)
from xrdrama.authoring.yarn.translating.express import Expressions, quoted
from xrdrama.authoring.yarn.translating.story import CannotCarryError, NewBeat, NewStory, Row, Way

MOST_OPEN = 60
MOST_NAMED = 18


class Calls:
    """Knows which nodes are reached by jumps and detours, and whose visits are counted."""

    def __init__(self, story: NewStory, expressions: Expressions) -> None:
        self.story, self.expressions = story, expressions
        self.checked: Checked = story.checked
        self.jumped: set[str] = set()
        """Titles that are reached by a jump, or where a playthrough begins."""
        self.detoured: set[str] = set()
        self.calling: set[str] = set()
        """Names of nodes with a detour in them."""
        self._targets()
        self.counted = self._counted()
        expressions.counted = self.counted
        self.mixed = self._inside() & self.jumped

    # -- what the file says ---------------------------------------------------------------------

    def _targets(self) -> None:
        titles = {node.title for node in self.checked.tree.nodes}
        for node in self.checked.tree.nodes:
            for one in statements_in(node.body):
                if isinstance(one, Go):
                    to = {one.to} if isinstance(one.to, str) else titles
                    if one.how == "jump":
                        self.jumped |= to
                    else:
                        self.detoured |= to
                        self.calling.add(node.name)
        self.jumped.add(self.start())
        # A node that nothing leads to can be where a game begins.
        self.jumped |= titles - self.jumped - self.detoured

    def start(self) -> str:
        """The title where the story begins: `Start`, or the first node."""
        titles = [node.title for node in self.checked.tree.nodes]
        return "Start" if "Start" in titles else titles[0]

    def _inside(self) -> set[str]:
        """Titles whose nodes can be inside a detour."""
        return set(self.detoured)

    def _counted(self) -> set[str]:
        """Names of nodes and groups whose visits a condition or text asks for."""
        found: set[str] = set()
        for name in self.checked.visited | self._asked_by_formula():
            group = self.checked.groups.get(name)
            nodes = group or tuple(n for n in self.checked.tree.nodes if n.name == name)
            headers = {node.header("tracking") for node in nodes}
            if nodes and headers != {"never"}:
                found.add(name)
        return found

    def _asked_by_formula(self) -> set[str]:
        """Names of nodes with `tracking: always` that a formula such as `"Pi" + "er"` makes."""
        found: set[str] = set()
        for node in self.checked.tree.nodes:
            for one in statements_in(node.body):
                for formula in formulas_of(one):
                    found |= {name for name in map(self._asked, parts_of(formula)) if name}
        always = [n for n in self.checked.tree.nodes if n.header("tracking") == "always"]
        return found & {name for node in always for name in (node.name, node.title)}

    def _asked(self, part: Formula) -> str:
        if isinstance(part, Call) and part.function in ("visited", "visited_count"):
            value = self.expressions.constant(part.arguments[0])
            return "" if value is None else str(value)
        return ""

    def target(self, title: str) -> str:
        """The beat or group that a title leads to."""
        return self.story.groups.get(title) or self.story.named("beat", title)

    def named_by(self, beat: NewBeat, formula: Formula) -> list[tuple[str, str]]:
        """The titles that an expression can name, each with its condition."""
        titles = dict.fromkeys(node.title for node in self.checked.tree.nodes)
        value = self.expressions.constant(formula)
        if value is not None:
            if value not in titles:
                raise CannotCarryError(f"there is no node {value}")
            return [(str(value), "true")]
        if not isinstance(formula, Read):
            raise CannotCarryError("a node that an expression names")
        possible = [title for title in titles if title in self._texts_of(formula.name)]
        name = self.expressions.read(formula.name)
        if not possible or len(possible) > MOST_NAMED:
            raise CannotCarryError(f"the nodes that {formula.name} can name are not known")
        return [(title, f"{name} == {quoted(title)}") for title in possible]

    def _texts_of(self, name: str) -> set[str]:
        """The texts that are written out where a variable gets its values."""
        found: set[str] = set()
        todo, seen = [name], {name}
        while todo:
            one = todo.pop()
            for statement in self._assignments(one):
                for part in parts_of(statement.value):
                    if isinstance(part, Text):
                        found.add(part.value)
                    elif isinstance(part, Read) and self._is_text(part) and part.name not in seen:
                        seen.add(part.name)
                        todo.append(part.name)
        return found

    def _is_text(self, part: Read) -> bool:
        return self.checked.variables[part.name].kind == STRING

    def _assignments(self, name: str) -> list[Set | Declare]:
        statements: list[Statement] = [
            one for node in self.checked.tree.nodes for one in statements_in(node.body)
        ]
        return [one for one in statements if isinstance(one, (Set, Declare)) and one.name == name]

    # -- rows -----------------------------------------------------------------------------------

    def _open(self) -> str:
        return self.story.variable("detours", f"type: int, min: 0, max: {MOST_OPEN}, init: 0")

    def detour(self, title: str) -> list[str]:
        """The rows of a detour."""
        call = f"@detour {self.target(title)}"
        if not self.mixed:
            return [call]
        name = self._open()
        return [f"@set {name} = {name} + 1", call]

    def _flag(self, name: str) -> str:
        """The variable that is true while a counted node waits for its detour."""
        return self.story.variable(f"inside {name}", "type: bool")

    def _names(self, node: Node) -> list[str]:
        """The counted names that a node has: its own, and that of its group."""
        names = [node.name, *([node.title] if node.when else [])]
        never = node.header("tracking") == "never"
        return [name for name in dict.fromkeys(names)
                if name in self.counted and not (never and name == node.name)]  # fmt: skip

    def entering(self, node: Node) -> list[Row]:
        """The rows at the beginning of a node."""
        if node.name not in self.calling:
            return []
        return [Row(0, f"@set {self._flag(n)} = true", node.at.line) for n in self._names(node)]

    def _leaving(self, node: Node, line: int) -> list[Row]:
        """The rows that count a node that is left."""
        rows: list[Row] = []
        for name in self._names(node):
            rows.append(Row(0, f"@set {self.expressions.counting(name)}", line))
            if node.name in self.calling:
                rows.append(Row(0, f"@set {self._flag(name)} = false", line))
        return rows

    def _unwinding(self, node: Node, line: int) -> list[Row]:
        """The rows for a jump or stop that leaves the waiting nodes, too."""
        rows = self._leaving(node, line)
        if node.title not in self.detoured:
            return rows
        own = self._names(node)
        for one in self.checked.tree.nodes:
            if one.name in self.calling:
                for name in self._names(one):
                    if name not in own:
                        rows += self._counting_if_inside(name, line)
                        own.append(name)
        if self.mixed:
            rows.append(Row(0, f"@set {self._open()} = 0", line))
        return rows

    def _counting_if_inside(self, name: str, line: int) -> list[Row]:
        flag = self._flag(name)
        return [
            Row(0, f"{{if {flag}}}", line),
            Row(1, f"@set {self.expressions.counting(name)}", line),
            Row(1, f"@set {flag} = false", line),
        ]

    def jumping(self, beat: NewBeat, node: Node, go: Go) -> None:
        """Adds the rows of a jump."""
        beat.rows += self._unwinding(node, go.at.line)

    def leave(self, beat: NewBeat, node: Node, leave: Leave) -> None:
        """Ends a beat by <<stop>> or <<return>>."""
        if leave.how == "return":
            self.end(beat, node)
            return
        beat.rows += self._unwinding(node, leave.at.line)
        beat.ends = "ending"

    def end(self, beat: NewBeat, node: Node) -> None:
        """Ends a beat where its node ends."""
        beat.rows += self._leaving(node, node.at.line)
        self.finish(beat, node.title, node.at.line)

    def nothing_available(self, beat: NewBeat, title: str, line: int) -> None:
        """Makes the beat for a group in which nothing is available."""
        if title in self.counted:
            beat.rows.append(Row(0, f"@set {self.expressions.counting(title)}", line))
        self.finish(beat, title, line)

    def finish(self, beat: NewBeat, title: str, line: int) -> None:
        """Ends a beat: the story ends, or what was left for a detour continues."""
        if title not in self.detoured:
            beat.ends = "ending"
            return
        if title not in self.jumped:
            self._return(beat, line)
            return
        back = self.story.beat(title, line)
        self._return(back, line)
        ending = self.story.beat(title, line)
        ending.ends = "ending"
        beat.ways = [Way(back.id, f"{self._open()} > 0"), Way(ending.id)]

    def _return(self, beat: NewBeat, line: int) -> None:
        beat.ends = "return"
        if self.mixed:
            name = self._open()
            beat.rows.append(Row(0, f"@set {name} = max(0, {name} - 1)", line))
