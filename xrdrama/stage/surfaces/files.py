"""Reads the surface of a wall from a file, by the ending of its name."""

from __future__ import annotations

from collections.abc import Callable

from xrdrama.errors import RemoteProtocolError, UsageError
from xrdrama.stage.surfaces.obj import read_obj
from xrdrama.stage.surfaces.surface import Surface

Files = Callable[[str], bytes]
"""Reads a file by its name relative to the stage file; UsageError if it cannot be read."""

ENDINGS = (".obj", ".glb", ".gltf", ".mpcdi")


def no_files(name: str) -> bytes:
    """The reader of a stage that may not refer to files."""
    raise UsageError(f"{name} cannot be read here", "use the stage file itself, not only its text")


def read_surface(content: bytes, name: str, part: str = "") -> Surface:
    """The surface in a file called `name`.

    `part` is the object of an OBJ or glTF file, or the region of an MPCDI file; "" for all of it.
    Corners are in the file's axes and units. RemoteProtocolError if it cannot be read.
    """
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    if ending == ".obj":
        return read_obj(content, part)
    # Imported late: glTF needs numpy, and most walls need no file.
    if ending in (".glb", ".gltf"):
        from xrdrama.stage.surfaces.model import read_model

        return read_model(content, part)
    if ending == ".mpcdi":
        from xrdrama.stage.surfaces.mpcdi import read_mpcdi

        return read_mpcdi(content, part)
    raise RemoteProtocolError(
        f"the ending of {name} is unknown: use a file that ends in {', '.join(ENDINGS)}"
    )
