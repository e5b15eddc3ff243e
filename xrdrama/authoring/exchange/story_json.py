"""A story as JSON: what xrdrama read in a branch file, for other programs.

The shapes are the classes of this module; keys with empty values are left out, but not those that
say false or 0 by default elsewhere. Times are in seconds; expressions are texts of xrdrama's
expression language. The script is nested: a block has its alternatives, each with its own script.
"""

from __future__ import annotations

from typing import assert_never

import msgspec

from xrdrama.authoring.exchange.blocks import Block, Part, nested
from xrdrama.story import Beat, Line, Story
from xrdrama.story.expressions.expression import Expression
from xrdrama.story.model import (
    Assign,
    Choice,
    CueCall,
    Detour,
    Direction,
    Effect,
    Exit,
    Group,
    HiddenPlot,
    Jump,
    SoundCall,
    Trigger,
    Variable,
    Wait,
)
from xrdrama.story.plan import Director, Lengths


class _Out(msgspec.Struct, frozen=True, omit_defaults=True):
    pass


class VariableOut(_Out, frozen=True):
    """A variable: type (bool, int, float, enum, text, computed), range or words, initial value."""

    id: str
    type: str
    init: bool | int | float | str | None = None
    min: float | None = None
    max: float | None = None
    of: tuple[str, ...] = ()
    computed: str = ""


class RoleOut(_Out, frozen=True):
    """A speaker."""

    id: str
    name: str
    voice: str = ""


class BranchOut(_Out, frozen=True):
    """An alternative of a block: `if` is its condition, `script` what is inside."""

    script: tuple[ItemOut, ...]
    condition: str = msgspec.field(default="", name="if")
    once: bool = False


class ItemOut(_Out, frozen=True):
    """An item of a script. `kind`: line, heading, action, cue, sound, wait, set, detour, block.

    line: id, speaker, manner, text, seconds. heading, action: text. cue, sound: name; cue: target,
    hand, over; sound: gain_db, loop, stop; both: after. wait: seconds. set: effects. detour: to.
    block: choose (first for {if} blocks), alternatives.
    """

    kind: str
    id: str = ""
    speaker: str = ""
    manner: str = ""
    text: str = ""
    seconds: float | None = None
    name: str = ""
    target: str = ""
    hand: str = ""
    after: float | None = None
    over: float | None = None
    gain_db: float | None = None
    loop: bool = False
    stop: bool = False
    effects: dict[str, str] = {}
    to: str = ""
    condition: str = msgspec.field(default="", name="if")
    choose: str = ""
    alternatives: tuple[BranchOut, ...] = ()


class WayOut(_Out, frozen=True):
    """A path to another beat without a pick."""

    to: str
    condition: str = msgspec.field(default="", name="if")
    effects: dict[str, str] = msgspec.field(default_factory=dict, name="set")


class TriggerOut(_Out, frozen=True):
    """What picks an option or opens a hidden plot: its kind, and phrases or names."""

    kind: str
    values: tuple[str, ...]
    dwell: float | None = None


class OptionOut(_Out, frozen=True):
    """An option of a choice."""

    id: str
    text: str
    to: str = ""
    condition: str = msgspec.field(default="", name="if")
    effects: dict[str, str] = msgspec.field(default_factory=dict, name="set")
    on: tuple[TriggerOut, ...] = ()
    once: bool = False
    fallback: bool = False
    detour: str = ""


class WindowOut(_Out, frozen=True):
    """When a timed choice can be picked; `opens` and `closes` count from the start of the beat."""

    grace: float
    show: str
    opens: float | None = None
    closes: float | None = None
    lasts: float | None = None


class ChoiceOut(_Out, frozen=True):
    """A choice; `else` is the path when nothing is picked."""

    id: str
    options: tuple[OptionOut, ...]
    window: WindowOut | None = None
    otherwise: WayOut | None = msgspec.field(default=None, name="else")


class HiddenOut(_Out, frozen=True):
    """A hidden plot; `return`: the interrupted beat continues when it ends."""

    id: str
    to: str
    on: tuple[TriggerOut, ...]
    returns: bool = msgspec.field(name="return")
    condition: str = msgspec.field(default="", name="if")
    effects: dict[str, str] = msgspec.field(default_factory=dict, name="set")
    parallel: bool = False


class LengthsOut(_Out, frozen=True):
    """The planned length of a beat; `min` is enforced."""

    min: float | None = None
    typical: float | None = None
    max: float | None = None


class EndingOut(_Out, frozen=True):
    """An ending."""

    id: str
    title: str


class DirectorOut(_Out, frozen=True):
    """What the director may do; without `force`: force every beat."""

    hold: bool
    force: tuple[str, ...] | None = None


class BeatOut(_Out, frozen=True):
    """A beat: its script, then a choice, paths (`next`), an ending or a return."""

    id: str
    scene: str
    line: int
    script: tuple[ItemOut, ...] = ()
    choice: ChoiceOut | None = None
    next: tuple[WayOut, ...] = ()
    ending: EndingOut | None = None
    returns: bool = msgspec.field(default=False, name="return")
    hidden: tuple[HiddenOut, ...] = ()
    dur: LengthsOut | None = None
    fade: float | None = None
    director: DirectorOut | None = None
    storylet: str = ""
    when: str = ""
    once: bool = False


class StoryletsOut(_Out, frozen=True):
    """A group of storylets; `else` is the path when none is available."""

    id: str
    choose: str
    beats: tuple[str, ...]
    otherwise: WayOut | None = msgspec.field(default=None, name="else")


class MarkerOut(_Out, frozen=True):
    """What the story says of a printed marker; `once` is "viewer" where each viewer can use it
    once."""

    id: str
    title: str = ""
    once: str = ""


class StoryOut(_Out, frozen=True):
    """The whole story; `xrdrama` is the version of this shape."""

    xrdrama: int
    id: str
    title: str
    language: str
    start: str
    variables: tuple[VariableOut, ...]
    cast: tuple[RoleOut, ...]
    beats: tuple[BeatOut, ...]
    storylets: tuple[StoryletsOut, ...] = ()
    markers: tuple[MarkerOut, ...] = ()


def write(story: Story) -> str:
    """The story as one JSON document, indented by two spaces."""
    return msgspec.json.format(msgspec.json.encode(as_value(story)), indent=2).decode() + "\n"


def as_value(story: Story) -> StoryOut:
    """The story in the shape that `write` encodes."""
    return StoryOut(
        1, story.id, story.title, story.language, story.start,
        tuple(_variable(one) for one in (*story.variables, *story.computed)),
        tuple(RoleOut(one.id, one.name, one.voice) for one in story.cast.values()),
        tuple(_beat(beat) for beat in story.order),
        tuple(
            StoryletsOut(one.id, one.choose, one.beats, _way(one.otherwise))
            for one in story.storylets.values()
        ),
        tuple(MarkerOut(one.id, one.title, one.once) for one in story.markers.values()),
    )  # fmt: skip


def _variable(one: Variable) -> VariableOut:
    if one.computed is not None:
        return VariableOut(one.id, "computed", computed=_text(one.computed))
    kind = one.kind
    least, most = (kind.least, kind.most) if kind.is_number else (None, None)
    return VariableOut(one.id, kind.name, one.init, least, most, kind.words)


def _beat(beat: Beat) -> BeatOut:
    lengths, ending = beat.lengths, beat.ending
    return BeatOut(
        beat.id, beat.scene, beat.place.line,
        script=tuple(_item(part) for part in nested(beat.script)),
        choice=_choice(beat.choice) if beat.choice else None,
        next=tuple(found for way in beat.exits if (found := _way(way))),
        ending=EndingOut(ending.id, ending.title) if ending else None,
        returns=beat.returns,
        hidden=tuple(_hidden(plot) for plot in beat.hidden),
        dur=None if lengths == Lengths() else LengthsOut(
            _seconds(lengths.least), _seconds(lengths.typical), _seconds(lengths.most)
        ),
        fade=_seconds(beat.transition.fade) or None,
        director=None if beat.director == Director() else DirectorOut(
            beat.director.hold, beat.director.force
        ),
        storylet=beat.storylet, when=_text(beat.when), once=beat.once,
    )  # fmt: skip


def _item(part: Part) -> ItemOut:
    condition = _text(getattr(part, "condition", None))
    match part:
        case Block():
            branches = tuple(
                BranchOut(tuple(_item(one) for one in branch.inside), _text(branch.condition),
                          branch.once) for branch in part.branches
            )  # fmt: skip
            return ItemOut("block", choose=part.choose, alternatives=branches)
        case Line():
            return ItemOut(
                "line", part.id, part.speaker, part.manner, part.text, _seconds(part.lasts),
                condition=condition,
            )  # fmt: skip
        case Direction():
            return ItemOut("heading" if part.heading else "action", text=part.text)
        case CueCall():
            return ItemOut(
                "cue", name=part.name, target=part.target, hand=part.side,
                after=_seconds(part.after), over=_seconds(part.over), condition=condition,
            )  # fmt: skip
        case SoundCall():
            return ItemOut(
                "sound", name=part.name, after=_seconds(part.after), gain_db=part.gain_db,
                loop=part.loop, stop=part.stop, condition=condition,
            )  # fmt: skip
        case Wait():
            return ItemOut("wait", seconds=_seconds(part.lasts), condition=condition)
        case Assign():
            return ItemOut("set", effects=_effects(part.effects), condition=condition)
        case Detour():
            return ItemOut("detour", to=part.to, condition=condition)
        case Group() | Jump():
            raise TypeError(f"{type(part).__name__} is not an item of a nested script")
        case _:
            assert_never(part)


def _choice(choice: Choice) -> ChoiceOut:
    window = choice.window
    return ChoiceOut(
        choice.id,
        tuple(
            OptionOut(
                one.id, one.text, one.to, _text(one.condition), _effects(one.effects),
                tuple(_trigger(trigger) for trigger in one.triggers), one.once, one.fallback,
                one.detour,
            )
            for one in choice.options
        ),
        WindowOut(
            window.grace / 1e9, window.show, _seconds(window.opens), _seconds(window.closes),
            _seconds(window.lasts),
        ) if window else None,
        _way(choice.otherwise),
    )  # fmt: skip


def _hidden(plot: HiddenPlot) -> HiddenOut:
    return HiddenOut(
        plot.id, plot.to, tuple(_trigger(one) for one in plot.triggers), plot.returns,
        _text(plot.condition), _effects(plot.effects), plot.parallel,
    )  # fmt: skip


def _trigger(one: Trigger) -> TriggerOut:
    return TriggerOut(one.kind, one.values, _seconds(one.dwell) or None)


def _way(way: Exit | None) -> WayOut | None:
    return WayOut(way.to, _text(way.condition), _effects(way.effects)) if way else None


def _effects(effects: tuple[Effect, ...]) -> dict[str, str]:
    return {one.variable: " ".join(one.value.text.split()) for one in effects}


def _text(expression: Expression | None) -> str:
    return " ".join(expression.text.split()) if expression else ""


def _seconds(nanoseconds: int | None) -> float | None:
    return None if nanoseconds is None else nanoseconds / 1e9
