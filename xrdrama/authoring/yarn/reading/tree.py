"""What a Yarn file says, as a tree: nodes, statements and expressions with their positions.

The language is that of Yarn Spinner 3 (https://docs.yarnspinner.dev). Lines and columns start at 1.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class At(msgspec.Struct, frozen=True, order=True):
    """A position in the file."""

    line: int
    column: int


# -- expressions --------------------------------------------------------------------------------


class Number(msgspec.Struct, frozen=True):
    """A number as written."""

    value: float
    at: At


class Text(msgspec.Struct, frozen=True):
    """A text in quotes."""

    value: str
    at: At


class Truth(msgspec.Struct, frozen=True):
    """`true` or `false`."""

    value: bool
    at: At


class Read(msgspec.Struct, frozen=True):
    """The value of a variable; its name begins with `$`."""

    name: str
    at: At


class Member(msgspec.Struct, frozen=True):
    """A case of an enum: `Food.Apple`, or `.Apple` with an `enum` of ""."""

    enum: str
    case: str
    at: At


class Call(msgspec.Struct, frozen=True):
    """`f(a, b)`"""

    function: str
    arguments: tuple[Formula, ...]
    at: At


class Unary(msgspec.Struct, frozen=True):
    """`sign` is "-" or "not"."""

    sign: str
    value: Formula
    at: At


class Binary(msgspec.Struct, frozen=True):
    """`sign` is one of + - * / % < > <= >= == != and or xor."""

    sign: str
    left: Formula
    right: Formula
    at: At


Formula = Number | Text | Truth | Read | Member | Call | Unary | Binary

# -- statements ---------------------------------------------------------------------------------


class Words(msgspec.Struct, frozen=True):
    """A text with expressions in it. `\\[`, `\\]` and `\\:` are kept: markup reads them."""

    parts: tuple[str | Formula, ...]
    at: At

    @property
    def plain(self) -> str:
        """The text when it has no expressions."""
        return "".join(part for part in self.parts if isinstance(part, str))

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """The expressions in the text."""
        return tuple(part for part in self.parts if not isinstance(part, str))


class Condition(msgspec.Struct, frozen=True):
    """`<<if FORMULA>>`, `<<once>>` or `<<once if FORMULA>>` behind a line, and `when:` of a node.

    All of them empty: `when: always`.
    """

    formula: Formula | None
    once: bool
    at: At

    @property
    def complexity(self) -> int:
        """How specific the condition is, by the count of Yarn Spinner."""
        count = int(self.once)
        return count + (operators(self.formula) + 1 if self.formula is not None else 0)


class Said(msgspec.Struct, frozen=True):
    """A line, or the text of an option or of a line in a group. `id` is "" without `#line:`."""

    words: Words
    condition: Condition | None
    tags: tuple[str, ...]
    at: At

    def tag(self, key: str) -> str:
        """The value of a tag such as `#line:abc`, or ""."""
        found = (tag for tag in self.tags if tag.startswith(f"{key}:"))
        return next(found, "").partition(":")[2]


class Option(msgspec.Struct, frozen=True):
    """An option of a choice (`->`) or an alternative of a line group (`=>`)."""

    said: Said
    body: tuple[Statement, ...]


class Choice(msgspec.Struct, frozen=True):
    """Options that are offered together."""

    options: tuple[Option, ...]
    at: At


class LineGroup(msgspec.Struct, frozen=True):
    """Lines of which one is said."""

    options: tuple[Option, ...]
    at: At


class Branch(msgspec.Struct, frozen=True):
    """One part of `<<if>>`; `formula` is None for `<<else>>`."""

    formula: Formula | None
    body: tuple[Statement, ...]
    at: At


class If(msgspec.Struct, frozen=True):
    """`<<if>>` with its parts."""

    branches: tuple[Branch, ...]
    at: At


class Once(msgspec.Struct, frozen=True):
    """`<<once>>` or `<<once if FORMULA>>`, its body, and what follows `<<else>>` in it."""

    formula: Formula | None
    body: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]
    at: At


class Set(msgspec.Struct, frozen=True):
    """`<<set $name = value>>`; `+=` and the like are written out in `value`."""

    name: str
    value: Formula
    at: At


class Declare(msgspec.Struct, frozen=True):
    """`<<declare $name = value as kind>>`; `kind` is "" when it is not given."""

    name: str
    value: Formula
    kind: str
    at: At


class Enum(msgspec.Struct, frozen=True):
    """Cases with their values: all numbers, all texts, or none given."""

    name: str
    cases: tuple[tuple[str, Formula | None, At], ...]
    at: At


class Go(msgspec.Struct, frozen=True):
    """`<<jump>>`, or `<<detour>>`, to a node or to the node that an expression names."""

    to: str | Formula
    how: Literal["jump", "detour"]
    at: At


class Leave(msgspec.Struct, frozen=True):
    """`<<stop>>` ends the dialogue, `<<return>>` goes back behind the detour."""

    how: Literal["stop", "return"]
    at: At


class Invoke(msgspec.Struct, frozen=True):
    """`<<call f(...)>>`"""

    call: Call
    at: At


class Command(msgspec.Struct, frozen=True):
    """A command for the game, such as `<<shake 2>>`."""

    words: Words
    tags: tuple[str, ...]
    at: At


Statement = (
    Said | Choice | LineGroup | If | Once | Set | Declare | Enum | Go | Leave | Invoke | Command
)


class Node(msgspec.Struct, frozen=True):
    """A node. Nodes of one title that have `when` are a group."""

    title: str
    headers: tuple[tuple[str, str, At], ...]
    when: tuple[Condition, ...]
    body: tuple[Statement, ...]
    at: At
    order: int

    def header(self, key: str) -> str:
        """The value of a header, or ""."""
        return next((value for name, value, _ in self.headers if name == key), "")

    @property
    def name(self) -> str:
        """The title; in a group it is made unique by the subtitle or the position."""
        if not self.when:
            return self.title
        return f"{self.title}.{self.header('subtitle') or self.order + 1}"


class YarnFile(msgspec.Struct, frozen=True):
    """All nodes of a file, and the tags above them."""

    nodes: tuple[Node, ...]
    tags: tuple[str, ...] = ()


def operators(formula: Formula) -> int:
    """How many `and`, `or` and `xor` a formula has."""
    return sum(
        isinstance(part, Binary) and part.sign in ("and", "or", "xor") for part in parts_of(formula)
    )


def parts_of(formula: Formula) -> list[Formula]:
    """The formula and all formulas in it."""
    found: list[Formula] = []
    todo: list[Formula] = [formula]
    while todo:
        part = todo.pop()
        found.append(part)
        if isinstance(part, Unary):
            todo.append(part.value)
        elif isinstance(part, Binary):
            todo += (part.right, part.left)
        elif isinstance(part, Call):
            todo += reversed(part.arguments)
    return found


def statements_in(body: tuple[Statement, ...]) -> list[Statement]:
    """All statements of a body, with those inside others, in the order of the file."""
    found: list[Statement] = []
    for one in body:
        found.append(one)
        if isinstance(one, (Choice, LineGroup)):
            for option in one.options:
                found.append(option.said)
                found += statements_in(option.body)
        elif isinstance(one, If):
            for branch in one.branches:
                found += statements_in(branch.body)
        elif isinstance(one, Once):
            found += statements_in(one.body)
            found += statements_in(one.otherwise)
    return found


def formulas_of(one: Statement) -> list[Formula]:
    """The formulas of a statement itself, without those of statements in it."""
    if isinstance(one, Said):
        condition = one.condition.formula if one.condition else None
        return [*one.words.formulas, *([condition] if condition is not None else [])]
    if isinstance(one, Command):
        return list(one.words.formulas)
    if isinstance(one, If):
        return [branch.formula for branch in one.branches if branch.formula is not None]
    if isinstance(one, Once):
        return [one.formula] if one.formula is not None else []
    if isinstance(one, (Set, Declare)):
        return [one.value]
    if isinstance(one, Invoke):
        return [one.call]
    if isinstance(one, Go) and not isinstance(one.to, str):
        return [one.to]
    return []
