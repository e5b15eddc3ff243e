"""Which Chinese phrases sound alike, by initials, finals and tones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.speech.mandarin import alike, pinyin, syllables


@pytest.mark.parametrize(
    ("first", "second", "differs", "is_same"),
    [
        ("买票", "卖票", "only tones differ", True),
        ("他是谁", "她是谁", "they are pronounced the same", True),
        ("是", "四", "only sh/s differ", False),
        ("蓝灯", "狼灯", "only an/ang differ", False),
        ("长沙", "藏沙", "only ch/c differ", False),
        ("三山", "商桑", "only s/sh and an/ang and sh/s and an/ang differ", False),
        ("快到了", "我快到了", "one is a part of the other", False),
    ],
)
def test_phrases_that_sound_alike(first: str, second: str, differs: str, is_same: bool) -> None:
    for one, other in ((first, second), (second, first)):
        found = alike(one, other)
        assert found is not None and found.is_same == is_same
    found = alike(first, second)
    assert found is not None and found.differs == differs


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("往左走", "往右走"),
        ("我记得你", "告诉我你的名字"),
        ("银行", "行人"),
        ("OK 好", "不好"),
        ("", "好"),
    ],
)
def test_phrases_that_do_not(first: str, second: str) -> None:
    assert alike(first, second) is None


def test_characters_with_several_readings_are_read_as_in_their_word() -> None:
    assert pinyin("银行") == "yín háng" and pinyin("行人") == "xíng rén"
    assert pinyin("我快到了") == "wǒ kuài dào le"
    assert [(s.initial, s.final, s.tone) for s in syllables("长大")] == [
        ("zh", "ang", 3), ("d", "a", 4)
    ]  # fmt: skip


@given(st.text("买卖票灯蓝狼ab 1，。", max_size=6), st.text("买卖票灯蓝狼ab 1，。", max_size=6))
def test_any_two_texts_are_compared(first: str, second: str) -> None:
    one, other = alike(first, second), alike(second, first)
    assert (one is None) == (other is None)
    assert alike(first, first) is not None or not syllables(first)
