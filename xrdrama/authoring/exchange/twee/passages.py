"""The passages of a Twee 3 file or of a Twine 2 HTML file.

Source: twine-specs of the Interactive Fiction Technology Foundation, twee-3-specification.md and
twine-2-htmloutput-spec.md.
As the specification recommends, metadata that cannot be decoded is listed and left out.
"""

from __future__ import annotations

import re
from html import unescape

import msgspec

from xrdrama.authoring.exchange.twee.nodes import Book
from xrdrama.errors import UsageError

MOST_PASSAGES = 20_000
_BLOCK = re.compile(r"(?P<tags>\[(?:[^\[\]\\]|\\.)*\])?\s*(?P<json>\{.*\})?\s*$", re.DOTALL)


class Passage(msgspec.Struct, frozen=True):
    """A passage: its name, tags and text, and the lines of its header and of its text."""

    name: str
    tags: tuple[str, ...]
    text: str
    line: int
    begins: int


class File(msgspec.Struct):
    """A story's passages, and what is said of the story as a whole."""

    passages: list[Passage] = []
    title: str = ""
    format: str = ""
    start: str = ""
    start_line: int = 1


def read_twee(text: str, book: Book) -> File:
    """The passages of a Twee 3 file. UsageError for a text without any."""
    file = File(passages=[])
    header = 0
    rows = text.split("\n")
    starts = [number for number, row in enumerate(rows) if row.startswith("::")]
    if not starts:
        raise UsageError("line 1: there is no passage", "begin each with a line such as  :: Start")
    if len(starts) > MOST_PASSAGES:
        raise UsageError(f"line {starts[MOST_PASSAGES] + 1}: more than {MOST_PASSAGES:,} passages",
                         "split the story into several files")  # fmt: skip
    if any(row.strip() for row in rows[: starts[0]]):
        book.lose(1, "text before the first passage")
    for header, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        name, tags = _header(rows[header][2:], header + 1, book)
        if not name:
            book.lose(header + 1, "a passage without a name; its text is not read")
            continue
        body = "\n".join(rows[header + 1 : end]).rstrip()
        file.passages.append(Passage(name, tags, body, header + 1, header + 2))
    _special(file, book)
    return file


def _header(text: str, line: int, book: Book) -> tuple[str, tuple[str, ...]]:
    """Name and tags of a header; a backslash escapes brackets and braces."""
    match = re.match(r"((?:[^\[\]{}\\]|\\.)*)", text)
    name = _unescaped(match[1] if match else "").strip()
    rest = text[match.end() if match else 0 :].strip()
    block = _BLOCK.fullmatch(rest)
    if block is None:
        book.lose(line, f"header {rest[:60]!r}: brackets or braces are not closed")
        return name or rest, ()
    if block["json"]:
        _json(block["json"], line, "metadata of the passage", book)
    tags = (block["tags"] or "").strip()[1:-1].split()
    return name, tuple(_unescaped(tag) for tag in tags)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _json(text: str, line: int, what: str, book: Book) -> dict[str, object]:
    try:
        found = msgspec.json.decode(text.encode(errors="replace"))
    except (msgspec.DecodeError, RecursionError) as error:
        book.lose(line, f"{what}: not valid JSON ({error})")
        return {}
    if not isinstance(found, dict):
        book.lose(line, f"{what}: expected a JSON object in braces")
        return {}
    return found


def _special(file: File, book: Book) -> None:
    """Take what StoryTitle and StoryData say."""
    kept = []
    names: dict[str, int] = {}
    for one in file.passages:
        first = names.setdefault(one.name, one.line)
        if first != one.line:
            what = f"a second passage {one.name[:60]!r} (the first is on line {first})"
            book.lose(one.line, f"{what}: no link leads to it")
        if one.name == "StoryTitle":
            file.title = " ".join(one.text.split())
        elif one.name == "StoryData":
            found = _json(one.text, one.begins, "StoryData", book)
            file.format, file.start = (str(found.get(key) or "") for key in ("format", "start"))
            file.start_line = one.line
        else:
            kept.append(one)
    file.passages = kept


# -- HTML ----------------------------------------------------------------------------------------

_KEYS = r"((?:\s+[\w-]+(?:=(?:\"[^\"]*\"|'[^']*'))?)*)\s*/?>"
_STORY = re.compile("<tw-storydata" + _KEYS)
_PASSAGE = re.compile("<tw-passagedata" + _KEYS)
_KEY = re.compile(r"([\w-]+)=(?:\"([^\"]*)\"|'([^']*)')")
_CODE = re.compile(r"<(script|style)\b")


def is_html(text: str) -> bool:
    """True for a story that Twine 2 published or archived."""
    return text.lstrip()[:1] == "<" and "<tw-storydata" in text


def read_html(text: str, book: Book) -> File:
    """The passages of a Twine 2 HTML file: of the first story, if it has several."""
    stories = [match for match in _STORY.finditer(text)]
    if not stories:
        raise UsageError("line 1: <tw-storydata> is not closed", "publish the story again")
    first = _keys(stories[0][1])
    file = File([], first.get("name", ""), first.get("format", ""))
    file.start_line = _line(text, stories[0].start())
    for other in stories[1:]:
        name = _keys(other[1]).get("name", "")
        book.lose(_line(text, other.start()), f"another story of the archive: {name[:60]}")
    at, end = stories[0].end(), stories[1].start() if len(stories) > 1 else len(text)
    last, line = 0, 1
    while match := _PASSAGE.search(text, at, end):
        for code in _CODE.finditer(text, at, match.start()):
            book.lose(_line(text, code.start()), f"the story's {code[1]}")
        closes = text.find("</tw-passagedata>", match.end(), end)
        line += text.count("\n", last, match.start())
        last, at = match.start(), end if closes < 0 else closes
        if closes < 0:
            book.lose(line, "<tw-passagedata> is not closed: it ends with the story")
        keys = _keys(match[1])
        if keys.get("pid") == first.get("startnode"):
            file.start = keys.get("name", "")
        if len(file.passages) >= MOST_PASSAGES:
            raise UsageError(f"line {line}: more than {MOST_PASSAGES:,} passages",
                             "split the story into several files")  # fmt: skip
        words = unescape(text[match.end() : at]).strip("\n").rstrip()
        tags = tuple(keys.get("tags", "").split())
        file.passages.append(Passage(keys.get("name", ""), tags, words, line, line))
    if not file.passages:
        raise UsageError("line 1: there is no passage", "publish the story again with Twine 2")
    return file


def _keys(text: str) -> dict[str, str]:
    return {one[1]: unescape(one[2] or one[3] or "") for one in _KEY.finditer(text)}


def _line(text: str, at: int) -> int:
    return 1 + text.count("\n", 0, at)
