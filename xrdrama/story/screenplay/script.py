"""Parses screenplay text, the block under `script: |` in a beat, to script items.

EXT. LANTERN LANE - NIGHT                      a heading
Snow begins.                                   an action, for people
LAN (softly): Count them again.     #l4k2pq    a line, with its stable id
{if trust >= 2} LAN: You stayed.    #l8w0ab    a line under a condition
@thirteenth_wakes at=+1.5s over=2s             a cue of the scene, 1.5 s after the line above
@sound bell gain=-6                            a sound
@wait 2s                                       a pause
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import cache

import msgspec

from xrdrama.document import Place, Reading, Scalar, suggestion
from xrdrama.document.names import as_name, folded, invisible_in
from xrdrama.document.wording import short
from xrdrama.story.expressions.expression import Expression
from xrdrama.story.model import Direction, Item, Line, Role, reading_time
from xrdrama.story.screenplay.cues import parse_call
from xrdrama.story.screenplay.speakers import (
    LINE_ID,
    capitals,
    has_no_case,
    is_speaker,
    role_of,
)

MAX_LINES = 2000


# A key of the file that was indented into the script.
@cache
def _structure() -> re.Pattern[str]:
    return re.compile(
        r"(script|choice|next|ending|return|hidden|director|dur|options|window|else)\s*:(\s.*)?"
    )


@cache
def _heading() -> re.Pattern[str]:
    return re.compile(r"(INT|EXT|EST|INT\.?/EXT|I/E)\.?\s.*")


# A name, a manner of speaking, a colon: ÉLODIE (softly): Come in. 船夫（轻声）：你好
@cache
def _speech() -> re.Pattern[str]:
    return re.compile(
        r"([^\W\d_][^:：﹕()（）“”\"]{0,39}?)\s*(?:[(（]([^()（）]{1,80})[)）]\s*)?(:|[：﹕])(\s*)(\S.*)"
    )


@cache
def _condition() -> re.Pattern[str]:
    return re.compile(r"[{｛]if\s([^{}｛｝]*)[}｝]\s*")


Conditions = Callable[[str, Place], Expression | None]


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
        variables: Collection[str] = (),
    ) -> None:
        self.reading, self.cast, self.language = reading, cast, language
        self.condition, self.lasts = condition, lasts
        self.variables = variables
        self.strangers: set[str] = set()
        self._roles = {folded(name): name for name in cast or {}}

    def shown(self, text: str, place: Place) -> None:
        """Note a placeholder of another tool in a text that is spoken or displayed."""
        from xrdrama.story.placeholders import advice, placeholder_in

        at, mark = placeholder_in(text, self.variables)
        if mark:
            where = Place(place.file, place.line, place.column + at)
            self.reading.note(where, "S217", *advice(mark), "warning")

    def role(self, said: str) -> str | None:
        """The id in the cast of a name in a script; None for a name that is not in the cast."""
        name = role_of(said)
        if self.cast is None or name in self.cast:
            return name
        return self._roles.get(folded(name))


class Script(msgspec.Struct, frozen=True):
    """The items of a script. `whole` is False when it contains misplaced keys of its beat."""

    items: tuple[Item, ...] = ()
    whole: bool = True


def split_id(text: str) -> tuple[str, str | None]:
    """A text and the id after it: `Nod #l9w1ab`."""
    last = _last_word(text)
    if re.fullmatch(f"#{LINE_ID}", last):
        return text.removesuffix(last).rstrip(), last[1:]
    return text, None


def _last_word(text: str) -> str:
    return text.rsplit(maxsplit=1)[-1]


def parse_script(node: Scalar | None, stagecraft: Stagecraft, *, beat: str) -> Script:
    """The items of a beat's script. Problems are noted with the line and column of the file."""
    if node is None:
        return Script()
    rows = node.text.split("\n")
    if len(rows) > MAX_LINES:
        message = f"the script has {len(rows)} lines; at most {MAX_LINES} are allowed"
        stagecraft.reading.note(node.place, "F011", message, "split the beat in two")
        return Script()
    script = _Script(stagecraft, beat)
    for number, row in enumerate(rows):
        text = row.strip()
        place = node.place_of(number, len(row) - len(row.lstrip()))
        if _structure().fullmatch(text):
            script.swallowed(text, place)
            return Script(tuple(script.items), whole=False)
        if text:
            script.row(text, place)
    return Script(tuple(script.items))


class _Script:
    def __init__(self, stagecraft: Stagecraft, beat: str) -> None:
        self.stagecraft, self.reading, self.beat = stagecraft, stagecraft.reading, beat
        self.cast = stagecraft.cast
        self.items: list[Item] = []
        self.lines = 0
        self.commented = self.named = False

    def swallowed(self, text: str, place: Place) -> None:
        key = text.partition(":")[0].strip()
        self.reading.note(
            place, "S215", f"this is read as a line of the script, not as the key {key}:",
            f"indent it as far as script:, or write {key.capitalize()} if it is an action",
        )  # fmt: skip

    def row(self, text: str, place: Place) -> None:
        condition, rest, rest_place = self.condition(text, place)
        heading = _heading().fullmatch(rest)
        if rest.startswith(("@", "＠")):
            self.call(rest, rest_place, condition)
        elif not heading and (speech := self.said(rest)):
            self.speech(speech, rest_place, condition)
        elif heading or not self.nearly(rest, rest_place, under=condition is not None):
            if condition is not None:
                self.reading.note(
                    rest_place, "S204", "a condition is allowed before a line or a cue, not "
                                        "before an action",
                    "write {if trust >= 2} LAN: You stayed.",
                )  # fmt: skip
            self.items.append(Direction(rest, rest_place, heading is not None))

    def said(self, text: str) -> re.Match[str] | None:
        """The parts of a spoken line, or None for another line."""
        match = _speech().fullmatch(text)
        if match is None or not is_speaker(match[1]):
            return None
        plain, close = match[3] == ":", not match[4]
        if plain and close and not (has_no_case(match[1]) and self.stagecraft.role(match[1])):
            return None  # 12:30, or a mistake that `nearly` reports
        return match

    def condition(self, text: str, place: Place) -> tuple[Expression | None, str, Place]:
        if not text.startswith(("{", "｛")):
            return None, text, place
        match = _condition().match(text)
        if not match:
            from xrdrama.story.screenplay.nearly import brace_slip

            self.reading.note(place, "S203", *brace_slip(text))
            return None, text.replace("｝", "}").partition("}")[2].strip() or "-", place
        inner = Place(place.file, place.line, place.column + match.start(1))
        rest = Place(place.file, place.line, place.column + match.end())
        return self.stagecraft.condition(match[1], inner), text[match.end() :], rest

    def speech(self, match: re.Match[str], place: Place, condition: Expression | None) -> None:
        name = self.stagecraft.role(match[1])
        if name is None:
            self.stranger(match[1].strip(), place)
            return
        text, line_id = split_id(match[5])
        stray = _last_word(match[5]) if line_id is None else ""
        if stray.startswith(("#", "＃")):
            text = text.removesuffix(stray).rstrip()
            column = place.column + match.end(5) - len(stray)
            self.reading.note(
                Place(place.file, place.line, column), "S202", f"{stray} is not a line id",
                "`xrdrama fmt` writes line ids, such as #l4k2pq",
            )  # fmt: skip
        if not text:
            self.reading.note(
                place,
                "S205",
                f"{match[1].strip()} has no text to say",
                "write the text before its line id",
            )
            return
        self.stagecraft.shown(text, Place(place.file, place.line, place.column + match.start(5)))
        self.lines += 1
        known = line_id or f"{self.beat}.{self.lines}"
        craft = self.stagecraft
        lasts = craft.lasts.get(known) or reading_time(text, craft.language)
        self.items.append(
            Line(known, name, text, lasts, place, match[2] or "", condition, line_id is not None)
        )

    def stranger(self, said: str, place: Place) -> None:
        """Note a speaker who is not in the cast, once per story."""
        known, name = self.stagecraft.strangers, role_of(said)
        if name in known or self.reading.lost("role", name):
            return
        known.add(name)
        cast = self.cast or {}
        shown = {folded(role.name): role.id for role in cast.values()}.get(folded(said), "")
        hint = suggestion(capitals(name), map(capitals, cast))
        if shown:
            hint = f"did you mean {capitals(shown)!r}?"
        elif invisible_in(said):
            hint = suggestion(said, ())
        elif not hint.endswith("?"):
            declare = (
                f"add them under cast, as in {as_name(said) or 'lan'}: {{name: {said.title()}}}"
            )
            declare += "; or, if nobody says this, remove the colon"
            hint = f"{hint}; or {declare}" if hint else declare
        self.reading.note(place, "S201", f"{said!r} is not in the cast", hint)

    def nearly(self, text: str, place: Place, *, under: bool) -> bool:
        """Note a line that is read as an action but was probably meant as speech; True if this is
        an error, as for a line with a condition."""
        if text.startswith("#") and not self.commented:
            self.commented = True
            self.reading.note(
                place, "S216", "'#' does not start a comment in a script: this line is read as "
                               "an action",
                "move the comment above script:", "warning",
            )  # fmt: skip
        if text.startswith("#"):
            return False
        from xrdrama.story.placeholders import is_command

        if is_command(text):
            self.reading.note(
                place, "S218", f"this line is read as an action, not as a command: {short(text)}",
                "delete it; write effects under set: in choice: or next:", "warning",
            )  # fmt: skip
            return False
        from xrdrama.story.screenplay.nearly import (  # imported only for a possible mistake
            NAME_ALONE,
            NO_TEXT,
            nearly_said,
        )

        found = None if self.named else nearly_said(text, self.cast or {})
        self.named = False
        if found is None:
            return False
        self.named = found[0] == NAME_ALONE  # the text below it was meant as speech
        message, hint, severity = found
        code = "S214" if severity == "warning" else "S205" if message.endswith(NO_TEXT) else "S203"
        self.reading.note(place, code, message, hint, "error" if under else severity)
        return under or severity == "error"

    def call(self, text: str, place: Place, condition: Expression | None) -> None:
        made = parse_call("@" + text[1:], place, condition, self.reading)
        if made is not None:
            self.items.append(made)
