"""The expressions and texts of a Twine story, written for a branch file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xrdrama.authoring.exchange.twee.beats import BeatText, Offered
from xrdrama.authoring.exchange.twee.expressions import (
    Name,
    NotParsedError,
    Number,
    Text,
    Tree,
    parse,
)
from xrdrama.authoring.exchange.twee.kinds import Declared, Writer
from xrdrama.authoring.exchange.twee.nodes import (
    Book,
    If,
    Link,
    Node,
    Set,
    Value,
    Words,
)
from xrdrama.authoring.exchange.twee.plan import unique
from xrdrama.story.expressions.expression import (
    BOOL,
    ExpressionError,
    Kind,
    Names,
    compile_expression,
)


class Formulas:
    """Writes conditions, effects and texts; keeps what all beats share: variables, ids."""

    def __init__(self, book: Book, variables: dict[str, Declared], beats: dict[str, str]) -> None:
        self.book, self.variables, self.beats = book, variables, beats
        self.taken = set(beats.values())
        self.written: list[BeatText] = []
        self.cast: dict[str, str] = {}
        self.line_ids: set[str] = set()
        self.names = {one.id for one in variables.values()}
        self.computed = {tree: one for one in variables.values() if (tree := _computed(one))}
        self.nested: list[Offered] = []
        self._known: Names | None = None
        self._size = (0, 0)

    def known(self) -> Names:
        """The names that an expression can use."""
        if self._known is None or self._size != (len(self.variables), len(self.taken)):
            kinds = {one.id: (kind_of(one), 0) for one in self.variables.values()}
            beats = {name: at for at, name in enumerate(sorted(self.taken))}
            self._known, self._size = Names(kinds, beats), (len(self.variables), len(self.taken))
        return self._known

    def condition(self, tree: Tree, line: int) -> str:
        """A condition; a variable that the author sets stands for one that cannot be written."""
        try:
            text = self._writer().condition(tree)
            compile_expression(text, self.known(), wanted=BOOL)
        except (NotParsedError, ExpressionError) as error:
            name = unique("condition", self.names, "condition")
            self.variables[f"?{name}"] = Declared(name, "bool", init="false")
            self.book.lose(line, f"a condition: {error}: the variable {name} stands for it, and is "
                                 "false")  # fmt: skip
            return name
        return text

    def _writer(self) -> Writer:
        beat = self.written[-1].id if self.written else ""
        return Writer(self.variables, self.beats, beat, self.computed)

    def _effects(self, nodes: Sequence[Node]) -> list[tuple[str, str]]:
        found = []
        for node in nodes:
            if not isinstance(node, Set):
                continue
            variable = self.variables[node.name]
            try:
                text = self._writer().value(node.tree, variable)
                compile_expression(text, self.known(), wanted=kind_of(variable), dice=True)
            except (NotParsedError, ExpressionError) as error:
                self.book.lose(node.line, f"effect on {variable.id}: {error}")
            else:
                found.append((variable.id, text))
        return found

    def _shown(self, node: Node) -> str:
        """The words of a node in a line; braces that could be read as a value are quoted."""
        if isinstance(node, Words):
            return re.sub(r"\{(?=\s*\w)", "'{'", node.text)
        if isinstance(node, Value):
            return self._value(node)
        if isinstance(node, Link):
            return "".join(self._shown(one) for one in node.label)
        return ""

    def _value(self, node: Value) -> str:
        if isinstance(node.tree, Name):
            return f"{{{self.variables[node.tree.name].id}}}"
        if isinstance(node.tree, Text | Number):
            return node.tree.text
        if node.tree in self.computed:
            return f"{{{self.computed[node.tree].id}}}"
        try:
            writer = self._writer()
            text = writer.value(node.tree)
            made = compile_expression(text, self.known())
        except (NotParsedError, ExpressionError) as error:
            self.book.lose(node.line, f"a value that is printed: {error}")
            return ""
        name = unique("value", self.names, "value")
        kind = made.kind
        made_of = Declared(name, kind.name, kind.least, kind.most, kind.words, computed=text)
        self.variables[f"?{name}"] = self.computed[node.tree] = made_of
        return f"{{{name}}}"

    def _is_said(self, node: Node) -> bool:
        """True for what is heard or seen: words with a letter or digit, values, conditions."""
        if isinstance(node, Words):
            return any(sign.isalnum() for sign in node.text)
        if isinstance(node, If):
            return any(self._is_said(one) for _, inside in node.branches for one in inside)
        return isinstance(node, Value)


def kind_of(variable: Declared) -> Kind:
    """The kind of a variable's values."""
    if variable.kind == "bool":
        return BOOL
    return Kind(variable.kind, variable.least, variable.most, variable.words)


def _computed(variable: Declared) -> Tree | None:
    """The expression of a computed variable."""
    try:
        return parse(variable.computed, "native") if variable.computed else None
    except NotParsedError:
        return None
