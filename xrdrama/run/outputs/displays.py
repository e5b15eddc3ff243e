"""Which canvas is shown on which display: `run --wall`, the stage file, and the desktop."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from itertools import combinations, pairwise

import msgspec

from xrdrama.adapters.panda.x11 import Display, displays
from xrdrama.document import suggestion
from xrdrama.errors import DeviceError, UsageError
from xrdrama.stage import Stage
from xrdrama.stage.canvases import Canvas

Position = tuple[int, int]
ALL = "all"
_PLACE = re.compile(r"(-?[0-9]{1,5}), ?(-?[0-9]{1,5})")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,31}")


class Asked(msgspec.Struct, frozen=True):
    """One value of `--wall`: a canvas ("" for the only one, `all` for every one), and its display
    ("" for the one in the stage file)."""

    canvas: str
    display: str


def asked(text: str) -> Asked:
    """The parts of X,Y, CANVAS=X,Y, CANVAS=DISPLAY, CANVAS or `all`; UsageError for other text."""
    canvas, equals, display = (part.strip() for part in text.partition("="))
    if not equals and _PLACE.fullmatch(canvas):
        return Asked("", canvas)
    is_display = _PLACE.fullmatch(display) or _NAME.fullmatch(display)
    if _NAME.fullmatch(canvas) and (is_display if equals else True):
        return Asked(canvas, display)
    raise UsageError(
        f"--wall {text!r} is not valid",
        "write X,Y in pixels: 0,0, or 1920,0 for a display on the right; or CANVAS=X,Y, "
        "CANVAS=DISPLAY, or all",
    )


def desktop() -> list[Display] | None:
    """The displays of this machine; None where they are not known. DeviceError without a screen."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        return displays()
    except OSError:
        raise DeviceError(
            "there is no screen for a window", "set DISPLAY, or run without --wall"
        ) from None


def places(
    stage: Stage, texts: Sequence[str], there: Sequence[Display] | None
) -> dict[str, Position]:
    """Where each canvas is shown: its upper left corner on the desktop, by the canvas's id.

    `texts` are the values of `--wall`, `there` the displays that exist (None: not known).
    UsageError for a canvas or display that does not exist, a canvas that is larger than the
    displays there, and canvases that would cover each other.
    """
    canvases = {canvas.id: canvas for canvas in stage.outputs}
    found: dict[str, Position] = {}
    for text in texts:
        each = asked(text)
        chosen = canvases.values() if each.canvas == ALL else [_canvas(each, text, canvases)]
        for canvas in chosen:
            if canvas.id in found:
                raise UsageError(
                    f"--wall names the canvas {canvas.id or 'of the stage'} twice",
                    "name each canvas once",
                )
            found[canvas.id] = _position(canvas, each.display or canvas.display, there)
    for one, other in combinations(found, 2):
        if _meet(_box(canvases[one], found[one]), _box(canvases[other], found[other])):
            raise UsageError(
                f"the canvases {one} and {other} would cover each other on the desktop",
                "give each a display of its own",
            )
    return found


def _canvas(each: Asked, text: str, canvases: dict[str, Canvas]) -> Canvas:
    if each.canvas in canvases:
        return canvases[each.canvas]
    if "" in canvases:
        raise UsageError(
            f"--wall {text}: the stage has one canvas, without a name", "write --wall X,Y"
        )
    if not each.canvas:
        named = " ".join(f"--wall {name}=X,Y" for name in canvases)
        raise UsageError(
            f"--wall {text} does not name a canvas, and the stage has {len(canvases)}",
            f"write {named}",
        )
    raise UsageError(
        f"--wall {text}: the stage has no canvas {each.canvas!r}",
        suggestion(each.canvas, canvases),
    )


def _position(canvas: Canvas, display: str, there: Sequence[Display] | None) -> Position:
    named = f"the canvas {canvas.id}" if canvas.id else "the canvas"
    if not display:
        raise UsageError(
            f"the stage file names no display for {named}",
            f"write --wall {canvas.id}=X,Y, or display: in the stage file",
        )
    if place := _PLACE.fullmatch(display):
        at = int(place[1]), int(place[2])
    else:
        one = next((each for each in there or () if each.name == display), None)
        if one is None:
            raise UsageError(
                f"there is no display {display!r} for {named}",
                f"the displays are {listed(there)}" if there else "write its position: X,Y",
            )
        at = one.left, one.top
    if there is not None and not _covered(_box(canvas, at), there):
        width, height = canvas.size
        raise UsageError(
            f"{named} has {width} x {height} pixels and does not fit on the displays at "
            f"{at[0]},{at[1]}", f"the displays are {listed(there)}",
        )  # fmt: skip
    return at


def listed(there: Sequence[Display]) -> str:
    """The displays as text: name, size and position."""
    return ", ".join(f"{d.name} ({d.width} x {d.height} at {d.left},{d.top})" for d in there)


Box = tuple[int, int, int, int]


def _box(canvas: Canvas, at: Position) -> Box:
    return at[0], at[1], at[0] + canvas.size[0], at[1] + canvas.size[1]


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _covered(box: Box, there: Sequence[Display]) -> bool:
    """True if every pixel of a box is on a display; a canvas may span several."""
    areas = [(d.left, d.top, d.left + d.width, d.top + d.height) for d in there]
    edges = [
        sorted({box[i], box[i + 2], *(e for a in areas for e in (a[i], a[i + 2])
                                     if box[i] < e < box[i + 2])})
        for i in (0, 1)
    ]  # fmt: skip
    return all(
        any(a[0] <= left and right <= a[2] and a[1] <= top and bottom <= a[3] for a in areas)
        for left, right in pairwise(edges[0])
        for top, bottom in pairwise(edges[1])
    )
