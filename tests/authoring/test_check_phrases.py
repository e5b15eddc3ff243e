"""Phrases of a translation: reported in the row of the table, by the sounds of its language."""

from __future__ import annotations

import pytest

from xrdrama.authoring import check_triggers
from xrdrama.authoring.check_timing import check_translation
from xrdrama.errors import Problem
from xrdrama.story import load_story
from xrdrama.story.strings import Entry, StringTable

STORY = load_story(
    """\
xrdrama: 1
id: night
scene: lane
beats:
  a:
    choice:
      options:
        buy: {text: Buy, to: b, on: [voice: I will buy it]}
        sell: {text: Sell, to: b, on: [voice: never mind that]}
  b: {ending: home}
""",
    "night.branch.yaml",
)


def problems(buy: str, sell: str, language: str = "zh", **said: str) -> list[Problem]:
    entries = {"a.buy.voice": Entry("", buy, line=7), "a.sell.voice": Entry("", sell, line=9)}
    entries |= {f"say.{word}": Entry("", how) for word, how in said.items()}
    table = StringTable(language, entries)
    return check_translation(STORY, table, f"night.{language}.csv")


def test_phrases_with_other_tones_are_an_error_with_their_pinyin() -> None:
    (problem,) = problems("我买票 | 给我", "我卖票")
    assert (problem.code, problem.severity) == ("V001", "error")
    assert (problem.file, problem.line) == ("night.zh.csv", 9)
    assert problem.message == (
        "'我卖票' (wǒ mài piào) sounds too much like '我买票' (wǒ mǎi piào): only tones differ"
    )


def test_one_other_initial_is_a_warning_and_other_phrases_are_not() -> None:
    (problem,) = problems("我要灯", "我要登记")
    assert problem.severity == "warning" and "one is a part of the other" in problem.message
    (problem,) = problems("蓝灯笼", "狼灯笼")
    assert problem.severity == "warning" and "only an/ang differ" in problem.message
    assert problems("往左走", "告诉我名字") == []


def test_a_phrase_of_one_syllable_is_too_short() -> None:
    (problem,) = problems("买", "告诉我名字")
    assert problem.code == "V002" and problem.line == 7


def test_other_languages_are_compared_as_before() -> None:
    (problem,) = problems("ich kaufe es", "ich kaufe es", "de")
    assert problem.code == "V001" and problem.severity == "error"


def test_without_a_dictionary_the_characters_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_triggers, "is_available", lambda: False)
    (problem,) = problems("我买票", "我卖票")
    assert problem.code == "V003" and "pypinyin is not installed" in problem.message
    assert [p.code for p in problems("买票", "买票")] == ["V003", "V001"]


def test_pronunciations_of_a_table_are_used() -> None:
    assert problems("去重庆看", "去众亲看") == []
    (problem,) = problems("去重庆看", "去众亲看", 重庆="众亲")
    assert problem.code == "V001" and "zhòng qīn" in problem.message
