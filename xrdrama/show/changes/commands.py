"""What each command does to the show: one function for each, and nothing else decides it.

A function is given the show, the command and who sent it. It returns the changed show and its
effects, or a `Refusal` with a code and a text; then nothing changes, and the next frame says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from msgspec.structs import replace

from xrdrama import story as drama
from xrdrama.document.wording import suggestion
from xrdrama.scene.model import Param, ParamValue
from xrdrama.show.changes.effects import NO_EFFECTS, PANIC_ON, PENDING, Effects, Refusal
from xrdrama.show.changes.progress import (
    Changed,
    attempt,
    fall_silent,
    follow,
    held_in,
    hold,
    is_held,
    story,
)
from xrdrama.show.looks import MOST_LOOKS, fits, looks_of, shown_look
from xrdrama.show.state import Show
from xrdrama.show.state.cue_stack import call, override, recall
from xrdrama.show.state.direction import Act, Waiting
from xrdrama.timing import NS
from xrdrama.wire.commands import (
    Command,
    CommandCode,
    ConfirmMode,
    CueStarted,
    Decided,
    Forced,
    HeldStory,
    LookDeleted,
    LookRecalled,
    LookSaved,
    Panic,
    ParamSet,
    PickedByHand,
    Released,
    Reloaded,
    Rolled,
    Slated,
    Stopped,
    Undone,
    name_of,
)
from xrdrama.wire.events import Entry
from xrdrama.wire.frame import CommandRefused, Feedback, Pick


class By(NamedTuple):
    """Who sent a command, and the nanosecond of the show at which it counts."""

    name: str
    role: str
    at: int

    def act(self) -> Act:
        """For the pick that the command makes."""
        return Act(name=self.name, role=self.role)


Outcome = Changed | Refusal
C = TypeVar("C", bound=Command)
_functions: dict[type[Command], Callable[[Show, Any, By], Outcome]] = {}


def applies(
    kind: type[C],
) -> Callable[[Callable[[Show, C, By], Outcome]], Callable[[Show, C, By], Outcome]]:
    """Declare the function that applies a kind of command."""

    def declare(function: Callable[[Show, C, By], Outcome]) -> Callable[[Show, C, By], Outcome]:
        _functions[kind] = function
        return function

    return declare


def applied_kinds() -> frozenset[type[Command]]:
    """The commands that have a function."""
    return frozenset(_functions)


def apply(show: Show, command: Command, entry: Entry, at: int) -> Changed:
    """The show after a command of the log, and its effects; a refusal is one of them."""
    by = By(entry.name or command.source, entry.role, at)
    outcome = _functions[type(command)](show, command, by)
    if isinstance(outcome, Refusal):
        name = name_of(type(command))
        refused = CommandRefused(entry.seq, name, outcome.code, outcome.text, by.name, by.role)
        return show, Effects(refused=(refused,))
    changed, effects = outcome
    covered, silence = _stay_covered(changed, at)
    return covered, effects.then(silence)


def _stay_covered(show: Show, at: int) -> Changed:
    """Nothing plays behind a panic's safe picture, wherever the director sent the story."""
    if not show.panic or is_held(show) or show.playthrough.ending:
        return show, NO_EFFECTS
    show, silence = fall_silent(show, at)
    show, effects, _ = hold(show, True, at)
    direction = replace(show.direction, panic_holds=is_held(show))
    return replace(show, direction=direction), silence.then(effects)


@applies(Forced)
def force(show: Show, command: Forced, by: By) -> Outcome:
    """Force the story to a beat, where the author allows it."""
    here = show.playthrough.current
    beats = show.production.story.beats
    if command.beat not in beats:
        return unknown("unknown_beat", "the story has no beat", command.beat, beats)
    allowed = here.director.force
    if allowed is not None and command.beat not in allowed:
        names = ", ".join(allowed) or "none"
        return Refusal(
            "force_not_allowed", f"from {here.id!r} the author allows only these beats: {names}"
        )
    if _is_held_in_roll(show):
        return _wait(show, Waiting(command.beat, "", by.act()))
    changed, effects, declined = attempt(show, drama.Forced(command.beat, by.at), by.act())
    return Refusal("not_possible", declined) if declined else (changed, effects)


@applies(HeldStory)
def hold_by_hand(show: Show, command: HeldStory, by: By) -> Outcome:
    """Hold, or let go: not under panic, nor past a pick that waits for a decision."""
    if not command.on and show.panic:
        return PANIC_ON
    if not command.on and show.direction.proposed is not None:
        return PENDING
    show = replace(show, direction=replace(show.direction, panic_holds=False))
    changed, effects, declined = hold(show, command.on, by.at)
    if declined:
        beat = show.playthrough.beat
        return Refusal("hold_not_allowed", f"the author does not let {beat!r} be held")
    waiting = changed.direction.waiting
    if command.on or waiting is None:
        return changed, effects
    changed, more = _cut(changed, waiting, by.at)
    return changed, effects.then(more)


def _is_held_in_roll(show: Show) -> bool:
    """Whether somebody holds the story while it rolls: then a cut waits for the end of the hold."""
    by_hand = show.direction.proposed is None and not show.panic
    return show.direction.rolling and is_held(show) and by_hand


def _wait(show: Show, cut: Waiting) -> Changed:
    """A cut that waits for the end of the hold; the newest replaces the one before."""
    return replace(show, direction=replace(show.direction, waiting=cut)), NO_EFFECTS


def _cut(show: Show, cut: Waiting, at: int) -> Changed:
    """The cut that waited, at the moment in which the hold ends."""
    show = replace(show, direction=replace(show.direction, waiting=None))
    if cut.beat:
        return story(show, drama.Forced(cut.beat, at), cut.by)
    return story(show, drama.Picked(cut.option, at), cut.by)


@applies(ParamSet)
def set_param(show: Show, command: ParamSet, by: By) -> Outcome:
    """Hold a parameter at a value, or release it."""
    known = show.stack.scene.params.get(command.param)
    if known is None:
        scene = show.stack.scene
        text = f"the scene {scene.id!r} has no parameter"
        return unknown("unknown_param", text, command.param, scene.params)
    if command.value is not None:
        least, most = _range(known)
        if not least <= command.value <= most:
            text = f"{known.id} goes from {least:g} to {most:g}, not {command.value:g}"
            return Refusal("out_of_range", text)
    stack = override(show.stack, command.param, command.value, by.name, by.at)
    return replace(show, stack=stack), NO_EFFECTS


def unknown(code: CommandCode, text: str, name: str, known: Iterable[str]) -> Refusal:
    """The refusal of a name that is not among the known ones, with the one that was meant."""
    hint = suggestion(name, known)
    return Refusal(code, f"{text} {name!r}: {hint}" if hint else f"{text} {name!r}")


def _range(param: Param) -> tuple[float, float]:
    if param.kind == "choice":
        return 0.0, float(len(param.choices) - 1)
    return param.least, param.most


@applies(CueStarted)
def start_cue(show: Show, command: CueStarted, by: By) -> Outcome:
    """Start a cue of the set that plays, as the story does."""
    scene = show.stack.scene
    if command.cue not in scene.cues:
        text = f"the scene {scene.id!r} has no cue"
        return unknown("unknown_cue", text, command.cue, scene.cues)
    return replace(show, stack=call(show.stack, scene.cues[command.cue], by.at)), NO_EFFECTS


@applies(LookRecalled)
def recall_look(show: Show, command: LookRecalled, by: By) -> Outcome:
    """Fade the parameters of a look from the values that are shown to those of the look."""
    scene = show.stack.scene
    target: Mapping[str, ParamValue] | None = scene.looks.get(command.look)
    saved = show.looks.by_name.get(command.look)
    if target is None and saved is not None and fits(saved, scene):
        target = saved.params
    if target is None:
        fitting = [name for name, look in show.looks.by_name.items() if fits(look, scene)]
        looks = [*scene.looks, *fitting]
        return unknown("unknown_look", f"the scene {scene.id!r} has no look", command.look, looks)
    stack = recall(show.stack, command.look, target, by.at, over=round(command.fade * NS))
    return replace(show, stack=stack), NO_EFFECTS


@applies(LookSaved)
def save_look(show: Show, command: LookSaved, by: By) -> Outcome:
    """Keep the values that are shown now as a look of the show. Its file is written by the run."""
    if show.panic:
        return PANIC_ON
    scene, shown = show.stack.scene, show.stack.values(by.at)
    look = shown_look(command.look, command.fade, scene, shown)
    if look is None:
        text = f"{command.look!r} cannot be the name of a look: use letters, digits and spaces"
        return Refusal("bad_name", text)
    scenes, saved = show.production.scenes, show.looks.by_name
    owner = next((one.id for one in scenes.values() if look.id in one.looks), "")
    known = saved.get(look.id)
    if owner or (known is not None and not fits(known, scene)):
        whose = f"of the scene {owner!r}" if owner else "of another scene"
        return Refusal("name_taken", f"{look.id!r} is a look {whose}: use another name")
    if known is None and len(saved) >= MOST_LOOKS:
        text = f"the show has {MOST_LOOKS} looks, which is as many as it may have: delete one"
        return Refusal("too_many_looks", text)
    looks = looks_of({**saved, look.id: look}.values(), scenes)
    return replace(show, looks=looks), NO_EFFECTS


@applies(LookDeleted)
def delete_look(show: Show, command: LookDeleted, _: By) -> Outcome:
    """Delete a look of the show."""
    left = [look for look in show.looks.by_name.values() if look.id != command.look]
    if len(left) == len(show.looks.by_name):
        text = "the show has no saved look"
        return unknown("unknown_look", text, command.look, show.looks.by_name)
    return replace(show, looks=looks_of(left, show.production.scenes)), NO_EFFECTS


@applies(Panic)
def panic(show: Show, command: Panic, by: By) -> Outcome:
    """The safe picture, while the story waits; or back to where it was."""
    if command.on == show.panic:
        return show, NO_EFFECTS
    bodies = show.bodies.stopped("") if command.on else show.bodies  # ending it releases none
    show = replace(show, panic=command.on, bodies=bodies)
    if command.on or not show.direction.panic_holds:
        return show, NO_EFFECTS
    show = replace(show, direction=replace(show.direction, panic_holds=False))
    show, effects, _ = hold(show, False, by.at)
    return show, effects


@applies(Stopped)
def stop_body(show: Show, command: Stopped, _: By) -> Outcome:
    """Stop one body or all, also under panic and while the story is held.

    A stop is never refused: a name that no body reports as stops every body.
    """
    name = command.performer if command.performer in show.bodies.rows else ""
    return replace(show, bodies=show.bodies.stopped(name)), NO_EFFECTS


@applies(Released)
def release_body(show: Show, command: Released, _: By) -> Outcome:
    """Turn the director's key of one body."""
    if show.panic:
        return PANIC_ON
    known = sorted(show.bodies.rows.keys() - {""})
    if command.performer not in known:
        return unknown("unknown_performer", "no body reports as", command.performer, known)
    return replace(show, bodies=show.bodies.released(command.performer)), NO_EFFECTS


@applies(Undone)
def undo(show: Show, _: Undone, by: By) -> Outcome:
    """Back to the beat in which the last way out was chosen; or drop the cut that waits."""
    if show.direction.waiting is not None:
        return replace(show, direction=replace(show.direction, waiting=None)), NO_EFFECTS
    if not show.direction.steps:
        return Refusal("nothing_to_undo", "no pick was made yet that could be undone")
    *steps, step = show.direction.steps
    show, silence = fall_silent(show, by.at)
    stack = held_in(show, step.stack)
    playthrough, happenings = drama.restart_beat(step.playthrough, by.at)
    playthrough = replace(playthrough, joined=show.playthrough.joined)
    pick = Pick(show.playthrough.beat, "", "", playthrough.beat, "undo", name=by.name, role=by.role)
    direction = replace(show.direction, steps=tuple(steps))
    show = replace(
        show, direction=direction, stack=stack, playthrough=playthrough, fading=None,
        staged=step.staged,
    )  # fmt: skip
    show, effects = follow(show, happenings, by.at)
    return show, silence.then(Effects(picks=(pick,))).then(effects)


@applies(ConfirmMode)
def confirm(show: Show, command: ConfirmMode, _: By) -> Outcome:
    """Confirm picks of the audience, or stop: not while one waits."""
    if not command.on and show.direction.proposed is not None:
        return PENDING
    return replace(show, direction=replace(show.direction, confirming=command.on)), NO_EFFECTS


@applies(Decided)
def decide(show: Show, command: Decided, by: By) -> Outcome:
    """Allow or reject the pick that waits."""
    proposed = show.direction.proposed
    if proposed is None:
        return Refusal("nothing_to_decide", "no pick waits for a decision")
    if show.panic:
        return PANIC_ON
    effects = NO_EFFECTS
    show = replace(show, direction=replace(show.direction, proposed=None))
    if proposed.hold:
        show, effects, _ = hold(show, False, by.at)
    if not command.yes:
        return show, effects
    closes = show.playthrough.closes_at
    began = by.at if closes is None else min(by.at, closes)
    act = replace(proposed.act, confirmed_by=by.name)
    picked = drama.Picked(proposed.option, by.at, proposed.by, began)
    show, more, declined = attempt(show, picked, act)
    if declined:  # the decision counts all the same
        more = Effects(feedback=(Feedback(by.name, proposed.option, "nothing_open"),))
    return show, effects.then(more)


@applies(PickedByHand)
def pick_by_hand(show: Show, command: PickedByHand, by: By) -> Outcome:
    """Pick an option of the open choice; it needs no confirmation."""
    offered = show.playthrough.phase == "open" and show.playthrough.options()
    is_offered = offered and any(option.id == command.option for option in offered)
    if is_offered and _is_held_in_roll(show):
        return _wait(show, Waiting("", command.option, by.act()))
    changed, effects, declined = attempt(show, drama.Picked(command.option, by.at), by.act())
    if declined:
        return Refusal("not_offered", f"{command.option!r} cannot be picked now: {declined}")
    return changed, effects


@applies(Slated)
def slate(show: Show, command: Slated, _: By) -> Outcome:
    """Write on the slate."""
    return replace(show, direction=replace(show.direction, slate=command.text)), NO_EFFECTS


@applies(Rolled)
def roll(show: Show, command: Rolled, by: By) -> Outcome:
    """Roll or cut."""
    return replace(show, direction=show.direction.rolled(command.on, by.at)), NO_EFFECTS


@applies(Reloaded)
def ask_to_reload(show: Show, _: Reloaded, __: By) -> Outcome:
    """Ask for the newest version of the story; the run reads its files and uses it."""
    return replace(show, direction=show.direction.asked()), NO_EFFECTS
