"""Make the stand-in actor of the through-the-lens view: one file, no input, always the same.

    python examples/stages/actors/make.py         # writes stand_in.glb (some seconds)

Somebody who came home for one night: a winter coat, a long scarf, an overnight bag not yet set
down, and a hand half raised to say a first word. 1.72 m; faces +Y, feet about the origin, Z up.
Base colours are the cloth's; vertex alpha is how open a place is; `_MOTION` is what turns when it
acts: the pivot of the neck or of the right elbow, and how far a vertex follows (the head above 0,
the forearm below).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
# Figures are modelled with the tools of the set.
sys.path[:0] = [str(HERE), str(HERE.parents[2] / "scenes" / "lantern_street")]

from body import hands, head, joints, legs  # noqa: E402
from clothes import bag, coat, tail, wrap  # noqa: E402
from making import sculpt as s  # noqa: E402
from making.mesh import Shape, joined  # noqa: E402

from xrdrama.gltf.meshes import Material, Model, Node, Primitive, to_gltf  # noqa: E402
from xrdrama.gltf.writer import write_glb  # noqa: E402

MATERIALS = (
    Material("coat", base=(0.030, 0.042, 0.072, 1.0), roughness=0.85, double_sided=True),
    Material("scarf", base=(0.52, 0.040, 0.018, 1.0), roughness=0.80, double_sided=True),
    Material("skin", base=(0.74, 0.42, 0.28, 1.0), roughness=0.50),
    Material("hair", base=(0.016, 0.013, 0.012, 1.0), roughness=0.45),
    Material("leather", base=(0.045, 0.026, 0.016, 1.0), roughness=0.35),
)


def main() -> None:
    """Write stand_in.glb."""
    skin_, hair = head()
    left, right = hands()
    leather, handles = bag()
    # Solid, its material, the box that holds it, size of the cubes, triangles that are kept.
    pieces: list[tuple[s.Solid, str, tuple[float, ...], tuple[float, ...], float, int]] = [
        (coat(), "coat", (-0.44, -0.34, 0.44), (0.52, 0.36, 1.58), 0.016, 2190),
        (legs(), "leather", (-0.20, -0.13, -0.02), (0.27, 0.24, 0.60), 0.016, 560),
        (skin_, "skin", (-0.11, -0.13, 1.46), (0.13, 0.18, 1.73), 0.0085, 560),
        (hair, "hair", (-0.14, -0.18, 1.44), (0.16, 0.17, 1.76), 0.0085, 620),
        (left, "skin", (-0.38, -0.05, 0.76), (-0.27, 0.10, 0.90), 0.006, 200),
        (right, "skin", (0.34, 0.18, 1.20), (0.56, 0.50, 1.42), 0.0055, 420),
        (wrap(), "scarf", (-0.17, -0.17, 1.40), (0.19, 0.19, 1.61), 0.011, 620),
        (leather, "leather", (-0.45, -0.22, 0.40), (-0.22, 0.27, 0.76), 0.014, 220),
        (handles, "leather", (-0.36, -0.10, 0.64), (-0.28, 0.15, 0.82), 0.007, 120),
    ]
    clothed = s.melted(0.01, *(piece[0] for piece in pieces))
    groups: dict[str, list[Shape]] = {material.name: [] for material in MATERIALS}
    for solid, material, low, high, cell, wanted in pieces:
        groups[material].append(s.thinned(s.skin(solid, low, high, cell), wanted, solid))
    groups["scarf"].append(tail())
    primitives = []
    for index, material in enumerate(MATERIALS):
        shape = joined(*groups[material.name])
        open_ = s.hollow(clothed, shape.points, shape.normals)
        colour = np.concatenate([shape.colour, np.clip(0.25 + 0.75 * open_, 0, 1)[:, None]], 1)
        attributes = {
            "POSITION": to_gltf(shape.points.astype(np.float32)),
            "NORMAL": to_gltf(shape.normals.astype(np.float32)),
            "COLOR_0": colour.astype(np.float32),
            "_MOTION": joints(shape.points).astype(np.float32),
        }
        primitives.append(Primitive(index, attributes, shape.triangles.astype(np.uint32)))
    model = Model((Node("stand_in", np.eye(4), tuple(primitives)),), MATERIALS, ())
    content = write_glb(model)
    (HERE / "stand_in.glb").write_bytes(content)
    print(f"stand_in.glb: {len(content):,} bytes, {model.triangle_count:,} triangles")


if __name__ == "__main__":
    main()
