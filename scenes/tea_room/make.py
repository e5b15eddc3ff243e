"""Make the tea room: every mesh, texture and baked light of the set, from one seed, without input.

    python scenes/tea_room/make.py          # writes assets/*.glb (about half a minute)

Needs numpy and pillow. Frame: the stage's (x right, y into the wall, z up, metres).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
# What sets share is in scenes/making, what only this one needs in making beside this file.
sys.path[:0] = [str(HERE), str(HERE.parent)]

from making import looks, outside, room, things  # noqa: E402
from making.bake import Place, Sun, bake  # noqa: E402
from making.mesh import Mesh  # noqa: E402
from making.writing import write_models  # noqa: E402

MOVING = looks.CARDS | {"curtain", "leaves", "hanging", "pine", "lamp_paper", "embers"}
SIZED = {"halo_lamp", "halo_embers", "streak_lamp"}
FILES = {"room": {"behind", "near", "far_end", "cards"}, "outside": {"far", "pine"}}
OPAQUE = frozenset({"boards", "plaster", "timber", "painted", "lacquer", "scroll"})
# Channels: morning sun, evening sun and sky, each once bounced, and the lamp.
MORNING, EVENING = (-0.76, -0.26, -0.60), (-0.05, -0.99, -0.098)
BAKED = Place(
    low=(-3.4, -5.6, -0.15),
    high=(3.5, 9.6, 3.8),
    opaque=OPAQUE,
    receives=OPAQUE | {"hanging", "curtain", "leaves", "lamp_paper"},
    albedo={"boards": 0.16, "plaster": 0.75, "timber": 0.3},
    soft=frozenset({"curtain", "leaves"}),
    suns=(Sun(0, MORNING), Sun(1, EVENING)),
    sky_channel=2,
    rays=112,
)


def build() -> Mesh:
    """All of the set, baked."""
    random = np.random.default_rng(20261130)
    mesh = Mesh()
    room.build(mesh, random)
    things.build(mesh, random)
    outside.build(mesh, random)
    bake(mesh, BAKED)
    return mesh


def main() -> None:
    """Write assets/*.glb."""
    began = time.monotonic()
    mesh = build()
    write_models(HERE, mesh, FILES, looks.materials, moving=MOVING, cards=SIZED)
    print(f"{mesh.triangle_count():,} triangles, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
