"""Write a finished set: its models, and a list of what they were made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

from making.album import used
from making.mesh import Mesh

from xrdrama.gltf.meshes import Image, Material, Model
from xrdrama.gltf.writer import write_glb

MANIFEST = "assets/made_from.txt"


def write_models(
    folder: Path,
    mesh: Mesh,
    files: Mapping[str, set[str]],
    materials: Callable[[], tuple[list[Material], list[Image]]],
    *,
    moving: set[str],
    cards: set[str],
) -> None:
    """Write `assets/<name>.glb` of each group of chunks, and the hashes of scripts and models."""
    (folder / "assets").mkdir(exist_ok=True)
    for name, chunks in files.items():
        looks, images = materials()
        nodes = mesh.nodes([look.name for look in looks], moving=moving, cards=cards)
        kept = tuple(node for node in nodes if node.name in chunks)
        content = write_glb(used(Model(kept, tuple(looks), tuple(images))))
        (folder / "assets" / f"{name}.glb").write_bytes(content)
        print(f"assets/{name}.glb: {len(content):,} bytes")
    (folder / MANIFEST).write_text(manifest(folder), "utf-8")


def manifest(folder: Path) -> str:
    """A line of SHA-256 and path for each script of a set, each that it shares, and each model."""
    shared = sorted((folder.parent / "making").glob("*.py"))
    own = [folder / "make.py", *sorted((folder / "making").glob("*.py"))]
    models = sorted((folder / "assets").glob("*.glb"))
    lines = []
    for path in (*shared, *own, *models):
        digest = sha256(path.read_bytes()).hexdigest()
        lines.append(f"{digest}  {path.relative_to(folder.parent).as_posix()}")
    return "\n".join(lines) + "\n"
