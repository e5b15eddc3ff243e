"""Writes what a Yarn node says and sets as rows of a script."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xrdrama.authoring.yarn.reading.tree import (
    Branch,
    Choice,
    Command,
    Condition,
    Declare,
    Enum,
    Formula,
    Go,
    If,
    Invoke,
    Leave,
    LineGroup,
    Once,
    Said,
    Set,
    Statement,
)
from xrdrama.authoring.yarn.translating.calls import Calls
from xrdrama.authoring.yarn.translating.express import Expressions
from xrdrama.authoring.yarn.translating.story import CannotCarryError, NewBeat, NewStory, Row
from xrdrama.authoring.yarn.translating.texts import Texts

MOST_DEPTH = 7
"""Blocks within blocks of one script."""
_WAIT = re.compile(r"wait\s+([0-9]+(?:\.[0-9]+)?)")
_HIDDEN_TAGS = ("line:", "shadow:")


def is_simple(one: Statement, depth: int = 0) -> bool:
    """True for a statement that fits in a script: nothing in it leads to another beat."""
    if isinstance(one, (Choice, Leave)) or (isinstance(one, Go) and one.how == "jump"):
        return False
    bodies: list[Sequence[Statement]] = []
    if isinstance(one, If):
        bodies = [branch.body for branch in one.branches]
    elif isinstance(one, Once):
        bodies = [one.body, one.otherwise]
    elif isinstance(one, LineGroup):
        bodies = [option.body for option in one.options]
    if bodies and depth >= MOST_DEPTH:
        return False
    return all(is_simple(inner, depth + 1) for body in bodies for inner in body)


class Scripts:
    """Adds rows to the scripts of beats."""

    def __init__(
        self, story: NewStory, expressions: Expressions, texts: Texts, calls: Calls
    ) -> None:
        self.story, self.expressions, self.texts, self.calls = story, expressions, texts, calls

    def row(self, beat: NewBeat, depth: int, text: str, line: int) -> None:
        """Adds one row."""
        beat.rows.append(Row(depth, text, line))

    def rolled(self, beat: NewBeat, depth: int, line: int) -> None:
        """Adds what expressions need to be set before them."""
        for name, value in self.expressions.before:
            self.row(beat, depth, f"@set {name} = {value}", line)
        self.expressions.before.clear()

    def condition(self, beat: NewBeat, formula: Formula | None, line: int, depth: int = 0) -> str:
        """A condition in our language, "" for none; dice are rolled before it."""
        if formula is None:
            return ""
        try:
            made = self.expressions.written(formula)
        except CannotCarryError as error:
            self.expressions.before.clear()
            self.story.lose(line, f"this condition: {error}; without it the text is available")
            return ""
        self.rolled(beat, depth, line)
        return made

    def option_text(self, beat: NewBeat, said: Said) -> str:
        """The text of an option; dice in it are rolled before the choice."""
        text = self.texts.option(said.words)
        self.rolled(beat, 0, said.at.line)
        self._tags(said.tags, said.at.line)
        return text

    def add(self, beat: NewBeat, one: Statement, depth: int = 0) -> None:
        """Adds a simple statement."""
        line = one.at.line
        if isinstance(one, Said):
            self._line(beat, one, depth)
        elif isinstance(one, Set):
            self._set(beat, one, depth)
        elif isinstance(one, Command):
            self._command(beat, one, depth)
        elif isinstance(one, Invoke):
            self.story.lose(line, f"<<call {one.call.function}()>>: a function of the game")
        elif isinstance(one, Go):
            self._detour(beat, one, depth)
        elif isinstance(one, If):
            self._if(beat, one, depth)
        elif isinstance(one, Once):
            self._once(beat, one, depth)
        elif isinstance(one, LineGroup):
            self.group(beat, one, depth)
        else:
            assert isinstance(one, (Declare, Enum))

    # -- lines and calls ------------------------------------------------------------------------

    def _line(self, beat: NewBeat, said: Said, depth: int) -> None:
        head = self.head(beat, said.condition, depth)
        speech = self.speech(beat, said, depth)
        self.row(beat, depth, f"{head} {speech}" if head else speech, said.at.line)

    def speech(self, beat: NewBeat, said: Said, depth: int) -> str:
        """`LAN: Hi.  #l4k2p`"""
        role, text = self.texts.speech(said.words)
        self.rolled(beat, depth, said.at.line)
        self._tags(said.tags, said.at.line)
        name = self.story.line_id(said.tag("line"), f"{said.at.line}/{text}")
        return f"{role}: {text or '...'}  #{name}"

    def head(self, beat: NewBeat, condition: Condition | None, depth: int) -> str:
        """`{if ...}`, `{once}`, `{once if ...}` or ""."""
        if condition is None:
            return ""
        asked = self.condition(beat, condition.formula, condition.at.line, depth)
        word = "once" if condition.once else ""
        if asked:
            return f"{{{'once if' if word else 'if'} {asked}}}"
        return "{once}" if word else ""

    def _tags(self, tags: Sequence[str], line: int) -> None:
        for tag in tags:
            if not tag.startswith(_HIDDEN_TAGS):
                self.story.lose(line, f"the tag #{tag}")

    def _set(self, beat: NewBeat, one: Set, depth: int) -> None:
        line = one.at.line
        name = self.expressions.read(one.name)
        try:
            value = self.expressions.written(one.value)
        except CannotCarryError as error:
            self.expressions.before.clear()
            self.story.lose(line, f"<<set {one.name}>>: {error}; the value stays as it was")
            return
        self.rolled(beat, depth, line)
        self.row(beat, depth, f"@set {name} = {value.strip()}", line)

    def _command(self, beat: NewBeat, one: Command, depth: int) -> None:
        text = self.texts.command(one.words)
        self.expressions.before.clear()
        wait = _WAIT.fullmatch(text)
        if wait and 0 < float(wait[1]) <= 3600:
            self.row(beat, depth, f"@wait {float(wait[1]):g}s", one.at.line)
            return
        self._tags(one.tags, one.at.line)
        self.story.lose(
            one.at.line, f"the command <<{text}>>: an action here; write the cue of your set"
        )
        self.row(beat, depth, f"[{text}]", one.at.line)

    def _detour(self, beat: NewBeat, go: Go, depth: int) -> None:
        line = go.at.line
        if isinstance(go.to, str):
            for text in self.calls.detour(go.to):
                self.row(beat, depth, text, line)
            return
        try:
            ways = self.calls.named_by(beat, go.to)
        except CannotCarryError as error:
            self.story.lose(line, f"<<detour>>: {error}")
            return
        for number, (title, condition) in enumerate(ways):
            self.row(beat, depth, f"{{{'elif' if number else 'if'} {condition}}}", line)
            for text in self.calls.detour(title):
                self.row(beat, depth + 1, text, line)

    # -- blocks ---------------------------------------------------------------------------------

    def _if(self, beat: NewBeat, one: If, depth: int) -> None:
        heads = self._heads(beat, one.branches, depth)
        for branch, head in zip(one.branches, heads, strict=True):
            self.row(beat, depth, head, branch.at.line)
            self._block(beat, branch.body, depth + 1, branch.at.line)

    def _heads(self, beat: NewBeat, branches: Sequence[Branch], depth: int) -> list[str]:
        """The headings of a block; all dice in it are rolled first."""
        found: list[str] = []
        for number, branch in enumerate(branches):
            if branch.formula is None:
                found.append("{else}")
                continue
            made = self.condition(beat, branch.formula, branch.at.line, depth) or "true"
            found.append(f"{{{'elif' if number else 'if'} {made}}}")
        return found

    def _once(self, beat: NewBeat, one: Once, depth: int) -> None:
        asked = self.condition(beat, one.formula, one.at.line, depth)
        self.row(beat, depth, f"{{once if {asked}}}" if asked else "{once}", one.at.line)
        self._block(beat, one.body, depth + 1, one.at.line)
        if one.otherwise:
            self.row(beat, depth, "{else}", one.at.line)
            self._block(beat, one.otherwise, depth + 1, one.at.line)

    def _block(self, beat: NewBeat, body: Sequence[Statement], depth: int, line: int) -> None:
        before = len(beat.rows)
        for one in body:
            self.add(beat, one, depth)
        if len(beat.rows) == before:
            self.row(beat, depth, "@wait 1ms", line)  # a block cannot be empty

    def group(self, beat: NewBeat, group: LineGroup, depth: int, picked: str = "") -> None:
        """A line group. `picked`: this variable is set to the number of what is played."""
        said = [option.said for option in group.options]
        heads = [self.head(beat, one.condition, depth) for one in said]
        speeches = [self.speech(beat, one, depth) for one in said]
        self.row(beat, depth, "@group random", group.at.line)
        for number, option in enumerate(group.options):
            line = option.said.at.line
            head = f"{heads[number]} " if heads[number] else ""
            self.row(beat, depth, f"=> {head}{speeches[number]}", line)
            if picked:
                self.row(beat, depth + 1, f"@set {picked} = {number + 1}", line)
            for one in option.body:
                self.add(beat, one, depth + 1)
