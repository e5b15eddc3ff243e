"""Checks a set: its scene.yaml, its compiled models, and the plate that panic shows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from xrdrama import content
from xrdrama.authoring.check_flashes import check_scene_flashes
from xrdrama.document import Place, Sequence, compose
from xrdrama.errors import AuthoringError, DeviceError, Problem, UsageError
from xrdrama.gltf.glb import read_glb
from xrdrama.processes.sets import compiled_scene
from xrdrama.scene.parse import parse_scene
from xrdrama.tools.checking.panic_plate import check_plate


def check_scene_file(path: Path) -> tuple[list[Problem], dict[str, int]]:
    """The problems of the set of a scene.yaml, and its size if it has no problems. Its models are
    compiled in a process that may crash."""
    scene, problems = parse_scene(content.read_text(path), str(path))
    if scene is None:
        return problems, {}
    folder = path.resolve().parent.name
    if scene.id != folder:
        message = f"the scene's id {scene.id!r} differs from its folder's name {folder!r}"
        hint = "give both the same name"
        problems.append(Problem(str(path), 1, 1, "S118", "warning", message, hint))
    try:
        compiled = compiled_scene(str(path))
    except AuthoringError as error:
        return [*problems, *error.problems], {}
    except DeviceError as error:
        died = Problem(str(path), 1, 1, "S020", "error", error.message, error.remedy)
        return [*problems, died], {}
    except OSError as error:
        raise UsageError(
            f"{path} cannot be compiled: {error.filename}: {error.strerror}",
            "make the files of the set readable; the folder for compiled sets must be writable"
            " (the variable XDG_CACHE_HOME chooses it)",
        ) from None
    root = compose(content.read_text(path), str(path), []) or Sequence((), Place())
    problems = [*problems, *_called(path, compiled.warnings)]
    problems += check_plate(scene.safe_plate, root, path, "S025")
    problems += check_scene_flashes(scene, root)
    model = read_glb(compiled.glb, every_image=True)
    pieces = [p for node in model.nodes for p in node.primitives]
    triangles = sum(len(piece.triangles) for piece in pieces)
    facts = {
        "triangles": triangles,
        "pieces": len(pieces),
        "params": len(scene.params),
        "cues": len(scene.cues),
        "bytes": len(compiled.glb),
    }
    return problems, facts


def _called(path: Path, problems: Iterable[Problem]) -> list[Problem]:
    """Problems with the caller's name of the file: cached problems may have another file's name."""
    return [msgspec.structs.replace(problem, file=str(path)) for problem in problems]
