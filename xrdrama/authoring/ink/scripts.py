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
    Unary,
)
from xrdrama.authoring.exchange.twee.kinds import Declared, Writer
from xrdrama.authoring.exchange.twee.nodes import Book
from xrdrama.authoring.ink.nodes import Branch, Break, Glue, Put, Say, Show, Tag, Tunnel
from xrdrama.authoring.ink.reading import Spot
from xrdrama.authoring.ink.speakers import is_speaker_tag, speaker_of
from xrdrama.document.names import WORD_SIGN, as_name, is_name
from xrdrama.story.screenplay.speakers import capitals, is_speaker, role_of

NARRATOR: Final = "narrator"
MOST_ROWS: Final = 4000
"""Rows of one script: alternatives inside a line multiply."""
_BRACE = re.compile(rf"\{{(?=\s*{WORD_SIGN}+\s*(?:\}}|,))")


class Scripts:
    """Writes scripts. Variables that are computed for texts are in `declared` then."""

    def __init__(self, variables: dict[str, Declared], book: Book, fresh: Callable[[str], str],
                 beat_of: Callable[[Spot], str]) -> None:  # fmt: skip
        self.declared, self.book, self.fresh, self.beat_of = variables, book, fresh, beat_of
        self.writer = Writer(variables, {})
        self.cast: dict[str, tuple[str, str]] = {}
        self.shown: dict[Any, str] = {}
        self.where = ""

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
        """Nodes inside a line as one text with placeholders."""
        found = ""
        for node in nodes:
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
        if isinstance(node, Branch):
            return self._select(node)
        return ""

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

    def _select(self, branch: Branch) -> str:
        (condition, then), (_, other) = branch.arms
        assert condition is not None
        written = self.condition(condition)
        name = written if is_name(written) else self._computed(written, "bool")
        texts = ["".join(map(self._part, arm)) for arm in (then, other)]
        inside = [_inside(text) for text in texts]
        return f"{{{name}, select, true {{{inside[0]}}} other {{{inside[1]}}}}}"

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
        return made.rows


def _inside(text: str) -> str:
    return text.replace("#", "\uff03") if "#" in text else text


def _inline(nodes: Any) -> bool:
    """True for nodes that are only words inside a line."""
    return all(
        isinstance(node, Say | Show)
        or (isinstance(node, Branch) and all(_inline(arm) for _, arm in node.arms))
        for node in nodes
    )


class _Lines:
    def __init__(self, scripts: Scripts) -> None:
        self.scripts = scripts
        self.rows: list[Row] = []
        self.line: list[Any] = []
        self.ended = self.glued = False

    def copy(self) -> _Lines:
        made = _Lines(self.scripts)
        made.line, made.ended, made.glued = list(self.line), self.ended, self.glued
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
            if not is_speaker_tag(tag):
                scripts.lose(f"the tag #{tag}")
        name, said = speaker_of(text, tags)
        role = scripts.role(name)
        if not role:
            role, said = scripts.role(""), text
            scripts.lose(f"the name {name[:40]!r} cannot be a role: the narrator says it")
        self.rows.append(Row(depth, f"{role}: {said}", 1, said))

    def add(self, nodes: list[Any], depth: int) -> None:
        at = 0
        while at < len(nodes):
            node = nodes[at]
            at += 1
            if isinstance(node, Break):
                if self.glued:
                    continue
                self.ended = self.ended or self.has_text()
            elif isinstance(node, Glue):
                self.ended, self.glued = False, True
            elif isinstance(node, Put):
                if self.ended:
                    self.flush(depth)
                effect = self.scripts.effect(node)
                if effect:
                    self.rows.append(Row(depth, f"@set {effect[0]} = {effect[1]}", 1))
            elif isinstance(node, Tunnel):
                if self.ended or self.has_text():
                    if not self.ended:
                        self.scripts.lose("a line that goes on in a tunnel: it is two lines")
                    self.flush(depth)
                self.rows.append(Row(depth, f"@detour {self.scripts.beat_of(node.to)}", 1))
            elif isinstance(node, Branch):
                at = self._branch(node, nodes, at, depth)
            else:
                if self.ended:
                    self.flush(depth)
                if isinstance(node, Show) or (isinstance(node, Say) and node.text.strip()):
                    self.glued = False
                self.line.append(node)
            if len(self.rows) > MOST_ROWS:
                raise NotParsedError("too many alternatives inside lines")

    def _branch(self, node: Branch, nodes: list[Any], at: int, depth: int) -> int:
        begins_glued = any(arm and isinstance(arm[0], Glue) for _, arm in node.arms)
        if self.ended and not begins_glued:
            self.flush(depth)
        end = next((n for n in range(at, len(nodes)) if isinstance(nodes[n], Break)), len(nodes))
        if all(_inline(arm) for _, arm in node.arms):
            others = [n for n in nodes[at:end] if isinstance(n, Show) or
                      (isinstance(n, Say) and n.text.strip())]  # fmt: skip
            full = all(any(isinstance(n, Say) and n.text.strip() for n in arm)
                       for _, arm in node.arms)  # fmt: skip
            speaks = any(":" in n.text for _, arm in node.arms for n in arm if isinstance(n, Say))
            if (self.has_text() or others or full) and not speaks:
                self.line.append(node)
                self.glued = False
                return at
        # The rest of the line is said in each arm, as far as the arms end inside it.
        tail = at
        while True:
            sides = [self.copy() for _ in node.arms]
            for side, (_, arm) in zip(sides, node.arms, strict=True):
                side.add([*arm, *nodes[at:tail]], depth + 1)
            open_ = [side for side in sides if side.has_text() and not side.ended]
            if (not open_ and not any(side.glued for side in sides)) or tail >= len(nodes):
                break
            tail = next(
                (n + 1 for n in range(tail, len(nodes)) if isinstance(nodes[n], Break)), len(nodes)
            )
        for side in sides:
            side.flush(depth + 1)
        self.line = [n for n in sides[-1].line if isinstance(n, Tag)]
        self.ended = self.glued = False
        self._blocks([condition for condition, _ in node.arms], sides, depth)
        return tail

    def _blocks(self, conditions: list[Tree | None], sides: list[_Lines], depth: int) -> None:
        (condition, _), (then, other) = conditions, sides
        assert condition is not None
        if not then.rows and not other.rows:
            return
        if not then.rows:
            then, other, condition = other, then, Unary("not", condition)
        self.rows.append(Row(depth, f"{{if {self.scripts.condition(condition)}}}", 1))
        self.rows += then.rows
        if other.rows:
            self.rows.append(Row(depth, "{else}", 1))
            self.rows += other.rows
