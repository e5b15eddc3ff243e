"""A set of a million triangles: imported, compiled and drawn; its times, as ratios to trimesh."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import pytest
import trimesh

from tests.gltf.animated import swing
from tests.gltf.gltf_files import GltfFile
from xrdrama.adapters.panda.graphics import open_graphics
from xrdrama.adapters.panda.set.virtual_set import VirtualSet
from xrdrama.scene.compiled import CompiledScene
from xrdrama.scene.compiling.compile import compile_scene
from xrdrama.scene.parse import parse_scene
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.tools.importing.making import import_to
from xrdrama.wire.frame import Projection

SIDE, PIECES, ROUNDS = 100, 50, 5
SLOWEST = 4.0
"""Most CPU time of an import, as a ratio to reading the file with trimesh."""


def waves() -> GltfFile:
    """Fifty wavy squares of 20,000 triangles each; a clip turns the first, which is in front."""
    file = GltfFile()
    paint = [file.material(f"paint {i}", pbr={"baseColorFactor": [0.2 + 0.1 * i, 0.5, 0.3, 1]})
             for i in range(5)]  # fmt: skip
    x, y = np.meshgrid(np.linspace(-1, 1, SIDE + 1), np.linspace(-1, 1, SIDE + 1))
    first = np.arange(SIDE * (SIDE + 1)).reshape(SIDE, SIDE + 1)[:, :-1].reshape(-1, 1)
    corners = first + np.array([[0, 1, SIDE + 2, 0, SIDE + 2, SIDE + 1]])
    for piece in range(PIECES):
        z, flat = 0.1 * np.sin(7 * x + piece), np.zeros_like(x)
        normal = np.stack([-0.7 * np.cos(7 * x + piece), flat, flat + 1], axis=-1)
        normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
        attributes = {
            "POSITION": file.rows(np.stack([x, y, z], axis=-1).reshape(-1, 3)),
            "NORMAL": file.rows(normal.reshape(-1, 3)),
            "TEXCOORD_0": file.rows(np.stack([x, y], axis=-1).reshape(-1, 2)),
        }
        indices = file.rows(corners.reshape(-1), "<u4")
        mesh = file.mesh(attributes, indices=indices, material=paint[piece % 5])
        place = [(piece % 10 - 4.5) * 2.0, piece // 10 * 2.0, -8.0] if piece else [0.0, 2.0, -4.0]
        file.node(f"piece {piece}", mesh=mesh, translation=place)
    half = float(np.sqrt(0.5))
    swing(file, "turn", 0, "rotation", (0.0, 2.0), [[0, 0, 0, 1], [0, half, 0, half]])
    return file


def seconds_of(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def draw_twice(compiled: CompiledScene) -> tuple[list[np.ndarray], list[float]]:
    """Two pictures, one second apart, and the CPU seconds of loading and of each frame."""
    graphics = open_graphics()
    made: list[VirtualSet] = []
    costs = [seconds_of(lambda: made.append(VirtualSet(graphics, compiled)))]
    target = graphics.target("million", 320, 180, "srgb8", sort=10)
    view = made[0].add_view(target)
    view.place(Pose(Vec3(0, -1, 2), Quat()), Projection(-0.7, 0.7, -0.4, 0.4, 0.1, 500.0))
    pictures = []
    for seconds in (0.0, 0.0, 1.0):
        made[0].update({}, (), seconds)
        costs.append(seconds_of(graphics.render))
        pictures.append(graphics.picture(target).astype(int))
    graphics.close()
    return pictures[1:], costs


@pytest.mark.soak
def test_a_million_triangles_are_imported_and_play(tmp_path: Path) -> None:
    file = tmp_path / "million.glb"
    file.write_bytes(waves().glb())
    read, imports = [], []
    for number in range(ROUNDS):  # in turns, so that a busy machine slows both
        read.append(seconds_of(partial(trimesh.load, file)))
        folder = tmp_path / f"set_{number}"
        imports.append(seconds_of(partial(import_to, file, folder, "waves", 1.0)))
    scene, problems = parse_scene((folder / "scene.yaml").read_text(), "waves/scene.yaml")
    assert scene is not None and problems == []
    files = {"assets/model.glb": (folder / "assets" / "model.glb").read_bytes()}
    made: list[CompiledScene] = []
    compiling = seconds_of(lambda: made.append(compile_scene(scene, files)))
    (still, later), (loading, _, *frames) = draw_twice(made[0])
    reference = median(read)
    sys.stdout.write(
        f"\nreading with trimesh: {reference:.3f} s of CPU; import: {median(imports):.3f} s "
        f"({median(imports) / reference:.2f} times), compile {compiling:.3f} s, "
        f"load {loading:.3f} s, a frame {median(frames):.3f} s\n"
    )
    assert np.abs(later - still).max() > 60, "the clip does not play"
    assert median(imports) < SLOWEST * reference
