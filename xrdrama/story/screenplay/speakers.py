"""The speaker of a line: the name as written in a script, and its role in the cast."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from xrdrama.document.names import composed

LINE_ID = "l[0-9a-z]{3,15}"
LONGEST_NAME = 20
"""The most characters before a colon that can be a name, in a script without capitals."""
TITLE_CARDS = ("字幕", "字卡", "片名", "テロップ", "자막")
"""Words before a colon that introduce a caption. They are never a speaker."""


@cache
def _between_names() -> re.Pattern[str]:
    return re.compile(r"[\s'’ʼ.‐‑-]+")


@lru_cache(1024)  # a script repeats its speakers
def role_of(said: str) -> str:
    """The role id of a name that is written in a script: OLD MO is old_mo."""
    return _between_names().sub("_", composed(said.strip())).strip("_").lower()


def capitals(role: str) -> str:
    """A role as it is written in a script: old_mo is OLD MO, 船夫 is 船夫."""
    return "".join(c.upper() if is_small(c) else c for c in role).replace("_", " ")


def is_small(sign: str) -> bool:
    """True for a letter with a capital form; False for Georgian, which does not use capitals."""
    return sign.islower() and sign.title() != sign


def has_no_case(name: str) -> bool:
    """True for a name in a script without capitals, such as Chinese, Hindi or Arabic."""
    return any(c.isalpha() and not (c.isupper() or c.istitle() or is_small(c)) for c in name)


@lru_cache(1024)
def is_speaker(name: str) -> bool:
    """True for a name in capitals, and for a short name in a script without capitals."""
    if re.search("[，。！？；、,!?;]", name):
        return False
    if has_no_case(name):
        return (
            name.strip() not in TITLE_CARDS and len(name) <= LONGEST_NAME and len(name.split()) <= 4
        )
    return not any(is_small(c) and c != "ß" for c in name)
