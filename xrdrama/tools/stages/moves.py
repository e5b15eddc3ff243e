"""The camera moves that a stage is checked on: of move files, of takes, or the safe pose."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path

import msgspec

from xrdrama import content
from xrdrama.errors import UsageError
from xrdrama.show.camera import Placed, placed
from xrdrama.spatial import Pose
from xrdrama.stage import Stage
from xrdrama.stage.advice.overscan import PoseAt
from xrdrama.timing import NS
from xrdrama.tools.takes.film_camera import samples_of
from xrdrama.tracking.moves import load_move

LONGEST_S = 1800.0


class Recorded(msgspec.Struct, frozen=True):
    """A camera move, of a file: the tracker's pose in the stage, and its length, nanoseconds."""

    name: str
    pose_at: PoseAt
    length: int


def moves_of(stage: Stage, names: Sequence[str]) -> list[Recorded]:
    """The moves of `*.move.yaml` files and takes for the stage's first camera; without any, it
    rests at its safe pose. UsageError for a move or take that does not exist or fit."""
    if not names:
        return [Recorded("safe pose", lambda at: stage.parked, 0)]
    made = [_take(stage, Path(n)) if n.endswith(".take") else _move(stage, n) for n in names]
    short = [one.name for one in made]
    return [
        msgspec.structs.replace(one, name=given) if short.count(one.name) > 1 else one
        for one, given in zip(made, names, strict=True)
    ]


def _move(stage: Stage, name: str) -> Recorded:
    path = content.find("move", name)
    move = load_move(content.read_text(path), str(path))
    origin = stage.tracking.origin
    length = move.keys[-1].at
    if length > LONGEST_S * NS:
        raise UsageError(f"{path} is longer than {LONGEST_S:g} s", "split the move")
    return Recorded(path.name.removesuffix(".move.yaml"), lambda at: origin * move.pose(at), length)


def _take(stage: Stage, path: Path) -> Recorded:
    samples = [placed(sample, stage) for sample in samples_of(path, stage.camera)]
    first = samples[0][0]

    def pose_at(at: int) -> Pose:
        return _between(samples, at + first)

    return Recorded(path.name, pose_at, samples[-1][0] - first)


def _between(samples: Sequence[Placed], at: int) -> Pose:
    after = bisect_left(samples, at, key=lambda sample: sample[0])
    if not 0 < after < len(samples):
        return samples[0 if after == 0 else -1][1]
    (before_at, before), (after_at, following) = samples[after - 1], samples[after]
    return before.lerp(following, (at - before_at) / (after_at - before_at))
