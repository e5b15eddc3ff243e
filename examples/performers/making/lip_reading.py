"""Let a face model read the lips of a head that speaks a line of the story, frame by frame.

    .venv/bin/python examples/performers/making/lip_reading.py lan lbur6k

draws the head from the front at 24 frames a second, with the mouth of the line's track, and
compares the opening that the model sees with the track: how well they agree, how late the lips
are, and whether they are closed at p, b and m. Controls: the tracks of other lines, the track 200
ms later, and a d in place of each p, b and m. It ends with 1 if a figure is missed. A third
argument is another file of tracks than that of our story.

The model is MediaPipe's face landmarker, in the user's cache (`xrdrama/models`).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    _ROOT = Path(__file__).resolve().parents[3]
    sys.path[:0] = [str(_ROOT / "scenes"), str(_ROOT / "examples" / "performers")]

import msgspec
import numpy as np
from making.close_up import Pose, Studio
from making.faces import middle
from making.heads import make_head
from making.skeleton import FIGURES, places

from xrdrama import content
from xrdrama.performer.mouth import MouthTrack, Phone, mouth_at, parse_mouths, shapes_of

STORY = "one_lantern_too_many"
RATE = 24
LEAST, MOST_OTHER, MOST_LAG_MS = 0.7, 0.3, 40
CLOSED = 0.05
"""Lips are closed when they are this share of the widest opening apart, or less."""


class Speaker:
    """A head in a studio, and the face model before it."""

    def __init__(self, name: str) -> None:
        from mediapipe.tasks.python import BaseOptions, vision

        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        model = cache / "xrdrama" / "models" / "face_landmarker.task"
        if not model.is_file():
            raise SystemExit(f"{model} is missing: put MediaPipe's face landmarker there")
        options = vision.FaceLandmarkerOptions(base_options=BaseOptions(str(model)))
        self._model = vision.FaceLandmarker.create_from_options(options)
        measures, made = FIGURES[name], make_head(name)
        self._studio = Studio(made.parts, made.finishes, places(measures), (640, 640),
                              oversampled=1)  # fmt: skip
        self._at = middle(measures) + np.array([0.0, 0.02 * measures.head, 0.0])

    def gap(self, track: MouthTrack, at: int) -> float:
        """How far the lips are apart at a nanosecond of the line, in heights of the face; NaN
        where the model finds no face."""
        import mediapipe

        pose = Pose(shapes_of(mouth_at(track, at)))
        picture = self._studio.picture(pose, at=self._at, far=0.8, field=28.0)
        image = mediapipe.Image(mediapipe.ImageFormat.SRGB, np.ascontiguousarray(picture))
        found = self._model.detect(image).face_landmarks
        if not found:
            return float("nan")
        # Landmarks of MediaPipe's mesh: inner lips 13 and 14, brow 10, chin 152.
        mark = found[0]
        return float((mark[14].y - mark[13].y) / abs(mark[152].y - mark[10].y))

    def close(self) -> None:
        """Close the model."""
        self._model.close()


def opening(track: MouthTrack, times: np.ndarray) -> np.ndarray:
    """The jaw of a track at nanoseconds."""
    return np.array([shapes_of(mouth_at(track, int(at))).get("jawOpen", 0.0) for at in times])


def without_closures(track: MouthTrack) -> MouthTrack:
    """The track with a d in place of each p, b and m."""
    phones = tuple(Phone("d", p.start, p.end) if p.name in "pbm" else p for p in track.phones)
    return msgspec.structs.replace(track, phones=phones)


def main(name: str, line: str, tracks: str = "") -> int:
    """Print the figures; 1 if one is missed."""
    file = Path(tracks) if tracks else content.mouths_file(content.find("story", STORY))
    mouths = parse_mouths(content.read_text(file), str(file))[0] if file else None
    track = mouths.track(line) if mouths else None
    if mouths is None or track is None:
        raise SystemExit(f"{tracks or STORY} has no mouth track of the line {line!r}")
    speaker = Speaker(name)
    times = np.arange(0, track.lasts, 1e9 / RATE)
    gaps = np.array([speaker.gap(track, int(at)) for at in times])
    seen = ~np.isnan(gaps)

    def agreement(other: MouthTrack, late_ms: int = 0) -> float:
        moved = opening(other, times - late_ms * 1e6)
        return float(np.corrcoef(moved[seen], gaps[seen])[0, 1])

    def lag(late_ms: int) -> int:
        """How much later the lips are than the track moved by `late_ms`."""
        return max(range(-300, 301, 10), key=lambda ms: agreement(track, late_ms + ms))

    others = [one for id, one in sorted(mouths.tracks().items()) if id != line]
    wrong = float(np.median([agreement(one) for one in others]))
    middles = [(p.start + p.end) // 2 for p in track.phones if p.name in ("p", "b", "m")]
    widest = float(np.nanpercentile(gaps, 95))
    apart = [speaker.gap(track, at) / widest for at in middles]
    opened = [speaker.gap(without_closures(track), at) / widest for at in middles]
    speaker.close()
    closed, control = (float(np.mean(np.array(x) <= CLOSED)) for x in (apart, opened))
    print(f"{name} {line}: {len(times)} frames, a face in {seen.mean():.0%}")
    print(f"lips and track: r {agreement(track):.2f}, lag {lag(0)} ms; moved 200 ms: {lag(200)} ms")
    print(f"tracks of other lines: r {wrong:.2f}")
    print(f"closed at {len(apart)} p b m: {closed:.0%}, apart {max(apart, default=0):.1%} at most;"
          f" with d: {control:.0%}")  # fmt: skip
    good = (
        agreement(track) >= LEAST and abs(lag(0)) <= MOST_LAG_MS and lag(200) <= -160
        and wrong < MOST_OTHER and apart and closed >= 0.95 and control < 0.5
    )  # fmt: skip
    return int(not good)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
