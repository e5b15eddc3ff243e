"""The mouth of a track at a time: weights of visemes, a pure function of both.

Neighbours overlap (co-articulation): each phone has a window with cosine flanks that reaches into
those beside it, vowels farther than consonants, and the windows share the mouth by their strength
(the dominance model of Cohen and Massaro, "Modeling coarticulation in synthetic visual speech",
1993). The closures of p b m and f v are outside that bargain: their windows are full from
beginning to end of the phone, with flanks outside it, and take the mouth from all others.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from math import cos, pi
from typing import Final, NamedTuple

from xrdrama.performer.mouth.alphabets import ALPHABETS
from xrdrama.performer.mouth.track import MouthTrack
from xrdrama.performer.mouth.visemes import CLOSURES, VISEMES, VOWELS

_MS: Final = 1_000_000
_REACH: Final = {"vowel": 85 * _MS, "other": 45 * _MS}
"""How far a window's flank reaches to each side of a phone's edge."""
_CLOSING: Final = 55 * _MS
"""Length of the flanks of closures, outside the phone."""
_FARTHEST: Final = max(*_REACH.values(), _CLOSING)
_STRENGTH: Final = {
    "kk": 0.5, "nn": 0.55, "DD": 0.6, "TH": 0.8, "SS": 0.8, "RR": 0.8, "CH": 0.9, "sil": 0.7,
}  # fmt: skip
"""How much a phone insists on its own lips; 1 for what is not listed."""
_FLOOR: Final = 0.07
"""Weights below are 0, and the others are moved down so that none of them jumps."""


class Segment(NamedTuple):
    """A viseme from `start` until `end`."""

    viseme: str
    start: int
    end: int


def mouth_at(track: MouthTrack, elapsed: int) -> tuple[int, ...]:
    """The mouth `elapsed` nanoseconds after the line began: pairs of a viseme's index and its
    weight, 0 to 255, by index. Empty at rest."""
    if elapsed < -_FARTHEST or elapsed > track.lasts + _FARTHEST:
        return ()
    if track.source == "energy":
        return _loudness(track, elapsed)
    weights = _weights(_near(track, elapsed), elapsed)
    pairs = sorted((VISEMES.index(name), weight) for name, weight in weights.items())
    return tuple(number for pair in pairs for number in pair if pair[0])


def segments(track: MouthTrack, first: int = 0, last: int | None = None) -> Iterator[Segment]:
    """The visemes of the phones `first` to `last`: those of one phone share its time equally."""
    visemes = ALPHABETS[track.alphabet]
    for phone in track.phones[first:last]:
        names = visemes.get(phone.name, ("sil",))
        length = phone.end - phone.start
        for number, name in enumerate(names):
            start = phone.start + length * number // len(names)
            yield Segment(name, start, phone.start + length * (number + 1) // len(names))


def _near(track: MouthTrack, at: int) -> Iterator[Segment]:
    """The visemes whose windows can reach a time."""
    first = bisect_left(track.phones, at - _FARTHEST, key=lambda phone: phone.end)
    last = bisect_left(track.phones, at + _FARTHEST, key=lambda phone: phone.start)
    return segments(track, first, last)


def _weights(near: Iterator[Segment], at: int) -> dict[str, int]:
    shares: dict[str, float] = {}
    closed: dict[str, float] = {}
    for segment in near:
        name = segment.viseme
        if name in CLOSURES:
            closed[name] = max(closed.get(name, 0.0), _closure(segment, at))
            continue
        share = _STRENGTH.get(name, 1.0) * _window(segment, at)
        if share > 0.0:
            shares[name] = shares.get(name, 0.0) + share
    taken = min(1.0, sum(closed.values()))
    total = sum(shares.values())
    scale = (1.0 - taken) / total if total else 0.0
    # Beside nothing else a window fades into the mouth at rest.
    scale = min(scale, 1.0 - taken)
    weights = {name: share * scale for name, share in shares.items()}
    weights.update(closed)
    quantised = {name: round(255 * _floored(weight)) for name, weight in weights.items()}
    return {name: weight for name, weight in quantised.items() if weight}


def _floored(weight: float) -> float:
    return min(1.0, max(0.0, (weight - _FLOOR) / (1.0 - _FLOOR)))


def _window(segment: Segment, at: int) -> float:
    """1 inside a phone, with cosine flanks centred on its edges; short phones have short ones."""
    reach = _REACH["vowel" if segment.viseme in VOWELS else "other"]
    return _rise(at - segment.start, reach) * _rise(segment.end - at, reach)


def _closure(segment: Segment, at: int) -> float:
    """1 inside a phone, with cosine flanks before and after it."""
    half = _CLOSING // 2
    return _rise(at - segment.start + half, half) * _rise(segment.end + half - at, half)


def _rise(distance: int, reach: int) -> float:
    """0 below -reach, 1 above reach, half a cosine between."""
    if distance <= -reach:
        return 0.0
    if distance >= reach:
        return 1.0
    return 0.5 - 0.5 * cos(pi * (distance + reach) / (2 * reach))


def _loudness(track: MouthTrack, elapsed: int) -> tuple[int, ...]:
    """The jaw of a recording: its levels, joined by straight lines."""
    place, rest = divmod(max(0, elapsed), track.step) if track.step else (0, 0)
    level = _level(track, place) * (track.step - rest) + _level(track, place + 1) * rest
    weight = level // track.step if track.step else 0
    return (VISEMES.index("aa"), weight) if weight else ()


def _level(track: MouthTrack, place: int) -> int:
    return track.levels[place] if place < len(track.levels) else 0
