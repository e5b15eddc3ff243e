"""One frame of a show: `advance(show, tick) -> (show, frame)`. Pure: no I/O, clock, thread, chance.

A tick's events are taken in the order of the log. Before each of them, and up to the frame's
time, whatever is due happens: the story's own next moment, or a phrase that was not taken back.
So a pick has its exact nanosecond, whatever the frame rate and however late a frame was drawn.
"""

from __future__ import annotations

from msgspec.structs import replace

from xrdrama import story as drama
from xrdrama.show.changes.acting import without_ended_acts
from xrdrama.show.changes.effects import NO_EFFECTS, Effects
from xrdrama.show.changes.progress import follow
from xrdrama.show.changes.update import run_to, take
from xrdrama.show.framing import frame_of
from xrdrama.show.looks import looks_of
from xrdrama.show.production import Production
from xrdrama.show.state import Followed, Show
from xrdrama.show.state.cue_stack import stack_for
from xrdrama.show.state.faces import FollowedFace
from xrdrama.show.state.staged import staged_in
from xrdrama.show.tick import Tick
from xrdrama.wire.frame import Frame, Sound


def opening(production: Production) -> Show:
    """A show before its first frame."""
    playthrough, happenings = drama.begin(
        production.story,
        seed=production.seed,
        start=production.start,
        values=dict(production.start_values),
        time_scale=production.viewers.scale,
    )
    scene = production.scenes[playthrough.current.scene]
    looks = looks_of(production.looks, production.scenes)
    cameras = (Followed(),) * len(production.stage.cameras) if production.stage else ()
    stack = stack_for(scene, production.look_in(scene))
    staged = staged_in(scene, production.cast, {}, 0)
    faces = {source: FollowedFace(performer) for source, performer in production.faces.items()}
    show = Show(production, playthrough, stack, looks=looks, cameras=cameras, staged=staged)
    show = replace(show, faces=faces)
    show, effects = follow(show, happenings, 0)
    sounds = effects.sounds
    if production.ambience:
        sounds += (Sound(production.ambience, "ambience", 0, loop=True),)
    return replace(show, first_sounds=sounds)


def advance(show: Show, tick: Tick) -> tuple[Show, Frame]:
    """The show after a tick, and the frame to present at the tick's time."""
    effects = Effects(sounds=show.first_sounds) if show.first_sounds else NO_EFFECTS
    now = show.now
    for entry in tick.entries:
        now = max(now, entry.at)
        show, due = run_to(show, now)
        now = max(now, show.now)
        show, more = take(show, entry, now)
        effects = effects.then(due).then(more)
    shows_at = tick.time.shows_at
    show, due = run_to(show, shows_at)
    effects = effects.then(due)
    show = without_ended_acts(show, shows_at)
    show = replace(show, now=max(now, show.now, shows_at), first_sounds=())
    return show, frame_of(show, tick, effects)
