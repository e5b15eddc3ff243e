"""A figure's skeleton for tests, and where its bones are in a pose."""

from math import cos, sin

from xrdrama.performer import SHAPES, Pose, Repertoire, Skeleton
from xrdrama.performer.bodies import figure_body
from xrdrama.performer.model import Performer, Temper
from xrdrama.spatial import Quat, Vec3

_MIDDLE = {"hips": 0.9, "spine": 1.0, "chest": 1.15, "upperChest": 1.28, "neck": 1.42, "head": 1.5}


def skeleton() -> Skeleton:
    """A person of 1.7 m in a T-pose."""
    bones = {name: Vec3(0.0, 0.0, z) for name, z in _MIDDLE.items()}
    for side, x in (("left", -1.0), ("right", 1.0)):
        for bone, at in {
            "UpperLeg": (0.09, 0.0, 0.86), "LowerLeg": (0.09, 0.01, 0.47),
            "Foot": (0.09, -0.02, 0.08), "Toes": (0.09, 0.12, 0.02), "Eye": (0.03, 0.08, 1.58),
            "Shoulder": (0.05, 0.0, 1.36), "UpperArm": (0.18, 0.0, 1.36),
            "LowerArm": (0.45, 0.0, 1.36), "Hand": (0.7, 0.0, 1.36),
            "ThumbProximal": (0.73, 0.03, 1.35), "IndexProximal": (0.79, 0.03, 1.36),
            "MiddleProximal": (0.8, 0.0, 1.36),
        }.items():  # fmt: skip
            bones[side + bone] = Vec3(x * at[0], at[1], at[2])
    return Skeleton(bones, SHAPES)


def figure(repertoire: Repertoire | None = None, temper: Temper | None = None) -> Performer:
    """A performer with that skeleton."""
    return Performer(
        "lan", "Lan", figure_body(skeleton()), repertoire or Repertoire(), temper or Temper()
    )


def in_set(pose: Pose, point: Vec3) -> Vec3:
    """A point of the body's frame in the set's."""
    c, s = cos(pose.root.pan), sin(pose.root.pan)
    at = pose.root.at
    return Vec3(at.x + c * point.x - s * point.y, at.y + s * point.x + c * point.y, at.z + point.z)


def bone_at(pose: Pose, bone: str, bones: dict[str, Vec3], chain: tuple[str, ...]) -> Vec3:
    """Where a bone at the end of a chain from the hips is, in the set's frame."""
    turn, place = Quat(), bones["hips"] + pose.lift
    before = "hips"
    turn = pose.turns.get("hips", turn)
    for name in (*chain, bone):
        place = place + turn.rotate(bones[name] - bones[before])
        turn = turn * pose.turns.get(name, Quat())
        before = name
    return in_set(pose, place)
