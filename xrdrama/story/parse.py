"""Parses the text of a `*.branch.yaml` file to a Story; reports problems at their positions."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from xrdrama.document import Reading, compose, suggestion
from xrdrama.document.kinds import is_other_kind
from xrdrama.document.shapes import MISSING, Mention
from xrdrama.errors import AuthoringError, Problem
from xrdrama.story.comments import note_cut_texts
from xrdrama.story.foreign import foreign_problem
from xrdrama.story.form import PROSE, STORY
from xrdrama.story.formulas import Formulas
from xrdrama.story.including import Files, with_included
from xrdrama.story.model import (
    Beat,
    Choice,
    Ending,
    Exit,
    HiddenPlot,
    Option,
    Story,
    StoryletGroup,
)
from xrdrama.story.screenplay.script import parse_script
from xrdrama.story.screenplay.stagecraft import Stagecraft
from xrdrama.story.storylets import check_storylets
from xrdrama.story.uniqueness import check_unique
from xrdrama.story.voted import note_votes
from xrdrama.story.voting import VoteRule
from xrdrama.story.written import RawBeat, RawChoice, RawEnding, RawExit, RawHidden, RawStory

WAYS = ("choice", "next", "ending", "return")


def parse_story(
    text: str,
    file: str = "story",
    *,
    lasts: Mapping[str, int] | None = None,
    files: Files | None = None,
) -> tuple[Story | None, list[Problem], list[Mention]]:
    """A Story (None if there are errors), its problems, and the scenes and beats that it mentions.

    `lasts` gives the nanoseconds of recorded lines by id; other lines last their reading time.
    `files` gives the files that it includes.
    """
    story, problems, mentions = draft_story(text, file, lasts=lasts, files=files)
    broken = any(problem.severity == "error" for problem in problems)
    return None if broken else story, problems, mentions


def draft_story(
    text: str,
    file: str = "story",
    *,
    lasts: Mapping[str, int] | None = None,
    files: Files | None = None,
) -> tuple[Story | None, list[Problem], list[Mention]]:
    """The same, but a story with errors is returned as far as it could be read.

    Its cues and scenes can be looked up, but it cannot be played.
    """
    problems: list[Problem] = []
    if problem := foreign_problem(text, file):
        return None, [problem], []
    root = compose(text, file, problems, PROSE)
    if root is None or is_other_kind(root, "story", problems):
        return None, problems, []
    reading = Reading(file, problems)
    note_cut_texts(text, reading)
    raw = STORY.read(root, reading)
    if raw is MISSING:
        return None, problems, reading.mentions
    if raw.include:
        raw = with_included(raw, reading, files)
    return _Assembly(raw, reading, lasts or {}).story(), problems, reading.mentions


def load_story(
    text: str,
    file: str = "story",
    *,
    lasts: Mapping[str, int] | None = None,
    files: Files | None = None,
) -> Story:
    """The Story of a text, or AuthoringError with every problem."""
    story, problems, _ = parse_story(text, file, lasts=lasts, files=files)
    if story is None:
        raise AuthoringError(problems)
    return story


class _Assembly:
    """Makes a Story of raw values; each method notes problems and continues."""

    def __init__(self, raw: RawStory, reading: Reading, lasts: Mapping[str, int]) -> None:
        self.raw, self.reading = raw, reading
        self.options = self.plots = 0
        self.shown: dict[int, tuple[str, ...]] = {}
        """The variables that the text of an option shows, by its identity."""
        self.nowhere: list[RawBeat] = []
        self.formulas = Formulas(raw, reading)
        self.stagecraft = Stagecraft(
            reading=reading,
            cast=raw.cast if "cast" in raw.given else {},
            language=raw.language,
            condition=self.formulas.conditional,
            lasts=lasts,
            variables=self.formulas.variables,
            effects=self.formulas.assignment,
        )

    def story(self) -> Story | None:
        raw = self.raw
        if not raw.beats:
            self.reading.note(
                raw.place, "S101", "the story has no beats", "add at least one beat under beats:"
            )
            return None
        self.titles()
        everywhere = tuple(self.hidden(plot) for plot in raw.hidden)
        beats = {
            name: self.beat(beat, index, everywhere)
            for index, (name, beat) in enumerate(raw.beats.items())
        }
        self.links()
        if self.nowhere:
            first, *others = self.nowhere
            more = f" and {len(others)} more beats have no scene" if others else " has no scene"
            self.reading.note(
                first.place, "S105", f"beat {first.id!r}{more}",
                "add scene: to the beat, or add one for the whole story at the top: scene: "
                "lantern_street",
            )  # fmt: skip
        check_unique(beats.values(), raw.cast or {}, self.reading)
        return Story(
            raw.id,
            raw.title or raw.id,
            raw.language,
            raw.start or next(iter(raw.beats)),
            self.reading.file,
            raw.cast or {},
            self.formulas.stored,
            beats,
            tuple(beats.values()),
            self.storylets(beats),
            tuple(v for v in self.formulas.variables.values() if v.computed is not None),
            self.stagecraft.alternatives,
            raw.markers,
        )

    def storylets(self, beats: Mapping[str, Beat]) -> dict[str, StoryletGroup]:
        """The storylet groups with their beats."""
        check_storylets(self.raw, self.reading)
        found = {}
        for raw in self.raw.storylets.values():
            names = tuple(beat.id for beat in beats.values() if beat.storylet == raw.id)
            otherwise = self.exit(raw.otherwise) if raw.otherwise else None
            found[raw.id] = StoryletGroup(raw.id, raw.choose, names, raw.place, otherwise)
        return found

    def titles(self) -> None:
        """The displayed texts besides lines: the title, the cast, options and endings."""
        raw, shown, named = self.raw, self.stagecraft.shown, self.stagecraft.named
        named(raw.title, raw.given.get("title", raw.place))
        for role in (raw.cast or {}).values():
            named(role.name, role.place)
        for beat in raw.beats.values():
            for option in beat.choice.options.values() if beat.choice else ():
                self.shown[id(option)] = shown(option.text, option.given.get("text", option.place))
            if beat.ending:
                named(beat.ending.title, beat.given["ending"])

    def links(self) -> None:
        for mention in self.reading.mentions:
            if mention.kind != "beat" or mention.name in self.raw.beats:
                continue
            if mention.name in self.raw.storylets or self.reading.lost("storylets", mention.name):
                continue
            if not self.reading.lost("beat", mention.name):
                first = mention.name.partition(",")[0].strip()
                several = first != mention.name and first in self.raw.beats
                hint = suggestion(mention.name, [*self.raw.beats, *self.raw.storylets])
                self.reading.note(
                    mention.place, "S102", f"there is no beat {mention.name!r}",
                    f"write one beat, such as {first}" if several else hint,
                )  # fmt: skip

    def exit(self, raw: RawExit) -> Exit:
        f = self.formulas
        return Exit(raw.to, raw.place, f.condition(raw.condition), f.effects(raw.effects))

    def beat(self, raw: RawBeat, index: int, everywhere: tuple[HiddenPlot, ...]) -> Beat:
        scene = raw.scene or self.raw.scene
        if not scene and "scene" not in raw.given and "scene" not in self.raw.given:
            self.nowhere.append(raw)
        self.lengths(raw)
        script = parse_script(raw.script, self.stagecraft, beat=raw.id)
        if script.whole:
            self.ways(raw)
        here = tuple(p for p in everywhere if not p.beats or raw.id in p.beats)
        hidden = (*(self.hidden(plot) for plot in raw.hidden), *here)
        self.one_of_each(raw, hidden)
        return Beat(
            raw.id,
            index,
            raw.place,
            scene.name if scene else "",
            script.items,
            raw.lengths,
            self.choice(raw.choice, raw) if raw.choice else None,
            self.exits(raw),
            self.ending(raw.ending) if raw.ending else None,
            bool(raw.returns),
            hidden,
            raw.director,
            scene.place if scene else raw.place,
            raw.transition,
            raw.given.get("transition"),
            raw.storylet,
            self.formulas.condition(raw.when),
            raw.once,
        )

    def ways(self, raw: RawBeat) -> None:
        """Check that a beat has exactly one continuation; not if its script has swallowed other
        keys."""
        given = [key for key in raw.given if key in WAYS]
        if raw.returns is False:
            given.remove("return")
        if len(given) > 1:
            self.reading.note(
                raw.given[given[1]], "S103", f"beat {raw.id!r} has {given[0]} and {given[1]}",
                "keep only one of " + ", ".join(WAYS),
            )  # fmt: skip
        elif not given or (given == ["next"] and raw.exits == ()):
            self.reading.note(
                raw.place, "S104", f"beat {raw.id!r} has no choice, next beat or ending",
                "add choice:, next: or ending: to it; or return: true if a detour or a hidden plot "
                "leads here",
            )  # fmt: skip

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
                message = f"dur of {raw.id!r}: {shorter} is longer than {longer}"
                self.reading.note(raw.given["dur"], "S108", message, "swap the two values")

    def one_of_each(self, raw: RawBeat, plots: tuple[HiddenPlot, ...]) -> None:
        seen: set[str] = set()
        for plot in plots:
            if plot.id in seen:
                self.reading.note(
                    plot.place, "S140", f"beat {raw.id!r} has two hidden plots named {plot.id!r}",
                    "give each a different name",
                )  # fmt: skip
            seen.add(plot.id)
        for own in raw.hidden:
            if own.beats:
                self.reading.note(
                    own.place, "S141", "during: is not allowed inside a beat",
                    "remove it, or move the plot to hidden: at the top level of the file",
                )  # fmt: skip

    def exits(self, raw: RawBeat) -> tuple[Exit, ...]:
        written = raw.exits or ()
        exits = tuple(self.exit(way) for way in written)
        for last, following in pairwise(written):
            if "if" not in last.given:
                self.reading.note(
                    following.place, "S106", "this path is never taken",
                    f"move it above the path to {last.to}, which has no if:, or delete it"
                    if "if" in following.given
                    else f"delete it, or add if: to the path to {last.to} above it",
                    "warning",
                )  # fmt: skip
                break
        if written and written[-1].condition is not None:
            self.reading.note(
                written[-1].place, "S107", f"beat {raw.id!r} may have no path to follow",
                "end next: with a beat that has no if:",
            )  # fmt: skip
        return exits

    def ending(self, raw: RawEnding) -> Ending:
        return Ending(raw.id, raw.title or raw.id.replace("_", " "), f"ending.{raw.id}")

    def choice(self, raw: RawChoice, beat: RawBeat) -> Choice:
        self.note_window(raw)
        if not raw.options:
            self.reading.note(
                raw.given.get("options", raw.place), "S134", "a choice needs options",
                "such as stay: {text: I stay, to: porch}",
            )  # fmt: skip
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
                    self.formulas.condition(option.condition),
                    self.formulas.effects(option.effects),
                    option.triggers,
                    option.once,
                    option.fallback,
                    option.detour,
                    self.shown.get(id(option), ()),
                )
            )
            self.options += 1
        self.shared_triggers(options)
        otherwise = self.exit(raw.otherwise) if raw.otherwise else None
        window = raw.window.window() if raw.window else None
        rule = raw.vote or VoteRule()
        choice = Choice(raw.id or beat.id, tuple(options), raw.place, window, otherwise, rule)
        note_votes(raw, choice, self.reading)
        return choice

    def note_window(self, raw: RawChoice) -> None:
        """Problems of when a choice closes, and of what follows when nothing is picked."""
        window = raw.window
        if window and window.closes is not None and window.lasts is not None:
            self.reading.note(
                window.place, "S130", "closes and lasts mean the same", "remove one of them"
            )
        if window and window.closes is not None and window.closes <= (window.opens or 0):
            self.reading.note(
                window.place, "S131", "the window closes before it opens",
                "both count from the start of the beat; make closes later than opens, or write "
                "lasts: 3s",
            )  # fmt: skip
        if window and window.lasts == 0:
            hint = "give it a duration, as in lasts: 3s"
            self.reading.note(window.place, "S131", "the window closes at the time it opens", hint)
        if window and window.is_timed and "else" not in raw.given:
            self.reading.note(
                raw.place, "S132", "a timed choice needs else: for when nothing is picked in time",
                "add else: beside options:, with the beat that follows when nothing is picked",
            )  # fmt: skip
        always = any("if" not in o.given and not o.once for o in raw.options.values())
        closes = window and {"closes", "lasts"} & window.given.keys()
        readable = "window" not in raw.given or (window is not None and not closes)
        if raw.otherwise and always and readable:
            self.reading.note(
                raw.otherwise.place, "S133", "this else is never taken",
                "give the choice a window that closes, as in window: {lasts: 6s}, or delete it",
                "warning",
            )  # fmt: skip

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
                            "give each option different triggers",
                        )  # fmt: skip

    def hidden(self, raw: RawHidden) -> HiddenPlot:
        plot = HiddenPlot(
            raw.id,
            raw.to,
            raw.triggers,
            raw.place,
            self.plots,
            self.formulas.condition(raw.condition),
            self.formulas.effects(raw.effects),
            raw.returns,
            raw.beats,
            raw.parallel,
        )
        self.plots += 1
        return plot
