"""The pose of a performer at a time: `evaluate(performing, performer, now)`. Pure.

Layers, lowest first: idling, mood, gaze, the swing of a walk, a live face, the mouth of a spoken
line, gestures. A higher layer decides only the channels and shapes that it has values for.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import radians
from typing import Final

from xrdrama.performer.acting import played
from xrdrama.performer.channels import CROUCH, Limit
from xrdrama.performer.curves import minimum_jerk
from xrdrama.performer.gazing import gazed
from xrdrama.performer.idling import glance, idle
from xrdrama.performer.legs import drop_of, leg_turns, planted
from xrdrama.performer.live import live_channels, live_shapes
from xrdrama.performer.model import NEEDED, Mood, Performer, Skeleton
from xrdrama.performer.mouth import shapes_of
from xrdrama.performer.performing import Expression, Performing, Root
from xrdrama.performer.pose import NO_TURN, Pose, turns_of
from xrdrama.performer.shapes import SHAPES
from xrdrama.performer.walking import Walked, standing, walked
from xrdrama.spatial import ORIGIN, Quat, Vec3

_SWING: Final = radians(22.0)
"""How far the arms swing in a walk at full pace."""
_UNDER_SPEECH: Final = 0.45
"""What stays of the mouth's own expression while it speaks."""
_HIPS_APART: Final = 0.09
_LONGEST_STEP: Final = 0.62
"""The longest step, as a share of the length of a leg."""


def evaluate(performing: Performing, performer: Performer, now: int) -> Pose:
    """The pose at nanosecond `now` of the show."""
    going = way_of(performing, performer, now)
    channels, shapes = values_at(performing, performer, now, going)
    if performer.body.kind == "robot":
        channels = _limited(channels, performer.body.limits)
    skeleton = performer.body.skeleton
    if skeleton is None or any(bone not in skeleton.bones for bone in NEEDED):
        return Pose(going.root, ORIGIN, {}, shapes)
    turns = turns_of(channels, skeleton.bones.keys())
    lift = _stood(skeleton, turns, channels, going)
    return Pose(going.root, lift, turns, shapes)


def channels_at(performing: Performing, performer: Performer, now: int) -> dict[str, float]:
    """The channels that the body has, in radians, within its limits: what a robot is sent."""
    going = way_of(performing, performer, now)
    channels, _ = values_at(performing, performer, now, going)
    return _limited(channels, performer.body.limits)


def values_at(
    performing: Performing, performer: Performer, now: int, going: Walked
) -> tuple[dict[str, float], dict[str, float]]:
    """Channels (radians) and shapes (0 to 1) of all layers at `now`."""
    channels, shapes = idle(performer.temper, now)
    _add_mood(performing.expression, performer.repertoire.moods, now, channels, shapes)
    height, steady = performer.body.height, performer.steady
    looked = gazed(performing.gaze, going.root, height, now, steady=steady)
    for name, value in looked.items():
        channels[name] = channels.get(name, 0.0) + value
    if performing.gaze.at is not None:
        pan, tilt = glance(performer.temper, now)
        channels["eyes_pan"] += pan
        channels["eyes_tilt"] += tilt
    _add_walk(going, channels)
    _add_live(performing, channels, shapes)
    _add_mouth(performing, shapes)
    channels, shapes = played(performing.acts, performer.repertoire.gestures, now, channels, shapes)
    _follow_eyes(channels, shapes)
    return channels, {name: min(1.0, max(0.0, value)) for name, value in shapes.items() if value}


def way_of(performing: Performing, performer: Performer, now: int) -> Walked:
    """Where root and feet are at `now`."""
    apart, step = measures(performer)
    travel = performing.travel
    if travel is None or now >= travel.began + travel.lasts:
        return standing(travel.end if travel else performing.root, apart)
    return walked(travel, apart, step, now)


def measures(performer: Performer) -> tuple[float, float]:
    """How far a foot is from the middle, and the longest step, in metres."""
    skeleton = performer.body.skeleton
    if skeleton is None or any(bone not in skeleton.bones for bone in NEEDED):
        return _HIPS_APART, _LONGEST_STEP * 0.5 * performer.body.height
    leg = skeleton.between("rightUpperLeg", "rightLowerLeg") + skeleton.between(
        "rightLowerLeg", "rightFoot"
    )
    return abs(skeleton.bones["rightFoot"].x), _LONGEST_STEP * leg


def _stood(
    skeleton: Skeleton, turns: dict[str, Quat], channels: Mapping[str, float], going: Walked
) -> Vec3:
    """Adds the turns of both legs; how the hips move from their rest."""
    hips = turns.get("hips", NO_TURN)
    feet = {
        side: planted(skeleton, side, foot, going.root)
        for side, foot in (("left", going.left), ("right", going.right))
    }
    apart = abs(skeleton.bones["rightUpperLeg"].x)
    # The weight goes over the foot that stands.
    aside = apart * 0.35 * (_air(going.left.step) - _air(going.right.step))
    aside += 0.45 * apart * max(-1.0, min(1.0, channels.get("hips_roll", 0.0) / radians(4.0)))
    lift = Vec3(aside, 0.0, 0.0)
    leg = skeleton.bones["hips"].z
    sunk = drop_of(skeleton, hips, lift, feet) + channels.get(CROUCH, 0.0) * leg
    lift = Vec3(aside, 0.0, -sunk)
    for side, foot in feet.items():
        turns.update(leg_turns(skeleton, side, hips, lift, foot))
    return lift


def _limited(channels: Mapping[str, float], limits: Mapping[str, Limit]) -> dict[str, float]:
    return {
        name: min(limit.most, max(limit.least, channels.get(name, 0.0)))
        for name, limit in limits.items()
    }


def _air(step: float) -> float:
    return 4.0 * step * (1.0 - step)


def _add_walk(going: Walked, channels: dict[str, float]) -> None:
    swing = going.stride * going.going
    for side, sign in (("left", 1.0), ("right", -1.0)):
        channels[f"{side}_arm_swing"] += sign * swing * _SWING
        channels[f"{side}_elbow"] += going.going * radians(9.0)
    channels["hips_pan"] = channels.get("hips_pan", 0.0) + 0.09 * swing
    channels["spine_pan"] -= 0.15 * swing
    channels["spine_tilt"] -= 0.045 * going.going


def _add_mood(
    expression: Expression,
    moods: Mapping[str, Mood],
    now: int,
    channels: dict[str, float],
    shapes: dict[str, float],
) -> None:
    share = minimum_jerk((now - expression.began) / expression.over) if expression.over else 1.0
    for name, weight in ((expression.before, 1.0 - share), (expression.mood, share)):
        mood = moods.get(name)
        if mood is not None and weight > 0.0:
            for channel, value in mood.channels.items():
                channels[channel] = channels.get(channel, 0.0) + value * weight
            for shape, value in mood.shapes.items():
                shapes[shape] = shapes.get(shape, 0.0) + value * weight


def _add_live(performing: Performing, channels: dict[str, float], shapes: dict[str, float]) -> None:
    share, live = performing.live_share, performing.live
    if len(live) < len(SHAPES) or share <= 0.0:
        return
    for name, value in live_shapes(live).items():
        under = shapes.get(name, 0.0)
        shapes[name] = under + (value - under) * share
    for name, angle in live_channels(live).items():
        under = channels.get(name, 0.0)
        channels[name] = under + (angle - under) * share


def _add_mouth(performing: Performing, shapes: dict[str, float]) -> None:
    """A spoken line takes lips and jaw; of a smile or a frown, a part stays."""
    spoken = shapes_of(performing.mouth)
    if not spoken:
        return
    for name in [name for name in shapes if name.startswith(("mouth", "jaw", "tongue"))]:
        shapes[name] *= _UNDER_SPEECH
    for name, value in spoken.items():
        shapes[name] = shapes.get(name, 0.0) + value


def _follow_eyes(channels: Mapping[str, float], shapes: dict[str, float]) -> None:
    """Lids go with the eyes: the shapes by which they look up and down."""
    tilt = channels.get("eyes_tilt", 0.0) / radians(30.0)
    for side in ("Left", "Right"):
        if tilt:
            name = f"eyeLook{'Up' if tilt > 0 else 'Down'}{side}"
            shapes[name] = max(shapes.get(name, 0.0), min(1.0, abs(tilt)))


def eyes_of(root: Root, performer: Performer) -> Vec3:
    """Where the eyes of a performer are that stands upright: what others look at."""
    return Vec3(root.at.x, root.at.y, root.at.z + performer.body.height)
