"""One frame of a show: `advance(show, tick) -> (show, frame)`. Pure: no I/O, clock, thread, chance.

A tick's events are taken in the order of the log. Before each of them, and up to the frame's
time, whatever is due happens: the story's own next moment, or a phrase that was not taken back.
So a pick has its exact nanosecond, whatever the frame rate and however late a frame was drawn.
"""

from __future__ import annotations

from xrdrama import story as drama
from xrdrama.show.cue_stack import stack_for
from xrdrama.show.framing import frame_of
from xrdrama.show.moment import Moment
from xrdrama.show.production import Production
from xrdrama.show.state import Show
from xrdrama.show.tick import Tick, arrived
from xrdrama.wire.frame import Frame, Sound

MOST_FEEDBACK = 100
"""Acts that one frame tells the verdict of; the newest."""


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
    moment = Moment(show)
    moment.follow(happenings, 0)
    if production.ambience:
        moment.sounds.append(Sound(production.ambience, "ambience", 0, loop=True))
    return moment.closed(0, first_sounds=tuple(moment.sounds))


def advance(show: Show, tick: Tick) -> tuple[Show, Frame]:
    """The show after a tick, and the frame to present at the tick's time."""
    moment = Moment(show)
    moment.sounds.extend(show.first_sounds)
    for entry in tick.entries:
        at = max(moment.now, entry.at)
        moment.run_to(at)
        moment.take(arrived(entry.event, at), at)
    moment.run_to(tick.time.shows_at)
    after = moment.closed(max(moment.now, tick.time.shows_at))
    feedback = moment.feedback[-MOST_FEEDBACK:]
    return after, frame_of(after, tick, moment.sounds, moment.picks, feedback)
