"""Torques of the 22 joints: position servos, damping, and the feedback that keeps it standing.

The feedback moves the ankles against the error of the centre of mass. A real K1's own controller
does this, better, from its sensors; here the centre of mass is read from the simulation.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from xrdrama.performer.robot.joints import JOINTS

Vector = NDArray[np.float64]

_STIFF: Final = (
    30.0,
    30.0,
    *(60.0, 60.0, 30.0, 30.0) * 2,
    *(120.0, 120.0, 80.0, 150.0, 80.0, 80.0) * 2,
)
_SLOWED: Final = (1.0, 1.0, *(2.0, 2.0, 1.0, 1.0) * 2, *(4.0, 4.0, 3.0, 5.0, 3.0, 3.0) * 2)
STIFFNESS: Final[Vector] = np.array(_STIFF)
"""N m/rad."""
SLOWING: Final[Vector] = np.array(_SLOWED)
"""N m s/rad, of the position servos and of damping."""
TORQUE: Final[Vector] = np.array([joint.torque for joint in JOINTS])

ANKLE_PITCH: Final = [joint.index for joint in JOINTS if joint.name.endswith("Ankle_Pitch")]
ANKLE_ROLL: Final = [joint.index for joint in JOINTS if joint.name.endswith("Ankle_Roll")]
LEAN: Final = 1.6
"""rad of ankle for a metre by which the centre of mass is off."""
DRIFT: Final = 0.5
"""rad of ankle for a metre a second of its speed."""


def balanced(targets: Vector, off: Vector, speed: Vector) -> Vector:
    """The targets with the ankles corrected. `off`: the centre of mass from between the feet, m,
    X and Y; `speed`: its speed, m/s."""
    corrected = targets.copy()
    corrected[ANKLE_PITCH] += LEAN * off[0] + DRIFT * speed[0]
    corrected[ANKLE_ROLL] -= LEAN * off[1] + DRIFT * speed[1]
    return corrected


def held(targets: Vector, angles: Vector, speeds: Vector) -> Vector:
    """Torques that move the joints to `targets`, within what the motors give."""
    torques = STIFFNESS * (targets - angles) - SLOWING * speeds
    return np.clip(torques, -TORQUE, TORQUE)


def damped(speeds: Vector) -> Vector:
    """Torques that only slow the joints: the robot sinks."""
    return np.clip(-SLOWING * speeds, -TORQUE, TORQUE)
