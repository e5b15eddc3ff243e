"""The printed markers of a story: which square pattern stands for which marker name.

A marker is a black square of 8 x 8 cells: one cell of black border, and 6 x 6 cells that are black
or white, inside a white quiet zone of one cell. Its 36 cells, the *code*, are computed from the
story's id and the marker's name alone. A sheet stays valid while both stay the same, whatever else
changes in the story; the same name in another story has another code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from xrdrama.document import Place
from xrdrama.story.model import Story, Trigger

SIDE = 6
"""Cells along one side of the code, without the border."""
CELLS = SIDE * SIDE
LEAST_DISTANCE = 6
"""Cells in which two codes of one story differ at least, in every rotation. A finder corrects two
wrong cells; with 6 it still cannot take one marker for another."""
_OWN_DISTANCE = 12
_LEAST_WHITE, _MOST_WHITE = 14, 22


class Use(NamedTuple):
    """What a marker does in a story: it opens a hidden plot, or picks an option.

    `beats` are the ids of the beats in which it can; `to` is the beat that follows.
    """

    kind: str
    id: str
    to: str
    beats: tuple[str, ...]
    place: Place


def uses_of(story: Story) -> dict[str, list[Use]]:
    """All markers that the story's triggers name, in alphabetical order, and what each does."""
    plots = {plot.index: plot for beat in story.order for plot in beat.hidden}
    found: dict[str, list[Use]] = {}
    for plot in plots.values():
        beats = tuple(beat.id for beat in story.order if plot in beat.hidden)
        for name, place in _named(plot.triggers):
            found.setdefault(name, []).append(Use("hidden plot", plot.id, plot.to, beats, place))
    for beat in story.order:
        for option in beat.choice.options if beat.choice else ():
            for name, place in _named(option.triggers):
                use = Use("option", option.id, option.to, (beat.id,), place)
                found.setdefault(name, []).append(use)
    return dict(sorted(found.items()))


def title_of(story: Story, marker: str) -> str:
    """What is printed beside a marker: its title, or its name with spaces."""
    declared = story.markers.get(marker)
    return (declared.title if declared else "") or marker.replace("_", " ").capitalize()


def _named(triggers: Iterable[Trigger]) -> list[tuple[str, Place]]:
    return [(name, one.place) for one in triggers if one.kind == "marker" for name in one.values]


def marker_code(story: str, marker: str) -> int:
    """The code of a marker: 36 bits, row by row from the top left, the first is the highest; 1 is
    white. The first hash that differs from its own rotations in 12 cells and has no uniform row
    or column, so that a finder knows which side is up."""
    attempt = 0
    while True:
        text = f"xrdrama marker 1\n{story}\n{marker}\n{attempt}"
        code = int.from_bytes(hashlib.sha256(text.encode()).digest()[:5], "big") >> 4
        if _is_usable(code):
            return code
        attempt += 1


def distance(one: int, other: int) -> int:
    """In how many cells two codes differ, in the rotation in which they differ least."""
    return min((one ^ turned).bit_count() for turned in rotations(other))


def rotations(code: int) -> tuple[int, int, int, int]:
    """A code turned clockwise by 0, 90, 180 and 270 degrees."""
    turned = [code]
    for _ in range(3):
        turned.append(_turned(turned[-1]))
    return turned[0], turned[1], turned[2], turned[3]


def rows_of(code: int) -> tuple[str, ...]:
    """The six rows of a code, `1` for white, `0` for black."""
    bits = format(code, f"0{CELLS}b")
    return tuple(bits[i : i + SIDE] for i in range(0, CELLS, SIDE))


def alike(story: str, markers: Iterable[str]) -> list[tuple[str, str, int]]:
    """Pairs of names whose codes differ in fewer than LEAST_DISTANCE cells, and in how many."""
    codes = sorted((name, marker_code(story, name)) for name in set(markers))
    found = []
    for i, (name, code) in enumerate(codes):
        for other, second in codes[i + 1 :]:
            cells = distance(code, second)
            if cells < LEAST_DISTANCE:
                found.append((name, other, cells))
    return found


def _turned(code: int) -> int:
    rows = rows_of(code)
    return int("".join("".join(row[i] for row in reversed(rows)) for i in range(SIDE)), 2)


def _is_usable(code: int) -> bool:
    if not _LEAST_WHITE <= code.bit_count() <= _MOST_WHITE:
        return False
    if any(len(set(row)) == 1 for turned in rotations(code)[:2] for row in rows_of(turned)):
        return False
    return min((code ^ turned).bit_count() for turned in rotations(code)[1:]) >= _OWN_DISTANCE
