"""Make README's picture of a phone with a hidden plot open: the real page, joined to a real show.

Its camera is a file: a printed marker that is held up in a room, which is a still of our tea room.

    python -m tests.peers.markers.phone_picture out/phone
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.markers.clips import NAMES, STORY, drawn, turned
from tests.peers.browser import WEBGL, Chromium
from tests.peers.looks.pictures import ROOT, Shot, wall_picture
from tests.peers.viewer.opening import opened
from tests.peers.viewer.serving import Serving
from xrdrama.processes.sets import compiled_scene
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.story.markers import marker_code
from xrdrama.tools.sets import load_scene
from xrdrama.wire.frame import Projection

PICTURE = ROOT / "examples" / "shows" / "phone.jpg"
SIZE = (1280, 960)
FOCAL_PX = 1080.0
FRAMES, RATE = 24, 6
PAPER_M, AWAY_M = 0.1, 0.62
Colours = NDArray[np.uint8]


def main(folder: Path) -> None:
    """Look at the marker with the page's camera, and take its picture when the plot is open."""
    folder.mkdir(parents=True, exist_ok=True)
    film = folder / "room.y4m"
    with film.open("wb") as file:
        file.writelines(y4m(room()))
    flags = [*WEBGL, "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    flags.append(f"--use-file-for-fake-video-capture={film}")
    served = Serving(folder / "show")
    browser = Chromium(folder / "profile", flags)
    try:
        tab = opened(browser, served.link, script="")
        tab.wait("document.querySelector('.look-for')?.hidden === false")
        tab.click(".look-for")
        tab.wait("window.xrdrama?.camera?.isOn")
        tab.wait("document.querySelector('.marker-camera').dataset.opened")
        tab.wait("document.querySelector('.captions').innerText.includes('keeps her in')")
        tab.wait("xrdrama.camera.visible.length")
        tab.screenshot(folder / "phone.png")
    finally:
        browser.close()
        served.close()
    picture = cv2.imread(str(folder / "phone.png"))
    cv2.imwrite(str(PICTURE), picture, [cv2.IMWRITE_JPEG_QUALITY, 90])


def room() -> Iterator[Colours]:
    """(height, width, 3) BGR frames: the marker in a room, hardly moving."""
    scene, path = load_scene("tea_room")
    params = {key: param.default for key, param in scene.params.items()}
    half = SIZE[0] / 2 / FOCAL_PX
    lens = Projection(-half, half, -0.75 * half, 0.75 * half, 0.05, 100.0)
    pose = Pose(Vec3(1.6, 2.4, 1.35), Quat.from_angles(pan=22.0, tilt=-2.0))
    shot = Shot(scene, compiled_scene(str(path)), params, pose, lens=lens)
    still = cv2.GaussianBlur(wall_picture(shot, SIZE)[:, :, ::-1], (0, 0), 2.2)
    for number in range(FRAMES):
        phase = number / FRAMES * 2.0 * math.pi
        at = np.array([0.0, 0.005 + 0.001 * math.sin(phase), AWAY_M])
        rotation = turned(1.3, math.radians(5.0 + math.sin(phase)), math.radians(-3.0))
        yield held_up(still, rotation, at)


def held_up(still: Colours, rotation: NDArray[Any], at: NDArray[Any]) -> Colours:
    """The still with the printed paper before it."""
    art = cv2.cvtColor(drawn(marker_code(STORY, NAMES[0]), 24), cv2.COLOR_GRAY2BGR)
    art = (art * np.array([0.86, 0.93, 0.97])).astype(np.uint8)  # warm light on white paper
    half = PAPER_M / 2
    corners = np.array([[-half, -half, 0], [half, -half, 0], [half, half, 0], [-half, half, 0]])
    seen = (rotation @ corners.T).T + at
    pixels = seen[:, :2] / seen[:, 2:] * FOCAL_PX + np.array(SIZE) / 2
    n = art.shape[0]
    source = np.array([[0, 0], [n, 0], [n, n], [0, n]], np.float32) - 0.5
    warp = cv2.getPerspectiveTransform(source, pixels.astype(np.float32))
    weight = cv2.warpPerspective(np.full(art.shape, 1.0, np.float32), warp, SIZE)
    weight = cv2.GaussianBlur(weight, (0, 0), 0.8)
    paper = cv2.warpPerspective(art, warp, SIZE, borderMode=cv2.BORDER_REPLICATE)
    mixed = still * (1.0 - weight) + paper * weight
    return np.asarray(np.clip(mixed + 0.5, 0, 255), np.uint8)


def y4m(frames: Iterator[Colours]) -> Iterator[bytes]:
    """The frames as a YUV4MPEG2 file."""
    yield f"YUV4MPEG2 W{SIZE[0]} H{SIZE[1]} F{RATE}:1 Ip A1:1 C420jpeg\n".encode()
    for frame in frames:
        yield b"FRAME\n" + cv2.cvtColor(frame, cv2.COLOR_BGR2YUV_I420).tobytes()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
