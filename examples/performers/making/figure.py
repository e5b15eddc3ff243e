"""Join parts to a figure and write its GLB: one skin, one mesh that moves and one that also morphs.

The file: `body` (a primitive for each material) and `face` (all parts with morphs; their names are
in `extras.targetNames`), both on one skin; joints are named as VRM 1.0 bones and have no rotation.
`body_lod1`, `face_lod1` and so on are levels of detail: other triangles over the same vertices.
Equal parts give equal bytes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from making.glb_file import FigureFile
from making.part import Finish, Part
from making.skeleton import Joint


def write(bones: Sequence[Joint], parts: Sequence[Part], finishes: Sequence[Finish]) -> bytes:
    """The bytes of the GLB of a figure. ValueError names a part that is unusable."""
    file = FigureFile(bones)
    known = {finish.name: file.material(finish) for finish in finishes}
    for part in parts:
        _check(part, known, file.number)
    still = [part for part in parts if not part.morphs]
    moving = [part for part in parts if part.morphs]
    file.mesh("body", _merged(still), known, ())
    names = list(dict.fromkeys(name for part in moving for name in sorted(part.morphs)))
    if moving:
        file.mesh("face", [[part] for part in moving], known, tuple(sorted(names)))
    return file.content()


def _check(part: Part, materials: dict[str, int], joint_numbers: dict[str, int]) -> None:
    if part.material not in materials:
        raise ValueError(f"{part.name}: no finish is named {part.material!r}: add it to the figure")
    unknown = sorted(set(part.follows) - set(joint_numbers))
    if unknown:
        raise ValueError(f"{part.name}: no joint is named {unknown[0]!r}: see skeleton.py")
    arrays = [part.points, part.normals, part.uv, part.colours, *part.morphs.values()]
    if not all(np.isfinite(rows).all() for rows in arrays):
        raise ValueError(f"{part.name}: a number is NaN or infinite")


def _merged(parts: Sequence[Part]) -> list[list[Part]]:
    """The parts by material, in the order of their first use."""
    groups: dict[str, list[Part]] = {}
    for part in parts:
        groups.setdefault(part.material, []).append(part)
    return list(groups.values())
