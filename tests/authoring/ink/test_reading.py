"""Compiled ink that is damaged, hostile or of another version."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.authoring.ink.generated import HERE
from xrdrama.authoring.ink.reading import MAX_DEPTH, read_ink
from xrdrama.errors import AuthoringError, Problem

FERRY = (HERE / "night_ferry.ink.json").read_text("utf-8")


def problem(text: str) -> Problem:
    with pytest.raises(AuthoringError) as raised:
        read_ink(text, "night.ink.json")
    return raised.value.problems[0]


def test_names_and_knots_are_read() -> None:
    ink = read_ink("\ufeff" + FERRY, "night.ink.json")
    assert ink.names == ("trust", "name")
    assert set(ink.knots) == {"pier", "waiting", "river"}
    assert ink.externals == ()


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("", "I123", "not valid JSON"),
        ("[1, 2]", "I123", "no inkVersion"),
        ('{"inkVersion": 21}', "I123", "no inkVersion and root"),
        ('{"inkVersion": 3, "root": [null]}', "I124", "is 3; 18 to 21"),
        ('{"inkVersion": true, "root": [null]}', "I124", "is True"),
        ('{"inkVersion": 21, "root": {}}', "I123", "root is not a list"),
        ('{"inkVersion": 21, "root": [null], "listDefs": 3}', "I123", "listDefs"),
        ('{"inkVersion": 21, "root": ["end", 3]}', "I123", "ends with int"),
        ("[" * 100_000, "I123", "nested too deeply"),
    ],
)
def test_a_bad_file_is_named(text: str, code: str, message: str) -> None:
    found = problem(text)
    assert found.code == code
    assert message in found.message
    assert found.hint


def test_a_file_that_was_cut_off_is_wrong_at_its_end() -> None:
    found = problem('{"inkVersion": 21,\n "root": ["^Hel')
    assert (found.line, found.code) == (2, "I123")


def test_deep_containers_are_refused() -> None:
    deep = "[" * (MAX_DEPTH + 5) + "null" + ",null]" * (MAX_DEPTH + 5)
    assert "nested more than" in problem(f'{{"inkVersion": 21, "root": {deep}}}').message


def test_external_functions_without_a_fallback_are_named() -> None:
    root = ["ev", {"x()": "shake"}, {"x()": "home"}, "end", {"home": ["end", None]}]
    text = msgspec.json.encode({"inkVersion": 21, "root": root, "listDefs": {}}).decode()
    assert read_ink(text, "night").externals == ("shake",)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(FERRY)), st.text(max_size=4), st.integers(0, 20))
def test_a_damaged_file_is_read_or_refused_with_a_position(at: int, put: str, gone: int) -> None:
    text = FERRY[:at] + put + FERRY[at + gone :]
    try:
        read_ink(text, "night.ink.json")
    except AuthoringError as error:
        assert error.problems[0].line >= 1
