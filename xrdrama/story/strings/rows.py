"""The rows of a string table: every text of a story that is translated, with its context."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from typing import Literal

import msgspec

from xrdrama.story.expressions.expression import Expression
from xrdrama.story.model import Beat, Direction, Line, Option, Story, Variable

RowKind = Literal[
    "title", "name", "pronunciation", "heading", "action", "line", "option", "phrases", "ending",
    "unused",
]  # fmt: skip
BAR = " | "
"""What separates the phrases of an option in a table."""
SAY = "say."
"""How the ids of pronunciations begin."""
MOST_PHRASES = 12
_DIRECTION = re.compile(r"(?P<beat>.+)\.(?P<kind>heading|action)\.(?P<number>[1-9]\d{0,5})")


class Row(msgspec.Struct, frozen=True):
    """A text of a story with what a translator needs to know about it.

    `manner` is how a line is said. `note`: a condition, the variables that the text shows.
    """

    id: str
    kind: RowKind
    source: str
    beat: str = ""
    speaker: str = ""
    manner: str = ""
    note: str = ""


def rows_of(story: Story) -> tuple[Row, ...]:
    """A row for each text of a story, in the order of its file."""
    rows = [Row("title", "title", story.title)]
    for role in story.cast.values():
        rows.append(Row(f"cast.{role.id}", "name", role.name, "", role.id))
    variables = story.values()
    for beat in story.order:
        rows += _script(beat, variables)
        for option in beat.choice.options if beat.choice else ():
            rows += _option(beat, option, variables)
        if beat.ending:
            rows.append(Row(beat.ending.title_id, "ending", beat.ending.title, beat.id))
    return tuple({row.id: row for row in rows}.values())


def directions_of(beat: Beat) -> Iterator[tuple[str, Direction]]:
    """The headings and actions of a beat with their ids: `gate.action.2` is its second action."""
    counts = {"heading": 0, "action": 0}
    for item in beat.script:
        if isinstance(item, Direction):
            kind = "heading" if item.heading else "action"
            counts[kind] += 1
            yield f"{beat.id}.{kind}.{counts[kind]}", item


def group_of(id: str) -> tuple[str, str] | None:
    """The beat and the kind of a heading's or an action's id; None for other ids."""
    found = _DIRECTION.fullmatch(id)
    return (found["beat"], found["kind"]) if found else None


def phrases_id(option: Option) -> str:
    """The id of the row with an option's phrases: `gate.go.voice`."""
    return f"{option.text_id}.voice"


def pronunciations_in(texts: Mapping[str, str]) -> dict[str, str]:
    """How words of a language are pronounced, from its texts by id: rows `say.<word>`."""
    return {name.removeprefix(SAY): text for name, text in texts.items() if name.startswith(SAY)}


def spoken_phrases(option: Option) -> tuple[str, ...]:
    """The phrases of an option's voice triggers, in the story's own language."""
    return tuple(p for t in option.triggers if t.kind == "voice" for p in t.values)


@lru_cache(maxsize=4096)
def phrases_in(cell: str) -> tuple[str, ...]:
    """The phrases of a cell: `I remember you | I remember`."""
    return tuple(dict.fromkeys(p.strip() for p in re.split("[|｜]", cell) if p.strip()))


def text_titles(story: Story) -> dict[str, str]:
    """A description of each text of a story by its id: "line l4k2pq of beat 'gate'"."""
    return {row.id: _title(row) for row in rows_of(story)}


def _title(row: Row) -> str:
    of_beat = f"of beat {row.beat!r}"
    titles = {
        "title": "the title",
        "name": f"the name of {row.speaker!r} in the cast",
        "line": f"line {row.id} {of_beat}",
        "option": f"option {row.id.rpartition('.')[2]!r} {of_beat}",
        "phrases": f"the phrases of option {row.id.split('.')[-2]!r} {of_beat}"
        if row.kind == "phrases" else "",
        "heading": f"the heading {row.id}",
        "action": f"the action {row.id}",
        "ending": f"the title of ending {row.id.partition('.')[2]!r}",
    }  # fmt: skip
    return titles.get(row.kind, row.id)


def _script(beat: Beat, variables: dict[str, Variable]) -> Iterator[Row]:
    headings = iter(directions_of(beat))
    for item in beat.script:
        if isinstance(item, Line):
            note = _note(item.condition, item.values, variables)
            yield Row(item.id, "line", item.text, beat.id, item.speaker, item.manner, note)
        elif isinstance(item, Direction):
            yield Row(next(headings)[0], "heading" if item.heading else "action", item.text,
                      beat.id)  # fmt: skip


def _option(beat: Beat, option: Option, variables: dict[str, Variable]) -> Iterator[Row]:
    row = partial(Row, beat=beat.id)
    note = _note(option.condition, option.values, variables)
    yield row(option.text_id, "option", option.text, note=note)
    phrases = spoken_phrases(option)
    if phrases:
        note = "what the audience says for the option above; | separates phrases"
        yield row(phrases_id(option), "phrases", BAR.join(phrases), note=note)


def _note(
    condition: Expression | None, shown: tuple[str, ...], variables: dict[str, Variable]
) -> str:
    notes = [f"only if {' '.join(condition.text.split())}"] if condition else []
    if shown:
        kinds = [f"{{{name}}}: {variables[name].kind}" if name in variables else f"{{{name}}}"
                 for name in shown]  # fmt: skip
        notes.append(f"shows {', '.join(kinds)}")
    return "; ".join(notes)
