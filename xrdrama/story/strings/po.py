"""String tables as PO files of GNU gettext, which translation programs read and write.

`msgctxt` is a text's id, `msgid` the story's text, `msgstr` the translation, `#, fuzzy` marks a
translation that somebody should look at again, and `#| msgid` is the text that it translated.
Entries of ids that are no longer in the story are obsolete: `#~`.
Format: https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import msgspec

from xrdrama.document.names import composed
from xrdrama.errors import Problem, Severity
from xrdrama.story.strings.rows import Row
from xrdrama.story.strings.table import Entry, Layout

MAX_LINES = 500_000
_KEYWORD = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr)(\[\d+\])?[ \t]*(?=\")")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {
    "n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "a": "\a", "b": "\b", "f": "\f",
    "v": "\v",
}  # fmt: skip
_WRITTEN = {
    ord("\\"): "\\\\",
    ord('"'): '\\"',
    ord("\n"): "\\n",
    ord("\t"): "\\t",
    ord("\r"): "\\r",
}
_CHARSET = re.compile(r"charset=([\w-]+)", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")

Add = Callable[[str, Entry], None]


class _Message(msgspec.Struct):
    """An entry while it is read; `parts` are its strings by keyword."""

    line: int
    parts: dict[str, str] = {}
    comments: list[str] = []
    fuzzy: bool = False
    obsolete: bool = False


def read_po(text: str, file: str, language: str, add: Add) -> tuple[Layout, list[Problem]]:
    """The layout of a table and the problems of its form; `add` is called with each entry."""
    text = composed(text.removeprefix("\ufeff")).replace("\r\n", "\n").replace("\r", "\n")
    reader = _Reader(file, language, add)
    reader.run(text.split("\n"))
    return Layout("po", header=reader.header), reader.problems


class _Reader:
    def __init__(self, file: str, language: str, add: Add) -> None:
        self.file, self.language, self.add = file, language, add
        self.problems: list[Problem] = []
        self.header = ""
        self.begun = False
        self.message: _Message | None = None
        self.part = ""

    def note(
        self, line: int, code: str, message: str, hint: str, severity: Severity = "error"
    ) -> None:
        self.problems.append(Problem(self.file, line, 1, code, severity, message, hint))

    def invalid(self, line: int, message: str, hint: str) -> None:
        self.note(line, "L006", f"this is not a valid PO file: {message}", hint)

    def run(self, lines: list[str]) -> None:
        for number, line in enumerate(lines, 1):
            if number > MAX_LINES:
                self.note(number, "L002", f"the table has more than {MAX_LINES:,} lines",
                          "split the story into several files")  # fmt: skip
                break
            self.line(line.strip(), number)
            if len(self.problems) > 100:  # another kind of file
                break
        self.close()

    def line(self, text: str, number: int) -> None:
        if not text:
            self.close()
            return
        obsolete = text.startswith("#~")
        if obsolete:
            text = text[2:].lstrip()
            if not text or text.startswith("|"):
                self.old(text[1:].strip(), number, obsolete=True)
                return
        elif text.startswith("#"):
            self.comment(text, number)
            return
        control = _CONTROL.search(text)
        if control:
            self.invalid(number, f"control character U+{ord(control[0]):04X}", "delete it")
            return
        keyword = _KEYWORD.match(text)
        if keyword:
            self.keyword(keyword[1], keyword[2] or "", text[keyword.end() :], number, obsolete)
        elif text.startswith('"'):
            self.string(text, number)
        else:
            shown = text if len(text) <= 40 else text[:37] + "..."
            self.invalid(number, f"unexpected {shown!r}",
                         'write msgctxt, msgid or msgstr and a text in quotes, such as msgstr '
                         '"..."; a comment begins with #')  # fmt: skip

    def entry(self, number: int) -> _Message:
        """The message that is being read."""
        if self.message is None:
            self.message = _Message(number, {}, [])
        return self.message

    def comment(self, text: str, number: int) -> None:
        if self.message is not None and "msgid" in self.message.parts:
            self.close()
        message = self.entry(number)
        kind, rest = text[1:2], text[2:].strip()
        if kind == ",":
            message.fuzzy = message.fuzzy or "fuzzy" in re.split(r"[\s,]+", rest)
        elif kind == "|":
            self.old(rest, number)
        elif kind not in (".", ":"):
            message.comments.append(text[1:].strip())
        self.part = "" if kind != "|" else self.part

    def old(self, text: str, number: int, *, obsolete: bool = False) -> None:
        """A line of the text that was translated: `#| msgid "..."`; its context is not used."""
        if self.message is not None and "msgid" in self.message.parts:
            self.close()
        message = self.entry(number)
        message.obsolete = message.obsolete or obsolete
        keyword = _KEYWORD.match(text)
        if keyword:
            self.part = "old " + keyword[1]
            message.parts[self.part] = ""
            text = text[keyword.end() :]
        if text and self.part.startswith("old "):
            self.string(text, number)

    def keyword(self, name: str, plural: str, rest: str, number: int, obsolete: bool) -> None:
        message = self.message
        begins = name == "msgctxt" or (name == "msgid" and "msgctxt" not in (
            message.parts if message else {}))  # fmt: skip
        if message is not None and "msgid" in message.parts and begins:
            self.close()
        message = self.entry(number)
        if not message.parts or all(part.startswith("old ") for part in message.parts):
            message.line = number
        message.obsolete = message.obsolete or obsolete
        if name == "msgid_plural" or plural:
            self.invalid(number, "plural forms of gettext are not used",
                         "write {coins, plural, one {...} other {...}} in the text")  # fmt: skip
            self.part = "ignored"
            message.parts.setdefault("ignored", "")
            return
        if name in message.parts:
            self.invalid(number, f"{name} is a duplicate", "leave an empty line between entries")
        if name == "msgstr" and "msgid" not in message.parts:
            self.invalid(number, "msgstr without a msgid above it", "restore the msgid")
        self.part = name
        message.parts[name] = ""
        self.string(rest, number)

    def string(self, text: str, number: int) -> None:
        if self.message is None or not self.part:
            self.invalid(number, "a text without a keyword above it",
                         "write msgid or msgstr before it")  # fmt: skip
            return
        found = _STRING.fullmatch(text)
        if found is None:
            whole = _STRING.match(text)
            message = (
                f"unexpected {text[whole.end() :].strip()[:40]!r} behind the text"
                if whole
                else "the quotes of this text are not closed"
            )
            self.invalid(number, message, 'write \\" for quotation marks in a text')
            return
        wrong = next((c for c in _ESCAPE.findall(found[1]) if c not in _ESCAPES), "")
        if wrong:
            self.invalid(number, f"unknown escape \\{wrong}", "write \\\\ for a backslash")
            return
        said = _ESCAPE.sub(lambda match: _ESCAPES[match[1]], found[1])
        self.message.parts[self.part] = self.message.parts.get(self.part, "") + said

    def close(self) -> None:
        """The end of an entry."""
        message, self.message, self.part = self.message, None, ""
        if message is None or "msgid" not in message.parts:
            if message is not None and {"msgctxt"} & set(message.parts):
                self.invalid(message.line, "an entry without a msgid", "restore its msgid")
            return
        parts = message.parts
        if "msgstr" not in parts and "ignored" not in parts:
            self.invalid(message.line, "an entry without a msgstr", 'add msgstr ""')
        if "msgctxt" not in parts:
            self.without_id(message)
            return
        marked = message.fuzzy and bool(parts.get("msgstr"))
        self.add(parts["msgctxt"].strip(), Entry(
            parts["msgid"].strip(), parts.get("msgstr", "").strip(), marked,
            parts.get("old msgid", "").strip() if marked else "",
            "\n".join(message.comments).strip(), message.line,
        ))  # fmt: skip

    def without_id(self, message: _Message) -> None:
        if message.parts["msgid"] or self.begun:
            self.note(message.line, "L003", "this entry has no id, so its text is not used",
                      'write msgctxt "ID" above its msgid, or delete the entry',
                      "warning")  # fmt: skip
            return
        self.begun = True
        self.header = message.parts.get("msgstr", "")
        charset = _CHARSET.search(self.header)
        if charset and charset[1].upper() not in ("UTF-8", "UTF8", "CHARSET"):
            self.invalid(message.line, f"its header names the encoding {charset[1]}",
                         "save it in UTF-8 and write charset=UTF-8")  # fmt: skip
        declared = _fields(self.header).get("language", "")
        if declared and declared.replace("_", "-").lower() != self.language.lower():
            self.note(message.line, "L017", f"the header names the language {declared!r}, the file "
                      f"name {self.language!r}", "rename the file, or correct Language: in the "
                      "header", "warning")  # fmt: skip


def _fields(header: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in header.split("\n") if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def write_po(
    rows: Iterable[tuple[Row, Entry]], language: str, layout: Layout, newline: str = "\n"
) -> str:
    """The canonical text of a table; fields of its header that a program has added stay."""
    parts = ["\n".join(_header(language, layout.header))]
    parts += ["\n".join(_entry(row, entry)) for row, entry in rows]
    return ("\n\n".join(parts) + "\n").replace("\n", newline)


def _header(language: str, header: str) -> Iterator[str]:
    fixed = {
        "Language": language.replace("-", "_"), "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8", "Content-Transfer-Encoding": "8bit",
    }  # fmt: skip
    known = {name.lower() for name in fixed}
    others = [
        line for line in header.split("\n")
        if line.strip() and line.partition(":")[0].strip().lower() not in known
    ]  # fmt: skip
    yield 'msgid ""'
    yield 'msgstr ""'
    for line in (*(f"{name}: {value}" for name, value in fixed.items()), *others):
        yield f'"{line.translate(_WRITTEN)}\\n"'


def _entry(row: Row, entry: Entry) -> Iterator[str]:
    for comment in entry.comment.split("\n") if entry.comment else ():
        yield f"# {comment}".rstrip()
    context = [f"{name} {value}" for name, value in (
        ("", row.kind), ("beat", row.beat), ("speaker", row.speaker), ("manner:", row.manner),
    ) if value]  # fmt: skip
    yield "#. " + ", ".join(one.strip() for one in context)
    if row.note:
        yield f"#. {row.note}"
    if entry.marked:
        yield "#, fuzzy"
    sign = "#~ " if row.kind == "unused" else ""
    if entry.marked and entry.old_source:
        yield from _texts("#~| " if sign else "#| ", "msgid", entry.old_source)
    yield from _texts(sign, "msgctxt", row.id)
    yield from _texts(sign, "msgid", entry.source)
    yield from _texts(sign, "msgstr", entry.text)


def _texts(sign: str, keyword: str, text: str) -> Iterator[str]:
    """A keyword with its text; a text of several lines has one in each row."""
    lines = text.splitlines(keepends=True) if "\n" in text else [text]
    if len(lines) > 1:
        lines.insert(0, "")
    for number, line in enumerate(lines):
        lead = f"{keyword} " if number == 0 else ""
        yield f'{sign}{lead}"{line.translate(_WRITTEN)}"'
