"""A K1 simulated by MuJoCo, behind the port `Body`: it stands, moves its arms, and can fall.

It does not walk: there is no gait here. Steps of 2 ms; the same commands and pushes give the same
motion on one machine.
"""

from __future__ import annotations

from math import cos, sin
from random import Random
from typing import Any, Final

import numpy as np

from xrdrama.adapters.mujoco.description import STEP_S, description
from xrdrama.adapters.mujoco.servo import Vector, balanced, damped, held
from xrdrama.errors import DeviceError
from xrdrama.performer.robot.body import CONTROL_STEP, Mode, Telemetry
from xrdrama.performer.robot.joints import DRIVEN, JOINTS, STANDING, Angles, angles_of

STEP: Final = round(STEP_S * 1e9)
"""Nanoseconds."""
STANDING_UP: Final = 0.98
"""The trunk's up axis below which a damped body is put on its feet again."""
PUSH_LASTS: Final = 100_000_000
"""Nanoseconds."""
HEAT_PER_S: Final = 0.02
"""Degrees that a motor warms in a second, for each N m of the mean torque squared."""
COOL_PER_S: Final = 0.01
"""Share of the excess over the room's temperature that it loses in a second."""
ROOM: Final = 25.0


class Push:
    """A force on the trunk, newtons, from a direction (rad about Z), from `at` for 0.1 s."""

    def __init__(self, at: int, force: float, direction: float) -> None:
        self.at, self.force, self.direction = at, force, direction

    def vector(self, now: int) -> tuple[float, float, float]:
        """The force at a time, newtons."""
        if not self.at <= now < self.at + PUSH_LASTS:
            return 0.0, 0.0, 0.0
        return self.force * cos(self.direction), self.force * sin(self.direction), 0.0


def pushes(seed: int, force: float, seconds: float, every: float = 3.0) -> list[Push]:
    """Pushes of up to `force` newtons from random directions, about every `every` seconds.

    The largest one has exactly `force`. Seeded: the same arguments give the same pushes.
    """
    chance = Random(seed)
    found: list[Push] = []
    at = 1.0 + chance.random() * every / 2
    while at < seconds:
        size = force if not found else force * (0.5 + chance.random() / 2)
        found.append(Push(round(at * 1e9), size, chance.random() * 6.283185307))
        at += every * (0.75 + chance.random() / 2)
    return found


class SimulatedBody:
    """A K1 in MuJoCo. `mass` scales its mass, `shoves` push it, all on its own clock from 0."""

    def __init__(self, shoves: list[Push] | None = None, *, mass: float = 1.0) -> None:
        try:
            import mujoco
        except ImportError as error:
            raise DeviceError(
                f"the simulated robot needs MuJoCo, which is not installed: {error}",
                "pip install 'xrdrama[robot-sim]'",
            ) from error
        self._mujoco: Any = mujoco
        self._model = mujoco.MjModel.from_xml_string(description(mass=mass))
        self._state = mujoco.MjData(self._model)
        self._shoves = shoves or []
        self._mode: Mode = "damping"
        self._is_supported = True
        self._now = 0
        self._measured: list[Telemetry] = []
        self._heat = np.full(len(JOINTS), ROOM)
        self._trunk = self._model.body("trunk").id
        self._feet = [self._model.geom(f"{side}_foot").id for side in ("left", "right")]
        self._standing = np.array([STANDING.get(joint.name, 0.0) for joint in JOINTS])
        self._targets = self._standing.copy()
        self.fell_at: int | None = None
        """When the trunk first leaned more than 45 degrees, ns; None while it stands."""
        self.touching = 0
        """Control steps in which an arm touched the body or the other arm."""
        self.newest = self._sensed()
        self.stand_up()

    @property
    def joints(self) -> tuple[str, ...]:
        """The names of its joints, in the order of its commands."""
        return tuple(joint.name for joint in JOINTS)

    def stand_up(self) -> None:
        """Put it on its feet, arms a little out, as a person would, and support it until the next
        command."""
        self._mujoco.mj_resetData(self._model, self._state)
        angles = self._standing.copy()
        arms = angles_of({"left_arm_raise": 0.25, "right_arm_raise": 0.25})
        angles[: len(DRIVEN)] = arms
        self._state.qpos[7:] = angles
        self._mujoco.mj_forward(self._model, self._state)
        soles = [self._state.geom_xpos[foot][2] - self._model.geom_size[foot][2]
                 for foot in self._feet]  # fmt: skip
        self._state.qpos[2] -= min(soles)
        self._mujoco.mj_forward(self._model, self._state)
        self._targets = angles
        self._mode = "damping"
        self._is_supported = True
        self.fell_at = None

    # -- the port -------------------------------------------------------------------------------

    def command(self, angles: Angles) -> None:
        """Move the driven joints to these angles, radians."""
        self._targets[: len(DRIVEN)] = angles
        self._mode = "position"
        self._is_supported = False

    def damp(self) -> None:
        """Only slow the joints: it sinks."""
        self._mode = "damping"

    def prepare(self) -> None:
        """Stand up where it lies, if it fell or sank."""
        if self.up < STANDING_UP or self.fell_at is not None:
            self.stand_up()

    def walk(self, forward: float, sideways: float, turn: float) -> bool:
        """False: this body has no gait."""
        return False

    def advance(self, at: int) -> None:
        """Compute up to `at`, nanoseconds of the body's clock."""
        while self._now < at:
            self._step()
            if self._now % CONTROL_STEP == 0:
                self._measure()

    def telemetry(self) -> list[Telemetry]:
        """What was measured since the last call, every 10 ms of its clock."""
        measured, self._measured = self._measured, []
        return measured

    def close(self) -> None:
        """Damp it."""
        self.damp()

    # -- the simulation -------------------------------------------------------------------------

    @property
    def root(self) -> tuple[float, ...]:
        """Position (m) and quaternion (w, x, y, z) of the trunk; X forward, Y left, Z up."""
        return tuple(float(number) for number in self._state.qpos[:7])

    @property
    def up(self) -> float:
        """The Z component of the trunk's own up axis."""
        return float(self._state.xmat[self._trunk][8])

    def _step(self) -> None:
        if self._is_supported:
            self._now += STEP
            return
        state = self._state
        angles, speeds = state.qpos[7:], state.qvel[6:]
        torques = damped(speeds) if self._mode == "damping" else self._held(angles, speeds)
        state.ctrl[:] = torques
        force = np.zeros(3)
        for shove in self._shoves:
            force += shove.vector(self._now)
        state.xfrc_applied[self._trunk, :3] = force
        self._mujoco.mj_step(self._model, state)
        self._now += STEP
        self._heat += (HEAT_PER_S * torques**2 - COOL_PER_S * (self._heat - ROOM)) * STEP_S
        if self.fell_at is None and self.up < 0.707:
            self.fell_at = self._now

    def _held(self, angles: Vector, speeds: Vector) -> Vector:
        self._mujoco.mj_subtreeVel(self._model, self._state)
        middle = self._state.geom_xpos[self._feet].mean(axis=0)
        off = self._state.subtree_com[self._trunk] - middle
        targets = balanced(self._targets, off, self._state.subtree_linvel[self._trunk])
        return held(targets, angles, speeds)

    def _measure(self) -> None:
        self.touching += self._touches()
        self.newest = self._sensed()
        self._measured.append(self.newest)

    def _sensed(self) -> Telemetry:
        return Telemetry(
            self._now,
            True,  # as a robot may claim while it lies: the driver must not believe it
            self._mode,
            self.up,
            tuple(self._state.qpos[7:].tolist()),
            tuple(self._state.qvel[6:].tolist()),
            float(self._heat.max()),
        )

    def _touches(self) -> bool:
        """Whether a part of the robot touches another part (the floor is geom 0)."""
        return any(contact.geom1 > 0 and contact.dist < 0 for contact in self._state.contact)


def open(address: str) -> SimulatedBody:
    """The entry point `simulated` of `xrdrama.bodies`; `address` is not used."""
    return SimulatedBody()
