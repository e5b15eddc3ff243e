"""Writes the rows of a beat's script from its nodes: lines with speakers, conditions, effects."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from xrdrama.authoring.exchange.twee.beats import Row
from xrdrama.authoring.exchange.twee.expressions import (
    Binary,
    Call,
    Name,
    NotParsedError,
    Tree,
    Truth,
    Unary,
)
from xrdrama.authoring.exchange.twee.kinds import Declared, Writer
from xrdrama.authoring.exchange.twee.nodes import Book
from xrdrama.authoring.ink.nodes import (
    Branch,
    Break,
    Edge,
    Glue,
    Put,
    Say,
    Show,
    Tag,
    Tunnel,
    glue_follows,
    is_inline,
    settled,
)
from xrdrama.authoring.ink.reading import Spot
from xrdrama.authoring.ink.speakers import is_speaker_tag, speaker_of
from xrdrama.document.names import WORD_SIGN, as_name, is_name
from xrdrama.story.screenplay.speakers import capitals, is_speaker, role_of

NARRATOR: Final = "narrator"
MOST_ROWS: Final = 1800
"""Rows of one script: alternatives inside a line multiply."""
MOST_STEPS: Final = 200_000
"""Nodes of all scripts, each as often as it is in an alternative."""
_BRACE = re.compile(rf"\{{(?=\s*{WORD_SIGN}+\s*(?:\}}|,))")


class Scripts:
    """Writes scripts. Variables that are computed for texts are in `declared` then."""

    def __init__(self, variables: dict[str, Declared], book: Book, fresh: Callable[[str], str],
                 beat_of: Callable[[Spot], str]) -> None:  # fmt: skip
        self.declared, self.book, self.fresh, self.beat_of = variables, book, fresh, beat_of
        self.writer = Writer(variables, {})
        self.cast: dict[str, tuple[str, str]] = {}
        self.shown: dict[Any, str] = {}
        self.where, self.steps = "", 0

    def lose(self, what: str) -> None:
        """List what is not carried over, with the beat."""
        self.book.lose(1, f"{self.where}: {what}")

    # -- expressions ----------------------------------------------------------------------------

    def condition(self, tree: Tree) -> str:
        """A condition; a variable takes the place of one that cannot be written."""
        try:
            return self.writer.condition(self._whole(tree))
        except (NotParsedError, KeyError) as error:
            name = self.fresh("condition")
            self.declared[name] = Declared(name, "bool", init="false")
            self.lose(f"a condition ({error}): the variable {name} is there instead")
            return name

    def _whole(self, tree: Tree) -> Tree:
        """With whole divisions where ink divides whole numbers."""
        if isinstance(tree, Binary):
            one, other = self._whole(tree.one), self._whole(tree.other)
            sign = tree.sign
            if sign == "/" and self._kind(one) == self._kind(other) == "int":
                sign = "//"
            return Binary(sign, one, other)
        if isinstance(tree, Unary):
            return Unary(tree.sign, self._whole(tree.one))
        if isinstance(tree, Call):
            return Call(tree.name, tuple(self._whole(one) for one in tree.arguments))
        return tree

    def _kind(self, tree: Tree) -> str:
        return self.writer._written(tree)[2]

    def effect(self, put: Put) -> tuple[str, str] | None:
        """A variable and its new value, as it is written; None, and listed, if it cannot be."""
        variable = self.declared.get(put.name)
        if variable is None:
            return None
        try:
            return variable.id, self.writer.value(self._whole(put.tree), variable)
        except (NotParsedError, KeyError) as error:
            self.lose(f"a value of {put.name}: {error}")
            return None

    # -- texts ----------------------------------------------------------------------------------

    def text(self, nodes: Any) -> str:
        """Nodes inside a line as one text with placeholders; spaces are single ones."""
        found, pieces = "", list(nodes)
        for number, node in enumerate(pieces):
            after = pieces[number + 1] if number + 1 < len(pieces) else None
            if isinstance(node, Branch):
                last = not any(
                    isinstance(one, Show | Branch) or (isinstance(one, Say) and one.text.strip())
                    for one in pieces[number + 1 :]
                )
                if last and found.endswith(" "):
                    found = found.rstrip(" ") + self._select(node, last=True)
                    break
                before = not found or found.endswith(" ")
                behind = isinstance(after, Say) and after.text.startswith(" ")
                part = self._select(node, before=before, behind=behind)
                if before and behind and isinstance(after, Say):
                    pieces[number + 1] = Say(after.text.lstrip(" "))
            else:
                part = self._part(node)
            if found.endswith("'") and part.startswith("{"):
                found = f"{found[:-1]}\u2019"
            found += part
        return " ".join(found.split())

    def _part(self, node: Any) -> str:
        if isinstance(node, Say):
            return _BRACE.sub("'{'", node.text)
        if isinstance(node, Show):
            return self._value(node.tree)
        return self._select(node) if isinstance(node, Branch) else ""

    def _value(self, tree: Tree) -> str:
        try:
            tree = self._whole(tree)
            written, _, kind = self.writer._written(tree)
        except (NotParsedError, KeyError) as error:
            self.lose(f"a value in a text: {error}")
            return "..."
        name = written if isinstance(tree, Name) else self._computed(written, kind)
        if kind == "bool":
            return f"{{{name}, select, true {{true}} other {{false}}}}"
        return f"{{{name}}}"

    def _computed(self, written: str, kind: str) -> str:
        if written not in self.shown:
            name = self.fresh("shown")
            self.shown[written] = name
            self.declared[name] = Declared(name, kind, computed=written)
        return self.shown[written]

    def _select(
        self, branch: Branch, *, before: bool = False, behind: bool = False, last: bool = False
    ) -> str:
        """The arms as one placeholder. `before`, `behind`: spaces are there already; `last`: it
        ends the line, and a space belongs before what is said."""
        (condition, then), (_, other) = branch.arms
        assert condition is not None
        if isinstance(condition, Truth):
            return self._joined(then if condition.value else other)
        written = self.condition(condition)
        name = written if is_name(written) else self._computed(written, "bool")
        texts = [self._arm(arm, before=before, behind=behind, last=last) for arm in (then, other)]
        inside = [_inside(text) for text in texts]
        return f"{{{name}, select, true {{{inside[0]}}} other {{{inside[1]}}}}}"

    def _arm(self, nodes: Any, *, before: bool, behind: bool, last: bool) -> str:
        """What an arm says, with a space at one end so that an empty arm leaves no second one."""
        if len(nodes) == 1 and isinstance(nodes[0], Branch):
            return self._select(nodes[0], before=before, behind=behind, last=last)
        text = self._joined(nodes)
        if last:
            return f" {text.strip()}" if text.strip() else ""
        text = text.lstrip(" ") if before else text
        text = text.rstrip(" ") if behind else text
        return f"{text} " if text and before and behind else text

    def _joined(self, nodes: Any) -> str:
        return re.sub(" +", " ", "".join(map(self._part, nodes)))

    def role(self, speaker: str) -> str:
        """The speaker as it is written in a script; "" for a name that cannot be a role's."""
        if not speaker:
            self.cast.setdefault(NARRATOR, ("Narrator", ""))
            return capitals(NARRATOR)
        role = as_name(speaker)[:40].strip("_")
        shown = capitals(role)
        if not (is_name(role) and is_speaker(shown) and role_of(shown) == role):
            return ""
        self.cast.setdefault(role, (speaker, ""))
        return shown

    # -- rows -----------------------------------------------------------------------------------

    def rows(self, nodes: list[Any]) -> list[Row]:
        """The rows of a script."""
        made = _Lines(self)
        made.add([*nodes, Break()], 0)
        made.flush(0)
        for node in made.line:
            if isinstance(node, Tag) and not node.text.lower().startswith("title:"):
                self.lose(f"the tag #{node.text}")
        return made.rows


def _inside(text: str) -> str:
    return text.replace("#", "\uff03") if "#" in text else text


def _is_one_block(rows: list[Row], depth: int) -> bool:
    """True for rows that are one {if} with what belongs to it."""
    return bool(rows) and rows[0].depth == depth and rows[0].row.startswith("{if ") and all(
        row.depth > depth or row.row.startswith(("{elif ", "{else}")) for row in rows[1:]
    )  # fmt: skip


class _Lines:
    def __init__(self, scripts: Scripts) -> None:
        self.scripts = scripts
        self.rows: list[Row] = []
        self.line: list[Any] = []
        self.ended = self.glued = False
        self.inside = 0
        """How many functions are not over."""
        self.quiet = self.spoken_before = False
        """Inside a function: nothing was said yet, or something was."""

    def copy(self) -> _Lines:
        made = _Lines(self.scripts)
        made.line, made.ended, made.glued = list(self.line), self.ended, self.glued
        made.quiet, made.spoken_before, made.inside = self.quiet, self.spoken_before, self.inside
        return made

    def has_text(self) -> bool:
        return any(
            isinstance(node, Show | Branch) or (isinstance(node, Say) and node.text.strip())
            for node in self.line
        )

    def flush(self, depth: int) -> None:
        """Write the line that is complete."""
        line, self.line, self.ended = self.line, [], False
        tags = [node.text for node in line if isinstance(node, Tag)]
        pieces = [node for node in line if not isinstance(node, Tag)]
        scripts = self.scripts
        text = scripts.text(pieces)
        if not text:
            self.line = [node for node in line if isinstance(node, Tag)]
            return
        for tag in tags:
            if not is_speaker_tag(tag) and not tag.lower().startswith("title:"):
                scripts.lose(f"the tag #{tag}")
        name, said = speaker_of(text, tags)
        role = scripts.role(name)
        if not role:
            role, said = scripts.role(""), text
            scripts.lose(f"the name {name[:40]!r} cannot be a role: the narrator says it")
        self.rows.append(Row(depth, f"{role}: {said}", 1, said))

    def add(self, nodes: list[Any], depth: int) -> None:
        """Take up nodes; complete lines are written."""
        at, nodes = 0, settled(nodes)
        while at < len(nodes):
            node = nodes[at]
            at += 1
            self.scripts.steps += 1
            if len(self.rows) > MOST_ROWS or self.scripts.steps > MOST_STEPS:
                raise NotParsedError("too many alternatives inside lines")
            if isinstance(node, Branch):
                at = self._branch(node, nodes, at, depth)
            elif isinstance(node, Put | Tunnel):
                self._row(node, depth)
            else:
                self._piece(node, depth)

    def _row(self, node: Put | Tunnel, depth: int) -> None:
        """An effect or a detour: a row of its own."""
        if isinstance(node, Put):
            if self.ended:
                self.flush(depth)
            effect = self.scripts.effect(node)
            if effect:
                self.rows.append(Row(depth, f"@set {effect[0]} = {effect[1]}", 1))
            return
        if self.has_text():
            if not self.ended:
                self.scripts.lose("a line that continues in a tunnel: it is two lines")
            self.flush(depth)
        self.rows.append(Row(depth, f"@detour {self.scripts.beat_of(node.to)}", 1))

    def _piece(self, node: Any, depth: int) -> None:
        """A piece of a line, or its end."""
        spaces = isinstance(node, Say) and not node.text.strip()
        if isinstance(node, Break):
            if not (self.glued or self.quiet):
                self.ended = self.ended or self.has_text()
        elif isinstance(node, Glue):
            if self.rows and self.rows[-1].row.startswith("@detour") and not self.line:
                self.scripts.lose("a line that a tunnel begins: it is two lines")
            self.ended, self.glued = False, True
        elif isinstance(node, Edge):
            self._edge(node, depth)
        elif not (self.ended and spaces):
            if self.ended:
                self.flush(depth)
            if isinstance(node, Show) or (isinstance(node, Say) and not spaces):
                self.spoken_before = self.spoken_before or self.quiet
                self.glued = self.quiet = False
            self.line.append(node)

    def _edge(self, node: Edge, depth: int) -> None:
        if not node.begins and self.spoken_before:
            self.ended = False  # ink removes the line end behind what a function says
        elif node.begins and self.ended:
            self.flush(depth)
        self.quiet, self.spoken_before = node.begins, False
        self.inside += 1 if node.begins else -1

    def _branch(self, node: Branch, nodes: list[Any], at: int, depth: int) -> int:
        begins_glued = any(arm and isinstance(arm[0], Glue) for _, arm in node.arms)
        if self.ended and not begins_glued:
            self.flush(depth)
        end = self._line_end(nodes, at)
        if all(is_inline(arm) for _, arm in node.arms):
            others = [n for n in nodes[at:end] if isinstance(n, Show) or
                      (isinstance(n, Say) and n.text.strip())]  # fmt: skip
            full = all(any(isinstance(n, Say) and n.text.strip() for n in arm)
                       for _, arm in node.arms)  # fmt: skip
            speaks = any(":" in n.text for _, arm in node.arms for n in arm if isinstance(n, Say))
            if (self.has_text() or others or full) and not speaks:
                self.line.append(node)
                self.spoken_before = self.spoken_before or self.quiet
                self.glued = self.quiet = False
                return at
        # The rest of the line is said in each arm, unless all arms end the line.
        tail = at
        whole = self._line_end(nodes, at)
        tries = (whole,) if self.inside or glue_follows(nodes, at) else (at, whole)
        for tail in tries:
            sides = [self.copy() for _ in node.arms]
            for side, (_, arm) in zip(sides, node.arms, strict=True):
                side.add([*arm, *nodes[at:tail]], depth + 1)
            open_ = any(side.glued or (side.has_text() and not side.ended) for side in sides)
            if not open_:
                break
        for side in sides:
            side.flush(depth + 1)
        self.line = [n for n in sides[-1].line if isinstance(n, Tag)]
        self.ended = self.glued = False
        self.quiet, self.spoken_before = sides[-1].quiet, sides[-1].spoken_before
        self.inside = sides[-1].inside
        self._blocks([condition for condition, _ in node.arms], sides, depth)
        return tail

    def _line_end(self, nodes: list[Any], at: int) -> int:
        """Behind the next end of a line that is neither in a function nor joined by glue."""
        inside, glued = self.inside, False
        for number in range(at, len(nodes)):
            node = nodes[number]
            if isinstance(node, Glue):
                glued = True
            elif isinstance(node, Show | Branch) or (isinstance(node, Say) and node.text.strip()):
                glued = False
            if isinstance(node, Edge):
                inside += 1 if node.begins else -1
            elif isinstance(node, Break) and not (
                inside or glued or glue_follows(nodes, number + 1)
            ):
                return number + 1
        return len(nodes)

    def _blocks(self, conditions: list[Tree | None], sides: list[_Lines], depth: int) -> None:
        (condition, _), (then, other) = conditions, sides
        assert condition is not None
        if not then.rows and not other.rows:
            return
        if not then.rows:
            then, other, condition = other, then, Unary("not", condition)
        self.rows.append(Row(depth, f"{{if {self.scripts.condition(condition)}}}", 1))
        self.rows += then.rows
        if _is_one_block(other.rows, depth + 1):
            first, *rest = other.rows
            self.rows.append(Row(depth, f"{{elif {first.row.removeprefix('{if ')}", 1))
            self.rows += [Row(row.depth - 1, row.row, 1, row.text) for row in rest]
        elif other.rows:
            self.rows.append(Row(depth, "{else}", 1))
            self.rows += other.rows
