"""The values of a parsed story: beats, screenplay lines, choices, triggers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

import msgspec

from xrdrama.document import Place
from xrdrama.story.choosing import Choose
from xrdrama.story.expressions.expression import Expression, Kind, Value
from xrdrama.story.plan import Director, Lengths, Transition
from xrdrama.story.printed import Marker
from xrdrama.story.voting import VoteRule
from xrdrama.timing import NS

TriggerKind = Literal["voice", "gesture", "gaze", "marker", "vote", "button", "performer"]
PERFORMER_STATES = ("ready", "done", "fell", "hot", "lost", "stopped")
"""What the body of a performer can report."""
HAND_POSES = ("open_palm", "fist", "point", "victory")

Side = Literal["", "left", "right"]


class Variable(msgspec.Struct, frozen=True, gc=False):
    """A variable of the story: its kind with its range, and its initial value.

    A computed variable has an expression instead of a value; its slot is -1.
    """

    id: str
    kind: Kind
    init: Value
    slot: int
    place: Place
    computed: Expression | None = None


class Role(msgspec.Struct, frozen=True, gc=False):
    """A speaker; `name` is displayed, and translated under the id `cast.<id>`."""

    id: str
    name: str
    place: Place
    voice: str = ""


class Line(msgspec.Struct, frozen=True, tag=True, gc=False):
    """A spoken line. `lasts` is its nanoseconds on screen; `id` stays the same when it is
    edited; `values` are the variables whose values its text shows."""

    id: str
    speaker: str
    text: str
    lasts: int
    place: Place
    manner: str = ""
    condition: Expression | None = None
    has_id: bool = True
    values: tuple[str, ...] = ()


class CueCall(msgspec.Struct, frozen=True, tag=True, gc=False):
    """A cue of the scene, called `after` nanoseconds after the item above it.

    `over` sets another length of the cue. A name with a dot is an act of a performer: `lan.wave`;
    `target` is what it looks at, walks or turns to, or its mood, `side` the hand it begins with.
    """

    name: str
    place: Place
    after: int = 0
    over: int | None = None
    condition: Expression | None = None
    target: str = ""
    side: Side = ""

    @property
    def performer(self) -> str:
        """The performer whose act this is; "" for a cue of the scene."""
        return self.name.partition(".")[0] if "." in self.name else ""

    @property
    def act(self) -> str:
        """The gesture, or look, walk, turn, mood or rest; "" for a cue of the scene."""
        return self.name.partition(".")[2]

    @property
    def as_written(self) -> str:
        """The cue with its target and hand, as an author writes it: `lan.look at=grandmother`."""
        key = {"look": "at=", "walk": "to=", "turn": "to="}.get(self.act, "")
        words = [self.name, *([key + self.target] if self.target else [])]
        return " ".join([*words, *([f"hand={self.side}"] if self.side else [])])


class SoundCall(msgspec.Struct, frozen=True, tag=True, gc=False):
    """A sound, started `after` nanoseconds after the item above it."""

    name: str
    place: Place
    after: int = 0
    gain_db: float = 0.0
    loop: bool = False
    stop: bool = False
    condition: Expression | None = None


class Wait(msgspec.Struct, frozen=True, tag=True, gc=False):
    """A pause in a script."""

    lasts: int
    place: Place
    condition: Expression | None = None


class Direction(msgspec.Struct, frozen=True, tag=True, gc=False):
    """A scene heading or an action line, without effect on the show."""

    text: str
    place: Place
    heading: bool = False


class Effect(msgspec.Struct, frozen=True, gc=False):
    """A new value of a variable, clamped to the variable's range."""

    variable: str
    slot: int
    kind: Kind
    value: Expression


class Assign(msgspec.Struct, frozen=True, tag=True, gc=False):
    """New values of variables, in a script: `@set coins = coins - 1`."""

    effects: tuple[Effect, ...]
    place: Place
    condition: Expression | None = None


class Detour(msgspec.Struct, frozen=True, tag=True, gc=False):
    """Other beats that are played here, until one with `return:`; then the script continues."""

    to: str
    place: Place
    condition: Expression | None = None


class Alternative(msgspec.Struct, frozen=True, gc=False):
    """A part of a script that is played instead of the others of its group.

    `start` is the index of its first item in the script; its last item is a Jump to the end of the
    group. `index` counts the alternatives of the whole story.
    """

    start: int
    index: int
    place: Place
    condition: Expression | None = None
    once: bool = False


class Group(msgspec.Struct, frozen=True, tag=True, gc=False):
    """Alternatives, of which at most one is played; `end` is the index of the item after them."""

    choose: Choose
    alternatives: tuple[Alternative, ...]
    end: int
    place: Place


class Jump(msgspec.Struct, frozen=True, tag=True, gc=False):
    """The end of an alternative: the script continues with the item at the index `to`."""

    to: int
    place: Place


Item = Line | CueCall | SoundCall | Wait | Direction | Assign | Detour | Group | Jump


class Exit(msgspec.Struct, frozen=True, gc=False):
    """A path to another beat that is taken without a pick, with a condition and effects."""

    to: str
    place: Place
    condition: Expression | None = None
    effects: tuple[Effect, ...] = ()


class Trigger(msgspec.Struct, frozen=True, gc=False):
    """One way to pick an option.

    voice: `values` are phrases; gesture: one of HAND_POSES; gaze: a place of the scene that a
    viewer looks at for `dwell` nanoseconds (0: as long as on a card); performer: `lan.done`, a
    performer and one of PERFORMER_STATES; marker: a name; button: a name or none; vote: none.
    """

    kind: TriggerKind
    values: tuple[str, ...]
    place: Place
    dwell: int = 0


class Option(msgspec.Struct, frozen=True, gc=False):
    """An option of a choice.

    `detour`: these beats are played until one with `return:`; then the story continues at `to`, or
    offers the choice again if `to` is "". `fallback`: it is offered when no other option is.
    """

    id: str
    to: str
    text: str
    text_id: str
    place: Place
    index: int
    condition: Expression | None = None
    effects: tuple[Effect, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    once: bool = False
    fallback: bool = False
    detour: str = ""
    values: tuple[str, ...] = ()
    """The variables whose values its text shows."""

    @property
    def voted(self) -> bool:
        """True when viewers vote for it."""
        return any(trigger.kind == "vote" for trigger in self.triggers)


class Window(msgspec.Struct, frozen=True, gc=False):
    """When a timed choice can be picked, in nanoseconds from the start of its beat.

    `opens` None: when the script has ended. A pick that began before `closes` is accepted until
    `closes + grace`, when the `else` is taken. `lasts` counts from the opening. The four phases of
    a choice are: it is displayed (`shows` before it opens), open, in its grace, and hidden (`hides`
    after the pick).
    """

    place: Place
    opens: int | None = None
    closes: int | None = None
    lasts: int | None = None
    grace: int = NS
    show: Literal["ring", "bar", "none"] = "ring"
    shows: int = 0
    hides: int = 0

    @property
    def is_timed(self) -> bool:
        """True when the choice closes at a set time."""
        return self.closes is not None or self.lasts is not None


class Choice(msgspec.Struct, frozen=True, gc=False):
    """A choice for the audience. `otherwise` is the key `else` of the file."""

    id: str
    options: tuple[Option, ...]
    place: Place
    window: Window | None = None
    otherwise: Exit | None = None
    vote: VoteRule = VoteRule()
    """How the votes for options with `on: vote` are counted."""

    def option(self, name: str) -> Option | None:
        """The option with the given id, or None."""
        return next((option for option in self.options if option.id == name), None)


class HiddenPlot(msgspec.Struct, frozen=True, gc=False):
    """A plot beside the main path: a marker found during the beat leads to another beat.

    `returns`: when that plot ends, the interrupted beat continues where it was left. `parallel`:
    the plot is played beside the main path, which is not interrupted.
    """

    id: str
    to: str
    triggers: tuple[Trigger, ...]
    place: Place
    index: int
    condition: Expression | None = None
    effects: tuple[Effect, ...] = ()
    returns: bool = True
    beats: tuple[str, ...] = ()
    parallel: bool = False


class Ending(msgspec.Struct, frozen=True, gc=False):
    """An ending of the story: its id and its name for the audience."""

    id: str
    title: str
    title_id: str


class Beat(msgspec.Struct, frozen=True, gc=False):
    """A unit of drama: it plays in one scene, then leads to another beat or an ending."""

    id: str
    index: int
    place: Place
    scene: str
    script: tuple[Item, ...] = ()
    lengths: Lengths = Lengths()
    choice: Choice | None = None
    exits: tuple[Exit, ...] = ()
    ending: Ending | None = None
    returns: bool = False
    hidden: tuple[HiddenPlot, ...] = ()
    director: Director = Director()
    scene_place: Place = Place()
    """The position of the scene's name: in this beat, or at the top of the file."""
    transition: Transition = Transition()
    """How the set changes when this beat begins."""
    transition_place: Place | None = None
    """The position of the transition; None if the file has none."""
    storylet: str = ""
    """The storylet group that it belongs to."""
    when: Expression | None = None
    """A storylet: when it can be entered through its group."""
    once: bool = False
    """A storylet: it is entered through its group at most once."""


class StoryletGroup(msgspec.Struct, frozen=True, gc=False):
    """Beats of which one is entered when a path leads to the group; `otherwise` is the path when
    none is available."""

    id: str
    choose: Choose
    beats: tuple[str, ...]
    place: Place
    otherwise: Exit | None = None


class Story(msgspec.Struct, frozen=True, dict=True):
    """A graph of beats with variables and cast. Immutable; `begin` starts a playthrough of it."""

    id: str
    title: str
    language: str
    start: str
    file: str
    cast: Mapping[str, Role]
    variables: tuple[Variable, ...]
    """The variables that have a value, in the order of their slots."""
    beats: Mapping[str, Beat]
    order: tuple[Beat, ...]
    storylets: Mapping[str, StoryletGroup] = {}
    computed: tuple[Variable, ...] = ()
    alternatives: int = 0  # in all scripts
    markers: Mapping[str, Marker] = {}

    def texts(self) -> dict[str, str]:
        """Every text that a viewer may read, by its id, in the order of the file."""
        found = {"title": self.title} | {f"cast.{r.id}": r.name for r in self.cast.values()}
        for beat in self.order:
            found.update((item.id, item.text) for item in beat.script if isinstance(item, Line))
            if beat.choice:
                found.update((option.text_id, option.text) for option in beat.choice.options)
            if beat.ending:
                found[beat.ending.title_id] = beat.ending.title
        return found

    def values(self) -> dict[str, Variable]:
        """The variables by name, with the computed ones: what expressions and texts can read."""
        return self._values

    @cached_property
    def _values(self) -> dict[str, Variable]:
        return {variable.id: variable for variable in (*self.variables, *self.computed)}

    @property
    def has_fades(self) -> bool:
        """True when a set can cross-fade to another one."""
        return any(beat.transition.fade for beat in self.order)

    def endings(self) -> tuple[Ending, ...]:
        """The endings in the order of the file."""
        return tuple(beat.ending for beat in self.order if beat.ending)
