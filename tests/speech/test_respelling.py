"""Words are replaced by spellings that are pronounced correctly."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from xrdrama.speech.respelling import respelled


def test_whole_words_are_replaced_in_either_case() -> None:
    said = {"Nian": "nee en", "阿岚": "阿兰", "阿岚子": "兰子"}
    assert respelled("ask nian, Nian and Niana", said) == "ask nee en, nee en and Niana"
    assert respelled("晚安阿岚，阿岚子", said) == "晚安阿兰，兰子"
    assert respelled("same", {}) == "same"


@given(st.text(max_size=20), st.dictionaries(st.text(min_size=1, max_size=4), st.text(max_size=4)))
def test_any_text_is_respelled(text: str, said: dict[str, str]) -> None:
    assert respelled(respelled(text, {}), said) == respelled(text, said)
