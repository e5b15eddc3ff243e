"""A story as pages to read: beats with their scripts, choices and paths, as plain values for JSON.

`html_pages` and the PDF exporter lay them out. Cues, sounds and times are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from xrdrama.authoring.exchange.blocks import Block, Part, nested
from xrdrama.authoring.exchange.losses import losses
from xrdrama.story import Beat, Line, Option, Story
from xrdrama.story.expressions.expression import Expression
from xrdrama.story.formats import NotCarriedOver
from xrdrama.story.model import Detour, Direction, Exit
from xrdrama.story.text import MessageError, parse_message
from xrdrama.story.text.message import Number, Plural, Select, Shown
from xrdrama.story.text.message import Part as TextPart
from xrdrama.timing import NS

CARRIED = (
    "line", "heading", "action", "option", "else", "path", "ending", "condition", "type", "block",
    "line group", "once alternative", "once", "fallback", "detour", "return", "storylet", "window",
    "value in a text",
)  # fmt: skip
_ENGLISH: Final = {
    "choice": "Choice", "timed": "Choice, {} s", "silence": "Say nothing", "ending": "Ending",
    "next": "Continue", "only": "only if {}", "else": "otherwise", "one": "one of these",
    "once": "once", "detour": "and back", "return": "back to where it was", "beat": "beat",
    "hidden": "Hidden plot", "fallback": "only when no other is offered",
    "again": "then this choice again", "answers": "Before it", "line": "Line and file",
    "length": "Words or length", "recorded": "{} of {} lines recorded", "words": "words",
    "in": "Files are in {}",
}  # fmt: skip
_CHINESE: Final = {
    "choice": "选择", "timed": "选择，{} 秒", "silence": "不说话", "ending": "结局",
    "next": "接下去",
    "only": "仅当 {}", "else": "否则", "one": "其中之一", "once": "一次", "detour": "然后回来",
    "return": "回到原处", "beat": "场", "hidden": "隐藏情节", "fallback": "没有别的选项时",
    "again": "然后再选", "answers": "上文", "line": "台词和文件", "length": "字数或时长",
    "recorded": "共 {1} 句，已录 {0} 句", "words": "字", "in": "文件夹：{}",
}  # fmt: skip
WORDS: Final[Mapping[str, Mapping[str, str]]] = {"en": _ENGLISH, "zh": _CHINESE}
"""The words of the pages around a story's own, by language; English for others."""


def not_carried_over(story: Story) -> tuple[NotCarriedOver, ...]:
    """What pages for reading leave out: cues, sounds, waits, effects, triggers, transitions."""
    return losses(story, CARRIED)


def pages_of(story: Story) -> dict[str, Any]:
    """The story for reading: title, language, words, cast and beats.

    A beat has `id`, `title`, `number`, `items`, `ways` and `ending`. Items and ways have a `kind`;
    ways have the id `to` of a beat, or of none for a return.
    """
    words = words_in(story.language)
    groups = {name: group.beats for name, group in story.storylets.items()}
    return {
        "title": story.title or story.id,
        "language": story.language,
        "words": dict(words),
        "cast": [role.name for role in story.cast.values()],
        "beats": [_beat(story, beat, number, groups, words)
                  for number, beat in enumerate(story.order, 1)],
    }  # fmt: skip


def words_in(language: str) -> Mapping[str, str]:
    """The words around the story in a language."""
    return WORDS.get(language.partition("-")[0], _ENGLISH)


def readable(text: str) -> str:
    """A text with values as people read it: `You have [coins] [coin / coins]`."""
    try:
        return _readable(parse_message(text).parts)
    except MessageError:
        return text


def _readable(parts: tuple[TextPart, ...]) -> str:
    return "".join(map(_part, parts))


def _part(part: TextPart) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Shown):
        return f"[{part.name}]"
    if isinstance(part, Number):
        return "#"
    cases: list[tuple[TextPart, ...]] = []
    if isinstance(part, Plural):
        cases = [*part.exact.values(), *part.forms.values()]
    elif isinstance(part, Select):
        cases = list(part.cases.values())
    return f"[{' / '.join(_readable(case) for case in cases)}]"


def _beat(
    story: Story, beat: Beat, number: int, groups: Mapping[str, tuple[str, ...]],
    words: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    return {
        "id": beat.id,
        "title": beat.id.replace("_", " "),
        "number": number,
        "note": _only(beat.when, words),
        "items": [item for part in nested(beat.script) for item in _items(story, part, words, 0)],
        "choice": _choice_title(beat, words),
        "ways": list(_ways(beat, groups, words)),
        "ending": (beat.ending.title or beat.ending.id) if beat.ending else "",
    }


def _items(
    story: Story, part: Part, words: Mapping[str, str], depth: int
) -> Iterator[dict[str, Any]]:
    if isinstance(part, Block):
        yield from _block(story, part, words, depth)
    elif isinstance(part, Direction):
        yield {"kind": "heading" if part.heading else "action", "text": part.text, "depth": depth}
    elif isinstance(part, Line):
        role = story.cast.get(part.speaker)
        yield {
            "kind": "line", "speaker": role.name if role else part.speaker, "manner": part.manner,
            "text": readable(part.text), "note": _only(part.condition, words), "depth": depth,
        }  # fmt: skip
    elif isinstance(part, Detour):
        note = "; ".join(filter(None, (_only(part.condition, words), words["detour"])))
        yield {"kind": "detour", "text": part.to.replace("_", " "), "to": part.to, "note": note,
               "depth": depth}  # fmt: skip


def _block(
    story: Story, block: Block, words: Mapping[str, str], depth: int
) -> Iterator[dict[str, Any]]:
    is_if = block.choose == "first"
    if not is_if:
        yield {"kind": "note", "text": words["one"], "depth": depth}
    for number, branch in enumerate(block.branches, 1):
        notes = [_only(branch.condition, words), words["once"] if branch.once else ""]
        said = "; ".join(filter(None, notes)) or (words["else"] if is_if else "")
        inside = [one for part in branch.inside for one in _items(story, part, words, depth + 1)]
        if said and inside:
            yield {"kind": "note", "text": said, "depth": depth}
        elif inside:
            yield {"kind": "note", "text": str(number), "depth": depth}
        yield from inside


def _choice_title(beat: Beat, words: Mapping[str, str]) -> str:
    if beat.choice is None:
        return ""
    window = beat.choice.window
    if window is None or window.lasts is None:
        return words["choice"]
    return words["timed"].format(f"{window.lasts / NS:g}")


def _ways(
    beat: Beat, groups: Mapping[str, tuple[str, ...]], words: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    for option in beat.choice.options if beat.choice else ():
        yield _way("option", readable(option.text) or option.id, option.detour or option.to, groups,
                   _option_notes(option, words))  # fmt: skip
    if beat.choice and beat.choice.otherwise:
        other = beat.choice.otherwise
        yield _way("else", words["silence"], other.to, groups, [_only(other.condition, words)])
    for way in beat.exits:
        yield _exit(way, groups, words)
    for plot in beat.hidden:
        yield _way("hidden", words["hidden"], plot.to, groups, [_only(plot.condition, words)])
    if beat.returns:
        yield {"kind": "return", "text": words["return"], "to": [], "note": ""}


def _option_notes(option: Option, words: Mapping[str, str]) -> list[str]:
    notes = [_only(option.condition, words), words["once"] if option.once else ""]
    notes.append(words["fallback"] if option.fallback else "")
    if option.detour:
        notes.append(words["detour"] if option.to else words["again"])
    return notes


def _exit(
    way: Exit, groups: Mapping[str, tuple[str, ...]], words: Mapping[str, str]
) -> dict[str, Any]:
    return _way("next", words["next"], way.to, groups, [_only(way.condition, words)])


def _way(
    kind: str, text: str, to: str, groups: Mapping[str, tuple[str, ...]], notes: list[str]
) -> dict[str, Any]:
    """A way on; a group of storylets leads to each of its beats."""
    to_beats = list(groups.get(to, (to,))) if to else []
    return {"kind": kind, "text": text, "to": to_beats, "note": "; ".join(filter(None, notes))}


def _only(condition: Expression | None, words: Mapping[str, str]) -> str:
    return words["only"].format(" ".join(condition.text.split())) if condition else ""
