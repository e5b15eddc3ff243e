"""Mandarin by its sounds: the syllables of a phrase, and which phrases sound alike.

A syllable is an initial, a final and a tone (`zh`, `ang`, 3). pypinyin looks characters up in its
dictionary of words first, so that 银行 is yin hang and 行人 xing ren; it needs no other
segmentation.
"""

from __future__ import annotations

from functools import lru_cache

import msgspec

from xrdrama.speech.phrases import is_chinese, words

_NEAR_INITIALS = (("z", "zh"), ("c", "ch"), ("s", "sh"), ("n", "l"), ("f", "h"), ("l", "r"))
_NEAR_FINALS = (("an", "ang"), ("en", "eng"), ("in", "ing"), ("ian", "iang"), ("uan", "uang"))
NEAR = frozenset(frozenset(pair) for pair in (*_NEAR_INITIALS, *_NEAR_FINALS))
"""Initials and finals that many speakers and recognisers do not distinguish."""


class Syllable(msgspec.Struct, frozen=True):
    """A Mandarin syllable; another word is only an `initial` with the tone 0."""

    initial: str
    final: str
    tone: int
    marked: str
    """As it is written with a mark for the tone: `zhǎng`."""


class Alike(msgspec.Struct, frozen=True):
    """Two phrases that sound alike: with tone marks, and their difference."""

    first: str
    second: str
    differs: str
    is_same: bool
    """True when nothing but tones differs."""


def is_available() -> bool:
    """True when the pronunciation of Chinese characters can be looked up."""
    try:
        import pypinyin  # noqa: F401
    except ImportError:
        return False
    return True


@lru_cache(maxsize=4096)
def syllables(phrase: str) -> tuple[Syllable, ...]:
    """The syllables of a phrase. ImportError without pypinyin (see `is_available`)."""
    from pypinyin import Style, lazy_pinyin

    said = "".join(words(phrase)) if is_chinese(phrase) else " ".join(words(phrase))
    styles = (Style.INITIALS, Style.FINALS_TONE3, Style.TONE)
    # Not strict: y and w are initials, as they are heard and written.
    found = [
        lazy_pinyin(said, style=style, strict=False, neutral_tone_with_five=True)
        for style in styles
    ]
    return tuple(_syllable(*parts) for parts in zip(*found, strict=True))


def pinyin(phrase: str) -> str:
    """The phrase with marks for its tones: `wǒ kuài dào le`."""
    return " ".join(one.marked for one in syllables(phrase))


def alike(first: str, second: str) -> Alike | None:
    """What two phrases have in common when they are easily mistaken for each other; None else.

    That is: equal syllables, whatever their tones; one initial or final that differs, or only such
    as are near to each other (`zh` and `z`); or one phrase that is a part of the other.
    """
    one, other = syllables(first), syllables(second)
    if not one or not other:
        return None
    if len(one) != len(other):
        part = _is_part(*sorted((one, other), key=len))
        return _found(one, other, "one is a part of the other", is_same=False) if part else None
    different = [
        (a, b)
        for mine, theirs in zip(one, other, strict=True)
        for a, b in ((mine.initial, theirs.initial), (mine.final, theirs.final))
        if a != b
    ]
    if not different:
        tones = any(a.tone != b.tone for a, b in zip(one, other, strict=True))
        what = "only tones differ" if tones else "they are pronounced the same"
        return _found(one, other, what, is_same=True)
    if len(different) > 1 and not all(frozenset(pair) in NEAR for pair in different):
        return None
    pairs = " and ".join(f"{a or '(nothing)'}/{b or '(nothing)'}" for a, b in different)
    return _found(one, other, f"only {pairs} differ", is_same=False)


def _found(
    one: tuple[Syllable, ...], other: tuple[Syllable, ...], what: str, *, is_same: bool
) -> Alike:
    first, second = (" ".join(s.marked for s in each) for each in (one, other))
    return Alike(first, second, what, is_same)


def _is_part(short: tuple[Syllable, ...], long: tuple[Syllable, ...]) -> bool:
    sounds, all_sounds = ([(s.initial, s.final) for s in each] for each in (short, long))
    return any(all_sounds[n : n + len(sounds)] == sounds for n in range(len(long) - len(short) + 1))


def _syllable(initial: str, final: str, marked: str) -> Syllable:
    tone = final[-1:]
    if not tone.isdigit():
        return Syllable(initial or final, "", 0, marked)
    return Syllable(initial, final[:-1], int(tone), marked)
