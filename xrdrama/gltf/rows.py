"""The data that a glTF file refers to: buffers, views, and rows of numbers.

Accessors may be dense, interleaved, normalised integers, sparse, or without data (zeros).
RemoteProtocolError, with the name, for everything that extends beyond its bounds.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import unquote_to_bytes

import numpy as np
from numpy.typing import NDArray

from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf import gltf
from xrdrama.gltf.meshes import Floats, Remark
from xrdrama.gltf.references import resolve

MAX_VERTICES = 6_000_000
EXPORT = "export the model again"

_TYPES: Final[dict[int, np.dtype[Any]]] = {
    5120: np.dtype("<i1"), 5121: np.dtype("<u1"), 5122: np.dtype("<i2"),
    5123: np.dtype("<u2"), 5125: np.dtype("<u4"), 5126: np.dtype("<f4"),
}  # fmt: skip
_WIDTHS: Final = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}

Thing = TypeVar("Thing")


def pick(things: Sequence[Thing], index: int, what: str) -> Thing:
    """The element at an index of a list of the file; RemoteProtocolError if it does not exist."""
    if index >= len(things):
        raise RemoteProtocolError(f"{what} {index} does not exist (count: {len(things)}): {EXPORT}")
    return things[index]


class Rows:
    """The numbers of one glTF file. `files`, `folder` and `unread` are those of `read_glb`."""

    def __init__(
        self,
        file: gltf.File,
        binary: bytes,
        files: Mapping[str, bytes],
        folder: str,
        unread: Mapping[str, str],
    ) -> None:
        self.file, self.binary = file, binary
        self.files, self.folder, self.unread = files, folder, unread
        self.remarks: list[Remark] = []
        self.buffers: dict[int, bytes] = {}

    def remark(self, pointer: str, message: str, hint: str = "") -> None:
        """Add a remark for something that is not drawn as the file says."""
        self.remarks.append(Remark(pointer, message, hint))

    def floats(self, index: int, what: str) -> Floats:
        """The rows of an accessor as float32, normalised integers as fractions."""
        rows = self.rows(index, what)
        values = rows.astype(np.float32)
        if self.file.accessors[index].normalized and rows.dtype.kind in "iu":
            values = np.maximum(values / np.float32(np.iinfo(rows.dtype).max), -1.0)
        if not np.isfinite(values).all():
            raise RemoteProtocolError(f"{what} has values that are NaN or infinite: {EXPORT}")
        return values

    def rows(self, index: int, what: str) -> NDArray[Any]:
        """The (count, width) rows of an accessor, in their stored number type."""
        accessor = pick(self.file.accessors, index, "accessor")
        dtype, width = _TYPES.get(accessor.componentType), _WIDTHS.get(accessor.type)
        if dtype is None or width is None:
            raise RemoteProtocolError(f"accessor {index} ({what}) has an unknown type: {EXPORT}")
        if accessor.count * max(1, width // 4) > MAX_VERTICES * 3:
            raise RemoteProtocolError(
                f"accessor {index} has {accessor.count:,} rows; at most {MAX_VERTICES * 3:,} are "
                "allowed: reduce the model"
            )
        if accessor.bufferView is None:
            if accessor.sparse is None and accessor.count:
                self.remark(f"/accessors/{index}", f"{what} has no data; zeros are used", EXPORT)
            rows = np.zeros((accessor.count, width), dtype)
        else:
            rows = self.packed(
                accessor.bufferView, accessor.byteOffset, accessor.count, dtype, width,
                f"accessor {index}",
            )  # fmt: skip
        if accessor.sparse is not None:
            rows = self.replaced(rows, accessor.sparse, index)
        return rows

    def replaced(self, rows: NDArray[Any], sparse: gltf.Sparse, index: int) -> NDArray[Any]:
        """The rows of a sparse accessor."""
        what = f"sparse accessor {index}"
        kind = _TYPES.get(sparse.indices.componentType)
        if kind is None or kind.kind != "u" or sparse.count > len(rows):
            raise RemoteProtocolError(f"{what} replaces rows that do not exist: {EXPORT}")
        at = self.packed(
            sparse.indices.bufferView, sparse.indices.byteOffset, sparse.count, kind, 1, what
        )[:, 0]
        values = self.packed(
            sparse.values.bufferView, sparse.values.byteOffset, sparse.count, rows.dtype,
            rows.shape[1], what,
        )  # fmt: skip
        if len(at) and int(at.max()) >= len(rows):
            raise RemoteProtocolError(f"{what} replaces rows that do not exist: {EXPORT}")
        changed = rows.copy()
        changed[at] = values
        return changed

    def packed(
        self, view_index: int, offset: int, count: int, dtype: np.dtype[Any], width: int, what: str
    ) -> NDArray[Any]:
        """The (count, width) numbers of a view, starting at byte `offset`."""
        view, content = self.view(view_index)
        row = dtype.itemsize * width
        stride = view.byteStride or row
        end = offset + stride * (count - 1) + row
        if stride < row or (count and end > len(content)):
            raise RemoteProtocolError(f"{what} extends beyond the end of its buffer: {EXPORT}")
        if count == 0:
            return np.zeros((0, width), dtype)
        flat = np.frombuffer(content, np.uint8)[offset:end]
        if stride != row:
            flat = np.lib.stride_tricks.as_strided(flat, (count, row), (stride, 1))
        return np.ascontiguousarray(flat).view(dtype).reshape(count, width)

    def view(self, index: int) -> tuple[gltf.View, memoryview]:
        """A buffer view and its bytes."""
        view = pick(self.file.bufferViews, index, "buffer view")
        content = self.buffer(view.buffer)
        end = view.byteOffset + view.byteLength
        if end > len(content):
            raise RemoteProtocolError(
                f"buffer view {index} extends beyond the end of its buffer: {EXPORT}"
            )
        return view, memoryview(content)[view.byteOffset : end]

    def buffer(self, index: int) -> bytes:
        """The bytes of a buffer, read once."""
        if index not in self.buffers:
            buffer = pick(self.file.buffers, index, "buffer")
            content = self.binary
            if buffer.uri is not None:
                content = self.linked(buffer.uri, f"/buffers/{index}/uri")
            if len(content) < buffer.byteLength:
                raise RemoteProtocolError(
                    f"buffer {index} has {len(content)} bytes; expected {buffer.byteLength}: copy "
                    "or export the model again"
                )
            self.buffers[index] = content
        return self.buffers[index]

    def linked(self, uri: str, pointer: str) -> bytes:
        """The bytes of a URI: a data: URI, or a file of the set."""
        if uri[:5].lower() == "data:":
            head, _, body = uri.partition(",")
            if not head.endswith(";base64"):
                return unquote_to_bytes(body)
            try:
                return b64decode(unquote_to_bytes("".join(body.split())), validate=True)
            except (Base64Error, ValueError):
                raise RemoteProtocolError(
                    f"{pointer}: the data: URI is not valid base64: {EXPORT}"
                ) from None
        path, remark = resolve(uri, self.folder, self.files, self.unread)
        if remark:
            self.remark(
                pointer,
                remark,
                "write the same name in both places: other systems do not find the file",
            )
        return self.files[path]
