"""Invisible characters: reported with their number and place, but not where a script needs them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.document import compose
from xrdrama.document.hidden import MOST, hidden_problems, hidden_signs
from xrdrama.errors import Problem

LEGIT = {
    "Persian": "می\u200cخواهم",
    "Hindi": "क्\u200dष",
    "family": "👨\u200d👩\u200d👧",
    "heart": "❤\ufe0f‍🔥",
    "keycap": "1\ufe0f⃣",
    "rainbow flag": "🏳\ufe0f\u200d🌈",
    "flag of England": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "woman": "🤷🏽\u200d♀\ufe0f",
    "Thai": "ภาษา\u200bไทย",
    "Han variant": "葛\U000e0100",
    "soft hyphen": "Schiff\u00adfahrt",
    "mark beside Hebrew": "שלום\u200f!",
    "spaces": "a\u00a0b\u202fc\u3000d",
}


@pytest.mark.parametrize("text", LEGIT.values(), ids=LEGIT)
def test_what_a_script_needs_is_not_reported(text: str) -> None:
    assert list(hidden_signs(text)) == []


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("He is \u202eereht ton\u202c.", "U001", 7),
        ("a \u2066b\u2069", "U001", 3),
        ("no Hebrew\u200f!", "U001", 10),
        ("no\u200bthing", "U002", 3),
        ("no\u200cthing", "U002", 3),
        ("no\u200dthing", "U002", 3),
        ("no\u2060thing", "U002", 3),
        ("\u00ad one", "U002", 1),
        ("one \ufe0f", "U002", 5),
        ("a\U000e0041b", "U002", 2),
        ("\u3164", "U002", 1),
    ],
)
def test_what_nobody_sees_is_reported_with_number_and_place(
    text: str, code: str, column: int
) -> None:
    problem = hidden_problems("first\n" + text, "f")[0]
    assert (problem.code, problem.line, problem.column) == (code, 2, column)
    assert problem.severity == "warning" and f"U+{ord(text[column - 1]):04X}" in problem.message


def test_a_file_full_of_them_is_answered_shortly() -> None:
    problems = hidden_problems("a\u200bb\n" * 500, "f")
    assert len(problems) == MOST + 1 and problems[-1].message.startswith("480 more")


@given(st.text())
def test_every_text_has_an_answer(text: str) -> None:
    for one in hidden_signs(text):
        assert text.split("\n")[one.line - 1][one.column - 1] == one.sign


def test_every_file_of_authors_is_looked_through() -> None:
    problems: list[Problem] = []
    assert compose("a: one\nb: t\u202ewo  # and\u200b here\n", "f.yaml", problems) is not None
    assert [(p.code, p.line, p.column) for p in problems] == [("U001", 2, 5), ("U002", 2, 15)]
