"""`xrdrama replay --bodies`: a take's frames move a simulated robot again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from xrdrama.adapters.mujoco.simulated import Push, SimulatedBody
from xrdrama.tools.robot.simulating import robot_in, robot_of
from xrdrama.tools.takes.replaying import frames_of, open_take
from xrdrama.wire.events import Reported

Report = tuple[int, str]
"""When, ns of the show, and which state."""


class BodyReplayed(msgspec.Struct, frozen=True):
    """What a simulated body reported in a replay, against what the take has."""

    performer: str
    identical: bool
    recorded: tuple[Report, ...]
    replayed: tuple[Report, ...]
    first_difference: str = ""


def replay_bodies(
    path: Path, *, mass: float = 1.0, shoves: list[Push] | None = None, embedded: bool = False
) -> BodyReplayed:
    """Move a simulated robot with the frames of a take, and compare its reports.

    A body that is pushed or built otherwise than the recorded one may report otherwise: the first
    difference is named. Nothing of this reaches a real robot: `xrdrama robot run` follows live
    shows only.
    """
    take, _, production = open_take(path, embedded=embedded)
    name = robot_in(production, "")
    robot = robot_of(production, name, SimulatedBody(shoves, mass=mass))
    replayed: list[Report] = []

    def note(report: Reported, at: int) -> None:
        if not report.again:
            replayed.append((at, report.state))

    robot.report = note
    for _, frame, _ in frames_of(take, production):
        robot.present(frame)
    last = take.ticks[-1].upto if take.ticks else 0
    recorded = [
        (entry.at, entry.event.state)
        for entry in take.entries[:last]
        if isinstance(entry.event, Reported) and entry.event.performer == name
        and not entry.event.again
    ]  # fmt: skip
    # the last tick of the take has what came before its time
    ends = production.rate.shows_at(take.ticks[-1].number) if take.ticks else 0
    replayed = [one for one in replayed if one[0] < ends]
    return BodyReplayed(
        name, recorded == replayed, tuple(recorded), tuple(replayed), _first(recorded, replayed)
    )


def _first(recorded: Sequence[Report], replayed: Sequence[Report]) -> str:
    for number in range(max(len(recorded), len(replayed))):
        was = recorded[number] if number < len(recorded) else None
        now = replayed[number] if number < len(replayed) else None
        if was != now:
            return f"the take has {_said(was)}, this body reported {_said(now)}"
    return ""


def _said(report: Report | None) -> str:
    return "nothing" if report is None else f"{report[1]} at {report[0] / 1e9:.2f} s"
