"""A robot in ten lines: it waves in MuJoCo, within its limits, and is stopped."""

from __future__ import annotations

from xrdrama.adapters.mujoco.simulated import SimulatedBody
from xrdrama.performer.robot.body import CONTROL_STEP
from xrdrama.performer.robot.driving import Command
from xrdrama.performer.robot.joints import angles_of
from xrdrama.robots.loop import Loop

WAVE = angles_of({"right_arm_raise": 2.4, "right_elbow": 1.2, "head_pan": 0.4})

loop = Loop(SimulatedBody())
for step in range(300):
    at = step * CONTROL_STEP
    if step % 4 == 0:  # 25 frames a second; the counter of releases is the director's key
        loop.received(Command(step, WAVE, releases=step > 20, act=1), at)
    if step == 20:
        loop.hand_key(at)  # and this is the key of a hand at the robot
    if step == 250:
        loop.stop("the example ends", at)
    for state in loop.step(at):
        print(f"{at / 1e9:.2f} s: {state}")
print("damped" if loop.order.angles is None else "still moving")
