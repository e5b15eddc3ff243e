"""ST maps in EXR files: channels R and G, 32-bit floats, top row first."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from xrdrama.adapters.stmaps.mapping import Map
from xrdrama.errors import DeviceError, UsageError
from xrdrama.saving import saving

MOST_PIXELS: Final = 8192 * 8192
_PREFIX: Final = "xrdrama_"
_INSTALL: Final = "pip install 'xrdrama[lens]'"


def _library() -> Any:
    try:
        import OpenEXR
    except ImportError as error:
        raise DeviceError(f"EXR files need the package openexr: {error}", _INSTALL) from error
    return OpenEXR


def write_exr(path: Path, values: Map, notes: dict[str, float | str]) -> None:
    """Write (height, width, 2) values; `notes` go into the header. DeviceError if it fails."""
    exr = _library()
    header = {"compression": exr.ZIP_COMPRESSION, "type": exr.scanlineimage}
    header |= {_PREFIX + name: value for name, value in notes.items()}
    channels = {
        name: np.ascontiguousarray(values[..., index]) for index, name in enumerate(("R", "G"))
    }
    with saving(path) as beside:
        try:
            exr.File(header, channels).write(str(beside))
        except (RuntimeError, ValueError) as error:
            raise DeviceError(f"{path} cannot be written: {error}", "check the disk") from None


def read_exr(path: Path) -> tuple[NDArray[np.float32], dict[str, float | str]]:
    """(height, width, 2) values of the channels R and G, and our notes of the header.

    UsageError for a file that is not an EXR, or not an ST map.
    """
    exr = _library()
    if path.read_bytes()[:4] != b"\x76\x2f\x31\x01":
        raise UsageError(f"{path} is not an EXR file", "give an ST map in EXR")
    try:
        file = exr.File(str(path), separate_channels=True)
        channels = {name: channel.pixels for name, channel in file.channels().items()}
        header = file.header()
    except Exception as error:  # of the library, for damaged files
        reason = str(error) or type(error).__name__
        raise UsageError(f"{path} cannot be read: {reason}", "export the map again") from None
    missing = [name for name in ("R", "G") if channels.get(name) is None]
    if missing:
        raise UsageError(
            f"{path} has no channel {missing[0]} (it has {', '.join(sorted(channels)) or 'none'})",
            "an ST map has x in R and y in G",
        )
    red, green = channels["R"], channels["G"]
    if red.shape != green.shape or red.ndim != 2 or not 2 <= red.size <= MOST_PIXELS:
        raise UsageError(f"{path}: its channels have different sizes", "export the map again")
    known = {
        name.removeprefix(_PREFIX): value
        for name, value in header.items()
        if name.startswith(_PREFIX) and isinstance(value, (str, float))
    }
    return np.stack((red, green), -1).astype(np.float32), known
