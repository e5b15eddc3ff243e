"""The lines of a script that begin with @: cues of the scene, of performers, sounds, pauses.

S219  a cue of a performer without its target, or with a hand that does not exist
"""

from __future__ import annotations

import re

import msgspec

from xrdrama.document import Place, Reading
from xrdrama.document.names import as_name, is_name, is_word
from xrdrama.document.quantities import duration_hint, parse_duration, truth_hint
from xrdrama.document.wording import nearest, short
from xrdrama.story.expressions.expression import Expression
from xrdrama.story.model import CueCall, Side, SoundCall, Wait

BUILT_IN = ("sound", "wait")
_OTHER_NAMES = {"play": "sound", "sfx": "sound", "audio": "sound", "playsound": "sound",
                "pause": "wait", "sleep": "wait", "delay": "wait"}  # fmt: skip
"""What other tools call the built-in cues."""
_ARGUMENT = re.compile(r"(?:([a-z_]+)=)?(\S+)")
_LOOSE = re.compile(r"(?<![a-z_])([a-z_]+)(\s+=\s*|=\s+)(\S+)")
_PARTED_UNIT = re.compile(
    r"(?<![a-z_])(at|over|gain)=([+-]?[0-9.,]+)\s+(ms|milli\w*|s|sec\w*|min\w*|db)\b", re.IGNORECASE
)
_SETTINGS = {
    "": {"at": "at=1.5s", "over": "over=2s"},
    ".": {"at": "at=1.5s", "over": "over=2s", "hand": "hand=left"},
    ".look": {"at": "at=camera", "after": "after=1.5s", "over": "over=2s"},
    ".walk": {"to": "to=gate", "at": "at=1.5s", "over": "over=2s"},
    ".turn": {"to": "to=gate", "at": "at=1.5s", "over": "over=2s"},
    ".mood": {"at": "at=1.5s", "over": "over=2s"},
    ".rest": {"at": "at=1.5s", "over": "over=2s"},
    "sound": {"at": "at=1.5s", "gain": "gain=-6", "loop": "loop=true", "stop": "stop=true"},
    "wait": {},
}
_TARGETS = {
    ".look": ("at", "who or what to look at", "at=camera"),
    ".walk": ("to", "where to walk", "to=gate"),
    ".turn": ("to", "what to turn to", "to=camera"),
    ".mood": ("", "the name of a mood", "warm"),
}


class _Argument(msgspec.Struct, frozen=True):
    text: str
    place: Place


def parse_call(
    text: str, place: Place, condition: Expression | None, reading: Reading
) -> CueCall | SoundCall | Wait | None:
    """The call of a line such as `@snow_begins over=2s`; None, and one problem, if it is
    invalid."""
    try:
        return _Call(text, place, condition).read()
    except _CallError as error:
        where = Place(place.file, place.line, place.column + error.column)
        reading.note(where, error.code, error.message, error.hint)
        return None


class _CallError(Exception):
    """The first mistake of a line; other mistakes often follow from it."""

    def __init__(self, column: int, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.column, self.code, self.message, self.hint = column, code, message, hint


class _Call:
    def __init__(self, text: str, place: Place, condition: Expression | None) -> None:
        self.text, self.place, self.condition = text, place, condition

    def read(self) -> CueCall | SoundCall | Wait:
        name, rest, start = self.parted()
        arguments = self.arguments(name, rest, start)
        if name == "wait":
            return self.wait(arguments)
        if name == "sound":
            return self.sounded(arguments)
        if "." in name:
            return self.acted(name, arguments)
        at, over = self.time(arguments, "at") or 0, self.time(arguments, "over")
        return CueCall(name, self.place, at, over, self.condition)

    def acted(self, name: str, arguments: dict[str, _Argument]) -> CueCall:
        """An act of a performer: @lan.wave, @lan.look at=gate, @lan.mood warm."""
        kind = _kind(name)
        after = self.time(arguments, "after" if kind == ".look" else "at") or 0
        over, target = self.time(arguments, "over"), ""
        if key := _TARGETS.get(kind):
            given = arguments.get(key[0])
            if given is None or not is_name(given.text):
                said = f", not {given.text!r}" if given else ""
                raise _CallError(
                    0, "S219", f"@{name} needs {key[1]}{said}", f"write @{name} {key[2]}"
                )
            target = given.text
        side = self.hand(arguments)
        return CueCall(name, self.place, after, over, self.condition, target, side)

    def hand(self, arguments: dict[str, _Argument]) -> Side:
        given = arguments.get("hand")
        if given is None:
            return ""
        if given.text == "left":
            return "left"
        if given.text == "right":
            return "right"
        column = given.place.column - self.place.column
        raise _CallError(column, "S219", f"{given.text!r} is not a hand", "write hand=left")

    def parted(self) -> tuple[str, str, int]:
        """The name, the text after it, and the column where that starts."""
        match = re.match(r"@(\s*)([^\s]*)\s*", self.text)
        assert match is not None
        name, rest = match[2], self.text[match.end() :]
        if match[1] or not name:
            hint = f"write @{self.text[1:].strip()}" if name else "such as @snow_begins over=4s"
            raise _CallError(0, "S206", "expected the name of the cue directly after '@'", hint)
        if not _is_cue(name):
            clean = as_name(name)
            hint = f"write @{clean} {rest}".rstrip() if _is_cue(clean) else ""
            hint = hint or "use letters, digits and _, as in @snow_begins"
            raise _CallError(0, "S206", f"{short('@' + name)} is not a cue", hint)
        return name, rest, match.end()

    def arguments(self, name: str, text: str, start: int) -> dict[str, _Argument]:
        _refuse_parted_unit(text, start)
        loose = _LOOSE.search(text)
        if loose:
            hint = f"write {loose[1]}={loose[3]}"
            raise _CallError(start + loose.start(), "S207", "unexpected space around '='", hint)
        found: dict[str, _Argument] = {}
        for match in _ARGUMENT.finditer(text):
            key, column = match[1] or "", start + match.start()
            takes_word = name in BUILT_IN or _kind(name) == ".mood"
            if not key and found and not takes_word:
                raise _CallError(column, "S207", f"unexpected {match[0]!r}", f"remove {match[0]}")
            if not key and not takes_word:
                raise _CallError(
                    0, "S206", f"{short_call(self.text)} is not a valid cue", self.meant(name, text)
                )
            if key and key not in settings_of(name):
                raise _CallError(column, "S207", f"unknown setting {key!r}", _known(name, match))
            if key in found:
                raise _CallError(column, "S207", f"unexpected {match[0]!r}", _one(name, text))
            p = self.place
            found[key] = _Argument(match[2], Place(p.file, p.line, p.column + column))
        return found

    def meant(self, name: str, text: str) -> str:
        """The hint for a cue with another word after it."""
        known = _OTHER_NAMES.get(name) or nearest(name, BUILT_IN)
        if known:
            return f"did you mean @{known} {text}?"
        said = re.match(r"(at|over)?[\s:]*([+0-9]\S*)", text)
        if said and parse_duration(duration_hint(said[2]).removeprefix("write ")) is not None:
            length = duration_hint(said[2]).removeprefix("write ")
            return f"write @{name} {said[1] or 'over'}={length}"
        words = re.split(r"\b[a-z_]+=", text)[0]
        joined = as_name(f"{name} {words}")
        return f"write the cue as one word, @{joined}, and settings as over=2s"

    def time(self, arguments: dict[str, _Argument], key: str) -> int | None:
        given = arguments.get(key)
        if given is None:
            return None
        ns = parse_duration(given.text)
        if ns is None:
            column = given.place.column - self.place.column + (len(key) + 1 if key else 0)
            hint = duration_hint(given.text)
            raise _CallError(column, "F007", f"{given.text!r} is not a length of time", hint)
        return ns

    def wait(self, arguments: dict[str, _Argument]) -> Wait:
        if "" not in arguments:
            raise _CallError(0, "S208", "@wait needs a time", "write @wait 2s")
        return Wait(self.time(arguments, "") or 0, self.place, self.condition)

    def sounded(self, arguments: dict[str, _Argument]) -> SoundCall:
        name = arguments[""].text if "" in arguments else ""
        if not is_name(name):
            raise _CallError(
                0, "S209", "@sound needs the name of a sound after it", "write @sound bell"
            )
        gain = arguments.get("gain", _Argument("0", self.place))
        if not re.fullmatch(r"[+-]?[0-9]{1,2}(\.[0-9])?", gain.text):
            column = gain.place.column - self.place.column
            raise _CallError(
                column, "S210", f"{gain.text!r} is not a gain in dB", _gain_hint(gain.text)
            )
        after = self.time(arguments, "at") or 0
        loop, stop = self.flag(arguments, "loop"), self.flag(arguments, "stop")
        return SoundCall(name, self.place, after, float(gain.text), loop, stop, self.condition)

    def flag(self, arguments: dict[str, _Argument], key: str) -> bool:
        given = arguments.get(key, _Argument("false", self.place))
        if given.text not in ("true", "false"):
            column = given.place.column - self.place.column
            message = f"{given.text!r} is not true or false"
            raise _CallError(column, "F006", message, truth_hint(given.text) or f"write {key}=true")
        return given.text == "true"


def _kind(name: str) -> str:
    """Which settings a call takes: its own name, "." and its act for a performer, or ""."""
    if "." in name:
        act = "." + name.partition(".")[2]
        return act if act in _SETTINGS else "."
    return name if name in BUILT_IN else ""


def settings_of(name: str) -> dict[str, str]:
    """The settings that a call takes, each with an example: over, over=2s."""
    return _SETTINGS[_kind(name)]


def _is_cue(name: str) -> bool:
    """True for words joined by dots, the first of which begins with a letter."""
    first = name[:1]
    return first.isidentifier() and first != "_" and all(map(is_word, name.rstrip(".").split(".")))


def short_call(text: str) -> str:
    """A call, shortened for a message."""
    return repr(text if len(text) <= 40 else text[:37] + "...")


def _refuse_parted_unit(text: str, start: int) -> None:
    """Refuse a space between a number and its unit: over=3 s, gain=-6 dB."""
    found = _PARTED_UNIT.search(text)
    if found is None:
        return
    key, number, unit = found.groups()
    is_gain = key == "gain"
    if is_gain != (unit.lower() == "db"):
        return
    meant = (_gain_hint(number) if is_gain else duration_hint(f"{number} {unit}")).split()[-1]
    value = meant.removeprefix("gain=")
    raise _CallError(
        start + found.start(3), "S207", f"unexpected space before {unit!r}", f"write {key}={value}"
    )


def _gain_hint(text: str) -> str:
    """The hint for a gain that is not a number of decibels, such as -8db."""
    number = re.match(r"[+-]?[0-9]{1,2}([.,][0-9]+)?(?![0-9])", text)
    if number is None:
        return "write a number from -99 to 99, such as gain=-6"
    return f"write gain={round(float(number[0].replace(',', '.')), 1):g}"


def _known(name: str, match: re.Match[str]) -> str:
    settings = settings_of(name)
    meant = nearest(match[1], settings)
    if meant:
        return f"did you mean {meant}={match[2]}?"
    if not settings:
        return "write only the time, as in @wait 2s"
    return "use one of: " + ", ".join(settings.values())


def _one(name: str, text: str) -> str:
    if name == "wait":
        return f"write @wait {duration_hint(text).removeprefix('write ')}"
    return "write each setting once, as name=value"
