"""The types and ranges of a Twine story's variables, found from their use.

Twine's variables have no types. A whole number that is only set to constants and to `random()` has
the range of these; one that is counted up or down gets a guessed range, which is listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

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
)

MOST = 10**6
"""The limit of a number in a branch file."""
_COMPARE = ("==", "!=", "<", "<=", ">", ">=")
_ROUNDS = 8


class Declared(msgspec.Struct, frozen=True):
    """A variable of the branch file; `guessed`: its range is not known from its use."""

    id: str
    kind: str
    least: float = 0
    most: float = 0
    words: tuple[str, ...] = ()
    init: str = ""
    guessed: bool = False
    computed: str = ""


class Assigned(msgspec.Struct, frozen=True):
    """A variable that is set to an expression in a line of the file."""

    name: str
    tree: Tree
    line: int


class _Use(msgspec.Struct):
    """What is known of a variable."""

    kind: str = ""
    constants: set[float] = set()
    compared: set[float] = set()
    grows: bool = False
    shrinks: bool = False


def declared(
    assigned: Iterable[Assigned], initial: Mapping[str, Tree], read: Iterable[Tree]
) -> dict[str, Declared]:
    """The variables by name. `initial`: the values at the start; `read`: all other expressions."""
    every = [*assigned, *(Assigned(name, tree, 0) for name, tree in initial.items())]
    every = list({(one.name, one.tree): one for one in every}.values())
    trees = list(dict.fromkeys([*read, *(one.tree for one in every)]))
    uses = {one.name: _Use(constants=set(), compared=set()) for one in every}
    for tree in trees:
        for name in sorted(_names(tree)):
            uses.setdefault(name, _Use(constants=set(), compared=set()))
    for _ in range(_ROUNDS):
        for one in every:
            use = uses[one.name]
            use.kind = use.kind or _kind(one.tree, uses)
            _measure(one, use, uses)
        for tree in trees:
            _learn(tree, uses)
    return {name: _declare(name, use, initial.get(name)) for name, use in uses.items()}


def _names(tree: Tree) -> set[str]:
    return {part.name for part in _parts(tree) if isinstance(part, Name)}


def _parts(tree: Tree) -> Iterator[Tree]:
    """An expression and all expressions in it."""
    left = [tree]
    while left:
        one = left.pop()
        yield one
        if isinstance(one, Unary):
            left.append(one.one)
        elif isinstance(one, Binary):
            left += [one.other, one.one]
        elif isinstance(one, Call):
            left += one.arguments


def _kind(tree: Tree, uses: Mapping[str, _Use]) -> str:
    """bool, int, float or text; "" if it is not known yet."""
    if isinstance(tree, Truth):
        return "bool"
    if isinstance(tree, Number):
        return "float" if "." in tree.text else "int"
    if isinstance(tree, Text):
        return "text"
    if isinstance(tree, Name):
        return uses[tree.name].kind if tree.name in uses else ""
    if isinstance(tree, Unary):
        return "bool" if tree.sign == "not" else _kind(tree.one, uses)
    if isinstance(tree, Call):
        return _kind_of_call(tree, uses)
    if tree.sign in (*_COMPARE, "and", "or"):
        return "bool"
    kinds = {_kind(tree.one, uses), _kind(tree.other, uses)} - {""}
    if "text" in kinds:
        return "text"
    return "float" if tree.sign == "/" or "float" in kinds else "int" if kinds else ""


def _kind_of_call(tree: Call, uses: Mapping[str, _Use]) -> str:
    if tree.name == "seen":
        return "bool"
    if tree.name in ("visits", "random", "floor", "round"):
        return "int"
    kinds = {_kind(one, uses) for one in tree.arguments} - {""}
    for kind in ("text", "float", "int", "bool"):
        if kind in kinds:
            return kind
    return ""


def _learn(tree: Tree, uses: Mapping[str, _Use]) -> None:
    """Types and constants of the variables that an expression compares or asks."""
    for part in _parts(tree):
        if isinstance(part, Binary) and part.sign in _COMPARE:
            for one, other in ((part.one, part.other), (part.other, part.one)):
                if not isinstance(one, Name):
                    continue
                use = uses[one.name]
                use.kind = use.kind or _kind(other, uses)
                value = constant(other)
                if value is not None:
                    use.compared.add(value)
    for one in _truths(tree):
        if not uses[one.name].kind:
            uses[one.name].kind = "bool"


def _truths(tree: Tree) -> Iterator[Name]:
    """The variables that an expression uses as truths."""
    if isinstance(tree, Name):
        yield tree
    elif isinstance(tree, Unary) and tree.sign == "not":
        yield from _truths(tree.one)
    elif isinstance(tree, Binary) and tree.sign in ("and", "or"):
        yield from _truths(tree.one)
        yield from _truths(tree.other)


def constant(tree: Tree) -> float | None:
    """The number that an expression is, or None."""
    if isinstance(tree, Number):
        return float(tree.text)
    if isinstance(tree, Unary) and tree.sign == "-" and isinstance(tree.one, Number):
        return -float(tree.one.text)
    return None


def _measure(one: Assigned, use: _Use, uses: Mapping[str, _Use]) -> None:
    """The numbers that an assignment can give, or whether it counts up or down."""
    tree = one.tree
    value = constant(tree)
    if value is not None:
        use.constants.add(value)
    elif isinstance(tree, Call) and tree.name in ("random", "either", "clamp"):
        inside = [constant(part) for part in tree.arguments[-2 if tree.name == "clamp" else 0 :]]
        use.constants.update(value for value in inside if value is not None)
        use.constants.update({0.0} if tree.name == "random" and len(inside) == 1 else ())
        if None in inside or (tree.name == "clamp" and len(tree.arguments) != 3):
            use.grows = use.shrinks = True
    elif isinstance(tree, Binary) and tree.sign in "+-" and tree.one == Name(one.name):
        step = constant(tree.other)
        up = step is None or (step > 0) == (tree.sign == "+")
        use.grows, use.shrinks = use.grows or up, use.shrinks or step is None or not up
    elif isinstance(tree, Name) and tree.name in uses:
        from_ = uses[tree.name]
        use.constants |= from_.constants
        use.grows, use.shrinks = use.grows or from_.grows, use.shrinks or from_.shrinks
    elif not isinstance(tree, Truth | Text):
        use.grows = use.shrinks = True


def _declare(name: str, use: _Use, initial: Tree | None) -> Declared:
    kind = use.kind or "bool"
    if kind == "bool":
        init = "true" if initial == Truth(True) else "false"
        return Declared(name, kind, init=init)
    if kind == "text":
        return Declared(name, kind, init=initial.text if isinstance(initial, Text) else "")
    begins = (constant(initial) if initial is not None else None) or 0.0
    values = {begins, *use.constants}
    least, most = min(values), max(values)
    known = {*values, *use.compared}
    if use.grows:
        most = max(most, _round_up(max(known)))
    if use.shrinks:
        least = min(0.0, least) if min(known) >= 0 else -_round_up(-min(known))
    if least == most:
        most = least + 1
    return Declared(
        name, kind, max(-MOST, least), min(MOST, most), init=f"{begins:.12g}",
        guessed=use.grows or use.shrinks,
    )  # fmt: skip


def _round_up(value: float) -> float:
    """The power of ten above a number, at least 100."""
    power = 100.0
    while power < value and power < MOST:
        power *= 10
    return power


# -- as expressions of xrdrama ------------------------------------------------------------------

_STRENGTH = {"or": 1, "and": 2, "not": 3, **dict.fromkeys(_COMPARE, 4), "+": 5, "-": 5,
             "*": 6, "/": 6, "//": 6}  # fmt: skip
_ATOM = 8
_FITS = (("float", "int"), ("enum", "text"))
"""A variable's kind, and another kind of values that it can have."""


class Writer(msgspec.Struct, frozen=True):
    """Writes expressions of xrdrama. `beats` are the ids by the passages' names, `beat` is the
    one that an expression without a passage's name means."""

    variables: Mapping[str, Declared]
    beats: Mapping[str, str]
    beat: str = ""
    computed: Mapping[Tree, Declared] = {}
    """Computed variables by their expressions: a part of another expression is written as one."""

    def condition(self, tree: Tree) -> str:
        """A condition; NotParsedError if it is not true or false."""
        return self._truth(tree)[0]

    def value(self, tree: Tree, variable: Declared | None = None) -> str:
        """A value, for a variable; a limit to the range of the variable is not written."""
        if (
            isinstance(tree, Call)
            and tree.name == "clamp"
            and variable is not None
            and [constant(one) for one in tree.arguments[1:]] == [variable.least, variable.most]
        ):
            tree = tree.arguments[0]
        if variable is not None and variable.kind == "bool":
            return self.condition(tree)
        text, _, kind = self._written(tree)
        if variable is not None and (variable.kind, kind) not in _FITS and variable.kind != kind:
            raise NotParsedError(f"its type is {kind}, and that of {variable.id} {variable.kind}")
        return text

    def _truth(self, tree: Tree) -> tuple[str, int]:
        text, strength, kind = self._written(tree)
        if kind == "bool":
            return text, strength
        inside = _inside(text, strength, 5)
        return (f"{inside} != ''", 4) if kind in ("text", "enum") else (f"{inside} != 0", 4)

    def _written(self, tree: Tree) -> tuple[str, int, str]:
        """The text, how strongly its outermost operator binds, and its kind."""
        if tree in self.computed:
            known = self.computed[tree]
            return known.id, _ATOM, known.kind
        if isinstance(tree, Number):
            return tree.text, _ATOM, "float" if "." in tree.text else "int"
        if isinstance(tree, Truth):
            return "true" if tree.value else "false", _ATOM, "bool"
        if isinstance(tree, Text):
            return self._quoted(tree.text), _ATOM, "text"
        if isinstance(tree, Name):
            variable = self.variables[tree.name]
            return variable.id, _ATOM, variable.kind
        if isinstance(tree, Unary):
            return self._unary(tree)
        return self._call(tree) if isinstance(tree, Call) else self._binary(tree)

    def _quoted(self, text: str) -> str:
        quote = next((sign for sign in "'\"" if sign not in text), "")
        if not quote or len(text) > 100 or not text.isprintable() or set(text) & set("\\{}"):
            raise NotParsedError(f"the text {text[:20]!r} cannot be compared in xrdrama")
        return f"{quote}{text}{quote}"

    def _unary(self, tree: Unary) -> tuple[str, int, str]:
        if tree.sign == "not":
            text, strength = self._truth(tree.one)
            return f"not {_inside(text, strength, 3)}", 3, "bool"
        text, strength, kind = self._written(tree.one)
        if kind not in ("int", "float"):
            raise NotParsedError("'-' needs a number")
        return f"-{_inside(text, strength, 7)}", 7, kind

    def _binary(self, tree: Binary) -> tuple[str, int, str]:
        sign = tree.sign
        if sign in ("and", "or"):
            (one, a), (other, b) = self._truth(tree.one), self._truth(tree.other)
            level = _STRENGTH[sign]
            return f"{_inside(one, a, level)} {sign} {_inside(other, b, level + 1)}", level, "bool"
        if sign in ("==", "!="):
            for asked, truth in ((tree.one, tree.other), (tree.other, tree.one)):
                if isinstance(truth, Truth):
                    same = truth.value == (sign == "==")
                    text, strength = self._truth(asked)
                    return (
                        (text, strength, "bool") if same
                        else (f"not {_inside(text, strength, 3)}", 3, "bool")
                    )  # fmt: skip
        (one, a, kind), (other, b, second) = self._written(tree.one), self._written(tree.other)
        numbers = {kind, second} <= {"int", "float"}
        if sign in _COMPARE:
            if not numbers and not (sign in ("==", "!=") and _comparable(kind, second)):
                raise NotParsedError(f"{kind} and {second} are compared")
            return f"{_inside(one, a, 5)} {sign} {_inside(other, b, 5)}", 4, "bool"
        if not numbers:
            raise NotParsedError(f"{kind} {sign} {second} is not carried over")
        if sign == "%":
            if kind != "int" or second != "int":
                raise NotParsedError("'%' of numbers that are not whole")
            one, other = _inside(one, a, 6), _inside(other, b, 7)
            return f"{one} - {one} // {other} * {other}", 5, "int"
        level = _STRENGTH[sign]
        text = f"{_inside(one, a, level)} {sign} {_inside(other, b, level + 1)}"
        return text, level, "float" if sign == "/" or "float" in (kind, second) else "int"

    def _call(self, tree: Call) -> tuple[str, int, str]:
        if tree.name in ("visits", "seen"):
            return self._visits(tree)
        if tree.name == "either":
            return self._random(*_either(tree))
        values = [constant(one) for one in tree.arguments]
        if tree.name == "random":
            return self._random(*([0.0, *values] if len(values) == 1 else values))
        if tree.name == "clamp" and len(tree.arguments) == 3:
            value, least, most = tree.arguments
            return self._call(Call("min", (most, Call("max", (least, value)))))
        if tree.name == "floor" and tree.arguments:
            inside = tree.arguments[0]
            if isinstance(inside, Binary) and inside.sign == "/":
                return self._binary(Binary("//", inside.one, inside.other))
        if tree.name in ("min", "max") and len(tree.arguments) == 2:
            (one_, _, kind), (other, _, second) = (self._written(one) for one in tree.arguments)
            both = {kind, second}
            if both <= {"int", "float"}:
                return f"{tree.name}({one_}, {other})", _ATOM, "int" if both == {"int"} else "float"
        raise NotParsedError(f"{tree.name}() with these values is not carried over")

    def _visits(self, tree: Call) -> tuple[str, int, str]:
        kind = "int" if tree.name == "visits" else "bool"
        if not tree.arguments and self.beat:
            return f"{tree.name}({self.beat})", _ATOM, kind
        (passage,) = tree.arguments if len(tree.arguments) == 1 else (None,)
        name = passage.text if isinstance(passage, Text) else getattr(passage, "name", "")
        if name not in self.beats:
            raise NotParsedError(f"{tree.name}() of {name[:30]!r}, which is not a passage")
        return f"{tree.name}({self.beats[name]})", _ATOM, kind

    def _random(self, *values: float | None) -> tuple[str, int, str]:
        whole = [int(one) for one in values if one is not None and one == int(one)]
        if len(whole) != 2 or len(values) != 2 or whole[0] > whole[1]:
            raise NotParsedError("random() is carried over with two whole numbers")
        return f"random({whole[0]}, {whole[1]})", _ATOM, "int"


def _inside(text: str, strength: int, level: int) -> str:
    """A part of an expression, in brackets if its operator is weaker than the one around it."""
    return f"({text})" if strength < level else text


def _comparable(kind: str, other: str) -> bool:
    return kind == other == "bool" or {kind, other} <= {"text", "enum"}


def _either(tree: Call) -> tuple[float, float]:
    """The ends of `either()` of whole numbers in a row."""
    values = [constant(one) for one in tree.arguments]
    known = sorted({int(one) for one in values if one is not None and one == int(one)})
    if not known or len(known) != len(values) or known != list(range(known[0], known[-1] + 1)):
        raise NotParsedError("either() is carried over with whole numbers in a row")
    return float(known[0]), float(known[-1])
