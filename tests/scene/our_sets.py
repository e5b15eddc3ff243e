"""The sets of this repository, for the tests that each of them must pass."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from xrdrama.processes.sets import scene_files
from xrdrama.scene.compiled import CompiledScene
from xrdrama.scene.compiling.compile import compile_scene
from xrdrama.scene.model import Scene
from xrdrama.scene.parse import parse_scene

SCENES = Path(__file__).parents[2] / "scenes"
ALL = tuple(
    sorted(
        path.parent.name
        for path in SCENES.glob("*/scene.yaml")
        if "\nplates:" not in path.read_text("utf-8")
    )
)
"""Those that are built of models; a set around a plate has no floor and no budget of its own."""


@cache
def our_set(name: str) -> tuple[Scene, CompiledScene]:
    """A set of ours and what it compiles to."""
    folder = SCENES / name
    scene, problems = parse_scene((folder / "scene.yaml").read_text("utf-8"), "scene.yaml")
    assert scene is not None, problems
    assert not problems
    return scene, compile_scene(scene, scene_files(folder))
