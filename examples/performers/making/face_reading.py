"""Let a face model look at pictures of a head: is there a face, and what does it do?

    .venv/bin/python examples/performers/making/face_reading.py [NAME ..]

draws each head close up (two lights, from -35 to 35 degrees, rest and moods), prints how often the
model finds the face and what it reads, and ends with 1 if a head fails. As a control it looks at
heads whose features are flattened and whose shapes are exchanged: those must fail.

The model is MediaPipe's face landmarker, in the user's cache (`xrdrama/models`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

if __name__ == "__main__":
    _ROOT = Path(__file__).resolve().parents[3]
    sys.path[:0] = [str(_ROOT / "scenes"), str(_ROOT / "examples" / "performers")]

import numpy as np
from making.close_up import Pose, Studio
from making.face_grid import EYE, face_grid
from making.faces import middle
from making.heads import MadeHead, make_head
from making.part import Part
from making.skeleton import FIGURES, places

MODEL = "face_landmarker.task"
TURNS = (-35.0, -18.0, 0.0, 18.0, 35.0)


def both(**shapes: float) -> dict[str, float]:
    """Shapes; those whose name ends in `_` on both sides."""
    found: dict[str, float] = {}
    for name, value in shapes.items():
        sides = ("Left", "Right") if name.endswith("_") else ("",)
        found.update({name.removesuffix("_") + side: value for side in sides})
    return found


EXPRESSIONS: Mapping[str, Mapping[str, float]] = {
    "rest": {},
    "smile": both(mouthSmile_=1.0, cheekSquint_=0.6, eyeSquint_=0.2),
    "surprise": both(browInnerUp=1.0, browOuterUp_=1.0, eyeWide_=1.0, jawOpen=0.55),
    "sadness": both(browInnerUp=1.0, mouthFrown_=1.0, mouthShrugLower=0.4, eyeSquint_=0.2),
    "anger": both(browDown_=1.0, eyeSquint_=0.4, mouthPress_=0.6, noseSneer_=0.5),
    "blink": both(eyeBlink_=1.0),
}
LEADING: Mapping[str, tuple[str, ...]] = {
    "smile": ("mouthSmileLeft", "mouthSmileRight"),
    "surprise": ("browInnerUp", "jawOpen"),
    "sadness": ("browInnerUp", "mouthFrownLeft", "mouthFrownRight", "mouthShrugLower"),
    "anger": ("browDownLeft", "browDownRight"),
    "blink": ("eyeBlinkLeft", "eyeBlinkRight"),
}
"""For each mood the shapes of which at least one must rise by `RISE` over rest."""
RISE = 0.2


class Reader:
    """MediaPipe's face landmarker."""

    def __init__(self) -> None:
        from mediapipe.tasks.python import BaseOptions, vision

        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        path = cache / "xrdrama" / "models" / MODEL
        if not path.is_file():
            raise FileNotFoundError(f"{path} is missing: put MediaPipe's face landmarker there")
        options = vision.FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(path)), output_face_blendshapes=True
        )
        self._model = vision.FaceLandmarker.create_from_options(options)

    def read(self, picture: np.ndarray) -> dict[str, float] | None:
        """Shapes by name, with `gap` (between the lips, in heights of the face); None: no face."""
        import mediapipe

        image = mediapipe.Image(mediapipe.ImageFormat.SRGB, np.ascontiguousarray(picture))
        found = self._model.detect(image)
        if not found.face_landmarks:
            return None
        shapes = {one.category_name: float(one.score) for one in found.face_blendshapes[0]}
        mark = found.face_landmarks[0]
        # Landmarks of MediaPipe's mesh: inner lips 13 and 14, brow 10, chin 152.
        tall = abs(mark[152].y - mark[10].y)
        return {**shapes, "gap": (mark[14].y - mark[13].y) / max(tall, 1e-6)}


class Sitter:
    """One head in a studio of 1280 x 720."""

    def __init__(self, name: str, made: MadeHead, graphics: object = None) -> None:
        measures = FIGURES[name]
        self.studio = Studio(made.parts, made.finishes, places(measures), (1280, 720),
                             oversampled=1, graphics=graphics)  # fmt: skip
        self.at = middle(measures) + np.array([0.0, 0.02 * measures.head, 0.0])

    def picture(self, shapes: Mapping[str, float], turn: float, light: str) -> np.ndarray:
        """A close-up frame."""
        return self.studio.picture(Pose(shapes), at=self.at, turn=turn, light=light, far=0.8,
                                   field=28.0)  # fmt: skip


def flattened(made: MadeHead) -> MadeHead:
    """The head's own grid on a ball, without paint, eyes and mouth: a control without a face."""
    skin = next(part for part in made.parts if part.name == "skin")
    plain = [replace(f, colour=b"", normal=b"", base=(0.7, 0.5, 0.4)) for f in made.finishes]
    grid = face_grid()
    uv = grid.uv.copy()
    for side, rings in enumerate(grid.lids):
        uv[rings[-1]] = np.array(EYE) * [1 - 2 * side, 1]
    flat = np.cos(uv[:, 1])
    way = np.column_stack([np.sin(uv[:, 0]) * flat, np.sin(uv[:, 1]), np.cos(uv[:, 0]) * flat])
    points = skin.points[: len(uv)].mean(0) + 0.11 * way
    return MadeHead([Part("skin", "skin", points, grid.triangles, {"head": 1.0})], plain)


def found_share(reader: Reader, sitter: Sitter) -> tuple[int, int]:
    """In how many of the frames there is a face, and how many frames there were."""
    frames = [(e, t, light) for e in EXPRESSIONS for t in TURNS for light in ("plain", "night")]
    seen = sum(
        reader.read(sitter.picture(EXPRESSIONS[e], t, li)) is not None for e, t, li in frames
    )
    return seen, len(frames)


def moods(
    reader: Reader, sitter: Sitter, drawn: Mapping[str, str] | None = None
) -> dict[str, dict[str, float]]:
    """For each mood how far its leading shapes rise over rest; `drawn` exchanges moods."""
    rest = reader.read(sitter.picture({}, 0.0, "plain")) or {}
    rises = {}
    for mood, names in LEADING.items():
        shown = EXPRESSIONS[(drawn or {}).get(mood, mood)]
        read = reader.read(sitter.picture(shown, 0.0, "plain")) or {}
        rises[mood] = {n: read.get(n, 0.0) - rest.get(n, 0.0) for n in names}
    return rises


def openings(reader: Reader, sitter: Sitter, jaws: Sequence[float]) -> list[float]:
    """The gap between the lips as the jaw opens; NaN where there is no face."""
    reads = [reader.read(sitter.picture({"jawOpen": jaw}, 0.0, "plain")) for jaw in jaws]
    return [read["gap"] if read else float("nan") for read in reads]


def faults(name: str, reader: Reader, sitter: Sitter) -> list[str]:
    """What the model does not read as it should."""
    wrong = []
    seen, total = found_share(reader, sitter)
    print(f"{name}: a face in {seen} of {total} frames")
    if seen < 0.95 * total:
        wrong.append(f"face found in {seen} of {total} frames")
    for mood, rises in moods(reader, sitter).items():
        print(f"  {mood}: " + ", ".join(f"{n} {rise:+.2f}" for n, rise in rises.items()))
        if max(rises.values()) < RISE:
            wrong.append(f"{mood} is not read")
    gaps = openings(reader, sitter, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0))
    print("  gap of the lips as the jaw opens: " + " ".join(f"{g:.3f}" for g in gaps))
    if not all(b > a + 0.004 for a, b in pairwise(gaps)):
        wrong.append("the mouth does not open with the jaw")
    closed = reader.read(sitter.picture({"jawOpen": 0.5, "mouthClose": 0.5}, 0.0, "plain")) or {}
    print(f"  gap of a closed mouth with the jaw half open: {closed.get('gap', 1.0):.3f}")
    if closed.get("gap", 1.0) > 0.05 * gaps[-1] + max(gaps[0], 0.0):
        wrong.append("p, b and m are not closed")
    return wrong


def main(names: Sequence[str]) -> int:
    """Print what is read of each head; the process' exit status."""
    reader, failed, graphics = Reader(), 0, None
    for name in names:
        made = make_head(name)
        sitter = Sitter(name, made, graphics)
        graphics = sitter.studio.graphics
        wrong = faults(name, reader, sitter)
        swapped = moods(reader, sitter, {"smile": "sadness", "anger": "surprise", "blink": "rest"})
        for mood in ("smile", "anger", "blink"):
            if max(swapped[mood].values()) >= RISE:
                wrong.append(f"control: {mood} is read from another mood")
        sitter.studio.target.set_active(False)
        blank = Sitter(name, flattened(made), graphics)
        seen, total = found_share(reader, blank)
        blank.studio.target.set_active(False)
        print(f"  control without features: a face in {seen} of {total} frames")
        if seen > 0.05 * total:
            wrong.append("control: a face is found in a blank head")
        for line in wrong:
            print(f"  FAILED {line}")
        failed += bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(FIGURES)))
