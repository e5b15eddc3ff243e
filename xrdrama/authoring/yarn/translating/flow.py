"""The bodies of Yarn's nodes as beats: what is said in order, and where choices and jumps lead.

A beat ends where the way divides. What only says or sets things stays in one script, also inside
`<<if>>`, `<<once>>` and line groups.
"""

from __future__ import annotations

from collections.abc import Sequence

from xrdrama.authoring.yarn.reading.tree import (
    Choice,
    Formula,
    Go,
    If,
    Leave,
    LineGroup,
    Node,
    Once,
    Option,
    Statement,
)
from xrdrama.authoring.yarn.translating.calls import Calls
from xrdrama.authoring.yarn.translating.scripts import Scripts, is_simple
from xrdrama.authoring.yarn.translating.story import CannotCarryError, NewBeat, NewStory, Offer, Way

MOST_WAYS = 18
MOST_OPTIONS = 12
MOST_TEXT = 80
MOST_ROWS = 1500


class Flow:
    """Makes the beats of one node."""

    def __init__(self, story: NewStory, scripts: Scripts, calls: Calls, node: Node) -> None:
        self.story, self.scripts, self.calls, self.node = story, scripts, calls, node
        self.expressions = scripts.expressions

    def make(self) -> None:
        """Adds the beats of the node to the story."""
        name = self.story.named("beat", self.node.name)
        first = NewBeat(name, self.node.at.line)
        self.story.beats[name] = first
        if self.node.when:
            self._storylet(first)
        first.rows += self.calls.entering(self.node)
        self.body(self.node.body, first, "")

    def _storylet(self, beat: NewBeat) -> None:
        beat.storylet = self.story.groups[self.node.title]
        beat.once = any(one.once for one in self.node.when)
        conditions: list[str] = []
        for one in self.node.when:
            if one.formula is not None:
                try:
                    conditions.append(self.expressions.when(one.formula))
                except CannotCarryError as error:
                    self.story.lose(one.at.line, f"this condition: {error}; the node is available")
        joined = conditions if len(conditions) < 2 else [f"({one})" for one in conditions]
        beat.when = " and ".join(joined)

    # -- bodies ---------------------------------------------------------------------------------

    def body(self, body: Sequence[Statement], beat: NewBeat, after: str) -> None:
        """Adds statements to a beat and what follows it; then it leads to `after`, or "" for the
        end of the node."""
        for index, one in enumerate(body):
            following = body[index + 1] if index + 1 < len(body) else None
            if is_simple(one):
                self.scripts.add(beat, one)
                if following is not None and len(beat.rows) >= MOST_ROWS:
                    more = self._more(following)
                    beat.ways = [Way(more.id)]
                    beat = more
            elif isinstance(one, Leave):
                self.calls.leave(beat, self.node, one)
                return
            elif isinstance(one, Go) and one.how == "jump":
                self._jump(beat, one)
                return
            elif following is None:
                self._divide(one, beat, after)
                return
            else:
                more = self._more(following)
                self._divide(one, beat, more.id)
                beat = more
        self._on(beat, after)

    def _more(self, one: Statement) -> NewBeat:
        return self.story.beat(self.node.name, one.at.line)

    def _on(self, beat: NewBeat, after: str) -> None:
        if after:
            beat.ways = [Way(after)]
        else:
            self.calls.end(beat, self.node)

    def _place(self, after: str, line: int) -> str:
        """The beat where something continues: `after`, or one that ends the node."""
        if after:
            return after
        beat = self.story.beat(self.node.name, line)
        self.calls.end(beat, self.node)
        return beat.id

    def _divide(self, one: Statement, beat: NewBeat, join: str) -> None:
        if isinstance(one, Choice):
            self._choice(one, beat, join)
        elif isinstance(one, If):
            parts = [(branch.formula, branch.body) for branch in one.branches]
            self._if(parts, beat, join, one.at.line)
        elif isinstance(one, Once):
            self._once(one, beat, join)
        else:
            assert isinstance(one, LineGroup)
            self._group(one, beat, join)

    # -- what divides the way -------------------------------------------------------------------

    def _inner(self, body: Sequence[Statement], join: str, line: int) -> str:
        """The beat that a body begins with; an empty one is the place where it leads."""
        if not body:
            return self._place(join, line)
        beat = self.story.beat(self.node.name, body[0].at.line)
        self.body(body, beat, join)
        return beat.id

    def _if(
        self,
        parts: Sequence[tuple[Formula | None, Sequence[Statement]]],
        beat: NewBeat,
        join: str,
        line: int,
    ) -> None:
        if len(parts) > MOST_WAYS:
            more = self.story.beat(self.node.name, line)
            self._if(parts[MOST_WAYS:], more, join, line)
            parts, last = parts[:MOST_WAYS], more.id
        else:
            last = ""
        ways: list[Way] = []
        for formula, body in parts:
            condition = self.scripts.condition(beat, formula, line)
            ways.append(Way(self._inner(body, join, line), condition))
        if last or parts[-1][0] is not None:
            ways.append(Way(last or self._place(join, line)))
        beat.ways = ways

    def _once(self, once: Once, beat: NewBeat, join: str) -> None:
        line = once.at.line
        flag = self.story.variable(f"once {line}", "type: bool")
        asked = self.scripts.condition(beat, once.formula, line)
        condition = f"not {flag} and ({asked})" if asked else f"not {flag}"
        beat.ways = [
            Way(self._inner(once.body, join, line), condition, ((flag, "true"),)),
            Way(self._inner(once.otherwise, join, line)),
        ]

    def _group(self, group: LineGroup, beat: NewBeat, join: str) -> None:
        """A line group whose alternatives lead somewhere: what is played is kept in a variable."""
        line, count = group.at.line, len(group.options)
        picked = self.story.variable(f"line {line}", f"type: int, min: 0, max: {count}, init: 0")
        self.scripts.row(beat, 0, f"@set {picked} = 0", line)
        simple = [Option(option.said, ()) for option in group.options]
        self.scripts.group(beat, LineGroup(tuple(simple), group.at), 0, picked)
        ways = [
            Way(self._inner(option.body, join, option.said.at.line), f"{picked} == {number}")
            for number, option in enumerate(group.options, 1)
            if option.body
        ]
        while len(ways) > MOST_WAYS:
            more = self.story.beat(self.node.name, line)
            more.ways = [*ways[-MOST_WAYS:], Way(self._place(join, line))]
            ways = [*ways[:-MOST_WAYS], Way(more.id)]
            beat.ways = ways
            if len(ways) <= MOST_WAYS:
                return
        beat.ways = [*ways, Way(self._place(join, line))]

    def _choice(self, choice: Choice, beat: NewBeat, join: str) -> None:
        place = self._place(join, choice.at.line)
        ids: set[str] = set()
        if len(choice.options) > MOST_OPTIONS:
            self.story.lose(
                choice.options[MOST_OPTIONS].said.at.line,
                f"options after the first {MOST_OPTIONS} of a choice: divide the choice",
            )
        for option in choice.options[:MOST_OPTIONS]:
            said, line = option.said, option.said.at.line
            condition = ""
            if said.condition is not None:
                condition = self.scripts.condition(beat, said.condition.formula, line)
            text = self.scripts.option_text(beat, said) or "..."
            if len(text) > MOST_TEXT:
                self.story.lose(
                    line, f"the end of an option of over {MOST_TEXT} characters: {text}"
                )
                text = _cut(text)
            inner = self._inner(option.body, place, line) if option.body else place
            once = said.condition is not None and said.condition.once
            beat.offers.append(Offer(_option_id(text, ids), text, inner, condition, once, line))
        if all(offer.condition or offer.once for offer in beat.offers):
            beat.otherwise = place

    def _jump(self, beat: NewBeat, go: Go) -> None:
        line = go.at.line
        before = list(beat.rows)
        self.calls.jumping(beat, self.node, go)
        if isinstance(go.to, str):
            beat.ways = [Way(self.calls.target(go.to))]
            return
        try:
            beat.ways = [
                Way(self.calls.target(title), condition)
                for title, condition in self.calls.named_by(beat, go.to)
            ][: MOST_WAYS + 1]
        except CannotCarryError as error:
            beat.rows = before
            self.story.lose(line, f"<<jump>>: {error}; the story ends here")
            self.calls.end(beat, self.node)
            return
        beat.ways.append(Way(self._place("", line)))


def _cut(text: str) -> str:
    cut = text[: MOST_TEXT - 1]
    return (cut.partition("{")[0] if cut.count("{") != cut.count("}") else cut).rstrip() + "\u2026"


def _option_id(text: str, taken: set[str]) -> str:
    from xrdrama.document.names import as_name

    stem = "_".join(as_name(text).split("_")[:4])[:30].strip("_") or "option"
    name, count = stem, 1
    while name in taken or name == "else":
        count += 1
        name = f"{stem}_{count}"
    taken.add(name)
    return name
