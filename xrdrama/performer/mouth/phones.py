"""From the symbols that a synthesiser speaks, with their durations, to the phones of a track."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from xrdrama.performer.mouth.alphabets import ALPHABETS
from xrdrama.performer.mouth.track import Alphabet, MouthTrack, Phone

SILENCE: Final = "sil"
SHORTEST_PAUSE: Final = 110_000_000
"""Nanoseconds: the gap between two words is shorter, and the mouth does not close in it."""
_BEFORE: Final = frozenset("ˈˌ'^")
"""Marks that belong to the phone after them; ^ is a syllable without an initial."""
_AFTER: Final = frozenset("ːˑʰʲʷˠ̩̃ᵝ↓→↗↘") | {"#0"}
"""Marks that belong to the phone before them; #0 is the end of a syllable."""


def joined(alphabet: Alphabet, spoken: Iterable[tuple[str, int, int]]) -> tuple[Phone, ...]:
    """The phones of symbols (symbol, start and end in nanoseconds, in order).

    Marks give their time to the phone that they mark. Pauses, punctuation and symbols that the
    alphabet does not have are silence, and a pause that is too short belongs to the phone before.
    """
    known = ALPHABETS[alphabet]
    found: list[Phone] = []
    early: int | None = None
    for symbol, start, end in spoken:
        begin = start if early is None else early
        early = None
        if symbol in _BEFORE and symbol not in known:
            early = begin
        elif symbol in _AFTER and symbol not in known:
            _extend(found, end)
        elif symbol in known and symbol != SILENCE:
            found.append(Phone(symbol, begin, end))
        elif found and (found[-1].name == SILENCE or end - begin < SHORTEST_PAUSE):
            _extend(found, end)
        else:
            found.append(Phone(SILENCE, begin, end))
    return tuple(phone for phone in found if phone.end > phone.start)


def moved(track: MouthTrack, points: tuple[tuple[int, int], ...], length: int) -> MouthTrack:
    """A track on another clock: `points` pair old and new times, ascending; between them time
    runs evenly. What is outside the file's `length` is cut."""
    phones = (
        Phone(phone.name, _mapped(points, phone.start, length), _mapped(points, phone.end, length))
        for phone in track.phones
    )
    kept = tuple(phone for phone in phones if phone.end > phone.start)
    return MouthTrack(track.language, track.source, track.alphabet, kept, track.levels, track.step)


def _extend(found: list[Phone], end: int) -> None:
    if found:
        found[-1] = Phone(found[-1].name, found[-1].start, end)


def _mapped(points: tuple[tuple[int, int], ...], at: int, length: int) -> int:
    before, after = points[0], points[-1]
    for point in points:
        if point[0] <= at:
            before = point
        else:
            after = point
            break
    span = after[0] - before[0]
    share = (at - before[0]) / span if span > 0 else 0.0
    moved_to = before[1] + round((after[1] - before[1]) * share) if span > 0 else (
        before[1] + at - before[0]
    )  # fmt: skip
    return min(length, max(0, moved_to))
