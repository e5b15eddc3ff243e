"""Yarn's texts with expressions and markup as our texts: `{coins, plural, one {...} ...}`."""

from __future__ import annotations

import re

from xrdrama.authoring.yarn.playing.evaluate import as_text
from xrdrama.authoring.yarn.playing.markup import REPLACING, Selection, read_markup
from xrdrama.authoring.yarn.reading.tree import Binary, Call, Formula, Read, Words
from xrdrama.authoring.yarn.translating.express import Expressions, enum_texts, yaml_text
from xrdrama.authoring.yarn.translating.story import CannotCarryError, NewStory
from xrdrama.document.names import WORD_SIGN

_BRACE = re.compile(rf"(?<!\{{)\{{(?=\s*{WORD_SIGN}+\s*(?:\}}(?!\}})|,))")
_KEY = re.compile(rf"{WORD_SIGN}+")
_ORDINALS = {"one": 1, "two": 2, "few": 3}


class Texts:
    """Writes the texts of a file; marks and what cannot be shown are listed."""

    def __init__(self, story: NewStory, expressions: Expressions) -> None:
        self.story, self.expressions = story, expressions

    def speech(self, words: Words) -> tuple[str, str]:
        """The speaker as written in a script, and what is said."""
        shown = read_markup(words)
        self._marks(words, [mark.name for mark in shown.marks])
        parts = [self._piece(piece, words.at.line) for piece in shown.pieces]
        role = self.story.role(shown.speaker)
        if role:
            return role, _joined(parts)
        self.story.lose(
            words.at.line, f"the name {shown.speaker[:40]!r} cannot be a role: the narrator says it"
        )
        return self.story.role(""), _joined([_plain(f"{shown.speaker}: "), *parts])

    def option(self, words: Words) -> str:
        """The text of an option, with the name that is written before it."""
        shown = read_markup(words)
        self._marks(words, [mark.name for mark in shown.marks])
        parts = [self._piece(piece, words.at.line) for piece in shown.pieces]
        name = [_plain(f"{shown.speaker}: ")] if shown.speaker else []
        return _joined([*name, *parts])

    def command(self, words: Words) -> str:
        """The text of a command. Its values are shown as far as they are known before."""
        found: list[str] = []
        for part in words.parts:
            value = part if isinstance(part, str) else self.expressions.constant(part)
            if value is None:
                self.story.lose(words.at.line, "a command with a value that changes")
            found.append("..." if value is None else as_text(value))
        return "".join(found)

    def _marks(self, words: Words, names: list[str]) -> None:
        for name in dict.fromkeys(names):
            if name not in REPLACING:
                self.story.lose(words.at.line, f"the markup [{name}]: the words are there, plain")

    # -- pieces ---------------------------------------------------------------------------------

    def _piece(self, piece: str | Formula | Selection, line: int) -> str:
        if isinstance(piece, str):
            return _plain(piece)
        try:
            if isinstance(piece, Selection):
                return self._selection(piece, line)
            return self.value(piece)
        except CannotCarryError as error:
            self.story.lose(line, f"a value in this text: {error}")
            return "..."

    def value(self, formula: Formula) -> str:
        """A formula as Yarn shows it."""
        known = self.expressions.constant(formula)
        if known is not None:
            return _plain(as_text(known))
        kind = self.expressions.kind(formula)
        if isinstance(formula, Call) and formula.function in ("string", "format_invariant"):
            return self.value(formula.arguments[0])
        if isinstance(formula, Binary) and formula.sign == "+" and kind == "string":
            return self.value(formula.left) + self.value(formula.right)
        name = self.shown_by(formula)
        if kind == "bool":
            return f"{{{name}, select, true {{True}} other {{False}}}}"
        if kind.startswith("enum "):
            texts = enum_texts(self.story.checked, kind.removeprefix("enum "))
            cases = " ".join(f"{word} {{{_inside(as_text(v))}}}" for word, v in texts.items())
            return f"{{{name}, select, {cases} other {{}}}}"
        return f"{{{name}}}"

    def shown_by(self, formula: Formula) -> str:
        """The variable whose value is that of a formula: its own, or one that is computed."""
        made = self.expressions.written(formula)
        if isinstance(formula, Read) or made in self.story.variables:
            return made
        return self.story.variable(f"shown {made}", f"type: computed, from: {yaml_text(made)}")

    # -- selections -----------------------------------------------------------------------------

    def _selection(self, piece: Selection, line: int) -> str:
        value = piece.value
        known = value if isinstance(value, str) else self.expressions.constant(value)
        if known is not None:
            return self._known(piece, as_text(known), line)
        assert not isinstance(value, str)
        name = self.shown_by(value)
        if piece.how == "select":
            return self._select(piece, value, name, line)
        if self.expressions.kind(value) != "number":
            raise CannotCarryError(f"[{piece.how}] of a value that is not a number")
        texts = {key: self._case(piece, key, line) for key in piece.texts}
        if piece.how == "ordinal":
            return self._ordinal(name, texts)
        cases = " ".join(f"{key} {{{text}}}" for key, text in texts.items() if key != "other")
        return f"{{{name}, plural, {cases} other {{{texts.get('other', '')}}}}}"

    def _case(self, piece: Selection, key: str, line: int) -> str:
        parts = [self._piece(part, line) for part in piece.texts.get(key, ())]
        return "".join(_inside(part) if "{" not in part else part for part in parts)

    def _known(self, piece: Selection, value: str, line: int) -> str:
        from xrdrama.authoring.yarn.playing.machine import cardinal, ordinal

        key = value
        if piece.how != "select":
            try:
                number = float(value)
            except ValueError:
                raise CannotCarryError(f"[{piece.how}] of a value that is not a number") from None
            key = cardinal(number) if piece.how == "plural" else ordinal(number)
        return "".join(self._piece(part, line) for part in piece.texts.get(key, ()))

    def _select(self, piece: Selection, value: Formula, name: str, line: int) -> str:
        kind = self.expressions.kind(value)
        words: dict[str, str] = {key: key for key in piece.texts}
        if kind == "bool":
            words = {"True": "true", "False": "false"}
        elif kind.startswith("enum "):
            texts = enum_texts(self.story.checked, kind.removeprefix("enum "))
            words = {as_text(shown): word for word, shown in texts.items()}
        cases: list[str] = []
        for key in piece.texts:
            word = words.get(key, "")
            if not _KEY.fullmatch(word) or word == "other":
                continue
            cases.append(f"{word} {{{self._case(piece, key, line)}}}")
        other = self._case(piece, "other", line)
        return f"{{{name}, select, {' '.join(cases)} other {{{other}}}}}"

    def _ordinal(self, name: str, texts: dict[str, str]) -> str:
        """1st, 2nd, 3rd, but 11th: by the last digit and the last two (English)."""
        last = self._computed(f"{name} - 10 * ({name} // 10)")
        two = self._computed(f"{name} - 100 * ({name} // 100)")
        other = texts.get("other", "")
        cases = " ".join(
            f"={number} {{{texts[key]}}}" for key, number in _ORDINALS.items() if key in texts
        )
        inner = f"{{{last}, plural, {cases} other {{{other}}}}}"
        teens = " ".join(f"={number} {{{other}}}" for number in (11, 12, 13))
        return f"{{{two}, plural, {teens} other {{{inner}}}}}"

    def _computed(self, made: str) -> str:
        return self.story.variable(f"shown {made}", f"type: computed, from: {yaml_text(made)}")


def _joined(parts: list[str]) -> str:
    """The parts as one text. An apostrophe before a brace would quote it, so it becomes ’."""
    text = ""
    for part in parts:
        if text.endswith("'") and part.startswith("{"):
            text = text[:-1] + "\u2019"
        text += part
    return " ".join(text.split())


def _plain(text: str) -> str:
    """A text that is shown as it is: braces that would show a value are quoted."""
    return _BRACE.sub("'{'", text)


def _inside(text: str) -> str:
    """A plain text inside a case, where a brace would end it."""
    return text.replace("}", "'}'").replace("#", "\uff03") if "}" in text or "#" in text else text
