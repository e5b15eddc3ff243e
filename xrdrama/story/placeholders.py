"""Finds placeholders and markup of other tools in texts: `{trust}`, `<<...>>`.

Nothing in a line is replaced, so these would be spoken literally. A single brace, an amount such as
$5 and words in brackets are allowed.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from xrdrama.document.names import WORD_SIGN, composed

_WORD = rf"{WORD_SIGN}+"
_ANY = re.compile(r"[{<\[$%@*_]")
"""Every placeholder and mark has one of these signs."""


@cache
def _always() -> re.Pattern[str]:
    return re.compile(
        rf"[$#]?\{{+\s*[$#@~!&=]?{WORD_SIGN}[^{{}}]{{0,100}}\}}+"  # {x} {$x} {{x}} ${x} {~a|b}
        r"|<<[^<>]{1,100}>>"  # <<print $x>>
        r"|\[\[[^\[\]]{1,100}\]\]"  # [[a link]]
        rf"|%\({_WORD}\)[sdif]"  # %(x)s
    )


@cache
def _of_a_variable() -> re.Pattern[str]:
    return re.compile(rf"\$({_WORD})|\[({_WORD})\]|%({_WORD})%|@({_WORD})@")


@cache
def _markup() -> re.Pattern[str]:
    return re.compile(
        r"</?(?:b|i|u|s|em|strong|br|p|span|font|color|size|sup|sub|ruby|rt)\b[^<>]{0,80}>"
        r"|\[/?(?:b|i|u|s|color|size|wave|shake)(?:=[^\[\]]{0,40})?\]"
        r"|(?<![\w*])(\*{1,3})(?=[^\s*])[^*]{0,100}[^\s*]\1(?![\w*])"  # *Sit.* **Sit.**
        r"|(?<!\w)(__?)(?=[^\s_])[^_]{0,100}[^\s_]\2(?!\w)",  # _Sit._
        re.IGNORECASE,
    )


def placeholder_in(text: str, variables: Collection[str]) -> tuple[int, str]:
    """The column (from 0) of a text's first placeholder or mark, and the mark; "" if it has
    none."""
    if not _ANY.search(text):
        return 0, ""
    found = _always().search(text)
    if found is None:
        for match in _of_a_variable().finditer(text):
            if composed(next(filter(None, match.groups()))) in variables:
                found = match
                break
    found = found or _markup().search(text)
    return (found.start(), found[0]) if found else (0, "")


def advice(mark: str) -> tuple[str, str]:
    """Message and hint for a mark."""
    shown = mark if len(mark) <= 40 else mark[:37] + "..."
    if _markup().fullmatch(mark):
        hint = f"write {shown.strip('*_')}" if mark[0] in "*_" else "delete it"
        return f"{shown} is spoken and displayed literally: texts have no markup", hint
    if mark.startswith("[["):
        hint = "delete it; write options under choice: and paths under next:"
        return f"{shown} is not a link: it is spoken and displayed literally", hint
    message = f"{shown} is not replaced by a value: it is spoken and displayed literally"
    return message, "write {trust} in a line or an option; titles and names show no values"
