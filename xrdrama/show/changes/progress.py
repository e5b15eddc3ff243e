"""What the story does to the show: beats, lines, cues, sounds and ways out of a beat.

Every function takes a show and returns the changed show and the effects of the change.
"""

from __future__ import annotations

from typing import Literal, assert_never

from msgspec.structs import replace

from xrdrama import story as drama
from xrdrama.scene.model import ParamValue
from xrdrama.show.changes.acting import act as acted
from xrdrama.show.changes.effects import NO_EFFECTS, Effects
from xrdrama.show.state import PickedOption, Show, Speaking
from xrdrama.show.state.cue_stack import CueStack, appeared, call, stack_for
from xrdrama.show.state.direction import NOBODY, Act, Step
from xrdrama.show.state.fading import Fading
from xrdrama.show.state.staged import staged_in
from xrdrama.show.state.voice import Voice
from xrdrama.spatial import settle
from xrdrama.story.model import Beat, CueCall, SoundCall
from xrdrama.story.stepping.happenings import (
    Assigned,
    BeatEntered,
    ChoiceOpened,
    ChoiceShown,
    CueCalled,
    Declined,
    Directed,
    Ended,
    Happening,
    InParallel,
    ParallelEnded,
    SoundCalled,
    Spoken,
    StoryEvent,
    Taken,
    VotesCounted,
)
from xrdrama.timing import NS
from xrdrama.wire.frame import Pick, Sound
from xrdrama.wire.tally import Tally

Changed = tuple[Show, Effects]
SAMPLE_RATE = 48_000
KEPT_LINES = 4
RESULT_LASTS = 8 * NS
"""How long the result of a vote is displayed."""


def story(show: Show, event: StoryEvent, act: Act = NOBODY) -> Changed:
    """The show after the story took an event; `act` says who caused it."""
    changed, effects, _ = attempt(show, event, act)
    return changed, effects


def attempt(show: Show, event: StoryEvent, act: Act = NOBODY) -> tuple[Show, Effects, str]:
    """The same, and why the story declined the event; "" when it did not."""
    playthrough, happenings = drama.step(show.playthrough, event)
    changed, effects = follow(replace(show, playthrough=playthrough), happenings, event.at, act)
    declined = next((one.reason for one in happenings if isinstance(one, Declined)), "")
    return changed, effects, declined


def follow(show: Show, happenings: list[Happening], at: int, act: Act = NOBODY) -> Changed:
    """Let the show do what the story says. `show` has the playthrough after the happenings."""
    stack, staged, effects = show.stack, show.staged, NO_EFFECTS
    show = replace(show, story_due=drama.next_due(show.playthrough), now=max(show.now, at))
    for happening in happenings:
        show, more = happened(show, happening, act)
        effects = effects.then(more)
    if any(isinstance(one, BeatEntered) and not one.again for one in happenings):
        entered = Step(show.playthrough, stack, staged)
        direction = replace(show.direction, entered=entered, proposed=None, waiting=None)
        show = replace(show, direction=direction)
    return show, effects


def happened(  # noqa: C901 - one case a happening
    show: Show, happening: Happening, act: Act
) -> Changed:
    """One happening of the story: a line, a cue, a sound, a way out."""
    match happening:
        case BeatEntered(beat, at, again):
            show = replace(show, voice=Voice(show.voice.hearing_since), seat_voices={}, opened=at)
            if beat.scene != show.stack.scene.id:
                show = change_scene(show, beat, at, again=again)
            return show, NO_EFFECTS
        case Spoken():
            return speak(show, happening)
        case CueCalled(cue, at):
            return cued(show, cue, at), NO_EFFECTS
        case SoundCalled(sound, at):
            return show, Effects(sounds=(_sound(sound, at),))
        case ChoiceOpened(_, _, at):
            return replace(show, opened=at), NO_EFFECTS
        case VotesCounted():
            return counted(show, happening), NO_EFFECTS
        case Taken():
            return taken(show, happening, act)
        case InParallel(plot, inner):
            return beside(show, inner, act, plot)
        case Directed() | Ended() | Declined() | Assigned() | ChoiceShown() | ParallelEnded():
            return show, NO_EFFECTS
        case _:
            assert_never(happening)


def counted(show: Show, votes: VotesCounted) -> Show:
    """The votes on a choice were counted: the result is displayed for some seconds."""
    rule, ballot = votes.choice.vote, votes.ballot
    tally = Tally(
        choice=votes.choice.id,
        opening=ballot.opened,
        counts=ballot.counts(),
        voters=ballot.voters,
        joined=votes.joined,
        quorum=votes.quorum,
        phase="decided",
        ties=rule.ties,
        changes=rule.changes,
        result=votes.result,
        why=votes.why,
        changed=ballot.changed,
        refused=ballot.refused,
    )
    return replace(show, voted=tally, voted_until=votes.at + RESULT_LASTS)


def beside(show: Show, happening: Happening, act: Act, plot: str) -> Changed:
    """What happens in a hidden plot beside the main path: its lines, cues and sounds. Its beats
    change neither the set nor what is heard."""
    if isinstance(happening, Spoken):
        return speak(show, happening, plot)
    if isinstance(happening, BeatEntered | Taken):
        return show, NO_EFFECTS
    return happened(show, happening, act)


def cued(show: Show, cue: CueCall, at: int) -> Show:
    """A cue of the set, or an act of a performer."""
    if cue.performer:
        return acted(show, cue, at)
    known = show.stack.scene.cues.get(cue.name)
    return replace(show, stack=call(show.stack, known, at, over=cue.over)) if known else show


def change_scene(show: Show, beat: Beat, at: int, *, again: bool) -> Show:
    """The set of a beat: as it was left when an interrupted beat continues, else at rest. A change
    during a cross-fade ends it."""
    name, lasts = beat.scene, beat.transition.fade
    fading = Fading(show.stack, at, lasts, show.staged) if lasts else None
    away = {**show.away, show.stack.scene.id: show.stack}
    left = away.get(name)
    if left is None or not again:
        scene = show.production.scenes[name]
        rested = stack_for(scene, show.production.look_in(scene))
        left = held_in(show, appeared(rested, at))
    staged = staged_in(left.scene, show.production.cast, show.staged, at)
    return replace(show, away=away, stack=left, fading=fading, staged=staged)


def held_in(show: Show, stack: CueStack) -> CueStack:
    """A stack under what the director holds in its scene now, here or away."""
    known = show.stack if show.stack.scene.id == stack.scene.id else show.away.get(stack.scene.id)
    overrides: dict[str, ParamValue] = known.overrides if known else {}
    return replace(stack, overrides=overrides, holders=known.holders if known else {})


def speak(show: Show, spoken: Spoken, plot: str = "") -> Changed:
    """A line is spoken, also by a hidden plot beside the main path."""
    line, at = spoken.line, spoken.at
    name = show.production.line_sound(line.id)
    audible = name in show.production.sounds
    speaking = Speaking(line, at, at + line.lasts, audible, spoken.values, plot)
    effects = Effects(sounds=(Sound(name, "line", _sample(at)),)) if audible else NO_EFFECTS
    return replace(show, spoken=(*show.spoken, speaking)[-KEPT_LINES:]), effects


def taken(show: Show, way: Taken, act: Act) -> Changed:
    """A way out of a beat: the line that plays is cut off, and a pick is noted."""
    show, silence = fall_silent(show, way.at)
    if way.by in ("next", "return", "detour"):
        return show, silence
    if (picked := picked_option(show, way)) is not None:
        show = replace(show, picked=picked)
    pick = Pick(
        beat=way.beat,
        choice=way.choice,
        option=way.option,
        to=way.to,
        trigger=way.by,
        said=act.said,
        confidence=settle(act.confidence),
        latency=0 if act.ended is None else way.at - act.ended,
        name=act.name,
        role=act.role,
        confirmed_by=act.confirmed_by,
        tally=show.voted if way.by == "vote" else None,
    )
    show = replace(show, direction=show.direction.left())
    return show, silence.then(Effects(picks=(pick,)))


def fall_silent(show: Show, at: int) -> Changed:
    """What is being said on the main path is cut off."""
    number = next((n for n in range(len(show.spoken))[::-1] if not show.spoken[n].plot), None)
    if number is None or show.spoken[number].ends <= at:
        return show, NO_EFFECTS
    last = show.spoken[number]
    effects = NO_EFFECTS
    if last.audible:
        name = show.production.line_sound(last.line.id)
        effects = Effects(sounds=(Sound(name, "stop", _sample(at)),))
    cut = (*show.spoken[:number], replace(last, ends=at), *show.spoken[number + 1 :])
    return replace(show, spoken=cut), effects


def picked_option(show: Show, way: Taken) -> PickedOption | None:
    """The option of a pick, if its choice stays displayed for a while."""
    choice = show.production.story.beats[way.beat].choice
    hides = choice.window.hides if choice and choice.window else 0
    option = choice.option(way.option) if choice else None
    if choice is None or option is None or not hides:
        return None
    values = show.playthrough.values_of(option.values)
    return PickedOption(choice.id, option, values, way.at + hides)


def is_held(show: Show) -> bool:
    """Whether the story stands still."""
    return show.playthrough.held_at is not None


def hold(show: Show, on: bool, at: int) -> tuple[Show, Effects, str]:
    """Freeze the story, or let it continue: what was about to happen comes that much later.

    The text is why the story declined; "" when it did not.
    """
    since = show.playthrough.held_at
    show, effects, declined = attempt(show, drama.Held(on, at))
    if since is None or is_held(show):
        return show, effects, declined
    show = replace(show, opened=at)
    for seat, voice in show.voices.items():
        if candidate := voice.candidate:
            later = replace(candidate, commits_at=candidate.commits_at + at - since)
            show = show.with_voice(seat, replace(voice, candidate=later))
    return show, effects, declined


def _sound(sound: SoundCall, at: int) -> Sound:
    kind: Literal["stop", "ambience", "effect"] = (
        "stop" if sound.stop else "ambience" if sound.loop else "effect"
    )
    return Sound(sound.name, kind, _sample(at), settle(sound.gain_db), sound.loop)


def _sample(at: int) -> int:
    return at * SAMPLE_RATE // NS
