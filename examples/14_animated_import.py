"""An animated GLB becomes a set: imported, checked, and drawn at three times of a show.

`scene import` keeps node animations and skins. Here a sign swings on its arm, in a loop; with
`moved_by: PARAM` under `clips:` in scene.yaml, a cue or a slider would move it instead.
"""

import sys
from math import cos, pi, sin
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from xrdrama.cli import run
from xrdrama.gltf.boxes import boxes_node
from xrdrama.gltf.meshes import Material, Model, Node
from xrdrama.gltf.rig import Channel, Clip, Limb, Rig
from xrdrama.gltf.writer import write_glb

# The arm hangs 2.4 m up, 3 m from the stage's middle; the sign is 0.8 m below its hinge.
hinge = Limb("arm", -1, np.eye(4), translation=(0.0, 2.4, -3.0))
angles = [0.0, pi / 5, 0.0, -pi / 5, 0.0]
turns = np.array([[0.0, 0.0, sin(a / 2), cos(a / 2)] for a in angles])
swing = Channel(0, "rotation", "LINEAR", np.arange(5) * 0.5, turns)
rig = Rig((hinge,), (Clip("swing", (swing,)),))

# Boxes in the arm's frame, by their lowest and highest corner (x right, y into the wall, z up).
red = Material("red", base=(0.8, 0.05, 0.05, 1.0))
grey, black = (Material(f"grey {c}", base=(c, c, c, 1.0)) for c in (0.4, 0.03))
parts = [
    boxes_node("sign", [((-0.4, -0.03, -1.1), (0.4, 0.03, -0.6))], 0, cell=1.0),
    boxes_node("rod", [((-0.02, -0.02, -0.6), (0.02, 0.02, 0.0))], 2, cell=1.0),
]
nodes = tuple(Node(part.name, part.matrix, part.primitives, limb=0) for part in parts)
wall = boxes_node("wall", [((-4.0, 4.5, 0.0), (4.0, 4.6, 4.0))], 1, cell=1.0)
model = Model((*nodes, wall), (red, grey, black), (), rig=rig)


def xrdrama(*words: str) -> None:
    """Run a command as in a terminal."""
    print("$ xrdrama", *words)
    if run(list(words)):
        sys.exit(f"failed: {words}")


with TemporaryDirectory() as name:
    folder = Path(name)
    (folder / "sign.glb").write_bytes(write_glb(model))
    made = str(folder / "inn_sign")
    xrdrama("scene", "import", str(folder / "sign.glb"), "-o", made)
    xrdrama("check", made)
    for seconds in (0.5, 1.0, 1.5):
        still = folder / f"at_{seconds}.png"
        words = ("--seconds", str(seconds), "--size", "320x180", "--out", str(still))
        xrdrama("scene", "picture", made, *words)
        picture = np.asarray(Image.open(still).convert("RGB")).astype(int)
        _, columns = np.nonzero(picture[:, :, 0] > 2 * picture[:, :, 1])
        offset = columns.mean() - 160
        print(f"at {seconds} s the sign is {offset:+.0f} pixels from the middle")
        # Positive turns are counter-clockwise, so at half a second it is on the right.
        assert abs(offset) < 2 if seconds == 1.0 else offset * (1.0 - seconds) > 10
