"""Mistakes in the prose of a file, which YAML reports elsewhere or not at all.

A text block without `|`, or a line of it with too little indentation, causes YAML errors lines
below, or is read as something else without an error. This module reports such mistakes where they
are and corrects them, so that the rest of the file can be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from xrdrama.document.prose import Note, Prose
from xrdrama.document.recovery.lines import usual_step
from xrdrama.document.wording import spaces

_BAR = re.compile(r"\|[+-]?\s*(#.*)?")
_OTHER_BLOCK = re.compile(r"[|>][0-9+-]+\s*(#.*)?|>\s*(#.*)?")
_KEY = re.compile(r"( *)([a-z_]+):(\s|$)")
_NAME = re.compile(r"([^\W\d_][\w -]{0,60}?)\s*[:：]")
_NEVER_FIRST = "@{[%`&*!"
_PROSE = re.compile(r"[@{(\[\"A-Z]|[^\x00-\x7f]")


def straightened(text: str, prose: Prose, note: Note) -> str:
    """The text with the mistakes in its prose noted and corrected; lines keep their numbers."""
    page = _Page(text, prose, note)
    page.read()
    return page.text() if page.slips else text


class _Page:
    def __init__(self, text: str, prose: Prose, note: Note) -> None:
        self.lines = text.splitlines()
        self.note_problem, self.beside = note, prose.beside
        words = "|".join(map(re.escape, prose.keys))
        self.key = re.compile(rf"( *)({words})(\s*)([:：]?)(\s*)(.*)")
        self.slips = 0

    @cached_property
    def step(self) -> int:
        return usual_step(self.lines)

    def text(self) -> str:
        return "\n".join(self.lines) + "\n"

    def note(self, row: int, column: int, code: str, message: str, hint: str) -> None:
        self.slips += 1
        self.note_problem(row + 1, column + 1, code, message, hint)

    def read(self) -> None:
        row = 0
        while row < len(self.lines):
            match = self.lined_up(row)
            row += 1
            if match:
                before = self.slips
                if self.opened(match, row - 1):
                    reported = self.slips > before
                    row = _Block(self, row, len(match[1]), match[2], reported=reported).end()

    def lined_up(self, row: int) -> re.Match[str] | None:
        """The key at `row` with the indentation of the next key beside it, if its neighbours
        agree."""
        match = self.key.fullmatch(self.lines[row])
        if match is None:
            return None
        indent, above = len(match[1]), self.lines_above(row)
        name = next(filter(None, map(self.beside_key, self.behind(row))), None)
        if name is None or above is None or name[0] == indent:
            return match
        opened = above.rstrip().endswith(":") and _indent(above) == name[0] - self.step
        sibling = self.beside_key(above)
        if not opened and (sibling is None or sibling[0] != name[0]):
            return match
        where = "further" if indent > name[0] else "less"
        message = f"{match[2]}: is indented {where} than {name[1]}:"
        self.note(row, indent, "Y011", message, f"{spaces(name[0])}, like {name[1]}:")
        self.lines[row] = " " * name[0] + self.lines[row].lstrip()
        return self.key.fullmatch(self.lines[row])

    def behind(self, row: int) -> Iterator[str]:
        """The lines below a row that are not blank."""
        numbers = range(row + 1, len(self.lines))
        return (self.lines[number] for number in numbers if self.lines[number].strip())

    def lines_above(self, row: int) -> str | None:
        """The nearest line above that is neither blank nor a comment."""
        numbers = range(row - 1, -1, -1)
        above = (self.lines[number] for number in numbers if self.lines[number].strip())
        return next((line for line in above if line.lstrip()[0] != "#"), None)

    def beside_key(self, line: str) -> tuple[int, str] | None:
        """The indentation of a line, and the known key with which it starts."""
        match = _KEY.match(line)
        known = match is not None and match[2] in self.beside
        return (len(match[1]), match[2]) if match and known else None

    def opened(self, match: re.Match[str], row: int) -> bool:
        """True when a text block begins here, or was meant to begin."""
        indent, key, colon, rest = match[1], match[2], match[4], match[6].rstrip()
        if colon == ":" and match[5] and not match[3] and _BAR.fullmatch(rest):
            return True
        if _OTHER_BLOCK.fullmatch(rest) or rest.startswith(('"', "'")):
            return False
        below = self.below(row, len(indent))
        if rest == "|":
            message = f"a text block begins with {key}: |"
        elif colon and rest.startswith("|"):
            message = "unexpected text after '|': the text must begin on the next line"
        elif colon and (not rest or rest.startswith("#")):
            if not below:
                return False
            message = f"expected '|' after {key}:"
        elif colon and (below == "in" or ": " in rest or rest[0] in _NEVER_FIRST):
            message = f"the text of {key}: must begin on the next line"
        else:
            return False
        hint = f"write {key}: |"
        hint += (
            " and keep the lines below" if below else " and the text on the lines below, indented"
        )
        self.note(row, len(indent), "Y010", message, hint)
        self.lines[row] = f"{indent}{key}: |"
        return True

    def below(self, row: int, indent: int) -> str:
        """How the next line relates to the key at `row`: "in" it, its "prose" without indentation,
        or ""."""
        line = next(self.behind(row), "")
        if _indent(line) > indent:
            return "in"
        return "prose" if self.is_prose(line, indent) else ""

    def is_prose(self, line: str, indent: int) -> bool:
        """True for a line that cannot be a key of the file."""
        said = line.strip()
        if not _PROSE.match(said) or said.startswith(("'", '"')):
            return False
        name = _NAME.match(said)
        if name is None:
            return True
        if name[1].casefold() in self.beside:
            return False
        # A name alone may be the key of the next mapping: `Porch:`.
        return name.end() < len(said) or _indent(line) >= indent


class _Block:
    """The lines of one text block, starting at `first`; its key is at column `indent`."""

    def __init__(self, page: _Page, first: int, indent: int, key: str, *, reported: bool) -> None:
        self.page, self.first, self.indent, self.key = page, first, indent, key
        self.inner: int | None = None
        self.reported = reported

    def end(self) -> int:
        """The row after the block."""
        for row in range(self.regular(), len(self.page.lines)):
            line = self.page.lines[row]
            if not line.strip():
                continue
            indent = _indent(line)
            if self.inner is None and indent > self.indent:
                if line[indent] == "\t" and self.strange(row, indent):
                    indent = self.column()
                self.inner = self.first_column(row, indent)
            elif (self.inner is None or indent < self.inner) and not self.goes_on(row, indent):
                return row
        return len(self.page.lines)

    def regular(self) -> int:
        """The row after a text whose lines are all indented as far as the first or further; the
        first row of any other text."""
        lines, row = self.page.lines, self.first
        inner = _indent(lines[row]) if row < len(lines) else 0
        if inner <= self.indent or lines[row][inner:][:1].isspace():
            return row
        margin = " " * inner
        while row < len(lines) and (lines[row].startswith(margin) or not lines[row].strip()):
            row += 1
        if row < len(lines) and _indent(lines[row]) > self.indent:
            return self.first
        self.inner = inner
        return row

    def goes_on(self, row: int, indent: int) -> bool:
        """Note a line with less indentation that was meant as part of the text; True for such a
        line."""
        line = self.page.lines[row]
        if line[indent] in "\t\u00a0\u3000":
            return self.strange(row, indent)
        if indent > self.indent and (key := self.page.beside_key(line)):
            self.between(row, key[1])
            return False
        if indent > self.indent or self.page.is_prose(line, self.indent):
            self.slipped(row)
            return True
        if line[indent] == "#" and self.goes_on_below(row):
            self.comment(row, indent)
            return True
        return False

    def first_column(self, row: int, indent: int) -> int:
        """The column (from 0) of the text; its first lines may have more indentation."""
        rest = [_indent(line) for line in self.rest(row)]
        ahead = next((i for i, one in enumerate(rest) if one < indent), len(rest))
        later, inner = rest[ahead:], min(rest)
        further_in = ahead + sum(one >= indent for one in later)
        if 2 * further_in > len(rest) or (2 * further_in == len(rest) and inner != self.indent + 2):
            return indent
        self.page.note(
            row, indent, "Y011",
            f"this line is indented further than the rest of the text under {self.key}:",
            spaces(inner),
        )  # fmt: skip
        for number in range(row, row + ahead):
            self.page.lines[number] = " " * inner + self.page.lines[number].lstrip()
        return inner

    def rest(self, row: int) -> list[str]:
        """The lines under the key, starting at `row`."""
        found = []
        for line in self.page.behind(row - 1):
            if _indent(line) <= self.indent:
                break
            found.append(line)
        return found

    def slipped(self, row: int) -> None:
        column = self.column()
        if not self.reported:
            self.page.note(
                row, _indent(self.page.lines[row]), "Y011",
                f"this line is not indented far enough to belong to the text under {self.key}:",
                f"{spaces(column)}, like the other lines",
            )  # fmt: skip
        self.reported = True
        self.page.lines[row] = " " * column + self.page.lines[row].lstrip()

    def between(self, row: int, key: str) -> None:
        """Note a key of the file whose indentation is between the text's and its key's."""
        message = f"{key}: is indented further than {self.key}:"
        hint = f"{spaces(self.indent)}, like {self.key}:"
        self.page.note(row, _indent(self.page.lines[row]), "Y011", message, hint)
        self.page.lines[row] = " " * self.indent + self.page.lines[row].lstrip()

    def strange(self, row: int, column: int) -> bool:
        """Note a space character that YAML does not accept; True when the line belongs to the
        text."""
        sign = self.page.lines[row][column]
        name = "a tab" if sign == "\t" else f"U+{ord(sign):04X}, which is not a plain space"
        code = "Y001" if sign == "\t" else "Y009"
        if not self.reported:
            self.page.note(
                row, column, code, f"this line is indented with {name}", "indent with spaces"
            )
        self.reported = True
        text = self.page.lines[row].lstrip()
        prose = self.page.is_prose(" " * self.column() + text, self.indent)
        self.page.lines[row] = " " * (self.column() if prose else self.indent) + text
        return prose

    def comment(self, row: int, column: int) -> None:
        self.page.note(
            row, column, "Y012", f"this comment ends the text under {self.key}:, but more lines "
                                 "of the text follow",
            f"move the comment above {self.key}:",
        )  # fmt: skip
        self.page.lines[row] = ""

    def goes_on_below(self, row: int) -> bool:
        """True when the text continues after comments."""
        below = self.page.behind(row)
        following = next((line for line in below if line.lstrip()[0] != "#"), "")
        return _indent(following) >= (self.inner or self.indent + 1)

    def column(self) -> int:
        return self.indent + 2 if self.inner is None else self.inner


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
