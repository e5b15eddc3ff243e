"""The types of Yarn expressions: inferred for variables and functions that are not declared."""

from __future__ import annotations

from xrdrama.authoring.yarn.reading.tree import (
    At,
    Binary,
    Call,
    Formula,
    Member,
    Number,
    Read,
    Text,
    Truth,
    Unary,
)

NUMBER, STRING, BOOL, ANY = "number", "string", "bool", "any"
_N, _S, _B = NUMBER, STRING, BOOL
FUNCTIONS: dict[str, tuple[tuple[str, ...], str]] = {
    "visited": ((_S,), _B),
    "visited_count": ((_S,), _N),
    "has_any_content": ((_S,), _B),
    "string": ((ANY,), _S),
    "number": ((ANY,), _N),
    "bool": ((ANY,), _B),
    "format_invariant": ((_N,), _S),
    "format": ((_S, ANY), _S),
    "random": ((), _N),
    "random_range": ((_N, _N), _N),
    "random_range_float": ((_N, _N), _N),
    "dice": ((_N,), _N),
    "min": ((_N, _N), _N),
    "max": ((_N, _N), _N),
    "round": ((_N,), _N),
    "round_places": ((_N, _N), _N),
    "floor": ((_N,), _N),
    "ceil": ((_N,), _N),
    "inc": ((_N,), _N),
    "dec": ((_N,), _N),
    "decimal": ((_N,), _N),
    "int": ((_N,), _N),
}
"""The functions of Yarn Spinner itself: types of the arguments and of the result."""


class Unknown:
    """A type that is not known yet. `members`: cases that the enum must have."""

    __slots__ = ("is_sum", "members", "same")

    def __init__(self) -> None:
        self.same: Kind | None = None
        self.members: list[Member] = []
        self.is_sum = False


Kind = str | Unknown
"""A type: number, string, bool, any, the name of an enum behind `enum `, or unknown."""


class KindError(Exception):
    """Types that do not fit, at a position."""

    def __init__(self, at: At, message: str, hint: str = "", code: str = "I107") -> None:
        super().__init__(message)
        self.at, self.message, self.hint, self.code = at, message, hint, code


class EnumKind:
    """An enum: its cases with their values; `raw` is number, string or "" (no values given)."""

    __slots__ = ("cases", "name", "raw")

    def __init__(self, name: str, raw: str, cases: dict[str, Formula | None]) -> None:
        self.name, self.raw, self.cases = name, raw, cases


def known(kind: Kind) -> Kind:
    """The type that an unknown one was found to be, or the unknown one."""
    while isinstance(kind, Unknown) and kind.same is not None:
        kind = kind.same
    return kind


def said(kind: Kind) -> str:
    """A type in words, for messages."""
    kind = known(kind)
    return "unknown" if isinstance(kind, Unknown) else kind


class Inference:
    """Finds the types of all variables and functions of a file from how they are used."""

    def __init__(self, enums: dict[str, EnumKind]) -> None:
        self.enums = enums
        self.variables: dict[str, Kind] = {}
        self.first_use: dict[str, At] = {}
        self.functions: dict[str, tuple[list[Kind], Kind]] = {
            name: (list(arguments), result) for name, (arguments, result) in FUNCTIONS.items()
        }
        self.first_call: dict[str, At] = {}
        self.sums: list[tuple[Unknown, At]] = []
        self.members: list[tuple[Unknown, Member]] = []

    def variable(self, name: str, at: At) -> Kind:
        """The type of a variable, which is used here."""
        self.first_use.setdefault(name, at)
        return self.variables.setdefault(name, Unknown())

    def join(self, one: Kind, other: Kind, at: At, what: str) -> Kind:
        """Makes two types the same; KindError when they differ."""
        one, other = known(one), known(other)
        if one is other:
            return one
        if isinstance(one, Unknown):
            return self._become(one, other, at)
        if isinstance(other, Unknown):
            return self._become(other, one, at)
        if one == other or ANY in (one, other):
            return one
        raise KindError(at, f"{what}: one is {one}, the other is {other}", "use values of one type")

    def _become(self, one: Unknown, kind: Kind, at: At) -> Kind:
        for member in one.members:
            if isinstance(kind, Unknown):
                kind.members.append(member)
            else:
                self._case(kind, member)
        if one.is_sum and not isinstance(kind, Unknown):
            _summable(kind, at)
        elif one.is_sum and isinstance(kind, Unknown):
            kind.is_sum = True
        one.same = kind
        return kind

    def _case(self, kind: str, member: Member) -> None:
        enum = self.enums.get(kind.removeprefix("enum ")) if kind.startswith("enum ") else None
        if enum is None:
            raise KindError(member.at, f".{member.case} is compared with a {kind}", "use its enum")
        if member.case not in enum.cases:
            raise KindError(
                member.at, f"the enum {enum.name} has no case {member.case}",
                f"use one of {', '.join(enum.cases)}", "I109",
            )  # fmt: skip

    def of(self, formula: Formula) -> Kind:
        """The type of a formula."""
        if isinstance(formula, Number):
            return NUMBER
        if isinstance(formula, Text):
            return STRING
        if isinstance(formula, Truth):
            return BOOL
        if isinstance(formula, Read):
            return self.variable(formula.name, formula.at)
        if isinstance(formula, Member):
            return self._member(formula)
        if isinstance(formula, Call):
            return self._call(formula)
        if isinstance(formula, Unary):
            kind = BOOL if formula.sign == "not" else NUMBER
            self.join(self.of(formula.value), kind, formula.at, f"'{formula.sign}' needs a {kind}")
            return kind
        return self._binary(formula)

    def _member(self, member: Member) -> Kind:
        if not member.enum:
            one = Unknown()
            one.members.append(member)
            self.members.append((one, member))
            return one
        if member.enum not in self.enums:
            raise KindError(
                member.at, f"there is no enum {member.enum}",
                f"declare it with <<enum {member.enum}>>", "I109",
            )  # fmt: skip
        kind = f"enum {member.enum}"
        self._case(kind, member)
        return kind

    def _binary(self, formula: Binary) -> Kind:
        sign, at = formula.sign, formula.at
        left, right = self.of(formula.left), self.of(formula.right)
        what = f"the two sides of '{sign}' have different types"
        if sign in ("and", "or", "xor"):
            for side in (left, right):
                self.join(side, BOOL, at, f"'{sign}' needs true or false on both sides")
            return BOOL
        if sign in ("==", "!="):
            self.join(left, right, at, what)
            return BOOL
        if sign == "+":
            kind = self.join(left, right, at, what)
            if isinstance(kind, Unknown):
                kind.is_sum = True
                self.sums.append((kind, at))
            else:
                _summable(kind, at)
            return kind
        for side in (left, right):
            self.join(side, NUMBER, at, f"'{sign}' needs numbers on both sides")
        return NUMBER if sign in ("-", "*", "/", "%") else BOOL

    def _call(self, call: Call) -> Kind:
        made = [self.of(argument) for argument in call.arguments]
        if call.function not in self.functions:
            self.first_call[call.function] = call.at
            self.functions[call.function] = (list(made), Unknown())
            return self.functions[call.function][1]
        wanted, result = self.functions[call.function]
        if len(wanted) != len(made):
            raise KindError(
                call.at,
                f"{call.function}() takes {len(wanted)} arguments, {len(made)} are given",
                "call it with the same arguments everywhere",
            )
        for index, kind in enumerate(made):
            wanted[index] = self._argument(wanted[index], kind, call)
        return result

    def _argument(self, wanted: Kind, given: Kind, call: Call) -> Kind:
        """The type of an argument of a function; enums of texts pass as texts."""
        wanted, given = known(wanted), known(given)
        if wanted == ANY:
            return ANY
        both_text = self._is_text(wanted) and self._is_text(given)
        if isinstance(wanted, str) and isinstance(given, str) and wanted != given and both_text:
            return STRING
        return self.join(wanted, given, call.at, f"an argument of {call.function}() changes type")

    def _is_text(self, kind: Kind) -> bool:
        if not isinstance(kind, str):
            return False
        enum = self.enums.get(kind.removeprefix("enum "))
        return kind == STRING or (
            kind.startswith("enum ") and enum is not None and enum.raw == STRING
        )

    def finish(self) -> list[KindError]:
        """What is still unknown when everything was read."""
        found: list[KindError] = []
        for one, member in self.members:
            if known(one) is not one:
                continue
            fitting = [
                name
                for name, enum in self.enums.items()
                if all(each.case in enum.cases for each in one.members)
            ]
            if len(fitting) == 1:
                one.same = f"enum {fitting[0]}"
                continue
            message = f"no enum has a case {member.case}"
            hint = "declare it in an <<enum>>"
            if fitting:
                message = f".{member.case} can be of the enums {' and '.join(fitting)}"
                hint = f"write {fitting[0]}.{member.case}"
            found.append(KindError(member.at, message, hint, "I109"))
            one.same = ANY
        for name, kind in self.variables.items():
            if isinstance(known(kind), Unknown):
                message, hint = (
                    f"the type of {name} is not known",
                    f"declare it: <<declare {name} = 0>>",
                )
                found.append(KindError(self.first_use[name], message, hint, "I108"))
        for sum_kind, at in self.sums:
            if isinstance(known(sum_kind), Unknown) and not found:
                found.append(KindError(at, "the type of this sum is not known", "declare it"))
        return found


def _summable(kind: str, at: At) -> None:
    if kind not in (NUMBER, STRING, ANY):
        raise KindError(at, f"'+' cannot add values of type {kind}", "add numbers, or join texts")
