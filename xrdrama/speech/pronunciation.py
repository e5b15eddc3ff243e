"""The pronunciation of a text: ARPAbet phones without stress, from rules and a table of exceptions.

Both sides of a comparison use it: the texts of recognisers and of authors. So equal sounds must
give equal phones (`right`, `write`), but the phones need not be phonetically exact. Words are
looked up (`irregular`), or else split from their endings and compounds, or else derived from their
spelling (`spelling`).

Other scripts are supported only in a simple form: each Chinese character is one token, Korean
syllables are split into letters, and any other letter is one token. Such tokens are equal or
different. So a homophone from a Mandarin recogniser does not match.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from xrdrama.speech.irregular import irregular
from xrdrama.speech.phrases import words
from xrdrama.speech.spelling import sound_out

Phones = tuple[str, ...]

_SIBILANTS = frozenset(("S", "Z", "SH", "ZH", "CH", "JH"))
_VOICELESS = frozenset(("P", "T", "K", "F", "TH", *_SIBILANTS)) - {"Z", "ZH", "JH"}
_VOWELS = frozenset("aeiouy")
_MUTE_E_AFTER = ("v", "u", "z", "c", "s", "dg", "ng", "bl", "tl", "pl", "dl", "gl")
_USUALLY_MUTE_E = (
    "at", "ib", "id", "ir", "it", "in", "ud", "um", "ur", "ut", "ar", "ag", "ap", "ak", "am", "od",
    "ok", "ot", "os", "ul",
)  # fmt: skip
_ENDINGS: tuple[tuple[str, Phones], ...] = (
    ("ness", ("N", "AH", "S")), ("less", ("L", "AH", "S")), ("ment", ("M", "AH", "N", "T")),
    ("ful", ("F", "AH", "L")), ("ship", ("SH", "IH", "P")), ("hood", ("HH", "UH", "D")),
    ("ward", ("W", "ER", "D")), ("some", ("S", "AH", "M")), ("land", ("L", "AH", "N", "D")),
)  # fmt: skip
_CONTRACTED: dict[str, Phones] = {
    "re": ("ER",), "ve": ("V",), "ll": ("L",), "d": ("D",), "m": ("M",)
}  # fmt: skip
_SECOND_HALVES = """
light house room time night thing where body side man men self selves shore storm stone door
place boat book fire water wood work word fall line life keeper hold back friend ground way day
out down mother father board head hand sight town how ever
"""


def pronounce(text: str) -> Phones:
    """The phones of a text (ARPAbet, no stress, at most 3 characters each); never raises."""
    return tuple(phone for word in words(text) for phone in pronounce_word(word))


@lru_cache(maxsize=8192)
def pronounce_word(word: str) -> Phones:
    """The phones of one normalised word."""
    if word in irregular():
        return irregular()[word]
    letters = "".join(
        c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c) and c != "'"
    )
    if not letters.isascii():
        return tuple(letters)
    return _contracted(word) or irregular().get(letters) or _inflected(word, letters)


def _inflected(word: str, letters: str) -> Phones:
    """A regular word: its stem and its endings."""
    return (
        _with_s(word, letters)
        or _with_ed(letters)
        or _with_ing(letters)
        or _with_ly(letters)
        or _with_ending(letters)
        or _compound(letters)
        or sound_out(letters)
    )


def _contracted(word: str) -> Phones:
    """`did` and `n't`, `it` and `'ll`: the word before the apostrophe is pronounced as if alone."""
    if word.endswith("n't") and len(word) > 3:
        return (*_stem(word[:-3]), "AH", "N", "T")
    front, apostrophe, last = word.rpartition("'")
    if not (apostrophe and front and last in _CONTRACTED):
        return ()
    stem = pronounce_word(front)
    return (*stem, *_CONTRACTED[last])


def _stem(letters: str) -> Phones:
    return irregular().get(letters) or _inflected(letters, letters)


def _with_s(word: str, letters: str) -> Phones:
    """Plurals, third persons and possessives: S, Z or IH Z after the stem."""
    owned = word.endswith("'s")
    if not owned and (len(letters) < 4 or letters.endswith(("ss", "us", "is"))):
        return ()
    if not letters.endswith("s"):
        return ()
    if owned:
        stem = _stem(letters[:-1])
    elif letters.endswith("ies") and len(letters) > 4:
        stem = _stem(letters[:-3] + "y")
    elif letters.endswith(("sses", "xes", "ches", "shes", "zzes")):
        stem = _stem(letters[:-2])
    else:
        stem = _stem(letters[:-1])
    if not stem:
        return ()
    if stem[-1] in _SIBILANTS:
        return (*stem, "IH", "Z")
    return (*stem, "S" if stem[-1] in _VOICELESS else "Z")


def _with_ed(letters: str) -> Phones:
    if not letters.endswith("ed") or letters.endswith("eed") or not _has_vowel(letters[:-2]):
        return ()
    stem = _stem(letters[:-3] + "y" if letters.endswith("ied") else _verb(letters[:-2]))
    if stem[-1] in ("T", "D"):
        return (*stem, "IH", "D")
    return (*stem, "T" if stem[-1] in _VOICELESS else "D")


def _with_ing(letters: str) -> Phones:
    if not letters.endswith("ing") or not _has_vowel(letters[:-3]):
        return ()
    return (*_stem(_verb(letters[:-3])), "IH", "NG")


def _with_ly(letters: str) -> Phones:
    if not letters.endswith("ly") or len(letters) < 6 or not _has_vowel(letters[:-2]):
        return ()
    front = letters[:-2]
    if front.endswith("i"):
        return (*_stem(front[:-1] + "y")[:-1], "AH", "L", "IY")
    if front.endswith(("b", "mp", "pp")):
        return (*_stem(front + "le")[:-2], "L", "IY")
    stem = _stem(front)
    return (*stem, "IY") if stem[-1] == "L" else (*stem, "L", "IY")


def _with_ending(letters: str) -> Phones:
    for ending, phones in _ENDINGS:
        front = letters.removesuffix(ending)
        if front != letters and len(front) >= 3 and _has_vowel(front):
            return (*_stem(front[:-1] + "y" if front.endswith("i") else front), *phones)
    return ()


def _compound(letters: str) -> Phones:
    for second in _SECOND_HALVES.split():
        front = letters.removesuffix(second)
        if front != letters and len(front) >= 3 and _has_vowel(front):
            return (*_stem(front), *_stem(second))
    return ()


def _verb(front: str) -> str:
    """The verb before -ed and -ing: `stopp` stop, `hop` hope, `open` open, `creat` create."""
    if front in irregular():
        return front
    if front + "e" in irregular():
        return front + "e"
    if len(front) > 2 and front[-1] == front[-2]:
        return front[:-1] if front[-1] in "bdgmnprtkv" else front
    if front.endswith(("ing", "ong")):
        return front
    if front.endswith(_MUTE_E_AFTER):
        return front + "e"
    single = front[-1] not in "aeiouywxh" and front[-2:-1] in _VOWELS
    lone = len(front) < 3 or front[-3] not in _VOWELS or front.endswith(("iat", "uat", "quir"))
    vowels = sum(1 for letter in front if letter in _VOWELS)
    e_dropped = single and lone and (vowels == 1 or front.endswith(_USUALLY_MUTE_E))
    return front + "e" if e_dropped else front


def _has_vowel(letters: str) -> bool:
    return any(letter in _VOWELS for letter in letters)
