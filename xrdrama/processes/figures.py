"""The figures of a show's performers, for the processes that draw them."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import msgspec

from xrdrama import content
from xrdrama.content.performers import Figure as Stored
from xrdrama.content.performers import figure_files, hash_of
from xrdrama.errors import RemoteProtocolError, UsageError
from xrdrama.gltf.complete import prepared
from xrdrama.gltf.figures import Figure, read_figure
from xrdrama.gltf.glb import read_glb
from xrdrama.gltf.props import holding
from xrdrama.gltf.writer import write_glb
from xrdrama.performer import SHAPES
from xrdrama.performer.parse import parse_performer
from xrdrama.processes.sets import near_of
from xrdrama.saving import save
from xrdrama.show import Production


def figures_of(loaded: content.Loaded, production: Production) -> dict[str, Figure]:
    """The figures of those that may be in a set, by the names that cues call them.

    UsageError for a figure that cannot be read, or that is not the one of the take.
    """
    near = near_of(loaded)
    found = {}
    for id, member in production.cast.items():
        if member.spec.on == "set" and member.performer.body.skeleton is not None:
            found[id] = _figure(loaded, member.spec.played_by, near)
    return found


def figure_file(figure: Figure) -> tuple[str, Path]:
    """The finest level of a figure as a GLB in the cache, for browsers: its hash and its path."""
    stored = write_glb(prepared(figure))
    hash = blake2b(stored, digest_size=16).hexdigest()
    path = content.cache_folder("figures") / f"{hash}.glb"
    if not path.is_file():
        save(path, stored)
    return hash, path


def _figure(loaded: content.Loaded, name: str, near: Path | None) -> Figure:
    written, _ = parse_performer(loaded.text(f"performer/{name}") or "", name)
    if near is None:
        file = content.find("performer", name)
    else:
        file = content.mentioned("performer", name, near)
    if written is None:
        raise UsageError(f"the performer {name!r} cannot be read", "run xrdrama check on its file")
    path = content.beside(written.figure, file)
    files = figure_files(written, file)
    text = loaded.text(f"skeleton/{name}")
    if text and msgspec.json.decode(text, type=Stored).hash != hash_of(*files.values()):
        raise UsageError(
            f"the figure {path} of {name!r} is not the one that the show was loaded with",
            "restore the file, or load the show again",
        )
    try:
        return read_files(tuple(files.items()))
    except RemoteProtocolError as error:
        raise UsageError(
            f"the figure {path} of {name!r}, or what it holds, is invalid: {error}",
            "run xrdrama performer check",
        ) from None


@lru_cache(maxsize=8)
def read_files(files: tuple[tuple[str, bytes], ...]) -> Figure:
    """A figure (its file is by "") with what its hands hold (by the joint of the fist), as it is
    drawn. RemoteProtocolError for one that cannot be drawn."""
    (_, stored), *held = files
    figure = read_figure(stored, SHAPES)
    for joint, prop in held:
        figure = holding(figure, joint, read_glb(prop))
    return figure
