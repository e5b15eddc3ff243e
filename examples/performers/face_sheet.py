"""Draw sheets of a head for its makers: portraits, moods and lids, or the 15 mouth shapes.

python examples/performers/face_sheet.py lan portrait out/lan.png
python examples/performers/face_sheet.py lan moods out/moods.png
python examples/performers/face_sheet.py lan mouth out/mouth.png
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "scenes")]

import numpy as np  # noqa: E402
from making.close_up import Pose, Studio  # noqa: E402
from making.face_reading import EXPRESSIONS, both  # noqa: E402
from making.faces import middle  # noqa: E402
from making.heads import make_head  # noqa: E402
from making.skeleton import FIGURES, places  # noqa: E402
from PIL import Image  # noqa: E402

from xrdrama.performer.mouth.visemes import SHAPES_OF_VISEME  # noqa: E402

SIZE = 420
# Views as (pose, turn, light, degrees high).
View = tuple[Pose, float, str, float]
MORE = {
    "laugh": both(jawOpen=0.5, mouthSmile_=1.0, cheekSquint_=0.8, mouthUpperUp_=0.5),
    "half blink": both(eyeBlink_=0.5),
    "open": both(jawOpen=1.0),
    "open and closed": both(jawOpen=1.0, mouthClose=1.0),
    "puff": both(cheekPuff=1.0),
    "tongue": both(jawOpen=0.5, tongueOut=1.0),
}


def views(kind: str) -> list[View]:
    """What a sheet shows. KeyError for an unknown kind."""
    looks_down = Pose(both(eyeLookDown_=1.0), eyes_tilt=-22.0)
    aside = Pose({"eyeLookOutLeft": 1.0, "eyeLookInRight": 1.0}, eyes_pan=24.0)
    moods = [Pose(shapes) for shapes in (*EXPRESSIONS.values(), *MORE.values())]
    return {
        "portrait": [
            (Pose({}), turn, light, 24.0)
            for turn, light in ((0.0, "plain"), (38.0, "plain"), (90.0, "plain"), (-20.0, "night"))
        ],
        "moods": [(pose, 8.0, "plain", 19.0) for pose in (*moods, looks_down, aside)],
        "mouth": [(Pose(shapes), 12.0, "plain", 15.0) for shapes in SHAPES_OF_VISEME.values()],
    }[kind]


def sheet(name: str, kind: str) -> Image.Image:
    """The pictures of a sheet, five in a row (four portraits)."""
    made, measures = make_head(name), FIGURES[name]
    studio = Studio(made.parts, made.finishes, places(measures), (SIZE, SIZE))
    at = middle(measures) - np.array([0.0, 0.06 * measures.head, 0.0]) * (kind != "portrait")
    columns = 4 if kind == "portrait" else 5
    shown = views(kind)
    whole = Image.new("RGB", (SIZE * columns, SIZE * -(-len(shown) // columns)))
    for i, (pose, turn, light, field) in enumerate(shown):
        picture = studio.picture(pose, at=at, turn=turn, light=light, field=field)
        whole.paste(Image.fromarray(picture), (SIZE * (i % columns), SIZE * (i // columns)))
    return whole


if __name__ == "__main__":
    who, kind, out = sys.argv[1:]
    Path(out).parent.mkdir(parents=True, exist_ok=True)
    sheet(who, kind).save(out)
