"""The file of mouth tracks beside the audio of one language: `mouths.json`.

It is written by programs (`xrdrama voices`), so the parser is strict and repairs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Final, Literal

import msgspec

from xrdrama.errors import Problem
from xrdrama.performer.mouth.alphabets import unknown_phones
from xrdrama.performer.mouth.track import LONGEST, Alphabet, Level, MouthTrack, Phone, Source

MOST_LINES: Final = 20_000
MOST_PHONES: Final = 10_000
_LONGEST_TEXT: Final = 32 * 2**20
REMEDY: Final = "make the tracks again: xrdrama voices"


class LineMouth(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The track of one line, and the hash of the audio file that it was made for. `alphabet` is
    given where it is not that of the file."""

    audio: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
    source: Source
    phones: Annotated[tuple[Phone, ...], msgspec.Meta(max_length=MOST_PHONES)] = ()
    levels: Annotated[tuple[Level, ...], msgspec.Meta(max_length=MOST_PHONES * 3)] = ()
    step: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)] = 0
    alphabet: Alphabet | None = None


class Mouths(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All tracks of one language: which voice speaks, in which alphabet, and the lines by id."""

    xrdrama: Literal[1]
    language: Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}(-[A-Za-z]{2,4})?$")]
    voice: Annotated[str, msgspec.Meta(max_length=300)]
    alphabet: Alphabet
    lines: Annotated[dict[str, LineMouth], msgspec.Meta(max_length=MOST_LINES)]

    def track(self, line: str) -> MouthTrack | None:
        """The track of a line, or None."""
        found = self.lines.get(line)
        if found is None:
            return None
        alphabet = found.alphabet or self.alphabet
        return MouthTrack(
            self.language, found.source, alphabet, found.phones, found.levels, found.step
        )

    def tracks(self) -> dict[str, MouthTrack]:
        """All tracks by line id."""
        found = ((line, self.track(line)) for line in self.lines)
        return {line: track for line, track in found if track is not None}


_decode = msgspec.json.Decoder(Mouths).decode


def parse_mouths(text: str, file: str) -> tuple[Mouths | None, list[Problem]]:
    """The tracks of a file (None for one that cannot be used) and what is wrong with it."""
    if len(text) > _LONGEST_TEXT:
        return None, [_problem(file, 1, "the file of mouth tracks is too large", REMEDY)]
    try:
        mouths = _decode(text)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        return None, [_problem(file, 1, f"the mouth tracks cannot be read: {error}", REMEDY)]
    problems = [
        _problem(file, _line_of(text, line), f"the mouth track of line {line!r} {fault}", REMEDY)
        for line, one in mouths.lines.items()
        if (fault := _fault(one, one.alphabet or mouths.alphabet))
    ]
    return (None if problems else mouths), problems


def mouths_text(mouths: Mouths) -> str:
    """The text of a file: one row for each line's track, lines sorted by id."""
    head = {
        "xrdrama": 1,
        "language": mouths.language,
        "voice": mouths.voice,
        "alphabet": mouths.alphabet,
    }
    rows = [f" {_json(name)}: {_json(value)}," for name, value in head.items()]
    lines = ",\n".join(f"  {_json(id)}: {_json(one)}" for id, one in sorted(mouths.lines.items()))
    return "\n".join(["{", *rows, ' "lines": {', *([lines] if lines else []), " }", "}", ""])


def with_lines(mouths: Mouths, lines: Mapping[str, LineMouth]) -> Mouths:
    """The same file with these lines."""
    return msgspec.structs.replace(mouths, lines=dict(lines))


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _fault(one: LineMouth, alphabet: Alphabet) -> str:
    """What is wrong with a track, "" if nothing is."""
    if one.source == "energy":
        if one.phones:
            return "has phones and says source: energy"
        if one.levels and not one.step:
            return "has levels without a step"
        if len(one.levels) * one.step > LONGEST:
            return "is longer than ten minutes"
        return ""
    if one.levels or one.step:
        return "has levels and says source: synthesised"
    if any(phone.end <= phone.start for phone in one.phones):
        return "has a phone that ends before it begins"
    if any(after.start < before.end for before, after in pairwise(one.phones)):
        return "has phones that overlap or are out of order"
    unknown = unknown_phones(alphabet, (phone.name for phone in one.phones))
    if unknown:
        return f"has phones that the alphabet {alphabet} does not have: {', '.join(unknown[:5])}"
    return ""


def _line_of(text: str, line: str) -> int:
    """The row of the file on which a line's track is."""
    at = text.find(f"{_json(line)}:")
    return text.count("\n", 0, at) + 1 if at >= 0 else 1


def _problem(file: str, row: int, message: str, hint: str) -> Problem:
    return Problem(file, row, 1, "C008", "error", message, hint)
