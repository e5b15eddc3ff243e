"""Make the driving plate of this set: ridge_road, drawn all round from the driver's seat, as an
equirectangular video that loops; and the frame of a car's window.

    python scenes/ridge_plate/make.py

It takes a few minutes without a graphics card. The round is made as long as one stretch of the
road, so that the last frame is followed by the first.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from xrdrama.adapters.panda.graphics import open_graphics
from xrdrama.adapters.panda.set.virtual_set import VirtualSet
from xrdrama.adapters.video.files import VideoWriter
from xrdrama.gltf.meshes import Material, Model, Node, Primitive, to_gltf
from xrdrama.gltf.writer import write_glb
from xrdrama.processes.sets import compiled_scene
from xrdrama.scene.compiled import CompiledScene, read_sheet
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.timing import FrameRate
from xrdrama.wire.frame import Projection

HERE = Path(__file__).resolve().parent
# What sets share is in scenes/making.
sys.path[:0] = [str(HERE.parent)]

from making.mesh import Shape  # noqa: E402
from making.shapes import box  # noqa: E402

WIDTH, HEIGHT, FACE = 2048, 1024, 800
ROUND, FRAMES, RATE = 96.0, 120, FrameRate(24)
"""Metres of the round, and the frames in which it is driven: 69 km/h."""
EYE = Vec3(-0.35, 0.2, 1.22)
# Pan and tilt of each face of the cube round the eye.
FACES = ((0.0, 0.0), (90.0, 0.0), (180.0, 0.0), (-90.0, 0.0), (0.0, 90.0), (0.0, -90.0))
SQUARE = Projection(-1.0, 1.0, -1.0, 1.0, 0.1, 900.0)
FINER = 2
"""Samples along each side of a pixel."""


def looped() -> CompiledScene:
    """The ridge road with a round of one stretch, without its gallery and the oncoming car."""
    road = compiled_scene("ridge_road")
    sheet = read_sheet(road.scene_json)
    assert sheet.environment.way is not None
    way = msgspec.structs.replace(sheet.environment.way, length=ROUND, bend=3.0, rise=0.6)
    environment = msgspec.structs.replace(sheet.environment, way=way)
    sheet = msgspec.structs.replace(sheet, environment=environment)
    return msgspec.structs.replace(road, scene_json=msgspec.json.encode(sheet))


def directions() -> NDArray[np.float64]:
    """(rows, columns, 3) of the directions of an equirectangular picture, its middle along -Y:
    what is behind the car is far from the seam."""
    rows, columns = HEIGHT * FINER, WIDTH * FINER
    left = (1.0 - (np.arange(columns) + 0.5) / columns) * 2.0 * np.pi
    up = (0.5 - (np.arange(rows) + 0.5) / rows) * np.pi
    flat = np.cos(up)[:, None]
    high = np.broadcast_to(np.sin(up)[:, None], (rows, columns))
    return np.stack([-np.sin(left) * flat, np.cos(left) * flat, high], -1)


def lookup() -> NDArray[np.int64]:
    """(rows, columns) of indices into the pixels of all faces, one after the other."""
    seen = directions()
    best = np.zeros(seen.shape[:2]) - 1.0
    index = np.zeros(seen.shape[:2], np.int64)
    for number, (pan, tilt) in enumerate(FACES):
        turn = Quat.from_angles(pan=pan, tilt=tilt)
        right, ahead, up = (
            np.array([v.x, v.y, v.z])
            for v in (turn.rotate(Vec3(*axis)) for axis in ((1, 0, 0), (0, 1, 0), (0, 0, 1)))
        )
        depth = seen @ ahead
        nearer = depth > best + 1e-9
        safe = np.where(depth > 1e-6, depth, 1.0)
        x = np.clip(((seen @ right) / safe + 1.0) / 2.0 * FACE, 0, FACE - 1).astype(np.int64)
        y = np.clip((1.0 - (seen @ up) / safe) / 2.0 * FACE, 0, FACE - 1).astype(np.int64)
        index = np.where(nearer, (number * FACE + y) * FACE + x, index)
        best = np.where(nearer, depth, best)
    return index


def drive(out: Path) -> None:
    """Draw the round as a video."""
    graphics = open_graphics()
    road = VirtualSet(graphics, looped(), "full")
    targets = [graphics.target(f"face {i}", FACE, FACE, "srgb8", sort=10) for i in range(6)]
    for target, (pan, tilt) in zip(targets, FACES, strict=True):
        road.add_view(target).place(Pose(EYE, Quat.from_angles(pan=pan, tilt=tilt)), SQUARE)
    where = lookup()
    with VideoWriter(out, (WIDTH, HEIGHT), RATE, quality=31, preset="veryslow") as video:
        for number in range(FRAMES):
            way = ROUND * number / FRAMES
            road.update(
                {"distance": way, "gallery": 0.0, "oncoming": 0.0}, (), number * RATE.period
            )
            graphics.render()
            pixels = np.concatenate([graphics.picture(target) for target in targets]).reshape(-1, 3)
            fine = pixels[where].reshape(HEIGHT, FINER, WIDTH, FINER, 3)
            video.write(np.rint(fine.mean((1, 3))).astype(np.uint8))
            if number % 12 == 0:
                print(f"frame {number} of {FRAMES}", flush=True)
    graphics.close()
    print(f"{out.name}: {out.stat().st_size:,} bytes, {FRAMES} frames")


def flat(shape: Shape) -> Primitive:
    """A shape as a piece of a model: in glTF's axes, with its flat normals."""
    attributes = {
        "POSITION": to_gltf(shape.points.astype(np.float32)),
        "NORMAL": to_gltf(np.asarray(shape.normals, np.float32)),
    }
    return Primitive(0, attributes, np.asarray(shape.triangles, np.uint32))


def window(out: Path) -> None:
    """The opening of a car's rear window: sill, roof, and the pillars beside it."""
    boxes = [
        box((-7.0, 3.0, -2.0), (7.0, 3.6, 0.52)),  # sill and parcel shelf
        box((-7.0, 3.0, 2.42), (7.0, 3.5, 6.0)),  # roof
        box((-7.0, 3.0, 0.52), (-2.75, 3.2, 2.42)),  # pillars
        box((2.75, 3.0, 0.52), (7.0, 3.2, 2.42)),
        box((-1.45, 2.75, 0.40), (-0.75, 2.95, 0.86)),  # headrests, and the mirror's foot
        box((0.75, 2.75, 0.40), (1.45, 2.95, 0.86)),
        box((-0.06, 2.9, 2.28), (0.06, 3.0, 2.45)),
    ]
    cloth = Material("cloth", base=(0.035, 0.036, 0.042, 1.0), roughness=0.9, metallic=0.0)
    node = Node("window", np.eye(4), tuple(flat(one) for one in boxes))
    out.write_bytes(write_glb(Model((node,), (cloth,), ())))
    print(f"{out.name}: {out.stat().st_size:,} bytes")


if __name__ == "__main__":
    (HERE / "assets").mkdir(exist_ok=True)
    window(HERE / "assets" / "window.glb")
    drive(HERE / "assets" / "drive.mp4")
