from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.performer.mouth import LineMouth, Mouths, Phone, mouths_text, parse_mouths
from xrdrama.performer.mouth.alphabets import ALPHABETS

HASH = "0123456789abcdef" * 2
LINES = {
    "l4kq2p": LineMouth(HASH, "synthesised", (Phone("h", 0, 50), Phone("ɑ", 50, 90))),
    "l9xxab": LineMouth(HASH, "energy", levels=(0, 12, 255), step=20_000_000),
}
MOUTHS = Mouths(1, "en", "a test voice", "misaki", LINES)


def changed(change: dict[str, Any], line: str = "") -> str:
    written = json.loads(mouths_text(MOUTHS))
    (written["lines"][line] if line else written).update(change)
    return json.dumps(written, ensure_ascii=False)


def test_written_and_read_again_is_the_same() -> None:
    found, problems = parse_mouths(mouths_text(MOUTHS), "mouths.json")
    assert (found, problems) == (MOUTHS, [])
    assert found is not None
    assert set(found.tracks()) == set(LINES)
    assert found.track("l9xxab") == found.tracks()["l9xxab"]
    assert found.track("other") is None


def test_each_line_is_on_a_row_of_its_own() -> None:
    rows = mouths_text(MOUTHS).splitlines()
    assert sum('"l4kq2p":' in row or '"l9xxab":' in row for row in rows) == 2
    assert json.loads(mouths_text(Mouths(1, "zh", "", "pinyin", {})))["lines"] == {}


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        ({"xrdrama": 2}, "", "`$.xrdrama`"),
        ({"language": "English"}, "", "`$.language`"),
        ({"alphabet": "runes"}, "", "`$.alphabet`"),
        ({"lines": []}, "", "`$.lines`"),
        ({"extra": 1}, "", "extra"),
        ({"audio": "abc"}, "l4kq2p", "audio"),
        ({"source": "guessed"}, "l4kq2p", "source"),
        ({"phones": [["h", 0, -1]]}, "l4kq2p", "phones"),
        ({"phones": [["h", 0, 5, 6]]}, "l4kq2p", "at most length 3"),
        ({"phones": [["h", 0, 1e30]]}, "l4kq2p", "phones"),
        ({"phones": [["h", 5, 5]]}, "l4kq2p", "ends before it begins"),
        ({"phones": [["h", 0, 9], ["h", 8, 12]]}, "l4kq2p", "overlap"),
        ({"phones": [["Ж", 0, 9]]}, "l4kq2p", "does not have: Ж"),
        ({"step": 5}, "l4kq2p", "has levels and says source: synthesised"),
        ({"phones": [["h", 0, 9]]}, "l9xxab", "has phones and says source: energy"),
        ({"step": 0}, "l9xxab", "has levels without a step"),
        ({"levels": [256]}, "l9xxab", "levels"),
        ({"levels": [9] * 29_000, "step": 10**9}, "l9xxab", "longer than ten minutes"),
    ],
)  # fmt: skip
def test_a_faulty_file_is_refused_by_name(change: dict[str, Any], line: str, said: str) -> None:
    found, problems = parse_mouths(changed(change, line), "mouths.json")
    assert found is None
    assert said in problems[0].message
    assert problems[0].code == "C008" and "xrdrama voices" in problems[0].hint


def test_the_problem_is_on_the_row_of_the_line() -> None:
    text = mouths_text(MOUTHS).replace('["h",0,50]', '["h",60,50]')
    _, problems = parse_mouths(text, "mouths.json")
    assert '"l4kq2p"' in text.splitlines()[problems[0].line - 1]


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    found, problems = parse_mouths(text, "mouths.json")
    assert found is None and problems


@given(st.integers(0, 2**32), st.text(max_size=3))
def test_any_damage_is_read_or_refused(place: int, instead: str) -> None:
    text = mouths_text(MOUTHS)
    at = place % len(text)
    found, problems = parse_mouths(text[:at] + instead + text[at + 1 :], "mouths.json")
    assert (found is None) == bool(problems)


def test_deep_nesting_is_refused() -> None:
    assert parse_mouths("[" * 100_000, "mouths.json")[1]


def test_alphabets_have_no_name_longer_than_a_phone_may_be() -> None:
    assert max(len(name) for names in ALPHABETS.values() for name in names) <= 8
