"""Takes the dropout out of a TensorFlow Lite model, so that it runs without TensorFlow's kernels.

FastSpeech2 was exported with dropout left on: a mask of random numbers, for which the runtime has
no kernel. On average the mask halves what is doubled before it, so it is replaced by one half:
the random numbers and the mask become FILL nodes of a constant that the model has already (0.5).
Layout: TensorFlow Lite's schema.fbs (version 3); FlatBuffers' offsets point forward.
"""

from __future__ import annotations

from struct import pack_into
from typing import Any, Final

from xrdrama.errors import RemoteProtocolError

RANDOM: Final = b"FlexRandomUniform"
_FILL, _CAST = 94, 53
_OPCODE, _INPUTS = 4, 6
"""Fields of an operator, as places in its table."""


def without_dropout(model: bytes) -> bytes:
    """The model with constants in place of random masks. RemoteProtocolError for another model."""
    from ai_edge_litert import schema_py_generated as schema

    try:
        data = bytearray(model)
        root: Any = schema.Model.GetRootAs(data, 0)
        codes = [root.OperatorCodes(i) for i in range(root.OperatorCodesLength())]
        fill = next(i for i, code in enumerate(codes) if _kind(code) == _FILL)
        graph = root.Subgraphs(0)
        changes = []
        for number in range(graph.OperatorsLength()):
            if codes[graph.Operators(number).OpcodeIndex()].CustomCode() == RANDOM:
                changes += _mask(graph, codes, number)
    except (AttributeError, IndexError, StopIteration, TypeError, ValueError):
        raise RemoteProtocolError("the Mandarin voice's model is damaged") from None
    if not changes:
        raise RemoteProtocolError("the Mandarin voice's model has no dropout: it is another model")
    for operator, shape, half in changes:
        _fill(data, operator, fill, (shape, half))
    return bytes(data)


def _mask(graph: Any, codes: list[Any], number: int) -> list[tuple[Any, int, int]]:
    """The random node and its mask: each operator with the tensors of its shape and of 0.5."""
    random, compared, mask = (graph.Operators(number + step) for step in range(3))
    if _kind(codes[mask.OpcodeIndex()]) != _CAST:
        raise ValueError("no mask")
    shape, half = int(random.Inputs(0)), int(compared.Inputs(1))
    return [(random, shape, half), (mask, shape, half)]


def _kind(code: Any) -> int:
    """The number of a built-in operator; older files have it in another field."""
    return max(int(code.BuiltinCode()), int(code.DeprecatedBuiltinCode()))


def _fill(data: bytearray, operator: Any, fill: int, inputs: tuple[int, int]) -> None:
    """Make an operator a FILL of a shape with a value; its new inputs are put at the end."""
    table = operator._tab
    pack_into("<I", data, table.Pos + table.Offset(_OPCODE), fill)
    data.extend(bytes(-len(data) % 4))
    place = table.Pos + table.Offset(_INPUTS)
    pack_into("<I", data, place, len(data) - place)
    data.extend(bytes(12))
    pack_into("<Iii", data, len(data) - 12, 2, *inputs)
