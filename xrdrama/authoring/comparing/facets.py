"""The parts of a story as short texts by name, so that versions can be compared part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from xrdrama.authoring.outline import script_outline
from xrdrama.story import Beat, Option, Story
from xrdrama.story.model import (
    Assign,
    CueCall,
    Detour,
    Direction,
    Effect,
    Exit,
    HiddenPlot,
    Line,
    SoundCall,
    Trigger,
    Wait,
    Window,
)
from xrdrama.timing import NS

Facets = dict[str, str]
Renamed = Callable[[str], str]
"""The new name of a beat."""


def seconds(value: int | None) -> str:
    """Nanoseconds as an author writes them."""
    return "" if value is None else f"{value / NS:g}s"


def _flag(value: object) -> str:
    return "true" if value else ""


def _condition(value: object) -> str:
    condition = getattr(value, "condition", None)
    return str(condition.text) if condition else ""


def effects(found: Iterable[Effect]) -> str:
    """Effects as they are written."""
    return ", ".join(f"{effect.variable}: {effect.value.text}" for effect in found)


def exit_(way: Exit | None, renamed: Renamed) -> str:
    """A path that is taken without a pick, in one text."""
    if way is None:
        return ""
    condition, sets = _condition(way), effects(way.effects)
    text = renamed(way.to)
    return text + (f" if {condition}" if condition else "") + (f" set {sets}" if sets else "")


def _triggers(found: Iterable[Trigger]) -> str:
    rows = []
    for trigger in found:
        dwell = f" for {seconds(trigger.dwell)}" if trigger.dwell else ""
        rows.append(f"{trigger.kind}: {'|'.join(trigger.values)}{dwell}")
    return ", ".join(rows)


def _window(window: Window | None) -> str:
    if window is None:
        return ""
    times = (
        ("opens", window.opens),
        ("closes", window.closes),
        ("lasts", window.lasts),
    )
    rows = [
        f"{name} {seconds(value)}"
        for name, value in (*times, ("grace", window.grace))
        if value is not None
    ]
    return ", ".join([*rows, f"show {window.show}"])


def option_facets(option: Option, renamed: Renamed) -> Facets:
    """An option."""
    return {
        "text": option.text,
        "to": renamed(option.to) if option.to else "",
        "if": _condition(option),
        "set": effects(option.effects),
        "on": _triggers(option.triggers),
        "once": _flag(option.once),
        "detour": renamed(option.detour) if option.detour else "",
        "fallback": _flag(option.fallback),
    }


def beat_facets(beat: Beat, renamed: Renamed) -> Facets:
    """A beat without its lines and options."""
    choice, when = beat.choice, beat.when
    lengths = (beat.lengths.least or None, beat.lengths.typical, beat.lengths.most)
    force = beat.director.force
    return {
        "scene": beat.scene,
        "next": "; ".join(exit_(way, renamed) for way in beat.exits),
        "choice": choice.id if choice and choice.id != beat.id else "",
        "window": _window(choice.window) if choice else "",
        "else": exit_(choice.otherwise, renamed) if choice else "",
        "ending": beat.ending.id if beat.ending else "",
        "ending title": beat.ending.title if beat.ending else "",
        "return": _flag(beat.returns),
        "length": " ".join(seconds(value) or "-" for value in lengths) if any(lengths) else "",
        "fade": seconds(beat.transition.fade or None),
        "force": "any" if force is None else ", ".join(map(renamed, force)) or "none",
        "hold": _flag(beat.director.hold),
        "storylet": beat.storylet,
        "when": when.text if when else "",
        "once": _flag(beat.once),
        "hidden plots": ", ".join(plot.id for plot in beat.hidden),
    }


def line_facets(line: Line) -> Facets:
    """A line."""
    return {
        "text": line.text,
        "speaker": line.speaker,
        "manner": line.manner,
        "if": _condition(line),
    }


def directions(beat: Beat, renamed: Renamed) -> list[str]:
    """What a script has beside its lines: one text for each item and each head of a block, with the
    spaces that indent it."""
    found = []
    for row in script_outline(beat.script):
        condition = _condition(row.item) if row.item else ""
        text = row.head or _direction(row.item, renamed)
        if text:
            asked = f"{{if {condition}}} " if condition else ""
            found.append(f"{'  ' * row.depth}{asked}{text}")
    return found


def _direction(item: object, renamed: Renamed) -> str:
    if isinstance(item, CueCall):
        over = f" over={seconds(item.over)}" if item.over is not None else ""
        return f"@{item.as_written}{_after(item.after)}{over}"
    if isinstance(item, SoundCall):
        gain = f" gain={item.gain_db:g}dB" if item.gain_db else ""
        ends = (" loop" if item.loop else "") + (" stop" if item.stop else "")
        return f"@sound {item.name}{_after(item.after)}{gain}{ends}"
    if isinstance(item, Wait):
        return f"@wait {seconds(item.lasts)}"
    if isinstance(item, Direction):
        return item.text
    return steering(item, renamed)


def steering(item: object, renamed: Renamed) -> str:
    """Items that set variables or detour."""
    if isinstance(item, Assign):
        return "@set " + ", ".join(f"{one.variable} = {one.value.text}" for one in item.effects)
    if isinstance(item, Detour):
        return f"@detour {renamed(item.to)}"
    return ""


def _after(after: int) -> str:
    return f" after={seconds(after)}" if after else ""


def plot_facets(plot: HiddenPlot, renamed: Renamed) -> Facets:
    """A hidden plot."""
    return {
        "to": renamed(plot.to),
        "on": _triggers(plot.triggers),
        "if": _condition(plot),
        "set": effects(plot.effects),
        "return": _flag(plot.returns),
        "parallel": _flag(plot.parallel),
    }


def variables(story: Story) -> dict[str, Facets]:
    """The variables of a story."""
    found = {}
    for variable in (*story.variables, *story.computed):
        computed = variable.computed
        found[variable.id] = {
            "type": str(variable.kind),
            "init": "" if computed else repr(variable.init),
            "from": computed.text if computed else "",
        }
    return found


def cast(story: Story) -> dict[str, Facets]:
    """The speakers of a story."""
    return {role.id: {"name": role.name, "voice": role.voice} for role in story.cast.values()}


def markers(story: Story) -> dict[str, Facets]:
    """What a story says of its markers."""
    return {one.id: {"title": one.title, "once": one.once} for one in story.markers.values()}


def storylets(story: Story, renamed: Renamed) -> dict[str, Facets]:
    """The groups of storylets of a story."""
    return {
        name: {
            "choose": group.choose,
            "else": exit_(group.otherwise, renamed),
            "beats": ", ".join(map(renamed, group.beats)),
        }
        for name, group in story.storylets.items()
    }


def head(story: Story, renamed: Renamed) -> Facets:
    """What a story says of itself."""
    return {
        "id": story.id,
        "title": story.title,
        "language": story.language,
        "start": renamed(story.start),
    }
