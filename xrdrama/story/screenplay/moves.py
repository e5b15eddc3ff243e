"""The calls of a script that change the story: `@set coins = coins - 1` and `@detour hooks`.

S234  @set without a variable and a value
S235  @detour without the name of a beat
"""

from __future__ import annotations

import re
from functools import cache

from xrdrama.document import Place
from xrdrama.document.names import FIRST_SIGN, WORD_SIGN, composed, is_name
from xrdrama.document.shapes import Mention
from xrdrama.story.expressions.expression import Expression
from xrdrama.story.model import Assign, Detour
from xrdrama.story.screenplay.stagecraft import Stagecraft


@cache
def _assignment() -> re.Pattern[str]:
    return re.compile(rf"@set\s+({FIRST_SIGN}{WORD_SIGN}*)\s*([-+*/]?=)(?!=)\s*(\S.*)")


def parse_move(
    text: str, place: Place, condition: Expression | None, stagecraft: Stagecraft
) -> Assign | Detour | None:
    """The call of a row; None, and one problem, if it is invalid."""
    if text.startswith("@set"):
        return _set(text, place, condition, stagecraft)
    return _detour(text, place, condition, stagecraft)


def _set(
    text: str, place: Place, condition: Expression | None, stagecraft: Stagecraft
) -> Assign | None:
    match = _assignment().fullmatch(text)
    if match is None or match[2] != "=":
        hint = "write @set trust = trust + 1"
        colon = re.match(
            rf"@set\s+({FIRST_SIGN}{WORD_SIGN}*)\s*(?::|：|:=|to\b)\s*=?\s*(\S.*)", text
        )
        if colon:
            hint = f"write @set {colon[1]} = {colon[2]}"
        elif match is not None:
            hint = f"write @set {match[1]} = {match[1]} {match[2][0]} {match[3]}"
        stagecraft.reading.note(place, "S234", "@set needs a variable, = and a value", hint)
        return None
    where = Place(place.file, place.line, place.column + match.start(1))
    value = Place(place.file, place.line, place.column + match.start(3))
    assert stagecraft.effects is not None
    effects = stagecraft.effects(composed(match[1]), match[3], where, value)
    return Assign(effects, place, condition) if effects else None


def _detour(
    text: str, place: Place, condition: Expression | None, stagecraft: Stagecraft
) -> Detour | None:
    name = composed(text.removeprefix("@detour").strip())
    if not is_name(name):
        stagecraft.reading.note(
            place, "S235", "@detour needs the name of a beat after it", "write @detour hooks"
        )
        return None
    where = Place(place.file, place.line, place.column + len("@detour "))
    stagecraft.reading.mentions.append(Mention("beat", name, where))
    return Detour(name, place, condition)
