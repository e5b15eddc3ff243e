"""Numbers as spoken words."""

from __future__ import annotations

import re

_NAMES = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen
twenty thirty forty fifty sixty seventy eighty ninety
"""
_ONES = tuple(_NAMES.split()[:20])
_TENS = ("", "", *_NAMES.split()[20:])
_SCALES = ((1_000_000_000, "billion"), (1_000_000, "million"), (1000, "thousand"), (100, "hundred"))
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
_CHINESE = "零一二三四五六七八九"
_NUMBER = r"(\d+(?:,\d{3})+|\d+)(?:(st|nd|rd|th)\b|\.(\d+)|:([0-5]\d)\b)?"
MOST_DIGITS = 12
"""Numbers with more digits are read digit by digit."""


def read_digits(text: str, *, chinese: bool) -> str:
    """The text with all numbers as words: 21 twenty one, 3rd third, 12:30, 3.5, 1984 as a year."""
    space = "" if chinese else " "
    return re.sub(_NUMBER, lambda match: space + _read(match, chinese=chinese) + space, text)


def cardinal(number: int) -> str:
    """`twenty one`; 0 to 999 999 999 999."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        return f"{_TENS[number // 10]} {_ONES[number % 10] if number % 10 else ''}".rstrip()
    scale, name = next((scale, name) for scale, name in _SCALES if number >= scale)
    rest = f" {cardinal(number % scale)}" if number % scale else ""
    return f"{cardinal(number // scale)} {name}{rest}"


def ordinal(number: int) -> str:
    """`twenty first`."""
    *front, last = cardinal(number).split()
    if last not in _ORDINALS:
        last = last[:-1] + "ieth" if last.endswith("y") else last + "th"
    else:
        last = _ORDINALS[last]
    return " ".join((*front, last))


def _read(match: re.Match[str], *, chinese: bool) -> str:
    whole, suffix, decimals, minutes = match.groups()
    digits = whole.replace(",", "")
    if chinese:
        return _chinese(digits) + ("点" + _chinese(decimals, each=True) if decimals else "")
    if len(digits) > MOST_DIGITS or (len(digits) > 1 and int(digits[0]) == 0):
        return _each(digits + (decimals or "") + (minutes or ""))
    number = int(digits)
    if suffix:
        return ordinal(number)
    if decimals:
        return f"{cardinal(number)} point {_each(decimals)}"
    if minutes:
        return f"{cardinal(number)} {_pair(int(minutes)) if int(minutes) else ''}".rstrip()
    if len(whole) == 4 and 1100 <= number < 2000:
        return f"{cardinal(number // 100)} {_pair(number % 100) if number % 100 else 'hundred'}"
    return cardinal(number)


def _pair(number: int) -> str:
    return f"oh {_ONES[number]}" if number < 10 else cardinal(number)


def _each(digits: str) -> str:
    return " ".join(_ONES[int(digit)] for digit in digits)


def _chinese(digits: str, *, each: bool = False) -> str:
    """Numbers up to 99 as spoken (十二); longer ones digit by digit, like years."""
    number = int(digits) if len(digits) <= 2 else 100
    if each or number >= 100 or number < 10:
        return "".join(_CHINESE[int(digit)] for digit in digits)
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else _CHINESE[tens]) + "十" + (_CHINESE[ones] if ones else "")
