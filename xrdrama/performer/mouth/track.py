"""What the mouth does during one recorded line: phones with times, or the loudness of a recording.

Times are nanoseconds from the beginning of the line's audio file.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

LONGEST: Final = 600_000_000_000
Offset = Annotated[int, msgspec.Meta(ge=0, le=LONGEST)]
Level = Annotated[int, msgspec.Meta(ge=0, le=255)]
Alphabet = Literal["arpabet", "ipa", "misaki", "pinyin"]
Source = Literal["synthesised", "energy"]


class Phone(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """A phone of the track's alphabet, from `start` until `end`."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=8)]
    start: Offset
    end: Offset


class MouthTrack(msgspec.Struct, frozen=True):
    """The mouth of one line: `phones` where the voice's own durations are known (`synthesised`),
    else `levels`, the opening of the jaw (0 to 255) every `step` nanoseconds (`energy`)."""

    language: str
    source: Source
    alphabet: Alphabet = "ipa"
    phones: tuple[Phone, ...] = ()
    levels: tuple[Level, ...] = ()
    step: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)] = 0

    @property
    def lasts(self) -> int:
        """Nanoseconds until the mouth rests again."""
        if self.source == "energy":
            return len(self.levels) * self.step
        return self.phones[-1].end if self.phones else 0
