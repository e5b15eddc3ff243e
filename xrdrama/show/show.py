"""One frame of a show: `advance(show, tick) -> (show, frame)`. Pure: no I/O, clock, thread, chance.

A tick's events are taken in the order of the log. Before each of them, and up to the frame's
time, whatever is due happens: the story's own next moment, or a phrase that was not taken back.
So a pick has its exact nanosecond, whatever the frame rate and however late a frame was drawn.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from xrdrama import story as drama
from xrdrama.show.acts import Voice, hear, held, see, spent
from xrdrama.show.cue_stack import call, override, stack_for
from xrdrama.show.framing import frame_of, hand_of
from xrdrama.show.production import Production
from xrdrama.show.state import Show, Speaking
from xrdrama.show.tick import Tick
from xrdrama.spatial import Pose, settle
from xrdrama.stage.prediction import observe
from xrdrama.story.model import Line
from xrdrama.story.playthrough import (
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
    AnyEvent,
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
)
from xrdrama.wire.frame import (
    Feedback,
    Frame,
    Pick,
    Sound,
)

SAMPLE_RATE = 48_000
KEPT_LINES = 4


def opening(production: Production) -> Show:
    """A show before its first frame."""
    playthrough, happenings = drama.begin(
        production.story,
        seed=production.seed,
        start=production.start,
        values=dict(production.start_values),
    )
    scene = production.scenes[playthrough.current.scene]
    show = Show(production, playthrough, stack_for(scene, production.look))
    moment = _Moment(show)
    for happening in happenings:
        moment.happened(happening)
    if production.ambience:
        moment.sounds.append(Sound(production.ambience, "ambience", 0, loop=True))
    return moment.closed(0, first_sounds=tuple(moment.sounds))


def advance(show: Show, tick: Tick) -> tuple[Show, Frame]:
    """The show after a tick, and the frame to present at the tick's time."""
    moment = _Moment(show)
    moment.sounds.extend(show.first_sounds)
    for entry in tick.entries:
        at = max(moment.now, entry.at)
        moment.run_to(at)
        moment.take(entry.event, at)
    moment.run_to(tick.time.shows_at)
    after = moment.closed(max(moment.now, tick.time.shows_at))
    return after, frame_of(after, tick, moment.sounds, moment.picks, moment.feedback)


class _Moment:
    """A show opened up for one tick: fields change, `closed` makes a Show of them again."""

    def __init__(self, show: Show) -> None:
        self.production = show.production
        self.playthrough = show.playthrough
        self.story_due = show.story_due
        self.stack = show.stack
        self.now = show.now
        self.voice = show.voice
        self.hand = show.hand
        self.opened = show.opened
        self.spoken = show.spoken
        self.track = show.track
        self.tracked_by = show.tracked_by
        self.lost = show.lost
        self.panic = show.panic
        self.sounds: list[Sound] = []
        self.picks: list[Pick] = []
        self.feedback: list[Feedback] = []

    def closed(self, at: int, *, first_sounds: tuple[Sound, ...] = ()) -> Show:
        return Show(
            self.production,
            self.playthrough,
            self.stack,
            at,
            self.voice,
            self.hand,
            self.opened,
            self.spoken,
            self.track,
            self.tracked_by,
            self.lost,
            self.panic,
            first_sounds,
            drama.next_due(self.playthrough),
        )

    # -- what is due ----------------------------------------------------------------------------

    def run_to(self, at: int) -> None:
        """Let happen whatever is due up to nanosecond `at`, earliest first."""
        while True:
            candidate = self.voice.candidate
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
        self.playthrough, happenings = drama.step(self.playthrough, event)
        self.story_due = drama.next_due(self.playthrough)
        self.now = max(self.now, event.at)
        for happening in happenings:
            self.happened(happening)
        return happenings

    def happened(self, happening: Happening) -> None:
        match happening:
            case BeatEntered(beat):
                self.voice = Voice(self.voice.hearing_since)
                if beat.scene != self.stack.scene.id:
                    scene = self.production.scenes[beat.scene]
                    self.stack = stack_for(scene, self.production.look)
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

    def speak(self, line: Line, at: int) -> None:
        name = f"line/{line.id}"
        audible = name in self.production.sounds
        if audible:
            self.sounds.append(Sound(name, "line", _sample(at)))
        speaking = Speaking(line, at, at + line.lasts, audible)
        self.spoken = (*self.spoken, speaking)[-KEPT_LINES:]

    def taken(self, taken: Taken) -> None:
        """A way out of a beat: what was being said falls silent, and a pick is noted."""
        last = self.spoken[-1] if self.spoken else None
        if last and last.ends > taken.at:
            if last.audible:
                self.sounds.append(Sound(f"line/{last.line.id}", "stop", _sample(taken.at)))
            cut = msgspec.structs.replace(last, ends=taken.at)
            self.spoken = (*self.spoken[:-1], cut)
        if taken.by in ("next", "return"):
            return
        said, confidence, latency = "", 1.0, 0
        if taken.by == "voice" and (candidate := self.voice.candidate):
            said = candidate.said
            confidence, latency = 1.0 - candidate.distance, taken.at - candidate.ended
        elif taken.by == "gesture":
            said, confidence = self.hand.pose, self.hand.score
            latency = taken.at - self.hand_done()
        self.picks.append(
            Pick(
                taken.beat,
                taken.choice,
                taken.option,
                taken.to,
                taken.by,
                said,
                settle(confidence),
                latency,
            )
        )

    # -- what comes in --------------------------------------------------------------------------

    def take(self, event: AnyEvent, at: int) -> None:
        match event:
            case TrackingSample():
                self.sample(event)
            case Hearing():
                self.voice = msgspec.structs.replace(self.voice, hearing_since=event.began)
            case Heard():
                self.heard(event, at)
            case Gestured():
                self.hand = see(self.hand, event, self.production.hand)
                self.commit_hand(at)
            case MarkerSeen():
                self.marker(event.marker, at)
            case Pressed():
                self.try_story(drama.Picked(event.option, at), event.source, event.option)
            case Forced() | HeldStory() | ParamSet() | Panic():
                self.direct(event, at)
            case DeviceLost():
                self.lost = {**self.lost, event.source: (at, event.reason)}
            case DeviceFound():
                self.lost = {k: v for k, v in self.lost.items() if k != event.source}

    def direct(self, event: Forced | HeldStory | ParamSet | Panic, at: int) -> None:
        """The director's hand."""
        match event:
            case Forced():
                self.try_story(drama.Forced(event.beat, at), event.source, event.beat)
            case HeldStory():
                self.try_story(drama.Held(event.on, at), event.source, "hold")
            case ParamSet():
                self.stack = override(self.stack, event.param, event.value)
            case Panic():
                self.panic = event.on

    def sample(self, sample: TrackingSample) -> None:
        stage = self.production.stage
        if stage is None or sample.subject != stage.tracking.subject:
            return
        if not 0.9 <= sample.pose.rotation.norm() <= 1.1:
            return
        pose = stage.tracking.origin * Pose(sample.pose.position, sample.pose.rotation.unit())
        latency = stage.tracking.latency
        self.track = observe(
            self.track, sample.at - latency, pose, stage.ladder, stage.parked, latency=latency
        )
        self.tracked_by = (sample.source, sample.subject)

    def heard(self, heard: Heard, at: int) -> None:
        production = self.production
        is_open = bool(self.playthrough.options())
        offers = production.offers.get(self.playthrough.beat, ()) if is_open else ()
        offered = self.playthrough.offered
        by_number = [offer for offer in production.numbers if int(offer.option) <= len(offered)]
        silence_due = self.silence_due()
        self.voice, feedback = hear(
            self.voice,
            heard,
            at=at,
            offers=[offer for offer in offers if offer.option in offered],
            numbers=[
                msgspec.structs.replace(offer, option=offered[int(offer.option) - 1])
                for offer in by_number
            ],
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
        if not self.production.hears_itself:
            return False
        echo = self.production.voice.echo
        return any(
            line.audible and heard.began < line.ends + echo and heard.ended > line.began
            for line in self.spoken
        )

    def marker(self, marker: str, at: int) -> None:
        for option in self.playthrough.options():
            if any(t.kind == "marker" and marker in t.values for t in option.triggers):
                self.story(drama.Picked(option.id, at, "marker"))
                return
        self.story(drama.Found("marker", marker, at))

    def try_story(self, event: StoryEvent, source: str, said: str) -> None:
        """An event that the story may decline; whoever sent it is told."""
        if any(isinstance(happening, Declined) for happening in self.story(event)):
            self.feedback.append(Feedback(source, said, "nothing_open"))

    # -- picks ----------------------------------------------------------------------------------

    def commit_voice(self) -> None:
        candidate = self.voice.candidate
        if candidate is None:
            return
        at = max(self.now, candidate.commits_at)
        self.story(drama.Picked(candidate.option, at, "voice", candidate.began))
        self.voice = msgspec.structs.replace(self.voice, candidate=None)

    def commit_hand(self, at: int) -> None:
        options = self.playthrough.options()
        option = next((o for o in options if hand_of(o) == self.hand.pose), None)
        rule = self.production.hand
        if option and held(self.hand, self.hand.pose, since=self.opened, rule=rule) >= 1.0:
            began = max(self.hand.since, self.opened)
            self.story(drama.Picked(option.id, at, "gesture", began))
            self.hand = spent(self.hand, at, rule)

    def hand_done(self) -> int:
        return max(self.hand.since, self.opened) + self.production.hand.dwell


def _sample(at: int) -> int:
    return at * SAMPLE_RATE // NS
