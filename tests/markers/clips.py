"""Test clips for marker finders: what a phone's camera sees, with the true poses.

Every frame is drawn with a pinhole camera from our own markers in perspective: supersampled,
averaged over the exposure (motion blur), dimmed, with sensor noise. Everything is seeded.

`hard`: one marker, tilted by 30 degrees, moving 5 px during the exposure, dim.
`false`: more than 500 black squares, markers of other stories and dictionaries, QR codes, damaged
markers; nothing that may be found.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from xrdrama.story.markers import marker_code, rows_of

Picture = NDArray[np.uint8]
WIDTH, HEIGHT = 640, 480
FOCAL_PX = 540.0
"""61.3 degrees across: the main camera of a phone, in video."""
STORY, NAMES = "one_lantern_too_many", ("door_god", "cat", "kite")
SIZE_M = 0.08
"""The printed black square's side."""
CELL_PX = 16
SUPER = 2
STEPS = 9


@dataclass(frozen=True)
class Clip:
    """Frames in grey, and what is in each: name, pose (rotation, position in metres)."""

    frames: list[Picture]
    truth: list[list[tuple[str, NDArray[np.float64], NDArray[np.float64]]]] = field(
        default_factory=list
    )
    shown: int = 0


def drawn(code: int, cell: int = CELL_PX) -> Picture:
    """A marker with its quiet zone of one cell: 10 x 10 cells."""
    cells = np.zeros((10, 10), np.uint8) + 255
    cells[1:9, 1:9] = 0
    for y, row in enumerate(rows_of(code)):
        for x, bit in enumerate(row):
            cells[y + 2, x + 2] = 255 * int(bit)
    return np.kron(cells, np.ones((cell, cell), np.uint8))


def camera() -> NDArray[np.float64]:
    return np.array([[FOCAL_PX, 0, WIDTH / 2], [0, FOCAL_PX, HEIGHT / 2], [0, 0, 1.0]])


def background(rng: np.random.Generator) -> Picture:
    """A room without markers: surfaces, edges, and boxes in greys."""
    picture = np.full((HEIGHT * SUPER, WIDTH * SUPER), 150, np.float32)
    yy, xx = np.mgrid[0 : HEIGHT * SUPER, 0 : WIDTH * SUPER].astype(np.float32)
    picture += 40 * np.sin(xx / 900 + rng.uniform(0, 6)) + 30 * np.cos(yy / 700 + rng.uniform(0, 6))
    for _ in range(14):
        points = rng.uniform(0, (WIDTH * SUPER, HEIGHT * SUPER), (1, 2)) + rng.normal(
            0, 130, (4, 2)
        )
        shade = float(rng.uniform(30, 230))
        cv2.fillConvexPoly(picture, cv2.convexHull(points.astype(np.int32)), shade, cv2.LINE_AA)
    return np.clip(picture, 0, 255).astype(np.uint8)


def turned(axis: float, tilt: float, roll: float) -> NDArray[np.float64]:
    """Facing the camera (x right, y down, z away), rolled, tilted about an axis in its plane."""
    spin, _ = cv2.Rodrigues(np.array([0, 0, roll]))
    lean, _ = cv2.Rodrigues(np.array([math.cos(axis), math.sin(axis), 0]) * tilt)
    return np.asarray(lean @ spin, np.float64)


def paste(
    scene: Picture, art: Picture, side_m: float, rotation: NDArray[Any], at: NDArray[Any]
) -> tuple[slice, slice]:
    """Draw a square picture, `side_m` wide with its margins, into a supersampled scene; where."""
    half = side_m / 2
    corners = np.array([[-half, -half, 0], [half, -half, 0], [half, half, 0], [-half, half, 0]])
    seen = (rotation @ corners.T).T + at
    pixels = (seen @ camera().T)[:, :2] / seen[:, 2:]
    pixels = (pixels + 0.5) * SUPER - 0.5
    low = np.maximum(pixels.min(0).astype(int) - 2, 0)
    high = np.minimum(pixels.max(0).astype(int) + 3, scene.shape[::-1])
    n = art.shape[0]
    source = np.array([[0, 0], [n, 0], [n, n], [0, n]], np.float32) - 0.5
    warp = cv2.getPerspectiveTransform(source, (pixels - low).astype(np.float32))
    size = (int(high[0] - low[0]), int(high[1] - low[1]))
    over = np.full_like(art, 255)
    weight = cv2.warpPerspective(over, warp, size).astype(np.float32) / 255
    picture = cv2.warpPerspective(art, warp, size)
    box = slice(low[1], high[1]), slice(low[0], high[0])
    scene[box] = (scene[box] * (1 - weight) + picture * weight + 0.5).astype(np.uint8)
    return box


def exposed(light: NDArray[np.float32], rng: np.random.Generator, dim: float) -> Picture:
    """What the sensor gives of the mean over the exposure: its pixels, dimmed, with noise."""
    mean = cv2.resize(light, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    mean = cv2.GaussianBlur(mean, (0, 0), 0.6) * dim
    mean += rng.normal(0, 1.2 + 0.12 * np.sqrt(np.maximum(mean, 0)))
    return np.asarray(np.clip(mean + 6, 0, 255), np.uint8)


def hard(frames: int = 120, seed: int = 11, blur_px: float = 5.0, dim: float = 0.22,
         art: dict[str, tuple[Picture, float]] | None = None) -> Clip:  # fmt: skip
    """A marker tilted by 30 degrees that moves `blur_px` during each exposure, in dim light.
    `art` replaces the markers: name to picture and its whole side in metres."""
    rng = np.random.default_rng(seed)
    art = art or {n: (drawn(marker_code(STORY, n)), SIZE_M * 10 / 8) for n in NAMES}
    names = sorted(art)
    made, truth = [], []
    scene = background(rng)
    for number in range(frames):
        name = names[number * len(names) // frames]
        picture, side = art[name]
        phase = number / frames * 2 * math.pi
        distance = 0.45 + 0.15 * math.sin(3 * phase)
        at = np.array([0.08 * math.cos(phase), 0.05 * math.sin(2 * phase), distance])
        rotation = turned(5 * phase, math.radians(30), 4 * phase)
        way = 7 * phase
        step = np.array([math.cos(way), math.sin(way), 0]) * blur_px * distance / FOCAL_PX
        total = scene.astype(np.float32)
        for part in np.linspace(-0.5, 0.5, STEPS):
            moment = scene.copy()
            box = paste(moment, picture, side, rotation, at + step * part)
            total[box] += (moment[box].astype(np.float32) - scene[box]) / STEPS
        made.append(exposed(total, rng, dim))
        truth.append([(name, rotation, at)])
    return Clip(made, truth, frames)


def approached(name: str = "door_god", frames: int = 40, seed: int = 5) -> Clip:
    """One marker on a wall, seen by a camera that moves around it and comes back: bright, sharp."""
    rng = np.random.default_rng(seed)
    art, scene, made, truth = drawn(marker_code(STORY, name)), background(rng), [], []
    for number in range(frames):
        phase = number / frames * 2 * math.pi
        at = np.array([0.03 * math.sin(phase), 0.015 * math.cos(phase), 0.36])
        rotation = turned(phase, math.radians(14), math.radians(4) * math.sin(phase))
        moment = scene.copy()
        paste(moment, art, SIZE_M * 10 / 8, rotation, at)
        made.append(exposed(moment.astype(np.float32), rng, 0.85))
        truth.append([(name, rotation, at)])
    return Clip(made, truth, frames)


def false_squares(frames: int = 100, each: int = 6, seed: int = 23) -> Clip:
    """Things that look like markers and are not: `frames` x `each` of them."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(frames):
        scene = background(rng)
        for place in range(each):
            art = impostor((number * each + place) % len(KINDS), rng)
            x, y = place % 3 - 1, place // 3 - 0.5
            distance = rng.uniform(0.4, 0.7)
            at = np.array([x * 0.33 * distance, y * 0.38 * distance, distance])
            rotation = turned(rng.uniform(0, 6.28), rng.uniform(0, 0.6), rng.uniform(0, 6.28))
            paste(scene, art, 0.26 * distance, rotation, at)
        made.append(exposed(scene.astype(np.float32), rng, rng.uniform(0.3, 1.0)))
    return Clip(made, shown=frames * each)


KINDS = (
    "plain", "random", "aruco 4x4", "aruco 5x5", "aruco 6x6", "aruco 7x7", "mip 36h12",
    "apriltag 36h11", "apriltag 25h9", "apriltag 16h5", "qr", "chessboard", "other story",
    "damaged", "inverted", "window",
)  # fmt: skip
_DICTIONARIES = {
    "aruco 4x4": cv2.aruco.DICT_4X4_1000, "aruco 5x5": cv2.aruco.DICT_5X5_1000,
    "aruco 6x6": cv2.aruco.DICT_6X6_1000, "aruco 7x7": cv2.aruco.DICT_7X7_1000,
    "mip 36h12": cv2.aruco.DICT_ARUCO_MIP_36H12, "apriltag 36h11": cv2.aruco.DICT_APRILTAG_36H11,
    "apriltag 25h9": cv2.aruco.DICT_APRILTAG_25H9, "apriltag 16h5": cv2.aruco.DICT_APRILTAG_16H5,
}  # fmt: skip
_COUNTS = {"apriltag 16h5": 30, "apriltag 25h9": 35, "mip 36h12": 250, "apriltag 36h11": 587}


def impostor(kind: int, rng: np.random.Generator) -> Picture:
    """A picture with a white margin that is not one of the story's markers."""
    name = KINDS[kind]
    if name in _DICTIONARIES:
        # The first ids are those that the comparison of finders uses for its own markers.
        id = int(rng.integers(len(NAMES), _COUNTS.get(name, 1000)))
        return dictionary_marker(name, id)
    if name == "qr":
        return qr(f"https://example.org/{rng.integers(10**6)}")
    if name == "other story":
        return drawn(marker_code(f"story_{rng.integers(10**6)}", NAMES[int(rng.integers(3))]))
    if name == "damaged":
        code = marker_code(STORY, NAMES[int(rng.integers(3))])
        for cell in rng.choice(36, 5, replace=False):
            code ^= 1 << int(cell)
        return drawn(code)
    if name == "inverted":
        return np.asarray(255 - drawn(marker_code(STORY, NAMES[int(rng.integers(3))])), np.uint8)
    if name == "random":
        return drawn(int(rng.integers(1 << 36)))
    return _shape(name)


def _shape(name: str) -> Picture:
    cells = np.full((10, 10), 255, np.uint8)
    cells[1:9, 1:9] = 0
    if name == "chessboard":
        cells[1:9, 1:9] = 255 * (np.indices((8, 8)).sum(0) % 2)
    if name == "window":
        cells[2:8, 2:8] = 255
        cells[4:6, 2:8] = 0
        cells[2:8, 4:6] = 0
    return np.kron(cells, np.ones((CELL_PX, CELL_PX), np.uint8))


def dictionary_marker(name: str, id: int) -> Picture:
    """A marker of a public dictionary with a quiet zone of one cell."""
    dictionary = cv2.aruco.getPredefinedDictionary(_DICTIONARIES[name])
    cells = dictionary.markerSize + 2
    art = cv2.aruco.generateImageMarker(dictionary, id, cells * CELL_PX)
    return np.asarray(np.pad(art, CELL_PX, constant_values=255), np.uint8)


def qr(text: str) -> Picture:
    """A QR code with a quiet zone of four modules, as the standard says."""
    encoder = cv2.QRCodeEncoder.create()
    art = encoder.encode(text)
    border = int(np.argmin(art.diagonal()))
    modules = art[border : art.shape[0] - border, border : art.shape[1] - border]
    padded = np.pad(modules, 4, constant_values=255)
    return np.asarray(np.kron(padded, np.ones((8, 8))), np.uint8)


def rgba(frame: Picture) -> bytes:
    """A frame as pixels of a canvas."""
    return np.dstack([frame, frame, frame, np.full_like(frame, 255)]).tobytes()


def y4m(clip: Clip, rate: int = 10) -> Iterator[bytes]:
    """The clip as a YUV4MPEG2 file, for Chromium's fake camera."""
    yield f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{rate}:1 Ip A1:1 C420jpeg\n".encode()
    grey = bytes([128]) * (WIDTH * HEIGHT // 2)
    for frame in clip.frames:
        yield b"FRAME\n" + frame.tobytes() + grey
