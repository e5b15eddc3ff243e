"""The plates of sets: read for the compiler, and opened for what draws them."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from xrdrama import content
from xrdrama.adapters.video.plates import read_plate
from xrdrama.adapters.video.playing import AheadPlate, ExactPlate
from xrdrama.content.plates import file_hash, media_in, plate_files
from xrdrama.errors import DeviceError, RemoteProtocolError
from xrdrama.scene.compiled import CompiledScene, read_sheet
from xrdrama.scene.model import Scene
from xrdrama.scene.plates import VIDEO_SUFFIXES, PlateFacts, PlateSource, Refused


def plate_facts(scene: Scene, folder: Path) -> dict[str, PlateFacts | Refused]:
    """What the file of each plate says, or why it cannot be played; by the name in scene.yaml."""
    return {
        name: path if isinstance(path, Refused) else _facts(path)
        for name, path in plate_files(scene, folder).items()
    }


def _facts(path: Path) -> PlateFacts | Refused:
    try:
        return read_plate(path, file_hash(path))
    except RemoteProtocolError as error:
        message, _, hint = str(error).rpartition(": ")
        return Refused(message, hint)
    except OSError as error:
        return Refused(f"it cannot be read: {error.strerror}", "make the file readable")


def video_hashes(folder: Path) -> dict[str, str]:
    """The hash of each video in a set's folder that can be read, by its name from there."""
    hashes = {}
    for name in media_in(folder):
        if name.rpartition(".")[2].lower() in VIDEO_SUFFIXES:
            try:
                hashes[name] = file_hash(folder / name)
            except OSError as error:
                hashes[name] = str(error.strerror)
    return hashes


def open_plates(
    compiled: CompiledScene, name: str, near: Path | None = None, *, live: bool
) -> dict[str, PlateSource]:
    """The open plates of a set by their ids. `live`: decoded ahead, and late ones are repeated.

    DeviceError when a file has changed since the set was compiled.
    """
    plates = read_sheet(compiled.scene_json).plates
    if not plates:
        return {}
    scene = content.find("scene", name) if near is None else content.mentioned("scene", name, near)
    kind = AheadPlate if live else ExactPlate
    sources: dict[str, PlateSource] = {}
    with ExitStack() as on_failure:
        for one in plates:
            path = scene.parent / one.plate.file
            if file_hash(path) != one.facts.hash:
                raise DeviceError(
                    f"the plate {path} changed while the show was loaded", "start the show again"
                )
            # A still is decoded once, and is not late.
            still = one.facts.frames == 1
            source = ExactPlate(path, one.facts) if still else kind(path, one.facts)
            on_failure.callback(source.close)
            sources[one.plate.id] = source
        on_failure.pop_all()
    return sources
