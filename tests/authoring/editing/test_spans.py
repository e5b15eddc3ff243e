"""Columns of editors and of problems: UTF-16 of what was typed, characters of the composed form."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.authoring.editing.fixing import problem_span, replacement
from xrdrama.authoring.editing.spans import Rows, span_of
from xrdrama.errors import Problem

ROW = "e\u0301 船😀夫 a"  # e with an accent of its own (two characters, one when composed)


def test_columns_are_utf_16_of_what_was_typed() -> None:
    rows = Rows("x\n" + ROW)
    assert rows.rows[1] == "é 船😀夫 a"
    assert [rows.units(2, column) for column in range(1, 9)] == [
        (1, 0), (1, 2), (1, 3), (1, 4), (1, 6), (1, 7), (1, 8), (1, 9),
    ]  # fmt: skip


@pytest.mark.parametrize(("encoding", "expected"), [("utf-8", 11), ("utf-16", 6), ("utf-32", 5)])
def test_every_encoding_of_positions_is_counted(encoding: str, expected: int) -> None:
    rows = Rows(ROW, encoding)
    assert rows.units(1, 5) == (0, expected)
    assert rows.position(0, expected) == (1, 5)


@given(st.text(alphabet="ae\u0301船😀\u0308 #", max_size=30), st.sampled_from([8, 16, 32]))
def test_a_position_there_and_back_is_the_same(row: str, bits: int) -> None:
    rows = Rows(row, f"utf-{bits}")
    for column in range(1, len(rows.rows[0]) + 2):
        line, units = rows.units(1, column)
        assert rows.position(line, units) == (1, column)


@given(st.text(max_size=60), st.integers(-5, 90), st.integers(0, 9))
def test_any_position_of_an_editor_is_in_the_text(text: str, units: int, line: int) -> None:
    text = text.replace("\r", " ")
    rows = Rows(text)
    found, column = rows.position(line, units)
    assert 1 <= found <= len(rows.rows)
    assert 1 <= column <= len(unicodedata.normalize("NFC", rows.typed[found - 1])) + 1
    assert rows.units(99, 99)[0] == text.count("\n")


@pytest.mark.parametrize(
    ("row", "column", "message", "word"),
    [
        ("    to: serch", 9, "there is no beat 'serch'", "serch"),
        ('    to: "serch"  # x', 9, "there is no beat 'serch'", "serch"),
        ("      @snow at=1", 7, "the scene 'lane' has no cue 'snow'", "snow"),
        ("      {if x} LAN: a", 7, "a condition", "{if x}"),
        ("  gate:", 3, "no way leads here", "gate"),
        ("      on: [voice: 'a b']", 19, "too short", "'a b'"),
        ("      (what) is it  ", 7, "an action", "(what) is it"),
        ("", 4, "empty", ""),
    ],
)
def test_a_problem_is_about_a_word(row: str, column: int, message: str, word: str) -> None:
    span = span_of(row, "f", 1, column, message)
    assert row[span.start - 1 : span.end - 1] == word


def problem(column: int, message: str, hint: str, line: int = 1) -> Problem:
    return Problem("f", line, column, "S102", "error", message, hint)


@pytest.mark.parametrize(
    ("row", "column", "message", "hint", "fixed"),
    [
        ("to: serch", 5, "there is no beat 'serch'", "did you mean 'search'?", "to: search"),
        ('to: "serch"', 5, "there is no beat 'serch'", "did you mean 'search'?", 'to: "search"'),
        ("@bel", 1, "the scene 'lane' has no cue 'bel'", "did you mean @sound?", "@sound"),
        ("@snow", 1, "the scene 'lane' has no cue 'snow'", "did you mean 'rain'?", "@rain"),
        ("LAM: {con}", 6, "there is no variable 'con'", "did you mean {coin}?", "LAM: {coin}"),
        ("to: searching", 5, "there is no beat 'serch'", "did you mean 'search'?", None),
        ("to: serching", 5, "there is no beat 'serch'", "did you mean 'search'?", None),
        ("to: serch", 5, "there is no beat 'serch'", "use one of: a, b", None),
    ],
)  # fmt: skip
def test_a_hint_that_is_a_replacement_is_a_correction(
    row: str, column: int, message: str, hint: str, fixed: str | None
) -> None:
    change = replacement([row], problem(column, message, hint))
    made = change and row[: change.span.start - 1] + change.text + row[change.span.end - 1 :]
    assert made == fixed


def test_a_problem_beyond_the_text_is_on_its_last_line() -> None:
    assert problem_span(["a", "b"], problem(9, "m", "", 99)).line == 2
    assert replacement(["a"], problem(1, "'a'", "did you mean 'b'?", 99)) is None
