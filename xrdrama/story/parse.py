"""Text of a `*.branch.yaml` file to a Story, with every problem at its place."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping
from itertools import pairwise

from xrdrama.document import Place, Reading, Scalar, compose, suggestion
from xrdrama.document.shapes import MISSING, Mention
from xrdrama.errors import AuthoringError, Problem
from xrdrama.story.expression import (
    BOOL,
    Expression,
    ExpressionError,
    Kind,
    Names,
    Scope,
    Value,
    compile_expression,
)
from xrdrama.story.form import (
    STORY,
    RawBeat,
    RawChoice,
    RawEnding,
    RawExit,
    RawHidden,
    RawStory,
    RawVariable,
)
from xrdrama.story.model import (
    Beat,
    Choice,
    Effect,
    Ending,
    Exit,
    HiddenPlot,
    Line,
    Option,
    Story,
    Variable,
)
from xrdrama.story.screenplay import parse_script


def parse_story(
    text: str, file: str = "story", *, lasts: Mapping[str, int] | None = None
) -> tuple[Story | None, list[Problem], list[Mention]]:
    """A Story (None when there are errors), its problems, and the scenes and beats it mentions.

    `lasts` gives the nanoseconds of recorded lines by id; other lines last their reading time.
    """
    problems: list[Problem] = []
    root = compose(text, file, problems)
    if root is None:
        return None, problems, []
    reading = Reading(file, problems)
    raw = STORY.read(root, reading)
    if raw is MISSING:
        return None, problems, reading.mentions
    story = _Assembly(raw, reading, lasts or {}).story()
    broken = any(problem.severity == "error" for problem in problems)
    return None if broken else story, problems, reading.mentions


def load_story(text: str, file: str = "story", *, lasts: Mapping[str, int] | None = None) -> Story:
    """The Story of a text, or AuthoringError with every problem."""
    story, problems, _ = parse_story(text, file, lasts=lasts)
    if story is None:
        raise AuthoringError(problems)
    return story


MAX_TEXT = 100
"""Characters of a variable's text."""


class _Assembly:
    """Makes a Story of raw values; each method notes what is wrong and goes on."""

    def __init__(self, raw: RawStory, reading: Reading, lasts: Mapping[str, int]) -> None:
        self.raw, self.reading, self.lasts = raw, reading, lasts
        self.options = self.plots = 0
        self.variables = {
            name: self.variable(variable, slot)
            for slot, (name, variable) in enumerate(raw.variables.items())
        }
        kinds = {name: (v.kind, v.slot) for name, v in self.variables.items()}
        self.names = Names(kinds, {name: i for i, name in enumerate(raw.beats)})

    def story(self) -> Story | None:
        raw = self.raw
        if not raw.beats:
            self.reading.note(raw.place, "S101", "the story has no beat", "add one under beats")
            return None
        self.links()
        everywhere = tuple(self.hidden(plot) for plot in raw.hidden)
        beats = {
            name: self.beat(beat, index, everywhere)
            for index, (name, beat) in enumerate(raw.beats.items())
        }
        self.unique_lines(beats.values())
        self.unique_titles(beats.values())
        return Story(
            raw.id,
            raw.title or raw.id,
            raw.language,
            raw.start or next(iter(raw.beats)),
            self.reading.file,
            raw.cast,
            tuple(self.variables.values()),
            beats,
            tuple(beats.values()),
            self.options,
            self.plots,
        )

    def links(self) -> None:
        for mention in self.reading.mentions:
            if mention.kind == "beat" and mention.name not in self.raw.beats:
                self.reading.note(
                    mention.place, "S102", f"there is no beat {mention.name!r}",
                    suggestion(mention.name, self.raw.beats),
                )  # fmt: skip

    def variable(self, raw: RawVariable, slot: int) -> Variable:
        kind = Kind(raw.kind, raw.least, raw.most, raw.words)
        if keyword.iskeyword(raw.id) or raw.id in ("true", "false"):
            self.reading.note(
                raw.place, "S114", f"a variable cannot be called {raw.id!r}",
                "the word has a meaning of its own in expressions",
            )  # fmt: skip
        if kind.name == "enum" and not kind.words:
            self.reading.note(
                raw.place, "S115", f"{raw.id} has no words", "write of: [calm, angry]"
            )
        if kind.is_number and kind.least > kind.most:
            self.reading.note(raw.place, "S110", f"{raw.id}: min is larger than max")
            kind = Kind(raw.kind, raw.most, raw.least)
        if kind.name == "int":
            kind = Kind("int", int(kind.least), int(kind.most))
        first: Value
        if kind.is_number:
            first = kind.least if kind.least > 0 or kind.most < 0 else type(kind.least)(0)
        else:
            first = False if kind.name == "bool" else (kind.words or ("",))[0]
        return Variable(raw.id, kind, self.init(raw, kind, first), slot, raw.place)

    def init(self, raw: RawVariable, kind: Kind, default: Value) -> Value:
        if raw.init is None:
            return default
        text = raw.init.text.strip()
        if kind.name == "enum":
            if text in kind.words:
                return text
            self.reading.note(
                raw.init.place, "S111", f"{text!r} is none of {', '.join(kind.words)}",
                suggestion(text, kind.words),
            )  # fmt: skip
            return default
        if kind.name == "text":
            if len(text) > MAX_TEXT:
                self.reading.note(
                    raw.init.place, "S112", f"the text has over {MAX_TEXT} characters"
                )
            return text
        expression = self.expression(raw.init, wanted=kind, names=Names({}, {}))
        if expression is None:
            return default
        value: Value = expression.run(Scope([], (), 0))
        if (
            kind.is_number
            and isinstance(value, int | float)
            and not (kind.least <= value <= kind.most)
        ):
            self.reading.note(raw.init.place, "S112", f"{text} is out of range: {kind}")
        return float(value) if kind.name == "float" else value

    def expression(
        self,
        node: Scalar,
        *,
        wanted: Kind,
        dice: bool = False,
        names: Names | None = None,
    ) -> Expression | None:
        return self.compiled(node.text, node.place_of(0), wanted, dice, names)

    def compiled(
        self,
        text: str,
        place: Place,
        wanted: Kind,
        dice: bool = False,
        names: Names | None = None,
    ) -> Expression | None:
        try:
            return compile_expression(text, names or self.names, wanted=wanted, dice=dice)
        except ExpressionError as error:
            where = Place(place.file, place.line, place.column + error.column)
            unknown = error.message.startswith("there is no variable")
            hint = _or_declare(error.hint) if unknown else error.hint
            self.reading.note(where, "S120", error.message, hint)
            return None

    def condition(self, node: Scalar | None) -> Expression | None:
        return None if node is None else self.expression(node, wanted=BOOL)

    def effects(self, raw: Mapping[str, Scalar], place: Place) -> tuple[Effect, ...]:
        found = []
        for name, node in raw.items():
            variable = self.variables.get(name)
            if variable is None:
                self.reading.note(
                    node.place, "S113", f"there is no variable {name!r} to set",
                    _or_declare(suggestion(name, self.variables)),
                )  # fmt: skip
                continue
            value = self.expression(node, wanted=variable.kind, dice=True)
            if value is not None:
                found.append(Effect(name, variable.slot, variable.kind, value))
        return tuple(found)

    def exit(self, raw: RawExit) -> Exit:
        return Exit(
            raw.to, raw.place, self.condition(raw.condition), self.effects(raw.effects, raw.place)
        )

    def beat(self, raw: RawBeat, index: int, everywhere: tuple[HiddenPlot, ...]) -> Beat:
        ways = [bool(raw.choice), bool(raw.exits), bool(raw.ending), raw.returns]
        if sum(ways) > 1:
            self.reading.note(
                raw.place, "S103", f"beat {raw.id!r} has several ways out",
                "keep one of choice, next, ending, return",
            )  # fmt: skip
        elif not any(ways):
            self.reading.note(
                raw.place, "S104", f"beat {raw.id!r} leads nowhere",
                "give it a choice, a next beat, or make it an ending",
            )  # fmt: skip
        scene = raw.scene or self.raw.scene
        if not scene:
            self.reading.note(
                raw.place, "S105", f"beat {raw.id!r} plays nowhere",
                "name a scene here, or one for the whole story at the top",
            )  # fmt: skip
        self.lengths(raw)
        script = raw.script and parse_script(
            raw.script,
            self.reading,
            beat=raw.id,
            cast=self.raw.cast,
            language=self.raw.language,
            condition=lambda text, place: self.compiled(text, place, BOOL),
            lasts=self.lasts,
        )
        here = tuple(p for p in everywhere if not p.beats or raw.id in p.beats)
        hidden = (*(self.hidden(plot) for plot in raw.hidden), *here)
        self.one_of_each(raw, hidden)
        return Beat(
            raw.id,
            index,
            raw.place,
            scene,
            script or (),
            raw.lengths,
            self.choice(raw.choice, raw) if raw.choice else None,
            self.exits(raw),
            self.ending(raw.ending) if raw.ending else None,
            raw.returns,
            hidden,
            raw.director,
        )

    def lengths(self, raw: RawBeat) -> None:
        given = [
            (name, ns)
            for name, ns in (
                ("min", raw.lengths.least),
                ("typical", raw.lengths.typical),
                ("max", raw.lengths.most),
            )
            if ns is not None
        ]
        for (shorter, one), (longer, other) in pairwise(given):
            if one > other:
                self.reading.note(
                    raw.place, "S108", f"dur of {raw.id!r}: {shorter} is longer than {longer}"
                )

    def one_of_each(self, raw: RawBeat, plots: tuple[HiddenPlot, ...]) -> None:
        seen: set[str] = set()
        for plot in plots:
            if plot.id in seen:
                self.reading.note(
                    plot.place, "S140", f"two hidden plots of {raw.id!r} are called {plot.id!r}",
                    "give each a name of its own",
                )  # fmt: skip
            seen.add(plot.id)
        for own in raw.hidden:
            if own.beats:
                self.reading.note(
                    own.place, "S141", "during has no meaning inside a beat",
                    "leave it out, or move the plot to the end of the file, under hidden:",
                )  # fmt: skip

    def exits(self, raw: RawBeat) -> tuple[Exit, ...]:
        exits = tuple(self.exit(e) for e in raw.exits)
        for last, following in pairwise(raw.exits):
            if last.condition is None:
                self.reading.note(
                    following.place, "S106", "this way is never taken",
                    f"the one before it, to {last.to}, has no condition",
                    "warning",
                )  # fmt: skip
                break
        if raw.exits and raw.exits[-1].condition is not None:
            self.reading.note(
                raw.exits[-1].place, "S107", f"beat {raw.id!r} may find no way on",
                "end next: with a beat that has no condition",
            )  # fmt: skip
        return exits

    def ending(self, raw: RawEnding) -> Ending:
        return Ending(raw.id, raw.title or raw.id.replace("_", " "), f"ending.{raw.id}")

    def choice(self, raw: RawChoice, beat: RawBeat) -> Choice:
        window = raw.window
        if window and window.closes is not None and window.lasts is not None:
            self.reading.note(
                window.place, "S130", "closes and lasts say the same twice", "keep one"
            )
        if window and window.closes is not None and window.closes <= (window.opens or 0):
            self.reading.note(window.place, "S131", "the window closes before it opens")
        if window and window.lasts == 0:
            self.reading.note(window.place, "S131", "the window closes when it opens")
        if window and window.is_timed and raw.otherwise is None:
            self.reading.note(
                raw.place, "S132", "a timed choice needs an else: silence is an answer",
                "add else: with the beat that silence leads to",
            )  # fmt: skip
        always = all(o.condition is None and not o.once for o in raw.options.values())
        if raw.otherwise and always and not (window and window.is_timed):
            self.reading.note(
                raw.otherwise.place, "S133", "this else is never taken",
                "give the choice a window that closes, or an option a condition", "warning",
            )  # fmt: skip
        if not raw.options:
            self.reading.note(raw.place, "S134", "a choice needs options")
        options = []
        for option in raw.options.values():
            options.append(
                Option(
                    option.id,
                    option.to,
                    option.text or option.id.replace("_", " ").capitalize(),
                    f"{beat.id}.{option.id}",
                    option.place,
                    self.options,
                    self.condition(option.condition),
                    self.effects(option.effects, option.place),
                    option.triggers,
                    option.once,
                )
            )
            self.options += 1
        self.shared_triggers(options)
        otherwise = self.exit(raw.otherwise) if raw.otherwise else None
        return Choice(raw.id or beat.id, tuple(options), raw.place, window, otherwise)

    def shared_triggers(self, options: list[Option]) -> None:
        owners: dict[tuple[str, str], str] = {}
        for option in options:
            for trigger in option.triggers:
                for value in trigger.values:
                    owner = owners.setdefault((trigger.kind, value.casefold()), option.id)
                    if owner != option.id:
                        self.reading.note(
                            trigger.place, "S135",
                            f"{trigger.kind} {value!r} already picks {owner!r}",
                            "give each option triggers of its own",
                        )  # fmt: skip

    def hidden(self, raw: RawHidden) -> HiddenPlot:
        plot = HiddenPlot(
            raw.id,
            raw.to,
            raw.triggers,
            raw.place,
            self.plots,
            self.condition(raw.condition),
            self.effects(raw.effects, raw.place),
            raw.returns,
            raw.beats,
        )
        self.plots += 1
        return plot

    def unique_lines(self, beats: Iterable[Beat]) -> None:
        first: dict[str, Place] = {}
        for beat in beats:
            for item in beat.script:
                if not isinstance(item, Line):
                    continue
                if item.id in first:
                    self.reading.note(
                        item.place, "S212", f"#{item.id} stands twice",
                        f"the first is on line {first[item.id].line}; delete one, run xrdrama fmt",
                    )  # fmt: skip
                first.setdefault(item.id, item.place)

    def unique_titles(self, beats: Iterable[Beat]) -> None:
        """Names, options and endings are translated by id: one id, one text."""
        titles = {f"cast.{role.id}": role.name for role in self.raw.cast.values()}
        for beat in beats:
            found = (
                [(o.text_id, o.text, o.place) for o in beat.choice.options] if beat.choice else []
            )
            if beat.ending:
                found.append((beat.ending.title_id, beat.ending.title, beat.place))
            for name, text, place in found:
                if titles.setdefault(name, text) != text:
                    self.reading.note(
                        place, "S117", f"{name!r} names both {titles[name]!r} and {text!r}",
                        "give one of them another id, or both the same text",
                    )  # fmt: skip


def _or_declare(hint: str) -> str:
    """The hint for a name that is no variable, which may be one that is yet to be declared."""
    declare = "declare it under vars, as in vars: {trust: {type: int, min: 0, max: 3}}"
    return f"{hint}{' ' if hint.endswith('?') else '; '}or {declare}" if hint else declare
