"""Texts with values: placeholders, plural forms, selections; their errors are located."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.story.text import MessageError, parse_message, render
from xrdrama.story.text.plurals import categories_of, plural_category

COINS = "You have {coins, plural, =0 {no coins} one {# coin} other {# coins}}."


@pytest.mark.parametrize(("coins", "said"), [(0, "no coins"), (1, "1 coin"), (7, "7 coins")])
def test_a_plural_shows_the_form_of_its_number(coins: int, said: str) -> None:
    assert render(COINS, {"coins": coins}, "en") == f"You have {said}."


def test_a_select_shows_the_case_of_its_word_and_other_for_the_rest() -> None:
    text = "{mood, select, calm {softly} true {yes} other {loudly, {mood}}}"
    assert render(text, {"mood": "calm"}, "en") == "softly"
    assert render(text, {"mood": "angry"}, "en") == "loudly, angry"
    assert render(text, {"mood": True}, "en") == "yes"


def test_a_select_inside_a_plural_still_counts() -> None:
    text = "{n, plural, one {one} other {{mood, select, calm {# calmly} other {#}}}}"
    assert render(text, {"n": 3, "mood": "calm"}, "en") == "3 calmly"


@pytest.mark.parametrize("text", [
    "Don't count.", "{{twice}}", "{~a|b}", "{$coins}", "#5", "{ }", "it's '{coins}'",
])  # fmt: skip
def test_other_braces_stay_as_they_are(text: str) -> None:
    shown = text.replace("'{coins}'", "{coins}")
    assert render(text, {"coins": 2}, "en") == shown


@pytest.mark.parametrize(("text", "column", "message"), [
    ("{coins, plural, one {#}}", 0, "no case for all other values"),
    ("{coins, count, other {#}}", 8, "not a kind of placeholder"),
    ("{coins, plural, several {#} other {#}}", 0, "not a plural form"),
    ("{coins, plural, one # other {#}}", 20, "expected '{'"),
    ("{coins, plural, one {#} one {#} other {#}}", 24, "given twice"),
    ("{coins, plural, other {#", 23, "expected '}'"),
    ("{coins, ", 8, "expected plural or select"),
])  # fmt: skip
def test_errors_name_the_column_and_the_reason(text: str, column: int, message: str) -> None:
    with pytest.raises(MessageError, match=message) as caught:
        parse_message(text)
    assert caught.value.column == column
    assert caught.value.hint


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="{}#,'= aplurselecton\n中", max_size=60))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        message = parse_message(text)
    except MessageError as error:
        assert 0 <= error.column <= len(text)
        return
    assert all(0 <= a < b <= len(text) for a, b in message.spans)


@pytest.mark.parametrize(("language", "numbers"), [
    ("en", {"one": [1], "other": [0, 2, 11]}),
    ("fr", {"one": [0, 1], "other": [2]}),
    ("zh-Hans", {"other": [0, 1, 2]}),
    ("ru", {"one": [1, 21, 101], "few": [2, 34], "many": [0, 5, 11, 112]}),
    ("pl", {"one": [1], "few": [2, 22], "many": [0, 12, 21]}),
    ("cs", {"one": [1], "few": [2, 4], "other": [0, 5]}),
    ("ar", {"zero": [0], "one": [1], "two": [2], "few": [3, 110], "many": [11, 99],
            "other": [100, 102]}),
    ("sl", {"one": [1, 101], "two": [2], "few": [3, 4], "other": [0, 5]}),
    ("lt", {"one": [1, 21], "few": [2, 9], "other": [0, 10, 11, 19]}),
    ("cy", {"zero": [0], "two": [2], "many": [6], "other": [4]}),
])  # fmt: skip
def test_plural_categories_are_those_of_cldr(language: str, numbers: dict[str, list[int]]) -> None:
    for category, examples in numbers.items():
        for number in examples:
            assert plural_category(number, language) == category, number
    assert set(numbers) <= set(categories_of(language))


def test_numbers_with_decimals_are_other_and_whole_floats_are_numbers() -> None:
    assert plural_category(1.5, "en") == "other"
    assert render("{x, plural, one {# step} other {# steps}}", {"x": 1.0}, "en") == "1 step"


def test_a_quoted_brace_is_a_brace_also_in_a_text_without_values() -> None:
    assert render("write '{'name} here", {}, "en") == "write {name} here"
    assert render("a brace { alone, and {name}", {}, "en") == "a brace { alone, and {name}"
    assert render("it's '{", {}, "en") == "it's '{"
