"""Harlowe's markup and macros (https://twine2.neocities.org/) as nodes."""

from __future__ import annotations

import re
from collections.abc import Callable

from xrdrama.authoring.exchange.twee.expressions import Name, Number, Text, Tree, negated
from xrdrama.authoring.exchange.twee.nodes import (
    DEEPEST,
    LONGEST_MACRO,
    Book,
    Goto,
    If,
    Include,
    Link,
    Node,
    Nodes,
    Note,
    Timed,
    Value,
    Words,
    link_of,
    plain,
    split,
    unquoted,
)
from xrdrama.authoring.exchange.twee.sugarcube import seconds_of
from xrdrama.errors import UsageError

_SPECIAL = re.compile(
    r"\([A-Za-z][\w-]*:|\[\[|\[|\]|<!--|`+|\|[\w-]*[>)]|<[\w-]+\||[{}]|\$[^\W\d]|(?<!\w)_[^\W\d_]"
)
_NAME = re.compile(r"[$_][^\W\d]\w*")
_LINK = re.compile(r"\[\[((?:[^\]\n]|\](?!\]))+)\]\]")
_NEXT = re.compile(r"\s*\((else-?if|else|unless):", re.IGNORECASE)
_HOOK = re.compile(r"\s*(?:\|[\w-]*[>)])?\[(?!\[)")
_PLUS = re.compile(r"\s*\+\s*(?=\()")
_LINKS = ("link", "linkrepeat", "linkreveal", "linkreplace", "linkrerun", "linkrevealgoto",
          "linkgoto", "click", "clickreplace")  # fmt: skip


def parse_passage(text: str, line: int, book: Book) -> Nodes:
    """The nodes of a passage whose text begins at a line of the file."""
    return tuple(_Reader(text, line, book).nodes(0))


class _Reader:
    def __init__(self, text: str, line: int, book: Book) -> None:
        self.text, self.book = text, book
        self.at, self.line, self.counted = 0, line, 0
        self.simple: dict[str, Callable[[str, int], list[Node]]] = {
            "set": self._set, "put": self._put, "print": self._print, "goto": self._goto,
            "display": self._display, "linkgoto": self._link_goto,
        }  # fmt: skip

    def now(self) -> int:
        """The line of the current position."""
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.line

    def nodes(self, depth: int) -> list[Node]:
        """The nodes up to the end of the hook, or of the passage at depth 0."""
        if depth > DEEPEST:
            raise UsageError(f"line {self.now()}: hooks are nested more than {DEEPEST} levels deep",
                             "move some of them into passages of their own")  # fmt: skip
        found: list[Node] = []
        while self.at < len(self.text):
            match = _SPECIAL.search(self.text, self.at)
            end = match.start() if match else len(self.text)
            if end > self.at:
                line = self.now()
                found.append(Words(plain(self.text[self.at : end], line, self.book), line))
                self.at = end
            if match is None:
                break
            if match[0] == "]" and depth:
                self.at += 1
                return found
            found += self._special(match[0], depth)
        if depth:
            self.book.unfinished(self.now(), "a hook '[' is not closed")
        return found

    def _special(self, mark: str, depth: int) -> list[Node]:
        line = self.now()
        if mark[0] == "(":
            return self._macro(depth)
        if mark == "[[":
            return self._plain_link(line)
        if mark == "[":
            self.at += 1
            return self.nodes(depth + 1)
        if mark == "<!--" or mark[0] == "`":
            return self._quoted(mark, line)
        if mark[0] in "$_":
            match = _NAME.match(self.text, self.at)
            assert match is not None
            self.at = match.end()
            return [Value(Name(match[0].lstrip("$")), line)]
        self.at += len(mark)
        if mark in "{}" or mark[0] in "|<":  # collapsed spaces; the name of a hook
            return []
        return [Words(mark, line)]

    def _quoted(self, mark: str, line: int) -> list[Node]:
        closer = "-->" if mark == "<!--" else mark
        start = self.at + len(mark)
        end = self.text.find(closer, start)
        if end < 0:
            self.book.unfinished(line, f"{mark[:5]} is not closed")
            self.at = start
            return [Words(mark, line)]
        self.at = end + len(closer)
        inside = self.text[start:end]
        return [Note(inside.strip(), line)] if mark == "<!--" else [Words(inside, line)]

    def _plain_link(self, line: int) -> list[Node]:
        match = _LINK.match(self.text, self.at)
        if match is None:
            self.book.unfinished(line, "[[ is not closed")
            self.at += 2
            return [Words("[[", line)]
        self.at = match.end()
        label, to = link_of(match[1])
        return [Link(self._label(label, line), to, (), line)]

    def _label(self, text: str, line: int) -> Nodes:
        found: list[Node] = []
        at = 0
        for match in re.finditer(r"\$[^\W\d]\w*", text):
            found.append(Words(plain(text[at : match.start()], line, self.book), line))
            found.append(Value(Name(match[0][1:]), line))
            at = match.end()
        return (*found, Words(plain(text[at:], line, self.book), line))

    # -- macros -----------------------------------------------------------------------------------

    def _macro(self, depth: int) -> list[Node]:
        line = self.now()
        end = _bracket(self.text, self.at)
        if end < 0:
            self.book.unfinished(line, "a macro '(' is not closed")
            self.at += 1
            return [Words("(", line)]
        shown, _, rest = self.text[self.at + 1 : end].partition(":")
        name, rest = re.sub("[-_]", "", shown).lower(), rest.strip()
        self.at = end + 1
        if name in ("if", "unless"):
            return self._if(name, rest, line, depth)
        if name in self.simple:
            return self.simple[name](rest, line)
        while plus := _PLUS.match(self.text, self.at):  # changers that are joined
            end = _bracket(self.text, plus.end())
            if end < 0:
                break
            self.book.lose(line, f"macro {self.text[plus.end() : end + 1][:60]}")
            self.at = end + 1
        hook = self._hook(depth)
        if name in _LINKS and hook is not None:
            return self._link(name, rest, hook, line)
        if name in ("after", "live") and hook is not None:
            return [Timed(seconds_of(rest.partition(",")[0]), hook, line)]
        unexpected = "unexpected " if name in ("else", "elseif") else ""
        kept = ": what is inside is carried over" if hook else ""
        self.book.lose(line, f"{unexpected}macro ({shown}: {rest[:60]}){kept}")
        return list(hook or ())

    def _hook(self, depth: int) -> Nodes | None:
        """What is in the hook that follows; None without one."""
        match = _HOOK.match(self.text, self.at)
        if match is None:
            return None
        self.at = match.end()
        return tuple(self.nodes(depth + 1))

    def _if(self, name: str, rest: str, line: int, depth: int) -> list[Node]:
        branches: list[tuple[Tree | None, Nodes]] = []
        condition: Tree | None = self._asked(name, rest, line)
        while True:
            hook = self._hook(depth)
            if hook is None:
                self.book.lose(line, f"macro ({name}: {rest[:60]}) without a hook")
                hook = ()
            branches.append((condition, hook))
            match = _NEXT.match(self.text, self.at) if condition is not None else None
            if match is None or match[1].lower() == "unless":
                return [If(tuple(branches), line)]
            start = self.text.index("(", self.at)
            end = _bracket(self.text, start)
            if end < 0:
                return [If(tuple(branches), line)]
            self.at = start
            line = self.now()
            name, _, rest = self.text[start + 1 : end].partition(":")
            name, self.at = re.sub("[-_]", "", name).lower(), end + 1
            condition = self._asked(name, rest.strip(), line) if name == "elseif" else None

    def _asked(self, name: str, rest: str, line: int) -> Tree:
        condition = self.book.condition(rest, "harlowe", line)
        return negated(condition) if name == "unless" else condition

    def _set(self, rest: str, line: int) -> list[Node]:
        return [one for text in split(rest, ",") for one in self.book.effect(text, "harlowe", line)]

    def _put(self, rest: str, line: int) -> list[Node]:
        found: list[Node] = []
        for text in split(rest, ","):
            value, _, name = text.rpartition(" into ")
            found += self.book.effect(f"{name} to {value}", "harlowe", line)
        return found

    def _print(self, rest: str, line: int) -> list[Node]:
        tree = self.book.value(rest, "harlowe", line, "value")
        if isinstance(tree, Text | Number):
            return [Words(tree.text, line)]
        return [Value(tree, line)] if tree is not None else []

    def _passage(self, macro: str, text: str, line: int) -> str:
        name = unquoted(text)
        if not name:
            self.book.lose(
                line, f"({macro}: {text.strip()[:60]}): the passage is not a quoted name"
            )
        return name

    def _goto(self, rest: str, line: int) -> list[Node]:
        to = self._passage("go-to", rest, line)
        return [Goto(to, line)] if to else []

    def _display(self, rest: str, line: int) -> list[Node]:
        to = self._passage("display", rest, line)
        return [Include(to, line)] if to else []

    def _link_goto(self, rest: str, line: int) -> list[Node]:
        label, *others = split(rest, ",") or [""]
        to = self._passage("link-goto", others[-1] if others else label, line)
        return [Link(self._label(unquoted(label), line), to, (), line)] if to else []

    def _link(self, name: str, rest: str, hook: Nodes, line: int) -> list[Node]:
        label, *others = split(rest, ",") or [""]
        to = self._passage(name, others[-1], line) if others and "goto" in name else ""
        if name.startswith("click") or not unquoted(label):
            self.book.lose(line, f"macro ({name}: {rest[:60]}): what is inside is carried over")
            return list(hook)
        return [Link(self._label(unquoted(label), line), to, hook, line, name != "linkrepeat")]


def _bracket(text: str, start: int) -> int:
    """The position of the bracket that closes the one at `start`; -1 without one."""
    depth, quote, escaped = 0, "", False
    for at in range(start, min(len(text), start + LONGEST_MACRO)):
        sign = text[at]
        if quote:
            quote = "" if sign == quote and not escaped else quote
            escaped = sign == "\\" and not escaped
        elif sign in "\"'" and not (sign == "'" and text[at - 1 : at].isalnum()):
            quote = sign
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
            if depth == 0:
                return at
    return -1
