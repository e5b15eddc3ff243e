"""Names in any script: what counts as one, what is proposed instead, which spellings are one."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.document import ID, MapOf, Reading, Text, compose
from xrdrama.document.names import (
    NAME_PATTERN,
    as_name,
    composed,
    folded,
    invisible_in,
    is_name,
    is_word,
)
from xrdrama.errors import Problem

NAMES = [
    "lan",
    "old_mo",
    "élodie",
    "船夫",
    "नाविक",
    "น้ำ",
    "آوا",
    "ნინო",
    "groß",
    "ışık",
    "阿q",
    "ж2",
]
NO_NAMES = ["", "_a", "3a", "Élodie", "old mo", "a-b", "a.b", "你，好", "a\u200bb", "می\u200cخواهم",
            "\u3164", "a\ufe0f", "€", "a" * 65, "Жук", "ǅ"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_letters_of_every_script_are_names(name: str) -> None:
    assert is_name(name) and is_word(name) and as_name(name) == name
    assert re.fullmatch(NAME_PATTERN, name)


@pytest.mark.parametrize("name", NO_NAMES)
def test_what_is_not_a_name(name: str) -> None:
    assert not is_name(name)


def test_the_proposed_name_keeps_its_letters() -> None:
    assert as_name("Élodie") == "élodie" == as_name("E\u0301lodie")
    assert as_name("Old Mo") == "old_mo" and as_name("3 Män") == "män"
    assert as_name("ÉLO\u200bDIE!") == "élodie" and as_name("?!") == ""
    assert as_name("İsmail") == "ismail"


@pytest.mark.parametrize(
    ("one", "other"),
    [("ÉLODIE", "élodie"), ("E\u0301LODIE", "élodie"), ("GROSS", "groß"), ("ΣΊΣΥΦΟΣ", "σίσυφος"),
     ("İSMAİL", "ismail"), ("ISMAIL", "ismail"), ("IŞIK", "ışık"), ("船夫", "船夫")],
)  # fmt: skip
def test_case_does_not_part_names(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_accents_do_part_names() -> None:
    assert folded("ELODIE") != folded("élodie")


@given(st.text(max_size=70))
def test_the_pattern_of_editors_lets_every_name_in(text: str) -> None:
    if is_name(composed(text)):
        assert re.fullmatch(NAME_PATTERN, composed(text))
    meant = as_name(text)
    assert meant == "" or is_name(meant), meant
    assert composed(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "sign", ["\u200b", "\u200d", "\u202e", "\u2060", "\u00ad", "\ufe0f", "\u3164"]
)
def test_an_invisible_character_in_a_name_is_an_error_that_names_it(sign: str) -> None:
    problems: list[Problem] = []
    root = compose(f"a{sign}b: x\n", "f.yaml", problems)
    assert root is not None
    MapOf(Text()).read(root, Reading("f.yaml", problems))
    found = next(problem for problem in problems if problem.severity == "error")
    assert f"U+{ord(sign):04X}" in found.message and found.hint == "write ab"
    assert invisible_in(f"a{sign}b") == sign


def test_both_ways_to_write_an_accent_are_one_key() -> None:
    problems: list[Problem] = []
    root = compose("e\u0301lodie: x\n", "f.yaml", problems)
    assert root is not None and not problems
    assert MapOf(Text()).read(root, Reading("f.yaml", problems)) == {"élodie": "x"}
    assert compose("e\u0301: x\né: y\n", "f.yaml", problems) is not None
    assert [problem.code for problem in problems] == ["Y008"]
    assert ID.read(compose("Z\u0301", "f", []), Reading("f", problems)) is not None  # type: ignore[arg-type]
    assert problems[-1].hint == "write ź"
