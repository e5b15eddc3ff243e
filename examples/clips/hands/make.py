"""Bake the clips of hands: `python examples/clips/hands/make.py [NAME ..]`.

Each clip is a picture a person would film with a laptop's camera, and beside it a JSON file says
what the hand truly shows when. Needs Panda3D, PyAV and OpenCV of the project's environment, and npm
once, for the mesh (or `--mesh FILE`).
"""

from __future__ import annotations

import argparse
import json
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from clips import CLIPS, FPS, Clip
from hand import Arm
from mesh import load
from numpy.typing import NDArray
from picture import HEIGHT, WIDTH, Image, Layer, Studio
from room import room

HERE = Path(__file__).parent
SHUTTER = 0.5
"""The share of a frame's time for which the shutter is open: the usual 180 degrees."""
STEP = 0.004
"""Metres that the hand may move between two of the pictures that make one blurred frame."""
MOST_STEPS = 10
LIMIT = 250_000
"""Bytes that a clip may have."""


def main() -> None:
    """Bake the named clips, or all."""
    arguments = argparse.ArgumentParser(description=main.__doc__)
    arguments.add_argument("names", nargs="*", metavar="NAME")
    arguments.add_argument("--mesh", type=Path, help="right.glb, or the npm package as .tgz")
    arguments.add_argument("--cache", type=Path, default=Path(".cache/hands"))
    arguments.add_argument("--out", type=Path, default=HERE)
    wanted = arguments.parse_args()
    known = {clip.name for clip in CLIPS}
    if unknown := set(wanted.names) - known:
        arguments.error(
            f"no clip {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}"
        )
    arm = Arm(load(wanted.mesh, wanted.cache))
    studio = Studio(arm)
    for clip in CLIPS:
        if not wanted.names or clip.name in wanted.names:
            size = bake(clip, arm, studio, wanted.out)
            print(f"{clip.name}: {size / 1000:.0f} kB")
    studio.close()


def bake(clip: Clip, arm: Arm, studio: Studio, folder: Path) -> int:
    """Draw and write one clip with its truth; bytes of the video."""
    behind = room(clip.mood, clip.seed)
    dice = np.random.default_rng(clip.seed)
    video = folder / f"{clip.name}.webm"
    # Without this the file carries a random number and the version of its writer.
    with av.open(str(video), "w", options={"fflags": "bitexact"}) as container:
        stream = container.add_stream("libvpx-vp9", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.time_base = Fraction(1, 1000)
        # One thread: the same pictures give the same bytes.
        stream.codec_context.thread_count = 1
        stream.options = {"crf": "27", "b": "0", "deadline": "good", "cpu-used": "2", "g": "90"}
        for number in range(round(clip.seconds * FPS)):
            at = number / FPS
            flicker = 1.0 + 0.02 * float(np.sin(at * 9.0) * np.sin(at * 2.3))
            linear = behind * flicker
            if clip.shapes:
                layer = _exposed(clip, arm, studio, at)
                linear = layer.colour + linear * (1.0 - layer.coverage)
            frame = av.VideoFrame.from_ndarray(_developed(linear, dice), format="rgb24")
            frame.pts = number
            frame.time_base = Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    size = video.stat().st_size
    if size > LIMIT:
        raise SystemExit(f"{video} has {size} bytes; at most {LIMIT} are allowed")
    truth = {
        "clip": clip.name,
        "seconds": clip.seconds,
        "frames_per_second": FPS,
        "hand": "" if not clip.shapes else "left" if clip.left else "right",
        "truth": [{"from": a, "until": b, "pose": pose} for a, b, pose in clip.truth],
    }
    (folder / f"{clip.name}.json").write_text(json.dumps(truth, indent=2) + "\n")
    return size


def _exposed(clip: Clip, arm: Arm, studio: Studio, at: float) -> Layer:
    """The hand as a shutter sees it that is open for half of the frame's time."""
    ends = [clip.place(*arm.posed(clip.shape(t)), t)[0] for t in (at, at + SHUTTER / FPS)]
    moved = float(np.linalg.norm(ends[1] - ends[0], axis=1).max())
    steps = min(MOST_STEPS, 1 + int(moved / STEP + 0.6))
    layers = []
    for step in range(steps):
        moment = at + SHUTTER / FPS * step / steps
        points, normals = clip.place(*arm.posed(clip.shape(moment)), moment)
        layers.append(studio.draw(points, normals, clip.look, clip.mood.lighting))
    colour = np.mean([layer.colour for layer in layers], axis=0)
    coverage = np.mean([layer.coverage for layer in layers], axis=0)
    if clip.left:
        colour, coverage = colour[:, ::-1], coverage[:, ::-1]
    return Layer(colour, coverage)


def _developed(linear: Image, dice: np.random.Generator) -> NDArray[np.uint8]:
    """Linear light to a picture: a lens a little soft, a shoulder for the lights, fine grain."""
    soft = cv2.GaussianBlur(linear, (0, 0), 0.6)
    y, x = np.mgrid[-1.0 : 1.0 : HEIGHT * 1j, -1.0 : 1.0 : WIDTH * 1j]
    soft = soft * (1.0 - 0.16 * (x * x + y * y))[..., None]
    shown = (1.0 - np.exp(-1.45 * soft)) ** (1.0 / 2.2)
    grain = dice.normal(0.0, 0.008, (HEIGHT, WIDTH, 1))
    return np.asarray(np.clip((shown + grain) * 255.0 + 0.5, 0.0, 255.0), np.uint8)


if __name__ == "__main__":
    main()
