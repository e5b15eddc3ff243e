"""One control step at the robot: dead-man's switch, stops, releases, and bodies that misbehave."""

from __future__ import annotations

from math import nan

import pytest
from msgspec.structs import replace

from xrdrama.performer.robot.body import CONTROL_STEP, Telemetry
from xrdrama.performer.robot.driving import Command, Driver, Order, ReportState
from xrdrama.performer.robot.joints import DRIVEN, JOINTS, angles_of

MS = 1_000_000
REST = angles_of({"left_arm_raise": 0.3, "right_arm_raise": 0.3})
STANDS = Telemetry(0, True, "position", 1.0, REST + (0.0,) * 12, (0.0,) * 22)
LIES = replace(STANDS, up=0.1)


class Robot:
    """A driver with a body that does at once what it is ordered, and a show at 25 frames."""

    def __init__(self) -> None:
        self.driver, self.now, self.number = Driver(), 0, 0
        self.command = Command(0, REST)
        self.body = STANDS
        self.answers = self.connected = True
        self.copies = 1
        self.reports: list[ReportState] = []

    def step(self, count: int = 1) -> Order:
        order = Order()
        for _ in range(count):
            if self.connected and self.now % (4 * CONTROL_STEP) == 0:
                self.number += 1
                self.driver = self.driver.received(
                    replace(self.command, number=self.number), self.now
                )
            measured = [replace(self.body, at=self.now)] * self.copies if self.answers else []
            self.driver, order, reports = self.driver.step(measured, self.now)
            self.reports += reports
            if order.angles is not None:
                self.body = replace(self.body, angles=order.angles + self.body.angles[10:])
            self.now += CONTROL_STEP
        return order

    def release(self) -> None:
        self.driver = self.driver.hand_key(self.now)
        self.command = replace(self.command, releases=self.command.releases + 1)
        self.step(5)


@pytest.fixture
def robot() -> Robot:
    found = Robot()
    found.step(10)
    assert found.step().angles is None, "it moved before it was released"
    found.release()
    assert found.driver.latch.state == "ready"
    return found


def test_it_moves_after_both_keys_and_reports_done(robot: Robot) -> None:
    robot.command = replace(
        robot.command, targets=angles_of({"right_arm_raise": 1.2}), act=1, is_over=True
    )
    robot.step(200)
    assert robot.reports == ["stopped", "ready", "done"]
    assert robot.body.angles[7] == pytest.approx(angles_of({"right_arm_raise": 1.2})[7], abs=0.01)


def test_nothing_is_done_before_the_act_is_over(robot: Robot) -> None:
    robot.command = replace(robot.command, act=1, is_over=False)
    robot.step(200)
    assert "done" not in robot.reports
    robot.command = replace(robot.command, is_over=True)
    robot.step(10)
    assert robot.reports[-1] == "done"


def test_silence_damps_within_12_steps_and_reconnecting_releases_nothing(robot: Robot) -> None:
    robot.connected = False
    steps = next(n for n in range(1, 50) if robot.step().angles is None)
    assert steps <= 12
    robot.connected = True
    robot.step(200)
    assert robot.step().angles is None and robot.reports[-1] == "stopped"
    robot.release()
    assert robot.step().angles is not None


def test_without_the_dead_mans_switch_it_is_never_damped(
    robot: Robot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xrdrama.performer.robot.dead_man.LIMIT", 2**62)
    robot.connected = False
    assert robot.step(500).angles is not None


def test_same_command_again_does_not_keep_it_alive(robot: Robot) -> None:
    robot.connected = False
    newest = replace(robot.command, number=robot.number)
    for _ in range(30):
        robot.driver = robot.driver.received(newest, robot.now)
        robot.step()
    assert robot.step().angles is None and robot.driver.ignored > 0


@pytest.mark.parametrize("restart", [True, False])
def test_counters_of_a_restarted_show_or_process_release_nothing(restart: bool) -> None:
    robot = Robot()
    robot.command = replace(robot.command, stops=3, releases=9)
    robot.driver = robot.driver.hand_key(0)
    robot.step(20)
    assert robot.step().angles is None
    if restart:  # the process at the robot starts again beside a running show
        robot.driver = Driver()
    else:  # the show starts again, and counts from 0
        robot.connected = False
        robot.step(20)
        robot.connected, robot.command = True, replace(robot.command, stops=0, releases=0)
    robot.driver = robot.driver.hand_key(robot.now)
    robot.step(20)
    assert robot.step().angles is None


def test_stop_of_the_show_damps_in_the_next_step(robot: Robot) -> None:
    robot.command = replace(robot.command, stops=robot.command.stops + 1)
    assert robot.step(5).angles is None
    assert robot.driver.why == "a stop of the show"


def test_stop_beats_a_release_in_the_same_frame(robot: Robot) -> None:
    robot.driver = robot.driver.stopped("by hand", robot.now).hand_key(robot.now)
    robot.command = replace(robot.command, stops=1, releases=robot.command.releases + 1)
    assert robot.step(10).angles is None


def test_hold_stops_the_arms_and_going_on_continues(robot: Robot) -> None:
    robot.command = replace(
        robot.command, targets=angles_of({"right_arm_raise": 1.2}), is_held=True
    )
    before = robot.step(5).angles
    assert robot.step(50).angles == pytest.approx(before, abs=0.05)
    assert robot.driver.latch.state == "holding"
    robot.command = replace(robot.command, is_held=False)
    assert robot.step(200).angles != pytest.approx(before, abs=0.05)


def test_robot_that_says_ready_while_it_lies_has_fallen(robot: Robot) -> None:
    robot.body = replace(robot.body, up=0.1)
    assert robot.step().angles is None
    assert robot.reports[-1] == "fell"
    assert robot.driver.health.contradictions == 1
    robot.release()
    assert robot.step(20).angles is None, "it moved while it was lying"


def test_nan_of_the_sensors_is_a_fall(robot: Robot) -> None:
    robot.body = replace(robot.body, up=nan)
    assert robot.step().angles is None
    assert robot.reports[-1] == "fell"


def test_robot_that_stops_answering_is_lost_and_stays_stopped(robot: Robot) -> None:
    robot.answers = False
    robot.step(30)
    assert robot.reports[-1] == "lost" and robot.step().angles is None
    robot.answers = True
    robot.step(30)
    assert robot.reports[-1] == "stopped" and robot.step().angles is None


def test_body_that_is_off_moves_nothing() -> None:
    robot = Robot()
    robot.answers = False
    robot.release()
    assert robot.step(20).angles is None
    assert robot.reports == ["stopped"]


def test_flood_of_telemetry_is_dropped_and_counted(robot: Robot) -> None:
    robot.copies = 100  # in each control step: 10 kHz
    robot.step(100)
    assert robot.driver.health.dropped == 100 * 80
    assert robot.step().angles is not None


def test_hot_is_reported_once_until_it_has_cooled(robot: Robot) -> None:
    for heat in (81.0, 79.0, 82.0, 70.0, 85.0):
        robot.body = replace(robot.body, heat=heat)
        robot.step(5)
    assert robot.reports.count("hot") == 2


def test_driven_joints_come_first() -> None:
    assert [joint.name for joint in DRIVEN] == [joint.name for joint in JOINTS[:10]]
