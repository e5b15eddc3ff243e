"""The script, the options and the paths of a beat, written from the nodes of its passage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from xrdrama.authoring.exchange.twee.expressions import (
    Call,
    Name,
    NotParsedError,
    Number,
    Text,
    Tree,
    both,
    negated,
    parse,
)
from xrdrama.authoring.exchange.twee.kinds import Declared, Writer
from xrdrama.authoring.exchange.twee.nodes import (
    Book,
    Goto,
    If,
    Include,
    Link,
    Node,
    Nodes,
    Note,
    Set,
    Timed,
    Value,
    Words,
)
from xrdrama.authoring.exchange.twee.plan import unique, walk
from xrdrama.document.names import is_name
from xrdrama.story.expressions.expression import (
    BOOL,
    ExpressionError,
    Kind,
    Names,
    compile_expression,
)
from xrdrama.story.screenplay.speakers import capitals, is_speaker, role_of

NARRATOR = "narrator"
_MOST_IFS, _MOST_DEEP, _MOST_OPTIONS, _LONGEST_OPTION = 3, 7, 12, 80
_SPEECH = re.compile(
    r"([^\W\d_][^:：()（）\"]{0,39}?)\s*(?:[(（]([^()（）]{1,80})[)）]\s*)?[:：]\s*(\S.*)"
)
_ENDS = '.!?…。！？:;"”’)'
_ID = re.compile(r"#(l[0-9a-z]{3,15})")
_CALL = re.compile(r"@[a-z][\w.]*(\s.*)?")


class Row(msgspec.Struct, frozen=True):
    """A row of a script; `text` is what is said or done, if the row is a line or an action."""

    depth: int
    row: str
    line: int
    text: str = ""


class Choosable(msgspec.Struct):
    """An option, before it is written."""

    label: str
    to: str
    effects: list[tuple[str, str]]
    condition: str
    line: int
    id: str = ""
    detour: str = ""
    once: bool = False
    fallback: bool = False


class Offered(msgspec.Struct, frozen=True):
    """A link: the condition under which it is there, that of its own branch, and its note."""

    link: Link
    asked: Tree | None
    own: Tree | None
    note: list[str]


class Way(msgspec.Struct):
    """A path to another beat without a pick."""

    to: str
    condition: str = ""
    effects: list[tuple[str, str]] = []


class BeatText(msgspec.Struct):
    """A beat, before it is written."""

    id: str
    line: int
    rows: list[Row] = []
    options: list[Choosable] = []
    exits: list[Way] = []
    lasts: float = 0
    otherwise: Way | None = None
    ending: tuple[str, str] = ("", "")
    returns: bool = False
    scene: str = ""


class Script:
    """Writes beats; keeps what all of them share: variables, roles, ids of lines."""

    def __init__(self, book: Book, variables: dict[str, Declared], beats: dict[str, str]) -> None:
        self.book, self.variables, self.beats = book, variables, beats
        self.taken = set(beats.values())
        self.written: list[BeatText] = []
        self.cast: dict[str, str] = {}
        self.line_ids: set[str] = set()
        self.names = {one.id for one in variables.values()}
        self.computed = {tree: one for one in variables.values() if (tree := _computed(one))}
        self.nested: list[Offered] = []
        self._known: Names | None = None
        self._size = (0, 0)

    def passage(self, name: str, nodes: Nodes, line: int, *, returns: bool) -> None:
        """Write the beats of a passage."""
        options = list(self._links(nodes, None))
        self._part(self.beats[name], name, nodes, options, line, returns=returns)

    # -- beats ----------------------------------------------------------------------------------

    def _part(
        self, beat: str, title: str, nodes: Nodes, links: list[Offered], line: int,
        *, returns: bool,
    ) -> None:  # fmt: skip
        """A beat of a passage; what follows a conditional <<goto>> is another one."""
        made = BeatText(beat, line, returns=returns)
        self.written.append(made)
        for at, node in enumerate(nodes):
            if isinstance(node, Goto):
                self._body(made, nodes[:at])
                self._exit(made, node.to, None, node.line)
                if links or any(self._is_said(one) for one in nodes[at + 1 :]):
                    self.book.lose(node.line, "what follows a goto, and the links beside it")
                return self._closed(made, title)
            if isinstance(node, If) and any(
                isinstance(one, Goto) for one in walk((node,), links=False)
            ):
                self._body(made, nodes[: at + 1])
                complete = self._gotos(made, node, None)
                if complete:
                    return self._closed(made, title)
                following = unique(beat, self.taken, "beat")
                made.exits.append(Way(following))
                rest = nodes[at + 1 :]
                return self._part(following, title, rest, links, node.line, returns=returns)
        self._body(made, nodes)
        self._choice(made, links)
        return self._closed(made, title)

    def _closed(self, made: BeatText, title: str) -> None:
        if made.lasts and not made.options and made.otherwise is not None:
            made.rows.append(Row(0, f"@wait {made.lasts:g}s", made.line))
            made.exits.append(made.otherwise)
            made.otherwise, made.lasts = None, 0
        if not (made.options or made.exits or made.returns or made.ending[0]):
            made.ending = (made.id, made.ending[1] or " ".join(title.split())[:80])

    def _body(self, made: BeatText, nodes: Sequence[Node]) -> None:
        kept: list[Node] = []
        for node in nodes:
            goto = next((one for one in walk((node,), links=False) if isinstance(one, Goto)), None)
            if isinstance(node, Timed) and goto is not None and node.seconds > 0:
                effects = [one for one in node.inside if isinstance(one, Set)]
                made.lasts = node.seconds
                made.otherwise = self._way(goto.to, None, goto.line, self._effects(effects))
                self.book.lose(node.line, "the time of a <<goto>>: it counts from the end of the "
                                          "script, not from its start")  # fmt: skip
            else:
                kept.append(node)
        self._noted(made, kept)
        self._rows(made, kept, 0)

    def _noted(self, made: BeatText, nodes: list[Node]) -> None:
        """What the export notes for a whole beat; these notes are removed from the nodes."""
        for node in list(nodes):
            if isinstance(node, Note):
                key, _, value = node.text.partition(":")
                if node.text == "return":
                    made.returns = True
                elif key == "scene" and is_name(value.strip()):
                    made.scene = value.strip()
                elif key == "ending" and is_name(value.strip()):
                    made.ending = (value.strip(), made.ending[1])
                else:
                    continue
                nodes.remove(node)

    def _gotos(self, made: BeatText, block: If, around: Tree | None) -> bool:
        """The paths of the gotos in a block; True if each branch has one."""
        complete, before = True, around
        for condition, inside in block.branches:
            asked = both(before, condition)
            goto = next((one for one in inside if isinstance(one, Goto)), None)
            nested = [one for one in inside if isinstance(one, If)]
            if goto is not None:
                last = condition is None and complete and around is None
                self._exit(made, goto.to, None if last else asked, goto.line)
            elif not any([self._gotos(made, one, asked) for one in nested]):
                complete = False
            if condition is not None:
                before = both(before, negated(condition))
        return complete and block.branches[-1][0] is None

    def _exit(
        self, made: BeatText, to: str, asked: Tree | None, line: int, inside: Nodes = ()
    ) -> None:
        way = self._way(to, asked, line, self._effects(inside))
        if way is not None:
            made.exits.append(way)

    def _way(
        self, to: str, asked: Tree | None, line: int, effects: list[tuple[str, str]]
    ) -> Way | None:
        if to not in self.beats:
            self.book.lose(line, f"path to {to[:60]!r}: there is no such passage")
            return None
        condition = self.condition(asked, line) if asked is not None else ""
        return Way(self.beats[to], condition, effects)

    # -- rows -------------------------------------------------------------------------------------

    def _rows(self, made: BeatText, nodes: Sequence[Node], depth: int) -> None:
        """The rows of some nodes, a line of prose for each line of the passage."""
        line: list[Node] = []
        for node in nodes:
            if isinstance(node, Words):
                first, *others = node.text.split("\n")
                line.append(Words(first, node.line))
                for number, part in enumerate(others, 1):
                    self._line(made, line, depth)
                    line = [Words(part, node.line + number)]
            elif isinstance(node, If) and self._is_block(node, line):
                self._line(made, line, depth)
                line = []
                self._block(made, node.branches, depth, node.line)
            elif isinstance(node, Timed):
                self._line(made, line, depth)
                line = []
                made.rows.append(Row(depth, f"@wait {max(0.01, node.seconds):g}s", node.line))
                self._rows(made, node.inside, depth)
            else:
                line.append(node)
        self._line(made, line, depth)

    def _is_block(self, node: If, line: list[Node]) -> bool:
        """True for a condition about whole lines, and for more than three in a line."""
        several = any((isinstance(one, Words) and "\n" in one.text) or isinstance(one, Timed)
                      for one in walk((node,), links=False))  # fmt: skip
        return several or sum(isinstance(one, If) for one in line) >= _MOST_IFS

    def _block(
        self, made: BeatText, branches: Sequence[tuple[Tree | None, Nodes]], depth: int, line: int
    ) -> None:
        """An {if} block; branches without rows are left out where no other one follows."""
        written: list[tuple[str, list[Row]]] = []
        for asked, inside in branches:
            part = BeatText(made.id, line)
            self._rows(part, inside, depth + 1)
            written.append((self.condition(asked, line) if asked is not None else "", part.rows))
            made.ending = part.ending if part.ending[0] or part.ending[1] else made.ending
        while written and not written[-1][1]:
            written.pop()
        if not written:
            return
        if depth >= _MOST_DEEP:
            self.book.lose(line, "conditions nested too deeply: these lines are always played")
            for _, rows in written:
                made.rows += [msgspec.structs.replace(row, depth=depth) for row in rows]
            return
        if len(written) == 1 and len(written[0][1]) == 1 and _may_follow(written[0][1][0]):
            row = written[0][1][0]
            made.rows.append(Row(depth, f"{{if {written[0][0]}}} {row.row}", row.line, row.text))
            return
        for number, (condition, rows) in enumerate(written):
            word = "else" if not condition else f"{'elif' if number else 'if'} {condition}"
            made.rows.append(Row(depth, f"{{{word}}}", line))
            made.rows += rows or [Row(depth + 1, "@wait 10ms", line)]

    def _line(self, made: BeatText, nodes: list[Node], depth: int) -> None:
        """The rows of one line of a passage: effects before its words, the line, effects after."""
        first = next((at for at, node in enumerate(nodes) if not self._comes_before(node)),
                     len(nodes))  # fmt: skip
        for node in nodes[:first]:
            self._effect_row(made, node, depth)
        nodes = nodes[first:]
        asks = [at for at, node in enumerate(nodes) if isinstance(node, If | Value)]
        acts = (at for at, node in enumerate(nodes) if isinstance(node, Set | Include))
        act = next(acts, None)
        if act is not None and asks and asks[-1] > act:  # what is shown after it depends on it
            self._line(made, nodes[:act], depth)
            self._line(made, nodes[act:], depth)
            return
        at = next((at for at, node in enumerate(nodes) if isinstance(node, If)), -1)
        if at >= 0:
            block = nodes[at]
            assert isinstance(block, If)
            pre, post = nodes[:at], nodes[at + 1 :]
            branches = [(asked, (*pre, *inside, *post)) for asked, inside in block.branches]
            if branches[-1][0] is not None and any(self._is_said(one) for one in (*pre, *post)):
                branches.append((None, (*pre, *post)))
            self._block(made, branches, depth, block.line)
            return
        self._spoken(made, nodes, depth)
        for node in nodes:
            self._effect_row(made, node, depth)

    def _comes_before(self, node: Node) -> bool:
        return isinstance(node, Set | Include | Words) and not self._is_said(node)

    def _effect_row(self, made: BeatText, node: Node, depth: int) -> None:
        if isinstance(node, Set):
            for name, value in self._effects([node]):
                made.rows.append(Row(depth, f"@set {name} = {value}", node.line))
        elif isinstance(node, Include):
            made.rows.append(Row(depth, f"@detour {self.beats[node.to]}", node.line))

    def _spoken(self, made: BeatText, nodes: list[Node], depth: int) -> None:
        """A line of prose without conditions: what somebody says, a heading or an action."""
        words: list[str] = []
        marks = {"id": "", "mark": ""}
        said, before = False, "."
        shown = [at for at, node in enumerate(nodes)
                 if not isinstance(node, Link) and self._shown(node).strip()]  # fmt: skip
        for at, node in enumerate(nodes):
            if isinstance(node, Note):
                self._mark(made, node, depth, marks, linked=at > 0 and _is_link(nodes, at - 1))
            elif isinstance(node, Link) and before in _ENDS and at > max(shown, default=-1):
                continue  # after a whole sentence, at the end of the line: it is not prose
            else:
                words.append(self._shown(node))
                before = (before + words[-1].rstrip())[-1]
                said = said or (isinstance(node, Words | Value) and self._is_said(node))
        text = " ".join("".join(words).split())
        if not said or not text:
            return
        if marks["mark"] == "ending":
            made.ending = (made.ending[0], text[:80])
        elif marks["mark"]:
            made.rows.append(Row(depth, text, nodes[0].line, text))
        else:
            self._speech(made, text, marks["id"], depth, nodes[0].line)

    def _mark(
        self, made: BeatText, note: Note, depth: int, marks: dict[str, str], *, linked: bool
    ) -> None:
        """A comment: what the export means with it; others are listed."""
        found = _ID.fullmatch(note.text)
        if found and found[1] not in self.line_ids:
            marks["id"] = f"  #{found[1]}"
            self.line_ids.add(found[1])
        elif note.text in ("heading", "action", "ending"):
            marks["mark"] = note.text
        elif _CALL.fullmatch(note.text):
            made.rows.append(Row(depth, note.text, note.line))
        elif note.text != ".end" and not (linked and _note_after([note])):
            self.book.lose(note.line, f"comment: {note.text[:60]}")

    def _speech(self, made: BeatText, text: str, line_id: str, depth: int, line: int) -> None:
        match = _SPEECH.fullmatch(text)
        role = role_of(match[1]) if match else ""
        manner = ""
        if match and is_speaker(match[1]) and is_name(role) and is_speaker(capitals(role)):
            name, manner, text = match[1], match[2] or "", match[3]
            self.cast.setdefault(role, name.title() if name == name.upper() else name)
        else:
            role = NARRATOR
            self.cast.setdefault(role, "Narrator")
        last = text.rsplit(maxsplit=1)[-1]
        if last.startswith(("#", "＃")) and not line_id:
            self.book.lose(line, f"{last[:30]!r} at the end of a line would be read as its id: a "
                                 "full stop is added")  # fmt: skip
            text += " ."
        how = f" ({manner})" if manner else ""
        made.rows.append(Row(depth, f"{capitals(role)}{how}: {text}{line_id}", line, text))

    def _shown(self, node: Node) -> str:
        """The words of a node in a line; braces that could be read as a value are quoted."""
        if isinstance(node, Words):
            return re.sub(r"\{(?=\s*\w)", "'{'", node.text)
        if isinstance(node, Value):
            return self._value(node)
        if isinstance(node, Link):
            return "".join(self._shown(one) for one in node.label)
        return ""

    def _value(self, node: Value) -> str:
        if isinstance(node.tree, Name):
            return f"{{{self.variables[node.tree.name].id}}}"
        if isinstance(node.tree, Text | Number):
            return node.tree.text
        if node.tree in self.computed:
            return f"{{{self.computed[node.tree].id}}}"
        try:
            writer = self._writer()
            text = writer.value(node.tree)
            made = compile_expression(text, self.known())
        except (NotParsedError, ExpressionError) as error:
            self.book.lose(node.line, f"a value that is printed: {error}")
            return ""
        name = unique("value", self.names, "value")
        kind = made.kind
        made_of = Declared(name, kind.name, kind.least, kind.most, kind.words, computed=text)
        self.variables[f"?{name}"] = self.computed[node.tree] = made_of
        return f"{{{name}}}"

    def _is_said(self, node: Node) -> bool:
        """True for what is heard or seen: words with a letter or digit, values, conditions."""
        if isinstance(node, Words):
            return any(sign.isalnum() for sign in node.text)
        if isinstance(node, If):
            return any(self._is_said(one) for _, inside in node.branches for one in inside)
        return isinstance(node, Value)

    # -- expressions ------------------------------------------------------------------------------

    def known(self) -> Names:
        """The names that an expression can use."""
        if self._known is None or self._size != (len(self.variables), len(self.taken)):
            kinds = {one.id: (kind_of(one), 0) for one in self.variables.values()}
            beats = {name: at for at, name in enumerate(sorted(self.taken))}
            self._known, self._size = Names(kinds, beats), (len(self.variables), len(self.taken))
        return self._known

    def condition(self, tree: Tree, line: int) -> str:
        """A condition; a variable that the author sets stands for one that cannot be written."""
        try:
            text = self._writer().condition(tree)
            compile_expression(text, self.known(), wanted=BOOL)
        except (NotParsedError, ExpressionError) as error:
            name = unique("condition", self.names, "condition")
            self.variables[f"?{name}"] = Declared(name, "bool", init="false")
            self.book.lose(line, f"a condition: {error}: the variable {name} stands for it, and is "
                                 "false")  # fmt: skip
            return name
        return text

    def _writer(self) -> Writer:
        beat = self.written[-1].id if self.written else ""
        return Writer(self.variables, self.beats, beat, self.computed)

    def _effects(self, nodes: Sequence[Node]) -> list[tuple[str, str]]:
        found = []
        for node in nodes:
            if not isinstance(node, Set):
                continue
            variable = self.variables[node.name]
            try:
                text = self._writer().value(node.tree, variable)
                compile_expression(text, self.known(), wanted=kind_of(variable), dice=True)
            except (NotParsedError, ExpressionError) as error:
                self.book.lose(node.line, f"effect on {variable.id}: {error}")
            else:
                found.append((variable.id, text))
        return found

    # -- options ----------------------------------------------------------------------------------

    def _links(
        self, nodes: Nodes, around: Tree | None, own: Tree | None = None
    ) -> Iterator[Offered]:
        """Every link with the condition under which it is there."""
        for at, node in enumerate(nodes):
            if isinstance(node, Link):
                yield Offered(node, around, own, _note_after(nodes[at + 1 :]))
            elif isinstance(node, If):
                before = around
                for condition, inside in node.branches:
                    yield from self._links(inside, both(before, condition), condition)
                    if condition is not None:
                        before = both(before, negated(condition))
            elif isinstance(node, Timed):
                yield from self._links(node.inside, around)

    def _choice(self, made: BeatText, links: list[Offered]) -> None:
        for one in links:
            if one.note == ["to", "next"]:
                self._exit(made, one.link.to, one.own, one.link.line, one.link.inside)
            elif one.note == ["to", "else"]:
                effects = self._effects(one.link.inside)
                made.otherwise = self._way(one.link.to, None, one.link.line, effects)
            else:
                self._add(made, self._option(made, one), one)

    def _add(self, made: BeatText, option: Choosable | None, one: Offered) -> None:
        if option is None:
            return
        if len(made.options) == _MOST_OPTIONS:
            what = f"option {option.label!r}: a choice has at most {_MOST_OPTIONS}"
            self.book.lose(one.link.line, what)
            return
        taken = {"else", *(other.id for other in made.options)}
        option.id = unique(one.note[0] if one.note else option.label, taken, "option")
        option.once = option.once or "once" in one.note
        option.fallback = "fallback" in one.note
        if "detour" in one.note:
            after = one.note[one.note.index("to") + 1 :] if "to" in one.note else [""]
            option.detour, option.to = option.to, "".join(after[:1])
        made.options.append(option)
        nested, self.nested = self.nested, []
        for shown in nested:
            self._add(made, self._option(made, shown), shown)

    def _option(self, made: BeatText, one: Offered) -> Choosable | None:
        link, asked = one.link, one.asked
        label = " ".join("".join(self._shown(one) for one in link.label).split())
        if not label:
            label = link.to or "Continue"
        if len(label) > _LONGEST_OPTION:
            self.book.lose(link.line, f"text of an option is shortened: {label}")
            label = label[: _LONGEST_OPTION - 3].rstrip() + "..."
            label = label if label.count("{") == label.count("}") else label.replace("{", "(")
        effects = self._effects(link.inside)
        condition = self.condition(asked, link.line) if asked is not None else ""
        goto = next((one for one in link.inside if isinstance(one, Goto)), None)
        to = goto.to if goto else link.to
        if to:
            if to not in self.beats:
                self.book.lose(link.line, f"link to {to[:60]!r}: there is no such passage")
                return None
            for node in link.inside:
                if self._is_said(node):
                    self.book.lose(node.line, "what is inside a link that leads to a passage")
            return Choosable(label, self.beats[to], effects, condition, link.line)
        return self._revealing(made, link, label, condition)

    def _revealing(
        self, made: BeatText, link: Link, label: str, condition: str
    ) -> Choosable | None:
        """A link that shows what is inside it: an option that plays another beat, then returns."""
        if any(isinstance(one, Goto) for one in walk(link.inside)):
            self.book.lose(link.line, f"link {label!r}: a goto under a condition inside it")
        aside = unique(f"{made.id}_{label}"[:44], self.taken, "aside")
        self.beats[f"?{aside}"] = aside
        beat = BeatText(aside, link.line, returns=True)
        self.written.append(beat)
        inside = tuple(one for one in link.inside if not isinstance(one, Goto))
        self._body(beat, inside)
        if not beat.rows:
            beat.rows.append(Row(0, "@wait 10ms", link.line))
        seen = Call("seen", (Text(f"?{aside}"),))
        self.nested += [  # they are there after this one was picked
            msgspec.structs.replace(one, asked=both(seen, one.asked))
            for one in self._links(inside, None)
        ]
        return Choosable(label, "", [], condition, link.line, detour=aside, once=link.once)


def _computed(variable: Declared) -> Tree | None:
    """The expression of a computed variable."""
    try:
        return parse(variable.computed, "native") if variable.computed else None
    except NotParsedError:
        return None


def kind_of(variable: Declared) -> Kind:
    """The kind of a variable's values."""
    if variable.kind == "bool":
        return BOOL
    return Kind(variable.kind, variable.least, variable.most, variable.words)


def _is_link(nodes: Sequence[Node], at: int) -> bool:
    """True for a link, or spaces after one."""
    while at > 0 and isinstance(one := nodes[at], Words) and not one.text.strip():
        at -= 1
    return isinstance(nodes[at], Link)


def _note_after(nodes: Sequence[Node]) -> list[str]:
    """The words of the note that the export writes directly after a link."""
    for node in nodes:
        if isinstance(node, Note):
            words = node.text.split()
            return words if words and all(is_name(word) for word in words) else []
        if not isinstance(node, Words) or node.text.strip():
            break
    return []


def _may_follow(row: Row) -> bool:
    """True for a row that a condition can precede: a line or a call."""
    return row.depth > 0 and (row.row.startswith("@") or row.row != row.text)
