"""The whole of a figure: outfit and head, shaded where they meet, written as its model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from making import figure, shading
from making.part import Finish, Part
from making.poses import poses
from making.skeleton import Proportions
from making.stand_in_head import plain_head


def figure_bytes(
    measures: Proportions,
    parts: Sequence[Part],
    finishes: Sequence[Finish],
    tone: tuple[float, float, float],
) -> bytes:
    """The GLB of a figure."""
    parts = [*parts, *plain_head(measures, tone)]
    finishes = [
        *finishes,
        Finish("skin", roughness=0.55),
        Finish("eyes", base=(0.02, 0.015, 0.012), roughness=0.2),
    ]
    parts = shading.shaded(parts, measures, poses(measures)["stand"])
    return figure.write(measures, parts, finishes)


def write_figure(
    folder: Path,
    measures: Proportions,
    parts: Sequence[Part],
    finishes: Sequence[Finish],
    *,
    tone: tuple[float, float, float],
) -> None:
    """Write `<id>.glb`."""
    content = figure_bytes(measures, parts, finishes, tone)
    folder.mkdir(exist_ok=True)
    (folder / f"{measures.id}.glb").write_bytes(content)
    triangles = sum(len(p.triangles) for p in parts)
    print(f"{measures.id}.glb: {len(content):,} bytes, {triangles:,} triangles of the outfit")
