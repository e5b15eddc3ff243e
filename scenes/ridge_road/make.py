"""Make the ridge road: every mesh, texture and baked light of the set, without input.

    python scenes/ridge_road/make.py          # writes assets/*.glb (about half a minute)

Needs numpy and pillow. Frame: the stage's (x right, y into the wall, z up, metres); the car drives
along y.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
# What sets share is in scenes/making, what only this one needs in making beside this file.
sys.path[:0] = [str(HERE), str(HERE.parent)]

from making import looks, road, sights  # noqa: E402
from making.bake import Place, Sun, bake  # noqa: E402
from making.mesh import Mesh  # noqa: E402
from making.writing import write_models  # noqa: E402

MOVING = looks.CARDS | {"lamps", "headlamps"}
FILES = {
    "stretch": {"stretch"},
    "gallery": {"gallery", "gallery_glow"},
    "car": {"car"},
    "far": {"ridges", "below"},
}
OPAQUE = frozenset({"ground", "spruce", "asphalt"})
SUN = (0.60, -0.48, -0.52)
STRETCH = Place(
    low=(-26.0, 0.0, -9.0),
    high=(22.0, road.LONG, 17.0),
    opaque=OPAQUE,
    receives=OPAQUE | {"metal", "painted", "grass"},
    albedo={"asphalt": 0.2},
    suns=(Sun(0, SUN, direct=True),),
    cell=0.25,
    rays=36,
    loops=True,
)
GALLERY = Place(
    low=(-12.0, -8.0, -1.0),
    high=(8.0, sights.GALLERY + 8.0, 6.5),
    opaque=frozenset({"concrete"}),
    receives=frozenset({"concrete"}),
    suns=(Sun(0, SUN, direct=True),),
    cell=0.25,
    rays=64,
)


def build() -> Mesh:
    """All of the set, baked."""
    mesh = Mesh()
    road.build(mesh)
    bake(mesh, STRETCH)
    rest = Mesh()
    sights.build(rest)
    bake(rest, GALLERY)
    mesh.groups.update(rest.groups)
    return mesh


def main() -> None:
    """Write assets/*.glb."""
    began = time.monotonic()
    mesh = build()
    write_models(HERE, mesh, FILES, looks.materials, moving=MOVING, cards=looks.CARDS)
    print(f"{mesh.triangle_count():,} triangles, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
