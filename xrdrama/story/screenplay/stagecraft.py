"""What all scripts of a story share: its cast, its variables, its language, what was reported."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from xrdrama.document import Place, Reading
from xrdrama.document.names import folded
from xrdrama.story.expressions.expression import Expression
from xrdrama.story.model import Effect, Role, Variable
from xrdrama.story.screenplay.speakers import role_of

Conditions = Callable[[str, Place], Expression | None]
Effects = Callable[[str, str, Place, Place], tuple[Effect, ...]]
"""Compiles the effect of `@set`: a variable, an expression, and the positions of both."""


class Stagecraft:
    """What all scripts of a story share: its cast, its language, what has been reported.

    `cast` is None if it could not be read: then no speaker is reported as unknown.
    """

    def __init__(
        self,
        *,
        reading: Reading,
        cast: Mapping[str, Role] | None,
        language: str,
        condition: Conditions,
        lasts: Mapping[str, int],
        variables: Mapping[str, Variable] | None = None,
        effects: Effects | None = None,
    ) -> None:
        self.reading, self.cast, self.language = reading, cast, language
        self.condition, self.lasts = condition, lasts
        self.variables: Mapping[str, Variable] = variables or {}
        self.effects = effects
        self.alternatives = 0
        """The alternatives of all scripts so far."""
        self.strangers: set[str] = set()
        self._roles = {folded(name): name for name in cast or {}}

    def named(self, text: str, place: Place) -> None:
        """Note placeholders in a title or a name, which shows no values."""
        self._note_marks(text, place)

    def shown(self, text: str, place: Place) -> tuple[str, ...]:
        """The variables whose values a text shows. Notes errors in its placeholders, and
        placeholders of other tools."""
        names, plain = self.values(text, place) if "{" in text else ((), text)
        self._note_marks(plain, place)
        return names

    def _note_marks(self, text: str, place: Place) -> None:
        from xrdrama.story.placeholders import advice, placeholder_in

        at, mark = placeholder_in(text, self.variables)
        if mark:
            where = Place(place.file, place.line, place.column + at)
            self.reading.note(where, "S217", *advice(mark), "warning")

    def values(self, text: str, place: Place) -> tuple[tuple[str, ...], str]:
        """The variables that a text shows, and the text with its placeholders blanked out."""
        from xrdrama.story.text.checking import text_problems

        found = text_problems(text, self.variables)
        for column, message, hint in found.problems:
            where = Place(place.file, place.line, place.column + column)
            self.reading.note(where, "S124", message, hint)
        return found.names, found.plain

    def next_alternative(self) -> int:
        """A number for the next alternative of the story."""
        self.alternatives += 1
        return self.alternatives - 1

    def role(self, said: str) -> str | None:
        """The id in the cast of a name in a script; None for a name that is not in the cast."""
        name = role_of(said)
        if self.cast is None or name in self.cast:
            return name
        return self._roles.get(folded(name))
