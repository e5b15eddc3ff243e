from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.adapters.synthesis.pinyin import phrases, split
from xrdrama.errors import DeviceError
from xrdrama.performer.mouth import ALPHABETS

SPELLED = {
    "ni3": ["n i"], "hao3": ["h ao"], "zhi1": ["zh iii"], "si4": ["s ii"], "ri4": ["r iii"],
    "ju4": ["j v"], "quan2": ["q van"], "xue2": ["x ve"], "jun1": ["j vn"], "lü4": ["l v"],
    "lve4": ["l ve"], "lue4": ["l ve"], "liu4": ["l iou"], "gui4": ["g uei"], "lun2": ["l uen"],
    "yi1": [" i"], "wu3": [" u"], "yue4": [" ve"], "you3": [" iou"], "wen2": [" uen"],
    "er2": [" er"], "an4": [" an"], "huar4": ["h ua", " er"], "shuang1": ["sh uang"],
}  # fmt: skip


@pytest.mark.parametrize("syllable", SPELLED)
def test_a_syllable_is_an_initial_and_a_final(syllable: str) -> None:
    found = split(syllable)
    assert [f"{one.initial} {one.final}" for one in found] == SPELLED[syllable]
    for one in found:
        assert one.final in ALPHABETS["pinyin"] and (one.initial or "sil") in ALPHABETS["pinyin"]


def test_a_text_is_phrases_with_tones_as_they_are_spoken() -> None:
    assert phrases("你好，世界。") == [["ni2", "hao3"], ["shi4", "jie4"]]
    assert phrases("“不是！”") == [["bu2", "shi4"]]
    assert phrases("。，") == []


@pytest.mark.parametrize("text", ["Hello", "第13盏", "灯 ok"])
def test_what_is_not_chinese_is_refused_by_name(text: str) -> None:
    with pytest.raises(DeviceError, match="cannot speak"):
        phrases(text)


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=12))
def test_any_chinese_text_gives_known_finals_or_a_refusal(text: str) -> None:
    try:
        found = [one for phrase in phrases(text) for syllable in phrase for one in split(syllable)]
    except DeviceError:
        return
    assert all(1 <= one.tone <= 5 for one in found)
