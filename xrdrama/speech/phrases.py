"""Normalises phrases, so that the texts of authors and recognisers can be compared."""

from __future__ import annotations

import unicodedata

from xrdrama.speech.numbers import read_digits

_APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u02b9`\u00b4\uff07"), "'")
_SYMBOLS = {ord("&"): " and ", ord("%"): " percent ", ord("+"): " plus "}
_HAN = (
    ("\u3400", "\u4dbf"),
    ("\u4e00", "\u9fff"),
    ("\uf900", "\ufaff"),
    ("\U00020000", "\U0003ffff"),
)


def normalise(text: str) -> str:
    """Words in lower case with single spaces: no punctuation, no digits, apostrophes inside words.

    NFKC and casefold first, so full-width letters and ligatures are plain ones; `don't` stays one
    word; `3` becomes `three` (`三` in a text with Chinese characters). Never raises;
    normalising twice changes nothing.
    """
    text = text.translate(_APOSTROPHES).translate(_SYMBOLS)
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = read_digits(text, chinese=is_chinese(text))
    text = "".join(c if c == "'" or _is_written(c) else " " for c in text)
    text = "".join(c if c != "'" or _is_inside(text, n) else " " for n, c in enumerate(text))
    return " ".join(unicodedata.normalize("NFKC", text).split())


def split(authored: str) -> tuple[str, ...]:
    """The phrases of an author's `"yes|i did|alone"`, normalised, in order, each once."""
    phrases = (normalise(part) for part in unicodedata.normalize("NFKC", authored).split("|"))
    return tuple(dict.fromkeys(phrase for phrase in phrases if phrase))


def words(text: str) -> tuple[str, ...]:
    """The normalised words of a text; every Chinese character is a word of its own."""
    return tuple("".join(f" {c} " if _is_han(c) else c for c in normalise(text)).split())


def is_chinese(text: str) -> bool:
    """True when a text contains a Chinese character."""
    return any(_is_han(character) for character in text)


def _is_han(character: str) -> bool:
    return character >= _HAN[0][0] and any(least <= character <= most for least, most in _HAN)


def _is_written(character: str) -> bool:
    """Letters and the marks that belong to them."""
    return character.isalpha() or unicodedata.category(character)[0] == "M"


def _is_inside(text: str, at: int) -> bool:
    """True when the character is between two letters."""
    return 0 < at < len(text) - 1 and text[at - 1].isalpha() and text[at + 1].isalpha()
