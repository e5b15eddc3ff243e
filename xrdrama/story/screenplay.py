"""Screenplay text to script items: what stands under `script: |` in a beat.

EXT. LANTERN LANE - NIGHT                      a heading
Snow begins.                                   an action, for people
LAN (softly): Count them again.     #l4k2pq    a line, with its stable id
{if trust >= 2} LAN: You stayed.    #l8w0ab    a line under a condition
@thirteenth_wakes at=+1.5s over=2s             a cue of the scene, 1.5 s behind the line above
@sound bell gain=-6                            a sound
@wait 2s                                       silence
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from xrdrama.document import Place, Reading, Scalar, suggestion
from xrdrama.document.shapes import parse_duration
from xrdrama.story.expression import Expression
from xrdrama.story.model import (
    CueCall,
    Direction,
    Item,
    Line,
    Role,
    SoundCall,
    Wait,
    reading_time,
)

MAX_LINES = 2000
LINE_ID = "l[0-9a-z]{3,15}"

_HEADING = re.compile(r"(INT|EXT|EST|INT\.?/EXT|I/E)\.?\s.*")
_SPEECH = re.compile(r"([A-Z][A-Z0-9 '_-]{0,39}?)\s*(?:\(([^()]{1,80})\)\s*)?:\s+(\S.*)")
# A line as it looks to people, though it is none: Lan: Hi. / LAN:Hi. / LAN：你好。/ LAN:
_ALMOST = re.compile(r"([^\W\d_][\w '-]{0,39}?)\s*(?:\([^()]*\)\s*)?[:：](.*)")
_CONDITION = re.compile(r"\{if\s([^{}]*)\}\s*")
_CUE = re.compile(r"@([A-Za-z][A-Za-z0-9_.]*)\s*(.*)")
_ARGUMENT = re.compile(r"(?:([a-z_]+)=)?(\S+)")

Conditions = Callable[[str, Place], Expression | None]


def split_id(text: str) -> tuple[str, str | None]:
    """A text and the id behind it: `Nod #l9w1ab`."""
    last = _last_word(text)
    if re.fullmatch(f"#{LINE_ID}", last):
        return text.removesuffix(last).rstrip(), last[1:]
    return text, None


def _last_word(text: str) -> str:
    return text.rsplit(maxsplit=1)[-1]


def parse_script(
    node: Scalar,
    reading: Reading,
    *,
    beat: str,
    cast: Mapping[str, Role],
    language: str,
    condition: Conditions,
    lasts: Mapping[str, int],
) -> tuple[Item, ...]:
    """The items of a script. Problems are noted at the file's own line and column."""
    rows = node.text.split("\n")
    if len(rows) > MAX_LINES:
        reading.note(node.place, "F011", f"{len(rows)} lines; {MAX_LINES} are allowed")
        return ()
    script = _Script(
        reading=reading,
        beat=beat,
        cast=cast,
        language=language,
        condition=condition,
        lasts=lasts,
    )
    for number, row in enumerate(rows):
        text = row.strip()
        if text:
            column = len(row) - len(row.lstrip())
            script.row(text, node.place_of(number, column))
    return tuple(script.items)


def _role(said: str) -> str:
    """The id under cast of a name as it stands in a script: OLD MO is old_mo."""
    return re.sub(r"[ '-]+", "_", said).lower()


class _Script:
    def __init__(
        self,
        *,
        reading: Reading,
        beat: str,
        cast: Mapping[str, Role],
        language: str,
        condition: Conditions,
        lasts: Mapping[str, int],
    ) -> None:
        self.reading, self.beat, self.cast, self.language = reading, beat, cast, language
        self.compile, self.known_lasts = condition, lasts
        self.items: list[Item] = []
        self.lines = 0

    def row(self, text: str, place: Place) -> None:
        condition, rest, rest_place = self.condition(text, place)
        heading = _HEADING.fullmatch(rest)
        if rest.startswith("@"):
            self.call(rest, rest_place, condition)
        elif not heading and (speech := _SPEECH.fullmatch(rest)):
            self.speech(speech, rest_place, condition)
        elif condition is not None:
            self.reading.note(
                rest_place, "S204", "a condition stands before a line or a cue, not an action"
            )
        else:
            if not heading:
                self.almost_speech(rest, rest_place)
            self.items.append(Direction(rest, rest_place, heading is not None))

    def condition(self, text: str, place: Place) -> tuple[Expression | None, str, Place]:
        if not text.startswith("{"):
            return None, text, place
        match = _CONDITION.match(text)
        if not match:
            self.reading.note(
                place, "S203", "a brace opens a condition", "write {if trust >= 2} LAN: ..."
            )
            return None, text.partition("}")[2].strip() or "-", place
        inner = Place(place.file, place.line, place.column + match.start(1))
        rest = Place(place.file, place.line, place.column + match.end())
        return self.compile(match[1], inner), text[match.end() :], rest

    def speech(self, match: re.Match[str], place: Place, condition: Expression | None) -> None:
        name = _role(match[1].strip())
        if name not in self.cast:
            self.reading.note(
                place, "S201", f"{match[1].strip()!r} is not in the cast",
                suggestion(name, self.cast) or f"add {name} under cast",
            )  # fmt: skip
            return
        text, line_id = split_id(match[3])
        stray = _last_word(match[3]) if line_id is None else ""
        if stray.startswith("#"):
            text = text.removesuffix(stray).rstrip()
            column = place.column + match.end(3) - len(stray)
            self.reading.note(
                Place(place.file, place.line, column), "S202", f"{stray} is not a line id",
                "ids are written by `xrdrama fmt`, such as #l4k2pq",
            )  # fmt: skip
        if not text:
            self.reading.note(
                place, "S205", f"{match[1].strip()} says nothing", "write the line before its id"
            )
            return
        self.lines += 1
        known = line_id or f"{self.beat}.{self.lines}"
        lasts = self.known_lasts.get(known) or reading_time(text, self.language)
        self.items.append(
            Line(known, name, text, lasts, place, match[2] or "", condition, line_id is not None)
        )

    def almost_speech(self, text: str, place: Place) -> None:
        """Note a line that would pass for an action, so that nobody would say it."""
        match = _ALMOST.fullmatch(text)
        if not match:
            return
        name, said = match[1].strip(), match[2].strip()
        if not said and name.isupper():
            self.reading.note(
                place, "S205", f"{name} says nothing", "write the line after the colon"
            )
        elif _role(name) in self.cast:
            capitals = _role(name).upper().replace("_", " ")
            self.reading.note(
                place, "S214", "this is read as an action: nobody says it",
                f"write {capitals}: in capitals, with a plain colon and a space behind it",
                "warning",
            )  # fmt: skip

    def call(self, text: str, place: Place, condition: Expression | None) -> None:
        match = _CUE.fullmatch(text)
        if not match:
            self.reading.note(
                place, "S206", f"{text!r} is not a cue", "such as @snow_begins over=4s"
            )
            return
        name, arguments = match[1], self.arguments(match[2], place, match.start(2))
        if name == "wait":
            self.wait(arguments, place, condition)
        elif name == "sound":
            self.sound(arguments, place, condition)
        else:
            after = self.time(arguments.pop("at", None)) or 0
            over = self.time(arguments.pop("over", None))
            self.unknown(arguments, place, "at, over")
            self.items.append(CueCall(name, place, after, over, condition))

    def arguments(self, text: str, place: Place, start: int) -> dict[str, tuple[str, Place]]:
        found: dict[str, tuple[str, Place]] = {}
        for match in _ARGUMENT.finditer(text):
            where = Place(place.file, place.line, place.column + start + match.start())
            key = match[1] or ""
            if key in found:
                self.reading.note(
                    where, "S207", f"{match[0]!r} is one too many here",
                    "settings are written name=value, without spaces",
                )  # fmt: skip
            else:
                found[key] = (match[2], where)
        return found

    def time(self, argument: tuple[str, Place] | None) -> int | None:
        if argument is None:
            return None
        ns = parse_duration(argument[0])
        if ns is None:
            self.reading.note(
                argument[1],
                "F007",
                f"{argument[0]!r} is not a length of time",
                "write 300ms, 1.5s or 2m",
            )
        return ns

    def wait(
        self, arguments: dict[str, tuple[str, Place]], place: Place, condition: Expression | None
    ) -> None:
        lasts = self.time(arguments.pop("", None))
        self.unknown(arguments, place, "a time, as in @wait 2s")
        if lasts is None:
            if not any(p.line == place.line for p in self.reading.problems):
                self.reading.note(place, "S208", "@wait needs a time", "write @wait 2s")
            return
        self.items.append(Wait(lasts, place, condition))

    def sound(
        self, arguments: dict[str, tuple[str, Place]], place: Place, condition: Expression | None
    ) -> None:
        name, _ = arguments.pop("", ("", place))
        gain, where = arguments.pop("gain", ("0", place))
        after = self.time(arguments.pop("at", None)) or 0
        loop = self.flag("loop", arguments)
        stop = self.flag("stop", arguments)
        self.unknown(arguments, place, "at, gain, loop, stop")
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            self.reading.note(
                place, "S209", "@sound needs the name of a sound", "write @sound bell"
            )
            return
        if not re.fullmatch(r"[+-]?[0-9]{1,2}(\.[0-9])?", gain):
            self.reading.note(where, "S210", f"{gain!r} is not a gain in dB", "write gain=-6")
            return
        self.items.append(SoundCall(name, place, after, float(gain), loop, stop, condition))

    def flag(self, name: str, arguments: dict[str, tuple[str, Place]]) -> bool:
        text, where = arguments.pop(name, ("false", Place()))
        if text not in ("true", "false"):
            self.reading.note(where, "F006", f"{text!r} is neither true nor false")
        return text == "true"

    def unknown(self, left: dict[str, tuple[str, Place]], place: Place, known: str) -> None:
        for key, (value, where) in left.items():
            word = f"{key}={value}" if key else value
            self.reading.note(where, "S207", f"{word!r} is not known here", f"there are: {known}")
