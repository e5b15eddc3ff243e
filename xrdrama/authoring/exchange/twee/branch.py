"""The branch file of a Twine story, and the check that each row is read as it was meant."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from xrdrama.authoring.canonical import canonical_text, with_line_ids
from xrdrama.authoring.exchange.twee.beats import BeatText, Choosable, Row, Way
from xrdrama.authoring.exchange.twee.kinds import Declared
from xrdrama.authoring.exchange.twee.nodes import Book
from xrdrama.document.wording import plain
from xrdrama.errors import UsageError
from xrdrama.story import Line, parse_story
from xrdrama.story.form import STORY
from xrdrama.story.formats import ImportedStory

_ROUNDS = 30
NO_LINKS = "no_links"


class Head(msgspec.Struct):
    """What a branch file says of the story as a whole."""

    id: str
    title: str
    start: str
    language: str = "en"
    scene: str = "stage"
    cast: dict[str, tuple[str, str]] = {}
    """Name and voice of each role."""


def branch_file(
    head: Head, variables: Iterable[Declared], beats: list[BeatText], book: Book
) -> ImportedStory:
    """The text of the branch file. What it cannot hold is left out and listed; UsageError for a
    story of which nothing can be read."""
    declared = list(variables)
    for _ in range(_ROUNDS):
        rows: dict[int, Row] = {}
        lines = _lines(head, declared, beats, rows)
        text = "\n".join(lines) + "\n"
        story, problems, _ = parse_story(text, head.id)
        errors = [problem for problem in problems if problem.severity == "error"]
        odd = [rows[one.line] for one in errors if one.line in rows]
        if story is not None:
            items = {item.place.line: item for beat in story.order for item in beat.script}
            odd = [row for at, row in rows.items() if row.text and not _is(items.get(at), row)]
            if not odd:
                text = canonical_text(with_line_ids(text, head.id), head.id, STORY)
                return ImportedStory(text, tuple(sorted(set(book.lost))))
        if not odd:
            break
        for beat in beats:
            beat.rows = _without(beat.rows, odd)
        for row in odd:
            book.lose(row.line, f"a script cannot hold this line: {row.row[:60]}")
    first = errors[0] if errors else None
    reason = f"line {first.line} of the branch file: {first.message}" if first else "its script"
    hint = first.hint if first and first.hint else "simplify it and import again"
    raise UsageError(f"this story cannot be made into a branch file: {reason}", hint)


def _without(rows: list[Row], odd: list[Row]) -> list[Row]:
    """The rows without some of them; a block that becomes empty is removed, too."""
    kept = [row for row in rows if row not in odd]
    found: list[Row] = []
    for at, row in enumerate(kept):
        after = kept[at + 1].depth if at + 1 < len(kept) else -1
        found.append(row)
        is_head = row.row.startswith("{") and row.row.endswith("}") and not row.text
        if is_head and after <= row.depth:
            found.append(Row(row.depth + 1, "@wait 10ms", row.line))
    return found


def _is(item: object, row: Row) -> bool:
    text = getattr(item, "text", None)
    return text == row.text and (isinstance(item, Line) or row.row == row.text)


def _lines(
    head: Head, variables: list[Declared], beats: list[BeatText], rows: dict[int, Row]
) -> list[str]:
    lines = [
        "xrdrama: 1", f"id: {head.id}", f"title: {_quoted(head.title[:120])}",
        f"language: {head.language}", f"start: {head.start}", f"scene: {head.scene}",
    ]  # fmt: skip
    if variables:
        lines.append("vars:")
        lines += [f"  {one.id}: {{{_declaration(one)}}}" for one in variables]
    if head.cast:
        lines.append("cast:")
        for role, (name, voice) in head.cast.items():
            spoken = f", voice: {voice}" if voice else ""
            lines.append(f"  {role}: {{name: {_quoted(name[:60])}{spoken}}}")
    lines.append("beats:")
    stops = False
    for beat in beats:
        stops = _beat(lines, beat, rows) or stops
    if stops:
        lines += [f"  {NO_LINKS}:", f"    ending: {{id: {NO_LINKS}, title: No link is left}}"]
    return lines


def _declaration(one: Declared) -> str:
    if one.computed:
        return f"type: computed, from: {_quoted(one.computed)}"
    if one.kind == "bool":
        return "type: bool" + (", init: true" if one.init == "true" else "")
    if one.words:
        return f"type: enum, of: [{', '.join(one.words)}], init: {one.init or one.words[0]}"
    if one.kind == "text":
        return "type: text" + (f", init: {_quoted(one.init)}" if one.init else "")
    return f"type: {one.kind}, min: {plain(one.least)}, max: {plain(one.most)}, init: {one.init}"


def _beat(lines: list[str], beat: BeatText, rows: dict[int, Row]) -> bool:
    """Add the lines of a beat; True if it needs the ending where no link is left."""
    lines.append(f"  {beat.id}:")
    if beat.scene:
        lines.append(f"    scene: {beat.scene}")
    if beat.rows:
        lines.append("    script: |")
    for row in beat.rows:
        lines.append(f"      {'  ' * row.depth}{row.row}")
        rows[len(lines)] = row
    if beat.options:
        return _choice(lines, beat)
    if beat.exits:
        _exits(lines, beat.exits)
    elif beat.returns:
        lines.append("    return: true")
    else:
        name, title = beat.ending
        said = f"{{id: {name}, title: {_quoted(title)}}}" if title else name
        lines.append(f"    ending: {said}")
    return False


def _choice(lines: list[str], beat: BeatText) -> bool:
    lines.append("    choice:")
    timed = beat.lasts and beat.otherwise is not None
    if timed:
        keys = {"lasts": f"{beat.lasts:g}s", **beat.window}
        if "closes" in keys:
            del keys["lasts"]
        written = ", ".join(f"{key}: {value}" for key, value in keys.items())
        lines.append(f"      window: {{{written}}}")
    lines.append("      options:")
    for option in beat.options:
        _option(lines, option, beat.triggers.get(option.id, []))
    always = any(not one.condition and not one.once for one in beat.options)
    if beat.otherwise is not None and (timed or not always):
        lines.append(f"      else: {_way(beat.otherwise)}")
    elif not always:
        lines.append(f"      else: {NO_LINKS}")
        return True
    return False


def _option(lines: list[str], option: Choosable, triggers: list[str]) -> None:
    lines += [f"        {option.id}:", f"          text: {_quoted(option.label)}"]
    if option.to:
        lines.append(f"          to: {option.to}")
    if option.condition:
        lines.append(f"          if: {_quoted(option.condition)}")
    if option.effects:
        lines.append(f"          set: {{{_effects(option.effects)}}}")
    lines += ["          once: true"] * option.once
    if option.detour:
        lines.append(f"          detour: {option.detour}")
    lines += ["          fallback: true"] * option.fallback
    if triggers:
        lines += ["          on:", *(f"            - {one}" for one in triggers)]


def _exits(lines: list[str], exits: list[Way]) -> None:
    if len(exits) == 1:
        lines.append(f"    next: {_way(exits[0])}")
        return
    lines.append("    next:")
    lines += [f"      - {_way(way)}" for way in exits]


def _way(way: Way) -> str:
    if not way.condition and not way.effects:
        return way.to
    asked = f", if: {_quoted(way.condition)}" if way.condition else ""
    effects = f", set: {{{_effects(way.effects)}}}" if way.effects else ""
    return f"{{to: {way.to}{asked}{effects}}}"


def _effects(effects: list[tuple[str, str]]) -> str:
    values = dict(effects)  # the last one counts
    return ", ".join(f"{name}: {_quoted(value)}" for name, value in values.items())


def _quoted(text: str) -> str:
    """A quoted YAML text; plain where it can be read as such."""
    shown = "".join(sign for sign in text if sign.isprintable())
    if re.fullmatch(r"[^\W\d_][\w +*/<>=.-]*", shown) and shown == shown.strip():
        return shown
    return "'" + shown.replace("'", "''") + "'"
