"""Yarn's expressions in our language.

Numbers become whole numbers where all values of a variable are whole. Dice become variables that
are set before the statement. What has no counterpart raises CannotCarryError.
"""

from __future__ import annotations

from xrdrama.authoring.yarn.playing.evaluate import (
    MATHS,
    Evaluator,
    Value,
    YarnError,
    as_text,
    case_value,
)
from xrdrama.authoring.yarn.reading.check import Checked, YarnVariable
from xrdrama.authoring.yarn.reading.tree import (
    Binary,
    Call,
    Declare,
    Formula,
    Member,
    Number,
    Read,
    Set,
    Text,
    Truth,
    Unary,
    formulas_of,
    parts_of,
    statements_in,
)
from xrdrama.authoring.yarn.translating.story import MOST_NUMBER, CannotCarryError, NewStory
from xrdrama.document.names import as_name

LONGEST, DEEPEST = 450, 20
"""Characters and brackets of an expression; our language has limits of 500 and 32."""
DICE = ("random", "random_range", "random_range_float", "dice")
_PURE = (*MATHS, "string", "number", "bool", "format", "format_invariant")
_WHOLE = ("floor", "ceil", "round", "int", "inc", "dec", "dice", "random_range", "visited_count")
_RANGE = f"min: -{MOST_NUMBER}, max: {MOST_NUMBER}"


class Expressions:
    """Writes expressions of one file. `before` collects what must be set before their use."""

    def __init__(self, story: NewStory) -> None:
        self.story, self.checked = story, story.checked
        self.before: list[tuple[str, str]] = []
        self.floats = _float_variables(self.checked)
        self.counted: set[str] = set()
        """Names of nodes whose visits are kept in a variable of the story."""
        self.numbered = _numbered(self.checked)

    # -- what is known before the story is played -----------------------------------------------

    def constant(self, formula: Formula) -> Value | None:
        """The value of a formula that is always the same, or None."""
        for part in parts_of(formula):
            if isinstance(part, Read) or (isinstance(part, Call) and not self._is_pure(part)):
                return None
        given = self.story.functions
        try:
            return Evaluator(self.checked, lambda _: 0, lambda _: False, given, 0).value(formula)
        except YarnError as error:
            raise CannotCarryError(error.message) from None

    def _is_pure(self, call: Call) -> bool:
        return call.function in _PURE or call.function in self.story.functions

    def kind(self, formula: Formula) -> str:
        """number, string, bool, or the name of an enum behind `enum `."""
        if isinstance(formula, Number):
            return "number"
        if isinstance(formula, Text):
            return "string"
        if isinstance(formula, Truth):
            return "bool"
        if isinstance(formula, Read):
            return self.checked.variables[formula.name].kind
        if isinstance(formula, Member):
            return f"enum {self.checked.case(formula)[0]}"
        if isinstance(formula, Unary):
            return "bool" if formula.sign == "not" else "number"
        if isinstance(formula, Call):
            return self._result(formula)
        if formula.sign == "+":
            return self.kind(formula.left)
        return "number" if formula.sign in ("-", "*", "/", "%") else "bool"

    def _result(self, call: Call) -> str:
        if call.function in self.checked.functions:
            return self.checked.functions[call.function][-1]
        from xrdrama.authoring.yarn.reading.kinds import FUNCTIONS

        return FUNCTIONS[call.function][1]

    # -- in our language ------------------------------------------------------------------------

    def written(self, formula: Formula) -> str:
        """The formula in our language."""
        made = self._written(formula)
        if len(made) > LONGEST or _nested(made) > DEEPEST:
            raise CannotCarryError("an expression that is too long or too deep")
        return made

    def _written(self, formula: Formula) -> str:
        value = self.constant(formula) if not isinstance(formula, Member) else None
        if value is not None:
            return literal(value)
        if isinstance(formula, Read):
            return self.read(formula.name)
        if isinstance(formula, Member):
            return f"'{self.word(formula)}'"
        if isinstance(formula, Unary):
            return f"{formula.sign} {self._inner(formula.value)}".replace("- ", "-")
        if isinstance(formula, Call):
            return self._call(formula)
        assert isinstance(formula, Binary)
        return self._binary(formula)

    def _inner(self, formula: Formula) -> str:
        made = self.written(formula)
        return f"({made})" if isinstance(formula, (Binary, Unary)) and " " in made else made

    def word(self, member: Member) -> str:
        """The word of an enum's case."""
        enum, case = self.checked.case(member)
        return enum_words(self.checked, enum)[case]

    def read(self, name: str) -> str:
        """The name of a variable of the Yarn file."""
        return self.story.variable(name, self._form(self.checked.variables[name]))

    def _form(self, variable: YarnVariable) -> str:
        if variable.smart:
            assert variable.value is not None
            before = len(self.before)
            made = self.written(variable.value)
            if len(self.before) > before:
                raise CannotCarryError(f"a smart variable with dice: {variable.name}")
            if self.kind(variable.value) == "string":
                raise CannotCarryError(f"a smart variable that is a text: {variable.name}")
            return f"type: computed, from: {yaml_text(made)}"
        first = self.constant(variable.value) if variable.value is not None else None
        if variable.kind == "bool":
            return f"type: bool, init: {literal(bool(first))}"
        if variable.kind == "string":
            return f"type: text, init: {quoted(str(first))}" if first else "type: text"
        if variable.kind == "number":
            kind = "float" if variable.name in self.floats else "int"
            start = max(-MOST_NUMBER, min(MOST_NUMBER, float(first or 0)))
            return f"type: {kind}, {_RANGE}, init: {literal(start)}"
        enum = variable.kind.removeprefix("enum ")
        words = enum_words(self.checked, enum)
        start_word = next(iter(words.values()))
        if isinstance(variable.value, Member):
            start_word = self.word(variable.value)
        return f"type: enum, of: [{', '.join(words.values())}], init: {start_word}"

    def _binary(self, formula: Binary) -> str:
        sign, kind = formula.sign, self.kind(formula.left)
        if sign == "+" and kind == "string":
            raise CannotCarryError("texts that are joined")
        left, right = self._inner(formula.left), self._inner(formula.right)
        if sign == "xor":
            return f"{left} != {right}"
        if sign == "%":
            if self._is_float(formula):
                raise CannotCarryError("the remainder of numbers that are not whole")
            return f"{left} - {self._divisor(formula)} * ({left} // {self._divisor(formula)})"
        if sign == "/":
            return f"{left} / {self._divisor(formula)}"
        return f"{left} {sign} {right}"

    def _divisor(self, formula: Binary) -> str:
        value = self.constant(formula.right)
        if value is not None:
            return literal(value)
        self.story.lose(formula.at.line, "a division by a value below 1: it divides by 1")
        return f"max(1, {self.written(formula.right)})"

    def _is_float(self, formula: Formula) -> bool:
        return not _is_whole(formula, self.floats)

    def _call(self, call: Call) -> str:
        name = call.function
        if name in ("visited", "visited_count"):
            return self._visits(call)
        if name == "has_any_content":
            return self._has_content(call)
        if name in DICE:
            return self._rolled(call)
        if name in ("min", "max"):
            return f"{name}({', '.join(self.written(one) for one in call.arguments)})"
        if name in ("floor", "ceil", "round", "int", "number", "inc", "dec", "bool", "string"):
            return self._converted(call)
        if name in self.checked.functions:
            return self._of_the_game(call)
        raise CannotCarryError(f"the function {name}()")

    def _converted(self, call: Call) -> str:
        name, argument = call.function, call.arguments[0]
        kind = self.kind(argument)
        same = {"number": "number", "bool": "bool", "string": "string"}.get(name, "")
        whole = kind == "number" and not self._is_float(argument)
        if kind == same or (whole and name in ("floor", "ceil", "round", "int")):
            return self.written(argument)
        if whole and name in ("inc", "dec"):
            return f"{self._inner(argument)} {'+' if name == 'inc' else '-'} 1"
        raise CannotCarryError(f"the function {name}() of a {kind}")

    def _named_node(self, call: Call) -> str:
        value = self.constant(call.arguments[0])
        if value is None:
            raise CannotCarryError(f"{call.function}() of a node that is not named")
        return str(value)

    def _visits(self, call: Call) -> str:
        node = self._named_node(call)
        if node not in self.counted:
            return "false" if call.function == "visited" else "0"
        made = self.visits_of(node)
        return f"{made} > 0" if call.function == "visited" and node in self.numbered else made

    def visits_of(self, node: str) -> str:
        """The variable that counts how often a node was left, or says that it was."""
        form = f"type: int, min: 0, max: {MOST_NUMBER}" if node in self.numbered else "type: bool"
        return self.story.variable(f"visited {node}", form)

    def counting(self, node: str) -> str:
        """The effect that counts a node which is left."""
        name = self.visits_of(node)
        return f"{name} = {name} + 1" if node in self.numbered else f"{name} = true"

    def _has_content(self, call: Call) -> str:
        title = self._named_node(call)
        group = self.checked.groups.get(title)
        if group is None:
            return literal(title in self.checked.nodes)
        parts: list[str] = []
        for node in group:
            conditions = [self.when(one.formula) for one in node.when if one.formula is not None]
            if any(one.once for one in node.when):
                conditions.append(f"not seen({self.story.named('beat', node.name)})")
            if not conditions:
                return "true"
            parts.append(" and ".join(f"({one})" for one in conditions))
        return " or ".join(f"({part})" for part in parts)

    def when(self, formula: Formula) -> str:
        """A condition that is read at any time, so that no dice can be rolled before it."""
        before = len(self.before)
        made = self.written(formula)
        if len(self.before) > before:
            del self.before[before:]
            raise CannotCarryError("dice in this condition")
        return made

    def _rolled(self, call: Call) -> str:
        """Dice: a variable that is set before the statement."""
        if call.function in ("random", "random_range_float"):
            raise CannotCarryError(f"the function {call.function}()")
        limits = [self.constant(one) for one in call.arguments]
        if any(one is None for one in limits):
            raise CannotCarryError("dice whose limits change")
        numbers = [int(float(one)) for one in limits if one is not None]
        least, most = (1, numbers[0]) if len(numbers) == 1 else (numbers[0], numbers[1])
        if least > most or max(abs(least), abs(most)) > MOST_NUMBER:
            raise CannotCarryError("dice with these limits")
        name = self.story.variable(
            f"roll {call.at.line} {call.at.column}",
            f"type: int, min: {least}, max: {most}, init: {least}",
        )
        self.before.append((name, f"random({least}, {most})"))
        return name

    def _of_the_game(self, call: Call) -> str:
        """A function of the game: a variable in its place."""
        kind = self._result(call)
        words = [word for word in map(self._constant_word, call.arguments) if word]
        form = {"bool": "type: bool", "number": f"type: int, {_RANGE}", "string": "type: text"}
        form["any"] = form["string"]
        if kind not in form:
            raise CannotCarryError(f"the game's function {call.function}()")
        original = f"function {call.function}({' '.join(words)})"
        name = self.story.variable(original, form[kind])
        self.story.lose(
            call.at.line, f"the game's function {call.function}(): it is the variable {name} here"
        )
        return name

    def _constant_word(self, formula: Formula) -> str:
        if isinstance(formula, Member):
            return formula.case
        value = self.constant(formula)
        return "" if value is None else as_text(value)[:20]


def _nested(made: str) -> int:
    depth = most = 0
    for sign in made:
        depth += (sign == "(") - (sign == ")")
        most = max(most, depth)
    return most


def _numbered(checked: Checked) -> set[str]:
    """The nodes whose visits are counted, not only asked for by `visited()`."""
    return {
        argument.value
        for node in checked.tree.nodes
        for formula in [
            *(one.formula for one in node.when if one.formula is not None),
            *(made for one in statements_in(node.body) for made in formulas_of(one)),
        ]
        for part in parts_of(formula)
        if isinstance(part, Call) and part.function == "visited_count"
        for argument in part.arguments
        if isinstance(argument, Text)
    }


def literal(value: Value) -> str:
    """A value as our language writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    return str(int(value)) if value == int(value) else repr(round(float(value), 6))


def yaml_text(text: str) -> str:
    """A text as a YAML scalar in quotes."""
    return "'" + text.replace("'", "''") + "'"


def quoted(text: str) -> str:
    """A text in quotes."""
    if len(text) > 100 or not text.isprintable() or "\\" in text:
        raise CannotCarryError("a text value of more than 100 characters, or with \\")
    if "'" not in text:
        return f"'{text}'"
    if '"' in text:
        raise CannotCarryError("a text value with both kinds of quotes")
    return f'"{text}"'


def enum_words(checked: Checked, enum: str) -> dict[str, str]:
    """The cases of an enum as words of ours: small letters, and no word twice."""
    found: dict[str, str] = {}
    for number, case in enumerate(checked.enums[enum].cases, 1):
        word = as_name(case) or f"case_{number}"
        found[case] = word if word not in found.values() else f"{word}_{number}"
    return found


def enum_texts(checked: Checked, enum: str) -> dict[str, Value]:
    """What Yarn shows for each case of an enum, by our word for it."""
    words = enum_words(checked, enum)
    at = checked.tree.nodes[0].at
    return {words[case]: case_value(checked, Member(enum, case, at)) for case in words}


def _float_variables(checked: Checked) -> set[str]:
    """The number variables that can have a value which is not whole."""
    values: list[tuple[str, Formula]] = [
        (one.name, one.value)
        for node in checked.tree.nodes
        for one in statements_in(node.body)
        if isinstance(one, (Set, Declare)) and checked.variables[one.name].kind == "number"
    ]
    floats: set[str] = set()
    while True:
        more = {name for name, value in values if not _is_whole(value, floats)} - floats
        if not more:
            return floats
        floats |= more


def _is_whole(formula: Formula, floats: set[str]) -> bool:
    if isinstance(formula, Number):
        return formula.value == int(formula.value)
    if isinstance(formula, Read):
        return formula.name not in floats
    if isinstance(formula, Unary):
        return _is_whole(formula.value, floats)
    if isinstance(formula, Call):
        if formula.function in ("min", "max"):
            return all(_is_whole(one, floats) for one in formula.arguments)
        return formula.function in _WHOLE or formula.function not in (
            "random", "random_range_float", "round_places", "decimal", "number"
        )  # fmt: skip
    if isinstance(formula, Binary):
        return formula.sign != "/" and all(
            _is_whole(side, floats) for side in (formula.left, formula.right)
        )
    return True
