"""What a passage holds, whatever its story format: words, values, links, conditions, effects."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from xrdrama.authoring.exchange.twee.expressions import Flavour, Name, NotParsedError, Tree, parse
from xrdrama.errors import UsageError
from xrdrama.story.formats import NotCarriedOver

DEEPEST = 40
"""Most levels of macros inside macros."""
MOST_UNCLOSED = 200
LONGEST_MACRO = 4000


class Words(msgspec.Struct, frozen=True):
    """Prose, without markup. A line feed ends a line."""

    text: str
    line: int


class Value(msgspec.Struct, frozen=True):
    """A value that is printed."""

    tree: Tree
    line: int


class Set(msgspec.Struct, frozen=True):
    """A variable is set."""

    name: str
    tree: Tree
    line: int


class If(msgspec.Struct, frozen=True):
    """Alternatives, of which the first with a true condition counts; None is always true."""

    branches: tuple[tuple[Tree | None, Nodes], ...]
    line: int


class Link(msgspec.Struct, frozen=True):
    """A link: to a passage, or (`to` is "") to what is inside it."""

    label: Nodes
    to: str
    inside: Nodes
    line: int
    once: bool = False


class Goto(msgspec.Struct, frozen=True):
    """The next passage, without a pick."""

    to: str
    line: int


class Include(msgspec.Struct, frozen=True):
    """Another passage is shown here."""

    to: str
    line: int


class Timed(msgspec.Struct, frozen=True):
    """What happens after some seconds."""

    seconds: float
    inside: Nodes
    line: int


class Note(msgspec.Struct, frozen=True):
    """A comment; those that xrdrama's export writes have a meaning."""

    text: str
    line: int


Node = Words | Value | Set | If | Link | Goto | Include | Timed | Note
Nodes = tuple[Node, ...]


class Book:
    """What is noted while a file is read: what is left out, and conditions that are not known."""

    def __init__(self) -> None:
        self.lost: list[NotCarriedOver] = []
        self.unknown: list[str] = []
        self.unclosed = self.rolls = 0

    def lose(self, line: int, what: str) -> None:
        """List what is not carried over."""
        self.lost.append(NotCarriedOver(max(1, line), " ".join(what.split())[:160]))

    def unfinished(self, line: int, what: str) -> None:
        """List a mark that is not closed. UsageError for a file that is full of them."""
        self.unclosed += 1
        if self.unclosed > MOST_UNCLOSED:
            raise UsageError(
                f"line {line}: more than {MOST_UNCLOSED} macros and links are not closed",
                "check that this is a Twee file, and close them",
            )
        self.lose(line, f"{what}: read as text")

    def condition(self, text: str, flavour: Flavour, line: int) -> Tree:
        """A condition. One that cannot be read becomes a variable that the author sets."""
        try:
            return parse(text, flavour)
        except NotParsedError as error:
            name = self.stand_in()
            self.lose(line, f"condition {_short(text)} ({error}): the variable {name} stands for "
                            "it, and is false")  # fmt: skip
            return Name(name)

    def stand_in(self) -> str:
        """The name of a new variable for a condition that cannot be read."""
        name = f"condition_{len(self.unknown) + 1}"
        self.unknown.append(name)
        return name

    def roll(self) -> str:
        """The name of a new variable for a random number that a condition asks."""
        self.rolls += 1
        return f"roll_{self.rolls}"

    def value(self, text: str, flavour: Flavour, line: int, what: str) -> Tree | None:
        """An expression, or None, which is listed."""
        try:
            return parse(text, flavour)
        except NotParsedError as error:
            self.lose(line, f"{what} {_short(text)}: {error}")
            return None

    def effect(self, text: str, flavour: Flavour, line: int) -> Iterator[Set]:
        """`$a to 1`, `$a += 1`, `$a++` as an assignment; one that cannot be read is listed."""
        match = _ASSIGNMENT.fullmatch(text)
        if match is None:
            self.lose(line, f"effect {_short(text)}: it does not set a variable")
            return
        name, sign, rest = match[1].lstrip("$"), match[2], match[3]
        if sign in ("++", "--"):
            sign, rest = f"{sign[0]}=", "1"
        try:
            if sign[0] in "+-*/%" and sign[-1] == "=":
                tree = parse(f"${name} {sign[0]} ({rest})", "sugarcube")
            else:
                tree = parse(rest, flavour, Name(name))
        except NotParsedError as error:
            self.lose(line, f"effect {_short(text)}: {error}")
            return
        yield Set(name, tree, line)


_ASSIGNMENT = re.compile(
    r"\s*(\$[^\W\d][\w.]*|_[^\W\d][\w.]*)\s*"
    r"(to\b|=(?!=)|\+=|-=|\*=|/=|%=|\+\+|--)\s*(.*?)\s*",
    re.DOTALL,
)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."


def split(text: str, signs: str) -> list[str]:
    """The parts between these signs, outside brackets and quotation marks."""
    parts, depth, quote, start = [], 0, "", 0
    escaped = False
    for at, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote and not escaped else quote
            escaped = sign == "\\" and not escaped
        elif sign in "\"'`":
            quote, escaped = sign, False
        elif sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        elif sign in signs and depth <= 0:
            parts.append(text[start:at])
            start = at + 1
    return [part for part in (*parts, text[start:]) if part.strip()]


def unquoted(text: str) -> str:
    """A quoted text without its quotation marks; "" if it is not one."""
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'`":
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return ""


def link_of(inside: str) -> tuple[str, str]:
    """Label and passage of what is between [[ and ]]: `a`, `a->b`, `b<-a`, `a|b`."""
    if "->" in inside:
        label, _, to = inside.rpartition("->")
    elif "<-" in inside:
        to, _, label = inside.partition("<-")
    elif "|" in inside:
        label, _, to = inside.rpartition("|")
    else:
        label = to = inside
    return label.strip(), to.strip()


_STYLES = (
    re.compile(r"(?<!:)//(?=\S)(.+?)(?<!:)//"),
    re.compile(r"''(.+?)''"),
    re.compile(r"__(?=\S)(.+?)__"),
    re.compile(r"~~(.+?)~~"),
    re.compile(r"\^\^(.+?)\^\^"),
    re.compile(r"==(?=\S)(.+?)=="),
    re.compile(r"(?<![\w*])\*\*?(?=[^\s*])([^*\n]+?)(?<=\S)\*\*?(?![\w*])"),
)
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>\n]{0,400})?/?>")
_BREAK = re.compile(r"<br\s*/?>|</?p>|</?div[^<>\n]{0,200}>", re.IGNORECASE)
_START = re.compile(r"^(?:[ \t]*(?:[*#>]+|!{1,6}|-{3,})[ \t]*)(?=\S|$)")
_MOST = 20_000


def plain(text: str, line: int, book: Book) -> str:
    """Prose without emphasis, HTML and list marks, which are listed once for each line."""
    rows = []
    for number, row in enumerate(text.split("\n")):
        bare = row[:_MOST]
        if row != bare:
            book.lose(line + number, f"text after {_MOST} characters of a line")
        if any(sign in bare for sign in "/'_~^=*<"):
            for pattern in _STYLES:
                bare = pattern.sub(r"\1", bare)
            bare = _TAG.sub("", _BREAK.sub("\n", bare))
        if bare != row[:_MOST]:
            book.lose(line + number, "style: the words are there, plain")
        rows.append(bare)
    return "\n".join(rows)
