"""The whole of a figure: outfit and head, shaded where they meet, written as its models."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from making import figure, shading
from making.heads import make_head
from making.levels import LEVELS, reduced, smaller
from making.part import Finish, Part
from making.poses import poses
from making.skeleton import Proportions


def write_figure(
    folder: Path,
    measures: Proportions,
    parts: Sequence[Part],
    finishes: Sequence[Finish],
) -> None:
    """Write `<id>.glb` and its levels of detail, `<id>.lod1.glb` and `<id>.lod2.glb`."""
    folder.mkdir(exist_ok=True)
    head = make_head(measures.id)
    parts = shading.shaded([*parts, *head.parts], measures, poses(measures)["stand"])
    finishes = [*finishes, *head.finishes]
    _save(folder / f"{measures.id}.glb", measures, parts, finishes)
    for level, (share, divisor) in LEVELS.items():
        fewer = [reduced(part, share) for part in parts]
        small = [smaller(finish, divisor) for finish in finishes]
        _save(folder / f"{measures.id}.{level}.glb", measures, fewer, small)


def _save(
    path: Path, measures: Proportions, parts: Sequence[Part], finishes: Sequence[Finish]
) -> None:
    content = figure.write(measures, parts, finishes)
    path.write_bytes(content)
    triangles = sum(len(part.triangles) for part in parts)
    print(f"{path.name}: {len(content):,} bytes, {triangles:,} triangles")
