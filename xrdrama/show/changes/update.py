"""One entry of the log, and what is due before it: the show after it, and its effects."""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from xrdrama import story as drama
from xrdrama.show.camera import carried_on, is_pose, placed, smoothed
from xrdrama.show.changes import comfort as _comfort  # noqa: F401 - it declares commands
from xrdrama.show.changes import walls as _walls  # noqa: F401 - it declares commands
from xrdrama.show.changes.bodies import reported
from xrdrama.show.changes.commands import apply
from xrdrama.show.changes.effects import NO_EFFECTS
from xrdrama.show.changes.picking import (
    commit_voice,
    gazed,
    gestured,
    heard,
    hearing,
    marker_seen,
    pick,
)
from xrdrama.show.changes.progress import Changed, is_held, story
from xrdrama.show.changes.voting import is_voted_only, joined, pressed_vote, voted
from xrdrama.show.lenses import rings_after
from xrdrama.show.state import Followed, Show, received
from xrdrama.show.state.direction import Act
from xrdrama.show.state.faces import faced, remembered
from xrdrama.show.state.voice import next_candidate
from xrdrama.show.tick import arrived
from xrdrama.stage import Camera, Stage
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.health import GAP
from xrdrama.wire.commands import Command
from xrdrama.wire.events import (
    DeviceFound,
    DeviceLost,
    Entry,
    Faced,
    Gazed,
    Gestured,
    Heard,
    Hearing,
    Joined,
    MarkerSeen,
    Presented,
    Pressed,
    Reported,
    Voted,
)

MOST_LOST = 64
"""Devices reported lost; the newest. A peer could name ever new ones."""


def run_to(show: Show, at: int) -> Changed:
    """Let happen whatever is due up to nanosecond `at`, earliest first."""
    effects = NO_EFFECTS
    while True:
        waiting = None if is_held(show) else next_candidate(show.voices)
        due = show.story_due
        commits = waiting[1].commits_at if waiting else at + 1
        if waiting and commits <= at and (due is None or commits < due):
            show, more = commit_voice(show, *waiting)
        elif due is not None and due <= at:
            show, more = story(show, drama.Due(due))
        else:
            return show, effects
        effects = effects.then(more)


def take(show: Show, entry: Entry, at: int) -> Changed:  # noqa: C901, PLR0912 - one case an event
    """The show after an entry, which counts at nanosecond `at`."""
    event = arrived(entry.event, at)
    match event:
        case TrackingSample():
            return tracked(show, event), NO_EFFECTS
        case Hearing():
            return hearing(show, event), NO_EFFECTS
        case Heard():
            return heard(show, event, at, entry)
        case Gestured():
            return gestured(show, event, at, entry)
        case Faced():
            face = faced(show.faces.get(event.source), event, at)
            return replace(show, faces=remembered(show.faces, event.source, face)), NO_EFFECTS
        case Gazed():
            return gazed(show, event, at, entry.role)
        case MarkerSeen():
            return marker_seen(show, event.marker, at, event.source, entry.role)
        case Pressed():
            if is_voted_only(show, event.option):
                return pressed_vote(show, event, entry, at)
            act = Act(name=event.source, role=entry.role)
            return pick(show, drama.Picked(event.option, at), event.source, act)
        case DeviceLost():
            lost = {**show.lost, event.source: (at, event.reason)}
            return replace(show, lost=dict(list(lost.items())[-MOST_LOST:])), NO_EFFECTS
        case DeviceFound():
            found = {k: v for k, v in show.lost.items() if k != event.source}
            return replace(show, lost=found), NO_EFFECTS
        case Reported():
            return reported(show, event, at, entry.role)
        case Voted():
            return voted(show, event, entry, at)
        case Joined():
            return joined(show, event), NO_EFFECTS
        case Presented():
            return show, NO_EFFECTS
        case Command():
            return apply(show, event, entry, at)
        case _:
            assert_never(event)


def _followed(known: Followed, sample: TrackingSample, stage: Stage, camera: Camera) -> Followed:
    """What is known of a camera after one more of its samples."""
    smooth = smoothed(known.smoothed, placed(sample, stage), stage.tracking.smooth)
    gap = known.gap
    if known.arrived is not None and sample.at - known.arrived >= GAP:
        gap = (known.arrived, sample.at)
    return Followed(
        carried_on(known.track, smooth, stage, camera),
        sample.source,
        sample.subject,
        rings=rings_after(known.rings, sample, stage, camera),
        smoothed=smooth if stage.tracking.smooth else None,
        arrived=max(sample.at, sample.at if known.arrived is None else known.arrived),
        gap=gap,
    )


def tracked(show: Show, sample: TrackingSample) -> Show:
    """Where a tracker says that a camera is; nonsense changes nothing."""
    stage = show.production.stage
    if stage is None or not is_pose(sample):
        return show
    for index, camera in enumerate(stage.cameras):
        if camera.subject == sample.subject:
            now = _followed(show.cameras[index], sample, stage, camera)
            cameras = (*show.cameras[:index], now, *show.cameras[index + 1 :])
            return replace(show, cameras=cameras)
    others = received(show.other_subjects, sample.subject, sample.at)
    return replace(show, other_subjects=others)
