"""What a show looks and sounds like at a moment: the frame that outputs present."""

from __future__ import annotations

from math import isinf

from xrdrama.performer import Performing
from xrdrama.scene.model import SAFE_LOOK
from xrdrama.show.camera import view_at
from xrdrama.show.changes.effects import Effects
from xrdrama.show.changes.voting import tally_of
from xrdrama.show.lamps import lights_of
from xrdrama.show.lenses import lens_alarms, optics_at
from xrdrama.show.performers import leaving, performers_of
from xrdrama.show.state import OTHER_SUBJECT_LASTS, Followed, Show
from xrdrama.show.state.cue_stack import stack_for
from xrdrama.show.state.faces import state_at
from xrdrama.show.state.hand import hand_of, held
from xrdrama.show.tick import Tick
from xrdrama.spatial import settle
from xrdrama.story import Option
from xrdrama.timing import NS
from xrdrama.tracking.health import GAP, wrong_subject
from xrdrama.wire.frame import (
    Alarm,
    Caption,
    Fade,
    Frame,
    LiveFace,
    OpenChoice,
    OpenOption,
    Proposal,
    Tracked,
    View,
    WaitingCut,
)

GAP_SHOWN = NS
"""How long a gap that has ended is shown, nanoseconds."""
MOST_FEEDBACK = 100
"""Verdicts, and refusals, in one frame; the newest."""


def frame_of(show: Show, tick: Tick, effects: Effects) -> Frame:
    """The frame at a tick's time, with what happened since the frame before.

    Under panic it is the safe picture: the set at rest in the show's look and its own `safe` one,
    without words or options, whatever the story, its cues and the director have come to.
    """
    at = tick.time.shows_at
    looks = show.production.look_in(show.stack.scene), SAFE_LOOK
    params = (stack_for(show.stack.scene, *looks) if show.panic else show.stack).values(at)
    views, cameras = _views(show, at)
    performers = performers_of(show, params, cameras, at)
    direction = show.direction
    return Frame(
        time=tick.time,
        beat=show.playthrough.beat,
        scene=show.stack.scene.id,
        params=params,
        views=views,
        captions=() if show.panic else _captions(show, at),
        sounds=effects.sounds,
        choice=None if show.panic else _choice(show, at),
        picks=effects.picks,
        feedback=effects.feedback[-MOST_FEEDBACK:],
        lights=lights_of(show.stack.scene, params),
        alarms=_alarms(show, cameras, views, at),
        tracked=cameras[0] if cameras else None,
        ending=show.playthrough.ending,
        held=show.playthrough.held_at is not None,
        panic=show.panic,
        confirming=direction.confirming,
        proposal=_proposal(show),
        undo=direction.steps[-1].playthrough.beat if direction.steps else "",
        overridden=tuple(sorted(show.stack.overrides)),
        slate=direction.slate,
        rolling=direction.rolling,
        refused=effects.refused[-MOST_FEEDBACK:],
        roll=direction.roll,
        rolled_at=direction.rolled_at,
        holders=show.stack.holders,
        looks=show.looks.offered.get(show.stack.scene.id, ()),
        others=cameras[1:],
        frozen_at=show.frozen_at,
        patterns=show.patterns,
        fade=None if show.panic else _fade(show, cameras, performers, at),
        waiting=_waiting(show),
        performers=performers,
        time_scale=_time_scale(show),
        join="" if show.join_code and not show.panic else None,
        faces=_faces(show, at),
        latches=show.bodies.latches,
        tally=None if show.panic else tally_of(show, at),
    )


def _faces(show: Show, at: int) -> tuple[LiveFace, ...]:
    """The live faces that are on: of every input that has not ended and was not lost."""
    return tuple(
        LiveFace(source, face.performer, state_at(face, at), face.others)
        for source, face in sorted(show.faces.items())
        if not face.ended and source not in show.lost
    )


def _waiting(show: Show) -> WaitingCut | None:
    """The cut that waits for the end of a hold."""
    cut = show.direction.waiting
    return WaitingCut(cut.beat, cut.option, cut.by.name, cut.by.role) if cut else None


def _fade(
    show: Show, cameras: tuple[Tracked, ...], performers: tuple[Performing, ...], at: int
) -> Fade | None:
    """The set that fades out; None if none does."""
    fading = show.fading
    share = fading.share(at) if fading else 0.0
    if fading is None or share <= 0.0:
        return None
    params = fading.stack.values(at)
    lights = lights_of(fading.stack.scene, params)
    there = leaving(show, fading, cameras, performers, at)
    return Fade(fading.stack.scene.id, params, lights, share, there)


def _proposal(show: Show) -> Proposal | None:
    proposed = show.direction.proposed
    if proposed is None:
        return None
    act = proposed.act
    confidence = settle(act.confidence)
    return Proposal(proposed.option, proposed.by, act.said, confidence, act.name, act.role)


def _views(show: Show, at: int) -> tuple[tuple[View, ...], tuple[Tracked, ...]]:
    """The inner view of each camera, then the outer views; and how each camera's pose is known."""
    stage = show.production.stage
    if stage is None:
        return (), ()
    views, cameras = [], []
    lookahead = stage.delays.lookahead(show.production.rate)
    for camera, known in zip(stage.cameras, show.cameras, strict=True):
        track = known.track
        optics = optics_at(stage, camera, known.rings, at)
        view, state = view_at(stage, camera, track, at, optics, lookahead=lookahead)
        sampled_at = track.samples[-1][0] if track.samples else 0
        views.append(view)
        cameras.append(
            Tracked(known.source, known.subject, sampled_at, state, view.pose, camera.id)
        )
    return (*views, *show.production.outer_views), tuple(cameras)


def _captions(show: Show, at: int) -> tuple[Caption, ...]:
    newest = {said.plot: said for said in show.spoken}  # one for each path that speaks
    return tuple(
        Caption(
            said.line.id, said.line.speaker, show.production.texts(said.line.id, said.values)
        )
        for said in newest.values()
        if said.began <= at < said.ends
    )  # fmt: skip


def _choice(show: Show, at: int) -> OpenChoice | None:
    p = show.playthrough
    options = p.shown()
    choice = p.current.choice
    if not options or choice is None or p.phase not in ("shown", "open"):
        return _picked(show, at)
    closes, opened = p.closes_at, p.opened
    left = closes_at = None
    if closes is not None and opened is not None:
        now = at if p.held_at is None else p.held_at  # a hold stops the ring, too
        left = settle(min(1.0, max(0.0, (closes - now) / max(1, closes - opened))))
        closes_at = closes + at - now
    return OpenChoice(
        id=choice.id,
        options=tuple(_option(show, option, number) for number, option in enumerate(options, 1)),
        left=left,
        show=choice.window.show if choice.window else "none",
        hearing=show.voice.hearing_since is not None,
        numbered=show.voice.misses >= show.production.voice.misses,
        closes_at=closes_at,
        phase="shown" if p.phase == "shown" else "open",
    )


def _picked(show: Show, at: int) -> OpenChoice | None:
    """The option that was picked, as long as its choice stays displayed."""
    last = show.picked
    if last is None or at >= last.until:
        return None
    texts = show.production.texts(last.option.text_id, last.values)
    option = OpenOption(last.option.id, 1, texts, progress=1.0, heard=True)
    return OpenChoice(last.choice, (option,), show="none", phase="picked")


def _option(show: Show, option: Option, number: int) -> OpenOption:
    candidates = [one.candidate for one in show.voices.values() if one.candidate]
    pose = hand_of(option)
    gaze = next((trigger for trigger in option.triggers if trigger.kind == "gaze"), None)
    rule = show.production.hand
    holds = [held(one, pose, since=show.opened, rule=rule) for one in show.hands.values() if pose]
    return OpenOption(
        id=option.id,
        number=number,
        texts=show.production.texts(option.text_id, show.playthrough.values_of(option.values)),
        say=show.production.phrases(option),
        show=pose,
        progress=settle(max(holds, default=0.0)),
        heard=any(candidate.option == option.id for candidate in candidates),
        look=gaze.values[0] if gaze else "",
        dwell=gaze.dwell if gaze else 0,
    )


def _time_scale(show: Show) -> float | None:
    scale = show.playthrough.time_scale
    return None if isinf(scale) else settle(scale)


_TRACKING_ALARMS = {
    "held": ("tracking_held", "the tracker is silent: the camera is held"),
    "easing": ("tracking_lost", "the tracker is lost: easing to the safe pose"),
    "safe": ("tracking_lost", "the tracker is lost: the safe pose is shown"),
    "none": ("tracking_none", "the tracker has not been heard yet"),
}


def _wrong_subject(show: Show, cameras: tuple[Tracked, ...]) -> Alarm | None:
    """Packets of other subjects come, and none of a camera that the stage expects."""
    stage = show.production.stage
    silent = [camera.id for camera in cameras if camera.state not in ("live", "predicted")]
    if stage is None or not silent:
        return None
    recent = {
        name: since
        for name, (since, last) in sorted(show.other_subjects.items())
        if show.now - last <= OTHER_SUBJECT_LASTS
    }
    if not recent:
        return None
    expected = ", ".join(one.subject for one in stage.cameras if one.id in silent)
    return Alarm("tracking_subject", wrong_subject(recent, expected), min(recent.values()))


def _jump_text(show: Show) -> str:
    stage = show.production.stage
    doubt = stage.ladder.doubt // 1_000_000 if stage else 0
    return f"tracking jumped: the jump is ignored unless it lasts longer than {doubt} ms"


def _gap(show: Show, known: Followed, tracked: Tracked, at: int) -> tuple[int, str] | None:
    """Since when and in words: a camera sends nothing for 50 ms, or did so in the last second.

    A live frame is made one period before it is shown, so that only silence beyond that is known.
    """
    if tracked.state == "none" or known.arrived is None:
        return None
    period = round(show.production.rate.period * NS)
    if at - period - known.arrived >= GAP:
        return known.arrived, "the tracker has sent nothing for more than 50 ms"
    if known.gap is not None and at - known.gap[1] < GAP_SHOWN:
        began, ended = known.gap
        return began, f"the tracker sent nothing for {(ended - began) // 1_000_000} ms"
    return None


def _alarms(
    show: Show, cameras: tuple[Tracked, ...], views: tuple[View, ...], at: int
) -> tuple[Alarm, ...]:
    stage = show.production.stage
    alarms = []
    wrong = _wrong_subject(show, cameras)
    if wrong:
        alarms.append(wrong)
    for index, (tracked, known) in enumerate(zip(cameras, show.cameras, strict=True)):
        whose = f"camera {tracked.id}: " if len(cameras) > 1 else ""
        if tracked.state in _TRACKING_ALARMS and not (wrong and tracked.state == "none"):
            code, text = _TRACKING_ALARMS[tracked.state]
            alarms.append(Alarm(code, whose + text, tracked.at))
        elif gap := _gap(show, known, tracked, at):
            alarms.append(Alarm("tracking_gap", whose + gap[1], gap[0]))
        if known.track.doubted and known.track.samples:
            since = known.track.doubted[0][0]
            alarms.append(Alarm("tracking_leap", whose + _jump_text(show), since))
        if stage is not None:
            for one in lens_alarms(stage.cameras[index], known.rings, views[index].lens):
                alarms.append(Alarm(one.code, whose + one.text, one.since))
    alarms += show.bodies.alarms(at)
    for source, (since, reason) in show.lost.items():
        alarms.append(Alarm("device_lost", f"{source}: {reason}", since))
    return tuple(alarms)
