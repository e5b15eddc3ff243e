"""xrdrama's texts and expressions, written for SugarCube."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from xrdrama.authoring.exchange.twee.expressions import (
    Binary,
    Call,
    Name,
    NotParsedError,
    Number,
    Text,
    Tree,
    Truth,
    Unary,
    parse,
)
from xrdrama.errors import UsageError
from xrdrama.story.expressions.expression import Expression
from xrdrama.story.text import Message, parse_message
from xrdrama.story.text.message import Number as Counted
from xrdrama.story.text.message import Part, Plural, Select, Shown

_SIGNS = {"==": "is", "!=": "isnot", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
_STRENGTH = {"or": 1, "and": 2, "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5,
             "*": 6, "/": 6}  # fmt: skip
_FUNCTIONS = {"visits": "visited", "seen": "hasVisited", "min": "Math.min", "max": "Math.max",
              "random": "random"}  # fmt: skip
_MARKUP = re.compile(
    r"<<|>>|\[\[|\]\]|//|''|__|~~|\^\^|==|@@|\$[^\W\d]|\b_[^\W\d]|/%|/\*|<[A-Za-z!/]"
    r"|\{\{\{|\\|\*"
)


class Sugar:
    """Writes expressions and texts; `computed` are variables that are written as expressions."""

    signs: Mapping[str, str] = _SIGNS
    negation = "not "

    def __init__(self, computed: Mapping[str, Expression | None]) -> None:
        self.computed = computed

    def expression(self, text: str) -> str:
        """An expression of xrdrama for SugarCube."""
        try:
            return self._written(parse(" ".join(text.split()), "native"))[0]
        except NotParsedError as error:
            raise UsageError(
                f"the expression {text[:60]!r} cannot be written in the other format: {error}",
                "split it in two",
            ) from None

    def text(self, text: str, *, values: bool = True) -> str:
        """A text; what SugarCube would read as markup is quoted."""
        message = parse_message(text) if values else Message((text,))
        return self._parts(message.parts, "")

    def _parts(self, parts: Sequence[Part], counted: str) -> str:
        found = []
        for at, part in enumerate(parts):
            after = parts[at + 1] if at + 1 < len(parts) else ""
            if isinstance(part, str):
                found.append(f'"""{part}"""' if _MARKUP.search(part) else part)
            elif isinstance(part, Shown):
                found.append(self._shown(part.name, after))
            elif isinstance(part, Counted):
                found.append(self._shown(counted, after))
            elif isinstance(part, Plural):
                found.append(self._plural(part))
            else:
                found.append(self._select(part))
        return "".join(found)

    def _shown(self, name: str, after: object) -> str:
        if name in self.computed:
            return f"<<= {self._name(name)[0]}>>"
        joins = isinstance(after, str) and re.match(r"[\w.\[]", after)
        return f"<<= ${name}>>" if joins or not isinstance(after, str) else f"${name}"

    def _plural(self, part: Plural) -> str:
        name = self._name(part.name)[0]
        cases = [(f"{name} is {number}", case) for number, case in part.exact.items()]
        if "one" in part.forms:
            cases.append((f"{name} is 1", part.forms["one"]))
        return self._cases(cases, part.forms.get("other", ()), part.name)

    def _select(self, part: Select) -> str:
        name = self._name(part.name)[0]
        cases = []
        for word, case in part.cases.items():
            asked = {"true": name, "false": f"not {name}"}.get(word, f'{name} is "{word}"')
            if word != "other":
                cases.append((asked, case))
        return self._cases(cases, part.cases.get("other", ()), "")

    def _cases(
        self, cases: list[tuple[str, tuple[Part, ...]]], other: tuple[Part, ...], counted: str
    ) -> str:
        if not cases:
            return self._parts(other, counted)
        parts = [f"<<{'elseif' if number else 'if'} {asked}>>{self._parts(case, counted)}"
                 for number, (asked, case) in enumerate(cases)]  # fmt: skip
        return "".join([*parts, f"<<else>>{self._parts(other, counted)}<</if>>"])

    def _name(self, name: str) -> tuple[str, int]:
        expression = self.computed.get(name)
        if expression is not None:
            return f"({self.expression(expression.text)})", 8
        return self.variable(name), 8

    def variable(self, name: str) -> str:
        """A variable as it is written in an expression."""
        return f"${name}"

    def written(self, tree: Tree) -> str:
        """An expression."""
        return self._written(tree)[0]

    def _written(self, tree: Tree) -> tuple[str, int]:
        """The text, and how strongly its outermost operator binds."""
        if isinstance(tree, Number):
            return tree.text, 8
        if isinstance(tree, Text):
            return '"' + tree.text.replace("\\", "\\\\").replace('"', '\\"') + '"', 8
        if isinstance(tree, Truth):
            return ("true" if tree.value else "false"), 8
        if isinstance(tree, Name):
            return self._name(tree.name)
        if isinstance(tree, Unary):
            text, strength = self._written(tree.one)
            level = 3 if tree.sign == "not" else 7
            inside = f"({text})" if strength < (8 if level == 3 else 7) else text
            return f"{self.negation if level == 3 else '-'}{inside}", level
        if isinstance(tree, Call):
            return self.called(tree), 8
        return self._binary(tree)

    def called(self, tree: Call) -> str:
        """A function with its arguments."""
        if tree.name in ("visits", "seen"):
            (beat,) = tree.arguments
            return f'{_FUNCTIONS[tree.name]}("{getattr(beat, "name", "")}")'
        inside = ", ".join(self._written(one)[0] for one in tree.arguments)
        return f"{_FUNCTIONS.get(tree.name, tree.name)}({inside})"

    def _binary(self, tree: Binary) -> tuple[str, int]:
        (one, a), (other, b) = self._written(tree.one), self._written(tree.other)
        if tree.sign == "//":
            return f"Math.floor({one} / {f'({other})' if b < 7 else other})", 8
        level = _STRENGTH[tree.sign]
        compared = level == 4
        left = f"({one})" if a < level + compared else one
        right = f"({other})" if b < level + 1 else other
        return f"{left} {self.signs.get(tree.sign, tree.sign)} {right}", level
