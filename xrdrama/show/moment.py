"""A show opened up for one tick: what comes in and what is due change it, event by event."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from xrdrama import story as drama
from xrdrama.scene.model import ParamValue
from xrdrama.show.acts import Voice, hear, held, see, spent
from xrdrama.show.camera import followed, is_pose
from xrdrama.show.cue_stack import call, override, stack_for
from xrdrama.show.direction import DIRECTOR, Act, Proposed, Step
from xrdrama.show.framing import hand_of
from xrdrama.show.state import Show, Speaking, received
from xrdrama.spatial import settle
from xrdrama.story.model import Line
from xrdrama.story.stepping.happenings import (
    BeatEntered,
    ChoiceOpened,
    CueCalled,
    Declined,
    Happening,
    SoundCalled,
    Spoken,
    StoryEvent,
    Taken,
)
from xrdrama.timing import NS
from xrdrama.tracking import TrackingSample
from xrdrama.wire.events import (
    DIRECTION,
    AnyEvent,
    ConfirmMode,
    Decided,
    DeviceFound,
    DeviceLost,
    Forced,
    Gestured,
    Heard,
    Hearing,
    HeldStory,
    MarkerSeen,
    Panic,
    ParamSet,
    Pressed,
    Rolled,
    Slated,
    Undone,
)
from xrdrama.wire.frame import Feedback, Pick, Sound

SAMPLE_RATE = 48_000
KEPT_LINES = 4
MOST_LOST = 64
"""Devices that are told to be lost; the newest. A peer could name ever new ones."""


class Moment:
    """A show opened up for one tick: fields change, `closed` makes a Show of them again."""

    def __init__(self, show: Show) -> None:
        self.production = show.production
        self.playthrough = show.playthrough
        self.story_due = show.story_due
        self.stack = show.stack
        self.away = show.away
        self.now = show.now
        self.voice = show.voice
        self.hand = show.hand
        self.opened = show.opened
        self.spoken = show.spoken
        self.track = show.track
        self.tracked_by = show.tracked_by
        self.other_subjects = show.other_subjects
        self.lost = show.lost
        self.panic = show.panic
        self.direction = show.direction
        self.act = Act()
        """Who picks, and how sure that is, while a pick is made."""
        self.sounds: list[Sound] = []
        self.picks: list[Pick] = []
        self.feedback: list[Feedback] = []

    def closed(self, at: int, *, first_sounds: tuple[Sound, ...] = ()) -> Show:
        """The show again, as it stands at nanosecond `at`."""
        return Show(
            production=self.production,
            playthrough=self.playthrough,
            stack=self.stack,
            now=at,
            voice=self.voice,
            hand=self.hand,
            opened=self.opened,
            spoken=self.spoken,
            track=self.track,
            tracked_by=self.tracked_by,
            other_subjects=self.other_subjects,
            lost=self.lost,
            panic=self.panic,
            direction=self.direction,
            first_sounds=first_sounds,
            story_due=drama.next_due(self.playthrough),
            away=self.away,
        )

    # -- what is due ----------------------------------------------------------------------------

    def run_to(self, at: int) -> None:
        """Let happen whatever is due up to nanosecond `at`, earliest first."""
        while True:
            candidate = None if self.is_held else self.voice.candidate
            commits = candidate.commits_at if candidate else None
            due = self.story_due
            if commits is not None and commits <= at and (due is None or commits < due):
                self.commit_voice()
            elif due is not None and due <= at:
                self.story(drama.Due(due))
            else:
                break
        self.now = max(self.now, at)

    def story(self, event: StoryEvent) -> list[Happening]:
        """Let the story take an event, and follow what happens."""
        self.playthrough, happenings = drama.step(self.playthrough, event)
        self.follow(happenings, event.at)
        return happenings

    def follow(self, happenings: list[Happening], at: int) -> None:
        """Let the show do what the story says."""
        self.story_due = drama.next_due(self.playthrough)
        self.now = max(self.now, at)
        stack = self.stack
        for happening in happenings:
            self.happened(happening)
        if any(isinstance(one, BeatEntered) and not one.again for one in happenings):
            entered = Step(self.playthrough, stack)
            self.direction = replace(self.direction, entered=entered, proposed=None)

    def happened(self, happening: Happening) -> None:
        """One happening of the story: a line, a cue, a sound, a way out."""
        match happening:
            case BeatEntered(beat, at, again):
                self.voice = Voice(self.voice.hearing_since)
                self.opened = at
                if beat.scene != self.stack.scene.id:
                    self.change_scene(beat.scene, again=again)
            case Spoken(line, at):
                self.speak(line, at)
            case CueCalled(cue, at):
                known = self.stack.scene.cues.get(cue.name)
                if known:
                    self.stack = call(self.stack, known, at, over=cue.over)
            case SoundCalled(sound, at):
                kind: Literal["stop", "ambience", "effect"] = (
                    "stop" if sound.stop else "ambience" if sound.loop else "effect"
                )
                self.sounds.append(
                    Sound(sound.name, kind, _sample(at), settle(sound.gain_db), sound.loop)
                )
            case ChoiceOpened(_, _, at):
                self.opened = at
            case Taken():
                self.taken(happening)

    def change_scene(self, name: str, *, again: bool) -> None:
        """Another set: as it was left when an interrupted beat goes on, else at rest."""
        self.away = {**self.away, self.stack.scene.id: self.stack}
        left = self.away.get(name)
        if left is None or not again:
            fresh = stack_for(self.production.scenes[name], self.production.look)
            left = replace(fresh, overrides=self.overrides(name))
        self.stack = left

    def overrides(self, scene: str) -> dict[str, ParamValue]:
        """What the director holds in a scene, here or away."""
        stack = self.stack if self.stack.scene.id == scene else self.away.get(scene)
        return stack.overrides if stack else {}

    def speak(self, line: Line, at: int) -> None:
        """A line is spoken from `at` on."""
        name = f"line/{line.id}"
        audible = name in self.production.sounds
        if audible:
            self.sounds.append(Sound(name, "line", _sample(at)))
        speaking = Speaking(line, at, at + line.lasts, audible)
        self.spoken = (*self.spoken, speaking)[-KEPT_LINES:]

    def taken(self, taken: Taken) -> None:
        """A way out of a beat: what was being said falls silent, and a pick is noted."""
        self.fall_silent(taken.at)
        if taken.by in ("next", "return"):
            return
        self.direction = self.direction.left()
        act = self.act
        self.picks.append(
            Pick(
                beat=taken.beat,
                choice=taken.choice,
                option=taken.option,
                to=taken.to,
                trigger=taken.by,
                said=act.said,
                confidence=settle(act.confidence),
                latency=0 if act.ended is None else taken.at - act.ended,
            )
        )

    def fall_silent(self, at: int) -> None:
        """What is being said is cut off."""
        last = self.spoken[-1] if self.spoken else None
        if last and last.ends > at:
            if last.audible:
                self.sounds.append(Sound(f"line/{last.line.id}", "stop", _sample(at)))
            self.spoken = (*self.spoken[:-1], replace(last, ends=at))

    # -- what comes in --------------------------------------------------------------------------

    def take(self, event: AnyEvent, at: int) -> None:
        """An event that came in, at nanosecond `at`."""
        match event:
            case TrackingSample():
                self.sample(event)
            case Hearing():
                self.voice = replace(self.voice, hearing_since=event.began)
            case Heard():
                self.heard(event, at)
            case Gestured():
                self.hand = see(self.hand, event, self.production.hand)
                self.commit_hand(at)
            case MarkerSeen():
                self.marker(event.marker, at)
            case Pressed():
                self.pick(drama.Picked(event.option, at), event.source, Act())
            case DeviceLost():
                lost = {**self.lost, event.source: (at, event.reason)}
                self.lost = dict(list(lost.items())[-MOST_LOST:])
            case DeviceFound():
                self.lost = {k: v for k, v in self.lost.items() if k != event.source}
            case _ if isinstance(event, DIRECTION):
                self.direct(event, at)
                self.stay_covered(at)

    def direct(self, event: AnyEvent, at: int) -> None:
        """The director's hand."""
        direction = self.direction
        match event:
            case Forced():
                self.try_story(drama.Forced(event.beat, at), event.source, event.beat)
            case HeldStory():
                self.hold_by_hand(event, at)
            case ParamSet():
                self.stack = override(self.stack, event.param, event.value)
            case Panic():
                self.take_cover(event.on, at)
            case Undone():
                self.undo(at)
            case ConfirmMode():
                self.direction = replace(direction, confirming=event.on)
            case Decided():
                self.decide(event.yes, at)
            case Slated():
                self.direction = replace(direction, slate=event.text)
            case Rolled():
                self.direction = replace(direction, rolling=event.on)

    def take_cover(self, on: bool, at: int) -> None:
        """The safe picture, while the story waits; or back to where it was."""
        if on == self.panic:
            return
        self.panic = on
        if not on and self.direction.panic_holds:
            self.direction = replace(self.direction, panic_holds=False)
            self.hold(False, at, DIRECTOR)

    def stay_covered(self, at: int) -> None:
        """Nothing plays behind a panic's safe picture, wherever the director sent the story."""
        if not self.panic or self.is_held or self.playthrough.ending:
            return
        self.fall_silent(at)
        self.hold(True, at, DIRECTOR)
        self.direction = replace(self.direction, panic_holds=self.is_held)

    def hold_by_hand(self, event: HeldStory, at: int) -> None:
        """Hold, or let go: not under panic, nor past a pick that waits for an answer."""
        if not event.on and (self.panic or self.direction.proposed is not None):
            self.feedback.append(Feedback(event.source, "hold", "nothing_open"))
            return
        self.direction = replace(self.direction, panic_holds=False)
        self.hold(event.on, at, event.source)

    def undo(self, at: int) -> None:
        """Back to the beat in which the last way out was chosen."""
        if not self.direction.steps:
            self.feedback.append(Feedback(DIRECTOR, "undo", "nothing_open"))
            return
        *steps, step = self.direction.steps
        left = self.playthrough.beat
        self.fall_silent(at)
        self.direction = replace(self.direction, steps=tuple(steps))
        self.stack = replace(step.stack, overrides=self.overrides(step.stack.scene.id))
        self.playthrough, happenings = drama.anew(step.playthrough, at)
        self.picks.append(
            Pick(beat=left, choice="", option="", to=self.playthrough.beat, trigger="undo")
        )
        self.follow(happenings, at)

    def decide(self, yes: bool, at: int) -> None:
        """The director's word on the pick that waits."""
        proposed = self.direction.proposed
        if proposed is None:
            self.feedback.append(Feedback(DIRECTOR, "decide", "nothing_open"))
            return
        self.direction = replace(self.direction, proposed=None)
        if proposed.hold:
            self.hold(False, at, DIRECTOR)
        if yes:
            closes = self.playthrough.closes_at
            began = at if closes is None else min(at, closes)
            self.act = proposed.act
            self.try_story(drama.Picked(proposed.option, at, proposed.by, began), DIRECTOR, "yes")
            self.act = Act()

    @property
    def is_held(self) -> bool:
        """Whether the story stands still."""
        return self.playthrough.held_at is not None

    def hold(self, on: bool, at: int, source: str) -> None:
        """Freeze the story, or let it go on: what was about to happen comes as much later."""
        since = self.playthrough.held_at
        self.try_story(drama.Held(on, at), source, "hold")
        if since is None or self.is_held:
            return
        self.opened = at
        if candidate := self.voice.candidate:
            later = replace(candidate, commits_at=candidate.commits_at + at - since)
            self.voice = replace(self.voice, candidate=later)

    def sample(self, sample: TrackingSample) -> None:
        """Where a tracker says that the camera is; nonsense changes nothing."""
        stage = self.production.stage
        if stage is None or not is_pose(sample):
            return
        if sample.subject != stage.tracking.subject:
            self.other_subjects = received(self.other_subjects, sample.subject, sample.at)
            return
        self.track = followed(self.track, sample, stage)
        self.tracked_by = (sample.source, sample.subject)

    def heard(self, heard: Heard, at: int) -> None:
        """What a recogniser heard: it may become a candidate, which commits a little later."""
        production = self.production
        is_open = bool(self.playthrough.options()) and not self.is_held
        offers = production.offers.get(self.playthrough.beat, ()) if is_open else ()
        offered = self.playthrough.offered
        by_number = [offer for offer in production.numbers if int(offer.option) <= len(offered)]
        silence_due = self.silence_due()
        self.voice, feedback = hear(
            self.voice,
            heard,
            at=at,
            offers=[offer for offer in offers if offer.option in offered],
            numbers=[replace(offer, option=offered[int(offer.option) - 1]) for offer in by_number],
            cancel=production.cancel,
            rule=production.voice,
            closes_at=self.playthrough.closes_at,
            latest=None if silence_due is None else silence_due - 1,
            over_own_line=self.over_own_line(heard),
        )
        self.feedback.append(feedback)

    def silence_due(self) -> int | None:
        """When the open choice takes its else, grace included."""
        closes = self.playthrough.closes_at
        choice = self.playthrough.current.choice
        if closes is None or choice is None or choice.window is None:
            return None
        return closes + choice.window.grace

    def over_own_line(self, heard: Heard) -> bool:
        """Whether it was said while a line of ours could be heard."""
        if not self.production.hears_itself:
            return False
        echo = self.production.voice.echo
        return any(
            line.audible and heard.began < line.ends + echo and heard.ended > line.began
            for line in self.spoken
        )

    def marker(self, marker: str, at: int) -> None:
        """A marker was seen: an option of the open choice, or a hidden plot."""
        for option in self.playthrough.options():
            if any(t.kind == "marker" and marker in t.values for t in option.triggers):
                self.pick(drama.Picked(option.id, at, "marker"), "marker", Act(marker))
                return
        self.story(drama.Found("marker", marker, at))

    def try_story(self, event: StoryEvent, source: str, said: str) -> None:
        """An event that the story may decline; whoever sent it is told."""
        if any(isinstance(happening, Declined) for happening in self.story(event)):
            self.feedback.append(Feedback(source, said, "nothing_open"))

    # -- picks ----------------------------------------------------------------------------------

    def pick(self, picked: drama.Picked, source: str, act: Act) -> None:
        """An option was picked: it happens, or waits for the director's word."""
        if not self.direction.confirming or source == DIRECTOR:
            self.act = act
            self.try_story(picked, source, picked.option)
            self.act = Act()
            return
        _, happenings = drama.step(self.playthrough, picked)
        if any(isinstance(happening, Declined) for happening in happenings):
            self.feedback.append(Feedback(source, picked.option, "nothing_open"))
            return
        self.story(drama.Held(True, picked.at))
        proposed = Proposed(picked.option, picked.by, act, self.is_held)
        self.direction = replace(self.direction, proposed=proposed)

    def commit_voice(self) -> None:
        """The phrase that was not taken back picks."""
        candidate = self.voice.candidate
        if candidate is None:
            return
        at = max(self.now, candidate.commits_at)
        self.voice = replace(self.voice, candidate=None)
        act = Act(candidate.said, 1.0 - candidate.distance, candidate.ended)
        self.pick(drama.Picked(candidate.option, at, "voice", candidate.began), "voice", act)

    def commit_hand(self, at: int) -> None:
        """A hand that was held long enough picks."""
        options = () if self.is_held else self.playthrough.options()
        option = next((o for o in options if hand_of(o) == self.hand.pose), None)
        rule = self.production.hand
        if option and held(self.hand, self.hand.pose, since=self.opened, rule=rule) >= 1.0:
            began = max(self.hand.since, self.opened)
            act = Act(self.hand.pose, self.hand.score, self.hand_done())
            self.pick(drama.Picked(option.id, at, "gesture", began), "gesture", act)
            self.hand = spent(self.hand, at, rule)

    def hand_done(self) -> int:
        """When the hand that is held is held long enough."""
        return max(self.hand.since, self.opened) + self.production.hand.dwell


def _sample(at: int) -> int:
    return at * SAMPLE_RATE // NS
