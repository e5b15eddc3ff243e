"""SugarCube's markup and macros (https://www.motoslave.net/sugarcube/2/docs/) as nodes."""

from __future__ import annotations

import re
from collections.abc import Callable

from xrdrama.authoring.exchange.twee.expressions import Name, Number, Text, Tree
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
from xrdrama.errors import UsageError

_SPECIAL = re.compile(
    r"<<|\[\[|\[img\[|/%|/\*|<!--|\"\"\"|\{\{\{|<nowiki>|@@|\\\n|\n\\"
    r"|\$[^\W\d]|(?<!\w)_[^\W\d_]"
)
_MACRO = re.compile(
    r"""<<(/?[A-Za-z][\w-]*|[-=])((?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|[^>"'`]|>(?!>))*)>>""",
    re.DOTALL,
)
_LOOSE_MACRO = re.compile(r"<<(/?[A-Za-z][\w-]*|[-=])([^<>]*)>>")
_NAKED = re.compile(r"[$_][^\W\d]\w*(?:\.[^\W\d]\w*)*")
_LINK = re.compile(r"\[\[((?:[^\]\n]|\](?![\]\[]))+)\](?:\[([^\]\n]*)\])?\]")
_OURS = re.compile(
    r'@@\.(heading|action|ending);((?:"""(?:(?!""")[^\n])*"""|(?!@@)[^\n]){0,4000})@@'
)
_STYLE = re.compile(r"@@(?:[^@;\n]{0,100};)+")
_ARGUMENT = re.compile(
    r"""\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|\[\[[^\]]*\](?:\[[^\]]*\])?\]|\S+)"""
)
_CLOSERS = {"/%": "%/", "/*": "*/", "<!--": "-->", '"""': '"""', "{{{": "}}}",
            "<nowiki>": "</nowiki>"}  # fmt: skip
_DROPPED = ("widget", "script", "style", "createplaylist", "cacheaudio", "cycle", "listbox",
            "repeat", "createaudiogroup")  # fmt: skip
"""Containers of which nothing is shown, or what a viewer has to work."""
_SHOWN = ("nobr", "capture", "do", "type", "append", "prepend", "replace", "message", "dialog")
_REVEALING = ("linkreplace", "linkappend", "linkprepend")


def parse_passage(text: str, line: int, book: Book) -> Nodes:
    """The nodes of a passage whose text begins at a line of the file."""
    reader = _Reader(text, line, book)
    found = reader.nodes(())
    return tuple(found)


class _Reader:
    def __init__(self, text: str, line: int, book: Book) -> None:
        self.text, self.book = text, book
        self.at, self.line, self.counted = 0, line, 0
        self.frames: list[tuple[str, ...]] = []
        self.closed = set(re.findall(r"<</([\w-]+)", text))
        self.closing: tuple[str, str, int] = ("", "", 0)
        self.simple: dict[str, Callable[[str, int], list[Node]]] = {
            "set": self._set, "goto": self._goto, "include": self._include,
            "display": self._include, "print": self._print, "=": self._print, "-": self._print,
            "actions": self._actions, "choice": self._choice,
        }  # fmt: skip
        self.containers: dict[str, Callable[[str, int], list[Node]]] = {
            "if": self._if, "switch": self._switch, "link": self._link, "button": self._link,
            "timed": self._timed, "silently": self._silently, "silent": self._silently,
        }  # fmt: skip

    def now(self) -> int:
        """The line of the current position."""
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.line

    def nodes(self, closers: tuple[str, ...]) -> list[Node]:
        """The nodes up to one of the closing macros, which is then in `closing`."""
        if len(self.frames) > DEEPEST:
            raise UsageError(
                f"line {self.now()}: macros are nested more than {DEEPEST} levels deep",
                "move some of them into passages of their own",
            )
        self.frames.append(closers)
        found: list[Node] = []
        self.closing = ("", "", 0)
        while self.at < len(self.text):
            match = _SPECIAL.search(self.text, self.at)
            end = match.start() if match else len(self.text)
            if end > self.at:
                line = self.now()
                found.append(Words(plain(self.text[self.at : end], line, self.book), line))
                self.at = end
            if match and self._special(match[0], found):
                break
        self.frames.pop()
        return found

    def _special(self, mark: str, found: list[Node]) -> bool:
        """Read what begins with a mark; True at a macro that closes the current one."""
        if mark == "<<":
            return self._macro(found)
        if mark == "[[":
            found += self._plain_link()
        elif mark == "[img[":
            end = self.text.find("]]", self.at)
            self.book.lose(self.now(), f"image {self.text[self.at + 5 : end][:60]}")
            self.at = end + 2 if end >= 0 else self.at + 5
        elif mark in _CLOSERS:
            found += self._quoted(mark)
        elif mark == "@@":
            found += self._styled()
        elif "\n" in mark:  # a backslash joins two lines
            self.at += 2
        else:
            found += self._naked()
        return False

    def _naked(self) -> list[Node]:
        match = _NAKED.match(self.text, self.at)
        if match is None:
            return self._literal(1)
        line, self.at = self.now(), match.end()
        if self.text[self.at : self.at + 1] == "[":
            self.book.lose(line, f"value {match[0]}[...]: xrdrama has no lists")
        return [Value(Name(match[0].lstrip("$")), line)]

    def _literal(self, count: int) -> list[Node]:
        line, text = self.now(), self.text[self.at : self.at + count]
        self.at += count
        return [Words(text, line)]

    def _quoted(self, mark: str) -> list[Node]:
        """A comment, or text in which nothing is markup."""
        line, start = self.now(), self.at + len(mark)
        end = self.text.find(_CLOSERS[mark], start)
        if end < 0:
            self.book.unfinished(line, f"{mark} is not closed")
            return self._literal(len(mark))
        inside = self.text[start:end]
        self.at = end + len(_CLOSERS[mark])
        if mark in ("/%", "/*", "<!--"):
            return [Note(inside.strip(), line)]
        return [Words(inside, line)]

    def _styled(self) -> list[Node]:
        """`@@.class;text@@`: its words; xrdrama's export marks headings and actions like this."""
        line = self.now()
        ours = _OURS.match(self.text, self.at)
        if ours is not None:
            inner = _Reader(ours[2], line, self.book)
            inside = inner.nodes(())
            self.at = ours.end()
            return [Note(ours[1], line), *inside, Note(".end", line)]
        match = _STYLE.match(self.text, self.at)
        self.at = match.end() if match else self.at + 2
        if match:
            self.book.lose(line, "style: the words are there, plain")
        return []

    def _plain_link(self) -> list[Node]:
        line = self.now()
        match = _LINK.match(self.text, self.at)
        if match is None:
            self.book.unfinished(line, "[[ is not closed")
            return self._literal(2)
        self.at = match.end()
        return [self._linked(match[1], match[2] or "", line)]

    def _linked(self, inside: str, setter: str, line: int) -> Link:
        label, to = link_of(inside)
        effects = [one for text in split(setter, ",;")
                   for one in self.book.effect(text, "sugarcube", line)]  # fmt: skip
        return Link(self._label(label, line), to, tuple(effects), line)

    def _label(self, text: str, line: int) -> Nodes:
        """The text of a link, in which values can be printed."""
        found: list[Node] = []
        at = 0
        for match in re.finditer(r'"""(.*?)"""|\$[^\W\d][\w.]*\w|\$[^\W\d]', text):
            found.append(Words(plain(text[at : match.start()], line, self.book), line))
            value = Value(Name(match[0].lstrip("$")), line)
            found.append(Words(match[1], line) if match[0][0] == '"' else value)
            at = match.end()
        return (*found, Words(plain(text[at:], line, self.book), line))

    # -- macros -----------------------------------------------------------------------------------

    def _macro(self, found: list[Node]) -> bool:
        line, window = self.now(), self.text[self.at : self.at + LONGEST_MACRO]
        match = _MACRO.match(window) or _LOOSE_MACRO.match(window)
        if match is None:
            self.book.unfinished(line, "<< is not closed")
            found += self._literal(2)
            return False
        self.at += match.end()
        name, rest = match[1], match[2].strip()
        if name == "return" and self.text.startswith("/% return %/", self.at):
            return False
        if any(name in frame for frame in self.frames):
            self.closing = (name, rest, line)
            return True
        if name in self.containers:
            found += self.containers[name](rest, line)
        elif name in self.simple:
            found += self.simple[name](rest, line)
        elif name in _REVEALING:
            inside = self._inside(name, line)
            found.append(Link(self._label(self._first(rest), line), "", inside, line, True))
        elif name in _DROPPED:
            self._inside(name, line) if name in self.closed else ()
            self.book.lose(line, f"<<{name} {rest[:60]}>>")
        elif name in self.closed and name not in ("else", "elseif"):
            shown = self._inside(name, line)
            if name not in _SHOWN[:3]:
                self.book.lose(line, f"<<{name} {rest[:60]}>>: what is inside is carried over")
            found += shown
        else:
            what = "unexpected " if name[0] == "/" or name in ("else", "elseif") else ""
            self.book.lose(line, f"{what}<<{name}{' ' if rest else ''}{rest[:60]}>>")
        return False

    def _inside(self, name: str, line: int, *others: str) -> Nodes:
        """The nodes up to the closing macro of a container."""
        found = self.nodes((f"/{name}", f"end{name}", *others))
        self._closed(name, line, (f"/{name}", f"end{name}", *others))
        return tuple(found)

    def _closed(self, name: str, line: int, closers: tuple[str, ...]) -> None:
        """List a container that ends with another one or with the passage."""
        if self.closing[0] in closers:
            return
        self.book.lose(line, f"<<{name}>> is not closed: it ends where what is around it ends")
        if self.closing[0]:  # the closing macro of an outer one, which reads it again
            self.at = self.text.rfind("<<", 0, self.at)

    def _if(self, rest: str, line: int) -> list[Node]:
        branches: list[tuple[Tree | None, Nodes]] = []
        condition: Tree | None = self.book.condition(rest, "sugarcube", line)
        closers = ("elseif", "else", "/if", "endif")
        while True:
            found = self.nodes(closers)
            branches.append((condition, tuple(found)))
            self._closed("if", line, closers)
            name, rest, at = self.closing
            if name == "elseif" or (name == "else" and rest.startswith("if ")):
                condition = self.book.condition(rest.removeprefix("if "), "sugarcube", at)
            elif name == "else":
                condition = None
            else:
                return [If(tuple(branches), line)]

    def _switch(self, rest: str, line: int) -> list[Node]:
        branches: list[tuple[Tree | None, Nodes]] = []
        closers = ("case", "default", "/switch")
        self.nodes(closers)
        made: list[Node] = []
        if rest.startswith(("random(", "either(")):  # one value for all cases
            name = self.book.roll()
            made += self.book.effect(f"${name} to {rest}", "sugarcube", line)
            rest = f"${name}"
        while self.closing[0] in ("case", "default"):
            name, values, at = self.closing
            condition: Tree | None = None
            if name == "case":
                tests = [f"({rest}) == ({one})" for one in _arguments(values)]
                condition = self.book.condition(" or ".join(tests), "sugarcube", at)
            branches.append((condition, tuple(self.nodes(closers))))
        self._closed("switch", line, ("/switch",))
        return [*made, If(tuple(branches), line)] if branches else []

    def _set(self, rest: str, line: int) -> list[Node]:
        return [one for text in split(rest, ",;")
                for one in self.book.effect(text, "sugarcube", line)]  # fmt: skip

    def _first(self, rest: str) -> str:
        words = _arguments(rest)
        return unquoted(words[0]) if words else ""

    def _passage(self, rest: str) -> str:
        """The passage that a macro names: "name" or [[name]]; "" for an expression."""
        words = _arguments(rest)
        if not words:
            return ""
        if words[0].startswith("[["):
            return link_of(words[0].strip("[]"))[1]
        return unquoted(words[0]) or ("" if words[0][0] in "$_" else words[0])

    def _goto(self, rest: str, line: int) -> list[Node]:
        to = self._passage(rest)
        if not to:
            self.book.lose(line, f"<<goto {rest[:60]}>>: the passage is not a quoted name")
        return [Goto(to, line)] if to else []

    def _include(self, rest: str, line: int) -> list[Node]:
        to = self._passage(rest)
        if not to:
            self.book.lose(line, f"<<include {rest[:60]}>>: the passage is not a quoted name")
        return [Include(to, line)] if to else []

    def _print(self, rest: str, line: int) -> list[Node]:
        tree = self.book.value(rest, "sugarcube", line, "value")
        if isinstance(tree, Text | Number):
            return [Words(tree.text, line)]
        return [Value(tree, line)] if tree is not None else []

    def _actions(self, rest: str, line: int) -> list[Node]:
        names = [unquoted(one) or link_of(one.strip("[]"))[1] for one in _arguments(rest)]
        return [Link((Words(name, line),), name, (), line, True) for name in names if name]

    def _choice(self, rest: str, line: int) -> list[Node]:
        words = _arguments(rest)
        to = self._passage(rest)
        label = unquoted(words[1]) if len(words) > 1 else to
        return [Link((Words(label, line),), to, (), line)] if to else []

    def _link(self, rest: str, line: int) -> list[Node]:
        words = _arguments(rest)
        inside = self._inside("link" if "link" in self.closed else "button", line) if (
            {"link", "button"} & self.closed
        ) else ()  # fmt: skip
        if words and words[0].startswith("[["):
            match = _LINK.match(words[0])
            link = self._linked(match[1], match[2] or "", line) if match else None
        else:
            to = (unquoted(words[1]) or words[1]) if len(words) > 1 else ""
            link = Link(self._label(self._first(rest), line), to, (), line) if words else None
        if link is None:
            self.book.lose(line, f"<<link {rest[:60]}>>")
            return list(inside)
        if link.to[:1] in ("$", "_"):
            self.book.lose(line, f"link to {link.to[:40]}: the passage is not a quoted name")
            return []
        return [Link(link.label, link.to, (*link.inside, *inside), line)]

    def _timed(self, rest: str, line: int) -> list[Node]:
        seconds = seconds_of(rest.split(maxsplit=1)[0] if rest else "")
        found = self.nodes(("next", "/timed"))
        made: list[Node] = [Timed(seconds, tuple(found), line)]
        while self.closing[0] == "next":
            seconds += seconds_of(self.closing[1])
            made.append(Timed(seconds, tuple(self.nodes(("next", "/timed"))), self.closing[2]))
        self._closed("timed", line, ("/timed",))
        return made

    def _silently(self, _: str, line: int) -> list[Node]:
        name = "silently" if "silently" in self.closed else "silent"
        inside = self._inside(name, line)
        return [one for one in inside if not isinstance(one, Words | Value)]


def _arguments(rest: str) -> list[str]:
    return [match[1] for match in _ARGUMENT.finditer(rest)]


def seconds_of(text: str) -> float:
    """The seconds of a time such as 2s or 500ms; 1 for what is not one."""
    match = re.fullmatch(r"(\d{1,6}(?:\.\d{1,6})?)\s*(ms|s)?", text.strip("\"' "))
    if match is None:
        return 1.0
    return float(match[1]) / (1000 if match[2] == "ms" else 1)
