"""What a screenplay has no form for, as notes that a person can follow: conditions, groups, cues,
the paths out of a beat.

A reader of notes finds `if ...`, `else if ...`, `else` and `end if` around the lines of a block;
`read` of a screenplay ignores notes, so the lines come back as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, assert_never

from xrdrama.authoring.exchange.blocks import Block, Branch, Part, nested
from xrdrama.story import Beat, Line, Story
from xrdrama.story.choosing import Choose
from xrdrama.story.expressions.expression import Expression
from xrdrama.story.model import (
    Assign,
    CueCall,
    Detour,
    Direction,
    Effect,
    Exit,
    Group,
    Jump,
    Option,
    SoundCall,
    Wait,
)
from xrdrama.story.text import parse_message
from xrdrama.story.text.message import Number, Plural, Shown
from xrdrama.story.text.message import Part as Piece

NOTED: Final = (
    "cue", "sound", "wait", "option", "else", "path", "ending", "effect", "detour", "block",
    "line group", "condition", "once alternative", "once", "fallback", "hidden plot", "return",
    "storylet", "value in a text",
)  # fmt: skip
"""What is a note in a screenplay."""
_IN_TURN: Final[dict[Choose, str]] = {
    "first": "the first whose condition is true",
    "best": "the most specific",
    "least_seen": "the least played, of these the most specific",
    "random": "by chance among the least played",
    "sequence": "in turn, then always the last",
    "cycle": "in turn, again and again",
    "once": "in turn, each once",
    "shuffle": "by chance, each as often as the others",
}


def rows(beat: Beat) -> Iterator[Line | Direction | str]:
    """The script of a beat: lines, headings and actions as they are, all else as texts of notes."""
    yield from _parts(nested(beat.script))


def readable(text: str) -> str:
    """A text with the names of its variables in brackets, and of plurals and selects the text for
    all other values: `You have [coins] coins.`"""
    message = parse_message(text)
    return _pieces(message.parts, "") if message.names else text


def paths(story: Story, beat: Beat) -> Iterator[str]:
    """How a beat continues: a text for each option, path, hidden plot and ending."""
    if beat.storylet:
        asked = _conditions(beat.when, once=beat.once)
        yield f"Storylet of {beat.storylet}{_in_brackets(asked)}"
    choice = beat.choice
    for option in choice.options if choice else ():
        said = readable(option.text) or option.id
        yield f"Choice: {said} -> {_option_target(story, option)}{_in_brackets(_of_option(option))}"
    if choice and choice.otherwise:
        yield f"Else -> {_exit(story, choice.otherwise)}"
    for plot in beat.hidden:
        asked = [*_conditions(plot.condition, once=False), *_effects(plot.effects)]
        yield f"Hidden plot: {plot.id} -> {plot.to}{_in_brackets(asked)}"
    for way in beat.exits:
        yield f"Then -> {_exit(story, way)}"
    if beat.returns:
        yield "Return to where the detour began"
    if beat.ending:
        yield f"Ending: {beat.ending.id}"


# -- scripts ------------------------------------------------------------------------------------


def _parts(parts: Sequence[Part]) -> Iterator[Line | Direction | str]:
    for part in parts:
        if isinstance(part, Block):
            yield from _block(part)
        elif isinstance(part, Line):
            yield from _line(part)
        elif isinstance(part, Direction):
            yield part
        else:
            asked = _conditions(getattr(part, "condition", None), once=False)
            yield as_note(part) + "".join(f", {one}" for one in asked)


def _line(line: Line) -> Iterator[Line | Direction | str]:
    if line.condition:
        yield f"if {_words(line.condition)}"
    if (message := parse_message(line.text)).plurals or message.selects:
        yield f"as written: {line.text}"
    yield line
    if line.condition:
        yield "end if"


def _block(block: Block) -> Iterator[Line | Direction | str]:
    if block.choose == "first":
        for number, branch in enumerate(block.branches):
            yield _head(branch, "else if" if number else "if")
            yield from _parts(branch.inside)
        yield "end if"
        return
    yield f"one of these, {_IN_TURN[block.choose]}:"
    for number, branch in enumerate(block.branches, 1):
        asked = _conditions(branch.condition, once=branch.once)
        yield "".join([f"alternative {number}", *(f", {one}" for one in asked)])
        yield from _parts(branch.inside)
    yield "end of the alternatives"


def _head(branch: Branch, word: str) -> str:
    """What is above a branch of an {if} block."""
    asked = [_words(branch.condition)] if branch.condition else []
    asked += ["not played yet"] * branch.once
    if asked:
        return f"{word} {' and '.join(asked)}"
    return "else" if word == "else if" else "always"


def as_note(item: CueCall | SoundCall | Wait | Assign | Detour | Group | Jump) -> str:
    """A call of a script as the text of a note."""
    match item:
        case CueCall():
            return f"cue: {item.as_written}"
        case SoundCall():
            return f"sound: {item.name}{' stops' if item.stop else ''}"
        case Wait():
            return f"wait: {item.lasts / 1e9:g} s"
        case Assign():
            return f"set: {', '.join(_changes(item.effects))}"
        case Detour():
            return f"detour: {item.to}"
        case Group() | Jump():
            raise AssertionError("nested() has no groups and jumps")
        case _:
            assert_never(item)


def _pieces(parts: Sequence[Piece], counted: str) -> str:
    found = []
    for part in parts:
        if isinstance(part, str):
            found.append(part.replace("{", "'{'"))
        elif isinstance(part, Shown | Number):
            found.append(f"[{part.name if isinstance(part, Shown) else counted}]")
        elif isinstance(part, Plural):
            found.append(_pieces(part.forms["other"], part.name))
        else:
            found.append(_pieces(part.cases["other"], counted))
    return "".join(found)


# -- paths --------------------------------------------------------------------------------------


def _option_target(story: Story, option: Option) -> str:
    if not option.detour:
        return _target(story, option.to)
    after = _target(story, option.to) if option.to else "this choice again"
    return f"{option.detour}, then {after}"


def _of_option(option: Option) -> list[str]:
    found = [*_conditions(option.condition, once=option.once), *_effects(option.effects)]
    return [*found, *["only when no other is offered"] * option.fallback]


def _exit(story: Story, way: Exit) -> str:
    asked = [*_conditions(way.condition, once=False), *_effects(way.effects)]
    return _target(story, way.to) + _in_brackets(asked)


def _target(story: Story, name: str) -> str:
    """A beat, or a storylet group with its beats."""
    group = story.storylets.get(name)
    if group is None:
        return name
    after = f"; if none can be, {group.otherwise.to}" if group.otherwise else ""
    return f"{name}, one of {', '.join(group.beats)} ({_IN_TURN[group.choose]}{after})"


def _conditions(condition: Expression | None, *, once: bool) -> list[str]:
    return [*([f"if {_words(condition)}"] if condition else []), *["once"] * once]


def _effects(effects: Sequence[Effect]) -> list[str]:
    return [f"set {', '.join(_changes(effects))}"] if effects else []


def _changes(effects: Sequence[Effect]) -> list[str]:
    return [f"{one.variable} = {_words(one.value)}" for one in effects]


def _words(condition: Expression) -> str:
    return " ".join(condition.text.split())


def _in_brackets(parts: Sequence[str]) -> str:
    return f" ({'; '.join(parts)})" if parts else ""
