"""One spelling for what authors type and recognisers write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.speech import normalise, split, words
from xrdrama.speech.numbers import cardinal, ordinal


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Yes, I DID!", "yes i did"),
        ("I don’t know—don't ask", "i don't know don't ask"),
        ("'tis the keeper's, rock 'n' roll", "tis the keeper's rock n roll"),
        ("well-known   \t words", "well known words"),
        ("21 ships & 3% more", "twenty one ships and three percent more"),
        ("1st, 2nd, 3rd, 4th, 12th, 20th", "first second third fourth twelfth twentieth"),
        ("1984 or 1905", "nineteen eighty four or nineteen oh five"),
        ("1900 or 2005", "nineteen hundred or two thousand five"),
        ("at 12:30, 12:05 and 12:00", "at twelve thirty twelve oh five and twelve"),
        ("1,000,000 and 3.14", "one million and three point one four"),
        ("room 007", "room zero zero seven"),
        ("1010101010101", "one zero one zero one zero one zero one zero one zero one"),
        ("ｆｕｌｌ ﬁne Straße", "full fine strasse"),
        ("我记得你。", "我记得你"),
        ("第3个，12点，305", "第三个 十二点 三零五"),
        ("…?!", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_text_is_written_in_one_way(text: str, written: str) -> None:
    assert normalise(text) == written


@given(st.text())
def test_writing_it_again_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert not any(character.isdecimal() for character in once)
    assert once == " ".join(once.split())


@given(st.text(alphabet="ab'1 |.,'", max_size=20))
def test_apostrophes_stay_only_inside_words(text: str) -> None:
    for word in normalise(text).split():
        assert not word.startswith("'")
        assert not word.endswith("'")


def test_an_author_separates_phrases_by_bars() -> None:
    assert split("Yes|I did | |YES.|alone") == ("yes", "i did", "alone")
    assert split("是的｜好") == ("是的", "好")
    assert split("...") == ()


def test_a_chinese_character_is_a_word_of_its_own() -> None:
    assert words("我记得 you") == ("我", "记", "得", "you")
    assert words("I remember you") == ("i", "remember", "you")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "zero"),
        (19, "nineteen"),
        (40, "forty"),
        (305, "three hundred five"),
        (1_000, "one thousand"),
        (999_999_999_999, "nine hundred ninety nine billion nine hundred ninety nine million "
                          "nine hundred ninety nine thousand nine hundred ninety nine"),
    ],
)  # fmt: skip
def test_numbers_are_read_aloud(number: int, said: str) -> None:
    assert cardinal(number) == said


def test_ordinals_are_read_aloud() -> None:
    said = [ordinal(number) for number in (1, 5, 8, 9, 12, 20, 21, 100)]
    assert said[:5] == ["first", "fifth", "eighth", "ninth", "twelfth"]
    assert said[5:] == ["twentieth", "twenty first", "one hundredth"]


@given(st.integers(0, 999_999_999_999))
def test_every_number_is_said_in_its_own_way(number: int) -> None:
    assert normalise(f"{number:,}") == cardinal(number)
    assert cardinal(number) != cardinal(number + 1 if number < 999_999_999_999 else 0)
