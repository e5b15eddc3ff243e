"""Make smile.webm: the girl's face in front of a camera, rendered from her figure.

python examples/clips/faces/make.py

She looks into the camera, smiles, turns her head to her own left, and leaves the picture, which is
black then. The shapes of each frame are known, so that a face model can be compared with them.
"""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
FIGURES = HERE.parents[1] / "performers"
sys.path[:0] = [str(FIGURES), str(HERE.parents[2] / "scenes")]

import av  # noqa: E402
import numpy as np  # noqa: E402
from making.booth import PLAIN, Booth  # noqa: E402
from making.glb_figure import Figure  # noqa: E402
from making.poses import poses  # noqa: E402
from making.skeleton import FIGURES as MEASURES  # noqa: E402

RATE, SIZE = 24, 384
SMILES = (1.0, 2.5)
"""From when to when she smiles, in seconds; it takes a quarter of a second to come and to go."""
TURNS, LEAVES, ENDS = 2.75, 3.5, 4.5
TURN = 20.0
"""Degrees to her own left: the camera goes to her right."""


def smile_at(second: float) -> float:
    """How much she smiles, 0 to 1."""
    begins, ends = SMILES
    return float(np.interp(second, (begins, begins + 0.25, ends - 0.25, ends), (0, 1, 1, 0)))


def turn_at(second: float) -> float:
    """How far her head is turned to her own left, degrees."""
    return float(np.interp(second, (TURNS, TURNS + 0.3), (0, TURN)))


def main() -> None:
    """Write the clip beside this file."""
    figure = Figure((FIGURES / "lan" / "assets" / "lan.glb").read_bytes())
    measures = MEASURES["lan"]
    stand, booth = poses(measures)["stand"], Booth((SIZE, SIZE))
    head = (0.0, measures.chin + 0.52 * measures.head, measures.trunk[5][1])
    black = np.zeros((SIZE, SIZE, 3), np.uint8)
    with av.open(str(HERE / "smile.webm"), "w") as container:
        stream: Any = container.add_stream("libvpx-vp9", rate=Fraction(RATE))
        stream.width = stream.height = SIZE
        stream.pix_fmt, stream.options = "yuv420p", {"crf": "30", "b": "0"}
        for number in range(round(ENDS * RATE)):
            second, picture = number / RATE, black
            if second < LEAVES:
                smile = smile_at(second)
                shapes = {"mouthSmileLeft": smile, "mouthSmileRight": smile}
                view = booth.photograph(
                    [(figure, stand, shapes)], at=head, pan=-turn_at(second), tilt=2.0,
                    tall=0.3 * measures.height, light=PLAIN,
                )  # fmt: skip
                picture = np.asarray(view.convert("RGB"))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())


if __name__ == "__main__":
    main()
