"""Compares finders of printed markers on our clips: which find most, and how many false names.

python -m tests.bench.markers.compare      needs npm's packages js-aruco2, jsqr and zxing-wasm

DECISIONS.md has the result and what follows from it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from tests.markers.clips import (
    HEIGHT,
    NAMES,
    STORY,
    WIDTH,
    Clip,
    Picture,
    dictionary_marker,
    false_squares,
    hard,
    qr,
)
from tests.markers.finder import NODE, look, measured
from xrdrama.story.markers import marker_code, rows_of

PACKAGES = ("js-aruco2@2.0.0", "jsqr@1.4.0", "zxing-wasm@3.1.6")
WEB = Path(__file__).parents[3] / "bridge" / "web"
ALLOWED = sorted(NAMES)
WHOLE_M = 0.1
"""Each kind of marker is printed 100 mm wide, with its margin."""


def main() -> None:
    """Print a line for each finder."""
    clips = {"own": hard(), "false": false_squares()}
    arts: dict[str, Callable[[int, str], Picture]] = {
        "mip": lambda id, _: dictionary_marker("mip 36h12", id),
        "april": lambda id, _: dictionary_marker("apriltag 36h11", id),
        "qr": lambda _, name: qr(f"xd:{name}"),
    }
    for kind, art in arts.items():
        shown = {name: (art(id, name), WHOLE_M) for id, name in enumerate(ALLOWED)}
        clips[kind] = hard(art=shown)
    with tempfile.TemporaryDirectory() as folder:
        _others(Path(folder), clips)
        for name, dictionary, clip in (
            ("ArUco MIP 36h12", _public(cv2.aruco.DICT_ARUCO_MIP_36H12), "mip"),
            ("AprilTag 36h11", _public(cv2.aruco.DICT_APRILTAG_36H11), "april"),
            ("our codes", _own(), "own"),
        ):
            _reference(f"cv2.aruco, {name}", dictionary, clips[clip], clips["false"])
        _ours(clips["own"], clips["false"], Path(folder))


def _others(folder: Path, clips: dict[str, Clip]) -> None:
    for name, clip in clips.items():
        np.stack(clip.frames).tofile(folder / f"{name}.raw")
    (folder / "clips.json").write_text(
        json.dumps({
            "width": WIDTH, "height": HEIGHT, "allowed": ALLOWED,
            "codes": [format(marker_code(STORY, name), "09x") for name in ALLOWED],
            "clips": {n: [one[0][0] for one in clip.truth] for n, clip in clips.items()},
        })
    )  # fmt: skip
    (folder / "package.json").write_text('{"private": true}')
    call = (
        "import sys, pathlib, build; build.npm('install', '--ignore-scripts', '--no-audit',"
        " *sys.argv[2:], folder=pathlib.Path(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", call, str(folder), *PACKAGES], cwd=WEB, check=True)
    script = Path(__file__).with_name("compare.mjs")
    subprocess.run([NODE, script], cwd=folder, check=True)


def _public(kind: int) -> cv2.aruco.Dictionary:
    return cv2.aruco.getPredefinedDictionary(kind)


def _own() -> cv2.aruco.Dictionary:
    codes = [marker_code(STORY, name) for name in ALLOWED]
    bits = [np.array([[int(c) for c in row] for row in rows_of(code)], np.uint8) for code in codes]
    lists = np.concatenate([cv2.aruco.Dictionary.getByteListFromBits(one) for one in bits])
    return cv2.aruco.Dictionary(lists, 6, 2)


def _reference(name: str, dictionary: cv2.aruco.Dictionary, clip: Clip, false: Clip) -> None:
    detector = cv2.aruco.ArucoDetector(dictionary)

    def names(frame: Picture) -> list[str]:
        found: Any = detector.detectMarkers(frame)[1]
        ids = [] if found is None else found.ravel().tolist()
        return [ALLOWED[id] for id in ids if id < len(ALLOWED)]

    start = time.perf_counter()
    found = sum(
        truth[0][0] in names(frame) for frame, truth in zip(clip.frames, clip.truth, strict=True)
    )
    ms = (time.perf_counter() - start) / len(clip.frames) * 1000
    _say(name, found / len(clip.frames), sum(len(names(frame)) for frame in false.frames), ms)


def _ours(clip: Clip, false: Clip, folder: Path) -> None:
    start = time.perf_counter()
    result = measured(clip, look(clip, folder))
    ms = (time.perf_counter() - start) / len(clip.frames) * 1000
    _say("ours", result.found, sum(map(len, look(false, folder))), ms)
    _say("ours, loose rules", result.found, sum(map(len, look(false, folder, "loose"))), ms)
    sys.stdout.write(
        f"ours, poses: {np.median(result.degrees):.2f} degrees median, {max(result.degrees):.2f} "
        f"at most; {np.median(result.offsets):.2%} of the distance median, "
        f"{max(result.offsets):.2%} at most\n"
    )


def _say(finder: str, found: float, false: int, ms: float) -> None:
    line = {"finder": finder, "found": round(found, 3), "false_names": false, "ms": round(ms)}
    sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
