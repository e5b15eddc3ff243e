"""Writes a story as a Twee 3 file with SugarCube's macros.

What Twine has no form for is kept in comments (`/% ... %/`): ids of lines and options, cues,
sounds, waits, triggers, windows, types of variables. `read` understands them; `not_carried_over`
lists what does not come back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import blake2b

import msgspec

from xrdrama.authoring.exchange.blocks import Block, Part, nested
from xrdrama.authoring.exchange.losses import losses, lost_at
from xrdrama.authoring.exchange.twee.remarks import remarks, time
from xrdrama.authoring.exchange.twee.storylet_order import Entry, approximated, entries
from xrdrama.authoring.exchange.twee.sugaring import Sugar
from xrdrama.document import Place
from xrdrama.document.wording import plain
from xrdrama.story import Beat, Line, Story
from xrdrama.story.expressions.expression import Expression
from xrdrama.story.formats import NotCarriedOver
from xrdrama.story.model import (
    Assign,
    Choice,
    CueCall,
    Detour,
    Direction,
    Effect,
    Exit,
    Option,
    SoundCall,
    StoryletGroup,
    Variable,
    Wait,
    Window,
)
from xrdrama.story.screenplay.speakers import capitals
from xrdrama.story.text import parse_message

_CARRIED = (
    "line", "heading", "action", "option", "else", "path", "ending", "condition", "effect", "type",
    "return", "window", "block", "detour", "storylet", "value in a text",
)  # fmt: skip
_NOTED = ("cue", "sound", "wait", "once", "fallback", "trigger")
ONWARDS = "→"
"""The text of a link that stands for a path without a pick."""


def not_carried_over(story: Story) -> tuple[NotCarriedOver, ...]:
    """What a Twee file cannot hold: hidden plots, storylets, transitions, groups of lines ..."""
    found = list(losses(story, _CARRIED, notes=_NOTED))
    for beat in story.order:
        for part in _all(nested(beat.script)):
            if isinstance(part, Block) and part.choose != "first":
                what = f"beat {beat.id}: lines that are chosen in turn ({part.choose}): by chance"
                found.append(lost_at(story, Place(beat.place.file, part.line), what))
            message = parse_message(part.text) if isinstance(part, Line) else None
            if isinstance(part, Line) and message and (message.plurals or message.selects):
                what = (
                    f"beat {beat.id}: line {part.id}: its forms come back as lines with conditions"
                )
                found.append(lost_at(story, part.place, f"{what}, the first with its id"))
        window = beat.choice.window if beat.choice else None
        if window and (beat.choice is None or beat.choice.otherwise is None):
            what = f"beat {beat.id}: its window, which has no else"
            found.append(lost_at(story, beat.place, what))
        elif window and window != Window(window.place, lasts=window.lasts):
            what = f"beat {beat.id}: as comments only: of its window all but how long it is open"
            found.append(lost_at(story, beat.place, what))
    for group in story.storylets.values():
        found += [lost_at(story, group.place, what) for what in approximated(group, story)]
    return tuple(sorted(set(found)))


def write(story: Story) -> str:
    """The story as a Twee 3 file; each passage has the name of its beat."""
    return _Writer(story).file()


def _all(parts: Sequence[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        if isinstance(part, Block):
            for branch in part.branches:
                yield from _all(branch.inside)


class _Writer:
    def __init__(self, story: Story) -> None:
        self.story = story
        self.computed = {one.id: one for one in story.computed}
        self.sugar = Sugar({name: one.computed for name, one in self.computed.items()})

    def file(self) -> str:
        story = self.story
        data = {"ifid": _ifid(story.id), "format": "SugarCube", "format-version": "2.37.3",
                "start": story.start}  # fmt: skip
        parts = [f":: StoryTitle\n{story.title}", f":: StoryData\n{json_text(data)}",
                 ":: StoryInit\n" + "\n".join(self._setup())]  # fmt: skip
        for beat in story.order:
            x, y = 100 + beat.index % 8 * 150, 100 + beat.index // 8 * 150
            header = f':: {beat.id} {{"position":"{x},{y}","size":"100,100"}}'
            parts.append("\n".join([header, *self._beat(beat)]))
        for group in story.storylets.values():
            parts.append("\n".join([f":: {group.id}", *self._storylets(group)]))
        return "\n\n".join(parts) + "\n"

    def _setup(self) -> Iterator[str]:
        story = self.story
        yield f"/% scene: {story.order[0].scene} %/"
        if story.language != "en":
            yield f"/% language: {story.language} %/"
        for role in story.cast.values():
            voice = f" voice={role.voice}" if role.voice else ""
            yield f"/% cast {role.id}: {role.name}{voice} %/"
        for variable in story.variables:
            yield f"/% var {variable.id}: {_type(variable)} %/"
            yield f"<<set ${variable.id} to {_constant(variable)}>>"
        for variable in self.computed.values():
            assert variable.computed is not None
            yield f"/% var {variable.id}: computed {' '.join(variable.computed.text.split())} %/"

    # -- beats ------------------------------------------------------------------------------------

    def _beat(self, beat: Beat) -> Iterator[str]:
        if beat.scene != self.story.order[0].scene:
            yield f"/% scene: {beat.scene} %/"
        yield from self._parts(nested(beat.script))
        if beat.choice:
            yield from self._choice(beat.choice)
        yield from self._exits(beat.exits)
        if beat.returns:
            yield "<<return>>/% return %/"
        if beat.ending:
            yield f"/% ending: {beat.ending.id} %/@@.ending;{self.sugar.text(beat.ending.title)}@@"

    def _parts(self, parts: Sequence[Part]) -> Iterator[str]:
        for part in parts:
            if isinstance(part, Block):
                yield from self._block(part)
            else:
                written = self._item(part)
                condition = getattr(part, "condition", None)
                yield f"<<if {self._asked(condition)}>>{written}<</if>>" if condition else written

    def _block(self, block: Block) -> Iterator[str]:
        if block.choose == "first":
            for number, branch in enumerate(block.branches):
                word = "elseif" if number else "if"
                asked = self._asked(branch.condition) if branch.condition else ""
                if not asked and not number:
                    asked = "true"
                yield f"<<{word} {asked}>>" if asked else "<<else>>"
                yield from self._parts(branch.inside)
            yield "<</if>>"
            return
        yield f"<<switch random(1, {len(block.branches)})>>"
        for number, branch in enumerate(block.branches, 1):
            yield f"<<case {number}>>"
            if branch.condition:
                yield f"<<if {self._asked(branch.condition)}>>"
            yield from self._parts(branch.inside)
            yield from ["<</if>>"] * bool(branch.condition)
        yield "<</switch>>"

    def _item(self, item: Part) -> str:
        if isinstance(item, Line):
            manner = f" ({item.manner})" if item.manner else ""
            note = f" /% #{item.id} %/" if item.has_id else ""
            return f"{capitals(item.speaker)}{manner}: {self.sugar.text(item.text)}{note}"
        if isinstance(item, Direction):
            mark = "heading" if item.heading else "action"
            return f"@@.{mark};{self.sugar.text(item.text, values=False)}@@"
        if isinstance(item, Assign):
            return "".join(f"<<set {self._set(one)}>>" for one in item.effects)
        if isinstance(item, Detour):
            return f'<<include "{item.to}">>'
        return f"/% @{_call(item)} %/"

    def _asked(self, condition: Expression | None) -> str:
        return self.sugar.expression(condition.text) if condition else "true"

    def _set(self, effect: Effect) -> str:
        value = self.sugar.expression(effect.value.text)
        kind, found = effect.kind, effect.value.kind
        if kind.is_number and (found.least < kind.least or found.most > kind.most):
            value = f"Math.clamp({value}, {plain(kind.least)}, {plain(kind.most)})"
        if kind.name == "enum" and effect.value.text.strip() in kind.words:
            value = json_text(effect.value.text.strip())
        return f"${effect.variable} to {value}"

    # -- ways on ----------------------------------------------------------------------------------

    def _choice(self, choice: Choice) -> Iterator[str]:
        window, otherwise = choice.window, choice.otherwise
        timed = window is not None and window.is_timed and otherwise is not None
        if timed and window is not None and otherwise is not None:
            seconds = (window.lasts or max(0, (window.closes or 0) - (window.opens or 0))) / 1e9
            effects = "".join(f"<<set {self._set(one)}>>" for one in otherwise.effects)
            yield f'<<timed {seconds:g}s>>{effects}<<goto "{otherwise.to}">><</timed>>'
        yield from (f"/% {remark} %/" for remark in remarks(choice))
        for option in choice.options:
            link = self._option(option)
            asked = option.condition
            yield f"<<if {self._asked(asked)}>>{link}<</if>>" if asked else link
        if otherwise is not None and not timed:
            asked_all = [one.condition for one in choice.options]
            known = [one for one in asked_all if one is not None]
            link = self._way(otherwise, "to else")
            if len(known) == len(asked_all):
                either = " or ".join(f"({self._asked(one)})" for one in known)
                link = f"<<if not ({either})>>{link}<</if>>"
            yield link

    def _option(self, option: Option) -> str:
        words = [option.id, *["once"] * option.once]
        words += ["fallback"] * option.fallback
        to, detour = option.to, option.detour
        if detour:
            words += ["detour", *(["to", to] if to else [])]
            to = detour
        return self._link(self.sugar.text(option.text), to, option.effects, " ".join(words))

    def _link(self, label: str, to: str, effects: Sequence[Effect], note: str) -> str:
        if re.search(r"[\[\]|<>\"]|->", label):
            inside = "".join(f"<<set {self._set(one)}>>" for one in effects)
            return f'<<link {json_text(label)} "{to}">>{inside}<</link>>/% {note} %/'
        setter = "; ".join(self._set(one) for one in effects)
        return f"[[{label}->{to}]{f'[{setter}]' if setter else ''}]/% {note} %/"

    def _way(self, way: Exit, note: str) -> str:
        return self._link(ONWARDS, way.to, way.effects, note)

    def _exits(self, exits: Sequence[Exit]) -> Iterator[str]:
        parts = []
        for number, way in enumerate(exits):
            word = "elseif" if number else "if"
            head = f"<<{word} {self._asked(way.condition)}>>" if way.condition else "<<else>>"
            parts.append(head + self._way(way, "to next"))
        if len(exits) == 1 and exits[0].condition is None:
            yield self._way(exits[0], "to next")
        elif parts:
            yield "".join(parts) + "<</if>>"

    def _storylets(self, group: StoryletGroup) -> Iterator[str]:
        """One block, not several: a <<goto>> does not end its passage, so the last would count."""
        tries = [(self._entered(one), "", one.beat) for one in entries(group, self.story.beats)]
        if group.otherwise and not (tries and not tries[-1][0]):
            effects = "".join(f"<<set {self._set(one)}>>" for one in group.otherwise.effects)
            asked = group.otherwise.condition
            tries.append((self._asked(asked) if asked else "", effects, group.otherwise.to))
        if not tries[0][0]:
            yield f'{tries[0][1]}<<goto "{tries[0][2]}">>'
            return
        for number, (asked_, effects, to) in enumerate(tries):
            head = f"<<{'elseif' if number else 'if'} {asked_}>>" if asked_ else "<<else>>"
            yield f'{head}{effects}<<goto "{to}">>'
        yield "<</if>>"

    def _entered(self, one: Entry) -> str:
        """The condition of a storylet; "" if it has none."""
        asked = [f"({self._asked(one.when)})" if one.fresh else self._asked(one.when)] * (
            one.when is not None
        )
        return " and ".join([*asked, *[f'not hasVisited("{one.beat}")'] * one.fresh])


def _type(variable: Variable) -> str:
    kind = variable.kind
    if kind.is_number:
        return f"{kind.name} {plain(kind.least)} to {plain(kind.most)}"
    return f"enum {', '.join(kind.words)}" if kind.name == "enum" else kind.name


def _constant(variable: Variable) -> str:
    value = variable.init
    if isinstance(value, str):
        return json_text(value)
    return str(value).lower() if isinstance(value, bool) else plain(value)


def _call(item: Part) -> str:
    """A cue, a sound or a wait as it is written in a script."""
    if isinstance(item, Wait):
        return f"wait {time(item.lasts)}"
    if isinstance(item, SoundCall):
        parts = [f"sound {item.name}"]
        parts += [f"at=+{time(item.after)}"] * bool(item.after)
        parts += [f"gain={item.gain_db:g}"] * bool(item.gain_db)
        parts += ["loop=true"] * item.loop + ["stop=true"] * item.stop
        return " ".join(parts)
    assert isinstance(item, CueCall)
    after = "after" if item.act == "look" else "at"
    name = item.as_written
    if item.act == "mood":
        name = f"{item.name} {item.target}"
    parts = [name, *[f"{after}=+{time(item.after)}"] * bool(item.after)]
    return " ".join([*parts, *([f"over={time(item.over)}"] if item.over is not None else [])])


def _ifid(name: str) -> str:
    """An id of the form that Twine expects, always the same for a story's name."""
    digits = blake2b(name.encode(), digest_size=16).hexdigest().upper()
    return "-".join((digits[:8], digits[8:12], "4" + digits[13:16], "8" + digits[17:20],
                     digits[20:]))  # fmt: skip


def json_text(value: object) -> str:
    """A value as JSON: a text on one line, an object with a line for each key."""
    encoded = msgspec.json.encode(value)
    return (encoded if isinstance(value, str) else msgspec.json.format(encoded)).decode()
