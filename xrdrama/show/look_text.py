"""The section `looks:` in the text of a show file: read, changed, left out. Text in, text out.

Only the lines of the look that changes are replaced. Every other line keeps its bytes: comments,
blank lines, quotes, line ends. What was changed is parsed again and compared before it is returned.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingABC
from typing import Any, NamedTuple, assert_never

from xrdrama.document import Mapping, Node, Scalar, Sequence, compose
from xrdrama.errors import UsageError
from xrdrama.scene.model import Scene
from xrdrama.scene.values import text_of
from xrdrama.show.look_comments import with_comments
from xrdrama.show.looks import Look, fits
from xrdrama.show.parse import parse_show
from xrdrama.timing import NS

KEY = "looks"
Plain = str | list[Any] | dict[str, Any]
Entry = dict[str, Any]
"""A look as it is in the file: `title`, `fade` and `params`, all values as text."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_PLAIN_WORDS = re.compile(r"[^\W\d_]\w*(?: \w+)*|-?\d+(?:\.\d+)?(?:s|ms|m)?")


class _Part(NamedTuple):
    """Lines `first` to `last` (exclusive, from 0) of a text."""

    first: int
    last: int


class _Section(NamedTuple):
    """Where the looks are. `looks` has the lines of each, None where they are not lines."""

    lines: _Part
    looks: dict[str, _Part] | None
    indent: int
    """Columns before the names of looks."""
    node: Node


def entry_of(look: Look, scenes: MappingABC[str, Scene]) -> Entry:
    """A look as the file has it."""
    params = next(scene.params for scene in scenes.values() if fits(look, scene))
    entry: Entry = {"title": look.title} if look.title else {}
    entry["fade"] = f"{round(look.fade / NS, 3):g}s"
    entry["params"] = {name: text_of(params[name], value) for name, value in look.params.items()}
    return entry


def entries_in(text: str) -> dict[str, Entry]:
    """The looks of a text, as they are written; none where it cannot be read."""
    root = _root(text)
    looks = root.get(KEY) if root is not None else None
    found = _plain(looks) if looks is not None else {}
    return found if isinstance(found, dict) else {}


def without_looks(text: str) -> str:
    """A text without the section of looks, to compare the rest of two texts; where it cannot be
    read, the text itself."""
    lines = _lines(text)
    root = _root(text)
    section = _section(root, lines) if root is not None else None
    if section is not None:
        del lines[section.lines.first : section.lines.last]
    return "".join(lines).rstrip("\r\n")


def edited(text: str, name: str, entry: Entry | None) -> str:
    """The text with the look `name` added, replaced, or (None) deleted.

    UsageError when the text has errors, or is written in a way that cannot be changed safely.
    """
    root = _root(text)
    if root is None or parse_show(text)[0] is None:
        raise UsageError("it has errors", "fix them: xrdrama check names them")
    lines = _lines(text)
    section = _section(root, lines)
    looks = entries_in(text)
    if entry is None:
        looks.pop(name, None)
    else:
        looks[name] = entry
    end = next((re.sub(r"[^\r\n]", "", line) for line in lines[:1]), "") or "\n"
    margin = root.place.column - 1
    if section is None:
        _append(lines, _block({KEY: looks} if looks else {}, margin), end)
    elif section.looks is None:
        _rewrite(lines, section.lines, _block({KEY: looks} if looks else {}, margin), end)
    elif entry is None:
        _delete(lines, section, name)
    else:
        at = section.looks.get(name, _Part(section.lines.last, section.lines.last))
        old = [line.rstrip("\r\n") for line in lines[at.first : at.last]]
        _put(lines, at, with_comments(_block({name: entry}, section.indent), old), end)
    done = "".join(lines)
    _verify(root, done, looks)
    return done


def _root(text: str) -> Mapping | None:
    """The root of a text without errors in its YAML, where it is written in lines."""
    problems: list[Any] = []
    root = compose(_unix(text), "show", problems)
    if not isinstance(root, Mapping) or any(one.severity == "error" for one in problems):
        return None
    first = _lines(text)[root.place.line - 1]
    return None if first[root.place.column - 1 :].startswith("{") else root


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _lines(text: str) -> list[str]:
    return _LINE.findall(text)


def _section(root: Mapping, lines: list[str]) -> _Section | None:
    keys = [(key.text, key.place.line - 1) for key, _ in root.entries]
    number = next((number for number, (word, _) in enumerate(keys) if word == KEY), None)
    if number is None:
        return None
    margin, (key, node) = root.place.column - 1, root.entries[number]
    first = keys[number][1]
    stop = keys[number + 1][1] if number + 1 < len(keys) else len(lines)
    whole = _Part(first, _trimmed(lines, first, stop, margin))
    place = node.place
    in_lines = (
        isinstance(node, Mapping)
        and place.line > key.place.line
        and not lines[place.line - 1][place.column - 1 :].startswith("{")
    )
    if not isinstance(node, Mapping) or not in_lines:
        return _Section(whole, None, margin + 2, node)
    indent = place.column - 1
    starts = [(name.text.strip(), name.place.line - 1) for name, _ in node.entries]
    ends = [start for _, start in starts[1:]] + [whole.last]
    looks = {
        name: _Part(start, _trimmed(lines, start, end, indent))
        for (name, start), end in zip(starts, ends, strict=True)
    }
    return _Section(whole, looks, indent, node)


def _trimmed(lines: list[str], first: int, last: int, margin: int) -> int:
    """Where a part ends: blank lines, and comments as far out as its key, belong to what follows.

    So does the mark for the end of a document.
    """
    while last > first + 1:
        line = lines[last - 1].rstrip("\r\n")
        words = line.strip()
        depth = len(line) - len(line.lstrip())
        if words and not (words[0] == "#" and depth <= margin) and not line.startswith("..."):
            break
        last -= 1
    return last


def _append(lines: list[str], block: list[str], end: str) -> None:
    at = len(lines)
    while at and lines[at - 1].startswith("..."):
        at -= 1
    _put(lines, _Part(at, at), block, end)


def _put(lines: list[str], part: _Part, block: list[str], end: str) -> None:
    if part.first and not lines[part.first - 1].endswith(("\r", "\n")):
        lines[part.first - 1] += end
    lines[part.first : part.last] = [line + end for line in block]


def _rewrite(lines: list[str], part: _Part, block: list[str], end: str) -> None:
    """Looks in braces become looks in lines."""
    if any(re.search(r"(^|\s)#", line) for line in lines[part.first : part.last]):
        raise UsageError(
            "the section 'looks' has comments inside { }, and saving would delete them",
            "move the comments above looks:, or write one look per line under looks:",
        )
    _put(lines, part, block, end)


def _delete(lines: list[str], section: _Section, name: str) -> None:
    looks = section.looks or {}
    if name in looks:
        del lines[looks[name].first : looks[name].last]
        if len(looks) == 1:
            del lines[section.lines.first]


def _verify(root: Mapping, done: str, looks: dict[str, Entry]) -> None:
    """UsageError unless the changed text says what the old one says, with these looks."""
    wanted = _plain(root)
    assert isinstance(wanted, dict)
    wanted.pop(KEY, None)
    if looks:
        wanted[KEY] = looks
    now = _root(done)
    if now is None or _plain(now) != wanted or parse_show(done)[0] is None:
        raise UsageError(
            "its layout does not let a look be added safely",
            "write looks: as a section of its own, one look per line",
        )


def _plain(node: Node) -> Plain:
    match node:
        case Scalar(text=text):
            return text
        case Sequence(items=items):
            return [_plain(item) for item in items]
        case Mapping(entries=entries):
            return {key.text.strip(): _plain(value) for key, value in entries}
        case _:
            assert_never(node)


def _block(data: Entry, margin: int) -> list[str]:
    """Nested mappings as lines of YAML without line ends."""
    lines: list[str] = []
    for name, value in data.items():
        if isinstance(value, dict) and value:
            lines += [f"{' ' * margin}{name}:", *_block(value, margin + 2)]
        else:
            lines.append(f"{' ' * margin}{name}: {_quoted(value)}")
    return lines


def _quoted(value: Plain) -> str:
    if isinstance(value, dict):
        return "{}"
    text = str(value)
    if _PLAIN_WORDS.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
