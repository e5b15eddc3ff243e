"""Where lines break: Unicode Standard Annex 14 with dictionaries (ICU), words too long for a
line between what a reader sees as characters (Annex 29)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from icu4py.breakers import CharacterBreaker, LineBreaker

from xrdrama.adapters.panda.lettering.text.shaping import Paragraph, shaped

_STOPS = "，。！？；：、…”"
_SHY = "\u00ad"
_PHRASES = ("ja", "ko")
"""Languages whose subtitles break between phrases, not between any two characters."""


class Lines(NamedTuple):
    """The lines of a paragraph as (start, end) without spaces at their ends; `broken` when a word
    had to be broken."""

    places: tuple[tuple[int, int], ...]
    broken: bool = False


@lru_cache(maxsize=512)
def _segments(of: Paragraph) -> tuple[tuple[int, int], ...]:
    """Stretches between places where a line may break."""
    found, start = [], 0
    language = of.language or "en"
    if language.split("-")[0] in _PHRASES:
        language = f"{language.split('-')[0]}-u-lw-phrase"
    for segment in LineBreaker(of.text, language):
        found.append((start, start + len(segment)))
        start += len(segment)
    return tuple(found)


def _ink_end(of: Paragraph, start: int, end: int) -> int:
    while end > start and of.text[end - 1].isspace():
        end -= 1
    return end


@lru_cache(maxsize=4096)
def _widths(of: Paragraph, start: int, end: int) -> tuple[float, float]:
    """The advance of a segment with and without the spaces at its end."""
    return shaped(of, start, end).width, shaped(of, start, _ink_end(of, start, end)).width


@lru_cache(maxsize=2048)
def filled(of: Paragraph, width: float, indent: float = 0.0) -> Lines:
    """Lines as full as `width` (em) lets them; the first one has `indent` less."""
    lines: list[tuple[int, int]] = []
    start, used, broken = 0, indent, False
    for begin, end in _segments(of):
        whole, ink = _widths(of, begin, end)
        if used + ink > width and begin > start:
            lines.append((start, _ink_end(of, start, begin)))
            start, used = begin, 0.0
        if used + ink > width:
            broken = True
            if used and begin == start and ink <= width:
                lines.append((start, start))  # nothing fits beside the indent
                used = 0.0
            else:
                for cut in _pieces(of, begin, end, width, used):
                    lines.append((start, cut))
                    start = cut
                used, whole = 0.0, shaped(of, start, end).width
        used += whole
    last = _ink_end(of, start, len(of.text))
    if last > start or not lines:
        lines.append((start, last))
    return Lines(tuple(lines), broken)


def _pieces(of: Paragraph, begin: int, end: int, width: float, used: float) -> list[int]:
    """Where to break a word that is longer than a line."""
    cuts: list[int] = []
    start, at = begin, begin
    taken = used
    for unit in _units(of, begin, end, width):
        wide, ink = _widths(of, at, at + len(unit))
        if taken + ink > width and at > start:
            cuts.append(at)
            start, taken = at, 0.0
        taken += wide
        at += len(unit)
    return cuts


def _units(of: Paragraph, begin: int, end: int, width: float) -> Iterator[str]:
    """What a long word or phrase may be broken into: where any line may end, else characters."""
    language = of.language or "en"
    at = begin
    for part in LineBreaker(of.text[begin:end], language):
        if _widths(of, at, at + len(part))[1] <= width:
            yield part
        else:
            yield from CharacterBreaker(part, language)
        at += len(part)


@lru_cache(maxsize=2048)
def wrapped(of: Paragraph, width: float, indent: float = 0.0, *, wide: bool = False) -> Lines:
    """As few lines as fit in `width` (em), about equally long; `wide` for Chinese and the
    like, where a line preferably ends after punctuation."""
    most = filled(of, width, indent)
    count = len(most.places)
    if count == 1:
        return most
    if wide and count == 2:
        stop = _stop(of, width, indent)
        if stop is not None:
            return Lines(((0, stop), (stop, len(of.text))), most.broken)
    low, high, best = width / count, width, most
    for _ in range(7):
        middle = (low + high) / 2
        lines = filled(of, middle, indent)
        if len(lines.places) <= count and lines.broken == most.broken:
            best, high = lines, middle
        else:
            low = middle
    return best


def _stop(of: Paragraph, width: float, indent: float) -> int | None:
    """The punctuation nearest to the middle of a text after which two lines fit."""
    middle = len(of.text) / 2
    for end in sorted((e for _, e in _segments(of)), key=lambda e: abs(e - middle)):
        if abs(end - middle) > 5:
            return None
        if (
            end < len(of.text)
            and of.text[end - 1] in _STOPS
            and indent + shaped(of, 0, end).width <= width
            and shaped(of, end, len(of.text)).width <= width
        ):
            return end
    return None


def ends_with_hyphen(of: Paragraph, end: int) -> bool:
    """True where a line breaks at a soft hyphen, which is seen only there."""
    return 0 < end < len(of.text) and of.text[end - 1] == _SHY


def shortened(of: Paragraph, start: int, width: float) -> str:
    """The part of a text from `start` that fits on one line of `width` em with "…" at its end."""
    end = start
    taken = shaped(of._replace(text="…")).width
    for cluster in CharacterBreaker(of.text[start:], of.language or "en"):
        taken += shaped(of, end, end + len(cluster)).width
        if taken > width:
            break
        end += len(cluster)
    return of.text[start : _ink_end(of, start, end)] + "…"
