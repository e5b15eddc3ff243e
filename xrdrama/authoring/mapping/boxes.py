"""What the box of a beat shows on the map: kind, title, note, and a row for each path out of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec
from msgspec.structs import replace

from xrdrama.authoring.reach import reached
from xrdrama.story import Beat, Story
from xrdrama.story.model import Exit, Line, StoryletGroup
from xrdrama.story.ways import ways_of
from xrdrama.timing import NS

Shape = Literal["beat", "choice", "ending", "return", "storylet", "group"]

WIDTH, HEAD, ROW, FOOT = 190.0, 42.0, 21.0, 5.0
"""Pixels: width of a box, height of its head and of a row, space below the rows."""
MOST_ROWS = 9
TITLE_EMS, ROW_EMS = 12.6, 13.6
"""Room for a title and for a row, in widths of a Chinese character of their size."""
NARROW = 0.54
"""Width of a Latin letter in the same unit, on average."""
LABELS = {"else": "silence", "next": "then", "detour": "detour", "storylet": "storylet"}


class Row(msgspec.Struct, frozen=True):
    """A path out of a beat: its kind (`how` of `ways_of`), its key in coverage, its label, and the
    beat it leads to. `y` is where the link leaves, in pixels below the top of the box."""

    how: str
    key: str
    label: str
    to: str
    y: float
    condition: str = ""
    shown: bool = True
    """False for the only `next` of a beat, which leaves from the head without a row."""


class Box(msgspec.Struct, frozen=True):
    """The box of a beat, or of a group of storylets. `seconds` is the length of its window, 0
    for a choice without one."""

    id: str
    title: str
    shape: Shape
    note: str
    rows: tuple[Row, ...]
    height: float
    seconds: float = 0.0
    start: bool = False
    hidden: bool = False
    """True for a beat that only hidden plots lead to."""
    more: int = 0
    """Rows that are not drawn, because there are too many."""


def boxes(story: Story, *, compact: bool = False) -> dict[str, Box]:
    """The box of each beat and of each group of storylets, by id; `compact`: without rows, so that
    all paths of a beat leave from its head."""
    plain = {
        beat.id: [to for how, _, to in ways_of(beat) if how != "hidden"] for beat in story.order
    }
    plain |= {
        group.id: [row.to for row in _storylets(story, group)] for group in story.storylets.values()
    }
    plots = {to for beat in story.order for how, _, to in ways_of(beat) if how == "hidden"}
    main = {story.start, *reached(plain, story.start)}
    hidden = plots.union(*(reached(plain, name) for name in plots)) - main
    found = {beat.id: _box(story, beat, hidden) for beat in story.order}
    found |= {group.id: _group(story, group) for group in story.storylets.values()}
    return {name: _compact(box) for name, box in found.items()} if compact else found


def _compact(box: Box) -> Box:
    rows = tuple(replace(row, y=HEAD / 2, shown=False) for row in box.rows)
    return replace(box, rows=rows, height=HEAD, more=0)


def _group(story: Story, group: StoryletGroup) -> Box:
    """The box of a group: a row for each storylet, and one for its `else`."""
    rows = tuple(_storylets(story, group))
    height = HEAD + ROW * min(len(rows), MOST_ROWS) + FOOT
    title = clipped(group.id.replace("_", " "), TITLE_EMS)
    note = f"storylets, {group.choose.replace('_', ' ')}"
    return Box(group.id, title, "group", note, rows, height, more=max(0, len(rows) - MOST_ROWS))


def _storylets(story: Story, group: StoryletGroup) -> Iterator[Row]:
    """The paths from a group to its storylets, and to what it leads to when none is available."""
    ways = [("storylet", name, story.beats[name].when) for name in group.beats]
    if group.otherwise:
        ways.append(("else", group.otherwise.to, group.otherwise.condition))
    many = len(ways) > MOST_ROWS
    for number, (how, to, condition) in enumerate(ways):
        label = "no storylet" if how == "else" else clipped(to.replace("_", " "), ROW_EMS)
        key = "else" if how == "else" else to
        y = HEAD + ROW * (min(number, MOST_ROWS - 1) + 0.5)
        shown = number < MOST_ROWS - 1 or not many
        yield Row(how, key, label, to, y, condition.text if condition else "", shown)


def _box(story: Story, beat: Beat, hidden: set[str]) -> Box:
    ways = list(ways_of(beat))
    plain = len(ways) == 1 and ways[0][0] == "next"
    exits = iter(beat.exits)
    rows, more = [], max(0, len(ways) - MOST_ROWS)
    for number, (how, name, to) in enumerate(ways):
        drawn = min(number, MOST_ROWS - 1)
        y = HEAD / 2 if plain else HEAD + ROW * (drawn + 0.5)
        label, condition = _label(beat, how, name, exits)
        label = "then" if plain and not condition else label
        shown = not plain and (number < MOST_ROWS - 1 or not more)
        rows.append(Row(how, name or how, label, to, y, condition, shown))
    height = HEAD if plain or not ways else HEAD + ROW * min(len(ways), MOST_ROWS) + FOOT
    shape = _shape(beat)
    return Box(
        beat.id, clipped(beat.id.replace("_", " "), TITLE_EMS), shape, _note(beat, shape),
        tuple(rows), height, _seconds(beat), beat.id == story.start, beat.id in hidden, more,
    )  # fmt: skip


def _shape(beat: Beat) -> Shape:
    if beat.ending:
        return "ending"
    if beat.returns:
        return "return"
    if beat.storylet:
        return "storylet"
    return "choice" if beat.choice else "beat"


def _note(beat: Beat, shape: Shape) -> str:
    lines = sum(isinstance(item, Line) for item in beat.script)
    said = counted(lines, "line")
    if beat.ending:
        return f"ending: {beat.ending.title}"
    if shape == "return":
        return f"return, {said}"
    if shape == "storylet":
        return f"storylet of {beat.storylet}, {said}"
    if beat.choice is None:
        return said
    seconds = _seconds(beat)
    return f"{'timed choice' if seconds else 'choice'}, {said}"


def _seconds(beat: Beat) -> float:
    window = beat.choice.window if beat.choice else None
    if window is None or not window.is_timed:
        return 0.0
    if window.lasts is not None:
        return window.lasts / NS
    return ((window.closes or 0) - (window.opens or 0)) / NS


def _label(beat: Beat, how: str, name: str, exits: Iterator[Exit]) -> tuple[str, str]:
    """The label of a path, and its condition as it is written. `exits` are those not seen yet."""
    choice = beat.choice
    if how in ("option", "detour") and choice and (option := choice.option(name)):
        text = option.text or name.replace("_", " ")
        text = f"detour: {text}" if how == "detour" else text
        return clipped(text, ROW_EMS), option.condition.text if option.condition else ""
    if how == "hidden":
        plot = next((plot for plot in beat.hidden if plot.id == name), None)
        condition = plot.condition.text if plot and plot.condition else ""
        return clipped(f"hidden: {name.replace('_', ' ')}", ROW_EMS), condition
    if how == "next":
        way = next(exits, None)
        condition = way.condition.text if way and way.condition else ""
        return clipped(f"if {condition}" if condition else "otherwise", ROW_EMS), condition
    label = LABELS.get(how, how)
    if name not in ("", how):
        label = f"{label}: {name.replace('_', ' ')}"
    return clipped(label, ROW_EMS), ""


def counted(number: int, noun: str) -> str:
    """A number with its noun: 1 beat, 2 beats."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def clipped(text: str, ems: float) -> str:
    """A text that fits into so many widths of a Chinese character, with … if it was cut."""
    room, kept = ems, list[str]()
    for sign in text:
        room -= 1.0 if unicodedata.east_asian_width(sign) in "WF" else NARROW
        if room < 0:
            return "".join(kept).rstrip() + "…"
        kept.append(sign)
    return text


def coverage_keys(story: Story) -> Mapping[str, tuple[str, str]]:
    """Beat and target of each key of coverage, such as `gate/knock`, `gate/else`, `gate/next`."""
    return {
        f"{beat.id}/{name or how}": (beat.id, to)
        for beat in story.order
        for how, name, to in ways_of(beat)
    }
