"""Makes a story of compiled ink: its stretches become beats; what cannot be carried is listed."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from xrdrama.authoring.exchange.losses import without_limits
from xrdrama.authoring.exchange.twee.beats import BeatText, Choosable, Way
from xrdrama.authoring.exchange.twee.branch import Head, branch_file
from xrdrama.authoring.exchange.twee.expressions import (
    Binary,
    Name,
    NotParsedError,
    Number,
    Tree,
    Truth,
)
from xrdrama.authoring.exchange.twee.kinds import Assigned, Declared, declared
from xrdrama.authoring.exchange.twee.nodes import Book
from xrdrama.authoring.exchange.twee.plan import unique
from xrdrama.authoring.ink.beats import Beat, Beats
from xrdrama.authoring.ink.flow import Flow
from xrdrama.authoring.ink.nodes import Branch, Pick, Put, Show, Tag, Tunnel
from xrdrama.authoring.ink.reading import Spot, read_ink
from xrdrama.authoring.ink.scripts import Scripts
from xrdrama.document.names import as_name, is_name
from xrdrama.errors import UsageError
from xrdrama.story.formats import ImportedStory, NotCarriedOver

SUFFIXES = (".ink.json", ".ink")
MOST = 1_000_000
"""The limit of a number that is counted up or down."""
MOST_OPTIONS, LONGEST_OPTION = 12, 80
_HARMLESS = ("scene:", "the tag", "ink's numbers", "text of an option is shortened")


def read(text: str, name: str) -> ImportedStory:
    """The story of compiled ink, with the id `name`.

    AuthoringError for a text that is not compiled ink; UsageError when no story can be made of it.
    """
    story_id = name if is_name(name) else as_name(name)
    if not is_name(story_id):
        raise UsageError(
            f"{name!r} cannot be the id of a story", "use a file name of letters, digits and _"
        )
    return _Import(text, story_id).made()


def changes_the_play(lost: NotCarriedOver) -> bool:
    """True for a loss by which the story can show something else than the ink file."""
    what = lost.what
    return not what.startswith(_HARMLESS) and ": the tag #" not in what


class _Import:
    def __init__(self, text: str, name: str) -> None:
        self.name, self.book = name, Book()
        self.ink = read_ink(text, f"{name}.ink.json")
        self.flow = Flow(self.ink, self.book)
        self.beats = Beats(self.flow)
        self.initial: dict[str, Tree] = {}

    def made(self) -> ImportedStory:
        self._globals()
        beats = self.beats.make()
        self._tunnels()
        variables = self._declared(beats)
        scripts = Scripts(variables, self.book, self.flow.fresh, self._beat_of)
        try:
            texts = [self._beat(scripts, beat) for beat in beats]
        except (NotParsedError, RecursionError) as error:
            raise UsageError(
                f"this ink story cannot be imported: {str(error) or 'it is nested too deeply'}",
                "play it as it is: xrdrama play FILE.ink.json",
            ) from None
        if not scripts.cast:
            scripts.role("")
        self.book.lose(1, "scene: stage is guessed: make that set, or write the name of yours")
        title = self._title() or self.name.replace("_", " ").title()
        head = Head(self.name, title, beats[0].id, cast=scripts.cast)
        texts = _reachable(texts)
        used = _used(texts)
        kept = [one for one in variables.values() if one.id in used or not one.computed]
        return branch_file(head, kept, texts, self.book)

    # -- variables ------------------------------------------------------------------------------

    def _globals(self) -> None:
        declared_ = self.ink.root.named.get("global decl")
        if declared_ is None:
            return
        for node, _ in self.flow.read(Spot(declared_, 0)):
            if isinstance(node, Put):
                self.initial[node.name] = node.tree

    def _declared(self, beats: list[Beat]) -> dict[str, Declared]:
        assigned, asked = _uses(beats)
        for beat in beats:
            for pick, _ in beat.picks:
                if self.beats.seen.get(pick.at, 0) > 1 and pick.once:
                    name = self.flow.variable(f"picked {pick.at.path}")
                    assigned.append(Assigned(name, Truth(True), 1))
                    self.initial[name] = Truth(False)
        numbers = [name for name in self.flow.counted.values()]
        for name in numbers:
            self.initial.setdefault(name, Number("0"))
            assigned.append(Assigned(name, Binary("+", Name(name), Number("1")), 1))
        found = declared(assigned, self.initial, asked)
        wide = []
        for name, one in found.items():
            if one.guessed:
                negative = -MOST if one.least < 0 or name not in numbers else 0
                found[name] = msgspec.structs.replace(one, least=negative, most=MOST)
                wide += [] if name in numbers else [name]
        if wide:
            self.book.lose(1, without_limits("ink", wide, MOST))
        return found

    def _title(self) -> str:
        for item, _ in self.flow.read(Spot(self.ink.root, 0))[:8]:
            if isinstance(item, Tag) and item.text.lower().startswith("title:"):
                return item.text.partition(":")[2].strip()
        return ""

    # -- beats ----------------------------------------------------------------------------------

    def _tunnels(self) -> None:
        """Makes the beats where tunnels begin, before scripts name them."""
        done = 0
        while done < len(self.beats.made):
            beat = self.beats.made[done]
            done += 1
            self._enter(beat.nodes)
            while self.beats.waiting:
                self.beats._fill(*self.beats.waiting.pop(0))
        self.beats.seen = {}
        for beat in self.beats.made:
            for pick, _ in beat.picks:
                self.beats.seen[pick.at] = self.beats.seen.get(pick.at, 0) + 1

    def _enter(self, nodes: Any) -> None:
        for node in nodes:
            if isinstance(node, Tunnel):
                self.beats.beat(node.to, [])
            elif isinstance(node, Branch):
                for _, arm in node.arms:
                    self._enter(arm)

    def _beat_of(self, spot: Spot) -> str:
        return self.beats.beat(spot, [])

    def _beat(self, scripts: Scripts, beat: Beat) -> BeatText:
        scripts.where = beat.id
        made = BeatText(beat.id, 1, rows=scripts.rows(beat.nodes), options=[], exits=[])
        taken = {"else"}
        for pick, to in beat.picks:
            if pick.fallback:
                self._fallback(scripts, made, pick, to)
            elif len(made.options) == MOST_OPTIONS:
                scripts.lose(f"an option: a choice has at most {MOST_OPTIONS}")
            else:
                made.options.append(self._option(scripts, pick, to, taken))
        if beat.picks and not made.options:
            way = made.otherwise
            made.otherwise = None
            made.exits = [way] if way else []
            if way and way.condition:
                made.exits.append(Way("no_links"))
        for condition, to in beat.ways:
            written = scripts.condition(condition) if condition is not None else ""
            made.exits.append(Way(to, written))
        made.returns = beat.returns and not made.options
        if not (made.options or made.exits or made.returns):
            made.ending = (beat.id, beat.id.replace("_", " ").capitalize()[:80])
        return made

    def _fallback(self, scripts: Scripts, made: BeatText, pick: Pick, to: str) -> None:
        if made.otherwise is not None:
            scripts.lose("a second fallback option: the first one is taken")
            return
        condition = scripts.condition(pick.condition) if pick.condition is not None else ""
        made.otherwise = Way(to, condition)

    def _option(self, scripts: Scripts, pick: Pick, to: str, taken: set[str]) -> Choosable:
        label = (
            scripts.text([node for node in pick.label if not isinstance(node, Tag)]).strip()
            or "Continue"
        )
        if len(label) > LONGEST_OPTION:
            scripts.book.lose(1, f"text of an option is shortened: {label}")
            label = label[: LONGEST_OPTION - 3].rstrip() + "..."
            label = label if label.count("{") == label.count("}") else label.replace("{", "(")
        condition = scripts.condition(pick.condition) if pick.condition is not None else ""
        effects: list[tuple[str, str]] = []
        once = pick.once
        if once and self.beats.seen.get(pick.at, 0) > 1:
            name = self.flow.variable(f"picked {pick.at.path}")
            condition = f"not {name} and ({condition})" if condition else f"not {name}"
            effects.append((name, "true"))
            once = False
        return Choosable(
            label, to, effects, condition, 1, unique(label, taken, "option"), once=once
        )


def _uses(beats: list[Beat]) -> tuple[list[Assigned], list[Tree]]:
    """What variables are set to, and all other expressions."""
    assigned: list[Assigned] = []
    asked: list[Tree] = []
    waiting: list[Any] = []
    for beat in beats:
        waiting += beat.nodes
        asked += [condition for condition, _ in beat.ways if condition is not None]
        for pick, _ in beat.picks:
            waiting += pick.label
            asked += [pick.condition] if pick.condition is not None else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, Put):
            assigned.append(Assigned(node.name, node.tree, 1))
        elif isinstance(node, Show):
            asked.append(node.tree)
        elif isinstance(node, Branch):
            for condition, arm in node.arms:
                asked += [condition] if condition is not None else []
                waiting += arm
    return assigned, asked


def _reachable(texts: list[BeatText]) -> list[BeatText]:
    """The beats to which something leads from the first one."""
    known = {beat.id: beat for beat in texts}
    found, waiting = {texts[0].id}, [texts[0]]
    while waiting:
        beat = waiting.pop()
        always = any(not one.condition and not one.once for one in beat.options)
        to = [one.to for one in beat.options] + [way.to for way in beat.exits]
        if beat.otherwise is not None and not always:
            to.append(beat.otherwise.to)
        to += [row.row.removeprefix("@detour ") for row in beat.rows if row.row[:8] == "@detour "]
        for name in to:
            if name in known and name not in found:
                found.add(name)
                waiting.append(known[name])
    return [beat for beat in texts if beat.id in found]


def _used(texts: list[BeatText]) -> set[str]:
    words: set[str] = set()
    for beat in texts:
        parts = [row.row for row in beat.rows]
        parts += [one.label + " " + one.condition for one in beat.options]
        parts += [way.condition for way in beat.exits]
        for part in parts:
            words |= set(re.findall(r"\w+", part))
    return words
