"""Compiles the variables and expressions of a story file; reports problems at their positions."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable

from msgspec import structs

from xrdrama.document import Place, Reading, Scalar, suggestion
from xrdrama.document.names import WORD_SIGN
from xrdrama.document.wording import plain
from xrdrama.story.expressions.compiling import or_declare
from xrdrama.story.expressions.expression import (
    BOOL,
    Expression,
    ExpressionError,
    Kind,
    Names,
    Scope,
    Value,
    compile_expression,
)
from xrdrama.story.model import Effect, Variable
from xrdrama.story.written import RawEffect, RawStory, RawVariable

_STEP = re.compile(r"([+-])\s*(\S.*)", re.DOTALL)
MAX_TEXT = 100
"""Most characters of a text variable."""


class Formulas:
    """Compiles the conditions and effects of a story, and notes problems in them."""

    def __init__(self, raw: RawStory, reading: Reading) -> None:
        self.reading = reading
        self.compiled: dict[tuple[str, int, bool], Expression] = {}
        """Valid expressions by text, identity of the kind, and use: stories repeat conditions."""
        self.readable = "vars" not in raw.given or raw.variables is not None
        stored = [v for v in (raw.variables or {}).values() if v.computed is None]
        self.variables = {v.id: self._variable(v, slot) for slot, v in enumerate(stored)}
        kinds = {name: (v.kind, v.slot) for name, v in self.variables.items()}
        self.names = Names(kinds, {name: i for i, name in enumerate(raw.beats)})
        for variable in (raw.variables or {}).values():
            if variable.computed is not None:
                self._add_computed(variable, variable.computed)

    def _add_computed(self, raw: RawVariable, formula: Scalar) -> None:
        """Add a computed variable, which expressions below it can read."""
        self._refuse_reserved(raw)
        if raw.id in re.findall(rf"{WORD_SIGN}+", formula.text) and raw.id not in self.variables:
            self.reading.note(
                formula.place_of(0), "S120", f"{raw.id!r} is computed from itself",
                "compute it from other variables",
            )  # fmt: skip
            self.reading.lose("variable", raw.id)
            return
        made = self._compiled(formula.text, formula.place_of(0), None)
        if made is None:
            self.reading.lose("variable", raw.id)
            return
        init = made.run(Scope([v.init for v in self.stored], (0,) * len(self.names.beats), 0))
        self.variables[raw.id] = Variable(raw.id, made.kind, init, -1, raw.place, made)
        self.names = Names(
            {**self.names.variables, raw.id: (made.kind, -1)},
            self.names.beats,
            {**self.names.computed, raw.id: made},
        )

    @property
    def stored(self) -> tuple[Variable, ...]:
        """The variables that have a value, in the order of their slots."""
        return tuple(v for v in self.variables.values() if v.computed is None)

    def condition(self, node: Scalar | None) -> Expression | None:
        """The condition of a node, or None if it is missing or invalid."""
        return None if node is None else self.conditional(node.text, node.place_of(0))

    def conditional(self, text: str, place: Place) -> Expression | None:
        """The condition of a text; a warning is noted if it is always or never true."""
        made = self._compiled(text, place, BOOL)
        asks = made is not None and (made.reads or made.beats)
        if made is not None and asks and made.kind.least == made.kind.most:
            outcome = "always" if made.kind.least else "never"
            self.reading.note(
                place, "S121", f"this condition is {outcome} true", self._ranges(made), "warning"
            )
        return made if made is None else structs.replace(made, place=place)

    def assignment(self, name: str, text: str, at: Place, value: Place) -> tuple[Effect, ...]:
        """The effect of `@set name = text`; empty, and a problem, when it is invalid."""
        return self.effects([RawEffect(Scalar(name, at), Scalar(text, value))])

    def effects(self, raw: Iterable[RawEffect]) -> tuple[Effect, ...]:
        """The effects of an exit."""
        found = []
        for name, node in ((one.name.text, one) for one in raw):
            variable = self.variables.get(name)
            if variable is None:
                if self._is_lost("variable", name):
                    continue
                meant = suggestion(name, self.variables)
                hint = meant if meant.endswith("?") else or_declare(meant, name)
                message = f"there is no variable {name!r} to set"
                self.reading.note(node.name.place, "S113", message, hint)
                continue
            if variable.computed is not None:
                self.reading.note(
                    node.name.place, "S125", f"{name!r} is computed, so it cannot be set",
                    "set the variables that it is computed from, such as "
                    + min(variable.computed.reads, default="trust"),
                )  # fmt: skip
                continue
            value = self._effect(node.value, variable)
            if value is not None:
                found.append(Effect(name, variable.slot, variable.kind, value))
        return tuple(found)

    def _effect(self, node: Scalar, variable: Variable) -> Expression | None:
        kind, word, place = variable.kind, node.text.strip(), node.place_of(0)
        if kind.name == "enum" and word in kind.words and word not in self.variables:
            return self._compiled(f"'{word}'", place, kind, dice=True)
        made = self._compiled(node.text, place, kind, dice=True)
        if made is not None and kind.is_number and not self._is_step(node, variable, made):
            least, most = made.kind.least, made.kind.most
            if most < kind.least or least > kind.most:
                kept = kind.least if most < kind.least else kind.most
                message = (
                    f"the value of {variable.id} must be {plain(kind.least)} to {plain(kind.most)}"
                )
                hint = (
                    f"change the value (it becomes {plain(kept)} as written), or widen the "
                    "range under vars"
                )
                self.reading.note(place, "S122", message, hint, "warning")
        return made

    def _is_step(self, node: Scalar, variable: Variable, made: Expression) -> bool:
        """Note a value such as `+1`, which looks like a change; returns True for one."""
        text = node.text.strip()
        match = _STEP.fullmatch(text) if text[:1] in ("+", "-") else None
        if match is None or variable.id in made.reads:
            return False
        if match[1] == "-" and variable.kind.least < 0:
            return False  # the variable may be meant to become negative
        does = "add to it" if match[1] == "+" else "subtract from it"
        self.reading.note(
            node.place_of(0), "S123", f"this sets {variable.id} to {match[0]}; it does not {does}",
            f"write {variable.id}: {variable.id} {match[1]} {match[2]}; "
            f"or only {match[2]} if that is the new value", "warning",
        )  # fmt: skip
        return True

    def _compiled(
        self, text: str, place: Place, wanted: Kind | None, *, dice: bool = False
    ) -> Expression | None:
        known = (text, id(wanted), dice)
        if known in self.compiled:
            # A copy: proofs distinguish conditions at different places.
            return structs.replace(self.compiled[known], text=text)
        try:
            made = compile_expression(text, self.names, wanted=wanted, dice=dice)
        except ExpressionError as error:
            if not self._is_lost(*error.missing):
                where = Place(place.file, place.line, place.column + error.column)
                self.reading.note(where, "S120", error.message, error.hint)
            return None
        self.compiled[known] = made
        return made

    def _is_lost(self, kind: str, name: str) -> bool:
        """True when a definition could not be read, so that its uses are not reported, too."""
        return self.reading.lost(kind, name) or (kind == "variable" and not self.readable)

    def _ranges(self, made: Expression) -> str:
        kinds = {name: self.variables[name].kind for name in sorted(made.reads)}
        return "; ".join(f"{name} is {kind}" for name, kind in kinds.items())

    def _variable(self, raw: RawVariable, slot: int) -> Variable:
        kind = Kind(raw.kind, raw.least, raw.most, raw.words) if raw.kind != "bool" else BOOL
        self._refuse_reserved(raw)
        if kind.name == "enum" and not kind.words:
            self.reading.note(
                raw.place, "S115", f"{raw.id} has no list of words", "write of: [calm, angry]"
            )
        if kind.is_number and kind.least > kind.most:
            self.reading.note(
                raw.place, "S110", f"{raw.id}: min is larger than max", "swap the two values"
            )
            kind = Kind(raw.kind, raw.most, raw.least)
        if kind.name == "int":
            kind = Kind("int", int(kind.least), int(kind.most))
        first: Value
        if kind.is_number:
            first = kind.least if kind.least > 0 or kind.most < 0 else type(kind.least)(0)
        else:
            first = False if kind.name == "bool" else (kind.words or ("",))[0]
        return Variable(raw.id, kind, self._init(raw, kind, first), slot, raw.place)

    def _refuse_reserved(self, raw: RawVariable) -> None:
        if keyword.iskeyword(raw.id) or raw.id in ("true", "false"):
            self.reading.note(
                raw.place, "S114", f"a variable cannot be named {raw.id!r}",
                "it is a reserved word in expressions; use another name",
            )  # fmt: skip

    def _init(self, raw: RawVariable, kind: Kind, default: Value) -> Value:
        if raw.init is None:
            return default
        text, place = raw.init.text.strip(), raw.init.place
        if kind.name == "enum":
            if text in kind.words:
                return text
            self.reading.note(
                place, "S111", f"{text!r} is not one of {', '.join(kind.words)}",
                suggestion(text, kind.words),
            )  # fmt: skip
            return default
        if kind.name == "text":
            if len(text) > MAX_TEXT:
                self.reading.note(
                    place, "S112", f"the text has more than {MAX_TEXT} characters", "shorten it"
                )
            return text
        value = self._start(raw.init, kind)
        if value is None:
            return default
        if kind.is_number and not kind.least <= value <= kind.most:
            message = f"{text} is out of range: {raw.id} is {kind}"
            self.reading.note(
                place, "S112", message, "use another initial value, or widen the range"
            )
        return float(value) if kind.name == "float" else value

    def _start(self, node: Scalar, kind: Kind) -> int | float | None:
        try:
            made = compile_expression(node.text, Names({}, {}), wanted=kind)
        except ExpressionError as error:
            place = node.place_of(0)
            where = Place(place.file, place.line, place.column + error.column)
            hint = f"write {kind} itself" if error.missing[0] else error.hint
            self.reading.note(where, "S120", error.message, hint)
            return None
        value: int | float = made.run(Scope([], (), 0))
        return value
