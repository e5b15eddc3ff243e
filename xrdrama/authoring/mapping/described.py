"""What the page of a map shows, as one value for JSON: boxes and routes, and each beat in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from xrdrama.authoring.comparing.facets import steering
from xrdrama.authoring.mapping.boxes import TITLE_EMS, Box, Row, clipped, counted
from xrdrama.authoring.mapping.mapped import CLOSED, Part, Port, StoryMap, Way
from xrdrama.authoring.mapping.marks import Marks, taken
from xrdrama.authoring.mapping.placing import curve
from xrdrama.authoring.mapping.shapes import SIGNS, inner, outline, port_sign
from xrdrama.authoring.outline import script_outline
from xrdrama.document import Place
from xrdrama.errors import Problem
from xrdrama.story import Beat, Story
from xrdrama.story.model import (
    CueCall,
    Direction,
    Line,
    SoundCall,
    Trigger,
    Wait,
)
from xrdrama.timing import NS

LEGEND = (
    "Cut corners: a choice. A clock: it closes after so many seconds.",
    "Double line with round ends: an ending. Folded corner: a storylet. Arrow to the left: return.",
    "Slanted sides: a group of storylets, of which one is entered.",
    "Dashed box: only a hidden plot leads to it.",
    "Where a path leaves: a dot; a diamond if it has a condition; a square for a hidden plot, a "
    "detour or a storylet.",
    "Dashed path: silence. Dotted path: hidden plot, detour or storylet. Dotted arrow up: back "
    "to an earlier beat.",
    "Triangle: an error. Circle: a warning.",
)
CLOSED_ABOVE = 150
"""Beats above which chapters are closed at first."""


def described(story: Story, made: StoryMap, marks: Marks, notes: tuple[str, ...]) -> dict[str, Any]:
    """The story's map as plain values; beats are numbered in the order of the story."""
    number = {name: at for at, name in enumerate(made.boxes)}
    outlines = _Numbered(outline)
    inners = _Numbered(inner)
    beats = [
        _beat(story, beat, made.boxes[beat.id], number, marks, outlines, inners)
        for beat in story.order
    ]
    count = len(beats)
    beats += [
        _boxed(group.place, None, made.boxes[group.id], number, marks, outlines, inners)
        for group in story.storylets.values()
    ]
    endings = sum(beat.ending is not None for beat in story.order)
    return {
        "title": story.title,
        "words": f"{counted(count, 'beat')}, {counted(endings, 'ending')}"
        + (f", {marks.plays} plays" if marks.plays else ""),
        "plays": marks.plays,
        "notes": list(notes),
        "legend": list(LEGEND),
        "findings": [_finding(problem) for problem in marks.general],
        "signs": SIGNS,
        "closed": [CLOSED.width, CLOSED.height],
        "opened": count <= CLOSED_ABOVE,
        "open": "",
        "beats": beats,
        "outlines": outlines.paths,
        "inners": inners.paths,
        "parts": [_part(part, made, number) for part in made.parts],
        "links": made.links,
        "arrangement": made.arrangement,
    }


class _Numbered:
    """Paths of boxes, each kept once."""

    def __init__(self, path: Callable[[Box], str]) -> None:
        self.path, self.paths = path, list[str]()
        self.known: dict[str, int] = {}

    def __call__(self, box: Box) -> int:
        path = self.path(box)
        if path not in self.known:
            self.known[path] = len(self.paths)
            self.paths.append(path)
        return self.known[path]


def _beat(
    story: Story,
    beat: Beat,
    box: Box,
    number: dict[str, int],
    marks: Marks,
    outlines: _Numbered,
    inners: _Numbered,
) -> dict[str, Any]:
    when = beat.when
    return {
        **_boxed(beat.place, beat, box, number, marks, outlines, inners),
        "scene": beat.scene,
        "when": when.text if when else "",
        "script": [
            {**one, "depth": row.depth}
            for row in script_outline(beat.script)
            for one in ([_said("head", row.head, "")] if row.head else _item(story, row.item))
        ],
    }


def _boxed(
    place: Place,
    beat: Beat | None,
    box: Box,
    number: dict[str, int],
    marks: Marks,
    outlines: _Numbered,
    inners: _Numbered,
) -> dict[str, Any]:
    """The box of a beat, or of a group of storylets (`beat` is None)."""
    return {
        "id": box.id,
        "title": box.title,
        "shape": box.shape,
        "note": clipped(box.note, TITLE_EMS + 2),
        "full": box.note,
        "height": box.height,
        "seconds": box.seconds,
        "start": box.start,
        "hidden": box.hidden,
        "more": box.more,
        "outline": outlines(box),
        "inner": inners(box),
        "scene": "",
        "when": "",
        "script": [],
        "file": place.file.replace("\\", "/").rpartition("/")[2],
        "line": place.line,
        "count": marks.beats.get(box.id, 0),
        "findings": [_finding(problem) for problem in marks.findings.get(box.id, ())],
        "rows": [_row(beat, box, row, number, marks) for row in box.rows],
    }


def _row(
    beat: Beat | None, box: Box, row: Row, number: dict[str, int], marks: Marks
) -> dict[str, Any]:
    option = beat.choice.option(row.key) if beat and beat.choice else None
    full = option.text if option and row.how == "option" and option.text else row.label
    full = f"hidden: {row.key.replace('_', ' ')}" if row.how == "hidden" else full
    more = [f"if {row.condition}"] if row.condition else []
    if option:
        more += [f"sets {one.variable} = {one.value.text}" for one in option.effects]
        more += [_trigger(one) for one in option.triggers]
        more += ["once"] if option.once else []
        more += ["offered when no other option is"] if option.fallback else []
    return {
        "how": row.how,
        "label": row.label,
        "full": full,
        "to": number.get(row.to, -1),
        "name": row.to,
        "y": row.y,
        "shown": row.shown,
        "sign": port_sign(row.how, row.condition),
        "count": taken(marks, box, row),
        "more": more,
    }


def _trigger(trigger: Trigger) -> str:
    return f"{trigger.kind}: {' | '.join(trigger.values)}"


def _item(story: Story, item: object) -> Iterator[dict[str, str]]:
    """An item of a script in words. Jumps have none."""
    condition = getattr(item, "condition", None)
    when = condition.text if condition else ""
    if isinstance(item, Line):
        role = story.cast.get(item.speaker)
        who = (role.name if role else item.speaker) + (f" ({item.manner})" if item.manner else "")
        yield _said("line", item.text, when, who)
    elif isinstance(item, Direction):
        yield _said("act", item.text, when)
    elif isinstance(item, CueCall):
        yield _said("cue", f"@{item.as_written}", when)
    elif isinstance(item, SoundCall):
        yield _said("cue", f"@sound {item.name}", when)
    elif isinstance(item, Wait):
        yield _said("cue", f"@wait {item.lasts / NS:g} s", when)
    elif text := steering(item, str):
        yield _said("cue", text, when)


def _said(kind: str, text: str, condition: str, who: str = "") -> dict[str, str]:
    return {"kind": kind, "who": who, "text": text, "condition": condition}


def _finding(problem: Problem) -> dict[str, Any]:
    return {
        "severity": problem.severity,
        "code": problem.code,
        "file": problem.file.replace("\\", "/").rpartition("/")[2],
        "line": problem.line,
        "message": problem.message,
        "hint": problem.hint,
    }


def _part(part: Part, made: StoryMap, number: dict[str, int]) -> dict[str, Any]:
    return {
        "title": part.title,
        "beats": [number[name] for name in part.beats],
        "at": [(round(x, 1), round(y, 1)) for x, y in part.at],
        "width": round(part.width, 1),
        "height": round(part.height, 1),
        "ways": [_way(way, number) for way in part.ways if way.to in number],
        "ports": [_port(port, made, number) for port in part.ports],
    }


def _way(way: Way, number: dict[str, int]) -> dict[str, Any]:
    x, y = way.points[-1]
    return {
        "beat": number[way.beat],
        "row": way.row,
        "to": number[way.to],
        "how": way.how,
        "back": way.back,
        "path": curve(way.points, back=way.back),
        "end": (round(x, 1), round(y, 1), int(way.back)),
    }


def _port(port: Port, made: StoryMap, number: dict[str, int]) -> dict[str, Any]:
    other = made.parts[port.chapter].title
    text = f"to {made.boxes[port.other].title}" if port.leaves else f"from {other}"
    return {
        "x": round(port.x, 1),
        "y": round(port.y, 1),
        "text": clipped(text, 11),
        "other": number[port.other],
    }
