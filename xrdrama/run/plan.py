"""How a show is to run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from xrdrama.adapters.bridge.curve import Network, network_at
from xrdrama.run.options import RunOptions
from xrdrama.run.sources import face_overrides, input_overrides
from xrdrama.show.model import ShowFile


class Plan(msgspec.Struct, frozen=True):
    """How a show is to run."""

    out: Path
    fixed_rate: bool = False
    seconds: float | None = None
    operator: bool = True
    """Use the simulated operator if the show has a camera move."""
    inputs: dict[str, dict[str, Any]] = {}
    """Settings that replace those of the show file, by input."""
    resume: Path | None = None
    resume_damaged: bool = False
    """Continue from the damaged place of the take to resume; without it such a take is refused."""
    port: int = 0
    network: Network | None = None
    """Where the bridge listens for other machines, and whom it lets in."""
    replace_take: bool = False
    """Overwrite a take of the same name in `out`; otherwise each run has a new take."""
    tracking_log: Path | None = None
    """A recording of a tracker that is played instead of the camera move."""
    warm_up: bool = True
    """Warm up before the clock starts."""
    show: str = ""
    """The show's name or file, for reading its story again."""
    watch: bool = False
    """Reload the story when one of its files is saved."""
    nodes: bool = False
    """Render nodes draw the walls."""


def plan_of(options: RunOptions, file: ShowFile) -> Plan:
    """The plan of a run as the command line requests it; UsageError for inputs that do not fit."""
    return Plan(
        options.out,
        options.fixed_rate,
        options.seconds,
        options.operator,
        input_overrides(file, [*options.inputs, *face_overrides(file, options.face)]),
        options.resume,
        options.resume_damaged,
        options.port,
        network_at(options.network) if options.network else None,
        tracking_log=options.tracking_log,
        warm_up=options.warm_up,
        show=options.show,
        watch=options.watch,
        nodes=bool(file.nodes) and options.has_nodes,
    )
