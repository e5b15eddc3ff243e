"""The whole of a figure: outfit and head, shaded where they meet, written as its model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from making import figure, shading
from making.heads import make_head
from making.part import Finish, Part
from making.poses import Turns, both, poses
from making.skeleton import Joint, Proportions, joints


def write_figure(
    folder: Path,
    measures: Proportions,
    parts: Sequence[Part],
    finishes: Sequence[Finish],
) -> None:
    """Write `<id>.glb`."""
    head = make_head(measures.id)
    found, bones = [*parts, *head.parts], joints(measures)
    stand = poses(measures)["stand"]
    _write(folder, measures.id, bones, found, [*finishes, *head.finishes], stand)


def write_robot(
    folder: Path, id: str, bones: Sequence[Joint], parts: Sequence[Part], finishes: Sequence[Finish]
) -> None:
    """Write the model of a robot, shaded with hanging arms."""
    _write(folder, id, bones, parts, finishes, both("UpperArm", z=-84))


def _write(
    folder: Path,
    id: str,
    bones: Sequence[Joint],
    parts: Sequence[Part],
    finishes: Sequence[Finish],
    stand: Turns,
) -> None:
    shaded = shading.shaded(parts, bones, stand)
    content = figure.write(bones, shaded, finishes)
    folder.mkdir(exist_ok=True)
    (folder / f"{id}.glb").write_bytes(content)
    triangles = sum(len(part.triangles) for part in shaded)
    print(f"{id}.glb: {len(content):,} bytes, {triangles:,} triangles")
