"""Expressions: what their ranges promise holds for every value, and what is foreign is refused."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.story.expressions.expression import (
    BOOL,
    Expression,
    ExpressionError,
    Kind,
    Names,
    Scope,
    compile_expression,
)

INT = Kind("int", -2, 3)
MOOD = Kind("enum", words=("calm", "angry"))
VARIABLES = {"n": (INT, 0), "m": (Kind("int", 0, 1), 1), "on": (BOOL, 2), "mood": (MOOD, 3)}
NAMES = Names(VARIABLES, {"gate": 0, "then": 1})
VALUES = [range(-2, 4), range(2), (False, True), ("calm", "angry"), (0, 1, 2)]


def compiled(text: str, wanted: Kind | None = None, *, dice: bool = False) -> Expression:
    return compile_expression(text, NAMES, wanted=wanted, dice=dice)


def refused(text: str, wanted: Kind | None = None, *, dice: bool = False) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        compiled(text, wanted, dice=dice)
    return caught.value


def outcomes(expression: Expression) -> list[object]:
    """Its value for all values of all variables, and some numbers of visits."""
    return [
        expression.run(Scope([n, m, on, mood], (visits, 0), 0))
        for n, m, on, mood, visits in itertools.product(*VALUES)
    ]


NUMBERS = st.recursive(
    st.sampled_from(["n", "m", "visits(gate)"]) | st.integers(-4, 4).map(lambda i: f"({i})"),
    lambda part: st.one_of(
        st.tuples(part, st.sampled_from("+-*"), part).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(st.sampled_from(["min", "max"]), part, part).map(
            lambda t: f"{t[0]}({t[1]}, {t[2]})"
        ),
        part.map(lambda one: f"(-{one})"),
    ),
    max_leaves=4,
).filter(lambda text: text.count("visits") < 3)  # a visit's cube is beyond every use
TRUTHS = st.recursive(
    st.one_of(
        st.sampled_from(["on", "true", "false", "seen(gate)", "mood == 'calm'"]),
        st.tuples(NUMBERS, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), NUMBERS).map(
            " ".join
        ),
        st.tuples(NUMBERS, NUMBERS, NUMBERS).map(" < ".join),
    ),
    lambda part: st.one_of(
        st.tuples(part, st.sampled_from(["and", "or"]), part).map(
            lambda t: f"({t[0]} {t[1]} {t[2]})"
        ),
        part.map(lambda one: f"(not ({one}))"),
    ),
    max_leaves=4,
)


@given(NUMBERS)
def test_a_number_stays_in_its_range(text: str) -> None:
    made = compiled(text)
    assert all(made.kind.least <= value <= made.kind.most for value in outcomes(made))  # type: ignore[operator]


@given(TRUTHS)
def test_what_is_always_or_never_true_is_so_for_every_value(text: str) -> None:
    made = compiled(text, BOOL)
    assert {made.kind.least, made.kind.most} <= {0, 1}
    for value in outcomes(made):
        assert made.kind.least <= int(bool(value)) <= made.kind.most


def test_ranges_decide_comparisons() -> None:
    for text, least, most in (
        ("n > 3", 0, 0),
        ("n >= -2", 1, 1),
        ("n == 2", 0, 1),
        ("m + 1 > 0", 1, 1),
        ("0 <= m <= 1", 1, 1),
        ("0 <= n <= 1", 0, 1),
        ("not n > 3", 1, 1),
        ("on", 0, 1),
        ("visits(gate) < 0", 0, 0),
        ("1 != 1", 0, 0),
    ):
        kind = compiled(text).kind
        assert (kind.least, kind.most) == (least, most), text


# -- foreign signs ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "column", "hint"),
    [
        ("n >> 1", 2, "compare with > or >="),
        ("n << 1", 2, "compare with < or <="),
        ("n ** 2 == 4", 2, "multiply, as in trust * trust"),
        ("n ^ 2 == 4", 2, "multiply, as in trust * trust"),
        ("n % 2 == 0", 2, "use one of: + - * / // and == != < <= > >="),
        ("on && m == 1", 3, "write on and m == 1"),
        ("on&m == 1", 2, "write on and m == 1"),
        ("on || m == 1", 3, "write on or m == 1"),
        ("on | m == 1", 3, "write on or m == 1"),
        ("!on", 0, "write not on"),
        ("on and !(m == 1)", 7, "write on and not (m == 1)"),
        ("~on", 0, "write not on"),
        ("m = 1", 2, "write m == 1"),
        ("m =1 or m=0", 2, "write m ==1 or m==0"),
        ("m => 1", 2, "write m >= 1"),
        ("m = = 1", 2, "write m == 1"),
        ("m > = 1", 2, "write m >= 1"),
        ("m !== 1", 2, "write m != 1"),
        ("m ≤ 1", 2, "write m <= 1"),
        ("m × 2 == 2", 2, "write m * 2 == 2"),
        ("m – 1 == 0", 2, "write m - 1 == 0"),
        ("mood == “calm”", 8, "write mood == 'calm'"),
        ("m == １", 5, "write it with plain ASCII signs"),
        ("on Or m == 1", 3, "write on or m == 1"),
        ("NOT on", 0, "write not on"),
        ("on IS true", 3, "write on == true"),
        ("m is not 1", 2, "write m != 1"),
        ("m equals 1", 2, "write m == 1"),
        ("if m == 1", 0, "remove 'if': write only the condition here"),
        ("on ? 1 : 2", 3, "write a single condition, without '?' and ':'"),
        ("on xor m == 1", 3, "compare the two, as in has_key != seen(gate)"),
        ("{on}", 0, "use braces only around a condition in a script: {if trust > 1}"),
    ],
)
def test_a_sign_of_another_language(text: str, column: int, hint: str) -> None:
    error = refused(text, BOOL)
    assert (error.column, error.hint) == (column, hint), error.message


@pytest.mark.parametrize("text", [hint for _, _, hint in (
    ("", 0, "on and m == 1"), ("", 0, "not on"), ("", 0, "m >= 1"), ("", 0, "m == 1 or m == 0"),
    ("", 0, "mood == 'calm'"), ("", 0, "m * 2 == 2"), ("", 0, "on == true"),
)])  # fmt: skip
def test_what_the_hints_say_to_write_is_right(text: str) -> None:
    assert compiled(text, BOOL).kind.name == "bool"


@pytest.mark.parametrize(
    "text",
    ["seen(then)", "mood == 'calm'", "n - -1 > 0", "(n) > -1", "n>=-1"],
)
def test_what_only_looks_foreign(text: str) -> None:
    assert compiled(text, BOOL)


def test_a_quoted_word_is_not_foreign() -> None:
    assert refused("mood == 'is' or on", BOOL).message == "'is' is not one of calm, angry"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("n += 1", "write n + 1"),
        ("n -= 2", "write n - 2"),
        ("n++", "write n + 1"),
        ("n = n + 1", "write only the value: the key names the variable"),
        ("= 1", "write only the value: the key names the variable"),
    ],
)
def test_an_assignment_in_an_effect(text: str, hint: str) -> None:
    assert refused(text, INT, dice=True).hint == hint


@pytest.mark.parametrize("word", ["yes", "No", "on_", "True", "FALSE", "off"])
def test_a_truth_value_of_another_language(word: str) -> None:
    if word == "on_":
        assert refused(word, BOOL).missing == ("variable", "on_")
        return
    truth = "true" if word.lower() in ("yes", "true") else "false"
    assert refused(word, BOOL).hint == f"write {truth}"
    assert refused(word, BOOL).missing == ("", "")
    number = refused(word, INT)
    assert "is not a number; expected a whole number (-2 to 3)" in number.message
    assert "type: bool" in number.hint


def test_an_error_knows_which_name_is_missing_and_where_to_declare_it() -> None:
    error = refused("n > 0 and luck > 1", BOOL)
    assert (error.missing, error.column) == (("variable", "luck"), 10)
    assert error.hint.startswith(
        "use one of: n, m, on, mood; or declare it under vars, as in luck:"
    )
    assert refused("moood == 'calm'").hint == "did you mean 'mood'?"
    assert refused("seen(gaet)").missing == ("beat", "gaet")
    assert refused("luck", MOOD).hint == "use one of: calm, angry"
    assert refused("Calm", MOOD).hint == "did you mean 'calm'?"
    assert refused("Hello", Kind("text")).hint == "quote it twice: \"'Hello'\""
    nothing = Names({}, {})
    with pytest.raises(ExpressionError) as caught:
        compile_expression("luck", nothing)
    assert caught.value.hint == "declare it under vars, as in luck: {type: int, min: 0, max: 3}"


@pytest.mark.parametrize(
    ("text", "wanted", "message"),
    [
        ("n", BOOL, "expected true or false; this is a whole number (-2 to 3)"),
        ("on", INT, "expected a whole number (-2 to 3); this is true or false"),
        ("n / 2", INT, "expected a whole number (-2 to 3); this is a number (-1 to 1.5)"),
        ("'sad'", MOOD, "expected one of calm, angry; this is a text"),
        ("n and on", None, "expected true or false; this is a whole number (-2 to 3)"),
        ("not 'x'", None, "expected true or false; this is a text"),
        ("-on", None, "expected a number; this is true or false"),
        ("'a' + 'b'", None, "expected a number; this is a text"),
        ("mood > 'calm'", None, "> compares numbers, but these are one of calm, angry and a text"),
        ("mood == on", None, "one of calm, angry is never equal to true or false"),
        ("on == 1", None, "true or false is never equal to a whole number (1)"),
        ("n == on", None, "a whole number (-2 to 3) is never equal to true or false"),
        ("mood == 'sad'", None, "'sad' is not one of calm, angry"),
        ("1 / n", None, "this may divide by 0: the divisor is a whole number (-2 to 3)"),
        ("1.5 // 2", None, "'//' divides whole numbers only"),
        ("n.real", None, "this is not allowed in an expression"),
        ("n[0]", None, "'[' is not allowed in an expression"),
        ("len(mood)", None, "there is no function 'len'"),
        ("max(1)", None, "max(...) does not accept these arguments"),
        ("n.bit_length()", None, "unknown function"),
        ("random(1, 6)", None, "random() is allowed only under set:"),
        ("9999999999999999999", None, "this value is too large or not of a known type"),
        ("9007199254740992 * n", None, "the result can be larger than 9,007,199,254,740,992"),
        ("<".join(["n"] * 140), None, "the expression has more than 200 parts"),
        ("not " * 40 + "on", None, "the expression is nested more than 32 levels deep"),
        ("n" * 501, None, "the expression has more than 500 characters"),
        ("class", None, "this is not a valid expression"),
        ("n n", None, "this is not a valid expression"),
        ("", None, "this is not a valid expression"),
    ],
)
def test_what_is_no_expression_says_why(text: str, wanted: Kind | None, message: str) -> None:
    error = refused(text, wanted)
    assert error.message == message
    assert error.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("random(n, 2)", "random() takes two numbers, not variables"),
        ("random(1.5, 2)", "random() takes two whole numbers"),
        ("random(3, 1)", "in random(least, most), the first number is larger than the second"),
        ("random(1)", "random(...) does not accept these arguments"),
    ],
)
def test_dice_that_cannot_be_rolled(text: str, message: str) -> None:
    error = refused(text, INT, dice=True)
    assert error.message == message
    assert "random(" in error.hint
    assert compiled("random(1, 3)", INT, dice=True).random


@given(st.text(max_size=40) | st.text("nm on=!&|<>+-*/%^()'\"~?;.,0 １≥“", max_size=30))
def test_garbage_is_an_expression_or_its_one_error(text: str) -> None:
    for wanted, dice in ((BOOL, False), (INT, True)):
        try:
            made = compiled(text, wanted, dice=dice)
        except ExpressionError as error:
            assert error.message and 0 <= error.column <= len(text)
        else:
            assert made.kind.name == wanted.name or made.kind.is_number
