"""One control step after the other: a body, and the driver that commands it."""

from __future__ import annotations

from xrdrama.performer.robot.body import CONTROL_STEP, Body
from xrdrama.performer.robot.driving import Command, Driver, Order, ReportState
from xrdrama.performer.robot.joints import check_joints


class Loop:
    """Drives a body. It has no clock: `step` says what time it is.

    DeviceError if the joints of the body are not those of the table.
    """

    def __init__(self, body: Body) -> None:
        check_joints(body.joints)
        self.body, self.driver = body, Driver()
        self.order = Order()
        """The newest order; without angles the body is damped."""
        body.damp()

    def received(self, command: Command, at: int) -> None:
        """Take in a command of the show that arrived at `at`, ns."""
        self.driver = self.driver.received(command, at)

    def aim(self, command: Command) -> None:
        """Take in the newest command again, with the pose as it is now."""
        self.driver = self.driver.aimed(command)

    def stop(self, why: str, at: int) -> None:
        """Stop the robot at once."""
        self.driver = self.driver.stopped(why, at)
        self.body.damp()

    def hand_key(self, at: int) -> None:
        """A hand at this process releases the robot."""
        if not self.driver.latch.moves:
            self.body.prepare()
        self.driver = self.driver.hand_key(at)

    def step(self, at: int) -> tuple[ReportState, ...]:
        """One control step at `at`; what is to be reported to the show."""
        self.driver, self.order, reports = self.driver.step(self.body.telemetry(), at)
        if self.order.angles is None:
            self.body.damp()
        else:
            self.body.command(self.order.angles)
        self.body.advance(at + CONTROL_STEP)
        return reports
