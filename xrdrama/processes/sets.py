"""The cache of compiled sets: found by content, compiled in a process that may crash."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import msgspec

import xrdrama
from xrdrama import content
from xrdrama.adapters.panda.set.decoding import decoded
from xrdrama.errors import AuthoringError, DeviceError, Problem, RemoteProtocolError
from xrdrama.gltf.glb import read_glb
from xrdrama.gltf.meshes import Model
from xrdrama.processes.compiling import compile_in_child
from xrdrama.processes.plates import plate_facts, video_hashes
from xrdrama.saving import save
from xrdrama.scene.compiled import CompiledScene, read_sheet
from xrdrama.scene.compiling.compile import compile_scene
from xrdrama.scene.parse import parse_scene

ASSET_SUFFIXES = (
    ".glb", ".gltf", ".bin", ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".tif", ".tiff", ".webp",
    ".ktx2", ".bmp", ".tga", ".dds", ".gif",
)  # fmt: skip
"""Suffixes of files that models refer to. Some are not read, but then the error says so."""


def near_of(loaded: content.Loaded) -> Path | None:
    """The folder relative to which a show's names are resolved."""
    path = loaded.path("show")
    return path.parent if path else None


def read_stand_in(path: Path) -> Model:
    """Read a model and the files beside it; RemoteProtocolError when it is invalid."""
    beside = {
        other.name: other.read_bytes()
        for other in sorted(path.parent.iterdir())
        if other.suffix.lower() in ASSET_SUFFIXES
        and other.is_file()
        and other.resolve().is_relative_to(path.parent.resolve())
    }
    return read_glb(path.read_bytes(), beside if path.suffix.lower() == ".gltf" else None)


class CompiledFiles(msgspec.Struct, frozen=True):
    """The files of a compiled set in the cache, and the hash of their contents."""

    hash: str
    folder: Path

    @property
    def glb(self) -> Path:
        """The models."""
        return self.folder / "scene.glb"

    @property
    def sheet(self) -> Path:
        """scene.json."""
        return self.folder / "scene.json"


def compiled_files(name: str, near: Path | None = None) -> CompiledFiles:
    """The files of a compiled set; see `compiled_scene` for errors."""
    made = compiled_scene(name, near)
    return CompiledFiles(made.hash, _folder_of(name, near))


def _folder_of(name: str, near: Path | None) -> Path:
    """Where a set is in the cache; it is compiled if it is not there."""
    file = content.find("scene", name) if near is None else content.mentioned("scene", name, near)
    folder = content.cache_folder("scenes") / scene_key(file.parent)
    if not (folder / "hash").is_file():
        compile_in_child(file, folder)
    return folder


@lru_cache(maxsize=8)
def compiled_scene(name: str, near: Path | None = None) -> CompiledScene:
    """A compiled set, from the cache or compiled in a new process, which may crash.

    AuthoringError when its files are invalid; DeviceError when importing them crashes the process.
    """
    folder = _folder_of(name, near)
    try:
        glb, sheet = (folder / "scene.glb").read_bytes(), (folder / "scene.json").read_bytes()
        warnings = msgspec.json.decode(
            (folder / "warnings.json").read_bytes(), type=tuple[Problem, ...]
        )
        read_sheet(sheet)
        return CompiledScene(glb, sheet, (folder / "hash").read_text(), warnings)
    except (msgspec.MsgspecError, RemoteProtocolError) as error:
        raise DeviceError(
            f"the compiled set in {folder} is damaged: {error}",
            "delete this folder; the set is compiled again when it is used",
        ) from error
    except OSError as error:
        raise DeviceError(
            f"the compiled set in {folder} cannot be read: {error.strerror}",
            "delete this folder; the set is compiled again when it is used",
        ) from error


def scene_key(folder: Path) -> str:
    """A hash of all files that a set is compiled from, and of this version."""
    digest = blake2b(f"{xrdrama.__version__}/{_compiler_key()}".encode(), digest_size=16)
    for name, data in sorted(scene_files(folder).items()):
        digest.update(f"{name}/{len(data)}/".encode() + data)
    for name, reason in sorted(unread_files(folder).items()):
        digest.update(f"{name}/{reason}/".encode())
    for name, hashed in video_hashes(folder).items():
        digest.update(f"{name}/{hashed}/".encode())
    digest.update((folder / "scene.yaml").read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _compiler_key() -> str:
    """A hash of the compiler's source, and of the values that it writes: sets are compiled again
    after a developer's edit."""
    package = Path(xrdrama.__file__).parent
    digest = blake2b(digest_size=16)
    adapters = package / "adapters"
    decoders = [adapters / "panda" / "set" / "decoding.py", adapters / "video" / "plates.py"]
    compiler = [
        path
        for name in ("scene", "gltf", "document")
        for path in sorted((package / name).rglob("*.py"))
    ]
    for path in [*compiler, *decoders]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def scene_files(folder: Path) -> dict[str, bytes]:
    """The files of a set by their names in its folder; links to places outside are not followed."""
    root = folder.resolve()
    found = {}
    for path in sorted(root.rglob("*")):
        if path.suffix.lower() not in ASSET_SUFFIXES or not path.is_file():
            continue
        if path.resolve().is_relative_to(root):
            found[path.relative_to(root).as_posix()] = path.read_bytes()
    return found


def unread_files(folder: Path) -> dict[str, str]:
    """The files of a set's folder that are not read: name and reason."""
    root = folder.resolve()
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if not path.resolve().is_relative_to(root):
            found[name] = (
                "it is a link to a place outside the set's folder: copy the file into the folder"
            )
        elif path.suffix.lower() not in ASSET_SUFFIXES and path.is_file():
            found[name] = f"files that end in {path.suffix or 'nothing'} are not read"
    return found


def compile_to(file: Path, folder: Path) -> None:
    """Compile a set into a folder, in the child: scene.glb, scene.json, and last their hash.

    AuthoringError for problems of its files, DeviceError when a result cannot be written.
    """
    scene, problems = parse_scene(content.read_text(file), str(file))
    if scene is None:
        raise AuthoringError(problems)
    try:
        compiled = compile_scene(
            scene,
            scene_files(file.parent),
            decode=decoded,
            unread=unread_files(file.parent),
            plates=plate_facts(scene, file.parent),
        )
    except RemoteProtocolError as error:
        raise AuthoringError(
            [Problem(str(file), 1, 1, "S020", "error", str(error), "export the model again")]
        ) from error
    warnings = msgspec.json.encode(compiled.warnings)
    for name, data in (
        ("scene.glb", compiled.glb), ("scene.json", compiled.scene_json),
        ("warnings.json", warnings),
    ):  # fmt: skip
        save(folder / name, data)
    save(folder / "hash", compiled.hash)
