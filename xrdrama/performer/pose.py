"""A pose: turns of bones and shapes of the face, from the values of channels.

Turns are unit quaternions relative to the T-pose, in the parent bone's frame, which at rest is the
body's: X to its right, Y ahead, Z up. Left arms point to -X, right ones to +X.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import pi
from typing import Final

import msgspec

from xrdrama.performer.performing import Root
from xrdrama.spatial import FORWARD, ORIGIN, RIGHT, UP, Quat, Vec3


class Pose(msgspec.Struct, frozen=True):
    """What is drawn of a performer at one time.

    `root` is its position in the set, `lift` how its hips move from their rest (metres, body
    frame), `turns` are by VRM 1.0 bone, `shapes` by ARKit name, 0 to 1.
    """

    root: Root
    lift: Vec3
    turns: Mapping[str, Quat]
    shapes: Mapping[str, float]


NO_TURN: Final = Quat()
_SPREAD: Final = {
    "head": (("neck", 0.4), ("head", 0.6)),
    "spine": (("spine", 0.4), ("chest", 0.35), ("upperChest", 0.25)),
    "hips": (("hips", 1.0),),
}
_HANGING: Final = pi / 2
_THUMB_AXIS: Final = Vec3(-0.35, 0.55, -0.75).unit()
_FINGERS: Final = ("Middle", "Ring", "Little")
_PHALANGES: Final = (("Proximal", 1.0), ("Intermediate", 1.1), ("Distal", 0.7))
_THUMB: Final = (("Metacarpal", 0.4), ("Proximal", 0.6), ("Distal", 0.8))


def turns_of(channels: Mapping[str, float], bones: Collection[str]) -> dict[str, Quat]:
    """The turns of those of a body's `bones` that channels move; legs are not among them."""
    found: dict[str, Quat] = {}
    for part, spread in _SPREAD.items():
        values = [channels.get(f"{part}_{axis}", 0.0) for axis in ("pan", "tilt", "roll")]
        if any(values):
            here = [(bone, share) for bone, share in spread if bone in bones]
            whole = sum(share for _, share in here) or 1.0
            for bone, share in here:
                pan, tilt, roll = (value * share / whole for value in values)
                found[bone] = turned(pan, tilt, roll)
    eyes = turned(channels.get("eyes_pan", 0.0), channels.get("eyes_tilt", 0.0), 0.0)
    for bone in ("leftEye", "rightEye"):
        if bone in bones:
            found[bone] = eyes
    for side, sign in (("left", -1.0), ("right", 1.0)):
        _arm(channels, side, sign, found)
        _hand(channels, side, sign, found)
    return {bone: turn for bone, turn in found.items() if bone in bones}


def turned(pan: float, tilt: float, roll: float) -> Quat:
    """The turn by angles in radians: pan about up, then tilt, then roll, about the new axes."""
    turn = Quat.about(UP, pan) if pan else NO_TURN
    if tilt:
        turn = turn * Quat.about(RIGHT, tilt)
    return turn * Quat.about(FORWARD, roll) if roll else turn


def _arm(channels: Mapping[str, float], side: str, sign: float, found: dict[str, Quat]) -> None:
    """Shoulder, upper and lower arm; `sign` is +1 on the right, where the arm points to +X."""
    get = channels.get
    shrug = get(f"{side}_shrug", 0.0)
    if shrug:
        found[f"{side}Shoulder"] = Quat.about(FORWARD, -sign * shrug)
    swing = Quat.about(RIGHT, get(f"{side}_arm_swing", 0.0))
    raised = Quat.about(FORWARD, sign * (_HANGING - get(f"{side}_arm_raise", 0.0)))
    twist = Quat.about(RIGHT, -get(f"{side}_arm_twist", 0.0))
    found[f"{side}UpperArm"] = swing * raised * twist
    bend = Quat.about(UP, sign * get(f"{side}_elbow", 0.0))
    # Half of the forearm's turn is in the wrist: skin does not twist at the elbow.
    turn = get(f"{side}_wrist_turn", 0.0)
    found[f"{side}LowerArm"] = bend * Quat.about(RIGHT, 0.5 * turn)
    wrist = Quat.about(FORWARD, sign * get(f"{side}_wrist_bend", 0.0))
    found[f"{side}Hand"] = Quat.about(RIGHT, 0.5 * turn) * wrist


def _hand(channels: Mapping[str, float], side: str, sign: float, found: dict[str, Quat]) -> None:
    fingers, index = channels.get(f"{side}_fingers", 0.0), channels.get(f"{side}_index", 0.0)
    for finger, curl in (*((name, fingers) for name in _FINGERS), ("Index", index)):
        if curl:
            for phalanx, share in _PHALANGES:
                found[f"{side}{finger}{phalanx}"] = Quat.about(FORWARD, sign * curl * share)
    thumb = channels.get(f"{side}_thumb", 0.0)
    if thumb:
        axis = _THUMB_AXIS
        # A mirror image across the body's middle keeps the X of an axis and turns Y and Z round.
        axis = axis if sign > 0 else Vec3(axis.x, -axis.y, -axis.z)
        for phalanx, share in _THUMB:
            found[f"{side}Thumb{phalanx}"] = Quat.about(axis, thumb * share)


REST: Final = Pose(Root(), ORIGIN, {}, {})
