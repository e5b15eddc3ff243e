"""The rows of a script, written from the nodes of a passage."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from xrdrama.authoring.exchange.twee.beats import BeatText, Row
from xrdrama.authoring.exchange.twee.expressions import (
    Tree,
)
from xrdrama.authoring.exchange.twee.formulas import Formulas
from xrdrama.authoring.exchange.twee.nodes import (
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
from xrdrama.authoring.exchange.twee.plan import walk
from xrdrama.document.names import is_name
from xrdrama.story.screenplay.speakers import capitals, is_speaker, role_of

NARRATOR = "narrator"
_MOST_IFS, _MOST_DEEP = 3, 7
_SPEECH = re.compile(
    r"([^\W\d_][^:：()（）\"]{0,39}?)\s*(?:[(（]([^()（）]{1,80})[)）]\s*)?[:：]\s*(\S.*)"
)
_ENDS = '.!?…。！？:;"”’)'
_ID = re.compile(r"#(l[0-9a-z]{3,15})")
_CALL = re.compile(r"@[a-z][\w.]*(\s.*)?")


class Rows(Formulas):
    """Writes rows: a line for each line of prose, {if} blocks, effects."""

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
        elif note.text != ".end" and not (linked and note_after([note])):
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


def _is_link(nodes: Sequence[Node], at: int) -> bool:
    """True for a link, or spaces after one."""
    while at > 0 and isinstance(one := nodes[at], Words) and not one.text.strip():
        at -= 1
    return isinstance(nodes[at], Link)


def note_after(nodes: Sequence[Node]) -> list[str]:
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
