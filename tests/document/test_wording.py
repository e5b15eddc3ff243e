"""The name that was probably meant: found as by comparing with each, and soon among thousands."""

from __future__ import annotations

import difflib
import random

from hypothesis import given
from hypothesis import strategies as st

from xrdrama.document.wording import COMPARED, MANY, nearest, same, suggestion

WORDS = st.text("abcdeot_", min_size=1, max_size=9)
RANDOM = random.Random(4)
NAMES = ["".join(RANDOM.choices("abcdefghilmnorstu", k=9)) for _ in range(5000)]


@given(WORDS, st.lists(WORDS, max_size=20))
def test_among_few_names_each_is_compared(word: str, known: list[str]) -> None:
    forms: dict[str, str] = {}
    for name in known:
        forms.setdefault(same(name), name)
    alike = same(word)
    close = [alike] if alike in forms else difflib.get_close_matches(alike, forms, 1, 0.6)
    assert nearest(word, known) == (forms[close[0]] if close else "")


def test_one_wrong_letter_among_thousands_of_names() -> None:
    for name in NAMES[::50]:
        at = RANDOM.randrange(len(name))
        for wrong in (
            name[:at] + "x" + name[at + 1 :],
            name[:at] + name[at + 1 :],
            name[:at] + "q" + name[at:],
        ):
            assert nearest(wrong, NAMES) == name
    assert nearest("xxqqzzww", NAMES) == ""


def test_names_that_share_a_beginning() -> None:
    beats = [f"beat_{number}" for number in range(10 * MANY)]
    assert nearest("baet_17", beats) == "beat_17"
    assert nearest("Beat 2999", beats) == "beat_2999"
    assert suggestion("beat_2999x", beats) == "did you mean 'beat_2999'?"
    same_pairs = ["ab" * 3 + "c" * number for number in range(MANY + 1)]
    assert nearest("ababab", same_pairs) == "ababab" and COMPARED < MANY
