"""Names that authors give: Unicode identifiers (UAX 31), compared in composed form (NFC).

A name of a beat, role, option, variable, ... is a letter, then letters, digits and `_`, without
capitals: `old_mo`, `élodie`, `船夫`. Invisible characters are never part of a name. Some editors
and file systems write `é` as two characters (NFD); `composed` makes both spellings one.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

MOST: Final = 64
"""Characters of a name."""

# What is neither ASCII nor part of a word: spaces, punctuation, symbols, arrows, brackets.
_SIGNS = (
    r"\u0080-\u00a9\u00ab-\u00b4\u00b6\u00b8\u00bb-\u00bf\u00d7\u00f7\u055a-\u055f\u0589\u058a"
    r"\u05be\u05c0\u05c3\u05c6\u05f3\u05f4\u0600-\u060f\u061b-\u061f\u066a-\u066d\u06d4\u0700-\u070d"
    r"\u0964\u0965\u0970\u0e4f\u0e5a\u0e5b\u1361-\u1368\u1680\u17d4-\u17d6\u17d8-\u17da\u1800-\u180a\u2000-\u200b"
    r"\u200e-\u203e\u2041-\u2053\u2055-\u206f\u2190-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020"
    r"\u3030\u303d\u3040\u30a0\u30fb\ua789\ufd3e\ufd3f\ufe10-\ufe19\ufe30-\ufe32\ufe35-\ufe4c"
    r"\ufe50-\ufe6b\ufeff\uff01-\uff0f\uff1a-\uff20\uff3b-\uff3e\uff40\uff5b-\uff65\uffe0-\uffff"
)
WORD_SIGN: Final = rf"[^\x00-/:-@\[-^`{{-\x7f{_SIGNS}]"
"""One character of a word in any script, for regular expressions.

`\\w` does not include the vowel signs of Hindi, Thai and other scripts. This matches slightly more
than a name may have; `is_name` decides."""
FIRST_SIGN: Final = rf"[^\x00-`{{-\x7f{_SIGNS}]"
"""The first character of a name, as a regular expression."""
_NEVER = r"\u00a9\u2000-\u203e\u2041-\u2053\u2055-\u206f\u3000-\u3003\uff00-\uff0f\uff1a-\uff20"
NAME_PATTERN: Final = rf"[^\u0000-`{{-{_NEVER}][^\u0000-/:-@\[-^`{{-{_NEVER}]{{0,{MOST - 1}}}"
"""A name for JSON Schema: short, because editors show it, and slightly wider than `is_name`."""

# Characters that show nothing (Unicode's default ignorable code points, and its controls).
INVISIBLE: Final = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)


@cache
def _invisible() -> re.Pattern[str]:
    return re.compile(f"[{INVISIBLE}]")


def composed(text: str) -> str:
    """The text in composed form (NFC): an e and an accent behind it are one é."""
    if text.isascii():
        return text
    import unicodedata

    return unicodedata.normalize("NFC", text)


def is_word(text: str) -> bool:
    """True for 1 to 64 letters, digits and _ of any script, capitals among them."""
    return 0 < len(text) <= MOST and f"a{text}".isidentifier() and not invisible_in(text)


def is_name(text: str) -> bool:
    """True for a word that begins with a letter and has no capitals."""
    if text.isascii():
        return len(text) <= MOST and text.isidentifier() and text[0] != "_" and text.islower()
    return is_word(text) and text.isidentifier() and text[0] != "_" and not _has_capitals(text)


def _has_capitals(text: str) -> bool:
    return any(sign.isupper() or sign.istitle() for sign in text)


def invisible_in(text: str) -> str:
    """The first invisible character of a text, or ""."""
    found = _invisible().search(text)
    return found[0] if found else ""


def as_name(text: str) -> str:
    """A text changed into a valid name, or ""."""
    small = composed(_invisible().sub("", text.strip()).replace("\u0130", "i")).lower()
    signs = (sign if f"a{sign}".isidentifier() else "_" for sign in small)
    name = re.sub("_+", "_", "".join(signs)).strip("_")
    while name and not (name[0].isidentifier() and name[0] != "_"):
        name = name[1:]
    return name[:MOST] if is_name(name[:MOST]) else ""


def folded(text: str) -> str:
    """A name for comparing, whatever its case: `ÉLODIE` and `élodie`, `GROSS` and `groß`.

    Turkish writes i in capitals with a dot and ı without: all four count as one letter here.
    """
    if text.isascii():
        return text.lower()
    plain = composed(text).replace("\u0130", "i").replace("\u0131", "i")
    return composed(composed(plain.casefold()).replace("i\u0307", "i"))
