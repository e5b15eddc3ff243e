"""Parses screenplay text, the block under `script: |` in a beat, to script items.

EXT. LANTERN LANE - NIGHT                      a heading
Snow begins.                                   an action, for people
LAN (softly): Count them again.     #l4k2pq    a line, with its stable id
{if trust >= 2} LAN: You stayed.    #l8w0ab    a line under a condition
@thirteenth_wakes at=+1.5s over=2s             a cue of the scene, 1.5 s after the line above
@sound bell gain=-6                            a sound
@wait 2s                                       a pause
@set trust = trust + 1                         an effect
@detour hooks                                  other beats, then the script continues
{if trust >= 2}                                a block: the lines indented below it
=> LAN: Again?                                 one of several alternatives
"""

from __future__ import annotations

import re
from functools import cache

import msgspec

from xrdrama.document import Place, Scalar, suggestion
from xrdrama.document.names import as_name, folded, invisible_in
from xrdrama.story.choosing import WAYS_TO_CHOOSE
from xrdrama.story.expressions.expression import Expression
from xrdrama.story.model import (
    Direction,
    Item,
    Line,
)
from xrdrama.story.reading import reading_time
from xrdrama.story.screenplay.blocks import Blocks
from xrdrama.story.screenplay.cues import parse_call
from xrdrama.story.screenplay.moves import parse_move
from xrdrama.story.screenplay.speakers import (
    LINE_ID,
    capitals,
    has_no_case,
    is_speaker,
    role_of,
)
from xrdrama.story.screenplay.stagecraft import Stagecraft

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


@cache
def speech_pattern() -> re.Pattern[str]:
    """A name, a manner of speaking, a colon: ÉLODIE (softly): Come in. 船夫（轻声）：你好"""
    return re.compile(
        r"([^\W\d_][^:：﹕()（）“”\"]{0,39}?)\s*(?:[(（]([^()（）]{1,80})[)）]\s*)?(:|[：﹕])(\s*)(\S.*)"
    )


@cache
def head_pattern() -> re.Pattern[str]:
    """{if trust >= 2}, {elif rich}, {else}, {once}, {once if rich}"""
    condition = "([^{}｛｝]*)"
    return re.compile(
        rf"[{{｛](?:(?P<word>if|elif)\s(?P<asked>{condition})|(?P<last>else)\s*"
        rf"|(?P<once>once)(?:\s+if\s(?P<also>{condition}))?\s*)[}}｝]\s*"
    )


@cache
def _suspicious() -> re.Pattern[str]:
    """The signs of comments and tags; not the # of an id that ends its line."""
    return re.compile(rf"[\[\](（/%<]|(?<!\s)#|#(?!{LINE_ID}$)")


@cache
def _id() -> re.Pattern[str]:
    return re.compile(f"#{LINE_ID}")


class Script(msgspec.Struct, frozen=True):
    """The items of a script. `whole` is False when it contains misplaced keys of its beat."""

    items: tuple[Item, ...] = ()
    whole: bool = True


def split_id(text: str) -> tuple[str, str | None]:
    """A text and the id after it: `Nod #l9w1ab`."""
    last = _last_word(text)
    if _id().fullmatch(last):
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
    script, is_key = _Script(stagecraft, beat), _structure().fullmatch
    for number, row in enumerate(rows):
        text = row.strip()
        place = node.place_of(number, len(row) - len(row.lstrip()))
        if is_key(text):
            script.swallowed(text, place)
            return Script(tuple(script.items), whole=False)
        if text:
            script.row(text, place)
    return Script(script.finished())


class _Head(msgspec.Struct, frozen=True):
    """The part in braces at the beginning of a row, and the rest of the row."""

    word: str
    rest: str
    place: Place
    """The position of the rest."""
    condition: Expression | None = None


class _Script:
    def __init__(self, stagecraft: Stagecraft, beat: str) -> None:
        self.stagecraft, self.reading, self.beat = stagecraft, stagecraft.reading, beat
        self.cast = stagecraft.cast
        self.items: list[Item] = []
        self.blocks = Blocks(self.items, self.reading, stagecraft.next_alternative)
        self.lines = 0
        self.commented = self.named = False

    def swallowed(self, text: str, place: Place) -> None:
        key = text.partition(":")[0].strip()
        self.reading.note(
            place, "S215", f"this is read as a line of the script, not as the key {key}:",
            f"indent it as far as script:, or write {key.capitalize()} if it is an action",
        )  # fmt: skip

    def finished(self) -> tuple[Item, ...]:
        """The items, when all rows were read."""
        self.blocks.close_all()
        return tuple(self.items)

    def row(self, text: str, place: Place) -> None:
        indent = place.column
        self.blocks.arrive(text, indent)
        if text.startswith("=>"):
            self.alternative(text, place, indent)
            return
        if text.startswith(("@group", "＠group")) and self.grouped(text, place):
            return
        head = self.head(text, place)
        if head.word in ("else", "elif"):
            self.continued(head, place, indent)
        elif head.word and not head.rest:
            self.blocks.begin(place, indent, head.condition, once=head.word == "once")
        elif head.word == "once":
            if self.blocks.begin(place, indent, head.condition, once=True):
                self.simple(head.rest, head.place, None)
                self.blocks.close()
        else:
            self.simple(head.rest, head.place, head.condition)

    def continued(self, head: _Head, place: Place, indent: int) -> None:
        """{elif ...} or {else}, with its line after it or below it."""
        if self.blocks.go_on(place, indent, head.condition, last=head.word == "else"):
            if head.rest:
                self.simple(head.rest, head.place, None)
            return
        self.reading.note(
            place, "S231", f"this {{{head.word}}} belongs to no {{if}}",
            "write {if ...} on a line of its own, its lines indented below it, then "
            f"{{{head.word}}} as far to the left as {{if}}",
        )  # fmt: skip

    def alternative(self, text: str, place: Place, indent: int) -> None:
        """`=> LAN: One.`, also with a condition."""
        rest = text[2:].lstrip()
        where = Place(place.file, place.line, place.column + len(text) - len(rest))
        head = self.head(rest, where) if rest else _Head("", "", where)
        if head.word in ("else", "elif"):
            self.reading.note(
                where, "S231", f"{{{head.word}}} is not allowed in an alternative",
                "write {if ...} or {once}; without them it is always available",
            )  # fmt: skip
        self.blocks.choice(place, indent, head.condition, once=head.word == "once")
        if head.rest:
            self.simple(head.rest, head.place, None)

    def grouped(self, text: str, place: Place) -> bool:
        """`@group cycle`: how the alternatives below it are chosen; False for another call."""
        word, _, how = text[1:].partition(" ")
        if word != "group":
            return False
        for one in WAYS_TO_CHOOSE:
            if one == how.strip():
                self.blocks.choose = (one, place)
                return True
        self.reading.note(
            place, "S232", f"{how.strip()[:40]!r} is not a way to choose an alternative",
            suggestion(how.strip(), WAYS_TO_CHOOSE),
        )  # fmt: skip
        self.blocks.choose = ("least_seen", place)
        return True

    def simple(self, text: str, place: Place, condition: Expression | None) -> None:
        """A row without braces before it: a heading, an action, a line, a call."""
        heading = _heading().fullmatch(text)
        if text.startswith(("@", "＠")):
            self.call(text, place, condition)
        elif not heading and (speech := self.said(text)):
            self.speech(speech, place, condition)
        elif heading or not self.nearly(text, place, under=condition is not None):
            if condition is not None:
                self.reading.note(
                    place, "S204", "a condition is allowed before a line or a cue, not before an "
                                   "action",
                    "write {if ...} on a line of its own, and the action indented below it",
                )  # fmt: skip
            self.items.append(Direction(text, place, heading is not None))

    def said(self, text: str) -> re.Match[str] | None:
        """The parts of a spoken line, or None for another line."""
        match = speech_pattern().fullmatch(text)
        if match is None or not is_speaker(match[1]):
            return None
        plain, close = match[3] == ":", not match[4]
        if plain and close and not (has_no_case(match[1]) and self.stagecraft.role(match[1])):
            return None  # 12:30, or a mistake that `nearly` reports
        return match

    def head(self, text: str, place: Place) -> _Head:
        """The braces before a row, with their condition compiled."""
        if not text.startswith(("{", "｛")):
            return _Head("", text, place)
        match = head_pattern().match(text)
        if not match:
            from xrdrama.story.screenplay.nearly import brace_slip

            self.reading.note(place, "S203", *brace_slip(text))
            return _Head("", text.replace("｝", "}").partition("}")[2].strip() or "-", place)
        rest = Place(place.file, place.line, place.column + match.end())
        word = match["word"] or match["last"] or match["once"]
        part = "asked" if match["word"] else "also"
        asked = match[part]
        condition = None
        if asked is not None:
            inner = Place(place.file, place.line, place.column + match.start(part))
            condition = self.stagecraft.condition(asked, inner)
        return _Head(word, text[match.end() :], rest, condition)

    def speech(self, match: re.Match[str], place: Place, condition: Expression | None) -> None:
        name = self.stagecraft.role(match[1])
        if name is None:
            self.stranger(match[1].strip(), place)
            return
        where = Place(place.file, place.line, place.column + match.start(5))
        self.tagged(match[5], where)
        text, line_id = split_id(match[5])
        stray = _last_word(match[5]) if line_id is None else ""
        if stray.startswith(("#", "＃")):
            text = text.removesuffix(stray).rstrip()
            column = place.column + match.end(5) - len(stray)
            self.reading.note(
                Place(place.file, place.line, column), "S202", f"{stray[:40]} is not a line id",
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
        values = self.stagecraft.shown(text, where)
        self.lines += 1
        known = line_id or f"{self.beat}.{self.lines}"
        craft = self.stagecraft
        lasts = craft.lasts.get(known) or reading_time(text, craft.language)
        self.items.append(
            Line(
                known, name, text, lasts, place, match[2] or "", condition, line_id is not None,
                values,
            )
        )  # fmt: skip

    def tagged(self, text: str, place: Place) -> None:
        """Note a comment or a stage tag in a text, which would be spoken."""
        if _suspicious().search(text):
            from xrdrama.story.screenplay.notes import comment_in

            if found := comment_in(text):
                column, message, hint = found
                where = Place(place.file, place.line, place.column + column)
                self.reading.note(where, "S229", message, hint, "warning")

    def stranger(self, said: str, place: Place) -> None:
        """Note a speaker who is not in the cast, once per story."""
        known, name = self.stagecraft.strangers, role_of(said)
        if name in known or self.reading.lost("role", name):
            return
        known.add(name)
        from xrdrama.story.screenplay.notes import NOTE_HINT, is_note

        if is_note(said):
            message = f"{said!r} is not a speaker, and a script has no notes"
            self.reading.note(place, "S236", message, NOTE_HINT)
            return
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
        from xrdrama.story.screenplay.notes import comment_mark, foreign_row

        if mark := comment_mark(text):
            if not self.commented:
                self.commented = True
                self.reading.note(
                    place, "S216", f"{mark!r} does not start a comment in a script: this line is "
                                   "read as an action",
                    "move the comment above script:", "warning",
                )  # fmt: skip
            return False
        if found_row := foreign_row(text):
            self.reading.note(place, "S218", *found_row, "warning")
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
        text = "@" + text[1:]
        made: Item | None
        if text.startswith(("@set ", "@detour ")) or text in ("@set", "@detour"):
            made = parse_move(text, place, condition, self.stagecraft)
        else:
            made = parse_call(text, place, condition, self.reading)
        if made is not None:
            self.items.append(made)
