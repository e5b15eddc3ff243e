"""Camera moves as tracking samples, in one process: what the simulated operator would send.

The samples have passed through the bytes of the stage's protocol, as in a run at a fixed rate.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec.structs import replace

from xrdrama.adapters.trackers import operator
from xrdrama.run.sources import operator_settings
from xrdrama.stage import Camera, Stage
from xrdrama.timing import NS
from xrdrama.tools.takes.film_camera import samples_of
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.moves import load_move
from xrdrama.wire.events import AnyEvent


class _Collected:
    """An ingress on the virtual clock that keeps what is recorded."""

    fixed_rate = True

    def __init__(self) -> None:
        self.samples: list[TrackingSample] = []

    def wait_for_start(self, stop: object) -> bool:
        return True

    def now(self) -> int:
        return 0

    def record(self, event: AnyEvent, at: int = 0) -> None:
        if isinstance(event, TrackingSample):
            self.samples.append(replace(event, at=at))

    def promise(self, source: str, at: int) -> None:
        return


def operated(stage: Stage, moves: Mapping[str, str], seconds: float) -> list[TrackingSample]:
    """The samples of moves (texts by camera, "" for the first) from just before 0 to `seconds`.

    UsageError for a move of a camera that the stage does not have.
    """
    if not moves:
        return []
    settings = {**operator_settings(stage, moves), "seconds": seconds}
    collected = _Collected()
    operator.open("operator", settings).run(collected, threading.Event())
    return collected.samples


def length_s(moves: Iterable[str]) -> float:
    """Seconds until the last key of the longest of some moves (their texts)."""
    return max(load_move(text).keys[-1].at / NS for text in moves)


def of_take(path: Path, camera: Camera) -> list[TrackingSample]:
    """The samples of a camera in a take, from 0 s on. UsageError as for `samples_of`."""
    samples = samples_of(path, camera)
    return [replace(one, at=one.at - samples[0].at) for one in samples]
