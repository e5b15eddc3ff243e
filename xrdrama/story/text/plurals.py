"""The plural category of a number in a language: one, few, other ...

The rules are those of Unicode CLDR (Language Plural Rules, cardinals), for the languages that most
stories are translated to; others use the rule of English.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

CATEGORIES: Final = ("zero", "one", "two", "few", "many", "other")
Rule = Callable[[int], str]


def plural_category(number: float, language: str) -> str:
    """The category of a number in a language, such as `one` for 1 in English.

    Numbers with decimals are `other`: languages differ there, and stories seldom count in halves.
    """
    if number != int(number):
        return "other"
    return _RULES.get(language.partition("-")[0], _one)(abs(int(number)))


def categories_of(language: str) -> tuple[str, ...]:
    """The categories that whole numbers have in a language, in the order of `CATEGORIES`."""
    rule = _RULES.get(language.partition("-")[0], _one)
    found = {rule(number) for number in range(201)} | {"other"}
    return tuple(category for category in CATEGORIES if category in found)


def _none(n: int) -> str:
    return "other"


def _one(n: int) -> str:
    return "one" if n == 1 else "other"


def _zero_or_one(n: int) -> str:
    return "one" if n <= 1 else "other"


def _east_slavic(n: int) -> str:
    if n % 10 == 1 and n % 100 != 11:
        return "one"
    return "few" if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else "many"


def _south_slavic(n: int) -> str:
    category = _east_slavic(n)
    return "other" if category == "many" else category


def _polish(n: int) -> str:
    if n == 1:
        return "one"
    return "few" if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else "many"


def _czech(n: int) -> str:
    return "one" if n == 1 else "few" if n in (2, 3, 4) else "other"


def _slovenian(n: int) -> str:
    return {1: "one", 2: "two", 3: "few", 4: "few"}.get(n % 100, "other")


def _lithuanian(n: int) -> str:
    if 11 <= n % 100 <= 19 or n % 10 == 0:
        return "other"
    return "one" if n % 10 == 1 else "few"


def _latvian(n: int) -> str:
    if n % 10 == 0 or 11 <= n % 100 <= 19:
        return "zero"
    return "one" if n % 10 == 1 else "other"


def _romanian(n: int) -> str:
    if n == 1:
        return "one"
    return "few" if n == 0 or 1 <= n % 100 <= 19 else "other"


def _arabic(n: int) -> str:
    if n <= 2:
        return ("zero", "one", "two")[n]
    return "few" if 3 <= n % 100 <= 10 else "many" if n % 100 >= 11 else "other"


def _hebrew(n: int) -> str:
    return {1: "one", 2: "two"}.get(n, "other")


def _irish(n: int) -> str:
    if n in (1, 2):
        return ("one", "two")[n - 1]
    return "few" if 3 <= n <= 6 else "many" if 7 <= n <= 10 else "other"


def _welsh(n: int) -> str:
    return {0: "zero", 1: "one", 2: "two", 3: "few", 6: "many"}.get(n, "other")


def _icelandic(n: int) -> str:
    return "one" if n % 10 == 1 and n % 100 != 11 else "other"


_GROUPS: Final[dict[str, Rule]] = {
    "zh yue ja ko vi th id ms lo my km bo dz jv su to wo yo": _none,
    "fr pt hy ff kab hi bn gu kn fa am zu as": _zero_or_one,
    "ru uk be": _east_slavic,
    "sr hr bs sh": _south_slavic,
    "pl": _polish,
    "cs sk": _czech,
    "sl": _slovenian,
    "lt": _lithuanian,
    "lv": _latvian,
    "ro mo": _romanian,
    "ar": _arabic,
    "he iw": _hebrew,
    "ga": _irish,
    "cy": _welsh,
    "is mk": _icelandic,
}
_RULES: Final[dict[str, Rule]] = {
    language: rule for languages, rule in _GROUPS.items() for language in languages.split()
}
