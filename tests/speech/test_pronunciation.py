"""English spelling to phones: tables, homophones, and laws that any text obeys."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.speech import distance, pronounce
from xrdrama.speech.irregular import irregular
from xrdrama.speech.spelling import RULES, sound_out

# Magic e, silent letters, digraphs, doubled letters, endings, compounds, contractions, numbers.
SAID = """
remember R IH M EH M B ER
hand HH AE N D
home HH OW M
hope HH OW P
hop HH AA P
hoping HH OW P IH NG
hopping HH AA P IH NG
burning B ER N IH NG
knock N AA K
wrong R AO NG
lamb L AE M
thumb TH AH M
gnaw N AO
light L AY T
daughter D AO T ER
taught T AO T
cough K AO F
through TH R UW
enough IH N AH F
dough D OW
nation N EY SH AH N
mission M IH SH AH N
vision V IH ZH AH N
phone F OW N
chain CH EY N
ship SH IH P
thing TH IH NG
father F AA DH ER
brother B R AH DH ER
quick K W IH K
letter L EH T ER
follow F AA L OW
storm S T AO R M
stopped S T AA P T
begged B EH G D
wanted W AA N T IH D
waited W EY T IH D
carried K EH R IY D
ships SH IH P S
storms S T AO R M Z
wishes W IH SH IH Z
houses HH AW Z IH Z
stories S T AO R IY Z
keeper's K IY P ER Z
slowly S L OW L IY
happily HH AE P AH L IY
terribly T EH R AH B L IY
darkness D AA R K N AH S
careful K EH R F AH L
moonlight M UW N L AY T
something S AH M TH IH NG
lighthouse L AY T HH AW S
didn't D IH D AH N T
she'll SH IY L
they're DH EH R
it'll IH T L
she's SH IY Z
bottle B AA T AH L
promised P R AA M AH S T
singing S IH NG IH NG
fire F AY ER
"""


@pytest.mark.parametrize("line", SAID.strip().splitlines())
def test_a_word_is_said_as_english_says_it(line: str) -> None:
    word, *phones = line.split()
    assert pronounce(word) == tuple(phones)


@pytest.mark.parametrize(
    "alike",
    [
        "right write rite", "night knight", "there their they're", "to two too 2", "here hear",
        "one won 1", "know no", "sea see", "hole whole", "weight wait", "you're your",
        "bare bear", "made maid", "red read", "our hour", "its it's", "3rd third",
    ],
)  # fmt: skip
def test_homophones_are_said_alike(alike: str) -> None:
    assert len({pronounce(word) for word in alike.split()}) == 1


@given(st.text())
def test_any_text_has_a_pronunciation_that_the_wire_can_carry(text: str) -> None:
    assert all(1 <= len(phone) <= 3 for phone in pronounce(text))


@given(
    st.text(alphabet="aeiouybdghklnqrstwx'", max_size=8),
    st.sampled_from(["ed", "ing", "ly", "s", "'s", "es", "ies", "ness", "n't", "'ll", "light"]),
)
def test_any_stem_may_have_any_ending(stem: str, ending: str) -> None:
    assert all(phone.isalpha() and len(phone) <= 2 for phone in pronounce(stem + ending))


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=20))
def test_words_are_said_one_after_the_other(word: str) -> None:
    assert pronounce(f"hand {word}!") == (*pronounce("hand"), *pronounce(word))


@given(
    st.sampled_from(
        ["open", "light", "burn", "knock", "stay", "wait", "remember", "follow", "listen"]
    )
)
def test_endings_leave_the_stem_as_it_is(verb: str) -> None:
    stem = pronounce(verb)
    assert pronounce(f"{verb}ing") == (*stem, "IH", "NG")
    assert pronounce(f"{verb}s") in ((*stem, "S"), (*stem, "Z"))
    assert pronounce(f"{verb}ed")[: len(stem)] == stem


def test_rules_and_exceptions_use_known_phones() -> None:
    known = {
        "IY", "IH", "EY", "EH", "AE", "AH", "AA", "AO", "OW", "UH", "UW", "ER", "AY", "AW", "OY",
        "P", "B", "T", "D", "K", "G", "CH", "JH", "F", "V", "TH", "DH", "S", "Z", "SH", "ZH",
        "HH", "M", "N", "NG", "L", "R", "W", "Y",
    }  # fmt: skip
    for word, phones in irregular().items():
        assert phones and known.issuperset(phones), word
    rules = [line.split() for line in RULES.splitlines() if line.startswith(" ")]
    said = {part for rule in rules for part in rule if part.isalpha() and part.isupper()}
    assert said <= known


def test_the_table_holds_only_what_the_rules_get_wrong_or_every_line_needs() -> None:
    # A negative control of the rules: without the table, they say these words wrongly.
    assert sound_out("one") != irregular()["one"]
    assert sound_out("said") != irregular()["said"]
    assert sound_out("hand") == pronounce("hand")


def test_letters_that_are_no_word_do_not_get_an_ending() -> None:
    assert pronounce("hhhs") == ("S",)


def test_other_writings_are_tokens_that_are_equal_or_not() -> None:
    assert pronounce("我记得你") == ("我", "记", "得", "你")
    assert distance(pronounce("我记得你"), pronounce("我记得她")) == 0.25
    # Korean syllables fall into letters, so spaces do not matter and endings cost little.
    assert pronounce("문을 열어") == pronounce("문 을열어")
    assert 0 < distance(pronounce("열어"), pronounce("열아")) < 0.3


def test_speech_loads_nothing_heavy_and_quickly(tmp_path: Path) -> None:
    code = (
        "import re, sys, time, unicodedata, msgspec\n"
        "began = time.process_time()\n"
        "import xrdrama.speech\n"
        "print(time.process_time() - began, 'numpy' in sys.modules, 'av' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    said = [
        subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for _ in range(6)
    ]
    assert min(float(seconds) for seconds, *_ in said[1:]) < 0.010
    assert {tuple(heavy) for _, *heavy in said} == {("False", "False")}
