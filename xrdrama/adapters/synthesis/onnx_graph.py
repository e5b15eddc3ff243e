"""Adds an output to a serialised ONNX model, without the onnx package.

A protobuf message appended to another of its type is merged with it, and repeated fields are
joined (protobuf.dev, "Encoding": last one wins, merging of embedded messages). So a graph with one
more `output` is the model's bytes followed by a small message. Field numbers: onnx.proto3.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from xrdrama.errors import RemoteProtocolError

_GRAPH, _NODE, _OUTPUT = 7, 1, 12
_NODE_OUTPUT, _OP_TYPE, _NAME = 2, 4, 1
_WIDTHS: Final = {1: 8, 5: 4}


def with_output(model: bytes, operator: str) -> tuple[bytes, str]:
    """The model with the result of its only node of a kind as a further output, and its name.

    RemoteProtocolError for bytes that are not such a model.
    """
    try:
        graphs = [part for field, part in _fields(memoryview(model)) if field == _GRAPH]
        names = [name for graph in graphs for name in _results(graph, operator)]
    except (IndexError, ValueError, UnicodeDecodeError):
        raise RemoteProtocolError("the voice's model is damaged") from None
    if len(names) != 1:
        raise RemoteProtocolError(
            f"the voice's model has {len(names)} nodes {operator}, and not one: it is another model"
        )
    output = _message(_OUTPUT, _message(_NAME, names[0].encode()))
    return model + _message(_GRAPH, output), names[0]


def _results(graph: memoryview, operator: str) -> Iterator[str]:
    """The first outputs of the nodes of a kind."""
    for field, node in _fields(graph):
        if field != _NODE:
            continue
        parts = [(number, bytes(value)) for number, value in _fields(node)]
        if (_OP_TYPE, operator.encode()) in parts:
            yield next(value.decode() for number, value in parts if number == _NODE_OUTPUT)


def _fields(data: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Field numbers and contents of a message; the contents of numbers are left out."""
    at = 0
    while at < len(data):
        key, at = _number(data, at)
        kind = key & 7
        if kind == 0:
            _, at = _number(data, at)
            continue
        if kind == 2:
            size, at = _number(data, at)
        else:
            size = _WIDTHS.get(kind, len(data))
        if at + size > len(data):
            raise ValueError("cut off")
        yield key >> 3, data[at : at + size]
        at += size


def _number(data: memoryview, at: int) -> tuple[int, int]:
    """A variable-length number and the position after it."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("too long")


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes((*found, value))


def _message(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content
