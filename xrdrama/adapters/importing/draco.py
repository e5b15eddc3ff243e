"""Decode meshes that are compressed with Draco."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from xrdrama.errors import RemoteProtocolError


def unpacked(content: bytes) -> tuple[dict[int, NDArray[Any]], NDArray[np.uint32]]:
    """The attributes of a Draco mesh by their id, (n, 1 to 4) rows each, and its triangles (m, 3).

    RemoteProtocolError when it is damaged, and when the library is not installed.
    """
    try:
        import DracoPy
    except ImportError:
        raise RemoteProtocolError(
            "the mesh is compressed with Draco: pip install 'xrdrama[import]', or export the model "
            "without compression"
        ) from None
    try:
        mesh = DracoPy.decode(content)
        triangles = np.asarray(mesh.faces, np.uint32).reshape(-1, 3)
        attributes = {
            int(found["unique_id"]): _rows(np.asarray(found["data"])) for found in mesh.attributes
        }
    except Exception as error:  # the library raises whatever it met
        raise RemoteProtocolError(
            f"the Draco data is damaged ({str(error)[:80] or type(error).__name__}): export the "
            "model again, or without compression"
        ) from None
    return attributes, triangles


def _rows(data: NDArray[Any]) -> NDArray[Any]:
    rows = data.reshape(len(data), -1)
    return rows.astype(np.float32) if rows.dtype == np.float64 else rows
