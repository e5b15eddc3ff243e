"""The whole of a figure: outfit and head, shaded where they meet, written as its model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from making import figure, shading
from making.heads import make_head
from making.part import Finish, Part
from making.poses import poses
from making.skeleton import Proportions


def write_figure(
    folder: Path,
    measures: Proportions,
    parts: Sequence[Part],
    finishes: Sequence[Finish],
) -> None:
    """Write `<id>.glb`."""
    head = make_head(measures.id)
    parts = shading.shaded([*parts, *head.parts], measures, poses(measures)["stand"])
    content = figure.write(measures, parts, [*finishes, *head.finishes])
    folder.mkdir(exist_ok=True)
    (folder / f"{measures.id}.glb").write_bytes(content)
    triangles = sum(len(part.triangles) for part in parts)
    print(f"{measures.id}.glb: {len(content):,} bytes, {triangles:,} triangles")
