"""Operators and words of other languages that are not allowed, and what to write instead."""

from __future__ import annotations

import re

from xrdrama.document.names import WORD_SIGN
from xrdrama.story.expressions.kinds import ExpressionError, Names

_TEXTS = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_ARITHMETIC = "use one of: + - * / // and == != < <= > >="

# Operator, replacement or hint. Longer operators come first: the first match is used.
_SIGNS: tuple[tuple[str, str, str], ...] = (
    (r"!==", "!=", ""),
    (r"===|= =|＝＝", "==", ""),
    (r"<=>", "", "compare with < <= > >= == !="),
    (r"=>|≥|＞＝|> =", ">=", ""),
    (r"=<|≤|＜＝|< =", "<=", ""),
    (r"<>|≠|！＝|! =", "!=", ""),
    (r"&&?|＆＆?", " and ", ""),
    (r"\|\|?|｜｜?", " or ", ""),
    (r"!(?!=)|！|~", "not ", ""),
    (r">>", "", "compare with > or >="),
    (r"<<", "", "compare with < or <="),
    (r"\*\*|\^", "", "multiply, as in trust * trust"),
    (r"%", "", _ARITHMETIC),
    (r"×|＊", "*", ""),
    (r"÷", "/", ""),
    (r"－|–|—", "-", ""),
    (r"[“”„«»「」]|[‘’‚]", "'", ""),
    (r"\?", "", "write a single condition, without '?' and ':'"),
    (r";", " ", ""),
    (r"[{}]", "", "use braces only around a condition in a script: {if trust > 1}"),
    (r"[$@#]", "", "write only the name"),
    (r"[０-９＋（）＝＞＜，．：]", "", "write it with plain ASCII signs"),
)
_ASSIGNS = re.compile(rf"({WORD_SIGN}*)\s*([+\-*/]=|\+\+|--)\s*({WORD_SIGN}*)")
_MORE, _LESS = "(?:greater|more|bigger|larger|higher)", "(?:less|fewer|smaller|lower)"
_SPELLED: tuple[tuple[str, str], ...] = (
    (r"(?:is\s+)?(?:not\s+equal\s+to|unequal\s+to|different\s+from)", "!="),
    (r"(?:is\s+)?(?:at\s+least|not\s+less\s+than|no\s+less\s+than)", ">="),
    (r"(?:is\s+)?(?:at\s+most|not\s+more\s+than|no\s+more\s+than|up\s+to)", "<="),
    (rf"(?:is\s+)?{_MORE}\s+than\s+or\s+equal(?:\s+to)?", ">="),
    (rf"(?:is\s+)?{_LESS}\s+than\s+or\s+equal(?:\s+to)?", "<="),
    (
        rf"(?:is\s+)?{_MORE}\s+than|(?:is\s+)?(?:over|above)|exceeds",
        ">",
    ),
    (rf"(?:is\s+)?{_LESS}\s+than|(?:is\s+)?(?:under|below)", "<"),
    (r"(?:is\s+)?equal\s+to", "=="),
)
"""Comparisons in words, the longer ones first."""
_ONE_EQUALS = re.compile(r"(?<![=!<>])=(?!=)")
_WORDS: dict[str, str] = {
    "is": "",
    "in": "compare with each value, as in mood == 'calm' or mood == 'angry'",
    "if": "remove 'if': write only the condition here",
    "then": "remove 'then': write only the condition here",
    "xor": "compare the two, as in has_key != seen(gate)",
    "equals": "",
    "else": "write the alternative under its own key, else:",
}
_SHOUTED = ("and", "or", "not")


def refuse_foreign_signs(text: str, names: Names, *, sets: bool) -> None:
    """Raise ExpressionError at the first operator or word of another language.

    `sets`: the expression is the new value of a variable.
    """
    bare = _TEXTS.sub(lambda match: "'" + "_" * (len(match[0]) - 2) + "'", text)
    assigned = _ASSIGNS.search(bare)
    if assigned:
        raise ExpressionError(
            f"{assigned[2]} is not allowed here", assigned.start(2), _assigned(assigned)
        )
    found = [(match.start(), -number, match[0], instead, hint)
             for number, (sign, instead, hint) in enumerate(reversed(_SIGNS))
             if (match := re.search(sign, bare))]  # fmt: skip
    if found:
        column, _, sign, _, hint = min(found)
        message = f"{sign} is not allowed in an expression"
        raise ExpressionError(message, column, hint or _rewritten(text))
    equals = _ONE_EQUALS.search(bare)
    if equals:
        hint = _rewritten(text)
        if sets:
            hint = "write only the value: the key names the variable"
            if "," in bare[: equals.start()]:
                hint = "write another @set, or another key of set:, for the second variable"
        raise ExpressionError("'=' is not allowed in an expression", equals.start(), hint)
    for spelled, _ in _SPELLED:
        found_words = re.search(rf"\b(?:{spelled})\b", bare, re.IGNORECASE)
        if found_words and found_words[0] not in names.variables:
            message = f"{found_words[0]!r} is not allowed in an expression"
            raise ExpressionError(message, found_words.start(), _rewritten(text))
    for match in re.finditer(rf"{WORD_SIGN}+", bare):
        word = match[0].lower()
        shouted = word in _SHOUTED and match[0] != word
        if shouted or (word in _WORDS and word not in names.variables and word not in names.beats):
            message = f"{match[0]!r} is not allowed in an expression"
            raise ExpressionError(message, match.start(), _WORDS.get(word) or _rewritten(text))


def _rewritten(text: str) -> str:
    """The hint with the expression as it was probably meant."""
    for sign, instead, _ in _SIGNS:
        if instead:
            text = re.sub(sign, instead, text)
    for spelled, instead in _SPELLED:
        text = re.sub(rf"\b(?:{spelled})\b", instead, text, flags=re.IGNORECASE)
    text = re.sub(r"\bis\s+not\b", "!=", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(is|equals)\b", "==", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(and|or|not)\b", lambda m: m[0].lower(), text, flags=re.IGNORECASE)
    text = _ONE_EQUALS.sub("==", re.sub(r":\s*(?==)", "", text))
    return f"write {' '.join(text.split())}"


def _assigned(match: re.Match[str]) -> str:
    name, sign, by = match[1], match[2], match[3] or "1"
    if not name:
        return "write the name first, as in trust + 1"
    return f"write {name} {sign[0]} {1 if sign in ('++', '--') else by}"
