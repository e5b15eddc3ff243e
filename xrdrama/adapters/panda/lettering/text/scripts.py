"""The script of a character, and the grouping of characters into visible clusters.

Scripts are found by Unicode names: the standard library has no Script property.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

EMOJI, CJK, COMMON = "Emoji", "CJK", ""
_CJK: Final = {
    "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC",
    "FULLWIDTH", "HALFWIDTH", "KANGXI", "HENTAIGANA",
}  # fmt: skip
_TWO_WORDS: Final = {
    "OLD", "NEW", "TAI", "CANADIAN", "SYLOTI", "OL", "MEETEI", "HANIFI", "MENDE", "MASARAM",
    "GUNJALA", "PAU", "WARANG", "ZANABAZAR", "BASSA", "INSCRIPTIONAL", "IMPERIAL", "PSALTER",
    "NYIAKENG", "CAUCASIAN", "PAHAWH", "SORA", "LINEAR", "KAYAH", "DIVES", "MEROITIC",
    "ANATOLIAN", "EGYPTIAN",
}  # fmt: skip
_GENERIC: Final = {
    "MODIFIER", "COMBINING", "FEMININE", "MASCULINE", "DOUBLE-STRUCK", "SCRIPT", "BLACK-LETTER",
    "DIGIT", "SUPERSCRIPT", "SUBSCRIPT", "CIRCLED", "PARENTHESIZED", "NEGATIVE", "ROMAN",
    "VULGAR", "MATHEMATICAL", "TURNED", "MICRO", "OHM", "KELVIN", "ANGSTROM", "PLANCK", "EULER",
    "INFORMATION", "FRACTION", "DINGBAT", "VARIATION", "REVERSED", "ROTATED", "ALEF", "BET",
    "GIMEL", "DALET", "AKTIESELSKAB", "CARE", "PRESCRIPTION", "ACCOUNT", "PARTNERSHIP", "INVERTED",
    "",
}  # fmt: skip
_JOINER, _VS15, _VS16, _KEYCAP = "\u200d", "\ufe0e", "\ufe0f", "\u20e3"
_EMOJI_BMP: Final = frozenset(
    chr(code)
    for first, last in (
        (0x231A, 0x231B), (0x23E9, 0x23EC), (0x23F0, 0x23F0), (0x23F3, 0x23F3), (0x25FD, 0x25FE),
        (0x2614, 0x2615), (0x2648, 0x2653), (0x267F, 0x267F), (0x2693, 0x2693), (0x26A1, 0x26A1),
        (0x26AA, 0x26AB), (0x26BD, 0x26BE), (0x26C4, 0x26C5), (0x26CE, 0x26CE), (0x26D4, 0x26D4),
        (0x26EA, 0x26EA), (0x26F2, 0x26F3), (0x26F5, 0x26F5), (0x26FA, 0x26FA), (0x26FD, 0x26FD),
        (0x2705, 0x2705), (0x270A, 0x270B), (0x2728, 0x2728), (0x274C, 0x274C), (0x274E, 0x274E),
        (0x2753, 0x2755), (0x2757, 0x2757), (0x2795, 0x2797), (0x27B0, 0x27B0), (0x27BF, 0x27BF),
        (0x2B1B, 0x2B1C), (0x2B50, 0x2B50), (0x2B55, 0x2B55),
    )
    for code in range(first, last + 1)
)  # fmt: skip
"""Emoji_Presentation=Yes below U+10000 (emoji-data.txt, Unicode 16)."""


@cache
def script_of(character: str) -> str:
    """A script's English name such as "Arabic", `CJK` for the scripts that share its fonts,
    `COMMON` for what all scripts use: digits, punctuation, symbols, combining marks."""
    if character < "\x80":
        return "Latin" if character.isalpha() else COMMON
    kind = unicodedata.category(character)
    if 0x1100 <= ord(character) <= 0x11FF or 0x2E80 <= ord(character) <= 0x2FDF:
        return CJK
    words = unicodedata.name(character, "").split()
    word = words[0] if words else ""
    if word in _CJK or "\u3000" <= character <= "\u303f":
        return CJK
    if word.startswith("ARABIC"):
        return "Arabic"
    if word in _GENERIC or (kind[0] not in "LM" and kind not in ("Nd", "Nl", "No", "Po", "So")):
        return COMMON
    if kind[0] not in "LM" and not _names_a_script(word):
        return COMMON
    taken = words[:2] if word in _TWO_WORDS else words[:1]
    return " ".join(part.capitalize() for part in taken)


@cache
def _names_a_script(word: str) -> bool:
    """Symbols and digits begin with a script's name when letters of that script do."""
    for letter in ("LETTER A", "LETTER KA", "VOWEL SIGN AA", "LETTER ALAPH", "SYLLABLE HA"):
        try:
            unicodedata.lookup(f"{word} {letter}")
        except KeyError:
            continue
        return True
    return False


def is_ignorable(character: str) -> bool:
    """True for characters that have no ink of their own and are never drawn, not even as boxes."""
    code = ord(character)
    return (
        unicodedata.category(character) in ("Cf", "Cc", "Zl", "Zp")
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0000 <= code <= 0xE0FFF
        or code in (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0)
        or 0x180B <= code <= 0x180F
    )


def _extends(character: str) -> bool:
    code = ord(character)
    return (
        unicodedata.category(character)[0] == "M"
        or 0x1F3FB <= code <= 0x1F3FF
        or 0xE0020 <= code <= 0xE007F
        or character in "\u200c\u200d"
    )


def clusters(text: str) -> list[str]:
    """A text in pieces that one font must draw: a base with its marks, an emoji sequence."""
    found: list[str] = []
    for character in text:
        last = found[-1] if found else ""
        if last and (
            _extends(character)
            or (last[-1] == _JOINER and _is_pictograph(character))
            or (_is_flag(character) and len(last) == 1 and _is_flag(last))
        ):
            found[-1] += character
        else:
            found.append(character)
    return found


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _is_pictograph(character: str) -> bool:
    return "\u2190" <= character <= "\u2bff" or "\U0001f000" <= character <= "\U0001faff"


@cache
def cluster_script(cluster: str) -> str:
    """The script of a cluster's base; `EMOJI` for one that is shown as a picture."""
    base = cluster[0]
    if _VS15 in cluster:
        return script_of(base)
    if _VS16 in cluster or _KEYCAP in cluster or base in _EMOJI_BMP or _is_flag(base):
        return EMOJI
    if "\U0001f300" <= base <= "\U0001faff" or base in "\U0001f004\U0001f0cf":
        return EMOJI
    if base in "\U0001f18e\U0001f201\U0001f21a\U0001f22f" or "\U0001f191" <= base <= "\U0001f19a":
        return EMOJI
    return script_of(base)
