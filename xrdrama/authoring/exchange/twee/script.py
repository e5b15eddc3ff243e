"""The beats of a passage: its script, its options and the paths to other beats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from xrdrama.authoring.exchange.twee.beats import BeatText, Choosable, Offered, Row, Way
from xrdrama.authoring.exchange.twee.expressions import (
    Call,
    Text,
    Tree,
    both,
    negated,
)
from xrdrama.authoring.exchange.twee.nodes import (
    Goto,
    If,
    Link,
    Node,
    Nodes,
    Note,
    Set,
    Timed,
)
from xrdrama.authoring.exchange.twee.plan import unique, walk
from xrdrama.authoring.exchange.twee.remarks import triggers_in, window_in
from xrdrama.authoring.exchange.twee.rows import Rows, note_after
from xrdrama.document.names import is_name

_MOST_OPTIONS, _LONGEST_OPTION = 12, 80


class Script(Rows):
    """Writes the beats of passages."""

    def passage(self, name: str, nodes: Nodes, line: int, *, returns: bool) -> None:
        """Write the beats of a passage."""
        options = list(self._links(nodes, None))
        self._part(self.beats[name], name, nodes, options, line, returns=returns)

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
                elif key.startswith("on ") and (triggers := triggers_in(value.strip())):
                    made.triggers[key[3:]] = triggers
                elif key == "window" and (window := window_in(value)):
                    made.window = window
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

    def _links(
        self, nodes: Nodes, around: Tree | None, own: Tree | None = None
    ) -> Iterator[Offered]:
        """Every link with the condition under which it is there."""
        for at, node in enumerate(nodes):
            if isinstance(node, Link):
                yield Offered(node, around, own, note_after(nodes[at + 1 :]))
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
