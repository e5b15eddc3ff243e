"""`xrdrama robot run`: connects a body to a show."""

from __future__ import annotations

from typing import Final

from xrdrama import content, plugins
from xrdrama.errors import UsageError
from xrdrama.performer.robot.body import Body
from xrdrama.processes.finding import found_core
from xrdrama.robots.acting import WALK, Acts
from xrdrama.robots.process import OnChange, RobotProcess
from xrdrama.robots.terminal import has_hand, listen
from xrdrama.show.ports import Stop
from xrdrama.tools.robot.simulating import robot_in

SDK: Final = "k1"
"""The plug-in of the group `xrdrama.bodies` that loads the vendor's SDK."""


def run_robot(
    show: str, core: str, performer: str, body: str, sdk: str, on_change: OnChange, stop: Stop
) -> RobotProcess:
    """Drive a body in `show` until `stop` is set; returns the process with its counts.

    `sdk` is the address of a real robot, which the plug-in `k1` connects to; "" uses `body`.
    UsageError without a show or plug-in, DeviceError without a body.
    """
    production = content.produce(content.load_show(show))
    name = robot_in(production, performer)
    found: list[RobotProcess] = []
    acts = Acts(
        name,
        production.cast[name].performer,
        on_walk=lambda: found[0].commands.not_carried.add(WALK),
    )
    process = RobotProcess(core or found_core(), name, _opened(body, sdk), acts, on_change)
    found.append(process)
    if has_hand():
        listen(process)
    process.run(stop)
    return process


def _opened(body: str, sdk: str) -> Body:
    if not sdk:
        return plugins.body(body).open("")
    if SDK not in plugins.known(plugins.BODIES):
        raise UsageError(
            "--sdk needs a plug-in that loads the vendor's SDK, and none is installed",
            f"install a package with an entry point {SDK!r} of the group {plugins.BODIES}"
            " (bridge/README.md); xrdrama has only the simulated body",
        )
    return plugins.body(SDK).open(sdk)
