"""Draw contact sheets of the figures for their makers: turntables, test poses, close views.

python examples/performers/look.py lan turntable out/lan.png
python examples/performers/look.py lan poses out/poses.png
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "scenes")]

from making.booth import Booth  # noqa: E402
from making.booth_light import NIGHT, PLAIN, Light  # noqa: E402
from making.glb_figure import Figure  # noqa: E402
from making.poses import poses  # noqa: E402
from making.skeleton import FIGURES, Proportions  # noqa: E402
from PIL import Image  # noqa: E402

# Sheets: pictures as (pose, pan, tilt, place, share of the figure's height, light).
Shot = tuple[str, float, float, str, float, Light]
SHEETS: dict[str, list[Shot]] = {
    "turntable": [("stand", pan, 4, "middle", 1.12, PLAIN) for pan in (0, 38, 90, 180)]
    + [("hold", 25, 4, "middle", 1.12, NIGHT)],
    "poses": [(pose, 25, 6, "middle", 1.18, PLAIN) for pose in ("bow", "elbows", "up", "forward")]
    + [("stride", 60, 4, "middle", 1.15, PLAIN), ("knees", 60, 4, "middle", 1.15, PLAIN),
       ("bow", 90, 4, "middle", 1.15, PLAIN), ("stand", 205, 12, "middle", 1.12, PLAIN)],
    "hands": [("rest", 0, 70, "hand", 0.19, PLAIN), ("rest", 20, -50, "hand", 0.19, PLAIN),
              ("fists", 60, 20, "hand", 0.17, PLAIN), ("fists", 0, -40, "hand", 0.17, PLAIN),
              ("stand", 30, 0, "hanging", 0.22, PLAIN)],
    "close": [("stand", 0, 4, "chest", 0.62, PLAIN), ("stand", 40, 4, "chest", 0.62, PLAIN),
              ("stand", 150, 10, "chest", 0.62, PLAIN), ("stand", -35, 2, "chest", 0.62, NIGHT)],
    "face": [("stand", 0, 2, "head", 0.30, PLAIN), ("stand", 40, 2, "head", 0.30, PLAIN),
             ("stand", 90, 2, "head", 0.30, PLAIN), ("stand", 180, 8, "head", 0.30, PLAIN),
             ("stand", 25, 2, "head", 0.30, NIGHT)],
    "feet": [("stand", 25, 18, "feet", 0.30, PLAIN), ("stand", 90, 8, "feet", 0.30, PLAIN),
             ("stand", 180, 10, "feet", 0.35, PLAIN)],
    "held": [
        ("hold", 25, 4, "middle", 1.3, PLAIN),
        ("hold", -60, 4, "middle", 1.3, PLAIN),
        ("hold", -20, 12, "holding", 0.35, PLAIN),
        ("hold", 60, 4, "holding", 0.35, PLAIN),
        ("hold", 15, 4, "middle", 1.3, NIGHT),
    ],
    "front": [("stand", 22, 3, "middle", 1.1, PLAIN), ("stand", 22, 3, "middle", 1.1, NIGHT)],
}  # fmt: skip


def middle(measures: Proportions, place: str) -> tuple[float, float, float]:
    """The point that a picture is about."""
    h = measures.height
    x, y, z = measures.shoulder
    reach = x + measures.upper_arm + measures.lower_arm
    return {
        "middle": (0.0, 0.50 * h, 0.0),
        "chest": (0.0, 0.66 * h, 0.0),
        "head": (0.0, measures.chin + 0.52 * measures.head, measures.trunk[5][1]),
        "holding": (-x - 0.05, y - measures.upper_arm * 0.9, measures.lower_arm + 0.03),
        "feet": (0.0, 0.10 * h, 0.03),
        "hand": (reach + 0.45 * measures.hand, y, z),
        "hanging": (x + 0.10, y - measures.upper_arm - measures.lower_arm - 0.02, 0.02),
    }[place]


def sheet(name: str, kind: str, level: str = "", size: tuple[int, int] = (400, 600)) -> Image.Image:
    """The pictures of a sheet in a row, four at most in each."""
    figure = Figure((HERE / name / "assets" / f"{name}.glb").read_bytes(), level)
    measures = FIGURES[name]
    if kind in ("hands", "face", "feet", "close"):
        size = (480, 480)
    booth, found = Booth(size), []
    known = poses(measures)
    held = None
    if kind == "held":
        prop = "taper" if name == "grandmother" else "lantern"
        held = (
            "rightHandGrip",
            Figure((HERE / "props" / "assets" / f"{prop}.glb").read_bytes()),
        )
    for pose, pan, tilt, place, share, light in SHEETS[kind]:
        found.append(
            booth.photograph(
                [(figure, known[pose], {})], at=middle(measures, place), pan=pan, tilt=tilt,
                tall=share * measures.height, light=light, held=held,
            )
        )  # fmt: skip
    columns = 5 if len(found) == 5 else 4
    rows = -(-len(found) // columns)
    whole = Image.new("RGB", (size[0] * min(columns, len(found)), size[1] * rows))
    for i, image in enumerate(found):
        whole.paste(image, (size[0] * (i % columns), size[1] * (i // columns)))
    return whole


if __name__ == "__main__":
    who, kind, out, *level = sys.argv[1:]
    Path(out).parent.mkdir(parents=True, exist_ok=True)
    sheet(who, kind, *level).save(out)
