"""A story as a state machine in SCXML (https://www.w3.org/TR/scxml/), data model ECMAScript.

Each beat is a state with two states inside: its script, which ends after its planned time, and its
choice, which waits for `pick.<beat>.<option>` or for its window to close. What a script does is
sent as delayed events: `say` (id, speaker, text), `cue.<name>`, `sound.<name>`. Hidden plots wait
for their triggers, such as `marker.door_god`, beside the main path: a plot that returns continues
it through a history state, one that is parallel is a region of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xrdrama.authoring.exchange.blocks import Block, Part, nested
from xrdrama.authoring.exchange.ecmascript import Ecmascript
from xrdrama.authoring.exchange.losses import losses, lost_at
from xrdrama.authoring.exchange.xml import attribute
from xrdrama.authoring.reach import reached
from xrdrama.document.wording import plain
from xrdrama.story import Beat, Line, Story
from xrdrama.story.expressions.expression import Expression
from xrdrama.story.formats import NotCarriedOver
from xrdrama.story.model import (
    Assign,
    CueCall,
    Detour,
    Direction,
    Effect,
    Exit,
    HiddenPlot,
    Option,
    SoundCall,
    Wait,
)
from xrdrama.story.reading import BREATH
from xrdrama.story.ways import ways_of

_CARRIED = ("line", "cue", "sound", "wait", "option", "else", "path", "ending", "condition", "type",
            "effect", "window", "hidden plot", "return", "once", "block", "storylet",
            "value in a text")  # fmt: skip
_MAIN, _SHOW, _AGAIN = "main.path", "whole.show", "main.interrupted"


def not_carried_over(story: Story) -> tuple[NotCarriedOver, ...]:
    """What the state machine cannot hold, and what it only approximates."""
    found = list(losses(story, _CARRIED))
    for beat in story.order:
        conditional = any(
            isinstance(part, Block) or (isinstance(part, Line) and part.condition)
            for part in nested(beat.script)
        )
        if conditional:
            what = "approximated: its script lasts as long as with all conditional lines"
            found.append(lost_at(story, beat.place, f"beat {beat.id}: {what}"))
        if any(isinstance(part, Block) and part.choose != "first" for part in nested(beat.script)):
            what = "approximated: of lines that are chosen in turn, the first available one"
            found.append(lost_at(story, beat.place, f"beat {beat.id}: {what}"))
        if beat.hidden:
            what = "approximated: its script begins again after a hidden plot that returns"
            found.append(lost_at(story, beat.place, f"beat {beat.id}: {what}"))
        if any(getattr(item, "values", ()) for item in beat.script):
            what = "approximated: values in texts are not replaced"
            found.append(lost_at(story, beat.place, f"beat {beat.id}: {what}"))
    for group in story.storylets.values():
        what = f"storylets {group.id}: approximated: the first available beat is entered"
        found.append(lost_at(story, group.place, what))
    return tuple(sorted(set(found)))


def write(story: Story) -> str:
    """The story as an SCXML document."""
    return "\n".join(_Machine(story).document()) + "\n"


class _Machine:
    def __init__(self, story: Story) -> None:
        self.story = story
        self.js = Ecmascript({one.id: one.computed for one in story.computed})
        plots = {(plot.id, plot.to): plot for beat in story.order for plot in beat.hidden}
        self.plots = list(plots.values())
        graph = {
            beat.id: [to for how, _, to in ways_of(beat) if how != "hidden"] for beat in story.order
        }
        for group in story.storylets.values():
            graph[group.id] = [*group.beats, *([group.otherwise.to] if group.otherwise else [])]
        main = {story.start, *reached(graph, story.start)}
        self.regions: dict[str, str] = {}
        """The region of each beat that is only in a hidden plot: the id of the plot, or ""."""
        for plot in self.plots:
            for name in (plot.to, *sorted(reached(graph, plot.to))):
                if name in story.beats and name not in main:
                    known = self.regions.get(name, plot.id if plot.parallel else "")
                    self.regions[name] = known if known == plot.id else ""

    def document(self) -> Iterator[str]:
        story = self.story
        yield '<?xml version="1.0" encoding="UTF-8"?>'
        yield (
            '<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript" '
            f'name="{attribute(story.id)}" initial="{_SHOW if self._parallel() else _MAIN}">'
        )
        yield "  <datamodel>"
        for one in story.variables:
            value = one.init if not isinstance(one.init, str) else _js_text(one.init)
            shown = str(value).lower() if isinstance(value, bool) else value
            shown = shown if isinstance(shown, str) else plain(shown)
            yield f'    <data id="{self.js.variable(one.id)}" expr="{attribute(shown)}"/>'
        yield '    <data id="visits" expr="{}"/>'
        yield '    <data id="picked" expr="{}"/>'
        yield "  </datamodel>"
        yield from self._body()
        for ending in {one.id: one for one in story.endings()}.values():
            yield f'  <final id="ending.{attribute(ending.id)}"/>'
        yield "</scxml>"

    def _parallel(self) -> list[HiddenPlot]:
        """The plots that are regions of their own."""
        own = {name for name in self.regions.values() if name}
        return [plot for plot in self.plots if plot.id in own]

    def _body(self) -> Iterator[str]:
        parallel = self._parallel()
        yield from [f'  <parallel id="{_SHOW}">'] * bool(parallel)
        yield f'  <state id="{_MAIN}" initial="{attribute(self.story.start)}">'
        yield f'    <history id="{_AGAIN}" type="deep">'
        yield f'      <transition target="{attribute(self.story.start)}"/>'
        yield "    </history>"
        for group in self.story.storylets.values():
            yield f'    <state id="{attribute(group.id)}">'
            for name in group.beats:
                yield from self._transition("", self.story.beats[name].when, name, ())
            if group.otherwise:
                yield from self._way("", group.otherwise)
            yield "    </state>"
        for beat in self.story.order:
            if beat.id not in self.regions:
                yield from self._beat(beat)
        yield "  </state>"
        for plot in parallel:
            yield from self._region(plot)
        yield from ["  </parallel>"] * bool(parallel)
        for beat in self.story.order:
            if self.regions.get(beat.id) == "":
                yield from self._beat(beat)

    def _region(self, plot: HiddenPlot) -> Iterator[str]:
        yield f'  <state id="plot.{attribute(plot.id)}" initial="plot.{attribute(plot.id)}.closed">'
        yield f'    <state id="plot.{attribute(plot.id)}.closed">'
        inside = [f"In('{beat.id}')" for beat in self.story.order
                  if any(one.id == plot.id for one in beat.hidden)]  # fmt: skip
        for event in _events(plot):
            asked = self._asked(plot.condition)
            cond = " && ".join([f"({' || '.join(inside)})", *([f"({asked})"] if asked else [])])
            yield from self._raw(event, cond, plot.to, plot.effects)
        yield "    </state>"
        for beat in self.story.order:
            if self.regions.get(beat.id) == plot.id:
                yield from self._beat(beat, f"plot.{plot.id}.done")
        yield f'    <final id="plot.{attribute(plot.id)}.done"/>'
        yield "  </state>"

    # -- a beat -----------------------------------------------------------------------------------

    def _beat(self, beat: Beat, home: str = _AGAIN) -> Iterator[str]:
        name = attribute(beat.id)
        script, waits = self._script(beat)
        yield f'    <state id="{name}" initial="{name}.script">'
        yield "      <onentry>"
        count = f"(visits['{beat.id}'] || 0) + 1"
        yield f'        <assign location="visits[\'{name}\']" expr="{attribute(count)}"/>'
        yield "      </onentry>"
        for plot in beat.hidden:
            if self.regions.get(plot.to) != plot.id:
                yield from self._opened(plot)
        yield f'      <state id="{name}.script">'
        yield "        <onentry>"
        yield from script
        yield f'          <send event="{name}.said" id="{name}.end" delay="{waits:g}s"/>'
        yield "        </onentry>"
        yield f'        <onexit><cancel sendid="{name}.end"/></onexit>'
        yield from self._ways_on(beat, home)
        yield "      </state>"
        if beat.choice:
            yield from self._choice(beat)
        yield "    </state>"

    def _opened(self, plot: HiddenPlot) -> Iterator[str]:
        """A hidden plot that interrupts the beat, once."""
        key = f"plot.{plot.id}"
        once = f"!picked['{key}']"
        asked = self._asked(plot.condition)
        cond = f"{once} && ({asked})" if asked else once
        for event in _events(plot):
            yield from self._raw(event, cond, plot.to, plot.effects, key)

    def _ways_on(self, beat: Beat, home: str) -> Iterator[str]:
        event = f"{beat.id}.said"
        if beat.choice:
            yield from self._raw(event, "", f"{beat.id}.choice", ())
        for way in beat.exits:
            yield from self._way(event, way)
        if beat.ending:
            yield from self._raw(event, "", f"ending.{beat.ending.id}", ())
        if beat.returns:
            yield from self._raw(event, "", home, ())

    def _choice(self, beat: Beat) -> Iterator[str]:
        choice, name = beat.choice, attribute(beat.id)
        assert choice is not None
        window, otherwise = choice.window, choice.otherwise
        yield f'      <state id="{name}.choice">'
        if window and window.is_timed:
            lasts = window.lasts or max(0, (window.closes or 0) - (window.opens or 0))
            seconds = (lasts + window.grace) / 1e9
            yield "        <onentry>"
            yield f'          <send event="{name}.closed" id="{name}.timer" delay="{seconds:g}s"/>'
            yield "        </onentry>"
            yield f'        <onexit><cancel sendid="{name}.timer"/></onexit>'
        for option in choice.options:
            yield from self._option(beat, option)
        if otherwise and window and window.is_timed:
            yield from self._way(f"{beat.id}.closed", otherwise)
        elif otherwise:
            none = " && ".join(f"!({self._offered(beat, one)})" for one in choice.options)
            yield from self._raw("", none, otherwise.to, otherwise.effects)
        yield "      </state>"

    def _offered(self, beat: Beat, option: Option) -> str:
        parts = [f"({asked})"] if (asked := self._asked(option.condition)) else []
        parts += [f"!picked['{beat.id}.{option.id}']"] * option.once
        return " && ".join(parts) or "true"

    def _option(self, beat: Beat, option: Option) -> Iterator[str]:
        key, offered = f"{beat.id}.{option.id}", self._offered(beat, option)
        cond = "" if offered == "true" else offered
        to = option.to or option.detour
        mark = key if option.once else ""
        yield from self._raw(f"pick.{key}", cond, to, option.effects, mark)

    # -- scripts ----------------------------------------------------------------------------------

    def _script(self, beat: Beat) -> tuple[list[str], float]:
        """The executable content of a script, and the seconds that it lasts."""
        lines: list[str] = []
        at = self._parts(beat, nested(beat.script), lines, 0)
        return lines, max(at, beat.lengths.least) / 1e9

    def _parts(self, beat: Beat, parts: Sequence[Part], lines: list[str], at: int) -> int:
        for part in parts:
            condition = getattr(part, "condition", None)
            if isinstance(part, Block):
                at = self._block(beat, part, lines, at)
                continue
            written = self._item(part, at)
            if condition is not None and written:
                written = [f'<if cond="{attribute(self._asked(condition))}">', *written, "</if>"]
            lines += [f"          {line}" for line in written]
            if isinstance(part, Line | Wait):
                at += part.lasts + (BREATH if isinstance(part, Line) else 0)
        return at

    def _block(self, beat: Beat, block: Block, lines: list[str], at: int) -> int:
        latest = at
        for number, branch in enumerate(block.branches):
            asked = self._asked(branch.condition) or "true"
            if not number:
                lines.append(f'          <if cond="{attribute(asked)}">')
            elif branch.condition is None:
                lines.append("          <else/>")
            else:
                lines.append(f'          <elseif cond="{attribute(asked)}"/>')
            latest = max(latest, self._parts(beat, branch.inside, lines, at))
            if branch.condition is None:
                break  # what follows it is never played
        lines.append("          </if>")
        return latest

    def _item(self, item: Part, at: int) -> list[str]:
        if isinstance(item, Line):
            values = {"id": item.id, "speaker": item.speaker, "text": item.text}
            return [f'<send event="say" delay="{at / 1e9:g}s">', *(
                f'  <param name="{key}" expr="{attribute(_js_text(value))}"/>'
                for key, value in values.items()
            ), "</send>"]  # fmt: skip
        if isinstance(item, CueCall):
            words = {"target": item.target, "hand": item.side}
            if item.over is not None:
                words["over"] = f"{item.over / 1e9:g}"
            return self._sent(f"cue.{item.name}", at + item.after, words)
        if isinstance(item, SoundCall):
            words = {"gain_db": f"{item.gain_db:g}" if item.gain_db else "",
                     "loop": "true" * item.loop, "stop": "true" * item.stop}  # fmt: skip
            return self._sent(f"sound.{item.name}", at + item.after, words)
        if isinstance(item, Assign):
            return [self._assign(one) for one in item.effects]
        if isinstance(item, Detour | Direction):
            return []
        return []

    def _sent(self, event: str, at: int, words: dict[str, str]) -> list[str]:
        head = f'<send event="{attribute(event)}" delay="{at / 1e9:g}s"'
        params = [f'  <param name="{key}" expr="{attribute(_js_text(value))}"/>'
                  for key, value in words.items() if value]  # fmt: skip
        return [f"{head}>", *params, "</send>"] if params else [f"{head}/>"]

    def _assign(self, effect: Effect) -> str:
        kind, found = effect.kind, effect.value.kind
        value = self.js.expression(effect.value.text)
        if kind.name == "enum" and effect.value.text.strip() in kind.words:
            value = _js_text(effect.value.text.strip())
        if kind.is_number and (found.least < kind.least or found.most > kind.most):
            value = f"Math.max({plain(kind.least)}, Math.min({plain(kind.most)}, {value}))"
        location = self.js.variable(effect.variable)
        return f'<assign location="{location}" expr="{attribute(value)}"/>'

    # -- transitions ------------------------------------------------------------------------------

    def _asked(self, condition: Expression | None) -> str:
        return self.js.expression(condition.text) if condition else ""

    def _way(self, event: str, way: Exit) -> Iterator[str]:
        yield from self._transition(event, way.condition, way.to, way.effects)

    def _transition(
        self, event: str, condition: Expression | None, to: str, effects: Sequence[Effect]
    ) -> Iterator[str]:
        yield from self._raw(event, self._asked(condition), to, effects)

    def _raw(
        self, event: str, cond: str, to: str, effects: Sequence[Effect], mark: str = ""
    ) -> Iterator[str]:
        keys = [f'event="{attribute(event)}"'] * bool(event)
        keys += [f'cond="{attribute(cond)}"'] * bool(cond)
        head = f'        <transition {" ".join([*keys, ""])}target="{attribute(to)}"'
        inside = [self._assign(one) for one in effects]
        if mark:
            inside.append(f'<assign location="picked[\'{attribute(mark)}\']" expr="true"/>')
        if not inside:
            yield f"{head}/>"
            return
        yield f"{head}>"
        yield from (f"          {line}" for line in inside)
        yield "        </transition>"


def _events(plot: HiddenPlot) -> list[str]:
    return [f"{one.kind}.{'_'.join(value.split())}" for one in plot.triggers
            for value in one.values]  # fmt: skip


def _js_text(text: str) -> str:
    """A text as an ECMAScript string in single quotation marks."""
    plain_text = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{plain_text}'"
