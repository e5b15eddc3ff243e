"""The shape of a size or a corner in pixels, as stage files write it: `[1920, 1080]`."""

from __future__ import annotations

from typing import Any

import msgspec

from xrdrama.document import Node, Reading, Sequence, Whole
from xrdrama.document.shapes import MISSING, Schema


class Pixels(msgspec.Struct, frozen=True):
    """Two whole numbers of pixels: across and down."""

    least: int
    most: int

    def read(self, node: Node, reading: Reading) -> Any:
        """A tuple of two ints."""
        if not isinstance(node, Sequence) or len(node.items) != 2:
            reading.note(node.place, "F009", "expected a list of 2 numbers",
                         "write [1920, 1080]")  # fmt: skip
            return MISSING
        across, down = (Whole(self.least, self.most).read(item, reading) for item in node.items)
        return MISSING if MISSING in (across, down) else (across, down)

    def schema(self) -> Schema:
        """An array schema."""
        item = Whole(self.least, self.most).schema()
        return {"type": "array", "items": item, "minItems": 2, "maxItems": 2}
