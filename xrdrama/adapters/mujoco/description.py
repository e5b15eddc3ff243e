"""Our own MJCF of the K1, written from `performer.robot`: capsules, 22 torque motors, a floor.

Motors take torques; the servos are computed outside (adapters/mujoco/servo.py), so that damping and
torque limits are those of the robot and not of a model of MuJoCo.
"""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from xrdrama.performer.robot.joints import JOINTS
from xrdrama.performer.robot.shape import HIP_HEIGHT, LINKS, Link

STEP_S: Final = 0.002
FRICTION: Final = "0.9 0.01 0.001"
JOINT_DAMPING: Final = 0.25
"""N m s/rad, of a geared joint without power."""
ARMATURE: Final = 0.012
"""kg m^2: the inertia of rotor and gears, as the joint sees it."""


def description(*, mass: float = 1.0) -> str:
    """The MJCF text. `mass` scales every link's mass (1.0: 19.5 kg in all)."""
    root = Element("mujoco", model="k1")
    SubElement(root, "compiler", angle="radian")
    SubElement(root, "option", timestep=str(STEP_S), integrator="implicitfast")
    world = SubElement(root, "worldbody")
    SubElement(world, "geom", name="floor", type="plane", size="20 20 1", friction=FRICTION)
    bodies = {"": world}
    for link in LINKS:
        bodies[link.name] = _body(bodies[link.parent], link, mass)
    excluded = SubElement(root, "contact")
    for first, second in _neighbours():
        SubElement(excluded, "exclude", body1=first, body2=second)
    actuators = SubElement(root, "actuator")
    for joint in JOINTS:
        limits = _text(-joint.torque, joint.torque)
        SubElement(
            actuators, "motor", name=joint.name, joint=joint.name, ctrlrange=limits,
            ctrllimited="true",
        )  # fmt: skip
    indent(root)
    return tostring(root, encoding="unicode")


def _body(parent: Element, link: Link, mass: float) -> Element:
    at = link.at if link.parent else (0.0, 0.0, HIP_HEIGHT)
    body = SubElement(parent, "body", name=link.name, pos=_text(*at))
    if link.joint:
        joint = next(joint for joint in JOINTS if joint.name == link.joint)
        SubElement(
            body, "joint", name=link.joint, type="hinge", axis=_text(*link.axis),
            range=_text(joint.low, joint.high), limited="true",
            damping=str(JOINT_DAMPING), armature=str(ARMATURE),
        )  # fmt: skip
    else:
        SubElement(body, "freejoint", name="root")
    geom = {"name": link.name, "mass": str(link.mass * mass), "friction": FRICTION}
    if link.is_box:
        pairs = list(zip(link.start, link.end, strict=True))
        geom |= {
            "type": "box",
            "pos": _text(*((low + high) / 2 for low, high in pairs)),
            "size": _text(*((high - low) / 2 for low, high in pairs)),
        }
    else:
        fromto = _text(*link.start, *link.end)
        geom |= {"type": "capsule", "fromto": fromto, "size": _text(link.radius)}
    SubElement(body, "geom", geom)
    return body


def _neighbours() -> list[tuple[str, str]]:
    """Links that overlap where a joint has several axes, and must not push each other away."""
    pairs = (("trunk", "collar"), ("shoulder", "upper_arm"), ("trunk", "hip_roll"),
             ("trunk", "thigh"), ("hip", "thigh"), ("shin", "foot"))  # fmt: skip
    sides = ("left", "right")
    return [
        (first if first == "trunk" else f"{side}_{first}", f"{side}_{second}")
        for side in sides
        for first, second in pairs
    ]


def _text(*numbers: float) -> str:
    return " ".join(f"{number:.6g}" for number in numbers)
