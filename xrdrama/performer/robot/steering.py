"""The commanded track of a robot's head and arms: within limits, and clear of the body."""

from __future__ import annotations

from xrdrama.performer.robot.clearance import clear
from xrdrama.performer.robot.joints import Angles
from xrdrama.performer.robot.limiting import Track, follow, stopping_at


def steer(track: Track, targets: Angles) -> Track:
    """The track one control step later on its way to `targets`, as far as they can be reached.

    Where an arm could no longer stop clear of the body, it brakes and is raised to the side first;
    then it continues. Targets that are not clear however far the arms are raised are
    not approached.
    """
    wanted = clear(targets)
    brakes = stopping_at(track)
    ahead = follow(track, wanted.angles if wanted.is_clear else brakes)
    rest = clear(stopping_at(ahead))
    if rest.is_clear and not rest.changed:
        return ahead
    way_out = clear(brakes)
    is_between = rest.is_clear and not way_out.changed
    return follow(track, rest.angles if is_between else way_out.angles)
