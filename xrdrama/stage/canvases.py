"""The processor canvases of a stage: as written, and as parts of the one picture that is drawn.

    W070  error    both canvas: and canvases:, or an unknown or missing canvas of a wall
    W071  error    canvases that together are larger than a picture may be
    W072  warning  a canvas without walls

A stage with several canvases is drawn as one picture (`Stage.canvas`) that has all of them, one
below the other, or beside each other if they are too high for that.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Names

import msgspec

from xrdrama.document import Node, Place, Reading, place_of
from xrdrama.document.wording import suggestion
from xrdrama.stage.one_or_several import OneOrSeveral

MOST_PIXELS = 16_384
"""Most pixels of a wall, a canvas, or the picture of all canvases, across or down."""


class RawCanvas(msgspec.Struct, frozen=True):
    """A canvas as written."""

    id: str
    place: Place
    size: tuple[int, int]
    display: str = ""


class Canvas(msgspec.Struct, frozen=True):
    """A processor canvas: the picture that one LED processor receives."""

    id: str
    """"" for the canvas of a stage that has only one."""
    size: tuple[int, int]
    at: tuple[int, int] = (0, 0)
    """Left and top in the picture of all canvases."""
    display: str = ""
    """The display that the stage file names for it: a name, or X,Y on the desktop."""

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom in the picture of all canvases."""
        (x, y), (width, height) = self.at, self.size
        return x, y, x + width, y + height


def laid_out(
    canvas: tuple[int, int] | None, canvases: Names[str, RawCanvas], root: Node, reading: Reading
) -> tuple[tuple[int, int], dict[str, Canvas]]:
    """The size of the picture of all canvases, and each canvas in it by its id ("" for `canvas`),
    without those that have errors; problems if there is not one or if they are too large together.
    """
    CANVASES.check(root, reading)
    if canvas is not None:
        return canvas, {"": Canvas("", canvas)}
    if not canvases:
        return (1, 1), {}
    sizes = [one.size for one in canvases.values()]
    below = (max(w for w, _ in sizes), sum(h for _, h in sizes))
    beside = (sum(w for w, _ in sizes), max(h for _, h in sizes))
    is_below = below[1] <= MOST_PIXELS
    whole = below if is_below else beside
    if max(whole) > MOST_PIXELS:
        reading.note(
            place_of(root, "canvases"), "W071",
            f"the canvases together have {below[0]} x {below[1]} pixels below each other and "
            f"{beside[0]} x {beside[1]} beside each other; at most {MOST_PIXELS} across and down",
            "run the stage as two shows on two machines, or use coarser canvases",
        )  # fmt: skip
    made, offset = {}, 0
    for one in canvases.values():
        at = (0, offset) if is_below else (offset, 0)
        made[one.id] = Canvas(one.id, one.size, at, one.display)
        offset += one.size[1] if is_below else one.size[0]
    return whole, made


CANVASES = OneOrSeveral(
    "canvas", "canvases", "W070",
    "add canvas: with the size of the processor canvas, or canvases: for several",
    "move the size under canvases:, with a name", "canvases: {main: {size: [1920, 1080]}}",
)  # fmt: skip


def canvas_of(name: str, canvases: Names[str, Canvas]) -> Canvas | None:
    """The canvas of a wall that names `name`, "" for none: then the only one. None if there is no
    such canvas, or if it has errors."""
    if not name and len(canvases) == 1:
        return next(iter(canvases.values()))
    return canvases.get(name)


def check_names(
    used: Names[str, str], canvases: Names[str, Canvas], root: Node, reading: Reading
) -> None:
    """Problems of walls without a canvas of the stage, and of canvases without walls. `used` has
    the canvas of each wall as written, "" for none. A canvas that has errors has them already."""
    written = CANVASES.names(root)
    if not canvases and not written:
        return  # the problem of canvas: or canvases: says so
    known = tuple(dict.fromkeys((*canvases, *(written or ()))))
    lost = False
    for wall, name in used.items():
        node = place_of(root, "walls", wall)
        place = place_of(root, "walls", wall, "canvas")
        refused = not name and place != node  # the value of the wall's key canvas: has an error
        lost = lost or refused
        if name in known or refused or (not name and len(known) == 1):
            continue
        lost = True
        if "" in canvases:
            message = f"wall {wall!r} names a canvas, and the stage has only one"
            hint = "remove canvas: of the wall, or write canvases: instead of canvas:"
        elif not name:
            message = f"wall {wall!r} does not say which canvas it is on"
            hint = f"add canvas: with one of {', '.join(known)}"
        else:
            message = f"wall {wall!r} is on an unknown canvas {name!r}"
            hint = suggestion(name, known)
        reading.note(place, "W070", message, hint)
    for name in known if "" not in canvases and len(known) > 1 and not lost else ():
        if name not in used.values():
            reading.note(
                place_of(root, "canvases", name), "W072", f"canvas {name!r} has no walls",
                "write canvas: in a wall, or remove the canvas", "warning",
            )  # fmt: skip


def placed_text(canvases: Iterable[Canvas]) -> str:
    """The canvases by name, with their sizes and places in the picture that has all of them."""
    return ", ".join(
        f"{one.id} ({one.size[0]} x {one.size[1]} at {one.at[0]},{one.at[1]})" for one in canvases
    )
